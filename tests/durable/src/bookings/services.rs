//! Services that fail in every way, and write down what they did.

use crate::booking_machine::{
    Activities, GiveBackError, PayError, ReleaseError, RentError, ReserveError, TellError,
};
use crate::ledger::Ledger;
use statewright::Cx;
use std::time::Duration;

/// The services. What they did is a line each.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) ledger: Ledger,
    /// They do everything.
    pub(super) is_healthy: bool,
}

/// How a service answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    /// It does it.
    Does,
    /// It does it after a while.
    Slow,
    /// It does not, and says so.
    Refuses,
    /// It cannot be asked.
    Busy,
    /// It does it, and is cut off before it says so.
    DoesAndBreaks,
    /// It is cut off before it does anything.
    Breaks,
    /// It does it and says nothing; when it is asked again, it cannot be asked.
    DoesAndHides,
    /// It says nothing.
    Hangs,
}

use Mood::{Breaks, Busy, Does, DoesAndBreaks, DoesAndHides, Hangs, Refuses, Slow};

/// Any number as one that looks like none before it.
fn mixed(text: &str) -> u64 {
    // FNV-1a, with its bits stirred once more.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 17
}

impl Services {
    /// The mood of a service today. Most calls go well, so that sagas come far.
    fn mood(&self, name: &str, step: &str) -> Mood {
        let moods = [
            Does,
            Does,
            Slow,
            Does,
            Slow,
            Does,
            Slow,
            Refuses,
            Busy,
            DoesAndBreaks,
            Breaks,
            DoesAndHides,
            Hangs,
        ];
        match self.is_healthy {
            true => Does,
            false => moods[(mixed(&format!("{name} {step}")) % moods.len() as u64) as usize],
        }
    }

    /// What a call that takes a step back finds: fewer of them fail.
    fn mood_back(&self, name: &str, step: &str) -> Mood {
        let moods = [Does, Slow, Does, Slow, Does, Slow, Busy, DoesAndBreaks, Hangs];
        match self.is_healthy {
            true => Does,
            false => moods[(mixed(&format!("{name} un-{step}")) % moods.len() as u64) as usize],
        }
    }

    /// Does a step, or not.
    async fn step(&self, cx: &Cx, name: &str, step: &str) -> Result<Answer, std::io::Error> {
        let key = cx.idempotency_key();
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("called {name} {step} {key}"))?;
        let mood = self.mood(name, step);
        let did = || self.ledger.line(&format!("did {name} {step} {key}"));
        self.answer(cx, mood, did).await
    }

    /// Takes a step back, or not.
    async fn back(&self, cx: &Cx, name: &str, given: bool) -> Result<Answer, std::io::Error> {
        let undoing = cx.undoing().expect("a compensation knows what it takes back");
        let (step, of, key) = (&undoing.step, &undoing.idempotency_key, cx.idempotency_key());
        let known = if undoing.is_known { "known" } else { "unknown" };
        let given = if given { "given" } else { "none" };
        self.ledger.begin(cx)?;
        self.ledger.line(&format!("back {name} {step} {key} {of} {known} {given}"))?;
        let did = || self.ledger.line(&format!("undid {name} {step} {key} {of}"));
        self.answer(cx, self.mood_back(name, step), did).await
    }

    async fn answer(
        &self,
        cx: &Cx,
        mood: Mood,
        does: impl Fn() -> std::io::Result<()>,
    ) -> Result<Answer, std::io::Error> {
        match mood {
            Does => does()?,
            Slow => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                does()?;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Refuses => return Ok(Answer::Refused),
            Busy => return Ok(Answer::Busy),
            DoesAndBreaks => {
                does()?;
                tokio::time::sleep(Duration::from_millis(1)).await;
                return Err(std::io::Error::other("the line is cut"));
            }
            Breaks => return Err(std::io::Error::other("the line is cut")),
            DoesAndHides if cx.attempt() == 1 => {
                does()?;
                std::future::pending::<()>().await;
            }
            DoesAndHides => return Ok(Answer::Busy),
            Hangs => std::future::pending::<()>().await,
        }
        Ok(Answer::Done)
    }
}

/// What a service says.
enum Answer {
    Done,
    Refused,
    Busy,
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
        let mood = if cx.attempt() > 2 { Does } else { self.mood(name, "mail") };
        let did = || self.ledger.line(&format!("did {name} mail {key}"));
        match self.answer(cx, mood, did).await? {
            Answer::Done => Ok(()),
            Answer::Refused | Answer::Busy => Err(TellError::Busy),
        }
    }
}
