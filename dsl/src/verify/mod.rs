//! Explores what a machine can do, and proves or refutes what is claimed of it.
//!
//! A configuration is everything that a step reads: active states, context, histories, what is put
//! off, timers. [`data`] finds which data can make a difference, [`classes`] which values can be
//! told apart, and [`mod@slice`] cuts away the rest; [`sample`] then has a few values that stand
//! for all. [`space`] explores with them, and with every answer of guards and fns ([`choices`]), of branches
//! that are [`mod@alike`] with one order;
//! [`zone`] keeps which timers can come first. [`runs`] searches what was found for runs that avoid
//! something for ever; [`trace`] makes a way
//! readable, [`replay`] plays it on the machine as it was declared; [`verdicts`] says what all that means, and [`say`] says it to people.

mod alike;
mod choices;
mod classes;
mod data;
mod fan_out;
mod replay;
mod runs;
mod sample;
mod say;
mod slice;
mod space;
mod trace;
mod verdicts;
mod zone;

pub use trace::{Trace, TraceStep};
pub use verdicts::{Finding, FindingKind, Status, Unhandled, Verdict};

use crate::ast::ClaimKind;
use crate::ast::Role;
use crate::chart::{Chart, Invoke};
use crate::interpret::{Occurrence, Reply, Value, join_may_say};
use crate::model::failures::{CANCELLED, TOO_FEW, TOO_MANY, UNEXPECTED};
use crate::model::{
    Activity, ActivityId, ContextDecl, ErrorId, EventId, Expr, FieldId, Joined, Param, Property,
    StateId, Ty, Work,
};
use alike::Alike;
use classes::Classes;
use data::Slot;
use sample::Sample;
use space::{Condition, Space, World};
use std::collections::{BTreeMap, BTreeSet};
use trace::Tracer;

/// How many configurations are explored if nothing else is said. Memory and steps are bounded by it too:
/// see [`space`].
pub const BOUND: usize = 1_000_000;

/// What a host calls an error that nobody asks for.
const OTHER: &str = "Another";

/// What was explored of one machine.
#[derive(Debug)]
pub struct Exploration<'c> {
    chart: &'c Chart,
    world: World,
    space: Space,
    claims: Vec<Property>,
    /// What was only tried, as `Event.field`.
    tried: Vec<String>,
}

/// Explores a machine and what is claimed of it, up to a number of configurations. `progress` hears
/// now and then how many have been found and how many of them wait.
pub fn explore<'c>(
    chart: &'c Chart,
    claims: &[Property],
    bound: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Exploration<'c> {
    let mut conditions: Vec<Expr> = chart.invariants.iter().map(|i| i.expr.clone()).collect();
    conditions.extend(claims.iter().flat_map(|property| exprs(&property.claim)).cloned());
    let asked: Vec<&Expr> = conditions.iter().collect();
    let relevant = data::relevant(chart, &data::uses(chart, &asked));
    let sliced = slice::slice(chart, &relevant, &mut conditions);
    // Once more, since what stands for parts that only Rust knows is asked like any guard.
    let asked: Vec<&Expr> = conditions.iter().collect();
    let uses = data::uses(&sliced, &asked);
    let relevant = data::relevant(&sliced, &uses);
    let classes = Classes::of(&sliced, &uses, chart);
    drop(uses);
    let mut setting =
        Setting { chart: &sliced, relevant: &relevant, classes: &classes, tried: Vec::new() };
    let starts = setting.starts();
    let inputs = setting.inputs();
    let answers = setting.answers(chart);
    let replies = setting.replies();
    setting.joined(chart);
    setting.said();
    let (field_ceilings, data_ceilings) = setting.ceilings();
    let tried = setting.tried;
    let alike = Alike::of(&sliced, &relevant);
    let owners = chart.invariants.iter().map(|i| i.state).chain(std::iter::repeat(StateId::ROOT));
    let conditions = conditions.into_iter().zip(owners).map(|(expr, owner)| {
        let asks = asks(&sliced, &expr);
        Condition { owner, expr, asks }
    });
    let conditions = conditions.collect();
    let asks = |invoke: &Invoke| sliced.asks_a_person(invoke.state);
    let can_be_late = sliced.durable && sliced.invokes.iter().any(asks);
    let world = World {
        chart: sliced,
        starts,
        inputs,
        replies,
        answers,
        field_ceilings,
        data_ceilings,
        conditions,
        alike,
        relevant,
        can_be_late,
    };
    let space = world.explore(bound, progress);
    Exploration { chart, world, space, claims: claims.to_vec(), tried }
}

impl Exploration<'_> {
    /// How many configurations were found.
    pub fn configurations(&self) -> usize {
        self.space.nodes.len()
    }

    /// How many steps were made.
    pub fn steps(&self) -> usize {
        self.space.steps
    }

    /// How many bytes are kept of each configuration.
    pub fn bytes_each(&self) -> usize {
        self.space.bytes_each()
    }

    /// True if all configurations were found.
    pub fn is_complete(&self) -> bool {
        self.space.stopped.is_none()
    }

    /// What has so many values that only some were tried, as `Event.field`.
    pub fn tried(&self) -> &[String] {
        &self.tried
    }

    /// True if some run enters a state.
    pub fn is_active(&self, state: StateId) -> bool {
        state == StateId::ROOT || self.space.active.contains(&state)
    }

    fn tracer(&self) -> Tracer<'_> {
        Tracer { world: &self.world, space: &self.space, chart: self.chart }
    }
}

/// The conditions of a claim.
fn exprs(claim: &ClaimKind<Expr>) -> Vec<&Expr> {
    match claim {
        ClaimKind::Always(e) | ClaimKind::Never(e) | ClaimKind::Eventually(e) => vec![e],
        ClaimKind::LeadsTo(from, to) => vec![from, to],
    }
}

/// The first guard or fn that a condition asks.
fn asks(chart: &Chart, expr: &Expr) -> Option<String> {
    if let crate::model::ExprKind::Call(function, _) = &expr.kind {
        return Some(chart.declarations.functions[function.index()].name.text.clone());
    }
    expr.parts().into_iter().find_map(|part| asks(chart, part))
}

/// True if a text may be what an error with these parts says, as far as its beginning tells.
fn shows(params: &[Param], text: &str) -> bool {
    let Some(first) = params.first() else { return false };
    match &first.ty {
        Ty::String => text.starts_with('"'),
        Ty::Bool => text.starts_with("true") || text.starts_with("false"),
        Ty::Int(_) => text.starts_with(|c: char| c.is_ascii_digit() || c == '-'),
        Ty::Vec(_) => text.starts_with('['),
        _ => !text.is_empty(),
    }
}

/// For each field, and for data of states, from where on all numbers are alike.
type Ceilings = (Vec<Option<i128>>, BTreeMap<(StateId, u32), i128>);

/// The values with which a machine is explored.
struct Setting<'a> {
    chart: &'a Chart,
    relevant: &'a BTreeSet<Slot>,
    classes: &'a Classes,
    tried: Vec<String>,
}

impl Setting<'_> {
    /// Values for a slot; one is enough if it makes no difference.
    fn sample(&mut self, slot: Slot, ty: &Ty, name: impl Fn() -> String) -> Sample {
        let declarations = &self.chart.declarations;
        if !self.relevant.contains(&slot) {
            let plain = Value::plain(ty, declarations).unwrap_or(Value::String(String::new()));
            return Sample { values: vec![plain], is_whole: true };
        }
        let sample = Sample::of(ty, &self.classes.get(slot), declarations);
        if !sample.is_whole {
            self.tried.push(name());
        }
        sample
    }

    fn rows(&mut self, params: &[(Slot, &Param)], of: &str) -> Vec<Vec<Value>> {
        let samples: Vec<Sample> = params
            .iter()
            .map(|(slot, param)| {
                self.sample(*slot, &param.ty, || format!("{of}.{}", param.name.text))
            })
            .collect();
        let all = samples.iter().all(|sample| sample.is_whole);
        let rows = sample::combinations(samples);
        if all && !rows.is_whole {
            self.tried.push(of.to_owned());
        }
        rows.values
    }

    fn starts(&mut self) -> Vec<BTreeMap<FieldId, Value>> {
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return vec![BTreeMap::new()];
        };
        let all = fields.iter().enumerate();
        let required: Vec<(Slot, &Param)> = all
            .filter(|(_, field)| !field.late && field.param.default.is_none())
            .map(|(at, field)| (Slot::Field(at as u32), &field.param))
            .collect();
        let ids: Vec<FieldId> = required
            .iter()
            .filter_map(|(slot, _)| match slot {
                Slot::Field(at) => Some(FieldId(*at)),
                _ => None,
            })
            .collect();
        let rows = self.rows(&required, "context");
        rows.into_iter().map(|row| ids.iter().copied().zip(row).collect()).collect()
    }

    fn inputs(&mut self) -> Vec<Occurrence> {
        let mut inputs = Vec::new();
        for (at, event) in self.chart.declarations.events.iter().enumerate() {
            let id = EventId(at as u32);
            let params = event.params.iter().enumerate();
            let params: Vec<(Slot, &Param)> =
                params.map(|(at, param)| (Slot::Payload(id, at as u32), param)).collect();
            let rows = self.rows(&params, &event.name.text);
            inputs.extend(rows.into_iter().map(|payload| Occurrence { event: id, payload }));
        }
        inputs
    }

    /// How each call can end: of each chain, in order.
    fn replies(&mut self) -> Vec<Vec<Vec<Reply>>> {
        let declarations = &self.chart.declarations;
        let mut all: Vec<Vec<Reply>> = Vec::new();
        for (at, activity) in declarations.activities.iter().enumerate() {
            let id = ActivityId(at as u32);
            let of = &activity.name.text;
            let mut ends = match &activity.result {
                Some(ty) => {
                    let results = self.sample(Slot::Result(id), ty, || format!("{of}(..)"));
                    results.values.into_iter().map(|result| Reply::Done(Some(result))).collect()
                }
                None => vec![Reply::Done(None)],
            };
            for error in &activity.raises {
                ends.extend(self.failures(*error));
            }
            if !activity.is_of_person() {
                let messages = self.messages(of);
                ends.extend(messages.into_iter().map(Reply::Unexpected));
            }
            all.push(ends);
        }
        let invokes = self.chart.invokes.iter();
        invokes.map(|invoke| self.replies_of(invoke, &all)).collect()
    }

    /// How each call of a chain can end: as its activity does, and under the names of what becomes of the
    /// call, if somebody asks for them.
    fn replies_of(&mut self, invoke: &Invoke, all: &[Vec<Reply>]) -> Vec<Vec<Reply>> {
        let declarations = &self.chart.declarations;
        let is_step = invoke.role.is_some_and(Role::is_step);
        let is_cut = self.chart.durable && matches!(invoke.role, Some(Role::Step { .. }));
        let mut calls = Vec::new();
        for call in 0..=invoke.call.fallbacks.len() {
            let Work::Activity(activity) = invoke.call.work(call) else {
                calls.push(Vec::new());
                continue;
            };
            let mut ends = all[activity.index()].clone();
            let activity = &declarations.activities[activity.index()];
            let names = declarations.other_ends(&invoke.call, call, is_step);
            let names = names.into_iter().chain(is_cut.then_some(CANCELLED));
            let names = self.told_apart(names, |name| name);
            for name in &names {
                ends.extend(self.named(name, activity));
            }
            // Last, so that a run has another end where that does as well: one that can be played.
            let others = self.not_raised(activity);
            for error in &others {
                ends.extend(self.failures(*error));
            }
            for name in self.named_by_hosts(activity) {
                let is_other = |id: &ErrorId| declarations.errors[id.index()].name.text == name;
                if !names.contains(&name.as_str()) && !others.iter().any(is_other) {
                    ends.extend(self.named(&name, activity));
                }
            }
            calls.push(ends);
        }
        calls
    }

    /// An error under a name that is not declared, with what it may say.
    fn named(&mut self, name: &str, activity: &Activity) -> Vec<Reply> {
        let messages = match self.relevant.contains(&Slot::Message) {
            true => self.messages(&activity.name.text),
            false => vec![name.to_owned()],
        };
        messages.into_iter().map(|text| Reply::Failed(name.to_owned(), text)).collect()
    }

    /// The names that somebody asks for, and another one if it is asked whether an error is `Unexpected`: the
    /// host of an activity can call its errors as it likes. It is taken at its word where it raises an error of the
    /// name, and names of what joins come to are theirs.
    fn named_by_hosts(&self, activity: &Activity) -> Vec<String> {
        if !activity.is_of_host() || !self.relevant.contains(&Slot::Name) {
            return Vec::new();
        }
        let (class, declarations) = (self.classes.get(Slot::Name), &self.chart.declarations);
        let mut names: Vec<String> = class.strings.iter().cloned().collect();
        if class.orders || class.strings.contains(UNEXPECTED) {
            let longer =
                std::iter::successors(Some(OTHER.to_owned()), |name| Some(format!("{name}x")));
            names.extend(longer.into_iter().find(|name| !class.strings.contains(name)));
        }
        if class.orders {
            let between = Sample::of(&Ty::String, &class, declarations).values.into_iter();
            names.extend(between.filter_map(|name| match name {
                Value::String(name) if !class.strings.contains(&name) => Some(name),
                _ => None,
            }));
        }
        let is_raised = |name: &str| {
            activity.raises.iter().any(|id| declarations.errors[id.index()].name.text == *name)
        };
        names.retain(|name| {
            ![UNEXPECTED, TOO_MANY, TOO_FEW].contains(&name.as_str()) && !is_raised(name)
        });
        names
    }

    /// A declared error with all that it may carry.
    fn failures(&mut self, error: ErrorId) -> Vec<Reply> {
        let declared = &self.chart.declarations.errors[error.index()];
        let params = declared.params.iter().enumerate();
        let params: Vec<(Slot, &Param)> =
            params.map(|(at, param)| (Slot::Error(error, at as u32), param)).collect();
        let rows = self.rows(&params, &declared.name.text);
        rows.into_iter().map(|row| Reply::Error(error, row)).collect()
    }

    /// The errors that are declared and that an activity does not raise: a host may give them all the same, as
    /// one that is caught by its name alone, with what they carry.
    fn not_raised(&self, activity: &Activity) -> Vec<ErrorId> {
        let errors = &self.chart.declarations.errors;
        let all = (0..errors.len() as u32).map(ErrorId);
        let others = all.filter(|id| activity.is_of_host() && !activity.raises.contains(id));
        self.told_apart(others, |id| &errors[id.index()].name.text)
    }

    /// Those whose names somebody asks for, and one of the others if it is asked whether an error is
    /// `Unexpected`, which they are not.
    fn told_apart<'n, T>(
        &self,
        all: impl Iterator<Item = T>,
        name: impl Fn(&T) -> &'n str,
    ) -> Vec<T> {
        if !self.relevant.contains(&Slot::Name) {
            return Vec::new();
        }
        let asked = self.classes.get(Slot::Name).strings;
        let mut others = usize::from(asked.contains(UNEXPECTED));
        let is_told = |of: &T| {
            let is_other = !asked.contains(name(of));
            let first = is_other && others > 0;
            others -= usize::from(first);
            first || !is_other
        };
        all.filter(is_told).collect()
    }

    /// What an error may say that nobody declares.
    fn messages(&mut self, of: &str) -> Vec<String> {
        let messages = self.sample(Slot::Message, &Ty::String, || format!("{of}(..)"));
        let texts = messages.values.into_iter().filter_map(|message| match message {
            Value::String(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    fn answers(&mut self, declared: &Chart) -> choices::Answers {
        let mut answers = choices::Answers::default();
        for (at, function) in self.chart.declarations.functions.iter().enumerate() {
            let slot = Slot::Answer(crate::model::FunctionId(at as u32));
            let ty = function.result.clone().unwrap_or(Ty::Bool);
            let declarations = &self.chart.declarations;
            if let Some(number) = fan_out::list_of(&function.name.text) {
                let of = declared.fan_outs[number].fan_out.clone();
                answers.lists.insert(function.name.text.clone(), of);
                continue;
            }
            let sample = Sample::of(&ty, &self.classes.get(slot), declarations);
            if !sample.is_whole && self.relevant.contains(&slot) {
                self.tried.push(format!("{}(..)", function.name.text));
            }
            answers.of.insert(function.name.text.clone(), sample.values);
        }
        answers
    }

    /// Notes what two branches cannot tell of many: how long lists of answers are.
    fn joined(&mut self, declared: &Chart) {
        let over = declared.fan_outs.iter().map(|of| &of.fan_out).filter(|of| of.over.is_some());
        for of in over.clone().filter(|of| fan_out::is_beyond(of)) {
            self.tried.extend(of.over.iter().map(|over| over.item.text.clone()));
        }
        if self.relevant.contains(&Slot::Name) {
            let class = self.classes.get(Slot::Name);
            self.tried.extend((class.compares || class.measures).then(|| "e.name".to_owned()));
        }
        for of in self.chart.fan_outs.iter().map(|of| &of.fan_out) {
            for list in of.results.iter().filter(|_| of.over.is_some()) {
                let slots = match list.what {
                    Joined::Answers => of.calls.iter().flat_map(data::results).collect(),
                    Joined::Failures => vec![Slot::Name, Slot::Message],
                    Joined::Branch(_) | Joined::Outcome => Vec::new(),
                };
                let mut classes = slots.into_iter().map(|slot| self.classes.get(slot));
                if classes.any(|class| class.measures || class.compares) {
                    self.tried.push(list.name.text.clone());
                }
            }
        }
    }

    /// Notes texts that are asked for and that only values which are not tried may make: those of joins, whose numbers and
    /// errors are not told by two branches, and of errors that carry other things than a text.
    fn said(&mut self) {
        if !self.relevant.contains(&Slot::Message) {
            return;
        }
        let asked = self.classes.get(Slot::Message).strings;
        let joins = !self.chart.fan_outs.is_empty();
        let declarations = &self.chart.declarations;
        let raised = declarations
            .activities
            .iter()
            .flat_map(|activity| activity.raises.iter().copied().chain(self.not_raised(activity)));
        let raised = raised.map(|error| &declarations.errors[error.index()].params[..]);
        let raised: Vec<&[Param]> = raised.filter(|params| !data::says_text(params)).collect();
        let may_say = |text: &String| {
            joins && join_may_say(text) || raised.iter().any(|params| shows(params, text))
        };
        if asked.iter().any(may_say) {
            self.tried.push("e.message".to_owned());
        }
    }

    /// Where numbers stop to make a difference. Not where a value from outside may be negative.
    fn ceilings(&self) -> Ceilings {
        let ceiling = |slot: Slot, ty: &Ty| -> Option<i128> {
            let is_number = matches!(ty, Ty::Int(_) | Ty::Duration);
            let class = self.classes.get(slot);
            let ceiling = class.ceiling().filter(|_| is_number && self.relevant.contains(&slot))?;
            (!self.may_be_negative(slot)).then_some(ceiling)
        };
        let fields = match &self.chart.declarations.context {
            ContextDecl::Declared(fields) => &fields[..],
            ContextDecl::External(_) => &[],
        };
        let fields = fields.iter().enumerate();
        let fields = fields.map(|(at, f)| ceiling(Slot::Field(at as u32), &f.param.ty)).collect();
        let mut data = BTreeMap::new();
        for (at, state) in self.chart.states.iter().enumerate() {
            let id = StateId(at as u32);
            for (at, param) in state.data.iter().enumerate() {
                let found = ceiling(Slot::Data(id, at as u32), &param.ty);
                data.extend(found.map(|ceiling| ((id, at as u32), ceiling)));
            }
        }
        (fields, data)
    }

    /// True if a negative number from outside can get into a slot.
    fn may_be_negative(&self, slot: Slot) -> bool {
        let signed = |ty: &Ty| matches!(ty, Ty::Int(int) if int.range().0 < 0);
        let declarations = &self.chart.declarations;
        let events = declarations.events.iter().enumerate().flat_map(|(event, declared)| {
            let id = EventId(event as u32);
            let params = declared.params.iter().enumerate();
            params.map(move |(at, param)| (Slot::Payload(id, at as u32), &param.ty))
        });
        let functions = declarations.functions.iter().enumerate().filter_map(|(at, function)| {
            let slot = Slot::Answer(crate::model::FunctionId(at as u32));
            Some((slot, function.result.as_ref()?))
        });
        let fields = match &declarations.context {
            ContextDecl::Declared(fields) => &fields[..],
            ContextDecl::External(_) => &[],
        };
        let given = fields.iter().enumerate().filter(|(_, f)| f.param.default.is_none() && !f.late);
        let given = given.map(|(at, field)| (Slot::Field(at as u32), &field.param.ty));
        let results = declarations.activities.iter().enumerate().filter_map(|(at, activity)| {
            Some((Slot::Result(ActivityId(at as u32)), activity.result.as_ref()?))
        });
        let errors = declarations.errors.iter().enumerate().flat_map(|(error, declared)| {
            let id = ErrorId(error as u32);
            let params = declared.params.iter().enumerate();
            params.map(move |(at, param)| (Slot::Error(id, at as u32), &param.ty))
        });
        let mut outside = events.chain(functions).chain(given).chain(results).chain(errors);
        outside.any(|(other, ty)| signed(ty) && (other == slot || self.classes.share(other, slot)))
    }
}
