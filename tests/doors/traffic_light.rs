//! A crossing: hierarchy, parallel regions, history, timers. In memory, no durability.

pub enum Lamp { Red, Yellow, Green, Flashing, Off }

#[context]
pub struct Context {
    #[init(false)]
    pub button_pressed: bool,
    #[init(0)]
    pub faults: u32,
}

#[events]
pub enum Event {
    Button,
    Fault { code: u32 },
    Repaired,
    PowerOff,
}

#[actions]
pub trait Actions {
    fn show(&mut self, lamp: Lamp);
    fn walk_sign(&mut self, on: bool);
    fn log_fault(&mut self, code: u32);
}

#[invariant(!(in(Operating::Cars::Go) && in(Operating::Walkers::Walk)))]
pub enum State {
    #[state(initial)]
    #[on(Fault(code) do log_fault(code), set faults = faults + 1 -> Broken)]
    #[on(PowerOff -> Dark)]
    Operating { cars: Cars, walkers: Walkers },

    #[entry(do show(Lamp::Flashing))]
    #[ignore(Button)]
    #[on(Fault(code) do log_fault(code))]
    #[on(Repaired {
        if faults < 3 -> deep_history(Operating)   // carry on where it stopped
        else -> Operating                          // start over
    })]
    #[on(PowerOff -> Dark)]
    Broken,

    #[state(final)]
    #[entry(do show(Lamp::Off))]
    Dark,
}

pub enum Cars {
    #[state(initial)]
    #[entry(do show(Lamp::Red))]
    #[after(20s -> Clear)]
    Stop,
    #[always(if in(Walkers::DontWalk) -> Go)]
    Clear,
    #[entry(do show(Lamp::Green))]
    #[after(30s if button_pressed -> Slow)]
    #[after(90s -> Slow)]
    Go,
    #[entry(do show(Lamp::Yellow))]
    #[after(3s -> Stop)]
    Slow,
}

pub enum Walkers {
    #[state(initial)]
    #[entry(do walk_sign(false))]
    #[on(Button do set button_pressed = true)]
    #[always(if button_pressed && in(Cars::Stop) -> Walk)]
    DontWalk,
    #[entry(do walk_sign(true), set button_pressed = false)]
    #[ignore(Button)]
    #[after(12s -> DontWalk)]
    Walk,
}
