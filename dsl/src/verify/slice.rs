//! The chart without what makes no difference: outputs, actions, and data that nothing asks for. It
//! does the same, in fewer configurations.
//!
//! What only Rust can calculate, and `elapsed()`, become guards and fns of their own, so that they
//! are explored like every answer from outside.

use super::data::{self, Slot};
use super::fan_out;
use crate::ast::Name;
use crate::chart::{Chart, EntryData, EntryStep};
use crate::interpret::Value;
use crate::model::{
    BranchValue, Builtin, ContextDecl, Effect, EffectKind, Expr, ExprKind, Function, FunctionId,
    FunctionKind, OutputId, Param, Ty, TypeDeclKind, Work,
};
use std::collections::BTreeSet;

/// An effect that nobody hears of.
const NOTHING: EffectKind = EffectKind::Emit(OutputId(0), Vec::new());

/// Cuts away what is not relevant, in the chart and in conditions from outside.
pub(super) fn slice(chart: &Chart, relevant: &BTreeSet<Slot>, conditions: &mut [Expr]) -> Chart {
    let functions = chart.declarations.functions.clone();
    let mut cut = Cut { whole: chart, relevant, asked: data::asked(chart, conditions), functions };
    let mut chart = chart.clone();
    if let ContextDecl::Declared(fields) = &mut chart.declarations.context {
        for (at, field) in fields.iter_mut().enumerate() {
            cut.default(Slot::Field(at as u32), &mut field.param);
        }
    }
    for at in 0..chart.states.len() {
        let state = &mut chart.states[at];
        cut.effects(&mut state.entry);
        cut.effects(&mut state.exit);
        cut.entries(&mut state.default_entry);
        let id = crate::model::StateId(at as u32);
        for (at, param) in state.data.iter_mut().enumerate() {
            cut.default(Slot::Data(id, at as u32), param);
        }
    }
    cut.entries(&mut chart.start);
    chart.timers.iter_mut().for_each(|timer| cut.expr(&mut timer.delay));
    // How an activity ends is explored in every way, whatever it is asked with.
    for (at, of) in chart.fan_outs.iter_mut().enumerate() {
        of.fan_out.over.iter_mut().for_each(|over| cut.expr(&mut over.list));
        fan_out::small(&mut of.fan_out, at, &mut cut.functions);
        if let Some(vote) = &mut of.fan_out.vote {
            cut.expr(&mut vote.expr);
        }
    }
    let none = |args: &mut [Expr]| {
        args.iter_mut().for_each(|arg| arg.kind = ExprKind::String(String::new()));
    };
    for call in chart.invokes.iter_mut().map(|invoke| &mut invoke.call) {
        none(&mut call.args);
        call.task = None;
        for fallback in &mut call.fallbacks {
            match fallback.work {
                Work::Activity(_) => none(&mut fallback.args),
                Work::Function(_) => fallback.args.iter_mut().for_each(|arg| cut.given(arg)),
            }
        }
    }
    for transition in &mut chart.transitions {
        let is_choice = !transition.effects.is_empty();
        cut.effects(&mut transition.effects);
        if is_choice && transition.effects.is_empty() {
            // With effects in front the choice is taken before its guards are read.
            transition.effects.push(Effect { kind: NOTHING, span: transition.span });
        }
        transition.branches.iter_mut().filter_map(|b| b.guard.as_mut()).for_each(|g| cut.expr(g));
    }
    for plan in &mut chart.plans {
        cut.effects(&mut plan.effects);
        cut.entries(&mut plan.entry);
    }
    conditions.iter_mut().for_each(|condition| cut.expr(condition));
    chart.declarations.functions = cut.functions;
    chart
}

/// What is found on the way through a chart.
struct Cut<'a> {
    whole: &'a Chart,
    relevant: &'a BTreeSet<Slot>,
    /// What guards and fns are asked about.
    asked: BTreeSet<Slot>,
    /// The declared ones, then those that stand for what only Rust can calculate.
    functions: Vec<Function>,
}

impl Cut<'_> {
    fn effects(&mut self, effects: &mut Vec<Effect>) {
        effects.retain_mut(|effect| match &effect.kind {
            EffectKind::Set(field, _) => self.stays(Slot::Field(field.0), effect),
            EffectKind::SetData(state, at, _) => self.stays(Slot::Data(*state, *at), effect),
            EffectKind::SetExternal(..) => {
                effect.kind = NOTHING;
                true
            }
            EffectKind::Emit(..)
            | EffectKind::Send(..)
            | EffectKind::Action(..)
            | EffectKind::Remind(_)
            | EffectKind::Escalate(..) => false,
            EffectKind::Raise(..) | EffectKind::RaiseAfter(..) | EffectKind::Cancel(_) => true,
        });
        for effect in effects {
            match &mut effect.kind {
                EffectKind::Set(_, value) | EffectKind::SetData(_, _, value) => self.expr(value),
                EffectKind::Raise(event, args) => self.payload(*event, args),
                EffectKind::RaiseAfter(event, args, delay) => {
                    self.payload(*event, args);
                    self.expr(delay);
                }
                _ => {}
            }
        }
    }

    /// True if it is done: in the place of what decides nothing there is an effect that does nothing, if guards
    /// or fns are asked about it, so that what they are asked behind it is another question.
    fn stays(&self, slot: Slot, effect: &mut Effect) -> bool {
        let is_relevant = self.relevant.contains(&slot);
        let is_asked = self.asked.contains(&slot);
        if !is_relevant && is_asked {
            effect.kind = NOTHING;
        }
        is_relevant || is_asked
    }

    fn payload(&mut self, event: crate::model::EventId, args: &mut [Expr]) {
        for (at, arg) in args.iter_mut().enumerate() {
            self.stored(Slot::Payload(event, at as u32), arg);
        }
    }

    fn entries(&mut self, steps: &mut [EntryStep]) {
        for step in steps {
            match step {
                EntryStep::Enter { state, data } => {
                    let values = match data {
                        EntryData::Defaults => continue,
                        EntryData::Target(values) | EntryData::Initial(values) => values,
                    };
                    for (at, value) in values.iter_mut().enumerate() {
                        self.stored(Slot::Data(*state, at as u32), value);
                    }
                }
                EntryStep::InitialEffects { effects, .. } => self.effects(effects),
                EntryStep::Restore { .. } => {}
            }
        }
    }

    fn default(&mut self, slot: Slot, param: &mut Param) {
        if let Some(default) = &mut param.default {
            self.stored(slot, default);
        }
    }

    fn stored(&mut self, slot: Slot, value: &mut Expr) {
        if self.relevant.contains(&slot) {
            self.expr(value);
        } else {
            value.kind = ExprKind::String(String::new());
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        if data::is_opaque(expr) {
            expr.kind = ExprKind::Call(self.stand_in(expr), Vec::new());
            return;
        }
        // What has an opaque part and is a condition is opaque as a whole: only then are both
        // answers enough.
        if expr.ty == Ty::Bool && has_unknown_part(expr) && !is_connective(expr) {
            expr.kind = ExprKind::Call(self.stand_in(expr), Vec::new());
            return;
        }
        match &mut expr.kind {
            ExprKind::Call(_, args) => {
                let from: Vec<Expr> = args.iter().filter_map(|arg| self.origin(arg)).collect();
                args.iter_mut().for_each(|arg| self.argument(arg));
                args.extend(from);
            }
            _ => expr.parts_mut().into_iter().for_each(|part| self.expr(part)),
        }
    }

    /// An argument stays as it is if all that it reads is there; if not, its words stand for it, so
    /// that the same words give the same answer.
    fn argument(&mut self, arg: &mut Expr) {
        match self.is_known(arg) {
            true => self.expr(arg),
            false => self.stand_for(arg),
        }
    }

    fn is_known(&self, arg: &Expr) -> bool {
        let mut slots = Vec::new();
        data::reads(self.whole, arg, &mut slots);
        let known = slots.iter().all(|slot| self.relevant.contains(slot));
        known && !has_unknown_part(arg) && !data::is_opaque(arg)
    }

    /// Words for where an argument comes from that stays, and whose values stand for many.
    fn origin(&self, arg: &Expr) -> Option<Expr> {
        let mut slots = Vec::new();
        data::reads(self.whole, arg, &mut slots);
        if slots.is_empty() || !self.is_known(arg) || self.is_exact(&arg.ty) {
            return None;
        }
        let mut from = arg.clone();
        self.stand_for(&mut from);
        if let (ExprKind::Binding(..), [slot]) = (&arg.kind, &slots[..]) {
            // The same value, whichever handler binds it.
            from.kind = ExprKind::String(format!("`{slot:?}"));
        }
        Some(from)
    }

    /// True for types of which every value is tried, as itself.
    fn is_exact(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Bool => true,
            Ty::Option(inner) => self.is_exact(inner),
            Ty::Enum(id) => match &self.whole.declarations.types[id.index()].kind {
                TypeDeclKind::Enum(variants) => variants.iter().all(|v| v.fields.is_empty()),
                TypeDeclKind::Struct(_) => false,
            },
            _ => false,
        }
    }

    /// Words in the place of a value: of a Rust type, which is none of the machine's own.
    fn stand_for(&self, arg: &mut Expr) {
        arg.kind = ExprKind::String(words(arg));
        arg.ty = Ty::Rust { path: Vec::new(), args: Vec::new() };
    }

    /// What is given to a fn that takes over; of a value of a list nothing is known here.
    fn given(&mut self, arg: &mut Expr) {
        let is_item = |part: &Expr| matches!(part.kind, ExprKind::Branch(_, BranchValue::Item));
        match arg.any(&mut |part| is_item(part)) {
            true => self.stand_for(arg),
            false => self.argument(arg),
        }
    }

    /// A fn that stands for an expression; equal expressions have the same.
    fn stand_in(&mut self, expr: &Expr) -> FunctionId {
        let words = words(expr);
        let known = self.functions.iter().position(|function| function.name.text == words);
        let at = known.unwrap_or_else(|| {
            self.functions.push(Function {
                kind: FunctionKind::Fn,
                name: Name { text: words, span: expr.span },
                docs: Vec::new(),
                params: Vec::new(),
                result: Some(expr.ty.clone()),
            });
            self.functions.len() - 1
        });
        FunctionId(at as u32)
    }
}

/// True if a part of an expression has a type that only rustc knows.
fn has_unknown_part(expr: &Expr) -> bool {
    let is_unknown = |part: &Expr| {
        part.ty == Ty::Unknown || matches!(part.kind, ExprKind::Builtin(Builtin::Change, _))
    };
    expr.parts().into_iter().any(|part| is_unknown(part) || has_unknown_part(part))
}

fn is_connective(expr: &Expr) -> bool {
    use crate::ast::{BinaryOp, UnaryOp};
    matches!(
        expr.kind,
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or, ..) | ExprKind::Unary(UnaryOp::Not, _)
    )
}

/// True for the name of a fn that stands for an expression.
pub(super) fn stands_in(function: &str) -> bool {
    function.starts_with('`')
}

/// True for what stands for an argument that makes no difference.
pub(super) fn is_stand_in(value: &Value) -> bool {
    matches!(value, Value::Rust(text) if text.starts_with('`'))
}

/// An expression as words that are the same for the same expression. The quote cannot be part of a
/// name.
fn words(expr: &Expr) -> String {
    let parts: Vec<String> = expr.parts().into_iter().map(words).collect();
    let own = match &expr.kind {
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::String(value) => format!("{value:?}"),
        ExprKind::Duration(ms) => format!("{ms}ms"),
        ExprKind::List(_) => "list".into(),
        ExprKind::Context(field) => format!("field {}", field.0),
        ExprKind::ExternalContext(name) => format!("context.{}", name.text),
        ExprKind::Binding(reaction, at) => format!("bound {} {at}", reaction.0),
        ExprKind::Branch(state, value) => format!("branch {} {value:?}", state.0),
        ExprKind::StateData(state, at) => format!("data {} {at}", state.0),
        ExprKind::Old(of, name) => format!("old {of:?} {}", name.text),
        ExprKind::Variant(ty, variant, _) => format!("variant {} {variant}", ty.0),
        ExprKind::External(path, _) => {
            path.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("::")
        }
        ExprKind::Field(_, field) => format!("{field:?}"),
        ExprKind::Call(function, _) => format!("call {}", function.0),
        // Since when depends on where it stands.
        ExprKind::Builtin(Builtin::Elapsed, _) => format!("elapsed() at {}", expr.span.start),
        ExprKind::Builtin(builtin, _) => format!("{builtin:?}"),
        ExprKind::In(state) => format!("in {}", state.0),
        ExprKind::Unary(op, _) => format!("{op:?}"),
        ExprKind::Binary(op, ..) => op.text().into(),
    };
    if parts.is_empty() { format!("`{own}`") } else { format!("`{own}`({})", parts.join(", ")) }
}
