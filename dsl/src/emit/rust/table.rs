//! The dispatch table: for each leaf and trigger a number.

use super::Emitter;
use crate::chart::{EntryStep, Handler, LeafId, PlanId, Trigger, TriggerId};
use crate::model::{StateId, StateKind};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

/// Numbers above those of the leaves; as in the runtime.
const UNHANDLED: u32 = 0;
const IGNORED: u32 = 1;
const DEFERRED: u32 = 2;
const ROWS: u32 = 3;

/// Transitions to try, for one or several leaves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// What happened; `None` for `always`.
    pub(super) trigger: Option<TriggerId>,
    /// What to try, in order, and what becomes of the event if no guard is true.
    pub(super) candidates: Vec<Candidate>,
}

/// One thing to try.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Candidate {
    /// The transition with this number; without parallel states, the active states that each of
    /// its branches leaves and that have something to do or to remember, innermost first.
    Transition(u32, Vec<Vec<StateId>>),
    /// Put off.
    Defer,
    /// Drop.
    Ignore,
}

/// The table and its rows.
pub(super) struct Table {
    /// In the order of their numbers.
    pub(super) rows: Vec<Row>,
    /// Leaf by leaf: external events, then `always`, then the event that nobody knows.
    dense: Vec<u32>,
    columns: usize,
    leaves: u32,
    events: usize,
    /// The number of `always`.
    always: u32,
    /// Timers and completions: trigger, first leaf, last leaf, code.
    sparse: Vec<(u32, u32, u32, u32)>,
}

/// So many rows stand in one function: rustc takes longer for one large function than for several.
pub(super) const ROWS_IN_FUNCTION: usize = 64;

/// A table with so many cells that say something is still written as a `match`, where a row that
/// several leaves share is written for each.
const CELLS_IN_MATCH: usize = 64;

/// How a machine finds what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A `match`: small, without parallel states.
    Match,
    /// A table: without parallel states.
    Table,
    /// A table for each region.
    Regions,
}

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Code {
    /// A leaf to go to, and nothing else to do.
    Goto(u16),
    Unhandled,
    Ignored,
    Deferred,
    /// The row with this number.
    Row(usize),
}

impl Table {
    /// For each leaf the triggers on which something is to be done.
    pub(super) fn cells(&self) -> Vec<Vec<(u32, Code)>> {
        let mut cells = vec![Vec::new(); self.leaves as usize];
        for (cell, code) in self.dense.iter().enumerate() {
            let (leaf, column) = (cell / self.columns, cell % self.columns);
            let trigger = if column < self.events { column as u32 } else { self.always };
            cells[leaf].push((trigger, self.decode(*code)));
        }
        for (trigger, first, last, code) in &self.sparse {
            for leaf in *first..=*last {
                cells[leaf as usize].push((*trigger, self.decode(*code)));
            }
        }
        cells.iter_mut().for_each(|cells| cells.retain(|(_, code)| *code != Code::Unhandled));
        cells
    }

    /// True if the table is small enough to be written as a `match`.
    fn is_small(&self) -> bool {
        let cells = self.dense.len() + self.sparse.len();
        // Most tables that are too large are so already without a look at what stands in them.
        cells <= 16 * CELLS_IN_MATCH
            && self.cells().iter().map(Vec::len).sum::<usize>() <= CELLS_IN_MATCH
    }

    fn decode(&self, code: u32) -> Code {
        match code.checked_sub(self.leaves) {
            None => Code::Goto(code as u16),
            Some(UNHANDLED) => Code::Unhandled,
            Some(IGNORED) => Code::Ignored,
            Some(DEFERRED) => Code::Deferred,
            Some(row) => Code::Row((row - ROWS) as usize),
        }
    }
}

impl Emitter<'_> {
    /// True if one leaf says everything.
    pub(super) fn is_flat(&self) -> bool {
        self.chart.slots.len() == 1
    }

    /// The number of external events.
    pub(super) fn events(&self) -> usize {
        self.chart.declarations.events.len()
    }

    /// The number under which `always` stands in the table: behind all triggers.
    pub(super) fn always(&self) -> u32 {
        self.chart.triggers.len() as u32
    }

    /// The number of events that the machine does not know.
    pub(super) fn unknown(&self) -> u32 {
        self.always() + 1
    }

    pub(super) fn table(&self) -> Table {
        let columns = self.events() + usize::from(self.needs.always);
        let mut builder = Builder { emitter: self, rows: Vec::new(), known: BTreeMap::new() };
        let mut dense = Vec::new();
        let mut sparse: Vec<(u32, u32, u32, u32)> = Vec::new();
        for leaf in 0..self.chart.leaves.len() as u32 {
            for event in 0..self.events() as u32 {
                dense.push(builder.code(LeafId(leaf), Some(TriggerId(event))));
            }
            if self.needs.always {
                dense.push(builder.code(LeafId(leaf), None));
            }
        }
        for (index, trigger) in self.chart.triggers.iter().enumerate().skip(self.events()) {
            let index = index as u32;
            for leaf in self.leaves_under(*trigger) {
                let code = builder.code(LeafId(leaf), Some(TriggerId(index)));
                match sparse.last_mut() {
                    Some((t, _, last, c)) if (*t, *last + 1, *c) == (index, leaf, code) => {
                        *last = leaf;
                    }
                    _ => sparse.push((index, leaf, leaf, code)),
                }
            }
        }
        let (leaves, events) = (self.chart.leaves.len() as u32, self.events());
        let always = self.always();
        Table { rows: builder.rows, dense, columns, leaves, events, always, sparse }
    }

    /// The leaves that can react to a timer or completion: those in its state.
    fn leaves_under(&self, trigger: Trigger) -> Vec<u32> {
        let state = match trigger {
            Trigger::Event(_) => return Vec::new(),
            Trigger::Timer(timer) => self.chart.timers[timer.index()].state,
            Trigger::Done(state) => state,
            Trigger::Result(invoke) | Trigger::Error(invoke, _) => {
                self.chart.invokes[invoke.index()].state
            }
        };
        let leaves = self.chart.leaves.iter().enumerate();
        leaves.filter(|(_, l)| self.chart.contains(state, **l)).map(|(at, _)| at as u32).collect()
    }

    /// How the machine finds what to do.
    pub(super) fn form(&self, table: &Table) -> Form {
        if !self.is_flat() {
            Form::Regions
        } else if table.is_small() {
            Form::Match
        } else {
            Form::Table
        }
    }

    /// `impl Table`: looks a leaf and a trigger up.
    pub(super) fn code_function(&self, table: &Table) -> TokenStream {
        let leaves = self.chart.leaves.len() as u32;
        let unhandled = leaves + UNHANDLED;
        let sparse = table.sparse.iter().filter(|(.., code)| *code != unhandled).map(
            |(trigger, first, last, code)| {
                let (first, last) = (*first as u16, *last as u16);
                quote!((#trigger, #first..=#last) => #code)
            },
        );
        let sparse = quote!(match (trigger, leaf) { #(#sparse,)* _ => #unhandled });
        let (dense, len) = (self.dense(table), table.dense.len());
        let (columns, events) = (table.columns, self.events() as u32);
        let always = self.needs.always.then(|| {
            let always = self.always();
            quote!(#always => #events as usize,)
        });
        let (cell, width) = dense;
        quote! {
            impl __p::Table for Chart {
                #[inline]
                fn code(leaf: u16, trigger: u32) -> u32 {
                    static TABLE: [#width; #len] = #cell;
                    let column = match trigger {
                        #always
                        trigger if trigger < #events => trigger as usize,
                        _ => return #sparse,
                    };
                    match TABLE.get(leaf as usize * #columns + column) {
                        __p::Option::Some(code) => *code as u32,
                        __p::Option::None => #unhandled,
                    }
                }
            }
        }
    }

    /// The dense part as bytes, which rustc reads faster than numbers, and the type of its cells.
    fn dense(&self, table: &Table) -> (TokenStream, TokenStream) {
        let largest = table.dense.iter().copied().max().unwrap_or(0);
        let bytes = |width: usize| -> Literal {
            let cells =
                table.dense.iter().flat_map(|code| code.to_le_bytes().into_iter().take(width));
            Literal::byte_string(&cells.collect::<Vec<u8>>())
        };
        if largest <= u32::from(u8::MAX) {
            let bytes = bytes(1);
            (quote!(*#bytes), quote!(u8))
        } else if largest <= u32::from(u16::MAX) {
            let bytes = bytes(2);
            (quote!(__p::cells16(#bytes)), quote!(u16))
        } else {
            let bytes = bytes(4);
            (quote!(__p::cells32(#bytes)), quote!(u32))
        }
    }
}

struct Builder<'e, 'a> {
    emitter: &'e Emitter<'a>,
    rows: Vec<Row>,
    known: BTreeMap<Row, u32>,
}

impl Builder<'_, '_> {
    fn code(&mut self, leaf: LeafId, trigger: Option<TriggerId>) -> u32 {
        let leaves = self.emitter.chart.leaves.len() as u32;
        let candidates = self.candidates(leaf, trigger);
        match candidates.first() {
            None => leaves + UNHANDLED,
            Some(Candidate::Ignore) => leaves + IGNORED,
            Some(Candidate::Defer) => leaves + DEFERRED,
            Some(Candidate::Transition(first, left)) => match self.quiet(leaf, *first, left) {
                Some(target) => target,
                None => self.row(Row { trigger, candidates }) + leaves + ROWS,
            },
        }
    }

    fn row(&mut self, row: Row) -> u32 {
        if let Some(known) = self.known.get(&row) {
            return *known;
        }
        let number = self.rows.len() as u32;
        self.known.insert(row.clone(), number);
        self.rows.push(row);
        number
    }

    fn candidates(&self, leaf: LeafId, trigger: Option<TriggerId>) -> Vec<Candidate> {
        let chart = self.emitter.chart;
        let state = chart.leaves[leaf.index()];
        let shape = chart.state(state);
        // Regions choose for the parallel state around them; a finished machine does nothing.
        let finished = shape.kind == StateKind::Final && shape.parent == Some(StateId::ROOT);
        if shape.kind == StateKind::Parallel || finished {
            return Vec::new();
        }
        let handlers = match trigger {
            Some(trigger) => chart.candidates(leaf, trigger),
            None => chart
                .ancestors(state)
                .flat_map(|id| chart.state(id).always.iter().map(|t| Handler::Transition(*t)))
                .collect(),
        };
        let mut candidates = Vec::new();
        for handler in handlers {
            let Handler::Transition(id) = handler else {
                let ignore = handler == Handler::Ignore;
                candidates.push(if ignore { Candidate::Ignore } else { Candidate::Defer });
                break;
            };
            let branches = &chart.transitions[id.index()].branches;
            let left = branches.iter().map(|branch| self.left(state, branch.plan)).collect();
            candidates.push(Candidate::Transition(id.0, left));
            if branches.iter().any(|branch| branch.guard.is_none()) {
                break;
            }
        }
        candidates
    }

    /// The states around an innermost state that a plan leaves, as far as there is something to do.
    fn left(&self, innermost: StateId, plan: PlanId) -> Vec<StateId> {
        if !self.emitter.is_flat() {
            return Vec::new();
        }
        let chart = self.emitter.chart;
        let exit = &chart.plans[plan.index()].exit;
        let left = |id: &StateId| exit.iter().any(|range| range.contains(&id.0));
        let around = chart.ancestors(innermost).filter(left);
        around
            .filter(|id| self.emitter.has_exit(*id) || chart.state(*id).history.is_some())
            .collect()
    }

    /// The leaf to go to, if a transition does nothing else.
    fn quiet(&self, from: LeafId, transition: u32, left: &[Vec<StateId>]) -> Option<u32> {
        let (emitter, chart) = (self.emitter, self.emitter.chart);
        let transition = &chart.transitions[transition as usize];
        let first = transition.branches.first()?;
        let plan = &chart.plans[first.plan.index()];
        let silent = first.guard.is_none()
            && transition.effects.is_empty()
            && plan.effects.is_empty()
            && left.first().is_some_and(Vec::is_empty);
        if !emitter.is_flat() || !silent {
            return None;
        }
        if plan.entry.is_empty() {
            // Staying is no change of configuration, which is what deferred events wait for.
            return (!emitter.needs.defers).then_some(from.0);
        }
        let mut target = None;
        for step in &plan.entry {
            let EntryStep::Enter { state, .. } = step else { return None };
            if emitter.has_entry(*state) || !chart.state(*state).data.is_empty() {
                return None;
            }
            target = chart.leaf(*state).or(target);
        }
        target.map(|leaf| leaf.0)
    }
}
