//! Whether the terms of one case can have their values all at once.
//!
//! States exclude each other or stand in each other. Numbers and their comparisons are differences
//! with bounds, `a - b <= n`: they contradict each other if a way round adds up to less than 0.

use super::cases::Case;
use super::linear::{Linear, linear, measured};
use super::numbers::Numbers;
use super::terms::{EQUAL, GREATER, LESS, Term, Terms};
use crate::check::facts::Facts;
use crate::model::StateId;

/// More values than this in one case are not compared with each other.
const MOST_VALUES: usize = 16;

/// No bound.
const FAR: i128 = 1 << 110;

/// False if the case is impossible; true if it is possible, or too much to look at.
pub(super) fn is_possible(terms: &Terms, case: &Case, work: &mut u32) -> bool {
    states_agree(terms, case) && (!has_order(terms, case) || values_agree(terms, case, work))
}

/// Whether a state is active while others are, if that is known.
pub(super) fn is_in(facts: &Facts, active: &[StateId], state: StateId) -> Option<bool> {
    if active.iter().any(|inner| facts.tree.contains(state, *inner)) {
        return Some(true);
    }
    active.iter().any(|other| excludes(facts, *other, state)).then_some(false)
}

/// True if two states are never active together.
fn excludes(facts: &Facts, a: StateId, b: StateId) -> bool {
    let tree = &facts.tree;
    let around = tree.ancestors(a).find(|outer| tree.contains(*outer, b));
    around.is_some_and(|outer| outer != a && outer != b && tree.kind(outer).is_exclusive())
}

fn states_agree(terms: &Terms, case: &Case) -> bool {
    let facts = terms.facts();
    let states: Vec<(StateId, bool)> = case
        .iter()
        .filter_map(|(index, values)| match terms.term(*index) {
            Term::In(state) => Some((state, !values.and(&Numbers::range(1, 1)).is_empty())),
            _ => None,
        })
        .collect();
    states.iter().enumerate().all(|(at, (a, a_active))| {
        states[..at].iter().all(|(b, b_active)| match (a_active, b_active) {
            (true, true) => !excludes(facts, *a, *b),
            (true, false) => !facts.tree.contains(*b, *a),
            (false, true) => !facts.tree.contains(*a, *b),
            (false, false) => true,
        })
    })
}

fn has_order(terms: &Terms, case: &Case) -> bool {
    case.iter().any(|(index, _)| matches!(terms.term(*index), Term::Order(..)))
}

/// Values and the greatest differences between them; the first stands for 0.
struct Differences<'m> {
    values: Vec<Term<'m>>,
    most: Vec<[i128; MOST_VALUES]>,
}

impl<'m> Differences<'m> {
    /// The place of a value; `None` if there are too many.
    fn index(&mut self, terms: &Terms<'_, 'm>, value: Term<'m>) -> Option<usize> {
        if let Some(at) = self.values.iter().position(|known| *known == value) {
            return Some(at + 1);
        }
        let at = self.values.len() + 1;
        if at == MOST_VALUES {
            return None;
        }
        self.values.push(value);
        let mut row = [FAR; MOST_VALUES];
        row[at] = 0;
        self.most.push(row);
        if let Some(domain) = terms.values_of(value) {
            self.within(at, &domain);
        }
        Some(at)
    }

    fn within(&mut self, at: usize, values: &Numbers) {
        let (low, high) = values.bounds();
        self.limit(at, 0, high);
        self.limit(0, at, -low);
    }

    fn limit(&mut self, a: usize, b: usize, most: i128) {
        self.most[a][b] = self.most[a][b].min(most);
    }

    /// Adds up what follows; false if it contradicts itself.
    fn close(&mut self) -> bool {
        let count = self.most.len();
        for middle in 0..count {
            for from in 0..count {
                for to in 0..count {
                    let (a, b) = (self.most[from][middle], self.most[middle][to]);
                    if a < FAR && b < FAR {
                        self.limit(from, to, a + b);
                    }
                }
            }
        }
        (0..count).all(|at| self.most[at][at] >= 0)
    }
}

/// A comparison of two values, `a + more` and `b`.
struct Compared<'n> {
    a: usize,
    b: usize,
    more: i128,
    orders: &'n Numbers,
}

impl Compared<'_> {
    fn may_be(&self, order: i128) -> bool {
        !self.orders.and(&Numbers::range(order, order)).is_empty()
    }

    fn is_number(&self) -> bool {
        self.orders.bounds().1 <= GREATER
    }
}

fn values_agree(terms: &Terms, case: &Case, work: &mut u32) -> bool {
    let mut row = [FAR; MOST_VALUES];
    row[0] = 0;
    let mut all = Differences { values: Vec::new(), most: vec![row] };
    let Some(compared) = collect(terms, case, &mut all) else { return true };
    let cost = all.most.len().pow(3) as u32;
    let Some(left) = work.checked_sub(cost) else { return true };
    *work = left;
    for c in compared.iter().filter(|c| c.is_number()) {
        if !c.may_be(GREATER) {
            all.limit(c.a, c.b, -c.more - i128::from(!c.may_be(EQUAL)));
        }
        if !c.may_be(LESS) {
            all.limit(c.b, c.a, c.more - i128::from(!c.may_be(EQUAL)));
        }
    }
    all.close()
        && compared.iter().filter(|c| c.is_number()).all(|c| {
            let same = all.most[c.a][c.b] == -c.more && all.most[c.b][c.a] == c.more;
            !same || c.may_be(EQUAL) && have_one_in_both(terms, case, &all, c)
        })
}

/// Of two values that are equal: whether some number is in the sets of both.
fn have_one_in_both(terms: &Terms, case: &Case, all: &Differences, c: &Compared) -> bool {
    let values = |at: usize| {
        let term = at.checked_sub(1).and_then(|at| all.values.get(at))?;
        case.iter().find(|(index, _)| terms.term(*index) == *term).map(|(_, values)| values)
    };
    match (values(c.a), values(c.b)) {
        (Some(a), Some(b)) if c.more == 0 => !a.and(b).is_empty(),
        _ => true,
    }
}

/// The values of a case with their bounds, and how they compare; `None` if they are too many.
fn collect<'m, 'n>(
    terms: &Terms<'_, 'm>,
    case: &'n Case,
    all: &mut Differences<'m>,
) -> Option<Vec<Compared<'n>>> {
    let mut compared = Vec::new();
    for (index, orders) in case {
        if let Term::Order(left, right) = terms.term(*index)
            && terms.is_line(&left.ty)
        {
            let (Linear { base: a, value: more }, Linear { base: b, value: less }) =
                (linear(left), linear(right));
            let mut place = |base: Option<_>| match base {
                Some(base) => all.index(terms, measured(base)),
                None => Some(0),
            };
            let (a, b) = (place(a)?, place(b)?);
            compared.push(Compared { a, b, more: more - less, orders });
        }
    }
    for (index, values) in case {
        let term = terms.term(*index);
        // The numbers of texts and the like only tell them apart.
        if let Some(at) = all.values.iter().position(|known| *known == term)
            && terms.values_of(term).is_some()
        {
            all.within(at + 1, values);
        }
    }
    Some(compared)
}
