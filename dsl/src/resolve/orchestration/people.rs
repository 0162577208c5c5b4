//! `human`: a person is asked, which is an activity that the state makes; reminders, escalations and
//! the timeout are timers of the state.

use crate::ast::{self, Human, HumanItem};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::failures::TIMEOUT;
use crate::model::{
    Activity, ActivityKind, Assignee, Branch, Effect, EffectKind, Expr, ExprKind, Invoke, Name,
    Param, Reaction, ReactionId, StateId, Target, Task, TaskTimeout, TitlePart, Trigger, Ty,
    TypeDeclKind,
};
use crate::resolve::ctx::{Ctx, Scope, Want};
use crate::resolve::names::said_twice;
use crate::resolve::orchestration::no_time;
use crate::span::Span;

/// What is known of a human step while the handlers of its state are resolved.
pub(super) struct Asked {
    /// `timeout D`, with its place; no time for `never`.
    timeout: Option<(Option<Expr>, Span)>,
    /// `on timeout`
    heard: Option<(ReactionId, Span)>,
    /// The name of the step.
    head: Span,
}

impl<'a> Ctx<'a, '_> {
    pub(super) fn human(&mut self, id: StateId, human: &'a Human, span: Span) {
        let scope = Scope::of(id);
        self.invokes_once(id, span);
        let (params, args) = self.shown(scope, &human.args);
        let answer = self.types.resolve(&human.answer, &mut self.used.types, self.d);
        self.outside.done.insert(id, vec![answer.clone()]);
        let activity = self.make(
            "human step",
            Activity {
                kind: ActivityKind::Person,
                name: human.name.clone(),
                docs: Vec::new(),
                params,
                result: Some(answer),
                raises: Vec::new(),
                ends: Vec::new(),
                cache: None,
                coalesce: None,
                readonly: false,
            },
        );
        let head = human.name.span;
        let mut task = Task { title: Vec::new(), assigned: None, timeout: TaskTimeout::Unset };
        let mut asked = Asked { timeout: None, heard: None, head };
        let mut said: Vec<(&str, Span)> = Vec::new();
        for item in &human.items {
            let (word, place) = match item {
                HumanItem::Assign(who) => ("assign", who.span),
                HumanItem::Title(_, place) => ("title", *place),
                HumanItem::Remind(time) => ("remind", time.span),
                HumanItem::Escalate(time, _) => ("escalate", time.span),
                HumanItem::Timeout(time) => ("timeout", time.span),
            };
            let first = said.iter().find(|(other, _)| *other == word && word != "escalate");
            if let Some((_, first)) = first {
                self.error(said_twice(&format!("`{word}`"), place, *first));
            }
            said.push((word, place));
            match item {
                HumanItem::Assign(who) => task.assigned = Some(self.who(scope, who)),
                HumanItem::Title(title, place) => task.title = self.title(scope, title, *place),
                HumanItem::Remind(time) => self.remind(id, time),
                HumanItem::Escalate(time, who) => self.escalate(id, time, who),
                HumanItem::Timeout(time) => {
                    asked.timeout = Some((self.end_of_wait(scope, time), place))
                }
            }
        }
        if asked.timeout.as_ref().is_some_and(|(time, _)| time.is_none()) {
            task.timeout = TaskTimeout::Never;
        }
        let (policy, fallbacks, task) = (None, Vec::new(), Some(task));
        self.bodies[id.index()].invoke =
            Some(Invoke { activity, args, policy, fallbacks, task, head, span });
        self.outside.people.insert(id, asked);
    }

    /// `timeout D`; nothing for `timeout never`.
    fn end_of_wait(&mut self, scope: Scope<'_>, time: &'a ast::Expr) -> Option<Expr> {
        if is_never(time) {
            return None;
        }
        let end = self.expr(scope, time, Want::new(&Ty::Duration));
        self.some_time(time);
        Some(end)
    }

    /// A person needs time.
    fn some_time(&mut self, time: &ast::Expr) {
        if matches!(time.kind, ast::ExprKind::Duration(_))
            && let Some(nothing) = no_time(time)
        {
            self.error(nothing);
        }
    }

    fn who(&mut self, scope: Scope<'_>, who: &'a ast::Who) -> Assignee {
        Assignee { role: who.role, name: self.expr(scope, &who.expr, Want::new(&Ty::String)) }
    }

    fn remind(&mut self, id: StateId, time: &'a ast::Expr) {
        let period = self.expr(Scope::CONSTANT, time, Want::new(&Ty::Duration));
        if period.kind == ExprKind::Duration(0) {
            let message = "reminders without a pause would never let time pass";
            self.error(
                Diagnostic::new(Code::TypeMismatch, time.span, message)
                    .help("say how long to wait, as `remind every 8h`"),
            );
        }
        self.made_timer(id, Trigger::Every(period), EffectKind::Remind(id), time.span);
    }

    fn escalate(&mut self, id: StateId, time: &'a ast::Expr, who: &'a ast::Who) {
        let delay = self.expr(Scope::CONSTANT, time, Want::new(&Ty::Duration));
        self.some_time(time);
        let to = self.who(Scope::of(id), who);
        let place = time.span.to(who.span);
        let effect = EffectKind::Escalate(id, Box::new(to));
        self.made_timer(id, Trigger::After(delay), effect, place);
    }

    /// A timer of the state that changes its task, and nothing else.
    fn made_timer(&mut self, source: StateId, trigger: Trigger, kind: EffectKind, span: Span) {
        let effects = vec![Effect { kind, span }];
        let branch = Branch { guard: None, effects, target: Target::Stay, span };
        self.bodies[source.index()].reactions.push(ReactionId(self.reactions.len() as u32));
        self.reactions.push(Reaction {
            source,
            trigger,
            pattern: false,
            bindings: Vec::new(),
            effects: Vec::new(),
            choice: false,
            branches: vec![branch],
            span,
            head: span,
        });
    }

    /// `on timeout`: the timer that `timeout` sets.
    pub(super) fn timeout_trigger(&mut self, id: StateId, name: &Name) -> Option<Trigger> {
        let here = name.span;
        let Some(asked) = self.outside.people.get_mut(&id) else {
            let help = match self.outside.starts(id) {
                true => format!(
                    "a call that takes too long ends with an error: \
                     `on error(e) {{ if e.name == \"{TIMEOUT}\" -> ..  else -> .. }}`"
                ),
                false => "a timer is `after 30s -> STATE`".to_owned(),
            };
            self.error(
                Diagnostic::new(
                    Code::Nesting,
                    here,
                    "`on timeout` belongs to a state with `human`",
                )
                .at("never happens here")
                .help(help),
            );
            return None;
        };
        let next = ReactionId(self.reactions.len() as u32);
        if let Some((_, first)) = asked.heard.replace((next, here)) {
            self.error(said_twice("`on timeout`", here, first));
            return None;
        }
        let time = asked.timeout.as_ref().and_then(|(time, _)| time.clone());
        let (said, head) = (asked.timeout.as_ref().map(|(_, place)| *place), asked.head);
        match time {
            Some(time) => {
                if let Some(task) =
                    self.bodies[id.index()].invoke.as_mut().and_then(|i| i.task.as_mut())
                {
                    task.timeout = TaskTimeout::After(next);
                }
                Some(Trigger::After(time))
            }
            None => {
                let report = Diagnostic::new(Code::Nesting, here, "the time is never up")
                    .at("never happens");
                self.error(match said {
                    Some(never) => report.label(never, "says that there is no end"),
                    None => report
                        .label(head, "sets no `timeout`")
                        .help("say how long to wait: `timeout 3d`"),
                });
                None
            }
        }
    }

    /// A time that is up has to lead somewhere. Looked at when the handlers of the state are known.
    pub(in crate::resolve) fn timeout_is_heard(&mut self, id: StateId) {
        let Some(asked) = self.outside.people.get(&id) else { return };
        if let (Some((Some(_), place)), None) = (&asked.timeout, asked.heard) {
            let report = Diagnostic::new(
                Code::UnheardTimeout,
                *place,
                "nothing happens when the time is up",
            )
            .at("the machine would wait on")
            .label(asked.head, "for this answer")
            .help("add `on timeout -> ..` to the state, or say `timeout never`");
            self.error(report);
        }
    }

    /// Words and values of a title.
    fn title(
        &mut self,
        scope: Scope<'_>,
        title: &'a [ast::TitlePart],
        place: Span,
    ) -> Vec<TitlePart> {
        self.is_one_line(title, place);
        let mut parts = Vec::new();
        for part in title {
            match part {
                ast::TitlePart::Text(text) => parts.push(TitlePart::Text(text.clone())),
                ast::TitlePart::Value(written) => {
                    let value = self.infer(scope, written, None);
                    self.can_be_shown(&value);
                    parts.push(TitlePart::Value(value));
                }
                ast::TitlePart::Malformed(span) => self.error(
                    Diagnostic::new(Code::Syntax, *span, "braces in a title hold a value")
                        .at("no name of a value")
                        .help("name a field, as `{order_id}`; a brace itself is `{{` or `}}`"),
                ),
            }
        }
        parts
    }

    /// What stands in a list of tasks is a line, with something in it.
    fn is_one_line(&mut self, title: &[ast::TitlePart], place: Span) {
        let texts = || {
            title.iter().filter_map(|part| match part {
                ast::TitlePart::Text(text) => Some(text.as_str()),
                _ => None,
            })
        };
        let is_blank = texts().count() == title.len() && texts().all(|t| t.trim().is_empty());
        let report = if is_blank {
            Diagnostic::new(Code::Syntax, place, "a title says something")
                .at("nothing to read")
                .help("leave it out: without a title the task has the name of the step")
        } else if texts().any(|text| text.contains(['\n', '\r'])) {
            Diagnostic::new(Code::Syntax, place, "a title is one line")
                .at("a line break in it")
                .help("pass what is longer as an argument of the human step")
        } else {
            return;
        };
        self.error(report);
    }

    fn can_be_shown(&mut self, value: &Expr) {
        let plain = |id: crate::model::TypeId| match &self.declarations.types[id.index()].kind {
            TypeDeclKind::Enum(variants) => variants.iter().all(|v| v.fields.is_empty()),
            TypeDeclKind::Struct(_) => false,
        };
        let shown = match &value.ty {
            Ty::Bool | Ty::Int(_) | Ty::Float(_) | Ty::String | Ty::Duration => true,
            // rustc says if it cannot be displayed.
            Ty::Rust { .. } | Ty::Unknown => true,
            Ty::Enum(id) => plain(*id),
            _ => false,
        };
        if !shown {
            let text = self.types.text(&value.ty);
            let message = format!("a `{text}` cannot be shown in a title");
            self.error(
                Diagnostic::new(Code::TypeMismatch, value.span, message)
                    .at("not one value")
                    .help("show a part of it, or pass it as an argument of the human step"),
            );
        }
    }

    /// E0401 for a value that goes into a type of its own, and whose type the compiler does not know.
    pub(super) fn is_typed(&mut self, value: &Expr, message: &str) {
        if has_unknown(&value.ty) && !is_mistake(value) {
            self.error(
                Diagnostic::new(Code::TypeMismatch, value.span, message)
                    .at("only rustc knows of which type this is")
                    .help("declare what it is made of in the machine, as `context { .. }`"),
            );
        }
    }

    /// What the person is shown: parameters that are called like the values, with their types.
    fn shown(&mut self, scope: Scope<'_>, args: &'a [ast::Expr]) -> (Vec<Param>, Vec<Expr>) {
        let mut params: Vec<Param> = Vec::new();
        let mut values = Vec::new();
        for (at, written) in args.iter().enumerate() {
            let value = self.infer(scope, written, None);
            self.is_typed(&value, "what a person is shown has a type");
            let name = name_of(written).filter(|name| !params.iter().any(|p| p.name.text == *name));
            let text = name.map_or_else(|| format!("value_{}", at + 1), str::to_owned);
            let name = Name { text, span: written.span };
            let (ty, docs) = (value.ty.clone(), Vec::new());
            params.push(Param { name, ty, default: None, docs, made: true });
            values.push(value);
        }
        (params, values)
    }
}

/// What a value is called where it stands: `total` of `total` and of `order.total`.
fn name_of(written: &ast::Expr) -> Option<&str> {
    match &written.kind {
        ast::ExprKind::Path(path) => path.segments.last().map(|name| name.text.as_str()),
        ast::ExprKind::Field(_, name) => Some(&name.text),
        _ => None,
    }
}

fn has_unknown(ty: &Ty) -> bool {
    match ty {
        Ty::Unknown => true,
        Ty::Vec(inner) | Ty::Option(inner) => has_unknown(inner),
        Ty::Map(key, value) => has_unknown(key) || has_unknown(value),
        Ty::Rust { args, .. } => args.iter().any(has_unknown),
        _ => false,
    }
}

/// True if something was said of an expression already.
pub(super) fn is_mistake(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::External(path, None) => path.is_empty(),
        ExprKind::Builtin(_, args) | ExprKind::List(args) => args.iter().any(is_mistake),
        _ => false,
    }
}

fn is_never(time: &ast::Expr) -> bool {
    matches!(&time.kind, ast::ExprKind::Path(path) if path.text() == "never")
}
