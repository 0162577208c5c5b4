//! Fan-outs are drawn below the name of their state: what they go over, each call, and the join.

use super::super::text::Text;
use super::{Label, Part};
use crate::model::{FanOut, Join, JoinKind, Joined, Share, Vote, VoteRule};

/// A line for the head, one for each call and each fallback, and one for the join.
pub(super) fn lines(text: Text<'_>, fan_out: &FanOut) -> Vec<Label> {
    let mut lines = vec![head(text, fan_out)];
    for (name, call) in fan_out.names.iter().zip(&fan_out.calls) {
        let mut chain = text.calls(call);
        chain[0].word = format!("{}:", name.text);
        lines.extend(chain.into_iter().map(Label::called));
    }
    lines.push(join(text, fan_out));
    lines
}

/// `fan_out person in people max 9 concurrency 3`
fn head(text: Text<'_>, fan_out: &FanOut) -> Label {
    let over = fan_out.over.as_ref();
    let list = over.map(|over| format!(" {} in {}", over.item.text, text.expr(&over.list)));
    let max = over.and_then(|over| over.max).map(|max| format!("max {max}"));
    let at_once = fan_out.concurrency.map(|count| format!("concurrency {count}"));
    let first = format!("fan_out{}", list.unwrap_or_default());
    words([Some(first), max, at_once].into_iter().flatten())
}

/// `join quorum 2 tolerate 1 into answers vote one.verdict majority into outcome`
fn join(text: Text<'_>, fan_out: &FanOut) -> Label {
    let Join { kind, tolerate, .. } = &fan_out.join;
    let result = |what: Joined| {
        let found = fan_out.results.iter().find(|result| result.what == what);
        found.map(|result| format!("into {}", result.name.text))
    };
    let kind = match kind {
        JoinKind::All => "all".to_owned(),
        JoinKind::AllSettled => "all_settled".to_owned(),
        JoinKind::Any => "any".to_owned(),
        JoinKind::First(count) => format!("first {count}"),
        JoinKind::Quorum(least) => format!("quorum {}", share(*least)),
    };
    let tolerate = tolerate.map(|most| format!("tolerate {}", share(most)));
    let vote = fan_out.vote.as_ref().map(|counted| vote(text, counted));
    let outcome = result(Joined::Outcome);
    let kind = Some(format!("join {kind}"));
    let failures = result(Joined::Failures).map(|into| format!("failures {into}"));
    let answers = result(Joined::Answers);
    words([kind, tolerate, answers, failures, vote, outcome].into_iter().flatten())
}

/// `vote one.verdict weighted by person.weight`
fn vote(text: Text<'_>, vote: &Vote) -> String {
    let rule = match &vote.rule {
        VoteRule::Majority => "majority".to_owned(),
        VoteRule::Plurality => "plurality".to_owned(),
        VoteRule::Unanimous => "unanimous".to_owned(),
        VoteRule::Quorum(count) => format!("quorum {count}"),
        VoteRule::Weighted(weight) => format!("weighted by {}", text.expr(weight)),
    };
    format!("vote {} {rule}", text.expr(&vote.expr))
}

fn share(share: Share) -> String {
    match share {
        Share::Count(count) => count.to_string(),
        Share::Percent(percent) => format!("{percent}%"),
    }
}

/// Clauses that may stand on lines of their own.
fn words(clauses: impl IntoIterator<Item = String>) -> Label {
    clauses.into_iter().map(Part::Trigger).collect()
}
