//! An expression as text in one line, the same from whichever door it came.

use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp, duration};

/// The text of an expression, with single spaces and no needless parentheses.
pub(super) fn expr(expr: &Expr) -> String {
    let mut text = String::new();
    write(&mut text, expr, 0);
    text
}

fn write(text: &mut String, expr: &Expr, around: u8) {
    match &expr.kind {
        ExprKind::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        ExprKind::Int(value) => text.push_str(&value.to_string()),
        ExprKind::Float(value) => text.push_str(&format!("{value:?}")),
        ExprKind::String(value) => text.push_str(&format!("{value:?}")),
        ExprKind::Duration(ms) => text.push_str(&duration(*ms)),
        ExprKind::Percent(value) => text.push_str(&format!("{value}%")),
        ExprKind::List(items) => {
            text.push('[');
            list(text, items);
            text.push(']');
        }
        ExprKind::Path(path) => text.push_str(&path.text()),
        ExprKind::Call(path, args) => {
            text.push_str(&path.text());
            text.push('(');
            list(text, args);
            text.push(')');
        }
        ExprKind::Field(of, name) => {
            write(text, of, 7);
            text.push('.');
            text.push_str(&name.text);
        }
        ExprKind::Unary(op, inner) => {
            text.push(if *op == UnaryOp::Not { '!' } else { '-' });
            write(text, inner, 6);
        }
        ExprKind::Binary(op, left, right) => binary(text, *op, left, right, around),
        // What is written is told in its own words.
        ExprKind::Made(..) => text.push_str(".."),
    }
}

fn binary(text: &mut String, op: BinaryOp, left: &Expr, right: &Expr, around: u8) {
    let own = strength(op);
    if own < around {
        text.push('(');
    }
    write(text, left, own);
    text.push(' ');
    text.push_str(op.text());
    text.push(' ');
    write(text, right, own + 1);
    if own < around {
        text.push(')');
    }
}

fn list(text: &mut String, items: &[Expr]) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write(text, item, 0);
    }
}

fn strength(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            3
        }
        BinaryOp::Add | BinaryOp::Sub => 4,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 5,
    }
}
