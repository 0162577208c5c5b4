//! The steps of one instance: everything that waits for it, in order, until there is something that
//! has to be durable first.

use super::answers::Answers;
use super::error::{Cause, CauseKind, EngineError};
use super::family::{self, Ended};
use super::kind::{Input, Kind, Payload};
use super::letters::cause_text;
use super::message::{Job, Left, Order, Wants};
use super::meters;
use super::resident::{Committing, End, Resident};
use super::tasks::{self, TaskWants};
use crate::error::StepError;
use crate::step::Dispatch;
use crate::store::{Letter, LetterChange, LetterKind, Millis, Sender, Status};

/// So many steps of one instance are made in one go, so that one that is sent much does not hold up
/// the others of its shard.
const STEPS: usize = 256;

/// More timers than this at one time, beyond those that wait, set each other without end.
const TIMERS: usize = crate::step::MICROSTEP_LIMIT;

/// Makes the steps for which something waits: timers that are due, ends of activities, then what was
/// sent. Gives what is to be committed.
pub(super) fn advance(kind: &dyn Kind, resident: &mut Resident, now: Millis) -> Committing {
    let mut committing = Committing::default();
    let made = timers(resident, now, &mut committing).and_then(|is_all| {
        if is_all {
            replies(resident, now, &mut committing)?;
        }
        Ok(is_all)
    });
    match made {
        Err(error) => park(resident, &error, now, &mut committing),
        Ok(true) => jobs(kind, resident, now, &mut committing),
        // The rest comes when these are durable, and before anything else.
        Ok(false) => {}
    }
    let due = resident.live.take_due_attempts(now);
    committing.told.extend(due);
    if committing.end.is_none() && resident.is_taken_back() && !resident.live.has_calls() {
        committing.end = Some(End::Cancelled);
    }
    let done = resident.live.is_finished() && !resident.live.has_calls();
    if committing.end.is_none() && done {
        committing.end = Some(End::Finished);
    }
    committing
}

/// Fires what is due, in order; false if that was enough for one go and more is due.
fn timers(resident: &mut Resident, now: Millis, to: &mut Committing) -> Result<bool, EngineError> {
    let (mut time, mut left, mut made) = (None, 0, 0);
    while let Some((due, pending)) = resident.live.next_due(now) {
        if time != Some(due) {
            if made >= STEPS {
                return Ok(false);
            }
            (time, left) = (Some(due), TIMERS + pending);
        } else if left == 0 {
            return Err(EngineError::Step(StepError::TimerLimit(TIMERS)));
        }
        left -= 1;
        made += 1;
        let Some(step) = resident.fire(now) else { break };
        resident.record(step?, now, to);
    }
    Ok(true)
}

fn replies(resident: &mut Resident, now: Millis, to: &mut Committing) -> Result<(), EngineError> {
    while let Some((id, reply)) = resident.replies.pop_front() {
        resident.running.remove(&id);
        match resident.take(now, Input::Reply { id, reply, is_affordable: None, by: None })? {
            Some(step) => {
                resident.record(step, now, to);
            }
            None => meters::late_result(),
        }
    }
    Ok(())
}

fn jobs(kind: &dyn Kind, resident: &mut Resident, now: Millis, to: &mut Committing) {
    for _ in 0..STEPS {
        let Some(job) = resident.queue.pop_front() else { return };
        match job {
            Job::Start { answer, .. } => {
                let (machine, key) = (kind.name().to_owned(), resident.key.to_string());
                let _ = answer.send(Err(EngineError::Duplicate { machine, key }));
            }
            Job::Event { message: Some(message), event, answer }
                if !matches!(resident.answers, Answers::Known(_)) =>
            {
                // The rest waits too, so that the order stays.
                let message = Some(message);
                resident.queue.push_front(Job::Event { event, message, answer });
                return;
            }
            Job::Event { event, message, answer } => {
                if let Some(said) = known(resident, to, message.as_deref()) {
                    to.answers.push((answer, said));
                    continue;
                }
                match send(resident, (event, message.clone(), None), now, to) {
                    Ok(said) => {
                        to.messages.extend(message.map(|message| (message, said)));
                        to.answers.push((answer, said));
                    }
                    Err(error) => {
                        let _ = answer.send(Err(error));
                    }
                }
            }
            Job::Left(left) => {
                if !take_left(kind, resident, left, now, to) {
                    return;
                }
            }
            Job::Letter(letter) => {
                if !take_letter(kind, resident, letter, now, to) {
                    return;
                }
            }
            Job::Task { task, wants, answer } => {
                match tasks::take(resident, task.invocation, wants, now, to) {
                    Ok(said) => to.answers.push((answer, said)),
                    Err(error) => {
                        let _ = answer.send(Err(error));
                    }
                }
            }
            Job::Order { order: Order::Abandon, answer } => {
                to.answers.push((answer, Dispatch::Handled));
                return abandon(resident, now, to);
            }
            Job::Order { order: Order::Retry(_) | Order::Cancel, answer } => {
                let _ = answer.send(Err(EngineError::NotParked(resident.key.to_string())));
            }
            Job::Look(look) => {
                to.is_news = true;
                resident.watchers.push(look);
            }
        }
    }
}

/// The answer that a message got before.
fn known(resident: &Resident, to: &Committing, message: Option<&str>) -> Option<Dispatch> {
    let message = message?;
    let now = to.messages.iter().find(|(id, _)| id == message).map(|(_, said)| *said);
    match &resident.answers {
        Answers::Known(known) => now.or_else(|| known.get(message)),
        Answers::Unknown | Answers::Asked => now,
    }
}

/// Takes an event, with the id of its message and the instance that has sent it.
pub(super) fn send(
    resident: &mut Resident,
    (event, message, sender): (Payload, Option<String>, Option<Sender>),
    now: Millis,
    to: &mut Committing,
) -> Result<Dispatch, EngineError> {
    if resident.live.is_cancelled() {
        return Err(EngineError::Cancelled(resident.key.to_string()));
    }
    if resident.live.is_finished() {
        return Err(EngineError::Finished(resident.key.to_string()));
    }
    let step = resident.take(now, Input::Event { event, message, sender })?;
    Ok(step.map_or(Dispatch::Ignored, |step| resident.record(step, now, to)))
}

/// What another program has left; false if it has to wait.
fn take_left(
    kind: &dyn Kind,
    resident: &mut Resident,
    left: Left,
    now: Millis,
    to: &mut Committing,
) -> bool {
    let (json, message) = match &left.wants {
        Wants::Order(Order::Abandon) => {
            abandon(resident, now, to);
            to.left.push((left, said(Ok(Dispatch::Handled))));
            return false;
        }
        Wants::Order(Order::Retry(_) | Order::Cancel) => {
            let error = EngineError::NotParked(resident.key.to_string());
            to.left.push((left, said(Err(error))));
            return true;
        }
        Wants::Task(kind, json) => {
            let taken = TaskWants::read(*kind, json)
                .and_then(|(invocation, wants)| tasks::take(resident, invocation, wants, now, to));
            to.left.push((left, said(taken)));
            return true;
        }
        Wants::Event { json, message } => (json, message.clone()),
    };
    if message.is_some() && !matches!(resident.answers, Answers::Known(_)) {
        resident.queue.push_front(Job::Left(left));
        return false;
    }
    if let Some(known) = known(resident, to, message.as_deref()) {
        to.left.push((left, said(Ok(known))));
        return true;
    }
    let sent =
        kind.event(json).and_then(|event| send(resident, (event, message.clone(), None), now, to));
    if let (Ok(said), Some(message)) = (&sent, message) {
        to.messages.push((message, *said));
    }
    to.left.push((left, said(sent)));
    true
}

/// What another instance has sent: it is taken, or dead. False if the instance goes on no more.
fn take_letter(
    kind: &dyn Kind,
    resident: &mut Resident,
    letter: Letter,
    now: Millis,
    to: &mut Committing,
) -> bool {
    match letter.kind {
        LetterKind::Event => take_event(kind, resident, letter, now, to),
        LetterKind::Ended => return take_end(kind, resident, letter, now, to),
        LetterKind::Start => {
            let (machine, key) = (kind.name().to_owned(), resident.key.to_string());
            to.sends.extend(family::refused(&letter, &EngineError::Duplicate { machine, key }));
            to.letters.push(LetterChange::Taken(letter.id));
        }
        LetterKind::Cancel => return take_cancel(resident, letter, now, to),
    }
    true
}

/// Whoever has started it does not wait for it any more. If taking back what its sagas have done fails
/// the letter stays owed, as one that says how a child has ended.
fn take_cancel(resident: &mut Resident, letter: Letter, now: Millis, to: &mut Committing) -> bool {
    if !resident.live.parent().is_some_and(|parent| parent.cancels(&letter)) {
        to.letters.push(LetterChange::Taken(letter.id));
        return true;
    }
    if let Err(error) = cancel(resident, now, to) {
        resident.queue.push_front(Job::Letter(letter));
        park(resident, &error, now, to);
        return false;
    }
    to.letters.push(LetterChange::Taken(letter.id));
    if resident.live.is_cancelled() {
        return true;
    }
    to.end = Some(End::Cancelled);
    false
}

fn cancel(resident: &mut Resident, now: Millis, to: &mut Committing) -> Result<(), EngineError> {
    if !resident.live.is_cancelled() {
        let step = resident.live.cancel(now)?;
        resident.record(step, now, to);
    }
    while let Some(id) = resident.live.next_cut() {
        let Some(step) = resident.take(now, Input::Cut { id })? else { break };
        resident.record(step, now, to);
        // Else it would go on beside what takes it back.
        to.told.retain(|told| *told != id);
        to.revoked.push(id);
    }
    Ok(())
}

fn take_event(
    kind: &dyn Kind,
    resident: &mut Resident,
    letter: Letter,
    now: Millis,
    to: &mut Committing,
) {
    let Letter { id, sender, body, .. } = letter;
    let from = sender.clone();
    let taken =
        kind.event(&body).and_then(|event| send(resident, (event, None, Some(sender)), now, to));
    to.letters.push(match taken {
        Ok(_) => LetterChange::Taken(id),
        // There is no room for what it leads to, which only time mends: it waits in the store, and what comes behind it
        // from the same instance too, so that the order stays.
        Err(EngineError::Overloaded(_)) => {
            to.waiting.push(id);
            resident.queue.retain(|job| {
                let Job::Letter(behind) = job else { return true };
                let is_behind = behind.kind == LetterKind::Event && behind.sender == from;
                to.waiting.extend(is_behind.then_some(behind.id));
                !is_behind
            });
            return;
        }
        Err(error) => {
            tracing::error!(letter = id, %error, "a letter cannot be delivered");
            meters::dead_letter();
            LetterChange::Refused(id, cause_text(&error))
        }
    });
}

/// What it has started has ended. If its step fails the instance is parked, and the letter stays
/// owed: it is taken again when a person lets the instance try again.
fn take_end(
    kind: &dyn Kind,
    resident: &mut Resident,
    letter: Letter,
    now: Millis,
    to: &mut Committing,
) -> bool {
    let made = Ended::of(&letter).and_then(|ended| {
        let Some(child) = resident.live.child(ended.invocation) else { return Ok(None) };
        let replies = ended.end.replies(&child.machine);
        let reply = replies.iter().find_map(|reply| kind.end(reply));
        let reply = reply.ok_or(StepError::WrongReply)?;
        let input = Input::Reply { id: ended.invocation, reply, is_affordable: None, by: None };
        resident.take(now, input)
    });
    match made {
        Ok(step) => {
            match step {
                Some(step) => {
                    resident.record(step, now, to);
                }
                None => meters::late_result(),
            }
            to.letters.push(LetterChange::Taken(letter.id));
            true
        }
        Err(error) => {
            resident.queue.push_front(Job::Letter(letter));
            park(resident, &error, now, to);
            false
        }
    }
}

/// The answer to another program.
pub(super) fn said(answer: Result<Dispatch, EngineError>) -> String {
    match answer {
        Ok(said) => format!("{said:?}"),
        Err(error) => format!("error: {error}"),
    }
}

fn abandon(resident: &mut Resident, now: Millis, to: &mut Committing) {
    note(resident, "abandoned", "true", now, to);
    to.end = Some(End::Abandoned);
}

/// Parks an instance for an error that nobody outside can be told.
pub(super) fn park(resident: &mut Resident, error: &EngineError, now: Millis, to: &mut Committing) {
    let kind = match error {
        EngineError::Step(StepError::Uncaught) => CauseKind::Uncaught,
        EngineError::Panicked(_) => CauseKind::Panicked,
        EngineError::Undecodable(_) => CauseKind::Undecodable,
        _ => CauseKind::Step,
    };
    let message = resident.live.blame(error);
    let key_of = resident.key_of();
    let payload = resident.live.stuck(&key_of).map(Box::new);
    let cause = Cause { payload, ..Cause::new(kind, message) };
    let text = serde_json::to_string(&cause).unwrap_or_default();
    note(resident, "parked", &text, now, to);
    to.end = Some(End::Parked(cause));
}

/// A record of something that is no step of the machine.
pub(super) fn note(
    resident: &mut Resident,
    name: &'static str,
    json: &str,
    now: Millis,
    to: &mut Committing,
) {
    // What could not be written for the note could not be written for the snapshot either, which
    // says so.
    if let Ok(step) = resident.live.note(name, json) {
        resident.record(step, now, to);
    }
}

/// What an instance with this status answers to an event.
pub(super) fn refusal(status: Status, key: &str, cause: Option<&str>) -> EngineError {
    match status {
        Status::Finished | Status::Running => EngineError::Finished(key.to_owned()),
        Status::Abandoned => EngineError::Abandoned(key.to_owned()),
        Status::Cancelled => EngineError::Cancelled(key.to_owned()),
        Status::Parked => {
            let unknown = || Cause::new(CauseKind::Undecodable, "unknown");
            let cause = cause.and_then(|cause| serde_json::from_str(cause).ok());
            EngineError::Parked { key: key.to_owned(), cause: cause.unwrap_or_else(unknown) }
        }
    }
}
