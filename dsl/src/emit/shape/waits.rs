//! What an instance waits for: timers, and what it has asked others for.

use super::Shape;
use super::json::Object;
use crate::ast::duration;
use crate::chart::{ChartState, Handler, Invoke, InvokeId, Timer, TimerId};
use crate::model::{
    ActivityKind, ContextDecl, Effect, EffectKind, Expr, ExprKind, Param, Ty, Work,
};
use std::collections::BTreeSet;

impl Shape<'_> {
    /// How long each waits tells several timers of one state apart, and counts for nothing else.
    pub(super) fn timers(&self, state: &ChartState) -> impl Iterator<Item = String> {
        let all = state.timers.clone().map(|at| (self.kind(state, TimerId(at)), at as usize));
        let all: Vec<(&str, &Timer)> =
            all.map(|(kind, at)| (kind, &self.chart.timers[at])).collect();
        let texts: Vec<String> = all
            .iter()
            .map(|(kind, timer)| {
                let several = all.iter().filter(|(other, _)| other == kind).count() > 1;
                self.timer(kind, timer, several || self.whole)
            })
            .collect();
        texts.into_iter()
    }

    /// What a timer is for, as it is written. Those of a task are none of the others: who has waited
    /// for a reminder has not waited for the end.
    fn kind(&self, state: &ChartState, id: TimerId) -> &'static str {
        let timer = &self.chart.timers[id.index()];
        if state.invoke.is_some_and(|asked| self.chart.invokes[asked.index()].timeout == Some(id)) {
            return "timeout";
        }
        let handler = state.handlers.iter().find(|(trigger, _)| *trigger == timer.trigger);
        let effects = handler.into_iter().flat_map(|(_, handler)| self.effects(handler));
        for effect in effects {
            match effect.kind {
                EffectKind::Remind(_) => return "remind every",
                EffectKind::Escalate(..) => return "escalate after",
                _ => {}
            }
        }
        if timer.repeats { "every" } else { "after" }
    }

    /// What a handler does on the way.
    fn effects(&self, handler: &Handler) -> impl Iterator<Item = &Effect> {
        let branches = match handler {
            Handler::Transition(id) => self.chart.transitions[id.index()].branches.as_slice(),
            _ => &[],
        };
        branches.iter().flat_map(|branch| &self.chart.plans[branch.plan.index()].effects)
    }

    fn timer(&self, kind: &str, timer: &Timer, with_delay: bool) -> String {
        let mut object = Object::default();
        object.text("kind", kind);
        if with_delay {
            object.text("delay", &self.delay(&timer.delay));
        }
        object.finish()
    }

    /// In words that tell one from another, and are enough to find it again.
    fn delay(&self, delay: &Expr) -> String {
        let declarations = &self.chart.declarations;
        match (&delay.kind, &declarations.context) {
            (ExprKind::Duration(milliseconds), _) => duration(*milliseconds),
            (ExprKind::Int(value), _) => value.to_string(),
            (ExprKind::Context(field), ContextDecl::Declared(fields)) => {
                fields[field.index()].param.name.text.clone()
            }
            (ExprKind::StateData(state, index), _) => {
                self.chart.state(*state).data[*index as usize].name.text.clone()
            }
            (ExprKind::Call(function, args), _) => {
                let args: Vec<String> = args.iter().map(|arg| self.delay(arg)).collect();
                let name = &declarations.functions[function.index()].name.text;
                format!("{name}({})", args.join(", "))
            }
            (ExprKind::Field(inner, _), _) => format!("{}..", self.delay(inner)),
            (ExprKind::Binary(op, left, right), _) => {
                format!("{} {} {}", self.delay(left), op.text(), self.delay(right))
            }
            _ => "..".to_owned(),
        }
    }

    /// The names of the calls of an `invoke`.
    pub(super) fn chain(&self, invoke: InvokeId) -> String {
        let works = self.works(&self.chart.invokes[invoke.index()]);
        let names: Vec<String> = works.map(|work| self.work(work).0).collect();
        names.join(" fallback ")
    }

    /// What carries out the calls of an `invoke`: the first, then the fallbacks.
    fn works<'i>(&self, invoke: &'i Invoke) -> impl Iterator<Item = Work> + use<'i> {
        (0..=invoke.call.fallbacks.len()).map(|call| invoke.call.work(call))
    }

    /// Its name, with who carries it out if that is not the host, and its parameters.
    fn work(&self, work: Work) -> (String, &[Param]) {
        let declarations = &self.chart.declarations;
        match work {
            Work::Activity(activity) => {
                let activity = &declarations.activities[activity.index()];
                let name = &activity.name.text;
                let name = match activity.kind {
                    ActivityKind::Host => name.clone(),
                    ActivityKind::Person => format!("human {name}"),
                    ActivityKind::Machine(_) => format!("machine {name}"),
                };
                (name, &activity.params)
            }
            Work::Function(function) => {
                let function = &declarations.functions[function.index()];
                (function.name.text.clone(), &function.params)
            }
        }
    }

    /// The type of what a person answers, if an `invoke` asks one.
    pub(super) fn answer(&self, invoke: InvokeId) -> Option<&Ty> {
        let activity = self.chart.invokes[invoke.index()].call.activity;
        let activity = &self.chart.declarations.activities[activity.index()];
        activity.result.as_ref().filter(|_| activity.is_of_person())
    }

    /// What some state asks for.
    pub(super) fn asked(&self) -> impl Iterator<Item = (String, &[Param])> {
        let works: BTreeSet<Work> = self.chart.invokes.iter().flat_map(|i| self.works(i)).collect();
        works.into_iter().map(|work| self.work(work))
    }

    pub(super) fn request(&self, (name, params): (String, &[Param])) -> String {
        let mut object = Object::default();
        object.text("name", &name).list("fields", params.iter().map(|param| self.param(param)));
        object.finish()
    }
}
