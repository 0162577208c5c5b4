//! The arrows: initial entry, transitions, and the way out of final states.

use super::label::{before_choice, direct, outcome};
use super::{Arrow, BoxId, Draft, Label, Part, ShapeKind, sagas};
use crate::model::{Branch, Reaction, StateId, StateKind, Target, TargetState};

impl Draft<'_> {
    /// All arrows, state by state in document order.
    pub(super) fn arrows(&mut self) {
        for id in self.all() {
            self.initial(id);
            match sagas::role(self.state(id)) {
                Some(role) => self.saga(id, role),
                None => {
                    let rounds = self.state(id).rounds.as_ref();
                    for reaction in &self.state(id).reactions {
                        match rounds.filter(|rounds| rounds.between == *reaction) {
                            Some(rounds) => self.between(id, rounds),
                            None => self.reaction(&self.model.reactions[reaction.index()]),
                        }
                    }
                }
            }
            let parent = self.state(id).parent.filter(|at| self.state(*at).rounds.is_none());
            if let (StateKind::Final, Some(parent)) = (self.state(id).kind, parent) {
                let end = self.end(parent);
                if let Some(own) = self.of_state[id.index()] {
                    self.arrow(own, end, Label::default());
                }
            }
        }
    }

    pub(super) fn arrow(&mut self, from: BoxId, to: BoxId, label: Label) {
        self.arrows.push(Arrow { from, to, label });
    }

    fn initial(&mut self, id: StateId) {
        let Some(initial) = self.state(id).initial.as_ref() else { return };
        if !self.state(id).kind.is_exclusive() {
            return;
        }
        let start = self.start(id);
        let effects = initial.effects.iter().map(|e| self.text.effect(e)).collect();
        self.enter(
            start,
            self.of_state[id.index()],
            &initial.targets,
            Label::default().effects(effects),
        );
    }

    pub(super) fn reaction(&mut self, reaction: &Reaction) {
        let moves: Vec<(usize, &Branch)> = reaction
            .branches
            .iter()
            .enumerate()
            .filter(|(_, branch)| !matches!(branch.target, Target::Stay))
            .collect();
        let within = moves.iter().any(|(_, branch)| self.stays_within(reaction.source, branch));
        if moves.is_empty() {
            return;
        }
        let (from, room) = self.origin(reaction.source, within);
        if moves.len() == 1 {
            let (index, branch) = moves[0];
            let label = direct(self.text, self.model, reaction, index, branch);
            return self.leave(from, room, branch, label);
        }
        let name = format!("{}_choice", self.id(reaction.source));
        let diamond = self.shape(&name, ShapeKind::Choice, String::new(), room);
        self.arrow(from, diamond, before_choice(self.text, self.model, reaction));
        for (index, branch) in moves {
            self.leave(
                diamond,
                room,
                branch,
                outcome(self.text, self.model, reaction, index, branch),
            );
        }
    }

    /// True if a branch goes to something drawn inside its source.
    fn stays_within(&self, source: StateId, branch: &Branch) -> bool {
        let parallel = |state: StateId| self.state(state).kind == StateKind::Parallel;
        match &branch.target {
            Target::Stay | Target::Reenter(_) => false,
            Target::States(targets) => targets.iter().any(|t| self.is_inside(t.state, source)),
            Target::Initial(state, _) => *state == source,
            Target::History { state, .. } => {
                // The history of a parallel state is drawn beside it.
                (*state == source && !parallel(source)) || self.is_inside(*state, source)
            }
        }
    }

    /// Where arrows of a state begin, and the box in which there is room for what belongs to them.
    fn origin(&mut self, source: StateId, within: bool) -> (BoxId, Option<BoxId>) {
        match self.of_state[source.index()] {
            Some(own) if self.state(source).kind.is_leaf() || !within => (own, self.room(own)),
            inside => (self.whole(source), inside),
        }
    }

    /// The box around a box, but no parallel state: what stands there would look like a region.
    pub(super) fn room(&self, own: BoxId) -> Option<BoxId> {
        let parent = self.boxes[own].parent?;
        match self.boxes[parent].kind {
            ShapeKind::Parallel => self.boxes[parent].parent,
            _ => Some(parent),
        }
    }

    /// Draws one branch from `from` to where it goes; `room` is for what stands between.
    pub(super) fn leave(
        &mut self,
        from: BoxId,
        room: Option<BoxId>,
        branch: &Branch,
        label: Label,
    ) {
        match &branch.target {
            Target::Stay => {}
            Target::States(targets) => self.enter(from, room, targets, label),
            Target::Reenter(target) => {
                let label = with(label, self.text.data_given(target));
                let own =
                    self.of_state[target.state.index()].filter(|own| self.can_loop(*own, from));
                let to = own.unwrap_or_else(|| self.jump("reenter ", target.state, "", room));
                self.arrow(from, to, label);
            }
            Target::Initial(state, _) => {
                let to = match self.state(*state).kind.is_exclusive() {
                    true => self.start(*state),
                    false => self.jump("initial(", *state, ")", room),
                };
                self.arrow(from, to, label);
            }
            Target::History { state, deep, .. } => {
                let to = self.history(*state, *deep);
                self.arrow(from, to, label);
            }
        }
    }

    /// Draws the entry of one state, or of several through a bar.
    fn enter(&mut self, from: BoxId, room: Option<BoxId>, targets: &[TargetState], label: Label) {
        if let [target] = targets {
            let label = with(label, self.text.data_given(target));
            let to = self.target(from, target.state, room);
            return self.arrow(from, to, label);
        }
        let name = format!("{}_fork", self.boxes[from].id);
        let bar = self.shape(&name, ShapeKind::Fork, String::new(), room);
        self.arrow(from, bar, label);
        for target in targets {
            let to = self.target(bar, target.state, room);
            self.arrow(bar, to, with(Label::default(), self.text.data_given(target)));
        }
    }

    /// The box of a state, if an arrow from `from` can reach it.
    pub(super) fn target(&mut self, from: BoxId, state: StateId, room: Option<BoxId>) -> BoxId {
        let reachable = self.of_state[state.index()].filter(|to| !self.holds(*to, from));
        reachable.unwrap_or_else(|| self.jump("", state, "", room))
    }

    /// True if an arrow from `from` that leaves and enters the state of a box can end at that box:
    /// Mermaid draws one loop at a state, and none at a state with others in it.
    fn can_loop(&self, own: BoxId, from: BoxId) -> bool {
        let drawn = self.arrows.iter().any(|arrow| arrow.from == own && arrow.to == own);
        self.boxes[own].kind == ShapeKind::State && !(own == from && drawn)
    }

    /// True if `outer` is a box somewhere around `inner`.
    fn holds(&self, outer: BoxId, inner: BoxId) -> bool {
        std::iter::successors(self.boxes[inner].parent, |&at| self.boxes[at].parent)
            .any(|at| at == outer)
    }

    fn jump(&mut self, before: &str, state: StateId, behind: &str, room: Option<BoxId>) -> BoxId {
        let name = format!("{}_jump", self.id(state));
        let title = format!("{before}{}{behind}", self.text.state(state));
        self.shape(&name, ShapeKind::Jump, title, room)
    }

    fn history(&mut self, state: StateId, deep: bool) -> BoxId {
        let (key, title) = if deep { ("deep_history", "H*") } else { ("history", "H") };
        if let Some(found) = self.extra.get(&(state, key)) {
            return *found;
        }
        let name = format!("{}_{key}", self.id(state));
        let own = self.of_state[state.index()];
        let beside = own.filter(|own| self.boxes[*own].kind == ShapeKind::Parallel);
        let place = beside.map_or(own, |own| self.room(own));
        let drawn = self.shape(&name, ShapeKind::History, title.into(), place);
        self.extra.insert((state, key), drawn);
        if let Some(parallel) = beside {
            self.arrow(drawn, parallel, Label::default());
        }
        drawn
    }
}

/// Adds what is given to the data of the target.
fn with(mut label: Label, given: Vec<String>) -> Label {
    match label.0.last_mut() {
        Some(Part::Effects(effects)) => effects.extend(given),
        _ => label = label.effects(given),
    }
    label
}
