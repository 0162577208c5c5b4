//! Reactions: guards, effects and where they lead.

use super::effects::stays;
use super::shapes::{Kind, Place};
use super::{Author, Names};
use std::fmt::Write;

impl Author {
    pub(super) fn delay(&mut self) -> &'static str {
        const DELAYS: [&str; 5] = ["5s", "5s", "10s", "4s + 1s", "d"];
        DELAYS[self.dice.roll(DELAYS.len())]
    }

    /// What stands behind a trigger.
    pub(super) fn reaction(&mut self, around: &[String], names: &Names) -> String {
        if self.dice.chance(20) {
            return self.choice(around, names);
        }
        let mut text = String::new();
        if self.dice.chance(45) {
            text = format!("if {} ", self.condition(names, 2));
        }
        text.push_str(&self.outcome(around, names));
        text
    }

    /// Effects and where they lead.
    pub(super) fn outcome(&mut self, around: &[String], names: &Names) -> String {
        let target = self.target(around, names);
        let effects = self.effects(names);
        let set = self.set_own(names, stays(&target, around));
        format!("{effects}{set} {target}")
    }

    pub(super) fn choice(&mut self, around: &[String], names: &Names) -> String {
        let mut before = String::new();
        if self.dice.chance(50) {
            before = self.effects(names) + &self.set_own(names, usize::MAX);
        }
        let mut text = format!("{before} {{");
        for _ in 0..1 + self.dice.roll(2) {
            let condition = self.condition(names, 2);
            let _ = write!(text, " if {condition} {}", self.outcome(around, names));
        }
        if !before.is_empty() || self.dice.chance(50) {
            let _ = write!(text, " else {}", self.outcome(around, names));
        }
        text + " }"
    }

    /// Where a branch goes; nothing for a stay.
    pub(super) fn target(&mut self, around: &[String], names: &Names) -> String {
        if self.dice.chance(12) {
            return String::new();
        }
        if self.dice.chance(15)
            && let Some(targets) = self.targets(around, names)
        {
            return format!("-> {targets}");
        }
        let mut at = self.dice.roll(self.places.len());
        if self.dice.chance(6) {
            // Now and then the last: if it is a final state of the machine, that is its end.
            at = self.places.len() - 1;
        }
        let Place { name, kind, .. } = &self.places[at];
        let (name, kind) = (name.clone(), *kind);
        let inner = kind.holds_states();
        if around.contains(&name) {
            return match self.dice.roll(4) {
                0 if inner => format!("-> initial({name})"),
                1 if inner => format!("-> history({name})"),
                2 if inner => format!("-> deep_history({name})"),
                _ => format!("-> reenter {name}{}", self.data(&name, names)),
            };
        }
        match self.dice.roll(8) {
            0..3 if inner => format!("-> history({name})"),
            3..5 if inner => format!("-> deep_history({name})"),
            _ => format!("-> {name}{}", self.data(&name, names)),
        }
    }

    /// Several targets: one in each of two regions of one parallel state.
    pub(super) fn targets(&mut self, around: &[String], names: &Names) -> Option<String> {
        let regions: Vec<(String, String)> = self
            .places
            .iter()
            .filter(|place| place.kind == Kind::Region)
            .filter_map(|place| Some((place.around.last()?.clone(), place.name.clone())))
            .collect();
        if regions.is_empty() {
            return None;
        }
        let (parallel, first) = self.dice.pick(&regions).clone();
        let second = regions.iter().find(|(p, r)| *p == parallel && *r != first)?.1.clone();
        let mut pick = |region: &str| {
            let inside: Vec<String> = self
                .places
                .iter()
                .filter(|p| p.around.iter().any(|a| a == region) && !around.contains(&p.name))
                .map(|p| p.name.clone())
                .collect();
            (!inside.is_empty()).then(|| self.dice.pick(&inside).clone())
        };
        let (first, second) = (pick(&first)?, pick(&second)?);
        let (x, y) = (self.data(&first, names), self.data(&second, names));
        Some(format!("{first}{x} & {second}{y}"))
    }

    /// Values for the data of a state, now and then.
    pub(super) fn data(&mut self, state: &str, names: &Names) -> String {
        let has = self.places.iter().any(|place| place.name == state && place.data);
        if has && self.dice.chance(60) {
            let value = if self.dice.chance(50) { "a".into() } else { self.number(names) };
            format!("({value})")
        } else {
            String::new()
        }
    }
}
