//! Doubts a model: every rule reads it and says what is wrong or looks wrong.
//!
//! A rule is one file with one function. What several of them need stands in [`tree`] (who stands
//! in whom), [`entry`] (what a branch enters), [`graph`] (what can follow what),
//! [`landing`] (where a branch ends and what it does on the way), [`stirred`] (which states speak of an event), [`together`] (which
//! are active at once), [`guards`] (when guards hold), [`shared`] (how guards of two handlers compare), [`ends`] (who hears how activities end), [`calls`] (what chains are made of and how long they take), [`exprs`] (what expressions ask for), [`constant`] (what guards say for good) and [`facts`] (answers to common
//! questions). A rule says one mistake once: what only follows from another
//! mistake is left out, or is a note there.

mod amplified;
mod bits;
mod calls;
mod constant;
mod ends;
mod entry;
mod exprs;
mod facts;
mod graph;
mod guards;
mod idle_circuit;
mod landing;
mod shared;
mod stirred;
mod together;
mod tree;
mod words;

mod dead_branch;
mod dead_end;
mod dead_error;
mod dead_event;
mod dead_fallback;
mod endless_calls;
mod eventless_cycle;
mod fan_out;
mod guarded_cycle;
mod handled_twice;
mod hidden_handler;
mod late_reminder;
mod left_data;
mod lonely;
mod lost_result;
mod lost_update;
mod missing_else;
mod naming;
mod no_key;
mod no_termination;
mod no_time_left;
mod no_timeout;
mod no_until;
mod overwritten;
mod region_conflict;
mod repeated_action;
mod retry_storm;
mod saga;
mod same_key;
mod self_target;
mod silent_failure;
mod spent;
mod swallowed;
mod uncaught;
mod unhandled;
mod unreachable;
mod unset_data;
mod unset_read;
mod unused;
mod unused_payload;
mod useless_retry;

use crate::diagnostic::Diagnostics;
use crate::model::{Model, Valid};
use facts::Facts;

/// What every rule looks like.
type Rule = fn(&Facts, &mut Diagnostics);

/// Rules that look at one statement at a time. They hold for models with other mistakes too.
const LOCAL: &[Rule] =
    &[naming::check, self_target::check, handled_twice::check, missing_else::check];

/// Rules that need the whole machine: a name that was not understood is an edge that is not there,
/// and would give messages that go away with the first one.
const WHOLE: &[Rule] = &[
    unused::check,
    unreachable::check,
    dead_end::check,
    no_termination::check,
    lonely::check,
    dead_branch::check,
    dead_error::check,
    dead_event::check,
    unhandled::check,
    hidden_handler::check,
    eventless_cycle::check,
    guarded_cycle::check,
    region_conflict::check,
    lost_update::check,
    unset_data::check,
    left_data::check,
    unset_read::check,
    unused_payload::check,
    lost_result::check,
    overwritten::check,
    spent::check,
    uncaught::check,
    swallowed::check,
    no_timeout::check,
    retry_storm::check,
    useless_retry::check,
    idle_circuit::check,
    repeated_action::check,
    endless_calls::check,
    no_time_left::check,
    late_reminder::check,
    no_until::check,
    same_key::check,
    dead_fallback::check,
    saga::irreversible::check,
    saga::no_way_on::check,
    saga::shared_step::check,
    saga::open_end::check,
    saga::frail_undo::check,
    saga::outside_effect::check,
    saga::half_done::check,
    fan_out::unbounded::check,
    fan_out::herd::check,
    fan_out::impossible::check,
    fan_out::traces::check,
    fan_out::tie::check,
    no_key::check,
    silent_failure::check,
];

/// Runs all rules over the machines of a file. Nothing is valid if there is an error, found here or
/// before. Machines that are imported are looked into where one that is checked starts them.
pub fn check(mut models: Vec<Model>, imported: &[Model], d: &mut Diagnostics) -> Vec<Valid<Model>> {
    // An error from before may mean that something was not understood.
    let understood = !d.has_errors();
    let all: Vec<Facts> = models.iter().map(Facts::new).collect();
    for facts in &all {
        LOCAL.iter().for_each(|rule| rule(facts, d));
        if understood {
            WHOLE.iter().for_each(|rule| rule(facts, d));
        }
    }
    if understood {
        endless_calls::children::check(&all, d);
        let imported: Vec<Facts> = imported.iter().map(Facts::new).collect();
        amplified::check(&all, &imported, d);
    }
    let late: Vec<_> = all.iter().map(unset_read::late_fields).collect();
    drop(all);
    for (model, late) in models.iter_mut().zip(late) {
        for (state, late) in model.states.iter_mut().zip(late) {
            state.late = late;
        }
    }
    if d.has_errors() {
        return Vec::new();
    }
    models.into_iter().map(Valid::assume_valid).collect()
}
