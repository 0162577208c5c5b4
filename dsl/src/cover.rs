//! Which branches scenarios take, and scenarios that take those that are left.

use crate::chart::{Chart, PlanId};
use crate::compile::{self, Compilation};
use crate::lower::lower;
use crate::model::{Model, ScenarioStep, StateId};
use crate::simulate::{Session, nobody};
use crate::source::Sources;
use crate::span::Span;
use crate::verify::{self, Exploration, Trace};
use std::collections::BTreeSet;
use std::time::Duration;

/// One branch of a transition.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its plan.
    pub plan: PlanId,
    /// The state that it stands in, by its path; the machine's name for the machine itself.
    pub source: String,
    /// Its text in one line: `on Repaired if faults < 3 -> deep_history(Operating)`.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The branches of all transitions of a machine, in document order.
pub fn branches(sources: &Sources, model: &Model, chart: &Chart) -> Vec<Branch> {
    let line = |span: Span| sources.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut all = Vec::new();
    for (transition, reaction) in chart.transitions.iter().zip(&model.reactions) {
        let source = match transition.source {
            StateId::ROOT => chart.name.text.clone(),
            state => chart.state(state).path.clone(),
        };
        for branch in &transition.branches {
            let text = match reaction.choice {
                true => format!("{} {}", line(reaction.head), line(branch.span)),
                false => line(transition.span),
            };
            let (plan, span) = (branch.plan, branch.span);
            all.push(Branch { plan, source: source.clone(), text, span });
        }
    }
    all
}

/// Scenarios that were made.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// Their texts, as they stand in a file.
    pub scenarios: Vec<String>,
    /// The branches that no scenario takes, and why.
    pub left: Vec<(PlanId, String)>,
}

/// Makes scenarios that take every branch that `known` does not, each a shortest run, and no more of
/// them than are needed. `bound` is how many configurations are looked at.
pub fn generate(
    compilation: &Compilation,
    machine: usize,
    known: &BTreeSet<PlanId>,
    bound: usize,
) -> Generated {
    let Some(model) = compilation.machines.get(machine) else { return Generated::default() };
    let chart = lower(model);
    let explored = verify::explore(&chart, &[], bound, &mut |_, _| {});
    let branches = branches(&compilation.sources, model, &chart);
    let mut ways: Vec<(&Branch, Trace)> = Vec::new();
    let mut generated = Generated::default();
    for (branch, way) in branches.iter().zip(explored.coverage()) {
        match way {
            _ if known.contains(&branch.plan) => {}
            Some(Trace { assumes: Some(why), .. }) => {
                generated.left.push((branch.plan, format!("its run {why}")));
            }
            Some(way) if way.is_ambiguous() => {
                let why = "its run ends one of two activities that are asked the same".to_owned();
                generated.left.push((branch.plan, why));
            }
            Some(way) => match way.unscripted() {
                Some(why) => {
                    generated.left.push((branch.plan, format!("no scenario has its run: {why}")))
                }
                None => ways.push((branch, way)),
            },
            None => generated.left.push((branch.plan, why(&chart, &explored, branch.plan))),
        }
    }
    // The longest first: it passes by others.
    ways.sort_by_key(|(_, way)| std::cmp::Reverse(way.steps.len()));
    let several = compilation.machines.len() > 1;
    let named = several.then_some(chart.name.text.as_str());
    let mut taken = known.clone();
    let mut titles = BTreeSet::new();
    for (branch, way) in ways {
        if taken.contains(&branch.plan) {
            continue;
        }
        let Some((session, passed)) = play(compilation, machine, &chart, &way) else {
            let why = "its run needs values that cannot be written".to_owned();
            generated.left.push((branch.plan, why));
            continue;
        };
        taken.extend(passed);
        let mut title = format!("{}: {}", branch.source, branch.text);
        while !titles.insert(title.clone()) {
            title.push_str(" again");
        }
        generated.scenarios.push(session.scenario(&title, named));
    }
    generated.left.sort_by_key(|(plan, _)| *plan);
    generated
}

/// Plays a run; `None` if it cannot be written as a script.
fn play<'c>(
    compilation: &Compilation,
    machine: usize,
    chart: &'c Chart,
    way: &Trace,
) -> Option<(Session<'c>, Vec<PlanId>)> {
    let script = compile::script(compilation, machine, "<run>", &way.script()?);
    if script.diagnostics.has_errors() {
        return None;
    }
    let mut session = Session::new(chart);
    let mut taken = Vec::new();
    let steps: &[ScenarioStep] = &script.found;
    for step in steps {
        let lines = session.make(step, &mut nobody).ok()?;
        taken.extend(lines.into_iter().flat_map(|line| line.taken));
    }
    if let Some(line) = session.begin(&mut nobody) {
        taken.extend(line.taken);
        // So that there is something to expect behind.
        taken.extend(session.after(Duration::ZERO, &mut nobody).taken);
    }
    Some((session, taken))
}

fn why(chart: &Chart, explored: &Exploration<'_>, plan: PlanId) -> String {
    let transition = chart.plans[plan.index()].transition;
    let source = chart.transitions[transition.index()].source;
    let never = match explored.is_active(source) {
        true => "no run takes it: what it asks for is never so when it could be taken".to_owned(),
        false => format!("`{}` is never active", chart.state(source).path),
    };
    match explored.left_out() {
        None => never,
        Some(left) => format!("no run was found that takes it, but {left}"),
    }
}
