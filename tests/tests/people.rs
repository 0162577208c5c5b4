//! People in memory: asked, reminded, passed over, answered, and given up, by hand and in a task.

#![allow(clippy::unwrap_used)]

use statewright::{AnswerError, Asked, Assignee, Dispatch, Failure, StepError};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

statewright::flow! {
    enum Verdict { Pay, Refuse }

    machine Expense {
        context {
            id: String
            cents: u64
            owner: String = "ann"
            limit: Duration = 3d
            note: String = ""
        }
        event Withdraw
        event Again

        initial state Asking {
            human approve(id, cents) -> Verdict {
                assign user(owner)
                title "Pay {cents} for {id} within {limit} {{now}}"
                remind every 8h
                escalate after 20h to role("chief")
                escalate after 40h to role("board")
                timeout 3d
            }
            on done(verdict) {
                if verdict == Verdict::Pay -> Paid
                else -> Explaining
            }
            on timeout do set note = "nobody answered" -> Over
            on Withdraw -> Over
            on Again -> reenter Asking
        }
        state Explaining {
            human explain_it(id) -> String { timeout never }
            on done(why) do set note = why -> Over
        }
        state Paid { on Again -> Asking }
        final state Over
    }
}

use expense::{Error, Event, Machine, Reply, Request, Start, State, Verdict};

fn machine() -> Machine {
    Machine::new((), Start { id: "e-1".into(), cents: 500 }).unwrap()
}

fn asked(machine: &Machine) -> Asked {
    let mut tasks = machine.tasks();
    let task = tasks.next().map(|(_, asked)| asked.clone()).unwrap();
    assert!(tasks.next().is_none());
    task
}

#[test]
fn a_person_is_asked_and_answers() {
    let mut machine = machine();
    let told = machine.next_request().unwrap();
    assert_eq!(told.request, Request::Approve { id: "e-1".into(), cents: 500 });
    let id = told.id;
    assert_eq!(
        asked(&machine),
        Asked {
            title: "Pay 500 for e-1 within 3d {now}".into(),
            assigned: Some(Assignee::User("ann".into())),
            opened: Duration::ZERO,
            due: Some(72 * HOUR),
            reminded: 0,
            escalated: 0,
            claimed_by: None,
        }
    );
    let wrong = machine.answer(id, true);
    assert_eq!(wrong, Err(AnswerError::WrongType { name: "approve", answer: "Verdict" }));
    // A person does not fail, whoever says so.
    let failed = Error::Unexpected(Failure::new("Timeout", "nobody answered"));
    let failed = machine.resume(id, Reply::Approve(Err(failed)));
    assert_eq!(failed, Err(StepError::WrongReply));
    assert_eq!(machine.answer(id, Verdict::Refuse), Ok(Dispatch::Handled));
    assert_eq!(machine.state(), State::Explaining);
    // Where nothing is said the title is the name, and nobody is told in particular.
    let (open, asked) = machine.tasks().next().unwrap();
    assert_eq!((open.id, asked.title.as_str()), (id + 1, "explain it"));
    assert_eq!((&asked.assigned, asked.due), (&None, None));
    assert_eq!(machine.answer(id, Verdict::Pay), Err(AnswerError::Closed));
    let done = machine.resume(id + 1, Reply::ExplainIt(Ok("too dear".into())));
    assert_eq!((done, machine.context().note.as_str()), (Ok(Dispatch::Handled), "too dear"));
    assert_eq!(machine.answer(id + 1, String::new()), Err(AnswerError::Closed));
}

#[test]
fn reminders_and_escalations_change_the_task_and_nothing_else() {
    let mut machine = machine();
    let at = |machine: &mut Machine, hours: u32| {
        machine.advance(&(hours * HOUR)).unwrap();
        let asked = asked(machine);
        (asked.reminded, asked.assigned.unwrap().to_string(), asked.escalated)
    };
    assert_eq!(at(&mut machine, 7), (0, "user ann".into(), 0));
    assert_eq!(at(&mut machine, 8), (1, "user ann".into(), 0));
    assert_eq!(at(&mut machine, 20), (2, "role chief".into(), 1));
    assert_eq!(at(&mut machine, 71), (8, "role board".into(), 2));
    assert_eq!(machine.revoked().count(), 0);
    machine.advance(&(72 * HOUR - Duration::from_nanos(1))).unwrap();
    assert_eq!(machine.state(), State::Asking);
    machine.advance(&(72 * HOUR)).unwrap();
    assert_eq!((machine.state(), machine.tasks().count()), (State::Over, 0));
    assert_eq!(machine.context().note, "nobody answered");
}

#[test]
fn an_answer_that_comes_too_late_is_told_so() {
    let mut machine = machine();
    let id = machine.next_request().unwrap().id;
    machine.dispatch(Event::Again).unwrap();
    assert_eq!(machine.answer(id, Verdict::Pay), Err(AnswerError::Closed));
    assert_eq!(machine.revoked().collect::<Vec<_>>(), [id]);
    assert_eq!(machine.answer(id + 1, Verdict::Pay), Ok(Dispatch::Handled));
    machine.dispatch(Event::Again).unwrap();
    machine.dispatch(Event::Withdraw).unwrap();
    assert_eq!(machine.answer(id + 2, Verdict::Pay), Err(AnswerError::Closed));
    // The error of a step is that of the answer.
    let error = AnswerError::from(StepError::Uncaught);
    assert_eq!(error.to_string(), StepError::Uncaught.to_string());
}

#[test]
fn what_was_asked_is_saved_with_the_machine() {
    let mut before = machine();
    before.advance(&(21 * HOUR)).unwrap();
    let kept = serde_json::to_string(&before.snapshot()).unwrap();
    let clock = 100 * HOUR;
    let snapshot = serde_json::from_str(&kept).unwrap();
    let mut after = Machine::restore_at((), snapshot, &clock).unwrap();
    let asked = asked(&after);
    assert_eq!((asked.reminded, asked.escalated), (2, 1));
    assert_eq!((asked.opened, asked.due), (79 * HOUR, Some(151 * HOUR)));
    after.advance(&(151 * HOUR)).unwrap();
    assert_eq!(after.state(), State::Over);
    // One that has answered nothing is asked again.
    let mut same = Machine::restore((), serde_json::from_str(&kept).unwrap()).unwrap();
    assert_eq!(same.next_request().unwrap().id, 1);
}

#[tokio::test(start_paused = true)]
async fn a_task_lists_what_is_open_and_takes_answers() {
    let handle = machine().spawn();
    tokio::time::sleep(21 * HOUR).await;
    let open = handle.tasks().await.unwrap();
    let [task] = open.as_slice() else { panic!("{open:?}") };
    assert_eq!(task.request, Request::Approve { id: "e-1".into(), cents: 500 });
    assert_eq!((task.question.name, task.question.answer), ("approve", "Verdict"));
    assert_eq!(task.question.choices, ["\"Pay\"", "\"Refuse\""]);
    assert_eq!((task.asked.reminded, task.asked.escalated), (2, 1));
    let wrong = handle.answer(task.id, 7_u8).await;
    assert!(matches!(wrong, Err(AnswerError::WrongType { .. })), "{wrong:?}");
    assert_eq!(handle.answer(task.id, Verdict::Refuse).await, Ok(Dispatch::Handled));
    assert_eq!(handle.answer(task.id, Verdict::Refuse).await, Err(AnswerError::Closed));
    let next = handle.tasks().await.unwrap()[0].id;
    handle.answer(next, "no".to_owned()).await.unwrap();
    let machine = handle.stop().await.unwrap();
    assert_eq!((machine.state(), machine.context().note.as_str()), (State::Over, "no"));
}

/// The same in an annotated module.
#[statewright::machine]
mod leave {
    #[context]
    struct Context {
        days: u32,
    }

    #[allow(clippy::enum_variant_names)]
    enum State {
        #[state(initial)]
        #[human(grant(days) -> bool {
            assign role("chief")  title "{days} days"  remind every 1d  timeout 7d
        })]
        #[on(done(granted) { if granted -> Granted else -> Refused })]
        #[on(timeout -> Refused)]
        Asked,
        #[state(final)]
        Granted,
        #[state(final)]
        Refused,
    }
}

#[test]
fn a_module_asks_people_too() {
    let mut machine = leave::Machine::new((), leave::Start { days: 5 }).unwrap();
    let (open, asked) = machine.tasks().next().unwrap();
    assert_eq!(open.request, leave::Request::Grant { days: 5 });
    assert_eq!((asked.title.as_str(), asked.due), ("5 days", Some(7 * 24 * HOUR)));
    let id = open.id;
    machine.answer(id, true).unwrap();
    assert_eq!(machine.state(), leave::State::Granted);
}
