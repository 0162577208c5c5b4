//! What a diagram of a machine consists of, before any format: boxes in boxes, and arrows.
//!
//! One walk over the model makes it, `mermaid` and `dot` print it. The rules of drawing that are
//! not obvious, all of them because no layout program draws an arrow between a box and something
//! inside it:
//!
//! * What a composite, a region, a parallel state or the machine does without leaving itself
//!   starts at a box inside, "all of X", which also lists entry, exit and internal reactions.
//! * `initial(S)` goes to the initial dot of `S`.
//! * History is a box "H" or "H*" in the state; beside it, with an arrow to it, if the state is
//!   parallel, where a box inside would look like a region.
//! * Documentation stands below the name of a state, or in "all of X". Layout programs put notes on
//!   top of what is near. Only an outermost parallel state has one: a box inside would look like a
//!   region.
//! * What leads from one box to another is one arrow, with a line for each way: layout programs draw
//!   the labels of arrows that run side by side on top of each other.
//! * The final states of a loop lead to the choice between two rounds.
//! * A way to a state around the source, and what leaves and enters a state with others in it,
//!   ends in a box that names the state.

mod arrows;
mod fan_outs;
mod ids;
mod label;
mod loops;
mod sagas;

pub(super) use label::{Label, Part};

use super::text::Text;
use crate::ast::Role;
use crate::model::{Model, State, StateId, StateKind};
use ids::Ids;
use std::collections::BTreeMap;

/// Index into [`Drawing::boxes`].
pub(super) type BoxId = usize;

/// All of a diagram.
pub(super) struct Drawing {
    /// The name of the machine.
    pub(super) title: String,
    /// What its documentation says first.
    pub(super) about: Option<String>,
    /// Boxes, those around others first; states in document order, then what was added to them.
    pub(super) boxes: Vec<Shape>,
    /// Arrows, in document order of what they stand for.
    pub(super) arrows: Vec<Arrow>,
}

/// One box, dot or diamond.
pub(super) struct Shape {
    /// Unique; ASCII letters, digits and `_`; no word of Mermaid.
    pub(super) id: String,
    pub(super) kind: ShapeKind,
    /// What is written on it.
    pub(super) title: String,
    /// What is written below.
    pub(super) lines: Vec<Label>,
    /// What its documentation says first, of an outermost parallel state.
    pub(super) note: Option<String>,
    /// What sets it apart.
    pub(super) mark: Option<Mark>,
    /// The box around it.
    pub(super) parent: Option<BoxId>,
}

/// What sets a state apart from others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The step of a saga behind which nothing is taken back.
    Pivot,
    /// It is on the way back of a saga.
    Back,
    /// The machine has ended, and not well.
    Failure,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ShapeKind {
    /// An atomic or final state.
    State,
    /// A composite state or a region: a box around others.
    Group,
    /// A parallel state: a box around regions.
    Parallel,
    /// The dot that default entry starts from.
    Start,
    /// The ringed dot behind final states.
    End,
    Choice,
    /// The bar from which several targets are entered at once.
    Fork,
    /// "H" or "H*".
    History,
    /// "all of X".
    Whole,
    /// The name of a state to which no arrow can be drawn.
    Jump,
}

/// An arrow.
pub(super) struct Arrow {
    pub(super) from: BoxId,
    pub(super) to: BoxId,
    pub(super) label: Label,
}

/// Draws a model.
pub(super) fn draw(model: &Model) -> Drawing {
    let mut draft = Draft::new(model);
    draft.states();
    draft.lines();
    draft.arrows();
    Drawing {
        title: model.name.text.clone(),
        about: first_paragraph(&model.docs),
        boxes: draft.boxes,
        arrows: merged(draft.arrows),
    }
}

/// One arrow for all that have something to say between the same two boxes.
fn merged(arrows: Vec<Arrow>) -> Vec<Arrow> {
    let mut all: Vec<Arrow> = Vec::new();
    let mut known: BTreeMap<(BoxId, BoxId), usize> = BTreeMap::new();
    for arrow in arrows {
        let first = known.entry((arrow.from, arrow.to)).or_insert(all.len());
        match all.get_mut(*first).and_then(|first| {
            let label = first.label.merged(&arrow.label)?;
            first.label = label;
            Some(())
        }) {
            Some(()) => {}
            None => all.push(arrow),
        }
    }
    all
}

/// A drawing in the making.
struct Draft<'a> {
    model: &'a Model,
    text: Text<'a>,
    ids: Ids,
    boxes: Vec<Shape>,
    arrows: Vec<Arrow>,
    /// The box of each state; the root has none.
    of_state: Vec<Option<BoxId>>,
    /// Start, end, history and whole of each state that has one.
    extra: BTreeMap<(StateId, &'static str), BoxId>,
}

impl<'a> Draft<'a> {
    fn new(model: &'a Model) -> Self {
        Self {
            model,
            text: Text::new(model),
            ids: Ids::default(),
            boxes: Vec::new(),
            arrows: Vec::new(),
            of_state: vec![None; model.states.len()],
            extra: BTreeMap::new(),
        }
    }

    fn state(&self, state: StateId) -> &'a State {
        &self.model.states[state.index()]
    }

    fn all(&self) -> impl Iterator<Item = StateId> + use<> {
        (0..self.model.states.len() as u32).map(StateId)
    }

    /// One box a state, in document order, in which parents come first.
    fn states(&mut self) {
        for (id, name) in self.all().zip(ids::names(self.model)) {
            let state = self.state(id);
            let kind = match state.kind {
                StateKind::Root => continue,
                StateKind::Atomic | StateKind::Final => ShapeKind::State,
                StateKind::Composite | StateKind::Region => ShapeKind::Group,
                StateKind::Parallel => ShapeKind::Parallel,
            };
            let mut title = format!("{}{}", state.name.text, self.text.params(&state.data));
            if let Some(rounds) = &state.rounds {
                title = format!("loop {title}{}", self.text.rounds(rounds));
            }
            let place = state.parent.and_then(|parent| self.of_state[parent.index()]);
            let drawn = self.shape(&name, kind, title, place);
            self.boxes[drawn].note = first_paragraph(&state.docs).filter(|_| has_note(state));
            self.boxes[drawn].mark = match sagas::role(state) {
                Some(Role::Pivot) => Some(Mark::Pivot),
                Some(role) if role.is_backward() => Some(Mark::Back),
                _ => state.failure.then_some(Mark::Failure),
            };
            self.of_state[id.index()] = Some(drawn);
        }
    }

    fn shape(
        &mut self,
        name: &str,
        kind: ShapeKind,
        title: String,
        parent: Option<BoxId>,
    ) -> BoxId {
        let id = self.ids.claim(name);
        let (lines, note, mark) = (Vec::new(), None, None);
        self.boxes.push(Shape { id, kind, title, lines, note, mark, parent });
        self.boxes.len() - 1
    }

    /// The id of a state's box, to name what is added to it.
    fn id(&self, state: StateId) -> &str {
        self.of_state[state.index()].map_or("root", |drawn| &self.boxes[drawn].id)
    }

    /// The dot from which a state is entered by default.
    fn start(&mut self, state: StateId) -> BoxId {
        self.dot(state, "start", ShapeKind::Start)
    }

    /// The ringed dot behind the final states of a state.
    fn end(&mut self, state: StateId) -> BoxId {
        self.dot(state, "end", ShapeKind::End)
    }

    fn dot(&mut self, state: StateId, suffix: &'static str, kind: ShapeKind) -> BoxId {
        if let Some(found) = self.extra.get(&(state, suffix)) {
            return *found;
        }
        // Mermaid makes this id itself, which is why no other box may have it.
        let id = format!("{}_{suffix}", self.id(state));
        let parent = self.of_state[state.index()];
        let (title, lines, note, mark) = (String::new(), Vec::new(), None, None);
        self.boxes.push(Shape { id, kind, title, lines, note, mark, parent });
        self.extra.insert((state, suffix), self.boxes.len() - 1);
        self.boxes.len() - 1
    }

    /// The box "all of X" in a state that has others in it.
    fn whole(&mut self, state: StateId) -> BoxId {
        if let Some(found) = self.extra.get(&(state, "all")) {
            return *found;
        }
        let name = format!("{}_all", self.id(state));
        let title = format!("all of {}", self.state(state).name.text);
        let drawn = self.shape(&name, ShapeKind::Whole, title, self.of_state[state.index()]);
        self.extra.insert((state, "all"), drawn);
        drawn
    }

    /// Writes what each state is and does without leaving itself.
    fn lines(&mut self) {
        for id in self.all() {
            let state = self.state(id);
            let about = first_paragraph(&state.docs).filter(|_| !has_note(state));
            let about = about.map(|text| Label(vec![Part::Words(text)]));
            let lines: Vec<Label> = about.into_iter().chain(label::lines(self.model, id)).collect();
            if lines.is_empty() {
                continue;
            }
            let leaf = self.of_state[id.index()].filter(|_| state.kind.is_leaf());
            let drawn = leaf.unwrap_or_else(|| self.whole(id));
            self.boxes[drawn].lines = lines;
        }
    }

    /// True if `inner` is somewhere inside `outer`.
    fn is_inside(&self, inner: StateId, outer: StateId) -> bool {
        std::iter::successors(self.state(inner).parent, |&at| self.state(at).parent)
            .any(|at| at == outer)
    }
}

/// True if the documentation of a state is drawn beside it. That of the machine is not drawn at all:
/// it is the description of the whole picture.
fn has_note(state: &State) -> bool {
    match state.parent {
        None => true,
        Some(parent) => parent == StateId::ROOT && state.kind == StateKind::Parallel,
    }
}

/// The first paragraph of a documentation, on one line, cut at a word if it is long.
fn first_paragraph(docs: &[String]) -> Option<String> {
    const LONG: usize = 160;
    let lines = docs.iter().map(|line| line.trim());
    let lines = lines.skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let words = lines.flat_map(str::split_whitespace);
    let mut text = String::new();
    for word in words {
        if text.chars().count() + word.chars().count() > LONG {
            text.push('…');
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        // Back quotes mark code for rustdoc; here they would be two odd characters.
        text.extend(word.chars().filter(|c| *c != '`'));
    }
    (!text.is_empty()).then_some(text)
}
