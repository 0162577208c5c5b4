//! One machine and one host, in memory and on an engine: the same happens.

use statewright::store::Status;
use statewright::{Cursor, Dispatch, Engine};
use statewright_durable_tests::order::{self, Event, Order, Output, Start, State};
use statewright_durable_tests::shop::{Charging, Shop};
use std::collections::BTreeSet;

fn start(id: &str) -> Start {
    Start { order_id: id.to_owned(), total: 5 }
}

fn is_over(state: &State) -> bool {
    matches!(state, State::Completed { .. } | State::Rejected)
}

/// The names of what was called since, in order; each under a key of its own.
fn called(shop: &Shop, since: usize) -> Vec<String> {
    let calls = shop.calls().split_off(since);
    let keys: BTreeSet<&String> = calls.iter().collect();
    assert_eq!(keys.len(), calls.len(), "{calls:?}");
    calls.iter().filter_map(|call| call.split(' ').next().map(str::to_owned)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_task_and_an_engine_do_the_same_with_one_host() {
    let shop = Shop::default();
    let engine = Engine::builder().register::<Order>(shop.clone());
    let engine = engine.start().await.expect("it starts");
    for charging in [Charging::Works, Charging::Declines, Charging::Panics] {
        shop.charging(charging);
        let before = shop.calls().len();
        let machine = order::Machine::new(shop.clone(), start("memory")).expect("it starts");
        let handle = machine.spawn();
        let (mut outputs, mut seen) = (handle.outputs(), handle.state());
        assert_eq!(handle.send(Event::Submit).await, Ok(Dispatch::Handled));
        let in_memory = seen.wait_for(is_over).await.expect("it ends").clone();
        let machine = handle.stop().await.expect("its host does not panic in a step");
        let of_memory = called(&shop, before);

        let (before, key) = (shop.calls().len(), format!("{charging:?}"));
        engine.start::<Order>(&key, start(&key)).await.expect("the key is free");
        assert_eq!(engine.send::<Order>(&key, Event::Submit).await, Ok(Dispatch::Handled));
        let finished = |view: &statewright::engine::View<Order>| view.status == Status::Finished;
        let view = engine.wait_for::<Order>(&key, finished).await.expect("it ends");
        assert_eq!((&view.state, &view.context.note), (&in_memory, &machine.context().note));
        assert_eq!(called(&shop, before), of_memory);

        let output = engine.outputs::<Order>(&key, Cursor::START).expect("it is registered");
        let (mut output, mut durable) = (output, Vec::new());
        while let Some((_, output)) = output.next().await.expect("they can be read") {
            durable.push(output);
        }
        let told: Vec<Output> = std::iter::from_fn(|| outputs.try_recv().ok()).collect();
        assert_eq!(durable, told);
    }
}
