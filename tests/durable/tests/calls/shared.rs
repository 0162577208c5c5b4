//! What calls share: circuits, bulkheads, limits, budgets and results, among the instances of an engine, the
//! engines and tasks of a program, and those that were given the same. Time stands still unless nothing
//! else is to be done.

use crate::client::{Client, Does, On, Service, both, on_engine};
use statewright::{Commons, Engine};
use std::time::Duration;

client!(broken: Broken, [], timeout never circuit_breaker failures 3 within 30s open 10s probes 2);
client!(bulky: Bulky, [], timeout never  bulkhead 1 queue 2);
client!(limited: Limited, [], timeout never  rate_limit 2 per 10s);
client!(thrifty: Thrifty, [], timeout never  retry max 5 backoff fixed 1s jitter none on transient
    retry budget 20%);
client!(cached: Cached, [cache for 1m by (topic)], timeout 20s);
client!(joined: Joined, [coalesce by (topic)], timeout 20s);

#[tokio::test(start_paused = true)]
async fn instances_share_a_circuit() {
    let ends = both::<broken::Client, _>(&[Does::IsDown], async |on, service| {
        let ask = async |key| broken::Client::ask(on.clone(), key, "rain").await;
        let mut ends = vec![ask("a").await, ask("b").await, ask("c").await, ask("d").await];
        tokio::time::sleep(Duration::from_secs(10)).await;
        service.does(&[Does::Takes(1)]);
        // Two are let through, and it is closed when both have ended.
        let probes = ["e", "f"].map(|key| broken::Client::begin(on, key, "rain"));
        tokio::time::sleep(Duration::from_millis(500)).await;
        ends.push(ask("g").await);
        for probe in probes {
            ends.push(probe.await.unwrap());
        }
        ends.push(ask("h").await);
        (ends, service.calls())
    });
    let (ends, calls) = ends.await;
    let cut = "CircuitOpen";
    assert_eq!(ends, ["Down", "Down", "Down", cut, cut, "4", "4", "4"]);
    assert_eq!(calls.len(), 6);
}

#[tokio::test(start_paused = true)]
async fn instances_share_a_bulkhead_and_its_queue() {
    let (ends, calls) = both::<bulky::Client, _>(&[Does::Takes(5)], async |on, service| {
        let mut asked = Vec::new();
        for key in ["a", "b", "c", "d"] {
            asked.push(bulky::Client::begin(on, key, key));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut ends = Vec::new();
        for asked in asked {
            ends.push(asked.await.unwrap());
        }
        (ends, service.calls())
    })
    .await;
    assert_eq!(ends, ["1", "1", "1", "Overloaded"]);
    assert_eq!(calls, ["0 a 1", "5 b 1", "10 c 1"]);
}

#[tokio::test(start_paused = true)]
async fn instances_share_a_rate_limit() {
    let calls = both::<limited::Client, _>(&[Does::Answers], async |on, service| {
        let asked = ["a", "b", "c", "d", "e"].map(|key| limited::Client::begin(on, key, "rain"));
        for asked in asked {
            asked.await.unwrap();
        }
        service.calls()
    })
    .await;
    let seconds: Vec<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
    assert_eq!(seconds, ["0", "0", "10", "10", "20"]);
}

#[tokio::test(start_paused = true)]
async fn instances_share_a_retry_budget() {
    let calls = both::<thrifty::Client, _>(&[Does::IsDown], async |on, service| {
        let mut calls = Vec::new();
        for key in ["a", "b", "c"] {
            assert_eq!(thrifty::Client::ask(on.clone(), key, "rain").await, "Down");
            calls.push(service.calls().len());
        }
        calls
    })
    .await;
    // Ten are saved up; a call pays in a fifth of another.
    assert_eq!(calls, [6, 6, 1]);
}

#[tokio::test(start_paused = true)]
async fn instances_share_results_for_a_time_but_no_errors() {
    let does = [Does::IsDown, Does::Answers];
    let (ends, calls) = both::<cached::Client, _>(&does, async |on, service| {
        let ask = async |key, topic| cached::Client::ask(on.clone(), key, topic).await;
        let mut ends = vec![ask("a", "rain").await, ask("b", "rain").await];
        ends.push(ask("c", "rain").await);
        ends.push(ask("d", "fog").await);
        tokio::time::sleep(Duration::from_secs(59)).await;
        ends.push(ask("e", "rain").await);
        tokio::time::sleep(Duration::from_secs(1)).await;
        ends.push(ask("f", "rain").await);
        (ends, service.calls())
    })
    .await;
    assert_eq!(ends, ["Down", "4", "4", "3", "4", "4"]);
    assert_eq!(calls, ["0 rain 1", "0 rain 1", "0 fog 1", "60 rain 1"]);
}

#[tokio::test(start_paused = true)]
async fn instances_that_ask_the_same_at_once_share_one_call() {
    let (ends, calls) = both::<joined::Client, _>(&[Does::Takes(3)], async |on, service| {
        let asked = [("a", "rain"), ("b", "rain"), ("c", "fog"), ("d", "rain")];
        let asked = asked.map(|(key, topic)| joined::Client::begin(on, key, topic));
        let mut ends = Vec::new();
        for asked in asked {
            ends.push(asked.await.unwrap());
        }
        ends.push(joined::Client::ask(on.clone(), "e", "rain").await);
        (ends, service.calls())
    })
    .await;
    assert_eq!(ends, ["4", "4", "3", "4", "4"]);
    assert_eq!(calls, ["0 rain 1", "0 fog 1", "3 rain 1"]);
}

client!(rated: Rated, [], timeout 2s  circuit_breaker rate 50% of 4 within 20s open 10s probes 2);

#[tokio::test(start_paused = true)]
async fn a_circuit_goes_by_the_table() {
    use Does::{Answers, Hangs, IsDown, Refuses, Takes};
    // What the service does, in so many seconds behind the row before, and what is seen of it.
    let table = [
        (0, Answers, "4"),
        (1, IsDown, "Down"),
        // A service that refuses has answered.
        (1, Refuses, "Refused"),
        (1, Answers, "4"),
        (1, IsDown, "Down"),
        (1, Takes(1), "4"),
        // Three of seven, and four of eight.
        (1, Hangs, "Timeout"),
        (1, IsDown, "Down"),
        (1, Answers, "CircuitOpen"),
        (8, Answers, "CircuitOpen"),
        // Half open: one probe goes well, the other fails.
        (1, Refuses, "Refused"),
        (1, Hangs, "Timeout"),
        (1, Answers, "CircuitOpen"),
        (9, Answers, "4"),
        (1, Takes(1), "4"),
        // Closed, and three failures are too few to say anything.
        (1, IsDown, "Down"),
        (1, IsDown, "Down"),
        (1, IsDown, "Down"),
        // 20 s later they are forgotten.
        (20, IsDown, "Down"),
        (1, Answers, "4"),
        (1, Answers, "4"),
        (1, IsDown, "Down"),
        (1, Answers, "CircuitOpen"),
    ];
    let keys: Vec<&'static str> = "abcdefghijklmnopqrstuvwxyz".split("").skip(1).collect();
    let seen = both::<rated::Client, _>(&[Answers], async |on, service| {
        let mut seen = Vec::new();
        for ((pause, does, _), key) in table.iter().zip(&keys) {
            tokio::time::sleep(Duration::from_secs(*pause)).await;
            service.does(&[*does]);
            seen.push(rated::Client::ask(on.clone(), key, "rain").await);
        }
        seen
    })
    .await;
    assert_eq!(seen, table.map(|(_, _, seen)| seen));
}

/// Opens the circuit in one place, and says what is found in another.
async fn opened(here: &On, there: &On) -> String {
    for key in ["a", "b", "c"] {
        assert_eq!(broken::Client::ask(here.clone(), key, "rain").await, "Down");
    }
    broken::Client::ask(there.clone(), "d", "rain").await
}

#[tokio::test(start_paused = true)]
async fn engines_and_tasks_of_a_program_share() {
    let service = Service::new(&[Does::IsDown]);
    let start = || broken::Client::register(Engine::builder(), &service).start();
    let (first, second) = (start().await.unwrap(), start().await.unwrap());
    let task = On::Memory(service.clone(), Commons::current());
    let (first, second) = (On::Engine(first), On::Engine(second));
    assert_eq!(opened(&first, &second).await, "CircuitOpen");
    assert_eq!(broken::Client::ask(task, "e", "rain").await, "CircuitOpen");
    // It is as open for an engine that begins now.
    let third = On::Engine(start().await.unwrap());
    assert_eq!(broken::Client::ask(third, "f", "rain").await, "CircuitOpen");
    assert_eq!(service.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn those_that_were_given_the_same_share_and_no_others() {
    let service = Service::new(&[Does::IsDown]);
    let (gold, silver) = (Commons::new(), Commons::new());
    let first = on_engine::<broken::Client>(&service, &gold).await;
    let second = on_engine::<broken::Client>(&service, &gold).await;
    let apart = on_engine::<broken::Client>(&service, &silver).await;
    assert_eq!(opened(&first, &second).await, "CircuitOpen");
    assert_eq!(broken::Client::ask(apart, "e", "rain").await, "Down");
    let task = On::Memory(service.clone(), gold);
    assert_eq!(broken::Client::ask(task, "f", "rain").await, "CircuitOpen");
    let task = On::Memory(service, Commons::current());
    assert_eq!(broken::Client::ask(task, "g", "rain").await, "Down");
}

#[test]
fn runtimes_share_nothing_unless_they_are_given_the_same() {
    let own = |commons: Option<Commons>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let commons = commons.unwrap_or_else(Commons::current);
            let on = On::Memory(Service::new(&[Does::IsDown]), commons);
            opened(&on, &on).await
        })
    };
    assert_eq!((own(None), own(None)), ("CircuitOpen".to_owned(), "CircuitOpen".to_owned()));
    let shared = Commons::new();
    assert_eq!(own(Some(shared.clone())), "CircuitOpen");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let on = On::Memory(Service::new(&[Does::IsDown]), shared);
    assert_eq!(runtime.block_on(broken::Client::ask(on, "e", "rain")), "CircuitOpen");
}
