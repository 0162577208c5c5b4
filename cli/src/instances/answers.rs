//! Answers to tasks as people write them, and what is said of one that does not fit. What the types are
//! the shape says that the instance has: the program that runs it need not be there.

use super::open::{Opened, refused};
use super::tasks::shown;
use super::time;
use super::words::plain;
use crate::outcome::Failure;
use serde_json::{Map, Value, json};
use statewright::engine::Task;
use statewright::shape::{Document, FieldShape, TypeShape};
use statewright::store::{InstanceId, Store, Stored};
use statewright_dsl::spelling::nearest;

/// Types in types are shown so deep in an example.
const DEEP: usize = 4;

/// The declared types that answers to an instance are made of.
#[derive(Default)]
pub(crate) struct Types {
    all: Vec<TypeShape>,
}

impl Types {
    /// Those of an instance; none if it cannot be read, and then any answer is left to the engine.
    pub(crate) fn of(opened: &Opened, id: InstanceId) -> Result<Self, Failure> {
        let Some(Stored::Whole(instance)) = opened.store.load(&[id]).map_err(refused)?.pop() else {
            return Ok(Self::default());
        };
        let shapes = opened.store.shapes().map_err(refused)?;
        let own = shapes.into_iter().find(|(id, _)| *id == instance.shape);
        let document = own.and_then(|(_, shape)| Document::parse(&shape.body).ok());
        Ok(Self { all: document.map(|document| document.types).unwrap_or_default() })
    }

    /// The answer that a word is, or why it is none.
    pub(crate) fn word(&self, task: &Task, word: &str) -> Result<Value, String> {
        self.fitting(task, self.read(&task.answer, word))
    }

    /// The answer, if it is one.
    pub(crate) fn fitting(&self, task: &Task, answer: Value) -> Result<Value, String> {
        let why = match task.choices.as_slice() {
            [] => self.check(&task.answer, &answer, "").err(),
            choices if choices.contains(&answer) => None,
            _ => Some(String::new()),
        };
        let Some(why) = why else { return Ok(answer) };
        let because = if why.is_empty() { why } else { format!(": {why}") };
        let (given, name) = (plain(&shown(&answer)), &task.name);
        Err(format!("`{given}` is no answer to `{name}`{because}\nhelp: {}", self.help(task)))
    }

    /// What would be an answer.
    pub(crate) fn help(&self, task: &Task) -> String {
        if !task.choices.is_empty() {
            let choices: Vec<String> = task.choices.iter().map(shown).collect();
            return format!("the answers are {}", choices.join(", "));
        }
        let (ty, example) = (&task.answer, self.example(&task.answer, DEEP));
        let none = if apart(ty).0 == "Option" { ", or none" } else { "" };
        match &example {
            Value::String(text) => format!("the answer is a `{ty}`, as {text}{none}"),
            example => format!("the answer is a `{ty}`, as '{example}'{none}"),
        }
    }

    fn is_declared(&self, ty: &str) -> bool {
        self.declared(apart(ty).0).is_some()
    }

    fn declared(&self, name: &str) -> Option<&TypeShape> {
        self.all.iter().find(|ty| ty.name == name)
    }

    /// A value as a user writes it: text where text is asked for and where nothing else fits.
    fn read(&self, ty: &str, word: &str) -> Value {
        let (name, args) = apart(ty);
        match (name, args.as_slice()) {
            ("String", _) => return Value::from(word),
            ("Option", _) if word == "none" => return Value::Null,
            ("Option", [some]) => return self.read(some, word),
            ("Duration", _) => {
                if let Ok(span) = time::span(word) {
                    return json!({ "secs": span.as_secs(), "nanos": span.subsec_nanos() });
                }
            }
            _ => {}
        }
        let variants = self.declared(name).into_iter().flat_map(|ty| &ty.variants);
        match variants.into_iter().any(|variant| variant.name == word) {
            true => Value::from(word),
            false => serde_json::from_str(word).unwrap_or_else(|_| Value::from(word)),
        }
    }

    /// Why a value is none of a type; `place` is where in the answer it stands.
    fn check(&self, ty: &str, value: &Value, place: &str) -> Result<(), String> {
        let (name, args) = apart(ty);
        let is_any = match name {
            "bool" => value.is_boolean(),
            "f32" | "f64" => return float(name, value).map_err(|why| at(place, &why)),
            "String" => value.is_string(),
            "Duration" => value["secs"].is_u64() && value["nanos"].is_u64(),
            "Vec" => value.is_array(),
            "Map" => value.is_object(),
            "Option" if value.is_null() => return Ok(()),
            "Option" => return args.first().map_or(Ok(()), |some| self.check(some, value, place)),
            _ if is_integer(name) => return integer(name, value).map_err(|why| at(place, &why)),
            _ => return self.declared_as(name, value, place),
        };
        if !is_any {
            return Err(at(place, &format!("{} is no `{ty}`", brief(value))));
        }
        let items = value.as_array().into_iter().flatten().enumerate();
        for (number, item) in items {
            let ty = args.first().copied().unwrap_or_default();
            self.check(ty, item, &format!("{place}[{number}]"))?;
        }
        let entries = value.as_object().filter(|_| name == "Map").into_iter().flatten();
        for (key, item) in entries {
            self.check(args.get(1).copied().unwrap_or_default(), item, &inside(place, key))?;
        }
        Ok(())
    }

    /// The same of a declared type; of one of Rust only the program knows.
    fn declared_as(&self, name: &str, value: &Value, place: &str) -> Result<(), String> {
        let Some(ty) = self.declared(name) else { return Ok(()) };
        if ty.variants.is_empty() {
            return self.fields(name, &ty.fields, value, place);
        }
        let (variant, fields) = match value {
            Value::String(variant) => (variant.as_str(), &Value::Null),
            Value::Object(object) if object.len() == 1 => match object.iter().next() {
                Some((variant, fields)) => (variant.as_str(), fields),
                None => ("", &Value::Null),
            },
            _ => return Err(at(place, &format!("{} is no `{name}`", brief(value)))),
        };
        let Some(found) = ty.variants.iter().find(|known| known.name == variant) else {
            let near = nearest(variant, ty.variants.iter().map(|known| known.name.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let all = ty.variants.iter().map(|known| format!("`{}`", known.name));
            let all = all.collect::<Vec<_>>().join(", ");
            let why = format!("`{name}` has no `{}`; it has {all}{near}", plain(variant));
            return Err(at(place, &why));
        };
        match (found.fields.is_empty(), fields) {
            (true, Value::Null) => Ok(()),
            (true, _) => Err(at(place, &format!("`{variant}` carries nothing"))),
            (false, fields) => self.fields(variant, &found.fields, fields, &inside(place, variant)),
        }
    }

    fn fields(
        &self,
        name: &str,
        fields: &[FieldShape],
        value: &Value,
        place: &str,
    ) -> Result<(), String> {
        let empty = Map::new();
        let object = match value {
            Value::Object(object) => object,
            Value::Null => &empty,
            other => return Err(at(place, &format!("{} is no `{name}`", brief(other)))),
        };
        for field in fields {
            match object.get(&field.name) {
                Some(value) => self.check(&field.ty, value, &inside(place, &field.name))?,
                None if apart(&field.ty).0 == "Option" => {}
                None => return Err(format!("`{}` is missing", inside(place, &field.name))),
            }
        }
        let is_known = |key: &&String| fields.iter().any(|field| field.name == **key);
        match object.keys().find(|key| !is_known(key)) {
            Some(other) => Err(at(place, &format!("`{name}` has no field `{}`", plain(other)))),
            None => Ok(()),
        }
    }

    /// A value of a type, for those who do not know how it is written.
    fn example(&self, ty: &str, deep: usize) -> Value {
        let (name, args) = apart(ty);
        let inner = |at: usize| match args.get(at) {
            Some(ty) if deep > 0 => self.example(ty, deep - 1),
            _ => Value::Null,
        };
        match name {
            "bool" => Value::from(true),
            "f32" | "f64" => Value::from(0.5),
            "String" => Value::from("text"),
            "Duration" => json!({ "secs": 90, "nanos": 0 }),
            "Vec" if deep <= 1 => json!([]),
            "Vec" => json!([inner(0)]),
            "Map" => json!({ "key": inner(1) }),
            // Some hold themselves.
            "Option" if deep < DEEP && args.first().is_some_and(|ty| self.is_declared(ty)) => {
                Value::Null
            }
            "Option" => inner(0),
            _ if is_integer(name) => Value::from(1),
            _ => self.example_of(name, deep),
        }
    }

    fn example_of(&self, name: &str, deep: usize) -> Value {
        let Some(ty) = self.declared(name).filter(|_| deep > 0) else { return Value::from("..") };
        let all = |fields: &[FieldShape]| {
            let field =
                |field: &FieldShape| (field.name.clone(), self.example(&field.ty, deep - 1));
            Value::Object(fields.iter().map(field).collect())
        };
        // The one that says most shows most.
        match ty.variants.iter().max_by_key(|variant| variant.fields.len()) {
            None => all(&ty.fields),
            Some(variant) if variant.fields.is_empty() => Value::from(variant.name.as_str()),
            Some(variant) => json!({ variant.name.as_str(): all(&variant.fields) }),
        }
    }
}

/// A type as it is written: its name, and what stands in its angle brackets.
fn apart(ty: &str) -> (&str, Vec<&str>) {
    let Some((name, args)) = ty.split_once('<') else { return (ty.trim(), Vec::new()) };
    let args = args.trim_end().strip_suffix('>').unwrap_or(args);
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_usize, 0);
    for (at, c) in args.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(args[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(args[from..].trim());
    (name.trim(), parts)
}

fn is_integer(name: &str) -> bool {
    ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"].contains(&name)
}

fn integer(name: &str, value: &Value) -> Result<(), String> {
    let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let bits: u32 = name[1..].parse().unwrap_or(64);
    let (least, most) = match name.starts_with('u') {
        true => (0, (1_i128 << bits) - 1),
        false => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
    };
    match number.filter(|number| (least..=most).contains(number)) {
        Some(_) => Ok(()),
        None => {
            let given = brief(value);
            Err(format!("{given} is no `{name}`, a whole number from {least} to {most}"))
        }
    }
}

fn float(name: &str, value: &Value) -> Result<(), String> {
    // A little more than the greatest `f32` is rounded to it, as the text that it is written by.
    let is_finite = |number: &f64| name != "f32" || (*number as f32).is_finite();
    match value.as_f64().filter(is_finite) {
        Some(_) => Ok(()),
        None => {
            let most = if name == "f32" { "3.4e38" } else { "1.8e308" };
            Err(format!("{} is no `{name}`, a number up to {most}", brief(value)))
        }
    }
}

/// A field of what stands somewhere.
fn inside(place: &str, name: &str) -> String {
    match place {
        "" => plain(name),
        place => format!("{place}.{}", plain(name)),
    }
}

/// What is said of something that stands somewhere.
fn at(place: &str, why: &str) -> String {
    match place {
        "" => why.to_owned(),
        place => format!("in `{place}` {why}"),
    }
}

/// A value in a message.
fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => format!("`{}`", plain(&other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, ty: &str) -> FieldShape {
        FieldShape { name: name.into(), ty: ty.into(), ..FieldShape::default() }
    }

    fn types() -> Types {
        let variant = |name: &str, fields| statewright::shape::MessageShape {
            name: name.into(),
            fields,
            ..Default::default()
        };
        let review = TypeShape {
            name: "Review".into(),
            fields: vec![
                field("score", "f64"),
                field("stars", "Vec<u8>"),
                field("words", "Option<String>"),
                field("by", "Map<String, Grade>"),
            ],
            ..TypeShape::default()
        };
        let grade = TypeShape {
            name: "Grade".into(),
            variants: vec![
                variant("Good", Vec::new()),
                variant("Bad", vec![field("why", "String"), field("next", "Option<Grade>")]),
            ],
            ..TypeShape::default()
        };
        Types { all: vec![review, grade] }
    }

    #[test]
    fn types_are_taken_apart() {
        assert_eq!(apart("u8"), ("u8", vec![]));
        assert_eq!(apart("Vec<Option<u8>>"), ("Vec", vec!["Option<u8>"]));
        assert_eq!(apart("Map<String, Vec<u8>>"), ("Map", vec!["String", "Vec<u8>"]));
    }

    #[test]
    fn words_are_values_of_their_type() {
        let read = |ty: &str, word: &str| types().read(ty, word);
        assert_eq!(read("String", "12"), "12");
        assert_eq!(read("u8", "12"), 12);
        assert_eq!(read("bool", "true"), true);
        assert_eq!(read("Option<u8>", "none"), Value::Null);
        assert_eq!(read("Option<String>", "12"), "12");
        assert_eq!(read("Option<Option<u8>>", "3"), 3);
        assert_eq!(read("Duration", "1m 30s"), json!({ "secs": 90, "nanos": 0 }));
        assert_eq!(read("Grade", "Good"), "Good");
        assert_eq!(read("Grade", r#"{"Bad": {"why": "late"}}"#), json!({"Bad": {"why": "late"}}));
        assert_eq!(read("Vec<String>", r#"["a", "b"]"#), json!(["a", "b"]));
    }

    #[test]
    fn what_does_not_fit_is_said_with_its_place() {
        let wrong = |ty: &str, value: Value| types().check(ty, &value, "").unwrap_err();
        assert_eq!(wrong("u8", json!(300)), "`300` is no `u8`, a whole number from 0 to 255");
        assert_eq!(wrong("i8", json!(1.5)), "`1.5` is no `i8`, a whole number from -128 to 127");
        // Of more digits JSON makes no number.
        let read = types().read("f64", "1e999");
        assert_eq!(wrong("f64", read), "`\"1e999\"` is no `f64`, a number up to 1.8e308");
        assert_eq!(wrong("f32", json!(1e40)), "`1e+40` is no `f32`, a number up to 3.4e38");
        assert_eq!(wrong("bool", json!("yes")), "`\"yes\"` is no `bool`");
        assert_eq!(wrong("Vec<u8>", json!(3)), "`3` is no `Vec<u8>`");
        assert!(wrong("Vec<u8>", json!([1, -1])).starts_with("in `[1]` `-1` is no `u8`"));
        assert_eq!(wrong("Review", json!({})), "`score` is missing");
        assert_eq!(
            wrong("Grade", json!("Goood")),
            "`Grade` has no `Goood`; it has `Good`, `Bad`; did you mean `Good`?"
        );
        assert_eq!(wrong("Grade", json!("Awful")), "`Grade` has no `Awful`; it has `Good`, `Bad`");
        assert_eq!(wrong("Grade", json!("Bad")), "`Bad.why` is missing");
        assert_eq!(wrong("Grade", json!({ "Good": {} })), "`Good` carries nothing");
        let review = |by: Value| json!({ "score": 1, "stars": [5], "by": by });
        assert_eq!(types().check("Review", &review(json!({ "ann": "Good" })), ""), Ok(()));
        let late = json!({ "ann": { "Bad": { "why": 3 } } });
        assert_eq!(wrong("Review", review(late)), "in `by.ann.Bad.why` `3` is no `String`");
        let more = json!({ "score": 1, "stars": [], "by": {}, "more": 1 });
        assert_eq!(wrong("Review", more), "`Review` has no field `more`");
        // Only the program knows its own types.
        assert_eq!(types().check("crate::Money", &json!([1]), ""), Ok(()));
    }

    #[test]
    fn examples_are_values_of_their_type() {
        for ty in ["u8", "f32", "bool", "String", "Duration", "Vec<Grade>", "Option<u8>", "Review"]
        {
            let example = types().example(ty, DEEP);
            assert_eq!(types().check(ty, &example, ""), Ok(()), "{ty}: {example}");
        }
    }
}
