//! The services that expeditions call. They fail in every way, and write down what they did.

use crate::ledger::{Ledger, said};
use crate::moods::{Answer, Moods, mixed};
use crate::{berth, expedition, passage, unberth, unpassage};
use statewright::Cx;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Services {
    ledger: Ledger,
    moods: Moods,
    /// What was taken back by somebody who did not know whether it was done: who comes to do it later, since
    /// nobody has told him yet, is refused.
    closed: Arc<Mutex<BTreeSet<String>>>,
}

/// Which saga of which expedition: its machine, its key.
type Saga<'s> = (&'static str, &'s str);

impl Services {
    pub(super) fn new(ledger: Ledger, are_healthy: bool) -> Self {
        let closed = said(&ledger.text(), "closed").map(str::to_owned).collect();
        Self { ledger, moods: Moods { are_healthy }, closed: Arc::new(Mutex::new(closed)) }
    }

    /// Does a step, or not.
    async fn step(&self, cx: &Cx, (machine, id): Saga<'_>, step: &str) -> io::Result<Answer> {
        let (saga, key) = (format!("{machine}/{id}"), cx.idempotency_key());
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("called {saga} {step} {key}"))?;
        let does = || {
            let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
            if closed.contains(&format!("{saga} {step}")) {
                return Ok(Answer::Refused);
            }
            self.ledger.line(&format!("did {saga} {step} {key}"))?;
            Ok(Answer::Done)
        };
        self.moods_of(id).of(&saga, step).answer(cx, does).await
    }

    /// Every third expedition is lucky: with so many services nearly none would come to its end.
    fn moods_of(&self, id: &str) -> Moods {
        Moods { are_healthy: self.moods.are_healthy || mixed(id).is_multiple_of(3) }
    }

    /// Takes a step back that is a call.
    async fn back(&self, cx: &Cx, saga: Saga<'_>, is_given: bool) -> io::Result<Answer> {
        let undoing = cx.undoing().expect("a compensation knows what it takes back");
        let (step, of) = (&*undoing.step, &*undoing.idempotency_key);
        self.undo(cx, (saga, step, of), (undoing.is_known, is_given), &[]).await
    }

    /// Takes a step back that is a machine, and with it what that has done itself.
    async fn settle(
        &self,
        cx: &Cx,
        (saga, step): (Saga<'_>, &str),
        is_known: bool,
        parts: &[&str],
    ) -> io::Result<Answer> {
        self.undo(cx, (saga, step, "-"), (is_known, is_known), parts).await
    }

    async fn undo(
        &self,
        cx: &Cx,
        ((machine, id), step, of): (Saga<'_>, &str, &str),
        (is_known, is_given): (bool, bool),
        parts: &[&str],
    ) -> io::Result<Answer> {
        let (saga, key) = (format!("{machine}/{id}"), cx.idempotency_key());
        let known = if is_known { "known" } else { "unknown" };
        let given = if is_given { "given" } else { "none" };
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("back {saga} {step} {key} {of} {known} {given}"))?;
        let does = || {
            let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
            for part in parts {
                closed.insert((*part).to_owned());
                self.ledger.line(&format!("closed {part}"))?;
            }
            self.ledger.line(&format!("undid {saga} {step} {key} {of}"))?;
            Ok(Answer::Done)
        };
        self.moods_of(id).of_way_back(&saga, step).answer(cx, does).await
    }
}

fn why() -> String {
    "not today".to_owned()
}

impl expedition::Activities for Services {
    async fn hire(&self, cx: &Cx, id: &str) -> Result<String, expedition::HireError> {
        match self.step(cx, ("Expedition", id), "gear").await? {
            Answer::Done => Ok(format!("gear of {id}")),
            Answer::Refused => Err(expedition::HireError::Refused { why: why() }),
            Answer::Busy => Err(expedition::HireError::Busy),
        }
    }

    async fn bring_back(
        &self,
        cx: &Cx,
        id: &str,
        gear: &Option<String>,
    ) -> Result<(), expedition::BringBackError> {
        match self.back(cx, ("Expedition", id), gear.is_some()).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(expedition::BringBackError::Busy),
        }
    }

    async fn guide(&self, cx: &Cx, id: &str, _: &str) -> Result<u64, expedition::GuideError> {
        match self.step(cx, ("Expedition", id), "guide").await? {
            Answer::Done => Ok(mixed(id)),
            Answer::Refused => Err(expedition::GuideError::Refused { why: why() }),
            Answer::Busy => Err(expedition::GuideError::Busy),
        }
    }
}

impl passage::Activities for Services {
    async fn charge(&self, cx: &Cx, id: &str, _: &str) -> Result<u64, passage::ChargeError> {
        match self.step(cx, ("Passage", id), "fare").await? {
            Answer::Done => Ok(mixed(id)),
            Answer::Refused => Err(passage::ChargeError::Refused { why: why() }),
            Answer::Busy => Err(passage::ChargeError::Busy),
        }
    }

    async fn refund(
        &self,
        cx: &Cx,
        id: &str,
        fare: &Option<u64>,
    ) -> Result<(), passage::RefundError> {
        match self.back(cx, ("Passage", id), fare.is_some()).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(passage::RefundError::Busy),
        }
    }
}

impl unpassage::Activities for Services {
    async fn settle(
        &self,
        cx: &Cx,
        id: &str,
        fare: &Option<u64>,
    ) -> Result<(), unpassage::SettleError> {
        let parts = [format!("Passage/{id} fare"), format!("Berth/{id} berth")];
        let parts = parts.each_ref().map(String::as_str);
        let passage = (("Expedition", id), "passage");
        match Services::settle(self, cx, passage, fare.is_some(), &parts).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(unpassage::SettleError::Busy),
        }
    }
}

impl berth::Activities for Services {
    async fn hold(&self, cx: &Cx, id: &str) -> Result<String, berth::HoldError> {
        match self.step(cx, ("Berth", id), "berth").await? {
            Answer::Done => Ok(format!("berth of {id}")),
            Answer::Refused => Err(berth::HoldError::Refused { why: why() }),
            Answer::Busy => Err(berth::HoldError::Busy),
        }
    }

    async fn release(
        &self,
        cx: &Cx,
        id: &str,
        berth: &Option<String>,
    ) -> Result<(), berth::ReleaseError> {
        match self.back(cx, ("Berth", id), berth.is_some()).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(berth::ReleaseError::Busy),
        }
    }

    async fn confirm(&self, cx: &Cx, id: &str, _: &str) -> Result<(), berth::ConfirmError> {
        match self.step(cx, ("Berth", id), "paper").await? {
            Answer::Done => Ok(()),
            Answer::Refused => Err(berth::ConfirmError::Refused { why: why() }),
            Answer::Busy => Err(berth::ConfirmError::Busy),
        }
    }
}

impl unberth::Activities for Services {
    async fn give_back(
        &self,
        cx: &Cx,
        id: &str,
        berth: &Option<String>,
    ) -> Result<(), unberth::GiveBackError> {
        let part = format!("Berth/{id} berth");
        match self.settle(cx, (("Passage", id), "berth"), berth.is_some(), &[&part]).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(unberth::GiveBackError::Busy),
        }
    }
}
