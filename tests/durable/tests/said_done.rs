//! A person says of a step that it was done, of an instance that nobody waits for any more.

use statewright::engine::{Edit, Replay};
use statewright::store::{Memory, Status};
use statewright::{Cx, Engine};
use std::sync::{Arc, Mutex};
use std::time::Duration;

statewright::flow! {
    /// Who takes back the second step has to calculate what cannot be.
    durable machine Errand {
        key id
        context { id: String  money: u32 = 0 }
        activity go(id: String, what: String)
        activity undo(id: String, what: String, less: u32)
        policy patient { timeout 1h  retry max 1 backoff fixed 1s on transient }

        initial saga state Going {
            step shop: go(id, "shop") with patient
                compensate undo(id, "shop", money) with patient
            step bank: go(id, "bank") with patient
                compensate undo(id, "bank", money - 1) with patient
            step home: go(id, "home") with patient
                compensate undo(id, "home", money) with patient
            on done -> Over
            on compensated(_) -> Back
            on compensation_error(_) -> Over
        }
        final state Over
        final state Back
    }

    durable machine Sender {
        key id
        context { id: String }
        event Withdraw
        initial state Waiting {
            invoke machine Errand(id)
            on done -> Done
            on error(_) -> Done
            on Withdraw -> Done
        }
        final state Done
    }
}

use errand::Errand;
use sender::Sender;

/// Notes what is asked; who is at the bank stays there.
#[derive(Clone, Default)]
struct Services(Arc<Mutex<Vec<String>>>);

impl Services {
    fn note(&self, what: String) {
        self.0.lock().expect("nobody panics").push(what);
    }

    fn calls(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics").clone()
    }
}

impl errand::Activities for Services {
    async fn go(&self, _: &Cx, _: &str, what: &str) -> Result<(), errand::GoError> {
        self.note(what.to_owned());
        if what == "bank" {
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn undo(&self, cx: &Cx, _: &str, what: &str, _: u32) -> Result<(), errand::UndoError> {
        let known = cx.undoing().is_some_and(|back| back.is_known);
        self.note(format!("undo {what}, known: {known}"));
        Ok(())
    }
}

/// What comes behind that step is not begun, and is not left half done either: the saga goes back.
#[tokio::test(start_paused = true)]
async fn a_cancelled_saga_still_goes_back() {
    let services = Services::default();
    let builder = Engine::builder().store(Memory::new()).register::<Sender>(());
    let engine = builder.register::<Errand>(services.clone()).start().await.expect("it starts");
    let start = sender::Start { id: "a".to_owned() };
    engine.start::<Sender>("a", start).await.expect("the key is free");
    while services.calls().len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    engine.send::<Sender>("a", sender::Event::Withdraw).await.expect("it is taken");
    let status = async || engine.state::<Errand>("a").await.expect("it is there").status;
    while status().await != Status::Parked {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The money is not enough to take the second step back; it was done, and costs nothing.
    let done = Edit::Reply(errand::Reply::Go(Ok(())));
    engine.retry_with::<Errand>("a", done).await.expect("it is parked");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(services.calls(), ["shop", "bank", "undo home, known: false"]);
    // It is the second step that it cannot take back, and somebody has to see to that.
    assert_eq!(status().await, Status::Parked);
    let replay = engine.replay::<Errand>("a").await.expect("it can be read");
    assert!(matches!(replay, Replay::Same(_)), "{replay:?}");
}
