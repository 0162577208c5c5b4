//! The shape of a machine: what an instance at rest depends on, as JSON.
//!
//! The [`document`] is what a store keeps, so that a later version of the machine can be compared with
//! it without its source. The [`hash`] tells whether an instance can go on as it is: it covers what
//! its bytes mean, and neither what is only done with them (guards, transitions, effects) nor in which
//! order things are declared that go by name. What activities give and raise is not in it either: an
//! activity that has not ended is called by the new program. Who carries it out is: a person who was
//! asked answers no activity. So is what people answer: nobody asks them again.

mod json;
mod types;
mod waits;

use crate::ast::Role;
use crate::chart::{Chart, ChartState, EntryStep, InvokeId};
use crate::emit::rust::{kept, timed};
use crate::model::{
    ContextDecl, EventDecl, EventId, Field, FieldId, Function, FunctionKind, Migration, Param, Ty,
};
use json::Object;
use std::collections::BTreeSet;

/// Everything that two versions of a machine are compared by.
pub fn document(chart: &Chart) -> String {
    Shape { chart, whole: true, kept: kept(chart), timed: timed(chart) }.machine()
}

/// FNV-1a of everything that the bytes of an instance depend on.
pub fn hash(chart: &Chart) -> u64 {
    let text = Shape { chart, whole: false, kept: kept(chart), timed: timed(chart) }.machine();
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

struct Shape<'a> {
    chart: &'a Chart,
    /// With what only a comparison needs: old names, defaults, where a default entry leads.
    whole: bool,
    /// The events that an instance can have put off or delayed.
    kept: BTreeSet<EventId>,
    /// The states whose time of entry is kept.
    timed: Vec<bool>,
}

impl Shape<'_> {
    fn machine(&self) -> String {
        let (chart, declarations) = (self.chart, &self.chart.declarations);
        let mut object = Object::default();
        object.text("machine", &chart.name.text).number("version", chart.version);
        if let (Some(key), ContextDecl::Declared(fields)) = (chart.key, &declarations.context) {
            object.text("key", &fields[key.index()].param.name.text);
        }
        object.list("states", chart.states.iter().enumerate().map(|(at, s)| self.state(at, s)));
        match &declarations.context {
            ContextDecl::Declared(fields) => {
                object.list("context", sorted(fields.iter().map(|field| self.field(field))));
            }
            ContextDecl::External(path) => {
                object.text("external_context", &rust_path(path));
            }
        }
        match &declarations.external_events {
            Some(path) => object.text("external_events", &rust_path(path)),
            None => object.list("events", sorted(self.events().map(|(id, e)| self.event(e, id)))),
        };
        let outputs = declarations.outputs.iter().map(|output| self.event(output, None));
        match &declarations.external_outputs {
            Some(path) => object.text("external_outputs", &rust_path(path)),
            None => object.list("outputs", sorted(outputs)),
        };
        let activities = self.asked().map(|asked| self.request(asked));
        let actions = declarations.functions.iter().filter(|f| f.kind == FunctionKind::Action);
        object.list("activities", sorted(activities));
        object.list("actions", sorted(actions.map(|action| self.action(action))));
        object.list("types", sorted(self.types()));
        if self.whole {
            object.list("migrations", chart.migrations.iter().map(|m| self.migration(m)));
        }
        object.finish()
    }

    fn migration(&self, migration: &Migration) -> String {
        let mut object = Object::default();
        object.number("from", migration.from);
        object.list("old", migration.old.iter().map(|param| self.param(param)));
        let moved = migration.moves.iter().map(|chosen| {
            let mut object = Object::default();
            let new: Vec<String> = chosen.new.iter().map(|target| target.path.clone()).collect();
            object.text("old", &chosen.old).texts("new", &new);
            object.list("data", chosen.data.iter().map(|param| self.param(param)));
            object.finish()
        });
        object.list("states", moved);
        let sets: Vec<String> = migration.sets.iter().map(|(field, _)| field.clone()).collect();
        object.texts("sets", &sets);
        object.finish()
    }

    fn state(&self, at: usize, state: &ChartState) -> String {
        let mut object = Object::default();
        object.text("id", &state.id).text("kind", &format!("{:?}", state.kind).to_lowercase());
        if let Some(parent) = state.parent {
            object.text("parent", &self.chart.state(parent).id);
        }
        if let Some(role) = state.role {
            object.text("part", part(role));
        }
        if self.whole {
            object.text("name", &state.name.text).text("path", &state.path);
            object.texts("was", &state.was);
            state.step.iter().for_each(|step| {
                object.text("step", step);
            });
            object.texts("initial", &self.initial(state));
        }
        object.list("data", state.data.iter().map(|param| self.param(param)));
        object.texts("needs", &self.names(&state.late.needed));
        if self.whole {
            object.texts("set", &self.names(&state.late.set));
        }
        object.flag("remembered", state.history.is_some()).flag("timed", self.timed[at]);
        if !state.timers.is_empty() {
            object.number("first_timer", u64::from(state.timers.start));
            object.list("timers", self.timers(state));
        }
        if let Some(invoke) = state.invoke {
            object.number("invoke_number", u64::from(invoke.0));
            object.text("invoke", &self.chain(invoke));
            // Whoever was asked has the old answers before him.
            if let Some(answer) = self.answer(invoke) {
                object.text("gives", &self.ty(answer));
            }
        }
        if let Some(fan_out) = state.fan_out {
            let of = &self.chart.fan_outs[fan_out.index()];
            let calls = of.invokes.clone().map(|invoke| self.chain(InvokeId(invoke)));
            // What is kept of the list has to be readable.
            let kept = of.fan_out.vote.as_ref().is_some_and(|vote| vote.reads_items);
            let over = of.fan_out.over.as_ref().map_or(String::new(), |over| match kept {
                true => format!("of each {}: ", self.ty(&over.ty)),
                false => "of each: ".to_owned(),
            });
            let calls = calls.collect::<Vec<_>>().join(" and ");
            object.number("invoke_number", u64::from(of.invokes.start));
            object.text("invoke", &format!("fan_out {over}{calls}"));
            object.number("fan_out_number", u64::from(fan_out.0));
            if of.fan_out.over.is_none() {
                // What they have given is kept by place, and known by these.
                let names = of.fan_out.names.iter().map(|name| name.text.clone());
                object.texts("branches", &names.collect::<Vec<_>>());
            }
            // What its branches have given is kept until all have ended.
            let gives = of.fan_out.calls.iter().map(|call| {
                let activity = &self.chart.declarations.activities[call.activity.index()];
                activity.result.as_ref().map_or("nothing".to_owned(), |ty| self.ty(ty))
            });
            object.text("gives", &gives.collect::<Vec<_>>().join(", "));
        }
        object.finish()
    }

    fn names(&self, ids: &[FieldId]) -> Vec<String> {
        let ContextDecl::Declared(fields) = &self.chart.declarations.context else {
            return Vec::new();
        };
        ids.iter().map(|field| fields[field.index()].param.name.text.clone()).collect()
    }

    /// The leaves that a default entry of what is inside leads to.
    fn initial(&self, state: &ChartState) -> Vec<String> {
        let entered = state.default_entry.iter().filter_map(|step| match step {
            EntryStep::Enter { state, .. } if self.chart.state(*state).kind.is_leaf() => {
                Some(self.chart.state(*state).id.clone())
            }
            _ => None,
        });
        entered.collect()
    }

    fn field(&self, field: &Field) -> String {
        let mut object = Object::default();
        object.text("name", &field.param.name.text).text("type", &self.ty(&field.param.ty));
        object.flag("late", field.late);
        if let Some(id) = &field.id {
            object.text("id", id);
        }
        if self.whole {
            object.flag("default", field.param.default.is_some()).texts("was", &field.was);
        }
        object.finish()
    }

    fn param(&self, param: &Param) -> String {
        let mut object = Object::default();
        object.text("name", &param.name.text).text("type", &self.ty(&param.ty));
        object.flag("default", self.whole && param.default.is_some());
        object.finish()
    }

    /// Those that an instance can have, and all for the whole.
    fn events(&self) -> impl Iterator<Item = (Option<EventId>, &EventDecl)> {
        let events = (0..).map(EventId).zip(&self.chart.declarations.events);
        events.filter(|(id, _)| self.whole || self.kept.contains(id)).map(|(id, e)| (Some(id), e))
    }

    fn event(&self, event: &EventDecl, id: Option<EventId>) -> String {
        let mut object = Object::default();
        object.text("name", &event.name.text);
        object.flag("kept", id.is_some_and(|id| self.kept.contains(&id)));
        object.list("fields", event.params.iter().map(|param| self.param(param)));
        if let Some(id) = &event.id {
            object.text("id", id);
        }
        if self.whole {
            object.texts("was", &event.was);
        }
        object.finish()
    }

    fn action(&self, action: &Function) -> String {
        let mut object = Object::default();
        object.text("name", &action.name.text);
        object.list("fields", action.params.iter().map(|param| self.param(param)));
        object.finish()
    }

    fn ty(&self, ty: &Ty) -> String {
        ty.text(&self.chart.declarations.types)
    }
}

fn rust_path(path: &crate::model::RustPath) -> String {
    let names: Vec<&str> = path.segments.iter().map(|name| name.text.as_str()).collect();
    names.join("::")
}

/// What a state is of a saga. Which step may have been done, and what is taken back then, hangs on it.
fn part(role: Role) -> &'static str {
    match role {
        Role::Saga => "saga",
        Role::Step { .. } => "step",
        Role::Pivot => "pivot",
        Role::Later => "later",
        Role::Group => "group",
        Role::Branch => "branch",
        Role::Undo => "undo",
        Role::UndoGroup => "choice",
        Role::Done => "done",
        Role::Compensated => "compensated",
        Role::Failed => "failed",
    }
}

/// What goes by name has no order.
fn sorted(items: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut items: Vec<String> = items.collect();
    items.sort_unstable();
    items.into_iter()
}
