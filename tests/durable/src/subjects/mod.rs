//! The world that has to survive everything: clients that send events in order and note what was
//! accepted, messages of other programs, activities with results and errors, actions, timers.

mod steps;

use crate::ledger::{Ledger, said};
use crate::seen::Seen;
use crate::subject_machine::{Actions, Activities, Event, JobError, Start, Subject, UndoError};
use crate::world::{Clients, Left, Plan, World};
use serde_json::Value;
use statewright::engine::{Builder, Replay};
use statewright::store::{InboxKind, Posted, Status};
use statewright::{Cx, Engine, EngineError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use steps::Steps;

/// Instances that are sent so many events as there are rounds.
pub struct Subjects {
    plan: Plan,
    ledger: Ledger,
}

/// Notes what it does, in a ledger.
#[derive(Clone, Debug)]
pub struct Crew(Ledger);

impl Actions for Crew {
    /// # Panics
    /// The ledger cannot be written: then nothing can be said of the run.
    fn report(&self, name: &str, n: u64) {
        self.0.line(&format!("report {name}/{n}")).expect("the ledger can be written");
    }
}

/// Every third round of every instance is refused, whatever the attempt.
fn is_refused(name: &str, round: u32) -> bool {
    (name.len() as u32 + round) % 3 == 2
}

impl Activities for Crew {
    async fn job(&self, cx: &Cx, name: &str, round: u32) -> Result<u32, JobError> {
        self.0.begin(cx)?;
        tokio::time::sleep(Duration::from_millis(u64::from(round % 3) * 2)).await;
        if is_refused(name, round) {
            return Err(JobError::Refused { why: "every third".to_owned() });
        }
        Ok(round + 1)
    }

    async fn undo(&self, cx: &Cx, _: &str, _: u32) -> Result<(), UndoError> {
        self.0.begin(cx)?;
        Ok(())
    }
}

/// What one client knows.
struct Client {
    clients: Clients,
    plan: Plan,
    ledger: Ledger,
    at: u64,
    key: String,
    /// The number of the last event that was accepted.
    last: u64,
}

impl Client {
    fn note(&mut self, n: u64) -> Result<(), EngineError> {
        self.last = n;
        self.ledger.told(&format!("accepted {} {n}", self.key))
    }

    /// Leaves a message, as another program would.
    async fn leave(&self) -> Result<(), EngineError> {
        let posted = Posted {
            machine: "Subject".to_owned(),
            key: self.key.clone(),
            kind: InboxKind::Send,
            body: "\"Hold\"".to_owned(),
            message_id: Some(format!("left-{}", self.last)),
            at: (self.clients.wall)(),
        };
        let post = || async { self.clients.store.post(&posted).map_err(EngineError::Store) };
        self.clients.until(post).await.map(|_| ())
    }

    /// Starts an instance, sends its events in order, waits until its jobs are done, and ends it.
    async fn live(mut self) -> Result<(), EngineError> {
        let (at, seed, events) = (self.at, self.plan.seed, self.plan.rounds);
        let (clients, key) = (self.clients.clone(), self.key.clone());
        let start = || Start { name: key.clone(), rounds: 3 + (at % 4) as u32 };
        clients.start::<Subject>(&key, start).await?;
        for n in self.last + 1..=events {
            if (n + at + seed).is_multiple_of(7) {
                // Now and then events are put off for a while.
                clients.until(|| clients.engine.send::<Subject>(&key, Event::Hold)).await?;
            }
            clients.send::<Subject>(&key, &format!("add-{n}"), || Event::Add { n }).await?;
            self.note(n)?;
            if (n * 7 + at + seed).is_multiple_of(23) {
                self.leave().await?;
            }
            if (n * 31 + at + seed).is_multiple_of(5) {
                tokio::time::sleep(Duration::from_millis((n * 13 + at) % 25)).await;
            }
        }
        let is_done = move |view: &statewright::engine::View<Subject>| {
            view.status == Status::Finished
                || (view.context.last >= events && view.context.jobs >= view.context.rounds)
        };
        clients.wait::<Subject>(&key, is_done).await?;
        clients.send::<Subject>(&key, "finish", || Event::Finish).await
    }
}

impl World for Subjects {
    const NAME: &'static str = "subjects";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        builder.register::<Subject>(Crew(self.ledger.clone()))
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let accepted = accepted(&self.ledger.text());
        let store = Arc::clone(&clients.store);
        clients
            .each(self.plan.size, |clients, at| {
                let key = format!("subject-{at}");
                let last = accepted.get(&key).copied().unwrap_or(0);
                let (plan, ledger) = (self.plan, self.ledger.clone());
                Client { clients, plan, ledger, at, key, last }.live()
            })
            .await?;
        while !store.inbox(0, 1).map_err(EngineError::Store)?.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Subject>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        let accepted = accepted(left.ledger);
        let reports: BTreeSet<&str> = said(left.ledger, "report").collect();
        seen.count("reports", said(left.ledger, "report").count() as u64);
        let mut called = BTreeSet::new();
        for journal in left.of("Subject") {
            let key = &journal.of.key;
            let steps = Steps::of(journal);
            seen.count("timers", steps.timers);
            let known = accepted.get(key.as_str()).copied().unwrap_or(0);
            let added = steps.added;
            assert!(added >= known, "{key}: {known} events were accepted, {added} are kept");
            let calls: Vec<String> = steps.called.iter().map(|n| format!("{key}/{n}")).collect();
            if journal.of.status == Status::Finished {
                assert_eq!(journal.context("last"), plan.rounds, "{key}");
                assert_eq!(journal.context("applied"), plan.rounds, "{key}");
                assert_eq!(journal.context("broken"), &Value::Bool(false), "{key}");
                let lost = calls.iter().find(|call| !reports.contains(call.as_str()));
                assert_eq!(lost, None, "an action was decided and is never called");
            }
            called.extend(calls);
        }
        let kept: BTreeSet<&str> = left.of("Subject").map(|journal| &*journal.of.key).collect();
        for key in accepted.keys() {
            assert!(kept.contains(key.as_str()), "`{key}` was accepted and is lost");
        }
        for call in reports {
            assert!(called.contains(call), "an action before its commit: {call}");
        }
        if left.is_end {
            assert_eq!(left.store.running(0, 1), Ok(Vec::new()), "nothing is left to do");
            let finished = left.journals.iter().filter(|one| one.of.status == Status::Finished);
            assert_eq!(finished.count() as u64, plan.size, "all have ended");
        }
    }
}

/// Accepted events by instance: the number of the last.
fn accepted(lines: &str) -> BTreeMap<String, u64> {
    let lines = said(lines, "accepted").filter_map(|line| line.split_once(' '));
    lines.map(|(key, n)| (key.to_owned(), n.parse().expect("a number"))).collect()
}
