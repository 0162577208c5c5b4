//! What was looked at, so that a run says what it has shown.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;

/// Counts, by what was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<&'static str, u64>);

impl Seen {
    /// Counts so many more.
    pub fn count(&mut self, what: &'static str, more: u64) {
        *self.0.entry(what).or_default() += more;
    }

    /// Adds all that another has counted.
    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, more)| self.count(what, *more));
    }
}

impl Index<&str> for Seen {
    type Output = u64;

    fn index(&self, what: &str) -> &u64 {
        self.0.get(what).unwrap_or(&0)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (what, count)) in self.0.iter().enumerate() {
            write!(f, "{}{count} {what}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
