//! Three levels of two states each, entry and exit effects on every state, a transition to the
//! sibling on every level: as a `match`, with `statig`, and as `.flow` text.

use std::fmt::Write as _;

/// The events, by the level of the states that handle them.
const EVENTS: [&str; 3] = ["Top", "Middle", "Leaf"];

/// A state by its way from the root: 0 or 1 on each level.
type Way = Vec<u32>;

fn states(level: usize) -> Vec<Way> {
    (0..1u32 << level).map(|n| (0..level).rev().map(|bit| n >> bit & 1).collect()).collect()
}

fn name(way: &[u32]) -> String {
    way.iter().fold(String::from("S"), |name, digit| name + &digit.to_string())
}

/// What the effects of a state are called with.
fn number(way: &[u32]) -> u32 {
    way.iter().fold(1, |n, digit| n * 2 + digit)
}

/// The leaf that is active after entering a state.
fn first_leaf(way: &[u32]) -> Way {
    let mut leaf = way.to_vec();
    leaf.resize(3, 0);
    leaf
}

/// The state beside the one that contains `leaf` on `level`.
fn sibling(leaf: &[u32], level: usize) -> Way {
    let mut way = leaf[..level].to_vec();
    way[level - 1] = 1 - way[level - 1];
    way
}

pub(crate) fn by_hand() -> String {
    let mut text = String::from("match (self.state, event) {\n");
    for leaf in states(3) {
        for (at, event) in EVENTS.iter().enumerate() {
            let target = first_leaf(&sibling(&leaf, at + 1));
            let _ = writeln!(text, "    (State::{}, Event::{event}) => {{", name(&leaf));
            for level in (at + 1..=3).rev() {
                let _ = writeln!(text, "        self.trace.left({});", number(&leaf[..level]));
            }
            for level in at + 1..=3 {
                let _ = writeln!(text, "        self.trace.entered({});", number(&target[..level]));
            }
            let _ = writeln!(text, "        self.state = State::{};\n    }}", name(&target));
        }
    }
    let states: String = states(3).iter().map(|leaf| name(leaf) + ", ").collect();
    format!(
        "#[derive(Clone, Copy)]\nenum State {{ {states} }}\n\nimpl Machine {{\n    #[inline]\n    \
         fn dispatch(&mut self, event: Event) {{\n{text}}}\n    }}\n}}\n"
    )
}

pub(crate) fn by_statig() -> String {
    let mut text = String::from("#[state_machine(initial = \"State::s000()\")]\nimpl Machine {\n");
    for level in 1..=3 {
        for way in states(level) {
            let name = name(&way).to_lowercase();
            let around = match level {
                1 => String::new(),
                _ => format!("superstate = \"{}\", ", self::name(&way[..level - 1]).to_lowercase()),
            };
            let kind = if level == 3 { "state" } else { "superstate" };
            let target = self::name(&first_leaf(&sibling(&way, level))).to_lowercase();
            let _ = writeln!(
                text,
                "#[{kind}({around}entry_action = \"enter_{name}\", exit_action = \"exit_{name}\")]\n\
                 fn {name}(event: &Event) -> Outcome<State> {{\n    match event {{\n        \
                 Event::{} => Transition(State::{target}()),\n        _ => Super,\n    }}\n}}\n\
                 #[action]\nfn enter_{name}(&mut self) {{\n    self.trace.entered({number});\n}}\n\
                 #[action]\nfn exit_{name}(&mut self) {{\n    self.trace.left({number});\n}}",
                EVENTS[level - 1],
                number = number(&way),
            );
        }
    }
    text.push_str("}\n");
    text
}

pub(crate) fn flow() -> String {
    let mut text = String::from("machine Deep {\n");
    for event in EVENTS {
        let _ = writeln!(text, "    event {event}");
    }
    text.push_str("    action entered(what: u32)\n    action left(what: u32)\n");
    inside(&[], &mut text);
    text.push_str("}\n");
    text
}

fn inside(way: &[u32], text: &mut String) {
    if way.len() == 3 {
        return;
    }
    for digit in 0..2 {
        let mut child = way.to_vec();
        child.push(digit);
        let initial = if digit == 0 { "initial " } else { "" };
        let (name, number) = (name(&child), number(&child));
        let _ = writeln!(
            text,
            "{initial}state {name} {{\nentry do entered({number})\nexit do left({number})\non {} -> {}",
            EVENTS[way.len()],
            self::name(&sibling(&child, child.len())),
        );
        inside(&child, text);
        text.push_str("}\n");
    }
}
