//! A world of fan-outs with each join, whose people answer, refuse, stay away, or never say anything. No
//! result is recorded twice, none is lost, results stand in the order of the list, and who is not waited
//! for is told so.

use crate::ledger::Ledger;
use crate::poll::{Activities, AskError, Poll, Start, WriteToError};
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use serde_json::Value;
use statewright::engine::{Builder, Replay};
use statewright::store::Status;
use statewright::{Cx, Engine, EngineError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Polls.
pub struct Polls {
    plan: Plan,
    people: People,
}

/// People: those whose number ends in 5 refuse, in 8 are never there, in 4 are there at the second
/// attempt, in 7 take a while, and in 6 too where all are waited for; elsewhere these say nothing.
#[derive(Clone)]
struct People {
    ledger: Ledger,
    /// How many say nothing just now.
    silent: Arc<AtomicU64>,
}

/// One who says nothing, until nobody waits any more.
struct Silent(Arc<AtomicU64>);

impl Silent {
    fn new(silent: &Arc<AtomicU64>) -> Self {
        silent.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(silent))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Activities for People {
    async fn ask(&self, cx: &Cx, join: &str, who: u32) -> Result<u32, AskError> {
        self.ledger.begin(cx)?;
        match who % 10 {
            4 if cx.attempt() == 1 => return Err(AskError::Away),
            5 => return Err(AskError::Refused { who }),
            6 if !["all", "settled"].contains(&join) => {
                let _silent = Silent::new(&self.silent);
                std::future::pending::<()>().await;
            }
            6 | 7 => tokio::time::sleep(Duration::from_millis(4)).await,
            8 => return Err(AskError::Away),
            _ => tokio::time::sleep(Duration::from_millis(u64::from(who % 3))).await,
        }
        Ok(who * 10)
    }

    async fn write_to(&self, cx: &Cx, who: u32) -> Result<u32, WriteToError> {
        self.ledger.begin(cx)?;
        Ok(who * 10 + 9)
    }
}

/// Who is asked: another list for each poll, in another order, a dozen for each round.
fn people(plan: Plan, at: u64) -> Vec<u32> {
    let count = (12 * plan.rounds + at % 9) as u32;
    (0..count).map(|n| (n * 11 + at as u32 + plan.seed as u32 % 10) % count).collect()
}

/// What somebody answers who does not say nothing.
fn answer(who: u32) -> Option<u32> {
    (!matches!(who % 10, 5 | 8)).then_some(who * 10)
}

/// What is known at the end of a poll, whatever has happened on the way: of those joins that wait for all.
fn expected(people: &[u32]) -> BTreeMap<&'static str, Value> {
    let written = |who: &u32| (who % 10 == 8).then_some(who * 10 + 9);
    let all: Vec<u32> =
        people.iter().filter_map(|who| answer(*who).or_else(|| written(who))).collect();
    let settled: Vec<Option<u32>> = people.iter().map(|who| answer(*who)).collect();
    let mut votes = [0; 3];
    all.iter().for_each(|one| votes[(*one % 3) as usize] += 1);
    let most = *votes.iter().max().expect("there are three");
    let mut firsts = (0..3).filter(|choice| votes[*choice] == most);
    let favourite = firsts.next().filter(|_| firsts.next().is_none());
    BTreeMap::from([
        ("all", all.into()),
        ("settled", settled.into()),
        ("favourite", favourite.into()),
        ("pair", 10.into()),
    ])
}

/// True if these are results of the list, in its order.
fn are_in_order(results: &Value, people: &[u32]) -> bool {
    let mut rest = people.iter().filter_map(|who| answer(*who).filter(|_| who % 10 != 6));
    let results = results.as_array().into_iter().flatten();
    results.into_iter().all(|result| rest.any(|one| *result == one))
}

impl World for Polls {
    const NAME: &'static str = "polls";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, people: People { ledger, silent: Arc::default() } }
    }

    fn register(&self, builder: Builder) -> Builder {
        builder.register::<Poll>(self.people.clone())
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let plan = self.plan;
        let poll = move |clients: Clients, at| async move {
            let key = format!("poll-{at}");
            let start = || Start { id: key.clone(), people: people(plan, at) };
            clients.start::<Poll>(&key, start).await?;
            clients.end_of::<Poll>(&key).await.map(|_| ())
        };
        clients.each(plan.size, poll).await?;
        // Much less than their policy would let them.
        for _ in 0..2_000 {
            if self.people.silent.load(Ordering::SeqCst) == 0 {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?} are asked whom nobody waits for", self.people.silent);
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Poll>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        for journal in left.of("Poll") {
            let key = &journal.of.key;
            let at = key.trim_start_matches("poll-").parse().expect("a number");
            let people = people(plan, at);
            // What was collected stands in the context from then on.
            for (name, expected) in expected(&people) {
                let found = journal.context(name);
                let is_there = !found.is_null() && found.as_array().is_none_or(|it| !it.is_empty());
                let is_over = journal.of.status == Status::Finished;
                assert!(!(is_there || is_over) || *found == expected, "{key}, {name}: {found}");
            }
            let quorum = (people.len() * 2).div_ceil(5);
            for (name, wanted) in [("any", 1), ("first", 3), ("quorum", quorum)] {
                let found = journal.context(name);
                let count = found.as_array().map_or(0, Vec::len);
                let is_whole =
                    count == wanted || journal.of.status == Status::Running && count == 0;
                assert!(is_whole, "{key}, {name}: {found}");
                assert!(are_in_order(found, &people), "{key}, {name}: {found} of {people:?}");
            }
            let in_the_middle = journal.last["fans"].as_array().is_some_and(|fans| {
                let ended = fans.iter().filter_map(|fan| fan["ended"].as_array()).flatten();
                ended.into_iter().any(|reply| !reply.is_null())
            });
            seen.count("in the middle", u64::from(in_the_middle));
            if left.is_end {
                assert_eq!(journal.of.state, "Counted", "{key}: {:?}", journal.last);
            }
        }
        assert!(!left.is_end || left.of("Poll").count() as u64 == plan.size, "a poll is lost");
    }
}
