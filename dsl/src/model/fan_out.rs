//! Fan-out: many calls at once, and when together they are an answer.

use super::{Expr, Invoke, Name, Ty};
use crate::span::Span;

/// `fan_out .. { call .. } join ..`: runs while the state is active, and says at its end how it went.
#[derive(Clone, Debug, PartialEq)]
pub struct FanOut {
    /// The list that it goes over, with one call; else every call is a branch.
    pub over: Option<Over>,
    /// `concurrency N`: so many branches at once. [`DEFAULT_CONCURRENCY`] if it does not say.
    pub concurrency: Option<u32>,
    /// At least one; exactly one over a list.
    pub calls: Vec<Invoke>,
    /// What each call is called.
    pub names: Vec<Name>,
    /// When it has ended.
    pub join: Join,
    /// `vote ..`, only over a list.
    pub vote: Option<Vote>,
    /// What `on done` can name, in the order in which it is declared.
    pub results: Vec<JoinResult>,
    /// All of it.
    pub span: Span,
}

/// So many branches run at once where nothing is said.
pub const DEFAULT_CONCURRENCY: u32 = 16;

/// `item in list max N`
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// The name of one value of it.
    pub item: Name,
    /// The type of one value.
    pub ty: Ty,
    /// Read on entry, once.
    pub list: Expr,
    /// How many values it may have. Valid after `check`, which asks for it.
    pub max: Option<u32>,
}

/// `join KIND tolerate N`
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// When it has succeeded.
    pub kind: JoinKind,
    /// More failures than this fail it at once.
    pub tolerate: Option<Share>,
    /// Fewer branches than this fail it at once, whatever it is. Zero of every join that is written: exploring
    /// has few branches stand for many, and says so which lists are too short.
    pub least: u32,
    /// All of it.
    pub span: Span,
}

/// When a join has succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// When all branches have, but for those that are tolerated.
    All,
    /// When all branches have ended, however.
    AllSettled,
    /// When one branch has.
    Any,
    /// When so many branches have, or all if there are fewer.
    First(u32),
    /// When so many branches have.
    Quorum(Share),
}

/// A number of branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// `2`
    Count(u32),
    /// `60%` of all.
    Percent(u8),
}

impl Share {
    /// The least number of branches that is so many.
    pub fn at_least(self, of: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => (u64::from(of) * u64::from(percent)).div_ceil(100) as u32,
        }
    }

    /// The greatest number of branches that is not more.
    pub fn at_most(self, of: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => (u64::from(of) * u64::from(percent) / 100) as u32,
        }
    }
}

impl Join {
    /// How many failures do not fail it by themselves, of so many branches.
    pub fn tolerated(&self, of: u32) -> u32 {
        match (self.tolerate, self.kind) {
            (Some(tolerate), _) => tolerate.at_most(of),
            (None, JoinKind::All) => 0,
            (None, _) => of,
        }
    }

    /// True if it succeeds only when all branches have.
    pub fn is_certain(&self) -> bool {
        self.kind == JoinKind::All && self.tolerate.is_none()
    }

    /// How many successes it needs, of so many branches.
    pub fn needed(&self, of: u32) -> u32 {
        match self.kind {
            JoinKind::All => of.saturating_sub(self.tolerated(of)),
            JoinKind::AllSettled => 0,
            JoinKind::Any => 1,
            JoinKind::First(count) => count.min(of),
            JoinKind::Quorum(share) => share.at_least(of),
        }
    }

    /// Whether it has succeeded or failed, if that is decided.
    pub fn verdict(&self, of: u32, succeeded: u32, failed: u32) -> Option<bool> {
        let needed = self.needed(of);
        let waits_for_all = matches!(self.kind, JoinKind::All | JoinKind::AllSettled);
        if of < self.least || failed > self.tolerated(of) || needed > of.saturating_sub(failed) {
            return Some(false);
        }
        let is_enough = if waits_for_all { succeeded + failed == of } else { succeeded >= needed };
        is_enough.then_some(true)
    }
}

/// `vote EXPR RULE into name`
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// What a branch that has succeeded votes for; sees its value of the list and its result.
    pub expr: Expr,
    /// How it is counted.
    pub rule: VoteRule,
    /// It reads the values of the list, so that they have to be kept.
    pub reads_items: bool,
    /// All of it.
    pub span: Span,
}

/// How votes are counted: those of the branches that have succeeded when the join is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum VoteRule {
    /// What more than half of them are for.
    Majority,
    /// What most of them are for.
    Plurality,
    /// What all of them are for.
    Unanimous,
    /// What most of them, and at least so many, are for.
    Quorum(u32),
    /// What has more than half of the weight.
    Weighted(Expr),
}

/// A name that `on done` can use.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinResult {
    /// The name.
    pub name: Name,
    /// Its type.
    pub ty: Ty,
    /// What it stands for.
    pub what: Joined,
}

/// What a join gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The result of the call with this number; an `Option` where it need not have one.
    Branch(u32),
    /// `into answers`: the results of those that have succeeded, in the order of the list; of
    /// `all_settled` an `Option` for each branch.
    Answers,
    /// `failures into reasons`: for each branch how it has failed; `none` for one that has succeeded or not
    /// ended.
    Failures,
    /// `vote .. into outcome`
    Outcome,
}

/// A value that only the expressions of one branch see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchValue {
    /// Its value of the list.
    Item,
    /// Its result.
    Answer,
}

impl FanOut {
    /// How many branches run at once.
    pub fn at_once(&self) -> u32 {
        self.concurrency.unwrap_or(DEFAULT_CONCURRENCY)
    }

    /// How many branches there are at most; `None` if only the list says.
    pub fn most(&self) -> Option<u32> {
        match &self.over {
            Some(over) => over.max,
            None => Some(self.calls.len() as u32),
        }
    }

    /// What a value of a branch is called.
    pub fn value_name(&self, value: BranchValue) -> Option<&Name> {
        match value {
            BranchValue::Item => self.over.as_ref().map(|over| &over.item),
            BranchValue::Answer => self.names.first(),
        }
    }

    /// The expressions that are read when the join is decided.
    pub fn ballots(&self) -> impl Iterator<Item = &Expr> {
        self.vote.iter().flat_map(|vote| {
            let weight = match &vote.rule {
                VoteRule::Weighted(weight) => Some(weight),
                _ => None,
            };
            std::iter::once(&vote.expr).chain(weight)
        })
    }

    /// The expressions that are read on entry.
    pub fn all_args(&self) -> impl Iterator<Item = &Expr> {
        let list = self.over.iter().map(|over| &over.list);
        list.chain(self.calls.iter().flat_map(Invoke::all_args))
    }
}
