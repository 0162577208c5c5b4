//! What was called impossible does not happen: random machines run, and no branch is taken that
//! W0302 calls dead.

use statewright_dsl::chart::{Chart, PlanId};
use statewright_dsl::code::Code;
use statewright_dsl::compile::{Compilation, compile_text};
use statewright_dsl::interpret::{Act, Cause, Instance, Interpreter, Step};
use statewright_dsl::lower::lower;
use statewright_dsl::model::Model;
use statewright_dsl::span::Span;
use statewright_parity::author::{self, Input};
use statewright_parity::interpreted::{answer, occurrence, reply};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const MACHINES: u64 = 150;
const INPUTS: usize = 40;
const MOST_TIMERS: usize = 20;

fn within(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Where the branches stand that are called dead.
fn dead(compilation: &Compilation) -> Vec<Span> {
    let dead = compilation.diagnostics.iter().filter(|d| d.code == Code::DeadBranch);
    dead.map(|d| d.primary).collect()
}

/// True if one of the places is the branch of a plan, its guard, or the head of its reaction.
fn is_dead(model: &Model, chart: &Chart, plan: PlanId, dead: &[Span]) -> bool {
    let transition = &chart.transitions[chart.plans[plan.index()].transition.index()];
    let reaction = &model.reactions[transition.reaction.index()];
    let at = transition.branches.iter().position(|branch| branch.plan == plan);
    let branch = at.map_or(reaction.span, |at| reaction.branches[at].span);
    dead.iter().any(|place| {
        within(*place, branch) || within(branch, *place) || within(*place, reaction.head)
    })
}

/// The branches that a script takes; a step that fails takes none.
fn taken(chart: &Chart, seed: u64) -> BTreeSet<PlanId> {
    let interpreter = Interpreter::new(chart);
    let mut taken = BTreeSet::new();
    let mut note = |step: &Step| {
        taken.extend(step.acts.iter().filter_map(|act| match act {
            Act::Take(plan) => Some(*plan),
            _ => None,
        }));
    };
    let started = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut answer);
    let Ok((mut instance, step)) = started else { return taken };
    note(&step);
    for input in author::script(seed, INPUTS) {
        let mut step = |instance: &mut Instance, cause: Cause| {
            let stepped = interpreter.step(instance, &cause, &mut answer);
            stepped.is_ok_and(|(next, step)| {
                *instance = next;
                note(&step);
                true
            })
        };
        match input {
            Input::Event(event, n) => {
                let _ = step(&mut instance, Cause::Event(occurrence(event, n)));
            }
            Input::Reply(whom, ending) => {
                let (id, reply) = reply(chart, &instance, whom, ending);
                let _ = step(&mut instance, Cause::Reply(id, reply));
            }
            Input::Wait(seconds) => {
                let until = instance.now + Duration::from_secs(seconds);
                // Timers may set each other for ever.
                for _ in 0..MOST_TIMERS {
                    let Some(at) = instance.due(until) else {
                        instance.now = until;
                        break;
                    };
                    if !step(&mut instance, Cause::Due(at)) {
                        break;
                    }
                }
            }
        }
    }
    taken
}

#[test]
fn no_dead_branch_is_taken() {
    let (mut called_dead, mut all) = (0, 0);
    for seed in 0..MACHINES {
        let text = author::machine(seed);
        let compilation = compile_text("random.flow", &text);
        // Some seeds give machines with errors.
        let Some(model) = compilation.machines.first() else { continue };
        let chart = lower(model);
        let dead = dead(&compilation);
        called_dead += dead.len();
        for plan in taken(&chart, seed) {
            all += 1;
            assert!(!is_dead(model, &chart, plan, &dead), "seed {seed}: {plan:?}\n{text}");
        }
    }
    // Else this shows nothing.
    assert!(called_dead > 30 && all > 300, "{called_dead} dead, {all} taken");
}
