//! A chain of calls that stand in for each other, down to one that is calculated.

use crate::client::{Client as _, Does, No, Script, Service, both_of};
use Does::{Answers, Hangs, IsBusyFor, IsDown, Refuses};
use chain::{Activities, AskFirstError, AskSecondError, AskThirdError, Context, Logic};
use statewright::Cx;

statewright::flow! {
    durable machine Chain {
        key id
        context { id: String  topic: String  said: String = "" }
        error Refused
        transient error Down
        transient error Busy(retry_after: Duration)
        activity ask_first(topic: String) -> String raises Refused, Down, Busy
        activity ask_second(topic: String) -> String raises Refused, Down, Busy
        activity ask_third(topic: String) -> String raises Refused, Down, Busy
        fn guess(topic: String) -> String
        policy patient { timeout 5s  retry max 1 backoff fixed 60s jitter none on transient }
        policy quick { timeout 5s }

        initial state Asking {
            invoke ask_first(topic) with patient
                fallback ask_second(topic) with patient
                fallback on Refused ask_third(topic) with quick
                fallback guess(topic)
            on done(text) do set said = text -> Told
            on error Refused do set said = "refused" -> Failed
        }
        final state Told
        @outcome(failure)
        final state Failed
    }
}

/// The same behind one activity for each link.
macro_rules! links {
    ($($ask:ident: $error:ident of $link:literal)*) => {
        impl Activities for Service {
            $(async fn $ask(&self, cx: &Cx, _: &str) -> Result<String, $error> {
                match self.answer(cx, $link).await {
                    Ok(_) => Ok($link.to_owned()),
                    Err(No::Refused) => Err($error::Refused),
                    Err(No::Down) => Err($error::Down),
                    Err(No::Busy { retry_after }) => Err($error::Busy { retry_after }),
                }
            })*
        }
    };
}

links! {
    ask_first: AskFirstError of "first"
    ask_second: AskSecondError of "second"
    ask_third: AskThirdError of "third"
}

impl Logic for Service {
    fn guess(topic: &str) -> String {
        format!("a guess about {topic}")
    }
}

fn said(context: &Context) -> String {
    context.said.clone()
}

run!(chain: Chain);

/// What becomes of the links, what is said in the end, and who was called when.
type Row<'a> = ([&'a [Does]; 3], &'a str, &'a [&'a str]);

/// Nothing is called of the links behind the last that is called.
const NEVER: &[Does] = &[Answers];

pub(crate) const TABLE: &[Row<'static>] = &[
    ([&[Answers], NEVER, NEVER], "first", &["0 first 1"]),
    // The second attempt helps.
    ([&[IsDown, Answers], NEVER, NEVER], "first", &["0 first 1", "60 first 2"]),
    // Each link in its turn, with attempts of its own.
    ([&[IsDown], &[Answers], NEVER], "second", &["0 first 1", "60 first 2", "60 second 1"]),
    (
        [&[Hangs], &[IsDown, Answers], NEVER],
        "second",
        &["0 first 1", "65 first 2", "70 second 1", "130 second 2"],
    ),
    (
        [&[IsDown], &[IsDown], &[Answers]],
        "third",
        &["0 first 1", "60 first 2", "60 second 1", "120 second 2", "120 third 1"],
    ),
    // To the end of it.
    (
        [&[IsDown], &[IsDown], &[IsDown]],
        "a guess about rain",
        &["0 first 1", "60 first 2", "60 second 1", "120 second 2", "120 third 1"],
    ),
    (
        [&[IsBusyFor(100), IsDown], &[IsBusyFor(200), Hangs], &[Hangs]],
        "a guess about rain",
        &["0 first 1", "100 first 2", "100 second 1", "300 second 2", "305 third 1"],
    ),
    // A permanent error ends the chain,
    ([&[Refuses], NEVER, NEVER], "refused", &["0 first 1"]),
    ([&[IsDown, Refuses], NEVER, NEVER], "refused", &["0 first 1", "60 first 2"]),
    (
        [&[IsDown], &[IsDown], &[Refuses]],
        "refused",
        &["0 first 1", "60 first 2", "60 second 1", "120 second 2", "120 third 1"],
    ),
    // but where the next link names it.
    (
        [&[IsDown], &[Refuses], &[Answers]],
        "third",
        &["0 first 1", "60 first 2", "60 second 1", "60 third 1"],
    ),
    (
        [&[IsDown], &[Refuses], &[Refuses]],
        "refused",
        &["0 first 1", "60 first 2", "60 second 1", "60 third 1"],
    ),
];

pub(crate) fn script(links: [&[Does]; 3]) -> [(&'static str, &[Does]); 3] {
    let [first, second, third] = links;
    [("first", first), ("second", second), ("third", third)]
}

#[tokio::test(start_paused = true)]
async fn each_link_stands_in_for_the_one_before() {
    for (links, end, calls) in TABLE {
        let script: Script<'_> = &script(*links);
        let found = both_of::<Client, _>(script, async |on, service| {
            let end = Client::ask(on.clone(), "k", "rain").await;
            (end, service.calls())
        });
        let (said, called) = found.await;
        assert_eq!(
            (said.as_str(), called),
            (*end, calls.iter().map(ToString::to_string).collect())
        );
    }
}
