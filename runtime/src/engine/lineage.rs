//! Who has started an instance that cannot be read: what is left of its steps says so, or else whoever
//! waits for it.

use super::family::{Child, Parent};
use super::message::{Address, Message};
use super::part::last_state;
use super::shared::Shared;
use crate::store::{Filter, Instance, InstanceId, Status, StoreError, Stored};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many of its steps are looked at: each says it.
const STEPS: usize = 16;

/// So many instances are read in one go.
const PAGE: usize = 256;

/// What a record says of it.
#[derive(Deserialize)]
struct Said {
    parent: Option<Parent>,
    after: Option<After>,
}

/// What the state behind a step says of it.
#[derive(Deserialize)]
struct After {
    parent: Option<Parent>,
}

/// What the state of an instance says of those that it waits for.
#[derive(Deserialize)]
struct Waiting {
    #[serde(default)]
    children: BTreeMap<u64, Child>,
}

impl Shared {
    /// Looks who has started an instance; it is answered with [`Message::Parent`].
    pub(super) fn ask_parent(self: &Arc<Self>, shard: usize, address: Address, id: InstanceId) {
        self.read(move |shared| {
            let found = match shared.said_by_steps(id) {
                Some(parent) => Ok(parent),
                None => shared.waiting_for(&address),
            };
            // A shard that is gone gives nobody up.
            let _ = shared.shards[shard].send(Message::Parent(address, found));
        });
    }

    /// What its steps say; nothing if none can be read.
    fn said_by_steps(&self, id: InstanceId) -> Option<Option<Parent>> {
        let records = self.store.history(id, 1, STEPS).ok()?;
        records.iter().find_map(|record| {
            let said: Said = serde_json::from_str(&record.body).ok()?;
            match said {
                Said { parent: Some(parent), .. } => Some(Some(parent)),
                Said { after, .. } => after.map(|after| after.parent),
            }
        })
    }

    /// The instance that waits for this one: all that go on are asked.
    fn waiting_for(&self, address: &Address) -> Result<Option<Parent>, StoreError> {
        let (machine, key) = self.names(address);
        let child = Child { machine, key };
        let mut after = 0;
        loop {
            let filter = Filter { after, limit: PAGE, ..Filter::default() };
            let page = self.store.list(&filter)?;
            let Some(last) = page.last() else { return Ok(None) };
            after = last.id;
            let goes_on = |status| matches!(status, Status::Running | Status::Parked);
            let ids: Vec<InstanceId> =
                page.iter().filter(|one| goes_on(one.status)).map(|one| one.id).collect();
            let found = self.store.load(&ids)?.into_iter().find_map(|stored| match stored {
                Stored::Whole(instance) => parent(&instance, &child),
                Stored::Corrupt { .. } => None,
            });
            if found.is_some() {
                return Ok(found);
            }
        }
    }
}

/// The instance as a parent, if it waits for this child.
fn parent(instance: &Instance, child: &Child) -> Option<Parent> {
    let state = last_state(instance).ok()?;
    // Most wait for nobody, and need not be taken apart.
    let waiting: Waiting =
        state.contains("\"children\":").then(|| serde_json::from_str(&state).ok()).flatten()?;
    let (invocation, _) = waiting.children.into_iter().find(|(_, other)| other == child)?;
    let (machine, key) = (instance.machine.clone(), instance.key.clone());
    // How many there are above counts only where another one is started.
    Some(Parent { machine, key, instance: instance.id, invocation, depth: 0 })
}
