//! What the engine counts and times, through the `metrics` facade: whoever installs a recorder sees it.

use crate::store::{Millis, TaskNews};
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use std::time::Duration;

/// Says what each metric means and in which unit, to the recorder that is installed. That has to be
/// there before an engine is started.
pub fn describe_metrics() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("statewright_steps_total", "Steps that were made, by machine");
    describe_histogram!("statewright_batch_size", "Instances in one batch of a shard");
    describe_histogram!(
        "statewright_commit_seconds",
        Unit::Seconds,
        "From handing a batch over until it is durable"
    );
    describe_counter!(
        "statewright_commit_failures_total",
        "Instances whose commit the store has refused"
    );
    describe_gauge!("statewright_waiting", "Messages that wait, by shard");
    describe_gauge!("statewright_resident", "Instances in memory, by shard");
    describe_counter!("statewright_activities_total", "Activities that were started, by machine");
    describe_counter!(
        "statewright_activity_ends_total",
        "Activities that have ended, by machine and outcome: ok, error"
    );
    describe_histogram!(
        "statewright_activity_seconds",
        Unit::Seconds,
        "From the start of an activity to its end, by machine"
    );
    describe_counter!("statewright_late_results_total", "Results that nobody waited for any more");
    describe_counter!("statewright_panicked_actions_total", "Actions that have panicked");
    describe_counter!(
        "statewright_panicked_shards_total",
        "Panics that no guard has caught: a shard went on from the store"
    );
    describe_histogram!(
        "statewright_timer_lateness_seconds",
        Unit::Seconds,
        "From when a timer was due until its step was durable, by machine"
    );
    describe_histogram!(
        "statewright_answer_seconds",
        Unit::Seconds,
        "From when something was sent until it is answered, being durable, by machine"
    );
    describe_gauge!("statewright_parked", "Instances that are parked, by machine");
    describe_counter!("statewright_parked_total", "Instances that were parked, by machine");
    describe_counter!(
        "statewright_migrated_total",
        "Instances of another shape that were carried over, by machine"
    );
    describe_counter!("statewright_dead_letters_total", "Letters that could not be delivered");
    describe_counter!(
        "statewright_tasks_total",
        "Tasks of people, by machine and news: opened, reminded, escalated, closed"
    );
    #[cfg(feature = "sqlite")]
    crate::store::describe_sqlite();
    crate::policy::meters::describe();
}

/// What the instances of one machine do. A metric with a label is looked up by an allocation.
pub(super) struct Machine {
    steps: Counter,
    started: Counter,
    ended: Counter,
    failed: Counter,
    seconds: Histogram,
    parked: Counter,
    parked_now: Gauge,
    answers: Histogram,
    lateness: Histogram,
    opened: Counter,
    reminded: Counter,
    escalated: Counter,
    closed: Counter,
}

impl Machine {
    pub(super) fn new(machine: &'static str) -> Self {
        let ends = |outcome: &'static str| counter!("statewright_activity_ends_total", "machine" => machine, "outcome" => outcome);
        let tasks = |news: &'static str| counter!("statewright_tasks_total", "machine" => machine, "news" => news);
        Self {
            steps: counter!("statewright_steps_total", "machine" => machine),
            started: counter!("statewright_activities_total", "machine" => machine),
            ended: ends("ok"),
            failed: ends("error"),
            seconds: histogram!("statewright_activity_seconds", "machine" => machine),
            parked: counter!("statewright_parked_total", "machine" => machine),
            parked_now: gauge!("statewright_parked", "machine" => machine),
            answers: histogram!("statewright_answer_seconds", "machine" => machine),
            lateness: histogram!("statewright_timer_lateness_seconds", "machine" => machine),
            opened: tasks("opened"),
            reminded: tasks("reminded"),
            escalated: tasks("escalated"),
            closed: tasks("closed"),
        }
    }

    pub(super) fn steps(&self, steps: usize) {
        self.steps.increment(steps as u64);
    }

    pub(super) fn activity_started(&self) {
        self.started.increment(1);
    }

    pub(super) fn activity_ended(&self, is_error: bool, took: Duration) {
        let ended = if is_error { &self.failed } else { &self.ended };
        ended.increment(1);
        self.seconds.record(took.as_secs_f64());
    }

    /// What has become of tasks.
    pub(super) fn tasks(&self, news: &[TaskNews]) {
        let count = |counter: &Counter, wanted| {
            let found = news.iter().filter(|news| **news == wanted).count();
            counter.increment(found as u64);
        };
        count(&self.opened, TaskNews::Opened);
        count(&self.reminded, TaskNews::Reminded);
        count(&self.escalated, TaskNews::Escalated);
        count(&self.closed, TaskNews::Closed);
    }

    pub(super) fn parked(&self) {
        self.parked.increment(1);
    }

    /// So many are parked when the engine starts.
    pub(super) fn are_parked(&self, count: u64) {
        self.parked_now.set(count as f64);
    }

    /// There is one more, or one less, that is parked.
    pub(super) fn park_changed(&self, is_more: bool) {
        match is_more {
            true => self.parked_now.increment(1.0),
            false => self.parked_now.decrement(1.0),
        }
    }

    /// Somebody was answered.
    pub(super) fn answered(&self, waited: Duration) {
        self.answers.record(waited.as_secs_f64());
    }

    /// The step of a timer is durable.
    pub(super) fn timer_late(&self, by: Millis) {
        self.lateness.record(by as f64 / 1000.0);
    }
}

pub(super) fn migrated(machine: &'static str) {
    counter!("statewright_migrated_total", "machine" => machine).increment(1);
}

pub(super) fn batch(size: usize) {
    histogram!("statewright_batch_size").record(size as f64);
}

pub(super) fn commit(took: Duration) {
    histogram!("statewright_commit_seconds").record(took.as_secs_f64());
}

pub(super) fn commit_failed() {
    counter!("statewright_commit_failures_total").increment(1);
}

/// How much waits for a shard and is held by it.
pub(super) struct Load {
    waiting: Gauge,
    resident: Gauge,
}

impl Load {
    pub(super) fn new(shard: usize) -> Self {
        let shard = shard.to_string();
        Self {
            waiting: gauge!("statewright_waiting", "shard" => shard.clone()),
            resident: gauge!("statewright_resident", "shard" => shard),
        }
    }

    pub(super) fn set(&self, waiting: usize, resident: usize) {
        self.waiting.set(waiting as f64);
        self.resident.set(resident as f64);
    }
}

pub(super) fn dead_letter() {
    counter!("statewright_dead_letters_total").increment(1);
}

pub(super) fn late_result() {
    counter!("statewright_late_results_total").increment(1);
}

pub(super) fn shard_panicked() {
    counter!("statewright_panicked_shards_total").increment(1);
}

pub(super) fn action_panicked() {
    counter!("statewright_panicked_actions_total").increment(1);
}
