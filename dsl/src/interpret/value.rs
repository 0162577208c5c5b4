//! Values of the language while it is interpreted.

use crate::model::{Declarations, FloatTy, Ty, TypeDeclKind, TypeId};
use std::hash::{Hash, Hasher};
use std::time::Duration;

/// A value. Equal values have equal bits, so that configurations can be counted; for `==` as the
/// language has it see [`Value::equals`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `bool`
    Bool(bool),
    /// Any integer type; always in the range of its type.
    Int(i128),
    /// `f64`
    Float(Bits),
    /// `f32`
    Single(SingleBits),
    /// `String`
    String(String),
    /// `Duration`, in whole milliseconds.
    Duration(u64),
    /// `Vec<T>`
    List(Vec<Value>),
    /// `Map<K, V>`: entries with different keys.
    Map(Vec<(Value, Value)>),
    /// `Option<T>`
    Option(Option<Box<Value>>),
    /// A variant of a declared enum with its fields in declared order.
    Variant(TypeId, u32, Vec<Value>),
    /// A declared struct with its fields in declared order.
    Struct(TypeId, Vec<Value>),
    /// A value of a Rust type, by whatever text stands for it.
    Rust(String),
    /// A caught error: name and message.
    Failure(String, String),
}

/// A floating point number that is compared by its bits.
#[derive(Clone, Copy, Debug)]
pub struct Bits(pub f64);

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Bits {}

impl Hash for Bits {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A floating point number of 32 bits that is compared by its bits.
#[derive(Clone, Copy, Debug)]
pub struct SingleBits(pub f32);

impl PartialEq for SingleBits {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for SingleBits {}

impl Hash for SingleBits {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Value {
    /// A floating point number of a type, rounded to it as it is in the generated code.
    pub fn float(ty: FloatTy, value: f64) -> Self {
        match ty {
            FloatTy::F32 => Self::Single(SingleBits(value as f32)),
            FloatTy::F64 => Self::Float(Bits(value)),
        }
    }

    /// A duration in whole milliseconds; `None` if it does not fit.
    pub fn duration(duration: Duration) -> Option<Self> {
        u64::try_from(duration.as_millis()).ok().map(Self::Duration)
    }

    /// `==` of the language: that of Rust's derived `PartialEq`, floats after IEEE 754.
    pub fn equals(&self, other: &Self) -> bool {
        let all = |a: &[Value], b: &[Value]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
        };
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a.0 == b.0,
            (Self::Single(a), Self::Single(b)) => a.0 == b.0,
            (Self::List(a), Self::List(b)) => all(a, b),
            (Self::Variant(_, a, x), Self::Variant(_, b, y)) => a == b && all(x, y),
            (Self::Struct(_, a), Self::Struct(_, b)) => all(a, b),
            (Self::Option(Some(a)), Self::Option(Some(b))) => a.equals(b),
            (Self::Map(a), Self::Map(b)) => {
                let found = |key: &Value| b.iter().find(|(other, _)| other.equals(key));
                a.len() == b.len()
                    && a.iter().all(|(key, value)| found(key).is_some_and(|(_, v)| v.equals(value)))
            }
            _ => self == other,
        }
    }

    /// A plain value of a type: zero, false, empty, none, the first variant. Of a Rust type one
    /// that is called like it. `None` if there is no finite one.
    pub fn plain(ty: &Ty, declarations: &Declarations) -> Option<Self> {
        plain(ty, declarations, 0)
    }
}

/// Types that hold themselves have no plain value; nobody nests others so deeply.
const DEEPEST: usize = 32;

fn plain(ty: &Ty, declarations: &Declarations, depth: usize) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    Some(match ty {
        Ty::Bool => Value::Bool(false),
        Ty::Int(_) => Value::Int(0),
        Ty::Float(float) => Value::float(*float, 0.0),
        Ty::String => Value::String(String::new()),
        Ty::Duration => Value::Duration(0),
        Ty::Vec(_) => Value::List(Vec::new()),
        Ty::Map(..) => Value::Map(Vec::new()),
        Ty::Option(_) => Value::Option(None),
        Ty::Enum(id) | Ty::Struct(id) => {
            let all = |params: &[crate::model::Param]| -> Option<Vec<Value>> {
                params.iter().map(|p| plain(&p.ty, declarations, depth + 1)).collect()
            };
            match &declarations.types[id.index()].kind {
                TypeDeclKind::Struct(fields) => Value::Struct(*id, all(fields)?),
                TypeDeclKind::Enum(variants) => {
                    let fields = all(&variants.first()?.fields)?;
                    Value::Variant(*id, 0, fields)
                }
            }
        }
        Ty::Rust { path, .. } => Value::Rust(path.last()?.clone()),
        Ty::Failure => Value::Failure(String::new(), String::new()),
        Ty::Unknown => Value::Rust("_".into()),
    })
}
