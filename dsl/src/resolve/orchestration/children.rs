//! `invoke machine`: another machine is started, which is an activity that the state makes.

use crate::ast::{self, Call, MachineItem, Modifier, StateItem, StateItemKind};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::failures::NOT_RUN;
use crate::model::{Activity, ActivityId, ActivityKind, ErrorId, Invoke, Param, StateId, Ty};
use crate::resolve::ctx::{Ctx, Scope};
use crate::resolve::declarations::same_params;
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// `invoke machine Shipping(order_id)`: the only call of its state.
    pub(super) fn child(&mut self, id: StateId, chain: &'a [Call], span: Span) {
        let [call, others @ ..] = chain else { return };
        self.stands_alone(call, others);
        let scope = Scope::of(id);
        let found = self.machine_named(&call.name);
        let what = "a durable machine starts durable machines";
        let Some(machine) = found.filter(|found| self.both_durable(what, found, call.span)) else {
            self.loose_args(scope, &call.args);
            self.outside.done.insert(id, vec![Ty::Unknown]);
            return;
        };
        let activity = self.child_activity(machine, call.span);
        let several = self.several_values(machine);
        self.outside.several.extend(several.map(|several| (id, several)));
        let made = self.outside.made.iter().find(|(made, _)| *made == activity);
        let Some((_, declared)) = made.cloned() else { return };
        self.outside.done.insert(id, declared.result.into_iter().collect());
        if self.has_fixed_key(machine, &declared.params) {
            // It has been said that it cannot be started at all.
            self.loose_args(scope, &call.args);
            return;
        }
        let (params, what) = (&declared.params, format!("`{}`", call.name.text));
        let args = self.args(scope, &what, machine.span, params, &call.args, call.span);
        let Some(args) = args else { return };
        let (policy, fallbacks, head) = (None, Vec::new(), call.span);
        self.bodies[id.index()].invoke =
            Some(Invoke { activity, args, policy, fallbacks, task: None, head, span });
    }

    /// Nothing is tried again, and nothing stands in: that is for the machine that is started.
    fn stands_alone(&mut self, call: &'a Call, others: &'a [Call]) {
        let wrong = call.policy.as_ref().map(|policy| ("a policy", policy.span));
        let wrong = wrong.or(others.first().map(|other| ("a fallback", other.span)));
        let Some((what, span)) = wrong else { return };
        self.error(
            Diagnostic::new(
                Code::Nesting,
                span,
                format!("a child machine takes no {}", &what[2..]),
            )
            .at("a machine is not tried again")
            .label(call.name.span, "this is a machine, which has policies of its own")
            .help("handle its end: `on error(e) -> ..`"),
        );
    }

    /// A machine where only activities can be called.
    pub(super) fn no_machine_here(&mut self, call: &'a Call) {
        self.machine_named(&call.name);
        self.error(
            Diagnostic::new(Code::Nesting, call.span, "a child machine has a state of its own")
                .at("only activities can be called here")
                .help(format!("write `invoke machine {}(..)` in a state", call.name.text)),
        );
    }

    /// The activity that a machine is, made when it is first invoked.
    fn child_activity(&mut self, machine: &'a ast::Machine, span: Span) -> ActivityId {
        let known = self.outside.made.iter().find(|(_, made)| {
            made.name.text == machine.name.text && matches!(made.kind, ActivityKind::Machine(_))
        });
        if let Some((id, _)) = known {
            return *id;
        }
        let params = self.start_of(machine);
        let key = self.key_of(machine).name.text;
        let at = params.iter().position(|param| param.name.text == key);
        if self.has_fixed_key(machine, &params) {
            let message = format!("`{}` cannot be started by another machine", machine.name.text);
            self.error(
                Diagnostic::new(Code::TypeMismatch, span, message)
                    .at("its key has a default, so that there can be one instance only")
                    .label(machine.span, "this machine")
                    .help(format!("declare `{key}` without a default")),
            );
        }
        let ends = self.ends_of(machine);
        let failures = ends.iter().filter(|end| end.is_failure);
        let raises: Vec<ErrorId> = failures.clone().filter_map(|end| self.raised(end)).collect();
        let others = failures.filter(|end| self.raised(end).is_none());
        let others = others.map(|end| end.name.clone());
        let ends_otherwise = others.chain(NOT_RUN.map(str::to_owned)).collect();
        self.used.errors.extend(&raises);
        let activity = Activity {
            kind: ActivityKind::Machine(at.unwrap_or(0)),
            name: machine.name.clone(),
            docs: machine.meta.docs.clone(),
            params,
            result: result_of(&ends),
            raises,
            ends: ends_otherwise,
            cache: None,
            coalesce: None,
            readonly: false,
        };
        self.make("child machine", activity)
    }

    /// True if the key is none of the fields that an instance is started with.
    fn has_fixed_key(&mut self, machine: &'a ast::Machine, params: &[Param]) -> bool {
        let key = self.key_of(machine).name.text;
        let is_started_with = params.iter().any(|param| param.name.text == key);
        machine.durable.is_some() && key != machine.name.text && !is_started_with
    }

    /// The fields that an instance is started with.
    fn start_of(&mut self, machine: &'a ast::Machine) -> Vec<Param> {
        let contexts = machine.items.iter().filter_map(|item| match item {
            MachineItem::Context(context) => Some(&context.fields),
            _ => None,
        });
        let given = contexts.flatten().filter(|f| f.late.is_none() && f.param.default.is_none());
        let given: Vec<&ast::Param> = given.map(|field| &field.param).collect();
        // What is wrong with them is said where they are declared.
        let mut said = Diagnostics::default();
        let params = given.into_iter().map(|param| Param {
            name: param.name.clone(),
            ty: self.types.resolve(&param.ty, &mut self.used.types, &mut said),
            default: None,
            docs: param.meta.docs.clone(),
            made: false,
        });
        params.collect()
    }

    /// The final states of a machine.
    fn ends_of(&mut self, machine: &'a ast::Machine) -> Vec<End> {
        let states = machine.items.iter().filter_map(|item| match item {
            MachineItem::State(StateItem { kind: StateItemKind::State(state), .. }) => Some(state),
            _ => None,
        });
        let finals =
            states.filter(|state| state.modifiers.iter().any(|(m, _)| *m == Modifier::Final));
        let mut said = Diagnostics::default();
        let mut ends = Vec::new();
        for state in finals {
            let data = self.types.params("data", &state.params, &mut self.used.types, &mut said);
            let is_failure = state.meta.is_failure();
            let (name, span) = (state.name.text.clone(), state.name.span);
            ends.push(End { name, span, is_failure, data });
        }
        ends
    }

    /// What to say where `on done` takes what a machine gives, if that is not one value of one type.
    fn several_values(&mut self, machine: &'a ast::Machine) -> Option<Several> {
        let ends = self.ends_of(machine);
        let good: Vec<&End> = ends.iter().filter(|end| !end.is_failure).collect();
        if result_of(&ends).is_some() || good.iter().all(|end| end.data.is_empty()) {
            return None;
        }
        let types = |end: &End| -> Vec<Ty> { end.data.iter().map(|p| p.ty.clone()).collect() };
        let differ = good.windows(2).any(|two| types(two[0]) != types(two[1]));
        let gives = |end: &&End| {
            (end.span, format!("`{}` gives {}", end.name, self.types.given(&end.data)))
        };
        let (machine, ends) = (machine.name.text.clone(), good.iter().map(gives).collect());
        Some(Several { machine, ends, differ })
    }

    /// The error that a failure of a child is: one with its name that carries its data, and that the machine
    /// declares itself. Those that an import brings may be the child's own, and say nothing of its end.
    fn raised(&self, end: &End) -> Option<ErrorId> {
        let (id, _) = self.symbols.errors.find(&end.name)?;
        let error = &self.declarations.errors[id.index()];
        (!error.imported && same_params(&error.params, &end.data)).then_some(id)
    }
}

/// A child machine that ends in one way or another, and gives something else each time, or several
/// values at once.
pub(in crate::resolve) struct Several {
    machine: String,
    /// Where its final states are, and what they give.
    ends: Vec<(Span, String)>,
    /// Whether they give other types.
    differ: bool,
}

impl Several {
    /// What is wrong with taking it.
    pub(in crate::resolve) fn taken(&self, place: Span) -> Diagnostic {
        let (message, way_out) = match self.differ {
            false => ("gives several values, and `on done` takes one", "let it give one `struct`"),
            true => (
                "has several final states, and they differ",
                "let each of them give one value of the same type: an `enum` with a variant for each, \
                 `final state Sold(end: End)`; what has failed says `@outcome(failure)`, and is caught by \
                 its name",
            ),
        };
        let message = format!("`{}` {message}", self.machine);
        let mut report = Diagnostic::new(Code::TypeMismatch, place, message).at("which is meant?");
        for (span, gives) in self.ends.iter().take(4) {
            report = report.label(*span, gives.clone());
        }
        report.help(way_out)
    }
}

/// A final state of a machine.
struct End {
    name: String,
    span: Span,
    is_failure: bool,
    data: Vec<Param>,
}

/// What a machine gives: the data of its final states that are no failure, if they agree about it.
fn result_of(ends: &[End]) -> Option<Ty> {
    let mut good = ends.iter().filter(|end| !end.is_failure);
    let first = match good.next()?.data.as_slice() {
        [one] => one.ty.clone(),
        _ => return None,
    };
    good.all(|end| matches!(end.data.as_slice(), [one] if one.ty == first)).then_some(first)
}
