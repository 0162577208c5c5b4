//! Fan-outs with as few branches as show all that one can come to.
//!
//! Of a list it matters whether it is empty, has values, or too many or too few: two values are enough for a
//! join to succeed with some or all, to fail with each error, and for a vote to have each outcome and none.
//! What bounds the number of branches only says when that is, and time is not counted in branches. [`replay`]
//! finds out whether the list itself can end so.
//!
//! [`replay`]: super::replay

use crate::chart::Chart;
use crate::interpret::Value;
use crate::model::{
    BranchValue, Declarations, Expr, ExprKind, FanOut, Function, FunctionId, FunctionKind, Join,
    JoinKind, Name, Share, StateId, Ty, VoteRule,
};
use std::cmp::Reverse;

/// So many values stand for every list that is neither empty nor refused: one that is too long has more, and
/// one that is too short for its join is empty.
const VALUES: u32 = 2;

/// Longer lists are not tried, and not written down, if a join can be made with fewer branches.
pub(super) const LONGEST: usize = 64;

/// Joins that need more branches are not tried.
const MOST_NEEDED: usize = 256;

/// The beginning of the name of what makes lists short: no name can begin so.
const LIST: &str = "`list ";

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
    // If any list is too short, the empty one is.
    let least = if is_short(&fan_out.join, 0) { VALUES } else { 0 };
    let Some(over) = &mut fan_out.over else { return };
    let short = stand_in(format!("{LIST}{number}"), &over.list.ty);
    let list = over.list.clone();
    over.list.kind = ExprKind::Call(short, vec![list]);
    over.max = Some(VALUES);
    fan_out.concurrency = None;
    if tolerates {
        fan_out.join.kind = JoinKind::All;
        fan_out.join.tolerate = Some(Share::Count(VALUES - 1));
    }
    fan_out.join.least = least;
    if let Some(vote) = &mut fan_out.vote {
        vote.rule = VoteRule::Majority;
        if vote.reads_items {
            let choice = stand_in(format!("`vote {number}"), &vote.expr.ty);
            let item = ExprKind::Branch(StateId(0), BranchValue::Item);
            let item = Expr { kind: item, ty: over.ty.clone(), span };
            vote.expr.kind = ExprKind::Call(choice, vec![item]);
        }
        vote.reads_items = true;
    }
}

/// The fan-out whose lists a function makes short.
pub(super) fn list_of(function: &str) -> Option<usize> {
    function.strip_prefix(LIST)?.parse().ok()
}

/// The list of a fan-out as it was declared.
pub(super) fn list<'c>(declarations: &Declarations, list: &'c Expr) -> &'c Expr {
    match &list.kind {
        ExprKind::Call(function, args) => {
            let name = &declarations.functions[function.index()].name.text;
            args.first().filter(|_| list_of(name).is_some()).unwrap_or(list)
        }
        _ => list,
    }
}

/// How many values a list may have, of those that are tried.
fn longest(of: &FanOut) -> usize {
    // One more than is needed, so that a branch may fail.
    let tried = match needed(&of.join) {
        needed if needed > MOST_NEEDED => LONGEST,
        needed => LONGEST.max(needed + 1),
    };
    of.most().map_or(tried, |max| tried.min(max as usize))
}

/// How many branches there have to be for a list not to be too short, if it is not empty.
fn needed(join: &Join) -> usize {
    match join.kind {
        JoinKind::Quorum(Share::Count(count)) => count as usize,
        _ => 1,
    }
}

/// True if no list that is tried is long enough.
pub(super) fn is_beyond(of: &FanOut) -> bool {
    needed(&of.join) > longest(of)
}

/// True if a list has fewer values than its join needs.
fn is_short(join: &Join, count: usize) -> bool {
    u32::try_from(count).is_ok_and(|count| join.needed(count) > count)
}

/// The list that stands for another.
pub(super) fn short(of: &FanOut, list: &Value) -> Value {
    let count = match list {
        Value::List(values) => values.len(),
        _ => 0,
    };
    let count = match count {
        count if count > longest(of) => VALUES + 1,
        0 => 0,
        count if is_short(&of.join, count) => 0,
        _ => VALUES,
    };
    Value::List((0..count).map(|at| Value::Rust(format!("`{at}"))).collect())
}

/// The lengths that stand for all: none, too few and too many, and the least with which it can end in
/// as many ways as with any.
pub(super) fn lengths(of: &FanOut) -> Vec<usize> {
    let most = longest(of);
    let few = (1..=most).find(|count| is_short(&of.join, *count));
    let best = (1..=most).filter(|count| !is_short(&of.join, *count));
    let best = best.max_by_key(|count| (ways(of, *count as u32), Reverse(*count)));
    [Some(0), few, best, Some(most + 1)].into_iter().flatten().collect()
}

/// In how many ways so many branches can end: all well, some badly, several well, not.
fn ways(of: &FanOut, count: u32) -> usize {
    let verdict = |good: u32, bad: u32| of.join.verdict(count, good, bad);
    let is_open = |good: u32, bad: u32| verdict(good, bad).is_none();
    let mut ways = [false; 4];
    for bad in 0..=count {
        for good in 0..=count - bad {
            let is_reached =
                good > 0 && is_open(good - 1, bad) || bad > 0 && is_open(good, bad - 1);
            match verdict(good, bad).filter(|_| is_reached) {
                Some(true) => {
                    ways[0] |= bad == 0;
                    ways[1] |= bad > 0;
                    ways[2] |= good > 1;
                }
                Some(false) => ways[3] = true,
                None => {}
            }
        }
    }
    ways.into_iter().filter(|way| *way).count()
}

/// The numbers of what runs, from where nothing else is numbered.
pub(super) fn first(chart: &Chart, fan_out: u32) -> u64 {
    let room = u64::from(u32::MAX);
    chart.invokes.len() as u64 + room * (u64::from(fan_out) + 1)
}
