//! Finds the state that a path names.

use super::ctx::Ctx;
use super::suggest::suggest;
use crate::ast::{Name, Part, Path};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::StateId;
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// The state that `path` names in a statement of the state `from`; an error if there is none.
    ///
    /// The first name is looked for among the children of `from`, then among those of each state
    /// around it, and last in the whole machine if only one state has it there. Every other name
    /// is a child.
    pub(super) fn state(&mut self, from: StateId, path: &Path) -> Option<StateId> {
        let (first, rest) = path.segments.split_first()?;
        let mut state = self.first(from, first, path)?;
        for name in rest {
            let children = &self.tree.children[state.index()];
            match children.get(&name.text).or_else(|| children.get(&key(name))) {
                Some(child) => state = child,
                None => {
                    self.no_child(state, name);
                    return None;
                }
            }
        }
        Some(state)
    }

    fn first(&mut self, from: StateId, name: &Name, path: &Path) -> Option<StateId> {
        let tree = self.tree;
        let near = tree.around(from).find_map(|outer| tree.children[outer.index()].get(&name.text));
        if near.is_some() {
            return near;
        }
        match tree.by_name.get(name.text.as_str()).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            Some(several) => self.ambiguous(name, path, several),
            None => self.part_named(from, name, path),
        }
    }

    /// A state that a saga has made of a step, for which only names that nothing else has stand.
    fn part_named(&mut self, from: StateId, name: &Name, path: &Path) -> Option<StateId> {
        let (tree, key) = (self.tree, key(name));
        let near = tree.around(from).find_map(|outer| tree.children[outer.index()].get(&key));
        match (near, tree.by_name.get(key.as_str()).map(Vec::as_slice)) {
            (Some(state), _) => Some(state),
            (None, Some([state])) => Some(*state),
            (None, Some(several)) => self.ambiguous(name, path, several),
            (None, None) => {
                self.unknown_state(from, name);
                None
            }
        }
    }

    fn ambiguous(&mut self, name: &Name, path: &Path, several: &[StateId]) -> Option<StateId> {
        let tree = self.tree;
        // The rest of the path may tell them apart.
        let rest = &path.segments[1..];
        let mut fitting = several.iter().copied().filter(|start| {
            rest.iter()
                .try_fold(*start, |state, name| tree.children[state.index()].get(&name.text))
                .is_some()
        });
        if let (Some(one), None, [_, ..]) = (fitting.next(), fitting.next(), rest) {
            return Some(one);
        }
        let message = format!("{} states are called `{}`", several.len(), name.text);
        let mut diagnostic =
            Diagnostic::new(Code::UnknownState, name.span, message).at("which one is meant?");
        for state in several.iter().take(4) {
            let path = tree.path(*state);
            diagnostic = diagnostic.label(tree.get(*state).name.span, format!("`{path}`"));
        }
        self.error(
            diagnostic.help("write the path, beginning with a state that is seen from here"),
        );
        None
    }

    fn unknown_state(&mut self, from: StateId, name: &Name) {
        let tree = self.tree;
        let message = format!("unknown state `{}`", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownState, name.span, message);
        // Nearer states first: of two that are equally like it, the nearer one was meant.
        let near = tree.around(from).flat_map(|outer| self.names_in(outer));
        let anywhere = tree
            .by_name
            .values()
            .filter_map(|states| states.first())
            .map(|id| &tree.get(*id).name)
            .map(|name| (name.text.as_str(), name.span));
        let known = self.types.patience.with(near.chain(anywhere));
        let mut diagnostic = suggest(diagnostic, name, known);
        if self.symbols.events.get(&name.text).is_some() {
            diagnostic = diagnostic.note(format!("`{}` is an event", name.text));
        } else if diagnostic.fixes.is_empty() {
            diagnostic = diagnostic.help(format!("declare it: `state {}`", name.text));
        }
        self.error(diagnostic);
    }

    /// The names of the children of a state, as a text has them.
    fn names_in(&self, state: StateId) -> impl Iterator<Item = (&str, Span)> {
        let places = self.tree.children[state.index()].places();
        places.map(|(name, span)| (name.trim_start_matches(Part::MARK), span))
    }

    fn no_child(&mut self, state: StateId, name: &Name) {
        let around = self.tree.get(state);
        let message = format!("`{}` has no state `{}` in it", around.name.text, name.text);
        let diagnostic = Diagnostic::new(Code::UnknownState, name.span, message);
        let children = self.types.patience.with(self.names_in(state));
        let mut diagnostic = suggest(diagnostic, name, children);
        if diagnostic.fixes.is_empty() {
            let span = around.span;
            diagnostic = diagnostic.label(span, format!("`{}` is declared here", around.name.text));
        }
        if let Some([other]) = self.tree.by_name.get(name.text.as_str()).map(Vec::as_slice) {
            let path = self.tree.path(*other);
            diagnostic = diagnostic.help(format!("there is a state `{path}`"));
        }
        self.error(diagnostic);
    }
}

/// How a state is called that is made.
fn key(name: &Name) -> String {
    format!("{}{}", Part::MARK, name.text)
}
