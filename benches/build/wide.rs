//! 64 states by 64 events: the same pseudo-random transitions as a `match` and as `.flow` text.

use std::fmt::Write as _;

const STATES: u32 = 64;
const EVENTS: u32 = 64;

/// Where a state goes on an event; `None` for one in eight, which is not handled.
fn target(state: u32, event: u32) -> Option<u32> {
    let mix = (state * EVENTS + event + 1).wrapping_mul(0x9E37_79B1);
    let mix = (mix ^ (mix >> 15)).wrapping_mul(0x85EB_CA77);
    (mix >> 29 != 0).then_some((mix >> 8) % STATES)
}

fn variants(letter: char, count: u32) -> String {
    (0..count).map(|i| format!("{letter}{i}, ")).collect()
}

pub(crate) fn by_hand() -> String {
    let mut text = format!(
        "#[derive(Clone, Copy, Debug, PartialEq)]\n#[repr(u8)]\npub enum State {{ {} }}\n",
        variants('S', STATES)
    );
    let _ = writeln!(
        text,
        "#[derive(Clone, Copy, Debug, PartialEq)]\n#[repr(u8)]\npub enum Event {{ {} }}",
        variants('E', EVENTS)
    );
    let _ = writeln!(
        text,
        "pub const EVENTS: [Event; {EVENTS}] = [{}];",
        (0..EVENTS).map(|i| format!("Event::E{i}, ")).collect::<String>()
    );
    let _ = writeln!(
        text,
        "pub const EVENTS_OF_WIDE: [super::wide::Event; {EVENTS}] = [{}];",
        (0..EVENTS).map(|i| format!("super::wide::Event::E{i}, ")).collect::<String>()
    );
    text.push_str("#[inline]\npub fn next(state: State, event: Event) -> Option<State> {\n    match state {\n");
    for state in 0..STATES {
        let _ = writeln!(text, "        State::S{state} => match event {{");
        for event in 0..EVENTS {
            if let Some(target) = target(state, event) {
                let _ = writeln!(text, "            Event::E{event} => Some(State::S{target}),");
            }
        }
        text.push_str("            _ => None,\n        },\n");
    }
    text.push_str("    }\n}\n");
    text
}

pub(crate) fn flow() -> String {
    let mut text = String::from("machine Wide {\n");
    for event in 0..EVENTS {
        let _ = writeln!(text, "    event E{event}");
    }
    for state in 0..STATES {
        let initial = if state == 0 { "initial " } else { "" };
        let _ = writeln!(text, "    {initial}state S{state} {{");
        for event in 0..EVENTS {
            match target(state, event) {
                Some(target) if target == state => {
                    let _ = writeln!(text, "        on E{event} -> reenter S{target}");
                }
                Some(target) => {
                    let _ = writeln!(text, "        on E{event} -> S{target}");
                }
                None => {}
            }
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    text
}
