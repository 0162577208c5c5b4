//! Random machines, walked at random, hold the rules to what really happens: a state that was
//! active was not called unreachable, a field that was read was set or was complained about, a way
//! out that was taken was not called missing. The walk takes plans from `lower` and tries branches
//! whatever their guards say, which is what the rules assume too.

#![allow(clippy::unwrap_used)]

use statewright_dsl::chart::{Chart, EntryStep, Plan};
use statewright_dsl::code::Code;
use statewright_dsl::compile::compile_text;
use statewright_dsl::diagnostic::{Diagnostic, Severity};
use statewright_dsl::lower::lower;
use statewright_dsl::model::{
    Effect, EffectKind, Expr, ExprKind, Model, StateId, StateKind, Trigger,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A small generator of numbers, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

/// Writes a machine.
struct Author {
    dice: Dice,
    text: String,
    states: usize,
    /// Paths of all states, with what they are.
    paths: Vec<(String, StateKind)>,
}

const FIELDS: usize = 4;
const EVENTS: usize = 4;

/// The shape of the tree, made before the text since targets name states that come later.
struct Shape {
    name: String,
    kind: StateKind,
    children: Vec<Shape>,
}

impl Author {
    fn shape(&mut self, depth: usize, kind: StateKind) -> Shape {
        let name = format!("S{}", self.states);
        self.states += 1;
        let mut children = Vec::new();
        match kind {
            StateKind::Parallel => {
                for _ in 0..2 {
                    children.push(self.shape(depth + 1, StateKind::Region));
                }
            }
            StateKind::Atomic | StateKind::Final => {}
            _ => {
                for at in 0..2 + self.dice.roll(3) {
                    let kind = match self.dice.roll(10) {
                        0..2 if depth < 3 => StateKind::Composite,
                        2..4 if depth < 3 => StateKind::Parallel,
                        4 if at > 0 => StateKind::Final,
                        _ => StateKind::Atomic,
                    };
                    children.push(self.shape(depth + 1, kind));
                }
            }
        }
        self.paths.push((name.clone(), kind));
        Shape { name, kind, children }
    }

    fn effects(&mut self) -> String {
        let mut list = Vec::new();
        for _ in 0..self.dice.roll(3) {
            let field = self.dice.roll(FIELDS);
            list.push(match self.dice.roll(5) {
                0..3 => format!("set f{field} = 1"),
                3 => format!("set f{field} = f{}", self.dice.roll(FIELDS)),
                _ => format!("read(f{field})"),
            });
        }
        if list.is_empty() { String::new() } else { format!("do {}", list.join(", ")) }
    }

    fn target(&mut self, around: &[String]) -> String {
        let (name, kind) = self.paths[self.dice.roll(self.paths.len())].clone();
        let inner = !matches!(kind, StateKind::Atomic | StateKind::Final);
        if around.contains(&name) {
            return match self.dice.roll(4) {
                0 | 1 => format!("-> reenter {name}"),
                2 if inner => format!("-> initial({name})"),
                3 if inner => format!("-> history({name})"),
                _ => String::new(),
            };
        }
        match self.dice.roll(8) {
            0 if inner => format!("-> history({name})"),
            1 if inner => format!("-> deep_history({name})"),
            _ => format!("-> {name}"),
        }
    }

    fn write(&mut self, shape: &Shape, around: &mut Vec<String>, initial: bool) {
        let word = match shape.kind {
            StateKind::Parallel => "parallel state",
            StateKind::Region => "region",
            StateKind::Final => "final state",
            _ => "state",
        };
        let initial = if initial { "initial " } else { "" };
        writeln!(self.text, "{initial}{word} {} {{", shape.name).unwrap();
        around.push(shape.name.clone());
        self.body(shape, around);
        around.pop();
        self.text.push_str("}\n");
    }

    fn body(&mut self, shape: &Shape, around: &mut Vec<String>) {
        for word in ["entry", "exit"] {
            let effects = self.effects();
            if !effects.is_empty() && self.dice.chance(60) {
                writeln!(self.text, "{word} {effects}").unwrap();
            }
        }
        if shape.kind == StateKind::Final {
            return;
        }
        let first = self.dice.roll(EVENTS);
        for event in 0..self.dice.roll(3) {
            let event = (first + event) % EVENTS;
            let (effects, target) = (self.effects(), self.target(around));
            if effects.is_empty() && target.is_empty() {
                continue;
            }
            writeln!(self.text, "on E{event} if ok({event}) {effects} {target}").unwrap();
        }
        if self.dice.chance(20) {
            let (effects, target) = (self.effects(), self.target(around));
            writeln!(self.text, "after 1s do read(1) {{ if ok(9) {effects} {target} else }}")
                .unwrap();
        }
        let exclusive = matches!(shape.kind, StateKind::Composite | StateKind::Region);
        let by_statement = exclusive && self.dice.chance(40);
        if by_statement {
            let effects = self.effects();
            let first = &shape.children[self.dice.roll(shape.children.len())];
            let mut target = first;
            while self.dice.chance(40) && !target.children.is_empty() {
                target = &target.children[self.dice.roll(target.children.len())];
            }
            let target = target.name.clone();
            writeln!(self.text, "initial {effects} -> {target}").unwrap();
        }
        for (at, child) in shape.children.iter().enumerate() {
            self.write(child, around, exclusive && !by_statement && at == 0);
        }
    }

    fn machine(seed: u64) -> String {
        let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut author = Author { dice, text: String::new(), states: 0, paths: Vec::new() };
        let shapes: Vec<Shape> = (0..3)
            .map(|_| {
                let kind = [StateKind::Atomic, StateKind::Composite, StateKind::Parallel];
                let kind = kind[author.dice.roll(3)];
                author.shape(1, kind)
            })
            .collect();
        author.text.push_str("machine M {\ncontext {\n");
        for field in 0..FIELDS {
            writeln!(author.text, "late f{field}: u32").unwrap();
        }
        author.text.push_str("}\n");
        for event in 0..EVENTS {
            writeln!(author.text, "event E{event}").unwrap();
        }
        author.text.push_str("guard ok(n: u32)\naction read(n: u32)\n");
        for (at, shape) in shapes.iter().enumerate() {
            author.write(shape, &mut Vec::new(), at == 0);
        }
        author.text.push_str("}\n");
        author.text
    }
}

/// A run of a chart.
struct Walk<'c> {
    model: &'c Model,
    chart: &'c Chart,
    active: BTreeSet<StateId>,
    /// What was active inside when a state was last left.
    left: BTreeMap<StateId, Vec<StateId>>,
    set: BTreeSet<usize>,
    /// States that were active, and starts of reads of fields that were not set.
    seen: BTreeSet<StateId>,
    unset: BTreeSet<u32>,
}

impl Walk<'_> {
    fn read(&mut self, expr: &Expr) {
        if let ExprKind::Context(field) = expr.kind
            && !self.set.contains(&field.index())
        {
            self.unset.insert(expr.span.start);
        }
    }

    fn run(&mut self, effects: &[Effect]) {
        for effect in effects {
            match &effect.kind {
                EffectKind::Set(field, value) => {
                    self.read(value);
                    self.set.insert(field.index());
                }
                EffectKind::Action(_, args) => args.iter().for_each(|arg| self.read(arg)),
                _ => {}
            }
        }
    }

    fn enter(&mut self, steps: &[EntryStep]) {
        for step in steps {
            match step {
                EntryStep::Enter { state, .. } => {
                    self.active.insert(*state);
                    self.seen.insert(*state);
                    self.run(&self.chart.state(*state).entry);
                }
                EntryStep::InitialEffects { effects, .. } => self.run(effects),
                EntryStep::Restore { history, deep } => {
                    self.restore(self.chart.histories[history.index()].state, *deep);
                }
            }
        }
    }

    fn enter_one(&mut self, state: StateId) {
        self.active.insert(state);
        self.seen.insert(state);
        self.run(&self.chart.state(state).entry);
    }

    fn restore(&mut self, outer: StateId, deep: bool) {
        let Some(inside) = self.left.get(&outer).cloned() else {
            return self.enter(&self.chart.state(outer).default_entry);
        };
        for state in inside {
            let parent = self.chart.state(state).parent;
            let region = self.chart.state(state).kind == StateKind::Region;
            let direct = parent == Some(outer)
                || parent.is_some_and(|p| {
                    self.chart.state(p).kind == StateKind::Region
                        && (self.chart.state(p).parent == Some(outer))
                });
            if deep || (parent == Some(outer) && region) {
                self.enter_one(state);
            } else if direct {
                self.enter_one(state);
                self.enter(&self.chart.state(state).default_entry);
            }
        }
    }

    fn take(&mut self, plan: &Plan) {
        let before = self.active.clone();
        for state in plan.exit.iter().rev().flat_map(|range| range.clone().rev()).map(StateId) {
            if self.active.remove(&state) {
                self.run(&self.chart.state(state).exit);
            }
        }
        for state in &before {
            // Whatever was left, or had something left inside, remembers it.
            let inside: Vec<StateId> = before
                .iter()
                .copied()
                .filter(|s| s != state && self.chart.contains(*state, *s))
                .collect();
            if inside.iter().any(|s| !self.active.contains(s)) {
                self.left.insert(*state, inside);
            }
        }
        self.run(&plan.effects);
        self.enter(&plan.entry);
    }

    fn step(&mut self, dice: &mut Dice) {
        let ready: Vec<usize> = (0..self.model.reactions.len())
            .filter(|at| {
                let reaction = &self.model.reactions[*at];
                self.active.contains(&reaction.source) && reaction.trigger != Trigger::Done
            })
            .collect();
        if ready.is_empty() {
            return;
        }
        let at = ready[dice.roll(ready.len())];
        let transition = &self.chart.transitions[at];
        self.run(&transition.effects.clone());
        let branch = &transition.branches[dice.roll(transition.branches.len())];
        self.take(&self.chart.plans[branch.plan.index()].clone());
    }
}

/// The states of the machine that a message is about, by the start of their heads.
fn heads(list: &[Diagnostic], code: Code) -> BTreeSet<u32> {
    list.iter().filter(|d| d.code == code).map(|d| d.primary.start).collect()
}

fn walk(seed: u64) -> Option<()> {
    let text = Author::machine(seed);
    let compilation = compile_text("random.flow", &text);
    let said: Vec<Diagnostic> = compilation.diagnostics.iter().cloned().collect();
    let other = said.iter().find(|d| d.severity == Severity::Error && d.code != Code::UnsetRead);
    assert!(other.is_none(), "{other:?}\n{text}");
    // With errors there is no machine; as start values the fields bring none.
    let lenient = compile_text("random.flow", &text.replace("late f", "     f"));
    let model = lenient.machines.first()?;
    let chart = lower(model);
    let mut dice = Dice(seed | 1);
    let (mut seen, mut unset) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..20 {
        let mut walk = Walk {
            model,
            chart: &chart,
            active: BTreeSet::new(),
            left: BTreeMap::new(),
            set: BTreeSet::new(),
            seen: std::mem::take(&mut seen),
            unset: std::mem::take(&mut unset),
        };
        walk.enter(&chart.start);
        for _ in 0..40 {
            walk.step(&mut dice);
        }
        (seen, unset) = (walk.seen, walk.unset);
    }
    let lost = heads(&said, Code::Unreachable);
    for state in seen.iter().map(|s| &model.states[s.index()]) {
        assert!(!lost.contains(&state.span.start), "{} was reached\n{text}", state.name.text);
    }
    let mut complained: BTreeSet<u32> = heads(&said, Code::UnsetRead);
    let labels = said.iter().filter(|d| d.code == Code::UnsetRead).flat_map(|d| &d.labels);
    complained.extend(labels.map(|label| label.span.start));
    // A message shows a few places that read the field; one of the field is enough.
    let field = |start: u32| text[start as usize..][..2].to_owned();
    let fields: BTreeSet<String> = complained.iter().map(|start| field(*start)).collect();
    for start in unset {
        assert!(fields.contains(&field(start)), "{} at {start} was not set\n{text}", field(start));
    }
    Some(())
}

#[test]
fn what_happens_is_not_called_impossible() {
    let walked = (1..=150).filter_map(walk).count();
    assert!(walked > 120, "{walked} machines were walked");
}
