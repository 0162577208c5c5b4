//! Prints a drawing as a Mermaid `stateDiagram-v2`.
//!
//! What the real parser does decides the form:
//!
//! * A state belongs to the composite in which it is named last. So everything is declared in its
//!   box first; arrows between two things of one box stand in that box, all others at the end of
//!   the outermost level, where naming a state moves nothing.
//! * A composite may have a name and nothing else.
//! * `[*]` is a dot of the box in which it stands: before an arrow `Box_start`, behind one
//!   `Box_end`. An arrow that goes to a start says that id.
//! * Regions are what `--` separates; they have no names, so each holds one box that has.
//! * In a text `;` ends the statement, `::` begins a class, `direction TB` anywhere in a line is
//!   read as a setting, `*` and `_` are Markdown. All of these are written as entities.

use super::drawing::{Arrow, Drawing, Mark, Shape, ShapeKind, draw};
use crate::model::{Model, Valid};
use std::fmt::Write;

/// Characters on one line of an arrow's label.
const ARROW: usize = 24;
/// So wide a label is made for which there may not be enough room, by space at both ends of a line; a
/// wider one Mermaid breaks.
const ROOM: usize = 34;
/// A label of fewer characters is covered by none.
const NARROW: usize = 12;
/// So much space at each end is enough.
const SPACE: usize = 8;
/// Characters on one line of a state.
const LINE: usize = 40;

/// The diagram of a machine, as the text of a Mermaid block.
pub fn mermaid(model: &Valid<Model>) -> String {
    print(&draw(model))
}

fn print(drawing: &Drawing) -> String {
    let mut page = Page { drawing, out: "stateDiagram-v2\n".into() };
    page.line(1, &format!("accTitle: {}", escape(&drawing.title)));
    if let Some(about) = &drawing.about {
        page.line(1, &format!("accDescr: {}", escape(about)));
    }
    page.inside(None, 1);
    page.crossing();
    page.notes();
    page.classes();
    page.out
}

/// A diagram in the making.
struct Page<'a> {
    drawing: &'a Drawing,
    out: String,
}

impl<'a> Page<'a> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "    ".repeat(depth));
    }

    /// What stands in a box (at the outermost level for `None`), and the arrows within it.
    fn inside(&mut self, place: Option<usize>, depth: usize) {
        let boxes = self.drawing.boxes.iter().enumerate();
        let parallel = place.is_some_and(|p| self.drawing.boxes[p].kind == ShapeKind::Parallel);
        let (regions, others): (Vec<_>, Vec<_>) = boxes
            .filter(|(_, shape)| shape.parent == place)
            .partition(|(_, shape)| parallel && shape.kind == ShapeKind::Group);
        let mut written = !others.is_empty();
        for (index, shape) in others {
            self.shape(index, shape, depth);
        }
        for (index, shape) in regions {
            if written {
                self.line(depth, "--");
            }
            written = true;
            self.shape(index, shape, depth);
        }
        for arrow in &self.drawing.arrows {
            let (from, to) = (&self.drawing.boxes[arrow.from], &self.drawing.boxes[arrow.to]);
            if !parallel && from.parent == place && to.parent == place {
                let from = if from.kind == ShapeKind::Start { "[*]" } else { &from.id };
                let to = if to.kind == ShapeKind::End { "[*]" } else { &to.id };
                self.arrow(depth, from, to, arrow);
            }
        }
    }

    fn shape(&mut self, index: usize, shape: &Shape, depth: usize) {
        let (id, title) = (&shape.id, escape(&shape.title));
        match shape.kind {
            ShapeKind::Group | ShapeKind::Parallel => {
                self.line(depth, &format!("state \"{title}\" as {id} {{"));
                self.inside(Some(index), depth + 1);
                self.line(depth, "}");
            }
            ShapeKind::Choice => self.line(depth, &format!("state {id} <<choice>>")),
            ShapeKind::Fork => self.line(depth, &format!("state {id} <<fork>>")),
            // An arrow in this box makes the dot; without one it has to be named.
            ShapeKind::Start if !self.has_arrow_beside(index) => self.line(depth, "[*]"),
            ShapeKind::Start | ShapeKind::End => {}
            ShapeKind::State | ShapeKind::History | ShapeKind::Whole | ShapeKind::Jump => {
                self.line(depth, &format!("state \"{title}\" as {id}"));
                for text in shape.lines.iter().flat_map(|line| line.wrapped(LINE)) {
                    self.line(depth, &format!("{id} : {}", escape(&text)));
                }
            }
        }
    }

    /// True if an arrow from this dot goes to something beside it.
    fn has_arrow_beside(&self, dot: usize) -> bool {
        let boxes = &self.drawing.boxes;
        self.drawing.arrows.iter().any(|a| a.from == dot && boxes[a.to].parent == boxes[dot].parent)
    }

    fn arrow(&mut self, depth: usize, from: &str, to: &str, arrow: &Arrow) {
        let lines = arrow.label.wrapped(ARROW);
        let longest = lines.iter().map(|line| line.chars().count()).max();
        let widest = lines.iter().position(|line| Some(line.chars().count()) == longest);
        let is_narrow = longest.is_none_or(|longest| longest < NARROW);
        let widest = widest.filter(|_| !is_narrow && self.needs_room(arrow, lines.len()));
        let mut lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
        if let Some(line) = widest.and_then(|at| lines.get_mut(at)) {
            let space = ROOM.saturating_sub(longest.unwrap_or(ROOM)) / 2;
            let space = "#160;".repeat(space.min(SPACE));
            *line = format!("{space}{line}{space}");
        }
        let label = match lines.is_empty() {
            true => String::new(),
            false => format!(" : {}", lines.join("<br/>")),
        };
        self.line(depth, &format!("{from} --> {to}{label}"));
    }

    /// True if an arrow goes the other way whose label is much higher: Mermaid puts both in the middles of
    /// their arrows, and that one over the end of this.
    fn needs_room(&self, arrow: &Arrow, height: usize) -> bool {
        let back = |other: &&Arrow| (other.from, other.to) == (arrow.to, arrow.from);
        let mut back = self.drawing.arrows.iter().filter(back);
        back.any(|other| other.label.wrapped(ARROW).len() > height + 1)
    }

    /// The arrows from one box into another.
    fn crossing(&mut self) {
        let boxes = &self.drawing.boxes;
        for arrow in &self.drawing.arrows {
            let (from, to) = (&boxes[arrow.from], &boxes[arrow.to]);
            let parallel = from.parent.is_some_and(|p| boxes[p].kind == ShapeKind::Parallel);
            if from.parent != to.parent || parallel {
                self.arrow(1, &from.id, &to.id, arrow);
            }
        }
    }

    fn notes(&mut self) {
        for shape in &self.drawing.boxes {
            if let Some(note) = &shape.note {
                self.line(1, &format!("note right of {} : {}", shape.id, escape(note)));
            }
        }
    }

    /// Sets apart what is drawn like a state and is none, and states that stand for something.
    fn classes(&mut self) {
        let dashed = "fill:transparent,stroke-dasharray:4 4";
        for (kind, name, look) in [
            (ShapeKind::Whole, "whole", dashed),
            (ShapeKind::Jump, "jump", dashed),
            (ShapeKind::History, "history", "font-weight:bold"),
        ] {
            self.class(name, look, |shape| shape.kind == kind);
        }
        for (mark, name, look) in [
            (Mark::Pivot, "pivot", "stroke-width:3px"),
            (Mark::Back, "back", "stroke:#d97706,stroke-width:2px"),
            (Mark::Failure, "failure", "stroke:#dc2626,stroke-width:2px"),
        ] {
            self.class(name, look, |shape| shape.mark == Some(mark));
        }
    }

    /// A look of some boxes, if there are any.
    fn class(&mut self, name: &str, look: &str, has: impl Fn(&Shape) -> bool) {
        let boxes = self.drawing.boxes.iter().filter(|shape| has(shape));
        let ids: Vec<&str> = boxes.map(|shape| shape.id.as_str()).collect();
        if !ids.is_empty() {
            self.line(1, &format!("classDef {name} {look}"));
            self.line(1, &format!("class {} {name}", ids.join(",")));
        }
    }
}

/// Writes every character that means something to Mermaid, to Markdown or to HTML as an entity.
fn escape(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let word = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric() || *c == '_')
    };
    let mut out = String::with_capacity(text.len() + 16);
    for (index, &c) in chars.iter().enumerate() {
        let entity = match c {
            ':' | ';' | '#' | '%' | '"' | '\\' | '*' | '`' | '~' | '$' | '@' | '{' | '}' => true,
            '<' | '>' => true,
            // Markdown reads `_` as emphasis only at the edge of a word.
            '_' => !word(index.checked_sub(1)) || !word(Some(index + 1)),
            '&' => chars.get(index + 1).is_some_and(|c| c.is_alphanumeric() || *c == '#'),
            // `](`, and the marks of Markdown lists at the start of a line.
            '(' => index > 0 && chars[index - 1] == ']',
            '-' | '+' | '=' => index == 0,
            '.' | ')' => {
                chars[..index].iter().all(char::is_ascii_digit) && index > 0
                    || ends_with(&chars[..index], "www")
            }
            ' ' => ends_with(&chars[..index], "direction"),
            c => c.is_control(),
        };
        match entity {
            true => {
                let _ = write!(out, "#{};", c as u32);
            }
            false => out.push(c),
        }
    }
    out
}

/// True if `chars` ends in `word`, whatever the case.
fn ends_with(chars: &[char], word: &str) -> bool {
    let count = word.len();
    chars.len() >= count
        && chars[chars.len() - count..]
            .iter()
            .zip(word.chars())
            .all(|(a, b)| a.eq_ignore_ascii_case(&b))
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn plain_words_stay_readable() {
        check(
            "after 30s [button_pressed && x > 1] / show(on)",
            "after 30s [button_pressed && x #62; 1] / show(on)",
        );
        check("Öl 日本", "Öl 日本");
    }

    #[test]
    fn what_ends_or_turns_a_statement_is_an_entity() {
        check("a; b::c # %% \"q\" <b>", "a#59; b#58;#58;c #35; #37;#37; #34;q#34; #60;b#62;");
        check("direction TB, Direction  lr", "direction#32;TB, Direction#32; lr");
        check("&lt &#3 && a & b", "#38;lt #38;#35;3 && a & b");
        check("a\nb", "a#10;b");
    }

    #[test]
    fn markdown_is_not_read() {
        check("_a_ a_b __c", "#95;a#95; a_b #95;_c");
        check(
            "2 * 3 `x` ~~y~~ $$z$$",
            "2 #42; 3 #96;x#96; #126;#126;y#126;#126; #36;#36;z#36;#36;",
        );
        check("- a", "#45; a");
        check("12. a", "12#46; a");
        check("[a](b)", "[a]#40;b)");
        check("www.x.org a@b.c", "www#46;x.org a#64;b.c");
    }
}
