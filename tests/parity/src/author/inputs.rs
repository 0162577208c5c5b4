//! Scripts: what happens to a machine.

use super::dice::Dice;

/// The number of events; those with an odd number carry a number.
pub const EVENTS: usize = 5;

/// Something that happens to a machine.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// An event, with what it carries.
    Event(usize, u8),
    /// Seconds pass.
    Wait(u64),
    /// An activity ends: which one, and how.
    Reply(Whom, Ending),
}

/// Which activity ends.
#[derive(Clone, Copy, Debug)]
pub enum Whom {
    /// One of those that run, counted round.
    Running(usize),
    /// One of all that were ever asked for, and the one that comes next: most have ended.
    Any(usize),
}

impl Whom {
    /// The number of the invocation, of those that run and of how many there were.
    pub fn number(self, running: &[u64], visits: u64) -> u64 {
        match self {
            Self::Running(at) if !running.is_empty() => running[at % running.len()],
            Self::Running(at) | Self::Any(at) => 1 + at as u64 % (visits + 1),
        }
    }
}

/// How an activity ends; the errors also of those that do not raise them. A child ends in a final state of
/// this name, or is given up.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    /// With a result, if it has one.
    Done(u8),
    /// With an error that says how small.
    Small(u8),
    /// With an error of several parts.
    Big(u8),
    /// With an error that says nothing.
    Gone,
    /// With an error that nobody has declared.
    Unexpected,
}

impl Ending {
    /// The same if a person was asked, who does not fail.
    pub fn of_person(self) -> Self {
        match self {
            Self::Done(n) | Self::Small(n) | Self::Big(n) => Self::Done(n),
            Self::Gone | Self::Unexpected => Self::Done(0),
        }
    }
}

/// What the second part of `Big` is.
pub const WHY: &str = "too \"big\"";

/// What an unexpected error says.
pub const UNEXPECTED: &str = "the wire is cut";

/// What the error of a child is called that a person has given up.
pub const GIVEN_UP: &str = "Abandoned";

/// What happens to a machine, at random.
pub fn script(seed: u64, length: usize) -> Vec<Input> {
    let mut dice = Dice::new(seed ^ 0x5151);
    let mut input = || match dice.roll(10) {
        0..2 => Input::Wait(*dice.pick(&[1, 4, 5, 5, 10])),
        2..7 => Input::Reply(whom(&mut dice), ending(&mut dice)),
        _ => Input::Event(dice.roll(EVENTS), dice.roll(6) as u8),
    };
    (0..length).map(|_| input()).collect()
}

fn whom(dice: &mut Dice) -> Whom {
    match dice.chance(85) {
        true => Whom::Running(dice.roll(6)),
        false => Whom::Any(dice.roll(12)),
    }
}

fn ending(dice: &mut Dice) -> Ending {
    match dice.roll(11) {
        0 => Ending::Small(dice.roll(6) as u8),
        1 => Ending::Big(dice.roll(6) as u8),
        2 => Ending::Gone,
        3 => Ending::Unexpected,
        _ => Ending::Done(dice.roll(6) as u8),
    }
}
