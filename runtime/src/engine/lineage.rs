//! Who has started an instance that cannot be read, and whom it has started: what is left of it says so, or
//! else whoever waits for it, and whoever it has started.

use super::family::{Child, Parent, Started};
use super::message::{Address, Message};
use super::part::last_state;
use super::shared::Shared;
use crate::store::{Filter, Instance, InstanceId, LetterKind, Letters, Status, StoreError, Stored};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many of its steps are looked at: each says it.
const STEPS: usize = 16;

/// So many instances are read in one go.
const PAGE: usize = 256;

/// Who belongs to an instance that cannot be read.
pub(super) struct Relatives {
    /// Who has started it, if an instance has.
    pub(super) parent: Option<Parent>,
    /// Those that it has started and waits for, by what it waits for.
    pub(super) children: Vec<(u64, Child)>,
}

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
    /// Looks who belongs to an instance; it is answered with [`Message::Relatives`].
    pub(super) fn ask_relatives(self: &Arc<Self>, shard: usize, address: Address, id: InstanceId) {
        self.read(move |shared| {
            let found = shared.relatives(&address, id);
            // A shard that is gone gives nobody up.
            let _ = shared.shards[shard].send(Message::Relatives(address, found));
        });
    }

    fn relatives(&self, address: &Address, id: InstanceId) -> Result<Relatives, StoreError> {
        let parent = match self.said_by_steps(id) {
            Some(parent) => parent,
            None => self.waiting_for(address)?,
        };
        let children = match self.said_by_state(id)? {
            Some(children) => children.into_iter().collect(),
            None => self.started_by(id)?,
        };
        Ok(Relatives { parent, children })
    }

    /// Those that an instance waits for, as its own state says; nothing if that cannot be read.
    fn said_by_state(&self, id: InstanceId) -> Result<Option<BTreeMap<u64, Child>>, StoreError> {
        let Some(Stored::Whole(instance)) = self.store.load(&[id])?.pop() else { return Ok(None) };
        let waiting = |state: &str| serde_json::from_str::<Waiting>(state).ok();
        let waiting = last_state(&instance).ok().and_then(|state| waiting(&state));
        Ok(waiting.map(|waiting| waiting.children))
    }

    /// Those that say that they were started by an instance, and those that are to be.
    fn started_by(&self, id: InstanceId) -> Result<Vec<(u64, Child)>, StoreError> {
        let mut children = Vec::new();
        self.each_that_goes_on(|instance| {
            let of = of_parent(instance).filter(|parent| parent.instance == id);
            children.extend(of.map(|parent| {
                let (machine, key) = (instance.machine.clone(), instance.key.clone());
                (parent.invocation, Child { machine, key })
            }));
            None::<()>
        })?;
        for row in self.store.letters(&Letters::default())? {
            let letter = row.letter;
            if letter.sender.instance == id && letter.kind == LetterKind::Start {
                let invocation = Started::of(&letter);
                let (machine, key) = (letter.machine, letter.key);
                children.extend(invocation.map(|id| (id, Child { machine, key })));
            }
        }
        Ok(children)
    }

    /// Looks at all that go on, until something is found.
    fn each_that_goes_on<T>(
        &self,
        mut look: impl FnMut(&Instance) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
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
                Stored::Whole(instance) => look(&instance),
                Stored::Corrupt { .. } => None,
            });
            if found.is_some() {
                return Ok(found);
            }
        }
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
        self.each_that_goes_on(|instance| parent(instance, &child))
    }
}

/// Who has started an instance, as its own state says.
fn of_parent(instance: &Instance) -> Option<Parent> {
    let state = last_state(instance).ok()?;
    // Most were started by nobody, and need not be taken apart.
    let after: After =
        state.contains("\"parent\":").then(|| serde_json::from_str(&state).ok()).flatten()?;
    after.parent
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
