//! Services that fail in every way, and write down what they did.

use crate::booking_machine::{
    Activities, GiveBackError, PayError, ReleaseError, RentError, ReserveError, TellError,
};
use crate::ledger::Ledger;
use crate::moods::{Answer, Mood, Moods, mixed};
use statewright::Cx;

/// The services. What they did is a line each.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) ledger: Ledger,
    pub(super) moods: Moods,
}

impl Services {
    /// Does a step, or not.
    async fn step(&self, cx: &Cx, name: &str, step: &str) -> Result<Answer, std::io::Error> {
        let key = cx.idempotency_key();
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("called {name} {step} {key}"))?;
        let did = || self.ledger.line(&format!("did {name} {step} {key}")).map(|()| Answer::Done);
        self.moods.of(name, step).answer(cx, did).await
    }

    /// Takes a step back, or not.
    async fn back(&self, cx: &Cx, name: &str, given: bool) -> Result<Answer, std::io::Error> {
        let undoing = cx.undoing().expect("a compensation knows what it takes back");
        let (step, of, key) = (&undoing.step, &undoing.idempotency_key, cx.idempotency_key());
        let known = if undoing.is_known { "known" } else { "unknown" };
        let given = if given { "given" } else { "none" };
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("back {name} {step} {key} {of} {known} {given}"))?;
        let did =
            || self.ledger.line(&format!("undid {name} {step} {key} {of}")).map(|()| Answer::Done);
        self.moods.of_way_back(name, step).answer(cx, did).await
    }
}

fn why() -> String {
    "not today".to_owned()
}

impl Activities for Services {
    async fn rent(&self, cx: &Cx, name: &str) -> Result<String, RentError> {
        match self.step(cx, name, "room").await? {
            Answer::Done => Ok(format!("room of {name}")),
            Answer::Refused => Err(RentError::Refused { why: why() }),
            Answer::Busy => Err(RentError::Busy),
        }
    }

    async fn give_back(
        &self,
        cx: &Cx,
        name: &str,
        room: &Option<String>,
    ) -> Result<(), GiveBackError> {
        match self.back(cx, name, room.is_some()).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(GiveBackError::Busy),
        }
    }

    async fn reserve(&self, cx: &Cx, name: &str, what: &str) -> Result<String, ReserveError> {
        match self.step(cx, name, what).await? {
            Answer::Done => Ok(format!("{what} of {name}")),
            Answer::Refused => Err(ReserveError::Refused { why: why() }),
            Answer::Busy => Err(ReserveError::Busy),
        }
    }

    async fn release(
        &self,
        cx: &Cx,
        name: &str,
        _what: &str,
        seat: &Option<String>,
    ) -> Result<(), ReleaseError> {
        match self.back(cx, name, seat.is_some()).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(ReleaseError::Busy),
        }
    }

    async fn pay(&self, cx: &Cx, name: &str, _room: &str) -> Result<u64, PayError> {
        match self.step(cx, name, "ticket").await? {
            Answer::Done => Ok(mixed(name)),
            Answer::Refused => Err(PayError::Refused { why: why() }),
            Answer::Busy => Err(PayError::Busy),
        }
    }

    /// A mail that cannot be sent now is sent later: it is tried again until it works.
    async fn tell(&self, cx: &Cx, name: &str, _ticket: u64) -> Result<(), TellError> {
        let key = cx.idempotency_key();
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("called {name} mail {key}"))?;
        let mood = if cx.attempt() > 2 { Mood::Does } else { self.moods.of(name, "mail") };
        let did = || self.ledger.line(&format!("did {name} mail {key}")).map(|()| Answer::Done);
        match mood.answer(cx, did).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(TellError::Busy),
        }
    }
}
