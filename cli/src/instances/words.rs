//! What the commands on stores have in common when they show something.

use crate::args::{Format, ReportArgs};
use crate::outcome::Failure;
use serde_json::Value;
use statewright::store::{Status, Summary};

/// Whether JSON is wanted; the forms in which only diagnostics can be shown are refused.
pub(crate) fn is_json(report: &ReportArgs) -> Result<bool, Failure> {
    let refused = |name| {
        let text = format!(
            "`--format {name}` is for errors and warnings; what is in a store is shown as `text` or \
             `json`"
        );
        Err(Failure::Usage(text))
    };
    match report.format {
        Format::Human => Ok(false),
        Format::Json => Ok(true),
        Format::Short => refused("short"),
        Format::Github => refused("github"),
        Format::Sarif => refused("sarif"),
    }
}

/// An instance in a list as JSON: its cause is JSON too, and no text.
pub(crate) fn summary(summary: &Summary) -> Value {
    let mut value = serde_json::to_value(summary).unwrap_or_default();
    value["cause"] = cause(summary).unwrap_or_default();
    value
}

fn cause(summary: &Summary) -> Option<Value> {
    let cause = summary.cause.as_deref()?;
    Some(serde_json::from_str(cause).unwrap_or_else(|_| Value::from(cause)))
}

/// Why an instance is parked, in words.
pub(crate) fn reason(summary: &Summary) -> Option<String> {
    let cause = cause(summary)?;
    let message = cause["message"].as_str().map(str::to_owned);
    Some(message.unwrap_or_else(|| cause.to_string()))
}

pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Parked => "parked",
        Status::Abandoned => "abandoned",
        Status::Cancelled => "cancelled",
    }
}

/// Text of the store on a terminal: what would move the cursor, turn the line around, or worse, is written
/// out.
pub(crate) fn plain(text: &str) -> String {
    let written = |c: char| match c {
        // Marks of direction, and ends of lines and paragraphs.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            c.escape_default().to_string()
        }
        _ if c.is_control() => c.escape_default().to_string(),
        _ => c.to_string(),
    };
    text.chars().map(written).collect()
}

/// So much of a name is shown in a message.
const NAME: usize = 120;

/// A name that somebody has given, in a message.
pub(crate) fn named(name: &str) -> String {
    let name = plain(name);
    match name.char_indices().nth(NAME) {
        Some((at, _)) => format!("`{}..`", &name[..at]),
        None => format!("`{name}`"),
    }
}

/// A word of a command as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A number as people read it: `1,234`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 step`, `2 steps`.
pub(crate) fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_234, "1,234"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quoted("o-1"), "o-1");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_terminal_is_not_told_what_a_key_says() {
        assert_eq!(plain("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(plain("pay \u{202e}001\u{2069}"), "pay \\u{202e}001\\u{2069}");
        assert_eq!(plain("Grüße שלום 👩\u{200d}🔬"), "Grüße שלום 👩\u{200d}🔬");
        assert_eq!(named("a\nb"), "`a\\nb`");
        assert_eq!(named(&"é".repeat(5_000)), format!("`{}..`", "é".repeat(NAME)));
    }
}
