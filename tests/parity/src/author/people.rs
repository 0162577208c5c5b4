//! People who are asked.

use super::{Author, Names};

impl Author {
    /// A human step, and what becomes of the answer, or of the time.
    pub(super) fn human(&mut self, depth: usize, around: &[String], names: &Names) {
        let name = format!("h{}", self.people);
        self.people += 1;
        let data = names.numbers.iter().filter(|name| name.starts_with('x')).map(String::as_str);
        let mut shown: Vec<&str> = ["a", "b", "c", "a + 1"].into_iter().chain(data).collect();
        shown.retain(|_| self.dice.chance(40));
        self.line(depth, &format!("human {name}({}) -> u8 {{", shown.join(", ")));
        let waits = self.dice.roll(3);
        for item in self.items_of_human(waits) {
            self.line(depth + 1, &item);
        }
        self.line(depth, "}");
        if self.dice.chance(90) {
            let mut names = names.clone();
            let binds = self.dice.chance(80);
            names.numbers.extend(binds.then(|| "r".to_owned()));
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{} {reaction}", if binds { "(r)" } else { "" }));
        }
        if waits == 0 {
            let reaction = self.reaction(around, names);
            self.line(depth, &format!("on timeout {reaction}"));
        }
    }

    /// What a person is told and when, in any order; the wait has an end, has none, or nothing is said.
    fn items_of_human(&mut self, waits: usize) -> Vec<String> {
        let mut items = Vec::new();
        if self.dice.chance(60) {
            items.push(self.dice.pick(&["assign role(\"r1\")", "assign user(\"u1\")"]).to_string());
        }
        if self.dice.chance(60) {
            let titles = ["title \"take {a} of {b}\"", "title \"{{c}} is {c}\"", "title \"now\""];
            items.push(self.dice.pick(&titles).to_string());
        }
        if self.dice.chance(50) {
            items.push(format!("remind every {}", self.dice.pick(&["2s", "3s", "5s"])));
        }
        for to in ["role(\"r2\")", "user(\"u2\")"] {
            if self.dice.chance(35) {
                let delay = *self.dice.pick(&["4s", "5s", "10s"]);
                items.push(format!("escalate after {delay} to {to}"));
            }
        }
        match waits {
            0 => items.push(format!("timeout {}", self.dice.pick(&["5s", "10s", "20s", "d"]))),
            1 => items.push("timeout never".to_owned()),
            _ => {}
        }
        if self.dice.chance(30) {
            items.reverse();
        }
        items
    }
}
