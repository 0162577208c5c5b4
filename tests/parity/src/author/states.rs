//! The text of states.

use super::shapes::{Kind, Shape};
use super::{Author, EVENTS, Names};
use std::fmt::Write;

/// Writing states.
impl Author {
    /// What stands in the machine itself.
    pub(super) fn root(&mut self, tops: &[Shape]) {
        let names = Names::default();
        if self.dice.chance(20) {
            self.line(0, "entry do log(\"entry M\")");
        }
        if self.dice.chance(30) {
            let effects = self.effects(&names);
            self.line(0, &format!("every 10s {effects}"));
        }
        if self.asks {
            // What the machine itself asks for runs when its end comes.
            if self.dice.chance(40) {
                self.invoke(0, &[], &names);
            }
            self.errors(0, &[], &names);
        }
        for event in 0..EVENTS {
            if self.dice.chance(if self.calm { 10 } else { 25 }) {
                let reaction = self.reaction(&[], &names);
                self.line(0, &format!("on E{event} {reaction}"));
            }
        }
        let by_statement = self.dice.chance(20);
        if by_statement {
            self.initial(&tops.iter().collect::<Vec<_>>(), 0, &names);
        }
        for (at, top) in tops.iter().enumerate() {
            self.state(top, &mut Vec::new(), &names, !by_statement && at == 0);
        }
    }

    pub(super) fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{text}", "", 4 * (depth + 1));
    }

    pub(super) fn state(
        &mut self,
        shape: &Shape,
        around: &mut Vec<String>,
        names: &Names,
        initial: bool,
    ) {
        let word = match shape.kind {
            Kind::Parallel => "parallel state",
            Kind::Region => "region",
            Kind::Final => "final state",
            Kind::Saga => "saga state",
            Kind::Composite if shape.rounds => "loop state",
            Kind::Atomic | Kind::Composite => "state",
        };
        let initial = if initial { "initial " } else { "" };
        let mut names = names.clone();
        let mut data = String::new();
        if shape.data {
            let name = format!("x{}", &shape.name[1..]);
            data = format!("({name}: u8 = {})", self.dice.roll(6));
            names.own.push((around.len(), name.clone()));
            names.numbers.push(name);
        }
        if shape.rounds {
            names.in_loop = true;
            let deadline = *self.dice.pick(&["", " deadline 10s"]);
            let _ = write!(data, " max {}{deadline}", 1 + self.dice.roll(4));
        }
        let depth = around.len();
        self.line(depth, &format!("{initial}{word} {}{data} {{", shape.name));
        around.push(shape.name.clone());
        self.body(shape, around, &names);
        around.pop();
        self.line(depth, "}");
    }

    pub(super) fn body(&mut self, shape: &Shape, around: &mut Vec<String>, names: &Names) {
        let depth = around.len();
        for word in ["entry", "exit"] {
            let mut effects = format!("log(\"{word} {}\")", shape.name);
            if shape.data {
                effects = format!("{effects}, show(x{})", &shape.name[1..]);
            }
            if self.dice.chance(25) {
                effects = format!("{effects}, {}", self.effect(names));
            }
            effects.push_str(&self.set_own(names, usize::MAX));
            self.line(depth, &format!("{word} do {effects}"));
        }
        if shape.kind == Kind::Final {
            return;
        }
        // In front: behind a `raise` it would look like its delay.
        self.timer(around, names);
        if shape.kind == Kind::Saga {
            return self.saga(shape, around, names);
        }
        let often = if self.calm { 85 } else { 40 };
        let invokes = self.asks && !shape.completes() && self.dice.chance(often);
        if invokes && self.dice.chance(25) {
            self.human(depth, around, names);
        } else if invokes && self.dice.chance(if self.calm { 60 } else { 30 }) {
            self.fan_out(depth, around, names);
        } else if invokes {
            self.invoke(depth, around, names);
        }
        if self.asks {
            self.errors(depth, around, names);
        }
        self.events(shape, around, names);
        self.others(shape, around, names);
        let exclusive = matches!(shape.kind, Kind::Composite | Kind::Region);
        let inner: Vec<&Shape> = shape.children.iter().collect();
        let by_statement = exclusive && self.dice.chance(40);
        if by_statement {
            self.initial(&inner, depth, names);
        }
        for (at, child) in inner.into_iter().enumerate() {
            self.state(child, around, names, exclusive && !by_statement && at == 0);
        }
    }

    /// `initial do .. -> ..`, now and then to a state deeper inside.
    pub(super) fn initial(&mut self, children: &[&Shape], depth: usize, names: &Names) {
        let mut target = *self.dice.pick(children);
        while self.dice.chance(40) && !target.children.is_empty() {
            target = &target.children[self.dice.roll(target.children.len())];
        }
        let effects = self.effects(names);
        let data = self.data(&target.name.clone(), names);
        self.line(depth, &format!("initial {effects} -> {}{data}", target.name));
    }

    pub(super) fn events(&mut self, shape: &Shape, around: &[String], names: &Names) {
        if self.calm && self.dice.chance(60) {
            return;
        }
        let first = self.dice.roll(EVENTS);
        for event in 0..self.dice.roll(if shape.children.is_empty() { 4 } else { 3 }) {
            let event = (first + event) % EVENTS;
            match self.dice.roll(12) {
                0 | 1 => self.line(around.len(), &format!("defer E{event}")),
                2 => self.line(around.len(), &format!("ignore E{event}")),
                _ => {
                    let mut names = names.clone();
                    let mut pattern = String::new();
                    if event % 2 == 1 && self.dice.chance(60) {
                        pattern = "(n)".into();
                        names.numbers.push("n".into());
                    }
                    let reaction = self.reaction(around, &names);
                    self.line(around.len(), &format!("on E{event}{pattern} {reaction}"));
                }
            }
        }
    }

    pub(super) fn timer(&mut self, around: &[String], names: &Names) {
        let depth = around.len();
        if self.dice.chance(if self.calm { 8 } else { 20 }) {
            let delay = self.delay();
            let reaction = self.reaction(around, names);
            self.line(depth, &format!("after {delay} {reaction}"));
        }
        if self.dice.chance(7) {
            let effects = self.effects(names);
            self.line(depth, &format!("every 5s {effects}"));
        }
    }

    pub(super) fn others(&mut self, shape: &Shape, around: &[String], names: &Names) {
        let depth = around.len();
        if self.dice.chance(14) {
            let condition = self.condition(names, 1);
            let (log, target) = (self.log(), self.target(around, names));
            self.line(
                depth,
                &format!("always if c % 4 == 3 && {condition} do {log}, set c = c + 1 {target}"),
            );
        }
        if shape.rounds {
            return self.rounds(around, names);
        }
        let last = shape.end();
        if shape.completes() && self.dice.chance(80) {
            let mut names = names.clone();
            let mut pattern = "";
            if last.is_some_and(|last| last.data) {
                pattern = "(n)";
                names.numbers.push("n".into());
            }
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{pattern} {reaction}"));
        }
    }
}
