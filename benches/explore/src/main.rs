//! How fast `verify` explores, and that it finds what a model checker finds: dining philosophers as a
//! machine, and as a model of `stateright` written by hand.
//!
//! `cargo run --release -p statewright-explore-bench`

use stateright::{Checker, Model, Property};
use statewright_dsl::compile::compile_text;
use statewright_dsl::lower::lower;
use statewright_dsl::verify::explore;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Philosophers at a round table: each takes the left fork, then the right one, eats, and puts both
/// back. Every region asks where its neighbours are.
fn flow(philosophers: usize) -> String {
    let mut text = String::from("machine Table {\n");
    for at in 0..philosophers {
        let _ = writeln!(text, "    event Left{at}\n    event Right{at}\n    event Back{at}");
    }
    text.push_str("    initial parallel state Round {\n");
    for at in 0..philosophers {
        let (left, right) = ((at + philosophers - 1) % philosophers, (at + 1) % philosophers);
        let _ = writeln!(
            text,
            "        region P{at} {{\n            \
             initial state Thinks{at} {{ on Left{at} if !in(Eats{left}) -> Waits{at} }}\n            \
             state Waits{at} {{ on Right{at} if in(Thinks{right}) -> Eats{at} }}\n            \
             state Eats{at} {{ on Back{at} -> Thinks{at} }}\n        }}"
        );
    }
    text + "    }\n}\n"
}

/// The same, by hand.
struct Table {
    philosophers: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Philosopher {
    Thinks,
    Waits,
    Eats,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Action {
    Left(usize),
    Right(usize),
    Back(usize),
}

impl Model for Table {
    type State = Vec<Philosopher>;
    type Action = Action;

    fn init_states(&self) -> Vec<Self::State> {
        vec![vec![Philosopher::Thinks; self.philosophers]]
    }

    fn actions(&self, _: &Self::State, actions: &mut Vec<Action>) {
        for at in 0..self.philosophers {
            actions.extend([Action::Left(at), Action::Right(at), Action::Back(at)]);
        }
    }

    fn next_state(&self, state: &Self::State, action: Action) -> Option<Self::State> {
        use Philosopher::{Eats, Thinks, Waits};
        let count = self.philosophers;
        let mut next = state.clone();
        match action {
            Action::Left(at) if state[at] == Thinks && state[(at + count - 1) % count] != Eats => {
                next[at] = Waits;
            }
            Action::Right(at) if state[at] == Waits && state[(at + 1) % count] == Thinks => {
                next[at] = Eats;
            }
            Action::Back(at) if state[at] == Eats => next[at] = Thinks,
            _ => return None,
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // One that is never met, so that everything is looked at.
        vec![Property::sometimes("nobody is there", |_, state: &Self::State| state.is_empty())]
    }
}

/// How many configurations `verify` finds, how many bytes it keeps of each, and how long it takes.
fn ours(philosophers: usize) -> (usize, usize, Duration) {
    let compilation = compile_text("table.flow", &flow(philosophers));
    let chart = lower(&compilation.machines[0]);
    let begin = Instant::now();
    let explored = explore(&chart, &[], usize::MAX, &mut |_, _| {});
    (explored.configurations(), explored.bytes_each(), begin.elapsed())
}

/// How many states `stateright` finds, and how long it takes, on one core.
fn theirs(philosophers: usize) -> (usize, Duration) {
    let begin = Instant::now();
    let checker = Table { philosophers }.checker().threads(1).spawn_bfs().join();
    (checker.unique_state_count(), begin.elapsed())
}

fn main() {
    println!("philosophers  configurations  per minute  bytes each  ratio to stateright");
    for philosophers in [6, 8, 10, 11] {
        let (count, bytes, time) = ours(philosophers);
        let (_, other) = theirs(philosophers);
        let rate = count as f64 / time.as_secs_f64() * 60.0 / 1e6;
        let ratio = time.as_secs_f64() / other.as_secs_f64();
        println!("{philosophers:>12}  {count:>14}  {rate:>7.1} M  {bytes:>10}  {ratio:>19.1}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_find_the_same_number_of_states() {
        for philosophers in 2..7 {
            assert_eq!(ours(philosophers).0, theirs(philosophers).0, "{philosophers}");
        }
    }
}
