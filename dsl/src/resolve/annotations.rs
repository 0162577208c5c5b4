//! What stands behind `@` in front of an item.

use super::suggest::{suggest, unknown};
use crate::ast::{Annotation, Expr, ExprKind, Meta, Modifier, Name, State};
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

/// What annotations stand in front of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// `machine`
    Machine,
    /// `state` or `region`
    State,
    /// `final state`
    FinalState,
    /// `event`
    Event,
    /// A field of the context.
    Field,
    /// `activity`
    Activity,
    /// A step of a saga.
    Step,
    /// Anything else, with its name: only `@allow` says something about it.
    Other(&'static str),
}

impl Subject {
    /// A state, or the step of a saga that it does.
    pub(super) fn of(state: &State) -> Self {
        let is_final = || state.modifiers.iter().any(|(of, _)| *of == Modifier::Final);
        match &state.part {
            Some(part) if part.role.is_step() => Self::Step,
            _ if is_final() => Self::FinalState,
            _ => Self::State,
        }
    }

    /// The subject with its article.
    fn words(self) -> &'static str {
        match self {
            Self::Machine => "a machine",
            Self::State => "a state",
            Self::FinalState => "a final state",
            Self::Event => "an event",
            Self::Field => "a field of the context",
            Self::Activity => "an activity",
            Self::Step => "a step",
            Self::Other(words) => words,
        }
    }

    /// What an annotation says something about, if this is none of it.
    fn is_not(self, annotation: &str) -> Option<&'static str> {
        let (fits, subjects) = match annotation {
            "id" | "was" => (
                matches!(self, Self::State | Self::FinalState | Self::Event | Self::Field),
                "states, regions, events and fields of the context",
            ),
            "outcome" => (self == Self::FinalState, "final states"),
            "readonly" => (matches!(self, Self::Activity | Self::Step), "activities and steps"),
            "strict" => (self == Self::Machine, "machines"),
            _ => (true, ""),
        };
        (!fits).then_some(subjects)
    }
}

/// Checks the annotations of an item, and collects what it allows inside `covers`.
pub(super) fn check(
    (subject, meta): (Subject, &Meta),
    covers: Span,
    allows: &mut Vec<Allow>,
    d: &mut Diagnostics,
) {
    for annotation in &meta.annotations {
        let name = annotation.name.text.as_str();
        if let Some(subjects) = subject.is_not(name) {
            let message = format!("`@{name}` says nothing about {}", subject.words());
            let help = format!("it stands in front of {subjects}");
            d.push(malformed(annotation, &message).help(help));
            continue;
        }
        let problem = match name {
            "allow" => allow(annotation, covers, allows),
            "id" | "was" => text_of(annotation)
                .is_none()
                .then(|| malformed(annotation, &format!("`@{name}(\"..\")` takes one text"))),
            "outcome" => (!matches!(annotation.word(), Some("failure" | "success")))
                .then(|| malformed(annotation, "an outcome is `failure` or `success`")),
            "readonly" | "strict" => (!annotation.args.is_empty())
                .then(|| malformed(annotation, &format!("`@{name}` takes nothing"))),
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
