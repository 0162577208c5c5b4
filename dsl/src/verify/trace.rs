//! A way through the configurations as people and `simulate` read it: with times at which it can
//! happen, with the answers it needs, and with where it leads.

use super::choices::{Choices, Question};
use super::replay::{Ends, Made};
use super::runs;
use super::slice;
use super::space::{Move, NOWHERE, Space, Stand, Way, World};
use super::zone::Zone;
use crate::chart::Chart;
use crate::interpret::{Due, Instance, Invocation, Reply, Value, duration, ending};
use crate::model::ContextDecl;
use crate::model::failures::CANCELLED;
use std::time::Duration;

/// One run of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Fields that are given at the start, as `name = value`.
    pub given: Vec<String>,
    /// The start, and then one for each event and timer.
    pub steps: Vec<TraceStep>,
    /// The steps from here on repeat for ever.
    pub repeats: Option<usize>,
    /// Why it may be impossible: the machine as it was declared goes another way.
    pub assumes: Option<String>,
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceStep {
    /// What happens: `start`, an event as it is sent, or the timer as it is declared.
    pub label: String,
    /// The event with its payload, or the end of an activity, for a script; `None` if time passes.
    pub event: Option<String>,
    /// Milliseconds since the step before was due: the least with which the run is possible.
    pub wait: u64,
    /// For so many milliseconds more the engine is away, and the step is made when it is back.
    pub late: u64,
    /// What guards and fns give in this step, as `name(..) = value`.
    pub answers: Vec<String>,
    /// The active atomic states behind the step, by their paths; empty if the step fails.
    pub configuration: Vec<String>,
    /// Two activities run that are asked the same, and the newer one ends: a script means the other.
    pub is_ambiguous: bool,
    /// An activity ends with an error that it does not raise and that is not made of its call: its host
    /// names it so.
    pub is_unheard_of: bool,
}

impl Trace {
    /// What happens, without the start: `Button, after 20s`.
    pub fn summary(&self) -> String {
        let label = |step: &TraceStep| match step.late {
            0 => step.label.clone(),
            late => format!("{} ({} late)", step.label, duration(late)),
        };
        let labels: Vec<String> = self.steps.iter().skip(1).map(label).collect();
        let told = labels.chunk_by(|a, b| a == b).map(|same| match same {
            [label] => label.clone(),
            [label, ..] if same.len() > FEW => format!("{label} ({} times)", same.len()),
            _ => same.join(", "),
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { "start".into() } else { told.join(", ") }
    }

    /// Leaves out a step that changes nothing that is told.
    pub(super) fn leave_out(&mut self, at: usize) {
        let left = self.steps.remove(at);
        if let Some(next) = self.steps.get_mut(at) {
            next.wait += left.wait;
            next.answers.splice(0..0, left.answers);
        }
        self.repeats = self.repeats.map(|from| from - usize::from(from > at));
    }

    /// True if a script cannot say which activity ends.
    pub fn is_ambiguous(&self) -> bool {
        self.steps.iter().any(|step| step.is_ambiguous)
    }

    /// Why no script plays it, if none does.
    pub fn unscripted(&self) -> Option<&'static str> {
        let any = |what: fn(&TraceStep) -> bool| self.steps.iter().any(what);
        if any(|step| step.late > 0) {
            Some("the engine is away in it")
        } else if any(|step| step.is_unheard_of) {
            Some("an activity ends in it with an error that its host has to name so")
        } else {
            None
        }
    }

    /// The run as a script that `simulate` understands; `None` if no script says it.
    pub fn script(&self) -> Option<String> {
        if self.unscripted().is_some() {
            return None;
        }
        let mut lines: Vec<String> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        let mut started = false;
        if !self.given.is_empty() {
            lines.push(format!("given {}", self.given.join(", ")));
        }
        for step in &self.steps {
            // What stands for an expression that only Rust knows cannot be given.
            let can_be_given =
                |answer: &&String| !answer.starts_with('`') && !known.contains(answer);
            let new: Vec<String> = step.answers.iter().filter(can_be_given).cloned().collect();
            if !new.is_empty() {
                let name = |answer: &str| answer.split(" = ").next().unwrap_or_default().to_owned();
                known.retain(|old| new.iter().all(|n| name(n) != name(old)));
                lines.push(format!("given {}", new.join(", ")));
                known.extend(new);
            }
            let passes = format!("after {}", duration(step.wait));
            // How an activity ends before the start is how it always ends.
            let is_end = |event: &String| event.starts_with("given ");
            if !started && step.event.as_ref().is_some_and(is_end) && step.wait == 0 {
                lines.push("after 0s".to_owned());
            }
            started |= step.label != START;
            match &step.event {
                Some(event) if step.wait > 0 => lines.extend([passes, event.clone()]),
                Some(event) => lines.push(event.clone()),
                None if step.label == START => {}
                None => lines.push(passes),
            }
        }
        Some(lines.join("; "))
    }
}

/// More steps than this that are the same, one behind the other, are counted.
const FEW: usize = 3;

/// The label of the first step.
pub(super) const START: &str = "start";

/// A configuration on the way, with what its timers are.
struct Place {
    instance: Instance,
    zone: Zone,
    /// For each pending timer the moment from which it runs, and how long.
    timers: Vec<(Moment, i64)>,
}

/// Builds traces from nodes and moves.
pub(super) struct Tracer<'a> {
    pub(super) world: &'a World,
    pub(super) space: &'a Space,
    /// The chart as it was declared.
    pub(super) chart: &'a Chart,
}

/// When a step is due (0) or made (1): twice its number, and that.
type Moment = usize;

/// "Moment b is at least w behind moment a", in milliseconds.
type Bound = (Moment, Moment, i64);

fn due(step: usize) -> Moment {
    2 * step
}

fn made(step: usize) -> Moment {
    2 * step + 1
}

impl Tracer<'_> {
    /// The way to a node on which it was found.
    pub(super) fn to_node(&self, node: u32) -> Trace {
        let mut nodes = runs::to_root(self.space, node);
        nodes.reverse();
        self.along(&nodes, (None, None))
    }

    /// The way through these nodes, of which the last goes back to the one at this place, if it does.
    pub(super) fn avoiding(&self, nodes: &[u32], back: Option<usize>) -> Trace {
        self.along(nodes, (None, back))
    }

    /// The way to a move, and the move.
    pub(super) fn to_move(&self, way: &Way) -> Trace {
        let mut nodes = match way.from {
            NOWHERE => Vec::new(),
            from => runs::to_root(self.space, from),
        };
        nodes.reverse();
        self.along(&nodes, (Some(way), None))
    }

    /// The way through these nodes, the first a start, with a last move, or round and round from the one
    /// at a place.
    fn along(&self, nodes: &[u32], (last, back): (Option<&Way>, Option<usize>)) -> Trace {
        let repeats = back.map(|back| back + 1);
        let mut trace = Trace { given: Vec::new(), steps: Vec::new(), repeats, assumes: None };
        let mut place = Place {
            instance: Instance::new(&self.world.chart, Duration::ZERO),
            zone: Zone::empty(),
            timers: Vec::new(),
        };
        let mut bounds = Vec::new();
        let mut moves: Vec<Made> = Vec::new();
        let mut ends = Ends::default();
        let mut before = NOWHERE;
        for node in nodes {
            let way = &self.space.nodes[*node as usize].way;
            let found = match way.from == before {
                true => Some((way.by, way.answers.clone())),
                false => {
                    self.world.find(self.space, &Stand::new(&place.instance, &place.zone), *node)
                }
            };
            let Some((by, answers)) = found else { break };
            let (next, made) = self.step(&mut trace, &mut bounds, place, (by, &answers), &mut ends);
            place = next;
            moves.push(made);
            before = *node;
        }
        if let Some(way) = last {
            let by = (way.by, &*way.answers);
            moves.push(self.step(&mut trace, &mut bounds, place, by, &mut ends).1);
        }
        times(&mut trace, &bounds);
        self.replay(&mut trace, &moves);
        trace
    }

    /// What ends in a move, and how.
    fn ends(&self, instance: &Instance, by: Move) -> Option<(Invocation, Reply)> {
        let Move::Reply(at, way) = by else { return None };
        let running = instance.invocations.get(at as usize)?;
        let reply = self.world.replies_to(running).get(way as usize)?;
        Some((running.clone(), reply.clone()))
    }

    /// How an activity ends, for a script: with its arguments only where another of its kind that
    /// runs could be meant.
    pub(super) fn ending(&self, running: &[Invocation], own: &Invocation, reply: &Reply) -> String {
        let of = |running: &Invocation| running.activity(self.chart);
        let same = running.iter().filter(|other| of(other) == of(own)).count();
        let args = (same > 1).then_some(&own.args[..]);
        ending(&self.chart.declarations, (of(own), None), args, reply)
    }

    /// The same, whatever its arguments are.
    pub(super) fn any_ending(&self, own: &Invocation, reply: &Reply) -> String {
        let of = own.activity(self.chart);
        ending(&self.chart.declarations, (of, None), None, reply)
    }

    fn step(
        &self,
        trace: &mut Trace,
        bounds: &mut Vec<Bound>,
        place: Place,
        (by, answers): (Move, &[u8]),
        ends: &mut Ends,
    ) -> (Place, Made) {
        let at = trace.steps.len();
        if let Move::Start(start) = by {
            trace.given = self.given(start);
        }
        if let Some(before) = at.checked_sub(1) {
            bounds.extend([(due(before), due(at), 0), (made(before), made(at), 0)]);
        }
        let is_late = matches!(by, Move::Overdue(_));
        bounds.push((due(at), made(at), i64::from(is_late)));
        for (other, (set, runs)) in place.timers.iter().enumerate() {
            // Of two that are due at once the one that was set first comes first.
            let earlier = match by {
                Move::Due(fires) | Move::Overdue(fires) if other == fires as usize => {
                    bounds.push((*set, due(at), *runs));
                    0
                }
                Move::Due(fires) | Move::Overdue(fires) => i64::from(other < fires as usize),
                _ => 1,
            };
            bounds.push((due(at), *set, earlier - runs));
        }
        let (label, event) = self.label(&place.instance, by);
        let mut choices = Choices::new(&self.world.answers, answers);
        let stand = Stand::new(&place.instance, &place.zone);
        let result = self.world.go(&stand, by, &mut choices);
        let mut answers: Vec<String> = Vec::new();
        for answer in choices.asked.iter().map(|question| self.answer(question)) {
            // Two that are told alike are given once.
            if !answers.contains(&answer) {
                answers.push(answer);
            }
        }
        let mut step = TraceStep {
            label,
            event,
            wait: 0,
            late: 0,
            answers,
            configuration: Vec::new(),
            is_ambiguous: false,
            is_unheard_of: false,
        };
        let (found, asked) = (self.ends(&place.instance, by), choices.asked);
        step.is_unheard_of = found.as_ref().is_some_and(|(running, reply)| {
            let declarations = &self.chart.declarations;
            let activity = &declarations.activities[running.activity(self.chart).index()];
            let is_declared = |name: &str| declarations.errors.iter().any(|e| e.name.text == *name);
            let is_made = |name: &str| name == CANCELLED || activity.other_ends().contains(&name);
            match reply {
                Reply::Error(error, _) => !activity.raises.contains(error),
                Reply::Failed(name, _) if activity.is_of_host() => {
                    is_declared(name) || !is_made(name)
                }
                _ => false,
            }
        });
        let taken = result.as_ref().and_then(|result| Some(&result.as_ref().ok()?.1));
        let branches = ends.note(self.chart, &place.instance, found.as_ref(), taken);
        let move_to = |after| Made { by, ends: found, branches, asked, after };
        if !is_late {
            bounds.push((made(at), due(at), 0));
        }
        let Some(Ok((next, done, left))) = result else {
            trace.steps.push(step);
            let before = move_to(place.instance.clone());
            return (place, before);
        };
        step.configuration = next.paths(self.chart);
        trace.steps.push(step);
        let (kept, new) = self.world.rest(&next.timers, &done);
        let mut timers: Vec<(Moment, i64)> = kept.iter().map(|k| place.timers[*k]).collect();
        timers.extend(new.iter().map(|timer| {
            let begins = if timer.asks { made(at) } else { due(at) };
            (begins, i64::try_from(timer.millis).unwrap_or(i64::MAX / 4))
        }));
        if is_late && place.zone.is_away() && !new.iter().any(|timer| timer.asks) {
            // It is back when it was said to be back.
            bounds.push((made(at), made(at - 1), 0));
        }
        let (instance, zone) = self.world.settled(next, &done, &left);
        let after = move_to(instance.clone());
        (Place { instance, zone, timers }, after)
    }

    fn given(&self, start: u32) -> Vec<String> {
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return Vec::new();
        };
        let given = self.world.starts[start as usize].iter();
        let text = |value: &Value| value.text(&self.chart.declarations);
        given
            .map(|(id, v)| format!("{} = {}", fields[id.index()].param.name.text, text(v)))
            .collect()
    }

    fn label(&self, instance: &Instance, by: Move) -> (String, Option<String>) {
        let declarations = &self.chart.declarations;
        match by {
            Move::Start(_) => (START.into(), None),
            Move::Event(at) => {
                let occurrence = &self.world.inputs[at as usize];
                let name = &declarations.events[occurrence.event.index()].name.text;
                let payload: Vec<String> =
                    occurrence.payload.iter().map(|value| value.text(declarations)).collect();
                let text = match payload.is_empty() {
                    true => name.clone(),
                    false => format!("{name}({})", payload.join(", ")),
                };
                (text.clone(), Some(text))
            }
            Move::Reply(..) => {
                let ends = self.ends(instance, by);
                let ends = ends.map(|(asked, reply)| self.any_ending(&asked, &reply));
                let text = format!("given {}", ends.unwrap_or_default());
                (text.clone(), Some(text))
            }
            Move::Due(at) | Move::Overdue(at) => match &instance.timers[at as usize].due {
                Due::Timer(id, _) => {
                    let timer = &self.chart.timers[id.index()];
                    let word = if timer.repeats { "every" } else { "after" };
                    let delay = match &timer.delay.kind {
                        crate::model::ExprKind::Duration(ms) => duration(*ms),
                        _ => format!("({})", self.chart.state(timer.state).path),
                    };
                    (format!("{word} {delay}"), None)
                }
                Due::Event(occurrence) => {
                    let name = &declarations.events[occurrence.event.index()].name.text;
                    (format!("delayed {name}"), None)
                }
            },
        }
    }

    /// `name(..) = value`; what stands for an argument that makes no difference is left out.
    fn answer(&self, question: &Question) -> String {
        let declarations = &self.chart.declarations;
        let answers = &self.world.answers.of[&question.function];
        let value = answers[usize::from(question.answer)].text(declarations);
        let mut functions = declarations.functions.iter();
        if !functions.any(|function| function.name.text == question.function) {
            return format!("{} = {value}", question.function);
        }
        let known = !question.args.is_empty() && !question.args.iter().any(slice::is_stand_in);
        let args = match known {
            true => {
                let args = question.args.iter().map(|arg| arg.text(declarations));
                args.collect::<Vec<_>>().join(", ")
            }
            false => "..".into(),
        };
        format!("{}({args}) = {value}", question.function)
    }
}

/// Gives each step the earliest time that all bounds allow (R. Bellman, L. Ford: longest ways).
fn times(trace: &mut Trace, bounds: &[Bound]) {
    let mut times = vec![0i64; made(trace.steps.len())];
    for _ in 0..=times.len() {
        let before = times.clone();
        for (a, b, least) in bounds {
            times[*b] = times[*b].max(times[*a].saturating_add(*least));
        }
        if times == before {
            break;
        }
    }
    for at in 1..trace.steps.len() {
        let since = |moment: Moment| u64::try_from(times[moment] - times[due(at - 1)]);
        let step = &mut trace.steps[at];
        step.wait = since(due(at)).unwrap_or(0);
        step.late = since(made(at)).unwrap_or(0).saturating_sub(step.wait);
    }
}
