//! What guards speak of, and guards as cases of it.

use super::cases::Cases;
use super::consistent;
use super::linear::{Linear, is_constant, linear, measured};
use super::numbers::Numbers;
use crate::ast::{BinaryOp, UnaryOp};
use crate::check::facts::Facts;
use crate::model::{Branch, Builtin, Expr, ExprKind, Model, StateId, Ty, TypeDeclKind};

/// More terms than this in one block are not looked at.
const MOST_TERMS: usize = 64;

/// More steps than this through one guard are not made.
const MOST_STEPS: u32 = 4096;

/// How much work is put into one block, in comparisons of bounds.
const MOST_WORK: u32 = 4_000_000;

/// The order of two values: less, equal, greater; unordered if one is not a number.
pub(super) const LESS: i128 = 0;
pub(super) const EQUAL: i128 = 1;
pub(super) const GREATER: i128 = 2;
const UNORDERED: i128 = 3;

/// More values than any text could name of a type that is not looked into.
const OPEN: i128 = 1 << 40;

/// Something that has one value while the guards of a block are read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Term<'m> {
    /// A value, or whether a condition holds that is not looked into.
    Value(&'m Expr),
    /// The length of a value.
    Length(&'m Expr),
    /// How two values compare.
    Order(&'m Expr, &'m Expr),
    /// Whether a state is active.
    In(StateId),
}

/// The terms of one block.
pub(in crate::check) struct Terms<'f, 'm> {
    facts: &'f Facts<'m>,
    model: &'m Model,
    /// States that are active when the guards are read.
    active: Vec<StateId>,
    list: Vec<Term<'m>>,
    /// Values of types that are not looked into, each with its number.
    constants: Vec<&'m Expr>,
    steps: u32,
    work: u32,
}

impl<'f, 'm> Terms<'f, 'm> {
    pub(in crate::check) fn new(facts: &'f Facts<'m>, active: &[StateId]) -> Self {
        Self {
            facts,
            model: facts.model,
            active: active.to_vec(),
            list: Vec::new(),
            constants: Vec::new(),
            steps: 0,
            work: MOST_WORK,
        }
    }

    /// The cases in which a guard holds, or does not; `None` if they are too many.
    pub(in crate::check) fn cases(&mut self, guard: &'m Expr, holds: bool) -> Option<Cases> {
        self.steps = MOST_STEPS;
        let cases = self.condition(guard, holds)?;
        Some(self.possible(cases))
    }

    /// The cases in which both hold; `None` if they are too many.
    pub(in crate::check) fn both(&mut self, a: &Cases, b: &Cases) -> Option<Cases> {
        let both = a.and(b)?;
        Some(self.possible(both))
    }

    /// The cases in which a branch is not taken either; all of them if that is too much to look at.
    pub(in crate::check) fn without(&mut self, left: Cases, branch: &'m Branch) -> Cases {
        let rest = match &branch.guard {
            None => Some(Cases::not_any()),
            Some(guard) => self.cases(guard, false),
        };
        rest.and_then(|rest| self.both(&left, &rest)).unwrap_or(left)
    }

    /// Without the cases whose terms cannot have their values all at once.
    fn possible(&mut self, mut cases: Cases) -> Cases {
        let mut work = self.work;
        cases.0.retain(|case| consistent::is_possible(self, case, &mut work));
        self.work = work;
        cases
    }

    pub(super) fn term(&self, index: usize) -> Term<'m> {
        self.list[index]
    }

    pub(super) fn facts(&self) -> &'f Facts<'m> {
        self.facts
    }

    fn condition(&mut self, guard: &'m Expr, holds: bool) -> Option<Cases> {
        self.steps = self.steps.checked_sub(1)?;
        match &guard.kind {
            ExprKind::Bool(value) => Some(Cases::only_if(*value == holds)),
            ExprKind::Unary(UnaryOp::Not, inner) => self.condition(inner, !holds),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right) => {
                let (left, right) = (self.condition(left, holds), self.condition(right, holds));
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
            ExprKind::Builtin(Builtin::IsEmpty, args) if args.len() == 1 => {
                let lengths = if holds { Numbers::range(0, 0) } else { Numbers::range(1, LONGEST) };
                self.one(Term::Length(&args[0]), lengths)
            }
            ExprKind::In(state) => match consistent::is_in(self.facts, &self.active, *state) {
                Some(known) => Some(Cases::only_if(known == holds)),
                None => self.one(Term::In(*state), truth(holds)),
            },
            _ => self.one(Term::Value(guard), truth(holds)),
        }
    }

    fn comparison(
        &mut self,
        op: BinaryOp,
        left: &'m Expr,
        right: &'m Expr,
        holds: bool,
    ) -> Option<Cases> {
        if left.ty == Ty::Bool && right.ty == Ty::Bool {
            return self.equivalence(left, right, (op == BinaryOp::Eq) == holds);
        }
        let (a, b) = (linear(left), linear(right));
        let (base, op, value) = match (a, b) {
            (Linear { base: None, value: a }, Linear { base: None, value: b }) => {
                let order = Numbers::range(order(a, b), order(a, b));
                let fits = !order.and(&orders(op)).is_empty();
                return Some(Cases::only_if(fits == holds));
            }
            (Linear { base: Some(_), .. }, Linear { base: Some(_), .. }) => {
                return self.open(op, left, right, holds);
            }
            (Linear { base: Some(base), value: added }, Linear { value, .. }) => {
                (base, op, value - added)
            }
            (Linear { value, .. }, Linear { base: Some(base), value: added }) => {
                (base, turned(op), value - added)
            }
        };
        let Some(domain) = self.domain(&base.ty) else {
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
        self.one(measured(base), if holds { values } else { domain.without(&values) })
    }

    /// Both conditions hold, or neither; with `same` false, just one.
    fn equivalence(&mut self, left: &'m Expr, right: &'m Expr, same: bool) -> Option<Cases> {
        let (yes, no) = (self.condition(left, true)?, self.condition(left, false)?);
        let (also, neither) = (self.condition(right, same)?, self.condition(right, !same)?);
        yes.and(&also)?.or(no.and(&neither)?)
    }

    /// A value of a type that is not looked into is compared with a constant, or two are with each
    /// other.
    fn open(
        &mut self,
        op: BinaryOp,
        left: &'m Expr,
        right: &'m Expr,
        holds: bool,
    ) -> Option<Cases> {
        let equal = match op {
            BinaryOp::Eq => holds,
            BinaryOp::Ne => !holds,
            _ => return self.order(op, left, right, holds),
        };
        let (value, constant) = match (is_constant(left), is_constant(right)) {
            (false, true) => (left, right),
            (true, false) => (right, left),
            _ => return self.order(op, left, right, holds),
        };
        let number = self.number(constant);
        let values = Numbers::range(number, number);
        // Of an enum, the variant is known too.
        if let (ExprKind::Variant(_, variant, _), Some(domain)) =
            (&constant.kind, self.domain(&value.ty))
        {
            let variants = Numbers::range((*variant).into(), (*variant).into());
            let exact = Term::Order(value, constant);
            return if equal {
                let variant = self.one(Term::Value(value), variants)?;
                variant.and(&self.one(exact, Numbers::range(EQUAL, EQUAL))?)
            } else {
                let other = self.one(Term::Value(value), domain.without(&variants))?;
                let unequal = Numbers::range(LESS, GREATER).without(&Numbers::range(EQUAL, EQUAL));
                other.or(self.one(exact, unequal)?)
            };
        }
        let all = Numbers::range(0, OPEN);
        self.one(Term::Value(value), if equal { values } else { all.without(&values) })
    }

    /// The number that stands for a constant.
    fn number(&mut self, constant: &'m Expr) -> i128 {
        let known = self.constants.iter().position(|known| *known == constant);
        let index = known.unwrap_or(self.constants.len());
        if known.is_none() {
            self.constants.push(constant);
        }
        index as i128
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
        let partial = has_partial_order(self.model, &left.ty, 0);
        let mut domain = Numbers::range(LESS, if partial { UNORDERED } else { GREATER });
        if left == right && (!partial || matches!(left.ty, Ty::Float(_))) {
            domain = domain.without(&Numbers::range(LESS, LESS));
            domain = domain.without(&Numbers::range(GREATER, GREATER));
        }
        let values = domain.and(&orders(op));
        let values = if holds { values } else { domain.without(&values) };
        self.one(Term::Order(left, right), values)
    }

    fn one(&mut self, term: Term<'m>, values: Numbers) -> Option<Cases> {
        if values.is_empty() {
            return Some(Cases::not_any());
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

    /// True if the values of a type stand in a line: of two that differ, one is less. Variants with
    /// fields are told apart by their variant alone, and what users' types do is not known.
    pub(super) fn is_line(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Unknown | Ty::Rust { .. } => false,
            Ty::Enum(id) => match &self.model.declarations.types[id.index()].kind {
                TypeDeclKind::Enum(variants) => variants.iter().all(|v| v.fields.is_empty()),
                TypeDeclKind::Struct(_) => false,
            },
            _ => true,
        }
    }

    /// All values of a term that is looked into.
    pub(super) fn values_of(&self, term: Term) -> Option<Numbers> {
        match term {
            Term::Value(expr) => self.domain(&expr.ty),
            Term::Length(_) => Some(Numbers::range(0, LONGEST)),
            Term::Order(..) | Term::In(_) => None,
        }
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

/// The longest length there is.
const LONGEST: i128 = u64::MAX as i128;

fn truth(holds: bool) -> Numbers {
    Numbers::range(holds.into(), holds.into())
}

/// How deep a declared type is looked into.
const DEEPEST: u32 = 8;

/// True if two values of a type may be neither equal nor different in any order that is known here.
fn has_partial_order(model: &Model, ty: &Ty, depth: u32) -> bool {
    let again = |ty: &Ty| has_partial_order(model, ty, depth + 1);
    if depth > DEEPEST {
        return true;
    }
    match ty {
        Ty::Float(_) | Ty::Unknown | Ty::Rust { .. } => true,
        Ty::Vec(inner) | Ty::Option(inner) => again(inner),
        Ty::Map(key, value) => again(key) || again(value),
        Ty::Enum(id) | Ty::Struct(id) => match &model.declarations.types[id.index()].kind {
            TypeDeclKind::Enum(variants) => {
                variants.iter().flat_map(|variant| &variant.fields).any(|field| again(&field.ty))
            }
            TypeDeclKind::Struct(fields) => fields.iter().any(|field| again(&field.ty)),
        },
        Ty::Bool | Ty::Int(_) | Ty::String | Ty::Duration | Ty::Failure => false,
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
