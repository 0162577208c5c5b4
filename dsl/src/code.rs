//! The catalogue: every diagnostic has a code, a severity and an explanation. The explanation is
//! the doc comment of the code; `statewright explain` prints it, and `docs/diagnostics.md` is made
//! from it. Codes are never used again for something else.

use crate::diagnostic::Severity;
use std::fmt;

macro_rules! catalogue {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $title:literal;)*) => {
        /// One entry of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name),* }

        impl Code {
            /// All entries, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The short form, as `E0102`.
            pub fn short(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// What it is about, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// The explanation: what, why, a bad and a good example, the way out. Markdown.
            pub fn explanation(self) -> String {
                let lines: &[&str] = match self { $(Code::$name => &[$($doc),+]),* };
                lines.iter().flat_map(|l| [l.strip_prefix(' ').unwrap_or(l), "\n"]).collect()
            }
        }
    };
}

catalogue! {
    /// The text does not follow the grammar.
    Syntax = "E0001", "syntax error";
    /// Blocks, parentheses or types are nested too deeply.
    TooDeep = "E0002", "nested too deeply";
    /// The construct is part of the language, but this version cannot run it yet.
    NotBuilt = "E0003", "not built yet";
    /// A file cannot be read.
    Unreadable = "E0004", "file cannot be read";
    /// Files import each other in a circle.
    ImportCycle = "E0005", "import cycle";
    /// One name is declared twice in one place.
    Duplicate = "E0101", "name declared twice";
    /// A state is named that is not declared.
    UnknownState = "E0102", "unknown state";
    /// An event, output or error is named that is not declared.
    UnknownEvent = "E0103", "unknown event, output or error";
    /// A name is used that nothing declares: a guard, fn, action, activity, policy, field or type.
    UnknownName = "E0104", "unknown name";
    /// A machine, composite state or region has no initial state, or two.
    Initial = "E0105", "no initial state, or two";
    /// A name cannot be a Rust identifier.
    NotAnIdentifier = "E0106", "name cannot be a Rust identifier";
    /// Something is declared and never used.
    Unused = "W0107", "declared and never used";
    /// No path leads to a state.
    Unreachable = "W0201", "unreachable state";
    /// A state that is not final has no way out.
    DeadEnd = "W0202", "dead end";
    /// No final state can be reached from here.
    NoTermination = "W0203", "no final state can be reached";
    /// States are nested in a way that means nothing.
    Nesting = "E0204", "ill-formed nesting";
    /// A parallel state with one region, or a composite with one child.
    Lonely = "W0205", "a single region or child";
    /// A transition names the state it is in, or one around it.
    SelfTarget = "E0208", "target is the current state or an ancestor";
    /// One event is handled twice in one state.
    HandledTwice = "E0301", "event handled twice in one state";
    /// A branch can never be taken.
    DeadBranch = "W0302", "branch can never be taken";
    /// Effects stand before a choice that has no `else`.
    MissingElse = "E0303", "effects before a choice without `else`";
    /// An event is handled in no state that can be reached.
    DeadEvent = "W0304", "event is never handled";
    /// An inner handler without a guard hides an outer one.
    HiddenHandler = "W0306", "inner handler hides an outer one";
    /// A cycle of eventless transitions without a guard.
    EventlessCycle = "E0308", "eventless cycle";
    /// Two regions leave their parallel state on the same event.
    RegionConflict = "W0310", "two regions leave on the same event";
    /// A value has the wrong type, or a call the wrong number of arguments.
    TypeMismatch = "E0401", "type or argument count mismatch";
    /// A `late` field or state data may be read before it is set.
    UnsetRead = "E0402", "may be read before it is set";
    /// A name does not follow the naming convention.
    Naming = "W0901", "naming convention";
}

impl Code {
    /// The severity that the catalogue gives it: the letter of the code.
    pub fn severity(self) -> Severity {
        if self.short().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The entry with this code, given as `E0102`, `e0102` or `flow-E0102`.
    pub fn find(text: &str) -> Option<Code> {
        let text = text.strip_prefix("flow-").unwrap_or(text);
        Self::ALL.iter().copied().find(|c| c.short().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flow-{}", self.short())
    }
}
