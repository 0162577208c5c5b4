//! Instances of another shape of a registered machine.

use super::error::{Cause, CauseKind, Versions};
use super::exact;
use super::held::{self, Held, Owed, Storable};
use super::migration::{Carried, Defaults, Migrate, Migrating, carry};
use super::part::last_state;
use crate::activity::said;
use crate::chart::Durable;
use crate::core::Core;
use crate::definition::Definition;
use crate::shape::{Comparison, Document};
use crate::snapshot::has_data;
use crate::store::{Instance, Millis, Shape, ShapeId};
use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An instance that was carried over, and what it has decided and not done.
pub(super) type Renewed<C> = (Core<C>, Owed<C>);

/// What a registered machine knows of others that it was.
pub(super) struct Renewal {
    /// Migrations in Rust.
    migrations: Vec<Arc<dyn Migrate>>,
    /// Every instance of an old shape asks for the same.
    comparisons: Mutex<HashMap<ShapeId, Arc<Comparison>>>,
}

impl Renewal {
    pub(super) fn new(migrations: Vec<Arc<dyn Migrate>>) -> Self {
        Self { migrations, comparisons: Mutex::default() }
    }

    /// The instance as the present machine has it.
    ///
    /// # Errors
    /// It cannot go on, and why.
    pub(super) fn renew<C, H>(
        &self,
        stored: &Instance,
        old: Option<&Shape>,
        now: Millis,
    ) -> Result<Renewed<C>, Cause>
    where
        C: Storable + Durable<H>,
    {
        let definition = C::definition();
        let refused = |why: String| cannot_go_on(definition, old, &why);
        let unknown = || refused("the store does not know the shape that it had then".to_owned());
        let old = old.filter(|old| !old.body.is_empty()).ok_or_else(unknown)?;
        let comparison = self.comparison(stored.shape, &old.body, definition.document);
        let comparison = comparison
            .map_err(|why| refused(format!("the shape that it had then cannot be read: {why}")))?;
        let state = last_state(stored).map_err(&refused)?;
        let instance = Migrating::new(Arc::clone(&comparison), &state);
        let mut instance = instance.map_err(|why| refused(why.to_string()))?;
        self.migrate::<C, H>(&comparison, &mut instance).map_err(&refused)?;
        let mut defaults = Defaults::default();
        C::defaults(&mut defaults).map_err(|error| refused(error.to_string()))?;
        let carried = carry(&comparison, &instance, &defaults);
        let carried = carried.map_err(|mut reasons| {
            // Many events that are put off have one reason.
            let mut told = BTreeSet::new();
            reasons.retain(|reason| told.insert(reason.clone()));
            refused(reasons.join(". Also, "))
        })?;
        revive::<C, H>(carried, now).map_err(refused)
    }

    fn comparison(&self, id: ShapeId, old: &str, new: &str) -> Result<Arc<Comparison>, String> {
        let mut known = self.comparisons.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(comparison) = known.get(&id) {
            return Ok(Arc::clone(comparison));
        }
        let comparison = Comparison::new(Document::parse(old)?, Document::parse(new)?);
        let comparison = Arc::new(comparison);
        known.insert(id, Arc::clone(&comparison));
        Ok(comparison)
    }

    /// Does what migrations say, from the instance's version to the present one.
    fn migrate<C, H>(&self, comparison: &Comparison, instance: &mut Migrating) -> Result<(), String>
    where
        C: Storable + Durable<H>,
    {
        let way = comparison.old.version..comparison.new.version;
        let by_hand = self.migrations.iter().map(|migration| migration.from());
        let versions: BTreeSet<u64> =
            C::MIGRATIONS.iter().copied().chain(by_hand).filter(|v| way.contains(v)).collect();
        for version in versions {
            let by_hand = self.migrations.iter().find(|migration| migration.from() == version);
            let migrated = catch_unwind(AssertUnwindSafe(|| match by_hand {
                Some(migration) => migration.migrate(instance),
                None => C::migrate(version, instance),
            }));
            let why = match migrated {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(panic) => format!("panicked: {}", said(&*panic)),
            };
            return Err(format!("`migrate from {version}`: {why}"));
        }
        Ok(())
    }
}

/// Why an instance of another shape is not carried over.
pub(super) fn cannot_go_on(definition: &Definition, old: Option<&Shape>, why: &str) -> Cause {
    let Definition { name, version, .. } = definition;
    let made = match old {
        Some(old) => format!("made by version {} of `{name}`", old.version),
        None => format!("made by another version of `{name}`"),
    };
    let message = format!("{made}, and version {version} cannot go on with it: {why}");
    let versions = old.map(|old| Versions { made_by: old.version, registered: *version });
    Cause { versions, ..Cause::new(CauseKind::Incompatible, message) }
}

/// The instance in memory, with everything that it lacked.
fn revive<C, H>(carried: Carried, now: Millis) -> Result<Renewed<C>, String>
where
    C: Storable + Durable<H>,
{
    let held: Held<C> = exact::to(&carried.whole)
        .map_err(|error| format!("it cannot be read as one of the present machine: {error}"))?;
    let (mut core, mut owed) =
        held::restore_without_data(held).map_err(|error| error.to_string())?;
    core.now = core.now.max(Duration::from_millis(now));
    core.revoked.extend(carried.revoked);
    owed.courses.keep(&core.invocations);
    let supplied = catch_unwind(AssertUnwindSafe(|| {
        carried.lacks.iter().try_for_each(|lack| C::supply(&mut core, *lack))
    }));
    match supplied {
        Ok(Ok(())) if has_data(&core) => Ok((core, owed)),
        Ok(Ok(())) => Err("the data of an active state is missing".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(format!("panicked: {}", said(&*panic))),
    }
}
