//! Reactions: what they wait for, what they bind, and their branches.

use super::ctx::{Ctx, Scope, Want};
use super::names::{check_name, declared_twice};
use super::suggest::suggest;
use crate::ast::{self, Name, Outcome, Pattern, TriggerKind};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Binding, BindingField, Branch, Effect, Param, Reaction, ReactionId, StateId, StateKind, Target,
    Trigger, Ty,
};
use crate::span::Span;
use std::collections::BTreeMap;

/// Triggers that are words of the language.
const WORDS: [&str; 6] =
    ["done", "timeout", "converged", "exhausted", "compensated", "compensation_error"];

/// What a trigger carries.
pub(super) enum Payload {
    /// Fields that are declared somewhere.
    Declared {
        /// What it is, for messages.
        what: String,
        /// Where it is declared.
        declared: Option<Span>,
        /// Name and type of each part.
        fields: Vec<(String, Ty)>,
    },
    /// Only rustc knows.
    External,
    /// There was an error: names bind values of unknown type.
    Unknown,
}

impl Payload {
    pub(super) fn of(what: String, declared: Option<Span>, params: &[Param]) -> Self {
        let fields = params.iter().map(|p| (p.name.text.clone(), p.ty.clone())).collect();
        Self::Declared { what, declared, fields }
    }

    pub(super) fn parts(what: &str, parts: &[(&str, Ty)]) -> Self {
        let fields = parts.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect();
        Self::Declared { what: what.to_owned(), declared: None, fields }
    }
}

impl<'a> Ctx<'a, '_> {
    /// `on ..`
    pub(super) fn on(
        &mut self,
        id: StateId,
        written: &'a ast::Trigger,
        reaction: &'a ast::Reaction,
        span: Span,
    ) {
        if self.is_between_rounds(id, written) {
            return self.between_rounds(id, written, reaction, span);
        }
        let (trigger, payload) = self.trigger(id, written);
        let pattern = written.pattern.as_ref();
        let mut bindings = pattern.map(|pattern| self.bindings(Some(pattern), payload));
        if trigger == Some(Trigger::Result) {
            bindings = bindings.or_else(|| self.joined(id));
        }
        let head = Span { end: written.span.end, ..span };
        self.reaction(id, trigger, bindings, reaction, (span, head));
    }

    /// `after ..`, `every ..`, `always ..`
    pub(super) fn timed(
        &mut self,
        id: StateId,
        trigger: Trigger,
        reaction: &'a ast::Reaction,
        span: Span,
    ) {
        let end = match &trigger {
            Trigger::After(delay) | Trigger::Every(delay) => delay.span.end,
            _ => span.start + "always".len() as u32,
        };
        let head = Span { end, ..span };
        self.reaction(id, Some(trigger), None, reaction, (span, head));
    }

    /// The body is resolved even if the trigger is not known: it may have mistakes of its own.
    fn reaction(
        &mut self,
        source: StateId,
        trigger: Option<Trigger>,
        bindings: Option<Vec<Binding>>,
        written: &'a ast::Reaction,
        (span, head): (Span, Span),
    ) {
        let id = ReactionId(self.reactions.len() as u32);
        let (pattern, bindings) = (bindings.is_some(), bindings.unwrap_or_default());
        let scope = Scope { bindings: &bindings, reaction: id, ..Scope::of(source) };
        let (effects, branches) = self.outcomes(source, scope, written);
        let Some(trigger) = trigger else { return };
        let choice = written.choice;
        self.bodies[source.index()].reactions.push(id);
        self.reactions.push(Reaction {
            source,
            trigger,
            pattern,
            bindings,
            effects,
            choice,
            branches,
            span,
            head,
        });
    }

    /// The effects before a choice, and the branches.
    pub(super) fn outcomes(
        &mut self,
        source: StateId,
        scope: Scope<'_>,
        written: &'a ast::Reaction,
    ) -> (Vec<Effect>, Vec<Branch>) {
        let effects = self.effects(scope, &written.effects);
        let branches = written.branches.iter().map(|branch| self.branch(source, scope, branch));
        (effects, branches.collect())
    }

    fn branch(&mut self, source: StateId, scope: Scope<'_>, written: &'a ast::Branch) -> Branch {
        let guard = written.guard.as_ref();
        let guard = guard.map(|guard| self.expr(scope, guard, Want::new(&Ty::Bool)));
        let effects = self.effects(scope, &written.effects);
        let target = match &written.outcome {
            Outcome::Stay => Target::Stay,
            Outcome::Go(target) => self.target(source, scope, target).unwrap_or(Target::Stay),
            Outcome::Abort(span) => {
                self.abort(source, *span);
                Target::Stay
            }
        };
        Branch { guard, effects, target, span: written.span }
    }

    /// What a trigger is and carries; no trigger for an error, and for those of the outside.
    pub(super) fn trigger(
        &mut self,
        id: StateId,
        written: &'a ast::Trigger,
    ) -> (Option<Trigger>, Payload) {
        let name = match &written.kind {
            TriggerKind::Name(name) => name,
            TriggerKind::Error(error) => {
                return self.error_trigger(error.as_ref());
            }
        };
        let declared = self.declarations.external_events.is_none();
        if self.symbols.events.get(&name.text).is_none() {
            if name.text == "done" {
                let trigger = match self.outside.starts(id) {
                    true => Trigger::Result,
                    false => Trigger::Done,
                };
                return match self.done(id, written) {
                    Some(payload) => (Some(trigger), payload),
                    None => (None, Payload::Unknown),
                };
            }
            if let Some(found) = self.outside_trigger(id, name) {
                return found;
            }
        }
        let Some(event) = self.event_or(name, &WORDS) else { return (None, Payload::Unknown) };
        let payload = match self.declarations.events.get(event.index()) {
            Some(decl) if declared => {
                let what = format!("the event `{}`", name.text);
                Payload::of(what, Some(decl.name.span), &decl.params)
            }
            _ => Payload::External,
        };
        (Some(Trigger::Event(event)), payload)
    }

    /// `on done`: the payload is the data of the final state, or the result of what runs here.
    fn done(&mut self, id: StateId, written: &ast::Trigger) -> Option<Payload> {
        if let Some(parts) = self.outside.done_of(id) {
            let several = self.outside.several.get(&id).filter(|_| written.pattern.is_some());
            if let Some(report) = several.map(|several| several.taken(written.span)) {
                self.error(report);
                return Some(Payload::Unknown);
            }
            let parts: Vec<(&str, Ty)> = parts.iter().map(|ty| ("result", ty.clone())).collect();
            return Some(Payload::parts("`done`", &parts));
        }
        let tree = self.tree;
        let state = tree.get(id);
        match state.kind {
            StateKind::Parallel => return Some(Payload::parts("`done` of a parallel state", &[])),
            StateKind::Composite | StateKind::Region => {}
            // It has been said already that a final state reacts to nothing.
            StateKind::Final => return None,
            StateKind::Root | StateKind::Atomic => {
                self.never_done(id, written.span);
                return None;
            }
        }
        let ends = || {
            let children = state.children.iter().map(|child| tree.get(*child));
            children.filter(|child| child.kind == StateKind::Final)
        };
        let with_data = ends().find(|end| !end.data.is_empty());
        match with_data {
            Some(_) if written.pattern.is_some() && ends().count() > 1 => {
                let mut diagnostic = Diagnostic::new(
                    Code::TypeMismatch,
                    written.span,
                    format!(
                        "`{}` has several final states, and data can be taken of one alone",
                        state.name.text
                    ),
                )
                .at("which data is meant?");
                for end in ends().take(4) {
                    let says = format!("`{}` gives {}", end.name.text, self.types.given(&end.data));
                    diagnostic = diagnostic.label(end.name.span, says);
                }
                let way_out = "lead all ways to one final state, or keep in the context what `done` has to know";
                self.error(diagnostic.help(way_out));
                Some(Payload::Unknown)
            }
            Some(end) => {
                let what = format!("`done` of `{}`", state.name.text);
                Some(Payload::of(what, Some(end.name.span), &end.data))
            }
            None => Some(Payload::parts(&format!("`done` of `{}`", state.name.text), &[])),
        }
    }

    fn never_done(&mut self, id: StateId, span: Span) {
        let state = self.tree.get(id);
        let diagnostic = match state.kind {
            StateKind::Root => {
                Diagnostic::new(Code::Nesting, span, "a machine that is done reacts to nothing")
                    .at("never happens")
                    .help("do it on `entry` of the final state")
            }
            _ => {
                let message = format!("`{}` is never done", state.name.text);
                Diagnostic::new(Code::Nesting, span, message)
                    .at("never happens")
                    .label(state.span, "has no states in it and starts nothing")
            }
        };
        self.error(diagnostic);
    }

    /// The names of a pattern with the parts that they take.
    pub(super) fn bindings(
        &mut self,
        pattern: Option<&'a Pattern>,
        payload: Payload,
    ) -> Vec<Binding> {
        let Some(pattern) = pattern else { return Vec::new() };
        let (names, span, by_name) = match pattern {
            Pattern::Positional(names, span) => (names, *span, false),
            Pattern::Fields(names, span) => (names, *span, true),
        };
        self.check_names(names);
        let count = names.len() as u32;
        let unknown = |field, name: &Name| Binding { name: name.clone(), field, ty: Ty::Unknown };
        let bound = names.iter().enumerate().filter(|(_, name)| name.text != "_");
        match payload {
            Payload::Declared { what, declared, fields } if by_name => {
                self.by_name(names, &what, declared, &fields)
            }
            Payload::Declared { what, declared, fields } => {
                if fields.len() != names.len() {
                    self.wrong_count(&what, declared, fields.len(), names.len(), span);
                    let field = BindingField::Declared(0);
                    return bound.map(|(_, name)| unknown(field.clone(), name)).collect();
                }
                bound
                    .map(|(index, name)| Binding {
                        name: name.clone(),
                        field: BindingField::Declared(index as u32),
                        ty: fields[index].1.clone(),
                    })
                    .collect()
            }
            Payload::External | Payload::Unknown => bound
                .map(|(index, name)| {
                    let field = match by_name {
                        true => BindingField::Named(name.clone()),
                        false => BindingField::Position(index as u32, count),
                    };
                    unknown(field, name)
                })
                .collect(),
        }
    }

    fn by_name(
        &mut self,
        names: &'a [Name],
        what: &str,
        declared: Option<Span>,
        fields: &[(String, Ty)],
    ) -> Vec<Binding> {
        let places: BTreeMap<&str, usize> =
            fields.iter().enumerate().map(|(index, (field, _))| (field.as_str(), index)).collect();
        let mut found: Vec<(u32, Binding)> = Vec::new();
        for name in names.iter().filter(|name| name.text != "_") {
            let index = places.get(name.text.as_str()).copied();
            if index.is_none() {
                let message = format!("{what} has no field `{}`", name.text);
                let mut diagnostic = Diagnostic::new(Code::UnknownName, name.span, message);
                let known = fields.iter().map(|(field, _)| (field.as_str(), Span::default()));
                diagnostic = suggest(diagnostic, name, known);
                if let Some(span) = declared {
                    diagnostic = diagnostic.label(span, "declared here");
                }
                self.error(diagnostic);
            }
            let ty = index.map_or(Ty::Unknown, |index| fields[index].1.clone());
            let index = index.unwrap_or(0) as u32;
            let field = BindingField::Declared(index);
            found.push((index, Binding { name: name.clone(), field, ty }));
        }
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, binding)| binding).collect()
    }

    fn check_names(&mut self, names: &[Name]) {
        let mut known: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names.iter().filter(|name| name.text != "_") {
            check_name(name, self.d);
            match known.get(name.text.as_str()) {
                Some(first) => self.error(declared_twice("binding", name, *first)),
                None => {
                    known.insert(&name.text, name.span);
                }
            }
        }
    }
}
