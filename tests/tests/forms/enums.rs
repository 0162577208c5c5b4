//! `#[machine]` on one enum.
#![allow(unreachable_pub)] // A library would export these.

pub enum Event {
    Coin(u32),
    Push,
    Reset,
    Tilt { angle: u8 },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hall {
    coins: u32,
    angle: u8,
}

#[derive(Debug, PartialEq)]
pub enum Output {
    Passed,
}

#[statewright::machine(
    events Event  context Hall  outputs Output
    guard enough(value: u32), action beep(times: u8)
    on Reset do set coins = 0 -> Locked,
    on Tilt { angle } do set angle = angle
)]
pub enum Turnstile {
    /// Nobody passes.
    #[state(initial)]
    #[on(Coin(value) if enough(value) do set coins = coins + value, beep(1) -> Unlocked)]
    Locked,
    #[on(Push do emit Passed -> Locked)]
    Unlocked,
}

#[derive(Default)]
struct Host(Vec<u8>);

impl turnstile::Logic for Host {
    fn enough(value: u32) -> bool {
        value >= 50
    }
}

impl turnstile::Actions for Host {
    fn beep(&mut self, times: u8) {
        self.0.push(times);
    }
}

#[test]
fn an_enum_is_a_machine() {
    let mut machine = turnstile::Machine::new(Host::default(), Hall::default()).unwrap();
    machine.dispatch(Event::Coin(20)).unwrap();
    assert_eq!(machine.state(), Turnstile::Locked);
    machine.dispatch(Event::Coin(50)).unwrap();
    assert_eq!(machine.state(), Turnstile::Unlocked);
    machine.dispatch(Event::Push).unwrap();
    machine.dispatch(Event::Tilt { angle: 3 }).unwrap();
    assert_eq!(*machine.context(), Hall { coins: 50, angle: 3 });
    assert_eq!(machine.outputs().collect::<Vec<_>>(), [Output::Passed]);
    machine.dispatch(Event::Reset).unwrap();
    assert_eq!(machine.context().coins, 0);
    assert_eq!(machine.host().0, [1]);
}

#[statewright::machine(
    event Coin(value: u32), event Push
    context { coins: u32 = 0 }
    name Gate
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GateState {
    #[state(initial)]
    #[on(Coin(value) do set coins = coins + value -> Open)]
    Shut,
    #[on(Push -> Shut)]
    Open,
}

#[test]
fn parts_can_stand_in_the_attribute() {
    let mut machine = gate::Machine::new((), gate::Start {}).unwrap();
    machine.dispatch(gate::Event::Coin { value: 2 }).unwrap();
    assert_eq!(machine.state(), GateState::Open);
    assert_eq!(machine.context().coins, 2);
}
