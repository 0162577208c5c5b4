//! What was overdue when the program started comes in the order of its deadlines.
//!
//! Instances that ran when the program ended are all brought here before anything else happens. Of
//! those at rest the keeper tells, the earliest first, so many at a time, and each has to be loaded.
//! A timer waits as long as one may come that was due before it; an instance that somebody asks for
//! does not.

use super::{Place, Shard};
use crate::engine::message::Address;
use crate::store::Millis;
use std::collections::{BTreeMap, VecDeque};

/// What keeps timers back.
#[derive(Default)]
pub(super) struct Overdue {
    /// All at rest that are due at this time or before were told of; none yet.
    told: Option<Millis>,
    /// Those of them that are being loaded, with when they are due.
    loading: BTreeMap<Address, Millis>,
}

impl Shard {
    /// True until all instances are here that ran when the program ended.
    pub(super) fn is_gathering(&self) -> bool {
        self.overdue.as_ref().is_some_and(|overdue| overdue.told.is_none())
    }

    /// Timers that are due later wait for others.
    pub(super) fn fires_until(&self) -> Millis {
        let Some(Overdue { told, loading }) = &self.overdue else { return Millis::MAX };
        let first = loading.values().copied().min();
        told.unwrap_or(0).min(first.unwrap_or(Millis::MAX))
    }

    /// An instance at rest is due.
    pub(super) fn due(&mut self, address: Address, due: Millis) {
        match self.places.get(&address) {
            Some(Place::At(id)) => return self.ready.push_back(*id),
            Some(Place::Loading(_)) => {}
            None if self.stopping.is_some() => return,
            None => self.want(address.clone(), VecDeque::new()),
        }
        if let Some(overdue) = &mut self.overdue {
            overdue.loading.insert(address, due);
        }
    }

    /// So far has been told what is due.
    pub(super) fn told(&mut self, until: Millis) {
        if let Some(overdue) = &mut self.overdue {
            overdue.told = Some(until);
            self.end_overdue();
        }
    }

    /// What was asked for is here, or cannot be had.
    pub(super) fn is_here(&mut self, address: &Address) {
        if let Some(overdue) = &mut self.overdue {
            overdue.loading.remove(address);
            self.end_overdue();
        }
    }

    fn end_overdue(&mut self) {
        let is_over =
            |overdue: &Overdue| overdue.told == Some(Millis::MAX) && overdue.loading.is_empty();
        self.overdue.take_if(|overdue| is_over(overdue));
    }

    /// Somebody waits no more, which may let an instance leave memory.
    pub(super) fn unwatched(&mut self, address: &Address) {
        if let Some(Place::At(id)) = self.places.get(address) {
            self.ready.push_back(*id);
        }
    }
}
