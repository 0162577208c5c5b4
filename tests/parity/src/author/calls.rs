//! What is asked for, and what comes of errors.

use super::{Author, Names};
use std::fmt::Write;

impl Author {
    /// An activity or a child, and what becomes of its result.
    pub(super) fn invoke(&mut self, depth: usize, around: &[String], names: &Names) {
        if self.child(depth, around, names) {
            return;
        }
        let mut names = names.clone();
        let gives = self.dice.chance(65);
        let pattern = if gives { "(r)" } else { "" };
        let calls = self.chain(gives, &names);
        self.line(depth, &format!("invoke {calls}"));
        if self.dice.chance(80) {
            let pattern = if self.dice.chance(80) { pattern } else { "" };
            if !pattern.is_empty() {
                names.numbers.push("r".into());
            }
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{pattern} {reaction}"));
        }
    }

    /// A call, and what is tried if it fails.
    pub(super) fn chain(&mut self, gives: bool, names: &Names) -> String {
        let (mut calls, mut raises) = self.call(gives, names);
        while self.dice.chance(55) {
            let on = self.taken_over(raises);
            if gives && self.dice.chance(55) {
                let n = *self.dice.pick(&["b", "c", "twist(b)", "b + c"]);
                let _ = write!(calls, " fallback {on}guess({n})");
                break;
            }
            let (call, of_call) = self.call(gives, names);
            let _ = write!(calls, " fallback {on}{call}");
            raises = of_call;
        }
        calls
    }

    /// One call of an activity, with a result or without, and the permanent errors that it raises.
    pub(super) fn call(&mut self, gives: bool, names: &Names) -> (String, &'static [&'static str]) {
        let (call, raises): (String, &[&str]) = match (gives, self.dice.chance(60)) {
            (true, true) => (format!("ask({})", self.number(names)), &["Small"]),
            (true, false) => {
                let m = *self.dice.pick(&["b", "c", "twist(c)", "c * 2"]);
                (format!("beg({m})"), &["Big", "Small"])
            }
            (false, true) => {
                let n = *self.dice.pick(&["b", "c", "twist(b)", "b + c"]);
                (format!("tell({n}, {})", self.number(names)), &["Big"])
            }
            (false, false) => ("hush()".into(), &[]),
        };
        match self.dice.roll(6) {
            0 => (call + " with calm", raises),
            1 => (call + " with quick", raises),
            _ => (call, raises),
        }
    }

    /// Behind which errors of the call before a fallback is tried too.
    pub(super) fn taken_over(&mut self, raises: &[&str]) -> String {
        let named: Vec<&str> = raises.iter().copied().filter(|_| self.dice.chance(40)).collect();
        if named.is_empty() { String::new() } else { format!("on {} ", named.join(", ")) }
    }

    /// Errors that are caught: by name, or all.
    pub(super) fn errors(&mut self, depth: usize, around: &[String], names: &Names) {
        for (error, binds) in [("Small(n)", true), ("Big(n, _)", true), ("Gone", false)] {
            if self.dice.chance(16) {
                let mut names = names.clone();
                if binds {
                    names.numbers.push("n".into());
                }
                let reaction = self.reaction(around, &names);
                self.line(depth, &format!("on error {error} {reaction}"));
            }
        }
        if self.dice.chance(25) {
            let mut names = names.clone();
            names.texts.extend(["e.name".into(), "e.message".into()]);
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on error(e) {reaction}"));
        }
    }
}
