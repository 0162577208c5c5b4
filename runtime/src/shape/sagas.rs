//! Rules for sagas: an instance in one goes on only if what the new machine takes for done was done,
//! and what was done is still known to it.
//!
//! Where it is says what that is: in front of a step stands all that was done, behind it nothing. On the
//! way back only what has a compensation counts, and behind the pivot nothing is taken back, so that it
//! does not matter in which order it was done.

use super::{Comparison, Difference, Document, StateShape, state_name, target};

/// The data that every saga has, also those of shapes that do not name the parts of sagas.
const CAUSE: &str = "{cause}";

/// A saga: its steps, in the order in which they are done.
struct Saga {
    state: usize,
    stages: Vec<Stage>,
    /// The stage that is the pivot.
    pivot: Option<usize>,
}

/// A step, or several side by side.
struct Stage {
    /// The state directly in the saga.
    state: usize,
    /// `concurrent`.
    group: bool,
    steps: Vec<Step>,
}

struct Step {
    /// The state that asks for it.
    state: usize,
    /// Something takes it back.
    compensated: bool,
}

impl Document {
    /// The saga that a state is a part of.
    fn saga(&self, state: usize) -> Option<Saga> {
        let inside = self.around(state).skip(1);
        let state = inside.into_iter().find(|around| self.states[*around].part == "saga")?;
        let children = || self.children(state).map(|child| (child, &self.states[child]));
        let step = |(at, shape): (usize, &StateShape)| {
            let takes_back = |other: &StateShape| other.part == "undo" && other.step == shape.step;
            let compensated = children().any(|(_, other)| takes_back(other));
            shape.does_step().then_some(Step { state: at, compensated })
        };
        let mut saga = Saga { state, stages: Vec::new(), pivot: None };
        for (at, shape) in children().filter(|(_, shape)| shape.is_stage()) {
            let group = shape.part == "group";
            let inside = self.children(at).flat_map(|region| self.children(region));
            let all = std::iter::once(at).chain(inside.filter(|_| group));
            let steps = all.filter_map(|at| step((at, &self.states[at]))).collect();
            if shape.part == "pivot" {
                saga.pivot = Some(saga.stages.len());
            }
            saga.stages.push(Stage { state: at, group, steps });
        }
        Some(saga)
    }

    /// The stage that a state does, or takes a step of back; none for the ends of a saga.
    fn stage(&self, saga: &Saga, state: usize) -> Option<usize> {
        let shape = &self.states[state];
        let takes_back = |stage: &Stage| {
            stage.steps.iter().any(|step| self.states[step.state].step == shape.step)
        };
        match shape.part == "undo" {
            true => saga.stages.iter().position(takes_back),
            false => {
                let does = |stage: &Stage| self.around(state).any(|around| around == stage.state);
                saga.stages.iter().position(does)
            }
        }
    }
}

impl StateShape {
    /// True if it does a step of a saga.
    fn does_step(&self) -> bool {
        matches!(&*self.part, "step" | "pivot" | "later")
    }

    fn is_stage(&self) -> bool {
        self.does_step() || self.part == "group"
    }

    /// True for a part of a saga of whose parts nothing was written down.
    fn is_saga_without_parts(&self) -> bool {
        self.part.is_empty() && self.data.iter().any(|data| data.name == CAUSE)
    }
}

impl Saga {
    fn is_behind_pivot(&self, stage: usize) -> bool {
        self.pivot.is_some_and(|pivot| pivot < stage)
    }

    fn steps_before(&self, stage: usize) -> impl Iterator<Item = &Step> {
        self.stages[..stage].iter().flat_map(|stage| &stage.steps)
    }
}

impl Comparison {
    /// Whether an instance in a part of a saga can go on in the part that this is now.
    pub(super) fn in_saga(&self, old: usize, new: usize) -> Result<(), Difference> {
        if self.old.children(old).next().is_some() {
            // What is in it says how far it has come.
            return Ok(());
        }
        let sagas = (self.old.saga(old), self.new.saga(new));
        let why = match &sagas {
            (None, None) => return Ok(()),
            (Some(_), None) => Some("is no part of a saga any more".to_owned()),
            (None, Some(now)) => {
                let mut around = self.old.around(old);
                if around.any(|state| self.old.states[state].is_saga_without_parts()) {
                    return Ok(());
                }
                Some(format!("is a part of the saga `{}` now", target(&self.new.states[now.state])))
            }
            (Some(before), Some(now)) if self.new_of(before.state) != Some(now.state) => {
                Some("is a part of another saga now".to_owned())
            }
            (Some(before), Some(now)) => self.moved((before, old), (now, new)),
        };
        let Some(why) = why else { return Ok(()) };
        let around = sagas.0.map_or(old, |saga| saga.state);
        let way_out = format!(
            "the version before finishes what is in the saga, or `state {} -> ..` in `{} {{ .. }}` leads it elsewhere",
            target(&self.old.states[around]),
            self.block()
        );
        Err(Difference::refused(state_name(&self.old.states[old]), why, way_out))
    }

    /// What an instance there would meet that is not as it was.
    fn moved(&self, (before, old): (&Saga, usize), (now, new): (&Saga, usize)) -> Option<String> {
        let elsewhere = || Some("stands elsewhere in its saga now".to_owned());
        let (o, n) = match (self.old.stage(before, old), self.new.stage(now, new)) {
            (Some(o), Some(n)) => (o, n),
            // The ends are left as soon as they are entered.
            (None, None) => return None,
            _ => return elsewhere(),
        };
        let backward = self.old.states[old].part == "undo";
        let is_backward = self.new.states[new].part == "undo";
        if backward != is_backward || before.stages[o].group != now.stages[n].group {
            return elsewhere();
        }
        let behind = before.is_behind_pivot(o);
        let why = match (behind, now.is_behind_pivot(n)) {
            (true, false) => Some("stood behind the pivot and stands in front of it now"),
            (false, true) => Some("stood in front of the pivot and stands behind it now"),
            _ if before.pivot == Some(o) && now.pivot != Some(n) => {
                Some("was the pivot and is not now")
            }
            _ => None,
        };
        if let Some(why) = why {
            return Some(why.to_owned());
        }
        let (before, now) = ((before, o), (now, n));
        let done = self.done_otherwise(before, now, backward);
        if done.is_some() || behind {
            return done;
        }
        self.unknown_call(before, now).or_else(|| self.ordered_otherwise(before, now, backward))
    }

    /// The step that one of the new machine was.
    fn old_step<'s>(&self, before: &'s Saga, step: &Step) -> Option<&'s Step> {
        let mut all = before.steps_before(before.stages.len());
        all.find(|old| self.is_same_step(old, step))
    }

    /// One that has come into or out of a `concurrent` has another state, and its name.
    fn is_same_step(&self, old: &Step, new: &Step) -> bool {
        match (self.new_of(old.state), self.old_of(new.state)) {
            (None, None) => self.old.states[old.state].step == self.new.states[new.state].step,
            (now, _) => now == Some(new.state),
        }
    }

    /// What the new machine takes for done and was not, or does not take for done and was.
    fn done_otherwise(
        &self,
        (before, o): (&Saga, usize),
        (now, n): (&Saga, usize),
        backward: bool,
    ) -> Option<String> {
        for step in now.steps_before(n).filter(|step| step.compensated || !backward) {
            let name = &self.new.states[step.state].step;
            if !before.steps_before(o).any(|old| self.is_same_step(old, step)) {
                let why = match backward {
                    true => "was taken back already, or never done",
                    false => "was not done",
                };
                return Some(format!("has step `{name}`, which {why}, in front of it now"));
            }
        }
        // What a step has given is known by its name.
        for step in now.steps_before(n) {
            let name = &self.new.states[step.state].step;
            let was = self.old_step(before, step).map(|old| &self.old.states[old.state].step);
            if let Some(was) = was.filter(|was| *was != name) {
                return Some(format!(
                    "comes with step `{name}`, which was called `{was}` when it began: what it gave is known by that name"
                ));
            }
        }
        for step in before.steps_before(o).filter(|step| step.compensated || !backward) {
            let name = &self.old.states[step.state].step;
            let mut done = now.steps_before(n);
            if done.any(|new| self.is_same_step(step, new)) {
                continue;
            }
            let mut later = now.steps_before(now.stages.len());
            if later.any(|new| self.is_same_step(step, new)) {
                return Some(format!("has step `{name}`, which was done, behind it now"));
            }
            if step.compensated && !before.is_behind_pivot(o) {
                return Some(format!(
                    "comes after step `{name}`, which was done and is gone: nothing would take it back"
                ));
            }
        }
        None
    }

    /// A step that has begun, of whose call nothing was kept: who takes it back is told of which.
    fn unknown_call(
        &self,
        (before, _): (&Saga, usize),
        (now, n): (&Saga, usize),
    ) -> Option<String> {
        let mut begun = now.steps_before(n + 1).filter(|step| step.compensated);
        let step =
            begun.find(|step| self.old_step(before, step).is_some_and(|old| !old.compensated))?;
        let name = &self.new.states[step.state].step;
        Some(format!(
            "is behind the beginning of step `{name}`, which has a compensation only now: nobody knows of which call"
        ))
    }

    /// Whether what was done would be taken back in another order, or what runs is in other company.
    fn ordered_otherwise(
        &self,
        (before, o): (&Saga, usize),
        (now, n): (&Saga, usize),
        backward: bool,
    ) -> Option<String> {
        // By the states of now, whatever they are called: those that can be taken back.
        let was = |stage: &Stage| -> (bool, Vec<usize>) {
            let same = |step: &Step| {
                let mut all = now.steps_before(now.stages.len());
                all.find(|new| new.compensated && self.is_same_step(step, new)).map(|new| new.state)
            };
            (stage.group, stage.steps.iter().filter_map(same).collect())
        };
        let is = |stage: &Stage| -> (bool, Vec<usize>) {
            let steps = stage.steps.iter().filter(|step| step.compensated);
            (stage.group, steps.map(|step| step.state).collect())
        };
        let sorted = |(group, mut steps): (bool, Vec<usize>)| {
            steps.sort_unstable();
            (group, steps)
        };
        let any = |(_, steps): &(bool, Vec<usize>)| !steps.is_empty();
        let done: Vec<_> = before.stages[..o].iter().map(was).map(sorted).filter(any).collect();
        let taken: Vec<_> = now.stages[..n].iter().map(is).map(sorted).filter(any).collect();
        if done != taken {
            return Some("comes after steps that were done in another order".to_owned());
        }
        // Going forward, several side by side are a state that is named after all of them.
        let is_other = backward && sorted(was(&before.stages[o])) != sorted(is(&now.stages[n]));
        is_other.then(|| "stands beside other steps that are taken back now".to_owned())
    }
}
