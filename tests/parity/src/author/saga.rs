//! Sagas: steps, what takes them back, and what comes of them.

use super::shapes::Shape;
use super::{Author, EVENTS, Names};

/// Where a step stands.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    BeforePivot,
    Pivot,
    Behind,
}

impl Author {
    /// What stands in a saga behind its timers.
    pub(super) fn saga(&mut self, shape: &Shape, around: &[String], names: &Names) {
        let depth = around.len();
        let mut known = names.clone();
        let stages = 1 + self.dice.roll(4);
        let pivot = self.dice.chance(45).then(|| self.dice.roll(stages));
        let mut count = 0;
        for stage in 0..stages {
            let part = match pivot {
                Some(pivot) if stage == pivot => Part::Pivot,
                Some(pivot) if stage > pivot => Part::Behind,
                _ => Part::BeforePivot,
            };
            let side_by_side = part != Part::Pivot && self.dice.chance(40);
            let steps = if side_by_side { 2 + self.dice.roll(2) } else { 1 };
            let before = known.clone();
            if side_by_side {
                self.line(depth, "concurrent {");
            }
            for _ in 0..steps {
                let name = format!("p{}{}", &shape.name[1..], char::from(b'a' + count));
                count += 1;
                let text = self.step(&name, part, &before, &mut known);
                self.line(depth + usize::from(side_by_side), &text);
            }
            if side_by_side {
                self.line(depth, "}");
            }
        }
        self.saga_events(around, names);
        if self.dice.chance(20) {
            let (condition, log) = (self.condition(names, 1), self.log());
            self.line(depth, &format!("always if b % 4 == 2 && {condition} do {log} abort"));
        }
        self.ends(around, names, &known, pivot.is_some_and(|pivot| pivot + 1 < stages));
    }

    fn step(&mut self, name: &str, part: Part, before: &Names, known: &mut Names) -> String {
        let gives = self.dice.chance(65);
        let (call, _) = self.call(gives, before);
        let mut text = format!("step {name}: {call}");
        if gives {
            known.numbers.push(name.to_owned());
        }
        match part {
            Part::Pivot => text = format!("pivot {text}"),
            // It is tried again.
            Part::Behind if !text.contains(" with ") => text.push_str(" with calm"),
            Part::Behind => text = text.replace("with quick", "with calm"),
            Part::BeforePivot if self.dice.chance(70) => {
                let own = gives.then_some(name);
                let undo = self.compensation(own, before);
                text.push_str(&format!(" compensate {undo}"));
            }
            Part::BeforePivot => {}
        }
        text
    }

    /// What takes a step back, told what the step gave if it gives something.
    fn compensation(&mut self, own: Option<&str>, before: &Names) -> String {
        let mut arg = self.number(before);
        if let Some(own) = own.filter(|_| self.dice.chance(75)) {
            arg = match self.dice.roll(3) {
                0 => format!("{own} % 4"),
                _ => own.to_owned(),
            };
        }
        let call = match self.dice.chance(60) {
            true => format!("drop({arg})"),
            false => format!("undo({}, {arg})", self.dice.pick(&["b", "c", "twist(b)"])),
        };
        match self.dice.roll(4) {
            0 => call + " with calm",
            _ => call,
        }
    }

    /// Events, some of which abort.
    fn saga_events(&mut self, around: &[String], names: &Names) {
        let first = self.dice.roll(EVENTS);
        for event in 0..self.dice.roll(4) {
            let event = (first + event) % EVENTS;
            let mut names = names.clone();
            let mut pattern = "";
            if event % 2 == 1 && self.dice.chance(60) {
                pattern = "(n)";
                names.numbers.push("n".into());
            }
            let text = match self.dice.roll(6) {
                0 => format!("defer E{event}"),
                1 => format!("on E{event}{pattern} {}", self.reaction(around, &names)),
                _ => format!("on E{event}{pattern} {}", self.abort(around, &names)),
            };
            self.line(around.len(), &text);
        }
        if self.dice.chance(30) {
            let (delay, abort) = (self.delay(), self.abort(around, names));
            self.line(around.len(), &format!("after {delay} {abort}"));
        }
    }

    /// A reaction that aborts, if it comes to that.
    fn abort(&mut self, around: &[String], names: &Names) -> String {
        let effects = self.effects(names);
        let abort = match self.dice.chance(60) {
            true => format!("if {} {effects} abort", self.condition(names, 1)),
            false => format!("{effects} abort"),
        };
        if !abort.starts_with("if") || self.dice.chance(60) {
            return abort;
        }
        let mut text = format!("{{ {abort}");
        if self.dice.chance(60) {
            let condition = self.condition(names, 1);
            text.push_str(&format!(" if {condition} {}", self.outcome(around, names)));
        }
        match self.dice.roll(3) {
            0 => text.push_str(&format!(" else {} abort", self.effects(names))),
            1 => text.push_str(&format!(" else {}", self.outcome(around, names))),
            _ => {}
        }
        text + " }"
    }

    /// What comes of it.
    fn ends(&mut self, around: &[String], names: &Names, known: &Names, goes_on: bool) {
        let depth = around.len();
        if goes_on && self.dice.chance(50) {
            let mut names = names.clone();
            names.texts.extend(["e.name".into(), "e.message".into()]);
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on error(e) {reaction}"));
        }
        let out = self.out(around, known);
        self.line(depth, &format!("on done {out}"));
        for end in ["compensated", "compensation_error"] {
            let mut names = names.clone();
            names.texts.extend(["e.name".into(), "e.message".into()]);
            let out = self.out(around, &names);
            self.line(depth, &format!("on {end}(e) {out}"));
        }
    }

    /// A way that leads out, or one of two, whatever guards say.
    fn out(&mut self, around: &[String], names: &Names) -> String {
        if !self.dice.chance(25) {
            return self.way(around, names);
        }
        let condition = self.condition(names, 1);
        let (one, other) = (self.way(around, names), self.way(around, names));
        format!("{{ if {condition} {one} else {other} }}")
    }
}
