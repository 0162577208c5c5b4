//! `loop state`: a composite whose content begins anew when it has come to its end.
//!
//! What the model gets is the core of the language: data that count the rounds and remember what
//! `until` compares, one choice on completion (`until`, else `max`, else the next round), and one
//! timer for `deadline`. What is written once is resolved once, so that a mistake is told once.

mod between;
mod until;

use crate::ast::{self, Name, TriggerKind};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Branch, Effect, Expr, ExprKind, IntTy, Param, ReactionId, StateId, StateKind, Target, Ty,
};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::span::Span;
use until::Until;

/// What the number of the round is called.
const ROUND: &str = "round";

/// Of what counts rounds.
const COUNT: Ty = Ty::Int(IntTy::U32);

/// The data in which a loop counts its rounds.
pub(in crate::resolve) fn round(span: Span) -> Param {
    data(ROUND, Expr { kind: ExprKind::Int(1), ty: COUNT, span })
}

/// Data that nobody has declared.
fn data(name: &str, default: Expr) -> Param {
    let name = Name { text: name.to_owned(), span: default.span };
    let ty = default.ty.clone();
    Param { name, ty, default: Some(default), docs: Vec::new(), made: true }
}

/// What is known of one loop.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    max: Option<Expr>,
    deadline: Option<Expr>,
    until: Vec<Until>,
    /// What `change(..)` looks at, with the data that hold what it was.
    changes: Vec<(Expr, u32)>,
    /// Data behind the declared ones.
    data: Vec<Param>,
    converged: Option<Way>,
    exhausted: Option<Way>,
}

/// `on converged ..`, `on exhausted ..`
#[derive(Clone, Debug)]
struct Way {
    effects: Vec<Effect>,
    branches: Vec<Branch>,
    choice: bool,
    /// The words up to the end of the trigger.
    head: Span,
    span: Span,
}

impl<'a> Ctx<'a, '_> {
    /// `max` and `deadline`.
    pub(super) fn begin_loop(&mut self, id: StateId, written: &'a ast::State) {
        let scope = Scope::of(id);
        let max = written.max.as_ref().map(|max| self.expr(scope, max, Want::new(&COUNT)));
        if let Some(Expr { kind: ExprKind::Int(0), span, .. }) = max {
            self.ill_formed(span, "a loop has at least one round", "no round at all");
        }
        let deadline = written.deadline.as_ref();
        let deadline = deadline.map(|time| self.expr(scope, time, Want::new(&Ty::Duration)));
        if let Some(Expr { kind: ExprKind::Duration(0), span, .. }) = deadline {
            self.ill_formed(span, "the rounds of a loop take some time", "no time at all");
        }
        self.outside.loops.insert(id, Rounds { max, deadline, ..Rounds::default() });
    }

    /// True for the triggers that come between the rounds of a loop.
    pub(in crate::resolve) fn is_between_rounds(
        &self,
        id: StateId,
        written: &ast::Trigger,
    ) -> bool {
        let TriggerKind::Name(name) = &written.kind else { return false };
        let is_word = matches!(name.text.as_str(), "converged" | "exhausted" | "done");
        let is_event = self.symbols.events.get(&name.text).is_some();
        is_word && !is_event && self.outside.loops.contains_key(&id)
    }

    /// `on converged`, `on exhausted`; and `on done`, which is what the loop itself waits for.
    pub(in crate::resolve) fn between_rounds(
        &mut self,
        id: StateId,
        written: &'a ast::Trigger,
        reaction: &'a ast::Reaction,
        span: Span,
    ) {
        let TriggerKind::Name(name) = &written.kind else { return };
        if name.text == "done" {
            let owner = self.tree.get(id);
            let diagnostic = Diagnostic::new(
                Code::IllFormedLoop,
                written.span,
                "the end of a round leads to the next one",
            );
            self.error(
                diagnostic
                    .at("the loop itself waits for this")
                    .label(owner.span, format!("`{}` is a loop", owner.name.text))
                    .help(
                        "do it on `entry` of the final state; what ends the loop is `on converged` \
                         and `on exhausted`",
                    ),
            );
        } else {
            let (_, payload) = self.trigger(id, written);
            if let Some(pattern) = &written.pattern {
                self.bindings(Some(pattern), payload);
            }
        }
        // A name that the pattern binds has had its error.
        let scope = Scope { reaction: ReactionId(self.reactions.len() as u32), ..Scope::of(id) };
        let (effects, branches) = self.outcomes(id, scope, reaction);
        let head = Span { end: written.span.end, ..span };
        let way = Way { effects, branches, choice: reaction.choice, head, span };
        let Some(rounds) = self.outside.loops.get_mut(&id) else { return };
        let place = match name.text.as_str() {
            "converged" => &mut rounds.converged,
            "exhausted" => &mut rounds.exhausted,
            _ => return,
        };
        if let Some(first) = place {
            let first = first.head;
            let message = format!("`{}` is handled twice in one state", name.text);
            self.error(
                Diagnostic::new(Code::HandledTwice, head, message)
                    .at("the second handler")
                    .label(first, "the first is here")
                    .help("make one choice of them: `on .. { if .. -> A  else -> B }`"),
            );
            return;
        }
        *place = Some(way);
    }

    /// What a loop needs to go round and to end, and the reactions that make it do so.
    pub(in crate::resolve) fn end_loop(&mut self, id: StateId, written: &'a ast::State) {
        let Some(rounds) = self.outside.loops.remove(&id) else { return };
        let before = self.d.len();
        self.has_an_end(id, &rounds);
        self.has_its_ways(id, &rounds);
        if self.d.len() == before {
            self.add_reactions(id, written, rounds);
        }
    }

    /// A round ends with a final state, and so do the rounds.
    fn has_an_end(&mut self, id: StateId, rounds: &Rounds) {
        let owner = self.tree.get(id);
        let name = &owner.name.text;
        let mut children = owner.children.iter().map(|child| self.tree.get(*child));
        if !children.any(|child| child.kind == StateKind::Final) {
            self.error(
                Diagnostic::new(
                    Code::IllFormedLoop,
                    owner.span,
                    format!("no round of `{name}` ever ends"),
                )
                .at("has no final state")
                .help("end each round in a `final state`"),
            );
        }
        if rounds.max.is_none() && rounds.deadline.is_none() {
            self.error(
                Diagnostic::new(
                    Code::IllFormedLoop,
                    owner.span,
                    format!("nothing bounds the rounds of `{name}`"),
                )
                .at("might go on for ever")
                .help(format!(
                    "say how many there are at most, `{name} max 10`, or how long they may take, \
                     `{name} deadline 1h`"
                )),
            );
        }
    }

    /// Everything that ends the rounds leads somewhere.
    fn has_its_ways(&mut self, id: StateId, rounds: &Rounds) {
        let owner = self.tree.get(id);
        let name = &owner.name.text;
        match (&rounds.converged, rounds.until.first()) {
            (None, Some(until)) => {
                let message = format!("`{name}` does not say what comes when its `until` holds");
                self.error(
                    Diagnostic::new(Code::IllFormedLoop, until.span, message)
                        .at("leads nowhere")
                        .help("say where the loop goes: `on converged -> State`"),
                );
            }
            (Some(way), None) => {
                let message = format!("`{name}` never converges");
                self.error(
                    Diagnostic::new(Code::IllFormedLoop, way.head, message)
                        .at("never happens")
                        .help("say when it does: `until CONDITION`"),
                );
            }
            _ => {}
        }
        let bounds = [("max", &rounds.max), ("deadline", &rounds.deadline)];
        let bound = bounds.into_iter().find_map(|(word, bound)| Some((word, bound.as_ref()?)));
        if let (None, Some((word, bound))) = (&rounds.exhausted, bound) {
            let message = format!("`{name}` does not say what comes when its `{word}` is reached");
            self.error(
                Diagnostic::new(Code::IllFormedLoop, bound.span, message)
                    .at("leads nowhere")
                    .help("say where the loop goes: `on exhausted -> State`"),
            );
        }
        for (way, last) in [(&rounds.converged, false), (&rounds.exhausted, true)] {
            way.iter().for_each(|way| self.leads_on(way, last));
        }
    }

    /// A loop that is over and stays would stand in the final state of its last round.
    fn leads_on(&mut self, way: &Way, last: bool) {
        if let Some(branch) = way.branches.iter().find(|branch| branch.target == Target::Stay) {
            let message = "the loop is over, and this leads nowhere";
            self.error(
                Diagnostic::new(Code::IllFormedLoop, branch.span, message)
                    .at("the loop would stand still")
                    .help("say where it goes: `-> State`"),
            );
        }
        let is_certain = way.branches.iter().any(Branch::always_holds);
        if let Some(first) = way.effects.first().filter(|_| !is_certain) {
            let message = "something is done before the choice, so one branch must be taken";
            self.error(
                Diagnostic::new(Code::MissingElse, first.span, message)
                    .at("done before any guard is read")
                    .label(way.span, "no branch without a guard")
                    .help("add `else ..`, or do it in the branches"),
            );
        } else if last && !is_certain {
            let message = "the loop may be over and lead nowhere";
            self.error(
                Diagnostic::new(Code::IllFormedLoop, way.head, message)
                    .at("stands still if no guard holds")
                    .help("add a branch without a guard, as `else -> State`"),
            );
        }
    }

    fn ill_formed(&mut self, span: Span, message: &str, label: &str) {
        self.error(Diagnostic::new(Code::IllFormedLoop, span, message).at(label));
    }
}
