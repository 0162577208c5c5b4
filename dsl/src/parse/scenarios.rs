//! Properties, scenarios and scripts.

use super::blocks::Parser;
use super::grammar::Rule;
use super::parts::Parts;
use super::places::Place;
#[cfg(feature = "tools")]
use super::tokens::Kind;
use crate::ast::{
    Answer, Claim, ClaimKind, Expectation, ExpectationKind, Given, Meta, Property, Said, Scenario,
    ScenarioStep, ScenarioStepKind, Title,
};
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    pub(super) fn property(&mut self, pair: Pair<'t, Rule>, meta: Meta) -> Property {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let title = self.title(&parts.find(Rule::string));
        Property { meta, title, claim: self.claim(parts.find(Rule::claim)), span }
    }

    fn title(&mut self, pair: &Pair<'t, Rule>) -> Title {
        Title { text: self.string(pair), span: self.span(pair) }
    }

    fn claim(&mut self, pair: Pair<'t, Rule>) -> Claim {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let word = parts.peek();
        let first = self.expr(parts.find(Rule::expr));
        let kind = match word {
            Some(Rule::k_always) => ClaimKind::Always(first),
            Some(Rule::k_never) => ClaimKind::Never(first),
            Some(Rule::k_eventually) => ClaimKind::Eventually(first),
            _ => ClaimKind::LeadsTo(first, self.expr(parts.find(Rule::expr))),
        };
        Claim { kind, span }
    }

    pub(super) fn scenario(&mut self, meta: Meta) -> Option<Scenario> {
        let Some(head) = self.head(Rule::scenario_head) else {
            return self.lost(|p| drop(p.scenario_steps("the scenario")));
        };
        let start = self.span(&head);
        let mut parts = Parts::of(head);
        let title = self.title(&parts.find(Rule::string));
        let machine = parts.seek(Rule::ident).map(|p| self.name(p));
        let steps = self.scenario_steps("the scenario");
        Some(Scenario { meta, title, machine, steps, span: start.to(self.behind()) })
    }

    fn scenario_steps(&mut self, owner: &str) -> Vec<ScenarioStep> {
        let mut steps = Vec::new();
        self.block(Place::Scenario, owner, |p| {
            let Some(rule) = step_rule(p.peek(0)) else { return };
            steps.extend(p.statement(rule).map(|pair| p.scenario_step(pair)));
        });
        steps
    }

    fn scenario_step(&mut self, pair: Pair<'t, Rule>) -> ScenarioStep {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair.clone());
        let kind = match rule {
            Rule::given => {
                ScenarioStepKind::Given(parts.all(Rule::known).map(|p| self.known(p)).collect())
            }
            Rule::deliver => self.occurrence(parts.find(Rule::occurrence)),
            Rule::occurrence => self.occurrence(pair),
            Rule::pass => ScenarioStepKind::After(self.expr(parts.find(Rule::expr))),
            _ => {
                let all = parts.all(Rule::expectation);
                ScenarioStepKind::Expect(all.map(|p| self.expectation(p)).collect())
            }
        };
        ScenarioStep { kind, span }
    }

    fn occurrence(&mut self, pair: Pair<'t, Rule>) -> ScenarioStepKind {
        let mut parts = Parts::of(pair);
        let name = self.name(parts.find(Rule::ident));
        ScenarioStepKind::Send(name, self.next_args(&mut parts).unwrap_or_default())
    }

    fn known(&mut self, pair: Pair<'t, Rule>) -> Given {
        let mut parts = Parts::of(pair);
        let Some(answer) = parts.next_if(Rule::answer) else {
            let name = self.name(parts.find(Rule::ident));
            return Given::Field(name, self.expr(parts.find(Rule::expr)));
        };
        let mut parts = Parts::of(answer);
        let name = self.name(parts.find(Rule::ident));
        let args = self.next_args(&mut parts);
        let ending = Parts::of(parts.find(Rule::ending)).next();
        let answer = match ending.as_rule() {
            Rule::failure => self.failure(ending),
            _ => Answer::Value(self.expr(ending)),
        };
        Given::Answer(name, args, answer)
    }

    fn failure(&mut self, pair: Pair<'t, Rule>) -> Answer {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        parts.next_if(Rule::k_error);
        if let Some(text) = parts.next_if(Rule::string) {
            return Answer::Unexpected(self.string(&text), span);
        }
        let name = self.name(parts.find(Rule::ident));
        Answer::Error(name, self.next_args(&mut parts).unwrap_or_default(), span)
    }

    fn expectation(&mut self, pair: Pair<'t, Rule>) -> Expectation {
        let span = self.span(&pair);
        let part = Parts::of(pair).next();
        let kind = match part.as_rule() {
            Rule::said => ExpectationKind::Said(match Parts::of(part).next().as_rule() {
                Rule::k_handled => Said::Handled,
                Rule::k_deferred => Said::Deferred,
                Rule::k_ignored => Said::Ignored,
                Rule::k_unhandled => Said::Unhandled,
                _ => Said::Finished,
            }),
            Rule::emit => {
                let mut parts = Parts::of(part);
                let name = self.name(parts.find(Rule::ident));
                ExpectationKind::Emit(name, self.next_args(&mut parts).unwrap_or_default())
            }
            Rule::send => {
                let mut parts = Parts::of(part);
                let machine = self.name(parts.find(Rule::ident));
                let key = self.expr(parts.find(Rule::expr));
                let event = self.name(parts.find(Rule::ident));
                let args = self.next_args(&mut parts).unwrap_or_default();
                ExpectationKind::Send { machine, key, event, args }
            }
            _ => ExpectationKind::Holds(self.expr(part)),
        };
        Expectation { kind, span }
    }
}

fn step_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "given" => Rule::given,
        "send" => Rule::deliver,
        "after" => Rule::pass,
        "expect" => Rule::expect,
        _ => return None,
    })
}

#[cfg(feature = "tools")]
impl Parser<'_, '_> {
    /// A whole text of steps, in which `send` may be left away.
    pub(super) fn script(mut self) -> Vec<ScenarioStep> {
        self.place = Place::Script;
        let mut steps = Vec::new();
        while self.kind().is_some() {
            let before = self.at;
            if !self.eat(";") && !self.eat(",") {
                let named = (self.kind() == Some(Kind::Word)).then_some(Rule::occurrence);
                if let Some(rule) = step_rule(self.peek(0)).or(named) {
                    steps.extend(self.statement(rule).map(|pair| self.scenario_step(pair)));
                }
            }
            self.pass_stray(before);
        }
        steps
    }

    /// A whole text of claims.
    pub(super) fn claims(mut self) -> Vec<Claim> {
        let mut claims = Vec::new();
        while self.kind().is_some() {
            let before = self.at;
            if !self.eat(";") {
                claims.extend(self.statement(Rule::claim).map(|pair| self.claim(pair)));
            }
            self.pass_stray(before);
        }
        claims
    }
}
