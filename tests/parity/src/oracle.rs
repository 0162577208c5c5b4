//! The meaning of a machine, written from `docs/language.md` alone: on the model, with plain sets of
//! states and recursion, without slots, leaves or plans. Slow, and as near to the words as code can
//! be. It knows the expressions that the random machines have.

use crate::author::Input;
use crate::{Driven, Seen, ok, twist};
use serde_json::{Value as Json, json};
use statewright_dsl::ast::{BinaryOp, UnaryOp};
use statewright_dsl::model::{
    BindingField, Builtin, ContextDecl, Effect, EffectKind, EventId, Expr, ExprKind, Initial,
    Invariant, Model, Reaction, ReactionId, State, StateId, StateKind, Target, TargetState,
    Trigger, Ty,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// A value of the random machines; durations in milliseconds.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Value {
    Bool(bool),
    Number(i64),
    Text(String),
}

/// The kind of an error.
type Failure = &'static str;

#[derive(Clone, Debug)]
enum Due {
    After(usize, ReactionId),
    Every(usize, ReactionId, i64),
    Raise(EventId, Vec<Value>),
}

#[derive(Clone, Debug)]
enum Internal {
    Event(EventId, Vec<Value>),
    Done(StateId),
}

/// What a step changes.
#[derive(Clone, Debug, Default)]
struct Memory {
    active: BTreeSet<StateId>,
    context: Vec<Value>,
    data: BTreeMap<StateId, Vec<Value>>,
    left: BTreeMap<StateId, BTreeSet<StateId>>,
    entered: BTreeMap<StateId, i64>,
    queue: VecDeque<Internal>,
    deferred: Vec<(EventId, Vec<Value>)>,
    timers: Vec<(i64, Due)>,
    outputs: Vec<Json>,
    now: i64,
    changed: bool,
    finished: bool,
}

/// What is entered: states, with the values for their data that are read on entry (none if the data
/// is there already), and the states whose `initial` has its effects.
#[derive(Default)]
struct Entry<'m> {
    states: BTreeMap<StateId, Vec<&'m Expr>>,
    initial: BTreeMap<StateId, &'m Initial>,
}

/// A transition that is chosen: a branch, or a choice whose effects come first.
#[derive(Clone)]
struct Chosen<'m> {
    reaction: &'m Reaction,
    bound: Vec<Value>,
    branch: Option<usize>,
}

/// What an active atomic state answers.
enum Answer<'m> {
    Take(Chosen<'m>),
    Defer,
    Ignore,
    Nothing,
}

/// A machine, run as the text says.
#[derive(Debug)]
pub struct Oracle<'m> {
    model: &'m Model,
    now: Memory,
    calls: Vec<String>,
    started: bool,
}

/// The tree.
impl<'m> Oracle<'m> {
    /// Runs a model.
    pub fn new(model: &'m Model) -> Self {
        Self { model, now: Memory::default(), calls: Vec::new(), started: false }
    }

    fn state(&self, id: StateId) -> &'m State {
        &self.model.states[id.index()]
    }

    /// The state and all around it, innermost first.
    fn around(&self, id: StateId) -> Vec<StateId> {
        std::iter::successors(Some(id), |id| self.state(*id).parent).collect()
    }

    fn is_inside(&self, inner: StateId, outer: StateId) -> bool {
        inner != outer && self.around(inner).contains(&outer)
    }

    fn is_active(&self, id: StateId) -> bool {
        self.now.active.contains(&id)
    }

    fn active_inside(&self, outer: StateId) -> BTreeSet<StateId> {
        self.now.active.iter().copied().filter(|id| self.is_inside(*id, outer)).collect()
    }

    fn is_done(&self, id: StateId) -> bool {
        let children = &self.state(id).children;
        let is_final = |c: &StateId| self.state(*c).kind == StateKind::Final && self.is_active(*c);
        match self.state(id).kind {
            StateKind::Parallel => children.iter().all(|region| self.is_done(*region)),
            _ => children.iter().any(is_final),
        }
    }
}

/// Expressions.
impl Oracle<'_> {
    fn value(&self, expr: &Expr, owner: StateId, bound: &[Value]) -> Result<Value, Failure> {
        let value = |expr: &Expr| self.value(expr, owner, bound);
        Ok(match &expr.kind {
            ExprKind::Bool(value) => Value::Bool(*value),
            ExprKind::Int(value) => Value::Number(*value as i64),
            ExprKind::String(text) => Value::Text(text.clone()),
            ExprKind::Duration(millis) => Value::Number(*millis as i64),
            ExprKind::Context(field) => self.now.context[field.index()].clone(),
            ExprKind::Binding(_, index) => bound[*index as usize].clone(),
            ExprKind::StateData(state, index) => self.now.data[state][*index as usize].clone(),
            ExprKind::In(state) => Value::Bool(self.is_active(*state)),
            ExprKind::Builtin(Builtin::Elapsed, _) => {
                Value::Number(self.now.now - self.now.entered[&owner])
            }
            ExprKind::Call(function, args) => {
                let n = number(&value(&args[0])?) as u32;
                match self.model.declarations.functions[function.index()].name.text.as_str() {
                    "ok" => Value::Bool(ok(n)),
                    _ => Value::Number(twist(n).into()),
                }
            }
            ExprKind::Unary(UnaryOp::Not, inner) => Value::Bool(!truth(&value(inner)?)),
            ExprKind::Binary(BinaryOp::And, a, b) => {
                Value::Bool(truth(&value(a)?) && truth(&value(b)?))
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => {
                Value::Bool(truth(&value(a)?) || truth(&value(b)?))
            }
            ExprKind::Binary(op, a, b) => calculate(*op, value(a)?, value(b)?, &expr.ty)?,
            other => unreachable!("the random machines have no {other:?}"),
        })
    }

    fn holds(
        &self,
        guard: Option<&Expr>,
        owner: StateId,
        bound: &[Value],
    ) -> Result<bool, Failure> {
        guard.map_or(Ok(true), |guard| Ok(truth(&self.value(guard, owner, bound)?)))
    }
}

fn truth(value: &Value) -> bool {
    *value == Value::Bool(true)
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Number(number) => *number,
        _ => 0,
    }
}

fn calculate(op: BinaryOp, a: Value, b: Value, ty: &Ty) -> Result<Value, Failure> {
    let (x, y) = (number(&a), number(&b));
    let result = match op {
        BinaryOp::Eq => return Ok(Value::Bool(a == b)),
        BinaryOp::Ne => return Ok(Value::Bool(a != b)),
        BinaryOp::Lt => return Ok(Value::Bool(a < b)),
        BinaryOp::Ge => return Ok(Value::Bool(a >= b)),
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Rem if y == 0 => return Err("DivisionByZero"),
        BinaryOp::Rem => x % y,
        other => unreachable!("the random machines have no {other:?}"),
    };
    let fits = match ty {
        Ty::Int(int) => int.range().0 <= result.into() && i128::from(result) <= int.range().1,
        _ => result >= 0,
    };
    if fits { Ok(Value::Number(result)) } else { Err("Overflow") }
}

/// Choosing transitions.
impl<'m> Oracle<'m> {
    /// Inner state before outer; in one state a handler with a true guard before a `defer`.
    fn answer(
        &self,
        leaf: StateId,
        trigger: &Trigger,
        payload: &[Value],
    ) -> Result<Answer<'m>, Failure> {
        for id in self.around(leaf) {
            let state = self.state(id);
            for reaction in state.reactions.iter().map(|r| &self.model.reactions[r.index()]) {
                if reaction.trigger != *trigger {
                    continue;
                }
                let bound = self.bound(reaction, payload);
                if !reaction.effects.is_empty() {
                    return Ok(Answer::Take(Chosen { reaction, bound, branch: None }));
                }
                if let Some(branch) = self.branch(reaction, &bound)? {
                    return Ok(Answer::Take(Chosen { reaction, bound, branch: Some(branch) }));
                }
            }
            let Trigger::Event(event) = trigger else { continue };
            if state.defer.iter().any(|(e, _)| e == event) {
                return Ok(Answer::Defer);
            }
            if state.ignore.iter().any(|(e, _)| e == event) {
                return Ok(Answer::Ignore);
            }
        }
        Ok(Answer::Nothing)
    }

    fn bound(&self, reaction: &Reaction, payload: &[Value]) -> Vec<Value> {
        let value = |field: &BindingField| match field {
            BindingField::Declared(index) => payload[*index as usize].clone(),
            other => unreachable!("the random machines have no {other:?}"),
        };
        reaction.bindings.iter().map(|binding| value(&binding.field)).collect()
    }

    fn branch(&self, reaction: &Reaction, bound: &[Value]) -> Result<Option<usize>, Failure> {
        for (at, branch) in reaction.branches.iter().enumerate() {
            if self.holds(branch.guard.as_ref(), reaction.source, bound)? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// One microstep: what every active atomic state chooses, without conflicts.
    fn react(&mut self, triggers: &[Trigger], payload: &[Value]) -> Result<Failure, Failure> {
        let leaves: Vec<StateId> =
            self.now.active.iter().copied().filter(|id| self.state(*id).kind.is_leaf()).collect();
        let mut chosen: Vec<Chosen> = Vec::new();
        let mut otherwise = "Unhandled";
        for leaf in leaves {
            // Timers and completions belong to one state; `always` to any.
            for trigger in triggers {
                match self.answer(leaf, trigger, payload)? {
                    Answer::Take(new) => {
                        self.add(new, &mut chosen);
                        break;
                    }
                    Answer::Defer => otherwise = "Deferred",
                    Answer::Ignore if otherwise == "Unhandled" => otherwise = "Ignored",
                    Answer::Ignore | Answer::Nothing => {}
                }
            }
        }
        if chosen.is_empty() {
            return Ok(otherwise);
        }
        self.take(chosen)?;
        Ok("Handled")
    }

    /// A conflict goes to the inner one, else to the first in the file.
    fn add(&self, new: Chosen<'m>, chosen: &mut Vec<Chosen<'m>>) {
        if chosen.iter().any(|other| std::ptr::eq(other.reaction, new.reaction)) {
            return;
        }
        let meets = |a: &Chosen, b: &Chosen| !self.may_leave(a).is_disjoint(&self.may_leave(b));
        let wins = |over: &Chosen| self.is_inside(new.reaction.source, over.reaction.source);
        if chosen.iter().all(|other| !meets(&new, other) || wins(other)) {
            chosen.retain(|other| !meets(&new, other));
            chosen.push(new);
        }
    }

    fn may_leave(&self, chosen: &Chosen) -> BTreeSet<StateId> {
        let branches = chosen.reaction.branches.iter().enumerate();
        let possible = branches.filter(|(at, _)| chosen.branch.is_none_or(|branch| branch == *at));
        possible.flat_map(|(_, b)| self.leaves(chosen.reaction.source, &b.target)).collect()
    }
}

/// Leaving and entering.
impl<'m> Oracle<'m> {
    /// The states that stay and inside which everything is left.
    fn domain(&self, source: StateId, target: &Target) -> Vec<StateId> {
        match target {
            Target::Stay => Vec::new(),
            Target::Initial(state, _) => vec![*state],
            Target::Reenter(target) => self.state(target.state).parent.into_iter().collect(),
            Target::History { state, .. } if self.around(source).contains(state) => vec![*state],
            Target::History { state, .. } => self.between(source, &[*state]),
            Target::States(targets) => {
                let targets: Vec<StateId> = targets.iter().map(|t| t.state).collect();
                self.between(source, &targets)
            }
        }
    }

    /// The innermost state around source and targets; of a parallel one those regions that hold
    /// one of them.
    fn between(&self, source: StateId, targets: &[StateId]) -> Vec<StateId> {
        let holds = |outer: StateId| targets.iter().all(|target| self.is_inside(*target, outer));
        let Some(domain) = self.around(source).into_iter().find(|outer| holds(*outer)) else {
            return Vec::new();
        };
        if self.state(domain).kind != StateKind::Parallel {
            return vec![domain];
        }
        let regions = self.state(domain).children.iter().copied();
        regions
            .filter(|region| {
                let mut points = targets.iter().chain([&source]);
                points.any(|point| *point == *region || self.is_inside(*point, *region))
            })
            .collect()
    }

    fn leaves(&self, source: StateId, target: &Target) -> BTreeSet<StateId> {
        if let Target::Reenter(target) = target {
            let mut left = self.active_inside(target.state);
            left.insert(target.state);
            return left;
        }
        self.domain(source, target).into_iter().flat_map(|d| self.active_inside(d)).collect()
    }

    /// All exits, then all effects, then all entries.
    fn take(&mut self, mut chosen: Vec<Chosen<'m>>) -> Result<(), Failure> {
        chosen.sort_by_key(|chosen| chosen.reaction.source);
        for chosen in &mut chosen {
            let (reaction, bound) = (chosen.reaction, &chosen.bound);
            self.effects(&reaction.effects, reaction.source, bound)?;
            if chosen.branch.is_none() {
                chosen.branch = self.branch(reaction, bound)?;
            }
        }
        let taken: Vec<_> = chosen
            .iter()
            .filter_map(|c| Some((c.reaction, &c.bound, &c.reaction.branches[c.branch?])))
            .collect();
        let left = taken.iter().flat_map(|(r, _, b)| self.leaves(r.source, &b.target));
        let left: BTreeSet<StateId> = left.collect();
        for state in &left {
            let inside = self.active_inside(*state);
            self.now.left.insert(*state, inside);
        }
        for state in left.iter().rev() {
            self.effects(&self.state(*state).exit, *state, &[])?;
            let own = &self.state(*state).reactions;
            self.now.timers.retain(|(_, due)| match due {
                Due::After(_, reaction) | Due::Every(_, reaction, _) => !own.contains(reaction),
                Due::Raise(..) => true,
            });
            self.now.active.remove(state);
            self.now.changed = true;
        }
        let mut entry = Entry::default();
        for (reaction, bound, branch) in taken {
            self.effects(&branch.effects, reaction.source, bound)?;
            self.target(reaction, bound, &branch.target, &mut entry)?;
        }
        self.enter(entry)
    }

    /// Adds what a target enters. Its data is read now.
    fn target(
        &mut self,
        reaction: &Reaction,
        bound: &[Value],
        target: &'m Target,
        entry: &mut Entry<'m>,
    ) -> Result<(), Failure> {
        let domain = self.domain(reaction.source, target);
        let targets: Vec<&TargetState> = match target {
            Target::States(targets) => targets.iter().collect(),
            Target::Reenter(target) => vec![target],
            _ => Vec::new(),
        };
        let mut given = Vec::new();
        for target in &targets {
            let args = target.args.iter().flatten();
            let values: Result<Vec<Value>, Failure> =
                args.map(|arg| self.value(arg, reaction.source, bound)).collect();
            if target.args.is_some() {
                given.push((target.state, values?));
            }
        }
        match target {
            Target::Stay => {}
            Target::Initial(state, _) => self.default(*state, entry),
            Target::History { state, deep, .. } if domain == [*state] => {
                self.restore(*state, *deep, entry);
            }
            Target::History { state, deep, .. } => {
                for outer in domain {
                    self.towards(outer, &[(*state, Some(*deep), None)], entry);
                }
            }
            Target::States(_) | Target::Reenter(_) => {
                let goals: Vec<Goal> =
                    targets.iter().map(|t| (t.state, None, t.args.as_deref())).collect();
                for outer in domain {
                    match target {
                        // Of a parallel state only the region that starts over is entered.
                        Target::Reenter(target) => self.one(target.state, &goals, entry),
                        _ => self.towards(outer, &goals, entry),
                    }
                }
            }
        }
        for (state, values) in given {
            // Read already: nothing is left to be read on entry.
            entry.states.entry(state).or_default().clear();
            self.now.data.insert(state, values);
        }
        Ok(())
    }

    /// What is entered inside a state that is active: the ways to the goals, else the default.
    fn towards(&self, outer: StateId, goals: &[Goal<'m>], entry: &mut Entry<'m>) {
        if let Some((_, Some(deep), _)) = goals.iter().find(|(goal, ..)| *goal == outer) {
            return self.restore(outer, *deep, entry);
        }
        let state = self.state(outer);
        let inside = |child: StateId| {
            goals.iter().any(|(goal, ..)| *goal == child || self.is_inside(*goal, child))
        };
        if !state.children.iter().any(|child| inside(*child)) {
            return self.default(outer, entry);
        }
        for child in &state.children {
            if state.kind == StateKind::Parallel || inside(*child) {
                self.one(*child, goals, entry);
            }
        }
    }

    /// One state on the way to the goals.
    fn one(&self, id: StateId, goals: &[Goal<'m>], entry: &mut Entry<'m>) {
        let own = goals.iter().find(|(goal, ..)| *goal == id);
        let data = match own.and_then(|(.., args)| *args) {
            Some(args) => args.iter().collect(),
            None => self.defaults(id),
        };
        entry.states.insert(id, data);
        self.towards(id, goals, entry);
    }

    fn defaults(&self, id: StateId) -> Vec<&'m Expr> {
        self.state(id).data.iter().filter_map(|param| param.default.as_ref()).collect()
    }

    fn default(&self, id: StateId, entry: &mut Entry<'m>) {
        let state = self.state(id);
        if state.kind == StateKind::Parallel {
            state.children.iter().for_each(|region| self.one(*region, &[], entry));
        } else if let Some(initial) = &state.initial {
            entry.initial.insert(id, initial);
            let goals: Vec<Goal> =
                initial.targets.iter().map(|t| (t.state, None, t.args.as_deref())).collect();
            self.towards(id, &goals, entry);
        }
    }

    /// What was active inside the state when it was last left.
    fn restore(&self, id: StateId, deep: bool, entry: &mut Entry<'m>) {
        let Some(left) = self.now.left.get(&id) else { return self.default(id, entry) };
        if deep {
            entry.states.extend(left.iter().map(|inner| (*inner, Vec::new())));
            return;
        }
        for child in self.state(id).children.iter().filter(|child| left.contains(child)) {
            entry.states.insert(*child, Vec::new());
            if self.state(id).kind != StateKind::Parallel {
                self.default(*child, entry);
                continue;
            }
            for inner in self.state(*child).children.iter().filter(|inner| left.contains(inner)) {
                entry.states.insert(*inner, Vec::new());
                self.default(*inner, entry);
            }
        }
    }
}

/// A state to get to, whether what was active in it comes back (deep or not), values for its data.
type Goal<'m> = (StateId, Option<bool>, Option<&'m [Expr]>);

/// Entering, in document order.
impl<'m> Oracle<'m> {
    fn enter(&mut self, entry: Entry<'m>) -> Result<(), Failure> {
        let all: BTreeSet<StateId> =
            entry.states.keys().chain(entry.initial.keys()).copied().collect();
        for id in all {
            if let Some(data) = entry.states.get(&id) {
                self.enter_one(id, data)?;
            }
            if let Some(initial) = entry.initial.get(&id) {
                self.effects(&initial.effects, id, &[])?;
            }
        }
        Ok(())
    }

    fn enter_one(&mut self, id: StateId, data: &[&Expr]) -> Result<(), Failure> {
        let state = self.state(id);
        let around = state.parent.unwrap_or(StateId::ROOT);
        if !data.is_empty() {
            let values: Result<Vec<Value>, Failure> =
                data.iter().map(|value| self.value(value, around, &[])).collect();
            self.now.data.insert(id, values?);
        }
        self.now.active.insert(id);
        self.now.entered.insert(id, self.now.now);
        self.effects(&state.entry, id, &[])?;
        self.start_timers(id)?;
        if state.kind == StateKind::Final {
            self.complete(around);
        }
        Ok(())
    }

    fn start_timers(&mut self, id: StateId) -> Result<(), Failure> {
        for reaction in &self.state(id).reactions {
            let number = self.timer_number(*reaction);
            match &self.model.reactions[reaction.index()].trigger {
                Trigger::After(delay) => {
                    let delay = number_of(self.value(delay, id, &[])?);
                    let due = Due::After(number, *reaction);
                    self.now.timers.push((self.now.now + delay, due));
                }
                Trigger::Every(period) => {
                    let period = number_of(self.value(period, id, &[])?);
                    let due = Due::Every(number, *reaction, period);
                    self.now.timers.push((self.now.now + period, due));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Timers are counted through the states.
    fn timer_number(&self, wanted: ReactionId) -> usize {
        let all = self.model.states.iter().flat_map(|state| &state.reactions);
        let timers = all.filter(|id| {
            let trigger = &self.model.reactions[id.index()].trigger;
            matches!(trigger, Trigger::After(_) | Trigger::Every(_))
        });
        timers.take_while(|id| **id != wanted).count()
    }

    /// A final state has been entered in `around`.
    fn complete(&mut self, around: StateId) {
        if around == StateId::ROOT {
            self.now.finished = true;
            return;
        }
        let mut done = vec![around];
        let outer = self.state(around).parent;
        if self.state(around).kind == StateKind::Region {
            done.extend(outer.filter(|parallel| self.is_done(*parallel)));
        }
        for state in done {
            self.now.queue.push_back(Internal::Done(state));
        }
    }

    fn effects(
        &mut self,
        effects: &[Effect],
        owner: StateId,
        bound: &[Value],
    ) -> Result<(), Failure> {
        effects.iter().try_for_each(|effect| self.effect(effect, owner, bound))
    }

    fn effect(&mut self, effect: &Effect, owner: StateId, bound: &[Value]) -> Result<(), Failure> {
        let values = |args: &[Expr]| -> Result<Vec<Value>, Failure> {
            args.iter().map(|arg| self.value(arg, owner, bound)).collect()
        };
        match &effect.kind {
            EffectKind::Set(field, value) => {
                self.now.context[field.index()] = self.value(value, owner, bound)?;
            }
            EffectKind::Raise(event, args) => {
                let payload = values(args)?;
                self.now.queue.push_back(Internal::Event(*event, payload));
            }
            EffectKind::RaiseAfter(event, args, delay) => {
                let (payload, delay) = (values(args)?, self.value(delay, owner, bound)?);
                let deadline = self.now.now + number_of(delay);
                self.now.timers.push((deadline, Due::Raise(*event, payload)));
            }
            EffectKind::Cancel(event) => {
                self.now.timers.retain(|(_, due)| !matches!(due, Due::Raise(e, _) if e == event));
            }
            EffectKind::Emit(_, args) => {
                let n = number(&values(args)?[0]);
                self.now.outputs.push(json!({ "Said": { "n": n } }));
            }
            EffectKind::Action(_, args) => {
                let call = match &values(args)?[0] {
                    Value::Text(text) => text.clone(),
                    Value::Number(n) => format!("note {n}"),
                    Value::Bool(there) => format!("look {there}"),
                };
                self.calls.push(call);
            }
            EffectKind::SetExternal(..) => unreachable!("the context is declared"),
        }
        Ok(())
    }
}

fn number_of(value: Value) -> i64 {
    number(&value)
}

/// Steps.
impl Oracle<'_> {
    /// An event, in the first microstep or a later one.
    fn offer(&mut self, event: EventId, payload: Vec<Value>) -> Result<Failure, Failure> {
        if self.now.finished {
            return Ok("Unhandled");
        }
        let outcome = self.react(&[Trigger::Event(event)], &payload)?;
        if outcome == "Deferred" {
            self.now.deferred.push((event, payload));
        }
        Ok(outcome)
    }

    /// `always`, then deferred events after a change, then the internal queue.
    fn settle(&mut self) -> Result<(), Failure> {
        for _ in 0..1000 + self.now.deferred.len() {
            if self.now.finished {
                self.now.queue.clear();
                self.now.deferred.clear();
                self.now.timers.clear();
                return self.invariants();
            }
            if self.react(&[Trigger::Always], &[])? == "Handled" {
                continue;
            }
            if std::mem::take(&mut self.now.changed) {
                let again = std::mem::take(&mut self.now.deferred).into_iter();
                let again = again.map(|(event, payload)| Internal::Event(event, payload));
                let behind = std::mem::take(&mut self.now.queue);
                self.now.queue = again.chain(behind).collect();
            }
            match self.now.queue.pop_front() {
                None => return self.invariants(),
                Some(Internal::Event(event, payload)) => {
                    self.offer(event, payload)?;
                }
                Some(Internal::Done(state)) => self.done(state)?,
            }
        }
        Err("MicrostepLimit")
    }

    fn done(&mut self, state: StateId) -> Result<(), Failure> {
        if !self.is_active(state) || !self.is_done(state) {
            return Ok(());
        }
        let own = self.state(state).reactions.iter();
        let own = own.map(|id| &self.model.reactions[id.index()]);
        let Some(reaction) = own.clone().find(|r| r.trigger == Trigger::Done) else {
            return Ok(());
        };
        let children = self.state(state).children.iter();
        let last = children
            .into_iter()
            .find(|c| self.state(**c).kind == StateKind::Final && self.is_active(**c));
        let payload = last.and_then(|last| self.now.data.get(last)).cloned().unwrap_or_default();
        let bound = self.bound(reaction, &payload);
        self.single(reaction, bound)
    }

    /// The one transition of a timer or completion, if its guards allow it.
    fn single(&mut self, reaction: &Reaction, bound: Vec<Value>) -> Result<(), Failure> {
        let at = self.model.reactions.iter().position(|other| std::ptr::eq(other, reaction));
        let reaction = &self.model.reactions[at.unwrap_or_default()];
        let choice = !reaction.effects.is_empty();
        let branch = if choice { None } else { self.branch(reaction, &bound)? };
        if choice || branch.is_some() {
            self.take(vec![Chosen { reaction, bound, branch }])?;
        }
        Ok(())
    }

    fn invariants(&self) -> Result<(), Failure> {
        let violated = |invariant: &Invariant| -> Result<bool, Failure> {
            let Invariant { state, expr, .. } = invariant;
            Ok(self.is_active(*state) && !self.holds(Some(expr), *state, &[])?)
        };
        for invariant in &self.model.invariants {
            if violated(invariant)? {
                return Err("Invariant");
            }
        }
        Ok(())
    }

    /// All or nothing.
    fn step(
        &mut self,
        first: impl FnOnce(&mut Self) -> Result<Failure, Failure>,
    ) -> Result<Failure, Failure> {
        let (before, calls) = (self.now.clone(), self.calls.len());
        let made = first(self).and_then(|outcome| self.settle().map(|()| outcome));
        if made.is_err() {
            self.now = before;
            self.calls.truncate(calls);
        }
        made
    }

    /// The first that is due, in the order of deadlines, then of setting.
    fn fire(&mut self, until: i64) -> Option<Result<Failure, Failure>> {
        let due = self.now.timers.iter().enumerate().filter(|(_, (at, _))| *at <= until);
        let (at, _) = due.min_by_key(|(order, (at, _))| (*at, *order))?;
        Some(self.step(|oracle| {
            let (deadline, due) = oracle.now.timers.remove(at);
            oracle.now.now = deadline;
            let reaction = match due {
                Due::Raise(event, payload) => return oracle.offer(event, payload),
                Due::After(_, reaction) => reaction,
                Due::Every(number, reaction, period) => {
                    let due = Due::Every(number, reaction, period);
                    oracle.now.timers.push((deadline + period, due));
                    reaction
                }
            };
            let reaction = &oracle.model.reactions[reaction.index()];
            oracle.single(reaction, Vec::new()).map(|()| "Handled")
        }))
    }
}

impl Driven for Oracle<'_> {
    fn start(&mut self) -> Seen {
        let made = self.step(|oracle| {
            if let ContextDecl::Declared(fields) = &oracle.model.declarations.context {
                for default in fields.iter().filter_map(|field| field.param.default.as_ref()) {
                    let value = oracle.value(default, StateId::ROOT, &[])?;
                    oracle.now.context.push(value);
                }
            }
            let mut entry = Entry::default();
            oracle.one(StateId::ROOT, &[], &mut entry);
            oracle.enter(entry).map(|()| "Started")
        });
        self.started = made.is_ok();
        self.seen(made.unwrap_or_else(|error| error).into())
    }

    fn send(&mut self, input: Input) -> Seen {
        if !self.started {
            return self.start();
        }
        match input {
            Input::Event(event, n) => {
                let payload = if event % 2 == 1 { vec![Value::Number(n.into())] } else { vec![] };
                let made = self.step(|oracle| oracle.offer(EventId(event as u32), payload));
                self.seen(made.unwrap_or_else(|error| error).into())
            }
            Input::Wait(seconds) => {
                let until = self.now.now + seconds as i64 * 1000;
                let mut fired = 0;
                while let Some(made) = self.fire(until) {
                    if let Err(error) = made {
                        return self.seen(error.into());
                    }
                    fired += 1;
                }
                self.now.now = until;
                self.seen(format!("{fired} fired"))
            }
        }
    }
}

/// What is to be seen.
impl Oracle<'_> {
    fn seen(&mut self, outcome: String) -> Seen {
        let state = if self.started { self.picture() } else { Json::Null };
        Seen { outcome, calls: std::mem::take(&mut self.calls), state }
    }

    fn picture(&self) -> Json {
        let remembered: BTreeSet<StateId> = self
            .model
            .reactions
            .iter()
            .flat_map(|reaction| &reaction.branches)
            .filter_map(|branch| match &branch.target {
                Target::History { state, .. } => Some(*state),
                _ => None,
            })
            .collect();
        let histories = self.now.left.iter().filter(|(state, _)| remembered.contains(state));
        let histories =
            histories.map(|(state, inside)| (self.path(*state), json!(self.ids(inside))));
        let Memory { context, deferred, outputs, .. } = &self.now;
        let mut timers: Vec<&(i64, Due)> = self.now.timers.iter().collect();
        timers.sort_by_key(|(deadline, _)| *deadline);
        json!({
            "now": millis(self.now.now),
            "configuration": self.ids(&self.now.active),
            "histories": histories.collect::<serde_json::Map<_, _>>(),
            "context": {
                "a": number(&context[0]), "b": number(&context[1]), "c": number(&context[2]),
                "d": millis(number(&context[3])),
            },
            "deferred": deferred.iter().map(|(e, payload)| event(*e, payload)).collect::<Vec<_>>(),
            "timers": timers.into_iter().map(timer).collect::<Vec<_>>(),
            "outputs": outputs,
        })
    }

    fn ids(&self, states: &BTreeSet<StateId>) -> Vec<String> {
        let leaves = states.iter().filter(|id| self.state(**id).kind.is_leaf());
        leaves.map(|id| self.path(*id)).collect()
    }

    fn path(&self, id: StateId) -> String {
        let mut names: Vec<&str> =
            self.around(id).iter().map(|id| &*self.state(*id).name.text).collect();
        names.pop();
        names.reverse();
        names.join(".")
    }
}

fn millis(millis: i64) -> Json {
    let duration = Duration::from_millis(millis as u64);
    json!({ "secs": duration.as_secs(), "nanos": duration.subsec_nanos() })
}

fn event(event: EventId, payload: &[Value]) -> Json {
    let name = format!("E{}", event.0);
    match payload.first() {
        Some(n) => json!({ name: { "n": number(n) } }),
        None => json!(name),
    }
}

fn timer((deadline, due): &(i64, Due)) -> Json {
    let due = match due {
        Due::After(number, _) => json!({ "after": number }),
        Due::Every(number, _, period) => json!({ "every": [number, millis(*period)] }),
        Due::Raise(e, payload) => json!({ "raise": event(*e, payload) }),
    };
    json!({ "deadline": millis(*deadline), "due": due })
}
