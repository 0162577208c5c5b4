//! Files, machines and states: which statement a word begins, and whose block it opens.

use super::blocks::{Failure, Parser};
use super::grammar::Rule;
use super::parts::Parts;
use super::places::Place;
use super::tokens::Kind;
use crate::ast::{
    Context, EnumDecl, FanOut, HumanItem, Item, Machine, MachineItem, Meta, NamedCall, Param,
    Policy, PolicyItem, StateItem, StateItemKind, Step, StructDecl, VariantDecl,
};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use pest::iterators::Pair;

impl<'t> Parser<'t, '_> {
    /// Something that stands at the top of a file.
    pub(super) fn top_item(&mut self) -> Option<Item> {
        let meta = self.meta();
        if matches!(self.peek(0), "use" | "import") {
            self.refuse_annotations(&meta);
        }
        match self.peek(0) {
            "use" => self.statement(Rule::use_).map(|p| Item::Use(self.use_item(p))),
            "import" => self.statement(Rule::import).map(|p| Item::Import(self.import(p))),
            "enum" => self.enum_decl(meta).map(Item::Enum),
            "struct" => self.struct_decl(meta).map(Item::Struct),
            "machine" | "durable" => self.machine(meta).map(Item::Machine),
            "scenario" => self.scenario(meta).map(Item::Scenario),
            _ => None,
        }
    }

    fn enum_decl(&mut self, meta: Meta) -> Option<EnumDecl> {
        let Some(head) = self.head(Rule::enum_head) else {
            return self.lost(|p| drop(p.variants("the enum")));
        };
        let start = self.span(&head);
        let name = self.name(Parts::of(head).find(Rule::ident));
        let variants = self.variants(&format!("enum `{}`", name.text));
        Some(EnumDecl { meta, name, variants, span: start.to(self.behind()) })
    }

    fn struct_decl(&mut self, meta: Meta) -> Option<StructDecl> {
        let Some(head) = self.head(Rule::struct_head) else {
            return self.lost(|p| drop(p.struct_fields("the struct")));
        };
        let start = self.span(&head);
        let name = self.name(Parts::of(head).find(Rule::ident));
        let fields = self.struct_fields(&format!("struct `{}`", name.text));
        Some(StructDecl { meta, name, fields, span: start.to(self.behind()) })
    }

    fn machine(&mut self, meta: Meta) -> Option<Machine> {
        let Some(head) = self.head(Rule::machine_head) else {
            return self.lost(|p| drop(p.machine_items("the machine")));
        };
        let span = self.span(&head);
        let mut parts = Parts::of(head);
        let durable = parts.next_if(Rule::k_durable).map(|p| self.span(&p));
        let name = self.name(parts.find(Rule::ident));
        let version = parts.seek(Rule::int).map(|p| self.int(&p));
        let items = self.machine_items(&format!("machine `{}`", name.text));
        Some(Machine { meta, durable, name, version, items, span })
    }

    fn machine_items(&mut self, owner: &str) -> Vec<MachineItem> {
        let mut items = Vec::new();
        self.block(Place::Machine, owner, |p| items.extend(p.machine_item()));
        items
    }

    fn machine_item(&mut self) -> Option<MachineItem> {
        let start = self.here();
        let meta = self.meta();
        match (self.peek(0), self.peek(1)) {
            ("context", "{") => return self.context(meta),
            ("policy", _) => return self.policy(meta).map(MachineItem::Policy),
            ("scenario", _) => return self.scenario(meta).map(MachineItem::Scenario),
            ("migrate", _) => {
                self.refuse_annotations(&meta);
                return self.migrate().map(MachineItem::Migrate);
            }
            ("key" | "context" | "events" | "outputs", _) => self.refuse_annotations(&meta),
            _ => {}
        }
        if let Some(rule) = declaration_rule(self.peek(0)) {
            return self.statement(rule).map(|pair| self.declaration(pair, meta));
        }
        self.state_item(start, meta).map(MachineItem::State)
    }

    /// Says that nothing would come of the annotations of what is no part of the machine itself.
    fn refuse_annotations(&mut self, meta: &Meta) {
        let Some(first) = meta.annotations.first() else { return };
        let message = format!("`@{}` says nothing about `{}`", first.name.text, self.peek(0));
        let help = "put it in front of the item that it is about, or remove it";
        self.report(Diagnostic::new(Code::Syntax, first.span, message).help(help));
    }

    fn context(&mut self, meta: Meta) -> Option<MachineItem> {
        let start = self.here();
        self.eat("context");
        let mut fields = Vec::new();
        self.last = None;
        self.block(Place::Context, "the context", |p| {
            if let Some((pair, meta)) = p.named_entry(Rule::field) {
                fields.push(p.context_field(pair, meta));
                p.eat(",");
            }
        });
        Some(MachineItem::Context(Context { meta, fields, span: start.to(self.behind()) }))
    }

    fn policy(&mut self, meta: Meta) -> Option<Policy> {
        let Some(head) = self.head(Rule::policy_head) else {
            return self.lost(|p| drop(p.policy_items("the policy")));
        };
        let start = self.span(&head);
        let name = self.name(Parts::of(head).find(Rule::ident));
        let items = self.policy_items(&format!("policy `{}`", name.text));
        Some(Policy { meta, name, items, span: start.to(self.behind()) })
    }

    /// A statement of a state, its documentation taken; `start` is where that began.
    fn state_item(&mut self, start: Span, mut meta: Meta) -> Option<StateItem> {
        let kind = match (self.peek(0), self.peek(1)) {
            ("initial", "do" | "->") => self.plain(Rule::initial_transition, &mut meta),
            ("state" | "initial" | "final" | "parallel" | "saga" | "loop", _) => {
                self.state(Rule::state_head, &mut meta)
            }
            ("region", _) => self.state(Rule::region_head, &mut meta),
            ("human", _) => self.human(),
            ("fan_out", _) => self.fan_out(),
            ("concurrent", _) => Some(self.concurrent()),
            (word, _) => self.plain(state_rule(word)?, &mut meta),
        }?;
        Some(StateItem { meta, kind, span: start.to(self.behind()) })
    }

    fn plain(&mut self, rule: Rule, meta: &mut Meta) -> Option<StateItemKind> {
        self.statement(rule).map(|pair| self.state_statement(pair, meta))
    }

    fn state(&mut self, rule: Rule, meta: &mut Meta) -> Option<StateItemKind> {
        let Some(head) = self.head(rule) else {
            return self.lost(|p| drop(p.state_items("the state")));
        };
        let mut state = self.state_head(head, std::mem::take(meta));
        if self.peek(0) == "{" || state.region {
            let word = if state.region { "region" } else { "state" };
            state.items = Some(self.state_items(&format!("{word} `{}`", state.name.text)));
        }
        Some(StateItemKind::State(state))
    }

    /// The items of a state or a region.
    fn state_items(&mut self, owner: &str) -> Vec<StateItem> {
        let mut items = Vec::new();
        self.block(Place::State, owner, |p| {
            let start = p.here();
            let meta = p.meta();
            items.extend(p.state_item(start, meta));
        });
        items
    }

    fn human(&mut self) -> Option<StateItemKind> {
        let Some(head) = self.head(Rule::human_head) else {
            return self.lost(|p| drop(p.human_items("the human step")));
        };
        let mut human = self.human_head(head);
        human.items = self.human_items(&format!("human step `{}`", human.name.text));
        Some(StateItemKind::Human(human))
    }

    fn fan_out(&mut self) -> Option<StateItemKind> {
        let Some(head) = self.head(Rule::fan_out_head) else {
            self.lost::<()>(|p| drop(p.fan_out_calls()));
            return None;
        };
        let over = Parts::of(head).seek(Rule::over);
        let (over, max, concurrency) = over.map(|p| self.over(p)).unwrap_or_default();
        let calls = self.fan_out_calls();
        let join = self.join_of_fan_out()?;
        let join = self.join_rule(join);
        Some(StateItemKind::FanOut(FanOut { over, max, concurrency, calls, join }))
    }

    fn concurrent(&mut self) -> StateItemKind {
        self.eat("concurrent");
        let mut steps = Vec::new();
        self.last = None;
        self.block(Place::Steps, "the concurrent steps", |p| {
            let meta = p.meta();
            if p.peek(0) == "concurrent" {
                return steps.extend(p.concurrent_in_concurrent());
            }
            if !p.place.begins(p.peek(0)) {
                return;
            }
            if let Some(pair) = p.statement(Rule::step) {
                steps.push(p.step(pair, meta));
            }
        });
        StateItemKind::Concurrent(steps)
    }

    /// A block in another, whose steps are those of the outer one.
    fn concurrent_in_concurrent(&mut self) -> Vec<Step> {
        let message = "concurrent steps do not stand in each other";
        self.report(
            Diagnostic::new(Code::Syntax, self.here(), message)
                .at("runs beside the steps around it anyway")
                .help("put its steps into the block around it"),
        );
        match self.concurrent() {
            StateItemKind::Concurrent(steps) => steps,
            _ => Vec::new(),
        }
    }

    /// Reads the block behind a head that went wrong, for the mistakes in it.
    pub(super) fn lost<T>(&mut self, block: impl FnOnce(&mut Self)) -> Option<T> {
        if self.peek(0) == "{" {
            block(self);
        }
        None
    }

    /// A field or a variant with what stands in front of it.
    fn named_entry(&mut self, rule: Rule) -> Option<(Pair<'t, Rule>, Meta)> {
        let meta = self.meta();
        if self.kind() != Some(Kind::Word) {
            return None;
        }
        Some((self.statement(rule)?, meta))
    }

    fn variants(&mut self, owner: &str) -> Vec<VariantDecl> {
        let mut variants = Vec::new();
        self.block(Place::Enum, owner, |p| {
            if let Some((pair, meta)) = p.named_entry(Rule::variant) {
                variants.push(p.variant(pair, meta));
                p.eat(",");
            }
        });
        variants
    }

    fn struct_fields(&mut self, owner: &str) -> Vec<Param> {
        let mut fields = Vec::new();
        self.block(Place::Struct, owner, |p| {
            if let Some((pair, meta)) = p.named_entry(Rule::param) {
                fields.push(p.param(pair, meta));
                p.eat(",");
            }
        });
        fields
    }

    fn policy_items(&mut self, owner: &str) -> Vec<(PolicyItem, Span)> {
        let mut items = Vec::new();
        self.block(Place::Policy, owner, |p| {
            let Some(rule) = policy_rule(p.peek(0), p.peek(1)) else { return };
            if let Some(pair) = p.statement(rule) {
                let span = p.span(&pair);
                items.push((p.policy_item(pair), span));
            }
        });
        items
    }

    fn human_items(&mut self, owner: &str) -> Vec<HumanItem> {
        let mut items = Vec::new();
        self.block(Place::Human, owner, |p| {
            let Some(rule) = human_rule(p.peek(0)) else { return };
            if let Some(pair) = p.statement(rule) {
                items.push(p.human_item(pair));
            }
        });
        items
    }

    fn fan_out_calls(&mut self) -> Vec<NamedCall> {
        let mut calls = Vec::new();
        self.block(Place::Calls, "the fan-out", |p| {
            if p.peek(0) != "call" {
                return;
            }
            if let Some(pair) = p.statement(Rule::named_call) {
                calls.push(p.named_call(pair));
            }
        });
        calls
    }

    fn join_of_fan_out(&mut self) -> Option<Pair<'t, Rule>> {
        if self.peek(0) == "join" {
            return self.statement(Rule::join);
        }
        let failure = Failure { at: self.at, expected: vec![Rule::join] };
        self.failed(self.at, &failure);
        None
    }
}

fn declaration_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "key" => Rule::key,
        "context" => Rule::external_context,
        "event" => Rule::event,
        "events" => Rule::external_events,
        "output" => Rule::output,
        "outputs" => Rule::external_outputs,
        "error" | "transient" => Rule::error,
        "guard" => Rule::guard,
        "fn" => Rule::func,
        "action" => Rule::action,
        "activity" => Rule::activity,
        "property" => Rule::property,
        _ => return None,
    })
}

fn state_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "on" => Rule::handler,
        "after" => Rule::after,
        "every" => Rule::every,
        "always" => Rule::always,
        "entry" => Rule::entry,
        "exit" => Rule::exit,
        "defer" => Rule::defer,
        "ignore" => Rule::ignore,
        "invariant" => Rule::invariant,
        "invoke" => Rule::invoke,
        "step" | "pivot" => Rule::step,
        "until" => Rule::until,
        _ => return None,
    })
}

fn policy_rule(word: &str, next: &str) -> Option<Rule> {
    Some(match (word, next) {
        ("timeout", _) => Rule::policy_timeout,
        ("deadline", _) => Rule::policy_deadline,
        ("retry", "budget") => Rule::retry_budget,
        ("retry", _) => Rule::retry,
        ("circuit_breaker", _) => Rule::breaker,
        ("bulkhead", _) => Rule::bulkhead,
        ("rate_limit", _) => Rule::rate_limit,
        _ => return None,
    })
}

fn human_rule(word: &str) -> Option<Rule> {
    Some(match word {
        "assign" => Rule::human_assign,
        "title" => Rule::human_title,
        "remind" => Rule::human_remind,
        "escalate" => Rule::human_escalate,
        "timeout" => Rule::human_timeout,
        _ => return None,
    })
}
