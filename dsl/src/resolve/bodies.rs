//! What stands in the braces of states: one walk in document order.

use super::annotations::{self, Subject};
use super::ctx::{Ctx, Scope, Want};
use super::print;
use crate::ast::{self, StateItem, StateItemKind};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Effect, EventId, Expr, ExprKind, FanOut, Initial, Invariant, Invoke, Param, ReactionId, Rounds,
    StateId, StateKind, Ty,
};
use crate::span::Span;

/// What a state does, to be put into the tree at the end.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) entry: Vec<Effect>,
    pub(super) exit: Vec<Effect>,
    pub(super) initial: Option<Initial>,
    pub(super) invoke: Option<Invoke>,
    pub(super) fan_out: Option<FanOut>,
    pub(super) reactions: Vec<ReactionId>,
    pub(super) defer: Vec<(EventId, Span)>,
    pub(super) ignore: Vec<(EventId, Span)>,
    /// The defaults of its data.
    pub(super) defaults: Vec<Option<Expr>>,
    /// Data behind those that were declared.
    pub(super) more_data: Vec<Param>,
    pub(super) rounds: Option<Rounds>,
}

impl<'a> Ctx<'a, '_> {
    /// The statements of a state and of all states in it. `next` is the first id inside.
    pub(super) fn items(
        &mut self,
        id: StateId,
        items: impl Iterator<Item = &'a StateItem> + Clone,
        next: &mut u32,
    ) {
        self.outside_items(id, items.clone());
        for item in items {
            match &item.kind {
                StateItemKind::State(state) => self.inner(state, item.span, next),
                _ => {
                    let subject = (Subject::Other("a statement"), &item.meta);
                    annotations::check(subject, item.span, &mut self.allows, self.d);
                    self.item(id, item);
                }
            }
        }
        self.timeout_is_heard(id);
    }

    fn inner(&mut self, written: &'a ast::State, covers: Span, next: &mut u32) {
        let id = StateId(*next);
        *next += 1;
        let covers = covers.to(written.span);
        let subject = (Subject::of(written), &written.meta);
        annotations::check(subject, covers, &mut self.allows, self.d);
        self.data_defaults(id, written);
        self.loop_options(id, written);
        let items = written.items.as_deref().unwrap_or_default();
        self.items(id, items.iter(), next);
        self.end_loop(id, written);
    }

    fn data_defaults(&mut self, id: StateId, written: &'a ast::State) {
        let tree = self.tree;
        let data = &tree.get(id).data;
        let defaults: Vec<Option<Expr>> = written
            .params
            .iter()
            .zip(data)
            .map(|(written, param)| {
                let default = written.default.as_ref()?;
                Some(self.expr(Scope::CONSTANT, default, Want::param(param)))
            })
            .collect();
        self.bodies[id.index()].defaults = defaults;
    }

    fn item(&mut self, id: StateId, item: &'a StateItem) {
        match &item.kind {
            StateItemKind::State(_) => {}
            StateItemKind::Initial(initial) => self.initial(id, initial),
            StateItemKind::On(trigger, reaction) => self.on(id, trigger, reaction, item.span),
            StateItemKind::After(delay, reaction) => {
                let delay = self.delay(id, delay);
                self.timed(id, crate::model::Trigger::After(delay), reaction, item.span);
            }
            StateItemKind::Every(period, reaction) => {
                let period = self.delay(id, period);
                if period.kind == ExprKind::Duration(0) {
                    let message = "a period of zero would never let time pass";
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, period.span, message)
                            .help("what happens at once, once, is `after 0s` or `always`"),
                    );
                }
                self.timed(id, crate::model::Trigger::Every(period), reaction, item.span);
            }
            StateItemKind::Always(reaction) => {
                self.timed(id, crate::model::Trigger::Always, reaction, item.span);
            }
            StateItemKind::Entry(effects) => {
                let effects = self.effects(Scope::of(id), effects);
                self.bodies[id.index()].entry.extend(effects);
            }
            StateItemKind::Exit(effects) => {
                let effects = self.effects(Scope::of(id), effects);
                self.bodies[id.index()].exit.extend(effects);
            }
            StateItemKind::Defer(events) => {
                let events = self.events(events);
                self.bodies[id.index()].defer.extend(events);
            }
            StateItemKind::Ignore(events) => {
                let events = self.events(events);
                self.bodies[id.index()].ignore.extend(events);
            }
            StateItemKind::Invariant(condition) => self.invariant(id, condition, item.span),
            // Those of the outside have been resolved before, since handlers name their results.
            _ => {}
        }
    }

    fn delay(&mut self, id: StateId, delay: &'a ast::Expr) -> Expr {
        self.expr(Scope::of(id), delay, Want::new(&Ty::Duration))
    }

    fn events(&mut self, names: &'a [ast::Name]) -> Vec<(EventId, Span)> {
        names.iter().filter_map(|name| Some((self.event(name)?, name.span))).collect()
    }

    fn invariant(&mut self, state: StateId, condition: &'a ast::Expr, span: Span) {
        let expr = self.expr(Scope::of(state), condition, Want::new(&Ty::Bool));
        let text = print::expr(condition);
        self.invariants.push(Invariant { state, expr, text, span });
    }

    fn initial(&mut self, id: StateId, written: &'a ast::InitialTransition) {
        let effects = self.effects(Scope::of(id), &written.effects);
        let Some(targets) = self.initial_targets(id, &written.target) else { return };
        let body = &mut self.bodies[id.index()];
        if body.initial.is_none() {
            body.initial = Some(Initial { effects, targets, span: written.span });
        }
    }

    /// True if the state may have `initial ->`; else the tree has said so.
    pub(super) fn has_initial(&self, id: StateId) -> bool {
        matches!(self.tree.get(id).kind, StateKind::Root | StateKind::Composite | StateKind::Region)
    }
}
