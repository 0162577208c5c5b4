//! Random machines and scripts get where it matters: a rule that is never met is not tested.

use statewright_dsl::compile::compile_text;
use statewright_dsl::interpret::{Cause, Instance, Interpreter};
use statewright_dsl::lower::lower;
use statewright_parity::author::{Input, machine, script};
use statewright_parity::interpreted::{answer, occurrence};
use std::collections::BTreeMap;
use std::time::Duration;

/// What happened in all runs together.
#[derive(Debug, Default)]
struct Reached {
    finished: usize,
    events_behind_the_end: usize,
    deferred: usize,
    histories: usize,
}

#[test]
fn scripts_get_where_it_matters() {
    let mut reached = Reached::default();
    for seed in 0..200 {
        let compilation = compile_text("random.flow", &machine(seed));
        // As the tests do: some random machines have mistakes that the compiler finds.
        let Some(model) = compilation.machines.first() else { continue };
        let chart = lower(model);
        let interpreter = Interpreter::new(&chart);
        let start = interpreter.start(&BTreeMap::new(), Duration::ZERO, &mut answer);
        let Ok((mut instance, _)) = start else { continue };
        for input in script(seed, 20) {
            instance = next(&interpreter, instance, input, &mut reached);
        }
        reached.finished += usize::from(instance.finished);
        reached.histories += usize::from(!instance.histories.is_empty());
    }
    assert!(reached.finished >= 10, "{reached:?}");
    assert!(reached.events_behind_the_end >= 50, "{reached:?}");
    assert!(reached.deferred >= 50, "{reached:?}");
    assert!(reached.histories >= 20, "{reached:?}");
}

fn next(
    interpreter: &Interpreter,
    instance: Instance,
    input: Input,
    reached: &mut Reached,
) -> Instance {
    match input {
        Input::Event(event, n) => {
            reached.events_behind_the_end += usize::from(instance.finished);
            let cause = Cause::Event(occurrence(event, n));
            let stepped = interpreter.step(&instance, &cause, &mut answer);
            let next = stepped.map_or(instance, |(next, _)| next);
            reached.deferred += usize::from(!next.deferred.is_empty());
            next
        }
        Input::Wait(seconds) => {
            let until = instance.now + Duration::from_secs(seconds);
            let advanced = interpreter.advance(&instance, until, &mut answer);
            advanced.map_or(instance, |(next, _)| next)
        }
    }
}
