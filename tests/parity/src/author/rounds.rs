//! Loops: what ends their rounds.

use super::effects::stays;
use super::{Author, Names};

impl Author {
    /// What ends the rounds of a loop.
    pub(super) fn rounds(&mut self, around: &[String], names: &Names) {
        let depth = around.len();
        let tests = self.dice.roll(3);
        for _ in 0..tests {
            let condition = match self.dice.roll(4) {
                0 => "change(b) < 2".into(),
                1 => "change(a) >= 1 || round > 2".into(),
                _ => self.condition(names, 1),
            };
            let times = *self.dice.pick(&["", "", " for 2"]);
            self.line(depth, &format!("until {condition}{times}"));
        }
        if tests > 0 {
            let mut guard = String::new();
            if self.dice.chance(30) {
                guard = format!("if {} ", self.condition(names, 1));
            }
            let way = self.way(around, names);
            self.line(depth, &format!("on converged {guard}{way}"));
        }
        let way = self.way(around, names);
        self.line(depth, &format!("on exhausted {way}"));
    }

    /// Effects, and a way that leads somewhere.
    pub(super) fn way(&mut self, around: &[String], names: &Names) -> String {
        let mut target = String::new();
        while target.is_empty() {
            target = self.target(around, names);
        }
        let effects = self.effects(names);
        let set = self.set_own(names, stays(&target, around));
        format!("{effects}{set} {target}")
    }
}
