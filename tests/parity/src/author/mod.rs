//! Writes random machines and scripts for them. All machines have the same context, events,
//! outputs and host, so one driver serves all.
//!
//! [`shapes`] makes the states, [`states`] writes them; [`reactions`], [`effects`], [`calls`],
//! [`fan_out`], [`people`], [`family`], [`saga`] and [`rounds`] write what stands in them. [`inputs`] makes
//! scripts.

mod calls;
mod dice;
mod effects;
mod family;
mod fan_out;
mod inputs;
mod people;
mod reactions;
mod rounds;
mod saga;
mod shapes;
mod states;

pub use dice::Dice;
pub use inputs::{EVENTS, Ending, GIVEN_UP, Input, UNEXPECTED, WHY, Whom, script};

use family::Family;
use shapes::{Kind, Place, Shape};
use std::fmt::Write;

struct Author {
    dice: Dice,
    text: String,
    places: Vec<Place>,
    states: usize,
    logs: usize,
    people: usize,
    /// The other machines that it starts and sends to.
    family: Option<Family>,
    /// It asks for activities.
    asks: bool,
    /// It is small and does little else, so that what was begun comes to its end.
    calm: bool,
}

/// What an expression may name where it stands.
#[derive(Clone, Default)]
struct Names {
    /// Variables of type u8: of the payload, of state data.
    numbers: Vec<String>,
    /// Texts: what a caught error is called and says.
    texts: Vec<String>,
    /// Data of the states around, which can be set, with how many states are around each.
    own: Vec<(usize, String)>,
    /// There is a loop around, that counts its rounds.
    in_loop: bool,
    /// Effects that look at what a fan-out has come to.
    results: Vec<String>,
}

/// A random machine called `M`; behind it those that it starts and sends to.
pub fn machine(seed: u64) -> String {
    let mut author = Author {
        dice: Dice::new(seed),
        text: String::new(),
        places: Vec::new(),
        states: 0,
        logs: 0,
        people: 0,
        family: None,
        asks: false,
        calm: false,
    };
    author.calm = author.dice.chance(40);
    author.asks = author.calm || author.dice.chance(45);
    let durable = author.dice.chance(45);
    if durable && author.dice.chance(75) {
        author.family = Some(Family::of(&mut author.dice));
        author.asks |= author.dice.chance(80);
    }
    let count = 2 + author.dice.roll(3);
    let mut tops: Vec<Shape> = (0..count).map(|_| author.top()).collect();
    if author.dice.chance(50) {
        tops.push(author.shape(1, Kind::Final, false));
    }
    author.places(&tops, &mut Vec::new());
    let (word, key, field) =
        if durable { ("durable ", "key k ", "k: u8 = 1  ") } else { ("", "", "") };
    let _ = write!(
        author.text,
        "{word}machine M {{\n    {key}context {{ {field}a: u8 = 0  b: u32 = 7  c: u32 = 0  d: Duration = 5s  \
         v: Vec<u8> = [2, 0, 5]  f: f32 = 0.1 }}\n    \
         output Said(n: u32)\n    guard ok(n: u32)\n    fn twist(n: u32) -> u32\n    \
         fn guess(n: u32) -> u8\n    action log(what: String)\n    action note(n: u32)\n    action show(n: u8)\n    \
         action look(there: bool)\n    \
         action list(all: Vec<u8>)\n    action slots(all: Vec<Option<u8>>)\n    action maybe(n: Option<u8>)\n",
    );
    if author.asks {
        author.text.push_str(
            "    error Small(n: u8)\n    error Big(n: u8, why: String)\n    transient error Gone\n    \
             activity ask(n: u8) -> u8 raises Small, Gone\n    activity tell(n: u32, m: u8) raises Big\n    \
             activity hush()\n    activity beg(m: u32) -> u8 raises Big, Gone, Small\n    \
             activity drop(n: u8) raises Small\n    activity undo(m: u32, n: u8) raises Big, Gone\n    \
             policy calm { timeout 5s retry max 2 backoff fixed 1s on transient }\n    \
             policy quick { timeout 200ms deadline 1m circuit_breaker failures 3 within 30s open 1m }\n",
        );
    }
    for event in 0..EVENTS {
        let payload = if event % 2 == 1 { "(n: u8)" } else { "" };
        let _ = writeln!(author.text, "    event E{event}{payload}");
    }
    if author.dice.chance(25) {
        let condition = author.condition(&Names::default(), 1);
        let _ = writeln!(author.text, "    invariant b != 3 || {condition}");
    }
    author.root(&tops);
    author.text.push_str("}\n");
    let family = author.family.map(|family| family.machines());
    author.text + &family.unwrap_or_default()
}
