//! All configurations that can be reached, breadth first, so that the first way to each is a
//! shortest one. Ways on which the engine is away stand behind all others: they are shown only where no
//! other leads.

use super::alike::Alike;
use super::choices::{Answers, Choices};
use super::data::Slot;
use super::fan_out;
use super::zone::{Left, New, Zone};
use crate::chart::Chart;
use crate::interpret::{
    Act, Cause, Due, Fault, FaultKind, Instance, Interpreter, Invocation, NoHost, Occurrence,
    Outcome, Pending, Reply, Step, Value,
};
use crate::model::{Expr, FieldId, StateId};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// What is explored, and with which values.
#[derive(Debug)]
pub(super) struct World {
    /// Without what makes no difference.
    pub(super) chart: Chart,
    /// What is given at the start, each a run of its own.
    pub(super) starts: Vec<BTreeMap<FieldId, Value>>,
    /// The events that can come.
    pub(super) inputs: Vec<Occurrence>,
    /// How each call of each chain can end.
    pub(super) replies: Vec<Vec<Vec<Reply>>>,
    pub(super) answers: Answers,
    /// From here on all numbers are alike: of fields, of data of states.
    pub(super) field_ceilings: Vec<Option<i128>>,
    pub(super) data_ceilings: BTreeMap<(StateId, u32), i128>,
    /// Looked at in every configuration.
    pub(super) conditions: Vec<Condition>,
    /// Branches whose order makes no difference.
    pub(super) alike: Alike,
    /// What can make a difference.
    pub(super) relevant: BTreeSet<Slot>,
    /// It makes a difference whether an engine is away when a timer is due.
    pub(super) can_be_late: bool,
}

/// Something that holds or not.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// Where it stands.
    pub(super) owner: StateId,
    pub(super) expr: Expr,
    /// The guard or fn that it asks, so that it cannot be looked at.
    pub(super) asks: Option<String>,
}

/// What leads from one configuration to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Index into the starts.
    Start(u32),
    /// Index into the inputs.
    Event(u32),
    /// Index into the pending timers.
    Due(u32),
    /// The same while the engine is away.
    Overdue(u32),
    /// Index into the activities that run, and into the ways in which it can end.
    Reply(u32, u32),
}

/// A way to a configuration, or to what happens on leaving one.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// The configuration before; [`NOWHERE`] at the start.
    pub(super) from: u32,
    pub(super) by: Move,
    /// The answers that were given.
    pub(super) answers: Box<[u8]>,
}

/// No configuration.
pub(super) const NOWHERE: u32 = u32::MAX;

/// One configuration, with context, timers and all.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) way: Way,
    /// The machine is in its final state.
    pub(super) finished: bool,
    /// No timer is pending: nothing happens unless an event comes.
    pub(super) quiet: bool,
    /// An event or a timer is handled.
    pub(super) goes_on: bool,
}

/// From one configuration to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    from: u32,
    pub(super) to: u32,
    /// The kinds of timers that were pending and go on running, a bit each.
    pub(super) running: u64,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub(super) nodes: Vec<Node>,
    /// The edges of a node begin here; those of the next behind.
    first_edge: Vec<u32>,
    edges: Vec<Edge>,
    /// For each node and condition a bit.
    truths: Vec<u64>,
    words: usize,
    /// The first way on which each plan is taken.
    pub(super) taken: Vec<Option<Way>>,
    pub(super) active: BTreeSet<StateId>,
    /// Steps that fail, the first way to each.
    pub(super) faults: Vec<(Fault, Way)>,
    /// Conditions that cannot be calculated.
    pub(super) unclear: BTreeMap<usize, Fault>,
    /// For each event the first configuration in which nothing handles it, and how many there are.
    pub(super) unhandled: BTreeMap<u32, (u32, usize)>,
    pub(super) steps: usize,
    /// Why not everything was found.
    pub(super) stopped: Option<Stop>,
    /// Events that were put off, or set for later, more often than is looked at.
    pub(super) piled: BTreeSet<u32>,
    /// Some step asks so much that not all combinations of answers were tried.
    pub(super) is_cut: bool,
    seen: BTreeMap<u128, u32>,
    /// Moves that were made while the engine was away, and have not arrived.
    overdue: Vec<Overdue>,
    /// How much memory what waits to be left takes, and how much all steps have read, in bytes.
    waiting: usize,
    read: usize,
}

/// A move that was made while the engine was away.
#[derive(Debug)]
struct Overdue {
    way: Way,
    /// What was pending.
    before: Vec<Pending>,
    result: Result<Arrival, Fault>,
}

/// What ends exploring before everything was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// There are more configurations.
    Configurations,
    /// What was found and waits to be left takes so many bytes.
    Memory(usize),
    /// So many steps lead on, from configurations of so many bytes.
    Steps(usize, usize),
}

/// For each configuration of the bound so many bytes may be taken: a gigabyte for a million.
const MEMORY: usize = 1 << 10;

/// For each configuration of the bound steps may read so many bytes.
const READ: usize = 24 << 10;

/// Deadlines of timers that were set before the step begin here, in the order of setting.
const BEFORE: Duration = Duration::from_secs(1 << 62);

impl World {
    /// Explores up to a number of configurations. `progress` hears of it now and then: how many have
    /// been found, how many wait.
    pub(super) fn explore(&self, bound: usize, progress: &mut dyn FnMut(usize, usize)) -> Space {
        let mut space = Space {
            words: self.conditions.len().div_ceil(64),
            taken: vec![None; self.chart.plans.len()],
            ..Space::default()
        };
        let mut open = VecDeque::new();
        for at in 0..self.starts.len() {
            let nothing = Instance::new(&self.chart, Duration::ZERO);
            let always = Zone::empty();
            let stand = Stand::new(&nothing, &always);
            self.each(&mut space, &mut open, (NOWHERE, &stand), Move::Start(at as u32));
        }
        while let Some((id, instance, zone)) = self.next(&mut space, &mut open) {
            let size = size_of_instance(&instance);
            space.waiting = space.waiting.saturating_sub(size);
            space.stopped = space.stopped.or_else(|| space.stops(bound, size));
            if space.stopped.is_some() {
                continue;
            }
            if id.is_multiple_of(4096) {
                progress(space.nodes.len(), open.len());
            }
            let steps = space.steps;
            self.expand(&mut space, &mut open, id, &instance, &zone);
            space.read += (space.steps - steps).saturating_mul(size);
        }
        space.sort_edges();
        space
    }

    /// The next configuration to be left. Once there is none, what was made while the engine was away
    /// arrives.
    fn next(&self, space: &mut Space, open: &mut Open) -> Option<(u32, Instance, Zone)> {
        if open.is_empty() {
            for Overdue { way, before, result } in std::mem::take(&mut space.overdue) {
                let size = result.as_ref().map_or(0, |(next, ..)| size_of_instance(next));
                space.waiting = space.waiting.saturating_sub(size);
                self.land(space, open, way, &before, result);
            }
        }
        open.pop_front()
    }

    fn expand(
        &self,
        space: &mut Space,
        open: &mut Open,
        id: u32,
        instance: &Instance,
        zone: &Zone,
    ) {
        if instance.finished {
            return;
        }
        let stand = Stand::new(instance, zone);
        for by in self.moves(instance) {
            self.each(space, open, (id, &stand), by);
        }
    }

    /// Everything that could happen, if time allows it.
    fn moves(&self, instance: &Instance) -> Vec<Move> {
        let events = (0..self.inputs.len() as u32).map(Move::Event);
        let timers = 0..instance.timers.len() as u32;
        let overdue = timers.clone().filter(|_| self.can_be_late).map(Move::Overdue);
        let timers = timers.map(Move::Due);
        let running = instance.invocations.iter().zip(0..);
        let running =
            running.filter(|(_, at)| !self.alike.is_covered(&self.chart, instance, *at as usize));
        let replies = running.flat_map(|(running, at)| {
            let ways = self.replies_to(running).len() as u32;
            (0..ways).map(move |way| Move::Reply(at, way))
        });
        events.chain(timers).chain(replies).chain(overdue).collect()
    }

    /// How an activity that runs can end.
    pub(super) fn replies_to(&self, running: &Invocation) -> &[Reply] {
        &self.replies[running.invoke.index()][running.call]
    }

    /// The move that leads from a configuration to a node, and where it arrives. A timer if one does:
    /// it comes for certain.
    pub(super) fn find(
        &self,
        space: &Space,
        stand: &Stand<'_>,
        to: u32,
    ) -> Option<(Move, Box<[u8]>)> {
        let mut moves = self.moves(stand.instance);
        moves.sort_by_key(|by| !matches!(by, Move::Due(_)));
        for by in moves {
            let mut choices = Choices::new(&self.answers, &[]);
            loop {
                if let Some(Ok((next, step, left))) = self.go(stand, by, &mut choices)
                    && !is_nothing(by, &step)
                {
                    let (next, zone) = self.settled(next, &step, &left);
                    if space.seen.get(&fingerprint(&next, &zone)) == Some(&to) {
                        return Some((by, choices.path.as_slice().into()));
                    }
                }
                if !choices.next() {
                    break;
                }
            }
        }
        None
    }

    /// One move; `None` if it is not possible now.
    pub(super) fn go(
        &self,
        stand: &Stand<'_>,
        by: Move,
        choices: &mut Choices<'_>,
    ) -> Option<Result<Arrival, Fault>> {
        let interpreter = Interpreter::without_invariants(&self.chart);
        let (result, left) = match by {
            Move::Start(at) => {
                let given = &self.starts[at as usize];
                (interpreter.start(given, Duration::ZERO, choices), in_time(Zone::empty()))
            }
            Move::Event(at) => {
                let left = in_time(stand.before.clone()?);
                let cause = Cause::Event(self.inputs[at as usize].clone());
                (interpreter.step(stand.instance, &cause, choices), left)
            }
            Move::Reply(at, way) => {
                let left = in_time(stand.before.clone()?);
                let running = stand.instance.invocations.get(at as usize)?;
                let reply = self.replies_to(running).get(way as usize)?.clone();
                let cause = Cause::Reply(running.id, reply);
                let result = interpreter.step(stand.instance, &cause, choices);
                let is_uncaught = |fault: &Fault| matches!(fault.kind, FaultKind::Uncaught(_));
                let invoke = &self.chart.invokes[running.invoke.index()];
                if invoke.waits_for_a_person() && result.as_ref().is_err_and(is_uncaught) {
                    return None;
                }
                (result, left)
            }
            Move::Due(at) | Move::Overdue(at) => {
                let left = match by {
                    Move::Overdue(_) => stand.zone.overdue(at as usize)?,
                    _ => stand.zone.due(at as usize)?,
                };
                let mut now = stand.instance.clone();
                now.timers[at as usize].deadline = Duration::ZERO;
                (interpreter.step(&now, &Cause::Due(at as usize), choices), left)
            }
        };
        Some(result.map(|(next, step)| (next, step, left)))
    }

    /// A configuration as it is kept, and its zone.
    pub(super) fn settled(&self, mut next: Instance, step: &Step, left: &Left) -> (Instance, Zone) {
        let (kept, new) = self.rest(&next.timers, step);
        self.canonical(&mut next);
        (next, left.then(&kept, &new))
    }

    /// Makes one move with all answers.
    fn each(&self, space: &mut Space, open: &mut Open, (from, stand): (u32, &Stand<'_>), by: Move) {
        let mut choices = Choices::new(&self.answers, &[]);
        for _ in 0..MOST_ANSWERS {
            let Some(result) = self.go(stand, by, &mut choices) else { return };
            space.steps += 1;
            let way = Way { from, by, answers: choices.path.as_slice().into() };
            let before = &stand.instance.timers;
            match by {
                Move::Overdue(_) if self.is_as_in_time(stand, &result) => {}
                Move::Overdue(_) => {
                    let size = result.as_ref().map_or(0, |(next, ..)| size_of_instance(next));
                    space.waiting += size;
                    space.overdue.push(Overdue { way, before: before.clone(), result });
                }
                _ => self.land(space, open, way, before, result),
            }
            if !choices.next() {
                return;
            }
        }
        space.is_cut = true;
    }

    /// True if it makes no difference that the engine is away.
    fn is_as_in_time(&self, stand: &Stand<'_>, result: &Result<Arrival, Fault>) -> bool {
        let asks_later = result.as_ref().is_ok_and(|(next, step, left)| {
            let (kept, new) = self.rest(&next.timers, step);
            left.then(&kept, &new).is_away()
        });
        !stand.zone.is_away() && !asks_later
    }

    /// Notes what has become of a move.
    fn land(
        &self,
        space: &mut Space,
        open: &mut Open,
        way: Way,
        before: &[Pending],
        result: Result<Arrival, Fault>,
    ) {
        match result {
            Ok(arrival) => self.arrive(space, open, way, before, arrival),
            Err(fault) if space.faults.iter().any(|(known, _)| alike(known, &fault)) => {}
            Err(fault) => space.faults.push((fault, way)),
        }
    }

    /// Notes where a move has led.
    fn arrive(
        &self,
        space: &mut Space,
        open: &mut Open,
        way: Way,
        before: &[Pending],
        (next, step, left): Arrival,
    ) {
        for act in &step.acts {
            match act {
                Act::Take(plan) => {
                    let taken = &mut space.taken[plan.index()];
                    if taken.is_none() {
                        *taken = Some(way.clone());
                    }
                }
                Act::Enter(state) => drop(space.active.insert(*state)),
                _ => {}
            }
        }
        if let Some(event) = piled(&next) {
            space.piled.insert(event);
            return;
        }
        let from = way.from;
        if let (Move::Event(input), Outcome::Unhandled) = (way.by, step.outcome) {
            let event = self.inputs[input as usize].event.0;
            space.unhandled.entry(event).or_insert((from, 0)).1 += 1;
        }
        if is_nothing(way.by, &step) {
            return;
        }
        let running = running(before, &self.rest(&next.timers, &step).0, &next.timers);
        let (next, zone) = self.settled(next, &step, &left);
        let by = way.by;
        let id = self.node(space, open, way, next, zone);
        if from == NOWHERE {
            return;
        }
        let goes_on = step.outcome == Outcome::Handled || id != from;
        space.nodes[from as usize].goes_on |= goes_on;
        // A timer that does nothing each time can do so for ever.
        if goes_on || matches!(by, Move::Due(_) | Move::Overdue(_)) {
            space.edges.push(Edge { from, to: id, running });
        }
    }

    /// The timers that were set before the step, by their places then, and those that it has set.
    pub(super) fn rest(&self, timers: &[Pending], step: &Step) -> (Vec<usize>, Vec<New>) {
        let place = |deadline: Duration| (deadline.as_secs() - BEFORE.as_secs()) as usize;
        let (old, new): (Vec<&Pending>, Vec<&Pending>) =
            timers.iter().partition(|pending| pending.deadline >= BEFORE);
        let new = new.iter().map(|pending| New {
            millis: u64::try_from(pending.deadline.as_millis()).unwrap_or(u64::MAX),
            asks: asks(&self.chart, pending, step),
        });
        (old.iter().map(|pending| place(pending.deadline)).collect(), new.collect())
    }

    /// The configuration without what tells two of the same future apart.
    fn canonical(&self, instance: &mut Instance) {
        instance.entered.clear();
        instance.now = Duration::ZERO;
        for (at, pending) in instance.timers.iter_mut().enumerate() {
            pending.deadline = BEFORE + Duration::from_secs(at as u64);
        }
        // Which of two was asked for first makes no difference, nor how many there were before.
        instance.invocations.sort_by_key(|running| (running.invoke, running.id));
        for running in &mut instance.invocations {
            let own = self.chart.invokes[running.invoke.index()].fan_out;
            let fan = instance.fans.iter().find(|fan| Some(fan.fan_out) == own);
            running.id = match fan {
                Some(fan) => running.id - fan.first + fan_out::first(&self.chart, fan.fan_out.0),
                None => u64::from(running.invoke.0) + 1,
            };
        }
        for fan in &mut instance.fans {
            let first = fan_out::first(&self.chart, fan.fan_out.0);
            fan.waiting.iter_mut().for_each(|waits| waits.id = waits.id - fan.first + first);
            fan.first = first;
        }
        self.alike.order(&self.chart, instance);
        instance.visits = self.chart.invokes.len() as u64;
        let Instance { active, histories, data, .. } = &mut *instance;
        data.retain(|state, _| {
            active.contains(state) || histories.values().any(|inside| inside.contains(state))
        });
        let cap = |value: &mut Value, ceiling: i128| match value {
            Value::Int(number) => *number = (*number).min(ceiling),
            Value::Duration(ms) => *ms = (*ms).min(u64::try_from(ceiling).unwrap_or(u64::MAX)),
            _ => {}
        };
        for (field, ceiling) in instance.context.iter_mut().zip(&self.field_ceilings) {
            if let (Some(value), Some(ceiling)) = (field, ceiling) {
                cap(value, *ceiling);
            }
        }
        for ((state, at), ceiling) in &self.data_ceilings {
            let values = instance.data.get_mut(state);
            if let Some(value) = values.and_then(|values| values.get_mut(*at as usize)) {
                cap(value, *ceiling);
            }
        }
    }

    fn node(
        &self,
        space: &mut Space,
        open: &mut Open,
        way: Way,
        instance: Instance,
        zone: Zone,
    ) -> u32 {
        let id = space.nodes.len() as u32;
        match space.seen.entry(fingerprint(&instance, &zone)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => place.insert(id),
        };
        space.nodes.push(Node {
            way,
            finished: instance.finished,
            quiet: instance.timers.is_empty(),
            goes_on: false,
        });
        self.look(space, &instance);
        space.waiting += size_of_instance(&instance);
        open.push_back((id, instance, zone));
        id
    }

    /// Which conditions hold in a new configuration.
    fn look(&self, space: &mut Space, instance: &Instance) {
        let interpreter = Interpreter::without_invariants(&self.chart);
        let first = space.truths.len();
        space.truths.resize(first + space.words, 0);
        for (at, condition) in self.conditions.iter().enumerate() {
            if condition.asks.is_some() {
                continue;
            }
            let holds = match instance.is_active(condition.owner) {
                true => interpreter.holds(instance, condition.owner, &condition.expr, &mut NoHost),
                false => Ok(true),
            };
            match holds {
                Ok(true) => space.truths[first + at / 64] |= 1 << (at % 64),
                Ok(false) => {}
                Err(fault) => drop(space.unclear.entry(at).or_insert(fault)),
            }
        }
    }
}

/// Configurations that have not been left yet.
type Open = VecDeque<(u32, Instance, Zone)>;

/// A configuration from which moves are made.
pub(super) struct Stand<'a> {
    instance: &'a Instance,
    zone: &'a Zone,
    /// The times at which an event can come.
    before: Option<Zone>,
}

impl<'a> Stand<'a> {
    pub(super) fn new(instance: &'a Instance, zone: &'a Zone) -> Self {
        Self { instance, zone, before: zone.before_all() }
    }
}

/// True if two faults are one to whoever reads of them: an error that nothing catches is one, whatever
/// it carries.
fn alike(a: &Fault, b: &Fault) -> bool {
    let name = |text: &str| text.split(": ").next().map(str::to_owned);
    match (&a.kind, &b.kind) {
        (FaultKind::Uncaught(x), FaultKind::Uncaught(y)) => a.span == b.span && name(x) == name(y),
        _ => a == b,
    }
}

/// True if a move has changed nothing: an event that was put off has, and time too.
fn is_nothing(by: Move, step: &Step) -> bool {
    let is_dropped = matches!(step.outcome, Outcome::Unhandled | Outcome::Ignored);
    matches!(by, Move::Event(_)) && step.acts.is_empty() && is_dropped
}

/// What a move has led to, and what it has left of the timers from before it.
pub(super) type Arrival = (Instance, Step, Left);

/// True if a timer is for a person whom a step has asked.
pub(super) fn asks(chart: &Chart, pending: &Pending, step: &Step) -> bool {
    let Due::Timer(id, _) = pending.due else { return false };
    let state = chart.timers[id.index()].state;
    chart.asks_a_person(state) && step.acts.contains(&Act::Enter(state))
}

/// What a step leaves that is made when it is due.
fn in_time(zone: Zone) -> Left {
    Left { zone, is_late: false }
}

impl Space {
    /// Why exploring goes no further, if it does not.
    fn stops(&self, bound: usize, size: usize) -> Option<Stop> {
        let nodes = self.nodes.len();
        // Beside what waits, what is kept of each.
        let memory =
            self.waiting + nodes * size_of::<Node>() + self.edges.len() * size_of::<Edge>();
        match () {
            () if nodes > bound => Some(Stop::Configurations),
            () if memory > bound.saturating_mul(MEMORY).max(LEAST) => Some(Stop::Memory(memory)),
            () if self.read > bound.saturating_mul(READ).max(LEAST) => {
                Some(Stop::Steps(self.steps, size))
            }
            () => None,
        }
    }

    /// True if a condition holds in a configuration.
    pub(super) fn holds(&self, node: usize, condition: usize) -> bool {
        self.truths[node * self.words + condition / 64] & (1 << (condition % 64)) != 0
    }

    /// Puts the edges of each node side by side.
    fn sort_edges(&mut self) {
        self.edges.sort_by_key(|edge| edge.from);
        let nodes = 0..=self.nodes.len() as u32;
        let first = |node: u32| self.edges.partition_point(|edge| edge.from < node) as u32;
        self.first_edge = nodes.map(first).collect();
    }

    /// The edges of a node.
    pub(super) fn edges_of(&self, node: usize) -> &[Edge] {
        let bounds = (self.first_edge.get(node), self.first_edge.get(node + 1));
        let (Some(first), Some(end)) = bounds else { return &[] };
        &self.edges[*first as usize..*end as usize]
    }

    /// The bytes that are kept of each configuration, on average.
    pub(super) fn bytes_each(&self) -> usize {
        // The leaves of the tree are two thirds full on average.
        let seen = self.seen.len() * (size_of::<u128>() + size_of::<u32>()) * 3 / 2;
        let nodes = self.nodes.capacity() * size_of::<Node>();
        let edges = self.edges.capacity() * size_of::<Edge>() + self.first_edge.capacity() * 4;
        (seen + nodes + edges + self.truths.capacity() * 8) / self.nodes.len().max(1)
    }
}

/// The kinds of timers that have been running before and all go on, a bit each. Kinds beyond the
/// bits count as not running.
fn running(before: &[Pending], kept: &[usize], now: &[Pending]) -> u64 {
    let bit = |pending: &Pending| match &pending.due {
        Due::Timer(id, _) => 1u64.checked_shl(id.0).unwrap_or(0),
        // From the other end, so that they are not soon taken for timers.
        Due::Event(occurrence) => (1u64 << 63).checked_shr(occurrence.event.0).unwrap_or(0),
    };
    let (mut running, mut changed) = (0, 0);
    for (at, pending) in before.iter().enumerate() {
        let bits = if kept.contains(&at) { &mut running } else { &mut changed };
        *bits |= bit(pending);
    }
    changed |= now.iter().skip(kept.len()).fold(0, |all, pending| all | bit(pending));
    running & !changed
}

/// About how many bytes an instance takes.
fn size_of_instance(instance: &Instance) -> usize {
    let values = |values: &[Value]| values.len() * 2 * size_of::<Value>();
    let asked = |asked: &Invocation| {
        let rest: usize = asked.rest.iter().map(|rest| values(rest)).sum();
        size_of::<Invocation>() + values(&asked.args) + rest
    };
    let running: usize = instance.invocations.iter().map(asked).sum();
    let fans = instance.fans.iter().map(|fan| {
        let waiting: usize = fan.waiting.iter().map(asked).sum();
        waiting + fan.ended.len() * size_of::<Reply>()
    });
    let data: usize = instance.data.values().map(|data| values(data)).sum();
    let timers = instance.timers.len() * 2 * size_of::<Pending>();
    let states =
        instance.active.len() + instance.histories.values().map(|h| 4 + h.len()).sum::<usize>();
    let context = instance.context.len() * 2 * size_of::<Value>();
    size_of::<Instance>() + running + fans.sum::<usize>() + data + timers + states * 8 + context
}

/// However small the bound is, so many bytes may be taken and read.
const LEAST: usize = 64 << 20;

/// No more combinations of answers are tried in one step.
const MOST_ANSWERS: usize = 256;

/// More than so many of one event are not put off, and not set for later, at one time.
pub(super) const MOST_PILED: usize = 2;

/// An event of which there is more.
fn piled(instance: &Instance) -> Option<u32> {
    let mut counts: BTreeMap<(bool, u32), usize> = BTreeMap::new();
    let deferred = instance.deferred.iter().map(|occurrence| (true, occurrence.event.0));
    let later = instance.timers.iter().filter_map(|pending| match &pending.due {
        Due::Event(occurrence) => Some((false, occurrence.event.0)),
        Due::Timer(..) => None,
    });
    for key in deferred.chain(later) {
        *counts.entry(key).or_default() += 1;
    }
    counts.into_iter().find(|(_, count)| *count > MOST_PILED).map(|((_, event), _)| event)
}

/// Two hashes side by side: that two of a million configurations have the same is as likely as one
/// in 10^26.
fn fingerprint(instance: &Instance, zone: &Zone) -> u128 {
    let mut hashes = [DefaultHasher::new(), DefaultHasher::new()];
    hashes[1].write_u8(1);
    for hash in &mut hashes {
        instance.hash(hash);
        zone.hash(hash);
    }
    u128::from(hashes[0].finish()) << 64 | u128::from(hashes[1].finish())
}
