//! Which slots hold values of one kind, and what is asked about them: two slots are of one class if
//! a value can get from one to the other, or if they are compared. The class knows which constants
//! its values are compared with, so that a few values can stand for all.

use super::data::{self, Slot, Use};
use super::fan_out;
use crate::ast::{BinaryOp, UnaryOp};
use crate::chart::Chart;
use crate::interpret::Bits;
use crate::model::{Builtin, Expr, ExprKind, Ty};
use std::collections::{BTreeMap, BTreeSet};

/// What is known about the values of a class.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// Whole numbers, and durations in milliseconds.
    pub(super) numbers: BTreeSet<i128>,
    /// By their bits.
    pub(super) floats: Vec<Bits>,
    pub(super) strings: BTreeSet<String>,
    /// It is asked which of two texts comes first.
    pub(super) orders: bool,
    /// What texts have in them that are put together of others.
    pub(super) pieces: BTreeSet<String>,
    /// Values are added.
    pub(super) sums: bool,
    /// Other arithmetic is done.
    pub(super) calculates: bool,
    /// Two values that are both not constants are compared.
    pub(super) compares: bool,
    /// It is asked how long or what is inside.
    pub(super) measures: bool,
    /// Fan-outs tell lists apart by these lengths.
    pub(super) lengths: BTreeSet<usize>,
}

impl Class {
    fn absorb(&mut self, other: Class) {
        self.numbers.extend(other.numbers);
        self.floats.extend(other.floats);
        self.strings.extend(other.strings);
        self.orders |= other.orders;
        self.pieces.extend(other.pieces);
        self.sums |= other.sums;
        self.calculates |= other.calculates;
        self.compares |= other.compares;
        self.measures |= other.measures;
        self.lengths.extend(other.lengths);
    }

    /// From this number on, all numbers are alike: no comparison tells them apart, and sums only
    /// grow. `None` if there is no such number.
    pub(super) fn ceiling(&self) -> Option<i128> {
        let grows = !self.calculates && !self.compares && !self.measures;
        let positive = self.numbers.first().is_none_or(|least| *least >= 0);
        (grows && positive).then(|| self.numbers.iter().sum::<i128>() + 1)
    }
}

/// The classes of all slots.
#[derive(Debug, Default)]
pub(super) struct Classes {
    of: BTreeMap<Slot, usize>,
    /// Which class a class has become part of.
    parent: Vec<usize>,
    list: Vec<Class>,
}

impl Classes {
    /// Reads all uses in a chart, and how long the lists are over which it fans out as it was declared.
    pub(super) fn of(chart: &Chart, uses: &[Use<'_>], declared: &Chart) -> Self {
        let mut classes = Self::default();
        let delays = data::delays(chart);
        let literals: Vec<i128> = delays
            .iter()
            .filter_map(|delay| match delay.kind {
                ExprKind::Duration(ms) => Some(i128::from(ms)),
                _ => None,
            })
            .collect();
        delays.iter().for_each(|delay| classes.delay(chart, delay, &literals));
        for (of, declared) in chart.fan_outs.iter().zip(&declared.fan_outs) {
            let Some(over) = &of.fan_out.over else { continue };
            let class = classes.read(chart, fan_out::list(&chart.declarations, &over.list));
            classes.mark(class, |c| c.lengths.extend(fan_out::lengths(&declared.fan_out)));
        }
        for used in uses {
            let value = classes.read(chart, used.expr());
            if let Use::Stored(slot, expr) = used {
                let slot = classes.slot(*slot);
                classes.join(Some(slot), value);
                // How long a list is that is only kept tells nothing apart.
                if !matches!(expr.kind, ExprKind::List(_)) {
                    classes.constant(Some(slot), expr);
                }
            }
        }
        if classes.of.contains_key(&Slot::Message) {
            for text in data::texts(chart) {
                let (text, message) = (classes.slot(text), classes.slot(Slot::Message));
                classes.join(Some(message), Some(text));
            }
        }
        classes
    }

    /// What is known about the values of a slot.
    pub(super) fn get(&self, slot: Slot) -> Class {
        self.of.get(&slot).map(|at| self.list[self.root(*at)].clone()).unwrap_or_default()
    }

    /// True if two slots are of one class.
    pub(super) fn share(&self, a: Slot, b: Slot) -> bool {
        match (self.of.get(&a), self.of.get(&b)) {
            (Some(a), Some(b)) => self.root(*a) == self.root(*b),
            _ => false,
        }
    }

    fn slot(&mut self, slot: Slot) -> usize {
        let new = self.list.len();
        let at = *self.of.entry(slot).or_insert(new);
        if at == new {
            self.list.push(Class::default());
            self.parent.push(new);
        }
        self.root(at)
    }

    fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: Option<usize>, b: Option<usize>) -> Option<usize> {
        let (Some(a), Some(b)) = (a, b) else { return a.or(b) };
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent[b] = a;
            let other = std::mem::take(&mut self.list[b]);
            self.list[a].absorb(other);
        }
        Some(a)
    }

    fn mark(&mut self, class: Option<usize>, change: impl FnOnce(&mut Class)) {
        if let Some(class) = class {
            let root = self.root(class);
            change(&mut self.list[root]);
        }
    }

    /// Notes the constants of an expression.
    fn constant(&mut self, class: Option<usize>, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(value) => self.mark(class, |c| {
                c.numbers.insert(*value);
            }),
            ExprKind::Duration(ms) => {
                self.mark(class, |c| {
                    c.numbers.insert(i128::from(*ms));
                });
            }
            ExprKind::Float(value) => self.mark(class, |c| c.floats.push(Bits(*value))),
            ExprKind::String(text) => self.mark(class, |c| {
                c.strings.insert(text.clone());
            }),
            // `some(3)`, `[1, 2]`, `Colour::Grey(7)`: what stands inside, and how long a list is.
            ExprKind::List(parts) => {
                let length = parts.len() as i128;
                self.mark(class, |c| {
                    c.numbers.insert(length);
                    c.measures = true;
                });
                parts.iter().for_each(|part| self.constant(class, part));
            }
            ExprKind::Variant(_, _, parts) | ExprKind::Builtin(Builtin::Some, parts) => {
                parts.iter().for_each(|part| self.constant(class, part));
            }
            _ => {}
        }
    }

    /// A delay that is not a literal races against the others: which comes first depends on its
    /// value, so those around every other delay are tried, and all of them stand for no proof.
    fn delay(&mut self, chart: &Chart, delay: &Expr, literals: &[i128]) {
        let class = self.read(chart, delay);
        self.constant(class, delay);
        self.mark(class, |c| {
            c.calculates = true;
            c.numbers.extend(literals);
        });
    }

    /// The class of the values of an expression; `None` for a constant.
    fn read(&mut self, chart: &Chart, expr: &Expr) -> Option<usize> {
        match &expr.kind {
            ExprKind::Binary(op, left, right) => self.binary(chart, *op, left, right),
            ExprKind::Unary(UnaryOp::Neg, inner) => {
                let class = self.read(chart, inner);
                self.mark(class, |c| c.calculates = true);
                class
            }
            ExprKind::Builtin(Builtin::Len | Builtin::Contains, args) => {
                let class = self.all(chart, args);
                args.iter().for_each(|arg| self.constant(class, arg));
                self.mark(class, |c| c.measures = true);
                class
            }
            // Explored both ways, whatever the numbers are.
            ExprKind::Builtin(Builtin::Change, _) => None,
            ExprKind::Builtin(Builtin::IsEmpty, args) => {
                let class = self.all(chart, args);
                if args.iter().any(|arg| arg.ty == Ty::String) {
                    self.mark(class, |c| {
                        c.strings.insert(String::new());
                    });
                }
                None
            }
            ExprKind::Builtin(Builtin::Text, parts) => {
                let class = self.all(chart, parts);
                let pieces = parts.iter().filter_map(|part| match &part.kind {
                    ExprKind::String(piece) => Some(piece.clone()),
                    _ => None,
                });
                self.mark(class, |c| c.pieces.extend(pieces));
                class
            }
            ExprKind::Field(inner, _) if data::is_caught(inner) => {
                let mut slots = Vec::new();
                data::reads(chart, expr, &mut slots);
                slots.into_iter().next().map(|slot| self.slot(slot))
            }
            // The arguments decide nothing, but what they compare among themselves does no harm.
            ExprKind::Call(function, _) => Some(self.slot(Slot::Answer(*function))),
            ExprKind::Context(_)
            | ExprKind::StateData(..)
            | ExprKind::Binding(..)
            | ExprKind::Branch(..) => {
                let mut slots = Vec::new();
                data::reads(chart, expr, &mut slots);
                let mut class = None;
                for slot in slots {
                    let slot = self.slot(slot);
                    class = self.join(class, Some(slot));
                }
                class
            }
            _ => {
                let parts = expr.parts();
                let mut class = None;
                for part in &parts {
                    let inner = self.read(chart, part);
                    class = self.join(class, inner);
                }
                parts.iter().for_each(|part| self.constant(class, part));
                class
            }
        }
    }

    fn all(&mut self, chart: &Chart, exprs: &[Expr]) -> Option<usize> {
        exprs.iter().fold(None, |class, expr| {
            let inner = self.read(chart, expr);
            self.join(class, inner)
        })
    }

    fn binary(&mut self, chart: &Chart, op: BinaryOp, left: &Expr, right: &Expr) -> Option<usize> {
        let (a, b) = (self.read(chart, left), self.read(chart, right));
        if matches!(op, BinaryOp::And | BinaryOp::Or) {
            return None;
        }
        let both = a.is_some() && b.is_some();
        let class = self.join(a, b);
        self.constant(class, left);
        self.constant(class, right);
        let change = |c: &mut Class| match op {
            BinaryOp::Add => c.sums = true,
            BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => c.calculates = true,
            BinaryOp::Eq | BinaryOp::Ne => c.compares |= both,
            _ => {
                c.compares |= both;
                c.orders |= left.ty == Ty::String;
            }
        };
        self.mark(class, change);
        let is_value = matches!(
            op,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem
        );
        class.filter(|_| is_value)
    }
}
