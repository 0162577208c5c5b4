//! Sagas: a list of what was done, which is taken back from its end.

use super::choosing::Chosen;
use super::entering::Entry;
use super::reading::{Place, Saga, StepOf};
use super::values::{Value, number};
use super::{Asks, Failure, Internal, Oracle};
use statewright_dsl::model::{Branch, Expr, ExprKind, Reaction, StateId, Trigger};
use std::collections::BTreeMap;

/// How far a saga has come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Course {
    pub(super) at: At,
    /// Of steps side by side those that are done.
    pub(super) ended: Vec<usize>,
    /// What is to be taken back if it comes to that, the last first: stage and step, and whether it is
    /// known to be done.
    pub(super) done: Vec<(usize, usize, bool)>,
    /// Under which number each step was asked for.
    calls: BTreeMap<(usize, usize), u64>,
    /// Name and message.
    cause: Option<(String, String)>,
    /// Something could not be taken back, or nobody knows whether it should be.
    broken: bool,
}

/// Where a saga is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum At {
    /// It does the steps of a stage.
    Doing(usize),
    Done,
    /// It looks which of some steps that ran side by side is taken back next.
    Choosing(usize),
    /// It takes a step back.
    Undoing(usize, usize),
    Compensated,
    Broken,
}

/// What a microstep does with a saga or a loop, beside what is written.
#[derive(Clone, Debug)]
pub(super) enum Turn {
    /// The saga goes on from where it is.
    Go(Course, Option<(usize, Value)>),
    /// A step is done, and others beside it are not: stage and step, and its result.
    Ended((usize, usize), Option<(usize, Value)>),
    /// The loop begins its next round; what it remembers of this one.
    Round(Vec<(Place, i64)>),
}

/// How a step ends that is not done.
pub(super) struct Failed {
    pub(super) name: String,
    pub(super) message: String,
    /// It raises this error, so it was not done.
    pub(super) declared: bool,
}

impl Saga {
    fn step(&self, (stage, step): (usize, usize)) -> &StepOf {
        &self.stages[stage].steps[step]
    }

    /// True for stages that are taken back if a later one fails.
    fn goes_back(&self, stage: usize) -> bool {
        self.pivot.is_none_or(|pivot| stage < pivot)
    }

    fn is_undone(&self, stage: usize) -> bool {
        self.stages[stage].steps.iter().any(|step| step.undo.is_some())
    }

    /// The next on the way back: of the stages before this one.
    fn back(&self, course: &mut Course, below: usize) {
        let stage = (0..below).rev().find(|stage| self.is_undone(*stage));
        course.at = match (stage, course.done.last()) {
            (Some(stage), _) if self.stages[stage].side_by_side => At::Choosing(stage),
            (Some(stage), Some((of, step, _))) if *of == stage => At::Undoing(stage, *step),
            (Some(stage), _) => unreachable!("stage {stage} was done before"),
            (None, _) if course.broken => At::Broken,
            (None, _) => At::Compensated,
        };
    }

    /// What is behind a step that was taken back, or could not be.
    fn behind(&self, course: &mut Course, stage: usize) {
        match self.stages[stage].side_by_side {
            true => course.at = At::Choosing(stage),
            false => self.back(course, stage),
        }
    }

    /// Turns back at a stage. Of its steps those that have not ended may be done or not, but for one
    /// that says that it was not done.
    fn turn_back(&self, course: &mut Course, stage: usize, not_done: Option<usize>) {
        let steps = self.stages[stage].steps.iter().enumerate();
        let open = steps.filter(|(at, step)| {
            step.undo.is_some() && !course.ended.contains(at) && not_done != Some(*at)
        });
        let open: Vec<_> = open.map(|(at, _)| (stage, at, false)).collect();
        let some = !open.is_empty() || self.stages[stage].side_by_side;
        course.done.extend(open);
        self.back(course, if some { stage + 1 } else { stage });
    }
}

impl Course {
    /// True before the pivot is asked for, and before the way back.
    fn can_abort(&self, saga: &Saga) -> bool {
        matches!(self.at, At::Doing(stage) if saga.goes_back(stage))
    }
}

impl<'m> Oracle<'m> {
    fn saga(&self, id: StateId) -> Option<(&'m Saga, &Course)> {
        Some((self.reading.sagas.get(&id)?, self.now.courses.get(&id)?))
    }

    /// Asks for what is next, behind the entry of a saga or as it goes on.
    pub(super) fn ask_for_steps(&mut self, id: StateId) -> Result<(), Failure> {
        let Some(saga) = self.reading.sagas.get(&id) else { return Ok(()) };
        let begin = Course {
            at: At::Doing(0),
            ended: Vec::new(),
            done: Vec::new(),
            calls: BTreeMap::new(),
            cause: None,
            broken: false,
        };
        let course = self.now.courses.entry(id).or_insert(begin).clone();
        let Course { at, ended, done, calls, .. } = course;
        match at {
            At::Doing(stage) => {
                for (at, step) in saga.stages[stage].steps.iter().enumerate() {
                    if !ended.contains(&at) {
                        let args = self.args_of(id, step.call, None)?;
                        self.push(id, Asks::Step(stage, at), args);
                        let course = self.now.courses.get_mut(&id).expect("it is under way");
                        course.calls.insert((stage, at), self.now.visits);
                    }
                }
                self.all_ended(id, stage);
            }
            At::Undoing(stage, at) => {
                let step = saga.step((stage, at));
                let known = done.last().is_some_and(|(.., known)| *known);
                let unknown = step.result.filter(|_| !known);
                let args = self.args_of(id, step.undo.expect("it is taken back"), unknown)?;
                self.push(id, Asks::Undo(stage, at), args);
                let call = calls.get(&(stage, at)).copied().unwrap_or_default();
                let running = self.now.running.last_mut().expect("it was asked for");
                running.undoes = Some((step.name.clone(), call, known));
            }
            At::Done => self.now.queue.push_back(Internal::Done(id)),
            At::Choosing(_) | At::Compensated | At::Broken => {}
        }
        Ok(())
    }

    /// The arguments of a call; `none` for those that read what nobody knows.
    fn args_of(
        &self,
        id: StateId,
        call: usize,
        unknown: Option<usize>,
    ) -> Result<Vec<Value>, Failure> {
        let calls = self.state(id).fan_out.as_ref().map(|of| &of.calls[call]);
        let args = calls.map(|call| &call.args[..]).unwrap_or_default().iter();
        let value = |arg: &Expr| match unknown.is_some_and(|at| reads(arg, id, at)) {
            true => Ok(Value::None),
            false => self.value(arg, id, &[]),
        };
        args.map(value).collect()
    }

    fn all_ended(&mut self, id: StateId, stage: usize) {
        let Some((saga, course)) = self.saga(id) else { return };
        let of = &saga.stages[stage];
        if of.side_by_side && course.ended.len() == of.steps.len() {
            self.now.queue.push_back(Internal::SideBySide(id, stage));
        }
    }

    /// All of several steps side by side are done.
    pub(super) fn side_by_side_done(&mut self, id: StateId, stage: usize) -> Result<(), Failure> {
        let Some((saga, course)) = self.saga(id).filter(|_| self.is_active(id)) else {
            return Ok(());
        };
        if course.at != At::Doing(stage) || course.ended.len() < saga.stages[stage].steps.len() {
            return Ok(());
        }
        let course = onwards(saga, course.clone(), stage);
        self.take(vec![Chosen::made(id, Turn::Go(course, None))])
    }

    /// Carries out what a microstep does with a saga or a loop.
    pub(super) fn turn(&mut self, id: StateId, turn: &Turn, entry: &mut Entry<'m>) {
        self.now.changed = true;
        let result = match turn {
            Turn::Go(course, result) => {
                self.now.courses.insert(id, course.clone());
                entry.going_on.insert(id);
                result
            }
            Turn::Ended((stage, step), result) => {
                let undo = self.reading.sagas[&id].step((*stage, *step)).undo.is_some();
                let course = self.now.courses.get_mut(&id).expect("the saga is active");
                course.ended.push(*step);
                course.done.extend(undo.then_some((*stage, *step, true)));
                self.all_ended(id, *stage);
                result
            }
            Turn::Round(before) => {
                self.now.before.extend(before.iter().copied());
                let data = self.now.data.get_mut(&id).and_then(|data| data.last_mut());
                if let Some(round) = data {
                    *round = Value::Number(number(round) + 1);
                }
                self.default(id, entry);
                return;
            }
        };
        if let Some((at, value)) = result {
            let data = self.now.data.get_mut(&id).expect("the saga is active");
            data[*at] = value.clone();
        }
    }

    /// The end of a step, or of what takes one back; nothing if it is for the handlers of errors.
    pub(super) fn step_ends(
        &mut self,
        id: StateId,
        asks: Asks,
        end: Result<Option<Value>, Failed>,
    ) -> Result<Option<Failure>, Failure> {
        let Some((saga, course)) = self.saga(id) else { return Ok(None) };
        let mut course = course.clone();
        let (turn, at) = match (asks, end) {
            (Asks::Step(stage, at), Ok(result)) => {
                let result = saga.step((stage, at)).result.zip(result);
                if saga.stages[stage].side_by_side {
                    (Turn::Ended((stage, at), result), id)
                } else {
                    let undo = saga.step((stage, at)).undo.is_some();
                    course.done.extend(undo.then_some((stage, at, true)));
                    (Turn::Go(onwards(saga, course, stage), result), id)
                }
            }
            (Asks::Step(stage, at), Err(failed)) => {
                let is_pivot = saga.pivot == Some(stage);
                if !is_pivot && !saga.goes_back(stage) {
                    return Ok(None);
                }
                let Failed { name, mut message, declared } = failed;
                if is_pivot && !declared {
                    let step = &saga.step((stage, at)).name;
                    message = format!(
                        "it is not known whether `{step}` was done, so nothing was taken back and \
                         nothing finished: {message}"
                    );
                    course.at = At::Broken;
                } else {
                    saga.turn_back(&mut course, stage, declared.then_some(at));
                }
                course.cause = Some((name, message));
                (Turn::Go(course, None), id)
            }
            (Asks::Undo(stage, at), end) => {
                course.done.pop();
                if let (Err(failed), Some((_, message))) = (end, &mut course.cause) {
                    let step = &saga.step((stage, at)).name;
                    let more = format!("; `{step}` was not taken back: {}", failed.message);
                    message.push_str(&more);
                    course.broken = true;
                }
                saga.behind(&mut course, stage);
                (Turn::Go(course, None), id)
            }
            _ => return Ok(None),
        };
        self.take(vec![Chosen::made(at, turn)]).map(|()| Some("Handled"))
    }

    /// What a saga does by itself: it chooses, or it has come to an end that is not its own.
    pub(super) fn saga_goes_on(&self, id: StateId) -> Result<Option<Chosen<'m>>, Failure> {
        let Some((saga, course)) = self.saga(id) else { return Ok(None) };
        let way = match course.at {
            At::Choosing(stage) => {
                let mut course = course.clone();
                match course.done.last() {
                    Some((of, step, _)) if *of == stage => course.at = At::Undoing(stage, *step),
                    _ => saga.back(&mut course, stage),
                }
                return Ok(Some(Chosen::made(id, Turn::Go(course, None))));
            }
            At::Compensated => saga.compensated,
            At::Broken => saga.failed,
            _ => None,
        };
        let Some(way) = way else { return Ok(None) };
        let reaction = &self.model().reactions[way.index()];
        let (name, message) = course.cause.clone().unwrap_or_default();
        let bound = vec![Value::Parts(vec![Value::Text(name), Value::Text(message)])];
        if !reaction.effects.is_empty() {
            return Ok(Some(Chosen::of(reaction, bound, None)));
        }
        let branch = self.branch(reaction, &bound)?;
        Ok(branch.map(|branch| Chosen::of(reaction, bound, Some(branch))))
    }

    /// True for a branch that aborts the saga in which it stands.
    pub(super) fn aborts(&self, chosen: &Chosen) -> bool {
        chosen.taken().is_some_and(|(_, b)| self.reading.aborts.contains(&b.span.order()))
    }

    /// True for an event that might abort, where it cannot: unless another branch is taken.
    pub(super) fn refuses(&self, id: StateId, reaction: &Reaction, trigger: &Trigger) -> bool {
        let mut branches = reaction.branches.iter();
        matches!(trigger, Trigger::Event(_))
            && branches.any(|branch| self.reading.aborts.contains(&branch.span.order()))
            && !self.saga(id).is_some_and(|(saga, course)| course.can_abort(saga))
    }

    /// How many branches are looked at: not those behind which all that could come is to abort a saga that
    /// refuses that now.
    pub(super) fn tried(&self, reaction: &Reaction) -> usize {
        let aborts = |branch: &Branch| self.reading.aborts.contains(&branch.span.order());
        let can_abort =
            || self.saga(reaction.source).is_some_and(|(saga, course)| course.can_abort(saga));
        let all = &reaction.branches;
        if !all.iter().any(aborts) || can_abort() {
            return all.len();
        }
        all.iter().rposition(|branch| !aborts(branch)).map_or(0, |last| last + 1)
    }

    /// True if all that it could do is refused.
    pub(super) fn is_refused(&self, reaction: &Reaction) -> bool {
        !reaction.branches.is_empty() && self.tried(reaction) == 0
    }

    /// What becomes of such a branch; nothing if it is refused.
    pub(super) fn abort(&self, mut chosen: Chosen<'m>) -> Option<Chosen<'m>> {
        let (saga, course) = self.saga(chosen.source)?;
        let At::Doing(stage) = course.at else { return None };
        if !course.can_abort(saga) {
            return None;
        }
        let by = match &chosen.reaction?.trigger {
            Trigger::Event(event) => {
                let name = &self.model().declarations.events[event.index()].name.text;
                format!("aborted by `{name}`")
            }
            Trigger::Always => "aborted by a condition".to_owned(),
            _ => "aborted by a timer".to_owned(),
        };
        let mut course = course.clone();
        course.cause = Some(("Aborted".to_owned(), by));
        saga.turn_back(&mut course, stage, None);
        chosen.turn = Some(Turn::Go(course, None));
        Some(chosen)
    }

    /// The innermost states of a saga where it is, as their paths go on behind its own.
    pub(super) fn inside_saga(&self, id: StateId, course: &Course) -> Vec<String> {
        let saga = &self.reading.sagas[&id];
        let state_of = |step: &StepOf| pascal(&step.name);
        let of_stage = |stage: usize| {
            let names: Vec<String> = saga.stages[stage].steps.iter().map(state_of).collect();
            names.join("And")
        };
        match course.at {
            At::Doing(stage) if saga.stages[stage].side_by_side => {
                let steps = saga.stages[stage].steps.iter().enumerate();
                let inside = steps.map(|(at, step)| {
                    let end = if course.ended.contains(&at) { "Ended" } else { "Running" };
                    format!("{}.{}.{end}", of_stage(stage), state_of(step))
                });
                inside.collect()
            }
            At::Doing(stage) => vec![of_stage(stage)],
            At::Choosing(stage) => vec![format!("Undo{}", of_stage(stage))],
            At::Undoing(stage, at) => vec![format!("Undo{}", state_of(saga.step((stage, at))))],
            At::Done => vec!["Done".into()],
            At::Compensated => vec!["Compensated".into()],
            At::Broken => vec!["CompensationFailed".into()],
        }
    }

    /// The state that asks for a step, as its path goes on behind that of the saga.
    pub(super) fn asks_in(&self, id: StateId, asks: Asks) -> String {
        let saga = &self.reading.sagas[&id];
        match asks {
            Asks::Step(stage, at) => {
                let of = &saga.stages[stage];
                let own = pascal(&of.steps[at].name);
                if !of.side_by_side {
                    return own;
                }
                let names: Vec<String> = of.steps.iter().map(|step| pascal(&step.name)).collect();
                format!("{}.{own}.Running", names.join("And"))
            }
            Asks::Undo(stage, at) => format!("Undo{}", pascal(&saga.step((stage, at)).name)),
            Asks::Invoke | Asks::Branch(_) => String::new(),
        }
    }

    /// The call of a step, or of what takes it back, among those of the state.
    pub(super) fn call_of_step(&self, id: StateId, asks: Asks) -> usize {
        let saga = &self.reading.sagas[&id];
        match asks {
            Asks::Step(stage, at) => saga.step((stage, at)).call,
            Asks::Undo(stage, at) => saga.step((stage, at)).undo.unwrap_or_default(),
            Asks::Invoke | Asks::Branch(_) => 0,
        }
    }
}

fn onwards(saga: &Saga, mut course: Course, stage: usize) -> Course {
    course.ended.clear();
    course.at = match stage + 1 < saga.stages.len() {
        true => At::Doing(stage + 1),
        false => At::Done,
    };
    course
}

/// True if an expression reads one of the data of a state.
fn reads(expr: &Expr, state: StateId, at: usize) -> bool {
    match &expr.kind {
        ExprKind::StateData(of, index) => *of == state && *index as usize == at,
        ExprKind::Call(_, all) => all.iter().any(|part| reads(part, state, at)),
        ExprKind::Unary(_, of) => reads(of, state, at),
        ExprKind::Binary(_, a, b) => reads(a, state, at) || reads(b, state, at),
        _ => false,
    }
}

/// `p7a` as the name of a state.
fn pascal(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
