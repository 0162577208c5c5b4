//! A question at the terminal: what is asked, what is shown, and what the answers are.

use super::answers::Types;
use super::tasks::shown;
use super::time;
use super::words::plain;
use crate::outcome::Failure;
use crate::output;
use serde_json::Value;
use statewright::engine::Task;
use std::io::{BufRead, IsTerminal};

/// Asks; nothing if no answer is given.
pub(crate) fn ask(task: &Task, types: &Types) -> Result<Option<Value>, Failure> {
    if !std::io::stdin().is_terminal() {
        let text = format!(
            "there is no answer\nhelp: `statewright answer FILE {} VALUE`, or from a terminal, which \
             asks",
            task.id
        );
        return Err(Failure::Usage(text));
    }
    output::print(&question(task, types))?;
    loop {
        output::print("> ")?;
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        if read.map_err(|error| Failure::Io("cannot read stdin".into(), error))? == 0 {
            return Ok(None);
        }
        let Some(word) = chosen(task, line.trim()) else {
            output::print("That is none of the answers.\n")?;
            continue;
        };
        match types.word(task, &word) {
            Ok(answer) => return Ok(Some(answer)),
            Err(why) => output::print(&format!("{why}\n"))?,
        }
    }
}

/// What a person has to know to answer.
fn question(task: &Task, types: &Types) -> String {
    let mut text = format!("{}\n", plain(&task.title));
    if let Value::Object(arguments) = &task.arguments {
        for (name, value) in arguments {
            text.push_str(&format!("  {}: {}\n", plain(name), plain(&shown(value))));
        }
    }
    if let Some(due) = task.due {
        text.push_str(&format!("  due {}\n", time::seconds(due)));
    }
    if task.choices.is_empty() {
        text.push_str(&format!("{}.\n", plain(&types.help(task))));
    }
    for (at, choice) in task.choices.iter().enumerate() {
        text.push_str(&format!("  {}  {}\n", at + 1, plain(&shown(choice))));
    }
    text
}

/// The answer that a line is: of choices the name or the number.
fn chosen(task: &Task, line: &str) -> Option<String> {
    if task.choices.is_empty() {
        return Some(line.to_owned());
    }
    let named = task.choices.iter().map(shown).find(|choice| choice.eq_ignore_ascii_case(line));
    let numbered = || {
        let at = line.parse::<usize>().ok()?.checked_sub(1)?;
        task.choices.get(at).map(shown)
    };
    named.or_else(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statewright::engine::TaskId;

    fn task(answer: &str, choices: &[&str]) -> Task {
        Task {
            id: TaskId { instance: 3, invocation: 1 },
            machine: "Order".into(),
            key: "o-1".into(),
            name: "approve".into(),
            title: "Approve o-1\u{1b}[2J".into(),
            arguments: serde_json::json!({ "order_id": "o-1", "cents": 500 }),
            answer: answer.into(),
            choices: choices.iter().map(|choice| Value::from(*choice)).collect(),
            assigned: None,
            claimed_by: None,
            opened: 0,
            due: Some(0),
            reminded: 0,
            escalated: 0,
            closed: None,
        }
    }

    #[test]
    fn a_question_shows_what_there_is_to_know() {
        let text = question(&task("Decision", &["Approved", "Rejected"]), &Types::default());
        assert_eq!(
            text,
            "Approve o-1\\u{1b}[2J\n  order_id: o-1\n  cents: 500\n  due 1970-01-01T00:00:00Z\n  1  \
             Approved\n  2  Rejected\n"
        );
        let words = question(&task("String", &[]), &Types::default());
        assert!(words.ends_with("the answer is a `String`, as text.\n"), "{words}");
    }

    #[test]
    fn choices_are_named_or_numbered() {
        let task = task("Decision", &["Approved", "Rejected"]);
        assert_eq!(chosen(&task, "approved").as_deref(), Some("Approved"));
        assert_eq!(chosen(&task, "2").as_deref(), Some("Rejected"));
        for wrong in ["0", "3", "", "Appro"] {
            assert_eq!(chosen(&task, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn free_words_are_the_answer() {
        assert_eq!(chosen(&task("String", &[]), "2").as_deref(), Some("2"));
    }
}
