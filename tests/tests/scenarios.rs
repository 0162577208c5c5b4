//! Scenarios as tests of the generated machine.

use statewright_dsl::compile::{FileLoader, compile};
use statewright_dsl::lower::lower;
use statewright_dsl::simulate;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A Rust type that the machine only passes on.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Money(u32);

impl FromStr for Money {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim_end_matches(" EUR").parse().map(Money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} EUR", self.0)
    }
}

statewright::include_flow!("scenarios/order.flow");

#[derive(Default)]
struct Clerk;

impl order::Logic for Clerk {
    fn is_large(total: u32) -> bool {
        total >= 5
    }

    fn price_of(total: u32) -> Money {
        Money(total * 3)
    }
}

impl order::Actions for Clerk {
    fn tell(&mut self, _: &str) {}

    fn pack(&mut self, _: &[order::Item]) {}
}

statewright::scenarios!("scenarios/order.flow", host = Clerk);

statewright::include_flow!("scenarios/payment.flow");

#[derive(Default)]
struct Bank;

impl payment::Actions for Bank {
    fn log(&self, _: &str) {}
}

statewright::scenarios!("scenarios/payment.flow", host = Bank);

statewright::include_flow!("scenarios/weather.flow");

#[derive(Default)]
struct Almanac;

impl weather::Logic for Almanac {
    fn usual(_: &str) -> String {
        "mild".to_owned()
    }
}

statewright::scenarios!("scenarios/weather.flow", host = Almanac);

statewright::include_flow!("scenarios/saga.flow");

#[derive(Default)]
struct Agency;

impl journey::Logic for Agency {
    fn is_late(name: &str) -> bool {
        name == "late"
    }
}

statewright::scenarios!("scenarios/saga.flow", host = Agency);

statewright::include_flow!("scenarios/panel.flow");

#[derive(Default)]
struct Desk;

impl panel::Logic for Desk {
    fn worst(risks: &[String]) -> Vec<String> {
        risks.iter().take(1).cloned().collect()
    }
}

statewright::scenarios!("scenarios/panel.flow", host = Desk);

statewright::include_flow!("scenarios/measures.flow");

#[derive(Default)]
struct Scale;

impl measures::Logic for Scale {
    fn half_of(value: f32) -> f32 {
        value / 2.0
    }
}

statewright::scenarios!("scenarios/measures.flow", host = Scale);

statewright::include_flow!("scenarios/literals.flow");

#[derive(Default)]
struct School;

impl literals::Logic for School {
    fn worst(grade: i16) -> u8 {
        if grade < 0 { 4 } else { 5 }
    }
}

statewright::scenarios!("scenarios/literals.flow", host = School);

/// What holds of the generated machines holds of those that are interpreted.
#[test]
fn scenarios_hold_when_they_are_interpreted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut played = 0;
    for file in ["order", "payment", "weather", "saga", "panel", "measures", "literals"] {
        let path = folder.join(file).with_extension("flow");
        let compilation = compile(&FileLoader, &path.to_string_lossy());
        assert!(!compilation.diagnostics.has_errors(), "{file}: {:#?}", compilation.diagnostics);
        for machine in &compilation.machines {
            let chart = lower(machine);
            for scenario in &machine.scenarios {
                assert_eq!(simulate::run(&chart, scenario).failed, None, "{}", scenario.title);
                played += 1;
            }
        }
    }
    assert!(played > 20, "{played}");
}
