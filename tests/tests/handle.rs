//! Machines in tokio tasks, in paused time: nobody waits for real.

#![allow(clippy::unwrap_used)]

use statewright::{Dispatch, MAILBOX_SIZE, SendError, StepError};
use std::sync::mpsc;
use std::time::Duration;
use tokio::time::{advance, sleep};

statewright::flow! {
    machine Boiler {
        context { degrees: u8 = 20 }
        event Heat(by: u8)
        event Off
        event Break
        output Degrees(now: u8)
        action log(what: String)

        initial state On {
            exit do log("-On")
            on Heat(by) do set degrees = degrees + by, emit Degrees(degrees)
            on Off -> Cooling
            on Break do log("break")
        }
        state Cooling {
            every 10s do set degrees = degrees - 1, emit Degrees(degrees)
            after 25s -> On
            on Heat -> On
        }
    }
}

use boiler::{Event, Machine, Output, Start, State};

/// Writes to a channel, and panics when it is told to.
struct Log(mpsc::Sender<String>);

impl boiler::Actions for Log {
    fn log(&mut self, what: &str) {
        assert_ne!(what, "break", "it breaks");
        let _ = self.0.send(what.to_string());
    }
}

/// Any struct may hold it.
#[derive(Clone)]
struct House {
    boiler: statewright::Handle<boiler::Chart, Log>,
}

fn house() -> (House, mpsc::Receiver<String>) {
    let (sender, log) = mpsc::channel();
    let machine = Machine::new(Log(sender), Start {}).unwrap();
    (House { boiler: machine.spawn() }, log)
}

#[tokio::test(start_paused = true)]
async fn events_are_answered_and_states_and_outputs_are_told() {
    let (house, log) = house();
    let mut outputs = house.boiler.outputs();
    let mut states = house.boiler.state();
    assert_eq!(*states.borrow(), State::On);
    assert_eq!(house.boiler.send(Event::Heat { by: 5 }).await, Ok(Dispatch::Handled));
    assert_eq!(outputs.recv().await, Ok(Output::Degrees { now: 25 }));
    assert!(!states.has_changed().unwrap());
    house.boiler.send(Event::Off).await.unwrap();
    assert_eq!(*states.borrow_and_update(), State::Cooling);
    assert_eq!(house.boiler.send(Event::Off).await, Ok(Dispatch::Unhandled));
    assert_eq!(log.try_iter().collect::<Vec<_>>(), ["-On"]);
}

#[tokio::test(start_paused = true)]
async fn timers_fire_by_themselves_and_stopping_gives_the_machine_back() {
    let (house, _log) = house();
    house.boiler.send(Event::Off).await.unwrap();
    let mut states = house.boiler.state();
    states.mark_unchanged();
    states.changed().await.unwrap();
    assert_eq!(*states.borrow(), State::On);
    let machine = house.boiler.stop().await.unwrap();
    assert_eq!(machine.context().degrees, 18);
    assert_eq!(machine.now(), Duration::from_secs(25));
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_is_due_comes_before_an_event_that_came_later() {
    let (house, _log) = house();
    house.boiler.send(Event::Off).await.unwrap();
    let mut outputs = house.boiler.outputs();
    // Nobody else runs meanwhile, so the timer and the event are seen together.
    advance(Duration::from_secs(11)).await;
    house.boiler.send(Event::Heat { by: 9 }).await.unwrap();
    assert_eq!(outputs.recv().await, Ok(Output::Degrees { now: 19 }));
    assert_eq!(house.boiler.stop().await.unwrap().context().degrees, 19);
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_refuses_or_lets_wait_and_loses_nothing() {
    let (house, _log) = house();
    for _ in 0..MAILBOX_SIZE {
        house.boiler.try_send(Event::Heat { by: 1 }).unwrap();
    }
    assert_eq!(house.boiler.try_send(Event::Heat { by: 1 }), Err(SendError::Overloaded));
    assert_eq!(house.boiler.send(Event::Heat { by: 1 }).await, Ok(Dispatch::Handled));
    let machine = house.boiler.stop().await.unwrap();
    assert_eq!(usize::from(machine.context().degrees), 20 + MAILBOX_SIZE + 1);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_taken_before_the_machine_stops_and_later_events_are_refused() {
    let (house, _log) = house();
    let other = house.clone();
    for _ in 0..3 {
        house.boiler.try_send(Event::Heat { by: 10 }).unwrap();
    }
    let (stopped, again) = tokio::join!(house.boiler.stop(), other.boiler.clone().stop());
    assert_eq!(stopped.unwrap().context().degrees, 50);
    assert!(again.is_none(), "only the first gets the machine");
    assert_eq!(other.boiler.send(Event::Off).await, Err(SendError::Stopped));
    assert_eq!(other.boiler.try_send(Event::Off), Err(SendError::Stopped));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_fails_is_told_to_its_sender_and_the_machine_goes_on() {
    let (house, _log) = house();
    let failed = house.boiler.send(Event::Heat { by: 250 }).await;
    assert!(matches!(failed, Err(SendError::Step(StepError::Overflow(_)))), "{failed:?}");
    assert_eq!(house.boiler.send(Event::Heat { by: 1 }).await, Ok(Dispatch::Handled));
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_fails_stops_the_machine_but_does_not_lose_it() {
    let (sender, _log) = mpsc::channel();
    let mut machine = Machine::new(Log(sender), Start {}).unwrap();
    machine.dispatch(Event::Off).unwrap();
    let mut snapshot = machine.snapshot();
    snapshot.context.degrees = 0;
    let (sender, _log) = mpsc::channel();
    let boiler = Machine::restore(Log(sender), snapshot).unwrap().spawn();
    sleep(Duration::from_secs(11)).await;
    let refused = boiler.send(Event::Heat { by: 1 }).await;
    assert!(matches!(refused, Err(SendError::Failed(StepError::Overflow(_)))), "{refused:?}");
    let machine = boiler.stop().await.unwrap();
    assert_eq!(machine.state(), State::Cooling);
    assert_eq!(machine.next_deadline(), Some(Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn an_action_that_panics_ends_the_task_and_nobody_waits_for_ever() {
    let (house, _log) = house();
    assert_eq!(house.boiler.send(Event::Break).await, Err(SendError::Stopped));
    assert_eq!(house.boiler.send(Event::Off).await, Err(SendError::Stopped));
    assert!(house.boiler.stop().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_task_ends_when_the_last_handle_is_gone() {
    let (house, log) = house();
    house.boiler.try_send(Event::Off).unwrap();
    let other = house.clone();
    drop(house);
    drop(other);
    // The host goes with the machine, and its end of the channel with the host.
    sleep(Duration::from_secs(1)).await;
    assert_eq!(log.try_recv(), Ok("-On".to_string()), "what waited was taken");
    assert_eq!(log.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_on_several_threads_send_to_one_machine() {
    let (house, _log) = house();
    let senders: Vec<_> = (0..20)
        .map(|_| {
            let house = house.clone();
            tokio::spawn(async move {
                for _ in 0..10 {
                    house.boiler.send(Event::Heat { by: 1 }).await.unwrap();
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    assert_eq!(house.boiler.stop().await.unwrap().context().degrees, 220);
}

fn is_send_and_sync<T: Send + Sync + Clone + 'static>(_: &T) {}

#[tokio::test]
async fn handles_go_anywhere() {
    let (house, _log) = house();
    is_send_and_sync(&house);
    let from_a_thread = std::thread::spawn({
        let house = house.clone();
        move || house.boiler.try_send(Event::Heat { by: 2 })
    });
    from_a_thread.join().unwrap().unwrap();
    assert_eq!(house.boiler.stop().await.unwrap().context().degrees, 22);
}
