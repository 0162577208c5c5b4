//! A world of many petitions, with clerks who answer at once, claim first, claim and forget, or do nothing.
//! No task is lost, asked twice, reminded too often or given up too early, and claims and answers that
//! were taken stay.

mod tasks;

use crate::journal::Journal;
use crate::ledger::Ledger;
use crate::petition::{Petition, Start};
use crate::seen::Seen;
use crate::world::{Clients, Left, Plan, World};
use statewright::engine::{Builder, Closed, Replay, Task, TaskId};
use statewright::store::{Millis, Status, Store, TaskEventRow, TaskFilter};
use statewright::{Engine, EngineError};
use std::collections::BTreeMap;
use std::time::Duration;

/// The times of `petition.flow`.
const PERIOD: Millis = 30;
const ESCALATES: Millis = 90;
const TIMEOUT: Millis = 200;

/// Petitions, with so many questions each as there are rounds. What clerks were told is in the ledger:
/// `seen TASK`, `claimed TASK WHO`, `answered TASK ANSWER`, each line behind the fact.
pub struct Petitions {
    plan: Plan,
    ledger: Ledger,
}

/// Starts a petition and does something about each question.
async fn clerk(clients: Clients, told: Ledger, plan: Plan, at: u64) -> Result<(), EngineError> {
    let key = format!("p-{at}");
    let start = || Start { id: key.clone(), rounds: plan.rounds as u32 };
    clients.start::<Petition>(&key, start).await?;
    let mut behind = 0;
    loop {
        let is_news = move |view: &statewright::engine::View<Petition>| {
            view.status == Status::Finished || view.context.round > behind
        };
        let view = clients.wait::<Petition>(&key, is_news).await?;
        if view.status == Status::Finished {
            return Ok(());
        }
        behind = view.context.round;
        let filter = || TaskFilter { key: Some(key.clone()), ..TaskFilter::default() };
        let tasks = clients.until(|| clients.engine.tasks(filter())).await?;
        for task in tasks.into_iter().flatten() {
            told.told(&format!("seen {}", task.id))?;
            match treat(&clients, &told, &task, at + plan.seed + task.id.invocation).await {
                // The clerk was too slow.
                Ok(()) | Err(EngineError::TaskClosed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// What a clerk does depends on the number.
async fn treat(
    clients: &Clients,
    told: &Ledger,
    task: &Task,
    number: u64,
) -> Result<(), EngineError> {
    let (id, engine) = (task.id, &clients.engine);
    if number.is_multiple_of(2) {
        clients.until(|| engine.claim(id, "ann")).await?;
        told.told(&format!("claimed {id} ann"))?;
    }
    let yes = number.is_multiple_of(3);
    match number % 4 {
        0 => {
            tokio::time::sleep(Duration::from_millis(number * 13 % 120)).await;
            clients.until(|| engine.answer_as(id, "ann", yes)).await?;
        }
        1 => {
            clients.until(|| engine.answer(id, yes)).await?;
        }
        _ => return Ok(()),
    }
    told.told(&format!("answered {id} {yes}"))
}

impl World for Petitions {
    const NAME: &'static str = "petitions";

    fn new(plan: Plan, ledger: Ledger) -> Self {
        Self { plan, ledger }
    }

    fn register(&self, builder: Builder) -> Builder {
        builder.register::<Petition>(())
    }

    async fn live(&self, clients: Clients) -> Result<(), EngineError> {
        let plan = self.plan;
        clients.each(plan.size, |clients, at| clerk(clients, self.ledger.clone(), plan, at)).await
    }

    async fn replay(engine: &Engine, _: &str, key: &str) -> Result<Replay, EngineError> {
        engine.replay::<Petition>(key).await
    }

    fn look(plan: Plan, left: &Left<'_>, seen: &mut Seen) {
        let events = left.store.task_events(0, usize::MAX).expect("the store can be read");
        let mut news: BTreeMap<TaskId, Vec<TaskEventRow>> = BTreeMap::new();
        for event in events {
            let TaskEventRow { instance, invocation, .. } = event;
            news.entry(TaskId { instance, invocation }).or_default().push(event);
        }
        for (id, news) in &news {
            tasks::task(left.store, &tasks::found(left.store, *id), news);
        }
        for line in left.ledger.lines() {
            tasks::told(left.store, line);
        }
        for journal in left.of("Petition") {
            let ids = news.keys().filter(|id| id.instance == journal.of.id);
            let tasks = ids.map(|id| tasks::found(left.store, *id)).collect();
            petition(left.store, (plan, left.is_end), journal, tasks, seen);
        }
    }
}

/// The tasks of an instance, and what it has made of them.
fn petition(
    store: &dyn Store,
    (plan, is_end): (Plan, bool),
    journal: &Journal,
    tasks: Vec<Task>,
    seen: &mut Seen,
) {
    let key = &journal.of.key;
    let filter = TaskFilter { key: Some(key.clone()), ..TaskFilter::default() };
    let open: Vec<Task> =
        store.tasks(&filter).expect("the store can be read").iter().map(Task::from).collect();
    let is_running = journal.of.status == Status::Running;
    assert_eq!(open.len(), usize::from(is_running), "{key} has other tasks open: {open:?}");
    assert!(!(is_end && is_running), "{key} has not ended");
    let closed = |is: fn(&Closed) -> bool| {
        tasks.iter().filter(|task| task.closed.as_ref().is_some_and(|(_, how)| is(how))).count()
            as u64
    };
    let answered = closed(|how| matches!(how, Closed::Answered { .. }));
    let timed_out = closed(|how| matches!(how, Closed::TimedOut));
    let counted = |name: &str| journal.context(name).as_u64().expect("it is a number");
    assert_eq!(counted("signed"), answered, "{key}");
    // One that was asked and over within one commit, as behind a pause, was in no list.
    assert!(counted("missed") >= timed_out, "{key}: {timed_out} times over, {:?}", journal.last);
    let asked = counted("signed") + counted("missed") + u64::from(is_running);
    assert_eq!(counted("round"), asked, "{key} was asked again, or not at all");
    assert!(is_running || asked == plan.rounds, "{key} has asked {asked} times");
    assert_eq!(tasks.len() as u64, answered + timed_out + u64::from(is_running), "{key}");
    for task in &open {
        let kept = &journal.last["invocations"][0];
        assert_eq!(kept["id"], task.id.invocation, "{key}: {kept}");
        let by = (kept["asked"]["claimed_by"].as_str(), task.claimed_by.as_deref());
        assert_eq!(by.0, by.1, "{key}: the list says otherwise than the instance");
        seen.count("open", 1);
        seen.count("claimed", u64::from(task.claimed_by.is_some()));
        seen.count("reminded", u64::from(task.reminded > 0));
        seen.count("escalated", u64::from(task.escalated));
    }
    if is_end {
        seen.count("answered", answered);
        seen.count("timed out", timed_out);
    }
}
