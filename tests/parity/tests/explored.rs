//! Exploring random machines: what a random run does has been found, and what is shown can be played.

use statewright_dsl::chart::{Chart, PlanId};
use statewright_dsl::compile::{compile_text, script as compile_script};
use statewright_dsl::interpret::{Act, Cause, FaultKind, Instance, Interpreter, Step, Value};
use statewright_dsl::lower::lower;
use statewright_dsl::model::Function;
use statewright_dsl::simulate::Session;
use statewright_dsl::verify::{Trace, explore};
use statewright_parity::author::{Input, machine, script};
use statewright_parity::interpreted::{answer, occurrence, reply};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Tame machines are explored to the end, if that is not farther away.
const BOUND: usize = 150;

/// Others count and calculate, and have no end of configurations.
const FEW: usize = 10;

/// How many machines are tried; `EXPLORED=100` for more of them.
fn machines() -> u64 {
    let wanted = std::env::var("EXPLORED").ok().and_then(|text| text.parse().ok());
    wanted.unwrap_or(10)
}

/// The same machine with few values, so that its configurations have an end.
fn tame(text: &str) -> String {
    let calm = [
        ("set a = a + 90", "set a = 3"),
        ("set a = a % 7 + 1", "set a = 2"),
        ("set b = b - 1", "set b = 0"),
        ("set b = twist(b)", "set b = 4"),
        ("set b = b + ", "set b = "),
        ("set c = c + 1", "set c = 1"),
        ("set d = elapsed() + 1s", "set d = 10s"),
        ("c % 4 == 3", "c == 0"),
        ("set f = f + 0.1", "set f = 0.2"),
        ("set f = 0.7 - f", "set f = 0.5"),
        ("set f = f * 3.0", "set f = 0.3"),
        ("set f = f / 7.0", "set f = 0.1"),
        ("raise E2 after 5s", "set c = 0"),
        // Data of states.
        (" % 7 + 1", ""),
        (" + 60", ""),
    ];
    calm.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}

/// The branches that random runs take.
fn taken(interpreter: &Interpreter, seed: u64) -> BTreeSet<PlanId> {
    let mut taken = BTreeSet::new();
    let mut note = |steps: &[Step]| {
        for act in steps.iter().flat_map(|step| &step.acts) {
            if let Act::Take(plan) = act {
                taken.insert(*plan);
            }
        }
    };
    for run in 0..4u64 {
        let started = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut answer);
        let Ok((mut instance, step)) = started else { continue };
        note(&[step]);
        for input in script(seed ^ run << 40, 20) {
            instance = next(interpreter, instance, input, &mut note);
        }
    }
    taken
}

fn next(
    interpreter: &Interpreter,
    instance: Instance,
    input: Input,
    note: &mut dyn FnMut(&[Step]),
) -> Instance {
    match input {
        Input::Event(event, n) => {
            // As the program does: what is due comes first.
            let now = instance.now;
            let due = interpreter.advance(&instance, now, &mut answer);
            let instance = due.map_or(instance, |(next, steps)| {
                note(&steps.into_iter().map(|(_, step)| step).collect::<Vec<_>>());
                next
            });
            let cause = Cause::Event(occurrence(event, n));
            match interpreter.step(&instance, &cause, &mut answer) {
                Ok((next, step)) => {
                    note(&[step]);
                    next
                }
                Err(_) => instance,
            }
        }
        Input::Reply(whom, ending) => {
            let now = instance.now;
            let due = interpreter.advance(&instance, now, &mut answer);
            let instance = due.map_or(instance, |(next, steps)| {
                note(&steps.into_iter().map(|(_, step)| step).collect::<Vec<_>>());
                next
            });
            let (id, reply) = reply(interpreter.chart(), &instance, whom, ending);
            match interpreter.step(&instance, &Cause::Reply(id, reply), &mut answer) {
                Ok((next, step)) => {
                    note(&[step]);
                    next
                }
                Err(_) => instance,
            }
        }
        Input::Wait(seconds) => {
            let until = instance.now + Duration::from_secs(seconds);
            match interpreter.advance(&instance, until, &mut answer) {
                Ok((next, steps)) => {
                    note(&steps.into_iter().map(|(_, step)| step).collect::<Vec<_>>());
                    next
                }
                Err(_) => instance,
            }
        }
    }
}

/// True if nobody has to say what `elapsed()` gives, or changes an answer: several timers that are due
/// at once are one input of a script, with the same answers for all.
fn can_be_played(chart: &Chart, way: &Trace) -> bool {
    let mut answers = way.steps.iter().flat_map(|step| &step.answers);
    let has_lists = chart.fan_outs.iter().any(|of| of.fan_out.over.is_some());
    // Any other run that assumes something fails where it is played.
    if way.assumes.is_some() && (has_lists || answers.any(|answer| answer.starts_with('`')))
        || way.is_ambiguous()
    {
        return false;
    }
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut answers = way.steps.iter().flat_map(|step| &step.answers);
    answers.all(|answer| {
        let Some((call, value)) = answer.split_once(" = ") else { return false };
        !call.starts_with('`') && *known.entry(call).or_insert(value) == value
    })
}

#[test]
fn random_runs_do_nothing_that_was_not_found() {
    let mut whole = 0;
    for seed in 0..machines() {
        let compilation = compile_text("random.flow", &tame(&machine(seed)));
        let Some(model) = compilation.machines.first() else { continue };
        let chart = lower(model);
        let explored = explore(&chart, &[], BOUND, &mut |_, _| {});
        if explored.left_out().is_none() {
            whole += 1;
            let coverage = explored.coverage();
            for plan in taken(&Interpreter::without_invariants(&chart), seed) {
                assert!(coverage[plan.index()].is_some(), "seed {seed}: {plan:?} is taken");
            }
        }
    }
    assert!(whole >= 1, "only {whole} machines were explored to the end");
}

#[test]
fn runs_that_are_shown_can_be_played() {
    let mut played = 0;
    for seed in 0..machines() {
        let compilation = compile_text("random.flow", &machine(seed));
        let Some(model) = compilation.machines.first() else { continue };
        let chart = lower(model);
        let explored = explore(&chart, &[], FEW, &mut |_, _| {});
        for (at, way) in explored.coverage().iter().enumerate() {
            let Some(way) = way.as_ref().filter(|way| can_be_played(&chart, way)) else { continue };
            // No script says that an engine was away.
            let Some(text) = way.script() else { continue };
            let asked = compile_script(&compilation, 0, "run", &text);
            assert!(asked.diagnostics.is_empty(), "{text}: {:#?}", asked.diagnostics);
            let mut session = Session::new(&chart);
            // Exploring does not ask for the arguments of activities, so a script does not give them.
            let mut host = |function: &Function, args: &[Value]| answer(function, args).ok();
            let mut lines = Vec::new();
            for step in &asked.found {
                lines.extend(session.make(step, &mut host).expect("all values are constants"));
            }
            lines.extend(session.begin(&mut host));
            let faults: Vec<&FaultKind> =
                lines.iter().filter_map(|line| line.fault.as_ref().map(|f| &f.kind)).collect();
            // Exploring leaves out what makes no difference, which can fail all the same.
            if faults.iter().any(|kind| !matches!(kind, FaultKind::Unanswered(_))) {
                continue;
            }
            let found = lines.iter().any(|line| line.taken.iter().any(|plan| plan.index() == at));
            assert!(found, "seed {seed}, branch {at}: {text}\n{lines:#?}");
            played += 1;
        }
    }
    assert!(played >= 10, "only {played} runs were played");
}
