//! Attempts, pauses and chains go on behind a restart as if there had been none.

use crate::chains;
use crate::client::{Client, Does, Script, Service, engine};
use Does::{Answers, IsBusyFor, IsDown, Takes};
use statewright::Commons;
use statewright::store::Memory;
use std::time::Duration;

client!(patient: Patient, [@allow(W0504, "a test counts the pauses")],
    timeout 20s  retry max 4 backoff exponential 30s..5m factor 2 jitter none on transient);
client!(bounded: Bounded, [@allow(W0504, "a test counts the pauses") @allow(W0509, "so is meant")],
    timeout 20s  deadline 5m  retry max 9 backoff fixed 1m jitter none on transient);
client!(spread: Spread, [], timeout 20s  retry max 4 backoff fixed 1m jitter full on transient);

/// What one comes to, and who was called when, if the program ends and begins anew so many seconds behind the
/// start.
async fn killed<C: Client>(script: Script<'_>, at: &[u64]) -> (String, Vec<String>) {
    let (service, store) = (Service::of(script), Memory::new());
    let mut running = engine::<C>(&service, &store, &Commons::new()).await;
    C::start(&running, "k", "rain").await;
    for second in at {
        tokio::time::sleep(Duration::from_secs(*second - service.seconds())).await;
        drop(running);
        tokio::task::yield_now().await;
        running = engine::<C>(&service, &store, &Commons::new()).await;
    }
    (C::end(&running, "k").await, service.calls())
}

/// The same, whatever is killed when.
async fn always<C: Client>(script: Script<'_>, end: &str, calls: &[&str], kills: &[&[u64]]) {
    let expected = (end.to_owned(), calls.iter().map(ToString::to_string).collect());
    for at in [&[][..]].iter().chain(kills) {
        assert_eq!(killed::<C>(script, at).await, expected, "killed at {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_made_when_they_are_due() {
    let calls = ["0 rain 1", "30 rain 2", "90 rain 3", "210 rain 4", "450 rain 5"];
    let kills: [&[u64]; 4] = [&[1], &[29, 31], &[89, 209, 211], &[10, 100, 220, 449]];
    always::<patient::Client>(&[("", &[IsDown])], "Down", &calls, &kills).await;
    let does = [IsDown, IsDown, Answers];
    always::<patient::Client>(&[("", &does)], "4", &calls[..3], &kills[..2]).await;
}

#[tokio::test(start_paused = true)]
async fn when_a_server_says_so_too() {
    let calls = ["0 rain 1", "500 rain 2", "560 rain 3"];
    let kills: [&[u64]; 3] = [&[1], &[499], &[29, 31, 501]];
    let does = [IsBusyFor(500), IsDown, Answers];
    always::<patient::Client>(&[("", &does)], "4", &calls, &kills).await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_is_not_prolonged() {
    let calls = ["0 rain 1", "60 rain 2", "200 rain 3", "260 rain 4"];
    let kills: [&[u64]; 3] = [&[1], &[59, 61, 199], &[30, 100, 259]];
    let does = [IsDown, IsBusyFor(140), IsDown, IsDown];
    always::<bounded::Client>(&[("", &does)], "Down", &calls, &kills).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_overdue_is_made_at_once() {
    let (service, store) = (Service::new(&[IsDown, Answers]), Memory::new());
    let first = engine::<patient::Client>(&service, &store, &Commons::new()).await;
    patient::Client::start(&first, "k", "rain").await;
    drop(first);
    tokio::time::sleep(Duration::from_secs(1000)).await;
    let second = engine::<patient::Client>(&service, &store, &Commons::new()).await;
    assert_eq!(patient::Client::end(&second, "k").await, "4");
    assert_eq!(service.calls(), ["0 rain 1", "1000 rain 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_was_spread_out_is_not_spread_again() {
    let script: Script<'_> = &[("", &[IsDown])];
    let without = killed::<spread::Client>(script, &[]).await;
    for at in [&[1_u64][..], &[5, 10, 15], &[20, 40, 60, 80]] {
        assert_eq!(killed::<spread::Client>(script, at).await, without, "killed at {at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn chains_go_on_with_the_link_that_was_next() {
    let kills: [&[u64]; 4] = [&[30], &[59, 61], &[90, 119], &[10, 70, 110]];
    for (links, end, calls) in chains::TABLE {
        let last: u64 = calls.last().unwrap().split(' ').next().unwrap().parse().unwrap();
        // No call is cut off by it, and some are made behind it.
        let is_between = |at: &&&[u64]| {
            let is_calm = |at: &u64| *at < last && !calls_around(links, calls, *at);
            at.iter().all(is_calm)
        };
        let kills: Vec<&[u64]> = kills.iter().filter(is_between).copied().collect();
        always::<chains::Client>(&chains::script(*links), end, calls, &kills).await;
    }
}

/// True if a call that hangs may be under way then: for the 5 s that it is given.
fn calls_around(links: &[&[Does]; 3], calls: &[&str], at: u64) -> bool {
    let hangs = links.iter().any(|does| does.iter().any(|does| matches!(does, Does::Hangs)));
    let mut begun =
        calls.iter().map(|call| call.split(' ').next().unwrap().parse::<u64>().unwrap());
    hangs && begun.any(|begun| (begun..begun + 5).contains(&at))
}

#[tokio::test(start_paused = true)]
async fn a_link_that_was_cut_off_is_asked_again_and_no_other() {
    let script: Script<'_> =
        &[("first", &[IsDown]), ("second", &[Takes(4)]), ("third", &[Answers])];
    let (end, calls) = killed::<chains::Client>(script, &[62, 63]).await;
    assert_eq!(end, "second");
    let expected = ["0 first 1", "60 first 2", "60 second 1", "62 second 1", "63 second 1"];
    assert_eq!(calls, expected);
}
