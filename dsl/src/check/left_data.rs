//! E0406: what a transition sets of the data of a state is not gone with that state.
//!
//! The effects of a transition run between its exits and its entries: data of a state that it has
//! left are read by nobody any more, and entering that state anew gives them new values.

use super::entry;
use super::exprs;
use super::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Branch, Effect, EffectKind, Reaction, StateId, Target};

pub(super) fn check(facts: &Facts, d: &mut Diagnostics) {
    for reaction in &facts.model.reactions {
        for branch in reaction.branches.iter().filter(|b| b.target != Target::Stay) {
            for effect in &branch.effects {
                if let EffectKind::SetData(state, at, _) = effect.kind
                    && leaves(facts, reaction, branch, state)
                {
                    d.push(report(facts, branch, effect, state, at));
                }
            }
        }
    }
}

fn leaves(facts: &Facts, reaction: &Reaction, branch: &Branch, state: StateId) -> bool {
    let domain = entry::domain(&facts.tree, reaction.source, &branch.target);
    !domain.iter().any(|stays| facts.tree.contains(state, *stays))
}

fn report(facts: &Facts, branch: &Branch, effect: &Effect, state: StateId, at: u32) -> Diagnostic {
    let owner = facts.tree.name(state);
    let param = &facts.tree.state(state).data[at as usize];
    let name = &param.name.text;
    let message = format!("`{name}` is set when `{owner}`, whose data it is, has been left");
    let diagnostic = Diagnostic::new(Code::LeftData, effect.span, message)
        .at("nobody reads it any more")
        .label(param.name.span, format!("data of `{owner}`"));
    let target = exprs::targets(branch).first().map(|target| target.span);
    let diagnostic = match target {
        Some(target) => diagnostic.label(target, format!("leaves `{owner}`")),
        None => diagnostic,
    };
    diagnostic.help(format!(
        "keep it in a field of the context, or give it to the state that is entered; what `{owner}` \
         shall have when history brings it back is set on `exit`"
    ))
}
