//! Policies and fallbacks of machines in memory, with a clock that is paused.

#![allow(clippy::unwrap_used)]

use statewright::{Cx, Dispatch, Invocation};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

statewright::include_flow!("flows/protected_call.flow");

use protected_call::{
    Activities, Answer, AskPrimaryError, AskSecondaryError, Event, Logic, Machine, Output,
    ReadCacheError, Reply, Request, State,
};

/// What a service does on its next calls; the last of it for ever.
#[derive(Clone, Copy, Debug)]
enum Does {
    Answers,
    Hangs,
    IsDown,
    IsBusyFor(u64),
    Refuses,
    Panics,
}

#[derive(Clone, Default)]
struct Services {
    primary: Arc<Mutex<VecDeque<Does>>>,
    secondary: Arc<Mutex<VecDeque<Does>>>,
    /// Who was called, in seconds since the start.
    calls: Arc<Mutex<Vec<(&'static str, u64)>>>,
    start: Option<Instant>,
}

impl Services {
    fn new(primary: &[Does], secondary: &[Does]) -> Self {
        let list = |does: &[Does]| Arc::new(Mutex::new(does.iter().copied().collect()));
        let (primary, secondary) = (list(primary), list(secondary));
        Self { primary, secondary, calls: Arc::default(), start: Some(Instant::now()) }
    }

    fn next(&self, who: &'static str, of: &Mutex<VecDeque<Does>>) -> Does {
        let seconds = self.start.unwrap().elapsed().as_secs();
        self.calls.lock().unwrap().push((who, seconds));
        let mut does = of.lock().unwrap();
        if does.len() > 1 { does.pop_front().unwrap() } else { does[0] }
    }

    fn calls(&self) -> Vec<(&'static str, u64)> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

fn answer(question: &str, source: &str) -> Answer {
    Answer { text: format!("{question}!"), source: source.to_owned() }
}

impl Activities for Services {
    async fn ask_primary(&self, _: &Cx, question: &str) -> Result<Answer, AskPrimaryError> {
        match self.next("primary", &self.primary) {
            Does::Answers => Ok(answer(question, "primary")),
            Does::Hangs => std::future::pending().await,
            Does::IsDown => Err(AskPrimaryError::Unavailable),
            Does::IsBusyFor(seconds) => {
                let retry_after = Duration::from_secs(seconds);
                Err(AskPrimaryError::RateLimited { retry_after })
            }
            Does::Refuses => Err(AskPrimaryError::BadQuestion { why: "rude".to_owned() }),
            Does::Panics => panic!("out of cheese"),
        }
    }

    async fn ask_secondary(&self, _: &Cx, question: &str) -> Result<Answer, AskSecondaryError> {
        match self.next("secondary", &self.secondary) {
            Does::Answers => Ok(answer(question, "secondary")),
            Does::Hangs => std::future::pending().await,
            _ => Err(AskSecondaryError::Unavailable),
        }
    }

    async fn read_cache(&self, _: &Cx, _: &str) -> Result<Answer, ReadCacheError> {
        Err(ReadCacheError::Unavailable)
    }
}

impl Logic for Services {
    fn sorry(question: &str) -> Answer {
        answer(question, "sorry")
    }
}

/// Asks, and gives what came and who was called.
async fn ask(services: &Services) -> (Output, Vec<(&'static str, u64)>) {
    let machine = Machine::new(services.clone(), start()).unwrap().spawn();
    let mut outputs = machine.outputs();
    machine.send(Event::Ask { question: "Why".to_owned() }).await.unwrap();
    (outputs.recv().await.unwrap(), services.calls())
}

fn start() -> protected_call::Start {
    protected_call::Start { question: String::new() }
}

fn source(output: &Output) -> &str {
    match output {
        Output::Answered { answer } => &answer.source,
        Output::Refused { why } => why,
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_works_is_called_once() {
    let services = Services::new(&[Does::Answers], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    assert_eq!((source(&output), &calls[..]), ("primary", &[("primary", 0)][..]));
}

#[tokio::test(start_paused = true)]
async fn what_hangs_is_ended_and_tried_again_until_the_deadline() {
    let services = Services::new(&[Does::Hangs], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    // The time of the first call is that of the whole chain, but for what is calculated.
    assert_eq!((source(&output), services.start.unwrap().elapsed().as_secs()), ("sorry", 20));
    assert_eq!(calls.iter().map(|(who, _)| *who).collect::<Vec<_>>(), ["primary"; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_final() {
    let services = Services::new(&[Does::Refuses], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    assert_eq!((source(&output), &calls[..]), ("rude", &[("primary", 0)][..]));
}

#[tokio::test(start_paused = true)]
async fn a_server_says_when_to_come_back() {
    let services = Services::new(&[Does::IsBusyFor(9), Does::Answers], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    assert_eq!((source(&output), &calls[..]), ("primary", &[("primary", 0), ("primary", 9)][..]));
}

#[tokio::test(start_paused = true)]
async fn coming_back_behind_the_deadline_is_not_waited_for() {
    let services = Services::new(&[Does::IsBusyFor(60)], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    assert_eq!(source(&output), "secondary");
    assert_eq!(calls, [("primary", 0), ("secondary", 0)]);
}

#[tokio::test(start_paused = true)]
async fn all_machines_share_a_circuit() {
    let services = Services::new(&[Does::IsDown], &[Does::Answers]);
    // Four attempts each: the fifth failure opens the circuit in the second machine.
    assert_eq!(ask(&services).await.1.len(), 5);
    assert_eq!(ask(&services).await.1.len(), 2);
    let (output, calls) = ask(&services).await;
    assert_eq!(source(&output), "secondary");
    assert_eq!(calls.iter().map(|(who, _)| *who).collect::<Vec<_>>(), ["secondary"]);
    // When it is half open, one call is let through.
    tokio::time::advance(Duration::from_secs(45)).await;
    *services.primary.lock().unwrap() = [Does::Answers].into();
    assert_eq!(source(&ask(&services).await.0), "primary");
    assert_eq!(ask(&services).await.1.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error_that_something_stands_in_for() {
    let services = Services::new(&[Does::Panics], &[Does::Answers]);
    let (output, calls) = ask(&services).await;
    assert_eq!((source(&output), calls.len()), ("secondary", 2));
}

#[tokio::test(start_paused = true)]
async fn the_last_of_a_chain_is_calculated() {
    let services = Services::new(&[Does::IsDown], &[Does::IsDown]);
    let (output, _) = ask(&services).await;
    assert_eq!(source(&output), "sorry");
}

#[test]
fn a_machine_that_is_driven_by_hand_asks_for_its_fallbacks() {
    let mut machine = Machine::new(Services::default(), start()).unwrap();
    machine.dispatch(Event::Ask { question: "Why".to_owned() }).unwrap();
    let asks = |machine: &mut Machine<Services>| {
        let Invocation { id, call, request, .. } = machine.next_request()?;
        Some((*id, *call, request.clone()))
    };
    let question = || "Why".to_owned();
    assert_eq!(asks(&mut machine), Some((1, 0, Request::AskPrimary { question: question() })));
    assert_eq!(asks(&mut machine), None);
    let down = || protected_call::Error::Unavailable;
    assert_eq!(machine.resume(1, Reply::AskPrimary(Err(down()))), Ok(Dispatch::Pending));
    // What is kept goes on where it stood.
    let kept = serde_json::to_string(&machine.snapshot()).unwrap();
    let mut machine =
        Machine::restore(Services::default(), serde_json::from_str(&kept).unwrap()).unwrap();
    assert_eq!(asks(&mut machine), Some((1, 1, Request::AskSecondary { question: question() })));
    let wrong = machine.resume(1, Reply::AskPrimary(Err(down())));
    assert!(wrong.is_err(), "that one has ended");
    assert_eq!(machine.resume(1, Reply::AskSecondary(Err(down()))), Ok(Dispatch::Pending));
    assert_eq!(asks(&mut machine), Some((1, 2, Request::ReadCache { question: question() })));
    assert_eq!(machine.resume(1, Reply::ReadCache(Err(down()))), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Idle);
    let outputs: Vec<Output> = machine.outputs().collect();
    assert_eq!(outputs.iter().map(source).collect::<Vec<_>>(), ["sorry"]);
}

statewright::flow! {
    machine Quoting {
        context { id: String }
        activity quote(id: String) -> u64 coalesce by (id)
        policy patient { timeout never }
        policy hurried { deadline 5s }
        event Wait
        event Hurry
        output Told(text: String)

        initial state Idle {
            on Wait -> Waiting
            on Hurry -> Hurrying
        }
        state Waiting {
            invoke quote(id) with patient
            on done(_) -> Idle
            on error(e) do emit Told(e.name) -> Idle
        }
        state Hurrying {
            invoke quote(id) with hurried
            on done(_) -> Idle
            on error(e) do emit Told(e.name) -> Idle
        }
    }
}

/// Answers no question, and counts them.
#[derive(Clone, Default)]
struct Silent(Arc<Mutex<u32>>);

impl quoting::Activities for Silent {
    async fn quote(&self, _: &Cx, _: &str) -> Result<u64, quoting::QuoteError> {
        *self.0.lock().unwrap() += 1;
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_call_of_another_has_a_deadline_of_its_own() {
    let silent = Silent::default();
    let start = || quoting::Start { id: "a".to_owned() };
    let machine = || quoting::Machine::new(silent.clone(), start()).unwrap().spawn();
    let (patient, hurried) = (machine(), machine());
    patient.send(quoting::Event::Wait).await.unwrap();
    tokio::task::yield_now().await;
    let (begun, mut outputs) = (Instant::now(), hurried.outputs());
    hurried.send(quoting::Event::Hurry).await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(60), outputs.recv()).await;
    let quoting::Output::Told { text } = told.expect("it is over").unwrap();
    assert_eq!((text.as_str(), begun.elapsed().as_secs()), ("DeadlineExceeded", 5));
    assert_eq!(*silent.0.lock().unwrap(), 1);
}
