//! When a join is over, with what, and who is not waited for.

use crate::people::{No, People, Seen, builder, is_same, settled};
use ask::{Activities, Ask, AskError, Context, Machine, Person, Start, State};
use statewright::Cx;
use statewright::engine::View;
use statewright::store::{Memory, Status};
use std::time::Duration;

/// A machine with a state for each join, over a list and of three calls.
macro_rules! joins {
    ($($name:literal: $list:ident $fixed:ident
        ($($join:tt)*) $into:ident ($($failures:tt)*) ($($keeps:tt)*),)*) => {
        statewright::flow! {
            struct Person { name: String }

            durable machine Ask {
                key id
                context {
                    id: String
                    join: String
                    people: Vec<Person>
                    one: String
                    two: String
                    three: String
                    got: Vec<u32> = []
                    each: Vec<Option<u32>> = []
                    reasons: Vec<Option<Failure>> = []
                    note: String = ""
                }
                error Refused
                transient error Down
                activity ask(name: String) -> u32 raises Refused, Down
                policy patient { timeout 100s  retry max 1 backoff fixed 10s jitter none on transient }

                @allow(W0502, "all of them are told by their names")
                on error(e) do set note = e.message -> Failed

                initial state Choosing {
                    always {
                        $(if join == $name && one == "" -> $list
                        if join == $name -> $fixed)*
                        else -> Failed
                    }
                }
                $(state $list {
                    fan_out person in people max 10 concurrency 3 {
                        call one: ask(person.name) with patient
                    } join $($join)* into $into $($failures)*
                    on done do set $($keeps)* -> Done
                }
                state $fixed {
                    fan_out {
                        call _first: ask(one) with patient
                        call _second: ask(two) with patient
                        call _third: ask(three) with patient
                    } join $($join)* into $into $($failures)*
                    on done do set $($keeps)* -> Done
                })*
                final state Done
                @outcome(failure)
                final state Failed
            }
        }
    };
}

joins! {
    "all": All AllThree (all) answers () (got = answers),
    "all tolerate 1": Most MostOfThree (all tolerate 1) answers (failures into why) (got = answers, set reasons = why),
    "all tolerate 40%": Many ManyOfThree (all tolerate 40%) answers (failures into why) (got = answers, set reasons = why),
    "all_settled": Settled SettledThree (all_settled) answers (failures into why) (each = answers, set reasons = why),
    "any": Any AnyOfThree (any) answers (failures into why) (got = answers, set reasons = why),
    "any tolerate 1": Early EarlyOfThree (any tolerate 1) answers (failures into why) (got = answers, set reasons = why),
    "first": First FirstOfThree (first) answers (failures into why) (got = answers, set reasons = why),
    "first 2": Pair PairOfThree (first 2) answers (failures into why) (got = answers, set reasons = why),
    "first tolerate 0": Race RaceOfThree (first tolerate 0) answers (failures into why) (got = answers, set reasons = why),
    "quorum 2": Two TwoOfThree (quorum 2) answers (failures into why) (got = answers, set reasons = why),
    "quorum 60%": Share ShareOfThree (quorum 60%) answers (failures into why) (got = answers, set reasons = why),
}

impl Activities for People {
    async fn ask(&self, cx: &Cx, name: &str) -> Result<u32, AskError> {
        self.answer(cx, name).await.map_err(|no| match no {
            No::Refused => AskError::Refused,
            No::Down => AskError::Down,
        })
    }
}

/// Over a list: all of these. Beside each other: these three.
fn start(join: &str, people: &[&str], is_list: bool) -> Start {
    let person = |name: &&str| Person { name: (*name).to_owned() };
    let of = |at: usize| if is_list { String::new() } else { people[at].to_owned() };
    Start {
        id: "k".to_owned(),
        join: join.to_owned(),
        people: people.iter().filter(|_| is_list).map(person).collect(),
        one: of(0),
        two: of(1),
        three: of(2),
    }
}

/// The answers with `-` where there is none, the failures by their names, or why all has failed.
fn said(state: &State, context: &Context) -> String {
    if *state != State::Done {
        return context.note.clone();
    }
    let each = context.each.iter().map(|each| each.map_or("-".to_owned(), |got| got.to_string()));
    let got = context.got.iter().map(ToString::to_string).chain(each).collect::<Vec<_>>();
    let name = |why: &Option<statewright::Failure>| {
        why.as_ref().map_or("-".to_owned(), |why| why.name.clone())
    };
    let reasons: Vec<String> = context.reasons.iter().map(name).collect();
    let told = if reasons.iter().any(|why| why != "-") { reasons } else { Vec::new() };
    [got.join(" "), told.join(" ")].join("; ").trim_end_matches("; ").to_owned()
}

async fn in_memory(start: Start) -> Seen {
    let people = People::new();
    let handle = Machine::new(people.clone(), start).unwrap().spawn();
    let mut state = handle.state();
    let is_over = |state: &State| [State::Done, State::Failed].contains(state);
    let state = *state.wait_for(is_over).await.unwrap();
    let seconds = people.seconds();
    settled().await;
    (said(&state, handle.stop().await.unwrap().context()), seconds, people.cut())
}

/// On an engine; the program ends and begins anew at these milliseconds.
async fn durable(start: Start, kills: &[u64]) -> Seen {
    let (people, store, begun) = (People::new(), Memory::new(), tokio::time::Instant::now());
    let begin = || builder(&store).register::<Ask>(people.clone()).start();
    let mut engine = begin().await.unwrap();
    engine.start::<Ask>("k", start).await.unwrap();
    for at in kills {
        tokio::time::sleep_until(begun + Duration::from_millis(*at)).await;
        drop(engine);
        settled().await;
        engine = begin().await.unwrap();
    }
    let is_over = |view: &View<Ask>| view.status == Status::Finished;
    let view = engine.wait_for::<Ask>("k", is_over).await.unwrap();
    let seconds = people.seconds();
    settled().await;
    assert!(is_same(&engine.replay::<Ask>("k").await.unwrap()));
    (said(&view.state, &view.context), seconds, people.cut())
}

/// The join, who is asked, what comes of it, in which second, and who is cut off.
type Row<'a> = (&'a str, [&'a str; 3], &'a str, u64, &'a [&'a str]);

const TABLE: &[Row<'static>] = &[
    // The results stand in the order of the list, and not in that in which they came.
    ("all", ["3@3", "1@1", "2@2"], "3 1 2", 3, &[]),
    ("all", ["3@3", "no@1", "2@2"], "1 of 3 branches failed: Refused", 1, &["2@2", "3@3"]),
    // Each branch has attempts of its own.
    ("all", ["3@3", "once7@1", "2@2"], "3 7 2", 12, &[]),
    ("all", ["3@3", "down@1", "2@2"], "1 of 3 branches failed: Down", 12, &[]),
    ("all tolerate 1", ["3@3", "1@1", "2@2"], "3 1 2", 3, &[]),
    ("all tolerate 1", ["3@3", "no@1", "2@2"], "3 2; - Refused -", 3, &[]),
    ("all tolerate 1", ["3@3", "2@2", "down@1"], "3 2; - - Down", 12, &[]),
    (
        "all tolerate 1",
        ["3@3", "no@1", "no@2"],
        "2 of 3 branches failed: Refused (2 times)",
        2,
        &["3@3"],
    ),
    // 40% of three is one.
    ("all tolerate 40%", ["no@3", "1@1", "2@2"], "1 2; Refused - -", 3, &[]),
    (
        "all tolerate 40%",
        ["never", "no@1", "no@2"],
        "2 of 3 branches failed: Refused (2 times)",
        2,
        &["never"],
    ),
    ("all_settled", ["3@3", "1@1", "2@2"], "3 1 2", 3, &[]),
    ("all_settled", ["3@3", "no@1", "down@1"], "3 - -; - Refused Down", 12, &[]),
    ("all_settled", ["no@3", "no@1", "no@2"], "- - -; Refused Refused Refused", 3, &[]),
    ("any", ["3@3", "1@1", "never"], "1", 1, &["3@3", "never"]),
    ("any", ["3@3", "no@1", "2@2"], "2; - Refused -", 2, &["3@3"]),
    ("any", ["no@3", "no@1", "no@2"], "3 of 3 branches failed: Refused (3 times)", 3, &[]),
    ("any", ["no@3", "no@1", "once7@2"], "7; Refused Refused -", 14, &[]),
    (
        "any tolerate 1",
        ["3@3", "no@1", "no@2"],
        "2 of 3 branches failed: Refused (2 times)",
        2,
        &["3@3"],
    ),
    ("any tolerate 1", ["3@3", "no@1", "2@2"], "2; - Refused -", 2, &["3@3"]),
    ("first", ["3@3", "1@1", "never"], "1", 1, &["3@3", "never"]),
    ("first", ["3@3", "no@1", "2@2"], "2; - Refused -", 2, &["3@3"]),
    ("first 2", ["3@3", "1@1", "never"], "3 1", 3, &["never"]),
    ("first 2", ["no@1", "3@3", "2@2"], "3 2; Refused - -", 3, &[]),
    (
        "first 2",
        ["no@1", "never", "no@2"],
        "2 of 3 branches failed: Refused (2 times)",
        2,
        &["never"],
    ),
    // A race: who ends first decides.
    ("first tolerate 0", ["3@3", "1@1", "no@2"], "1", 1, &["3@3", "no@2"]),
    (
        "first tolerate 0",
        ["3@3", "no@1", "2@2"],
        "1 of 3 branches failed: Refused",
        1,
        &["2@2", "3@3"],
    ),
    ("quorum 2", ["never", "2@2", "1@1"], "2 1", 2, &["never"]),
    ("quorum 2", ["no@1", "2@2", "3@3"], "2 3; Refused - -", 3, &[]),
    (
        "quorum 2",
        ["no@1", "down@1", "never"],
        "2 of 3 branches failed: Refused; Down",
        12,
        &["never"],
    ),
    // 60% of three is two.
    ("quorum 60%", ["3@3", "never", "1@1"], "3 1", 3, &["never"]),
    (
        "quorum 60%",
        ["no@1", "no@1", "never"],
        "2 of 3 branches failed: Refused (2 times)",
        1,
        &["never"],
    ),
];

#[tokio::test(start_paused = true)]
async fn each_join_goes_by_the_table() {
    for (join, people, said, seconds, cut) in TABLE {
        let cut = cut.iter().map(ToString::to_string).collect();
        let expected: Seen = ((*said).to_owned(), *seconds, cut);
        for is_list in [true, false] {
            let start = || start(join, people, is_list);
            let place = format!("{join} of {people:?}, a list: {is_list}");
            assert_eq!(in_memory(start()).await, expected, "{place}, in memory");
            assert_eq!(durable(start(), &[]).await, expected, "{place}, on an engine");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_changes_nothing_of_it() {
    // Between the seconds: those who had not answered are asked again, and take as long again.
    for (join, people, said, ..) in TABLE {
        for kills in [&[500_u64][..], &[1_500], &[1_500, 3_200]] {
            for is_list in [true, false] {
                let (found, ..) = durable(start(join, people, is_list), kills).await;
                assert_eq!(found, *said, "{join} of {people:?}, killed at {kills:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_goes_by_the_table() {
    let too_few = |wanted: u32| format!("{wanted} branches have to succeed, and there are 0");
    let table = [
        ("all", String::new()),
        ("all tolerate 1", String::new()),
        ("all_settled", String::new()),
        ("any", too_few(1)),
        ("first", String::new()),
        ("first 2", String::new()),
        ("quorum 2", too_few(2)),
        ("quorum 60%", String::new()),
    ];
    for (join, expected) in table {
        let expected: Seen = (expected, 0, Vec::new());
        assert_eq!(in_memory(start(join, &[], true)).await, expected, "{join}, in memory");
        assert_eq!(durable(start(join, &[], true), &[]).await, expected, "{join}, on an engine");
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_their_turn_never_begin_when_it_is_decided() {
    let names = ["5@1", "no@2", "6@2", "7@9", "8@9", "9@9"];
    let people = People::new();
    let machine = Machine::new(people.clone(), start("first 2", &names, true)).unwrap();
    let handle = machine.spawn();
    let mut state = handle.state();
    state.wait_for(|state| *state == State::Done).await.unwrap();
    settled().await;
    assert_eq!(people.begun(), ["5@1", "no@2", "6@2", "7@9"]);
    assert_eq!(people.cut(), ["7@9"]);
    let context = handle.stop().await.unwrap().context().clone();
    assert_eq!(said(&State::Done, &context), "5 6; - Refused - - - -");
}
