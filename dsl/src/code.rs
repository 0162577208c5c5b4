//! The catalogue: every diagnostic has a code, a severity and an explanation. The explanation is
//! a page in `code/`, named like the code: it is the doc comment here, `statewright explain` prints
//! it, and `docs/diagnostics.md` is made of all of them. Codes are never used again for something
//! else.

use std::fmt;

/// How serious a diagnostic is. Errors stop code generation, warnings do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The machine means nothing, or something its author cannot want.
    Error,
    /// The machine works, and is doubted.
    Warning,
}

macro_rules! catalogue {
    ($($name:ident = $code:literal, $title:literal;)*) => {
        /// One entry of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = include_str!(concat!("code/", $code, ".md"))] $name),* }

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
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("code/", $code, ".md"))),* }
            }
        }
    };
}

catalogue! {
    Syntax = "E0001", "syntax error";
    TooDeep = "E0002", "nested too deeply";
    Unreadable = "E0004", "file cannot be read";
    ImportCycle = "E0005", "import cycle";
    Duplicate = "E0101", "name declared twice";
    UnknownState = "E0102", "unknown state";
    UnknownEvent = "E0103", "unknown event, output or error";
    UnknownName = "E0104", "unknown name";
    Initial = "E0105", "no initial state, or two";
    NotAnIdentifier = "E0106", "name cannot be a Rust identifier";
    Unused = "W0107", "declared and never used";
    Unreachable = "W0201", "unreachable state";
    DeadEnd = "W0202", "dead end";
    NoTermination = "W0203", "no final state can be reached";
    Nesting = "E0204", "ill-formed nesting";
    Lonely = "W0205", "a single region or child";
    SelfTarget = "E0208", "target is the current state or an ancestor";
    HandledTwice = "E0301", "event handled twice in one state";
    DeadBranch = "W0302", "branch can never be taken";
    MissingElse = "E0303", "effects before a choice without `else`";
    DeadEvent = "W0304", "event is never handled";
    Unhandled = "W0305", "event neither handled nor ignored in a state";
    HiddenHandler = "W0306", "inner handler hides an outer one";
    EventlessCycle = "E0308", "eventless cycle";
    GuardedCycle = "W0309", "eventless cycle whose guards nothing changes";
    RegionConflict = "W0310", "two regions leave on the same event";
    LostUpdate = "W0311", "two regions set the same field on one event";
    TypeMismatch = "E0401", "type or argument count mismatch";
    UnsetRead = "E0402", "may be read before it is set";
    LostValue = "W0403", "value never used, or overwritten unread";
    SpentExit = "W0404", "only exit happens once, and may be spent";
    LeftData = "E0406", "data of a state that is left";
    Uncaught = "W0501", "an activity may fail, and nothing catches it";
    Swallowed = "W0502", "an error is caught with all others only";
    NoTimeout = "W0503", "nothing ends the wait for an activity or a person";
    RetryStorm = "W0504", "retries come at once, or all together";
    UselessRetry = "W0505", "useless or endless attempts";
    RepeatedAction = "W0506", "an action may run twice after a crash";
    EndlessCalls = "E0507", "nothing ends a cycle that calls an activity";
    NoUntil = "W0508", "loop without a test of what it has come to";
    NoTimeLeft = "W0509", "no time for an attempt, a fallback or a reminder";
    Amplified = "W0510", "retries multiply";
    DeadFallback = "W0511", "fallback that is never tried, or tried already";
    Irreversible = "W0601", "a step cannot be taken back";
    DeadCompensation = "W0602", "compensation that can never run";
    PivotOrder = "E0603", "pivot and compensations in the wrong order";
    OpenSaga = "E0604", "a saga does not say what comes of it";
    NoWayOn = "E0605", "a step behind the pivot may stop the saga";
    FrailUndo = "W0606", "a compensation is tried once only";
    OutsideEffect = "W0607", "an effect before a saga is not taken back";
    SharedStep = "E0608", "a step of a saga is shared";
    HalfDone = "W0609", "a saga is left half done";
    UnheardTimeout = "E0512", "a time that is up leads nowhere";
    IllFormedLoop = "E0513", "ill-formed loop";
    SameKey = "W0514", "a machine is started twice under the same key";
    IdleCircuit = "W0515", "a circuit does not open for what hangs";
    UnboundedFanOut = "E0701", "unbounded fan-out";
    Herd = "W0702", "many calls at once";
    ImpossibleJoin = "E0703", "join that cannot succeed";
    Traces = "W0704", "branches that lose leave something behind";
    Tie = "W0705", "a vote without outcome is not handled";
    NoKey = "E0801", "durable machine without `key`";
    NotDurable = "E0802", "message to or from a machine that is not durable";
    ShapeChanged = "E0803", "shape changed without a new version";
    Refuted = "E0804", "invariant or property does not hold";
    RunFails = "E0805", "a run ends in an error";
    Stuck = "W0806", "a run gets stuck";
    Endless = "W0807", "a run can no longer end";
    NotProved = "W0808", "not proved";
    ScenarioFails = "E0809", "scenario fails";
    KeySet = "E0810", "the key of a machine is set";
    SilentFailure = "W0811", "a failure does not say why";
    Naming = "W0901", "naming convention";
    UnusedAllow = "W0902", "`@allow` silences nothing";
}

impl Code {
    /// The severity that the catalogue gives it: the letter of the code.
    pub fn severity(self) -> Severity {
        if self.short().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// Its heading in `docs/diagnostics.md`, as links name it.
    pub fn anchor(self) -> String {
        let heading = format!("{self}-{}", self.title()).to_lowercase().replace(' ', "-");
        heading.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
    }

    /// True for what only exploring, running scenarios and comparing versions find, not compiling.
    pub fn is_explored(self) -> bool {
        matches!(
            self,
            Self::ShapeChanged
                | Self::Refuted
                | Self::RunFails
                | Self::Stuck
                | Self::Endless
                | Self::NotProved
                | Self::ScenarioFails
        )
    }

    /// True if it is looked for only where it is asked for.
    pub fn is_opt_in(self) -> bool {
        self == Self::Unhandled
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
