//! Tasks of people on the engine: listed, answered, claimed, reminded and closed, and there again
//! behind every end of the program. Time stands still unless nothing else is to be done.

#![allow(clippy::unwrap_used)]

use statewright::engine::{Closed, Replay, Settings, StepCause, Task, TaskCursor, TaskId};
use statewright::store::{InboxKind, Memory, Posted, Status, Store, TaskFilter, TaskNews};
use statewright::{Assignee, Dispatch, Engine, EngineError};
use statewright_durable_tests::expense::{Actions, Event, Expense, Start, State, Verdict};
use std::time::Duration;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3600);

struct Desk;

impl Actions for Desk {
    fn log(&self, _: &str) {}
}

thread_local! {
    /// When the test looked at the clock first; each test has a thread of its own.
    static START: Instant = Instant::now();
}

/// The wall goes on with the clock of the test, whichever engine looks at it.
fn wall() -> u64 {
    1_700_000_000_000 + START.with(Instant::elapsed).as_millis() as u64
}

async fn engine_at(store: &Memory, inbox: Duration) -> Engine {
    let mut settings = Settings::default();
    settings.inbox = inbox;
    let builder = Engine::builder().store(store.clone()).settings(settings).wall_clock(wall);
    builder.register::<Expense>(Desk).start().await.unwrap()
}

/// Nobody looks after messages, and so nobody comes by in between.
async fn engine(store: &Memory) -> Engine {
    engine_at(store, 24 * 365 * HOUR).await
}

async fn started(engine: &Engine, key: &str) -> TaskId {
    let start = Start { id: key.to_owned(), cents: 500, owner: "ann".to_owned() };
    engine.start::<Expense>(key, start).await.unwrap();
    only(engine, key).await.id
}

/// The open task of an instance, which has one.
async fn only(engine: &Engine, key: &str) -> Task {
    let mut tasks = open(engine, key).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    tasks.remove(0)
}

async fn open(engine: &Engine, key: &str) -> Vec<Task> {
    let filter = TaskFilter { key: Some(key.to_owned()), ..TaskFilter::default() };
    engine.tasks(filter).await.unwrap()
}

async fn state(engine: &Engine, key: &str) -> State {
    engine.state::<Expense>(key).await.unwrap().state
}

async fn news(engine: &Engine) -> Vec<(TaskNews, String)> {
    let mut events = engine.task_events(TaskCursor::START);
    let mut all = Vec::new();
    while let Ok(next) = tokio::time::timeout(Duration::from_millis(1), events.next()).await {
        let event = next.unwrap().unwrap();
        all.push((event.news, event.key));
    }
    all
}

#[tokio::test(start_paused = true)]
async fn a_task_is_listed_and_answered() {
    let engine = engine(&Memory::new()).await;
    let id = started(&engine, "a").await;
    let task = only(&engine, "a").await;
    assert_eq!((task.machine.as_str(), task.name.as_str()), ("Expense", "approve"));
    assert_eq!(task.title, "Pay 500 for a");
    assert_eq!(task.arguments, serde_json::json!({ "id": "a", "cents": 500 }));
    assert_eq!(task.answer, "Verdict");
    assert_eq!(task.choices, ["Pay", "Refuse", "Ask"]);
    assert_eq!(task.assigned, Some(Assignee::Role("finance".to_owned())));
    assert_eq!(task.due, Some(task.opened + 72 * 3_600_000));
    assert_eq!((task.reminded, task.escalated, &task.claimed_by), (0, 0, &None));
    assert_eq!(engine.answer(id, Verdict::Ask).await, Ok(Dispatch::Handled));
    let next = only(&engine, "a").await;
    assert_eq!((next.name.as_str(), next.answer.as_str(), next.due), ("explain", "String", None));
    assert_eq!(next.assigned, Some(Assignee::User("ann".to_owned())));
    let said = engine.answer_json(next.id, Some("ann"), "\"a train\"").await;
    assert_eq!(said, Ok(Dispatch::Handled));
    let again = only(&engine, "a").await;
    assert_eq!(engine.state::<Expense>("a").await.unwrap().context.note, "a train");
    assert_eq!(engine.answer_as(again.id, "bob", Verdict::Pay).await, Ok(Dispatch::Handled));
    assert_eq!(state(&engine, "a").await, State::Paid);
    assert!(open(&engine, "a").await.is_empty());
    // Who has answered what is in the journal, and a replay comes out the same.
    let steps = engine.history::<Expense>("a", 0, 100).await.unwrap();
    let by = steps.iter().filter_map(|step| match &step.cause {
        StepCause::Reply { by: Some(by), .. } => Some(by.as_str()),
        _ => None,
    });
    assert_eq!(by.collect::<Vec<_>>(), ["ann", "bob"]);
    assert!(steps[3].to_string().starts_with("bob answers Approve: \"Pay\""), "{}", steps[3]);
    assert!(matches!(engine.replay::<Expense>("a").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_answer_is_refused_and_the_task_stays_open() {
    let engine = engine(&Memory::new()).await;
    let id = started(&engine, "a").await;
    let wrong = engine.answer(id, true).await;
    assert!(
        matches!(&wrong, Err(EngineError::WrongAnswer { name, answer, .. })
            if name == "approve" && answer == "Verdict"),
        "{wrong:?}"
    );
    let wrong = engine.answer_json(id, None, "\"Pray\"").await.unwrap_err().to_string();
    assert!(wrong.contains("unknown variant `Pray`"), "{wrong}");
    assert!(matches!(engine.answer_json(id, None, "Pay").await, Err(EngineError::Undecodable(_))));
    let unknown = TaskId { instance: id.instance, invocation: 99 };
    assert_eq!(engine.answer(unknown, true).await, Err(EngineError::UnknownTask(unknown)));
    // An answer whose step fails leaves everything as it was.
    engine.answer(id, Verdict::Ask).await.unwrap();
    let explain = only(&engine, "a").await;
    let failed = engine.answer(explain.id, "x".repeat(101)).await;
    assert!(matches!(failed, Err(EngineError::Step(_))), "{failed:?}");
    assert_eq!(only(&engine, "a").await, explain);
    assert_eq!(engine.answer(explain.id, "x".to_owned()).await, Ok(Dispatch::Handled));
}

#[tokio::test(start_paused = true)]
async fn the_same_answer_again_is_fine_and_another_is_too_late() {
    let store = Memory::new();
    let first = engine(&store).await;
    let id = started(&first, "a").await;
    for _ in 0..2 {
        assert_eq!(first.answer(id, Verdict::Refuse).await, Ok(Dispatch::Handled));
        assert_eq!(first.answer_json(id, None, "\"Refuse\"").await, Ok(Dispatch::Handled));
    }
    let how = Closed::Answered { answer: "Refuse".into(), by: None };
    let late = Err(EngineError::TaskClosed { task: id, how: Some(how) });
    assert_eq!(first.answer(id, Verdict::Pay).await, late);
    assert_eq!(first.answer_as(id, "ann", Verdict::Refuse).await, late);
    assert_eq!(
        first.claim(id, "ann").await.unwrap_err().to_string(),
        late.clone().unwrap_err().to_string()
    );
    first.stop().await;
    let second = engine(&store).await;
    assert_eq!(second.answer(id, Verdict::Refuse).await, Ok(Dispatch::Handled));
    assert_eq!(second.answer(id, Verdict::Pay).await, late);
    // Those that come at the same time are told the same.
    let id = started(&second, "b").await;
    let answers = (
        second.answer(id, Verdict::Pay),
        second.answer(id, Verdict::Pay),
        second.answer(id, Verdict::Refuse),
    );
    let (one, two, three) = tokio::join!(answers.0, answers.1, answers.2);
    assert_eq!((one, two), (Ok(Dispatch::Handled), Ok(Dispatch::Handled)));
    assert!(matches!(three, Err(EngineError::TaskClosed { how: Some(_), .. })), "{three:?}");
    assert_eq!(second.history::<Expense>("b", 0, 9).await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_claimed_task_is_for_one_person() {
    let store = Memory::new();
    let first = engine(&store).await;
    let id = started(&first, "a").await;
    for nobody in ["", " "] {
        assert_eq!(first.claim(id, nobody).await, Err(EngineError::Unnamed(id)));
        let answered = first.answer_as(id, nobody, Verdict::Pay).await;
        assert_eq!(answered, Err(EngineError::Unnamed(id)));
    }
    for _ in 0..2 {
        assert_eq!(first.claim(id, "ann").await, Ok(()));
    }
    let taken = EngineError::TaskClaimed { task: id, by: "ann".to_owned() };
    assert_eq!(first.claim(id, "bob").await, Err(taken.clone()));
    assert_eq!(first.release(id, "bob").await, Err(taken.clone()));
    assert_eq!(first.answer_as(id, "bob", Verdict::Pay).await, Err(taken.clone()));
    assert_eq!(first.answer(id, Verdict::Pay).await, Err(taken.clone()));
    first.stop().await;
    // The claim is kept.
    let second = engine(&store).await;
    assert_eq!(only(&second, "a").await.claimed_by.as_deref(), Some("ann"));
    assert_eq!(second.answer_as(id, "bob", Verdict::Pay).await, Err(taken));
    for _ in 0..2 {
        assert_eq!(second.release(id, "ann").await, Ok(()));
    }
    assert_eq!(second.claim(id, "bob").await, Ok(()));
    // Whoever it is escalated to has not claimed it.
    tokio::time::sleep(21 * HOUR).await;
    let task = only(&second, "a").await;
    assert_eq!((task.escalated, &task.claimed_by), (1, &None));
    assert_eq!(task.assigned, Some(Assignee::User("ann".to_owned())));
    assert_eq!(second.claim(id, "ann").await, Ok(()));
    assert_eq!(second.answer_as(id, "ann", Verdict::Pay).await, Ok(Dispatch::Handled));
    assert!(matches!(second.replay::<Expense>("a").await, Ok(Replay::Same(_))));
}

#[tokio::test(start_paused = true)]
async fn reminders_and_the_timeout_survive_restarts() {
    let store = Memory::new();
    let mut running = engine(&store).await;
    let id = started(&running, "a").await;
    let mut reminded = Vec::new();
    for _ in 0..14 {
        // In the middle between two, and at an end without being stopped.
        tokio::time::sleep(5 * HOUR + Duration::from_secs(1)).await;
        drop(running);
        tokio::task::yield_now().await;
        running = engine(&store).await;
        reminded.push(only(&running, "a").await.reminded);
    }
    assert_eq!(reminded, [0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8]);
    tokio::time::sleep(2 * HOUR - Duration::from_secs(16)).await;
    assert_eq!(state(&running, "a").await, State::Asking);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let ended = |view: &statewright::engine::View<Expense>| view.status == Status::Finished;
    let end = running.wait_for::<Expense>("a", ended).await.unwrap();
    assert_eq!((end.state, end.context.note.as_str()), (State::Refused, "nobody answered"));
    let late = Err(EngineError::TaskClosed { task: id, how: Some(Closed::TimedOut) });
    assert_eq!(running.answer(id, Verdict::Pay).await, late);
    let count = |all: &[(TaskNews, String)], wanted| all.iter().filter(|n| n.0 == wanted).count();
    let all = news(&running).await;
    assert_eq!(all.first().map(|(news, _)| *news), Some(TaskNews::Opened));
    assert_eq!(all.last().map(|(news, _)| *news), Some(TaskNews::Closed));
    let counts = [TaskNews::Opened, TaskNews::Reminded, TaskNews::Escalated, TaskNews::Closed];
    assert_eq!(counts.map(|wanted| count(&all, wanted)), [1, 8, 1, 1]);
}

/// When timers of an instance were due whose steps it has made, in hours behind its start.
async fn fired(engine: &Engine, key: &str) -> Vec<u64> {
    let steps = engine.history::<Expense>(key, 0, 100).await.unwrap();
    let due = steps.iter().filter_map(|step| match step.cause {
        StepCause::Due(due) => Some((due - steps[0].at) / 3_600_000),
        _ => None,
    });
    due.collect()
}

/// Several are overdue at once: each fires once and in order, and each is told.
#[tokio::test(start_paused = true)]
async fn what_was_overdue_fires_once_each_and_in_order() {
    use TaskNews::{Claimed, Closed as Ended, Escalated, Opened, Reminded};
    let store = Memory::new();
    let first = engine(&store).await;
    let id = started(&first, "a").await;
    first.claim(id, "bob").await.unwrap();
    drop(first);
    tokio::time::sleep(45 * HOUR).await;
    let second = engine(&store).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let task = only(&second, "a").await;
    assert_eq!((task.reminded, task.escalated, &task.claimed_by), (5, 1, &None));
    assert_eq!(task.assigned, Some(Assignee::User("ann".to_owned())));
    assert_eq!(fired(&second, "a").await, [8, 16, 20, 24, 32, 40]);
    let history = second.history::<Expense>("a", 0, 100).await.unwrap();
    let told = history[2..5].iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            "timer  in Asking  reminds #1",
            "timer  in Asking  reminds #1",
            "timer  in Asking  escalates #1 to user ann",
        ]
    );
    // A page of it says the same.
    assert_eq!(second.history::<Expense>("a", 5, 1).await.unwrap(), history[4..5]);
    // They are committed together, and each is news.
    let all = news(&second).await.into_iter().map(|(news, _)| news).collect::<Vec<_>>();
    let overdue = [Reminded, Reminded, Escalated, Reminded, Reminded, Reminded];
    assert_eq!(all, [&[Opened, Claimed][..], &overdue].concat());
    // The next ones come at their own times, however late those were.
    tokio::time::sleep(4 * HOUR).await;
    assert_eq!(fired(&second, "a").await[6..], [48]);
    drop(second);
    tokio::time::sleep(100 * HOUR).await;
    let third = engine(&store).await;
    let ended = |view: &statewright::engine::View<Expense>| view.status == Status::Finished;
    let end = third.wait_for::<Expense>("a", ended).await.unwrap();
    assert_eq!((end.state, end.context.note.as_str()), (State::Refused, "nobody answered"));
    assert_eq!(fired(&third, "a").await[6..], [48, 56, 64, 72], "nothing behind the end");
    let all = news(&third).await.into_iter().map(|(news, _)| news).collect::<Vec<_>>();
    assert_eq!(all[8..], [Reminded, Reminded, Reminded, Ended]);
    let late = Err(EngineError::TaskClosed { task: id, how: Some(Closed::TimedOut) });
    assert_eq!(third.answer(id, Verdict::Pay).await, late);
    assert!(matches!(third.replay::<Expense>("a").await, Ok(Replay::Same(_))));
}

/// What several people do at the same time is committed together, and told one by one.
#[tokio::test(start_paused = true)]
async fn each_step_is_news_also_of_one_commit() {
    use TaskNews::{Claimed, Closed as Ended, Opened, Released};
    let engine = engine(&Memory::new()).await;
    let id = started(&engine, "a").await;
    let (one, two, three, four) = tokio::join!(
        engine.claim(id, "ann"),
        engine.release(id, "ann"),
        engine.claim(id, "bob"),
        engine.answer_as(id, "bob", Verdict::Ask),
    );
    assert_eq!((one, two, three), (Ok(()), Ok(()), Ok(())));
    assert_eq!(four, Ok(Dispatch::Handled));
    let all = news(&engine).await.into_iter().map(|(news, _)| news).collect::<Vec<_>>();
    assert_eq!(all, [Opened, Claimed, Released, Claimed, Ended, Opened]);
    let how = engine.task(id).await.unwrap().closed.map(|(_, how)| how);
    assert_eq!(how, Some(Closed::Answered { answer: "Ask".into(), by: Some("bob".to_owned()) }));
    assert_eq!(only(&engine, "a").await.name, "explain");
}

#[tokio::test(start_paused = true)]
async fn an_answer_and_the_timeout_race_and_one_wins() {
    for (wait, wins) in [(72 * HOUR - Duration::from_millis(1), true), (72 * HOUR, false)] {
        let engine = engine(&Memory::new()).await;
        let id = started(&engine, "a").await;
        tokio::time::sleep(wait).await;
        let said = engine.answer(id, Verdict::Pay).await;
        assert_eq!(said.is_ok(), wins, "{said:?}");
        let expected = if wins { State::Paid } else { State::Refused };
        assert_eq!(state(&engine, "a").await, expected);
        let closed = engine.task(id).await.unwrap().closed.map(|(_, how)| how);
        assert_eq!(closed == Some(Closed::TimedOut), !wins, "{closed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_are_closed_when_the_machine_goes_on_or_is_given_up() {
    let engine = engine(&Memory::new()).await;
    let (a, b) = (started(&engine, "a").await, started(&engine, "b").await);
    engine.send::<Expense>("a", Event::Withdraw).await.unwrap();
    engine.abandon::<Expense>("b").await.unwrap();
    let how = |task: Task| task.closed.map(|(_, how)| how);
    assert_eq!(how(engine.task(a).await.unwrap()), Some(Closed::Left));
    assert_eq!(how(engine.task(b).await.unwrap()), Some(Closed::Abandoned));
    assert!(engine.tasks(TaskFilter::default()).await.unwrap().is_empty());
    let late = engine.answer(b, Verdict::Pay).await;
    assert_eq!(late, Err(EngineError::TaskClosed { task: b, how: Some(Closed::Abandoned) }));
    // A step that fails for an event changes no task.
    let c = started(&engine, "c").await;
    assert!(engine.send::<Expense>("c", Event::Break).await.is_err());
    assert_eq!(only(&engine, "c").await.id, c);
}

#[tokio::test(start_paused = true)]
async fn lists_and_news_need_no_instance_in_memory() {
    let store = Memory::new();
    let first = engine(&store).await;
    for key in ["a", "b", "c"] {
        started(&first, key).await;
    }
    let mut events = first.task_events(TaskCursor::START);
    let mut last = TaskCursor::START;
    for key in ["a", "b", "c"] {
        let event = events.next().await.unwrap().unwrap();
        assert_eq!((event.news, event.key.as_str()), (TaskNews::Opened, key));
        last = event.cursor;
    }
    // One who waits hears of what comes.
    let waiting = tokio::spawn(async move { events.next().await });
    tokio::task::yield_now().await;
    first.claim(only(&first, "b").await.id, "ann").await.unwrap();
    let event = waiting.await.unwrap().unwrap().unwrap();
    assert_eq!((event.news, event.key.as_str()), (TaskNews::Claimed, "b"));
    first.stop().await;
    assert_eq!(first.task_events(event.cursor).next().await, Ok(None));
    let second = engine(&store).await;
    let mut events = second.task_events(last);
    assert_eq!(events.next().await.unwrap().unwrap().news, TaskNews::Claimed);
    let by_role = TaskFilter { role: Some("finance".to_owned()), ..TaskFilter::default() };
    assert_eq!(second.tasks(by_role.clone()).await.unwrap().len(), 3);
    let free = TaskFilter { claimed: Some(false), limit: 1, ..by_role };
    let found = second.tasks(free.clone()).await.unwrap();
    assert_eq!(found[0].key, "a");
    let after = (found[0].id.instance, found[0].id.invocation);
    let found = second.tasks(TaskFilter { after, ..free }).await.unwrap();
    assert_eq!(found[0].key, "c");
}

#[tokio::test]
async fn other_programs_answer_through_the_store() {
    let store = Memory::new();
    let engine = engine_at(&store, Duration::from_millis(20)).await;
    let id = started(&engine, "a").await;
    let post = |kind, body: String| {
        let (machine, key) = ("Expense".to_owned(), "a".to_owned());
        store.post(&Posted { machine, key, kind, body, message_id: None, at: 1 }).unwrap()
    };
    let task = id.invocation;
    let body = |by: &str| format!("{{\"task\":{task},\"by\":\"{by}\"}}");
    let answer =
        |by: &str, answer: &str| format!("{{\"task\":{task},\"by\":\"{by}\",\"answer\":{answer}}}");
    for (kind, body, said) in [
        (InboxKind::Claim, body("ann"), "Handled"),
        (InboxKind::Claim, body("bob"), "error: task 1.1 is claimed by ann"),
        (
            InboxKind::Claim,
            format!("{{\"task\":{task}}}"),
            "error: cannot be decoded: no wish of a task: it does not say who",
        ),
        (InboxKind::Release, body("ann"), "Handled"),
        (
            InboxKind::Answer,
            body("bob"),
            "error: cannot be decoded: no wish of a task: there is no answer",
        ),
        (InboxKind::Answer, answer("bob", "3"), "error: the answer to `approve` is a `Verdict`"),
        (InboxKind::Answer, answer("bob", "\"Pay\""), "Handled"),
        (InboxKind::Answer, answer("bob", "\"Pay\""), "error: `a` is finished"),
    ] {
        let message = post(kind, body);
        let told = loop {
            if let Some(told) = store.inbox_answer(message).unwrap() {
                break told;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        assert!(told.starts_with(said), "{told}, not {said}");
    }
    assert_eq!(state(&engine, "a").await, State::Paid);
}
