//! Builds what nobody has written. Everything has the place of what it stands for.

use crate::ast::{
    Branch, Effect, EffectKind, Expr, ExprKind, Made, Meta, Modifier, Name, Outcome, Param, Part,
    Path, Pattern, Reaction, Role, State, StateItem, StateItemKind, Target, TargetKind,
    TargetState, Trigger, TriggerKind, Type,
};
use crate::span::Span;

pub(super) fn name(text: impl Into<String>, span: Span) -> Name {
    Name { text: text.into(), span }
}

pub(super) fn path(text: impl Into<String>, span: Span) -> Path {
    Path { segments: vec![name(text, span)], span }
}

/// How what is made names a state that is made.
pub(super) fn key(state: &str) -> String {
    format!("{}{state}", Part::MARK)
}

pub(super) fn expr(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

/// What a name stands for.
pub(super) fn read(text: impl Into<String>, span: Span) -> Expr {
    expr(ExprKind::Path(path(text, span)), span)
}

pub(super) fn text(value: impl Into<String>, span: Span) -> Expr {
    expr(ExprKind::String(value.into()), span)
}

pub(super) fn bool(value: bool, span: Span) -> Expr {
    expr(ExprKind::Bool(value), span)
}

pub(super) fn made(form: Made, args: Vec<Expr>, span: Span) -> Expr {
    expr(ExprKind::Made(form, args), span)
}

/// The value of an `Option` that is known to be set.
pub(super) fn sure(of: Expr, span: Span) -> Expr {
    made(Made::Sure, vec![of], span)
}

pub(super) fn field(of: Expr, field: &str, span: Span) -> Expr {
    expr(ExprKind::Field(Box::new(of), name(field, span)), span)
}

pub(super) fn some(value: Expr, span: Span) -> Expr {
    made(Made::Some, vec![value], span)
}

/// True while the state is active, which is made.
pub(super) fn is_in(state: &str, span: Span) -> Expr {
    made(Made::In, vec![read(key(state), span)], span)
}

pub(super) fn not(condition: Expr, span: Span) -> Expr {
    expr(ExprKind::Unary(crate::ast::UnaryOp::Not, Box::new(condition)), span)
}

pub(super) fn binary(op: crate::ast::BinaryOp, a: Expr, b: Expr, span: Span) -> Expr {
    expr(ExprKind::Binary(op, Box::new(a), Box::new(b)), span)
}

/// Conditions joined; `None` for none of them.
pub(super) fn joined(
    op: crate::ast::BinaryOp,
    conditions: impl IntoIterator<Item = Expr>,
    span: Span,
) -> Option<Expr> {
    conditions.into_iter().reduce(|a, b| binary(op, a, b, span))
}

pub(super) fn set(field: &str, value: Expr, span: Span) -> Effect {
    Effect { kind: EffectKind::Set(name(field, span), value), span }
}

/// A state that is made.
pub(super) fn to(state: &str, span: Span) -> Target {
    let states = vec![TargetState { path: path(key(state), span), args: None }];
    Target { kind: TargetKind::States(states), span }
}

/// To a state that is made.
pub(super) fn go(state: &str, span: Span) -> Outcome {
    Outcome::Go(to(state, span))
}

pub(super) fn branch(
    guard: Option<Expr>,
    effects: Vec<Effect>,
    outcome: Outcome,
    span: Span,
) -> Branch {
    Branch { guard, effects, outcome, span }
}

/// Branches as a reaction has them; a single one without a block.
pub(super) fn reaction(branches: Vec<Branch>, span: Span) -> Reaction {
    Reaction { effects: Vec::new(), choice: branches.len() > 1, branches, span }
}

pub(super) fn item(kind: StateItemKind, span: Span) -> StateItem {
    StateItem { meta: Meta::default(), kind, span }
}

/// `on done` and `on error`, with a name for what they carry.
pub(super) fn on(
    kind: TriggerKind,
    binding: Option<&str>,
    branches: Vec<Branch>,
    span: Span,
) -> StateItem {
    let pattern = binding.map(|text| Pattern::Positional(vec![name(text, span)], span));
    let trigger = Trigger { kind, pattern, span };
    item(StateItemKind::On(trigger, reaction(branches, span)), span)
}

pub(super) fn on_done(binding: Option<&str>, branches: Vec<Branch>, span: Span) -> StateItem {
    on(TriggerKind::Name(name("done", span)), binding, branches, span)
}

pub(super) fn on_error(binding: &str, branches: Vec<Branch>, span: Span) -> StateItem {
    on(TriggerKind::Error(None), Some(binding), branches, span)
}

pub(super) fn always(branches: Vec<Branch>, span: Span) -> StateItem {
    item(StateItemKind::Always(reaction(branches, span)), span)
}

pub(super) fn option(inner: Type) -> Type {
    let span = inner.span;
    Type { path: path("Option", span), args: vec![inner], span }
}

pub(super) fn ty(text: &str, args: Vec<Type>, span: Span) -> Type {
    Type { path: path(text, span), args, span }
}

/// Data of a state that a construct needs.
pub(super) fn data(data: &str, ty: Type, default: Expr, span: Span) -> Param {
    let meta = Meta::default();
    Param { meta, name: name(data, span), ty, default: Some(default), made: true }
}

/// A state that is a part of a saga.
pub(super) fn part(role: Role, of: &str, step: Option<&Name>, span: Span) -> State {
    State {
        meta: Meta::default(),
        modifiers: Vec::new(),
        region: false,
        name: name(of, span),
        params: Vec::new(),
        max: None,
        deadline: None,
        items: Some(Vec::new()),
        part: Some(Part {
            role,
            step: step.cloned(),
            key: Some(name(key(of), span)),
            readonly: false,
        }),
        span,
    }
}

/// A state with its statements as one of another.
pub(super) fn inner(mut state: State, items: Vec<StateItem>) -> StateItem {
    let span = state.span;
    state.items = Some(items);
    item(StateItemKind::State(state), span)
}

pub(super) fn initial(mut item: StateItem) -> StateItem {
    if let StateItemKind::State(state) = &mut item.kind {
        state.modifiers.push((Modifier::Initial, state.span));
    }
    item
}
