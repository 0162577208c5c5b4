//! Where a statement may break, told by what its parts are made of.

use super::pieces::Pieces;
use crate::parse::{Part, Rule};

/// A token in front of which a line may begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Points of one group break together, if a line is too wide.
    pub(super) group: usize,
    /// The group with the lowest level breaks first.
    pub(super) level: usize,
    /// True if the author, too, breaks all points of the group or none: a line for each element.
    pub(super) together: bool,
    /// The token whose line the new one is indented by.
    pub(super) anchor: usize,
    /// True if the new line is one level deeper than that of the anchor.
    pub(super) deeper: bool,
}

/// The levels inside one part, from what breaks first to what breaks last. Whatever a part holds
/// comes behind all of them.
mod level {
    pub(super) const CLAUSE: usize = 1;
    pub(super) const CONDITION: usize = 2;
    pub(super) const LIST: usize = 3;
    /// Operators, from here on by precedence.
    pub(super) const OPERATOR: usize = 4;
    pub(super) const COUNT: usize = 10;
}

/// All points of a text.
pub(super) struct Points {
    /// By token.
    pub(super) list: Vec<Option<Point>>,
    /// How many groups there are.
    pub(super) groups: usize,
}

impl Pieces<'_> {
    /// Finds where statements may break.
    pub(super) fn points(&self) -> Points {
        let mut points = Points { list: vec![None; self.len()], groups: 0 };
        for (at, part) in self.outline.parts.iter().enumerate() {
            match part.rule {
                Rule::reaction => continue,
                Rule::annotation => points.behind(part),
                _ => {}
            }
            let inside = self.inside(at);
            if inside.len() > 1 {
                points.clauses(self, part, &inside);
                points.lists(self, part, &inside);
                points.operators(self, part, &inside);
            }
        }
        points
    }

    /// True if a clause begins with this part: a word of the grammar that has something in front
    /// of it in the same statement, or the arrow to a target.
    fn is_clause(&self, outer: &Part, before: &Part, part: &Part, behind: Option<&Part>) -> bool {
        if part.rule == Rule::arrow {
            return behind.is_some_and(|behind| behind.rule == Rule::target);
        }
        // On a new line `after` would look like a timer of the state.
        let delays = outer.rule == Rule::raise;
        let is_word = before.end == before.first + 1 && self.is_keyword(before.first);
        let goes_on = before.rule == Rule::arrow || (is_word && before.rule != Rule::k_else);
        self.is_keyword(part.first) && !delays && !goes_on
    }
}

impl Points {
    fn group(&mut self) -> usize {
        self.groups += 1;
        self.groups - 1
    }

    fn put(&mut self, token: usize, point: Point) {
        if let Some(place) = self.list.get_mut(token) {
            *place = Some(point);
        }
    }

    /// What is annotated may stand on the next line.
    fn behind(&mut self, annotation: &Part) {
        let group = self.group();
        let anchor = annotation.first;
        let point = Point { group, level: 0, together: false, anchor, deeper: false };
        self.put(annotation.end, point);
    }

    fn clauses(&mut self, pieces: &Pieces<'_>, outer: &Part, inside: &[Part]) {
        let (clause, condition) = (self.group(), self.group());
        for (at, part) in inside.iter().enumerate().skip(1) {
            if !pieces.is_clause(outer, &inside[at - 1], part, inside.get(at + 1)) {
                continue;
            }
            let (group, level) = match part.rule {
                Rule::cond => (condition, level::CONDITION),
                _ => (clause, level::CLAUSE),
            };
            let level = outer.depth * level::COUNT + level;
            let anchor = outer.first;
            self.put(part.first, Point { group, level, together: false, anchor, deeper: true });
        }
    }

    /// Lists in brackets, and those behind a word: `do a(), b()`, `raises A, B`.
    fn lists(&mut self, pieces: &Pieces<'_>, outer: &Part, inside: &[Part]) {
        let find = |rules: &[Rule]| inside.iter().find(|part| rules.contains(&part.rule));
        let open = find(&[Rule::lparen, Rule::lbracket, Rule::lbrace]);
        let close = find(&[Rule::rparen, Rule::rbracket, Rule::rbrace]);
        if matches!(outer.rule, Rule::ty | Rule::branches) {
            return;
        }
        let group = self.group();
        let level = outer.depth * level::COUNT + level::LIST;
        let commas = inside.iter().filter(|part| part.rule == Rule::comma);
        let anchor = match (open, commas.clone().next()) {
            (Some(open), _) => open.first,
            (None, Some(comma)) => inside
                .iter()
                .take_while(|part| part.first < comma.first)
                .filter(|part| pieces.is_keyword(part.first))
                .last()
                .map_or(outer.first, |part| part.first),
            (None, None) => return,
        };
        let inner = Point { group, level, together: true, anchor, deeper: true };
        commas.for_each(|comma| self.put(comma.end, inner));
        if let (Some(open), Some(close)) = (open, close)
            && open.end < close.first
        {
            self.put(open.end, inner);
            self.put(close.first, Point { deeper: false, ..inner });
        }
    }

    /// Operators in an expression, and the `&` between targets.
    fn operators(&mut self, pieces: &Pieces<'_>, outer: &Part, inside: &[Part]) {
        let marks = inside.iter().filter(|part| matches!(part.rule, Rule::infix | Rule::amp));
        let base = self.groups;
        let mut used = false;
        for mark in marks {
            used = true;
            let precedence = match pieces.word(mark.first) {
                "&" | "||" => 0,
                "&&" => 1,
                "==" | "!=" | "<=" | ">=" | "<" | ">" => 2,
                "+" | "-" => 3,
                _ => 4,
            };
            let level = outer.depth * level::COUNT + level::OPERATOR + precedence;
            let (group, anchor) = (base + precedence, outer.first);
            self.put(mark.first, Point { group, level, together: false, anchor, deeper: true });
        }
        self.groups += if used { 5 } else { 0 };
    }
}
