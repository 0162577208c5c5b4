//! Effects and expressions.

use super::{Author, Names};

impl Author {
    pub(super) fn log(&mut self) -> String {
        self.logs += 1;
        format!("log(\"{}\")", self.logs)
    }

    pub(super) fn effects(&mut self, names: &Names) -> String {
        let mut all = vec![self.log()];
        for _ in 0..self.dice.roll(3) {
            all.push(self.effect(names));
        }
        if !names.texts.is_empty() {
            all.push(format!("log({})", self.dice.pick(&names.texts)));
        }
        if !names.results.is_empty() {
            all.push(self.dice.pick(&names.results).clone());
        }
        if self.dice.chance(20) {
            all.push("set a = a % 7 + 1".into());
        }
        format!("do {}", all.join(", "))
    }

    /// Now and then one more effect: data of a state, as far as those with data stay active.
    pub(super) fn set_own(&mut self, names: &Names, stay: usize) -> String {
        let own = names.own.iter().filter(|(depth, _)| *depth < stay).map(|(_, name)| name);
        let own: Vec<String> = own.cloned().collect();
        if own.is_empty() || !self.dice.chance(30) {
            return String::new();
        }
        let name = self.dice.pick(&own).clone();
        let value = match self.dice.roll(4) {
            0 => format!("{name} % 7 + 1"),
            1 => format!("{name} + 60"),
            _ => self.number(names),
        };
        format!(", set {name} = {value}")
    }

    pub(super) fn effect(&mut self, names: &Names) -> String {
        if names.in_loop && self.dice.chance(15) {
            return "note(round)".into();
        }
        if let Some(send) = self.send(names) {
            return send;
        }
        match self.dice.roll(24) {
            22.. => self
                .dice
                .pick(&["set f = f + 0.1", "set f = 0.7 - f", "set f = f * 3.0", "set f = f / 7.0"])
                .to_string(),
            20 => self
                .dice
                .pick(&["set v = [a, 1]", "set v = []", "set v = [3, 0, 2, 5]"])
                .to_string(),
            21 => "list(v)".into(),
            17.. => format!("look(in({}))", self.any_state()),
            0 | 9 => format!("set a = {}", self.number(names)),
            1 => "set a = a + 90".into(),
            2 => format!("set b = b + {}", self.dice.roll(4)),
            3 => "set b = b - 1".into(),
            4 => "set b = twist(b)".into(),
            5 | 6 => "set c = c + 1".into(),
            7 => "note(b)".into(),
            8 => "note(c)".into(),
            16 => format!("emit Said({})", self.dice.pick(&["b", "c", "twist(c)", "9"])),
            10 => "raise E0".into(),
            11 => format!("raise E1({})", self.number(names)),
            12 => "raise E2 after 5s".into(),
            13 => format!("raise E3({}) after {}", self.number(names), self.delay()),
            14 => self.dice.pick(&["cancel E2", "cancel E3"]).to_string(),
            _ => self.dice.pick(&["set d = elapsed() + 1s", "set d = 5s"]).to_string(),
        }
    }

    /// A `u8`.
    pub(super) fn number(&mut self, names: &Names) -> String {
        if !names.numbers.is_empty() && self.dice.chance(50) {
            return self.dice.pick(&names.numbers).clone();
        }
        match self.dice.roll(2) {
            0 => "a".into(),
            _ => self.dice.roll(6).to_string(),
        }
    }

    pub(super) fn condition(&mut self, names: &Names, depth: usize) -> String {
        match self.dice.roll(if depth == 0 { 7 } else { 10 }) {
            0 => format!("in({})", self.any_state()),
            1 => format!("!in({})", self.any_state()),
            2 => format!("ok({})", self.dice.pick(&["b", "c", "b * 3 + c"])),
            3 => format!("{} {} 2", self.number(names), self.dice.pick(&["<", ">=", "!=", "=="])),
            4 => format!("b % {} == 1", self.dice.pick(&["2", "3", "c"])),
            5 => "elapsed() >= 5s".into(),
            6 => self
                .dice
                .pick(&["f == 0.2", "f + 0.1 == 0.3", "f * 3.0 != 0.3", "0.7 - f < 0.6"])
                .to_string(),
            7 => format!(
                "{} && {}",
                self.condition(names, depth - 1),
                self.condition(names, depth - 1)
            ),
            8 => format!(
                "({} || {})",
                self.condition(names, depth - 1),
                self.condition(names, depth - 1)
            ),
            _ => format!("!({})", self.condition(names, depth - 1)),
        }
    }

    pub(super) fn any_state(&mut self) -> String {
        let at = self.dice.roll(self.places.len());
        self.places[at].name.clone()
    }
}

/// How many of the states around stay active, counted from outside.
pub(super) fn stays(target: &str, around: &[String]) -> usize {
    if target.is_empty() {
        return usize::MAX;
    }
    let inside = |name: &str| around.iter().position(|outer| outer == name).map(|at| at + 1);
    let named = target
        .split_once('(')
        .filter(|(word, _)| ["-> initial", "-> history", "-> deep_history"].contains(word));
    named.and_then(|(_, name)| inside(name.trim_end_matches(')'))).unwrap_or(0)
}
