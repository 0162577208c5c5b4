//! `@allow(CODE, "reason")`: takes away the warnings that the author has answered.

use crate::diagnostic::{Diagnostics, Severity};
use crate::model::Allow;

/// Drops the warnings that stand inside an item whose `@allow` names their code. Errors stay.
pub(super) fn apply(allows: &[Allow], diagnostics: &mut Diagnostics) {
    if allows.is_empty() {
        return;
    }
    diagnostics.retain(|diagnostic| {
        let place = diagnostic.primary;
        diagnostic.severity == Severity::Error
            || !allows.iter().any(|allow| {
                allow.code == diagnostic.code
                    && allow.covers.source == place.source
                    && allow.covers.start <= place.start
                    && place.end <= allow.covers.end
            })
    });
}
