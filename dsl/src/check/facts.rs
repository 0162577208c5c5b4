//! What several rules need to know of a model, worked out once.

use super::bits::Bits;
use super::graph::Graph;
use super::tree::Tree;
use crate::model::{
    ContextDecl, ExprKind, Model, Reaction, ReactionId, StateId, StateKind, Target,
};

/// A model with the answers to common questions.
pub(super) struct Facts<'m> {
    pub(super) model: &'m Model,
    pub(super) tree: Tree<'m>,
    pub(super) graph: Graph,
    active: Bits,
    shallow: Bits,
}

impl<'m> Facts<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let tree = Tree::new(model);
        let graph = Graph::new(model, &tree);
        let active = graph.active();
        let mut shallow = Bits::none(model.states.len());
        for reaction in model.reactions.iter().filter(|r| active.has(r.source.index())) {
            for branch in &reaction.branches {
                if let Target::History { state, deep: false, .. } = branch.target {
                    shallow.insert(state.index());
                }
            }
        }
        Self { model, tree, graph, active, shallow }
    }

    /// True if some run, whatever guards say, makes the state active.
    pub(super) fn is_active(&self, state: StateId) -> bool {
        self.active.has(state.index())
    }

    /// True if some shallow history target names the state.
    pub(super) fn restored_shallowly(&self, state: StateId) -> bool {
        self.shallow.has(state.index())
    }

    /// True for a state that a saga has made: what is said of its steps is said by the rules for sagas.
    pub(super) fn is_part(&self, state: StateId) -> bool {
        self.tree.state(state).part.as_ref().is_some_and(|part| part.key.is_some())
    }

    pub(super) fn reaction(&self, id: ReactionId) -> &'m Reaction {
        &self.model.reactions[id.index()]
    }

    /// What a state reacts to itself.
    pub(super) fn reactions(&self, state: StateId) -> impl Iterator<Item = &'m Reaction> + '_ {
        self.tree.state(state).reactions.iter().map(|id| self.reaction(*id))
    }

    /// The name of a field, or of data of a state, that an expression reads; empty for another expression.
    pub(super) fn field_name<'a>(&'a self, field: &'a ExprKind) -> &'a str {
        match (field, &self.model.declarations.context) {
            (ExprKind::Context(id), ContextDecl::Declared(fields)) => {
                &fields[id.index()].param.name.text
            }
            (ExprKind::ExternalContext(name), _) => &name.text,
            (ExprKind::StateData(state, at), _) => {
                &self.tree.state(*state).data[*at as usize].name.text
            }
            _ => "",
        }
    }

    /// True if the state can come to its end: a final child, or all regions at theirs.
    pub(super) fn can_complete(&self, state: StateId) -> bool {
        let children = &self.tree.state(state).children;
        let ends =
            |child: &StateId| self.tree.kind(*child) == StateKind::Final && self.is_active(*child);
        match self.tree.kind(state) {
            StateKind::Parallel => children.iter().all(|region| self.can_complete(*region)),
            _ => children.iter().any(ends),
        }
    }
}
