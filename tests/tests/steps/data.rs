//! Context, state data, host functions, expressions.

statewright::flow! {
    enum Size { Small, Large, Odd(by: i64) }
    struct Item { name: String, price: u32 }

    machine Shop {
        context {
            owner: String
            items: Vec<Item> = []
            note: Option<String> = none
            late total: u32
            ratio: f64 = 0.5
            wait: Duration = 1m30s
        }
        event Add(item: Item)
        event Pay
        event Name(note: String)
        event Size(size: Size)
        event Look
        event Count(n: i64)
        fn sum(items: Vec<Item>) -> u32
        fn label(size: Size, note: Option<String>) -> String
        guard is_dear(item: Item, than: u32)
        action log(what: String)
        action show(size: Size, at: Duration, note: Option<String>)

        initial state Open {
            on Add(item) if is_dear(item, 100) do log(item.name)
            on Pay if !is_empty(items) do set total = sum(items) -> Paid(total, "cash")
            on Name(note_) {
                if note_ == "none" do set note = none
                if contains(note_, "x") && len(note_) > 2 do set note = some(note_)
                else do log("no")
            }
            on Size(size) do show(size, wait * 2 / 3, note), log(label(size, note))
            on Look {
                if contains(note, "axa") do log("axa")
                if ratio * 2.0 >= 1.0 && wait > 1m do log(owner)
            }
            on Count(n) {
                if -n % 7 == -3 do log("minus three")
                if n == 0 || 100 / n > 10 do log("few")
                else do log("many")
            }
        }
        state Paid(total: u32, how: String) {
            entry do log(how)
            initial state Fresh { on Pay if total > 5 do log("big") -> Paid::Old(total + 1) }
            state Old(age: u32) { on Pay -> reenter Old(age + total) }
        }
    }
}

statewright::flow! {
    machine Tank {
        event Fill(by: u8)
        event Deeper
        event Twice
        event Leave
        event Back
        output Level(level: u16)
        initial state Filling(level: u8 = 10, note: Option<String> = none) {
            entry do set level = level + 1
            on Fill(by) do set level = level + by, set note = some("filled")
            on Leave -> Away
            initial state Slow(level: u16 = 500) {
                exit do set level = level + 1
                // The nearest of two with one name.
                on Deeper do set level = 7, set note = none
                on Twice do emit Level(level) -> initial(Filling)
            }
        }
        state Away {
            on Back -> history(Filling)
        }
    }
}

use crate::Log;
use shop::{Context, Event, Item, Machine, Size, State};
use statewright::Dispatch;
use std::time::Duration;

impl shop::Logic for Log {
    fn sum(items: &[Item]) -> u32 {
        items.iter().map(|item| item.price).sum()
    }
    fn label(size: &Size, note: &Option<String>) -> String {
        format!("{size:?} {note:?}")
    }
    fn is_dear(item: &Item, than: u32) -> bool {
        item.price > than
    }
}

impl shop::Actions for Log {
    fn log(&mut self, what: &str) {
        self.0.push(what.to_string());
    }
    fn show(&mut self, size: &Size, at: Duration, note: &Option<String>) {
        self.0.push(format!("show {size:?} {at:?} {note:?}"));
    }
}

fn machine() -> Machine<Log> {
    Machine::new(Log::default(), shop::Start { owner: "Ann".into() }).unwrap()
}

fn item(name: &str, price: u32) -> Item {
    Item { name: name.into(), price }
}

#[test]
fn a_context_starts_with_defaults_and_what_is_given() {
    let expected = Context {
        owner: "Ann".into(),
        items: vec![],
        note: None,
        total: None,
        ratio: 0.5,
        wait: Duration::from_secs(90),
    };
    assert_eq!(machine().context(), &expected);
}

#[test]
fn host_functions_take_references() {
    let mut m = machine();
    for (event, log) in [
        (Event::Add { item: item("ring", 101) }, "ring"),
        (Event::Size { size: Size::Small }, "show Small 60s None Small None"),
        (
            Event::Size { size: Size::Odd { by: -3 } },
            "show Odd { by: -3 } 60s None Odd { by: -3 } None",
        ),
    ] {
        assert_eq!(m.dispatch(event), Ok(Dispatch::Handled));
        assert_eq!(m.host_mut().take(), log);
    }
    assert_eq!(m.dispatch(Event::Add { item: item("pin", 1) }), Ok(Dispatch::Unhandled));
}

#[test]
fn expressions() {
    let cases = [
        (Event::Count { n: 3 }, "minus three"),
        (Event::Count { n: 0 }, "few"),
        (Event::Count { n: 9 }, "few"),
        (Event::Count { n: 11 }, "many"),
        (Event::Look, "Ann"),
        (Event::Name { note: "y".into() }, "no"),
        (Event::Name { note: "axa".into() }, ""),
        (Event::Look, "axa"),
        (Event::Name { note: "none".into() }, ""),
        (Event::Look, "Ann"),
    ];
    let mut m = machine();
    for (event, log) in cases {
        let name = format!("{event:?}");
        assert_eq!(m.dispatch(event), Ok(Dispatch::Handled), "{name}");
        assert_eq!(m.host_mut().take(), log, "{name}");
    }
}

#[test]
fn data_of_states_is_set_by_targets_and_seen_inside() {
    let mut m = machine();
    assert_eq!(m.dispatch(Event::Pay), Ok(Dispatch::Unhandled));
    let json = r#"{"owner":"Ann","items":[{"name":"a","price":7}],"note":null,"total":null,
        "ratio":1.0,"wait":{"secs":1,"nanos":0}}"#;
    let mut snapshot = m.snapshot();
    snapshot.context = serde_json::from_str(json).unwrap();
    let mut m = Machine::restore(Log::default(), snapshot).unwrap();
    for (age, state) in [(None, shop::Paid::Fresh), (Some(8), shop::Paid::Old { age: 8 })] {
        assert_eq!(m.dispatch(Event::Pay), Ok(Dispatch::Handled), "{age:?}");
        assert_eq!(m.state(), State::Paid { total: 7, how: "cash".into(), state });
    }
    assert_eq!(m.host_mut().take(), "cash big");
    assert_eq!(m.dispatch(Event::Pay), Ok(Dispatch::Handled));
    let state = shop::Paid::Old { age: 15 };
    assert_eq!(m.state(), State::Paid { total: 7, how: "cash".into(), state });
}

fn filling(level: u8, note: Option<&str>, inner: u16) -> tank::State {
    let state = tank::Filling::Slow { level: inner };
    tank::State::Filling { level, note: note.map(str::to_owned), state }
}

#[test]
fn data_of_states_is_set_while_they_are_active() {
    let mut m = tank::Machine::new((), tank::Start {}).unwrap();
    assert_eq!(m.state(), filling(11, None, 500));
    m.dispatch(tank::Event::Fill { by: 4 }).unwrap();
    assert_eq!(m.state(), filling(15, Some("filled"), 500));
    m.dispatch(tank::Event::Deeper).unwrap();
    assert_eq!(m.state(), filling(15, None, 7));
    m.dispatch(tank::Event::Twice).unwrap();
    assert_eq!(m.state(), filling(15, None, 500));
    let saved = m.snapshot();
    let m = tank::Machine::restore((), saved).unwrap();
    assert_eq!(m.state(), filling(15, None, 500));
}

#[test]
fn data_of_states_is_as_before_when_a_step_fails() {
    let mut m = tank::Machine::new((), tank::Start {}).unwrap();
    let failed = m.dispatch(tank::Event::Fill { by: 250 });
    assert!(matches!(failed, Err(statewright::StepError::Overflow(_))), "{failed:?}");
    assert_eq!(m.state(), filling(11, None, 500));
}

#[test]
fn history_brings_back_what_an_exit_has_set() {
    let mut m = tank::Machine::new((), tank::Start {}).unwrap();
    m.dispatch(tank::Event::Leave).unwrap();
    m.dispatch(tank::Event::Back).unwrap();
    assert_eq!(m.state(), filling(11, None, 501));
}
