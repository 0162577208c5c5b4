//! Diagrams: goldens, and the proof that they mean the machine. Every diagram is fed to the real
//! Mermaid parser (`tests/mermaid`, installed by `npm ci`), and what that understood is compared
//! with what the model says. Graphviz gets the DOT ones, if it is installed.
//!
//! `BLESS=1` writes the goldens.
#![cfg(test)]

use statewright_dsl::ast::duration;
use statewright_dsl::compile::{Compilation, FileLoader, compile};
use statewright_dsl::emit;
use statewright_dsl::model::{
    Assignee, Branch, Effect, EffectKind, Expr, ExprKind, Invoke, Model, Reaction, State, StateId,
    StateKind, Target, TargetState, Task, Trigger, Valid,
};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The machines whose diagrams are held: two charts made to be nasty, and the examples.
const FLOWS: &[&str] = &[
    "tests/diagrams/words.flow",
    "tests/diagrams/nesting.flow",
    "tests/flows/traffic_light.flow",
    "tests/flows/protected_call.flow",
    "tests/generated/inquiry.flow",
    "tests/generated/expense.flow",
    "tests/generated/panel.flow",
];

/// Those whose conditions and counters are made, so that their words stand nowhere in the source:
/// only goldens hold what is drawn of them.
const MADE: &[&str] = &[
    "tests/generated/draft.flow",
    "tests/generated/trip.flow",
    "tests/flows/document_agents.flow",
    "tests/flows/order_saga.flow",
    "tests/flows/refine_loop.flow",
];

fn all_flows() -> impl Iterator<Item = &'static str> {
    FLOWS.iter().chain(MADE).copied()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn compiled(flow: &str) -> Compilation {
    let compilation = compile(&FileLoader, root().join(flow).to_str().unwrap());
    let shown = statewright_dsl::render::short(&compilation.sources, &compilation.diagnostics);
    assert!(!compilation.diagnostics.has_errors(), "{shown}");
    compilation
}

fn golden(flow: &str, ending: &str) -> PathBuf {
    let stem = Path::new(flow).file_stem().unwrap().to_str().unwrap();
    root().join("tests/diagrams").join(format!("{stem}.{ending}"))
}

#[track_caller]
fn check_golden(path: &Path, text: &str) {
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(path).unwrap_or_default();
    assert!(wanted == text, "{} differs; BLESS=1 writes it\n{text}", path.display());
}

#[test]
fn diagrams_are_as_they_were() {
    for flow in all_flows() {
        let compilation = compiled(flow);
        let machine = &compilation.machines[0];
        check_golden(&golden(flow, "mmd"), &emit::mermaid(machine));
        check_golden(&golden(flow, "dot"), &emit::dot(machine));
        assert_eq!(emit::mermaid(machine), emit::mermaid(&compiled(flow).machines[0]));
    }
}

/// The folder of the npm packages, or what to do about it. Without them the proof is skipped on a
/// developer's machine and fails in CI.
fn mermaid() -> Option<PathBuf> {
    let folder = root().join("tests/mermaid");
    if folder.join("node_modules/mermaid").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the real Mermaid is not installed: run `npm ci --prefix tests/mermaid`"
    );
    eprintln!("skipped: run `npm ci --prefix tests/mermaid` to hold diagrams to the real Mermaid");
    None
}

/// What Mermaid understood of each file: sorted facts.
fn understood(folder: &Path, files: &[PathBuf]) -> Vec<Vec<String>> {
    let output = Command::new("node").arg("check.mjs").args(files).current_dir(folder).output();
    let output = output.expect("node runs, since npm installed packages with it");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "Mermaid rejects a diagram: {error}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut found: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        match found.last_mut().filter(|_| !line.starts_with("== ")) {
            Some(facts) => facts.push(line.into()),
            None => found.push(Vec::new()),
        }
    }
    found
}

#[test]
fn mermaid_understands_the_machine() {
    let Some(folder) = mermaid() else { return };
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let compilations: Vec<Compilation> = FLOWS.iter().map(|flow| compiled(flow)).collect();
    let files = compilations.iter().zip(FLOWS).map(|(compilation, flow)| {
        let file = out.join(format!("{}.mmd", flow.replace('/', "_")));
        std::fs::write(&file, emit::mermaid(&compilation.machines[0])).unwrap();
        file
    });
    let found = understood(&folder, &files.collect::<Vec<_>>());
    for ((compilation, flow), found) in compilations.iter().zip(FLOWS).zip(found) {
        let meant = Meaning { compilation, model: &compilation.machines[0] }.facts();
        let only = |a: &[String], b: &[String]| {
            a.iter().filter(|fact| !b.contains(fact)).cloned().collect::<Vec<_>>().join("\n")
        };
        assert!(
            found == meant,
            "{flow}\nthe diagram says\n{}\nthe machine says\n{}",
            only(&found, &meant),
            only(&meant, &found)
        );
    }
}

#[test]
fn every_checked_in_diagram_is_one_for_mermaid() {
    let Some(folder) = mermaid() else { return };
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut files = Vec::new();
    for (page, text) in pages(&root()) {
        for (number, block) in text.split("```mermaid\n").skip(1).enumerate() {
            let name = page.to_string_lossy().replace(['/', '\\'], "_");
            let file = out.join(format!("{name}.{number}.mmd"));
            std::fs::write(&file, block.split("```").next().unwrap()).unwrap();
            files.push(file);
        }
    }
    if !files.is_empty() {
        assert_eq!(understood(&folder, &files).len(), files.len());
    }
}

/// All Markdown files of the repository.
fn pages(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            found.extend(pages(&path));
        } else if name.ends_with(".md") {
            found.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn graphviz_draws_the_machine() {
    for flow in all_flows() {
        let text = emit::dot(&compiled(flow).machines[0]);
        let child = Command::new("dot")
            .arg("-Tsvg")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else { return eprintln!("skipped: Graphviz is not installed") };
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && error.is_empty(), "{flow}: {error}");
        let svg = String::from_utf8_lossy(&output.stdout);
        let states = compiled(flow).machines[0].states.len() - 1;
        let drawn =
            svg.matches("class=\"node\"").count() + svg.matches("class=\"cluster\"").count();
        assert!(drawn >= states, "{flow}: {drawn} of {states} states");
    }
}

/// Says in the words of `check.mjs` what a machine means. It reads the model's structure and the
/// source's words, and nothing of the emitters.
struct Meaning<'a> {
    compilation: &'a Compilation,
    model: &'a Valid<Model>,
}

impl Meaning<'_> {
    fn facts(&self) -> Vec<String> {
        let mut facts = Vec::new();
        for index in 0..self.model.states.len() as u32 {
            self.state(StateId(index), &mut facts);
        }
        facts.sort();
        facts
    }

    fn state(&self, id: StateId, facts: &mut Vec<String>) {
        let state = self.get(id);
        let (path, lines) = (self.path(id), self.lines(state));
        let is_leaf = state.children.is_empty();
        if id != StateId::ROOT {
            let lines = if is_leaf { lines.as_str() } else { "" };
            facts.push(format!("state {path}: {lines}").trim_end().into());
            if let Some(note) = note(&state.docs).filter(|_| has_note(state)) {
                facts.push(format!("note {path}: {note}"));
            }
        }
        let starts_inside = state.reactions.iter().any(|reaction| {
            let reaction = &self.model.reactions[reaction.index()];
            reaction.branches.iter().any(|branch| self.goes_inside(id, branch))
        });
        let root_moves = id == StateId::ROOT
            && state.reactions.iter().any(|reaction| {
                let branches = &self.model.reactions[reaction.index()].branches;
                branches.iter().any(|branch| !matches!(branch.target, Target::Stay))
            });
        if !is_leaf && (!lines.is_empty() || starts_inside || root_moves) {
            facts.push(format!("inside {path}: {lines}").trim_end().into());
        }
        self.arrows(id, facts);
    }

    fn arrows(&self, id: StateId, facts: &mut Vec<String>) {
        let state = self.get(id);
        let path = self.path(id);
        let dot = |name: &str, at: &str| {
            if at.is_empty() { name.to_string() } else { format!("{at}/{name}") }
        };
        if let Some(initial) = &state.initial {
            for target in &initial.targets {
                let mut label = self.effects(&initial.effects);
                label.extend(self.given(target));
                let label = slash(&label);
                let to = self.path(target.state);
                facts.push(
                    format!("arrow {} -> {to}: {label}", dot("[*]", &path)).trim_end().into(),
                );
            }
        }
        if state.kind == StateKind::Final {
            let parent = self.path(state.parent.unwrap());
            facts.push(format!("arrow {path} -> {}:", dot("[end]", &parent)));
        }
        for reaction in state.reactions.iter().map(|id| &self.model.reactions[id.index()]) {
            for (index, branch) in reaction.branches.iter().enumerate() {
                for (to, given) in self.targets(id, branch, &dot) {
                    let label = self.label(reaction, index, branch, given);
                    facts.push(format!("arrow {path} -> {to}: {label}").trim_end().into());
                }
            }
        }
    }

    fn get(&self, id: StateId) -> &State {
        &self.model.states[id.index()]
    }

    fn path(&self, id: StateId) -> String {
        match self.get(id).parent {
            None => String::new(),
            Some(StateId::ROOT) => self.get(id).name.text.clone(),
            Some(parent) => format!("{}/{}", self.path(parent), self.get(id).name.text),
        }
    }

    fn is_around(&self, outer: StateId, inner: StateId) -> bool {
        self.get(inner).parent.is_some_and(|at| at == outer || self.is_around(outer, at))
    }

    fn goes_inside(&self, source: StateId, branch: &Branch) -> bool {
        match &branch.target {
            Target::States(targets) => targets.iter().any(|t| self.is_around(source, t.state)),
            Target::Initial(state, _) => *state == source,
            Target::History { state, .. } if self.get(*state).kind == StateKind::Parallel => {
                self.is_around(source, *state)
            }
            Target::History { state, .. } => *state == source || self.is_around(source, *state),
            Target::Stay | Target::Reenter(_) => false,
        }
    }

    /// What an arrow ends at, and what is given to the data there.
    fn targets(
        &self,
        source: StateId,
        branch: &Branch,
        dot: &dyn Fn(&str, &str) -> String,
    ) -> Vec<(String, Vec<String>)> {
        match &branch.target {
            Target::Stay => Vec::new(),
            Target::States(targets) => {
                targets.iter().map(|t| (self.path(t.state), self.given(t))).collect()
            }
            Target::Reenter(target) => {
                let name = match target.state == source {
                    true => self.path(source),
                    false => format!("reenter {}", self.get(target.state).name.text),
                };
                vec![(name, self.given(target))]
            }
            Target::Initial(state, _) => {
                let name = match self.get(*state).kind {
                    StateKind::Parallel => format!("initial({})", self.get(*state).name.text),
                    _ => dot("[*]", &self.path(*state)),
                };
                vec![(name, Vec::new())]
            }
            Target::History { state, deep, .. } => {
                let word = if *deep { "deep_history" } else { "history" };
                vec![(format!("{word}({})", self.path(*state)), Vec::new())]
            }
        }
    }

    fn given(&self, target: &TargetState) -> Vec<String> {
        let data = &self.get(target.state).data;
        let args = target.args.iter().flatten();
        let given = data.iter().zip(args);
        given.map(|(p, arg)| format!("{} = {}", p.name.text, self.words(arg.span))).collect()
    }

    fn words(&self, span: statewright_dsl::span::Span) -> String {
        let text = self.compilation.sources.slice(span);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn effects(&self, effects: &[Effect]) -> Vec<String> {
        let words = |effect: &Effect| match &effect.kind {
            EffectKind::Remind(_) => "remind".to_owned(),
            EffectKind::Escalate(_, to) => format!("escalate to {}", self.assignee(to)),
            _ => self.words(effect.span),
        };
        effects.iter().map(words).collect()
    }

    fn label(
        &self,
        reaction: &Reaction,
        index: usize,
        branch: &Branch,
        given: Vec<String>,
    ) -> String {
        let mut parts = vec![self.trigger(reaction)];
        parts.push(slash(&self.effects(&reaction.effects)));
        parts.push(match &branch.guard {
            Some(guard) => format!("[{}]", self.words(guard.span)),
            None if reaction.choice && index > 0 => "[else]".into(),
            None => String::new(),
        });
        let effects = [self.effects(&branch.effects), given].concat();
        parts.push(slash(&effects));
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }

    /// The words of the trigger; of what a clause of `human` says, those of a timer. When its time is
    /// up is told.
    fn trigger(&self, reaction: &Reaction) -> String {
        let head = self.words(reaction.head);
        match &reaction.trigger {
            Trigger::Every(time) if !head.starts_with("every ") => {
                format!("every {}", self.time(time))
            }
            Trigger::After(time) if head == "on timeout" => format!("timeout {}", self.time(time)),
            Trigger::After(time) if !head.starts_with("after ") => {
                format!("after {}", self.time(time))
            }
            _ => head.strip_prefix("on ").unwrap_or(&head).to_owned(),
        }
    }

    fn time(&self, time: &Expr) -> String {
        match time.kind {
            ExprKind::Duration(milliseconds) => duration(milliseconds),
            _ => self.words(time.span),
        }
    }

    /// `human approve(id) for role("finance")`
    fn asked(&self, invoke: &Invoke, task: &Task) -> String {
        let words = self.words(invoke.span);
        let (asked, _) = words.split_once(" -> ").unwrap();
        let to = task.assigned.as_ref().map(|to| format!(" for {}", self.assignee(to)));
        let to = to.unwrap_or_default();
        format!("{asked}{to}")
    }

    fn assignee(&self, to: &Assignee) -> String {
        let kind = if to.role { "role" } else { "user" };
        format!("{kind}({})", self.words(to.name.span))
    }

    /// What stands below the name of a state.
    fn lines(&self, state: &State) -> String {
        let inside = state.parent.is_some() && !has_note(state);
        let mut lines: Vec<String> = note(&state.docs).filter(|_| inside).into_iter().collect();
        for (word, effects) in [("entry", &state.entry), ("exit", &state.exit)] {
            if !effects.is_empty() {
                lines.push(format!("{word} {}", slash(&self.effects(effects))));
            }
        }
        lines.extend(state.invoke.as_ref().map(|invoke| {
            if let Some(task) = &invoke.task {
                return self.asked(invoke, task);
            }
            self.words(invoke.span)
        }));
        lines.extend(state.fan_out.as_ref().map(|fan_out| {
            let words = self.words(fan_out.span).replace(" { ", " ").replace(" } ", " ");
            words.replace(" call ", " ")
        }));
        for reaction in state.reactions.iter().map(|id| &self.model.reactions[id.index()]) {
            for (index, branch) in reaction.branches.iter().enumerate() {
                if branch.target == Target::Stay {
                    lines.push(self.label(reaction, index, branch, Vec::new()));
                }
            }
        }
        for (word, events) in [("defer", &state.defer), ("ignore", &state.ignore)] {
            let names: Vec<&str> = events
                .iter()
                .map(|(event, _)| self.model.declarations.events[event.index()].name.text.as_str())
                .collect();
            if !names.is_empty() {
                lines.push(format!("{word} {}", names.join(", ")));
            }
        }
        lines.join(" ")
    }
}

fn slash(effects: &[String]) -> String {
    if effects.is_empty() { String::new() } else { format!("/ {}", effects.join(", ")) }
}

/// Documentation stands beside outermost parallel states, and inside all others.
fn has_note(state: &State) -> bool {
    state.parent == Some(StateId::ROOT) && state.kind == StateKind::Parallel
}

/// The first paragraph of a documentation without its back quotes.
fn note(docs: &[String]) -> Option<String> {
    let lines = docs.iter().map(|l| l.trim()).take_while(|l| !l.is_empty()).collect::<Vec<_>>();
    let text = lines.join(" ").replace('`', "");
    (!text.is_empty()).then_some(text)
}
