//! Generated Rust, interpreter and oracle do the same with random charts: the same outcome, calls,
//! requests (of fallbacks too) and revocations in the same order, and the same configuration, context, histories, timers,
//! running activities and outputs after every input, also when the machine is saved and restored in between.
//!
//! `PARITY_CHARTS=500 cargo test -p statewright-parity` runs more of them than CI does, and with
//! `PARITY_SEED=1000` others.

#![allow(clippy::unwrap_used)]

use serde_json::{Value as Json, json};
use statewright::__private::Chart as _;
use statewright::{Dispatch, Failure, Invocation, StepError};
use statewright_dsl::chart::Chart;
use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_dsl::model::StateId;
use statewright_parity::author::{self, Ending, GIVEN_UP, Input, UNEXPECTED, WHY, Whom};
use statewright_parity::interpreted::{Interpreted, asking, said, timer_name};
use statewright_parity::oracle::{Oracle, Reading};
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

/// With more timers than this a script ends.
const MOST_TIMERS: usize = 30;

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
            fn list(&mut self, all: &[u8]) {
                self.write(said(&serde_json::json!(all)));
            }
            fn slots(&mut self, all: &[Option<u8>]) {
                self.write(said(&serde_json::json!(all)));
            }
            fn maybe(&mut self, n: &Option<u8>) {
                self.write(said(&serde_json::json!(n)));
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
            fn list(&self, all: &[u8]) {
                self.write(said(&serde_json::json!(all)));
            }
            fn slots(&self, all: &[Option<u8>]) {
                self.write(said(&serde_json::json!(all)));
            }
            fn maybe(&self, n: &Option<u8>) {
                self.write(said(&serde_json::json!(n)));
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
                let child = $m::Chart::child(request);
                let request = serde_json::to_value(request).unwrap();
                all.push((*id, asking(*id, &request, child)));
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
            let request = request.map(|running| serde_json::to_value(&running.request).unwrap());
            // What the child of this machine carries.
            let more = author::machine(SEED).contains("Small(n: u8, m: u8)");
            let replies = replies(request.as_ref(), ending, more).into_iter();
            // As engines read it, without losing what is said.
            let read = |reply: Json| {
                let read: $m::Reply = serde_json::from_value(reply.clone()).ok()?;
                (serde_json::to_value(&read).unwrap() == reply).then_some(read)
            };
            machine.resume(id, replies.filter_map(read).next().unwrap())
        }
    };
}

/// Runs a random chart by a generated machine.
macro_rules! machines {
    ($($seed:literal $module:ident $asking:ident $host:ident)*) => {
        $(mod $module {
            use super::*;
            use generated::$module::m;

            const SEED: u64 = $seed;

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
                for name in ["machine", "version", "shape", "data", "taken", "messages"] {
                    fields.remove(name);
                }
                fields.entry("histories").or_insert_with(|| serde_json::json!({}));
                for name in ["invocations", "fans"] {
                    fields.entry(name).or_insert_with(|| serde_json::json!([]));
                }
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
                // What was sent before the machine was saved is still to be delivered.
                let sent = machine.messages().map(|sent| serde_json::to_value(sent).unwrap());
                let sent = sent.collect();
                Seen { outcome, calls, asked, sent, revoked, state }
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
                        compare(SEED, script, &mut Generated { machine: None, restores });
                    }
                }
            }
        })*
    };
}

/// The end of what was asked for, as the generated types have it; of anything if nobody waits for it. The
/// first that there is: it depends on the machine which ends of a child it takes for a result or an error
/// of a type of its own.
fn replies(request: Option<&Json>, ending: Ending, more: bool) -> Vec<Json> {
    let name = match request {
        Some(Json::String(name)) => name,
        Some(Json::Object(fields)) => fields.keys().next().unwrap(),
        _ => "Ask",
    };
    let is_person =
        name.strip_prefix('H').is_some_and(|at| at.starts_with(|c: char| c.is_ascii_digit()));
    let gives = is_person || ["Ask", "Beg"].contains(&name);
    let is_child = name == "Kid";
    let other =
        |name: &str, message: &str| json!({ "Err": { "Unexpected": Failure::new(name, message) } });
    let ends = match if is_person { ending.of_person() } else { ending } {
        Ending::Done(n) if is_child => vec![json!({ "Ok": n }), json!({ "Ok": null })],
        Ending::Big(n) if is_child => {
            vec![json!({ "Err": { "Big": { "n": n } } }), other("Big", &n.to_string())]
        }
        Ending::Small(n) if is_child && more => {
            let small = json!({ "n": n, "m": n });
            vec![json!({ "Err": { "Small": small } }), other("Small", &format!("{n}, {n}"))]
        }
        Ending::Unexpected if is_child => vec![other(GIVEN_UP, UNEXPECTED)],
        Ending::Done(n) => vec![json!({ "Ok": gives.then_some(n) })],
        Ending::Small(n) => vec![json!({ "Err": { "Small": { "n": n } } })],
        Ending::Big(n) => vec![json!({ "Err": { "Big": { "n": n, "why": WHY } } })],
        Ending::Gone => vec![json!({ "Err": "Gone" })],
        Ending::Unexpected => vec![other(Failure::UNEXPECTED, UNEXPECTED)],
    };
    ends.into_iter().map(|end| json!({ name: end })).collect()
}

/// What the generated machine keeps by numbers of the chart, by names: who asks, and whose timers these
/// are.
fn named(chart: &Chart, mut seen: Seen) -> Seen {
    let own = |number: &Json, states: &dyn Fn(usize) -> StateId| {
        json!(chart.state(states(number.as_u64().unwrap() as usize)).id)
    };
    let Some(fields) = seen.state.as_object_mut() else { return seen };
    for asked in fields["invocations"].as_array_mut().unwrap() {
        let asked = asked.as_object_mut().unwrap();
        let invoke = asked.remove("invoke").unwrap();
        asked.insert("state".into(), own(&invoke, &|at| chart.invokes[at].state));
    }
    for fan in fields["fans"].as_array_mut().unwrap() {
        let fan = fan.as_object_mut().unwrap();
        let number = fan.remove("fan_out").unwrap();
        fan.insert("state".into(), own(&number, &|at| chart.fan_outs[at].state));
        fan.remove("items");
        // The next one stands last.
        let waiting = fan.remove("waiting").unwrap_or_default();
        let waiting = waiting.as_array().into_iter().flatten().rev();
        let waiting: Vec<Json> = waiting.map(|asked| asked["id"].clone()).collect();
        fan.insert("waiting".into(), waiting.into());
        for reply in fan["ended"].as_array_mut().unwrap() {
            if let Some((_, end)) = reply.as_object().and_then(|reply| reply.iter().next()) {
                *reply = end.clone();
            }
        }
    }
    for timer in fields["timers"].as_array_mut().unwrap() {
        let due = &mut timer["due"];
        let name = |number: &Json| json!(timer_name(chart, number.as_u64().unwrap() as usize));
        if due["after"].is_u64() {
            due["after"] = name(&due["after"]);
        } else if due["every"].is_array() {
            due["every"][0] = name(&due["every"][0]);
        }
    }
    seen
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
    assert_eq!(seen.sent, oracle.sent, "{past}");
    assert_eq!(seen.revoked, oracle.revoked, "{past}");
    // The order of fields is not part of it.
    assert!(seen.state == oracle.state, "{past}\n{}\n{}", state(&seen), state(oracle));
}

/// Runs the same script all ways.
fn compare(seed: u64, script: u64, generated: &mut dyn Driven) {
    let text = author::machine(seed);
    let compilation = compile_text("random.flow", &text);
    let chart = lower(&compilation.machines[0]);
    let reading = Reading::of(&compilation);
    let (mut interpreted, mut oracle) = (Interpreted::new(&chart), Oracle::new(&reading));
    let mut past = vec!["start".to_string()];
    let wanted = oracle.start();
    same(seed, "generated Rust", &past, named(&chart, generated.start()), &wanted);
    let wanted = wanted.without_keys();
    same(seed, "the interpreter", &past, interpreted.start(), &wanted);
    for input in author::script(seed ^ script << 32, INPUTS) {
        past.push(format!("{input:?}"));
        let wanted = oracle.send(input);
        same(seed, "generated Rust", &past, named(&chart, generated.send(input)), &wanted);
        let wanted = wanted.without_keys();
        same(seed, "the interpreter", &past, interpreted.send(input), &wanted);
        // Some set two timers for each that is due, and so on for ever.
        if wanted.state["timers"].as_array().is_some_and(|all| all.len() > MOST_TIMERS) {
            break;
        }
    }
}

#[allow(dead_code, missing_docs, unreachable_pub, reason = "each chart uses something else")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}

include!(concat!(env!("OUT_DIR"), "/machines.rs"));
