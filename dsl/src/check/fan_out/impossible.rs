//! E0703: a join can succeed with as many branches as there can be, what it tolerates can happen while it
//! still can, a vote can have an outcome, and a list that is known is not too long.

use super::{all, branches};
use crate::check::constant;
use crate::check::facts::Facts;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ExprKind, FanOut, JoinKind, VoteRule};

pub(in crate::check) fn check(facts: &Facts, d: &mut Diagnostics) {
    for (_, fan_out) in all(facts) {
        let Some(most) = fan_out.most() else { continue };
        let report = too_many(facts, fan_out).or_else(|| report(fan_out, most));
        d.extend(report);
    }
}

/// A list that is known has no more values than it may have.
fn too_many(facts: &Facts, fan_out: &FanOut) -> Option<Diagnostic> {
    let over = fan_out.over.as_ref()?;
    let known = constant::default(facts, &over.list).unwrap_or(&over.list);
    let ExprKind::List(values) = &known.kind else { return None };
    let (count, max) = (values.len(), over.max?);
    if count <= max as usize {
        return None;
    }
    let message = format!("this list has {count} values, and may have {max}");
    let report = Diagnostic::new(Code::ImpossibleJoin, over.list.span, message)
        .at("always fails with `TooManyBranches`")
        .help(format!("write `max {count}`, or go over fewer values"));
    Some(match std::ptr::eq(known, &over.list) {
        true => report,
        false => report.label(known.span, "its values, which are never set"),
    })
}

fn report(fan_out: &FanOut, most: u32) -> Option<Diagnostic> {
    let join = &fan_out.join;
    let all = match (&fan_out.over, most) {
        (Some(over), _) => (over.list.span, format!("at most {}", branches(most))),
        (None, _) => (fan_out.names[0].span, branches(most)),
    };
    let needed = match join.kind {
        JoinKind::First(count) => count,
        _ => join.needed(most),
    };
    let new = |message: String| {
        let report = Diagnostic::new(Code::ImpossibleJoin, join.span, message);
        report.label(all.0, all.1.clone())
    };
    if needed > most {
        let message = format!("{} cannot give {needed} results", branches(most));
        return Some(new(message).at("always fails").help(format!("ask for {most} at most")));
    }
    let tolerated = join.tolerated(most);
    let counts = matches!(join.kind, JoinKind::Any | JoinKind::First(_) | JoinKind::Quorum(_));
    if join.tolerate.is_some() && counts && needed + tolerated > most {
        let left = most - needed;
        let message = format!("this join cannot tolerate {tolerated} failures");
        let at = match left {
            0 => "fails with the first failure anyway".to_owned(),
            _ => format!("fails with more than {left} anyway"),
        };
        let help = match left {
            0 => "leave out `tolerate`".to_owned(),
            _ => format!("tolerate {left} at most, or leave out `tolerate`"),
        };
        return Some(new(message).at(at).help(help));
    }
    let vote = fan_out.vote.as_ref()?;
    let VoteRule::Quorum(votes) = vote.rule else { return None };
    (votes > most).then(|| {
        let message = format!("{} cannot give {votes} votes", branches(most));
        Diagnostic::new(Code::ImpossibleJoin, vote.span, message)
            .at("never has an outcome")
            .label(all.0, all.1)
            .help(format!("ask for {most} at most"))
    })
}
