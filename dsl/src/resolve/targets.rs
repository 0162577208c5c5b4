//! Where reactions go.

use super::ctx::{Ctx, Scope};
use crate::ast::{self, Part, Path, Role, TargetKind};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{StateId, StateKind, Target, TargetState};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// What stands behind `->` in a reaction of the state `from`; `None` after an error.
    pub(super) fn target(
        &mut self,
        from: StateId,
        scope: Scope<'_>,
        written: &'a ast::Target,
    ) -> Option<Target> {
        let span = written.span;
        match &written.kind {
            TargetKind::States(states) => {
                let targets = self.target_states(from, scope, states)?;
                Some(Target::States(targets))
            }
            TargetKind::Reenter(state) => {
                let target = self.target_state(from, scope, state)?;
                self.must_be_around(from, target.state, "reenter", state.path.span)?;
                Some(Target::Reenter(target))
            }
            TargetKind::Initial(path) => {
                let state = self.state(from, path)?;
                self.must_be_around(from, state, "initial", path.span)?;
                self.must_hold_states(state, "initial", path.span)?;
                self.must_begin_anew(state, "initial", path.span)?;
                Some(Target::Initial(state, span))
            }
            TargetKind::History { state: path, deep } => {
                let state = self.state(from, path)?;
                let word = if *deep { "deep_history" } else { "history" };
                self.must_hold_states(state, word, path.span)?;
                self.must_begin_anew(state, word, path.span)?;
                Some(Target::History { state, deep: *deep, span })
            }
        }
    }

    /// The target of `initial ->`: states inside.
    pub(super) fn initial_targets(
        &mut self,
        id: StateId,
        written: &'a ast::Target,
    ) -> Option<Vec<TargetState>> {
        let TargetKind::States(states) = &written.kind else {
            self.error(
                Diagnostic::new(Code::Nesting, written.span, "`initial ->` names states")
                    .at("not a state to begin with"),
            );
            return None;
        };
        let targets = self.target_states(id, Scope::of(id), states)?;
        if !self.has_initial(id) {
            return None;
        }
        for target in &targets {
            if target.state == id || !self.tree.holds(id, target.state) {
                let (state, inner) = (self.tree.get(id), self.tree.get(target.state));
                let message =
                    format!("`{}` does not begin in `{}`", state.name.text, inner.name.text);
                let diagnostic = Diagnostic::new(Code::Nesting, target.span, message)
                    .at(format!("not inside `{}`", state.name.text))
                    .label(inner.span, "declared here");
                self.error(diagnostic);
                return None;
            }
        }
        Some(targets)
    }

    fn target_states(
        &mut self,
        from: StateId,
        scope: Scope<'_>,
        written: &'a [ast::TargetState],
    ) -> Option<Vec<TargetState>> {
        let targets: Vec<Option<TargetState>> =
            written.iter().map(|state| self.target_state(from, scope, state)).collect();
        let targets: Vec<TargetState> = targets.into_iter().collect::<Option<_>>()?;
        for (index, second) in targets.iter().enumerate() {
            for first in &targets[..index] {
                self.must_be_apart((first.state, first.span), (second.state, second.span))?;
            }
        }
        Some(targets)
    }

    fn target_state(
        &mut self,
        from: StateId,
        scope: Scope<'_>,
        written: &'a ast::TargetState,
    ) -> Option<TargetState> {
        let span = written.path.span;
        let Some(state) = self.state(from, &written.path) else {
            self.loose_args(scope, written.args.as_deref().unwrap_or_default());
            return None;
        };
        self.may_be_named(state, &written.path)?;
        let tree = self.tree;
        let declared = tree.get(state);
        let args = match &written.args {
            None => None,
            Some(args) => {
                let what = format!("the state `{}`", declared.name.text);
                let place = args.iter().fold(span, |all, arg| all.to(arg.span));
                let name = declared.name.span;
                // What a construct needs stands behind what was declared, and has defaults.
                let written = declared.data.iter().take_while(|param| !param.made).count();
                Some(self.args(scope, &what, name, &declared.data[..written], args, place)?)
            }
        };
        Some(TargetState { state, args, span })
    }

    /// A saga is entered with its first step, and goes its own way from there.
    pub(super) fn may_be_named(&mut self, state: StateId, path: &Path) -> Option<()> {
        let is_made = path.segments.iter().any(|name| name.text.starts_with(Part::MARK));
        let there = self.tree.get(state);
        let Some(_) = there.part.as_ref().filter(|part| part.role != Role::Saga && !is_made) else {
            return Some(());
        };
        let message = format!("`{}` is a step of a saga, and no target", there.name.text);
        self.error(
            Diagnostic::new(Code::Nesting, path.span, message)
                .at("a saga begins with its first step")
                .label(there.name.span, "this step")
                .help("go to the saga itself"),
        );
        None
    }

    /// What a saga has done and taken back counts for one run of it.
    fn must_begin_anew(&mut self, state: StateId, word: &str, span: Span) -> Option<()> {
        let there = self.tree.get(state);
        if there.part.is_none() {
            return Some(());
        }
        let name = &there.name.text;
        let message = format!("`{word}` would begin a saga that is under way");
        self.error(
            Diagnostic::new(Code::Nesting, span, message)
                .at("what it has done so far would be forgotten, or done again")
                .label(there.span, format!("`{name}` is a saga"))
                .help(format!("begin it anew: `-> {name}`, or `-> reenter {name}` inside of it")),
        );
        None
    }

    /// Two targets can be active at once only in different regions of one parallel state.
    pub(super) fn must_be_apart(
        &mut self,
        (first, first_place): (StateId, Span),
        (second, second_place): (StateId, Span),
    ) -> Option<()> {
        let tree = self.tree;
        let meeting = tree.around(second).find(|outer| tree.holds(*outer, first))?;
        let apart = meeting != first && meeting != second;
        if apart && tree.get(meeting).kind == StateKind::Parallel {
            return Some(());
        }
        let (a, b) = (tree.path(first), tree.path(second));
        let message = format!("`{a}` and `{b}` cannot be active together as targets");
        self.error(
            Diagnostic::new(Code::Nesting, second_place, message)
                .at("not in another region than the first")
                .label(first_place, "the first target")
                .help("targets joined by `&` stand in different regions of one parallel state"),
        );
        None
    }

    fn must_be_around(
        &mut self,
        from: StateId,
        state: StateId,
        word: &str,
        span: Span,
    ) -> Option<()> {
        if self.tree.holds(state, from) {
            return Some(());
        }
        let (here, there) = (self.tree.get(from), self.tree.get(state));
        let name = &there.name.text;
        let message = format!("`{word}` names the state it stands in, or one around it");
        let diagnostic = Diagnostic::new(Code::Nesting, span, message)
            .at(format!("`{name}` is not around `{}`", here.name.text))
            .label(there.span, "declared here")
            .help(format!("go there plainly: `-> {name}`"));
        self.error(diagnostic);
        None
    }

    fn must_hold_states(&mut self, state: StateId, word: &str, span: Span) -> Option<()> {
        let there = self.tree.get(state);
        if !there.kind.is_leaf() {
            return Some(());
        }
        let name = &there.name.text;
        let diagnostic =
            Diagnostic::new(Code::Nesting, span, format!("`{name}` has no states in it"))
                .at(format!("`{word}` needs a composite or parallel state"))
                .label(there.span, "declared here")
                .help(format!("go there plainly: `-> {name}`"));
        self.error(diagnostic);
        None
    }
}
