//! What calls end with that no machine declares, and what that is called.

use super::{Activity, ActivityKind, Declarations, Invoke, Limit, Policy, PolicyId, Work};

/// An attempt has taken longer than its policy lets it. The runtime has the same names.
pub const TIMEOUT: &str = "Timeout";

/// An attempt was not made, since what is called fails all the time.
pub const CIRCUIT_OPEN: &str = "CircuitOpen";

/// An attempt was not made, since too many run and wait already.
pub const OVERLOADED: &str = "Overloaded";

/// The attempts of a call together have taken longer than its policy lets them.
pub const DEADLINE: &str = "DeadlineExceeded";

/// A list is longer than its fan-out takes.
pub const TOO_MANY: &str = "TooManyBranches";

/// A join needs more branches than there are.
pub const TOO_FEW: &str = "TooFewBranches";

/// What a policy makes of calls.
pub const OF_POLICIES: [&str; 4] = [TIMEOUT, CIRCUIT_OPEN, OVERLOADED, DEADLINE];

/// What a child machine ends with that was not started, or was given up.
pub const NOT_RUN: [&str; 3] = ["Duplicate", "Abandoned", "TooDeep"];

/// A step of a saga was cut short: nobody waits for the instance any more.
pub const CANCELLED: &str = "Cancelled";

/// Any other error, also a panic.
pub const UNEXPECTED: &str = "Unexpected";

/// Why nobody knows whether a step of a saga was done that ends with an error of this name.
pub fn unsure(name: &str, is_machine: bool) -> Option<&'static str> {
    match name {
        CANCELLED => Some("when it is cut short"),
        _ if !is_machine && OF_POLICIES.contains(&name) => Some("by its policy"),
        _ if is_machine && NOT_RUN.contains(&name) => Some("when the machine was not run"),
        _ => None,
    }
}

/// What ends with an error of this name, which no machine declares.
pub fn maker(name: &str) -> Option<&'static str> {
    match name {
        UNEXPECTED => Some("whatever fails with an error that is not declared"),
        TOO_MANY | TOO_FEW => Some("a fan-out"),
        _ if OF_POLICIES.contains(&name) => Some("a call under a policy"),
        _ if NOT_RUN.contains(&name) => Some("a child machine that was not run"),
        _ => None,
    }
}

impl Activity {
    /// The names of the errors with which it can end under some policy, or as a machine, and that are not
    /// declared. All others are `Unexpected`.
    pub fn other_ends(&self) -> Vec<&str> {
        match self.kind {
            ActivityKind::Host => OF_POLICIES.to_vec(),
            ActivityKind::Person => Vec::new(),
            ActivityKind::Machine(_) => self.ends.iter().map(String::as_str).collect(),
        }
    }
}

impl Declarations {
    /// Those with which one call of a chain can end: 0 is the first, then come the fallbacks.
    pub fn other_ends(&self, invoke: &Invoke, call: usize, is_step: bool) -> Vec<&str> {
        let Work::Activity(activity) = invoke.work(call) else { return Vec::new() };
        let activity = &self.activities[activity.index()];
        if !activity.is_of_host() {
            return activity.other_ends();
        }
        let own = invoke.policy_of(call);
        let policy = |id: PolicyId| &self.policies[id.index()];
        // Who waits for a call of somebody else gets what the policy of that makes of it.
        let own: Vec<&Policy> = match activity.coalesce.is_some() {
            true => self.policies.iter().collect(),
            false => own.map(policy).into_iter().collect(),
        };
        let has = |limit: Limit| matches!(limit, Limit::After(_));
        let first = invoke.policy.map(policy);
        let can = |name: &&str| match *name {
            // A step of a saga that may have been done by an attempt that was cut off says so by this.
            TIMEOUT => is_step || own.iter().any(|policy| has(policy.timeout)),
            DEADLINE => own.iter().copied().chain(first).any(|policy| has(policy.deadline)),
            CIRCUIT_OPEN => own.iter().any(|policy| policy.breaker.is_some()),
            _ => own.iter().any(|policy| policy.bulkhead.is_some()),
        };
        OF_POLICIES.into_iter().filter(can).collect()
    }
}
