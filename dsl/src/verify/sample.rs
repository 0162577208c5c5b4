//! A few values that stand for all values of a type, as far as anybody can tell them apart.

use super::classes::Class;
use crate::interpret::Value;
use crate::model::{Declarations, FloatTy, Param, Ty, TypeDeclKind};
use std::collections::BTreeSet;
use std::ops::Bound;

/// Values that stand for all others.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// At least one, unless the type has no finite value.
    pub(super) values: Vec<Value>,
    /// Every other value is like one of these. If not, they are only tried.
    pub(super) is_whole: bool,
}

/// No more values than this of one slot, or of one event, are tried.
pub(super) const MOST: usize = 64;

/// Of values that only are tried, no more than this.
const MOST_TRIED: usize = 12;

/// Up to this ceiling all numbers are tried.
const COUNTED: i128 = 32;

/// Types in types are followed so deep.
const DEEPEST: usize = 3;

impl Sample {
    /// Values of a type that are asked what the class knows.
    pub(super) fn of(ty: &Ty, class: &Class, declarations: &Declarations) -> Self {
        let mut sample = sample(ty, class, declarations, 0);
        sample.cut();
        sample
    }

    fn whole(values: Vec<Value>) -> Self {
        Self { values, is_whole: true }
    }

    fn cut(&mut self) {
        let most = if self.is_whole { MOST } else { MOST_TRIED };
        if self.values.len() > most {
            self.values.truncate(most);
            self.is_whole = false;
        }
    }
}

fn sample(ty: &Ty, class: &Class, declarations: &Declarations, depth: usize) -> Sample {
    match ty {
        Ty::Bool => Sample::whole(vec![Value::Bool(false), Value::Bool(true)]),
        Ty::Int(int) => numbers(class, int.range(), Value::Int),
        Ty::Duration => {
            let mut sample = numbers(class, (0, u64::MAX.into()), |ms| Value::Duration(ms as u64));
            // A program has times between two milliseconds, and what stands between two that are asked for
            // is like none of these.
            let mut after = class.numbers.iter().map(|constant| constant + 1);
            sample.is_whole &= !after.any(|next| class.numbers.contains(&next));
            sample
        }
        Ty::Float(float) => floats(class, *float),
        Ty::String => strings(class),
        Ty::Option(inner) => {
            let inner = sample(inner, class, declarations, depth);
            let some = inner.values.into_iter().map(|value| Value::Option(Some(Box::new(value))));
            let values = std::iter::once(Value::Option(None)).chain(some).collect();
            Sample { values, is_whole: inner.is_whole }
        }
        Ty::Vec(inner) => lists(inner, class, declarations, depth),
        Ty::Map(..) => Sample { values: vec![Value::Map(Vec::new())], is_whole: false },
        Ty::Enum(id) | Ty::Struct(id) if depth < DEEPEST => {
            match &declarations.types[id.index()].kind {
                TypeDeclKind::Struct(fields) => {
                    let fields = product(fields, class, declarations, depth);
                    let values = fields.values.into_iter().map(|all| Value::Struct(*id, all));
                    Sample { values: values.collect(), is_whole: fields.is_whole }
                }
                TypeDeclKind::Enum(variants) => {
                    let mut whole = Sample::whole(Vec::new());
                    for (at, variant) in variants.iter().enumerate() {
                        let fields = product(&variant.fields, class, declarations, depth);
                        let variant = |all| Value::Variant(*id, at as u32, all);
                        whole.values.extend(fields.values.into_iter().map(variant));
                        whole.is_whole &= fields.is_whole;
                    }
                    whole
                }
            }
        }
        // Nothing can be asked of a Rust type but `==`.
        Ty::Rust { .. } => Sample {
            values: Value::plain(ty, declarations).into_iter().collect(),
            is_whole: !class.compares,
        },
        Ty::Enum(_) | Ty::Struct(_) | Ty::Failure | Ty::Unknown => {
            let plain = Value::plain(ty, declarations);
            Sample { values: plain.into_iter().collect(), is_whole: false }
        }
    }
}

/// All combinations of the values of several parameters.
fn product(params: &[Param], class: &Class, declarations: &Declarations, depth: usize) -> Rows {
    let samples = params.iter().map(|p| sample(&p.ty, class, declarations, depth + 1));
    combinations(samples.collect())
}

/// Values side by side.
pub(super) struct Rows {
    pub(super) values: Vec<Vec<Value>>,
    pub(super) is_whole: bool,
}

/// Every value of each with every value of the others, the last one running fastest.
pub(super) fn combinations(samples: Vec<Sample>) -> Rows {
    let mut rows = Rows { values: vec![Vec::new()], is_whole: true };
    for sample in samples {
        let mut longer = Vec::new();
        for row in &rows.values {
            for value in &sample.values {
                longer.push(row.iter().cloned().chain([value.clone()]).collect());
            }
        }
        rows.values = longer;
        rows.is_whole &= sample.is_whole && rows.values.len() <= MOST;
        rows.values.truncate(MOST);
    }
    rows
}

/// The constants and what lies between them; all numbers up to the ceiling where sums are made.
fn numbers(class: &Class, range: (i128, i128), value: impl Fn(i128) -> Value) -> Sample {
    let counts = class.sums.then(|| class.ceiling()).flatten();
    if let Some(ceiling) = counts.filter(|ceiling| range.0 == 0 && *ceiling <= COUNTED) {
        return Sample::whole((0..=ceiling).map(value).collect());
    }
    // With comparisons between two of them, several in each gap make most orders possible.
    let steps = if class.compares { 3 } else { 1 };
    let mut points: Vec<i128> = vec![];
    for constant in &class.numbers {
        points.extend((-1..=steps).map(|step| constant + step));
    }
    if points.is_empty() {
        points.extend(0..steps);
    }
    points.retain(|point| (range.0..=range.1).contains(point));
    points.sort_unstable();
    points.dedup();
    let is_whole = !class.sums && !class.calculates && !class.compares && !class.measures;
    Sample { values: points.into_iter().map(value).collect(), is_whole }
}

fn floats(class: &Class, ty: FloatTy) -> Sample {
    let mut points = vec![0.0];
    for constant in &class.floats {
        points.extend([constant.0 - 1.0, constant.0, constant.0 + 1.0]);
    }
    points.sort_by(f64::total_cmp);
    let mut values: Vec<Value> = points.into_iter().map(|point| Value::float(ty, point)).collect();
    values.dedup();
    Sample { values, is_whole: false }
}

fn strings(class: &Class) -> Sample {
    let other = (0..).map(|n| if n == 0 { String::new() } else { "x".repeat(n) });
    let other = other.into_iter().find(|text| !class.strings.contains(text)).unwrap_or_default();
    let between = class.strings.iter().filter(|_| class.orders);
    let between = between.map(|text| behind(text, &class.strings));
    let mut texts: Vec<String> =
        std::iter::once(other).chain(class.strings.iter().cloned()).chain(between).collect();
    if class.orders {
        // In front of all.
        texts.push(String::new());
        texts.sort_unstable();
        texts.dedup();
    }
    // What is put together is not tried, so that it must be none of those that are asked for.
    let is_made =
        |text: &String| class.pieces.iter().any(|piece| class.orders || text.contains(piece));
    Sample {
        values: texts.into_iter().map(Value::String).collect(),
        is_whole: !class.compares && !class.measures && !class.strings.iter().any(is_made),
    }
}

/// A text behind another one, and in front of the next of these if anything is.
fn behind(text: &str, all: &BTreeSet<String>) -> String {
    let next = all.range::<str, _>((Bound::Excluded(text), Bound::Unbounded)).next();
    let longer = ["x", "a", "0", " "].map(|more| format!("{text}{more}"));
    let mut longer = longer.into_iter().filter(|longer| next.is_none_or(|next| longer < next));
    // Nothing comes sooner.
    longer.next().unwrap_or_else(|| format!("{text}\0"))
}

/// An empty list, and longer ones: up to the length that somebody asks for, and those that a fan-out
/// tells apart.
fn lists(inner: &Ty, class: &Class, declarations: &Declarations, depth: usize) -> Sample {
    let plain = Value::plain(inner, declarations);
    let asked = class.numbers.iter().filter(|n| (0..8).contains(*n)).map(|n| *n as usize + 1);
    let longest = if class.measures { asked.max().unwrap_or(1) } else { 1 };
    let mut values = vec![Value::List(Vec::new())];
    let asked = (1..=longest).filter(|_| class.measures || class.lengths.is_empty());
    let lengths: BTreeSet<usize> = asked.chain(class.lengths.iter().copied()).collect();
    if let Some(plain) = plain {
        let value = |at: usize| match inner {
            // So that people can tell branches apart.
            Ty::String if !class.measures && !class.compares => Value::String(at.to_string()),
            _ => plain.clone(),
        };
        let lengths = lengths.into_iter().filter(|length| *length > 0);
        values.extend(lengths.map(|length| Value::List((1..=length).map(value).collect())));
    }
    if class.measures && depth < DEEPEST {
        let elements = sample(inner, class, declarations, depth + 1).values;
        values.extend(elements.into_iter().map(|element| Value::List(vec![element])));
        values.dedup();
    }
    Sample { values, is_whole: !class.compares && !class.measures }
}
