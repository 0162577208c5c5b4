//! Which states of two shapes are the same.

use super::document::Document;

/// For each old state the new one that it is, and the other way round.
pub(super) struct Pairs {
    pub(super) new_of: Vec<Option<usize>>,
    pub(super) old_of: Vec<Option<usize>>,
}

impl Pairs {
    /// A state is the same if both have one `@id`; if `@was` names the old one; or if it has the same
    /// name in the same state.
    pub(super) fn find(old: &Document, new: &Document) -> Self {
        let mut pairs =
            Self { new_of: vec![None; old.states.len()], old_of: vec![None; new.states.len()] };
        pairs.join(Some(0), 0);
        for (at, state) in new.states.iter().enumerate().filter(|(_, s)| s.id != s.path) {
            pairs.join(old.state(&state.id), at);
        }
        // Those around come before those inside, and old names before names.
        for parent in 0..new.states.len() {
            let children: Vec<usize> = new.children(parent).collect();
            let around = pairs.old_of[parent];
            for child in &children {
                let was = new.states[*child].was.iter();
                was.for_each(|name| pairs.join(named(old, around, name), *child));
            }
            for child in &children {
                let name = &new.states[*child].name;
                let same = around.and_then(|around| {
                    old.children(around).find(|old_child| old.states[*old_child].name == *name)
                });
                pairs.join(same, *child);
            }
        }
        for (at, state) in new.states.iter().enumerate() {
            pairs.join(old.state(&state.id), at);
        }
        pairs
    }

    /// The first that is found counts.
    fn join(&mut self, old: Option<usize>, new: usize) {
        let Some(old) = old else { return };
        if self.new_of[old].is_none() && self.old_of[new].is_none() {
            self.new_of[old] = Some(new);
            self.old_of[new] = Some(old);
        }
    }
}

/// The state that an old name means: an id, a path, or a name beside it.
fn named(old: &Document, around: Option<usize>, name: &str) -> Option<usize> {
    let path = name.replace("::", ".");
    let whole = |at: &usize| old.states[*at].id == name || old.states[*at].path == path;
    let beside = around
        .and_then(|around| old.children(around).find(|child| old.states[*child].name == name));
    beside.or_else(|| (1..old.states.len()).find(whole))
}
