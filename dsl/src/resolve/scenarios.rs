//! Properties and scenarios: what they name, and what is left to give.

use super::annotations::{self, Subject};
use super::ctx::{Ctx, Scope, Want};
use super::declarations::Callable;
use super::names::declared_twice;
use super::orchestration::Named;
use super::print;
use super::suggest::unknown as unknown_name;
use crate::ast::{
    self, BinaryOp, ClaimKind, ExprKind as Written, MachineItem, Name, Title, UnaryOp,
};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::failures::CANCELLED;
use crate::model::{
    Activity, ActivityKind, Answering, ContextDecl, EffectKind, Ending, Expectation,
    ExpectationKind, Expr, ExprKind, FunctionKind, Given, Property, Scenario, ScenarioStep,
    ScenarioStepKind, StateId, Ty,
};
use crate::span::Span;
use std::collections::BTreeMap;

impl<'a> Ctx<'a, '_> {
    /// The properties of a machine, in order.
    pub(super) fn properties(&mut self, machine: &'a ast::Machine) -> Vec<Property> {
        let mut titles = BTreeMap::new();
        let written = machine.items.iter().filter_map(|item| match item {
            MachineItem::Property(property) => Some(property),
            _ => None,
        });
        let mut properties = Vec::new();
        for property in written {
            self.once("property", &property.title, &mut titles);
            let span = property.span;
            let subject = (Subject::Other("a property"), &property.meta);
            annotations::check(subject, span, &mut self.allows, self.d);
            properties.push(self.claim(property.title.text.clone(), &property.claim));
        }
        properties
    }

    /// A claim with its title.
    pub(super) fn claim(&mut self, title: String, written: &'a ast::Claim) -> Property {
        let (claim, text) = match &written.kind {
            ClaimKind::Always(e) => {
                (ClaimKind::Always(self.condition(e)), format!("always {}", print::expr(e)))
            }
            ClaimKind::Never(e) => {
                (ClaimKind::Never(self.condition(e)), format!("never {}", print::expr(e)))
            }
            ClaimKind::Eventually(e) => {
                (ClaimKind::Eventually(self.condition(e)), format!("eventually {}", print::expr(e)))
            }
            ClaimKind::LeadsTo(from, to) => {
                let text = format!("{} leads to {}", print::expr(from), print::expr(to));
                (ClaimKind::LeadsTo(self.condition(from), self.condition(to)), text)
            }
        };
        Property { title, claim, text, span: written.span }
    }

    fn once(&mut self, what: &str, title: &'a Title, known: &mut BTreeMap<&'a str, &'a Title>) {
        match known.get(title.text.as_str()) {
            Some(first) => {
                let name = Name { text: title.text.clone(), span: title.span };
                self.error(declared_twice(what, &name, first.span));
            }
            None => drop(known.insert(&title.text, title)),
        }
    }

    /// A condition in which the name of a state alone is `in(State)`.
    fn condition(&mut self, written: &'a ast::Expr) -> Expr {
        let span = written.span;
        match &written.kind {
            Written::Path(path) if self.is_state(path) => match self.state(StateId::ROOT, path) {
                Some(state) => Expr { kind: ExprKind::In(state), ty: Ty::Bool, span },
                None => super::expr::unknown(span),
            },
            Written::Unary(op @ UnaryOp::Not, inner) => {
                let kind = ExprKind::Unary(*op, Box::new(self.condition(inner)));
                Expr { kind, ty: Ty::Bool, span }
            }
            Written::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                let kind = ExprKind::Binary(*op, Box::new(left), Box::new(right));
                Expr { kind, ty: Ty::Bool, span }
            }
            _ => self.expr(Scope::of(StateId::ROOT), written, Want::new(&Ty::Bool)),
        }
    }

    /// True if a path names a state and no value, or is nothing but looks like a state.
    fn is_state(&self, path: &ast::Path) -> bool {
        let Some(first) = path.segments.first() else { return false };
        let is_value = path.segments.len() == 1 && self.symbols.fields.get(&first.text).is_some();
        let is_state = self.tree.by_name.contains_key(first.text.as_str())
            || first.text.starts_with(char::is_uppercase);
        is_state && !is_value && self.types.declared(&first.text).is_none()
    }

    /// The scenarios of a machine. What only they use counts as unused.
    pub(super) fn scenarios(&mut self, written: &[&'a ast::Scenario]) -> Vec<Scenario> {
        let used = self.used.clone();
        let mut titles = BTreeMap::new();
        let mut scenarios = Vec::new();
        for scenario in written {
            self.once("scenario", &scenario.title, &mut titles);
            let subject = (Subject::Other("a scenario"), &scenario.meta);
            annotations::check(subject, scenario.span, &mut self.allows, self.d);
            let steps = self.steps(&scenario.steps);
            self.all_given(scenario, &steps);
            let (title, span) = (scenario.title.text.clone(), scenario.span);
            scenarios.push(Scenario { title, steps, span });
        }
        self.used = used;
        scenarios
    }

    /// The steps of a scenario or a script.
    pub(super) fn steps(&mut self, written: &'a [ast::ScenarioStep]) -> Vec<ScenarioStep> {
        let mut has_begun = false;
        let mut steps = Vec::new();
        for step in written {
            if let Some(kind) = self.scenario_step(step, has_begun) {
                steps.push(ScenarioStep { kind, span: step.span });
            }
            has_begun |= !matches!(step.kind, ast::ScenarioStepKind::Given(_));
        }
        steps
    }

    fn scenario_step(
        &mut self,
        step: &'a ast::ScenarioStep,
        has_begun: bool,
    ) -> Option<ScenarioStepKind> {
        Some(match &step.kind {
            ast::ScenarioStepKind::Given(all) => {
                let given = all.iter().filter_map(|given| self.given(given, has_begun));
                let given: Vec<Given> = given.collect();
                self.no_answer_twice(&given);
                ScenarioStepKind::Given(given)
            }
            ast::ScenarioStepKind::Send(name, args) => {
                let Some(event) = self.event(name) else {
                    self.loose_args(Scope::CONSTANT, args);
                    return None;
                };
                let args = self.payload(Scope::CONSTANT, event, name, args, step.span)?;
                ScenarioStepKind::Send(event, args)
            }
            ast::ScenarioStepKind::After(time) => {
                let time = self.expr(Scope::CONSTANT, time, Want::new(&Ty::Duration));
                ScenarioStepKind::After(time)
            }
            ast::ScenarioStepKind::Expect(all) => {
                let expected = all.iter().filter_map(|expected| self.expectation(expected));
                ScenarioStepKind::Expect(expected.collect())
            }
        })
    }

    fn given(&mut self, given: &'a ast::Given, has_begun: bool) -> Option<Given> {
        match given {
            ast::Given::Field(name, value) => self.given_field(name, value, has_begun),
            ast::Given::Answer(name, args, answer) => {
                if self.callable(&name.text).is_none()
                    && let Some(of) = self.step_named(name)
                {
                    return self.ending(of, name, args.as_deref(), answer);
                }
                let id = match self.answering(name)? {
                    Callable::Activity(activity) => {
                        let of = Answering { activity, step: None };
                        return self.ending(of, name, args.as_deref(), answer);
                    }
                    Callable::Host(id) => id,
                };
                let function = &self.declarations.functions[id.index()];
                let what = format!("`{}`", name.text);
                let (declared, params) = (function.name.span, &function.params);
                let args = match args {
                    Some(args) => {
                        let place = name.span;
                        let scope = Scope::CONSTANT;
                        Some(self.args(scope, &what, declared, params, args, place)?)
                    }
                    None => None,
                };
                let ty = function.result.clone().unwrap_or(Ty::Bool);
                let value = match answer {
                    ast::Answer::Value(value) => value,
                    ast::Answer::Error(_, _, span) | ast::Answer::Unexpected(_, span) => {
                        let message = format!("`{}` never fails", name.text);
                        self.error(
                            Diagnostic::new(Code::TypeMismatch, *span, message)
                                .at("only activities end with errors")
                                .label(declared, "declared here"),
                        );
                        return None;
                    }
                };
                let value = self.expr(Scope::CONSTANT, value, Want::new(&ty));
                Some(Given::Answer(id, args, value))
            }
        }
    }

    /// The call of the step of a saga that has this name. Where several sagas have one, which is meant
    /// is said by the activity and its arguments.
    fn step_named(&mut self, name: &Name) -> Option<Answering> {
        let tree = self.tree;
        let is_it = |id: &StateId| {
            let part = tree.get(*id).part.as_ref();
            part.is_some_and(|part| {
                let is_named = part.step.as_ref().is_some_and(|step| step.text == name.text);
                part.role.is_step() && is_named
            })
        };
        let mut found = (0..tree.states.len() as u32).map(StateId).filter(is_it);
        let step = found.next()?;
        if let Some(other) = found.next() {
            let message = format!("`{}` is a step of several sagas", name.text);
            let (first, second) = (tree.get(step).name.span, tree.get(other).name.span);
            self.error(
                Diagnostic::new(Code::UnknownName, name.span, message)
                    .at("which is meant?")
                    .label(first, "one is here")
                    .label(second, "another here")
                    .help("say which activity ends so, with its arguments"),
            );
        }
        let activity = self.bodies[step.index()].invoke.as_ref()?.activity;
        Some(Answering { activity, step: Some(step) })
    }

    /// How an activity ends.
    fn ending(
        &mut self,
        of: Answering,
        name: &'a Name,
        args: Option<&'a [ast::Expr]>,
        answer: &'a ast::Answer,
    ) -> Option<Given> {
        let declarations = self.declarations;
        let activity = &declarations.activities[of.activity.index()];
        let (what, declared) = (format!("`{}`", name.text), activity.name.span);
        let args = match args {
            Some(args) => {
                let params = &activity.params;
                Some(self.args(Scope::CONSTANT, &what, declared, params, args, name.span)?)
            }
            None => None,
        };
        let (ending, span) = match answer {
            ast::Answer::Unexpected(_, span) if activity.is_of_person() => {
                let message = format!("a person does not fail: {what} is answered, or is not");
                self.error(
                    Diagnostic::new(Code::TypeMismatch, *span, message)
                        .at("no answer")
                        .label(declared, "asked here")
                        .help(format!("write `given {}(..) = ` and the answer", name.text)),
                );
                return None;
            }
            ast::Answer::Unexpected(text, span) => (Ending::Unexpected(text.clone()), *span),
            ast::Answer::Error(error, values, span) => {
                (self.failing(activity, error, values, *span)?, *span)
            }
            ast::Answer::Value(value) => match &activity.result {
                Some(ty) => {
                    let result = self.expr(Scope::CONSTANT, value, Want::new(ty));
                    (Ending::Done(Some(result)), value.span)
                }
                None if is_done(value) => (Ending::Done(None), value.span),
                None => {
                    let message = format!("{what} has no result");
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, value.span, message)
                            .at("no value for it")
                            .label(declared, "declared here")
                            .help(format!("write `given {}(..) = done`", name.text)),
                    );
                    return None;
                }
            },
        };
        Some(Given::End(of, args, ending, name.span.to(span)))
    }

    /// An error that the activity raises.
    fn failing(
        &mut self,
        activity: &Activity,
        name: &'a Name,
        values: &'a [ast::Expr],
        span: Span,
    ) -> Option<Ending> {
        // A machine may have a failure of that name that is not this error.
        let is_machine = matches!(activity.kind, ActivityKind::Machine(_));
        let known = self.symbols.errors.find(&name.text);
        let is_meant = known.is_some_and(|(id, _)| !is_machine || activity.raises.contains(&id));
        let is_other = || name.text == CANCELLED || activity.other_ends().contains(&&*name.text);
        if !is_meant && is_other() {
            return self.failed(name, values, span);
        }
        let Some((id, declared)) = self.error_of(name, Named::Given) else {
            self.loose_args(Scope::CONSTANT, values);
            return None;
        };
        if !activity.raises.contains(&id) {
            let message = format!("`{}` does not raise `{}`", activity.name.text, name.text);
            self.error(
                Diagnostic::new(Code::TypeMismatch, name.span, message)
                    .label(activity.name.span, "declared here")
                    .help(format!(
                        "add `raises {}`, or say it as any other: `error \"..\"`",
                        name.text
                    )),
            );
        }
        let params = &self.declarations.errors[id.index()].params;
        let what = format!("the error `{}`", name.text);
        let values = self.args(Scope::CONSTANT, &what, declared, params, values, span)?;
        Some(Ending::Error(id, values))
    }

    /// An error that nobody declares and that has a name, with what it says.
    fn failed(&mut self, name: &Name, values: &'a [ast::Expr], span: Span) -> Option<Ending> {
        match values {
            [] => Some(Ending::Failed(name.text.clone(), name.text.clone())),
            [ast::Expr { kind: Written::String(text), .. }] => {
                Some(Ending::Failed(name.text.clone(), text.clone()))
            }
            _ => {
                let message = format!("`{}` carries what it says, and nothing else", name.text);
                self.error(
                    Diagnostic::new(Code::TypeMismatch, span, message)
                        .at("one text, or nothing")
                        .help(format!("write `error {}(\"..\")`", name.text)),
                );
                None
            }
        }
    }

    fn given_field(&mut self, name: &'a Name, value: &'a ast::Expr, late: bool) -> Option<Given> {
        let declarations = self.declarations;
        let ContextDecl::Declared(fields) = &declarations.context else {
            let message = "the fields of a Rust type cannot be given";
            self.error(Diagnostic::new(Code::TypeMismatch, name.span, message));
            return None;
        };
        let Some(id) = self.symbols.fields.get(&name.text) else {
            let places = self.types.patience.with(self.symbols.fields.places());
            let mut unknown = unknown_name(Code::UnknownName, "context field", name, places);
            if self.callable(&name.text).is_some() {
                unknown = unknown.help(format!("an answer is `given {}(..) = value`", name.text));
            }
            self.error(unknown);
            return None;
        };
        let field = &fields[id.index()];
        let reason = if late {
            Some("fields are given before the first step")
        } else if field.late {
            Some("it is `late`: a transition sets it")
        } else if !self.required.contains(&id) {
            Some("it has a default, with which the machine starts")
        } else {
            None
        };
        if let Some(reason) = reason {
            let message = format!("`{}` cannot be given here", name.text);
            self.error(
                Diagnostic::new(Code::TypeMismatch, name.span, message)
                    .at(reason)
                    .label(field.param.name.span, "declared here"),
            );
        }
        let value = self.expr(Scope::CONSTANT, value, Want::param(&field.param));
        Some(Given::Field(id, value))
    }

    /// One `given` cannot say two things of one call; a later one can.
    fn no_answer_twice(&mut self, given: &[Given]) {
        for (at, second) in given.iter().enumerate() {
            let Some(span) = answer_span(second) else { continue };
            let same = |first: &&Given| match (first, second) {
                (Given::Answer(f, a, _), Given::Answer(g, b, _)) => f == g && a == b,
                (Given::End(f, a, ..), Given::End(g, b, ..)) => f == g && a == b,
                _ => false,
            };
            if let Some(first) = given[..at].iter().find(same).and_then(answer_span) {
                let message = "this call is given two answers";
                let diagnostic = Diagnostic::new(Code::Duplicate, span, message);
                self.error(diagnostic.label(first, "the first one"));
            }
        }
    }

    /// A guard, fn or activity; an error for anything else.
    fn answering(&mut self, name: &'a Name) -> Option<Callable> {
        let functions = &self.declarations.functions;
        let found = self.callable(&name.text);
        match found {
            Some((Callable::Host(id), _)) if functions[id.index()].kind == FunctionKind::Action => {
            }
            Some((callable, _)) => return Some(callable),
            None => {}
        }
        let answering = functions.iter().filter(|f| f.kind != FunctionKind::Action);
        let activities = self.declarations.activities.iter().map(|activity| &activity.name);
        let names = answering.map(|function| &function.name).chain(activities);
        let places = names.map(|name| (name.text.as_str(), name.span));
        let places = self.types.patience.with(places);
        let diagnostic = match found {
            Some((callable, span)) => {
                let message = format!("`{}` is {}", name.text, self.kind_of(callable));
                let diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
                diagnostic
                    .label(span, "declared here")
                    .help("only guards, fns and activities give answers")
            }
            None => unknown_name(Code::UnknownName, "guard, fn or activity", name, places),
        };
        self.error(diagnostic);
        None
    }

    fn expectation(&mut self, written: &'a ast::Expectation) -> Option<Expectation> {
        let (kind, text) = match &written.kind {
            ast::ExpectationKind::Said(said) => {
                (ExpectationKind::Said(*said), said.word().to_owned())
            }
            ast::ExpectationKind::Emit(name, args) => {
                let EffectKind::Emit(output, values) =
                    self.emit(Scope::of(StateId::ROOT), name, args, written.span)?
                else {
                    return None;
                };
                let text = format!("emit {}{}", name.text, listed(args));
                (ExpectationKind::Emit(output, values), text)
            }
            ast::ExpectationKind::Send { machine, key, event, args } => {
                let scope = Scope::of(StateId::ROOT);
                let EffectKind::Send(message, values) =
                    self.send(scope, machine, key, event, args, written.span)?
                else {
                    return None;
                };
                let text = format!(
                    "send {}({}).{}{}",
                    machine.text,
                    print::expr(key),
                    event.text,
                    listed(args)
                );
                (ExpectationKind::Send(message, values), text)
            }
            ast::ExpectationKind::Holds(expr) => {
                (ExpectationKind::Holds(self.condition(expr)), print::expr(expr))
            }
        };
        Some(Expectation { kind, text, span: written.span })
    }

    /// Every field without a default has to be given.
    fn all_given(&mut self, scenario: &ast::Scenario, steps: &[ScenarioStep]) {
        let mut given = BTreeMap::new();
        for step in steps {
            let ScenarioStepKind::Given(all) = &step.kind else { continue };
            for field in all {
                let Given::Field(id, value) = field else { continue };
                if let Some(first) = given.insert(*id, value.span) {
                    let message = "this field is given twice";
                    let again = Diagnostic::new(Code::Duplicate, value.span, message);
                    self.error(again.label(first, "first given here"));
                }
            }
        }
        let ContextDecl::Declared(fields) = &self.declarations.context else { return };
        let missing: Vec<String> = self
            .required
            .iter()
            .filter(|id| !given.contains_key(*id))
            .map(|id| format!("`{}`", fields[id.index()].param.name.text))
            .collect();
        if missing.is_empty() {
            return;
        }
        let message =
            format!("{} must be given: a machine does not start without", missing.join(", "));
        self.error(
            Diagnostic::new(Code::TypeMismatch, scenario.title.span, message)
                .help(format!("begin with `given {} = ..`", missing[0].trim_matches('`'))),
        );
    }
}

/// Values in parentheses; nothing if there are none.
fn listed(args: &[ast::Expr]) -> String {
    let args: Vec<String> = args.iter().map(print::expr).collect();
    if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) }
}

/// The word `done`.
fn is_done(value: &ast::Expr) -> bool {
    matches!(&value.kind, Written::Path(path) if path.text() == "done")
}

/// Where it is said what a call gives.
fn answer_span(given: &Given) -> Option<Span> {
    match given {
        Given::Field(..) => None,
        Given::Answer(_, _, value) => Some(value.span),
        Given::End(_, _, _, span) => Some(*span),
    }
}
