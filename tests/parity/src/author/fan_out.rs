//! Fan-outs: branches side by side, or one for each value of a list.

use super::{Author, Names};

/// What is known of the branches when the join is written.
struct Branches {
    /// How many there are at most.
    most: usize,
    /// All of them give something.
    give: bool,
    /// What those give that do, by name; none over a list.
    names: Vec<String>,
}

impl Author {
    /// A fan-out, and what becomes of it.
    pub(super) fn fan_out(&mut self, depth: usize, around: &[String], names: &Names) {
        let over_list = self.dice.chance(50);
        let (head, branches) = match over_list {
            true => self.over_list(names),
            false => self.side_by_side(names),
        };
        let join = self.join(branches.most);
        let mut names = names.clone();
        for name in &branches.names {
            match join == "all" {
                true => names.numbers.push(name.clone()),
                false => names.results.push(format!("maybe({name})")),
            }
        }
        let mut more = String::new();
        if branches.give && self.dice.chance(60) {
            more.push_str(" into answers");
            names.results.extend(match join.starts_with("all_settled") {
                true => vec!["slots(answers)".to_owned()],
                false => vec!["list(answers)".to_owned(), "set v = answers".to_owned()],
            });
        }
        if over_list && branches.give && self.dice.chance(60) {
            more.push_str(&self.vote());
            names.results.push("maybe(outcome)".into());
        }
        self.line(depth, &format!("fan_out {head} join {join}{more}"));
        if self.dice.chance(85) {
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done {reaction}"));
        }
    }

    fn side_by_side(&mut self, names: &Names) -> (String, Branches) {
        let most = 2 + self.dice.roll(3);
        let all = self.dice.chance(60);
        let (mut text, mut known) = (String::from("{"), Vec::new());
        for at in 0..most {
            let gives = all || self.dice.chance(60);
            let chain = self.chain(gives, names);
            text.push_str(&format!(" call f{at}: {chain}"));
            known.extend(gives.then(|| format!("f{at}")));
        }
        (text + " }", Branches { most, give: known.len() == most, names: known })
    }

    fn over_list(&mut self, names: &Names) -> (String, Branches) {
        let most = *self.dice.pick(&[1, 3, 4, 4]);
        let give = self.dice.chance(75);
        let mut inner = names.clone();
        inner.numbers = vec!["i".into()];
        let chain = self.chain(give, &inner);
        let list = *self.dice.pick(&["v", "v", "v", "[a, 2]"]);
        let concurrency = match self.dice.chance(65) {
            true => format!("concurrency {} ", self.dice.pick(&[1, 2, 2, 3])),
            false => String::new(),
        };
        let text = format!("i in {list} max {most} {concurrency}{{ call one: {chain} }}");
        (text, Branches { most, give, names: Vec::new() })
    }

    /// When it has ended, of so many branches at most.
    fn join(&mut self, most: usize) -> String {
        let some = 1 + self.dice.roll(most);
        let join = match self.dice.roll(8) {
            0..2 => "all".to_owned(),
            2 => "all_settled".to_owned(),
            3 => "any".to_owned(),
            4 => format!("first {some}"),
            5 => format!("quorum {some}"),
            6 => format!("quorum {}%", self.dice.pick(&["34", "50", "67", "100"])),
            _ => return format!("all tolerate {}", self.dice.pick(&["1", "50%", "34%"])),
        };
        // So many that it can be at all.
        let left =
            most - if join.starts_with("quorum") || join.starts_with("first") { some } else { 1 };
        match self.dice.roll(5) {
            0 if left > 0 => format!("{join} tolerate {}", self.dice.roll(left)),
            1 => format!("{join} tolerate {}", self.dice.pick(&["50%", "100%"])),
            _ => join,
        }
    }

    fn vote(&mut self) -> String {
        let expr = *self.dice.pick(&["one", "one % 2", "i"]);
        let rule = *self.dice.pick(&[
            "majority",
            "plurality",
            "unanimous",
            "quorum 1",
            "quorum 2",
            "weighted by i",
            "weighted by one",
        ]);
        format!(" vote {expr} {rule} into outcome")
    }
}
