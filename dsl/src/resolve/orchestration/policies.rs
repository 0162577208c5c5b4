//! `policy { .. }`: each setting once, with numbers that make sense.

use super::heads::Named;
use crate::ast::{self, BreakerTrip, Count, Expr, ExprKind, Name, PolicyItem};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Backoff, Breaker, Jitter, Limit, Policy, Retry, Trip};
use crate::resolve::ctx::Ctx;
use crate::resolve::names::said_twice;
use crate::resolve::suggest::unknown;
use crate::span::Span;

/// Where `backoff` is not given: soon at first, then seldom.
const BACKOFF: Backoff = Backoff::Exponential { from: 200, to: 30_000, factor: 2.0 };

/// The milliseconds of a literal; 0 behind a mistake.
pub(in crate::resolve) fn millis(time: &Expr) -> u64 {
    match time.kind {
        ExprKind::Duration(millis) => millis,
        _ => 0,
    }
}

/// The mistake of a time that is nothing.
pub(in crate::resolve) fn no_time(time: &Expr) -> Option<Diagnostic> {
    (millis(time) == 0).then(|| {
        Diagnostic::new(Code::TypeMismatch, time.span, "this time is nothing")
            .at("has to be at least `1ms`")
    })
}

impl<'a> Ctx<'a, '_> {
    /// Reads a policy; of the machine itself, or of an imported one with this name.
    pub(super) fn policy(&mut self, written: &'a ast::Policy, imported: Option<&str>) {
        let mut policy = Policy {
            name: written.name.clone(),
            docs: written.meta.docs.clone(),
            imported: imported.map(str::to_owned),
            timeout: Limit::Unset,
            deadline: Limit::Unset,
            retry: None,
            budget: None,
            breaker: None,
            bulkhead: None,
            rate_limit: None,
            settings: Vec::new(),
            span: written.span,
        };
        for (item, span) in &written.items {
            let word = word(item);
            match policy.settings.iter().find(|(other, _)| *other == word) {
                Some((_, first)) => {
                    self.error(said_twice(&format!("`{word}`"), *span, *first));
                }
                None => policy.settings.push((word, *span)),
            }
            self.setting(&mut policy, item);
        }
        self.outside.policies.push(policy);
    }

    fn setting(&mut self, policy: &mut Policy, item: &'a PolicyItem) {
        match item {
            PolicyItem::Timeout(time) => policy.timeout = self.limit(time),
            PolicyItem::Deadline(time) => policy.deadline = self.limit(time),
            PolicyItem::Retry(retry) => policy.retry = Some(self.retry(retry)),
            PolicyItem::RetryBudget(share) => {
                policy.budget = self.budget(share);
            }
            PolicyItem::Breaker(breaker) => policy.breaker = Some(self.breaker(breaker)),
            PolicyItem::Bulkhead { max, queue } => {
                let queue = queue.map_or(0, |queue| self.size(queue, 0));
                policy.bulkhead = Some((self.size(*max, 1), queue));
            }
            PolicyItem::RateLimit { max, per } => {
                policy.rate_limit = Some((self.size(*max, 1), self.time(per)));
            }
        }
    }

    /// `10s` or `never`.
    fn limit(&mut self, time: &Expr) -> Limit {
        match time.kind {
            ExprKind::Duration(_) => Limit::After(self.time(time)),
            _ => Limit::Never,
        }
    }

    /// A time that is not nothing.
    fn time(&mut self, time: &Expr) -> u64 {
        if let Some(nothing) = no_time(time) {
            self.error(nothing);
        }
        millis(time)
    }

    /// A number that is not absurd.
    fn size(&mut self, number: Count, least: u32) -> u32 {
        let Count { value, span } = number;
        let size = u32::try_from(value).ok().filter(|size| *size >= least);
        size.unwrap_or_else(|| {
            let message = format!("`{value}` is not between {least} and {}", u32::MAX);
            self.error(Diagnostic::new(Code::TypeMismatch, span, message));
            least
        })
    }

    /// A share of the calls that is not nothing.
    fn budget(&mut self, share: &'a Expr) -> Option<u8> {
        self.percent(share);
        let ExprKind::Percent(percent) = share.kind else { return None };
        if percent == 0 {
            self.error(
                Diagnostic::new(Code::TypeMismatch, share.span, "this share is nothing")
                    .at("nothing would be tried again"),
            );
        }
        u8::try_from(percent).ok()
    }

    fn retry(&mut self, retry: &'a ast::Retry) -> Retry {
        let mut read = Retry {
            max: self.size(retry.max, 1),
            backoff: self.backoff(retry),
            jitter: self.jitter(retry.jitter.as_ref()),
            transient: retry.on.is_empty(),
            on: Vec::new(),
            built_in: Vec::new(),
            places: (retry.backoff_span, retry.jitter.as_ref().map(|jitter| jitter.span)),
            span: retry.span,
        };
        for (at, name) in retry.on.iter().enumerate() {
            if let Some(first) = retry.on[..at].iter().find(|other| other.text == name.text) {
                self.error(said_twice(&format!("`{}`", name.text), name.span, first.span));
                continue;
            }
            let built_in = Policy::BUILT_IN.iter().find(|known| **known == name.text);
            if name.text == "transient" {
                read.transient = true;
            } else if self.symbols.errors.get(&name.text).is_none()
                && let Some(built_in) = built_in
            {
                read.built_in.push(built_in);
            } else if let Some((error, _)) = self.error_of(name, Named::Retried) {
                read.on.push((error, name.span));
            }
        }
        read
    }

    fn backoff(&mut self, retry: &'a ast::Retry) -> Backoff {
        match &retry.backoff {
            None => BACKOFF,
            Some(ast::Backoff::None) => Backoff::None,
            Some(ast::Backoff::Fixed(time)) => Backoff::Fixed(self.time(time)),
            Some(ast::Backoff::Growing { exponential, from: first, to: last, factor }) => {
                let (from, to) = (self.time(first), self.time(last));
                if from > to {
                    let message = "the longest pause is shorter than the first";
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, last.span, message)
                            .at("the longest")
                            .label(first.span, "the first"),
                    );
                }
                if let Some(small) = factor.filter(|factor| factor.value < 1.0) {
                    let message = "pauses grow by a factor of at least 1";
                    self.error(Diagnostic::new(Code::TypeMismatch, small.span, message));
                }
                let factor = factor.map_or(2.0, |factor| factor.value);
                match exponential {
                    true => Backoff::Exponential { from, to, factor },
                    false => Backoff::Linear { from, to },
                }
            }
        }
    }

    fn jitter(&mut self, jitter: Option<&Name>) -> Jitter {
        const KNOWN: [(&str, Jitter); 3] =
            [("none", Jitter::None), ("equal", Jitter::Equal), ("full", Jitter::Full)];
        let Some(jitter) = jitter else { return Jitter::Full };
        let found = KNOWN.iter().find(|(name, _)| *name == jitter.text);
        found.map_or_else(
            || {
                let known = KNOWN.iter().map(|(name, _)| (*name, Span::default()));
                let diagnostic = unknown(Code::UnknownName, "jitter", jitter, known);
                self.error(diagnostic.help("jitter is `none`, `equal` or `full`"));
                Jitter::Full
            },
            |(_, jitter)| *jitter,
        )
    }

    fn breaker(&mut self, breaker: &'a ast::Breaker) -> Breaker {
        let trip = match breaker.trip {
            BreakerTrip::Failures(failures) => Trip::Failures(self.size(failures, 1)),
            BreakerTrip::Rate { percent, of } => {
                let share =
                    u8::try_from(percent.value).ok().filter(|share| (1..=100).contains(share));
                if share.is_none() {
                    let message = "a circuit opens at a share between `1%` and `100%`";
                    self.error(Diagnostic::new(Code::TypeMismatch, percent.span, message));
                }
                Trip::Rate { percent: share.unwrap_or(100), of: self.size(of, 1) }
            }
        };
        let probes = breaker.probes.map_or(1, |probes| self.size(probes, 1));
        Breaker { trip, within: self.time(&breaker.within), open: self.time(&breaker.open), probes }
    }
}

/// What a setting is called.
fn word(item: &PolicyItem) -> &'static str {
    match item {
        PolicyItem::Timeout(_) => "timeout",
        PolicyItem::Deadline(_) => "deadline",
        PolicyItem::Retry(_) => "retry",
        PolicyItem::RetryBudget(_) => "retry budget",
        PolicyItem::Breaker(_) => "circuit_breaker",
        PolicyItem::Bulkhead { .. } => "bulkhead",
        PolicyItem::RateLimit { .. } => "rate_limit",
    }
}
