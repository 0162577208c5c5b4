//! A circuit breaker: closed, open, half open. A plain value; time is given from outside.
//!
//! The states and what leads from one to another are those of Nygard, Release It! (2007).

use super::{Breaker, Trip};
use std::collections::VecDeque;
use std::time::Duration;

/// A circuit.
#[derive(Debug)]
pub(super) struct Circuit {
    rule: &'static Breaker,
    state: State,
    /// How often it has changed: a call of an earlier time says nothing of the present one.
    era: u64,
}

#[derive(Debug)]
enum State {
    Closed(Window),
    Open { until: Duration },
    HalfOpen { running: u32, succeeded: u32 },
}

/// Leave to call, for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Permit {
    era: u64,
}

/// What a circuit looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// All calls go through.
    Closed,
    /// None does.
    Open,
    /// A few do, to see.
    HalfOpen,
}

impl Circuit {
    pub(super) fn new(rule: &'static Breaker) -> Self {
        Self { rule, state: State::Closed(Window::default()), era: 0 }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.state {
            State::Closed(_) => Phase::Closed,
            State::Open { .. } => Phase::Open,
            State::HalfOpen { .. } => Phase::HalfOpen,
        }
    }

    /// Leave for a call, which has to be given back; or how long there is none.
    pub(super) fn permit(&mut self, now: Duration) -> Result<Permit, Duration> {
        if let State::Open { until } = self.state {
            if now < until {
                return Err(until - now);
            }
            self.become_state(State::HalfOpen { running: 0, succeeded: 0 });
        }
        if let State::HalfOpen { running, succeeded } = &mut self.state {
            if *running + *succeeded >= self.rule.probes {
                return Err(Duration::ZERO);
            }
            *running += 1;
        }
        Ok(Permit { era: self.era })
    }

    /// True if the circuit has changed since this leave was given.
    pub(super) fn is_old(&self, permit: Permit) -> bool {
        permit.era != self.era
    }

    /// Says how a call has ended: well, badly, or, if it was dropped, in no way at all.
    pub(super) fn end(&mut self, permit: Permit, went_well: Option<bool>, now: Duration) {
        if permit.era != self.era {
            return;
        }
        match &mut self.state {
            State::Closed(window) => {
                let Some(went_well) = went_well else { return };
                window.note(now, went_well, self.rule);
                if window.is_bad(self.rule) {
                    self.open(now);
                }
            }
            State::HalfOpen { running, succeeded } => {
                *running = running.saturating_sub(1);
                match went_well {
                    None => {}
                    Some(false) => self.open(now),
                    Some(true) => {
                        *succeeded += 1;
                        if *succeeded >= self.rule.probes {
                            self.become_state(State::Closed(Window::default()));
                        }
                    }
                }
            }
            State::Open { .. } => {}
        }
    }

    fn open(&mut self, now: Duration) {
        self.become_state(State::Open { until: now.saturating_add(self.rule.open) });
    }

    fn become_state(&mut self, state: State) {
        self.state = state;
        self.era += 1;
    }
}

/// Calls of the last time: in each of so many parts of it, how many there were and how many failed.
/// Rough at its far end, and as small for a million calls as for ten.
#[derive(Debug, Default)]
struct Window {
    parts: VecDeque<Part>,
}

#[derive(Debug)]
struct Part {
    number: u128,
    calls: u32,
    failures: u32,
}

const PARTS: u128 = 10;

impl Window {
    fn note(&mut self, now: Duration, went_well: bool, rule: &Breaker) {
        let number = now.as_nanos() * PARTS / rule.within.as_nanos().max(1);
        while self.parts.front().is_some_and(|part| part.number + PARTS <= number) {
            self.parts.pop_front();
        }
        if self.parts.back().is_none_or(|part| part.number != number) {
            self.parts.push_back(Part { number, calls: 0, failures: 0 });
        }
        if let Some(part) = self.parts.back_mut() {
            part.calls = part.calls.saturating_add(1);
            part.failures = part.failures.saturating_add(u32::from(!went_well));
        }
    }

    fn is_bad(&self, rule: &Breaker) -> bool {
        let (calls, failures) =
            self.parts.iter().fold((0_u64, 0_u64), |(calls, failures), part| {
                (calls + u64::from(part.calls), failures + u64::from(part.failures))
            });
        match rule.trip {
            Trip::Failures(most) => failures >= u64::from(most),
            Trip::Rate { percent, of } => {
                calls >= u64::from(of) && failures * 100 >= calls * u64::from(percent)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Breaker = Breaker {
        trip: Trip::Failures(3),
        within: Duration::from_secs(10),
        open: Duration::from_secs(60),
        probes: 2,
    };
    static FAILURES: Breaker = RULE;
    static RATE: Breaker = Breaker { trip: Trip::Rate { percent: 50, of: 4 }, ..RULE };

    /// Plays a table: at a second, `+` a call that goes well, `-` one that fails, `x` one that is
    /// refused, `?` one that is dropped; then the phase behind it. `a(` is a call that begins and
    /// goes on, under that letter; `a+`, `a-`, `a?` is its end.
    #[track_caller]
    fn play<S: Into<f64> + Copy>(rule: &'static Breaker, table: &[(S, &str, Phase)]) {
        let mut circuit = Circuit::new(rule);
        let mut running = std::collections::BTreeMap::new();
        let end = |mark| match mark {
            '+' => Some(true),
            '-' => Some(false),
            '?' => None,
            other => panic!("what is {other}?"),
        };
        for (row, (second, word, phase)) in table.iter().enumerate() {
            let now = Duration::from_secs_f64((*second).into());
            let (name, mark) = (word.chars().next().unwrap(), word.chars().next_back().unwrap());
            match mark {
                'x' => assert!(circuit.permit(now).is_err(), "row {row}"),
                '(' => {
                    running.insert(name, circuit.permit(now).unwrap());
                }
                _ => {
                    let known = running.remove(&name);
                    let permit = known.unwrap_or_else(|| circuit.permit(now).unwrap());
                    circuit.end(permit, end(mark), now);
                }
            }
            assert_eq!(circuit.phase(), *phase, "row {row}: {word}");
        }
    }

    use Phase::{Closed, HalfOpen, Open};

    #[test]
    fn failures_open_it_and_probes_close_it() {
        play(
            &FAILURES,
            &[
                (0, "+", Closed),
                (1, "-", Closed),
                (2, "-", Closed),
                (3, "+", Closed),
                (4, "-", Open),
                (5, "x", Open),
                (63, "x", Open),
                // 60 s behind the last failure two calls are let through.
                (64, "+", HalfOpen),
                (65, "+", Closed),
                // What was before is forgotten.
                (66, "-", Closed),
                (67, "-", Closed),
            ],
        );
    }

    #[test]
    fn a_probe_that_fails_opens_it_again() {
        play(
            &FAILURES,
            &[
                (0, "-", Closed),
                (0, "-", Closed),
                (0, "-", Open),
                (60, "+", HalfOpen),
                (61, "-", Open),
                (120, "x", Open),
                (121, "+", HalfOpen),
                (121, "+", Closed),
            ],
        );
    }

    #[test]
    fn old_failures_are_forgotten() {
        play(
            &FAILURES,
            &[
                (0, "-", Closed),
                (1, "-", Closed),
                (12, "-", Closed),
                (13, "-", Closed),
                (14, "-", Open),
            ],
        );
    }

    #[test]
    fn a_share_counts_only_among_enough_calls() {
        // All of three fail, and three are too few; the fourth goes well, and three of four are too many.
        play(
            &RATE,
            &[(0, "-", Closed), (1, "-", Closed), (2, "-", Closed), (3, "+", Open), (4, "x", Open)],
        );
        // A quarter, two fifths, a half.
        play(
            &RATE,
            &[
                (0, "+", Closed),
                (1, "+", Closed),
                (2, "+", Closed),
                (3, "-", Closed),
                (4, "-", Closed),
                (5, "-", Open),
            ],
        );
        // Those that have not ended, and those that were dropped, are none.
        play(
            &RATE,
            &[
                (0, "a(", Closed),
                (0, "?", Closed),
                (0, "-", Closed),
                (0, "-", Closed),
                (1, "-", Closed),
                (2, "a+", Open),
            ],
        );
    }

    #[test]
    fn a_share_is_that_of_the_last_time() {
        // A second is a tenth of the time: at 9.9 s the whole first second still counts,
        play(
            &RATE,
            &[(0.0, "-", Closed), (0.0, "-", Closed), (0.9, "-", Closed), (9.9, "+", Open)],
        );
        // and at 10 s nothing of it.
        play(
            &RATE,
            &[
                (0.0, "-", Closed),
                (0.0, "-", Closed),
                (0.9, "-", Closed),
                (10.0, "+", Closed),
                (10.0, "-", Closed),
                (10.5, "+", Closed),
                (10.9, "-", Open),
            ],
        );
        // Old successes are forgotten too. A call counts when it has ended.
        play(
            &RATE,
            &[
                (0.0, "a(", Closed),
                (0.0, "b(", Closed),
                (1.0, "+", Closed),
                (1.5, "+", Closed),
                (1.9, "+", Closed),
                (9.0, "a-", Closed),
                (10.9, "-", Closed),
                (11.0, "b-", Closed),
                (11.0, "+", Open),
            ],
        );
        // Behind a long silence nothing is left.
        play(
            &RATE,
            &[
                (0, "-", Closed),
                (0, "-", Closed),
                (0, "-", Closed),
                (3600, "-", Closed),
                (3601, "-", Closed),
                (3602, "+", Closed),
                (3603, "+", Open),
            ],
        );
    }

    #[test]
    fn a_share_opens_it_and_probes_close_it_or_open_it_again() {
        play(
            &RATE,
            &[
                (0, "-", Closed),
                (0, "-", Closed),
                (0, "+", Closed),
                (0, "+", Open),
                (59, "x", Open),
                // One of two probes fails: open again, for as long.
                (60, "+", HalfOpen),
                (61, "-", Open),
                (61, "x", Open),
                (120, "x", Open),
                // The share counts nothing while it is half open: one failure is enough,
                (121, "-", Open),
                (180, "x", Open),
                // and two successes.
                (181, "+", HalfOpen),
                (181, "+", Closed),
                // What was before is forgotten.
                (182, "-", Closed),
                (182, "-", Closed),
                (182, "-", Closed),
                (182, "-", Open),
            ],
        );
    }

    #[test]
    fn slow_probes_keep_others_out_until_they_have_ended() {
        for rule in [&FAILURES, &RATE] {
            let opens = |row: (u32, &'static str, Phase)| {
                let before = [(0, "-", Closed), (0, "-", Closed)];
                let last = match rule.trip {
                    Trip::Failures(_) => vec![(0, "-", Open)],
                    Trip::Rate { .. } => vec![(0, "-", Closed), (0, "-", Open)],
                };
                before.into_iter().chain(last).chain([row]).collect::<Vec<_>>()
            };
            // Both go well in the end.
            let mut table = opens((60, "a(", HalfOpen));
            table.extend([
                (61, "b(", HalfOpen),
                (61, "x", HalfOpen),
                (500, "x", HalfOpen),
                (501, "b+", HalfOpen),
                (501, "x", HalfOpen),
                (502, "a+", Closed),
                (502, "+", Closed),
            ]);
            play(rule, &table);
            // One fails: it is open from then on, and what the other comes to says nothing.
            let mut table = opens((60, "a(", HalfOpen));
            table.extend([
                (61, "b(", HalfOpen),
                (90, "a-", Open),
                (91, "b+", Open),
                (149, "x", Open),
                (150, "c(", HalfOpen),
                (151, "c?", HalfOpen),
                (151, "+", HalfOpen),
                (151, "+", Closed),
            ]);
            play(rule, &table);
            // One that is dropped makes room for another.
            let mut table = opens((60, "a(", HalfOpen));
            table.extend([
                (60, "b(", HalfOpen),
                (61, "x", HalfOpen),
                (62, "a?", HalfOpen),
                (63, "c(", HalfOpen),
                (63, "x", HalfOpen),
                (64, "b+", HalfOpen),
                (65, "c+", Closed),
            ]);
            play(rule, &table);
        }
    }

    #[test]
    fn calls_of_an_earlier_time_say_nothing() {
        play(
            &RATE,
            &[
                (0, "a(", Closed),
                (0, "b(", Closed),
                (0, "c(", Closed),
                (1, "-", Closed),
                (1, "-", Closed),
                (1, "-", Closed),
                (1, "-", Open),
                (2, "a+", Open),
                (61, "d(", HalfOpen),
                (62, "b-", HalfOpen),
                (63, "d+", HalfOpen),
                (63, "+", Closed),
                // Nor does one of before count among those of now.
                (64, "-", Closed),
                (64, "-", Closed),
                (64, "c-", Closed),
                (64, "+", Closed),
                (64, "-", Open),
            ],
        );
    }

    #[test]
    fn a_call_that_is_dropped_says_nothing_and_frees_its_place() {
        play(
            &FAILURES,
            &[
                (0, "-", Closed),
                (0, "-", Closed),
                (0, "?", Closed),
                (0, "-", Open),
                (60, "?", HalfOpen),
                (60, "+", HalfOpen),
                (60, "+", Closed),
            ],
        );
    }

    #[test]
    fn only_probes_are_let_through_at_once_and_late_ends_count_for_nothing() {
        let mut circuit = Circuit::new(&FAILURES);
        let (start, later) = (Duration::ZERO, Duration::from_secs(60));
        let late = circuit.permit(start).unwrap();
        for _ in 0..3 {
            let permit = circuit.permit(start).unwrap();
            circuit.end(permit, Some(false), start);
        }
        assert_eq!(circuit.permit(start), Err(Duration::from_secs(60)));
        let probes = [circuit.permit(later).unwrap(), circuit.permit(later).unwrap()];
        assert_eq!(circuit.permit(later), Err(Duration::ZERO));
        circuit.end(late, Some(false), later);
        assert_eq!(circuit.phase(), HalfOpen);
        probes.into_iter().for_each(|probe| circuit.end(probe, Some(true), later));
        assert_eq!(circuit.phase(), Closed);
    }
}
