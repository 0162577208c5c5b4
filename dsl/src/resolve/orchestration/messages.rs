//! Messages to other machines, and the machines themselves.

use crate::ast::{self, MachineItem, Name};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EffectKind, EventDecl, MessageDecl, MessageId, Param, Ty};
use crate::resolve::annotations;
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::suggest::{suggest, unknown};
use crate::span::Span;

impl<'a> Ctx<'a, '_> {
    /// A machine of the package; an error if there is none.
    pub(super) fn machine_named(&mut self, name: &Name) -> Option<&'a ast::Machine> {
        let machines = self.outside.machines;
        let found = machines.names.get(&name.text);
        if found.is_none() {
            let diagnostic = unknown(Code::UnknownName, "machine", name, machines.names.places());
            self.error(diagnostic.help("import the file that declares it"));
        }
        if let Some(first) = found
            && let Some(unclear) = machines.brought.unclear("a machine", name, first.name.span)
        {
            self.error(unclear.help("give one of them another name: an engine knows them by it"));
        }
        found
    }

    /// Only what a store keeps can send, and be sent to.
    pub(super) fn both_durable(&mut self, what: &str, other: &'a ast::Machine, span: Span) -> bool {
        let own = self.outside.own;
        let machine = match (own.durable, other.durable) {
            (None, _) => own,
            (_, None) => other,
            _ => return true,
        };
        let name = &machine.name.text;
        self.error(
            Diagnostic::new(Code::NotDurable, span, format!("{what}, and `{name}` is not durable"))
                .label(machine.span, "no store keeps its instances")
                .help(format!("declare it as `durable machine {name}`, with a `key`")),
        );
        false
    }

    /// `send Machine(key).Event(..)`
    pub(in crate::resolve) fn send(
        &mut self,
        scope: Scope<'_>,
        machine: &'a Name,
        key: &'a ast::Expr,
        event: &'a Name,
        args: &'a [ast::Expr],
        span: Span,
    ) -> Option<EffectKind> {
        let found = self.machine_named(machine);
        let signature = found.and_then(|found| {
            let what = "messages go from durable machine to durable machine";
            let durable = self.both_durable(what, found, span);
            self.event_of(found, event).filter(|_| durable)
        });
        let (Some(found), Some(signature)) = (found, signature) else {
            self.infer(scope, key, Some(Want::new(&Ty::Unknown)));
            self.loose_args(scope, args);
            return None;
        };
        let id = self.message(found, signature);
        let declared = self.outside.messages[id.index()].clone();
        let key = self.expr(scope, key, Want::param(&declared.key));
        let what = format!("the event `{}`", event.text);
        let params = &declared.event.params;
        let mut values = self.args(scope, &what, signature.name.span, params, args, span)?;
        values.insert(0, key);
        Some(EffectKind::Send(id, values))
    }

    /// An event of a machine by its name; an error if there is none.
    fn event_of(&mut self, of: &'a ast::Machine, name: &Name) -> Option<&'a ast::Signature> {
        let external = of.items.iter().find_map(|item| match item {
            MachineItem::ExternalEvents(path) => Some(path),
            _ => None,
        });
        if let Some(path) = external {
            let message = format!("the events of `{}` are a Rust type", of.name.text);
            self.error(
                Diagnostic::new(Code::UnknownEvent, name.span, message)
                    .at("what it carries is not known here")
                    .label(path.span, "this one")
                    .help("declare the events in the machine: `event ..`"),
            );
            return None;
        }
        let events = || {
            of.items.iter().filter_map(|item| match item {
                MachineItem::Event(signature) => Some(signature),
                _ => None,
            })
        };
        let found = events().find(|signature| signature.name.text == name.text);
        if found.is_none() {
            let message = format!("`{}` has no event `{}`", of.name.text, name.text);
            let known = events().map(|event| (event.name.text.as_str(), event.name.span));
            self.error(suggest(
                Diagnostic::new(Code::UnknownEvent, name.span, message),
                name,
                known,
            ));
        }
        found
    }

    /// The number of a message, which has one when it is first sent.
    fn message(&mut self, machine: &'a ast::Machine, event: &'a ast::Signature) -> MessageId {
        let same = |known: &MessageDecl| {
            known.machine.text == machine.name.text && known.event.name.text == event.name.text
        };
        let messages = &self.outside.messages;
        if let Some(at) = messages.iter().position(same) {
            return MessageId(at as u32);
        }
        let id = MessageId(messages.len() as u32);
        let identity = annotations::identity(&event.meta);
        // What is wrong with them is said where they are declared.
        let mut said = Diagnostics::default();
        let params = self.types.params("parameter", &event.params, &mut self.used.types, &mut said);
        let event = EventDecl {
            name: event.name.clone(),
            docs: event.meta.docs.clone(),
            params,
            id: identity.id,
            was: identity.was,
        };
        let key = self.key_of(machine);
        self.outside.messages.push(MessageDecl { machine: machine.name.clone(), key, event });
        id
    }

    /// What tells the instances of a machine apart; of unknown type if it does not say.
    pub(super) fn key_of(&mut self, machine: &'a ast::Machine) -> Param {
        let named = machine.items.iter().find_map(|item| match item {
            MachineItem::Key(name) => Some(name),
            _ => None,
        });
        let field = named.and_then(|name| {
            let fields = machine.items.iter().filter_map(|item| match item {
                MachineItem::Context(context) => Some(&context.fields),
                _ => None,
            });
            fields.flatten().find(|field| field.param.name.text == name.text)
        });
        let mut said = Diagnostics::default();
        let ty = field.map_or(Ty::Unknown, |field| {
            self.types.resolve(&field.param.ty, &mut self.used.types, &mut said)
        });
        let name = field.map_or(&machine.name, |field| &field.param.name).clone();
        Param { name, ty, default: None, docs: Vec::new(), made: false }
    }
}
