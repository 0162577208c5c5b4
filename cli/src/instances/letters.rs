//! `statewright letters`, `resend` and `discard`: what is on its way between instances.

use super::open::{Opened, refused};
use super::send::{left, wait_for_answer};
use super::words::{counted, is_json, plain, quoted};
use super::{time, words};
use crate::args::{DiscardArgs, LetterArgs, LettersArgs, ReportArgs, ResendArgs, WaitArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use serde_json::{Value, json};
use statewright::engine::in_words;
use statewright::store::{
    Filter, InboxKind, LetterKind, LetterRow, Letters, Posted, Status, Store,
};

/// So many are read and shown in one go.
const PAGE: usize = 1_000;

/// Lists letters.
pub(crate) fn list(report: &ReportArgs, args: &LettersArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(&args.file)?;
    let mut wanted = Letters {
        is_dead: args.dead.then_some(true),
        machine: args.machine.clone(),
        limit: PAGE,
        ..Letters::default()
    };
    let (mut owed, mut dead) = (0, 0);
    loop {
        let page = opened.store.letters(&wanted).map_err(refused)?;
        let Some(last) = page.last() else { break };
        wanted.after = last.letter.id;
        for row in &page {
            *(if row.is_dead { &mut dead } else { &mut owed }) += 1;
            let line = if json { format!("{}\n", object(row)) } else { text(row) };
            output::page(&line)?;
        }
    }
    if !json {
        output::print(&end(&opened, args, owed, dead)?)?;
    }
    Ok(Outcome::Fine)
}

/// Sends a dead letter again.
pub(crate) fn resend(report: &ReportArgs, args: &ResendArgs) -> Result<Outcome, Failure> {
    if let Some(body) = &args.body {
        serde_json::from_str::<Value>(body)
            .map_err(|error| Failure::Usage(format!("what it is to say is no JSON: {error}")))?;
    }
    let body = args.body.clone().unwrap_or_default();
    order(report, &args.letter, &args.wait, (InboxKind::RetryLetter, body))
}

/// Gives a dead letter up.
pub(crate) fn discard(report: &ReportArgs, args: &DiscardArgs) -> Result<Outcome, Failure> {
    let order_of = (InboxKind::AbandonLetter, String::new());
    order(report, &args.letter, &args.wait, order_of)
}

fn order(
    report: &ReportArgs,
    LetterArgs { file, letter }: &LetterArgs,
    wait: &WaitArgs,
    (kind, body): (InboxKind, String),
) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(file)?;
    let wanted = Letters { after: letter.saturating_sub(1), limit: 1, ..Letters::default() };
    let found = opened.store.letters(&wanted).map_err(refused)?.pop();
    let Some(row) = found.filter(|row| row.letter.id == *letter) else {
        let text = format!(
            "`{file}` has no letter {letter}\nhelp: `statewright letters {}` lists those that are \
             there",
            quoted(file)
        );
        return Err(Failure::Refused(text));
    };
    let posted = Posted {
        machine: row.letter.machine.clone(),
        key: letter.to_string(),
        kind,
        body,
        message_id: None,
        at: time::now(),
    };
    let number = opened.store.post(&posted).map_err(refused)?;
    let answer = wait_for_answer(&opened, number, wait.wait)?;
    let failed = answer.as_deref().and_then(|answer| answer.strip_prefix("error: "));
    if json {
        let object = json!({ "message": number, "answer": answer, "letter": letter });
        output::print(&format!("{object}\n"))?;
    } else if let Some(why) = failed {
        output::note(&format!("error: {}", plain(why)));
    } else if answer.is_some() {
        let what = match kind {
            InboxKind::AbandonLetter => "was given up",
            _ => "is sent again",
        };
        output::print(&format!("letter {letter} {what}\n"))?;
    } else {
        output::note(&left(file, &row.letter.machine, number, wait.wait));
    }
    Ok(if failed.is_some() { Outcome::Wrong } else { Outcome::Fine })
}

fn object(row: &LetterRow) -> Value {
    let letter = &row.letter;
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let refusals = row.refusals.iter();
    let refusals = refusals.map(|(at, cause)| json!({ "at": at, "cause": json(cause) }));
    json!({
        "id": letter.id,
        "at": letter.at,
        "from": letter.sender,
        "machine": letter.machine,
        "key": letter.key,
        "kind": letter.kind,
        "body": json(&letter.body),
        "dead": row.is_dead,
        "refusals": refusals.collect::<Vec<_>>(),
    })
}

fn text(row: &LetterRow) -> String {
    let letter = &row.letter;
    let body = serde_json::from_str(&letter.body).unwrap_or_else(|_| Value::from("?"));
    let what = match letter.kind {
        LetterKind::Event => in_words(&body).to_string(),
        LetterKind::Start => "start".to_owned(),
        LetterKind::Cancel => "cancel".to_owned(),
        LetterKind::Ended => "its child has ended".to_owned(),
    };
    let state = if row.is_dead { "dead" } else { "owed" };
    let mut text = format!(
        "{}  {state}  {}  {} {} -> {} {}  {}\n",
        letter.id,
        time::seconds(letter.at),
        plain(&letter.sender.machine),
        plain(&letter.sender.key),
        plain(&letter.machine),
        plain(&letter.key),
        plain(&what)
    );
    for (at, cause) in &row.refusals {
        let cause: Value = serde_json::from_str(cause).unwrap_or_default();
        let why = cause["message"].as_str().unwrap_or("unknown");
        text.push_str(&format!("    refused {}: {}\n", time::seconds(*at), plain(why)));
    }
    text
}

/// How many there are, and what can be done.
fn end(opened: &Opened, args: &LettersArgs, owed: u64, dead: u64) -> Result<String, Failure> {
    let file = quoted(&opened.file);
    let mut text = match owed + dead {
        0 => "no letters\n".to_owned(),
        all => format!("\n{}, {} dead\n", counted(all, "letter"), words::grouped(dead)),
    };
    if dead > 0 {
        text.push_str(&format!(
            "  statewright resend {file} NUMBER [JSON]  sends a dead one again\n  \
             statewright discard {file} NUMBER         gives it up\n"
        ));
    }
    let (machine, status) = (args.machine.clone(), Some(Status::Parked));
    let parked = Filter { machine, status, ..Filter::default() };
    let parked = opened.store.count(&parked).map_err(refused)?;
    if parked > 0 {
        let parked = counted(parked, "instance");
        text.push_str(&format!(
            "{parked} parked: `statewright ls {file} --status parked` shows why\n"
        ));
    }
    Ok(text)
}
