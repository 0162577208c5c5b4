//! Which fields are set for sure: a forward dataflow over the states.
//!
//! Facts only grow along a run, for nothing unsets a field. So a history target that restores a
//! state needs no edge: the state was active before, its facts held then and hold still. Only the
//! default entry that a history target makes when there is nothing to restore counts, and, for a
//! shallow one, the default entry inside a child that was active before.
//!
//! At the end of a microstep everything that it entered is active, so what a state's reactions may
//! read is what is set at the end of every microstep that enters the state: parents gain from
//! children and regions from each other, as far as they are entered together. Sure exit effects are
//! those of the states between the source and what stays active; of what is active further inside,
//! that which holds of every child when it has been left.

use crate::check::bits::Bits;
use crate::check::entry::{self, Step};
use crate::check::facts::Facts;
use crate::model::{Branch, Effect, EffectKind, Reaction, StateId, StateKind, Target};
use std::collections::VecDeque;

/// Per state, the fields that are set for sure. Of states that nothing reaches: all.
pub(super) struct Flow {
    /// Just before its entry effects.
    pub(super) entering: Vec<Bits>,
    /// At the end of every microstep that enters it, so whenever it reacts.
    pub(super) active: Vec<Bits>,
    /// Just before its default entry.
    pub(super) choosing: Vec<Bits>,
    /// What its entry effects set.
    pub(super) entry_sets: Vec<Bits>,
    /// What its default entry sets, all the way down.
    pub(super) default_sets: Vec<Bits>,
    /// When what is inside it has been left, and it has not: what is known of the active child, or
    /// of all regions, and what their exits set.
    pub(super) emptied: Vec<Bits>,
    /// At the end of every microstep that chooses its default.
    chosen: Vec<Bits>,
    fields: usize,
}

/// What has to be looked at again.
#[derive(Clone, Copy)]
enum Node {
    Active(StateId),
    Choosing(StateId),
}

struct Work {
    list: VecDeque<Node>,
    /// Nodes that are in the list, and those that were ever.
    waiting: [Vec<bool>; 2],
    seen: [Vec<bool>; 2],
}

impl Work {
    fn add(&mut self, node: Node, changed: bool) {
        let (kind, state) = match node {
            Node::Active(state) => (0, state.index()),
            Node::Choosing(state) => (1, state.index()),
        };
        let first = !std::mem::replace(&mut self.seen[kind][state], true);
        if (changed || first) && !std::mem::replace(&mut self.waiting[kind][state], true) {
            self.list.push_back(node);
        }
    }
}

/// Adds what effects set.
pub(super) fn add_sets(effects: &[Effect], to: &mut Bits) {
    for effect in effects {
        if let EffectKind::Set(field, _) = effect.kind {
            to.insert(field.index());
        }
    }
}

impl Flow {
    pub(super) fn new(facts: &Facts, fields: usize) -> Self {
        let states = facts.model.states.len();
        let all = vec![Bits::all(fields); states];
        let none = vec![Bits::none(fields); states];
        let mut flow = Flow {
            entering: all.clone(),
            active: all.clone(),
            choosing: all.clone(),
            chosen: all.clone(),
            emptied: all,
            entry_sets: none.clone(),
            default_sets: none,
            fields,
        };
        flow.collect_sets(facts);
        let marks = || [vec![false; states], vec![false; states]];
        let mut work = Work { list: VecDeque::new(), waiting: marks(), seen: marks() };
        let start = [Step::Enter(StateId::ROOT, None), Step::Default(StateId::ROOT)];
        let nothing = Bits::none(fields);
        flow.enter(&start, nothing, &mut work);
        while let Some(node) = work.list.pop_front() {
            match node {
                Node::Active(state) => {
                    work.waiting[0][state.index()] = false;
                    flow.tell_outwards(facts, state, &mut work);
                    flow.react(facts, state, &mut work);
                }
                Node::Choosing(state) => {
                    work.waiting[1][state.index()] = false;
                    flow.choose(facts, state, &mut work);
                }
            }
        }
        flow
    }

    /// Nothing is known: with it, what is read is read of what was before.
    pub(super) fn blank(facts: &Facts, fields: usize) -> Self {
        let none = vec![Bits::none(fields); facts.model.states.len()];
        Flow {
            entering: none.clone(),
            active: none.clone(),
            choosing: none.clone(),
            chosen: none.clone(),
            emptied: none.clone(),
            entry_sets: none.clone(),
            default_sets: none,
            fields,
        }
    }

    /// No field.
    pub(super) fn nothing(&self) -> Bits {
        Bits::none(self.fields)
    }

    /// The fields that are set for sure when a branch enters its first state.
    pub(super) fn before_entry(&self, facts: &Facts, of: &Reaction, branch: &Branch) -> Bits {
        let mut now = self.before_effects(facts, of, branch);
        add_sets(&branch.effects, &mut now);
        now
    }

    /// The fields that are set for sure when the effects of a branch begin.
    pub(super) fn before_effects(&self, facts: &Facts, of: &Reaction, branch: &Branch) -> Bits {
        let mut now = self.active[of.source.index()].clone();
        add_sets(&of.effects, &mut now);
        let (tree, source) = (&facts.tree, of.source);
        let domain = entry::domain(tree, source, &branch.target);
        if domain.is_empty() {
            return now;
        }
        let stays = |outer: &StateId| domain.iter().any(|d| tree.contains(*outer, *d));
        for left in tree.ancestors(source).take_while(|outer| !stays(outer)) {
            add_sets(&tree.state(left).exit, &mut now);
            // Of a composite around the source the active child is the one on this way.
            if left == source || tree.kind(left) == StateKind::Parallel {
                now.add(&self.emptied[left.index()]);
            }
        }
        if domain.contains(&source) {
            now.add(&self.emptied[source.index()]);
        }
        now
    }

    /// What a step sets, with defaults all the way down.
    pub(super) fn step_sets(&self, step: Step) -> &Bits {
        match step {
            Step::Enter(state, _) => &self.entry_sets[state.index()],
            Step::Default(state) | Step::Restore(state) => &self.default_sets[state.index()],
        }
    }

    /// The innermost states have the highest ids, so defaults are known from behind.
    fn collect_sets(&mut self, facts: &Facts) {
        for index in (0..facts.model.states.len()).rev() {
            let (id, state) = (StateId(index as u32), &facts.model.states[index]);
            add_sets(&state.entry, &mut self.entry_sets[index]);
            let mut sets = self.nothing();
            if let Some(initial) = &state.initial {
                add_sets(&initial.effects, &mut sets);
            }
            entry::default_entry(&facts.tree, id, &mut |step| sets.add(self.step_sets(step)));
            self.default_sets[index] = sets;
            if state.kind.is_leaf() {
                self.emptied[index] = self.nothing();
            }
        }
    }

    fn react(&mut self, facts: &Facts, state: StateId, work: &mut Work) {
        for reaction in facts.reactions(state) {
            for branch in reaction.branches.iter().filter(|b| b.target != Target::Stay) {
                let now = self.before_entry(facts, reaction, branch);
                let mut steps = Vec::new();
                entry::walk(&facts.tree, state, &branch.target, &mut |step| steps.push(step));
                self.enter(&steps, now.clone(), work);
                if let Target::History { state: restored, .. } = branch.target {
                    self.enter_beside(facts, &steps, restored, now, work);
                }
            }
        }
        if shallowly_restored(facts, state) {
            let now = self.active[state.index()].clone();
            self.enter(&[Step::Default(state)], now, work);
        }
    }

    /// Less may be known of a state: so of the states around it when they are left.
    fn tell_outwards(&mut self, facts: &Facts, state: StateId, work: &mut Work) {
        let tree = &facts.tree;
        for (inner, outer) in tree.ancestors(state).zip(tree.ancestors(state).skip(1)) {
            let known = if tree.kind(outer) == StateKind::Parallel {
                let regions = tree.state(outer).children.iter();
                regions.fold(self.nothing(), |mut all, region| {
                    all.add(&self.when_left(facts, *region));
                    all
                })
            } else {
                self.when_left(facts, inner)
            };
            if !self.emptied[outer.index()].keep(&known) {
                break;
            }
            work.add(Node::Active(outer), true);
        }
    }

    /// What is known when a state has been left with everything inside it.
    fn when_left(&self, facts: &Facts, state: StateId) -> Bits {
        let mut known = self.active[state.index()].clone();
        known.add(&self.emptied[state.index()]);
        add_sets(&facts.tree.state(state).exit, &mut known);
        known
    }

    fn choose(&mut self, facts: &Facts, state: StateId, work: &mut Work) {
        let mut now = self.choosing[state.index()].clone();
        if let Some(initial) = &facts.tree.state(state).initial {
            add_sets(&initial.effects, &mut now);
        }
        let mut steps = Vec::new();
        entry::default_entry(&facts.tree, state, &mut |step| steps.push(step));
        let end = self.chosen[state.index()].clone();
        self.enter_until(&steps, now, &end, work);
    }

    fn enter(&mut self, steps: &[Step], now: Bits, work: &mut Work) {
        let mut end = now.clone();
        steps.iter().for_each(|step| end.add(self.step_sets(*step)));
        self.enter_until(steps, now, &end, work);
    }

    fn enter_until(&mut self, steps: &[Step], mut now: Bits, end: &Bits, work: &mut Work) {
        for step in steps {
            match *step {
                Step::Enter(state, _) => self.arrive(state, &now, end, work),
                Step::Default(state) | Step::Restore(state) => {
                    let changed = self.choosing[state.index()].keep(&now)
                        | self.chosen[state.index()].keep(end);
                    work.add(Node::Choosing(state), changed);
                }
            }
            now.add(self.step_sets(*step));
        }
    }

    fn arrive(&mut self, state: StateId, now: &Bits, end: &Bits, work: &mut Work) {
        self.entering[state.index()].keep(now);
        let changed = self.active[state.index()].keep(end);
        work.add(Node::Active(state), changed);
    }

    /// A history target that restores something: what it enters beside the restored state gains
    /// nothing from that state's default entry.
    fn enter_beside(
        &mut self,
        facts: &Facts,
        steps: &[Step],
        restored: StateId,
        mut now: Bits,
        work: &mut Work,
    ) {
        if steps.len() == 1 {
            return;
        }
        let mut end = now.clone();
        for step in steps.iter().filter(|s| !matches!(s, Step::Restore(_))) {
            end.add(self.step_sets(*step));
        }
        for step in steps {
            match *step {
                Step::Enter(state, _) if !facts.tree.contains(state, restored) => {
                    self.arrive(state, &now, &end, work);
                }
                Step::Default(state) => {
                    let changed = self.choosing[state.index()].keep(&now)
                        | self.chosen[state.index()].keep(&end);
                    work.add(Node::Choosing(state), changed);
                }
                Step::Enter(..) | Step::Restore(_) => {}
            }
            if !matches!(step, Step::Restore(_)) {
                now.add(self.step_sets(*step));
            }
        }
    }
}

/// True if a shallow history target may enter the state and then choose its default.
fn shallowly_restored(facts: &Facts, state: StateId) -> bool {
    if facts.tree.kind(state).is_leaf() || facts.tree.kind(state) == StateKind::Region {
        return false;
    }
    facts
        .tree
        .ancestors(state)
        .skip(1)
        .take(2)
        .enumerate()
        .take_while(|(steps, around)| {
            *steps == 0 || facts.tree.kind(*around) == StateKind::Parallel
        })
        .any(|(_, around)| facts.restored_shallowly(around))
}
