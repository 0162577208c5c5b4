//! What `migrate` blocks read of an old shape, held to it.

use super::fields::was;
use super::{Comparison, Difference, FieldShape};

impl Comparison {
    /// What the block that takes the old version reads and cannot have. Later blocks read what this
    /// one, or a program in between, has made.
    pub(super) fn reading_differences(&self, found: &mut Vec<Difference>) {
        let mut blocks = self.new.migrations.iter();
        let Some(block) = blocks.find(|block| block.from == self.old.version) else { return };
        let context = "the old context".to_owned();
        found.extend(block.old.iter().filter_map(|f| self.reading(f, &self.old.context, &context)));
        for moved in &block.states {
            let path = moved.old.replace('.', "::");
            let Some(state) = self.old.states.iter().find(|state| state.path == moved.old) else {
                let what = format!("state `{path}`, of which `{}` speaks,", self.block());
                let way_out = "the whole path names an old state: `Outer::Inner`";
                found.push(Difference::refused(what, "was not there", way_out));
                continue;
            };
            let of = format!("the old state `{path}`");
            let data = moved.data.iter();
            found.extend(data.filter_map(|field| self.reading(field, &state.data, &of)));
        }
    }

    fn reading(&self, read: &FieldShape, known: &[FieldShape], of: &str) -> Option<Difference> {
        let what = format!("`{}`, which `{}` reads of {of},", read.name, self.block());
        let Some(old) = known.iter().find(|old| old.name == read.name) else {
            let names: Vec<String> = known.iter().map(|old| format!("`{}`", old.name)).collect();
            let has = match names.is_empty() {
                true => "nothing can be read of it".to_owned(),
                false => format!("it has {}", names.join(", ")),
            };
            return Some(Difference::refused(what, "was not there", has));
        };
        if self.types().field(old, read) {
            return None;
        }
        let ty = if old.late { format!("Option<{}>", old.ty) } else { old.ty.clone() };
        let way_out = format!("write `{}: {ty}`", read.name);
        Some(Difference::refused(what, was(old, read).replace(" now", " here"), way_out))
    }
}
