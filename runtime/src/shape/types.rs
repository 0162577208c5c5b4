//! When what was written as a value of one type can be read as one of another.

use super::document::{Document, FieldShape, MessageShape, TypeShape};

/// A type as it is written, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    name: String,
    args: Vec<Type>,
}

impl Type {
    pub(super) fn of(field: &FieldShape) -> Self {
        let ty = Self::parse(&mut field.ty.chars().peekable());
        match field.late {
            true => Self { name: "Option".to_owned(), args: vec![ty] },
            false => ty,
        }
    }

    fn parse(text: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Self {
        let (mut name, mut args) = (String::new(), Vec::new());
        while let Some(c) = text.next_if(|c| !matches!(c, '<' | '>' | ',')) {
            name.push(c);
        }
        if text.next_if_eq(&'<').is_some() {
            loop {
                args.push(Self::parse(text));
                if text.next_if_eq(&',').is_none() {
                    break;
                }
            }
            text.next_if_eq(&'>');
        }
        Self { name: name.trim().to_owned(), args }
    }

    /// `T` of `Option<T>`.
    pub(super) fn inside_option(&self) -> Option<&Self> {
        self.args.first().filter(|_| self.name == "Option")
    }
}

/// Two shapes between which values go.
pub(super) struct Types<'a> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
}

impl Types<'_> {
    /// True if every value of the old field can be read as one of the new.
    pub(super) fn field(&self, old: &FieldShape, new: &FieldShape) -> bool {
        self.reads(&Type::of(old), &Type::of(new), &mut Vec::new())
    }

    /// The same for types as they are written.
    pub(super) fn text(&self, old: &str, new: &str) -> bool {
        let parsed = |text: &str| Type::parse(&mut text.chars().peekable());
        self.reads(&parsed(old), &parsed(new), &mut Vec::new())
    }

    /// The same, if the old value is there: it may be unset.
    pub(super) fn field_if_set(&self, old: &FieldShape, new: &FieldShape) -> bool {
        let (old, new) = (Type::of(old), Type::of(new));
        old.inside_option().is_some_and(|old| self.reads(old, &new, &mut Vec::new()))
    }

    /// True if what was written with the old fields can be read with the new. What is gone is not
    /// read any more; what is new can only be an `Option`.
    pub(super) fn fields(&self, old: &[FieldShape], new: &[FieldShape]) -> bool {
        self.record(old, new, &mut Vec::new())
    }

    fn record(
        &self,
        old: &[FieldShape],
        new: &[FieldShape],
        seen: &mut Vec<(String, String)>,
    ) -> bool {
        // A variant without fields is written as its name alone.
        old.is_empty() == new.is_empty()
            && new.iter().all(|field| match old.iter().find(|old| old.name == field.name) {
                Some(old) => self.reads(&Type::of(old), &Type::of(field), seen),
                None => Type::of(field).inside_option().is_some(),
            })
    }

    /// True if what was written as `old` can be read as `new`.
    fn reads(&self, old: &Type, new: &Type, seen: &mut Vec<(String, String)>) -> bool {
        if let Some(inside) = new.inside_option() {
            return self.reads(old.inside_option().unwrap_or(old), inside, seen);
        }
        let find = |document: &'_ Document, ty: &Type| {
            document.types.iter().position(|declared| declared.name == ty.name)
        };
        match (find(self.old, old), find(self.new, new)) {
            (Some(old), Some(new)) => {
                self.declared(&self.old.types[old], &self.new.types[new], seen)
            }
            (None, None) if widens(&old.name, &new.name) => true,
            (None, None) => {
                // Only the language's own types are known to keep others as they are; keys are text.
                let same = match (new.name.as_str(), &*old.args, &*new.args) {
                    ("Vec", [old], [new]) => self.reads(old, new, seen),
                    ("Map", [key, old], [new_key, new]) => {
                        key == new_key && self.reads(old, new, seen)
                    }
                    (_, old, new) => old == new,
                };
                old.name == new.name && same
            }
            _ => false,
        }
    }

    fn declared(&self, old: &TypeShape, new: &TypeShape, seen: &mut Vec<(String, String)>) -> bool {
        let pair = (old.name.clone(), new.name.clone());
        if seen.contains(&pair) {
            return true;
        }
        seen.push(pair);
        let same = |old: &MessageShape| {
            let new = new.variants.iter().find(|new| new.name == old.name);
            new.is_some_and(|new| self.record(&old.fields, &new.fields, seen))
        };
        match old.variants.is_empty() && new.variants.is_empty() {
            true => self.record(&old.fields, &new.fields, seen),
            false => {
                old.variants.is_empty() == new.variants.is_empty() && old.variants.iter().all(same)
            }
        }
    }
}

/// True if every value of one type of numbers is one of the other, and written like it.
fn widens(old: &str, new: &str) -> bool {
    const UNSIGNED: [&str; 4] = ["u8", "u16", "u32", "u64"];
    const SIGNED: [&str; 4] = ["i8", "i16", "i32", "i64"];
    let rank = |list: &[&str; 4], name: &str| list.iter().position(|known| *known == name);
    match (rank(&UNSIGNED, old), rank(&UNSIGNED, new), rank(&SIGNED, old), rank(&SIGNED, new)) {
        (Some(old), Some(new), ..) | (.., Some(old), Some(new)) => old <= new,
        (Some(old), _, _, Some(new)) => old < new,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(ty: &str) -> FieldShape {
        FieldShape { name: "x".to_owned(), ty: ty.to_owned(), ..FieldShape::default() }
    }

    fn reads(types: (&str, &str), old: &str, new: &str) -> bool {
        let declared = |text: &str| Document {
            types: serde_json::from_str(text).expect("the test writes JSON"),
            ..Document::default()
        };
        let (before, after) = (declared(types.0), declared(types.1));
        Types { old: &before, new: &after }.field(&field(old), &field(new))
    }

    #[test]
    fn values_are_read_by_what_has_room_for_them() {
        let fits = [
            ("u32", "u32"),
            ("u32", "u64"),
            ("u8", "i16"),
            ("i8", "i64"),
            ("u32", "Option<u32>"),
            ("Option<u8>", "Option<u16>"),
            ("Vec<u8>", "Vec<Option<u32>>"),
            ("Map<String, u8>", "Map<String, u64>"),
            ("Money", "Money"),
            ("shop::Price<u8>", "shop::Price<u8>"),
        ];
        for (old, new) in fits {
            assert!(reads(("[]", "[]"), old, new), "{old} as {new}");
        }
        let others = [
            ("u64", "u32"),
            ("u8", "i8"),
            ("i8", "u64"),
            ("Option<u32>", "u32"),
            ("String", "u32"),
            ("u32", "f64"),
            ("Vec<u8>", "Option<u8>"),
            ("Map<u8, u8>", "Map<u16, u8>"),
            ("Money", "Price"),
        ];
        for (old, new) in others {
            assert!(!reads(("[]", "[]"), old, new), "{old} as {new}");
        }
    }

    #[test]
    fn declared_types_grow_and_are_called_otherwise() {
        let item = r#"[{"name":"Item","fields":[{"name":"id","type":"u8"}]}]"#;
        let grown = r#"[{"name":"Thing","fields":[{"name":"id","type":"u32"},{"name":"note","type":"Option<String>"}]}]"#;
        let more = r#"[{"name":"Thing","fields":[{"name":"id","type":"u32"},{"name":"note","type":"String"}]}]"#;
        assert!(reads((item, grown), "Vec<Item>", "Vec<Thing>"));
        assert!(!reads((item, more), "Item", "Thing"));
        assert!(!reads((item, "[]"), "Item", "Item"));
        let lamp = r#"[{"name":"Lamp","variants":[{"name":"Red"},{"name":"Green"}]}]"#;
        let lamps =
            r#"[{"name":"Lamp","variants":[{"name":"Red"},{"name":"Green"},{"name":"Off"}]}]"#;
        assert!(reads((lamp, lamps), "Lamp", "Lamp"));
        assert!(!reads((lamps, lamp), "Lamp", "Lamp"));
        let tree = r#"[{"name":"Tree","fields":[{"name":"inner","type":"Vec<Tree>"}]}]"#;
        assert!(reads((tree, tree), "Tree", "Tree"));
    }
}
