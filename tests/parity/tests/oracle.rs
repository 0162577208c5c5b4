//! The interpreter and the oracle do the same with random charts, without generated Rust: many more of
//! them in the same time.

#![allow(clippy::unwrap_used)]

use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_parity::author;
use statewright_parity::interpreted::Interpreted;
use statewright_parity::oracle::{Oracle, Reading};
use statewright_parity::{Driven, Seen};

/// How many charts are tried; `PARITY_CHARTS=5000` for more of them, `PARITY_SEED=1000` for others.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// With more timers than this a script ends.
const MOST_TIMERS: usize = 30;

fn same(seed: u64, text: &str, past: &[String], seen: &Seen, oracle: &Seen) {
    if seen == oracle {
        return;
    }
    let show = |seen: &Seen| {
        let state = serde_json::to_string_pretty(&seen.state).unwrap();
        let Seen { outcome, calls, asked, sent, revoked, .. } = seen;
        format!("{outcome} {calls:?} {asked:?} {sent:?} {revoked:?}\n{state}")
    };
    let (seen, oracle) = (show(seen), show(oracle));
    let only = |a: &str, b: &str| {
        let lines = a.lines().filter(|line| !b.lines().any(|other| other == *line));
        lines.collect::<Vec<_>>().join("\n")
    };
    let past = past.join("\n  ");
    panic!(
        "{text}\nseed {seed}: {past}\ninterpreter only:\n{}\noracle only:\n{}",
        only(&seen, &oracle),
        only(&oracle, &seen)
    );
}

#[test]
fn interpreter_and_oracle_agree() {
    let (first, charts) = (setting("PARITY_SEED", 0), setting("PARITY_CHARTS", 60));
    let mut compared = 0;
    for seed in first..first + charts {
        let text = author::machine(seed);
        let compilation = compile_text("random.flow", &text);
        let Some(model) = compilation.machines.first() else { continue };
        let (chart, reading) = (lower(model), Reading::of(&compilation));
        compared += 1;
        for script in 0..3u64 {
            let (mut interpreted, mut oracle) = (Interpreted::new(&chart), Oracle::new(&reading));
            let mut past = vec!["start".to_string()];
            same(seed, &text, &past, &interpreted.start(), &oracle.start().without_keys());
            let mut before = String::new();
            for input in author::script(seed ^ script << 32, 30) {
                past.push(format!("{before}{input:?}"));
                let wanted = oracle.send(input).without_keys();
                same(seed, &text, &past, &interpreted.send(input), &wanted);
                // Some set two timers for each that is due, and so on for ever.
                if wanted.state["timers"].as_array().is_some_and(|all| all.len() > MOST_TIMERS) {
                    break;
                }
                before =
                    format!("[{} {}] ", wanted.state["configuration"], wanted.state["context"]);
            }
        }
    }
    assert!(compared * 3 > charts, "only {compared} of {charts} compile");
}
