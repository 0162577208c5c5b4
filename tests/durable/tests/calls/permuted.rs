//! All settings of a policy together, in one order of the text and in others: the same happens.

use crate::client::{Client, Does, both};
use Does::{Answers, Hangs, IsBusyFor, IsDown, Refuses, Takes};
use std::time::Duration;

client!(in_order: InOrder, [],
    deadline 1m
    retry max 3 backoff fixed 2s jitter none on transient
    retry budget 50%
    circuit_breaker failures 4 within 30s open 10s probes 1
    bulkhead 2 queue 1
    rate_limit 3 per 6s
    timeout 5s);
client!(in_reverse: InReverse, [],
    timeout 5s
    rate_limit 3 per 6s
    bulkhead 2 queue 1
    circuit_breaker failures 4 within 30s open 10s probes 1
    retry budget 50%
    retry max 3 backoff fixed 2s jitter none on transient
    deadline 1m);
client!(shuffled: Shuffled, [],
    bulkhead 2 queue 1
    retry budget 50%
    timeout 5s
    deadline 1m
    rate_limit 3 per 6s
    retry max 3 backoff fixed 2s jitter none on transient
    circuit_breaker failures 4 within 30s open 10s probes 1);
client!(shuffled_again: ShuffledAgain, [],
    circuit_breaker failures 4 within 30s open 10s probes 1
    timeout 5s
    retry max 3 backoff fixed 2s jitter none on transient
    bulkhead 2 queue 1
    deadline 1m
    retry budget 50%
    rate_limit 3 per 6s);

/// What has come of several calls: the end of each, when it was, and who was called when.
type Course = (Vec<String>, Vec<String>);

/// Calls, each so many seconds behind the one before.
async fn course<C: Client>(does: &[Does], begin: &[(&'static str, u64)]) -> Course {
    both::<C, _>(does, async |on, service| {
        let mut asked = Vec::new();
        for &(key, pause) in begin {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            let (on, service) = (on.clone(), service.clone());
            asked.push(tokio::spawn(async move {
                let end = C::ask(on, key, key).await;
                format!("{} {key} {end}", service.seconds())
            }));
            // Those that begin in the same second begin in this order.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut ends = Vec::new();
        for asked in asked {
            ends.push(asked.await.unwrap());
        }
        (ends, service.calls())
    })
    .await
}

/// The same course in every order of the text, and this one.
async fn always(does: &[Does], begin: &[(&'static str, u64)], ends: &[&str], calls: &[&str]) {
    let first = course::<in_order::Client>(does, begin).await;
    let (ends, calls) = (ends.iter().copied(), calls.iter().copied());
    assert!(first.0.iter().eq(ends) && first.1.iter().eq(calls), "{does:?}: {first:?}");
    assert_eq!(course::<in_reverse::Client>(does, begin).await, first);
    assert_eq!(course::<shuffled::Client>(does, begin).await, first);
    assert_eq!(course::<shuffled_again::Client>(does, begin).await, first);
}

#[tokio::test(start_paused = true)]
async fn what_works_is_called_once() {
    always(&[Answers], &[("a", 0)], &["0 a 1"], &["0 a 1"]).await;
    always(&[Refuses], &[("a", 0)], &["0 a Refused"], &["0 a 1"]).await;
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_time_and_a_turn() {
    // Cut off after 5 s, and tried again 2 s behind that.
    always(&[Hangs, Answers], &[("a", 0)], &["7 a 1"], &["0 a 1", "7 a 2"]).await;
    // The fourth attempt of all is not begun before the first is 6 s old.
    let begin = [("a", 0), ("b", 0), ("c", 0), ("d", 0)];
    let (ends, calls) =
        (["0 a 1", "0 b 1", "0 c 1", "6 d 1"], ["0 a 1", "0 b 1", "0 c 1", "6 d 1"]);
    always(&[Answers], &begin, &ends, &calls).await;
}

#[tokio::test(start_paused = true)]
async fn a_place_in_the_bulkhead_is_waited_for_and_is_no_part_of_the_timeout() {
    // Two run, one waits, and the fourth comes back 2 s later, when the one that waits still does, and again.
    let begin = [("a", 0), ("b", 0), ("c", 0), ("d", 0)];
    let ends = ["4 a 1", "4 b 1", "8 c 1", "10 d 1"];
    let calls = ["0 a 1", "0 b 1", "4 c 1", "6 d 3"];
    always(&[Takes(4)], &begin, &ends, &calls).await;
}

#[tokio::test(start_paused = true)]
async fn a_circuit_that_opens_stops_attempts_and_probes_close_it() {
    let does = [IsDown, IsDown, IsDown, IsDown, Answers];
    // All four attempts fail, which opens it; the next call finds it open, three times, and closes it.
    let begin = [("a", 0), ("b", 11)];
    let ends = ["6 a Down", "17 b 1"];
    let calls = ["0 a 1", "2 a 2", "4 a 3", "6 a 4", "17 b 4"];
    always(&does, &begin, &ends, &calls).await;
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_around_all_of_it() {
    let begin = [("a", 0)];
    let calls = ["0 a 1", "45 a 2", "52 a 3", "59 a 4"];
    always(&[IsBusyFor(45), Hangs], &begin, &["60 a DeadlineExceeded"], &calls).await;
    always(&[IsBusyFor(60)], &begin, &["0 a Busy"], &["0 a 1"]).await;
}
