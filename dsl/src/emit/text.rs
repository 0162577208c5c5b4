//! Prints parts of a model back in the syntax of the language, for labels.
//!
//! It reads the model and never the source, so that every front end gives the same words.

use crate::ast::{BinaryOp, Role, UnaryOp, duration};
use crate::model::{
    ActivityKind, Assignee, Binding, BindingField, Builtin, ContextDecl, Declarations, Effect,
    EffectKind, EventId, Expr, ExprKind, FAILURE_FIELDS, FieldRef, FloatTy, FunctionId, Invoke,
    Model, Name, OldValue, Param, PolicyId, Reaction, Rounds, StateId, TargetState, TaskTimeout,
    Trigger, Ty, TypeDeclKind, TypeId, Work,
};

/// Prints parts of one model.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    model: &'a Model,
}

/// A call of a state.
pub(super) struct Called {
    /// `invoke`, `human`, `fallback` ..
    pub(super) word: String,
    /// `charge(order_id)`
    pub(super) call: String,
    /// `with gateway`, `for role("finance")`
    pub(super) how: Option<String>,
}

/// How tightly an operand must hold together to need no parentheses: of a prefix operator.
const UNARY: u8 = 6;

impl<'a> Text<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self { model }
    }

    fn declarations(self) -> &'a Declarations {
        &self.model.declarations
    }

    /// An expression, with no more parentheses than it needs.
    pub(super) fn expr(self, expr: &Expr) -> String {
        self.operand(expr, 0)
    }

    fn operand(self, expr: &Expr, outer: u8) -> String {
        match &expr.kind {
            ExprKind::Unary(op, inner) => {
                let sign = match op {
                    UnaryOp::Not => "!",
                    UnaryOp::Neg => "-",
                };
                format!("{sign}{}", self.operand(inner, UNARY))
            }
            ExprKind::Binary(op, left, right) => {
                if let Some(condition) = self.counted(left) {
                    let joined = [" && ", " || "].iter().any(|word| condition.contains(word));
                    let (open, close) = if joined { ("(", ")") } else { ("", "") };
                    return format!("{open}{condition}{close} for {}", self.expr(right));
                }
                let (level, comparison) = strength(*op);
                // Comparisons do not chain, so both sides of one must hold tighter.
                let left = self.operand(left, level + u8::from(comparison));
                let text = format!("{left} {} {}", op.text(), self.operand(right, level + 1));
                if level < outer { format!("({text})") } else { text }
            }
            kind => self.primary(kind),
        }
    }

    /// The condition for which data of a loop count how long it holds.
    fn counted(self, count: &Expr) -> Option<&'a str> {
        let ExprKind::StateData(state, at) = count.kind else { return None };
        let param = &self.model.states[state.index()].data[at as usize];
        let condition = param.name.text.strip_prefix('(')?.strip_suffix(')');
        condition.filter(|_| param.is_hidden())
    }

    fn primary(self, kind: &ExprKind) -> String {
        match kind {
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::String(value) => format!("{value:?}"),
            ExprKind::Duration(milliseconds) => duration(*milliseconds),
            ExprKind::List(items) => format!("[{}]", self.list(items)),
            ExprKind::Context(field) => match &self.declarations().context {
                ContextDecl::Declared(fields) => fields[field.index()].param.name.text.clone(),
                ContextDecl::External(_) => "context".into(),
            },
            ExprKind::ExternalContext(name) => name.text.clone(),
            ExprKind::Binding(reaction, index) => {
                let bindings = &self.model.reactions[reaction.index()].bindings;
                bindings[*index as usize].name.text.clone()
            }
            ExprKind::Branch(state, value) => {
                let fan_out = self.model.states[state.index()].fan_out.as_ref();
                fan_out.and_then(|f| f.value_name(*value)).map_or("_", |n| &n.text).to_owned()
            }
            ExprKind::Old(OldValue::Context, name) => format!("old.{}", name.text),
            ExprKind::Old(OldValue::Data, name) => name.text.clone(),
            ExprKind::StateData(state, index) => {
                let name = &self.model.states[state.index()].data[*index as usize].name.text;
                // Names that no text can have are words in braces.
                name.trim_start_matches('{').trim_end_matches('}').to_owned()
            }
            ExprKind::Variant(ty, variant, args) => self.variant(*ty, *variant, args),
            ExprKind::External(path, args) => {
                let path = path.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("::");
                args.as_ref().map_or(path.clone(), |args| format!("{path}({})", self.list(args)))
            }
            ExprKind::Field(value, field) => self.field(value, field),
            ExprKind::Call(function, args) => self.call(*function, args),
            ExprKind::Builtin(builtin, args) => self.builtin(*builtin, args),
            ExprKind::In(state) => format!("in({})", self.state_from(*state, 2)),
            // Operators are printed by `operand`, which knows what stands around them.
            ExprKind::Unary(..) | ExprKind::Binary(..) => String::new(),
        }
    }

    fn variant(self, ty: TypeId, variant: u32, args: &[Expr]) -> String {
        let ty = &self.declarations().types[ty.index()];
        let name = match &ty.kind {
            TypeDeclKind::Enum(variants) => &variants[variant as usize].name.text,
            TypeDeclKind::Struct(_) => return format!("{}({})", ty.name.text, self.list(args)),
        };
        format!("{}::{name}{}", ty.name.text, self.args(args))
    }

    fn field(self, value: &Expr, field: &FieldRef) -> String {
        let name = match field {
            FieldRef::Named(name) => name.text.as_str(),
            FieldRef::Declared(index) => self.field_name(&value.ty, *index as usize),
        };
        format!("{}.{name}", self.operand(value, UNARY + 1))
    }

    fn field_name(self, ty: &Ty, index: usize) -> &'a str {
        let id = match ty {
            Ty::Struct(id) => id,
            Ty::Failure => return FAILURE_FIELDS[index],
            _ => return "_",
        };
        match &self.declarations().types[id.index()].kind {
            TypeDeclKind::Struct(fields) => &fields[index].name.text,
            TypeDeclKind::Enum(_) => "_",
        }
    }

    fn call(self, function: FunctionId, args: &[Expr]) -> String {
        let name = &self.declarations().functions[function.index()].name.text;
        format!("{name}({})", self.list(args))
    }

    fn builtin(self, builtin: Builtin, args: &[Expr]) -> String {
        let name = match builtin {
            Builtin::Some => "some",
            Builtin::None => return "none".into(),
            Builtin::Len => "len",
            Builtin::IsEmpty => "is_empty",
            Builtin::Contains => "contains",
            Builtin::Elapsed => return "elapsed()".into(),
            Builtin::Sure => return self.list(args),
            Builtin::Known => return self.list(&args[..1]),
            Builtin::Append => "append",
            Builtin::Failure => "error",
            Builtin::Text => "text",
            Builtin::Change => return format!("change({})", self.list(&args[..1])),
            Builtin::Streak => return self.list(&args[..1]),
        };
        format!("{name}({})", self.list(args))
    }

    fn list(self, items: &[Expr]) -> String {
        items.iter().map(|item| self.expr(item)).collect::<Vec<_>>().join(", ")
    }

    /// Arguments in parentheses; nothing if there are none.
    fn args(self, args: &[Expr]) -> String {
        if args.is_empty() { String::new() } else { format!("({})", self.list(args)) }
    }

    /// The shortest end of the path of a state that names no other state.
    pub(super) fn state(self, state: StateId) -> String {
        self.state_from(state, 1)
    }

    /// The same with at least this many names, where there are so many.
    fn state_from(self, state: StateId, least: usize) -> String {
        let path = self.path(state);
        let all: Vec<Vec<&str>> = (0..self.model.states.len() as u32)
            .map(StateId)
            .filter(|other| *other != state)
            .map(|other| self.path(other))
            .collect();
        let names = (least..path.len())
            .find(|length| {
                let end = &path[path.len() - length..];
                !all.iter().any(|other| other.ends_with(end))
            })
            .unwrap_or(path.len());
        path[path.len() - names..].join("::")
    }

    /// The names from the outermost state to this one; of the machine itself its own name.
    fn path(self, state: StateId) -> Vec<&'a str> {
        let mut path = vec![self.name(state)];
        let mut at = self.model.states[state.index()].parent;
        while let Some(parent) = at.filter(|parent| *parent != StateId::ROOT) {
            path.push(self.name(parent));
            at = self.model.states[parent.index()].parent;
        }
        path.reverse();
        path
    }

    fn name(self, state: StateId) -> &'a str {
        &self.model.states[state.index()].name.text
    }

    /// What stands in front of the name of a loop, and behind it.
    pub(super) fn rounds(self, rounds: &Rounds) -> String {
        let bound = |word: &str, bound: &Option<Expr>| {
            bound.as_ref().map(|bound| format!(" {word} {}", self.expr(bound)))
        };
        let bounds = [bound("max", &rounds.max), bound("deadline", &rounds.deadline)];
        bounds.into_iter().flatten().collect()
    }

    /// An effect.
    pub(super) fn effect(self, effect: &Effect) -> String {
        let declarations = self.declarations();
        match &effect.kind {
            EffectKind::Set(field, value) => {
                format!("set {} = {}", self.primary(&ExprKind::Context(*field)), self.expr(value))
            }
            EffectKind::SetData(state, at, value) => {
                let name = self.primary(&ExprKind::StateData(*state, *at));
                format!("set {name} = {}", self.expr(value))
            }
            EffectKind::SetExternal(name, value) => {
                format!("set {} = {}", name.text, self.expr(value))
            }
            EffectKind::Raise(event, args) => {
                format!("raise {}{}", self.event(*event), self.args(args))
            }
            EffectKind::RaiseAfter(event, args, delay) => {
                let event = self.event(*event);
                format!("raise {event}{} after {}", self.args(args), self.expr(delay))
            }
            EffectKind::Cancel(event) => format!("cancel {}", self.event(*event)),
            EffectKind::Emit(output, args) => {
                let name = &declarations.outputs[output.index()].name.text;
                format!("emit {name}{}", self.args(args))
            }
            EffectKind::Send(message, args) => {
                let message = &declarations.messages[message.index()];
                let (machine, event) = (&message.machine.text, &message.event.name.text);
                match args.split_first() {
                    Some((key, args)) => {
                        format!("send {machine}({}).{event}{}", self.expr(key), self.args(args))
                    }
                    None => format!("send {machine}.{event}"),
                }
            }
            EffectKind::Action(function, args) => self.call(*function, args),
            EffectKind::Remind(_) => "remind".into(),
            EffectKind::Escalate(_, to) => format!("escalate to {}", self.assignee(to)),
        }
    }

    /// `role("finance")`
    fn assignee(self, to: &Assignee) -> String {
        format!("{}({})", if to.role { "role" } else { "user" }, self.expr(&to.name))
    }

    /// The name of an event.
    pub(super) fn event(self, event: EventId) -> &'a str {
        &self.declarations().events[event.index()].name.text
    }

    /// What a state invokes: `invoke` and the first call, then `fallback` and what stands in.
    pub(super) fn calls(self, invoke: &Invoke) -> Vec<Called> {
        let declarations = self.declarations();
        let name = |work: Work| match work {
            Work::Activity(activity) => &declarations.activities[activity.index()].name.text,
            Work::Function(function) => &declarations.functions[function.index()].name.text,
        };
        let called = |word: &str, work: Work, args: &[Expr], policy: Option<PolicyId>| {
            let policy = policy.map(|policy| &declarations.policies[policy.index()].name.text);
            Called {
                word: word.to_owned(),
                call: format!("{}({})", name(work), self.list(args)),
                how: policy.map(|name| format!("with {name}")),
            }
        };
        let first = |word| called(word, invoke.work(0), &invoke.args, invoke.policy);
        let mut calls = match &invoke.task {
            None => {
                let activity = &declarations.activities[invoke.activity.index()];
                let is_machine = matches!(activity.kind, ActivityKind::Machine(_));
                let word = if is_machine { "invoke machine" } else { "invoke" };
                vec![first(word)]
            }
            Some(task) => {
                let how = task.assigned.as_ref().map(|to| format!("for {}", self.assignee(to)));
                vec![Called { how, ..first("human") }]
            }
        };
        for fallback in &invoke.fallbacks {
            let on = fallback.on.iter().map(|on| &declarations.errors[on.index()].name.text);
            let on: Vec<&str> = on.map(String::as_str).collect();
            let word = match on.is_empty() {
                true => "fallback".to_owned(),
                false => format!("fallback on {}", on.join(", ")),
            };
            calls.push(called(&word, fallback.work, &fallback.args, fallback.policy));
        }
        calls
    }

    /// What a reaction waits for, with the names that it binds.
    pub(super) fn trigger(self, reaction: &Reaction) -> String {
        match &reaction.trigger {
            Trigger::Event(event) => {
                let fields = self.declarations().events[event.index()].params.len();
                format!("{}{}", self.event(*event), pattern(&reaction.bindings, fields))
            }
            Trigger::Always => self.end_of_saga(reaction.source).unwrap_or("always").into(),
            Trigger::After(delay) => {
                format!("{} {}", self.what_is_up(reaction, delay), self.expr(delay))
            }
            Trigger::Every(period) => format!("every {}", self.expr(period)),
            Trigger::Done => format!("done{}", pattern(&reaction.bindings, 0)),
            Trigger::Result if self.names_results(reaction) => "done".into(),
            Trigger::Result => format!("done{}", pattern(&reaction.bindings, 1)),
            Trigger::Error(None) => format!("error{}", pattern(&reaction.bindings, 1)),
            Trigger::Error(Some(error)) => {
                let error = &self.declarations().errors[error.index()];
                let pattern = pattern(&reaction.bindings, error.params.len());
                format!("error {}{pattern}", error.name.text)
            }
        }
    }

    /// What is written for the way out of a saga, which leaves its last state at once.
    fn end_of_saga(self, source: StateId) -> Option<&'static str> {
        match self.model.states[source.index()].part.as_ref()?.role {
            Role::Compensated => Some("compensated"),
            Role::Failed => Some("compensation_error"),
            _ => None,
        }
    }

    /// The words in front of the time of a timer.
    fn what_is_up(self, reaction: &Reaction, delay: &Expr) -> &'static str {
        let source = &self.model.states[reaction.source.index()];
        let task = source.invoke.as_ref().and_then(|invoke| invoke.task.as_ref());
        let deadline = source.rounds.as_ref().and_then(|rounds| rounds.deadline.as_ref());
        match task.map(|task| task.timeout) {
            Some(TaskTimeout::After(id))
                if std::ptr::eq(&self.model.reactions[id.index()], reaction) =>
            {
                "timeout"
            }
            _ if deadline.is_some_and(|time| time.span.order() == delay.span.order()) => {
                "exhausted after"
            }
            _ => "after",
        }
    }

    /// True if what it binds has the names that its fan-out gives, without a pattern.
    fn names_results(self, reaction: &Reaction) -> bool {
        let fan_out = self.model.states[reaction.source.index()].fan_out.as_ref();
        fan_out.is_some_and(|fan_out| {
            let is_there = |name: &Name, other: &Name| name.span.order() == other.span.order();
            let declared = |name| fan_out.results.iter().any(|r| is_there(&r.name, name));
            reaction.bindings.iter().all(|binding| declared(&binding.name))
        })
    }

    /// The values that a target gives to the data of its state, as `tracking = parcel`.
    pub(super) fn data_given(self, target: &TargetState) -> Vec<String> {
        let data = &self.model.states[target.state.index()].data;
        let args = target.args.iter().flatten();
        data.iter()
            .zip(args)
            .filter(|(param, _)| !param.made)
            .map(|(param, value)| format!("{} = {}", param.name.text, self.expr(value)))
            .collect()
    }

    /// Data with types in parentheses; nothing if there is none.
    pub(super) fn params(self, params: &[Param]) -> String {
        if params.iter().all(|param| param.made) {
            return String::new();
        }
        let params = params
            .iter()
            .filter(|param| !param.made)
            .map(|p| format!("{}: {}", p.name.text, self.ty(&p.ty)));
        format!("({})", params.collect::<Vec<_>>().join(", "))
    }

    fn ty(self, ty: &Ty) -> String {
        let named = |id: TypeId| self.declarations().types[id.index()].name.text.clone();
        match ty {
            Ty::Bool => "bool".into(),
            Ty::Int(int) => int.text().into(),
            Ty::Float(FloatTy::F32) => "f32".into(),
            Ty::Float(FloatTy::F64) => "f64".into(),
            Ty::String => "String".into(),
            Ty::Duration => "Duration".into(),
            Ty::Vec(item) => format!("Vec<{}>", self.ty(item)),
            Ty::Option(item) => format!("Option<{}>", self.ty(item)),
            Ty::Map(key, value) => format!("Map<{}, {}>", self.ty(key), self.ty(value)),
            Ty::Enum(id) | Ty::Struct(id) => named(*id),
            Ty::Rust { path, args } => {
                let args = args.iter().map(|arg| self.ty(arg)).collect::<Vec<_>>().join(", ");
                let name = path.last().map_or("_", String::as_str);
                if args.is_empty() { name.into() } else { format!("{name}<{args}>") }
            }
            Ty::Failure => "error".into(),
            Ty::Unknown => "_".into(),
        }
    }
}

/// The pattern behind an event of `fields` fields; nothing if no name is bound.
fn pattern(bindings: &[Binding], fields: usize) -> String {
    let Some(first) = bindings.first() else { return String::new() };
    if let BindingField::Named(_) = first.field {
        let names = bindings.iter().map(named_field).collect::<Vec<_>>();
        return format!(" {{ {} }}", names.join(", "));
    }
    let mut names: Vec<&str> = Vec::new();
    let mut total = fields;
    for binding in bindings {
        let place = match binding.field {
            BindingField::Declared(index) => index,
            BindingField::Position(index, count) => {
                total = total.max(count as usize);
                index
            }
            BindingField::Named(_) => names.len() as u32,
        } as usize;
        names.resize(names.len().max(place + 1), "_");
        names[place] = &binding.name.text;
    }
    names.resize(names.len().max(total), "_");
    format!("({})", names.join(", "))
}

/// `value`, or `value: v` if the name differs from that of the field.
fn named_field(binding: &Binding) -> String {
    match &binding.field {
        BindingField::Named(Name { text, .. }) if *text != binding.name.text => {
            format!("{text}: {}", binding.name.text)
        }
        _ => binding.name.text.clone(),
    }
}

/// How tightly a binary operator holds, and whether it is a comparison.
fn strength(op: BinaryOp) -> (u8, bool) {
    match op {
        BinaryOp::Or => (1, false),
        BinaryOp::And => (2, false),
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Eq | BinaryOp::Ne => {
            (3, true)
        }
        BinaryOp::Add | BinaryOp::Sub => (4, false),
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => (5, false),
    }
}
