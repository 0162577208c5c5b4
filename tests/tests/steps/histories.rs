//! History: what was active before, shallow and deep, of composites and of parallel states.

statewright::flow! {
    machine Past {
        event Next
        event Away
        event Shallow
        event Deep
        event Sub
        action log(what: String)

        state Home {
            on Shallow -> history(Work)
            on Deep -> deep_history(Work)
            on Next -> Work
            on Sub -> history(Work::Two)
        }
        initial state Work {
            entry do log("+Work")
            exit do log("-Work")
            on Away -> Home
            initial state One {
                entry do log("+One")
                on Next -> Two
            }
            state Two {
                entry do log("+Two")
                initial state X {
                    entry do log("+X")
                    on Next -> Y
                }
                state Y {
                    entry do log("+Y")
                    after 5s do log("late")
                }
            }
        }
    }

    machine Sides {
        event Left
        event Right
        event Away
        event Shallow
        event Deep
        action log(what: String)

        initial parallel state Both {
            entry do log("+Both")
            exit do log("-Both")
            on Away -> Home
            region L {
                entry do log("+L")
                initial state L1 { entry do log("+L1") on Left -> L2 }
                state L2 {
                    entry do log("+L2")
                    initial state M1 { entry do log("+M1") on Left -> M2 }
                    state M2 { entry do log("+M2") }
                }
            }
            region R {
                entry do log("+R")
                initial state R1 { entry do log("+R1") on Right -> R2 }
                state R2 { entry do log("+R2") on Right -> R1 }
            }
        }
        state Home {
            on Shallow -> history(Both)
            on Deep -> deep_history(Both)
            on Left -> history(Both::L)
        }
    }

    machine Here {
        event Next
        event Away
        event Shallow
        event Deep
        action log(what: String)

        state Home { on Next -> deep_history(Work) }
        initial state Work {
            entry do log("+Work")
            exit do log("-Work")
            on Away -> Home
            on Shallow -> history(Work)
            on Deep -> deep_history(Work)
            initial state One { entry do log("+One")  exit do log("-One")  on Next -> Two }
            state Two {
                entry do log("+Two")
                exit do log("-Two")
                initial state X { entry do log("+X")  on Next -> Y }
                state Y { entry do log("+Y")  on Next -> One }
            }
        }
    }

    machine Fresh {
        event Go
        action log(what: String)
        initial state Home { on Go -> deep_history(Work) }
        state Work {
            entry do log("+Work")
            initial do log("pick") -> One
            state One { entry do log("+One") }
        }
    }
}

use crate::{Log, logs, steps};
use std::time::Duration;

logs! { past sides here fresh }

fn past() -> past::Machine<Log> {
    let mut machine = past::Machine::new(Log::default(), past::Start {}).unwrap();
    assert_eq!(machine.host_mut().take(), "+Work +One");
    machine
}

#[test]
fn shallow_history_takes_the_child_and_its_default() {
    use past::Event;
    let mut m = past();
    steps! { m,
        Event::Next => Handled "+Two +X"
        Event::Next => Handled "+Y"
        Event::Away => Handled "-Work"
        Event::Shallow => Handled "+Work +Two +X"
    }
}

#[test]
fn deep_history_goes_all_the_way_and_starts_timers_anew() {
    use past::Event;
    let mut m = past();
    steps! { m,
        Event::Next => Handled "+Two +X"
        Event::Next => Handled "+Y"
    }
    assert_eq!(m.advance(&Duration::from_secs(3)), Ok(0));
    steps! { m,
        Event::Away => Handled "-Work"
        Event::Deep => Handled "+Work +Two +Y"
    }
    assert_eq!(m.next_deadline(), Some(Duration::from_secs(8)));
}

#[test]
fn history_of_an_inner_state_is_its_own() {
    use past::Event;
    let mut m = past();
    steps! { m,
        Event::Next => Handled "+Two +X"
        Event::Next => Handled "+Y"
        Event::Away => Handled "-Work"
        Event::Sub => Handled "+Work +Two +Y"
    }
}

#[test]
fn never_visited_is_default_entry() {
    let mut m = fresh::Machine::new(Log::default(), fresh::Start {}).unwrap();
    steps! { m, fresh::Event::Go => Handled "+Work pick +One" }
}

#[test]
fn a_parallel_state_is_restored_region_by_region() {
    use sides::Event;
    let mut m = sides::Machine::new(Log::default(), sides::Start {}).unwrap();
    steps! { m,
        Event::Left => Handled "+Both +L +L1 +R +R1 +L2 +M1"
        Event::Left => Handled "+M2"
        Event::Right => Handled "+R2"
        Event::Away => Handled "-Both"
        Event::Deep => Handled "+Both +L +L2 +M2 +R +R2"
        Event::Away => Handled "-Both"
        Event::Shallow => Handled "+Both +L +L2 +M1 +R +R2"
        Event::Right => Handled "+R1"
        Event::Away => Handled "-Both"
        Event::Left => Handled "+Both +L +L2 +M1 +R +R1"
    }
}

/// A state that is active stays so: what is in it is left, and what was when it was last left is entered.
#[test]
fn history_of_a_state_that_is_active_is_that_of_the_last_visit() {
    use here::Event;
    let mut m = here::Machine::new(Log::default(), here::Start {}).unwrap();
    steps! { m,
        // It was never left.
        Event::Next => Handled "+Work +One -One +Two +X"
        Event::Deep => Handled "-Two +One"
        Event::Next => Handled "-One +Two +X"
        Event::Next => Handled "+Y"
        Event::Away => Handled "-Two -Work"
        Event::Next => Handled "+Work +Two +Y"
        Event::Next => Handled "-Two +One"
        Event::Deep => Handled "-One +Two +Y"
        Event::Shallow => Handled "-Two +Two +X"
    }
}
