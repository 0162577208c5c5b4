//! W0515: a circuit opens when what it stands before hangs.
//!
//! A circuit counts attempts that have ended. One that hangs ends by the `timeout` of its policy; a `deadline`, or a
//! timer that leaves the state, cuts it off from outside, which says nothing of the service. Attempts that are tried
//! again without a `timeout` are W0505, and waits that nothing ends W0503: these are not doubted twice.

use super::calls;
use super::facts::Facts;
use super::no_timeout;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Limit, Policy};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    let endless = no_timeout::endless(facts);
    let endless: Vec<&Policy> = endless.iter().flatten().filter_map(|call| call.policy).collect();
    for policy in calls::policies(facts) {
        let is_idle = policy.breaker.is_some() && policy.timeout == Limit::Unset;
        let is_said =
            policy.retry.is_some() || endless.iter().any(|other| std::ptr::eq(*other, policy));
        if is_idle && !is_said {
            d.push(report(policy));
        }
    }
}

fn report(policy: &Policy) -> Diagnostic {
    let name = &policy.name.text;
    let message = format!("the circuit of `{name}` does not open for what hangs");
    let report = Diagnostic::new(Code::IdleCircuit, policy.place("circuit_breaker"), message)
        .at("counts attempts that have ended")
        .help("add a `timeout`, which is for each attempt, or `timeout never` if none can hang");
    match policy.deadline {
        Limit::After(_) => {
            let place = policy.place("deadline");
            report.label(place, "cuts an attempt off, which is no failure of the service")
        }
        Limit::Unset | Limit::Never => {
            report.label(policy.name.span, "sets no `timeout`, so an attempt may go on for ever")
        }
    }
}
