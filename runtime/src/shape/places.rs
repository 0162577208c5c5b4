//! Rules for where an instance is.

use super::{Comparison, Difference, state_name, target};

impl Comparison {
    /// The new state of an instance that is in an old one.
    pub(crate) fn place(&self, old: usize) -> Result<usize, Difference> {
        let shape = &self.old.states[old];
        let what = state_name(shape);
        let name = target(shape);
        let Some(new) = self.new_of(old) else {
            let way_out = format!(
                "`state {name} -> ..` in `{} {{ .. }}` says where, or `@was(\"{}\")` in front of the state that it is now",
                self.block(),
                shape.name
            );
            return Err(Difference::refused(what, "is gone: instances in it are nowhere", way_out));
        };
        let now = &self.new.states[new];
        let is_final = |kind: &str| kind == "final";
        if is_final(&shape.kind) != is_final(&now.kind) {
            let why = format!("was {} and is {} now", article(&shape.kind), article(&now.kind));
            let way_out = format!("`state {name} -> ..` in `{} {{ .. }}` says where", self.block());
            return Err(Difference::refused(what, why, way_out));
        }
        if self.is_beside_others(old, new) {
            let way_out = format!("`state {name} -> ..` in `{} {{ .. }}` says where", self.block());
            return Err(Difference::refused(what, "stands in another region now", way_out));
        }
        self.in_saga(old, new)?;
        Ok(new)
    }

    /// True if states that were active at the same time as this one, in another region, can stand in
    /// its place now.
    fn is_beside_others(&self, old: usize, new: usize) -> bool {
        let slot = |document: &super::Document, state| {
            let region = |at: &usize| matches!(&*document.states[*at].kind, "region" | "root");
            document.around(state).find(region)
        };
        let (here, there) = (slot(&self.old, old), slot(&self.new, new));
        let mut others = (0..self.old.states.len()).filter_map(|other| {
            let now = self.new_of(other)?;
            let is_leaf = self.old.children(other).next().is_none();
            (is_leaf && slot(&self.new, now) == there).then_some(slot(&self.old, other))
        });
        others.any(|other| other != here)
    }
}

fn article(kind: &str) -> &'static str {
    match kind {
        "final" => "final",
        _ => "not final",
    }
}
