//! What is doubted about fan-outs: how many calls there are, whether their join can succeed, what is left
//! of those that lose, and votes that nobody wins.

pub(super) mod herd;
pub(super) mod impossible;
pub(super) mod tie;
pub(super) mod traces;
pub(super) mod unbounded;

use super::facts::Facts;
use crate::model::{FanOut, StateId};

/// The fan-outs of active states.
fn all<'m>(facts: &Facts<'m>) -> Vec<(StateId, &'m FanOut)> {
    let active = facts.tree.ids().filter(|id| facts.is_active(*id));
    active.filter_map(|id| Some((id, facts.tree.state(id).fan_out.as_ref()?))).collect()
}

/// `1 branch`, `3 branches`
fn branches(count: u32) -> String {
    if count == 1 { "1 branch".to_owned() } else { format!("{count} branches") }
}
