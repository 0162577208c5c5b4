//! How far the calls of an instance have come: kept with it, so that a restart neither forgets an
//! attempt nor makes one more.

use crate::activity::Invocation;
use crate::chart::Chart;
use crate::policy::{Course, Place};
use crate::store::Millis;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The calls of an instance that are under a policy, by invocation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Courses {
    courses: BTreeMap<u64, Course>,
    /// Those whose next attempt is not due yet.
    #[serde(skip)]
    waiting: BTreeSet<u64>,
    /// There was one once.
    #[serde(skip)]
    were_any: bool,
}

impl Courses {
    /// True if there is nothing to be kept.
    pub(super) fn is_empty(&self) -> bool {
        self.courses.is_empty()
    }

    /// True if there is or was a call under a policy.
    pub(super) fn were_any(&self) -> bool {
        self.were_any || !self.courses.is_empty()
    }

    /// As they were read: what was tried before may have to wait.
    pub(super) fn restored(mut self) -> Self {
        let tried = self.courses.iter().filter(|(_, course)| course.attempt > 1);
        self.waiting = tried.map(|(id, _)| *id).collect();
        self
    }

    /// What was due by then was cut off, and may have been done. A first attempt is due at once.
    pub(super) fn cut_off(&mut self, by: Millis) {
        let by = Duration::from_millis(by);
        for course in self.courses.values_mut() {
            course.unsure |= course.attempt == 1 || course.due <= by;
        }
    }

    /// A call begins: the first of its chain, or a fallback.
    pub(super) fn begin<C: Chart>(&mut self, asked: &Invocation<C::Request>, now: Duration) {
        let mut calls = 0..=asked.call + asked.fallbacks.len() as u16;
        let is_step = C::STEPS.contains(&asked.invoke);
        if !is_step && calls.all(|call| C::policy(asked.invoke, call).is_none()) {
            return;
        }
        let course = self.courses.get(&asked.id).copied();
        let course = match asked.call {
            0 => Course::new(now),
            call => course.unwrap_or(Course::new(now)).of_fallback(call, now),
        };
        self.were_any = true;
        self.courses.insert(asked.id, course);
        self.waiting.remove(&asked.id);
    }

    /// All calls begin anew: a person wants it so. What ran when the instance was parked was cut off, and
    /// may have been done.
    pub(super) fn renew<R>(&mut self, asked: &[Invocation<R>], now: Duration) {
        let waited = std::mem::take(&mut self.waiting);
        for invocation in asked {
            if let Some(course) = self.courses.get_mut(&invocation.id) {
                let unsure = course.unsure || !waited.contains(&invocation.id);
                *course = Course::new(now).of_fallback(invocation.call, now);
                course.unsure = unsure;
            }
        }
    }

    /// Only these are still asked for.
    pub(super) fn keep<R>(&mut self, asked: &[Invocation<R>]) {
        if !self.courses.is_empty() {
            let mut asked: Vec<u64> = asked.iter().map(|invocation| invocation.id).collect();
            asked.sort_unstable();
            let is_asked = |id: &u64| asked.binary_search(id).is_ok();
            self.courses.retain(|id, _| is_asked(id));
            self.waiting.retain(is_asked);
        }
    }

    /// A call is over.
    pub(super) fn end(&mut self, id: u64) {
        self.courses.remove(&id);
        self.waiting.remove(&id);
    }

    pub(super) fn get(&self, id: u64) -> Option<&Course> {
        self.courses.get(&id)
    }

    /// The course of a call, to be changed.
    pub(super) fn of(&mut self, id: u64) -> Option<&mut Course> {
        self.courses.get_mut(&id)
    }

    /// The next attempt is not due yet.
    pub(super) fn wait(&mut self, id: u64) {
        self.waiting.insert(id);
    }

    pub(super) fn is_waiting(&self, id: u64) -> bool {
        self.waiting.contains(&id)
    }

    /// When the next attempt is due.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.waiting.iter().filter_map(|id| Some(self.courses.get(id)?.due)).min()
    }

    /// The calls whose next attempt is due.
    pub(super) fn take_due(&mut self, now: Millis) -> Vec<u64> {
        let now = Duration::from_millis(now);
        let is_due = |id: &u64| self.courses.get(id).is_none_or(|course| course.due <= now);
        let due: Vec<u64> = self.waiting.iter().copied().filter(is_due).collect();
        for id in &due {
            self.waiting.remove(id);
        }
        due
    }
}

/// Where a call stands in its chart.
pub(super) fn place<R>(asked: &Invocation<R>) -> Place {
    let has_fallback = !asked.fallbacks.is_empty();
    Place { invoke: asked.invoke, call: asked.call, has_fallback }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = r#"{"1":{"call":0,"attempt":3,"due":5000,"began":100,"call_began":100},"2":{"call":1,"attempt":1,"due":70,"began":60,"call_began":70}}"#;

    #[test]
    fn what_was_tried_before_waits_until_it_is_due_behind_a_restart() {
        let kept: Courses = serde_json::from_str(KEPT).unwrap();
        assert_eq!(serde_json::to_string(&kept).unwrap(), KEPT);
        let mut restored = kept.restored();
        restored.cut_off(4_999);
        assert_eq!(restored.get(1).map(|course| course.attempt), Some(3));
        // A first attempt is made at once; it may have been cut off.
        assert_eq!((restored.is_waiting(1), restored.is_waiting(2)), (true, false));
        let unsure = |restored: &Courses, id| restored.get(id).map(|course| course.unsure);
        // One whose time has not come has not begun.
        assert_eq!((unsure(&restored, 1), unsure(&restored, 2)), (Some(false), Some(true)));
        restored.cut_off(5_000);
        assert_eq!(unsure(&restored, 1), Some(true));
        assert_eq!(restored.deadline(), Some(Duration::from_secs(5)));
        assert_eq!(restored.take_due(4_999), [] as [u64; 0]);
        assert_eq!(restored.take_due(5_000), [1]);
        assert_eq!((restored.take_due(5_000), restored.deadline()), (vec![], None));
        // It is kept as the third until it has ended.
        assert_eq!(restored.get(1).map(|course| course.attempt), Some(3));
    }

    #[test]
    fn what_ran_before_a_person_let_it_try_again_may_have_been_done() {
        let mut kept: Courses = serde_json::from_str(KEPT).unwrap();
        kept.wait(1);
        let asked = |id: u64, call: u16| Invocation {
            id,
            invoke: 0,
            request: (),
            call,
            fallbacks: Vec::new(),
            asked: None,
            undoes: None,
            told: true,
        };
        kept.renew(&[asked(1, 0), asked(2, 1)], Duration::from_secs(9));
        let unsure = |id| kept.get(id).map(|course| (course.attempt, course.unsure));
        // The first was between two attempts, which have said how they ended.
        assert_eq!((unsure(1), unsure(2)), (Some((1, false)), Some((1, true))));
    }
}
