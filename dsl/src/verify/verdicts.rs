//! What was proved, what was refuted, and what was found besides.

use super::runs::{self, Avoidance};
use super::space::{MOST_PILED, Space, Stop, Way};
use super::trace::{Trace, TraceStep};
use super::{Exploration, exprs};
use crate::ast::ClaimKind;
use crate::interpret::FaultKind;
use crate::model::{StateId, StateKind};
use crate::span::Span;

/// What came of one invariant or property.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// `invariant ..`, `property "title"`, or the claim.
    pub what: String,
    /// Where it stands.
    pub span: Span,
    /// The result.
    pub status: Status,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// It holds in every run.
    Proved,
    /// The shortest run against it.
    Refuted(Trace),
    /// Nothing speaks against it, but not everything was looked at: why.
    NotProved(String),
}

/// Something that nobody asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// What it is about.
    pub span: Span,
    /// The shortest run to it; `None` for what never happens.
    pub trace: Option<Trace>,
}

/// The kinds of findings.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingKind {
    /// No event and no timer does anything any more, and the machine is not finished.
    DeadEnd,
    /// The machine goes on for ever: none of its final states can be reached any more.
    Livelock,
    /// A step fails.
    Fails(FaultKind),
    /// A state that no run enters.
    Unreachable(StateId),
}

/// An event that is not handled somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Unhandled {
    /// The event.
    pub event: String,
    /// In how many configurations, payloads and answers counted apart.
    pub times: usize,
    /// The active states of the first of them.
    pub configuration: Vec<String>,
    /// The shortest run to it, without the event.
    pub trace: Trace,
}

/// No more than so many findings of a kind.
const MOST: usize = 5;

impl Exploration<'_> {
    /// What came of each invariant, then of each claim, in order.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for (at, invariant) in self.chart.invariants.iter().enumerate() {
            let status = self.status(&[at], self.first_without(at));
            let what = format!("invariant {}", invariant.text);
            verdicts.push(Verdict { what, span: invariant.span, status });
        }
        let mut first = self.chart.invariants.len();
        for property in &self.claims {
            let conditions: Vec<usize> = (first..first + exprs(&property.claim).len()).collect();
            let mut status = self.status(&conditions, self.against(&property.claim, first));
            // A run that ends in a step that fails comes to nothing behind it.
            let is_of_progress =
                matches!(property.claim, ClaimKind::Eventually(_) | ClaimKind::LeadsTo(..));
            if status == Status::Proved && is_of_progress && !self.space.faults.is_empty() {
                status =
                    Status::NotProved("a step fails, and what comes behind it does not".into());
            }
            let what = match property.title.is_empty() {
                true => property.text.clone(),
                false => format!("property {:?}: {}", property.title, property.text),
            };
            verdicts.push(Verdict { what, span: property.span, status });
            first += conditions.len();
        }
        verdicts
    }

    fn first_without(&self, condition: usize) -> Option<Trace> {
        let mut nodes = 0..self.space.nodes.len();
        let node = nodes.find(|node| !self.space.holds(*node, condition))?;
        Some(self.tracer().to_node(node as u32))
    }

    fn against<E>(&self, claim: &ClaimKind<E>, at: usize) -> Option<Trace> {
        let space = &self.space;
        match claim {
            ClaimKind::Always(_) => self.first_without(at),
            ClaimKind::Never(_) => {
                let node = (0..space.nodes.len()).find(|node| space.holds(*node, at))?;
                Some(self.tracer().to_node(node as u32))
            }
            ClaimKind::Eventually(_) => {
                let starts = |node: usize| space.nodes[node].way.from == super::space::NOWHERE;
                let run = runs::avoids(space, &starts, &|node| space.holds(node, at))?;
                Some(self.avoiding(&run))
            }
            ClaimKind::LeadsTo(..) => {
                let from = |node: usize| space.holds(node, at);
                let run = runs::avoids(space, &from, &|node| space.holds(node, at + 1))?;
                Some(self.avoiding(&run))
            }
        }
    }

    fn avoiding(&self, run: &Avoidance) -> Trace {
        self.tracer().avoiding(&run.nodes, run.back)
    }

    fn status(&self, conditions: &[usize], against: Option<Trace>) -> Status {
        for at in conditions {
            if let Some(name) = &self.world.conditions[*at].asks {
                return Status::NotProved(format!("it asks `{name}`, which only Rust knows"));
            }
            if let Some(fault) = self.space.unclear.get(at) {
                return Status::NotProved(format!("it cannot be calculated everywhere: {fault}"));
            }
        }
        match against {
            Some(trace) => match &trace.assumes {
                Some(why) => {
                    Status::NotProved(format!("a run against it {why}: {}", trace.summary()))
                }
                None => Status::Refuted(trace),
            },
            None => self.left_out().map_or(Status::Proved, Status::NotProved),
        }
    }

    /// Why exploring has stopped, and what to do about it.
    fn stopped(&self, stop: Stop) -> String {
        let found = self.space.nodes.len();
        let why = match stop {
            Stop::Configurations => "there are more".to_owned(),
            Stop::Memory(bytes) => format!("they fill {} MB of memory", bytes >> 20),
            Stop::Steps(steps, size) => {
                format!("{steps} steps lead on from them, each with about {size} bytes to read")
            }
        };
        let help = match self.chart.fan_outs.is_empty() {
            true => "",
            false => {
                " (branches of a fan-out that call the same, and whose results decide nothing, count as one)"
            }
        };
        format!("stopped at {found} configurations, because {why}; raise this with `--bound`{help}")
    }

    /// What was not looked at; `None` if everything was.
    pub fn left_out(&self) -> Option<String> {
        if let Some(stop) = self.space.stopped {
            return Some(self.stopped(stop));
        }
        match () {
            () if self.space.is_cut => Some(
                "a step asks so much that not all combinations of answers were tried".to_owned(),
            ),
            () if !self.space.piled.is_empty() => {
                let events = &self.chart.declarations.events;
                let piled = self.space.piled.iter();
                let piled = piled.map(|at| events[*at as usize].name.text.as_str());
                Some(format!(
                    "not looked at: more than {MOST_PILED} of `{}` put off or set for later at once",
                    piled.collect::<Vec<_>>().join("`, `")
                ))
            }
            () if !self.tried.is_empty() => {
                let tried: Vec<String> = self.tried.iter().map(|t| format!("`{t}`")).collect();
                Some(format!("only some values were tried of {}", tried.join(", ")))
            }
            () => None,
        }
    }

    /// What nobody asked for, the worst first.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (fault, way) in self.space.faults.iter().take(MOST) {
            let trace = Some(self.tracer().to_move(way));
            let kind = FindingKind::Fails(fault.kind.clone());
            findings.push(Finding { kind, span: fault.span, trace });
        }
        let at_node = |kind: FindingKind, node: usize| {
            let trace = self.tracer().to_node(node as u32);
            let span = self.place(&trace);
            Finding { kind, span, trace: Some(trace) }
        };
        // What never happens is only sure if nothing was left out.
        if self.left_out().is_some() {
            return findings;
        }
        let dead = self.dead_ends();
        findings.extend(self.apart(&dead).map(|node| at_node(FindingKind::DeadEnd, node)));
        let live = self.livelocks(&dead);
        findings.extend(self.apart(&live).map(|node| at_node(FindingKind::Livelock, node)));
        if self.space.faults.is_empty() {
            let active = &self.space.active;
            for (at, state) in self.chart.states.iter().enumerate().skip(1) {
                let id = StateId(at as u32);
                // What stands in it is unreachable too, and need not be said.
                let around = state.parent.is_none_or(|p| p == StateId::ROOT || active.contains(&p));
                if around && !active.contains(&id) {
                    let kind = FindingKind::Unreachable(id);
                    findings.push(Finding { kind, span: state.name.span, trace: None });
                }
            }
        }
        findings
    }

    /// The first few that have different active states.
    fn apart<'a>(&'a self, nodes: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let mut seen: Vec<Vec<String>> = Vec::new();
        let few = nodes.iter().copied().take(100).filter(move |node| {
            let trace = self.tracer().to_node(*node as u32);
            let states = trace.steps.last().map(|s| s.configuration.clone()).unwrap_or_default();
            let is_new = !seen.contains(&states);
            seen.push(states);
            is_new
        });
        few.take(MOST)
    }

    /// The innermost state in which a run ends.
    fn place(&self, trace: &Trace) -> Span {
        let path = trace.steps.last().and_then(|step: &TraceStep| step.configuration.first());
        let state = self.chart.states.iter().find(|state| Some(&state.path) == path);
        state.map_or(self.chart.name.span, |state| state.name.span)
    }

    fn dead_ends(&self) -> Vec<usize> {
        let is_dead = |node: &usize| {
            let state = &self.space.nodes[*node];
            !state.finished && state.quiet && !state.goes_on
        };
        (0..self.space.nodes.len()).filter(is_dead).collect()
    }

    /// The nodes from which no final state can be reached, nor a dead end, of a machine that has
    /// final states.
    fn livelocks(&self, dead: &[usize]) -> Vec<usize> {
        let root = &self.chart.states[0];
        let is_final = |child: &StateId| self.chart.state(*child).kind == StateKind::Final;
        if !root.children.iter().any(is_final) {
            return Vec::new();
        }
        let space: &Space = &self.space;
        let ends = |node: usize| space.nodes[node].finished || dead.binary_search(&node).is_ok();
        let reach = runs::reach(space, &ends);
        (0..space.nodes.len()).filter(|node| !reach[*node]).collect()
    }

    /// The events that some configuration does not handle, in declared order.
    pub fn unhandled(&self) -> Vec<Unhandled> {
        let events = &self.chart.declarations.events;
        let mut all = Vec::new();
        for (event, (node, times)) in &self.space.unhandled {
            let trace = self.tracer().to_node(*node);
            let configuration =
                trace.steps.last().map(|step| step.configuration.clone()).unwrap_or_default();
            let event = events[*event as usize].name.text.clone();
            all.push(Unhandled { event, times: *times, configuration, trace });
        }
        all
    }

    /// For each branch of each transition the shortest run that takes it.
    pub fn coverage(&self) -> Vec<Option<Trace>> {
        let way = |way: &Option<Way>| way.as_ref().map(|way| self.tracer().to_move(way));
        self.space.taken.iter().map(way).collect()
    }
}
