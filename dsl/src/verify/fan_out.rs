//! Fan-outs with as few branches as show all that one can come to.
//!
//! Of a list it matters whether it is empty, has values, or too many: two values are enough for a join to
//! succeed with some or all, to fail with each error, and for a vote to have each outcome and none. What
//! bounds the number of branches only says when that is, and time is not counted in branches.

use crate::chart::Chart;
use crate::interpret::Value;
use crate::model::{
    BranchValue, Expr, ExprKind, FanOut, FieldId, Function, FunctionId, FunctionKind, JoinKind,
    Name, Share, Ty, VoteRule,
};

/// So many values stand for every list that is neither empty nor too long.
const VALUES: u32 = 2;

/// Longer lists are not written down.
const LONGEST: usize = 64;

/// The beginning of the name of a list: no name can begin so.
const LIST: &str = "`list ";

/// The same of one that is not empty.
const FULL: &str = "`full list ";

/// True if a join can succeed although a branch has failed.
fn tolerates(fan_out: &FanOut) -> bool {
    let waits = matches!(fan_out.join.kind, JoinKind::All | JoinKind::AllSettled);
    !waits || fan_out.join.tolerate.is_some()
}

/// Puts a small fan-out in the place of one over a list.
pub(super) fn small(fan_out: &mut FanOut, number: usize, functions: &mut Vec<Function>) {
    let span = fan_out.span;
    let mut stand_in = |what: String, result: &Ty| {
        functions.push(Function {
            kind: FunctionKind::Fn,
            name: Name { text: what, span },
            docs: Vec::new(),
            params: Vec::new(),
            result: Some(result.clone()),
        });
        FunctionId(functions.len() as u32 - 1)
    };
    let tolerates = tolerates(fan_out);
    let Some(over) = &mut fan_out.over else { return };
    // One that fails for want of branches fails like one with too many.
    let list = if fan_out.join.needed(0) > 0 { FULL } else { LIST };
    let list = stand_in(format!("{list}{number}"), &over.list.ty);
    over.list.kind = ExprKind::Call(list, Vec::new());
    over.max = Some(VALUES);
    fan_out.concurrency = None;
    if tolerates {
        fan_out.join.kind = JoinKind::All;
        fan_out.join.tolerate = Some(Share::Count(VALUES - 1));
    }
    if let Some(vote) = &mut fan_out.vote {
        vote.rule = VoteRule::Majority;
        if vote.reads_items {
            let choice = stand_in(format!("`vote {number}"), &vote.expr.ty);
            let item = ExprKind::Branch(crate::model::StateId(0), BranchValue::Item);
            let item = Expr { kind: item, ty: over.ty.clone(), span };
            vote.expr.kind = ExprKind::Call(choice, vec![item]);
        }
        vote.reads_items = true;
    }
}

/// The lists that stand for all others, if a function stands for a list.
pub(super) fn lists(function: &Function) -> Option<Vec<Value>> {
    list_of(&function.name.text)?;
    let value = |at: u32| Value::Rust(format!("`{at}"));
    let lengths = [0, VALUES, VALUES + 1].into_iter();
    let lengths = lengths.skip(usize::from(function.name.text.starts_with(FULL)));
    Some(lengths.map(|len| Value::List((0..len).map(value).collect())).collect())
}

/// The fan-out whose list a function stands for.
pub(super) fn list_of(function: &str) -> Option<usize> {
    let number = function.strip_prefix(LIST).or_else(|| function.strip_prefix(FULL));
    number?.parse().ok()
}

/// A list that is as long on the machine as it was declared, and the field that holds it. None if it is
/// not a field, or has to be longer than a script can say.
pub(super) fn whole_list(chart: &Chart, of: &FanOut, length: usize) -> Option<(FieldId, Value)> {
    let over = of.over.as_ref()?;
    let ExprKind::Context(field) = over.list.kind else { return None };
    if tolerates(of) && length == VALUES as usize {
        // It ends with another branch than two stand for.
        return None;
    }
    let max = over.max.unwrap_or(u32::MAX) as usize;
    let length = if length > VALUES as usize { max.checked_add(1)? } else { length };
    if length > LONGEST || (length <= VALUES as usize && length > max) {
        return None;
    }
    let value = |at: usize| match over.ty {
        Ty::String => Some(Value::String(at.to_string())),
        Ty::Int(_) => Some(Value::Int(at as i128)),
        _ => Value::plain(&over.ty, &chart.declarations),
    };
    Some((field, Value::List((1..=length).map(value).collect::<Option<_>>()?)))
}

/// The numbers of what runs, from where nothing else is numbered.
pub(super) fn first(chart: &Chart, fan_out: u32) -> u64 {
    let room = u64::from(u32::MAX);
    chart.invokes.len() as u64 + room * (u64::from(fan_out) + 1)
}
