//! Instances of another shape: what `migrate` blocks and [`Migrate`] do with them, and how they are
//! carried over.
//!
//! * [`migrating`]: an instance on its way, as both see it.
//! * [`carry`]: what becomes of it, by the rules of [`shape`](crate::shape); [`place`]: where it is
//!   then; [`pending`]: what it waits for.

mod carry;
mod migrating;
mod pending;
mod place;

pub(super) use carry::{Carried, Defaults, carry};
pub use migrating::{MigrateError, Migrating};

/// Makes instances of an old version into ones of the present, where the words of a `migrate` block
/// are not enough. Given to [`Builder::migrate`](super::Builder::migrate).
///
/// What it does not touch is carried over as without it: states and fields that are the same, timers,
/// activities, deferred events. It runs when the instance is next needed, and its result is durable
/// before anything else happens with the instance. It may run again then, so it should give the same
/// for the same.
///
/// ```
/// use serde::Deserialize;
/// use statewright::engine::{Migrate, MigrateError, Migrating};
///
/// /// Version 1 had one text where version 2 has a list.
/// struct Lines;
///
/// #[derive(Deserialize)]
/// struct Old {
///     text: String,
/// }
///
/// impl Migrate for Lines {
///     fn from(&self) -> u64 {
///         1
///     }
///
///     fn migrate(&self, instance: &mut Migrating) -> Result<(), MigrateError> {
///         let old: Old = instance.context()?;
///         let lines: Vec<&str> = old.text.lines().collect();
///         instance.set("lines", &lines)?;
///         if instance.is_in("Faxing") {
///             instance.enter("Faxing", "Mailing", &())?;
///         }
///         Ok(())
///     }
/// }
/// # let _ = Lines;
/// ```
pub trait Migrate: Send + Sync + 'static {
    /// The version whose instances it takes. Those of an older one come through the migrations in
    /// between.
    fn from(&self) -> u64;

    /// Changes an instance.
    ///
    /// # Errors
    /// It cannot; the instance is parked, and the error says why.
    fn migrate(&self, instance: &mut Migrating) -> Result<(), MigrateError>;
}
