//! Generated Rust, interpreter and oracle do the same with charts that are seldom among the random
//! ones, or never.

#![allow(clippy::unwrap_used)]

use statewright::{Dispatch, Failure, StepError};
use statewright_dsl::compile::{Compilation, compile_text};
use statewright_dsl::lower::lower;
use statewright_parity::Driven;
use statewright_parity::author::{Ending, Input, Whom};
use statewright_parity::interpreted::Interpreted;
use statewright_parity::oracle::{Oracle, Reading};

statewright::include_flow!("fixed.flow");
statewright::include_flow!("bound.flow");
statewright::include_flow!("child.flow");

/// Writes down what is logged.
#[derive(Debug, Default)]
struct Host(Vec<String>);

impl raised::Actions for Host {
    fn log(&mut self, what: &str) {
        self.0.push(what.to_owned());
    }
}

fn compiled() -> Compilation {
    compile_text("fixed.flow", include_str!("../fixed.flow"))
}

impl bound::Actions for Host {
    fn log(&mut self, what: &str) {
        self.0.push(what.to_owned());
    }

    fn show(&mut self, n: u8) {
        self.0.push(format!("note {n}"));
    }
}

/// What is logged when the machine goes this way, which all three say.
fn logged(way: u8) -> Vec<String> {
    let mut machine = raised::Machine::new(Host::default(), raised::Start {}).unwrap();
    machine.dispatch(raised::Event::E1 { n: way }).unwrap();
    said_by_all(&compiled(), way, machine.into_host())
}

/// The same of what completions bind.
fn shown(way: u8) -> Vec<String> {
    let mut machine = bound::Machine::new(Host::default(), bound::Start {}).unwrap();
    machine.dispatch(bound::Event::E1 { n: way }).unwrap();
    let compilation = compile_text("bound.flow", include_str!("../bound.flow"));
    said_by_all(&compilation, way, machine.into_host())
}

/// What the generated machine has written down, which is what the first of these writes by interpreter and
/// oracle.
fn said_by_all(compilation: &Compilation, way: u8, Host(generated): Host) -> Vec<String> {
    let (chart, reading) = (lower(&compilation.machines[0]), Reading::of(compilation));
    let others: [&mut dyn Driven; 2] = [&mut Interpreted::new(&chart), &mut Oracle::new(&reading)];
    for other in others {
        let started = other.start().calls;
        let calls = [started, other.send(Input::Event(1, way)).calls].concat();
        assert_eq!(calls, generated);
    }
    generated
}

#[test]
fn what_is_raised_by_a_transition_or_an_entry_comes_before_the_completion() {
    assert_eq!(logged(0), ["A", "quiet", "raised", "done", "over"]);
    assert_eq!(logged(1), ["A", "loud", "raised", "done", "over"]);
}

#[test]
fn what_was_left_or_has_gone_on_is_not_completed() {
    assert_eq!(logged(2), ["A", "quiet", "out"]);
    assert_eq!(logged(3), ["A", "back", "A"]);
}

#[test]
fn completions_of_regions_stand_among_what_is_raised_in_them() {
    let wanted = ["A", "raised", "left", "raised", "right", "both", "quiet", "done", "over"];
    assert_eq!(logged(4), wanted);
}

#[test]
fn a_completion_binds_what_was_there_before_the_exits() {
    assert_eq!(shown(0), ["note 2", "note 1", "note 1"]);
    assert_eq!(shown(1), ["before", "note 2", "note 1", "note 1"]);
    assert_eq!(shown(2), ["right", "note 6", "note 5", "note 5"]);
}

#[test]
fn a_machine_that_records_nothing_goes_on_waiting_behind_an_error_that_nothing_catches() {
    use plain::{Error, Machine, Reply, Start};
    let mut machine = Machine::new((), Start {}).unwrap();
    let failed = machine.resume(1, Reply::Ask(Err(Error::Big { n: 1 })));
    assert!(matches!(failed, Err(StepError::Uncaught)), "{failed:?}");
    assert_eq!(machine.running().len(), 1);
    assert_eq!(machine.resume(1, Reply::Ask(Ok(1))).unwrap(), Dispatch::Handled);
    assert!(machine.is_finished());

    let compilation = compiled();
    let chart = lower(&compilation.machines[1]);
    let mut interpreted = Interpreted::new(&chart);
    interpreted.start();
    let end = |ending| Input::Reply(Whom::Running(0), ending);
    let failed = interpreted.send(end(Ending::Big(1)));
    assert_eq!(
        (&*failed.outcome, failed.state["invocations"][0]["id"].as_u64()),
        ("Uncaught", Some(1))
    );
    assert_eq!(interpreted.send(end(Ending::Done(1))).outcome, "Handled");
}

#[test]
fn a_fan_out_that_is_restored_knows_how_its_branches_have_ended() {
    use tolerant::{Error, Machine, Reply, Start, State};
    let failed = || Reply::Ask(Err(Error::Small { n: 1 }));
    let ends = |replies: [Reply; 2]| {
        let mut machine = Machine::new((), Start {}).unwrap();
        for (reply, id) in replies.into_iter().zip(1..) {
            machine.resume(id, reply).unwrap();
            machine = Machine::restore((), machine.snapshot()).unwrap();
        }
        machine
    };
    assert_eq!(ends([failed(), failed()]).state(), State::Failed);
    let mut machine = ends([failed(), Reply::Ask(Ok(()))]);
    assert_eq!(machine.state(), State::Asking);
    machine.resume(3, Reply::Ask(Ok(()))).unwrap();
    assert_eq!(machine.state(), State::Done);

    let compilation = compiled();
    let chart = lower(&compilation.machines[2]);
    for (second, configuration) in [(Ending::Small(1), "Failed"), (Ending::Done(1), "Asking")] {
        let mut interpreted = Interpreted::new(&chart);
        interpreted.start();
        interpreted.send(Input::Reply(Whom::Running(0), Ending::Small(1)));
        let seen = interpreted.send(Input::Reply(Whom::Running(0), second));
        assert_eq!(seen.state["configuration"][0], configuration);
    }
}

#[test]
fn a_child_that_fails_with_more_than_an_error_carries_is_not_that_error() {
    use parent::{Error, Machine, Reply, Start, State};
    let mut machine = Machine::new((), Start {}).unwrap();
    let other = Error::Unexpected(Failure::new("Small", "3, 3"));
    machine.resume(1, Reply::Kid(Err(other))).unwrap();
    assert_eq!((machine.state(), &*machine.context().said), (State::Other, "3, 3"));

    let compilation = compile_text("child.flow", include_str!("../child.flow"));
    let (chart, reading) = (lower(&compilation.machines[0]), Reading::of(&compilation));
    let others: [&mut dyn Driven; 2] = [&mut Interpreted::new(&chart), &mut Oracle::new(&reading)];
    for other in others {
        other.start();
        let seen = other.send(Input::Reply(Whom::Running(0), Ending::Small(3)));
        assert_eq!(seen.state["configuration"][0], "Other");
        assert_eq!(seen.state["context"]["said"], "3, 3");
    }
}
