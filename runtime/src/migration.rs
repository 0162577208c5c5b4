//! What the compiler writes for instances that another shape of the machine has made.

use crate::error::StepError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What an instance still lacks when it has been carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The defaults of a state's data that is not there.
    Data(u16),
    /// When a state was entered.
    Entered(u16),
    /// A timer.
    Timer(u16),
    /// What an `invoke` asks for.
    Invoke(u16),
    /// What entering a final state completes.
    Completion(u16),
}

/// Takes values by their names.
pub trait Values {
    /// One of them.
    fn value<T: Serialize>(&mut self, name: &'static str, value: &T);
}

/// An instance on its way from an old version, as a `migrate` block sees it. States go by their
/// paths, `Working.Charging`.
pub trait Migration {
    /// Why it does not get there.
    type Error: From<StepError>;

    /// The old context, or what is read of it.
    ///
    /// # Errors
    /// It is not as it is read.
    fn old<T: DeserializeOwned>(&self) -> Result<T, Self::Error>;

    /// The data of an old state, or what is read of it, if the instance is in it.
    ///
    /// # Errors
    /// It is not as it is read.
    fn data<T: DeserializeOwned>(&self, state: &str) -> Result<Option<T>, Self::Error>;

    /// Enters states instead of an old one that the instance is in.
    fn enter(&mut self, old: &str, new: &[&str]);

    /// Data of a state that is entered.
    ///
    /// # Errors
    /// A type of the user's own refuses.
    fn give<T: Serialize>(&mut self, state: &str, name: &str, value: &T)
    -> Result<(), Self::Error>;

    /// A field of the new context.
    ///
    /// # Errors
    /// A type of the user's own refuses.
    fn set<T: Serialize>(&mut self, field: &str, value: &T) -> Result<(), Self::Error>;
}
