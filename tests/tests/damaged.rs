//! Snapshots that something has changed since they were taken: such a one is refused, or is another
//! machine that works. None makes it panic.
#![cfg(test)]

use serde_json::{Value, json};
use statewright::RestoreError;
use std::time::Duration;

statewright::flow! {
    @allow(W0502, "how a call ends makes no difference here")
    machine Survey {
        context { names: Vec<u32> = [1, 2, 3, 4, 5]  sum: u32 = 0 }
        event Go
        event Away
        event Back
        event Straight
        error No
        activity ask(name: u32) -> u32 raises No
        activity forget(name: u32)
        fn count(answers: Vec<u32>) -> u32
        policy brief { timeout 5s  retry max 2 on transient }

        initial state Idle {
            defer Straight
            on Go do raise Away after 1h -> At
        }
        state Out {
            on Back -> deep_history(At)
            on Straight -> history(At)
            on Go -> Idle
        }
        parallel state At {
            on Away -> Out
            region Asking {
                initial state All(tries: u32 = 1) {
                    fan_out name in names max 9 concurrency 2 { call one: ask(name) with brief }
                        join quorum 50% into answers
                    on done do set sum = count(answers) -> One(tries)
                    on error(_) -> One(0)
                }
                state One(tries: u32) {
                    invoke ask(tries) with brief
                    on done(sum) do set sum = sum -> All
                    on error(_) -> All
                }
            }
            region Booking {
                initial saga state Trip {
                    step a: ask(1) with brief compensate forget(1) with brief
                    pivot step b: ask(2) with brief
                    on done -> Rest
                    on compensated -> Rest
                    on compensation_error -> Rest
                }
                state Rest { every 10m do set sum = 0  on Go -> Trip }
            }
        }
    }
}

use survey::{Error, Event, Machine, Reply, Request, Start};

#[derive(Clone, Copy)]
struct Count;

impl survey::Logic for Count {
    fn count(answers: &[u32]) -> u32 {
        u32::try_from(answers.len()).expect("they are few")
    }
}

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("it is small")
    }
}

fn new() -> Machine<Count> {
    Machine::new(Count, Start {}).expect("it starts")
}

fn drive(machine: &mut Machine<Count>, chance: &mut Chance, steps: usize) {
    for _ in 0..steps {
        // Errors of a step are as good as any answer: it has not happened.
        match chance.below(8) {
            n @ 0..4 => {
                let event = [Event::Go, Event::Away, Event::Back, Event::Straight][n];
                let _ = machine.dispatch(event);
            }
            4 => {
                let at = machine.now().saturating_add(Duration::from_secs(600));
                let _ = machine.advance(&at);
            }
            _ => {
                while machine.next_request().is_some() {}
                let running: Vec<_> =
                    machine.running().iter().map(|r| (r.id, r.request.clone())).collect();
                if running.is_empty() {
                    continue;
                }
                let (id, request) = running[chance.below(running.len())].clone();
                let is_done = chance.below(3) > 0;
                let reply = match request {
                    Request::Ask { .. } if is_done => Reply::Ask(Ok(2)),
                    Request::Ask { .. } => Reply::Ask(Err(Error::No)),
                    Request::Forget { .. } => Reply::Forget(Ok(())),
                };
                let _ = machine.resume(id, reply);
            }
        }
        let _ = (machine.state(), machine.next_deadline(), machine.revoked().count());
    }
}

/// All places in a value.
fn places(value: &Value, at: &str, to: &mut Vec<String>) {
    to.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            places(inner, &format!("{at}/{name}"), to);
        }),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), to));
        }
        _ => {}
    }
}

fn damage(value: &mut Value, other: Value, how: usize) {
    match (how, value) {
        (0, value) => *value = Value::Null,
        (1, value) => *value = other,
        (2, value) => *value = json!(u64::MAX),
        (3, value) => *value = json!(0),
        (4, Value::Array(items)) => drop(items.pop()),
        (5, Value::Array(items)) => items.extend(items.first().cloned()),
        (6, Value::Array(items)) => items.reverse(),
        (_, value) if value.is_u64() => {
            *value = json!(value.as_u64().unwrap_or_default().wrapping_add(1));
        }
        _ => {}
    }
}

fn restored(snapshot: &Value) -> Option<Result<Machine<Count>, RestoreError>> {
    let snapshot = serde_json::from_value(snapshot.clone()).ok()?;
    Some(Machine::restore(Count, snapshot))
}

#[test]
fn no_snapshot_makes_a_machine_panic() {
    let (mut worked, mut refused) = (0, 0);
    for seed in 1..400_u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut machine = new();
        let steps = chance.below(60);
        drive(&mut machine, &mut chance, steps);
        let good = serde_json::to_value(machine.snapshot()).expect("it is JSON");
        let again = restored(&good).expect("it is read").expect("it is whole");
        assert_eq!(serde_json::to_value(again.snapshot()).expect("it is JSON"), good);
        let mut all = Vec::new();
        places(&good, "", &mut all);
        for _ in 0..10 {
            let mut bad = good.clone();
            for _ in 0..=chance.below(2) {
                let other = good.pointer(&all[chance.below(all.len())]).cloned();
                let Some(value) = bad.pointer_mut(&all[chance.below(all.len())]) else { continue };
                damage(value, other.unwrap_or_default(), chance.below(8));
            }
            match restored(&bad) {
                Some(Ok(mut machine)) => {
                    drive(&mut machine, &mut chance, 40);
                    drop(machine.snapshot());
                    worked += 1;
                }
                _ => refused += 1,
            }
        }
    }
    assert!(worked > 500 && refused > 500, "{worked} work, and {refused} are refused");
}

/// A machine whose calls run, and one that remembers it.
fn asking() -> Value {
    let mut machine = new();
    machine.dispatch(Event::Go).expect("it goes on");
    while machine.next_request().is_some() {}
    serde_json::to_value(machine.snapshot()).expect("it is JSON")
}

#[test]
fn calls_that_were_never_made_are_refused() {
    for (place, value) in [
        ("/visits", json!(u64::MAX)),
        ("/fans/0/fan_out", json!(7)),
        ("/fans/0/first", json!(u64::MAX)),
        ("/fans/0/first", json!(1_000)),
    ] {
        let mut snapshot = asking();
        *snapshot.pointer_mut(place).expect("it is there") = value;
        let error = restored(&snapshot).expect("it is read").err();
        assert_eq!(error, Some(RestoreError::Calls), "{place}");
    }
}

#[test]
fn what_is_remembered_needs_its_data() {
    let mut machine = new();
    machine.dispatch(Event::Go).expect("it goes on");
    machine.dispatch(Event::Away).expect("it goes on");
    let mut snapshot = serde_json::to_value(machine.snapshot()).expect("it is JSON");
    let data = snapshot["data"].as_object_mut().expect("it is one");
    assert!(data.remove("At.Asking.All.tries").is_some(), "{data:?}");
    let error = restored(&snapshot).expect("it is read").err();
    assert_eq!(error, Some(RestoreError::Data));
}
