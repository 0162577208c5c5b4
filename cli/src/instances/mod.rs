//! Commands on a store: what is in it is looked at, and messages are left in it, also while a program
//! runs it.
//!
//! [`open`] finds stores and instances and says why there are none, [`whole`] and [`fans`] read an
//! instance without its machine, [`answers`] what is answered to tasks; [`words`] and [`time`] are how things are shown. [`progress`] is a
//! bar for what takes long.

mod answers;
pub(crate) mod export;
mod fans;
pub(crate) mod history;
pub(crate) mod letters;
pub(crate) mod ls;
pub(crate) mod open;
mod progress;
mod prompt;
pub(crate) mod replay;
pub(crate) mod send;
pub(crate) mod show;
pub(crate) mod tasks;
pub(crate) mod time;
mod whole;
pub(crate) mod words;
