//! How a run ends: 0 if all is well, 1 if the machines are not, or an instance has refused, 2 if the
//! program could not do what it was asked.

/// The end of a run that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Clean, or warnings only.
    Fine,
    /// Errors, denied warnings, a file that is out of date, or an instance that refuses.
    Wrong,
    /// A file could not be read; it has been reported.
    Unreadable,
}

impl Outcome {
    /// The worse of two.
    pub(crate) fn and(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Self::Unreadable, _) | (_, Self::Unreadable) => Self::Unreadable,
            (Self::Wrong, _) | (_, Self::Wrong) => Self::Wrong,
            _ => Self::Fine,
        }
    }
}

/// Why a run could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was asked makes no sense.
    Usage(String),
    /// It makes sense, and cannot be done with what is there: why, and what can be done instead.
    Refused(String),
    /// Reading or writing failed: of what, and why.
    Io(String, std::io::Error),
    /// Who reads has seen enough, as in `statewright ls .. | head`, and the rest is not looked at.
    Closed,
}
