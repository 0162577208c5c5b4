//! A world of loops: drafts that are written and judged in rounds. After every kill, and at every step, the
//! round and what is remembered of the rounds before it are those that follow from what was judged; no
//! round is repeated and none is left out.

use crate::ledger::Ledger;
use crate::refining::{Activities, JudgeError, Refining, Start, Verdict, WriteError};
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use serde_json::Value;
use statewright::engine::{Builder, Replay};
use statewright::store::Status;
use statewright::{Cx, Engine, EngineError};
use std::time::Duration;

/// Drafts.
pub struct Drafts {
    plan: Plan,
    ledger: Ledger,
}

/// Writes a draft with the number of the round in it, and judges it by that.
struct Model(Ledger);

impl Activities for Model {
    async fn write(&self, cx: &Cx, id: &str, advice: &str) -> Result<String, WriteError> {
        self.0.begin(cx)?;
        tokio::time::sleep(Duration::from_millis(2)).await;
        let round: u32 = if advice.is_empty() { 1 } else { advice.parse::<u32>()? + 1 };
        Ok(format!("{id} {round}"))
    }

    async fn judge(&self, cx: &Cx, draft: &str) -> Result<Verdict, JudgeError> {
        self.0.begin(cx)?;
        tokio::time::sleep(Duration::from_millis(1)).await;
        let (id, round) = draft.split_once(' ').ok_or_else(|| std::io::Error::other("no draft"))?;
        let score = scores(id)[round.parse::<usize>()? - 1];
        Ok(Verdict { score, advice: round.to_owned() })
    }
}

/// The marks that a draft gets: good ones in the second or fifth round, ones that get no better, ones that
/// nearly do, and ones that are never good enough.
fn scores(id: &str) -> [f64; 6] {
    match id.trim_start_matches("draft-").parse::<u64>().unwrap_or(0) % 5 {
        0 => [0.5, 0.95, 1.0, 1.0, 1.0, 1.0],
        1 => [0.1, 0.2, 0.3, 0.4, 0.9, 1.0],
        2 => [0.5, 0.6, 0.601, 0.602, 1.0, 1.0],
        3 => [0.5, 0.501, 0.6, 0.601, 0.7, 0.701],
        _ => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    }
}

/// How many rounds a draft has, and whether it is accepted then: as the loop of `refining.flow` says.
fn rounds(scores: [f64; 6]) -> (usize, bool) {
    let mut near = 0;
    for (at, score) in scores.into_iter().enumerate() {
        let is_near = at > 0 && (score - scores[at - 1]).abs() < 0.01;
        near = if is_near { near + 1 } else { 0 };
        if score >= 0.9 || near == 2 {
            return (at + 1, true);
        }
    }
    (scores.len(), false)
}

impl World for Drafts {
    const NAME: &'static str = "drafts";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        builder.register::<Refining>(Model(self.ledger.clone()))
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let draft = |clients: Clients, at| async move {
            let key = format!("draft-{at}");
            clients.start::<Refining>(&key, || Start { id: key.clone() }).await?;
            clients.end_of::<Refining>(&key).await.map(|_| ())
        };
        clients.each(self.plan.size, draft).await
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Refining>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        for journal in left.of("Refining") {
            let key = &journal.of.key;
            let scores = scores(key);
            let (wanted, is_accepted) = rounds(scores);
            let (mut judged, mut near) = (0, 0);
            for (_, step) in &journal.steps {
                if let Some(score) = step["reply"]["Judge"]["Ok"]["score"].as_f64() {
                    assert_eq!(score, scores[judged], "{key}: a round is repeated or left out");
                    let is_near = judged > 0 && (score - scores[judged - 1]).abs() < 0.01;
                    near = if is_near { near + 1 } else { 0 };
                    judged += 1;
                }
                remembered(key, &step["after"]["data"], (judged, near), scores);
            }
            let asked = journal.calls.asked.len();
            if journal.of.status == Status::Finished {
                let end = if is_accepted { "Accepted" } else { "Rejected" };
                assert_eq!((judged, asked), (wanted, 2 * wanted), "{key}");
                assert_eq!(journal.of.state, end, "{key}");
            } else {
                assert!(judged < wanted && asked <= 2 * judged + 2, "{key}: {asked} of {judged}");
                seen.count("in the middle", u64::from(judged > 0));
            }
            assert!(!left.is_end || journal.of.status == Status::Finished, "{key} has not ended");
        }
        assert!(!left.is_end || left.of("Refining").count() as u64 == plan.size, "one is lost");
    }
}

/// What the loop remembers behind so many rounds, the last of which were near to those before them.
fn remembered(key: &str, data: &Value, (judged, near): (usize, u64), scores: [f64; 6]) {
    let round = (judged + 1).min(rounds(scores).0);
    let before = if round > 1 { scores[round - 2] } else { 0.0 };
    assert_eq!(data["Rounds.round"], round, "{key}, behind {judged} rounds: {data}");
    assert_eq!(data["Rounds.change(score)"], before, "{key}, behind {judged} rounds: {data}");
    let counted = &data["Rounds.(change(score) < 0.01)"];
    assert_eq!(*counted, near, "{key}, behind {judged} rounds: {data}");
}
