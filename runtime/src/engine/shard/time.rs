//! When residents are due, and when they leave memory.

use super::{Place, Shard};
use crate::engine::resident::{Committing, End};
use crate::store::{InstanceId, Millis};
use std::collections::VecDeque;
use tokio::time::Instant;

impl Shard {
    /// Notes when an instance is due next, and since when it has nothing to do.
    pub(super) fn settle(&mut self, id: InstanceId) {
        let Some((_, resident)) = self.residents.get_mut(&id) else { return };
        let due = resident.live.deadline();
        let before = std::mem::replace(&mut resident.due, due);
        if resident.is_idle() && resident.idle.is_none() {
            let now = self.shared.time.millis();
            resident.idle = Some(now);
            self.idle.push_back((now, id));
        }
        if before != due {
            self.forget_due(id, before);
            self.deadlines.extend(due.map(|due| (due, id)));
        }
    }

    pub(super) fn forget_due(&mut self, id: InstanceId, due: Option<Millis>) {
        if let Some(due) = due {
            self.deadlines.remove(&(due, id));
        }
    }

    pub(super) fn wake_due(&mut self) {
        let now = self.shared.time.millis();
        let until = now.min(self.fires_until());
        let mut woken = Vec::new();
        while let Some((due, id)) = self.deadlines.first().copied().filter(|(due, _)| *due <= until)
        {
            self.deadlines.remove(&(due, id));
            if let Some((_, resident)) = self.residents.get_mut(&id) {
                resident.due = None;
                woken.push(id);
            }
        }
        // Before all that has something else to do, which would fire what is behind.
        woken.into_iter().rev().for_each(|id| self.ready.push_front(id));
    }

    pub(super) fn rest_idle(&mut self) {
        if self.stopping.is_some() {
            // What ran has been dropped, so that those with something to do look as if they had not.
            // All are written when the shard is quiet.
            return self.idle.clear();
        }
        let (now, limit) = (self.shared.time.millis(), self.idle_millis());
        while let Some((since, id)) = self.idle.front().copied() {
            if since.saturating_add(limit) > now {
                break;
            }
            self.idle.pop_front();
            let Some((_, resident)) = self.residents.get(&id) else { continue };
            if resident.idle != Some(since) || !resident.is_idle() {
                continue;
            }
            self.at_work = Some((id, None));
            if resident.is_dirty {
                let end = Some(End::Idle);
                self.commit(id, Committing { end, ..Committing::default() });
            } else {
                self.leave(id, &End::Idle);
            }
            self.at_work = None;
        }
    }

    pub(super) fn look_again(&mut self) {
        let now = Instant::now();
        while self.later.front().is_some_and(|(at, _)| *at <= now) {
            let Some((_, address)) = self.later.pop_front() else { break };
            match self.places.get(&address) {
                None => self.want(address, VecDeque::new()),
                Some(Place::Loading(_)) => self.wanted.push(address),
                Some(Place::At(_)) => {}
            }
        }
    }
}
