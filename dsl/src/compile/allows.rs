//! `@allow(CODE, "reason")`: takes away the warnings that the author has answered.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::Allow;
use crate::span::{SourceId, Span};

/// Drops the warnings that stand inside an item whose `@allow` names their code. Errors stay.
/// Gives back those that took nothing away.
pub(super) fn apply(mut allows: Vec<Allow>, diagnostics: &mut Diagnostics) -> Vec<Allow> {
    allows.sort_by_key(|allow| allow.span.order());
    allows.dedup_by_key(|allow| allow.span.order());
    let mut used = vec![false; allows.len()];
    diagnostics.retain(|diagnostic| {
        let mut keep = true;
        for (allow, used) in allows.iter().zip(&mut used) {
            if diagnostic.severity == Severity::Warning
                && allow.code == diagnostic.code
                && covers(allow, diagnostic.primary)
            {
                (keep, *used) = (false, true);
            }
        }
        keep
    });
    let mut used = used.into_iter();
    allows.retain(|_| used.next() == Some(false));
    allows
}

fn covers(allow: &Allow, place: Span) -> bool {
    allow.covers.source == place.source
        && allow.covers.start <= place.start
        && place.end <= allow.covers.end
}

/// W0902: an `@allow` that takes nothing away says something that is not so, or not any more.
///
/// Only of the root file: not all rules look at what it imports. Nor of warnings that are not
/// looked for unless asked for, and of those that only `verify` finds.
pub(super) fn unused(unused: &[Allow], root: SourceId, diagnostics: &mut Diagnostics) {
    let answered =
        |span| unused.iter().any(|allow| allow.code == Code::UnusedAllow && covers(allow, span));
    for allow in unused {
        let is_looked_for =
            !allow.code.is_opt_in() && !allow.code.is_explored() && allow.code != Code::UnusedAllow;
        if is_looked_for && allow.span.source == root && !answered(allow.span) {
            let code = allow.code.short();
            let message = format!("this `@allow({code}, ..)` silences nothing");
            diagnostics.push(
                Diagnostic::new(Code::UnusedAllow, allow.span, message)
                    .note(format!("{code}: {}", allow.code.title()))
                    .help("remove it, or put it in front of the item that it is about")
                    .fix("remove it", allow.span, ""),
            );
        }
    }
}
