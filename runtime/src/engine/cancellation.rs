//! Instances that nobody waits for any more: a saga is not left half done for that.
//!
//! Every step of a saga that runs is cut short, as if it had ended with an error that nobody declares, so
//! that the saga goes back; one that is behind its pivot goes on. What the instance asks for beside that
//! is not begun. When none of its sagas runs it is over. If something could not be taken back it is not:
//! then it goes on as its machine says, for somebody has to mend that.

use super::error::EngineError;
use super::exact;
use super::held::{Owed, Storable};
use super::kind::Step;
use super::record::Writer;
use super::running::Running;
use crate::activity::{Failure, Invocation, Perform};
use crate::chart::{Answer, Chart, Durable};
use crate::core::Core;
use crate::step::Dispatch;
use crate::store::Millis;
use crate::undo::{Part, Role};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// That an instance was cancelled, as it is kept with it while its sagas run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cancellation {
    /// The number of the last call before.
    since: u64,
    /// Something could not be taken back, or nobody knows if it should be.
    #[serde(default, skip_serializing_if = "is_false")]
    is_broken: bool,
}

// Serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(truth: &bool) -> bool {
    !truth
}

impl Cancellation {
    /// True for what was asked for since, and is not what a saga needs that goes on or back.
    pub(super) fn holds_back<C: Chart>(self, asked: &Invocation<C::Request>) -> bool {
        let is_needed = |part: &Part| !part.is_first && !matches!(part.role, Role::Step(_));
        asked.id > self.since && !part::<C>(asked).is_some_and(is_needed)
    }

    /// True for a step of a saga that is to be cut short: one that was asked for before, or since by a step
    /// that a person says is done.
    fn cuts<C: Chart>(self, asked: &Invocation<C::Request>) -> bool {
        part::<C>(asked).is_some_and(|part| {
            matches!(part.role, Role::Step(_)) && (asked.id <= self.since || !part.is_first)
        })
    }

    /// Notes how a call of a saga has ended.
    pub(super) fn note<C: Chart>(&mut self, invoke: u16, answer: Answer, is_error: bool) {
        let role = C::PARTS.iter().find(|part| part.invoke == invoke).map(|part| part.role);
        self.is_broken |= match role {
            Some(Role::Undo) => is_error && answer != Answer::FallBack,
            Some(Role::Pivot(unknown)) => answer == Answer::End(unknown),
            _ => false,
        };
    }
}

/// The part of a saga that a call is.
fn part<C: Chart>(asked: &Invocation<C::Request>) -> Option<&'static Part> {
    C::PARTS.iter().find(|part| part.invoke == asked.invoke)
}

/// True if a saga is under way that goes on also where nobody waits for the instance.
fn is_bound<C: Chart>(core: &Core<C>, cancelled: Cancellation) -> bool {
    let is_part = |asked: &&Invocation<C::Request>| part::<C>(asked).is_some();
    let mut parts = core.invocations.iter().filter(is_part);
    parts.any(|asked| cancelled.cuts::<C>(asked) || !cancelled.holds_back::<C>(asked))
}

/// Ends a cancellation where something has to be mended: what was held back is begun. Gives the number
/// of the last call that was begun.
pub(super) fn released<C: Storable>(core: &Core<C>, owed: &mut Owed<C>) -> Option<u64> {
    let is_over = |cancelled: &mut Cancellation| cancelled.is_broken && !is_bound(core, *cancelled);
    owed.cancelled.take_if(is_over).map(|cancelled| cancelled.since)
}

impl<C, H> Running<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    /// Writes that nobody waits for it any more.
    pub(super) fn note_cancelled(&mut self, now: Millis) -> Result<Step, EngineError> {
        if self.is_in_any_saga() {
            let is_broken = self.is_incomplete();
            self.owed.cancelled = Some(Cancellation { since: self.core.visits, is_broken });
        }
        let time = self.core.now;
        self.set_time(now);
        let mut writer = Writer::new();
        let written =
            writer.value("cancelled", &true).and_then(|()| self.written(writer, Dispatch::Handled));
        if written.is_err() {
            self.owed.cancelled = None;
            self.core.now = time;
        }
        written
    }

    pub(super) fn is_in_any_saga(&self) -> bool {
        self.core.invocations.iter().any(|asked| part::<C>(asked).is_some())
    }

    /// True if nothing has to be done any more but what nobody waits for.
    pub(super) fn is_unbound(&self) -> bool {
        self.owed.cancelled.is_some_and(|cancelled| !is_bound(&self.core, cancelled))
    }

    /// The step of a saga that is to be cut short next.
    pub(super) fn first_cut(&self) -> Option<u64> {
        let cancelled = self.owed.cancelled?;
        let mut all = self.core.invocations.iter();
        all.find(|asked| cancelled.cuts::<C>(asked)).map(|asked| asked.id)
    }

    /// How a step of a saga ends that is cut short, and what that leads to.
    pub(super) fn cut(&self, at: usize) -> Option<(C::Reply, Answer)> {
        let asked = &self.core.invocations[at];
        let Role::Step(trigger) = part::<C>(asked)?.role else { return None };
        let failure = Failure::new(Failure::CANCELLED, "nobody waits for the instance any more");
        Some((C::unexpected(&asked.request, failure), Answer::End(trigger)))
    }

    /// True if a saga is on its way back and could not take something back.
    fn is_incomplete(&self) -> bool {
        let undone = self.core.invocations.iter().filter_map(part::<C>);
        let mut undone = undone.filter(|part| part.role == Role::Undo).peekable();
        if undone.peek().is_none() {
            return false;
        }
        // Data of states have no names but those under which they are kept. If they cannot be written,
        // neither can the step.
        let data = exact::of(&self.core.data).unwrap_or_default();
        undone.any(|part| data[format!("{}.{{incomplete}}", part.saga)] == true)
    }
}
