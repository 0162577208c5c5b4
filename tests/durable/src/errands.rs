//! A world of policies: attempts that fail so often, fall back, and run out. Whenever the program is killed,
//! as many are made as the policy says, none before it is due, and no deadline is prolonged.

use crate::errand::{Activities, Errand, FetchError, Logic, OrderError, Start};
use crate::journal::Journal;
use crate::ledger::Ledger;
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use serde_json::Value;
use statewright::engine::{Builder, Replay};
use statewright::store::Status;
use statewright::{Cx, Engine, EngineError};

/// Errands, with so many turns each as there are rounds.
pub struct Errands {
    plan: Plan,
    ledger: Ledger,
}

/// Fails as often as the errand and the turn say.
struct Services(Ledger);

/// The pauses of `patient` behind each attempt, those of `hasty`, those of `limited` and its deadline.
const PATIENT: [u64; 4] = [4, 8, 16, 20];
const HASTY: [u64; 2] = [3, 6];
const LIMITED: (u64, u64) = (5, 120);

/// So many attempts at something fail.
fn failures(id: &str, turn: u32) -> u32 {
    let of: u32 = id.bytes().map(u32::from).sum();
    (of * 5 + turn * 3) % 8
}

/// Turns of which this is so are refused, which no attempt changes.
fn is_refused(id: &str, turn: u32) -> bool {
    failures(id, turn) == 7
}

/// The turns of what is ordered while one waits count from here.
const LATER: u32 = 100;

impl Activities for Services {
    async fn fetch(&self, cx: &Cx, id: &str, turn: u32) -> Result<String, FetchError> {
        self.0.begin(cx)?;
        match failures(id, turn) {
            _ if is_refused(id, turn) => Err(FetchError::Refused),
            failures if cx.attempt() <= failures => Err(FetchError::Down),
            _ => Ok("fetched".to_owned()),
        }
    }

    async fn order(&self, cx: &Cx, id: &str, turn: u32) -> Result<String, OrderError> {
        self.0.begin(cx)?;
        // Every fourth is never to be had.
        let fails = failures(id, turn + 1) % 4;
        match fails {
            3 => Err(OrderError::Down),
            fails if cx.attempt() <= fails => Err(OrderError::Down),
            _ => Ok("ordered".to_owned()),
        }
    }
}

impl Logic for Services {
    fn with(done: &[String], how: &str) -> Vec<String> {
        done.iter().cloned().chain([how.to_owned()]).collect()
    }
}

/// How an errand goes: what is done in each turn, and so many attempts of each call of it. That a deadline
/// ends attempts is not known beforehand.
fn expected(id: &str, turns: u32) -> Vec<(&'static str, Vec<u64>)> {
    let mut all = Vec::new();
    for turn in 1..=turns {
        let fails = failures(id, turn);
        let ordered = failures(id, turn + 1) % 4;
        all.push(match (is_refused(id, turn), fails) {
            (true, _) => ("Refused", vec![1]),
            (_, 0..=4) => ("fetched", vec![u64::from(fails) + 1]),
            _ if ordered == 3 => ("Down", vec![5, 3]),
            _ => ("ordered", vec![5, u64::from(ordered) + 1]),
        });
        let later = failures(id, LATER + turn + 1) % 4;
        all.push(match later {
            3 => ("Down", vec![0]),
            later => ("ordered", vec![u64::from(later) + 1]),
        });
    }
    all
}

impl World for Errands {
    const NAME: &'static str = "errands";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        builder.register::<Errand>(Services(self.ledger.clone()))
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let (turns, seed) = (self.plan.rounds as u32, self.plan.seed);
        let errand = move |clients: Clients, at| async move {
            // Another one for each seed: how often services fail depends on it.
            let key = format!("errand-{seed}-{at}");
            clients.start::<Errand>(&key, || Start { id: key.clone(), turns }).await?;
            clients.end_of::<Errand>(&key).await.map(|_| ())
        };
        clients.each(self.plan.size, errand).await
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Errand>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        for journal in left.of("Errand") {
            errand(plan, journal, seen);
            let is_over = journal.of.status == Status::Finished;
            assert!(!left.is_end || is_over, "{} has not ended", journal.of.key);
        }
        assert!(!left.is_end || left.of("Errand").count() as u64 == plan.size, "one is lost");
    }
}

/// Looks at one: what was done, how often, and when it was tried again.
fn errand(plan: Plan, journal: &Journal, seen: &mut Seen) {
    let key = &*journal.of.key;
    let expected = expected(key, plan.rounds as u32);
    let done: Vec<&str> = journal
        .context("done")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (at, (done, (wanted, _))) in done.iter().zip(&expected).enumerate() {
        // Under a deadline what fails a few times may run out too, and so may a single attempt.
        let is_late = at % 2 == 1 && ["Down", "DeadlineExceeded"].contains(done);
        assert!(done == wanted || is_late, "{key}: {done} where it is {wanted}");
    }
    if journal.of.status == Status::Finished {
        assert_eq!(done.len(), expected.len(), "{key}: {done:?}");
    }
    // Calls are numbered as they are asked for, one in each state.
    for (at, (_, attempts)) in expected.iter().enumerate() {
        let id = at as u64 + 1;
        let is_limited = at % 2 == 1;
        let of_call = |step: &&(u64, Value)| step.1["to"] == id;
        let begun = journal.steps.iter().find(|(_, step)| {
            step["asks"].as_array().into_iter().flatten().any(|asked| asked["id"] == id)
        });
        let Some((begun, _)) = begun else { break };
        let mut again = [0_u64; 2];
        for (time, step) in journal.steps.iter().filter(of_call) {
            let Some(next) = step["again"].as_object() else { continue };
            let number = |name: &str| next[name].as_u64().expect("a number");
            let (call, attempt, due) = (number("call") as usize, number("attempt"), number("due"));
            let pause = match (is_limited, call) {
                (true, _) => LIMITED.0,
                (_, 0) => PATIENT[attempt as usize - 2],
                _ => HASTY[attempt as usize - 2],
            };
            assert_eq!(due, time + pause, "{key}: attempt {attempt} of {id} is due otherwise");
            assert!(!is_limited || due < begun + LIMITED.1, "{key}: behind the deadline of {id}");
            again[call] += 1;
            assert_eq!(attempt, again[call] + 1, "{key}: attempts of {id}");
        }
        let is_over = journal.calls.ended.contains(&id);
        for (call, wanted) in attempts.iter().enumerate() {
            let made = again[call] + 1;
            let is_right = if is_limited {
                *wanted == 0 || made <= *wanted
            } else {
                made <= *wanted && (!is_over || made == *wanted)
            };
            assert!(is_right, "{key}: {made} attempts of {id}, call {call}: {attempts:?}");
        }
        seen.count("tried again", again.iter().sum());
        seen.count("in the middle", u64::from(!is_over && again.iter().any(|again| *again > 0)));
    }
}
