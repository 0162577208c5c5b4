//! The tree of states: kinds, nesting, data, and which child comes first.

use super::annotations;
use super::names::{Names, snake_case};
use super::types::Types;
use crate::ast::{self, MachineItem, Modifier, Name, StateItem, StateItemKind};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Initial, LateFields, State, StateId, StateKind, TargetState, TypeId};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// All states of a machine with their names; reactions and effects come later.
#[derive(Debug)]
pub(super) struct StateTree<'a> {
    /// In document order.
    pub(super) states: Vec<State>,
    /// The children of a state by name.
    pub(super) children: Vec<Names<'a, StateId>>,
    /// All states of a name.
    pub(super) by_name: BTreeMap<&'a str, Vec<StateId>>,
    /// Saga and loop states, which the model has no kind for yet.
    pub(super) special: BTreeMap<StateId, Modifier>,
}

impl StateTree<'_> {
    pub(super) fn get(&self, id: StateId) -> &State {
        &self.states[id.index()]
    }

    /// A state and the states around it, from the inside out; the root is the last.
    pub(super) fn around(&self, id: StateId) -> impl Iterator<Item = StateId> + '_ {
        std::iter::successors(Some(id), |id| self.get(*id).parent)
    }

    /// True if `outer` is `inner` or around it.
    pub(super) fn holds(&self, outer: StateId, inner: StateId) -> bool {
        // Ids run in document order, so a state is never around one with a smaller id.
        self.around(inner).take_while(|id| *id >= outer).any(|id| id == outer)
    }

    /// The names from the machine down to a state, joined by `::`.
    pub(super) fn path(&self, id: StateId) -> String {
        let mut names: Vec<&str> = self
            .around(id)
            .filter(|id| *id != StateId::ROOT)
            .map(|id| self.get(id).name.text.as_str())
            .collect();
        names.reverse();
        names.join("::")
    }
}

/// What stands directly in a machine as if it were a state.
pub(super) fn machine_items(machine: &ast::Machine) -> impl Iterator<Item = &StateItem> + Clone {
    machine.items.iter().filter_map(|item| match item {
        MachineItem::State(item) => Some(item),
        _ => None,
    })
}

/// Builds the tree of a machine.
pub(super) struct TreeBuilder<'a, 'x> {
    pub(super) types: &'x Types<'a>,
    pub(super) used: &'x mut BTreeSet<TypeId>,
    pub(super) d: &'x mut Diagnostics,
    tree: StateTree<'a>,
}

impl<'a, 'x> TreeBuilder<'a, 'x> {
    pub(super) fn build(
        machine: &'a ast::Machine,
        types: &'x Types<'a>,
        used: &'x mut BTreeSet<TypeId>,
        d: &'x mut Diagnostics,
    ) -> StateTree<'a> {
        let tree = StateTree {
            states: Vec::new(),
            children: Vec::new(),
            by_name: BTreeMap::new(),
            special: BTreeMap::new(),
        };
        let mut builder = Self { types, used, d, tree };
        let root = empty_state(&machine.name, StateKind::Root, machine.span);
        builder.add(root, None);
        builder.items(StateId::ROOT, machine_items(machine));
        builder.check_initial(StateId::ROOT);
        builder.tree
    }

    fn add(&mut self, mut state: State, parent: Option<StateId>) -> StateId {
        let id = StateId(self.tree.states.len() as u32);
        state.parent = parent;
        self.tree.states.push(state);
        self.tree.children.push(Names::default());
        if let Some(parent) = parent {
            self.tree.states[parent.index()].children.push(id);
        }
        id
    }

    fn items(&mut self, parent: StateId, items: impl Iterator<Item = &'a StateItem>) {
        for item in items {
            match &item.kind {
                StateItemKind::State(state) => self.state(parent, state),
                StateItemKind::Initial(initial) => {
                    self.tree.states[parent.index()].initials.push(initial.span);
                }
                _ => {}
            }
        }
    }

    fn state(&mut self, parent: StateId, written: &'a ast::State) {
        let id = self.head(parent, written);
        self.place(parent, written);
        let items = written.items.as_deref().unwrap_or_default();
        self.items(id, items.iter());
        self.check_content(id, items);
        self.check_initial(id);
    }

    fn head(&mut self, parent: StateId, written: &'a ast::State) -> StateId {
        let mut state = empty_state(&written.name, self.kind(written), written.span);
        let identity = annotations::identity(&written.meta);
        state.docs.clone_from(&written.meta.docs);
        state.id = identity.id;
        state.was = identity.was;
        state.failure = written.meta.is_failure();
        state.data = self.types.params("data", &written.params, self.used, self.d);
        state.part.clone_from(&written.part);
        if written.modifiers.iter().any(|(modifier, _)| *modifier == Modifier::Loop) {
            self.count_rounds(&mut state, written.name.span);
        }
        let id = self.add(state, Some(parent));
        let has = |modifier| written.modifiers.iter().find(|(other, _)| *other == modifier);
        if let Some((_, span)) = has(Modifier::Initial) {
            self.mark_initial(parent, id, written, *span);
        }
        if let Some((special, _)) = has(Modifier::Saga).or(has(Modifier::Loop)) {
            self.tree.special.insert(id, *special);
        }
        let what = if written.region { "region" } else { "state" };
        match written.part.as_ref().and_then(|part| part.key.as_ref()) {
            Some(key) => {
                self.tree.children[parent.index()].insert(key, id);
                self.tree.by_name.entry(&key.text).or_default().push(id);
            }
            None => {
                self.tree.children[parent.index()].declare(what, &written.name, id, self.d);
                self.tree.by_name.entry(&written.name.text).or_default().push(id);
            }
        }
        id
    }

    /// A loop counts its rounds in data that can be read like any other.
    fn count_rounds(&mut self, state: &mut State, span: Span) {
        let round = super::orchestration::round(span);
        if let Some(own) = state.data.iter().find(|param| param.name.text == round.name.text) {
            let message = "a loop counts its rounds in data called `round`";
            self.d.push(
                Diagnostic::new(Code::Duplicate, own.name.span, message)
                    .at("has this name too")
                    .help("give it another name"),
            );
        }
        state.data.push(round);
    }

    fn mark_initial(&mut self, parent: StateId, id: StateId, written: &ast::State, mark: Span) {
        let target = TargetState { state: id, args: None, span: written.name.span };
        let parent = &mut self.tree.states[parent.index()];
        parent.initials.push(mark);
        parent.initial.get_or_insert(Initial {
            effects: Vec::new(),
            targets: vec![target],
            span: written.span,
        });
    }

    fn kind(&mut self, written: &ast::State) -> StateKind {
        self.check_modifiers(written);
        let has = |modifier| written.modifiers.iter().any(|(other, _)| *other == modifier);
        let items = written.items.as_deref().unwrap_or_default();
        let has_children = items.iter().any(|i| matches!(i.kind, StateItemKind::State(_)));
        if written.region {
            StateKind::Region
        } else if has(Modifier::Final) {
            StateKind::Final
        } else if has(Modifier::Parallel) {
            StateKind::Parallel
        } else if has_children {
            StateKind::Composite
        } else {
            StateKind::Atomic
        }
    }

    fn check_modifiers(&mut self, written: &ast::State) {
        let mut kind: Option<(Modifier, Span)> = None;
        let mut initial: Option<Span> = None;
        for (modifier, span) in &written.modifiers {
            let first = match modifier {
                Modifier::Initial => initial.replace(*span),
                _ => kind.replace((*modifier, *span)).map(|(_, span)| span),
            };
            if let Some(first) = first {
                self.d.push(
                    Diagnostic::new(Code::Nesting, *span, "a state is of one kind only")
                        .at("this")
                        .label(first, "and this do not go together")
                        .help("remove one of the two words"),
                );
            }
        }
    }

    /// Regions stand in parallel states, and nothing else does.
    fn place(&mut self, parent: StateId, written: &ast::State) {
        let around = self.tree.get(parent);
        let in_parallel = around.kind == StateKind::Parallel;
        if around.kind == StateKind::Final {
            self.d.push(
                Diagnostic::new(Code::Nesting, written.span, "a final state has no states in it")
                    .at("stands in a final state")
                    .label(around.span, format!("`{}` is final", around.name.text)),
            );
        } else if written.region && !in_parallel {
            let name = &around.name.text;
            let diagnostic =
                Diagnostic::new(Code::Nesting, written.span, "a region stands in a parallel state")
                    .at("not in a parallel state");
            let diagnostic = match around.kind {
                StateKind::Root => diagnostic.help("put it in a `parallel state`"),
                StateKind::Region => diagnostic
                    .label(around.span, format!("`{name}` is a region"))
                    .help("put a `parallel state` between the two"),
                _ => diagnostic
                    .label(around.span, format!("`{name}` is not parallel"))
                    .help(format!("write `parallel state {name}`")),
            };
            self.d.push(diagnostic);
        } else if !written.region && in_parallel {
            self.d.push(
                Diagnostic::new(
                    Code::Nesting,
                    written.span,
                    "a parallel state consists of regions",
                )
                .at("a state, not a region")
                .label(around.span, format!("`{}` is parallel", around.name.text))
                .help("put it into a `region`"),
            );
        }
    }

    fn check_content(&mut self, id: StateId, items: &[StateItem]) {
        let state = self.tree.get(id);
        match state.kind {
            StateKind::Final => self.final_is_quiet(id, items),
            StateKind::Parallel if state.children.is_empty() => {
                let message = format!("the parallel state `{}` has no regions", state.name.text);
                self.d.push(
                    Diagnostic::new(Code::Nesting, state.span, message)
                        .help("give it a `region` for each part"),
                );
            }
            StateKind::Parallel => self.fields_differ(id),
            StateKind::Composite => self.no_data_called_state(id),
            _ => {}
        }
    }

    fn final_is_quiet(&mut self, id: StateId, items: &[StateItem]) {
        let loud = items.iter().find(|item| {
            !matches!(
                item.kind,
                StateItemKind::Entry(_)
                    | StateItemKind::Exit(_)
                    | StateItemKind::Invariant(_)
                    | StateItemKind::State(_)
            )
        });
        let Some(loud) = loud else { return };
        let state = self.tree.get(id);
        let message = format!("the final state `{}` cannot do anything more", state.name.text);
        self.d.push(
            Diagnostic::new(Code::Nesting, loud.span, message)
                .at("never happens")
                .label(state.span, "declared final here")
                .help("a final state may have data, `entry` and `exit`; else remove `final`"),
        );
    }

    /// In Rust a parallel state has a field for each region beside its data.
    fn fields_differ(&mut self, id: StateId) {
        let mut fields: BTreeMap<String, &Name> = BTreeMap::new();
        let state = self.tree.get(id);
        let regions = state.children.iter().map(|child| &self.tree.get(*child).name);
        for name in state.data.iter().map(|param| &param.name).chain(regions) {
            let field = snake_case(&name.text);
            match fields.get(&field) {
                Some(first) if first.text != name.text => {
                    self.d.push(same_in_rust(name, first, &field));
                }
                Some(_) => {}
                None => {
                    fields.insert(field, name);
                }
            }
        }
    }

    fn no_data_called_state(&mut self, id: StateId) {
        let data = self.tree.get(id).data.iter().find(|param| param.name.text == "state");
        if let Some(param) = data {
            self.d.push(
                Diagnostic::new(
                    Code::NotAnIdentifier,
                    param.name.span,
                    "data of a composite state cannot be called `state`",
                )
                .at("in Rust this field holds the state inside")
                .help("give it another name"),
            );
        }
    }

    fn check_initial(&mut self, id: StateId) {
        let state = self.tree.get(id);
        let what = match state.kind {
            StateKind::Root => "machine",
            StateKind::Composite => "composite state",
            StateKind::Region => "region",
            _ => return self.no_initial(id),
        };
        let what = format!("the {what} `{}`", state.name.text);
        match state.initials.as_slice() {
            [_] => {}
            [] => self.d.push(no_initial(&what, state, &self.tree)),
            [first, second, ..] => self.d.push(
                Diagnostic::new(
                    Code::Initial,
                    *second,
                    format!("{what} has {} initial states", state.initials.len()),
                )
                .at("another one here")
                .label(*first, "the first is here")
                .help("remove all but one"),
            ),
        }
    }

    fn no_initial(&mut self, id: StateId) {
        let state = self.tree.get(id);
        // What is marked in a parallel or a final state is reported as a child of it.
        let statement = state.initials.first().filter(|_| state.initial.is_none());
        if let (Some(span), StateKind::Parallel | StateKind::Atomic) = (statement, state.kind) {
            let reason = match state.kind {
                StateKind::Parallel => "is parallel: all of its regions are entered",
                _ => "has no states in it",
            };
            let message = format!("`initial` means nothing in `{}`", state.name.text);
            self.d.push(
                Diagnostic::new(Code::Nesting, *span, message)
                    .label(state.span, format!("`{}` {reason}", state.name.text)),
            );
        }
    }
}

fn no_initial(what: &str, state: &State, tree: &StateTree<'_>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::Initial, state.span, format!("{what} has no initial state"));
    let first = state.children.iter().map(|child| tree.get(*child));
    match first.clone().find(|child| child.kind != StateKind::Region) {
        None => diagnostic.at("has no states at all").help("give it an `initial state`"),
        Some(first) => diagnostic
            .at("where does it start?")
            .help(format!("mark one state, as `initial state {}`", first.name.text))
            .fix(
                &format!("start in `{}`", first.name.text),
                Span { end: first.span.start, ..first.span },
                "initial ",
            ),
    }
}

fn same_in_rust(name: &Name, first: &Name, field: &str) -> Diagnostic {
    let message = format!("`{}` and `{}` have the same name in Rust", first.text, name.text);
    Diagnostic::new(Code::NotAnIdentifier, name.span, message)
        .at(format!("becomes the field `{field}`"))
        .label(first.span, "and so does this")
        .help("give one of them another name")
}

fn empty_state(name: &Name, kind: StateKind, span: Span) -> State {
    State {
        name: name.clone(),
        docs: Vec::new(),
        kind,
        parent: None,
        children: Vec::new(),
        data: Vec::new(),
        initial: None,
        initials: Vec::new(),
        entry: Vec::new(),
        exit: Vec::new(),
        invoke: None,
        fan_out: None,
        reactions: Vec::new(),
        defer: Vec::new(),
        ignore: Vec::new(),
        id: None,
        was: Vec::new(),
        failure: false,
        late: LateFields::default(),
        part: None,
        rounds: None,
        span,
    }
}
