//! `statewright tasks`, `answer`, `claim` and `release`: what people are asked.

use super::answers::Types;
use super::open::{Opened, refused};
use super::send::{left, wait_for_answer};
use super::words::{counted, is_json, plain, quoted};
use super::{prompt, time};
use crate::args::{AnswerArgs, ClaimArgs, ReportArgs, TaskArgs, TasksArgs, WaitArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use serde_json::{Value, json};
use statewright::engine::{Closed, Task};
use statewright::store::{InboxKind, Millis, Posted, Store, TaskFilter};

/// Lists open tasks.
pub(crate) fn list(report: &ReportArgs, args: &TasksArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let limit = args.limit.limit;
    let opened = Opened::new(&args.store.file)?;
    opened.check_machine(args.store.machine.as_deref())?;
    let filter = TaskFilter {
        machine: args.store.machine.clone(),
        key: args.key.clone(),
        role: args.role.clone(),
        user: args.user.clone(),
        claimed_by: args.by.clone(),
        claimed: args.free.then_some(false),
        // One more shows that there are more.
        limit: if limit == 0 { 0 } else { limit + 1 },
        ..TaskFilter::default()
    };
    let rows = opened.store.tasks(&filter).map_err(refused)?;
    let has_more = limit > 0 && rows.len() > limit;
    let shown = if has_more { limit } else { rows.len() };
    for row in &rows[..shown] {
        let task = Task::from(row);
        let line = if json { format!("{}\n", json!(task)) } else { line(&task) };
        output::print(&line)?;
    }
    if has_more {
        output::note(&format!(
            "note: there are more; `--limit 0` shows all of `{}`",
            args.store.file
        ));
    } else if !json {
        output::print(&format!("{}\n", counted(shown as u64, "open task")))?;
    }
    Ok(Outcome::Fine)
}

/// A task on one line, and a second for who has claimed it and when it is due.
pub(crate) fn line(task: &Task) -> String {
    let key = format!("{} {}", task.machine, task.key);
    let mut text = format!("{}  {}  {}", task.id, plain(&task.title), plain(&key));
    if let Some(to) = &task.assigned {
        text.push_str(&format!("  for {}", plain(&to.to_string())));
    }
    if let Some(by) = &task.claimed_by {
        text.push_str(&format!("  claimed by {}", plain(by)));
    }
    if task.reminded > 0 {
        text.push_str(&format!("  {}", counted(task.reminded.into(), "reminder")));
    }
    if let Some(due) = task.due {
        text.push_str(&format!("  due {}", time::seconds(due)));
    }
    text + "\n"
}

/// Answers a task. The same answer again is as good as the first.
pub(crate) fn answer(report: &ReportArgs, args: &AnswerArgs) -> Result<Outcome, Failure> {
    if let Some(by) = &args.by {
        has_name(by, "answers")?;
    }
    let one = One::find(report, &args.task)?;
    let told =
        |answer: &Value| format!("`{}` was answered: {}", one.task.id, plain(&shown(answer)));
    if let Some((at, how)) = &one.task.closed {
        return match one.given_again(args, how) {
            Some(answer) => one.tell(None, Some("Handled"), &told(&answer)),
            None => one.closed(*at, how),
        };
    }
    let Some(answer) = one.given(args)? else { return Ok(Outcome::Fine) };
    let body = match &args.by {
        Some(by) => json!({ "task": one.task.id.invocation, "answer": answer, "by": by }),
        None => json!({ "task": one.task.id.invocation, "answer": answer }),
    };
    one.leave(InboxKind::Answer, &body, &args.wait, &told(&answer))
}

fn has_name(by: &str, does: &str) -> Result<(), Failure> {
    match by.trim().is_empty() {
        true => {
            Err(Failure::Usage(format!("whoever {does} a task has a name\nhelp: as in --by ann")))
        }
        false => Ok(()),
    }
}

/// Claims a task.
pub(crate) fn claim(report: &ReportArgs, args: &ClaimArgs) -> Result<Outcome, Failure> {
    has_name(&args.by, "claims")?;
    let one = One::find(report, &args.task)?;
    let told = format!("`{}` is kept for {}", one.task.id, plain(&args.by));
    one.leave(InboxKind::Claim, &one.body_by(&args.by), &args.wait, &told)
}

/// Takes a claim back.
pub(crate) fn release(report: &ReportArgs, args: &ClaimArgs) -> Result<Outcome, Failure> {
    let one = One::find(report, &args.task)?;
    let told = format!("`{}` is for anybody again", one.task.id);
    one.leave(InboxKind::Release, &one.body_by(&args.by), &args.wait, &told)
}

/// An answer as a user would write it.
pub(crate) fn shown(answer: &Value) -> String {
    answer.as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

/// A task of a store.
struct One {
    opened: Opened,
    task: Task,
    json: bool,
}

impl One {
    fn find(report: &ReportArgs, args: &TaskArgs) -> Result<Self, Failure> {
        let json = is_json(report)?;
        let opened = Opened::new(&args.file)?;
        let row = opened.store.task(args.task.instance, args.task.invocation).map_err(refused)?;
        let Some(task) = row.as_ref().map(Task::from) else {
            let text = format!(
                "`{}` has no task {}\nhelp: `statewright tasks {}` lists those that are open",
                args.file,
                args.task,
                quoted(&args.file)
            );
            return Err(Failure::Refused(text));
        };
        Ok(Self { opened, task, json })
    }

    /// Says why nothing can be done with it any more.
    fn closed(&self, at: Millis, how: &Closed) -> Result<Outcome, Failure> {
        let at = time::seconds(at);
        let why = format!("error: task {} was closed on {at}: {how}", self.task.id);
        self.tell(None, Some(&why), "")
    }

    /// The answer that was written, or else is asked for at the terminal, where none may be given.
    fn given(&self, args: &AnswerArgs) -> Result<Option<Value>, Failure> {
        let types = Types::of(&self.opened, self.task.id.instance)?;
        match self.written(args, &types)? {
            Some(answer) => Ok(Some(answer)),
            None => prompt::ask(&self.task, &types),
        }
    }

    /// The answer that was written, if it is the one that the task was closed by.
    fn given_again(&self, args: &AnswerArgs, how: &Closed) -> Option<Value> {
        let Closed::Answered { answer, by } = how else { return None };
        let types = Types::of(&self.opened, self.task.id.instance).ok()?;
        let written = self.written(args, &types).ok()??;
        (written == *answer && args.by == *by).then_some(written)
    }

    fn written(&self, args: &AnswerArgs, types: &Types) -> Result<Option<Value>, Failure> {
        let answer = match (&args.json, &args.value) {
            (Some(json), _) => {
                let answer = serde_json::from_str(json).map_err(|error| {
                    Failure::Usage(format!("the answer cannot be read: {error}"))
                })?;
                types.fitting(&self.task, answer)
            }
            (None, Some(word)) => types.word(&self.task, word),
            (None, None) => return Ok(None),
        };
        answer.map(Some).map_err(Failure::Usage)
    }

    fn body_by(&self, by: &str) -> Value {
        json!({ "task": self.task.id.invocation, "by": by })
    }

    /// Leaves what is wanted for the program that runs the store, and waits for the answer.
    fn leave(
        &self,
        kind: InboxKind,
        body: &Value,
        wait: &WaitArgs,
        told: &str,
    ) -> Result<Outcome, Failure> {
        if let Some((at, how)) = &self.task.closed {
            return self.closed(*at, how);
        }
        let posted = Posted {
            machine: self.task.machine.clone(),
            key: self.task.key.clone(),
            kind,
            body: body.to_string(),
            message_id: None,
            at: time::now(),
        };
        let number = self.opened.store.post(&posted).map_err(refused)?;
        let answer = wait_for_answer(&self.opened, number, wait.wait)?;
        if answer.is_none() && !self.json {
            output::note(&left(&self.opened.file, &self.task.machine, number, wait.wait));
            return Ok(Outcome::Fine);
        }
        self.tell(Some(number), answer.as_deref(), told)
    }

    /// Says what became of it, and as what number it was left.
    fn tell(
        &self,
        number: Option<i64>,
        answer: Option<&str>,
        told: &str,
    ) -> Result<Outcome, Failure> {
        let failed = answer.and_then(|answer| answer.strip_prefix("error: "));
        if self.json {
            let object = json!({ "message": number, "answer": answer, "task": self.task.id });
            output::print(&format!("{object}\n"))?;
        } else if let Some(why) = failed {
            output::note(&format!("error: {}", plain(why)));
        } else {
            output::print(&format!("{told}\n"))?;
        }
        Ok(if failed.is_some() { Outcome::Wrong } else { Outcome::Fine })
    }
}
