//! What every store has to do, as tests.
//!
//! [`check`] takes a way to make places for stores. A place is opened as often as a test likes, one
//! store after the other or two at once, and what was committed through one of them is there in the
//! next.
//!
//! ```
//! use statewright::store::{Memory, Store, conformance};
//!
//! conformance::check(|_test| {
//!     let disk = Memory::new();
//!     Box::new(move || Box::new(disk.clone()))
//! });
//! ```

mod commits;
mod follow;
mod inbox;
mod letters;
mod lists;
mod make;
mod odd;
mod owning;
mod pruning;
mod reading;
mod resting;
mod tasks;

use super::{Commit, Outcome, Store, StoreError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

/// Opens the store at a place, for running.
pub type Open = Box<dyn Fn() -> Box<dyn Store>>;

/// A test: what a store at a new place has to do. It panics if that is not so.
pub type Case = fn(&Open);

/// A store that takes longer for a commit hangs.
const PATIENCE: Duration = Duration::from_secs(60);

macro_rules! cases {
    ($($module:ident: $($name:ident)*;)*) => {
        /// All tests with their names.
        pub const CASES: &[(&str, Case)] = &[$($((stringify!($name), $module::$name),)*)*];
    };
}

cases! {
    commits:
        a_new_store_is_empty
        what_is_committed_is_there_after_reopening
        a_batch_is_all_or_nothing
        each_batch_is_answered_in_order
        an_answer_may_hand_over_the_next_batch
        a_batch_of_nothing_is_done
        a_key_is_given_once
        a_key_is_given_once_in_a_batch
        what_is_left_out_leaves_nothing
        many_threads_commit_and_read
        time_never_goes_back
        numbers_are_given_once
        shapes_are_remembered;
    follow:
        steps_have_no_gaps
        steps_are_written_once
        outputs_have_no_gaps
        what_is_not_there_takes_no_steps
        numbers_of_instances_are_not_taken_twice
        numbers_out_of_range_are_refused
        a_snapshot_is_of_the_last_step
        a_bad_batch_leaves_others_alone;
    resting:
        what_made_a_step_is_running_until_it_rests
        a_snapshot_alone_is_no_rest
        only_what_rests_is_due
        what_is_due_comes_in_order
        a_rest_replaces_the_one_before
        what_has_ended_does_not_run
        what_is_tried_again_runs
        a_cause_without_a_snapshot_keeps_the_one_before;
    reading:
        instances_are_loaded_in_the_order_asked
        only_steps_behind_the_snapshot_are_loaded
        many_instances_are_loaded_at_once
        history_is_read_in_parts
        outputs_are_read_in_parts
        the_first_answer_stays;
    lists:
        lists_show_the_last_step
        states_are_found_at_dots
        filters_are_joined
        lists_go_on_behind_a_number
        lists_know_status_and_cause
        counts_are_those_of_lists;
    inbox:
        messages_wait_until_they_are_taken
        messages_can_be_left_without_a_claim
        messages_are_taken_once
        messages_are_taken_with_the_commit_or_not_at_all
        messages_can_be_taken_without_an_instance;
    letters:
        letters_are_owed_until_they_are_taken
        letters_are_taken_once
        letters_that_are_refused_wait_with_their_history
        what_is_not_dead_is_neither_resent_nor_given_up
        letters_of_a_commit_that_is_left_out_are_not_sent;
    tasks:
        tasks_are_open_until_they_are_closed
        tasks_are_found_by_what_is_asked_for
        all_other_tasks_can_be_closed
        what_happens_with_tasks_is_told_in_order
        old_tasks_are_deleted;
    pruning:
        steps_in_a_snapshot_are_deleted_by_age
        steps_of_what_is_parked_are_kept
        what_has_ended_is_deleted_with_all_of_it
        what_has_ended_is_kept_as_long_as_its_answers
        old_answers_are_deleted
        old_letters_are_deleted
        pruning_goes_in_parts
        numbers_of_deleted_instances_are_not_given_again;
    owning:
        one_runs_it_at_a_time
        nothing_is_written_without_a_claim
        a_claim_ends_with_its_store;
    odd:
        any_key_is_a_key
        large_bodies_are_kept
        any_text_is_kept;
}

/// Runs all tests, each at a place of its own; `place` is told the name of the test.
///
/// # Panics
/// If a test fails, after all have run; the message names those that failed.
pub fn check(place: impl Fn(&str) -> Open) {
    let failed: Vec<&str> = CASES
        .iter()
        .filter(|(name, case)| catch_unwind(AssertUnwindSafe(|| case(&place(name)))).is_err())
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "the store does not do as stores do: {failed:?}");
}

/// Commits a batch and waits for what becomes of it.
///
/// # Errors
/// What the store says.
///
/// # Panics
/// If the store does not answer within a minute.
pub fn commit(store: &dyn Store, batch: Vec<Commit>) -> Result<Vec<Outcome>, StoreError> {
    let (tell, told) = mpsc::channel();
    store.commit(batch, Box::new(move |result| drop(tell.send(result))));
    told.recv_timeout(PATIENCE).expect("the store answers each commit")
}

/// Opens and claims.
#[track_caller]
fn claimed(open: &Open) -> Box<dyn Store> {
    let store = open();
    ok(store.claim());
    store
}

/// Commits a batch of which nothing may be left out.
#[track_caller]
fn done(store: &dyn Store, batch: Vec<Commit>) {
    let outcomes = vec![Outcome::Done; batch.len()];
    assert_eq!(commit(store, batch), Ok(outcomes));
}

/// What the store gives.
#[track_caller]
fn ok<T>(result: Result<T, StoreError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the store says: {error}"),
    }
}
