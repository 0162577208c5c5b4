//! `late` fields that a new version proves to be set, and an old one did not know.

use super::{builder, engine, killed};
use statewright::EngineError;
use statewright::engine::CauseKind;
use statewright::store::Memory;

mod of_first {
    statewright::flow! {
        durable machine Letter version 1 {
            key id
            context { id: String }
            event Weigh(_grams: u32)
            event Send
            initial state Written { on Weigh(_) -> Weighed  on Send -> Sent }
            state Weighed { on Send -> Sent }
            final state Sent
        }
    }
}

mod of_second {
    statewright::flow! {
        durable machine Letter version 2 {
            key id
            context { id: String  late grams: u32 }
            event Weigh(grams: u32)
            event Send
            output Posted(grams: u32)
            initial state Written { on Weigh(now) do set grams = now -> Weighed }
            state Weighed { on Send do emit Posted(grams) -> Sent }
            final state Sent
        }
    }
}

mod of_third {
    statewright::flow! {
        durable machine Letter version 2 {
            key id
            context { id: String  late grams: u32 }
            event Weigh(grams: u32)
            event Send
            output Posted(grams: u32)

            migrate from 1 { set grams = 20 }

            initial state Written { on Weigh(now) do set grams = now -> Weighed }
            state Weighed { on Send do emit Posted(grams) -> Sent }
            final state Sent
        }
    }
}

use of_first::letter as first;
use of_second::letter as second;
use of_third::letter as third;

#[tokio::test(start_paused = true)]
async fn what_is_proved_of_new_instances_is_looked_for_in_old_ones() {
    let store = Memory::new();
    let old = engine(builder(&store).register::<first::Letter>(())).await;
    for key in ["written", "weighed"] {
        let start = first::Start { id: key.to_owned() };
        old.start::<first::Letter>(key, start).await.expect("the key is free");
    }
    let weigh = first::Event::Weigh { _grams: 20 };
    old.send::<first::Letter>("weighed", weigh).await.expect("it is written");
    killed(old).await;

    let new = engine(builder(&store).register::<second::Letter>(())).await;
    let written = new.state::<second::Letter>("written").await.expect("it is weighed later");
    assert_eq!(written.context.grams, None);
    let refused = new.send::<second::Letter>("weighed", second::Event::Send).await;
    let Err(EngineError::Parked { cause, .. }) = refused else { panic!("{refused:?}") };
    let expected = "made by version 1 of `Letter`, and version 2 cannot go on with it: context field \
        `grams` is unset, and is read from state `Weighed` on; `set grams = ..` in `migrate from 1 { .. }` \
        says what it is";
    assert_eq!((cause.kind, cause.message.as_str()), (CauseKind::Incompatible, expected));
    new.stop().await;

    let able = engine(builder(&store).register::<third::Letter>(())).await;
    able.retry::<third::Letter>("weighed").await.expect("it is parked");
    able.send::<third::Letter>("weighed", third::Event::Send).await.expect("it goes on");
    let sent = able.state::<third::Letter>("weighed").await.expect("it is kept");
    assert_eq!((sent.state, sent.context.grams), (third::State::Sent, Some(20)));
}
