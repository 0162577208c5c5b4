//! Expressions: pest gives operands and operators in a row, precedence is decided here.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use super::tokens::DEPTH_LIMIT;
use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::iterators::Pair;

/// An expression and how deep it is: a row of a million `+` is no deeper for pest than one, but
/// the tree leans to the left, and all who walk it recurse.
type Deep = (Expr, usize);

impl<'t> Parser<'t, '_> {
    pub(super) fn expr(&mut self, pair: Pair<'t, Rule>) -> Expr {
        self.deep_expr(pair).0
    }

    pub(super) fn exprs(&mut self, pair: Pair<'t, Rule>) -> Vec<Expr> {
        self.deep_exprs(pair).0
    }

    /// The arguments, if they are the next part.
    pub(super) fn next_args(&mut self, parts: &mut Parts<'t>) -> Option<Vec<Expr>> {
        parts.next_if(Rule::args).map(|pair| self.exprs(pair))
    }

    fn deep_expr(&mut self, pair: Pair<'t, Rule>) -> Deep {
        let mut parts = Parts::of(pair);
        self.binary(&mut parts, 0)
    }

    fn deep_exprs(&mut self, pair: Pair<'t, Rule>) -> (Vec<Expr>, usize) {
        let mut depth = 0;
        let list = Parts::of(pair).all(Rule::expr).map(|p| {
            let (expr, inner) = self.deep_expr(p);
            depth = depth.max(inner);
            expr
        });
        (list.collect(), depth)
    }

    /// Precedence climbing: takes operators that bind at least as tightly as `least`.
    fn binary(&mut self, parts: &mut Parts<'t>, least: u8) -> Deep {
        let mut left = self.unary(parts);
        let mut compared = None;
        while let Some(op) = parts.peek_operator().filter(|op| binding(*op) >= least) {
            let place = parts.next();
            let earlier = compared.filter(|_| binding(op) == COMPARISON);
            if let Some(first) = earlier {
                let span = self.span(&place);
                self.chained(first, op, span);
            }
            compared = compared.or((binding(op) == COMPARISON).then_some(op));
            let right = self.binary(parts, binding(op) + 1);
            left = self.join(left, right, |a, b| ExprKind::Binary(op, a, b));
        }
        left
    }

    fn join(
        &mut self,
        left: Deep,
        right: Deep,
        make: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind,
    ) -> Deep {
        let span = left.0.span.to(right.0.span);
        let depth = left.1.max(right.1) + 1;
        if self.is_too_deep(depth, span) {
            return left;
        }
        (Expr { kind: make(Box::new(left.0), Box::new(right.0)), span }, depth)
    }

    fn is_too_deep(&mut self, depth: usize, span: Span) -> bool {
        if depth > DEPTH_LIMIT && self.deep_base != Some(self.base) {
            self.deep_base = Some(self.base);
            let message = format!("expression has more than {DEPTH_LIMIT} levels of operators");
            let help = "move a part of it into a `fn`";
            self.report(Diagnostic::new(Code::TooDeep, span, message).help(help));
        }
        depth > DEPTH_LIMIT
    }

    fn chained(&mut self, first: BinaryOp, second: BinaryOp, span: Span) {
        let message = "comparisons cannot be chained";
        let help = format!(
            "write two comparisons joined by `&&`, as in `a {} b && b {} c`",
            first.text(),
            second.text()
        );
        self.report(Diagnostic::new(Code::Syntax, span, message).help(help));
    }

    fn unary(&mut self, parts: &mut Parts<'t>) -> Deep {
        let mut prefixes = Vec::new();
        while let Some(pair) = parts.next_if(Rule::prefix) {
            let op = if pair.as_str() == "!" { UnaryOp::Not } else { UnaryOp::Neg };
            prefixes.push((op, self.span(&pair)));
        }
        let mut operand = self.fields(parts);
        for (op, place) in prefixes.into_iter().rev() {
            let (span, depth) = (place.to(operand.0.span), operand.1 + 1);
            if self.is_too_deep(depth, span) {
                break;
            }
            operand = (Expr { kind: ExprKind::Unary(op, Box::new(operand.0)), span }, depth);
        }
        operand
    }

    fn fields(&mut self, parts: &mut Parts<'t>) -> Deep {
        let mut operand = self.primary(parts.next());
        while parts.next_if(Rule::dot).is_some() {
            let name = self.name(parts.next());
            let (span, depth) = (operand.0.span.to(name.span), operand.1 + 1);
            if self.is_too_deep(depth, span) {
                continue;
            }
            operand = (Expr { kind: ExprKind::Field(Box::new(operand.0), name), span }, depth);
        }
        operand
    }

    fn primary(&mut self, pair: Pair<'t, Rule>) -> Deep {
        let span = self.span(&pair);
        let (kind, depth) = match pair.as_rule() {
            Rule::list => {
                let (items, depth) = self.deep_exprs(pair);
                (ExprKind::List(items), depth + 1)
            }
            Rule::group => {
                let (expr, depth) = self.deep_expr(Parts::of(pair).find(Rule::expr));
                return (Expr { kind: expr.kind, span }, depth);
            }
            Rule::call => return self.call_or_path(pair, span),
            _ => (self.literal(pair), 0),
        };
        (Expr { kind, span }, depth)
    }

    fn call_or_path(&mut self, pair: Pair<'t, Rule>, span: Span) -> Deep {
        let mut parts = Parts::of(pair);
        let path = self.path(parts.find(Rule::path));
        match parts.next_if(Rule::args) {
            Some(args) => {
                let (args, depth) = self.deep_exprs(args);
                (Expr { kind: ExprKind::Call(path, args), span }, depth + 1)
            }
            None => (Expr { kind: ExprKind::Path(path), span }, 0),
        }
    }
}

impl Parts<'_> {
    fn peek_operator(&mut self) -> Option<BinaryOp> {
        let text = self.peek_str(Rule::infix)?;
        OPERATORS.iter().copied().find(|op| op.text() == text)
    }
}

const OPERATORS: [BinaryOp; 13] = [
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Rem,
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Lt,
    BinaryOp::Le,
    BinaryOp::Gt,
    BinaryOp::Ge,
    BinaryOp::Eq,
    BinaryOp::Ne,
    BinaryOp::And,
    BinaryOp::Or,
];

const COMPARISON: u8 = 2;

/// How tightly an operator binds, from 0.
fn binding(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 0,
        BinaryOp::And => 1,
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Eq | BinaryOp::Ne => {
            COMPARISON
        }
        BinaryOp::Add | BinaryOp::Sub => 3,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 4,
    }
}
