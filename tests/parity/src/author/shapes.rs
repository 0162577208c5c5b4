//! The states of a machine, made before its text.

use super::Author;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Atomic,
    Composite,
    Parallel,
    Region,
    Final,
    /// Steps, with what takes them back. Targets cannot name what stands in it.
    Saga,
}

impl Kind {
    /// True if targets can name states in it.
    pub(super) fn holds_states(self) -> bool {
        matches!(self, Self::Composite | Self::Parallel | Self::Region)
    }
}

/// A state, made before the text since targets name states that come later.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// It has a number, with a default.
    pub(super) data: bool,
    /// It is a loop.
    pub(super) rounds: bool,
    pub(super) children: Vec<Shape>,
}

impl Shape {
    /// Its final state.
    pub(super) fn end(&self) -> Option<&Shape> {
        self.children.last().filter(|last| last.kind == Kind::Final)
    }

    /// True if it can be done.
    pub(super) fn completes(&self) -> bool {
        let regions = || self.children.iter().all(|region| region.end().is_some());
        self.end().is_some() || (self.kind == Kind::Parallel && regions())
    }
}

/// What is known of any state when targets are chosen.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) data: bool,
    /// The states around it, outermost first.
    pub(super) around: Vec<String>,
}

/// Making states.
impl Author {
    pub(super) fn top(&mut self) -> Shape {
        const KINDS: [Kind; 4] = [Kind::Atomic, Kind::Composite, Kind::Parallel, Kind::Parallel];
        let saga = if self.calm { 45 } else { 10 };
        let kind = match self.asks && self.dice.chance(saga) {
            true => Kind::Saga,
            false => *self.dice.pick(&KINDS),
        };
        self.shape(1, kind, false)
    }

    pub(super) fn shape(&mut self, depth: usize, kind: Kind, data: bool) -> Shape {
        let name = format!("S{}", self.states);
        self.states += 1;
        let data = data || (!matches!(kind, Kind::Region | Kind::Final) && self.dice.chance(35));
        let children = match kind {
            Kind::Atomic | Kind::Final | Kind::Saga => Vec::new(),
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

    pub(super) fn children(&mut self, depth: usize) -> Vec<Shape> {
        let finals_have_data = self.dice.chance(40);
        let count = 2 + self.dice.roll(2);
        let mut children: Vec<Shape> = (0..count)
            .map(|_| {
                let inner = depth < if self.calm { 2 } else { 5 } && self.states < 24;
                let kind = match self.dice.roll(10) {
                    0..3 if inner => Kind::Composite,
                    3..5 if inner => Kind::Parallel,
                    5 if self.asks => Kind::Saga,
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

    pub(super) fn places(&mut self, shapes: &[Shape], around: &mut Vec<String>) {
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
