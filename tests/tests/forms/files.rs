//! Machines of two files that know each other by `import`, and a module that knows both.
#![allow(unreachable_pub, dead_code)] // A library would export these.

use statewright::Dispatch;

statewright::include_flow!("doors/files/parcel.flow");
statewright::include_flow!("doors/files/order.flow");

#[statewright::machine(durable, key id)]
mod shop {
    use super::order::Order;
    use super::parcel::{End, Parcel};

    #[context]
    struct Context {
        id: String,
    }

    enum State {
        #[state(initial)]
        #[invoke(machine Order(id))]
        #[on(done -> Sending)]
        #[on(error(_) -> Shut)]
        Ordering,
        #[entry(do send Parcel(id).Weigh(5))]
        #[invoke(machine Parcel(id, 3))]
        #[on(done(end) -> Sent(end))]
        #[on(error(_) -> Shut)]
        Sending,
        #[state(final)]
        Sent { end: End },
        #[state(final)]
        Shut,
    }
}

#[test]
fn a_machine_of_another_file_is_asked_and_told() {
    use order::{End, Error, Machine, Message, ParcelMessage, Reply, Request, Start, State};
    let ended = |reply| {
        let mut machine = Machine::new((), Start { id: "o-1".to_owned() }).unwrap();
        let asked = machine.next_request().expect("the parcel is sent").clone();
        assert_eq!(asked.request, Request::Parcel { id: "o-1".to_owned(), weight: 3 });
        assert_eq!(machine.resume(asked.id, reply), Ok(Dispatch::Handled));
        let sent: Vec<Message> = machine.messages().collect();
        (machine.state(), machine.context().why.clone(), sent)
    };
    let told = |key: &str, event| Message::Parcel { key: key.to_owned(), event };
    let weigh = told("scale", ParcelMessage::Weigh { grams: 3 });
    let home = ended(Reply::Parcel(Ok(End::Home)));
    assert_eq!(home, (State::Shipped, String::new(), vec![weigh.clone()]));
    let lost = End::Lost { place: "Ulm".to_owned() };
    let search = told("search", ParcelMessage::Deliver { end: lost.clone() });
    let lost = ended(Reply::Parcel(Ok(lost)));
    assert_eq!(lost, (State::Unshipped, String::new(), vec![weigh.clone(), search]));
    let torn = ended(Reply::Parcel(Err(Error::Torn { how: "wet".to_owned() })));
    assert_eq!(torn, (State::Unshipped, "wet".to_owned(), vec![weigh]));
}

#[test]
fn a_module_knows_machines_of_files() {
    use shop::{Machine, Message, ParcelMessage, Reply, Start, State};
    let mut machine = Machine::new((), Start { id: "s-1".to_owned() }).unwrap();
    machine.resume(1, Reply::Order(Ok(()))).unwrap();
    let sent: Vec<Message> = machine.messages().collect();
    let event = ParcelMessage::Weigh { grams: 5 };
    assert_eq!(sent, [Message::Parcel { key: "s-1".to_owned(), event }]);
    machine.resume(2, Reply::Parcel(Ok(parcel::End::Home))).unwrap();
    assert_eq!(machine.state(), State::Sent { end: parcel::End::Home });
}
