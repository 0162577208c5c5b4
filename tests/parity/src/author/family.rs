//! Other machines: one that is started, and those that are sent to.
//!
//! How a child ends is part of the script, by its final states; that is enough to hold the machine that
//! waits for it, since what a child does is the business of its own machine.

use super::{Author, Dice, Names};
use std::fmt::Write;

/// What stands beside the machine.
pub(super) struct Family {
    /// The key of a child stands in front of its other value.
    key_first: bool,
    /// Its final states that are no failure.
    good: &'static [&'static str],
    /// Its failure `Small` carries more than the error of this name.
    more: bool,
}

impl Family {
    pub(super) fn of(dice: &mut Dice) -> Self {
        let ends: [&[&str]; 6] = [
            &["Good(n: u8)"],
            &["Good(n: u8)", "Fine(m: u8)"],
            &["Good(m: u8)", "Fine(n: u8)"],
            &["Good(n: u8)", "Fine"],
            &["Good(n: u8)", "Fine(n: u8, m: u8)"],
            &["Good"],
        ];
        let key_first = dice.chance(50);
        let at = dice.roll(2 * ends.len());
        Self { key_first, good: ends[at % ends.len()], more: at >= ends.len() }
    }

    /// All of them give one value of the same type.
    fn gives(&self) -> bool {
        self.good.iter().all(|end| end.matches(':').count() == 1)
    }

    /// The machines that are started and sent to. Of the failures of `Kid`, `Gone` is what the error of this
    /// name is, `Small` may be, and `Big` carries less.
    pub(super) fn machines(&self) -> String {
        let fields = if self.key_first { "id: u32  n: u8" } else { "n: u8  id: u32" };
        let mut text = format!(
            "\ndurable machine Kid {{\n    key id\n    context {{ m: u8 = 3  {fields}  late l: u8 }}\n    \
             event Nudge\n    event Poke(n: u8, m: u32)\n    \
             initial state Up {{\n        on Nudge do set m = 1, set l = n\n        on Poke(n, _) {{"
        );
        let small = if self.more { "Small(n: u8, m: u8)" } else { "Small(n: u8)" };
        let bad = [small, "Big(n: u8)", "Gone"];
        for (at, end) in self.good.iter().chain(&bad).enumerate() {
            let (name, values) = end.split_once('(').unwrap_or((end, ""));
            let values = vec!["n"; values.matches(':').count()].join(", ");
            let values = if values.is_empty() { values } else { format!("({values})") };
            let _ = write!(text, " if n == {at} -> {name}{values}");
        }
        text.push_str(" }\n    }\n");
        for end in self.good {
            let _ = writeln!(text, "    final state {end}");
        }
        for end in bad {
            let _ = writeln!(text, "    @outcome(failure)\n    final state {end}");
        }
        text.push_str(
            "}\n\ndurable machine Pal {\n    key name\n    context { name: String  heard: String = \"\" }\n    \
             event Hear(what: String)\n    initial state Up { on Hear(what) do set heard = what }\n}\n",
        );
        text
    }
}

impl Author {
    /// A child, and what becomes of its end; nothing where there is none.
    pub(super) fn child(&mut self, depth: usize, around: &[String], names: &Names) -> bool {
        let Some(family) = &self.family else { return false };
        let (key_first, gives) = (family.key_first, family.gives());
        if !self.dice.chance(60) {
            return false;
        }
        let (key, n) = (self.key(), self.number(names));
        let values = if key_first { format!("{key}, {n}") } else { format!("{n}, {key}") };
        self.line(depth, &format!("invoke machine Kid({values})"));
        if self.dice.chance(80) {
            let mut names = names.clone();
            let binds = gives && self.dice.chance(80);
            names.numbers.extend(binds.then(|| "r".to_owned()));
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{} {reaction}", if binds { "(r)" } else { "" }));
        }
        true
    }

    /// Now and then something is sent instead of another effect.
    pub(super) fn send(&mut self, names: &Names) -> Option<String> {
        if self.family.is_none() || !self.dice.chance(20) {
            return None;
        }
        let (key, n) = (self.key(), self.number(names));
        Some(match self.dice.roll(if names.texts.is_empty() { 4 } else { 6 }) {
            0 => format!("send Kid({key}).Nudge"),
            1 => format!("send Kid({key}).Poke({n}, {})", self.dice.pick(&["b", "c * 2"])),
            2 => format!("send M({n}).E1(a)"),
            3 => format!("send M(k).E{}", self.dice.pick(&["0", "2", "3(a)"])),
            _ => {
                let what = self.dice.pick(&names.texts).clone();
                format!("send Pal({}).Hear({what})", names.texts[0])
            }
        })
    }

    fn key(&mut self) -> &'static str {
        const KEYS: [&str; 4] = ["b", "c", "twist(b)", "b + c"];
        KEYS[self.dice.roll(KEYS.len())]
    }
}
