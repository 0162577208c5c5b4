//! Guards as lists of cases: in each case, some terms have a value in a set, and all others any.

use super::numbers::{self, Numbers};
use crate::ast::{BinaryOp, UnaryOp};
use crate::model::{Expr, ExprKind, FloatTy, Model, Ty, TypeDeclKind};

/// More cases than this are not looked at.
const MOST_CASES: usize = 64;

/// More ranges of values than this in one case are not looked at.
const MOST_RANGES: usize = 256;

/// More terms than this in one block are not looked at.
const MOST_TERMS: usize = 64;

/// The order of two values: less, equal, greater; unordered if one is not a number.
const LESS: i128 = 0;
const EQUAL: i128 = 1;
const GREATER: i128 = 2;
const UNORDERED: i128 = 3;

/// A condition: one of the cases holds.
#[derive(Clone, Debug)]
pub(super) struct Cases(Vec<Case>);

/// Terms with the values that they have, sorted by term; none of the sets is empty.
type Case = Vec<(usize, Numbers)>;

impl Cases {
    pub(super) fn all() -> Self {
        Self(vec![Vec::new()])
    }

    fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Both hold; `None` if there are too many cases.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        if self.0.len() * other.0.len() > MOST_CASES * MOST_CASES {
            return None;
        }
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(move |b| (a, b)));
        let cases: Vec<Case> = pairs.filter_map(|(a, b)| both(a, b)).collect();
        let small = |case: &Case| case.iter().all(|(_, values)| values.ranges() <= MOST_RANGES);
        (cases.len() <= MOST_CASES && cases.iter().all(small)).then_some(Self(cases))
    }

    fn or(mut self, other: Self) -> Option<Self> {
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

/// Something that has one value while the guards of a block are read.
#[derive(PartialEq)]
enum Term<'m> {
    /// A value, or whether a condition holds that is not looked into.
    Value(&'m Expr),
    /// How two values compare.
    Order(&'m Expr, &'m Expr),
}

/// The terms of one block.
pub(super) struct Terms<'m> {
    model: &'m Model,
    list: Vec<Term<'m>>,
}

impl<'m> Terms<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self { model, list: Vec::new() }
    }

    /// The cases in which a guard holds, or does not; `None` if they are too many.
    pub(super) fn cases(&mut self, guard: &'m Expr, holds: bool) -> Option<Cases> {
        match &guard.kind {
            ExprKind::Bool(value) => {
                Some(if *value == holds { Cases::all() } else { Cases::none() })
            }
            ExprKind::Unary(UnaryOp::Not, inner) => self.cases(inner, !holds),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right) => {
                let (left, right) = (self.cases(left, holds), self.cases(right, holds));
                if (*op == BinaryOp::And) == holds {
                    // Of two, one that is too much to look at may be left out: fewer conditions,
                    // more cases, and nothing is called dead that is not.
                    match (left, right) {
                        (Some(left), Some(right)) => left.and(&right),
                        (one, other) => one.or(other),
                    }
                } else {
                    left?.or(right?)
                }
            }
            ExprKind::Binary(op, left, right) if is_comparison(*op) => {
                self.comparison(*op, left, right, holds)
            }
            _ => {
                let wanted = i128::from(holds);
                self.one(Term::Value(guard), Numbers::range(wanted, wanted))
            }
        }
    }

    fn comparison(
        &mut self,
        op: BinaryOp,
        left: &'m Expr,
        right: &'m Expr,
        holds: bool,
    ) -> Option<Cases> {
        let (term, op, value) = match (constant(left), constant(right)) {
            (Some(a), Some(b)) => {
                let order = Numbers::range(order(a, b), order(a, b));
                let fits = !order.and(&orders(op)).is_empty();
                return Some(if fits == holds { Cases::all() } else { Cases::none() });
            }
            (None, None) => return self.order(op, left, right, holds),
            (None, Some(value)) => (left, op, value),
            (Some(value), None) => (right, turned(op), value),
        };
        let Some(domain) = self.domain(&term.ty) else {
            return self.order(op, left, right, holds);
        };
        let (low, high) = domain.bounds();
        let values = match op {
            BinaryOp::Lt => Numbers::range(low, high.min(value - 1)),
            BinaryOp::Le => Numbers::range(low, high.min(value)),
            BinaryOp::Gt => Numbers::range(low.max(value + 1), high),
            BinaryOp::Ge => Numbers::range(low.max(value), high),
            BinaryOp::Eq => domain.and(&Numbers::range(value, value)),
            _ => domain.without(&Numbers::range(value, value)),
        };
        self.one(Term::Value(term), if holds { values } else { domain.without(&values) })
    }

    /// Two values of which neither is known.
    fn order(
        &mut self,
        op: BinaryOp,
        left: &'m Expr,
        right: &'m Expr,
        holds: bool,
    ) -> Option<Cases> {
        let known = self.list.contains(&Term::Order(right, left));
        let (left, op, right) = if known { (right, turned(op), left) } else { (left, op, right) };
        // Of an unknown type the user's own Rust decides what comparisons mean.
        let partial = matches!(left.ty, Ty::Float(_) | Ty::Unknown | Ty::Rust { .. });
        let mut domain = Numbers::range(LESS, if partial { UNORDERED } else { GREATER });
        if left == right && !matches!(left.ty, Ty::Unknown | Ty::Rust { .. }) {
            domain = domain.without(&Numbers::range(LESS, LESS));
            domain = domain.without(&Numbers::range(GREATER, GREATER));
        }
        let values = domain.and(&orders(op));
        let values = if holds { values } else { domain.without(&values) };
        self.one(Term::Order(left, right), values)
    }

    fn one(&mut self, term: Term<'m>, values: Numbers) -> Option<Cases> {
        if values.is_empty() {
            return Some(Cases::none());
        }
        let known = self.list.iter().position(|known| *known == term);
        let index = known.unwrap_or(self.list.len());
        if known.is_none() {
            if self.list.len() == MOST_TERMS {
                return None;
            }
            self.list.push(term);
        }
        Some(Cases(vec![vec![(index, values)]]))
    }

    /// All values of a type that is looked into.
    fn domain(&self, ty: &Ty) -> Option<Numbers> {
        match ty {
            Ty::Bool => Some(Numbers::range(0, 1)),
            Ty::Int(int) => Some(Numbers::range(int.range().0, int.range().1)),
            Ty::Duration => Some(Numbers::range(0, u64::MAX.into())),
            Ty::Float(_) => Some(Numbers::floats()),
            Ty::Enum(id) => match &self.model.declarations.types[id.index()].kind {
                TypeDeclKind::Enum(list) => Some(Numbers::range(0, list.len() as i128 - 1)),
                TypeDeclKind::Struct(_) => None,
            },
            _ => None,
        }
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Lt | Le | Gt | Ge | Eq | Ne)
}

/// The operator with its sides exchanged.
fn turned(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        same => same,
    }
}

/// The orders of two values for which a comparison holds.
fn orders(op: BinaryOp) -> Numbers {
    match op {
        BinaryOp::Lt => Numbers::range(LESS, LESS),
        BinaryOp::Le => Numbers::range(LESS, EQUAL),
        BinaryOp::Gt => Numbers::range(GREATER, GREATER),
        BinaryOp::Ge => Numbers::range(EQUAL, GREATER),
        BinaryOp::Eq => Numbers::range(EQUAL, EQUAL),
        _ => Numbers::range(LESS, UNORDERED).without(&Numbers::range(EQUAL, EQUAL)),
    }
}

fn order(a: i128, b: i128) -> i128 {
    match a.cmp(&b) {
        std::cmp::Ordering::Less => LESS,
        std::cmp::Ordering::Equal => EQUAL,
        std::cmp::Ordering::Greater => GREATER,
    }
}

/// The value of a constant, as a whole number that is ordered as its type is.
fn constant(expr: &Expr) -> Option<i128> {
    match &expr.kind {
        ExprKind::Bool(value) => Some((*value).into()),
        ExprKind::Int(value) => Some(*value),
        ExprKind::Duration(value) => Some((*value).into()),
        // A literal of a narrower type is rounded before it is compared.
        ExprKind::Float(value) if expr.ty == Ty::Float(FloatTy::F32) => {
            Some(numbers::float(f64::from(*value as f32)))
        }
        ExprKind::Float(value) => Some(numbers::float(*value)),
        ExprKind::Variant(_, variant, fields) if fields.is_empty() => Some((*variant).into()),
        _ => None,
    }
}
