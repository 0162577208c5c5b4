//! Generated Rust, interpreter and oracle do the same with random charts: the same outcome, calls,
//! requests (of fallbacks too) and revocations in the same order, and the same configuration, context, histories, timers,
//! running activities and outputs after every input, also when the machine is saved and restored in between.
//!
//! `PARITY_CHARTS=500 cargo test -p statewright-parity` runs more of them than CI does, and with
//! `PARITY_SEED=1000` others.

#![allow(clippy::unwrap_used)]

use statewright::{Dispatch, Failure, Invocation, StepError};
use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_parity::author::{self, Ending, Input, UNEXPECTED, WHY, Whom};
use statewright_parity::interpreted::{Interpreted, asking};
use statewright_parity::oracle::Oracle;
use statewright_parity::{Driven, Seen, guess, ok, twist};
use std::sync::Mutex;
use std::time::Duration;

/// Writes down what is called.
#[derive(Debug, Default)]
struct Host(Mutex<Vec<String>>);

impl Host {
    fn write(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
}

/// How many inputs each machine gets, in how many scripts.
const INPUTS: usize = 20;
const SCRIPTS: u64 = 3;

/// Actions on a host that is the machine's own, or shared with what runs beside it.
macro_rules! actions {
    ($m:ident own) => {
        impl $m::Actions for Host {
            fn log(&mut self, what: &str) {
                self.write(what.into());
            }
            fn show(&mut self, n: u8) {
                self.write(format!("note {n}"));
            }
            fn note(&mut self, n: u32) {
                self.write(format!("note {n}"));
            }
            fn look(&mut self, there: bool) {
                self.write(format!("look {there}"));
            }
        }
    };
    ($m:ident shared) => {
        impl $m::Actions for Host {
            fn log(&self, what: &str) {
                self.write(what.into());
            }
            fn show(&self, n: u8) {
                self.write(format!("note {n}"));
            }
            fn note(&self, n: u32) {
                self.write(format!("note {n}"));
            }
            fn look(&self, there: bool) {
                self.write(format!("look {there}"));
            }
        }
    };
}

/// What a generated machine asks for, and how it is answered.
macro_rules! activities {
    ($m:ident silent) => {
        fn asked(_: &mut $m::Machine<Host>) -> Vec<(u64, String)> {
            Vec::new()
        }

        fn resume(_: &mut $m::Machine<Host>, _: Whom, _: Ending) -> Result<Dispatch, StepError> {
            Ok(Dispatch::Ignored)
        }
    };
    ($m:ident asking) => {
        fn asked(machine: &mut $m::Machine<Host>) -> Vec<(u64, String)> {
            let mut all = Vec::new();
            while let Some(Invocation { id, request, .. }) = machine.next_request() {
                let (name, args): (_, Vec<i64>) = match request {
                    $m::Request::Ask { n } => ("ask", vec![(*n).into()]),
                    $m::Request::Tell { n, m } => ("tell", vec![(*n).into(), (*m).into()]),
                    $m::Request::Hush => ("hush", Vec::new()),
                    $m::Request::Beg { m } => ("beg", vec![(*m).into()]),
                    // Not every machine has it, and none tells it.
                    #[allow(unreachable_patterns, reason = "functions may stand in chains")]
                    other => panic!("the machine itself calculates {other:?}"),
                };
                all.push((*id, asking(*id, name, args.into_iter())));
            }
            all
        }

        fn resume(
            machine: &mut $m::Machine<Host>,
            whom: Whom,
            ending: Ending,
        ) -> Result<Dispatch, StepError> {
            let running: Vec<u64> = machine.running().iter().map(|running| running.id).collect();
            let id = whom.number(&running, machine.snapshot().visits);
            let request = machine.running().iter().find(|running| running.id == id);
            let (n, error) = match ending {
                Ending::Done(n) => (n, None),
                Ending::Small(n) => (n, Some($m::Error::Small { n })),
                Ending::Big(n) => (n, Some($m::Error::Big { n, why: WHY.into() })),
                Ending::Gone => (0, Some($m::Error::Gone)),
                Ending::Unexpected => {
                    let failure = Failure::new(Failure::UNEXPECTED, UNEXPECTED);
                    (0, Some($m::Error::Unexpected(failure)))
                }
            };
            let done = error.map_or(Ok(()), Err);
            let reply = match request.map(|running| &running.request) {
                Some($m::Request::Tell { .. }) => $m::Reply::Tell(done),
                Some($m::Request::Hush) => $m::Reply::Hush(done),
                Some($m::Request::Beg { .. }) => $m::Reply::Beg(done.map(|()| n)),
                _ => $m::Reply::Ask(done.map(|()| n)),
            };
            machine.resume(id, reply)
        }
    };
}

/// Runs a random chart by a generated machine.
macro_rules! machines {
    ($($seed:literal $module:ident $asking:ident $host:ident)*) => {
        $(mod $module {
            use super::*;
            use generated::$module::m;

            impl m::Logic for Host {
                fn ok(n: u32) -> bool {
                    ok(n)
                }
                fn twist(n: u32) -> u32 {
                    twist(n)
                }
                fn guess(n: u32) -> u8 {
                    guess(n)
                }
            }

            actions!(m $host);
            activities!(m $asking);

            pub(super) struct Generated {
                machine: Option<m::Machine<Host>>,
                restores: bool,
            }

            fn seen(machine: &mut m::Machine<Host>, outcome: String, restores: bool) -> Seen {
                let calls = std::mem::take(&mut *machine.host_mut().0.lock().unwrap());
                let asked = asked(machine).into_iter().map(|(_, line)| line).collect();
                let revoked = machine.revoked().collect();
                let snapshot = machine.snapshot();
                let mut state = serde_json::to_value(&snapshot).unwrap();
                let fields = state.as_object_mut().unwrap();
                for name in ["machine", "version", "shape", "data"] {
                    fields.remove(name);
                }
                fields.entry("histories").or_insert_with(|| serde_json::json!({}));
                fields.entry("invocations").or_insert_with(|| serde_json::json!([]));
                if restores {
                    let text = serde_json::to_string(&snapshot).unwrap();
                    let snapshot = serde_json::from_str(&text).unwrap();
                    *machine = m::Machine::restore(Host::default(), snapshot).unwrap();
                    // What runs is told again.
                    let again: Vec<u64> =
                        self::asked(machine).into_iter().map(|(id, _)| id).collect();
                    let running = machine.running().iter().map(|running| running.id);
                    assert!(running.eq(again));
                }
                Seen { outcome, calls, asked, revoked, state }
            }

            impl Driven for Generated {
                fn start(&mut self) -> Seen {
                    match m::Machine::new(Host::default(), m::Start {}) {
                        Ok(machine) => {
                            let machine = self.machine.insert(machine);
                            seen(machine, "Started".into(), self.restores)
                        }
                        Err(error) => Seen { outcome: kind(&error), ..Seen::default() },
                    }
                }

                fn send(&mut self, input: Input) -> Seen {
                    let Some(machine) = &mut self.machine else { return self.start() };
                    let outcome = match input {
                        Input::Wait(seconds) => {
                            let until = machine.now() + Duration::from_secs(seconds);
                            machine.advance(&until).map(|fired| format!("{fired} fired"))
                        }
                        Input::Reply(whom, ending) => {
                            resume(machine, whom, ending).map(|dispatch| format!("{dispatch:?}"))
                        }
                        Input::Event(event, n) => {
                            let event = match event {
                                0 => m::Event::E0,
                                1 => m::Event::E1 { n },
                                2 => m::Event::E2,
                                3 => m::Event::E3 { n },
                                _ => m::Event::E4,
                            };
                            machine.dispatch(event).map(|dispatch: Dispatch| format!("{dispatch:?}"))
                        }
                    };
                    let outcome = outcome.unwrap_or_else(|error| kind(&error));
                    seen(machine, outcome, self.restores)
                }
            }

            #[test]
            fn agrees() {
                for script in 0..SCRIPTS {
                    for restores in [false, true] {
                        compare($seed, script, &mut Generated { machine: None, restores });
                    }
                }
            }
        })*
    };
}

fn kind(error: &StepError) -> String {
    match error {
        StepError::Overflow(_) => "Overflow",
        StepError::DivisionByZero(_) => "DivisionByZero",
        StepError::DurationOutOfRange(_) => "DurationOutOfRange",
        StepError::Invariant(_) => "Invariant",
        StepError::MicrostepLimit(_) => "MicrostepLimit",
        StepError::Uncaught => "Uncaught",
        _ => "another error",
    }
    .into()
}

fn same(seed: u64, who: &str, past: &[String], seen: Seen, oracle: &Seen) {
    let past = format!("{who} with seed {seed}, not as the oracle: {}", past.join(", "));
    let state = |seen: &Seen| serde_json::to_string_pretty(&seen.state).unwrap();
    assert_eq!(seen.outcome, oracle.outcome, "{past}");
    assert_eq!(seen.calls, oracle.calls, "{past}");
    assert_eq!(seen.asked, oracle.asked, "{past}");
    assert_eq!(seen.revoked, oracle.revoked, "{past}");
    // The order of fields is not part of it.
    assert!(seen.state == oracle.state, "{past}\n{}\n{}", state(&seen), state(oracle));
}

/// Runs the same script all ways.
fn compare(seed: u64, script: u64, generated: &mut dyn Driven) {
    let text = author::machine(seed);
    let compilation = compile_text("random.flow", &text);
    let model = &compilation.machines[0];
    let chart = lower(model);
    let (mut interpreted, mut oracle) = (Interpreted::new(&chart), Oracle::new(model));
    let mut past = vec!["start".to_string()];
    let wanted = oracle.start();
    same(seed, "generated Rust", &past, generated.start(), &wanted);
    same(seed, "the interpreter", &past, interpreted.start(), &wanted);
    for input in author::script(seed ^ script << 32, INPUTS) {
        past.push(format!("{input:?}"));
        let wanted = oracle.send(input);
        same(seed, "generated Rust", &past, generated.send(input), &wanted);
        same(seed, "the interpreter", &past, interpreted.send(input), &wanted);
    }
}

#[allow(dead_code, missing_docs, unreachable_pub, reason = "each chart uses something else")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}

include!(concat!(env!("OUT_DIR"), "/machines.rs"));
