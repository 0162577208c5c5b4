//! `cargo run --release -p statewright-benches`: dispatch, against hand-written Rust and the other
//! crates, all in one run, as ratios.
//!
//! `... -- list` names the contenders, and `... -- CONTEST CONTENDER PASSES` runs one alone, for a
//! program that counts instructions and branch misses: `benches/counts`.

// A program, not a library: nothing here is reached from outside.
#![allow(unreachable_pub, missing_docs)]

mod contest;
mod deep;
mod flat;
mod random;
mod wide;

use contest::Contest;
use std::process::ExitCode;

fn contests() -> Vec<Contest> {
    vec![flat::contest(), deep::at_random(), deep::in_rounds(), wide::contest()]
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.as_slice() {
        [] => {
            contests().iter_mut().for_each(Contest::hold);
            ExitCode::SUCCESS
        }
        [list] if list == "list" => {
            contests().iter().for_each(Contest::list);
            ExitCode::SUCCESS
        }
        [contest, contender, passes] => {
            let found = contests().into_iter().find(|c| c.name().starts_with(contest.as_str()));
            let passes = passes.parse().unwrap_or(1);
            match found.and_then(|mut c| c.once(contender, passes)) {
                Some(events) => {
                    println!("{events} events");
                    ExitCode::SUCCESS
                }
                None => usage(),
            }
        }
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: statewright-benches [list | CONTEST CONTENDER PASSES]");
    ExitCode::from(2)
}
