//! Annotated modules: states that have more to them than their author has written. A loop has its
//! round, a saga its states and the results of its steps.

use super::{Emitter, RustOptions, names, needs};
use crate::ast::Role;
use crate::chart::Chart;
use crate::model::StateId;
use proc_macro2::{Ident, TokenStream};

/// A variant of an enum of states that is not as it was written.
#[derive(Debug)]
pub struct Grown {
    /// The enum.
    pub of: String,
    /// The variant, as the language names it.
    pub variant: String,
    /// What stands behind its name.
    pub form: TokenStream,
    /// The same as fields, with their types.
    pub fields: Vec<(Ident, TokenStream)>,
}

/// All of them, in the order of the states.
pub fn grown(chart: &Chart, options: &RustOptions) -> Vec<Grown> {
    let emitter = Emitter { chart, options, names: names::states(chart), needs: needs::of(chart) };
    emitter.ids().skip(1).filter_map(|id| emitter.grown(id)).collect()
}

impl Emitter<'_> {
    fn grown(&self, id: StateId) -> Option<Grown> {
        let state = self.chart.state(id);
        let grows = state.role == Some(Role::Saga)
            || state.data.iter().any(|param| param.made && !param.is_hidden());
        // Regions have no variant, and what is in a saga was not written at all.
        let around = state.parent.filter(|of| self.chart.state(*of).kind.is_exclusive())?;
        let is_written = self.chart.state(around).role.is_none();
        (grows && is_written).then(|| Grown {
            of: self.enum_name(around).to_string(),
            variant: state.name.text.clone(),
            form: self.variant_form(id),
            fields: self.variant_fields(id),
        })
    }

    /// The enums of states that nobody has written: those in sagas.
    pub(super) fn grown_enums(&self) -> TokenStream {
        let all = self.ids().filter(|id| {
            let state = self.chart.state(*id);
            state.kind.is_exclusive() && state.role.is_some()
        });
        all.map(|id| self.state_enum(id)).collect()
    }
}
