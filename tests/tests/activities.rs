//! Machines with activities in memory: driven by hand, and in a task.

use statewright::{Cx, Dispatch, SendError, StepError};
use std::io::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

statewright::flow! {
    machine Fetcher {
        context { got: u32 = 0 }
        event Fetch(what: u32)
        event Stop
        output Got(n: u32)
        error NotFound(what: u32)
        activity fetch(what: u32) -> u32 raises NotFound
        action cheer(n: u32)

        initial state Idle {
            on Fetch(what) -> Fetching(what)
        }
        state Fetching(what: u32) {
            invoke fetch(what)
            on done(n) do set got = n, cheer(n), emit Got(n) -> Idle
            on error NotFound(number) do set got = number -> Missing
            on Stop -> Idle
            after 1m -> Missing
        }
        state Missing {
            on Fetch(what) -> Strict(what)
        }
        @allow(W0501, "a test wants to see it")
        state Strict(what: u32) {
            invoke fetch(what)
            on done(_n) -> Idle
        }
    }
}

use fetcher::{Actions, Activities, Error as Failed, Event, FetchError, Machine, Output};
use fetcher::{Reply, Request, Start, State};

#[derive(Default)]
struct Net {
    cheers: AtomicU32,
    cancelled: Arc<AtomicU32>,
}

impl Actions for Net {
    fn cheer(&self, n: u32) {
        self.cheers.fetch_add(n, Ordering::SeqCst);
    }
}

impl Activities for Net {
    async fn fetch(&self, cx: &Cx, what: u32) -> Result<u32, FetchError> {
        match what {
            0 => Err(FetchError::NotFound { what }),
            1 => Err(Error::other("no route"))?,
            2 => panic!("two is too much"),
            3 => {
                let (cx, cancelled) = (cx.clone(), Arc::clone(&self.cancelled));
                tokio::spawn(async move {
                    cx.cancelled().await;
                    cancelled.fetch_add(1, Ordering::SeqCst);
                });
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(3)
            }
            what => Ok(what * 2),
        }
    }
}

fn machine() -> Machine<Arc<Net>> {
    Machine::new(Arc::new(Net::default()), Start {}).expect("it starts")
}

#[test]
fn a_machine_is_driven_by_requests_and_replies() {
    let mut machine = machine();
    assert!(machine.next_request().is_none());
    machine.dispatch(Event::Fetch { what: 21 }).expect("it is handled");
    let invocation = machine.next_request().expect("it asks").clone();
    assert_eq!((invocation.id, invocation.request), (1, Request::Fetch { what: 21 }));
    assert!(machine.next_request().is_none(), "each is told once");
    let done = machine.resume(1, Reply::Fetch(Ok(42)));
    assert_eq!(done, Ok(Dispatch::Handled));
    assert_eq!(machine.context().got, 42);
    assert_eq!(machine.host().cheers.load(Ordering::SeqCst), 42);
    assert_eq!(machine.resume(1, Reply::Fetch(Ok(42))), Ok(Dispatch::Ignored), "once only");
}

#[test]
fn what_is_left_is_revoked_and_its_reply_ignored() {
    let mut machine = machine();
    machine.dispatch(Event::Fetch { what: 5 }).expect("it is handled");
    let id = machine.next_request().expect("it asks").id;
    machine.dispatch(Event::Stop).expect("it is handled");
    assert_eq!(machine.revoked().collect::<Vec<_>>(), [id]);
    assert_eq!(machine.resume(id, Reply::Fetch(Ok(10))), Ok(Dispatch::Ignored));
    // What nobody has been told of needs no revoking.
    machine.dispatch(Event::Fetch { what: 5 }).expect("it is handled");
    machine.dispatch(Event::Stop).expect("it is handled");
    assert!(machine.revoked().next().is_none() && machine.next_request().is_none());
}

#[test]
fn an_error_that_nothing_catches_leaves_the_machine_as_it_was() {
    let mut machine = machine();
    machine.dispatch(Event::Fetch { what: 5 }).expect("it is handled");
    let id = machine.next_request().expect("it asks").id;
    let failed = || {
        Reply::Fetch(Err(Failed::Unexpected(statewright::Failure::new("Unexpected", "no route"))))
    };
    assert_eq!(machine.resume(id, failed()), Err(StepError::Uncaught));
    assert_eq!(machine.state(), State::Fetching { what: 5 });
    assert_eq!(machine.resume(id, Reply::Fetch(Ok(1))), Ok(Dispatch::Handled), "it still waits");
}

#[test]
fn a_snapshot_keeps_what_has_not_ended() {
    let mut machine = machine();
    machine.dispatch(Event::Fetch { what: 5 }).expect("it is handled");
    machine.next_request().expect("it asks");
    let text = serde_json::to_string(&machine.snapshot()).expect("it can be written");
    let snapshot = serde_json::from_str(&text).expect("it can be read");
    let mut again = Machine::restore(Arc::new(Net::default()), snapshot).expect("it fits");
    let invocation = again.next_request().expect("it asks again");
    assert_eq!((invocation.id, &invocation.request), (1, &Request::Fetch { what: 5 }));
    assert_eq!(again.resume(1, Reply::Fetch(Ok(1))), Ok(Dispatch::Handled));
}

async fn until(state: &mut tokio::sync::watch::Receiver<State>, wanted: &State) {
    state.wait_for(|state| state == wanted).await.expect("the machine runs");
}

#[tokio::test(start_paused = true)]
async fn a_task_carries_out_what_its_machine_asks() {
    let handle = machine().spawn();
    let (mut state, mut outputs) = (handle.state(), handle.outputs());
    handle.send(Event::Fetch { what: 4 }).await.expect("it is handled");
    assert_eq!(outputs.recv().await, Ok(Output::Got { n: 8 }));
    until(&mut state, &State::Idle).await;
    handle.send(Event::Fetch { what: 0 }).await.expect("it is handled");
    until(&mut state, &State::Missing).await;
    let machine = handle.stop().await.expect("it is given back");
    assert_eq!(machine.host().cheers.load(Ordering::SeqCst), 8);
}

#[tokio::test(start_paused = true)]
async fn leaving_a_state_or_stopping_drops_what_runs() {
    for leave in [true, false] {
        let machine = machine();
        let cancelled = Arc::clone(&machine.host().cancelled);
        let handle = machine.spawn();
        handle.send(Event::Fetch { what: 3 }).await.expect("it is handled");
        tokio::time::sleep(Duration::from_secs(1)).await;
        if leave {
            handle.send(Event::Stop).await.expect("it is handled");
        } else {
            handle.stop().await.expect("it is given back");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(cancelled.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_uncaught_error_and_a_panic_fail_the_machine_visibly() {
    for what in [1, 2] {
        let handle = machine().spawn();
        handle.send(Event::Fetch { what: 0 }).await.expect("it is handled");
        until(&mut handle.state(), &State::Missing).await;
        handle.send(Event::Fetch { what }).await.expect("it is handled");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let failed = handle.send(Event::Stop).await;
        assert_eq!(failed, Err(SendError::Failed(StepError::Uncaught)));
        let machine = handle.stop().await.expect("it is given back as it was");
        assert_eq!(machine.state(), State::Strict { what });
    }
}

mod patient {
    statewright::flow! {
        machine Patient {
            error Down
            activity ask() raises Down
            activity ask_other() raises Down
            initial state Asking {
                invariant elapsed() < 10s
                invoke ask() fallback on Down ask_other()
                on done -> Answered
                on error Down -> Answered
            }
            final state Answered
        }
    }

    use patient::{Activities, AskError, AskOtherError, Error, Machine, Reply, Request, Start};
    use statewright::{Cx, Dispatch};
    use std::time::Duration;

    struct Nobody;

    impl Activities for Nobody {
        async fn ask(&self, _: &Cx) -> Result<(), AskError> {
            Ok(())
        }
        async fn ask_other(&self, _: &Cx) -> Result<(), AskOtherError> {
            Ok(())
        }
    }

    #[test]
    fn a_fallback_is_asked_for_whatever_the_time_says() {
        let mut machine = Machine::new(Nobody, Start {}).unwrap();
        assert!(matches!(machine.next_request().unwrap().request, Request::Ask));
        machine.advance(&Duration::from_secs(60)).unwrap();
        let pending = machine.resume(1, Reply::Ask(Err(Error::Down))).unwrap();
        assert_eq!(pending, Dispatch::Pending);
        let asked = machine.next_request().unwrap();
        assert!(matches!((asked.id, &asked.request), (1, Request::AskOther)));
        assert_eq!(machine.resume(1, Reply::AskOther(Ok(()))).unwrap(), Dispatch::Handled);
    }
}

mod share {
    statewright::flow! {
        machine Share {
            transient error Down
            activity count() -> u32 raises Down
            fn guess() -> u32
            initial state Counting {
                invoke count() fallback guess()
                on done(n) {
                    if 10 / n > 2 -> Counted
                    else -> Many
                }
            }
            final state Counted
            final state Many
        }
    }

    use share::{Activities, CountError, Error, Logic, Machine, Reply, Request, Start};
    use statewright::{Cx, Dispatch, StepError};

    struct Nothing;

    impl Activities for Nothing {
        async fn count(&self, _: &Cx) -> Result<u32, CountError> {
            Ok(1)
        }
    }

    impl Logic for Nothing {
        fn guess() -> u32 {
            0
        }
    }

    #[test]
    fn the_call_before_a_fn_goes_on_if_its_step_fails() {
        let mut machine = Machine::new(Nothing, Start {}).unwrap();
        let down = || Reply::Count(Err(Error::Down));
        for _ in 0..2 {
            let failed = machine.resume(1, down()).unwrap_err();
            assert!(matches!(failed, StepError::DivisionByZero(_)), "{failed}");
        }
        assert!(matches!(machine.running()[0].request, Request::Count));
        assert_eq!(machine.resume(1, Reply::Count(Ok(2))).unwrap(), Dispatch::Handled);
    }
}
