//! A step allocates nothing, if no payload is copied: in machines of every kind, once their lists
//! have the room they need.

#[allow(deprecated, reason = "these charts are to show steps, not good manners")]
mod machines {
    statewright::flow! {
        machine Flat {
            context { n: u64 = 0 }
            event Go(by: u32)
            event Drop
            output Passed(n: u64)
            action note(n: u64)
            initial state A { on Go(by) if by > 2 do set n = n + 1, note(n) -> B }
            state B { on Go do note(n) -> A ignore Drop }
        }

        machine Deep {
            event In
            event Out
            event Back
            initial state Outer {
                on Out -> Away
                initial state Inner {
                    initial state X { on In -> Y }
                    state Y { on In -> X }
                }
            }
            state Away { on Back -> deep_history(Outer) on In -> history(Outer) }
        }

        machine Errand {
            context { ticket: String = ""  parcel: Option<String> = none }
            activity queue() -> String
            activity fetch() -> String
            on error -> Lost
            initial state Queueing {
                invoke queue()
                on done(r) { if len(r) > 3 do set ticket = r -> Fetching  else -> Lost }
            }
            state Fetching { invoke fetch() on done(r) do set parcel = some(r) -> Queueing }
            final state Lost
        }

        machine Wide {
            context { ticks: u32 = 0 }
            event Go
            event Later
            event Echo
            action note(n: u64)
            initial parallel state Both {
                region Left {
                    initial state L1 { after 5s -> L2 on Go do raise Echo -> L2 }
                    state L2 { every 1s do set ticks = ticks + 1 on Go -> L1 }
                }
                region Right {
                    initial state R1 { on Echo do raise Echo after 2s, note(1) -> R2 defer Later }
                    state R2 { always if ticks % 3 == 2 -> R1 on Later do note(2) on Echo -> R1 }
                }
            }
        }
    }
}

use machines::{deep, errand, flat, wide};
use std::time::Duration;

struct Host(u64);

impl flat::Actions for Host {
    fn note(&mut self, n: u64) {
        self.0 += n;
    }
}

impl wide::Actions for Host {
    fn note(&mut self, n: u64) {
        self.0 += n;
    }
}

/// Makes steps until every list has its room, then counts.
fn none_in(mut steps: impl FnMut()) {
    steps();
    let counted = allocation_counter::measure(steps);
    assert_eq!(counted.count_total, 0, "{counted:?}");
}

#[test]
fn flat_machines_allocate_nothing() {
    let mut m = flat::Machine::new(Host(0), flat::Start {}).expect("it starts");
    none_in(|| {
        for by in 0..100 {
            let _ = m.dispatch(flat::Event::Go { by });
            let _ = m.dispatch(flat::Event::Drop);
        }
    });
    assert!(m.host().0 > 0);
}

#[test]
fn histories_allocate_nothing() {
    let mut m = deep::Machine::new((), deep::Start {}).expect("it starts");
    none_in(|| {
        for _ in 0..100 {
            for event in [deep::Event::In, deep::Event::Out, deep::Event::Back, deep::Event::Out] {
                let _ = m.dispatch(event);
            }
            let _ = m.dispatch(deep::Event::In);
        }
    });
}

#[test]
fn regions_timers_queues_and_deferred_events_allocate_nothing() {
    let mut m = wide::Machine::new(Host(0), wide::Start {}).expect("it starts");
    none_in(|| {
        for _ in 0..100 {
            let _ = m.dispatch(wide::Event::Go);
            let _ = m.dispatch(wide::Event::Later);
            let later = m.now() + Duration::from_secs(3);
            let _ = m.advance(&later);
        }
    });
    assert!(m.context().ticks > 100 && m.host().0 > 100);
}

#[test]
fn results_of_activities_are_moved_into_the_context() {
    let mut m = errand::Machine::new((), errand::Start {}).expect("it starts");
    let outputs = [("a ticket", "a parcel"), ("another ticket", "another parcel")];
    // The first ends the one that a new machine asks for.
    for (ticket, parcel) in outputs {
        let (ticket, parcel) = (ticket.to_owned(), parcel.to_owned());
        let counted = allocation_counter::measure(|| {
            let id = m.next_request().expect("it asks").id;
            m.resume(id, errand::Reply::Queue(Ok(ticket))).expect("it goes on");
            let id = m.next_request().expect("it asks").id;
            m.resume(id, errand::Reply::Fetch(Ok(parcel))).expect("it goes on");
        });
        assert_eq!(counted.count_total, 0, "{counted:?}");
    }
    assert_eq!(m.context().ticket, "another ticket");
    assert_eq!(m.context().parcel.as_deref(), Some("another parcel"));
}
