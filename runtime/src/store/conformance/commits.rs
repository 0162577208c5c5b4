//! Batches: durable as a whole, answered in order.

use super::make::{create, create_of, load, shape};
use super::{Open, claimed, commit, done, ok};
use crate::store::{Commit, Filter, Outcome, Shape, Store, StoreError};
use std::sync::{Arc, Mutex, mpsc};

pub(super) fn a_new_store_is_empty(open: &Open) {
    let store = claimed(open);
    assert_eq!(ok(store.last_time()), 0);
    assert_eq!(ok(store.next_instance()), 1);
    assert!(ok(store.shapes()).is_empty());
    assert_eq!(ok(store.find("Door", "a")), None);
    assert!(ok(store.load(&[1])).is_empty());
    assert!(ok(store.running(0, 10)).is_empty());
    assert!(ok(store.due(u64::MAX, 10)).is_empty());
    assert_eq!(ok(store.next_due()), None);
    assert!(ok(store.list(&Filter::default())).is_empty());
    assert_eq!(ok(store.count(&Filter::default())), 0);
    assert!(ok(store.history(1, 1, 10)).is_empty());
    assert!(ok(store.outputs(1, 0, 10)).is_empty());
    assert!(ok(store.answers(1)).is_empty());
    assert!(ok(store.inbox(0, 10)).is_empty());
    assert_eq!(ok(store.inbox_answer(1)), None);
}

pub(super) fn what_is_committed_is_there_after_reopening(open: &Open) {
    let store = claimed(open);
    let id = ok(store.put_shape(&shape("Door", 3, 1)));
    let first = create(1, "a", 10).step(1, "Locked").output(1).answer("m", "\"Handled\"");
    done(&*store, vec![first, create(2, "b", 20).step(1, "Open").due(1, "Open", 90)]);
    done(&*store, vec![Commit::of(1, 30).step(2, "Closed")]);
    drop(store);

    let store = claimed(open);
    assert_eq!(ok(store.shapes()), [(id, shape("Door", 3, 1))]);
    assert_eq!(ok(store.last_time()), 30);
    assert_eq!(ok(store.next_instance()), 3);
    assert_eq!(ok(store.find("Door", "a")), Some(1));
    assert_eq!(ok(store.running(0, 10)), [1]);
    assert_eq!(ok(store.due(90, 10)), [(90, 2)]);
    assert_eq!(load(&*store, 1).records.len(), 2);
    assert_eq!(load(&*store, 2).snapshot.as_deref(), Some("{\"after\":1}"));
    assert_eq!(ok(store.outputs(1, 0, 10)).len(), 1);
    assert_eq!(ok(store.answers(1)), [("m".to_string(), "\"Handled\"".to_string())]);
    // The next step follows what was there.
    done(&*store, vec![Commit::of(1, 40).step(3, "Open").output(2)]);
    done(&*store, vec![Commit::of(2, 40).step(2, "Open")]);
    assert_eq!(ok(store.next_due()), None);
}

pub(super) fn a_batch_is_all_or_nothing(open: &Open) {
    let store = claimed(open);
    let letter = ok(store.post(&super::make::message("a", 1)));
    let before = create(1, "a", 10).step(1, "Locked").output(1).answer("m", "x").take(letter, "y");
    let gap = create(2, "b", 20).step(2, "Locked");
    assert!(matches!(commit(&*store, vec![before.clone(), gap]), Err(StoreError::Failed(_))));
    assert_eq!(ok(store.count(&Filter::default())), 0);
    assert!(ok(store.running(0, 10)).is_empty());
    assert!(ok(store.history(1, 1, 10)).is_empty());
    assert!(ok(store.outputs(1, 0, 10)).is_empty());
    assert!(ok(store.answers(1)).is_empty());
    assert_eq!(ok(store.inbox(0, 10)).len(), 1);
    assert_eq!(ok(store.last_time()), 0);
    // Nor does it stand in the way of the same done right.
    done(&*store, vec![before, create(2, "b", 20).step(1, "Locked")]);
    assert_eq!(ok(store.running(0, 10)), [1, 2]);
    assert!(ok(store.inbox(0, 10)).is_empty());
}

/// Also batches that fail: they keep their place.
pub(super) fn each_batch_is_answered_in_order(open: &Open) {
    const BATCHES: u64 = 300;
    let store = claimed(open);
    let (tell, told) = mpsc::channel();
    for at in 1..=BATCHES {
        let batch = match at % 7 {
            0 => vec![create(at, "gap", at).step(5, "Locked")],
            1 => vec![create(at, &format!("{at}"), at), create(at + BATCHES, &format!("{at}"), at)],
            _ => vec![create(at, &format!("{at}"), at)],
        };
        let tell = tell.clone();
        store.commit(batch, Box::new(move |result| drop(tell.send((at, result)))));
    }
    for at in 1..=BATCHES {
        let (answered, result) =
            told.recv_timeout(super::PATIENCE).expect("each batch is answered");
        assert_eq!(answered, at);
        match at % 7 {
            0 => assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}"),
            1 => assert_eq!(result, Ok(vec![Outcome::Done, Outcome::Duplicate])),
            _ => assert_eq!(result, Ok(vec![Outcome::Done])),
        }
    }
    assert_eq!(ok(store.count(&Filter::default())), BATCHES - BATCHES / 7);
}

/// What is told of is there to be read, and `done` may use the store.
pub(super) fn an_answer_may_hand_over_the_next_batch(open: &Open) {
    let store: Arc<dyn Store> = Arc::from(claimed(open));
    let (tell, told) = mpsc::channel();
    let inner = store.clone();
    let next = move |first| {
        let seen = inner.find("Door", "a");
        let tell_next = tell.clone();
        inner.commit(
            vec![Commit::of(1, 2).step(1, "Open")],
            Box::new(move |second| drop(tell_next.send((first, seen, second)))),
        );
    };
    store.commit(vec![create(1, "a", 1)], Box::new(next));
    let (first, seen, second) = told.recv_timeout(super::PATIENCE).expect("both are answered");
    assert_eq!((first, seen), (Ok(vec![Outcome::Done]), Ok(Some(1))));
    assert_eq!(second, Ok(vec![Outcome::Done]));
    assert_eq!(load(&*store, 1).records.len(), 1);
}

pub(super) fn a_batch_of_nothing_is_done(open: &Open) {
    let store = claimed(open);
    assert_eq!(commit(&*store, vec![]), Ok(vec![]));
    done(&*store, vec![create(1, "a", 1)]);
    done(&*store, vec![Commit::of(1, 2)]);
    assert_eq!(ok(store.last_time()), 2);
}

pub(super) fn a_key_is_given_once(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 10)]);
    assert_eq!(commit(&*store, vec![create(2, "a", 20)]), Ok(vec![Outcome::Duplicate]));
    assert_eq!(ok(store.find("Door", "a")), Some(1));
    // Another machine has keys of its own.
    done(&*store, vec![create_of("Lamp", 2, "a", 20)]);
    assert_eq!(ok(store.find("Lamp", "a")), Some(2));
    assert_eq!(ok(store.find("Gate", "a")), None);
}

pub(super) fn a_key_is_given_once_in_a_batch(open: &Open) {
    let store = claimed(open);
    let batch = vec![create(1, "a", 10), create(2, "a", 10), create(3, "b", 10)];
    let outcomes = commit(&*store, batch);
    assert_eq!(outcomes, Ok(vec![Outcome::Done, Outcome::Duplicate, Outcome::Done]));
    assert_eq!(ok(store.count(&Filter::default())), 2);
    assert!(ok(store.load(&[2])).is_empty());
}

pub(super) fn what_is_left_out_leaves_nothing(open: &Open) {
    let store = claimed(open);
    let letter = ok(store.post(&super::make::message("a", 1)));
    done(&*store, vec![create(1, "a", 10)]);
    let twice = create(2, "a", 20)
        .step(1, "Open")
        .output(1)
        .answer("m", "x")
        .take(letter, "y")
        .due(1, "Open", 50);
    let outcomes = commit(&*store, vec![twice, Commit::of(1, 20).step(1, "Locked")]);
    assert_eq!(outcomes, Ok(vec![Outcome::Duplicate, Outcome::Done]));
    assert!(ok(store.load(&[2])).is_empty());
    assert!(ok(store.history(2, 1, 10)).is_empty());
    assert!(ok(store.outputs(2, 0, 10)).is_empty());
    assert!(ok(store.answers(2)).is_empty());
    assert_eq!(ok(store.next_due()), None);
    assert_eq!(ok(store.running(0, 10)), [1]);
    assert_eq!(ok(store.inbox(0, 10)).len(), 1);
    assert_eq!(ok(store.history(1, 1, 10)).len(), 1);
}

pub(super) fn many_threads_commit_and_read(open: &Open) {
    const THREADS: u64 = 4;
    const STEPS: u64 = 50;
    let store = claimed(open);
    let store = &*store;
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 1..=THREADS {
            let wrong = &wrong;
            scope.spawn(move || {
                done(store, vec![create(thread, &format!("{thread}"), 1)]);
                for seq in 1..=STEPS {
                    done(store, vec![Commit::of(thread, seq).step(seq, "Open")]);
                    let steps = load(store, thread).records.len() as u64;
                    let listed = ok(store.count(&super::make::in_state("Open")));
                    if steps != seq || listed > THREADS {
                        wrong.lock().expect("nobody panics in here").push((thread, seq, steps));
                    }
                }
            });
        }
    });
    assert!(wrong.into_inner().expect("nobody panicked").is_empty());
    assert_eq!(ok(store.running(0, 10)), [1, 2, 3, 4]);
}

pub(super) fn time_never_goes_back(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 50), create(2, "b", 40)]);
    assert_eq!(ok(store.last_time()), 50);
    done(&*store, vec![Commit::of(1, 30).step(1, "Open")]);
    assert_eq!(ok(store.last_time()), 50);
    drop(store);
    let store = claimed(open);
    assert_eq!(ok(store.last_time()), 50);
    done(&*store, vec![Commit::of(1, 51).step(2, "Open")]);
    assert_eq!(ok(store.last_time()), 51);
}

pub(super) fn numbers_are_given_once(open: &Open) {
    let store = claimed(open);
    assert_eq!(ok(store.next_instance()), 1);
    done(&*store, vec![create(1, "a", 1), create(7, "b", 1), create(3, "c", 1)]);
    assert_eq!(ok(store.next_instance()), 8);
}

pub(super) fn shapes_are_remembered(open: &Open) {
    let store = claimed(open);
    let first = ok(store.put_shape(&shape("Door", 1, u64::MAX)));
    let second = ok(store.put_shape(&shape("Door", 2, 7)));
    let other = ok(store.put_shape(&shape("Lamp", 1, 7)));
    assert_eq!(ok(store.put_shape(&shape("Door", 1, u64::MAX))), first);
    // The machine and the hash say which it is.
    let again = Shape { body: "{}".to_string(), ..shape("Door", 9, 7) };
    assert_eq!(ok(store.put_shape(&again)), second);
    drop(store);
    let store = claimed(open);
    let mut shapes = ok(store.shapes());
    shapes.sort_by_key(|(id, _)| *id);
    let expected = [
        (first, shape("Door", 1, u64::MAX)),
        (second, shape("Door", 2, 7)),
        (other, shape("Lamp", 1, 7)),
    ];
    assert_eq!(shapes, expected);
    let made: Commit = create(1, "a", 1).step(1, "Open");
    done(&*store, vec![made.rest(1, "Open").with(|rest| rest.shape = second)]);
    assert_eq!(load(&*store, 1).shape, second);
    assert_eq!(super::make::summary(&*store, 1).version, 2);
}
