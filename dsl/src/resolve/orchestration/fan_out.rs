//! `fan_out`: its branches, when they have ended together, and what that gives.

use crate::ast;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Binding, BindingField, BranchValue, FanOut, Invoke, Join, JoinKind, JoinResult, Joined, Name,
    Over, Share, StateId, Ty, Vote, VoteRule,
};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::declarations::Callable;
use crate::resolve::expr::{Says, agrees};
use crate::resolve::names::{check_name, declared_twice};
use crate::span::Span;

/// What only one branch sees.
type Seen<'s> = Vec<(&'s Name, BranchValue, Ty)>;

impl<'a> Ctx<'a, '_> {
    pub(super) fn fan_out(&mut self, id: StateId, written: &'a ast::FanOut, span: Span) {
        self.invokes_once(id, span);
        self.outside.done.insert(id, Vec::new());
        if written.calls.is_empty() {
            self.error(
                Diagnostic::new(Code::Nesting, span, "a fan-out has at least one call")
                    .at("calls nothing")
                    .help("say what is called: `call one: activity(..)`"),
            );
            return;
        }
        let over = written.over.as_ref().map(|(item, list)| {
            check_name(item, self.d);
            let (list, ty) = self.list_of(id, list, self.asked_of(item, &written.calls));
            let max = written.max.map(|max| self.count(max));
            Over { item: item.clone(), ty, list, max }
        });
        let concurrency = written.concurrency.map(|most| self.count(most));
        let (calls, types) = self.branches(id, written, over.as_ref(), span);
        let join = self.join(&written.join);
        if over.is_some()
            && let [_, second, ..] = written.calls.as_slice()
        {
            self.error(
                Diagnostic::new(Code::Nesting, second.name.span, "over a list there is one call")
                    .at("a second call of each value")
                    .label(written.calls[0].name.span, "the call of each value")
                    .help("go over the list in another state, or call both without a list"),
            );
        }
        let mut results = Vec::new();
        if over.is_none() {
            self.named_results(written, &join, &types, &mut results);
        }
        self.answers(written, &join, &types, &mut results);
        self.failures(written, &join, &mut results);
        let vote = self.vote(id, written, over.as_ref(), &types, &mut results);
        let names = written.calls.iter().map(|call| call.name.clone()).collect();
        if let Some(calls) = calls {
            let fan_out = FanOut { over, concurrency, calls, names, join, vote, results, span };
            self.bodies[id.index()].fan_out = Some(fan_out);
        }
    }

    /// The type that the call of each value asks for: literals take it.
    fn asked_of(&self, item: &Name, calls: &[ast::NamedCall]) -> Option<Ty> {
        let is_item = |arg: &ast::Expr| match &arg.kind {
            ast::ExprKind::Path(path) => path.text() == item.text,
            _ => false,
        };
        calls.iter().flat_map(|call| &call.chain).find_map(|call| {
            let at = call.args.iter().position(is_item)?;
            let params = match self.symbols.functions.get(&call.name.text)? {
                Callable::Activity(id) => &self.declarations.activities[id.index()].params,
                Callable::Host(id) => &self.declarations.functions[id.index()].params,
            };
            params.get(at).map(|param| param.ty.clone())
        })
    }

    /// The list, and the type of one value.
    fn list_of(
        &mut self,
        id: StateId,
        list: &'a ast::Expr,
        asked: Option<Ty>,
    ) -> (crate::model::Expr, Ty) {
        let asked = asked.filter(|_| self.says(list) < Says::Type);
        let asked = asked.map(|item| Ty::Vec(Box::new(item)));
        let list = self.infer(Scope::of(id), list, asked.as_ref().map(Want::new));
        self.is_typed(&list, "what a fan-out goes over has a type");
        let ty = match &list.ty {
            Ty::Vec(item) => (**item).clone(),
            Ty::Unknown => Ty::Unknown,
            other => {
                let text = self.types.text(other);
                let message = format!("expected a `Vec`, found `{text}`");
                let help = "a fan-out goes over the values of a list";
                self.error(Diagnostic::new(Code::TypeMismatch, list.span, message).help(help));
                Ty::Unknown
            }
        };
        (list, ty)
    }

    /// The calls, if none has a mistake, and what each gives.
    fn branches(
        &mut self,
        id: StateId,
        written: &'a ast::FanOut,
        over: Option<&Over>,
        span: Span,
    ) -> (Option<Vec<Invoke>>, Vec<Option<Ty>>) {
        let seen: Seen = over.iter().map(|o| (&o.item, BranchValue::Item, o.ty.clone())).collect();
        let scope = Scope { branch: &seen, ..Scope::of(id) };
        let mut known: Vec<&Name> = over.iter().map(|over| &over.item).collect();
        let (mut calls, mut types) = (Vec::new(), Vec::new());
        for call in &written.calls {
            check_name(&call.name, self.d);
            match known.iter().find(|name| name.text == call.name.text) {
                Some(first) => self.error(declared_twice("result", &call.name, first.span)),
                None => known.push(&call.name),
            }
            let whole = call.chain.first().map_or(span, |first| {
                call.name.span.to(call.chain.last().map_or(first.span, |last| last.span))
            });
            let (ty, invoke) = self.chain(scope, &call.chain, whole);
            calls.push(invoke);
            types.push(ty);
        }
        (calls.into_iter().collect(), types)
    }

    fn join(&mut self, written: &'a ast::Join) -> Join {
        let span = written.span;
        let kind = match &written.kind {
            ast::JoinKind::All => JoinKind::All,
            ast::JoinKind::AllSettled => JoinKind::AllSettled,
            ast::JoinKind::Any => JoinKind::Any,
            ast::JoinKind::First(count) => JoinKind::First(self.count(*count)),
            ast::JoinKind::Quorum(share) => {
                let share_of = self.share(share);
                if matches!(share_of, Share::Count(0) | Share::Percent(0)) {
                    self.error(none_at_all(share.span));
                }
                JoinKind::Quorum(share_of)
            }
        };
        let tolerate = written.tolerate.as_ref().map(|share| self.share(share));
        if let (JoinKind::AllSettled, Some(tolerate)) = (kind, &written.tolerate) {
            self.error(
                Diagnostic::new(
                    Code::Nesting,
                    tolerate.span,
                    "`all_settled` tolerates every failure",
                )
                .at("says nothing here")
                .help("leave it out, or write `all` in place of `all_settled`"),
            );
        }
        Join { kind, tolerate, least: 0, span }
    }

    /// A number from 1 on, in 32 bits.
    fn count(&mut self, count: ast::Count) -> u32 {
        let span = count.span;
        match u32::try_from(count.value) {
            Ok(0) => {
                self.error(none_at_all(span));
                1
            }
            Ok(count) => count,
            Err(_) => {
                let message = format!("{} branches are more than a fan-out can have", count.value);
                let help = format!("write a number up to {}", u32::MAX);
                self.error(Diagnostic::new(Code::TypeMismatch, span, message).help(help));
                u32::MAX
            }
        }
    }

    fn share(&mut self, written: &'a ast::Expr) -> Share {
        match written.kind {
            ast::ExprKind::Percent(percent) => {
                self.percent(written);
                Share::Percent(u8::try_from(percent).unwrap_or(100).min(100))
            }
            ast::ExprKind::Int(0) => Share::Count(0),
            ast::ExprKind::Int(count) => {
                Share::Count(self.count(ast::Count { value: count, span: written.span }))
            }
            _ => {
                self.count_or_percent(written);
                Share::Count(1)
            }
        }
    }

    /// The names of calls that stand beside each other.
    fn named_results(
        &mut self,
        written: &ast::FanOut,
        join: &Join,
        types: &[Option<Ty>],
        results: &mut Vec<JoinResult>,
    ) {
        let is_certain = join.is_certain();
        let calls = written.calls.iter().zip(types).zip(0..);
        for ((call, ty), number) in calls {
            let Some(ty) = ty.clone() else { continue };
            if !is_certain {
                let at = format!("`{}` is `none` where its branch has failed", call.name.text);
                self.is_told_apart(&ty, call.name.span, at);
            }
            let ty = if is_certain { ty } else { Ty::Option(Box::new(ty)) };
            results.push(JoinResult { name: call.name.clone(), ty, what: Joined::Branch(number) });
        }
    }

    /// `into answers`
    fn answers(
        &mut self,
        written: &'a ast::FanOut,
        join: &Join,
        types: &[Option<Ty>],
        results: &mut Vec<JoinResult>,
    ) {
        let Some(name) = &written.join.into else { return };
        self.result_name(name, results);
        let (Some(first), Some(ty)) = (written.calls.first(), types.first()) else { return };
        let Some(ty) = ty else {
            let message = format!("`{}` gives nothing to collect", first.name.text);
            self.error(
                Diagnostic::new(Code::TypeMismatch, name.span, message)
                    .at("would be a list of nothing")
                    .label(first.name.span, "its activity has no result")
                    .help("leave out `into`, or let the activity give a result"),
            );
            return;
        };
        for (call, other) in written.calls.iter().zip(types).skip(1) {
            if other.as_ref().is_some_and(|other| agrees(ty, other)) {
                continue;
            }
            let text = |ty: Option<&Ty>| ty.map_or("nothing".to_owned(), |ty| self.types.text(ty));
            let (own, other) = (text(Some(ty)), text(other.as_ref()));
            self.error(
                Diagnostic::new(Code::TypeMismatch, name.span, "a list has values of one type")
                    .label(first.name.span, format!("gives `{own}`"))
                    .label(call.name.span, format!("gives `{other}`"))
                    .help("use the results by their names, and leave out `into`"),
            );
            return;
        }
        let ty = match join.kind {
            JoinKind::AllSettled => {
                // Calls beside each other have been told by their own names.
                if written.over.is_some() {
                    let at = "has `none` where a branch has failed".to_owned();
                    self.is_told_apart(ty, name.span, at);
                }
                Ty::Option(Box::new(ty.clone()))
            }
            _ => ty.clone(),
        };
        let ty = Ty::Vec(Box::new(ty));
        results.push(JoinResult { name: name.clone(), ty, what: Joined::Answers });
    }

    /// `failures into reasons`
    fn failures(&mut self, written: &'a ast::FanOut, join: &Join, results: &mut Vec<JoinResult>) {
        let Some(name) = &written.join.failures else { return };
        self.result_name(name, results);
        if join.is_certain() {
            self.error(
                Diagnostic::new(
                    Code::Nesting,
                    name.span,
                    "no branch has failed where this succeeds",
                )
                .at("would be `none` for each branch")
                .label(join.span, "fails with the first failure")
                .help("join `all_settled`, say `tolerate N`, or leave out `failures`"),
            );
        }
        let ty = Ty::Vec(Box::new(Ty::Option(Box::new(Ty::Failure))));
        results.push(JoinResult { name: name.clone(), ty, what: Joined::Failures });
    }

    /// `vote EXPR RULE into name`
    fn vote(
        &mut self,
        id: StateId,
        written: &'a ast::FanOut,
        over: Option<&Over>,
        types: &[Option<Ty>],
        results: &mut Vec<JoinResult>,
    ) -> Option<Vote> {
        let vote = written.join.vote.as_ref()?;
        self.result_name(&vote.into, results);
        let (call, span) = (written.calls.first()?, vote.span);
        let Some(over) = over else {
            self.error(
                Diagnostic::new(Code::Nesting, span, "a vote is counted over a list")
                    .at("these branches have a name each")
                    .help("go over a list: `fan_out item in list max N { call one: f(item) }`"),
            );
            return None;
        };
        let mut seen: Seen = vec![(&over.item, BranchValue::Item, over.ty.clone())];
        if let Some(ty) = types.first().cloned().flatten() {
            seen.push((&call.name, BranchValue::Answer, ty));
        }
        let scope = Scope { branch: &seen, ..Scope::of(id) };
        self.outside.items_read = false;
        let expr = self.infer(scope, &vote.expr, None);
        self.is_typed(&expr, "what is voted for has a type");
        let rule = match &vote.rule {
            ast::VoteRule::Majority => VoteRule::Majority,
            ast::VoteRule::Plurality => VoteRule::Plurality,
            ast::VoteRule::Unanimous => VoteRule::Unanimous,
            ast::VoteRule::Quorum(count) => VoteRule::Quorum(self.count(*count)),
            ast::VoteRule::Weighted(weight) => {
                let weight = self.infer(scope, weight, None);
                let is_weight = match &weight.ty {
                    Ty::Int(int) => int.range().0 == 0,
                    ty => *ty == Ty::Unknown,
                };
                if !is_weight {
                    let text = self.types.text(&weight.ty);
                    let message = format!("expected a weight, found `{text}`");
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, weight.span, message)
                            .at("cannot weigh a vote")
                            .help("a weight is a `u8`, `u16`, `u32` or `u64`"),
                    );
                }
                VoteRule::Weighted(weight)
            }
        };
        let reads_items = self.outside.items_read;
        let at = "`none` is what a vote without a winner gives".to_owned();
        self.is_told_apart(&expr.ty, expr.span, at);
        let ty = Ty::Option(Box::new(expr.ty.clone()));
        results.push(JoinResult { name: vote.into.clone(), ty, what: Joined::Outcome });
        Some(Vote { expr, rule, reads_items, span })
    }

    /// What may be missing is not an `Option` itself: stored, `some(none)` is what `none` is.
    fn is_told_apart(&mut self, ty: &Ty, span: Span, at: String) {
        if let Ty::Option(inner) = ty
            && **inner != Ty::Unknown
        {
            let inner = self.types.text(inner);
            let message = format!("an `Option` of an `Option<{inner}>` cannot be kept");
            let help =
                format!("let an enum say it: `enum Answer {{ Nothing, Given(value: {inner}) }}`");
            self.error(Diagnostic::new(Code::TypeMismatch, span, message).at(at).help(help));
        }
    }

    fn result_name(&mut self, name: &Name, results: &[JoinResult]) {
        check_name(name, self.d);
        if let Some(first) = results.iter().find(|known| known.name.text == name.text) {
            self.error(declared_twice("result", name, first.name.span));
        }
    }

    /// What `on done` sees of the fan-out of its state.
    pub(in crate::resolve) fn joined(&self, id: StateId) -> Option<Vec<Binding>> {
        let fan_out = self.bodies[id.index()].fan_out.as_ref()?;
        let results = fan_out.results.iter().zip(0..);
        let binding = |(result, at): (&JoinResult, u32)| {
            let (name, ty) = (result.name.clone(), result.ty.clone());
            Binding { name, field: BindingField::Declared(at), ty }
        };
        Some(results.map(binding).collect())
    }
}

fn none_at_all(span: Span) -> Diagnostic {
    Diagnostic::new(Code::TypeMismatch, span, "0 branches are none").help("write 1 or more")
}
