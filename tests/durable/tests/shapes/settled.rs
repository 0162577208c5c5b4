//! What waits in an instance is looked at by the version that takes it over, before anything else comes.

use super::{builder, engine, killed};
use statewright::EngineError;
use statewright::engine::{CauseKind, Replay};
use statewright::store::{Memory, Status};

/// Puts events off, waits in the first of two children, and remembers what it was in.
mod before {
    statewright::flow! {
        durable machine Case version 1 {
            key id
            context { id: String  got: String = "" }
            event Put(what: String)
            event Go
            event Note(pages: u32)
            event Leave
            event Back
            fn and(a: String, b: String) -> String

            initial state Shut {
                defer Put
                on Go -> Open
            }
            state Open {
                on Put(what) do set got = and(got, what)
                on Go -> Work
            }
            state Work {
                initial state First {
                    on Note(pages) -> Second(pages)
                }
                state Second(pages: u32 = 7)
                on Leave -> Away
            }
            state Away {
                on Back -> deep_history(Work)
            }
        }
    }
}

/// What was put off is taken, also where nothing is put off any more.
mod taken {
    statewright::flow! {
        durable machine Case version 2 {
            key id
            context { id: String  got: String = "" }
            event Put(what: String)
            fn and(a: String, b: String) -> String

            initial state Shut {
                on Put(what) do set got = and(got, what)
            }
        }
    }
}

/// A block leads it to where it goes on by itself.
mod led {
    statewright::flow! {
        durable machine Case version 2 {
            key id
            context { id: String  got: String = ""  most: u32 = 5 }
            event Put(what: String)
            fn and(a: String, b: String) -> String

            migrate from 1 { state Shut -> Passing }

            initial state Shut {
                defer Put
                always if most > 100 -> Passing
            }
            state Passing {
                always if most > 3 -> Open
                defer Put
                after 1h -> Open
            }
            state Open {
                on Put(what) do set got = and(got, what)
            }
        }
    }
}

/// A block leads it to a child behind which the state around it is done.
mod done {
    statewright::flow! {
        durable machine Case version 2 {
            key id
            context { id: String  got: String = "" }
            event Put(what: String)
            event Go
            event Note(pages: u32)
            event Leave
            event Back

            migrate from 1 {
                state Shut -> Work::Filed
                state Work::Second(pages: u32) -> Work::Second("many")
            }

            initial state Shut {
                on Put(what) do set got = what -> Work
            }
            state Work {
                initial state First {
                    on Note(pages) if pages > 1 -> Second("some")
                }
                state Second(pages: String = "none") {
                    on Go -> Filed
                }
                final state Filed
                on done do set got = "filed" -> Away
                on Leave -> Away
            }
            state Away {
                on Back -> deep_history(Work)
            }
        }
    }
}

/// As the last without the block: what is remembered cannot be read any more.
mod other_data {
    statewright::flow! {
        durable machine Case version 2 {
            key id
            context { id: String }
            event Go
            event Note(pages: u32)
            event Leave
            event Back

            initial state Shut {
                on Go -> Work
            }
            state Work {
                initial state First {
                    on Note(pages) if pages > 1 -> Second("some")
                }
                state Second(pages: String = "none")
                on Leave -> Away
            }
            state Away {
                on Back -> deep_history(Work)
            }
        }
    }
}

/// What comes next cannot be calculated.
mod failing {
    statewright::flow! {
        durable machine Case version 2 {
            key id
            context { id: String  most: u32 = 5 }

            initial state Shut {
                always if 10 / (most - 5) > 1 -> Open
            }
            final state Open
        }
    }
}

use before::case as before_it;
use done::case as done_it;
use failing::case::Case as Failing;
use led::case as led_it;
use other_data::case::Case as OtherData;
use taken::case as taken_it;

/// Puts words together.
#[derive(Clone, Copy, Debug)]
struct Words;

impl before_it::Logic for Words {
    fn and(a: &str, b: &str) -> String {
        format!("{a}{b}")
    }
}

impl taken_it::Logic for Words {
    fn and(a: &str, b: &str) -> String {
        format!("{a}{b}")
    }
}

impl led_it::Logic for Words {
    fn and(a: &str, b: &str) -> String {
        format!("{a}{b}")
    }
}

/// A store in which an instance has had these events, and its program was killed.
async fn had(events: impl IntoIterator<Item = before_it::Event>) -> Memory {
    let store = Memory::new();
    let old = engine(builder(&store).register::<before_it::Case>(Words)).await;
    let start = before_it::Start { id: "a".to_owned() };
    old.start::<before_it::Case>("a", start).await.expect("the key is free");
    for event in events {
        old.send::<before_it::Case>("a", event).await.expect("it takes what it gets");
    }
    killed(old).await;
    store
}

fn put(what: &str) -> before_it::Event {
    before_it::Event::Put { what: what.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn what_was_put_off_comes_first() {
    let store = had([put("1"), put("2")]).await;
    let engine = engine(builder(&store).register::<taken_it::Case>(Words)).await;
    let third = taken_it::Event::Put { what: "3".to_owned() };
    engine.send::<taken_it::Case>("a", third).await.expect("it takes it");
    let view = engine.state::<taken_it::Case>("a").await.expect("it is there");
    assert_eq!(view.context.got, "123");
    assert!(matches!(engine.replay::<taken_it::Case>("a").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn what_goes_on_by_itself_does() {
    let store = had([put("1"), put("2")]).await;
    let engine = engine(builder(&store).register::<led_it::Case>(Words)).await;
    let third = led_it::Event::Put { what: "3".to_owned() };
    engine.send::<led_it::Case>("a", third).await.expect("it takes it");
    let view = engine.state::<led_it::Case>("a").await.expect("it is there");
    assert_eq!((view.state, view.context.got.as_str()), (led_it::State::Open, "123"));
    let history = engine.history::<led_it::Case>("a", 1, 10).await.expect("it is there");
    let steps: Vec<String> = history.iter().map(ToString::to_string).collect();
    assert_eq!(steps[3], "migrated from version 1  Shut -> Open");
    assert!(matches!(engine.replay::<led_it::Case>("a").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn a_state_is_done_that_is_led_to_its_end() {
    let store = had([]).await;
    let engine = engine(builder(&store).register::<done_it::Case>(Words)).await;
    let view = engine.state::<done_it::Case>("a").await.expect("it is there");
    assert_eq!((view.state, view.context.got.as_str()), (done_it::State::Away, "filed"));
}

/// It is in `Away`, and remembers that it was in `Second(2)`.
async fn away() -> Memory {
    use before_it::Event::{Go, Leave, Note};
    had([Go, Go, Note { pages: 2 }, Leave]).await
}

#[tokio::test(start_paused = true)]
async fn a_block_says_what_is_remembered() {
    let engine = engine(builder(&away().await).register::<done_it::Case>(Words)).await;
    engine.send::<done_it::Case>("a", done_it::Event::Back).await.expect("it goes back");
    let view = engine.state::<done_it::Case>("a").await.expect("it is there");
    let many = done_it::Work::Second { pages: "many".to_owned() };
    assert_eq!(view.state, done_it::State::Work(many));
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_and_cannot_be_read_is_not_forgotten() {
    let engine = engine(builder(&away().await).register::<OtherData>(Words)).await;
    let refused = engine.state::<OtherData>("a").await.expect_err("it cannot go on");
    let EngineError::Parked { cause, .. } = refused else { panic!("{refused}") };
    assert_eq!(
        (cause.kind, cause.message.as_str()),
        (
            CauseKind::Incompatible,
            "made by version 1 of `Case`, and version 2 cannot go on with it: data `pages` of state \
             `Work::Second` was `u32` and is `String` now; `state Work::Second -> Work::Second(..)` in \
             `migrate from 1 { .. }` gives it (state `Work` remembers it)"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn what_comes_next_and_fails_is_why_it_does_not_go_on() {
    let store = had([]).await;
    let new = engine(builder(&store).register::<Failing>(Words)).await;
    let refused = new.state::<Failing>("a").await.expect_err("it cannot go on");
    let EngineError::Parked { cause, .. } = refused else { panic!("{refused}") };
    assert_eq!(cause.kind, CauseKind::Incompatible);
    let words = "made by version 1 of `Case`, and version 2 cannot go on with it: ";
    assert!(cause.message.starts_with(words), "{cause}");
    let replayed = new.replay::<Failing>("a").await.expect_err("it is not its instance");
    assert!(replayed.to_string().contains("another shape of its machine"), "{replayed}");
    // It is as it was for the program that can.
    killed(new).await;
    let old = engine(builder(&store).register::<before_it::Case>(Words)).await;
    old.retry::<before_it::Case>("a").await.expect("it goes on");
    let view = old.state::<before_it::Case>("a").await.expect("it is there");
    assert_eq!((view.state, view.status), (before_it::State::Shut, Status::Running));
}
