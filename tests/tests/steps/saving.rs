//! Snapshots: everything that makes up a machine, as data and back.

statewright::flow! {
    machine Desk {
        context { seen: u32 = 0 }
        event Ask(n: u32)
        event Toggle
        event Away
        event Back
        event Remind(n: u32)
        output Answer(n: u32)
        action log(what: String)

        initial parallel state At {
            entry do log("+At")
            on Away -> Gone("lunch")
            region Lamp {
                initial state Off { on Toggle -> On }
                state On {
                    on Toggle -> Off
                    every 10s do log("hum")
                    after 1m -> Off
                }
            }
            region Door {
                initial state Shut { defer Ask on Remind(n) do log("remind") -> Ajar }
                state Ajar { on Ask(n) do set seen = seen + n, emit Answer(n), raise Remind(n) after 5s }
            }
        }
        @id("away")
        state Gone(why: String) {
            on Back -> deep_history(At)
            on Remind(n) do log("nobody")
        }
    }
}

use crate::{Log, logs, steps};
use desk::{Door, Event, Lamp, Machine, Snapshot, State};
use statewright::RestoreError;
use std::time::Duration;

logs! { desk }

fn machine() -> Machine<Log> {
    let mut m = Machine::new(Log::default(), desk::Start {}).unwrap();
    steps! { m,
        Event::Toggle => Handled "+At"
        Event::Ask { n: 1 } => Deferred ""
        Event::Ask { n: 2 } => Deferred ""
    }
    assert_eq!(m.advance(&Duration::from_secs(3)), Ok(0));
    m
}

fn through_json(snapshot: &Snapshot) -> Snapshot {
    serde_json::from_str(&serde_json::to_string(snapshot).unwrap()).unwrap()
}

#[test]
fn a_restored_machine_goes_on_as_the_first_would() {
    let mut first = machine();
    let snapshot = first.snapshot();
    assert_eq!(snapshot.configuration, ["At.Lamp.On", "At.Door.Shut"]);
    let mut second = Machine::restore(Log::default(), through_json(&snapshot)).unwrap();
    assert_eq!(second.host_mut().take(), "");
    for m in [&mut first, &mut second] {
        assert_eq!(m.state(), State::At { lamp: Lamp::On, door: Door::Shut });
        assert_eq!(m.deferred(), 2);
        assert_eq!(m.advance(&Duration::from_secs(10)), Ok(1));
        steps! { *m, Event::Remind { n: 0 } => Handled "hum remind" }
        assert_eq!(m.context().seen, 3);
        assert_eq!(m.advance(&Duration::from_secs(61)), Ok(7));
        assert_eq!(m.host_mut().take(), "hum hum hum hum");
        assert_eq!(m.state(), State::At { lamp: Lamp::Off, door: Door::Ajar });
    }
    assert_eq!(first.snapshot(), second.snapshot());
}

#[test]
fn histories_and_data_are_saved() {
    let mut m = machine();
    steps! { m, Event::Away => Handled "" }
    let snapshot = through_json(&m.snapshot());
    assert_eq!(snapshot.configuration, ["away"]);
    assert_eq!(snapshot.histories["At"], ["At.Lamp.On", "At.Door.Shut"]);
    let mut m = Machine::restore(Log::default(), snapshot).unwrap();
    assert_eq!(m.state(), State::Gone { why: "lunch".into() });
    steps! { m, Event::Back => Handled "+At" }
    assert_eq!(m.state(), State::At { lamp: Lamp::On, door: Door::Shut });
}

#[test]
fn another_clock_keeps_what_is_left_to_wait() {
    let clock = Duration::from_secs(1000);
    let mut m = Machine::restore_at(Log::default(), machine().snapshot(), &clock).unwrap();
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(1007)));
    let clock = Duration::from_secs(1);
    m = Machine::restore_at(Log::default(), machine().snapshot(), &clock).unwrap();
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(8)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = machine().snapshot();
        change(&mut snapshot);
        Machine::restore(Log::default(), snapshot).unwrap_err()
    };
    let state = |name: &str| RestoreError::State(name.to_string());
    let machine = RestoreError::Machine { expected: "Desk", found: "Shop".into() };
    assert_eq!(refused(&|s| s.machine = "Shop".into()), machine);
    assert_eq!(refused(&|s| s.version = 7), RestoreError::Version { expected: 1, found: 7 });
    assert_eq!(refused(&|s| s.shape ^= 1), RestoreError::Shape);
    assert_eq!(refused(&|s| s.configuration = vec!["Nowhere".into()]), state("Nowhere"));
    assert_eq!(refused(&|s| s.configuration = vec![]), state(""));
    assert_eq!(refused(&|s| s.configuration.truncate(1)), state("At.Door"));
    assert_eq!(refused(&|s| s.configuration.push("At.Lamp.Off".into())), state("At.Lamp.Off"));
    assert_eq!(refused(&|s| s.configuration = vec!["away".into()]), RestoreError::Data);
    assert_eq!(refused(&|s| s.configuration = vec!["At".into()]), state("At.Lamp"));
    let timer = statewright::TimerSnapshot {
        deadline: Duration::ZERO,
        due: statewright::DueSnapshot::After(9),
    };
    assert_eq!(refused(&|s| s.timers.push(timer.clone())), RestoreError::Timer(9));
}
