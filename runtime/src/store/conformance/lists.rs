//! Lists and counts.

use super::make::{create, create_of, ids, in_state, shape, summary};
use super::{Open, claimed, done, ok};
use crate::store::{Commit, Filter, Status, Store, Summary};

const PARALLEL: &str = "Operating.Cars.Go & Operating.Walkers.Wait";

pub(super) fn lists_show_the_last_step(open: &Open) {
    let store = claimed(open);
    let id = ok(store.put_shape(&shape("Door", 4, 1)));
    let first = create(1, "a", 10).step(1, "Open").due(1, "Open", 90);
    done(&*store, vec![first.with(|rest| rest.shape = id)]);
    let mut expected = Summary {
        id: 1,
        machine: "Door".to_string(),
        key: "a".to_string(),
        version: 4,
        status: Status::Running,
        state: "Open".to_string(),
        seq: 1,
        created: 10,
        changed: 10,
        due: Some(90),
        cause: None,
    };
    assert_eq!(summary(&*store, 1), expected);
    done(&*store, vec![Commit::of(1, 20).step(2, "Shut"), Commit::of(1, 30).step(3, PARALLEL)]);
    expected.state = PARALLEL.to_string();
    (expected.seq, expected.changed, expected.due) = (3, 30, None);
    assert_eq!(summary(&*store, 1), expected);
    // Coming to rest is no step.
    done(&*store, vec![Commit::of(1, 40).rest(3, PARALLEL).with(|rest| rest.shape = id)]);
    assert_eq!(summary(&*store, 1), expected);
    done(&*store, vec![create(2, "b", 50)]);
    let fresh = summary(&*store, 2);
    assert_eq!((fresh.state.as_str(), fresh.seq, fresh.changed), ("", 0, 50));
}

pub(super) fn states_are_found_at_dots(open: &Open) {
    let store = claimed(open);
    done(
        &*store,
        vec![
            create(1, "a", 1).step(1, PARALLEL).rest(1, PARALLEL),
            create(2, "b", 1).step(1, PARALLEL),
            create(3, "c", 1).step(1, "Operating.Cars.Stop").rest(1, "Operating.Cars.Stop"),
            create(4, "d", 1).step(1, "Operated").rest(1, "Operated"),
            create(5, "e", 1).step(1, "Off").rest(1, "Off"),
            create(6, "f", 1).step(1, "Off").rest(1, "Off"),
        ],
    );
    // What it was when it rested does not count any more.
    done(&*store, vec![Commit::of(6, 2).step(2, "Operating.Cars.Stop")]);
    let found = |state: &str| found(&*store, &in_state(state));
    assert_eq!(found("Operating"), [1, 2, 3, 6]);
    assert_eq!(found("Operating.Cars"), [1, 2, 3, 6]);
    assert_eq!(found("Operating.Walkers.Wait"), [1, 2]);
    assert_eq!(found("Operating.Cars.Stop"), [3, 6]);
    assert_eq!(found("Off"), [5]);
    for none in ["Cars", "Oper", "Operating.Car", "Go", "", PARALLEL, "%", "'"] {
        assert!(found(none).is_empty(), "{none}");
    }
}

pub(super) fn filters_are_joined(open: &Open) {
    let store = claimed(open);
    done(
        &*store,
        vec![
            create(1, "a", 10).step(1, "Open").rest(1, "Open"),
            create(2, "b", 20).step(1, "Open").end(1, "Open", Status::Parked),
            create_of("Lamp", 3, "a", 30).step(1, "Open").rest(1, "Open"),
            create(4, "d", 40).step(1, "Shut").rest(1, "Shut"),
            create(5, "e", 50).step(1, "Open"),
        ],
    );
    let door = || Filter { machine: Some("Door".to_string()), ..in_state("Open") };
    assert_eq!(found(&*store, &door()), [1, 2, 5]);
    let running = || Filter { status: Some(Status::Running), ..door() };
    assert_eq!(found(&*store, &running()), [1, 5]);
    assert_eq!(found(&*store, &Filter { changed_since: Some(20), ..running() }), [5]);
    assert_eq!(found(&*store, &Filter { changed_before: Some(20), ..running() }), [1]);
    let between = Filter { changed_since: Some(20), changed_before: Some(40), ..in_state("Open") };
    assert_eq!(found(&*store, &between), [2, 3]);
    let machine = |name: &str| Filter { machine: Some(name.to_string()), ..Filter::default() };
    assert_eq!(found(&*store, &machine("Lamp")), [3]);
    assert!(found(&*store, &machine("Gate")).is_empty());
    assert_eq!(found(&*store, &Filter::default()), [1, 2, 3, 4, 5]);
}

pub(super) fn lists_go_on_behind_a_number(open: &Open) {
    let store = claimed(open);
    let batch = (1..=40).map(|id| {
        let commit = create(id, &format!("{id}"), 1).step(1, "Open");
        // Some rest, in three states, and some do not.
        let state = ["Open.A", "Open.B", "Open.C"][id as usize % 3];
        if id % 4 == 0 { commit } else { commit.rest(1, state) }
    });
    done(&*store, batch.collect());
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied().unwrap_or(0);
        let part = ok(store.list(&Filter { after, limit: 7, ..in_state("Open") }));
        assert!(part.len() <= 7);
        if part.is_empty() {
            break;
        }
        seen.extend(ids(&part));
    }
    assert_eq!(seen, (1..=40).collect::<Vec<u64>>());
    let behind = Filter { after: 38, limit: 0, ..Filter::default() };
    assert_eq!(ids(&ok(store.list(&behind))), [39, 40]);
    assert!(ok(store.list(&Filter { after: u64::MAX, ..Filter::default() })).is_empty());
    // Counting goes over all.
    assert_eq!(ok(store.count(&behind)), 40);
}

pub(super) fn lists_know_status_and_cause(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 1).step(1, "Open"), create(2, "b", 1).step(1, "Open")]);
    let parked = Commit::of(2, 5).end(1, "Open", Status::Parked);
    done(&*store, vec![parked.with(|rest| rest.cause = Some("\"odd\"".to_string()))]);
    let with = |status| Filter { status: Some(status), ..Filter::default() };
    let listed = ok(store.list(&with(Status::Parked)));
    assert_eq!(ids(&listed), [2]);
    assert_eq!(listed[0].cause.as_deref(), Some("\"odd\""));
    assert_eq!((listed[0].changed, listed[0].seq), (5, 1));
    assert_eq!(found(&*store, &with(Status::Running)), [1]);
    assert!(found(&*store, &with(Status::Finished)).is_empty());
    // Given up, with the cause left.
    done(&*store, vec![Commit::of(2, 7).end(1, "Open", Status::Abandoned)]);
    assert!(found(&*store, &with(Status::Parked)).is_empty());
    assert_eq!(found(&*store, &with(Status::Abandoned)), [2]);
    assert_eq!(summary(&*store, 2).changed, 7);
}

pub(super) fn counts_are_those_of_lists(open: &Open) {
    let store = claimed(open);
    let states = ["Open", "Shut.A", "Shut.B", PARALLEL];
    let status = [Status::Running, Status::Running, Status::Finished, Status::Parked];
    let batch = (1..=200u64).map(|id| {
        let machine = if id % 3 == 0 { "Lamp" } else { "Door" };
        let state = states[id as usize % 4];
        let commit = create_of(machine, id, &format!("{id}"), id).step(1, state);
        if id % 5 == 0 { commit } else { commit.end(1, state, status[id as usize % 7 % 4]) }
    });
    done(&*store, batch.collect());
    // Some go on from their rest, into another state.
    let on = (1..=200).filter(|id| id % 11 == 0).map(|id| Commit::of(id, 500).step(2, "Shut.A"));
    done(&*store, on.collect());
    for state in [None, Some("Shut"), Some("Open"), Some("Operating.Cars"), Some("None")] {
        for machine in [None, Some("Door"), Some("Lamp")] {
            for status in [None, Some(Status::Running), Some(Status::Parked)] {
                for since in [None, Some(100)] {
                    let filter = Filter {
                        machine: machine.map(String::from),
                        state: state.map(String::from),
                        status,
                        changed_since: since,
                        ..Filter::default()
                    };
                    let listed = ok(store.list(&filter)).len() as u64;
                    assert_eq!(ok(store.count(&filter)), listed, "{filter:?}");
                    assert!(listed > 0 || state == Some("None"), "{filter:?}");
                }
            }
        }
    }
}

#[track_caller]
fn found(store: &dyn Store, filter: &Filter) -> Vec<u64> {
    let found = ids(&ok(store.list(filter)));
    assert_eq!(ok(store.count(filter)), found.len() as u64, "{filter:?}");
    found
}
