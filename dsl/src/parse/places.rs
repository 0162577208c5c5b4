//! Which words may begin a statement, and where.

/// A kind of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Machine,
    State,
    Context,
    Struct,
    Enum,
    Policy,
    Human,
    Calls,
    Steps,
    Scenario,
    Migrate,
    // Only tools read scripts.
    #[cfg_attr(not(feature = "tools"), allow(dead_code))]
    Script,
}

const TOP: &[&str] = &["use", "import", "enum", "struct", "machine", "durable", "scenario"];

const DECLARATIONS: &[&str] = &[
    "key",
    "context",
    "event",
    "events",
    "output",
    "outputs",
    "error",
    "transient",
    "guard",
    "fn",
    "action",
    "activity",
    "policy",
    "property",
    "migrate",
    "scenario",
];

const STATE: &[&str] = &[
    "state",
    "initial",
    "final",
    "parallel",
    "saga",
    "loop",
    "region",
    "entry",
    "exit",
    "on",
    "after",
    "every",
    "always",
    "defer",
    "ignore",
    "invariant",
    "invoke",
    "human",
    "fan_out",
    "step",
    "pivot",
    "concurrent",
    "until",
];

const POLICY: &[&str] =
    &["timeout", "deadline", "retry", "circuit_breaker", "bulkhead", "rate_limit"];

const HUMAN: &[&str] = &["assign", "title", "remind", "escalate", "timeout"];

const SCENARIO: &[&str] = &["given", "send", "after", "expect"];

const MIGRATE: &[&str] = &["old", "state", "set"];

impl Place {
    /// The words that begin a statement here; empty where any name does.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        let (first, second): (&[&str], &[&str]) = match self {
            Place::Top => (TOP, &[]),
            Place::Machine => (DECLARATIONS, STATE),
            Place::State => (STATE, &[]),
            Place::Policy => (POLICY, &[]),
            Place::Human => (HUMAN, &[]),
            Place::Calls => (&["call"], &[]),
            Place::Steps => (&["step", "pivot"], &[]),
            Place::Scenario | Place::Script => (SCENARIO, &[]),
            Place::Migrate => (MIGRATE, &[]),
            Place::Context | Place::Struct | Place::Enum => (&[], &[]),
        };
        first.iter().chain(second).copied()
    }

    /// True if a statement here can begin with this word.
    pub(super) fn begins(self, word: &str) -> bool {
        self.words().any(|w| w == word)
    }

    /// True where entries begin with any name: fields and variants.
    pub(super) fn takes_names(self) -> bool {
        matches!(self, Place::Context | Place::Struct | Place::Enum)
    }

    /// What stands here, with its article.
    pub(super) fn entry(self) -> &'static str {
        match self {
            Place::Top => "`machine`, `scenario`, `enum`, `struct`, `use` or `import`",
            Place::Machine => "a statement of the machine",
            Place::State => "a statement of the state",
            Place::Context | Place::Struct => "a field `name: Type`",
            Place::Enum => "the name of a variant",
            Place::Policy => "a setting of the policy",
            Place::Human => "a line of the human step",
            Place::Calls => "`call name: activity(..)`",
            Place::Steps => "`step name: activity(..)`",
            Place::Scenario => "a step of the scenario",
            Place::Migrate => "`old(..)`, `state Old -> New` or `set field = ..`",
            Place::Script => "an event or `after DURATION`",
        }
    }

    /// What this place is called.
    pub(super) fn called(self) -> &'static str {
        match self {
            Place::Top => "at the top of a file",
            Place::Machine => "in a machine",
            Place::State => "in a state",
            Place::Context => "in a context",
            Place::Struct => "in a struct",
            Place::Enum => "in an enum",
            Place::Policy => "in a policy",
            Place::Human => "in a human step",
            Place::Calls => "in a fan-out",
            Place::Steps => "in a block of concurrent steps",
            Place::Scenario => "in a scenario",
            Place::Migrate => "in a migration",
            Place::Script => "in a script",
        }
    }
}

/// Where a statement that begins with this word belongs.
pub(super) fn home(word: &str) -> Option<&'static str> {
    let homes: [(&[&str], &str); 6] = [
        (TOP, "at the top of the file"),
        (DECLARATIONS, "directly in a machine"),
        (STATE, "in a machine or a state"),
        (POLICY, "in a policy"),
        (HUMAN, "in a human step"),
        (SCENARIO, "in a scenario"),
    ];
    homes.into_iter().find(|(words, _)| words.contains(&word)).map(|(_, home)| home)
}
