//! A model as lines of text, compact enough to be read in a golden file.

use statewright_dsl::model::*;
use std::fmt::Write as _;

/// One line for each declaration, state, effect list and branch; no places.
pub(crate) fn dump(model: &Model) -> String {
    let mut out = String::new();
    let m = Dump { model };
    writeln!(out, "machine {} version {}", model.name.text, model.version).unwrap();
    m.lines(&mut out, "doc", &model.docs);
    m.declarations(&mut out);
    m.state(&mut out, StateId::ROOT, 0);
    for invariant in &model.invariants {
        let state = m.path(invariant.state);
        let (expr, text) = (m.expr(&invariant.expr), &invariant.text);
        writeln!(out, "invariant in {state}: {expr}  // {text}").unwrap();
    }
    writeln!(out, "used {:?}", m.used()).unwrap();
    out
}

struct Dump<'a> {
    model: &'a Model,
}

impl Dump<'_> {
    fn lines(&self, out: &mut String, word: &str, lines: &[String]) {
        for line in lines {
            writeln!(out, "{word} {line}").unwrap();
        }
    }

    fn declarations(&self, out: &mut String) {
        let d = &self.model.declarations;
        for decl in &d.uses {
            writeln!(out, "use {} {:?}", decl.path.join("::"), decl.alias).unwrap();
        }
        for decl in &d.types {
            let imported = if decl.imported { "imported " } else { "" };
            match &decl.kind {
                TypeDeclKind::Struct(fields) => {
                    let fields = self.params(fields);
                    writeln!(out, "{imported}struct {}{fields}", decl.name.text).unwrap();
                }
                TypeDeclKind::Enum(variants) => {
                    let variants: Vec<String> = variants
                        .iter()
                        .map(|v| format!("{}{}", v.name.text, self.params(&v.fields)))
                        .collect();
                    let variants = variants.join(" | ");
                    writeln!(out, "{imported}enum {}: {variants}", decl.name.text).unwrap();
                }
            }
        }
        match &d.context {
            ContextDecl::External(path) => writeln!(out, "context {}", rust(path)).unwrap(),
            ContextDecl::Declared(fields) => {
                for field in fields {
                    let late = if field.late { "late " } else { "" };
                    writeln!(out, "field {late}{}", self.param(&field.param)).unwrap();
                }
            }
        }
        let externals = [("events", &d.external_events), ("outputs", &d.external_outputs)];
        for (word, path) in externals {
            if let Some(path) = path {
                writeln!(out, "{word} {}", rust(path)).unwrap();
            }
        }
        for (word, list) in [("event", &d.events), ("output", &d.outputs)] {
            for event in list {
                let params = self.params(&event.params);
                let identity = format!("{:?} {:?}", event.id, event.was);
                let identity = identity.replace("None []", "");
                writeln!(
                    out,
                    "{}",
                    format!("{word} {}{params} {identity}", event.name.text).trim()
                )
                .unwrap();
            }
        }
        for f in &d.functions {
            let result =
                f.result.as_ref().map_or(String::new(), |ty| format!(" -> {}", self.ty(ty)));
            let kind = format!("{:?}", f.kind).to_lowercase();
            writeln!(out, "{kind} {}{}{result}", f.name.text, self.params(&f.params)).unwrap();
        }
        for error in &d.errors {
            let word = if error.transient { "transient error" } else { "error" };
            writeln!(out, "{word} {}{}", error.name.text, self.params(&error.params)).unwrap();
        }
        for a in &d.activities {
            let result = a.result.as_ref().map_or("nothing".to_owned(), |ty| self.ty(ty));
            let (raises, shares) = (self.errors(a.raises.iter()), (&a.cache, &a.coalesce));
            let params = self.params(&a.params);
            writeln!(
                out,
                "activity {}{params} -> {result} raises {raises} {shares:?}",
                a.name.text
            )
            .unwrap();
        }
        for policy in &d.policies {
            self.policy(out, policy);
        }
    }

    fn errors<'e>(&self, errors: impl Iterator<Item = &'e ErrorId>) -> String {
        let declared = &self.model.declarations.errors;
        let names = errors.map(|id| declared[id.index()].name.text.clone());
        format!("[{}]", names.collect::<Vec<_>>().join(", "))
    }

    fn policy(&self, out: &mut String, policy: &Policy) {
        let Policy { name, docs, timeout, deadline, budget, breaker, .. } = policy;
        let Policy { retry, bulkhead, rate_limit, imported, .. } = policy;
        writeln!(out, "policy {} of {imported:?} {docs:?}", name.text).unwrap();
        writeln!(out, "  timeout {timeout:?} deadline {deadline:?} budget {budget:?}").unwrap();
        if let Some(Retry { max, backoff, jitter, transient, on, built_in, .. }) = retry {
            let on = self.errors(on.iter().map(|(error, _)| error));
            writeln!(out, "  retry {max} {backoff:?} {jitter:?} {transient} {on} {built_in:?}")
                .unwrap();
        }
        writeln!(out, "  {breaker:?} bulkhead {bulkhead:?} rate limit {rate_limit:?}").unwrap();
    }

    fn fan_out(&self, out: &mut String, pad: &str, fan_out: &FanOut) {
        let FanOut { over, concurrency, calls, names, join, vote, results, .. } = fan_out;
        let over = over.as_ref().map(|over| {
            let (item, ty) = (&over.item.text, self.ty(&over.ty));
            format!("{item}: {ty} in {} max {:?}", self.expr(&over.list), over.max)
        });
        let (kind, tolerate) = (&join.kind, &join.tolerate);
        writeln!(out, "{pad}fan out {over:?} at once {concurrency:?} {kind:?} {tolerate:?}")
            .unwrap();
        for (name, call) in names.iter().zip(calls) {
            writeln!(out, "{pad}  {}:", name.text).unwrap();
            self.invoke(out, &format!("{pad}    "), call);
        }
        if let Some(Vote { expr, rule, reads_items, .. }) = vote {
            let rule = match rule {
                VoteRule::Weighted(weight) => format!("weighted by {}", self.expr(weight)),
                rule => format!("{rule:?}"),
            };
            let vote = self.expr(expr);
            writeln!(out, "{pad}  vote {vote} {rule} reads items {reads_items}").unwrap();
        }
        for result in results {
            let (name, ty) = (&result.name.text, self.ty(&result.ty));
            writeln!(out, "{pad}  gives {name}: {ty} = {:?}", result.what).unwrap();
        }
    }

    fn invoke(&self, out: &mut String, pad: &str, invoke: &Invoke) {
        let d = &self.model.declarations;
        let call = |work, args: &[Expr], policy: Option<PolicyId>| {
            let name = match work {
                Work::Activity(id) => &d.activities[id.index()].name.text,
                Work::Function(id) => &d.functions[id.index()].name.text,
            };
            let args: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
            let policy = policy.map(|id| d.policies[id.index()].name.text.as_str());
            format!("{name}({}) with {policy:?}", args.join(", "))
        };
        let first = call(invoke.work(0), &invoke.args, invoke.policy);
        writeln!(out, "{pad}invoke {first}").unwrap();
        if let Some(Task { title, assigned, timeout }) = &invoke.task {
            let to = assigned.as_ref().map(|to| self.assignee(to));
            let title: Vec<String> = title
                .iter()
                .map(|part| match part {
                    TitlePart::Text(text) => format!("{text:?}"),
                    TitlePart::Value(value) => self.expr(value),
                })
                .collect();
            writeln!(out, "{pad}  task {title:?} for {to:?} {timeout:?}").unwrap();
        }
        for Fallback { work, args, policy, on, .. } in &invoke.fallbacks {
            let (call, on) = (call(*work, args, *policy), self.errors(on.iter()));
            writeln!(out, "{pad}  fallback {call} on {on}").unwrap();
        }
    }

    fn state(&self, out: &mut String, id: StateId, depth: usize) {
        let state = &self.model.states[id.index()];
        let pad = "  ".repeat(depth);
        let kind = format!("{:?}", state.kind).to_lowercase();
        let data = self.params(&state.data);
        let failure = if state.failure { " failure" } else { "" };
        writeln!(out, "{pad}{kind} {}{data}{failure}", state.name.text).unwrap();
        let pad = format!("{pad}  ");
        if let Some(initial) = &state.initial {
            let effects = self.effects(&initial.effects);
            writeln!(out, "{pad}initial{effects} -> {}", self.targets(&initial.targets)).unwrap();
        }
        for (word, effects) in [("entry", &state.entry), ("exit", &state.exit)] {
            if !effects.is_empty() {
                writeln!(out, "{pad}{word}{}", self.effects(effects)).unwrap();
            }
        }
        for (word, events) in [("defer", &state.defer), ("ignore", &state.ignore)] {
            for (event, _) in events {
                writeln!(out, "{pad}{word} {}", self.event(*event)).unwrap();
            }
        }
        if let Some(invoke) = &state.invoke {
            self.invoke(out, &pad, invoke);
        }
        if let Some(fan_out) = &state.fan_out {
            self.fan_out(out, &pad, fan_out);
        }
        for reaction in &state.reactions {
            self.reaction(out, &pad, &self.model.reactions[reaction.index()]);
        }
        for child in &state.children {
            self.state(out, *child, depth + 1);
        }
    }

    fn reaction(&self, out: &mut String, pad: &str, reaction: &Reaction) {
        let trigger = match &reaction.trigger {
            Trigger::Event(event) => format!("on {}", self.event(*event)),
            Trigger::Always => "always".to_owned(),
            Trigger::After(delay) => format!("after {}", self.expr(delay)),
            Trigger::Every(period) => format!("every {}", self.expr(period)),
            Trigger::Done => "on done".to_owned(),
            Trigger::Result => "on done of what is invoked".to_owned(),
            Trigger::Error(None) => "on error".to_owned(),
            Trigger::Error(Some(error)) => {
                let error = &self.model.declarations.errors[error.index()];
                format!("on error {}", error.name.text)
            }
        };
        let bindings: Vec<String> = reaction
            .bindings
            .iter()
            .map(|b| {
                let field = match &b.field {
                    BindingField::Declared(index) => index.to_string(),
                    BindingField::Position(index, count) => format!("{index} of {count}"),
                    BindingField::Named(name) => name.text.clone(),
                };
                format!("{}: {} = {field}", b.name.text, self.ty(&b.ty))
            })
            .collect();
        let bindings =
            if bindings.is_empty() { String::new() } else { format!("({})", bindings.join(", ")) };
        let choice = if reaction.choice { " choice" } else { "" };
        let effects = self.effects(&reaction.effects);
        writeln!(out, "{pad}{trigger}{bindings}{effects}{choice}").unwrap();
        for branch in &reaction.branches {
            let guard = branch.guard.as_ref().map(|g| format!("if {}", self.expr(g)));
            let target = match &branch.target {
                Target::Stay => "stay".to_owned(),
                Target::States(states) => format!("-> {}", self.targets(states)),
                Target::Reenter(state) => format!("-> reenter {}", self.target(state)),
                Target::Initial(state, _) => format!("-> initial {}", self.path(*state)),
                Target::History { state, deep, .. } => {
                    format!("-> {}history {}", if *deep { "deep " } else { "" }, self.path(*state))
                }
            };
            let guard = guard.unwrap_or_default();
            let line = format!("{guard}{} {target}", self.effects(&branch.effects));
            writeln!(out, "{pad}  {}", line.trim()).unwrap();
        }
    }

    fn targets(&self, targets: &[TargetState]) -> String {
        targets.iter().map(|t| self.target(t)).collect::<Vec<_>>().join(" & ")
    }

    fn target(&self, target: &TargetState) -> String {
        let args = target.args.as_ref().map_or(String::new(), |args| self.args(args));
        format!("{}{args}", self.path(target.state))
    }

    fn path(&self, id: StateId) -> String {
        let state = &self.model.states[id.index()];
        match state.parent {
            None => "machine".to_owned(),
            Some(StateId::ROOT) => state.name.text.clone(),
            Some(parent) => format!("{}::{}", self.path(parent), state.name.text),
        }
    }

    fn event(&self, id: EventId) -> &str {
        &self.model.declarations.events[id.index()].name.text
    }

    fn function(&self, id: FunctionId) -> &str {
        &self.model.declarations.functions[id.index()].name.text
    }

    fn field(&self, id: FieldId) -> &str {
        match &self.model.declarations.context {
            ContextDecl::Declared(fields) => &fields[id.index()].param.name.text,
            ContextDecl::External(_) => "?",
        }
    }

    fn effects(&self, effects: &[Effect]) -> String {
        let effects: Vec<String> = effects.iter().map(|e| self.effect(e)).collect();
        if effects.is_empty() { String::new() } else { format!(" do {}", effects.join(", ")) }
    }

    fn effect(&self, effect: &Effect) -> String {
        match &effect.kind {
            EffectKind::Set(id, value) => format!("set {} = {}", self.field(*id), self.expr(value)),
            EffectKind::SetData(state, at, value) => {
                let state = &self.model.states[state.index()];
                let name = &state.data[*at as usize].name.text;
                format!("set {}.{name} = {}", state.name.text, self.expr(value))
            }
            EffectKind::SetExternal(name, value) => {
                format!("set extern {} = {}", name.text, self.expr(value))
            }
            EffectKind::Raise(id, args) => format!("raise {}{}", self.event(*id), self.args(args)),
            EffectKind::RaiseAfter(id, args, delay) => {
                format!("raise {}{} after {}", self.event(*id), self.args(args), self.expr(delay))
            }
            EffectKind::Cancel(id) => format!("cancel {}", self.event(*id)),
            EffectKind::Emit(id, args) => {
                let output = &self.model.declarations.outputs[id.index()].name.text;
                format!("emit {output}{}", self.args(args))
            }
            EffectKind::Send(id, args) => {
                let message = &self.model.declarations.messages[id.index()];
                let (machine, event) = (&message.machine.text, &message.event.name.text);
                format!("send {machine}.{event}{}", self.args(args))
            }
            EffectKind::Action(id, args) => format!("{}{}", self.function(*id), self.args(args)),
            EffectKind::Remind(_) => "remind".to_owned(),
            EffectKind::Escalate(_, to) => format!("escalate to {}", self.assignee(to)),
        }
    }

    fn assignee(&self, to: &Assignee) -> String {
        format!("{}({})", if to.role { "role" } else { "user" }, self.expr(&to.name))
    }

    fn args(&self, args: &[Expr]) -> String {
        format!("({})", args.iter().map(|a| self.expr(a)).collect::<Vec<_>>().join(", "))
    }

    fn expr(&self, expr: &Expr) -> String {
        let text = match &expr.kind {
            ExprKind::Bool(value) => return value.to_string(),
            ExprKind::Int(value) => return format!("{value}{}", self.ty(&expr.ty)),
            ExprKind::Float(value) => return format!("{value:?}{}", self.ty(&expr.ty)),
            ExprKind::String(text) => return format!("{text:?}"),
            ExprKind::Duration(ms) => return format!("{ms}ms"),
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item)).collect();
                format!("[{}]", items.join(", "))
            }
            ExprKind::Context(id) => format!("context.{}", self.field(*id)),
            ExprKind::ExternalContext(name) => format!("extern.{}", name.text),
            ExprKind::Binding(reaction, index) => {
                let binding = &self.model.reactions[reaction.index()].bindings[*index as usize];
                format!("bound.{}", binding.name.text)
            }
            ExprKind::Branch(_, value) => format!("branch.{value:?}"),
            ExprKind::Old(of, name) => format!("{of:?}.{}", name.text),
            ExprKind::StateData(state, index) => {
                let data = &self.model.states[state.index()].data[*index as usize];
                format!("{}.{}", self.path(*state), data.name.text)
            }
            ExprKind::Variant(id, index, args) => {
                let decl = &self.model.declarations.types[id.index()];
                let TypeDeclKind::Enum(variants) = &decl.kind else {
                    panic!("a variant of a struct")
                };
                let args = if args.is_empty() { String::new() } else { self.args(args) };
                return format!(
                    "{}::{}{args}",
                    decl.name.text, variants[*index as usize].name.text
                );
            }
            ExprKind::External(path, args) => {
                let path: Vec<&str> = path.iter().map(|name| name.text.as_str()).collect();
                let args = args.as_ref().map_or(String::new(), |args| self.args(args));
                format!("rust {}{args}", path.join("::"))
            }
            ExprKind::Field(of, FieldRef::Declared(index)) => format!("{}.{index}", self.expr(of)),
            ExprKind::Field(of, FieldRef::Named(name)) => {
                format!("{}.{}", self.expr(of), name.text)
            }
            ExprKind::Call(id, args) => format!("{}{}", self.function(*id), self.args(args)),
            ExprKind::Builtin(builtin, args) => {
                format!("{}{}", format!("{builtin:?}").to_lowercase(), self.args(args))
            }
            ExprKind::In(state) => return format!("in({})", self.path(*state)),
            ExprKind::Unary(op, inner) => format!("{op:?} {}", self.expr(inner)),
            ExprKind::Binary(op, left, right) => {
                format!("({} {} {})", self.expr(left), op.text(), self.expr(right))
            }
        };
        format!("{text}: {}", self.ty(&expr.ty))
    }

    fn params(&self, params: &[Param]) -> String {
        let params: Vec<String> = params.iter().map(|param| self.param(param)).collect();
        if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) }
    }

    fn param(&self, param: &Param) -> String {
        let default = param.default.as_ref().map(|d| format!(" = {}", self.expr(d)));
        format!("{}: {}{}", param.name.text, self.ty(&param.ty), default.unwrap_or_default())
    }

    fn ty(&self, ty: &Ty) -> String {
        match ty {
            Ty::Bool => "bool".to_owned(),
            Ty::Int(int) => int.text().to_owned(),
            Ty::Float(float) => format!("{float:?}").to_lowercase(),
            Ty::String => "String".to_owned(),
            Ty::Duration => "Duration".to_owned(),
            Ty::Vec(item) => format!("Vec<{}>", self.ty(item)),
            Ty::Option(item) => format!("Option<{}>", self.ty(item)),
            Ty::Map(key, value) => format!("Map<{}, {}>", self.ty(key), self.ty(value)),
            Ty::Enum(id) | Ty::Struct(id) => {
                self.model.declarations.types[id.index()].name.text.clone()
            }
            Ty::Rust { path, args } => {
                let args: Vec<String> = args.iter().map(|arg| self.ty(arg)).collect();
                format!("rust {}<{}>", path.join("::"), args.join(", ")).replace("<>", "")
            }
            Ty::Failure => "error".to_owned(),
            Ty::Unknown => "_".to_owned(),
        }
    }

    fn used(&self) -> Vec<String> {
        let used = &self.model.used;
        let d = &self.model.declarations;
        let types = used.types.iter().map(|id| d.types[id.index()].name.text.clone());
        let events = used.events.iter().map(|id| format!("raised {}", self.event(*id)));
        let outputs = used.outputs.iter().map(|id| d.outputs[id.index()].name.text.clone());
        let functions = used.functions.iter().map(|id| self.function(*id).to_owned());
        let read = used.fields_read.iter().map(|id| format!("read {}", self.field(*id)));
        let set = used.fields_set.iter().map(|id| format!("set {}", self.field(*id)));
        types.chain(events).chain(outputs).chain(functions).chain(read).chain(set).collect()
    }
}

fn rust(path: &RustPath) -> String {
    path.segments.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("::")
}
