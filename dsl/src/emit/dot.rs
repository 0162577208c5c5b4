//! Prints a drawing in the language of Graphviz: composites are clusters, states are small tables.
//!
//! Graphviz draws arrows between plain boxes only. One that begins or ends at a cluster goes to a
//! box inside it and is clipped at the border (`compound`, `lhead`, `ltail`).

use super::drawing::{Arrow, Drawing, Label, Mark, Shape, ShapeKind, draw};
use crate::model::{Model, Valid};
use std::fmt::Write;

/// Characters on one line of an arrow's label.
const ARROW: usize = 30;
/// Characters on one line of a state.
const LINE: usize = 40;

/// The diagram of a machine, as a Graphviz `digraph`.
pub fn dot(model: &Valid<Model>) -> String {
    let drawing = draw(model);
    let mut page = Page { drawing: &drawing, out: String::new() };
    page.line(0, &format!("digraph {} {{", quote(&escape(&drawing.title))));
    page.line(1, "compound=true");
    // Without it Graphviz gives up on some arrows between clusters ("trouble in init_rank").
    page.line(1, "newrank=true");
    page.line(1, "graph [fontname=\"Helvetica\", fontsize=12, style=rounded]");
    page.line(1, "node [fontname=\"Helvetica\", fontsize=11]");
    page.line(1, "edge [fontname=\"Helvetica\", fontsize=10, arrowhead=vee]");
    page.inside(None, 1);
    page.notes();
    for arrow in &drawing.arrows {
        page.arrow(arrow);
    }
    page.line(0, "}");
    page.out
}

/// A diagram in the making.
struct Page<'a> {
    drawing: &'a Drawing,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{}{text}", "    ".repeat(depth));
    }

    fn inside(&mut self, place: Option<usize>, depth: usize) {
        for (index, shape) in self.drawing.boxes.iter().enumerate() {
            if shape.parent == place {
                self.shape(index, shape, depth);
            }
        }
    }

    fn shape(&mut self, index: usize, shape: &Shape, depth: usize) {
        if !is_cluster(shape) {
            let (look, mark) = (look(shape), mark(shape));
            return self.line(depth, &format!("{} [{look}{mark}]", quote(&shape.id)));
        }
        let region =
            shape.parent.is_some_and(|p| self.drawing.boxes[p].kind == ShapeKind::Parallel);
        let style = if region { "dashed" } else { "rounded" };
        self.line(depth, &format!("subgraph {} {{", quote(&format!("cluster_{}", shape.id))));
        self.line(depth + 1, &format!("label={}", quote(&escape(&shape.title))));
        self.line(depth + 1, &format!("style={style}"));
        self.inside(Some(index), depth + 1);
        self.line(depth, "}");
    }

    fn notes(&mut self) {
        for (index, shape) in self.drawing.boxes.iter().enumerate() {
            let Some(note) = &shape.note else { continue };
            let (id, text) = (quote(&format!("{}__note", shape.id)), quote(&escape(&fold(note))));
            self.line(1, &format!("{id} [shape=note, fontsize=10, label={text}]"));
            let to = quote(&self.drawing.boxes[self.tail(index)].id);
            let clip = self.clip("lhead", index);
            self.line(1, &format!("{id} -> {to} [style=dashed, arrowhead=none{clip}]"));
        }
    }

    fn arrow(&mut self, arrow: &Arrow) {
        let boxes = &self.drawing.boxes;
        let label = quote(&lines(&arrow.label, ARROW));
        let tail = quote(&boxes[self.tail(arrow.from)].id);
        let clip = self.clip("ltail", arrow.from);
        let head = quote(&boxes[self.head(arrow.to)].id);
        let clip = clip + &self.clip("lhead", arrow.to);
        self.line(1, &format!("{tail} -> {head} [label={label}{clip}]"));
    }

    /// Where an arrow to this box ends: in a cluster at the dot that its entry starts from, so that
    /// what leads to a cluster stands above it.
    fn head(&self, index: usize) -> usize {
        self.within(index, |inner| inner.iter().find(|i| self.is_plain(**i, true)).copied())
    }

    /// Where an arrow from this box begins: in a cluster at its last state, so that what follows a
    /// cluster stands below it.
    fn tail(&self, index: usize) -> usize {
        self.within(index, |inner| inner.iter().rfind(|i| self.is_plain(**i, false)).copied())
    }

    fn is_plain(&self, index: usize, start: bool) -> bool {
        let kind = self.drawing.boxes[index].kind;
        if start { kind == ShapeKind::Start } else { kind == ShapeKind::State }
    }

    /// The box itself, or what `choose` takes of the boxes inside, in the order of printing.
    fn within(&self, index: usize, choose: impl Fn(&[usize]) -> Option<usize>) -> usize {
        if !is_cluster(&self.drawing.boxes[index]) {
            return index;
        }
        let mut inner = Vec::new();
        self.collect(index, &mut inner);
        // A cluster holds a state and a start, since `check` asks for both.
        choose(&inner).or(inner.first().copied()).unwrap_or(index)
    }

    fn collect(&self, place: usize, inner: &mut Vec<usize>) {
        for (index, shape) in self.drawing.boxes.iter().enumerate() {
            if shape.parent == Some(place) {
                match is_cluster(shape) {
                    true => self.collect(index, inner),
                    false => inner.push(index),
                }
            }
        }
    }

    fn clip(&self, end: &str, index: usize) -> String {
        let shape = &self.drawing.boxes[index];
        match is_cluster(shape) {
            true => format!(", {end}={}", quote(&format!("cluster_{}", shape.id))),
            false => String::new(),
        }
    }
}

fn is_cluster(shape: &Shape) -> bool {
    matches!(shape.kind, ShapeKind::Group | ShapeKind::Parallel)
}

/// The attributes of a plain box.
fn look(shape: &Shape) -> String {
    let title = quote(&escape(&shape.title));
    match shape.kind {
        ShapeKind::Start => {
            "shape=circle, style=filled, fillcolor=black, width=0.15, label=\"\"".into()
        }
        ShapeKind::End => {
            "shape=doublecircle, style=filled, fillcolor=black, width=0.1, label=\"\"".into()
        }
        ShapeKind::Choice => "shape=diamond, width=0.3, height=0.3, label=\"\"".into(),
        ShapeKind::Fork => {
            "shape=box, style=filled, fillcolor=black, width=0.8, height=0.06, label=\"\"".into()
        }
        ShapeKind::History => format!("shape=circle, width=0.3, margin=0.02, label={title}"),
        ShapeKind::Jump => format!("shape=box, style=\"rounded,dashed\", label={title}"),
        kind if shape.lines.is_empty() => {
            let style = if kind == ShapeKind::Whole { "rounded,dashed" } else { "rounded" };
            format!("shape=box, style=\"{style}\", label={title}")
        }
        kind => {
            let style = if kind == ShapeKind::Whole { "ROUNDED,DASHED" } else { "ROUNDED" };
            let lines: Vec<String> =
                shape.lines.iter().flat_map(|line| line.wrapped(LINE)).map(|l| html(&l)).collect();
            let border = if shape.mark == Some(Mark::Pivot) { " BORDER=\"3\"" } else { "" };
            format!(
                "shape=plain, label=<<TABLE STYLE=\"{style}\"{border} CELLBORDER=\"0\" CELLSPACING=\"0\" \
                 CELLPADDING=\"4\"><TR><TD>{}</TD></TR><HR/><TR><TD BALIGN=\"LEFT\">{}</TD></TR>\
                 </TABLE>>",
                html(&shape.title),
                lines.join("<BR/>"),
            )
        }
    }
}

/// What sets a box apart.
fn mark(shape: &Shape) -> &'static str {
    match shape.mark {
        // A pivot has lines, and so the border of its table.
        None | Some(Mark::Pivot) => "",
        Some(Mark::Back) => ", color=\"#d97706\", penwidth=1.5",
        Some(Mark::Failure) => ", color=\"#dc2626\", penwidth=1.5",
    }
}

/// A label with each line put to the left, as `\l` says.
fn lines(label: &Label, width: usize) -> String {
    label.wrapped(width).iter().map(|line| format!("{}\\l", escape(line))).collect()
}

/// Breaks a text into lines of about forty characters.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let count = word.chars().count();
        if length > 0 {
            let full = length + count >= LINE;
            out.push(if full { '\n' } else { ' ' });
            length = if full { 0 } else { length + 1 };
        }
        out.push_str(word);
        length += count;
    }
    out
}

/// Keeps Graphviz from reading `\N` and its like as the name of the box, and entities as letters.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('&', "&amp;").replace('\n', "\\n")
}

/// Text in a label that is like HTML. Control characters are not allowed there at all.
fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\\' => out.push_str("&#92;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A string of the language; backslashes stay, since they are escapes of labels.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
