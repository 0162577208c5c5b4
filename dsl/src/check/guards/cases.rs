//! Conditions as lists of cases.

use super::numbers::Numbers;

/// More cases than this are not looked at.
const MOST_CASES: usize = 64;

/// More ranges of values than this in one case are not looked at.
const MOST_RANGES: usize = 256;

/// A condition: one of the cases holds.
#[derive(Clone, Debug)]
pub(in crate::check) struct Cases(pub(super) Vec<Case>);

/// Terms with the values that they have, sorted by term; none of the sets is empty.
pub(super) type Case = Vec<(usize, Numbers)>;

impl Cases {
    pub(in crate::check) fn all() -> Self {
        Self(vec![Vec::new()])
    }

    pub(in crate::check) fn not_any() -> Self {
        Self(Vec::new())
    }

    pub(super) fn only_if(holds: bool) -> Self {
        if holds { Self::all() } else { Self::not_any() }
    }

    pub(in crate::check) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Both hold; `None` if there are too many cases.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        if self.0.len() * other.0.len() > MOST_CASES * MOST_CASES {
            return None;
        }
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        let mut cases: Vec<Case> = Vec::new();
        for case in pairs.filter_map(|(a, b)| both(a, b)) {
            if !cases.contains(&case) {
                cases.push(case);
            }
        }
        let small = |case: &Case| case.iter().all(|(_, values)| values.ranges() <= MOST_RANGES);
        (cases.len() <= MOST_CASES && cases.iter().all(small)).then_some(Self(cases))
    }

    /// One of the two holds; `None` if there are too many cases.
    pub(in crate::check) fn or(mut self, other: Self) -> Option<Self> {
        self.0.extend(other.0);
        (self.0.len() <= MOST_CASES).then_some(self)
    }
}

/// `None` if the two exclude each other.
fn both(a: &Case, b: &Case) -> Option<Case> {
    let mut case = a.clone();
    for (term, values) in b {
        match case.binary_search_by_key(term, |(t, _)| *t) {
            Ok(at) => {
                case[at].1 = case[at].1.and(values);
                if case[at].1.is_empty() {
                    return None;
                }
            }
            Err(at) => case.insert(at, (*term, values.clone())),
        }
    }
    Some(case)
}
