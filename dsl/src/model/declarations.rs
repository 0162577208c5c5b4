//! What a machine declares besides states.

use super::{
    ActivityId, ErrorId, FunctionId, Invoke, JoinKind, Name, Param, Policy, State, Ty, TypeDecl,
    UseDecl, Work,
};
use crate::span::Span;
use crate::spelling::pascal_case;
use std::collections::BTreeSet;

/// Types, context, events, outputs and host functions of one machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declarations {
    /// Rust types brought in by `use`.
    pub uses: Vec<UseDecl>,
    /// Declared types; those of imported files first.
    pub types: Vec<TypeDecl>,
    /// The context.
    pub context: ContextDecl,
    /// External events in declared order. With [`Declarations::external_events`] they are those
    /// that the machine names, in the order of first use, with unknown payload.
    pub events: Vec<EventDecl>,
    /// `events path::Type`: the user's own Rust enum.
    pub external_events: Option<RustPath>,
    /// Outputs in declared order; like the events if external.
    pub outputs: Vec<EventDecl>,
    /// `outputs path::Type`.
    pub external_outputs: Option<RustPath>,
    /// Guards, fns and actions in declared order.
    pub functions: Vec<Function>,
    /// Errors in declared order; those of imported files first.
    pub errors: Vec<ErrorDecl>,
    /// Activities in declared order; behind them those that states make, see [`ActivityKind`].
    pub activities: Vec<Activity>,
    /// Policies in declared order; those of imported files first.
    pub policies: Vec<Policy>,
    /// Events of other machines that are sent, in the order of first use.
    pub messages: Vec<MessageDecl>,
}

/// A Rust path with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RustPath {
    /// Its names.
    pub segments: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// The data that all states share.
#[derive(Clone, Debug, PartialEq)]
pub enum ContextDecl {
    /// `context { .. }`; no fields if the machine declares none.
    Declared(Vec<Field>),
    /// `context path::Type`: fields are unknown to the compiler; rustc checks them.
    External(RustPath),
}

impl Default for ContextDecl {
    fn default() -> Self {
        Self::Declared(Vec::new())
    }
}

/// A field of the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// `late`: no value at the start, proved to be set before it is read.
    pub late: bool,
    /// `@id("..")`: the name it keeps across versions.
    pub id: Option<String>,
    /// `@was("..")`: names it had.
    pub was: Vec<String>,
    /// Name, type, default. Without default and not `late`, the value is given at the start.
    pub param: Param,
}

/// An event or an output.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDecl {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its payload; empty if external.
    pub params: Vec<Param>,
    /// `@id("..")`: the name it keeps across versions.
    pub id: Option<String>,
    /// `@was("..")`: names it had.
    pub was: Vec<String>,
}

/// An event of another machine, or of another instance of this one, that is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageDecl {
    /// The machine.
    pub machine: Name,
    /// What tells its instances apart.
    pub key: Param,
    /// The event, as it is declared there.
    pub event: EventDecl,
}

/// A function that the host provides.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Which of the three.
    pub kind: FunctionKind,
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its result: `bool` for guards; `None` for actions.
    pub result: Option<Ty>,
}

/// What can go wrong with an activity.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorDecl {
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// What it carries.
    pub params: Vec<Param>,
    /// `transient`: trying again may help.
    pub transient: bool,
    /// True if it comes from an imported file.
    pub imported: bool,
}

/// What happens outside of a step: asynchronous, with a result or an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Who carries it out.
    pub kind: ActivityKind,
    /// Its name.
    pub name: Name,
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its result, if it gives one.
    pub result: Option<Ty>,
    /// The errors that it may end with, in the order of `raises`.
    pub raises: Vec<ErrorId>,
    /// Of a machine: what else it can end with, that is not declared here.
    pub ends: Vec<String>,
    /// `cache for D by (..)`: a result stands for all calls of the process that are alike.
    pub cache: Option<Cache>,
    /// `coalesce by (..)`: calls of the process that are alike, at the same time, are one. The
    /// parameters that tell them apart.
    pub coalesce: Option<Vec<usize>>,
    /// `@readonly`: it leaves nothing behind.
    pub readonly: bool,
}

/// Who carries out an activity. Only those of the host are declared; the others are made by the
/// statement of a state that asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// The host program: it is declared by `activity`.
    Host,
    /// A person, who is asked by `human`, and answers or does not. Nothing fails on the way.
    Person,
    /// Another machine, which is started by `invoke machine`. Its key is the parameter with this
    /// index.
    Machine(usize),
}

impl Activity {
    /// True if the host program carries it out.
    pub fn is_of_host(&self) -> bool {
        self.kind == ActivityKind::Host
    }

    /// True if a person is asked.
    pub fn is_of_person(&self) -> bool {
        self.kind == ActivityKind::Person
    }
}

/// For how long results are kept, and which are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Cache {
    /// How long, in milliseconds.
    pub millis: u64,
    /// The parameters that tell calls apart.
    pub by: Vec<usize>,
}

impl Declarations {
    /// The activities that the host program carries out.
    pub fn of_host(&self) -> impl Iterator<Item = &Activity> {
        self.activities.iter().filter(|activity| activity.is_of_host())
    }

    /// The types that are generated because there are activities, and the activity that each is of.
    pub fn activity_types(&self) -> impl Iterator<Item = (String, Option<&Name>)> {
        let common =
            ["Request", "Reply", "Error"].into_iter().filter(|_| !self.activities.is_empty());
        let of_host = self.of_host().next().map(|_| "Activities");
        let own = self.of_host().map(|activity| {
            let name = &activity.name;
            (format!("{}Error", pascal_case(&name.text)), Some(name))
        });
        of_host.into_iter().chain(common).map(|name| (name.to_owned(), None)).chain(own)
    }

    /// The errors that an activity can end with: those that it raises, then any other. A person does
    /// not fail.
    pub fn failures(&self, activity: ActivityId) -> impl Iterator<Item = ErrorKind> + '_ {
        let activity = &self.activities[activity.index()];
        let other = match activity.kind {
            ActivityKind::Host | ActivityKind::Machine(_) => Some(ErrorKind::Unexpected),
            ActivityKind::Person => None,
        };
        activity.raises.iter().map(|error| ErrorKind::Declared(*error)).chain(other)
    }
}

impl Declarations {
    /// The machines that are sent to, each once, with the messages to each.
    pub fn receivers(&self) -> Vec<(&Name, Vec<&MessageDecl>)> {
        let mut receivers: Vec<(&Name, Vec<&MessageDecl>)> = Vec::new();
        for message in &self.messages {
            let same = |(name, _): &&mut (&Name, _)| name.text == message.machine.text;
            match receivers.iter_mut().find(same) {
                Some((_, messages)) => messages.push(message),
                None => receivers.push((&message.machine, vec![message])),
            }
        }
        receivers
    }

    /// The types that are generated because the machine sends, and the machine that each is of.
    pub fn message_types(&self) -> impl Iterator<Item = (String, &Name)> {
        let receivers = self.receivers();
        let common = receivers.first().map(|(name, _)| ("Message".to_owned(), *name));
        let own = receivers.into_iter().map(|(name, _)| (format!("{}Message", name.text), name));
        common.into_iter().chain(own)
    }

    /// The errors that what is invoked can end with: those behind which no fallback is tried, each
    /// once, in the order of the calls.
    pub fn ends(&self, invoke: &Invoke) -> Vec<ErrorKind> {
        let mut ends = Vec::new();
        for call in 0..=invoke.fallbacks.len() {
            // A function does not fail, so what stands behind it is never tried.
            let Work::Activity(activity) = invoke.work(call) else { break };
            for kind in self.failures(activity) {
                if !self.falls_back(invoke, call, kind) && !ends.contains(&kind) {
                    ends.push(kind);
                }
            }
        }
        ends
    }

    /// The errors that what a state starts can end with, each once. The join of a fan-out ends with
    /// those of its branches, and over a list with one of its own.
    pub fn ends_of(&self, state: &State) -> Vec<ErrorKind> {
        let Some(fan_out) = &state.fan_out else {
            return state.invoke.as_ref().map(|invoke| self.ends(invoke)).unwrap_or_default();
        };
        let mut ends = Vec::new();
        if fan_out.join.kind != JoinKind::AllSettled {
            for kind in fan_out.calls.iter().flat_map(|call| self.ends(call)) {
                if !ends.contains(&kind) {
                    ends.push(kind);
                }
            }
        }
        if fan_out.over.is_some() && !ends.contains(&ErrorKind::Unexpected) {
            ends.push(ErrorKind::Unexpected);
        }
        ends
    }

    /// True if behind this error of a call its fallback is tried: there is one, and the error is
    /// transient, not declared, or one that the fallback names.
    pub fn falls_back(&self, invoke: &Invoke, call: usize, kind: ErrorKind) -> bool {
        invoke.fallbacks.get(call).is_some_and(|fallback| match kind {
            ErrorKind::Unexpected => true,
            ErrorKind::Declared(error) => {
                self.errors[error.index()].transient || fallback.on.contains(&error)
            }
        })
    }

    /// The functions that stand at the end of a chain, and are asked for like activities.
    pub fn fallback_functions<'m>(
        &self,
        invokes: impl Iterator<Item = &'m Invoke>,
    ) -> BTreeSet<FunctionId> {
        let calls = invokes.flat_map(|invoke| &invoke.fallbacks);
        let functions = calls.filter_map(|fallback| match fallback.work {
            Work::Function(function) => Some(function),
            Work::Activity(_) => None,
        });
        functions.collect()
    }
}

/// An error as an activity ends with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// One that the machine declares.
    Declared(ErrorId),
    /// Any other: of the host, a panic.
    Unexpected,
}

/// The kinds of host functions of the core language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Pure, gives `bool`.
    Guard,
    /// Pure, gives a value.
    Fn,
    /// Has an effect, gives nothing.
    Action,
}
