//! How services answer: in every way in which they can fail, and the same service for the same thing in
//! the same way until it is healthy.

use statewright::Cx;
use std::io;
use std::time::Duration;

/// How a service answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
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

/// What a service says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has done it.
    Done,
    /// It will not.
    Refused,
    /// It cannot just now.
    Busy,
}

/// The moods of all services.
#[derive(Clone, Copy, Debug)]
pub struct Moods {
    /// They do everything.
    pub are_healthy: bool,
}

impl Moods {
    /// Of the service that does a step. Most calls go well, so that sagas come far.
    #[must_use]
    pub fn of(self, name: &str, step: &str) -> Mood {
        const ALL: [Mood; 13] = [
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
        self.one_of(&ALL, &format!("{name} {step}"))
    }

    /// Of the one that takes a step back: fewer of them fail.
    #[must_use]
    pub fn of_way_back(self, name: &str, step: &str) -> Mood {
        const ALL: [Mood; 9] = [Does, Slow, Does, Slow, Does, Slow, Busy, DoesAndBreaks, Hangs];
        self.one_of(&ALL, &format!("{name} un-{step}"))
    }

    fn one_of(self, all: &[Mood], what: &str) -> Mood {
        if self.are_healthy { Does } else { all[(mixed(what) % all.len() as u64) as usize] }
    }
}

impl Mood {
    /// Answers a call, and does what it is for, or not. What it is for may be refused when it is done.
    ///
    /// # Errors
    /// The line is cut.
    pub async fn answer(
        self,
        cx: &Cx,
        does: impl Fn() -> io::Result<Answer>,
    ) -> io::Result<Answer> {
        match self {
            Does => return does(),
            Slow => {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let done = does();
                tokio::time::sleep(Duration::from_millis(2)).await;
                return done;
            }
            Refuses => return Ok(Answer::Refused),
            Busy => return Ok(Answer::Busy),
            DoesAndBreaks => {
                does()?;
                tokio::time::sleep(Duration::from_millis(1)).await;
                return Err(io::Error::other("the line is cut"));
            }
            Breaks => return Err(io::Error::other("the line is cut")),
            DoesAndHides if cx.attempt() == 1 => {
                does()?;
            }
            DoesAndHides => return Ok(Answer::Busy),
            Hangs => {}
        }
        std::future::pending().await
    }
}

/// Any text as a number that looks like none before it.
#[must_use]
pub fn mixed(text: &str) -> u64 {
    // FNV-1a, with its bits stirred once more.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 17
}
