//! Each setting of a policy by itself: who is called when, and what comes of it.

use crate::client::{Client, Does, both};
use Does::{Answers, Hangs, IsBusyFor, IsDown, Refuses, Takes};

client!(timed: Timed, [], timeout 5s);
client!(bounded: Bounded, [], deadline 5s);
client!(fixed: Fixed, [@allow(W0504, "a test counts the pauses")],
    timeout 20s  retry max 2 backoff fixed 1s jitter none on transient);
client!(steady: Steady, [@allow(W0504, "a test counts the pauses")],
    timeout 20s  retry max 4 backoff linear 1s..3s jitter none on transient);
client!(doubling: Doubling, [@allow(W0504, "a test counts the pauses")],
    timeout 20s  retry max 4 backoff exponential 1s..5s factor 2 jitter none on transient);
client!(named: Named, [@allow(W0504, "a test counts the pauses") @allow(W0505, "so is meant")],
    timeout 20s  retry max 2 backoff fixed 1s jitter none on Refused);
client!(hasty: Hasty, [@allow(W0504, "a test counts the pauses")],
    timeout 20s  retry max 2 backoff none on transient);
client!(ended: Ended, [@allow(W0504, "a test counts the pauses") @allow(W0509, "so is meant")],
    timeout 4s  deadline 9s  retry max 9 backoff fixed 2s jitter none on transient);
client!(crowded: Crowded, [], timeout never  bulkhead 1);

/// One call with each of these in turn: its end, when that was, and at which seconds it was tried.
async fn once<C: Client>(does: &[Does]) -> (String, u64, Vec<u64>) {
    both::<C, _>(does, async |on, service| {
        let end = C::ask(on.clone(), "k", "rain").await;
        let calls = service.calls();
        let attempts = calls.iter().map(|call| call.split(' ').next_back().unwrap().to_owned());
        let counted = (1..=calls.len()).map(|number| number.to_string());
        assert!(attempts.eq(counted), "attempts are counted: {calls:?}");
        let seconds = calls.iter().map(|call| call.split(' ').next().unwrap().parse().unwrap());
        (end, service.seconds(), seconds.collect())
    })
    .await
}

/// The same, held against what is expected.
async fn goes<C: Client>(does: &[Does], end: &str, at: u64, calls: &[u64]) {
    let expected = (end.to_owned(), at, calls.to_vec());
    assert_eq!(once::<C>(does).await, expected, "{does:?} under {}", std::any::type_name::<C>());
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_an_attempt() {
    goes::<timed::Client>(&[Takes(4)], "4", 4, &[0]).await;
    goes::<timed::Client>(&[Takes(6)], "Timeout", 5, &[0]).await;
    goes::<timed::Client>(&[Hangs], "Timeout", 5, &[0]).await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_all() {
    goes::<bounded::Client>(&[Takes(4)], "4", 4, &[0]).await;
    goes::<bounded::Client>(&[Hangs], "DeadlineExceeded", 5, &[0]).await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_cuts_attempts_and_pauses_off() {
    // Of four seconds each: behind the second there is no time for a pause.
    goes::<ended::Client>(&[Hangs], "DeadlineExceeded", 9, &[0, 6]).await;
    // A pause that would end at the deadline, or behind it, is not waited for.
    goes::<ended::Client>(&[IsDown], "Down", 8, &[0, 2, 4, 6, 8]).await;
    goes::<ended::Client>(&[IsDown, IsBusyFor(7)], "Busy", 2, &[0, 2]).await;
    goes::<ended::Client>(&[IsDown, IsBusyFor(6), Answers], "4", 8, &[0, 2, 8]).await;
}

#[tokio::test(start_paused = true)]
async fn pauses_are_those_that_are_declared() {
    goes::<fixed::Client>(&[IsDown], "Down", 2, &[0, 1, 2]).await;
    goes::<steady::Client>(&[IsDown], "Down", 9, &[0, 1, 3, 6, 9]).await;
    goes::<doubling::Client>(&[IsDown], "Down", 12, &[0, 1, 3, 7, 12]).await;
    goes::<hasty::Client>(&[IsDown], "Down", 0, &[0, 0, 0]).await;
    goes::<fixed::Client>(&[IsDown, Answers], "4", 1, &[0, 1]).await;
}

#[tokio::test(start_paused = true)]
async fn only_what_is_named_is_tried_again() {
    goes::<fixed::Client>(&[Refuses], "Refused", 0, &[0]).await;
    goes::<fixed::Client>(&[Hangs], "Timeout", 62, &[0, 21, 42]).await;
    goes::<named::Client>(&[Refuses], "Refused", 2, &[0, 1, 2]).await;
    goes::<named::Client>(&[IsDown], "Down", 0, &[0]).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_when_is_not_asked_earlier() {
    goes::<fixed::Client>(&[IsBusyFor(9), Answers], "4", 9, &[0, 9]).await;
    goes::<doubling::Client>(&[IsBusyFor(9), IsDown, Answers], "4", 11, &[0, 9, 11]).await;
    // One that says less than the pause does not shorten it.
    goes::<doubling::Client>(&[IsDown, IsBusyFor(1), Answers], "4", 3, &[0, 1, 3]).await;
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_without_a_queue_lets_nobody_wait() {
    let ends = both::<crowded::Client, _>(&[Takes(5)], async |on, service| {
        let first = crowded::Client::begin(on, "a", "rain");
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let second = crowded::Client::ask(on.clone(), "b", "rain").await;
        (second, first.await.unwrap(), service.calls().len())
    });
    assert_eq!(ends.await, ("Overloaded".to_owned(), "4".to_owned(), 1));
}
