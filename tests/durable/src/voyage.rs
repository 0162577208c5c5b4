//! The hosts of voyages: what happens to one is in its name, and everything that was done is noted.

use crate::{stay, unstay, voyage_machine as voyage};
use statewright::Cx;
use std::io;
use std::time::Duration;

/// Hotels and a bank. What they have done goes to a note: what, for whom, under which key.
#[derive(Clone, Debug)]
pub struct World<N>(pub N);

/// What happens on a voyage, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// All goes well.
    Good,
    /// There is no room.
    Full,
    /// There is a room and no guarantee for it: the stay takes itself back.
    Declined,
    /// There is no money: the stay is given back.
    Poor,
    /// The room is held for a long time, and the line is cut at the first attempt.
    Slow,
}

impl Luck {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Good, Self::Full, Self::Declined, Self::Poor, Self::Slow];

    /// The luck of a voyage.
    pub fn of(id: &str) -> Self {
        let named = |luck: &Self| id.starts_with(&format!("{luck:?}-"));
        Self::ALL.into_iter().find(named).unwrap_or(Self::Good)
    }
}

impl<N: Fn(&str) -> io::Result<()> + Send + Sync + 'static> World<N> {
    async fn does(&self, cx: &Cx, what: &str, id: &str) -> io::Result<()> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        (self.0)(&format!("{what} {id} {}", cx.idempotency_key()))?;
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(())
    }
}

impl<N: Fn(&str) -> io::Result<()> + Send + Sync + 'static> voyage::Activities for World<N> {
    async fn charge(&self, cx: &Cx, id: &str, room: &str) -> Result<u64, voyage::ChargeError> {
        if Luck::of(id) == Luck::Poor {
            return Err(voyage::ChargeError::Refused { why: "no funds".to_owned() });
        }
        self.does(cx, "charged", id).await?;
        Ok(room.len() as u64)
    }
}

impl<N: Fn(&str) -> io::Result<()> + Send + Sync + 'static> stay::Activities for World<N> {
    async fn hold(&self, cx: &Cx, id: &str) -> Result<String, stay::HoldError> {
        match Luck::of(id) {
            Luck::Full => return Err(stay::HoldError::NoRoom { why: "no bed".to_owned() }),
            Luck::Slow if cx.attempt() == 1 => {
                self.does(cx, "held", id).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(io::Error::other("the line is cut"))?;
            }
            _ => self.does(cx, "held", id).await?,
        }
        Ok(format!("room of {id}"))
    }

    async fn release(
        &self,
        cx: &Cx,
        id: &str,
        _: &Option<String>,
    ) -> Result<(), stay::ReleaseError> {
        Ok(self.does(cx, "released", id).await?)
    }

    async fn guarantee(&self, cx: &Cx, id: &str, _: &str) -> Result<(), stay::GuaranteeError> {
        if Luck::of(id) == Luck::Declined {
            return Err(stay::GuaranteeError::Declined { why: "no guarantee".to_owned() });
        }
        Ok(self.does(cx, "guaranteed", id).await?)
    }
}

impl<N: Fn(&str) -> io::Result<()> + Send + Sync + 'static> unstay::Activities for World<N> {
    async fn give_back(
        &self,
        cx: &Cx,
        id: &str,
        room: &Option<String>,
    ) -> Result<(), unstay::GiveBackError> {
        let what = if room.is_some() { "gave-back" } else { "looked-for" };
        Ok(self.does(cx, what, id).await?)
    }
}
