//! With `smlang`.

use super::{Event, Tally};
use smlang::statemachine;

statemachine! {
    transitions: {
        *Locked + Coin(u32) [enough] / pay = Unlocked,
        Locked + Coin(u32) [!enough] / refuse = Locked,
        Locked + Push / warn = Locked,
        Locked + Kick = Broken,
        Unlocked + Push / pass = Locked,
        Unlocked + Coin(u32) / keep = Unlocked,
        Unlocked + Kick = Broken,
        Broken + Fix = Locked,
    }
}

struct Context {
    tally: Tally,
}

impl StateMachineContext for Context {
    fn enough(&self, value: &u32) -> Result<bool, ()> {
        Ok(*value >= 50)
    }

    fn pay(&mut self, _: u32) -> Result<(), ()> {
        self.tally.coins += 1;
        self.tally.beeps += 1;
        Ok(())
    }

    fn refuse(&mut self, _: u32) -> Result<(), ()> {
        self.tally.beeps += 3;
        Ok(())
    }

    fn warn(&mut self) -> Result<(), ()> {
        self.tally.beeps += 2;
        Ok(())
    }

    fn pass(&mut self) -> Result<(), ()> {
        self.tally.passed += 1;
        Ok(())
    }

    fn keep(&mut self, _: u32) -> Result<(), ()> {
        self.tally.beeps += 2;
        Ok(())
    }
}

pub fn run(events: Vec<Event>) -> impl FnMut() -> u64 {
    let mut machine = StateMachine::new(Context { tally: Tally::default() });
    move || {
        for event in &events {
            // An event that nothing handles is an error here; all contenders drop it.
            let _ = machine.process_event(match *event {
                Event::Coin(value) => Events::Coin(value),
                Event::Push => Events::Push,
                Event::Kick => Events::Kick,
                Event::Fix => Events::Fix,
            });
        }
        machine.context().tally.checksum()
    }
}
