//! Numbers that are not numbers of the language, and what was meant.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// What is wrong with a token that begins with a digit; `None` if it is an integer, a decimal
/// number or a duration.
pub(super) fn wrong_number(word: &str, span: Span) -> Option<Diagnostic> {
    if is_decimal(word) || is_duration(word) {
        return None;
    }
    Some(radix(word, span).or_else(|| unit(word, span)).unwrap_or_else(|| {
        let help =
            "numbers are `42`, `1_000`, `0.5`, `1e-3`; durations are `200ms`, `30s`, `1h30m`";
        Diagnostic::new(Code::Syntax, span, format!("`{word}` is not a number")).help(help)
    }))
}

fn is_decimal(word: &str) -> bool {
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    [whole, fraction, exponent].into_iter().all(is_digits)
}

/// The first is a digit, the rest digits and `_`.
fn is_digits(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn is_duration(word: &str) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let Some(letter) = rest.find(|c: char| c.is_ascii_alphabetic()) else { return false };
        let end = rest[letter..].find(|c: char| !c.is_ascii_alphabetic());
        let end = end.map_or(rest.len(), |end| letter + end);
        if !is_digits(&rest[..letter]) || !UNITS.contains(&&rest[letter..end]) {
            return false;
        }
        rest = &rest[end..];
    }
    true
}

/// What may stand behind the number of a duration.
pub(super) const UNITS: [&str; 5] = ["ms", "s", "m", "h", "d"];

/// `0x10`: the language counts in tens, as people read timeouts and limits.
fn radix(word: &str, span: Span) -> Option<Diagnostic> {
    let radix = match word.get(..2)? {
        "0x" | "0X" => 16,
        "0o" => 8,
        "0b" => 2,
        _ => return None,
    };
    let message = format!("`{word}` is not a number of the language");
    let diagnostic = Diagnostic::new(Code::Syntax, span, message).help("write it in decimal");
    Some(match u64::from_str_radix(&word[2..].replace('_', ""), radix) {
        Ok(value) => diagnostic.fix(&format!("write `{value}`"), span, value.to_string()),
        Err(_) => diagnostic,
    })
}

/// `30sec`, `1.5h`, `8u32`
fn unit(word: &str, span: Span) -> Option<Diagnostic> {
    let letter = word.find(|c: char| c.is_alphabetic())?;
    let (number, unit) = word.split_at(letter);
    if !number.chars().all(|c| c.is_ascii_digit() || c == '_' || c == '.') {
        return None;
    }
    if ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "usize"].contains(&unit)
    {
        let diagnostic =
            Diagnostic::new(Code::Syntax, span, format!("number with a type: `{word}`"));
        let help = "a number takes the type of its place";
        return Some(diagnostic.help(help).fix(&format!("write `{number}`"), span, number));
    }
    let message = format!("`{word}` is not a duration");
    let help = "the units are `ms`, `s`, `m` (minutes), `h` and `d`, with whole numbers: `1h30m`";
    let diagnostic = Diagnostic::new(Code::Syntax, span, message).help(help);
    let Some((unit, milliseconds)) = meant(unit) else { return Some(diagnostic) };
    if number.contains('.') {
        let exact = number.parse::<f64>().ok().map(|n| n * milliseconds as f64);
        let exact = exact.filter(|ms| ms.fract() == 0.0 && *ms < 1e15);
        return Some(match exact {
            Some(ms) => {
                let text = as_duration(ms as u64);
                diagnostic.fix(&format!("write `{text}`"), span, text.clone())
            }
            None => diagnostic,
        });
    }
    let text = match unit {
        "w" => format!("{}d", number.parse::<u64>().ok()?.checked_mul(7)?),
        unit => format!("{number}{unit}"),
    };
    Some(diagnostic.fix(&format!("write `{text}`"), span, text.clone()))
}

/// The unit that a word stands for, and its milliseconds.
fn meant(word: &str) -> Option<(&'static str, u64)> {
    Some(match word.to_lowercase().as_str() {
        "ms" | "msec" | "millis" | "milliseconds" => ("ms", 1),
        "s" | "sec" | "secs" | "second" | "seconds" => ("s", 1_000),
        "m" | "min" | "mins" | "minute" | "minutes" => ("m", 60_000),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("h", 3_600_000),
        "d" | "day" | "days" => ("d", 86_400_000),
        "w" | "wk" | "week" | "weeks" => ("w", 604_800_000),
        _ => return None,
    })
}

fn as_duration(milliseconds: u64) -> String {
    let factors = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut rest = milliseconds;
    let mut text = String::new();
    for (unit, factor) in factors {
        if rest >= factor {
            text.push_str(&format!("{}{unit}", rest / factor));
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_string() } else { text }
}
