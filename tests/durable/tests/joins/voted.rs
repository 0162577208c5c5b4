//! What votes come to, and when they come to nothing.

use crate::people::{No, People, builder, is_same};
use statewright::Cx;
use statewright::engine::View;
use statewright::store::{Memory, Status};
use std::time::Duration;
use vote::{Activities, AskError, Machine, Start, State, Vote, Voter};

/// A machine with a state for each vote.
macro_rules! votes {
    ($($name:literal: $state:ident ($($vote:tt)*),)*) => {
        statewright::flow! {
            struct Voter { name: String, weight: u32 }

            durable machine Vote {
                key id
                context {
                    id: String
                    rule: String
                    voters: Vec<Voter>
                    outcome: Option<u32> = none
                }
                error Refused
                transient error Down
                activity ask(name: String) -> u32 raises Refused, Down
                policy patient { timeout 100s }

                initial state Choosing {
                    always {
                        $(if rule == $name -> $state)*
                        else -> Done
                    }
                }
                $(state $state {
                    fan_out voter in voters max 10 concurrency 10 {
                        call one: ask(voter.name) with patient
                    } join all_settled vote $($vote)* into voted
                    on done do set outcome = voted -> Done
                    on error -> Done
                })*
                final state Done
            }
        }
    };
}

votes! {
    "majority": Majority (one majority),
    "plurality": Plurality (one plurality),
    "unanimous": Unanimous (one unanimous),
    "quorum 2": Quorum (one quorum 2),
    "weighted": Weighted (one weighted by voter.weight),
    "majority of halves": Halves (one / 2 majority),
}

impl Activities for People {
    async fn ask(&self, cx: &Cx, name: &str) -> Result<u32, AskError> {
        self.answer(cx, name).await.map_err(|no| match no {
            No::Refused => AskError::Refused,
            No::Down => AskError::Down,
        })
    }
}

/// Who votes for what, 0 for who refuses; with a weight.
fn start(rule: &str, votes: &[(u32, u32)]) -> Start {
    let voter = |(at, (vote, weight)): (usize, &(u32, u32))| {
        let what = if *vote == 0 { "no".to_owned() } else { vote.to_string() };
        // Not in the order of the list.
        Voter { name: format!("{what}@{}", (at * 7) % 5), weight: *weight }
    };
    Start {
        id: "k".to_owned(),
        rule: rule.to_owned(),
        voters: votes.iter().enumerate().map(voter).collect(),
    }
}

async fn in_memory(start: Start) -> Option<u32> {
    let handle = Machine::new(People::new(), start).unwrap().spawn();
    let mut state = handle.state();
    state.wait_for(|state| *state == State::Done).await.unwrap();
    handle.stop().await.unwrap().context().outcome
}

async fn durable(start: Start, kill: Option<u64>) -> Option<u32> {
    let (people, store) = (People::new(), Memory::new());
    let begin = || builder(&store).register::<Vote>(people.clone()).start();
    let mut engine = begin().await.unwrap();
    engine.start::<Vote>("k", start).await.unwrap();
    if let Some(at) = kill {
        tokio::time::sleep(Duration::from_millis(at)).await;
        drop(engine);
        tokio::task::yield_now().await;
        engine = begin().await.unwrap();
    }
    let is_over = |view: &View<Vote>| view.status == Status::Finished;
    let view = engine.wait_for::<Vote>("k", is_over).await.unwrap();
    assert!(is_same(&engine.replay::<Vote>("k").await.unwrap()));
    view.context.outcome
}

/// Votes of the same weight.
fn alike(votes: &[u32]) -> Vec<(u32, u32)> {
    votes.iter().map(|vote| (*vote, 1)).collect()
}

/// The rule, who votes for what, and what comes of it.
type Row = (&'static str, Vec<(u32, u32)>, Option<u32>);

#[tokio::test(start_paused = true)]
async fn each_vote_goes_by_the_table() {
    let table: &[Row] = &[
        ("majority", alike(&[1, 2, 1]), Some(1)),
        ("majority", alike(&[2, 2, 1, 2]), Some(2)),
        // Half is not more than half, be it of two or of three.
        ("majority", alike(&[1, 2]), None),
        ("majority", alike(&[1, 1, 2, 2]), None),
        ("majority", alike(&[1, 1, 2, 3]), None),
        ("majority", alike(&[1, 2, 3]), None),
        // Who refuses has no vote.
        ("majority", alike(&[0, 3, 0]), Some(3)),
        ("majority", alike(&[1, 0, 2]), None),
        ("majority", alike(&[0, 0]), None),
        ("majority", alike(&[]), None),
        ("plurality", alike(&[1, 2, 2, 3]), Some(2)),
        ("plurality", alike(&[1, 2, 2, 1, 3]), None),
        ("plurality", alike(&[1, 2, 3]), None),
        ("plurality", alike(&[4]), Some(4)),
        ("unanimous", alike(&[1, 1, 1]), Some(1)),
        ("unanimous", alike(&[1, 2, 1]), None),
        ("unanimous", alike(&[1, 0, 1]), Some(1)),
        ("unanimous", alike(&[]), None),
        ("quorum 2", alike(&[1, 2, 1]), Some(1)),
        ("quorum 2", alike(&[1, 2, 3]), None),
        ("quorum 2", alike(&[1, 2, 1, 2]), None),
        ("quorum 2", alike(&[1, 2, 1, 2, 1]), Some(1)),
        ("quorum 2", alike(&[0, 0, 1]), None),
        ("weighted", vec![(1, 1), (1, 1), (2, 3)], Some(2)),
        ("weighted", vec![(1, 2), (2, 1), (2, 1)], None),
        ("weighted", vec![(1, 4), (2, 3), (3, 3)], None),
        ("weighted", vec![(1, 0), (2, 0)], None),
        // The weight of who refuses counts for nobody.
        ("weighted", vec![(0, 9), (2, 2), (3, 1)], Some(2)),
        ("majority of halves", alike(&[2, 3, 5]), Some(1)),
    ];
    for (rule, votes, expected) in table {
        let start = || start(rule, votes);
        assert_eq!(in_memory(start()).await, *expected, "{rule} of {votes:?}, in memory");
        assert_eq!(durable(start(), None).await, *expected, "{rule} of {votes:?}, on an engine");
        let killed = durable(start(), Some(1_500)).await;
        assert_eq!(killed, *expected, "{rule} of {votes:?}, and killed");
    }
}
