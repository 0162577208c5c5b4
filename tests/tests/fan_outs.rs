//! Machines that make many calls at once, in memory: driven by hand, and in a task.

use statewright::{Cx, Dispatch};
use std::io::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

statewright::flow! {
    enum Verdict { Publish, Revise }

    struct Reviewer { name: String, weight: u32 }

    machine Panel {
        context {
            text: String
            reviewers: Vec<Reviewer>
            words: u64 = 0
            mood: String = ""
            verdicts: Vec<Verdict> = []
            outcome: Option<Verdict> = none
            note: String = ""
        }
        event Begin
        event Withdraw
        error Refused(why: String)
        transient error Busy
        activity count(text: String) -> u64 raises Refused
        activity feel(text: String) -> String raises Busy
        activity review(name: String, text: String) -> Verdict raises Refused, Busy
        activity review_cheaply(text: String) -> Verdict
        fn longer(a: u64, text: String) -> u64

        on Withdraw -> Withdrawn

        initial state Idle { on Begin -> Reading }
        state Reading {
            fan_out {
                call words_of: count(text)
                call mood_of: feel(text)
            } join all
            on done do set words = longer(words_of, text), set mood = mood_of -> Reviewing
            on error Refused(why) do set note = why -> Failed
            on error(e) do set note = e.message -> Failed
        }
        state Reviewing {
            fan_out reviewer in reviewers max 5 concurrency 2 {
                call one: review(reviewer.name, text) fallback review_cheaply(text)
            } join quorum 2 tolerate 1 into answers
                vote one weighted by reviewer.weight into voted
            on done do set verdicts = answers, set outcome = voted -> Decided
            on error Refused(why) do set note = why -> Failed
            on error(e) do set note = e.name, set words = len(e.message) -> Crashed(e.message)
        }
        final state Decided
        final state Failed
        final state Crashed(message: String)
        final state Withdrawn
    }
}

use panel::{
    Activities, CountError, Error as Failed, Event, FeelError, Logic, Machine, Reply, Request,
    ReviewCheaplyError, ReviewError, Reviewer, Start, State, Verdict,
};

#[derive(Clone, Default)]
struct Desk {
    running: Arc<AtomicU32>,
    most: Arc<AtomicU32>,
    cancelled: Arc<AtomicU32>,
}

impl Logic for Desk {
    fn longer(a: u64, text: &str) -> u64 {
        a.max(text.len() as u64)
    }
}

impl Activities for Desk {
    async fn count(&self, _: &Cx, text: &str) -> Result<u64, CountError> {
        Ok(text.split_whitespace().count() as u64)
    }

    async fn feel(&self, _: &Cx, _: &str) -> Result<String, FeelError> {
        Ok("calm".to_owned())
    }

    async fn review(&self, cx: &Cx, name: &str, _: &str) -> Result<Verdict, ReviewError> {
        self.most.fetch_max(self.running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let (waits, cancelled) = (cx.cancelled(), Arc::clone(&self.cancelled));
        let told = tokio::spawn(async move {
            waits.await;
            cancelled.fetch_add(1, Ordering::SeqCst);
        });
        if name == "never" {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        told.abort();
        match name {
            "refuses" => Err(ReviewError::Refused { why: "no time".to_owned() }),
            "falls" => Err(Error::other("fell"))?,
            "revise" => Ok(Verdict::Revise),
            _ => Ok(Verdict::Publish),
        }
    }

    async fn review_cheaply(&self, _: &Cx, _: &str) -> Result<Verdict, ReviewCheaplyError> {
        Ok(Verdict::Revise)
    }
}

fn panel(names: &[(&str, u32)]) -> Machine<Desk> {
    let reviewer =
        |(name, weight): &(&str, u32)| Reviewer { name: (*name).to_owned(), weight: *weight };
    let reviewers = names.iter().map(reviewer).collect();
    let start = Start { text: "so be it".to_owned(), reviewers };
    Machine::new(Desk::default(), start).expect("it starts")
}

/// All that is asked for and was not told before.
fn asked(machine: &mut Machine<Desk>) -> Vec<(u64, Request)> {
    let mut asked = Vec::new();
    while let Some(next) = machine.next_request() {
        asked.push((next.id, next.request.clone()));
    }
    asked
}

fn reviewing(names: &[(&str, u32)]) -> Machine<Desk> {
    let mut machine = panel(names);
    assert_eq!(machine.dispatch(Event::Begin), Ok(Dispatch::Handled));
    assert_eq!(asked(&mut machine).len(), 2);
    assert_eq!(machine.resume(2, Reply::Feel(Ok("calm".to_owned()))), Ok(Dispatch::Pending));
    assert_eq!(machine.resume(1, Reply::Count(Ok(3))), Ok(Dispatch::Handled));
    machine
}

const NAMES: [(&str, u32); 4] = [("a", 1), ("b", 2), ("c", 4), ("d", 8)];

fn refused() -> Reply {
    Reply::Review(Err(Failed::Refused { why: "no time".to_owned() }))
}

#[test]
fn results_have_their_names_and_the_order_of_the_list() {
    let mut machine = reviewing(&NAMES);
    assert_eq!(machine.context().mood, "calm");
    assert_eq!(machine.context().words, 8);
    let first = asked(&mut machine);
    let name = |request: &Request| match request {
        Request::Review { name, .. } => name.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        first.iter().map(|(id, r)| (*id, name(r))).collect::<Vec<_>>(),
        [(3, "a".to_owned()), (4, "b".to_owned())]
    );
    assert_eq!(machine.resume(4, refused()), Ok(Dispatch::Pending));
    let next = asked(&mut machine);
    assert_eq!((next.len(), next[0].0), (1, 5), "one ends, the next begins");
    assert_eq!(machine.resume(5, Reply::Review(Ok(Verdict::Revise))), Ok(Dispatch::Pending));
    assert_eq!(asked(&mut machine)[0].0, 6);
    assert_eq!(machine.resume(3, Reply::Review(Ok(Verdict::Publish))), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Decided);
    assert_eq!(machine.context().verdicts, [Verdict::Publish, Verdict::Revise]);
    assert_eq!(machine.context().outcome, Some(Verdict::Revise), "4 weigh more than 1");
    assert_eq!(machine.revoked().collect::<Vec<_>>(), [6], "the other one is not waited for");
}

#[test]
fn one_failure_more_than_tolerated_ends_it_at_once() {
    let mut machine = reviewing(&NAMES);
    asked(&mut machine);
    assert_eq!(machine.resume(3, refused()), Ok(Dispatch::Pending));
    asked(&mut machine);
    assert_eq!(machine.resume(4, refused()), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Failed);
    assert_eq!(machine.context().note, "no time", "the error that decided it, by its name");
    assert_eq!(machine.revoked().collect::<Vec<_>>(), [5]);
    assert_eq!(machine.resume(5, refused()), Ok(Dispatch::Ignored));
}

#[test]
fn a_branch_falls_back_under_its_number() {
    let mut machine = reviewing(&NAMES);
    asked(&mut machine);
    assert_eq!(machine.resume(3, Reply::Review(Err(Failed::Busy))), Ok(Dispatch::Pending));
    let text = "so be it".to_owned();
    assert_eq!(asked(&mut machine), [(3, Request::ReviewCheaply { text })]);
    assert_eq!(machine.resume(3, Reply::ReviewCheaply(Ok(Verdict::Revise))), Ok(Dispatch::Pending));
    assert_eq!(machine.resume(4, Reply::Review(Ok(Verdict::Revise))), Ok(Dispatch::Handled));
    assert_eq!(machine.context().outcome, Some(Verdict::Revise));
}

#[test]
fn lists_that_are_too_long_or_too_short_are_errors() {
    let machine = reviewing(&[("a", 1); 6]);
    let message = "the list has 6 values, and `max` is 5".to_owned();
    assert_eq!(machine.state(), State::Crashed { message });
    assert_eq!(machine.context().note, "TooManyBranches");
    assert!(machine.running().is_empty());
    let machine = reviewing(&[("a", 1)]);
    let message = "2 branches have to succeed, and there are 1".to_owned();
    assert_eq!(machine.state(), State::Crashed { message });
    assert_eq!(machine.context().note, "TooFewBranches");
}

#[test]
fn what_failed_is_told_in_one_message() {
    let mut machine = reviewing(&NAMES);
    asked(&mut machine);
    let down = || Failed::Unexpected(statewright::Failure::new("Unexpected", "the line is cut"));
    assert_eq!(machine.resume(3, Reply::Review(Err(down()))), Ok(Dispatch::Pending));
    assert_eq!(machine.resume(3, Reply::ReviewCheaply(Err(down()))), Ok(Dispatch::Pending));
    assert_eq!(machine.resume(4, Reply::Review(Err(down()))), Ok(Dispatch::Pending));
    assert_eq!(machine.resume(4, Reply::ReviewCheaply(Err(down()))), Ok(Dispatch::Handled));
    let message = "2 of 4 branches failed: Unexpected: the line is cut (2 times)".to_owned();
    assert_eq!(machine.state(), State::Crashed { message });
    assert_eq!(machine.context().note, "Unexpected");
}

#[test]
fn leaving_the_state_revokes_what_runs() {
    let mut machine = reviewing(&NAMES);
    asked(&mut machine);
    assert_eq!(machine.dispatch(Event::Withdraw), Ok(Dispatch::Handled));
    assert_eq!(machine.revoked().collect::<Vec<_>>(), [3, 4]);
    assert_eq!(machine.next_request(), None);
}

#[test]
fn a_machine_is_saved_in_the_middle() {
    let mut machine = reviewing(&NAMES);
    asked(&mut machine);
    assert_eq!(machine.resume(3, Reply::Review(Ok(Verdict::Publish))), Ok(Dispatch::Pending));
    let json = serde_json::to_string(&machine.snapshot()).expect("it can be written");
    let snapshot = serde_json::from_str(&json).expect("it can be read");
    let mut machine = Machine::restore(Desk::default(), snapshot).expect("it fits");
    let ids: Vec<u64> = asked(&mut machine).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [4, 5], "those that have not ended are asked for again");
    assert_eq!(machine.resume(5, Reply::Review(Ok(Verdict::Publish))), Ok(Dispatch::Handled));
    assert_eq!(machine.context().verdicts, [Verdict::Publish, Verdict::Publish]);
}

#[tokio::test]
async fn a_task_runs_as_many_at_once_as_it_may_and_drops_the_others() {
    let machine = panel(&[("never", 1), ("revise", 1), ("falls", 1), ("revise", 1), ("a", 1)]);
    let desk = machine.host().clone();
    let handle = machine.spawn();
    let mut state = handle.state();
    handle.send(Event::Begin).await.expect("it runs");
    state.wait_for(|state| *state == State::Decided).await.expect("it runs");
    let machine = handle.stop().await.expect("it is there");
    assert_eq!(machine.context().verdicts, [Verdict::Revise, Verdict::Revise]);
    assert_eq!(machine.context().outcome, Some(Verdict::Revise));
    assert_eq!(desk.most.load(Ordering::SeqCst), 2);
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert!(desk.cancelled.load(Ordering::SeqCst) >= 1, "the one that hangs is told");
}

statewright::flow! {
    @allow(W0403, "only the failures of the second question are looked at")
    @allow(W0501, "what is tolerated is kept")
    @allow(W0502, "it is looked at branch by branch")
    @allow(W0702, "a test asks few")
    machine Poll {
        context {
            sites: Vec<String>
            prices: Vec<Option<u64>> = []
            reasons: Vec<Option<Failure>> = []
            worst: String = ""
        }
        error Gone(since: u64)
        transient error Busy
        activity ask(site: String) -> u64 raises Gone, Busy
        fn worst_of(reasons: Vec<Option<Failure>>) -> String

        initial state Asking {
            fan_out site in sites max 9 {
                call one: ask(site)
            } join all_settled into answers failures into why
            on done do set prices = answers, set reasons = why, set worst = worst_of(why) -> Told
        }
        state Told {
            fan_out {
                call first: ask("a")
                call second: ask("b")
            } join all tolerate 1 failures into why
            on done do set reasons = why -> Done
            on error -> Failed
        }
        final state Done
        final state Failed
    }
}

/// The same as an annotated module.
#[statewright::machine]
mod survey {
    use statewright::Failure;

    #[context]
    struct Context {
        sites: Vec<String>,
        #[init([])]
        reasons: Vec<Option<Failure>>,
    }

    #[errors]
    enum Error {
        Gone { since: u64 },
    }

    #[activities]
    trait Activities {
        #[raises(Gone)]
        async fn ask(&self, cx: &Cx, site: &str) -> u64;
    }

    enum State {
        #[state(initial)]
        #[allow_flow(W0502, "it is looked at branch by branch")]
        #[allow_flow(W0702, "a test asks few")]
        #[fan_out(site in sites max 9 { call one: ask(site) } join all tolerate 1 failures into why)]
        #[on(done do set reasons = why -> Done)]
        #[on(error(_) -> Failed)]
        Asking,
        #[state(final)]
        Done,
        #[state(final)]
        Failed,
    }
}

struct Sites;

impl poll::Logic for Sites {
    fn worst_of(reasons: &[Option<statewright::Failure>]) -> String {
        reasons.iter().flatten().map(|failure| failure.name.clone()).collect::<Vec<_>>().join(" ")
    }
}

impl poll::Activities for Sites {
    async fn ask(&self, _: &Cx, _: &str) -> Result<u64, poll::AskError> {
        Ok(1)
    }
}

impl survey::Activities for Sites {
    async fn ask(&self, _: &Cx, _: &str) -> Result<u64, survey::AskError> {
        Ok(1)
    }
}

/// How each branch has failed, as names and messages; nothing for one that has not.
fn told(reasons: &[Option<statewright::Failure>]) -> Vec<(String, String)> {
    let told = |reason: &Option<statewright::Failure>| match reason.clone() {
        Some(failure) => (failure.name, failure.message),
        None => Default::default(),
    };
    reasons.iter().map(told).collect()
}

#[test]
fn each_branch_says_how_it_has_failed() {
    let said = |name: &str, message: &str| (name.to_owned(), message.to_owned());
    let sites = vec!["x".to_owned(), "y".to_owned(), "z".to_owned()];
    let mut poll = poll::Machine::new(Sites, poll::Start { sites }).expect("it starts");
    let ids: Vec<u64> = std::iter::from_fn(|| poll.next_request().map(|asked| asked.id)).collect();
    let gone = poll::Reply::Ask(Err(poll::Error::Gone { since: 7 }));
    let cut = poll::Reply::Ask(Err(poll::Error::Unexpected(statewright::Failure::new(
        "Unexpected",
        "cut",
    ))));
    poll.resume(ids[2], cut).expect("it is kept");
    poll.resume(ids[0], gone.clone()).expect("it is kept");
    poll.resume(ids[1], poll::Reply::Ask(Ok(5))).expect("it goes on");
    let context = poll.context();
    assert_eq!(context.prices, [None, Some(5), None]);
    let wanted = [said("Gone", "7"), said("", ""), said("Unexpected", "cut")];
    assert_eq!(told(&context.reasons), wanted);
    assert_eq!(context.worst, "Gone Unexpected");
    // Kept with the instance.
    let kept = serde_json::to_string(&poll.snapshot()).expect("it can be written");
    let kept = serde_json::from_str(&kept).expect("it can be read");
    let mut poll = poll::Machine::restore(Sites, kept).expect("it goes on");
    assert_eq!(told(&poll.context().reasons), wanted);
    // Beside each other, in the order of the text.
    let ids: Vec<u64> = std::iter::from_fn(|| poll.next_request().map(|asked| asked.id)).collect();
    poll.resume(ids[1], gone).expect("it is kept");
    poll.resume(ids[0], poll::Reply::Ask(Ok(5))).expect("it goes on");
    assert_eq!(poll.state(), poll::State::Done);
    assert_eq!(told(&poll.context().reasons), [said("", ""), said("Gone", "7")]);
}

#[test]
fn a_module_sees_how_branches_have_failed() {
    let sites = vec!["x".to_owned(), "y".to_owned()];
    let mut survey = survey::Machine::new(Sites, survey::Start { sites }).expect("it starts");
    let first = survey.next_request().expect("it asks").id;
    let second = survey.next_request().expect("it asks").id;
    let gone = survey::Reply::Ask(Err(survey::Error::Gone { since: 7 }));
    survey.resume(first, gone).expect("it is kept");
    survey.resume(second, survey::Reply::Ask(Ok(5))).expect("it goes on");
    assert_eq!(survey.state(), survey::State::Done);
    assert_eq!(told(&survey.context().reasons)[0], ("Gone".to_owned(), "7".to_owned()));
}
