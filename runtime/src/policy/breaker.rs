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
    /// refused, `?` one that is dropped; then the phase behind it.
    #[track_caller]
    fn play(rule: &'static Breaker, table: &[(u64, char, Phase)]) {
        let mut circuit = Circuit::new(rule);
        for (row, (second, call, phase)) in table.iter().enumerate() {
            let now = Duration::from_secs(*second);
            let permit = circuit.permit(now);
            assert_eq!(permit.is_err(), *call == 'x', "row {row}");
            if let Ok(permit) = permit {
                let ends = [('+', Some(true)), ('-', Some(false)), ('?', None)];
                let end = ends.into_iter().find(|(mark, _)| mark == call).unwrap().1;
                circuit.end(permit, end, now);
            }
            assert_eq!(circuit.phase(), *phase, "row {row}");
        }
    }

    use Phase::{Closed, HalfOpen, Open};

    #[test]
    fn failures_open_it_and_probes_close_it() {
        play(
            &FAILURES,
            &[
                (0, '+', Closed),
                (1, '-', Closed),
                (2, '-', Closed),
                (3, '+', Closed),
                (4, '-', Open),
                (5, 'x', Open),
                (63, 'x', Open),
                // 60 s behind the last failure two calls are let through.
                (64, '+', HalfOpen),
                (65, '+', Closed),
                // What was before is forgotten.
                (66, '-', Closed),
                (67, '-', Closed),
            ],
        );
    }

    #[test]
    fn a_probe_that_fails_opens_it_again() {
        play(
            &FAILURES,
            &[
                (0, '-', Closed),
                (0, '-', Closed),
                (0, '-', Open),
                (60, '+', HalfOpen),
                (61, '-', Open),
                (120, 'x', Open),
                (121, '+', HalfOpen),
                (121, '+', Closed),
            ],
        );
    }

    #[test]
    fn old_failures_are_forgotten() {
        play(
            &FAILURES,
            &[
                (0, '-', Closed),
                (1, '-', Closed),
                (12, '-', Closed),
                (13, '-', Closed),
                (14, '-', Open),
            ],
        );
    }

    #[test]
    fn a_share_counts_only_among_enough_calls() {
        play(
            &RATE,
            &[(0, '-', Closed), (1, '-', Closed), (2, '+', Closed), (3, '+', Open), (4, 'x', Open)],
        );
        play(&RATE, &[(0, '+', Closed), (1, '+', Closed), (2, '+', Closed), (3, '-', Closed)]);
    }

    #[test]
    fn a_call_that_is_dropped_says_nothing_and_frees_its_place() {
        play(
            &FAILURES,
            &[
                (0, '-', Closed),
                (0, '-', Closed),
                (0, '?', Closed),
                (0, '-', Open),
                (60, '?', HalfOpen),
                (60, '+', HalfOpen),
                (60, '+', Closed),
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
