//! One machine, from its tree to its model.

use super::activity_names;
use super::annotations::{self, Subject};
use super::bodies::Body;
use super::ctx::{Ctx, Implicit, Scope, Want};
use super::declarations::Collector;
use super::identities;
use super::orchestration::{Machines, Outside};
use super::states::{StateTree, TreeBuilder, machine_items};
use super::types::Types;
use crate::ast::{self, MachineItem};
use crate::diagnostic::Diagnostics;
use crate::model::{
    ContextDecl, Declarations, Expr, FieldId, Model, Reaction, Scenario, State, StateId, Target,
    TargetState, Uses,
};
use crate::span::Span;
use std::collections::BTreeSet;

/// What belongs to a machine and stands outside of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a, 's> {
    pub(super) scenarios: &'s [&'a ast::Scenario],
    /// Steps of no scenario.
    pub(super) script: &'a [ast::ScenarioStep],
    /// Claims of no property.
    pub(super) claims: &'a [ast::Claim],
}

/// The model of a machine whose text ends before `end`. A script comes as a last scenario, claims as
/// last properties.
pub(super) fn resolve<'a>(
    machine: &'a ast::Machine,
    end: u32,
    imported: &[&'a ast::Machine],
    beside: Beside<'a, '_>,
    types: &Types<'a>,
    machines: &Machines<'a>,
    d: &mut Diagnostics,
) -> Model {
    let mut collector = Collector::new(types, d);
    imported.iter().for_each(|machine| collector.import(machine));
    collector.machine(machine);
    let Collector { symbols, declarations, mut used, .. } = collector;
    let tree = TreeBuilder::build(machine, types, &mut used, d);
    let mut ctx = Ctx {
        d,
        types,
        declarations: &declarations,
        symbols: &symbols,
        tree: &tree,
        used: Uses { types: used, ..Uses::default() },
        implicit_events: Implicit::default(),
        implicit_outputs: Implicit::default(),
        outside: Outside::new(machines, machine),
        key: None,
        required: BTreeSet::new(),
        is_scripted: false,
        bodies: tree.states.iter().map(|_| Body::default()).collect(),
        reactions: Vec::new(),
        invariants: Vec::new(),
        allows: Vec::new(),
    };
    let covers = Span { end: end.max(machine.span.end), ..machine.span };
    annotations::check((Subject::Machine, &machine.meta), covers, &mut ctx.allows, ctx.d);
    machine.items.iter().for_each(|item| ctx.head_annotations(item));
    identities::check(machine, ctx.d);
    ctx.outside_heads(machine, imported);
    let defaults = ctx.context_defaults(machine);
    ctx.required = required(&declarations, &defaults);
    ctx.items(StateId::ROOT, machine_items(machine), &mut 1);
    let complete = ctx.with_made();
    ctx.declarations = &complete;
    activity_names::check(&complete, types, &symbols.errors, ctx.d);
    let mut properties = ctx.properties(machine);
    properties.extend(beside.claims.iter().map(|claim| ctx.claim(String::new(), claim)));
    ctx.is_scripted = true;
    let mut all: Vec<&ast::Scenario> = machine.items.iter().filter_map(scenario).collect();
    all.extend(beside.scenarios);
    let mut scenarios = ctx.scenarios(&all);
    if !beside.script.is_empty() {
        let steps = ctx.steps(beside.script);
        scenarios.push(Scenario { title: String::new(), steps, span: machine.span });
    }
    let migrations = ctx.migrations(machine);
    let Ctx {
        key,
        used,
        implicit_events,
        implicit_outputs,
        bodies,
        reactions,
        invariants,
        allows,
        outside,
        ..
    } = ctx;
    let Outside { policies, messages, .. } = outside;
    let mut declarations = complete;
    (declarations.policies, declarations.messages) = (policies, messages);
    activity_names::check_messages(&declarations, types, d);
    if declarations.external_events.is_some() {
        declarations.events = implicit_events.list;
    }
    if declarations.external_outputs.is_some() {
        declarations.outputs = implicit_outputs.list;
    }
    put_defaults(&mut declarations, defaults);
    let (mut states, mut reactions) = (with_bodies(tree, bodies), reactions);
    give_defaults(&mut states, &mut reactions);
    Model {
        name: machine.name.clone(),
        docs: machine.meta.docs.clone(),
        version: machine.version.unwrap_or(1),
        durable: machine.durable,
        key,
        declarations,
        states,
        reactions,
        invariants,
        properties,
        scenarios,
        migrations,
        allows,
        strict: annotations::is_strict(&machine.meta),
        used,
    }
}

fn scenario(item: &MachineItem) -> Option<&ast::Scenario> {
    match item {
        MachineItem::Scenario(scenario) => Some(scenario),
        _ => None,
    }
}

/// The fields that neither have a default nor are set by a transition.
fn required(declarations: &Declarations, defaults: &[Option<Expr>]) -> BTreeSet<FieldId> {
    let ContextDecl::Declared(fields) = &declarations.context else { return BTreeSet::new() };
    let all = fields.iter().zip(defaults).enumerate();
    let required = all.filter(|(_, (field, default))| !field.late && default.is_none());
    required.map(|(at, _)| FieldId(at as u32)).collect()
}

impl<'a> Ctx<'a, '_> {
    /// The annotations of what a machine declares; those of states come with their bodies.
    fn head_annotations(&mut self, item: &'a MachineItem) {
        let mut check =
            |subject, covers| annotations::check(subject, covers, &mut self.allows, self.d);
        match item {
            MachineItem::Context(context) => {
                check((Subject::Other("the context"), &context.meta), context.span);
                for field in &context.fields {
                    let param = &field.param;
                    let end = param.default.as_ref().map_or(param.ty.span, |d| d.span);
                    check((Subject::Field, &param.meta), param.name.span.to(end));
                }
            }
            MachineItem::Event(s) => check((Subject::Event, &s.meta), s.span),
            MachineItem::Output(s) => check((Subject::Other("an output"), &s.meta), s.span),
            MachineItem::Error { signature: s, .. } => {
                check((Subject::Other("an error"), &s.meta), s.span);
            }
            MachineItem::Guard(s) => check((Subject::Other("a guard"), &s.meta), s.span),
            MachineItem::Fn(s) => check((Subject::Other("a function"), &s.meta), s.span),
            MachineItem::Action(s) => check((Subject::Other("an action"), &s.meta), s.span),
            MachineItem::Activity { signature: s, .. } => {
                check((Subject::Activity, &s.meta), s.span);
            }
            MachineItem::Policy(policy) => {
                check((Subject::Other("a policy"), &policy.meta), policy.span);
            }
            _ => {}
        }
    }

    /// The defaults of the context, in order.
    fn context_defaults(&mut self, machine: &'a ast::Machine) -> Vec<Option<Expr>> {
        let declarations = self.declarations;
        let ContextDecl::Declared(fields) = &declarations.context else { return Vec::new() };
        let written = machine.items.iter().filter_map(|item| match item {
            MachineItem::Context(context) => Some(&context.fields),
            _ => None,
        });
        let pairs = written.flatten().zip(fields);
        pairs
            .map(|(written, field)| {
                let default = written.param.default.as_ref()?;
                Some(self.expr(Scope::CONSTANT, default, Want::param(&field.param)))
            })
            .collect()
    }
}

fn put_defaults(declarations: &mut Declarations, defaults: Vec<Option<Expr>>) {
    if let ContextDecl::Declared(fields) = &mut declarations.context {
        for (field, default) in fields.iter_mut().zip(defaults) {
            field.param.default = default;
        }
    }
}

/// Targets that give data give those that were declared: what a construct needs has defaults.
fn give_defaults(states: &mut [State], reactions: &mut [Reaction]) {
    let data: Vec<Vec<Option<Expr>>> = states
        .iter()
        .map(|state| state.data.iter().map(|param| param.default.clone()).collect())
        .collect();
    let of_reactions = reactions.iter_mut().flat_map(|reaction| &mut reaction.branches);
    let targets = of_reactions.flat_map(|branch| match &mut branch.target {
        Target::States(targets) => targets.iter_mut().collect(),
        Target::Reenter(target) => vec![target],
        Target::Stay | Target::Initial(..) | Target::History { .. } => Vec::new(),
    });
    let initials = states.iter_mut().filter_map(|state| state.initial.as_mut());
    let initials = initials.flat_map(|initial| &mut initial.targets);
    for TargetState { state, args, .. } in targets.chain(initials) {
        if let Some(args) = args {
            let rest = data[state.index()].iter().skip(args.len());
            args.extend(rest.flatten().cloned());
        }
    }
}

/// Puts what the states do into the tree.
fn with_bodies(tree: StateTree<'_>, bodies: Vec<Body>) -> Vec<crate::model::State> {
    let mut states = tree.states;
    for (state, body) in states.iter_mut().zip(bodies) {
        state.entry = body.entry;
        state.exit = body.exit;
        state.invoke = body.invoke;
        state.fan_out = body.fan_out;
        state.reactions = body.reactions;
        state.defer = body.defer;
        state.ignore = body.ignore;
        if body.initial.is_some() {
            state.initial = body.initial;
        }
        for (param, default) in state.data.iter_mut().zip(body.defaults) {
            param.default = default;
        }
        state.data.extend(body.more_data);
        state.rounds = body.rounds;
    }
    states
}
