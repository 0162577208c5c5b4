//! What stands behind `@` in front of an item.

use super::suggest::{suggest, unknown};
use crate::ast::{Annotation, Expr, ExprKind, Meta, Name};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::Allow;
use crate::span::Span;

/// The names that something keeps across versions.
#[derive(Clone, Debug, Default)]
pub(super) struct Identity {
    /// `@id("..")`
    pub(super) id: Option<String>,
    /// `@was("..")`, each.
    pub(super) was: Vec<String>,
}

/// Reads `@id` and `@was`; [`check`] has said what is wrong with them.
pub(super) fn identity(meta: &Meta) -> Identity {
    let mut identity = Identity::default();
    for annotation in &meta.annotations {
        match (annotation.name.text.as_str(), text_of(annotation)) {
            ("id", Some(text)) => identity.id = Some(text.to_owned()),
            ("was", Some(text)) => identity.was.push(text.to_owned()),
            _ => {}
        }
    }
    identity
}

fn text_of(annotation: &Annotation) -> Option<&str> {
    match annotation.args.as_slice() {
        [Expr { kind: ExprKind::String(text), .. }] => Some(text),
        _ => None,
    }
}

fn name_of(expr: &Expr) -> Option<&Name> {
    match &expr.kind {
        ExprKind::Path(path) if path.segments.len() == 1 => path.segments.first(),
        _ => None,
    }
}

/// True with `@strict`.
pub(super) fn is_strict(meta: &Meta) -> bool {
    meta.annotations.iter().any(|a| a.name.text == "strict")
}

const KNOWN: [&str; 6] = ["allow", "id", "was", "outcome", "readonly", "strict"];

/// Like [`check`], for a machine, which alone can be strict.
pub(super) fn check_machine(
    meta: &Meta,
    covers: Span,
    allows: &mut Vec<Allow>,
    d: &mut Diagnostics,
) {
    let (strict, others): (Vec<_>, Vec<_>) =
        meta.annotations.iter().cloned().partition(|a| a.name.text == "strict");
    let with_values = strict.iter().filter(|annotation| !annotation.args.is_empty());
    d.extend(with_values.map(|annotation| malformed(annotation, "`@strict` takes nothing")));
    check(&Meta { annotations: others, ..Meta::default() }, covers, allows, d);
}

/// Checks the annotations of an item, and collects what it allows inside `covers`.
pub(super) fn check(meta: &Meta, covers: Span, allows: &mut Vec<Allow>, d: &mut Diagnostics) {
    for annotation in &meta.annotations {
        let problem = match annotation.name.text.as_str() {
            "allow" => allow(annotation, covers, allows),
            name @ ("id" | "was") => text_of(annotation)
                .is_none()
                .then(|| malformed(annotation, &format!("`@{name}(\"..\")` takes one text"))),
            "outcome" => (!matches!(annotation.word(), Some("failure" | "success")))
                .then(|| malformed(annotation, "an outcome is `failure` or `success`")),
            "readonly" => (!annotation.args.is_empty())
                .then(|| malformed(annotation, "`@readonly` takes nothing")),
            "strict" => Some(
                malformed(annotation, "only a machine is strict")
                    .help("put `@strict` in front of `machine`"),
            ),
            _ => {
                let known = KNOWN.iter().map(|name| (*name, Span::default()));
                Some(unknown(Code::UnknownName, "annotation", &annotation.name, known))
            }
        };
        if let Some(problem) = problem {
            d.push(problem);
        }
    }
}

fn malformed(annotation: &Annotation, message: &str) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, annotation.span, message)
}

/// Notes what an `@allow` allows, or says what is wrong with it.
fn allow(annotation: &Annotation, covers: Span, allows: &mut Vec<Allow>) -> Option<Diagnostic> {
    let Some(name) = annotation.args.first().and_then(name_of) else {
        let form = "`@allow(CODE, \"reason\")` takes a code and a reason";
        return Some(malformed(annotation, form));
    };
    let Some(code) = Code::find(&name.text) else { return Some(unknown_code(name)) };
    if code.severity() == Severity::Error {
        let message = format!("`{}` is an error and cannot be allowed", code.short());
        let diagnostic = Diagnostic::new(Code::TypeMismatch, name.span, message);
        return Some(diagnostic.at(code.title()).help("remove the `@allow` and what it is about"));
    }
    match &annotation.args[1..] {
        [Expr { kind: ExprKind::String(reason), .. }] if !reason.trim().is_empty() => {
            allows.push(Allow { code, covers, span: annotation.span });
            None
        }
        _ => {
            let help = format!("say why: `@allow({}, \"because ..\")`", code.short());
            Some(malformed(annotation, "`@allow` needs a reason").help(help))
        }
    }
}

fn unknown_code(name: &Name) -> Diagnostic {
    let message = format!("unknown code `{}`", name.text);
    let codes = Code::ALL.iter().map(|code| (code.short(), Span::default()));
    let warnings = codes.filter(|(code, _)| code.starts_with('W'));
    suggest(Diagnostic::new(Code::UnknownName, name.span, message), name, warnings)
}
