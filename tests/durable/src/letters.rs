//! A world of instances that send to each other, and of parents that start children. Each letter is taken
//! once and in order, the end of each child comes back once, and at the end none is left over.

use crate::ledger::Ledger;
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use crate::{child, parent, sink, source};
use statewright::engine::{Builder, Replay, Settings};
use statewright::store::{Status, Store};
use statewright::{Cx, Engine, EngineError};
use std::time::Duration;

/// Instances that are sent to.
const SINKS: u64 = 2;

/// As many that send as that start others. Each sends five items in two rounds, and starts a child in each
/// round.
pub struct Letters {
    plan: Plan,
    ledger: Ledger,
}

fn items(plan: Plan) -> u64 {
    plan.rounds * 5 / 2
}

/// Works out what children ask.
struct Worker(Ledger);

impl child::Activities for Worker {
    async fn square(&self, cx: &Cx, n: u64) -> Result<u64, child::SquareError> {
        self.0.begin(cx)?;
        tokio::time::sleep(Duration::from_millis(n % 3)).await;
        Ok(n * n)
    }
}

struct Names;

impl parent::Logic for Names {
    fn child_of(id: &str, round: u64) -> String {
        format!("{id}-{round}")
    }
}

async fn send(clients: Clients, plan: Plan, at: u64) -> Result<(), EngineError> {
    let (id, sink) = (format!("source-{at}"), format!("sink-{}", at % SINKS));
    let start = || source::Start { id: id.clone(), sink: sink.clone(), count: items(plan) };
    clients.start::<source::Source>(&id, start).await?;
    clients.send::<source::Source>(&id, "go", || source::Event::Go).await?;
    clients.end_of::<source::Source>(&id).await.map(|_| ())
}

async fn ask(clients: Clients, plan: Plan, at: u64) -> Result<(), EngineError> {
    let id = format!("parent-{at}");
    let start = || parent::Start { id: id.clone(), rounds: plan.rounds };
    clients.start::<parent::Parent>(&id, start).await?;
    clients.end_of::<parent::Parent>(&id).await.map(|_| ())
}

impl World for Letters {
    const NAME: &'static str = "letters";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        let builder = builder.register::<source::Source>(()).register::<sink::Sink>(());
        let worker = Worker(self.ledger.clone());
        builder.register::<parent::Parent>(Names).register::<child::Child>(worker)
    }

    fn set(plan: Plan, settings: &mut Settings) {
        // So that letters wait for room.
        settings.mailbox = 2 + (plan.seed % 5) as usize;
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        for at in 0..SINKS {
            let id = format!("sink-{at}");
            clients.start::<sink::Sink>(&id, || sink::Start { id: id.clone() }).await?;
        }
        let plan = self.plan;
        let senders = clients.each(plan.size, |clients, at| send(clients, plan, at));
        let parents = clients.each(plan.size, |clients, at| ask(clients, plan, at));
        tokio::try_join!(senders, parents).map(|_| ())
    }

    async fn replay(engine: &Engine, machine: &str, key: &str) -> Result<Replay, EngineError> {
        match machine {
            "Source" => engine.replay::<source::Source>(key).await,
            "Sink" => engine.replay::<sink::Sink>(key).await,
            "Parent" => engine.replay::<parent::Parent>(key).await,
            _ => engine.replay::<child::Child>(key).await,
        }
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        let mut taken = 0;
        let mut in_order = |what: &str, found: Vec<&String>, wanted: &dyn Fn(usize) -> String| {
            for (at, body) in found.iter().enumerate() {
                assert_eq!(**body, wanted(at), "{what}: once, and in order: {found:?}");
            }
            taken += found.len() as u64;
        };
        for sink in 0..SINKS {
            let got = outputs(left.store, "Sink", &format!("sink-{sink}"));
            for source in (0..plan.size).filter(|source| source % SINKS == sink) {
                let of = format!("\"source\":\"source-{source}\"");
                let of_one = got.iter().filter(|body| body.contains(&of)).collect();
                let item = |at: usize| format!("{{\"Got\":{{{of},\"n\":{}}}}}", at + 1);
                in_order(&of, of_one, &item);
            }
        }
        for parent in 0..plan.size {
            let key = format!("parent-{parent}");
            let heard = outputs(left.store, "Parent", &key);
            let answer =
                |at: usize| format!("{{\"Heard\":{{\"round\":{at},\"answer\":{}}}}}", at * at);
            in_order(&key, heard.iter().collect(), &answer);
        }
        let all = plan.size * (items(plan) + plan.rounds);
        seen.count("in the middle", u64::from(taken > 0 && taken < all));
        if left.is_end {
            assert_eq!(taken, all, "everything has arrived");
            let children: Vec<_> = left.of("Child").map(|child| child.of.status).collect();
            assert_eq!(children.len() as u64, plan.size * plan.rounds);
            assert!(children.iter().all(|child| *child == Status::Finished), "{children:?}");
        }
    }
}

/// What an instance has put out.
fn outputs(store: &dyn Store, machine: &str, key: &str) -> Vec<String> {
    let found = store.find(machine, key).expect("the store can be read");
    let rows = found.map(|id| store.outputs(id, 0, usize::MAX).expect("it can be read"));
    rows.into_iter().flatten().map(|row| row.body).collect()
}
