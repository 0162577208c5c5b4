//! Writes random machines and scripts for them. All machines have the same context, events,
//! outputs and host, so one driver serves all.

use std::fmt::Write;

/// A small generator of numbers, so that a failure comes again.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `below`, which must not be zero.
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    /// True so often in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// The number of events; those with an odd number carry a number.
pub const EVENTS: usize = 5;

/// Something that happens to a machine.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// An event, with what it carries.
    Event(usize, u8),
    /// Seconds pass.
    Wait(u64),
    /// An activity ends: which one, and how.
    Reply(Whom, Ending),
}

/// Which activity ends.
#[derive(Clone, Copy, Debug)]
pub enum Whom {
    /// One of those that run, counted round.
    Running(usize),
    /// One of all that were ever asked for, and the one that comes next: most have ended.
    Any(usize),
}

impl Whom {
    /// The number of the invocation, of those that run and of how many there were.
    pub fn number(self, running: &[u64], visits: u64) -> u64 {
        match self {
            Self::Running(at) if !running.is_empty() => running[at % running.len()],
            Self::Running(at) | Self::Any(at) => 1 + at as u64 % (visits + 1),
        }
    }
}

/// How an activity ends; the errors also of those that do not raise them.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    /// With a result, if it has one.
    Done(u8),
    /// With an error that says how small.
    Small(u8),
    /// With an error of several parts.
    Big(u8),
    /// With an error that says nothing.
    Gone,
    /// With an error that nobody has declared.
    Unexpected,
}

/// What the second part of `Big` is.
pub const WHY: &str = "too \"big\"";

/// What an unexpected error says.
pub const UNEXPECTED: &str = "the wire is cut";

/// What happens to a machine, at random.
pub fn script(seed: u64, length: usize) -> Vec<Input> {
    let mut dice = Dice::new(seed ^ 0x5151);
    let mut input = || match dice.roll(10) {
        0..2 => Input::Wait(*dice.pick(&[1, 4, 5, 5, 10])),
        2..6 => Input::Reply(whom(&mut dice), ending(&mut dice)),
        _ => Input::Event(dice.roll(EVENTS), dice.roll(6) as u8),
    };
    (0..length).map(|_| input()).collect()
}

fn whom(dice: &mut Dice) -> Whom {
    match dice.chance(85) {
        true => Whom::Running(dice.roll(6)),
        false => Whom::Any(dice.roll(12)),
    }
}

fn ending(dice: &mut Dice) -> Ending {
    match dice.roll(8) {
        0 => Ending::Small(dice.roll(6) as u8),
        1 => Ending::Big(dice.roll(6) as u8),
        2 => Ending::Gone,
        3 => Ending::Unexpected,
        _ => Ending::Done(dice.roll(6) as u8),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Atomic,
    Composite,
    Parallel,
    Region,
    Final,
}

/// A state, made before the text since targets name states that come later.
struct Shape {
    name: String,
    kind: Kind,
    /// It has a number, with a default.
    data: bool,
    /// It is a loop.
    rounds: bool,
    children: Vec<Shape>,
}

impl Shape {
    /// Its final state.
    fn end(&self) -> Option<&Shape> {
        self.children.last().filter(|last| last.kind == Kind::Final)
    }

    /// True if it can be done.
    fn completes(&self) -> bool {
        let regions = || self.children.iter().all(|region| region.end().is_some());
        self.end().is_some() || (self.kind == Kind::Parallel && regions())
    }
}

/// What is known of any state when targets are chosen.
struct Place {
    name: String,
    kind: Kind,
    data: bool,
    /// The states around it, outermost first.
    around: Vec<String>,
}

struct Author {
    dice: Dice,
    text: String,
    places: Vec<Place>,
    states: usize,
    logs: usize,
    /// It asks for activities.
    asks: bool,
}

/// What an expression may name where it stands.
#[derive(Clone, Default)]
struct Names {
    /// Variables of type u8: of the payload, of state data.
    numbers: Vec<String>,
    /// Texts: what a caught error is called and says.
    texts: Vec<String>,
    /// Data of the states around, which can be set, with how many states are around each.
    own: Vec<(usize, String)>,
    /// There is a loop around, that counts its rounds.
    in_loop: bool,
}

/// A random machine called `M`.
pub fn machine(seed: u64) -> String {
    let mut author = Author {
        dice: Dice::new(seed),
        text: String::new(),
        places: Vec::new(),
        states: 0,
        logs: 0,
        asks: false,
    };
    author.asks = author.dice.chance(60);
    let durable = author.dice.chance(35);
    let count = 2 + author.dice.roll(3);
    let mut tops: Vec<Shape> = (0..count).map(|_| author.top()).collect();
    if author.dice.chance(50) {
        tops.push(author.shape(1, Kind::Final, false));
    }
    author.places(&tops, &mut Vec::new());
    let (word, key, field) =
        if durable { ("durable ", "key k ", "k: u8 = 1  ") } else { ("", "", "") };
    let _ = write!(
        author.text,
        "{word}machine M {{\n    {key}context {{ {field}a: u8 = 0  b: u32 = 7  c: u32 = 0  d: Duration = 5s }}\n    \
         output Said(n: u32)\n    guard ok(n: u32)\n    fn twist(n: u32) -> u32\n    \
         fn guess(n: u32) -> u8\n    action log(what: String)\n    action note(n: u32)\n    action show(n: u8)\n    \
         action look(there: bool)\n",
    );
    if author.asks {
        author.text.push_str(
            "    error Small(n: u8)\n    error Big(n: u8, why: String)\n    transient error Gone\n    \
             activity ask(n: u8) -> u8 raises Small, Gone\n    activity tell(n: u32, m: u8) raises Big\n    \
             activity hush()\n    activity beg(m: u32) -> u8 raises Big, Gone, Small\n    \
             policy calm { timeout 5s retry max 2 backoff fixed 1s on transient }\n    \
             policy quick { timeout 200ms deadline 1m circuit_breaker failures 3 within 30s open 1m }\n",
        );
    }
    for event in 0..EVENTS {
        let payload = if event % 2 == 1 { "(n: u8)" } else { "" };
        let _ = writeln!(author.text, "    event E{event}{payload}");
    }
    if author.dice.chance(25) {
        let condition = author.condition(&Names::default(), 1);
        let _ = writeln!(author.text, "    invariant b != 3 || {condition}");
    }
    author.root(&tops);
    author.text.push_str("}\n");
    author.text
}

/// Making states.
impl Author {
    fn top(&mut self) -> Shape {
        let kind =
            *self.dice.pick(&[Kind::Atomic, Kind::Composite, Kind::Parallel, Kind::Parallel]);
        self.shape(1, kind, false)
    }

    fn shape(&mut self, depth: usize, kind: Kind, data: bool) -> Shape {
        let name = format!("S{}", self.states);
        self.states += 1;
        let data = data || (!matches!(kind, Kind::Region | Kind::Final) && self.dice.chance(35));
        let children = match kind {
            Kind::Atomic | Kind::Final => Vec::new(),
            Kind::Parallel => {
                let regions = 2 + self.dice.roll(2);
                (0..regions).map(|_| self.shape(depth + 1, Kind::Region, false)).collect()
            }
            Kind::Composite | Kind::Region => self.children(depth),
        };
        let ends = children.last().is_some_and(|last| last.kind == Kind::Final);
        let rounds = kind == Kind::Composite && ends && self.dice.chance(40);
        Shape { name, kind, data, rounds, children }
    }

    fn children(&mut self, depth: usize) -> Vec<Shape> {
        let finals_have_data = self.dice.chance(40);
        let count = 2 + self.dice.roll(2);
        let mut children: Vec<Shape> = (0..count)
            .map(|_| {
                let inner = depth < 5 && self.states < 24;
                let kind = match self.dice.roll(10) {
                    0..3 if inner => Kind::Composite,
                    3..5 if inner => Kind::Parallel,
                    _ => Kind::Atomic,
                };
                self.shape(depth + 1, kind, false)
            })
            .collect();
        if self.dice.chance(50) {
            children.push(self.shape(depth + 1, Kind::Final, finals_have_data));
        }
        children
    }

    fn places(&mut self, shapes: &[Shape], around: &mut Vec<String>) {
        for shape in shapes {
            let (name, around_it) = (shape.name.clone(), around.clone());
            let place = Place { name, kind: shape.kind, data: shape.data, around: around_it };
            self.places.push(place);
            around.push(shape.name.clone());
            self.places(&shape.children, around);
            around.pop();
        }
    }
}

/// Writing states.
impl Author {
    /// What stands in the machine itself.
    fn root(&mut self, tops: &[Shape]) {
        let names = Names::default();
        if self.dice.chance(20) {
            self.line(0, "entry do log(\"entry M\")");
        }
        if self.dice.chance(30) {
            let effects = self.effects(&names);
            self.line(0, &format!("every 10s {effects}"));
        }
        if self.asks {
            // What the machine itself asks for runs when its end comes.
            if self.dice.chance(40) {
                self.invoke(0, &[], &names);
            }
            self.errors(0, &[], &names);
        }
        for event in 0..EVENTS {
            if self.dice.chance(25) {
                let reaction = self.reaction(&[], &names);
                self.line(0, &format!("on E{event} {reaction}"));
            }
        }
        let by_statement = self.dice.chance(20);
        if by_statement {
            self.initial(&tops.iter().collect::<Vec<_>>(), 0, &names);
        }
        for (at, top) in tops.iter().enumerate() {
            self.state(top, &mut Vec::new(), &names, !by_statement && at == 0);
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{text}", "", 4 * (depth + 1));
    }

    fn state(&mut self, shape: &Shape, around: &mut Vec<String>, names: &Names, initial: bool) {
        let word = match shape.kind {
            Kind::Parallel => "parallel state",
            Kind::Region => "region",
            Kind::Final => "final state",
            Kind::Composite if shape.rounds => "loop state",
            Kind::Atomic | Kind::Composite => "state",
        };
        let initial = if initial { "initial " } else { "" };
        let mut names = names.clone();
        let mut data = String::new();
        if shape.data {
            let name = format!("x{}", &shape.name[1..]);
            data = format!("({name}: u8 = {})", self.dice.roll(6));
            names.own.push((around.len(), name.clone()));
            names.numbers.push(name);
        }
        if shape.rounds {
            names.in_loop = true;
            let deadline = *self.dice.pick(&["", " deadline 10s"]);
            let _ = write!(data, " max {}{deadline}", 1 + self.dice.roll(4));
        }
        let depth = around.len();
        self.line(depth, &format!("{initial}{word} {}{data} {{", shape.name));
        around.push(shape.name.clone());
        self.body(shape, around, &names);
        around.pop();
        self.line(depth, "}");
    }

    fn body(&mut self, shape: &Shape, around: &mut Vec<String>, names: &Names) {
        let depth = around.len();
        for word in ["entry", "exit"] {
            let mut effects = format!("log(\"{word} {}\")", shape.name);
            if shape.data {
                effects = format!("{effects}, show(x{})", &shape.name[1..]);
            }
            if self.dice.chance(25) {
                effects = format!("{effects}, {}", self.effect(names));
            }
            effects.push_str(&self.set_own(names, usize::MAX));
            self.line(depth, &format!("{word} do {effects}"));
        }
        if shape.kind == Kind::Final {
            return;
        }
        // In front: behind a `raise` it would look like its delay.
        self.timer(around, names);
        let invokes = self.asks && !shape.completes() && self.dice.chance(40);
        if invokes {
            self.invoke(depth, around, names);
        }
        if self.asks {
            self.errors(depth, around, names);
        }
        self.events(shape, around, names);
        self.others(shape, around, names);
        let exclusive = matches!(shape.kind, Kind::Composite | Kind::Region);
        let inner: Vec<&Shape> = shape.children.iter().collect();
        let by_statement = exclusive && self.dice.chance(40);
        if by_statement {
            self.initial(&inner, depth, names);
        }
        for (at, child) in inner.into_iter().enumerate() {
            self.state(child, around, names, exclusive && !by_statement && at == 0);
        }
    }

    /// `initial do .. -> ..`, now and then to a state deeper inside.
    fn initial(&mut self, children: &[&Shape], depth: usize, names: &Names) {
        let mut target = *self.dice.pick(children);
        while self.dice.chance(40) && !target.children.is_empty() {
            target = &target.children[self.dice.roll(target.children.len())];
        }
        let effects = self.effects(names);
        let data = self.data(&target.name.clone(), names);
        self.line(depth, &format!("initial {effects} -> {}{data}", target.name));
    }

    fn events(&mut self, shape: &Shape, around: &[String], names: &Names) {
        let first = self.dice.roll(EVENTS);
        for event in 0..self.dice.roll(if shape.children.is_empty() { 4 } else { 3 }) {
            let event = (first + event) % EVENTS;
            match self.dice.roll(12) {
                0 | 1 => self.line(around.len(), &format!("defer E{event}")),
                2 => self.line(around.len(), &format!("ignore E{event}")),
                _ => {
                    let mut names = names.clone();
                    let mut pattern = String::new();
                    if event % 2 == 1 && self.dice.chance(60) {
                        pattern = "(n)".into();
                        names.numbers.push("n".into());
                    }
                    let reaction = self.reaction(around, &names);
                    self.line(around.len(), &format!("on E{event}{pattern} {reaction}"));
                }
            }
        }
    }

    fn timer(&mut self, around: &[String], names: &Names) {
        let depth = around.len();
        if self.dice.chance(20) {
            let delay = self.delay();
            let reaction = self.reaction(around, names);
            self.line(depth, &format!("after {delay} {reaction}"));
        }
        if self.dice.chance(7) {
            let effects = self.effects(names);
            self.line(depth, &format!("every 5s {effects}"));
        }
    }

    fn others(&mut self, shape: &Shape, around: &[String], names: &Names) {
        let depth = around.len();
        if self.dice.chance(14) {
            let condition = self.condition(names, 1);
            let (log, target) = (self.log(), self.target(around, names));
            self.line(
                depth,
                &format!("always if c % 4 == 3 && {condition} do {log}, set c = c + 1 {target}"),
            );
        }
        if shape.rounds {
            return self.rounds(around, names);
        }
        let last = shape.end();
        if shape.completes() && self.dice.chance(80) {
            let mut names = names.clone();
            let mut pattern = "";
            if last.is_some_and(|last| last.data) {
                pattern = "(n)";
                names.numbers.push("n".into());
            }
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{pattern} {reaction}"));
        }
    }

    /// What ends the rounds of a loop.
    fn rounds(&mut self, around: &[String], names: &Names) {
        let depth = around.len();
        let tests = self.dice.roll(3);
        for _ in 0..tests {
            let condition = match self.dice.roll(4) {
                0 => "change(b) < 2".into(),
                1 => "change(a) >= 1 || round > 2".into(),
                _ => self.condition(names, 1),
            };
            let times = *self.dice.pick(&["", "", " for 2"]);
            self.line(depth, &format!("until {condition}{times}"));
        }
        if tests > 0 {
            let mut guard = String::new();
            if self.dice.chance(30) {
                guard = format!("if {} ", self.condition(names, 1));
            }
            let way = self.way(around, names);
            self.line(depth, &format!("on converged {guard}{way}"));
        }
        let way = self.way(around, names);
        self.line(depth, &format!("on exhausted {way}"));
    }

    /// Effects, and a way that leads somewhere.
    fn way(&mut self, around: &[String], names: &Names) -> String {
        let mut target = String::new();
        while target.is_empty() {
            target = self.target(around, names);
        }
        let effects = self.effects(names);
        let set = self.set_own(names, stays(&target, around));
        format!("{effects}{set} {target}")
    }

    /// An activity, and what becomes of its result.
    fn invoke(&mut self, depth: usize, around: &[String], names: &Names) {
        let mut names = names.clone();
        let gives = self.dice.chance(65);
        let pattern = if gives { "(r)" } else { "" };
        let (mut calls, mut raises) = self.call(gives, &names);
        while self.dice.chance(55) {
            let on = self.taken_over(raises);
            if gives && self.dice.chance(40) {
                let n = *self.dice.pick(&["b", "c", "twist(b)", "b + c"]);
                let _ = write!(calls, " fallback {on}guess({n})");
                break;
            }
            let (call, of_call) = self.call(gives, &names);
            let _ = write!(calls, " fallback {on}{call}");
            raises = of_call;
        }
        self.line(depth, &format!("invoke {calls}"));
        if self.dice.chance(80) {
            let pattern = if self.dice.chance(80) { pattern } else { "" };
            if !pattern.is_empty() {
                names.numbers.push("r".into());
            }
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on done{pattern} {reaction}"));
        }
    }

    /// One call of an activity, with a result or without, and the permanent errors that it raises.
    fn call(&mut self, gives: bool, names: &Names) -> (String, &'static [&'static str]) {
        let (call, raises): (String, &[&str]) = match (gives, self.dice.chance(60)) {
            (true, true) => (format!("ask({})", self.number(names)), &["Small"]),
            (true, false) => {
                let m = *self.dice.pick(&["b", "c", "twist(c)", "c * 2"]);
                (format!("beg({m})"), &["Big", "Small"])
            }
            (false, true) => {
                let n = *self.dice.pick(&["b", "c", "twist(b)", "b + c"]);
                (format!("tell({n}, {})", self.number(names)), &["Big"])
            }
            (false, false) => ("hush()".into(), &[]),
        };
        match self.dice.roll(6) {
            0 => (call + " with calm", raises),
            1 => (call + " with quick", raises),
            _ => (call, raises),
        }
    }

    /// Behind which errors of the call before a fallback is tried too.
    fn taken_over(&mut self, raises: &[&str]) -> String {
        let named: Vec<&str> = raises.iter().copied().filter(|_| self.dice.chance(40)).collect();
        if named.is_empty() { String::new() } else { format!("on {} ", named.join(", ")) }
    }

    /// Errors that are caught: by name, or all.
    fn errors(&mut self, depth: usize, around: &[String], names: &Names) {
        for (error, binds) in [("Small(n)", true), ("Big(n, _)", true), ("Gone", false)] {
            if self.dice.chance(16) {
                let mut names = names.clone();
                if binds {
                    names.numbers.push("n".into());
                }
                let reaction = self.reaction(around, &names);
                self.line(depth, &format!("on error {error} {reaction}"));
            }
        }
        if self.dice.chance(25) {
            let mut names = names.clone();
            names.texts.extend(["e.name".into(), "e.message".into()]);
            let reaction = self.reaction(around, &names);
            self.line(depth, &format!("on error(e) {reaction}"));
        }
    }

    fn delay(&mut self) -> &'static str {
        const DELAYS: [&str; 5] = ["5s", "5s", "10s", "4s + 1s", "d"];
        DELAYS[self.dice.roll(DELAYS.len())]
    }

    /// What stands behind a trigger.
    fn reaction(&mut self, around: &[String], names: &Names) -> String {
        if self.dice.chance(20) {
            return self.choice(around, names);
        }
        let mut text = String::new();
        if self.dice.chance(45) {
            text = format!("if {} ", self.condition(names, 2));
        }
        text.push_str(&self.outcome(around, names));
        text
    }

    /// Effects and where they lead.
    fn outcome(&mut self, around: &[String], names: &Names) -> String {
        let target = self.target(around, names);
        let effects = self.effects(names);
        let set = self.set_own(names, stays(&target, around));
        format!("{effects}{set} {target}")
    }

    fn choice(&mut self, around: &[String], names: &Names) -> String {
        let mut before = String::new();
        if self.dice.chance(50) {
            before = self.effects(names) + &self.set_own(names, usize::MAX);
        }
        let mut text = format!("{before} {{");
        for _ in 0..1 + self.dice.roll(2) {
            let condition = self.condition(names, 2);
            let _ = write!(text, " if {condition} {}", self.outcome(around, names));
        }
        if !before.is_empty() || self.dice.chance(50) {
            let _ = write!(text, " else {}", self.outcome(around, names));
        }
        text + " }"
    }

    /// Where a branch goes; nothing for a stay.
    fn target(&mut self, around: &[String], names: &Names) -> String {
        if self.dice.chance(12) {
            return String::new();
        }
        if self.dice.chance(15)
            && let Some(targets) = self.targets(around, names)
        {
            return format!("-> {targets}");
        }
        let mut at = self.dice.roll(self.places.len());
        if self.dice.chance(6) {
            // Now and then the last: if it is a final state of the machine, that is its end.
            at = self.places.len() - 1;
        }
        let Place { name, kind, .. } = &self.places[at];
        let (name, kind) = (name.clone(), *kind);
        let inner = !matches!(kind, Kind::Atomic | Kind::Final);
        if around.contains(&name) {
            return match self.dice.roll(4) {
                0 if inner => format!("-> initial({name})"),
                1 if inner => format!("-> history({name})"),
                2 if inner => format!("-> deep_history({name})"),
                _ => format!("-> reenter {name}{}", self.data(&name, names)),
            };
        }
        match self.dice.roll(8) {
            0..3 if inner => format!("-> history({name})"),
            3..5 if inner => format!("-> deep_history({name})"),
            _ => format!("-> {name}{}", self.data(&name, names)),
        }
    }

    /// Several targets: one in each of two regions of one parallel state.
    fn targets(&mut self, around: &[String], names: &Names) -> Option<String> {
        let regions: Vec<(String, String)> = self
            .places
            .iter()
            .filter(|place| place.kind == Kind::Region)
            .filter_map(|place| Some((place.around.last()?.clone(), place.name.clone())))
            .collect();
        if regions.is_empty() {
            return None;
        }
        let (parallel, first) = self.dice.pick(&regions).clone();
        let second = regions.iter().find(|(p, r)| *p == parallel && *r != first)?.1.clone();
        let mut pick = |region: &str| {
            let inside: Vec<String> = self
                .places
                .iter()
                .filter(|p| p.around.iter().any(|a| a == region) && !around.contains(&p.name))
                .map(|p| p.name.clone())
                .collect();
            (!inside.is_empty()).then(|| self.dice.pick(&inside).clone())
        };
        let (first, second) = (pick(&first)?, pick(&second)?);
        let (x, y) = (self.data(&first, names), self.data(&second, names));
        Some(format!("{first}{x} & {second}{y}"))
    }

    /// Values for the data of a state, now and then.
    fn data(&mut self, state: &str, names: &Names) -> String {
        let has = self.places.iter().any(|place| place.name == state && place.data);
        if has && self.dice.chance(60) {
            let value = if self.dice.chance(50) { "a".into() } else { self.number(names) };
            format!("({value})")
        } else {
            String::new()
        }
    }
}

/// Writing effects and expressions.
impl Author {
    fn log(&mut self) -> String {
        self.logs += 1;
        format!("log(\"{}\")", self.logs)
    }

    fn effects(&mut self, names: &Names) -> String {
        let mut all = vec![self.log()];
        for _ in 0..self.dice.roll(3) {
            all.push(self.effect(names));
        }
        if !names.texts.is_empty() {
            all.push(format!("log({})", self.dice.pick(&names.texts)));
        }
        if self.dice.chance(20) {
            all.push("set a = a % 7 + 1".into());
        }
        format!("do {}", all.join(", "))
    }

    /// Now and then one more effect: data of a state, as far as those with data stay active.
    fn set_own(&mut self, names: &Names, stay: usize) -> String {
        let own = names.own.iter().filter(|(depth, _)| *depth < stay).map(|(_, name)| name);
        let own: Vec<String> = own.cloned().collect();
        if own.is_empty() || !self.dice.chance(30) {
            return String::new();
        }
        let name = self.dice.pick(&own).clone();
        let value = match self.dice.roll(4) {
            0 => format!("{name} % 7 + 1"),
            1 => format!("{name} + 60"),
            _ => self.number(names),
        };
        format!(", set {name} = {value}")
    }

    fn effect(&mut self, names: &Names) -> String {
        if names.in_loop && self.dice.chance(15) {
            return "note(round)".into();
        }
        match self.dice.roll(20) {
            17.. => format!("look(in({}))", self.any_state()),
            0 | 9 => format!("set a = {}", self.number(names)),
            1 => "set a = a + 90".into(),
            2 => format!("set b = b + {}", self.dice.roll(4)),
            3 => "set b = b - 1".into(),
            4 => "set b = twist(b)".into(),
            5 | 6 => "set c = c + 1".into(),
            7 => "note(b)".into(),
            8 => "note(c)".into(),
            16 => format!("emit Said({})", self.dice.pick(&["b", "c", "twist(c)", "9"])),
            10 => "raise E0".into(),
            11 => format!("raise E1({})", self.number(names)),
            12 => "raise E2 after 5s".into(),
            13 => format!("raise E3({}) after {}", self.number(names), self.delay()),
            14 => self.dice.pick(&["cancel E2", "cancel E3"]).to_string(),
            _ => self.dice.pick(&["set d = elapsed() + 1s", "set d = 5s"]).to_string(),
        }
    }

    /// A `u8`.
    fn number(&mut self, names: &Names) -> String {
        if !names.numbers.is_empty() && self.dice.chance(50) {
            return self.dice.pick(&names.numbers).clone();
        }
        match self.dice.roll(2) {
            0 => "a".into(),
            _ => self.dice.roll(6).to_string(),
        }
    }

    fn condition(&mut self, names: &Names, depth: usize) -> String {
        match self.dice.roll(if depth == 0 { 6 } else { 9 }) {
            0 => format!("in({})", self.any_state()),
            1 => format!("!in({})", self.any_state()),
            2 => format!("ok({})", self.dice.pick(&["b", "c", "b * 3 + c"])),
            3 => format!("{} {} 2", self.number(names), self.dice.pick(&["<", ">=", "!=", "=="])),
            4 => format!("b % {} == 1", self.dice.pick(&["2", "3", "c"])),
            5 => "elapsed() >= 5s".into(),
            6 => format!(
                "{} && {}",
                self.condition(names, depth - 1),
                self.condition(names, depth - 1)
            ),
            7 => format!(
                "({} || {})",
                self.condition(names, depth - 1),
                self.condition(names, depth - 1)
            ),
            _ => format!("!({})", self.condition(names, depth - 1)),
        }
    }

    fn any_state(&mut self) -> String {
        let at = self.dice.roll(self.places.len());
        self.places[at].name.clone()
    }
}

/// How many of the states around stay active, counted from outside.
fn stays(target: &str, around: &[String]) -> usize {
    if target.is_empty() {
        return usize::MAX;
    }
    let inside = |name: &str| around.iter().position(|outer| outer == name).map(|at| at + 1);
    let named = target
        .split_once('(')
        .filter(|(word, _)| ["-> initial", "-> history", "-> deep_history"].contains(word));
    named.and_then(|(_, name)| inside(name.trim_end_matches(')'))).unwrap_or(0)
}
