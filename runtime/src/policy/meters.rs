//! What is counted of policies.

use super::breaker::Phase;
use metrics::{counter, gauge};

/// Says what the names mean, for whoever shows them.
pub(crate) fn describe() {
    use metrics::{describe_counter, describe_gauge};
    describe_gauge!(
        "statewright_circuit_open",
        "1 while the circuit of a policy is open, 0.5 while it is half open, 0 while it is closed"
    );
    describe_counter!(
        "statewright_circuit_changes_total",
        "Changes of the circuit of a policy, by what it became"
    );
    describe_counter!(
        "statewright_attempts_total",
        "Attempts at calls under a policy, by policy and outcome"
    );
}

pub(super) fn circuit_changed(policy: &'static str, phase: Phase) {
    let (name, value) = match phase {
        Phase::Closed => ("closed", 0.0),
        Phase::HalfOpen => ("half_open", 0.5),
        Phase::Open => ("open", 1.0),
    };
    gauge!("statewright_circuit_open", "policy" => policy).set(value);
    counter!("statewright_circuit_changes_total", "policy" => policy, "to" => name).increment(1);
    tracing::warn!(policy, circuit = name, "a circuit has changed");
}

pub(super) fn attempt(policy: &'static str, outcome: &'static str) {
    let labels = [("policy", policy), ("outcome", outcome)];
    counter!("statewright_attempts_total", &labels).increment(1);
}
