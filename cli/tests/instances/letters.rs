//! `letters`, `resend` and `discard`.

use super::{Store, assert_has};
use serde_json::json;
use statewright::Engine;
use statewright::store::Sqlite;

statewright::flow! {
    durable machine Sender version 1 {
        key id
        context { id: String }
        event Go(n: u64)
        initial state On { on Go(n) do send Taker(id).Item(n) }
    }
    durable machine Taker version 1 {
        key id
        context { id: String  last: u64 = 0 }
        event Item(n: u64)
        initial state On { on Item(n) do set last = n }
    }
}

use sender::Sender;
use taker::Taker;

impl Store {
    fn exchange(&self) -> Engine {
        let store = Sqlite::open(self.file()).unwrap();
        let builder = Engine::builder().store(store).register::<Sender>(()).register::<Taker>(());
        self.runtime.block_on(builder.start()).unwrap()
    }

    /// Waits until so many letters are dead; gives their numbers.
    fn dead(&self, count: usize) -> Vec<u64> {
        loop {
            let lines = self.json(&["letters", "orders.db", "--dead", "--format", "json"], 0);
            if lines.len() == count {
                return lines.iter().map(|line| line["id"].as_u64().unwrap()).collect();
            }
            std::thread::yield_now();
        }
    }
}

#[test]
fn what_is_refused_waits_for_a_person() {
    let store = Store::new("letters");
    let engine = store.exchange();
    let wait = ["--wait", "60s"];
    store.runtime.block_on(async {
        engine.start::<Sender>("a", sender::Start { id: "a".into() }).await.unwrap();
        for n in [1, 2, 3] {
            engine.send::<Sender>("a", sender::Event::Go { n }).await.unwrap();
        }
    });
    let ids = store.dead(3);
    let (out, _) = store.run(&["letters", "orders.db"], 0);
    assert_has(&out, "dead  TIME-to-the-second-Z  Sender a -> Taker a  Item(n: 1)");
    assert_has(&out, "refused TIME-to-the-second-Z: there is no `Taker` with key `a`");
    assert_has(&out, "3 letters, 3 dead");
    assert_has(&out, "statewright resend orders.db NUMBER [JSON]");
    let line = &store.json(&["letters", "orders.db", "--format", "json"], 0)[0];
    assert_eq!(line["body"], json!({ "Item": { "n": 1 } }));
    assert_eq!(line["from"]["key"], json!("a"));
    assert_eq!(line["refusals"][0]["cause"]["kind"], json!("unknown_instance"));
    let start = taker::Start { id: "a".into() };
    store.runtime.block_on(engine.start::<Taker>("a", start)).unwrap();
    let last = |wanted: u64| {
        let seen = engine.wait_for::<Taker>("a", move |view| view.context.last == wanted);
        store.runtime.block_on(seen).unwrap();
    };
    let number = ids.iter().map(u64::to_string).collect::<Vec<_>>();
    let resend = ["resend", "orders.db", &number[0]];
    let (out, _) = store.run(&[&resend[..], &wait].concat(), 0);
    assert_eq!(out, format!("letter {} is sent again\n", number[0]));
    last(1);
    let edited = ["resend", "orders.db", &number[1], r#"{"Item": {"n": 22}}"#];
    store.run(&[&edited[..], &wait].concat(), 0);
    last(22);
    let discard = ["discard", "orders.db", &number[2]];
    let (out, _) = store.run(&[&discard[..], &wait].concat(), 0);
    assert_eq!(out, format!("letter {} was given up\n", number[2]));
    assert_eq!(store.run(&["letters", "orders.db"], 0).0, "no letters\n");
    let (_, err) = store.run(&resend, 2);
    assert_has(&err, &format!("`orders.db` has no letter {}", number[0]));
    let (_, err) = store.run(&["resend", "orders.db", &number[0], "{"], 2);
    assert_has(&err, "is no JSON");
    store.stop(engine);
}

#[test]
fn what_becomes_of_letters_is_json_too() {
    let store = Store::new("letters-json");
    let engine = store.exchange();
    store.runtime.block_on(async {
        engine.start::<Sender>("a", sender::Start { id: "a".into() }).await.unwrap();
        for n in [1, 2] {
            engine.send::<Sender>("a", sender::Event::Go { n }).await.unwrap();
        }
    });
    let ids = store.dead(2);
    let start = taker::Start { id: "a".into() };
    store.runtime.block_on(engine.start::<Taker>("a", start)).unwrap();
    let line = |command, id: u64, code| {
        let id = id.to_string();
        let args = [command, "orders.db", &id, "--format", "json", "--wait", "60s"];
        store.json(&args, code).remove(0)
    };
    let answer = json!({ "message": 1, "answer": "Handled", "letter": ids[0] });
    assert_eq!(line("resend", ids[0], 0), answer);
    let answer = json!({ "message": 2, "answer": "Handled", "letter": ids[1] });
    assert_eq!(line("discard", ids[1], 0), answer);
    let seen = engine.wait_for::<Taker>("a", |view| view.context.last == 1);
    store.runtime.block_on(seen).unwrap();
    store.stop(engine);
}

/// What is decided while nobody runs the store is done by the next who does.
#[test]
fn what_is_decided_meanwhile_is_done_later() {
    let store = Store::new("letters-later");
    let engine = store.exchange();
    store.runtime.block_on(async {
        engine.start::<Sender>("a", sender::Start { id: "a".into() }).await.unwrap();
        engine.send::<Sender>("a", sender::Event::Go { n: 7 }).await.unwrap();
    });
    let id = store.dead(1)[0].to_string();
    let start = taker::Start { id: "a".into() };
    store.runtime.block_on(engine.start::<Taker>("a", start)).unwrap();
    store.stop(engine);
    let (_, err) = store.run(&["resend", "orders.db", &id, "--wait", "0s"], 0);
    assert_has(&err, "for the next program that runs `Taker`");
    let engine = store.exchange();
    let seen = engine.wait_for::<Taker>("a", |view| view.context.last == 7);
    store.runtime.block_on(seen).unwrap();
    store.stop(engine);
}
