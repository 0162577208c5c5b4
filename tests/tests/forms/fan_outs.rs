//! Fan-outs of an annotated module: beside each other, and over a list, with a vote.
#![allow(unreachable_pub)] // A library would export these.

use statewright::{Cx, Dispatch};
use std::sync::Arc;

#[statewright::machine]
mod panel {
    pub struct Reviewer {
        pub name: String,
        pub weight: u32,
    }

    pub enum Verdict {
        Publish,
        Revise,
    }

    #[context]
    pub struct Context {
        text: String,
        reviewers: Vec<Reviewer>,
        #[init(0)]
        words: u64,
        #[init([])]
        verdicts: Vec<Verdict>,
        #[init("")]
        note: String,
    }

    #[events]
    enum Event {
        Withdraw,
    }

    #[errors]
    enum Error {
        Refused {
            why: String,
        },
        #[transient]
        Busy,
    }

    #[activities]
    trait Activities {
        async fn count(&self, cx: &Cx, text: &str) -> u64;
        async fn feel(&self, cx: &Cx, text: &str) -> String;
        #[raises(Refused, Busy)]
        async fn review(&self, cx: &Cx, name: &str, text: &str) -> Verdict;
        async fn skim(&self, cx: &Cx, name: &str) -> Verdict;
    }

    #[policy(timeout 10s)]
    struct Patient;

    enum State {
        #[state(initial)]
        #[fan_out({ call words_of: count(text) with Patient  call mood: feel(text) } join all)]
        #[on(done do set words = words_of, set note = mood -> Reviewing)]
        #[on(error(e) do set note = e.message -> Failed)]
        Reading,
        #[fan_out(
            reviewer in reviewers max 4 concurrency 2 {
                call one: review(reviewer.name, text) with Patient fallback skim(reviewer.name)
            } join quorum 60% tolerate 1 into answers
                vote one weighted by reviewer.weight into outcome
        )]
        #[on(done do set verdicts = answers {
            if outcome == some(Verdict::Publish) -> Published
            else -> Undecided
        })]
        #[on(error Refused(why) do set note = why -> Failed)]
        #[on(error(e) do set note = e.message -> Failed)]
        #[on(Withdraw -> Failed)]
        Reviewing,
        #[state(final)]
        Published,
        #[state(final)]
        Undecided,
        #[state(final)]
        Failed,
    }
}

use panel::{Activities, Event, Machine, Reply, Request, Reviewer, Start, State, Verdict};

struct Desk;

impl Activities for Desk {
    async fn count(&self, _: &Cx, text: &str) -> Result<u64, panel::CountError> {
        Ok(text.split_whitespace().count() as u64)
    }

    async fn feel(&self, _: &Cx, _: &str) -> Result<String, panel::FeelError> {
        Ok("calm".to_owned())
    }

    async fn review(&self, _: &Cx, name: &str, _: &str) -> Result<Verdict, panel::ReviewError> {
        match name {
            "refuses" => Err(panel::ReviewError::Refused { why: "no time".to_owned() }),
            "busy" => Err(panel::ReviewError::Busy),
            "stern" => Ok(Verdict::Revise),
            _ => Ok(Verdict::Publish),
        }
    }

    async fn skim(&self, _: &Cx, _: &str) -> Result<Verdict, panel::SkimError> {
        Ok(Verdict::Publish)
    }
}

fn machine(names: &[(&str, u32)]) -> Machine<Arc<Desk>> {
    let reviewer =
        |(name, weight): &(&str, u32)| Reviewer { name: (*name).to_owned(), weight: *weight };
    let reviewers = names.iter().map(reviewer).collect();
    let start = Start { text: "so be it".to_owned(), reviewers };
    Machine::new(Arc::new(Desk), start).expect("it starts")
}

#[test]
fn branches_are_asked_for_as_many_at_once_as_may_be() {
    let mut machine = machine(&[("a", 1), ("b", 2), ("c", 4)]);
    assert_eq!(machine.resume(2, Reply::Feel(Ok("glad".to_owned()))), Ok(Dispatch::Pending));
    assert_eq!(machine.state(), State::Reading);
    assert_eq!(machine.resume(1, Reply::Count(Ok(3))), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Reviewing);
    assert_eq!((machine.context().words, &machine.context().note[..]), (3, "glad"));
    let mut asked = Vec::new();
    while let Some(next) = machine.next_request() {
        if let Request::Review { name, .. } = &next.request {
            asked.push(name.clone());
        }
    }
    assert_eq!(asked, ["a", "b"]);
    assert_eq!(machine.dispatch(Event::Withdraw), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Failed);
}

#[tokio::test(start_paused = true)]
async fn reviewers_are_asked_and_their_votes_counted() {
    for (names, ends, note) in [
        (&[("a", 1), ("b", 1), ("never", 1)][..], State::Published, "calm"),
        (&[("stern", 2), ("busy", 1)], State::Undecided, "calm"),
        (&[("stern", 1), ("busy", 2)], State::Published, "calm"),
        (&[("stern", 2), ("kind", 2)], State::Undecided, "calm"),
        (&[("refuses", 1), ("refuses", 1), ("a", 1)], State::Failed, "no time"),
    ] {
        let handle = machine(names).spawn();
        let is_over = |state: &State| !matches!(state, State::Reading | State::Reviewing);
        let end = *handle.state().wait_for(is_over).await.unwrap();
        let machine = handle.stop().await.unwrap();
        assert_eq!((end, &machine.context().note[..]), (ends, note), "{names:?}");
    }
}
