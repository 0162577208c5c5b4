//! JSON as a tree in which no number is lost. [`Value`] holds integers of 64 bits, and takes larger ones
//! for floats, or refuses them: types of the program may have 128 bits.
//!
//! An integer that does not fit stands in the tree as a text: a mark, then its digits. A text that begins
//! like a mark gets one of its own, so that nothing is taken for what it is not.

use super::finite::Finite;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;
use serde_json::{Error, Value};
use std::collections::BTreeMap;

/// How texts begin that may be marked.
const MARK: char = '\0';

/// What stands in front of the digits of an integer.
const INTEGER: &str = "\0#";

/// What stands in front of a text that begins like a mark.
const TEXT: &str = "\0'";

/// The least number of digits that may not fit.
const DIGITS: usize = 19;

/// Deeper JSON is refused, as serde_json does.
const DEEPEST: u32 = 128;

/// The tree that a text is.
pub(super) fn read(text: &str) -> Result<Value, Error> {
    match is_plain(text) {
        true => serde_json::from_str(text),
        false => tree(serde_json::from_str::<&RawValue>(text)?.get(), 0),
    }
}

/// The text that a tree is.
pub(super) fn write(value: &Value) -> String {
    serde_json::to_string(&Whole(value)).unwrap_or_else(|_| value.to_string())
}

/// The tree that a value is.
pub(super) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    match serde_json::to_value(Finite(value)) {
        Ok(value) if !has_mark(&value) => Ok(value),
        _ => read(&serde_json::to_string(&Finite(value))?),
    }
}

/// The value that a tree is.
pub(super) fn to<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    match has_mark(value) {
        false => T::deserialize(value),
        true => serde_json::from_str(&write(value)),
    }
}

/// A value for people: of an integer that does not fit they see the digits, as a text.
pub(super) fn shown<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    of(value).map(plain)
}

/// The same of what is JSON already.
pub(super) fn shown_text(text: &str) -> Result<Value, Error> {
    read(text).map(plain)
}

/// True for a text with no number that may not fit, and without texts that begin like a mark.
fn is_plain(text: &str) -> bool {
    let mut digits = 0;
    let has_long = text.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits == DIGITS
    });
    !has_long && !text.contains("\\u0000")
}

fn tree(text: &str, depth: u32) -> Result<Value, Error> {
    if depth == DEEPEST {
        return Err(Error::custom("recursion limit exceeded"));
    }
    let inner = |part: &RawValue| tree(part.get(), depth + 1);
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let fields = fields.into_iter().map(|(name, field)| Ok((name, inner(field)?)));
            fields.collect::<Result<_, Error>>().map(Value::Object)
        }
        Some(b'[') => {
            let list: Vec<&RawValue> = serde_json::from_str(text)?;
            list.into_iter().map(inner).collect::<Result<_, Error>>().map(Value::Array)
        }
        _ if is_large(text) => Ok(Value::String(format!("{INTEGER}{text}"))),
        _ => Ok(match serde_json::from_str(text)? {
            Value::String(text) if text.starts_with(MARK) => Value::String(format!("{TEXT}{text}")),
            other => other,
        }),
    }
}

/// True for an integer that does not fit.
fn is_large(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() >= DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u64>().is_err()
        && text.parse::<i64>().is_err()
}

fn has_mark(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with(MARK),
        Value::Array(list) => list.iter().any(has_mark),
        Value::Object(fields) => fields.values().any(has_mark),
        _ => false,
    }
}

fn plain(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let plain = text.strip_prefix(INTEGER).or_else(|| text.strip_prefix(TEXT));
            Value::String(plain.map_or(text.clone(), str::to_owned))
        }
        Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, field)| (name, plain(field))).collect())
        }
        other => other,
    }
}

/// A tree that is written as the text that it was.
struct Whole<'v>(&'v Value);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) => {
                let digits = text.strip_prefix(INTEGER).filter(|digits| is_large(digits));
                let digits = digits.and_then(|digits| RawValue::from_string(digits.into()).ok());
                match digits {
                    Some(digits) => digits.serialize(serializer),
                    None => serializer.serialize_str(text.strip_prefix(TEXT).unwrap_or(text)),
                }
            }
            Value::Array(list) => {
                let mut written = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|part| written.serialize_element(&Whole(part)))?;
                written.end()
            }
            Value::Object(fields) => {
                let mut written = serializer.serialize_map(Some(fields.len()))?;
                for (name, field) in fields {
                    written.serialize_entry(name, &Whole(field))?;
                }
                written.end()
            }
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_read_is_written_as_it_was() {
        for text in [
            "340282366920938463463374607431768211455",
            "-170141183460469231731687303715884105728",
            "[18446744073709551615,18446744073709551616,-9223372036854775808,-9223372036854775809]",
            r#"{"a":{"b":[1,"18446744073709551616",1.8446744073709551]},"c":null}"#,
            r#"["\u0000#18446744073709551616","\u0000'x","\u0000",18446744073709551616]"#,
            r#"["\u0000#1"]"#,
        ] {
            let value = read(text).expect("it is JSON");
            let again = write(&value);
            assert_eq!(again, text);
            assert_eq!(read(&again).ok(), Some(value));
        }
    }

    #[test]
    fn values_keep_their_numbers() {
        let value = (u128::MAX, i128::MIN, "\0#12", f64::MAX, [u64::MAX]);
        let tree = of(&value).expect("it can be written");
        let again: (u128, i128, String, f64, [u64; 1]) = to(&tree).expect("it can be read");
        assert_eq!(again, (value.0, value.1, value.2.to_owned(), value.3, value.4));
        let shown = shown(&value).expect("it can be written");
        let (most, least) = (u128::MAX.to_string(), i128::MIN.to_string());
        assert_eq!(shown, json!([most, least, "\0#12", f64::MAX, [u64::MAX]]));
        assert!(of(&f64::NAN).is_err());
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let deep = |depth| format!("{}{}{}", "[".repeat(depth), u128::MAX, "]".repeat(depth));
        assert!(read(&deep(127)).is_ok());
        assert!(read(&deep(100_000)).is_err());
    }
}
