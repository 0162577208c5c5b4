//! Declarations of the outside in a machine: key, errors, activities, loops.

use crate::ast::{self, MachineItem, Name};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::failures;
use crate::model::{ActivityKind, ContextDecl, ErrorId, IntTy, StateId, Ty};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::names::declared_twice;
use crate::resolve::suggest::unknown;
use crate::span::Span;

/// What the name of an error is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::resolve) enum Named {
    /// `on error Name`
    Caught,
    /// `raises Name`
    Raised,
    /// `fallback on Name`
    TakenOver,
    /// `retry .. on Name`
    Retried,
    /// `given f(..) = error Name`
    Given,
}

impl Named {
    /// What to write, where declaring an error with the name of one that is not declared does not help.
    fn instead(self, name: &str, maker: &str) -> Option<String> {
        match self {
            Self::Caught => Some(format!(
                "{maker} ends with it; catch it by its name: \
                 `on error(e) {{ if e.name == \"{name}\" -> ..  else -> .. }}`"
            )),
            Self::TakenOver => Some(
                "leave it out: a fallback is tried behind what is not declared in any case"
                    .to_owned(),
            ),
            Self::Raised if name == failures::UNEXPECTED => {
                Some("leave it out: every activity can end with it".to_owned())
            }
            Self::Given if name == failures::UNEXPECTED => {
                Some("write what it says: `error \"the line is cut\"`".to_owned())
            }
            Self::Retried if name == failures::DEADLINE => {
                Some("leave it out: behind a deadline nothing is tried again".to_owned())
            }
            Self::Raised | Self::Retried | Self::Given => None,
        }
    }
}

impl<'a> Ctx<'a, '_> {
    /// What a machine says about the outside before its states.
    pub(in crate::resolve) fn outside_heads(
        &mut self,
        machine: &'a ast::Machine,
        imported: &[&'a ast::Machine],
    ) {
        for machine in imported {
            for item in &machine.items {
                if let MachineItem::Policy(policy) = item {
                    self.policy(policy, Some(&machine.name.text));
                }
            }
        }
        for item in &machine.items {
            match item {
                MachineItem::Key(name) => self.key(name),
                MachineItem::Activity { raises, .. } => {
                    for name in raises {
                        self.error_of(name, Named::Raised);
                    }
                }
                MachineItem::Policy(policy) => self.policy(policy, None),
                _ => {}
            }
        }
    }

    fn key(&mut self, name: &'a Name) {
        if let Some((_, first)) = self.key {
            self.error(declared_twice("key", name, first));
            return;
        }
        let found = self.symbols.fields.get(&name.text);
        let ContextDecl::Declared(fields) = &self.declarations.context else {
            let message = "the key is a field of a context that the machine declares";
            self.error(
                Diagnostic::new(Code::TypeMismatch, name.span, message)
                    .help("declare the fields: `context { .. }`"),
            );
            return;
        };
        let Some(id) = found else {
            let places = self.symbols.fields.places();
            let diagnostic = unknown(Code::UnknownName, "context field", name, places);
            self.error(diagnostic);
            return;
        };
        self.used.fields_read.insert(id);
        self.key = Some((id, name.span));
        let field = &fields[id.index()];
        let message = if field.late {
            "the key is known from the start, and this field is `late`".to_owned()
        } else if matches!(field.param.ty, Ty::String | Ty::Int(_) | Ty::Rust { .. } | Ty::Unknown)
        {
            return;
        } else {
            format!("a `{}` is no key", self.types.text(&field.param.ty))
        };
        self.error(
            Diagnostic::new(Code::TypeMismatch, name.span, message)
                .label(field.param.name.span, "declared here")
                .help("a key is a `String`, an integer, or a Rust type that can be displayed"),
        );
    }

    /// A declared error; an error if there is none.
    pub(in crate::resolve) fn error_of(
        &mut self,
        name: &Name,
        named: Named,
    ) -> Option<(ErrorId, Span)> {
        let symbols = self.symbols;
        let found = symbols.errors.find(&name.text);
        match found {
            Some((id, place)) => {
                self.used.errors.insert(id);
                // What an import says itself is for its own machine.
                if name.span.source == self.outside.own.name.span.source {
                    self.d.extend(symbols.brought_errors.unclear("an error", name, place));
                }
            }
            None => self.unknown_error(name, named),
        }
        found
    }

    fn unknown_error(&mut self, name: &Name, named: Named) {
        let text = &name.text;
        let has_children = || {
            let mut made = self.outside.made.iter();
            made.any(|(_, made)| matches!(made.kind, ActivityKind::Machine(_)))
        };
        let is_free = failures::NOT_RUN.contains(&text.as_str()) && !has_children();
        let maker = failures::maker(text).filter(|_| !is_free);
        if let Some(help) = maker.and_then(|maker| named.instead(text, maker)) {
            let message = format!("unknown error `{text}`");
            let report = Diagnostic::new(Code::UnknownEvent, name.span, message);
            return self.error(report.at("no machine declares it").help(help));
        }
        let errors = self.symbols.errors.places();
        let mut diagnostic = unknown(Code::UnknownEvent, "error", name, errors);
        if diagnostic.fixes.is_empty() {
            diagnostic = diagnostic.help(format!("declare it: `error {text}`"));
        }
        self.error(diagnostic);
    }

    /// A share, as `20%`.
    pub(super) fn percent(&mut self, share: &'a ast::Expr) {
        match share.kind {
            ast::ExprKind::Percent(percent) if percent <= 100 => {}
            _ => self.error(
                Diagnostic::new(
                    Code::TypeMismatch,
                    share.span,
                    "a share is between `0%` and `100%`",
                )
                .at("not a share"),
            ),
        }
    }

    /// A number, or a share of the whole.
    pub(super) fn count_or_percent(&mut self, written: &'a ast::Expr) {
        match written.kind {
            ast::ExprKind::Percent(_) => self.percent(written),
            _ => {
                self.expr(Scope::CONSTANT, written, Want::new(&Ty::Int(IntTy::U64)));
            }
        }
    }

    /// `max` and `deadline` of a loop.
    pub(in crate::resolve) fn loop_options(&mut self, id: StateId, written: &'a ast::State) {
        if self.tree.special.get(&id) == Some(&ast::Modifier::Loop) {
            return self.begin_loop(id, written);
        }
        if let Some(max) = &written.max {
            self.infer(Scope::of(id), max, None);
            self.loops_only("max", max.span);
        }
        if let Some(deadline) = &written.deadline {
            self.infer(Scope::of(id), deadline, None);
            self.loops_only("deadline", deadline.span);
        }
    }

    fn loops_only(&mut self, word: &str, span: Span) {
        let message = format!("`{word}` belongs to a `loop state`");
        self.error(
            Diagnostic::new(Code::Nesting, span, message).help("write `loop` before `state`"),
        );
    }
}
