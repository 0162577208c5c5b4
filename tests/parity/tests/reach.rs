//! Random machines and scripts get where it matters: a rule that is never met is not tested.

use statewright_dsl::ast::Role;
use statewright_dsl::chart::{Chart, InvokeId};
use statewright_dsl::compile::compile_text;
use statewright_dsl::interpret::{
    Act, Cause, FaultKind, Instance, Interpreter, Outcome, Reply, Step,
};
use statewright_dsl::lower::lower;
use statewright_dsl::model::{ActivityKind, StateKind};
use statewright_parity::author::{Input, machine, script};
use statewright_parity::interpreted::{answer, occurrence, reply};
use std::collections::BTreeMap;
use std::time::Duration;

/// With more timers than this a script ends.
const MOST_TIMERS: usize = 30;

/// What happened in all runs together.
#[derive(Debug, Default)]
struct Reached {
    finished: usize,
    events_behind_the_end: usize,
    deferred: usize,
    histories: usize,
    /// Activities that have ended, by what became of it.
    results: usize,
    caught: usize,
    uncaught: usize,
    late: usize,
    /// Activities that others stood in for: another activity, or a function.
    replaced: usize,
    calculated: usize,
    /// Errors that came at the end of a chain, or that no fallback was tried behind.
    behind_chains: usize,
    /// Sagas: steps taken back, and how they have ended.
    undone: usize,
    done: usize,
    compensated: usize,
    broken: usize,
    /// Fan-outs: ends of branches that decided nothing, and that decided.
    open: usize,
    decided: usize,
    /// Rounds of loops that came to their end.
    rounds: usize,
    /// People: who was asked, reminded, and not the one any more.
    asked: usize,
    reminded: usize,
    escalated: usize,
    /// Children: started, ended, and failed in a way that was caught.
    started: usize,
    ended: usize,
    failed: usize,
    /// Sent to other machines.
    sent: usize,
}

impl Reached {
    fn note(&mut self, chart: &Chart, step: &Step) {
        for act in &step.acts {
            let state = match act {
                Act::Enter(state) => chart.state(*state),
                other => {
                    self.asked += usize::from(matches!(other, Act::Ask(..)));
                    self.reminded += usize::from(matches!(other, Act::Remind(..)));
                    self.escalated += usize::from(matches!(other, Act::Escalate(..)));
                    self.sent += usize::from(matches!(other, Act::Send(..)));
                    self.started += usize::from(
                        matches!(other, Act::Invoke(_, invoke, _) if is_child(chart, *invoke)),
                    );
                    continue;
                }
            };
            match state.role {
                Some(Role::Undo) => self.undone += 1,
                Some(Role::Done) => self.done += 1,
                Some(Role::Compensated) => self.compensated += 1,
                Some(Role::Failed) => self.broken += 1,
                _ => {}
            }
            let around = state.parent.filter(|_| state.kind == StateKind::Final);
            let is_loop = |id| chart.state(id).data.iter().any(|param| param.name.text == "round");
            self.rounds += usize::from(around.is_some_and(is_loop));
        }
    }
}

fn is_child(chart: &Chart, invoke: InvokeId) -> bool {
    let activity = chart.invokes[invoke.index()].call.activity;
    matches!(chart.declarations.activities[activity.index()].kind, ActivityKind::Machine(_))
}

#[test]
fn scripts_get_where_it_matters() {
    let mut reached = Reached::default();
    for seed in 0..400 {
        let compilation = compile_text("random.flow", &machine(seed));
        // As the tests do: some random machines have mistakes that the compiler finds.
        let Some(model) = compilation.machines.first() else { continue };
        let chart = lower(model);
        let interpreter = Interpreter::new(&chart);
        let start = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut answer);
        let Ok((mut instance, _)) = start else { continue };
        for input in script(seed, 30) {
            // Some set two timers for each that is due, and so on for ever.
            if instance.timers.len() > MOST_TIMERS {
                break;
            }
            instance = next(&interpreter, instance, input, &mut reached);
        }
        reached.finished += usize::from(instance.finished);
        reached.histories += usize::from(!instance.histories.is_empty());
    }
    assert!(reached.finished >= 10, "{reached:?}");
    assert!(reached.events_behind_the_end >= 50, "{reached:?}");
    assert!(reached.deferred >= 50, "{reached:?}");
    assert!(reached.histories >= 20, "{reached:?}");
    assert!(reached.results >= 50, "{reached:?}");
    assert!(reached.caught >= 40, "{reached:?}");
    assert!(reached.uncaught >= 25, "{reached:?}");
    assert!(reached.late >= 50, "{reached:?}");
    assert!(reached.replaced >= 40, "{reached:?}");
    assert!(reached.calculated >= 4, "{reached:?}");
    assert!(reached.behind_chains >= 5, "{reached:?}");
    assert!(reached.undone >= 50, "{reached:?}");
    assert!(reached.done >= 5, "{reached:?}");
    assert!(reached.compensated >= 20, "{reached:?}");
    assert!(reached.broken >= 10, "{reached:?}");
    assert!(reached.open >= 30, "{reached:?}");
    assert!(reached.decided >= 8, "{reached:?}");
    assert!(reached.rounds >= 8, "{reached:?}");
    assert!(reached.asked >= 100, "{reached:?}");
    assert!(reached.reminded >= 8, "{reached:?}");
    assert!(reached.escalated >= 20, "{reached:?}");
    assert!(reached.started >= 100, "{reached:?}");
    assert!(reached.ended >= 12, "{reached:?}");
    assert!(reached.failed >= 6, "{reached:?}");
    assert!(reached.sent >= 300, "{reached:?}");
}

fn next(
    interpreter: &Interpreter,
    instance: Instance,
    input: Input,
    reached: &mut Reached,
) -> Instance {
    let chart = interpreter.chart();
    match input {
        Input::Event(event, n) => {
            reached.events_behind_the_end += usize::from(instance.finished);
            let cause = Cause::Event(occurrence(event, n));
            let stepped = interpreter.step(&instance, &cause, &mut answer);
            let next = stepped.map_or(instance, |(next, step)| {
                reached.note(chart, &step);
                next
            });
            reached.deferred += usize::from(!next.deferred.is_empty());
            next
        }
        Input::Reply(whom, ending) => {
            let (id, reply) = reply(interpreter.chart(), &instance, whom, ending);
            let is_error = !matches!(reply, Reply::Done(_));
            let running = instance.invocations.iter().find(|running| running.id == id);
            let in_chain =
                running.is_some_and(|running| running.call > 0 || !running.rest.is_empty());
            let in_fan = running
                .is_some_and(|running| chart.invokes[running.invoke.index()].fan_out.is_some());
            let is_child = running.is_some_and(|running| is_child(chart, running.invoke));
            let fans = instance.fans.len();
            match interpreter.step(&instance, &Cause::Reply(id, reply), &mut answer) {
                Ok((next, step)) => {
                    reached.note(chart, &step);
                    reached.open += usize::from(in_fan && next.fans.len() == fans);
                    reached.decided += usize::from(in_fan && next.fans.len() < fans);
                    let falls_back = |act: &Act| matches!(act, Act::FallBack(..));
                    let falls_back = step.acts.iter().any(falls_back);
                    let calculated = falls_back && step.outcome != Outcome::Pending;
                    reached.calculated += usize::from(calculated);
                    reached.behind_chains += usize::from(is_error && in_chain && !falls_back);
                    let handled = step.outcome == Outcome::Handled;
                    reached.ended += usize::from(is_child && handled && !is_error);
                    reached.failed += usize::from(is_child && handled && is_error);
                    match step.outcome {
                        Outcome::Handled if is_error => reached.caught += 1,
                        Outcome::Handled => reached.results += 1,
                        Outcome::Pending => reached.replaced += 1,
                        Outcome::Ignored if instance.visits > 0 => reached.late += 1,
                        _ => {}
                    }
                    next
                }
                Err(fault) => {
                    reached.uncaught += usize::from(matches!(fault.kind, FaultKind::Uncaught(_)));
                    instance
                }
            }
        }
        Input::Wait(seconds) => {
            let until = instance.now + Duration::from_secs(seconds);
            let advanced = interpreter.advance(&instance, until, &mut answer);
            advanced.map_or(instance, |(next, steps)| {
                steps.iter().for_each(|(_, step)| reached.note(chart, step));
                next
            })
        }
    }
}
