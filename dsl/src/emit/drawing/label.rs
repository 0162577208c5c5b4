//! What is written on arrows and below the names of states: `Event(x) [guard] / effect, effect`.

use super::super::text::{Called, Text};
use super::{fan_outs, sagas};
use crate::model::{Branch, Effect, Model, Reaction, StateId, Target};

/// A label, as the parts that may stand on lines of their own.
#[derive(Clone, Default)]
pub(in super::super) struct Label(pub(in super::super) Vec<Part>);

/// A part of a label.
#[derive(Clone)]
pub(in super::super) enum Part {
    /// What is waited for, or a word such as `entry`.
    Trigger(String),
    /// A condition, shown in brackets.
    Guard(String),
    /// Effects in order, shown behind a slash.
    Effects(Vec<String>),
    /// Documentation, broken between words.
    Words(String),
    /// What follows is another way between the same two boxes, and begins a line.
    Or,
}

impl Label {
    pub(super) fn trigger(text: impl Into<String>) -> Self {
        Self(vec![Part::Trigger(text.into())])
    }

    pub(super) fn effects(mut self, effects: Vec<String>) -> Self {
        if !effects.is_empty() {
            self.0.push(Part::Effects(effects));
        }
        self
    }

    pub(super) fn guard(mut self, guard: Option<String>) -> Self {
        self.0.extend(guard.map(Part::Guard));
        self
    }

    /// What a call says: how it is called may stand on a line of its own.
    pub(super) fn called(called: Called) -> Self {
        let Called { word, call, how } = called;
        Self::trigger(format!("{word} {call}")).and(how)
    }

    pub(super) fn and(mut self, clause: Option<String>) -> Self {
        self.0.extend(clause.map(Part::Trigger));
        self
    }

    /// One label for two arrows, if both have one.
    pub(super) fn merged(&self, other: &Self) -> Option<Self> {
        let is_told = !self.0.is_empty() && !other.0.is_empty();
        let parts = || self.0.iter().cloned().chain([Part::Or]).chain(other.0.iter().cloned());
        is_told.then(|| parts().collect())
    }

    /// All of it on lines of at most `width` characters, broken between parts and effects only.
    pub(in super::super) fn wrapped(&self, width: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (at, part) in self.0.iter().enumerate() {
            let mut is_other = at > 0 && matches!(self.0[at - 1], Part::Or);
            for piece in part.pieces() {
                match lines.last_mut() {
                    _ if std::mem::take(&mut is_other) => lines.push(format!("or {piece}")),
                    Some(last) if last.chars().count() + piece.chars().count() < width => {
                        last.push(' ');
                        last.push_str(&piece);
                    }
                    _ => lines.push(piece),
                }
            }
        }
        lines
    }
}

impl Part {
    /// What stays together.
    fn pieces(&self) -> Vec<String> {
        match self {
            Self::Trigger(text) => vec![cut(text)],
            Self::Guard(text) => vec![format!("[{}]", cut(text))],
            Self::Effects(list) => {
                let pieces = list.iter().enumerate().map(|(index, effect)| {
                    let slash = if index == 0 { "/ " } else { "" };
                    let comma = if index + 1 == list.len() { "" } else { "," };
                    format!("{slash}{}{comma}", cut(effect))
                });
                pieces.collect()
            }
            Self::Words(text) => text.split(' ').map(String::from).collect(),
            Self::Or => Vec::new(),
        }
    }
}

/// Nobody reads a formula of a thousand characters in a picture.
fn cut(text: &str) -> String {
    const LONG: usize = 120;
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

/// What a state does without leaving itself, a line each.
pub(super) fn lines(model: &Model, id: StateId) -> Vec<Label> {
    let text = Text::new(model);
    let state = &model.states[id.index()];
    let effects = |list: &[Effect]| sagas::effects(text, model, list);
    let mut lines = Vec::new();
    for (word, list) in [("entry", &state.entry), ("exit", &state.exit)] {
        if !list.is_empty() {
            lines.push(Label::trigger(word).effects(effects(list)));
        }
    }
    if let Some(invoke) = &state.invoke {
        let own = sagas::role(state).map(|role| sagas::word(role).to_owned());
        for called in text.calls(invoke) {
            let word = own.clone().unwrap_or(called.word);
            lines.push(Label::called(Called { word, ..called }));
        }
    }
    if let Some(fan_out) = &state.fan_out {
        lines.extend(fan_outs::lines(text, fan_out));
    }
    for reaction in state.reactions.iter().map(|id| &model.reactions[id.index()]) {
        for (index, branch) in reaction.branches.iter().enumerate() {
            if matches!(branch.target, Target::Stay) {
                lines.push(direct(text, model, reaction, index, branch));
            }
        }
    }
    for (word, events) in [("defer", &state.defer), ("ignore", &state.ignore)] {
        // What a saga refuses goes without saying.
        if sagas::role(state).is_none() && !events.is_empty() {
            let names = events.iter().map(|(event, _)| text.event(*event)).collect::<Vec<_>>();
            lines.push(Label::trigger(format!("{word} {}", names.join(", "))));
        }
    }
    lines
}

/// A branch with its trigger, where no diamond is drawn.
pub(super) fn direct(
    text: Text,
    model: &Model,
    reaction: &Reaction,
    index: usize,
    branch: &Branch,
) -> Label {
    before_choice(text, model, reaction)
        .0
        .into_iter()
        .chain(outcome(text, model, reaction, index, branch).0)
        .collect()
}

/// The trigger, and the effects that run before guards are read.
pub(super) fn before_choice(text: Text, model: &Model, reaction: &Reaction) -> Label {
    let effects = sagas::effects(text, model, &reaction.effects);
    Label::trigger(text.trigger(reaction)).effects(effects)
}

/// The guard and effects of a branch.
pub(super) fn outcome(
    text: Text,
    model: &Model,
    reaction: &Reaction,
    index: usize,
    branch: &Branch,
) -> Label {
    let guard = match &branch.guard {
        Some(guard) => Some(text.expr(guard)),
        None => (reaction.choice && index > 0).then(|| "else".to_string()),
    };
    let effects = sagas::effects(text, model, &branch.effects);
    Label::default().guard(guard).effects(effects)
}

impl FromIterator<Part> for Label {
    fn from_iter<T: IntoIterator<Item = Part>>(parts: T) -> Self {
        Self(parts.into_iter().collect())
    }
}
