//! Names and types are checked before rustc sees anything.

statewright::flow! {
    enum Lamp { Red, Green }

    machine Door {
        context { count: u32 = "none" }
        event Push(times: u8)
        action show(lamp: Lamp)
        initial state Shut {
            on Push(times) if times > "three" do show(Lamp::Gren) -> Open
            on Pull -> Open
        }
        state Open {
            on Push -> Shutt
        }
    }
}

struct Host;

impl door::Actions for Host {
    fn show(&mut self, _: door::Lamp) {}
}

fn main() {
    let mut door = door::Machine::new(Host, door::Start {}).unwrap();
    door.dispatch(door::Event::Push { times: 3 }).unwrap();
    assert_eq!(door.state(), door::State::Open);
    assert!(door.is_in(door::In::Open));
    assert_eq!(door.context().count, 0);
}
