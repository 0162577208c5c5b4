//! Instances that cannot be read, or are of another shape: they wait for a person, and nobody else
//! for them. What can be done without reading them is done: they are listed, and can be given up.

use super::{Place, Shard};
use crate::engine::advance::{refusal, said};
use crate::engine::error::{Cause, EngineError};
use crate::engine::family::Ending;
use crate::engine::lineage::Relatives;
use crate::engine::message::{Address, Answer, Job, Order, Wants};
use crate::engine::tasks::changes;
use crate::step::Dispatch;
use crate::store::{
    Commit, Instance, InstanceId, LetterChange, Rest, Sender, Seq, Status, StoreError, Summary,
};
use serde::Deserialize;
use std::collections::VecDeque;

/// What is known of an instance that cannot be read.
pub(super) struct Unread {
    id: InstanceId,
    status: Status,
    seq: Seq,
    state: String,
    /// Why it was parked, if it was: JSON.
    cause: Option<String>,
    /// Who belongs to it, once that was looked for.
    relatives: Option<Relatives>,
}

impl Unread {
    /// One of which only lists know something.
    pub(super) fn damaged(id: InstanceId, listed: Option<Summary>) -> Self {
        match listed {
            Some(Summary { status, seq, state, cause, .. }) => {
                Self { id, status, seq, state, cause, relatives: None }
            }
            None => {
                let (status, state) = (Status::Running, String::new());
                Self { id, status, seq: 0, state, cause: None, relatives: None }
            }
        }
    }

    /// One that the store could read, and the machine could not.
    pub(super) fn other(instance: &Instance) -> Self {
        let (seq, state) = match instance.records.last() {
            Some(record) => (record.seq, record.state.clone()),
            None => (instance.seq, rested_in(instance)),
        };
        let cause = instance.cause.clone();
        Self { id: instance.id, status: instance.status, seq, state, cause, relatives: None }
    }
}

impl Shard {
    /// Parks it if it ran, gives it up if that is wanted, and refuses everything else.
    pub(super) fn unread(
        &mut self,
        address: &Address,
        unread: Unread,
        cause: Cause,
        jobs: VecDeque<Job>,
    ) {
        let text = match unread.status {
            Status::Running => serde_json::to_string(&cause).ok(),
            _ => unread.cause.clone(),
        };
        let before = match unread.status {
            Status::Running => Status::Parked,
            status => status,
        };
        if before == Status::Parked && unread.relatives.is_none() && jobs.iter().any(wants_end) {
            // Whoever has started it is told, and whom it has started.
            self.places.insert(address.clone(), Place::Loading(jobs));
            self.shared.ask_relatives(self.number, address.clone(), unread.id);
            self.looking.insert(address.clone(), (unread, cause));
            return;
        }
        let mut status = before;
        let mut taken = Vec::new();
        for job in jobs {
            let error = refusal(status, &address.key, text.as_deref());
            match job {
                job if status == Status::Parked && wants_end(&job) => {
                    status = Status::Abandoned;
                    match job {
                        Job::Order { answer, .. } => self.given_up.push((unread.id, answer)),
                        Job::Left(left) => taken.push((left.id, said(Ok(Dispatch::Handled)))),
                        _ => {}
                    }
                }
                Job::Start { answer, .. } => {
                    let (machine, key) = self.shared.names(address);
                    let _ = answer.send(Err(EngineError::Duplicate { machine, key }));
                }
                job => self.refuse(job, &error),
            }
        }
        if status == unread.status {
            return;
        }
        if status == Status::Abandoned {
            // What waited for it to be tried again can be refused, when this is durable.
            self.owed_later(address.clone());
        }
        let at = self.shared.time.millis();
        let relatives = unread.relatives.filter(|_| status == Status::Abandoned);
        let told = relatives.into_iter().flat_map(|Relatives { parent, children }| {
            let parent = parent.map(|parent| parent.told(Ending::abandoned(&address.key)));
            let children = children.into_iter().map(|(id, child)| child.cancel(id));
            parent.into_iter().chain(children)
        });
        let told: Vec<LetterChange> = told
            .map(|sending| {
                let (machine, key) = self.shared.names(address);
                let sender = Sender { machine, key, instance: unread.id };
                LetterChange::Sent(self.shared.sent(sending, sender, at))
            })
            .collect();
        let kind = &self.shared.kinds[address.kind];
        let (machine, key, state) = (kind.name(), &*address.key, status);
        tracing::error!(machine, key, ?state, %cause, "cannot be read");
        if unread.status == Status::Running {
            self.shared.meters[address.kind].parked();
        }
        if (status == Status::Parked) != (unread.status == Status::Parked) {
            self.parking.push((unread.id, address.kind, status == Status::Parked));
        }
        self.batch.push(Commit {
            tasks: match status {
                Status::Abandoned => changes(&[], &[], &[], (false, true), 0),
                _ => Vec::new(),
            },
            taken,
            letters: told,
            rest: Some(Rest {
                status,
                at_rest: true,
                due: None,
                shape: kind.shape(),
                seq: unread.seq,
                state: unread.state,
                snapshot: None,
                cause: text,
            }),
            ..Commit::of(unread.id, at)
        });
    }

    /// Who belongs to an instance that is to be given up.
    pub(super) fn relatives_found(
        &mut self,
        address: Address,
        found: Result<Relatives, StoreError>,
    ) {
        let Some((unread, cause)) = self.looking.remove(&address) else { return };
        let Some(Place::Loading(jobs)) = self.places.remove(&address) else { return };
        match found {
            Ok(relatives) => {
                let unread = Unread { relatives: Some(relatives), ..unread };
                self.unread(&address, unread, cause, jobs);
            }
            Err(error) => {
                let error = EngineError::Store(error);
                jobs.into_iter().for_each(|job| self.refuse(job, &error));
            }
        }
    }

    /// Tells a person what became of the wish to give an instance up that cannot be read.
    pub(super) fn is_given_up(&mut self, id: InstanceId, result: &Result<(), StoreError>) {
        let parked = |(of, ..): &mut (InstanceId, usize, bool)| *of == id;
        for (_, kind, is_more) in self.parking.extract_if(.., parked) {
            if result.is_ok() {
                self.shared.meters[kind].park_changed(is_more);
            }
        }
        let told = |(of, _): &mut (InstanceId, Answer)| *of == id;
        for (_, answer) in self.given_up.extract_if(.., told) {
            let _ =
                answer.send(result.clone().map(|()| Dispatch::Handled).map_err(EngineError::from));
        }
    }
}

/// The active states in a snapshot; they are not known if it is damaged.
fn rested_in(instance: &Instance) -> String {
    #[derive(Deserialize)]
    struct In {
        #[serde(rename = "in")]
        states: Vec<String>,
    }
    let states = instance.snapshot.as_deref().and_then(|text| serde_json::from_str(text).ok());
    states.map_or_else(String::new, |In { states }| states.join(" & "))
}

fn wants_end(job: &Job) -> bool {
    match job {
        Job::Order { order, .. } => *order == Order::Abandon,
        Job::Left(left) => matches!(left.wants, Wants::Order(Order::Abandon)),
        _ => false,
    }
}
