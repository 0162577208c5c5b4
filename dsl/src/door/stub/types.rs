//! Types of the language as Rust text.

use crate::ast::{EnumDecl, File, Item, Param, StructDecl, Type};
use crate::model::GENERATED;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The types that a file and its imports declare.
pub(super) struct Types<'a> {
    enums: Vec<&'a EnumDecl>,
    structs: Vec<&'a StructDecl>,
    uses: Vec<(String, String)>,
    names: BTreeSet<String>,
    copied: BTreeSet<String>,
}

impl<'a> Types<'a> {
    /// Gathers them.
    pub(super) fn of(files: &[&'a File]) -> Self {
        let (mut enums, mut structs, mut uses) = (Vec::new(), Vec::new(), Vec::new());
        // Those that cannot be called so have an error of their own.
        let is_free = |name: &str| !GENERATED.contains(&name);
        for item in files.iter().flat_map(|file| &file.items) {
            match item {
                Item::Enum(declared) if is_free(&declared.name.text) => enums.push(declared),
                Item::Struct(declared) if is_free(&declared.name.text) => structs.push(declared),
                Item::Use(declared) => {
                    for import in &declared.imports {
                        let last = import.alias.as_ref().or(import.path.segments.last());
                        let path: Option<Vec<String>> =
                            import.path.segments.iter().map(|s| ident(&s.text)).collect();
                        if let (Some(name), Some(path)) = (last, path)
                            && is_free(&name.text)
                        {
                            uses.push((name.text.clone(), path.join("::")));
                        }
                    }
                }
                _ => {}
            }
        }
        let mut types =
            Self { enums, structs, uses, names: BTreeSet::new(), copied: BTreeSet::new() };
        types.names.extend(types.enums.iter().map(|e| e.name.text.clone()));
        types.names.extend(types.structs.iter().map(|s| s.name.text.clone()));
        types.names.extend(types.uses.iter().map(|(name, _)| name.clone()));
        let plain = types.enums.iter().filter(|e| e.variants.iter().all(|v| v.params.is_empty()));
        types.copied = plain.map(|e| e.name.text.clone()).collect();
        types
    }

    /// True if a declared type, or one that `use` brings in, has this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Writes their declarations.
    pub(super) fn write(&self, out: &mut String) {
        for (name, path) in &self.uses {
            if let Some(name) = ident(name) {
                let _ = write!(out, "pub use {path} as {name};");
            }
        }
        for declared in &self.enums {
            let Some(name) = ident(&declared.name.text) else { continue };
            let _ = write!(out, "pub enum {name} {{");
            for one in &declared.variants {
                variant(&one.name.text, &fields(&one.params, "", self), out);
            }
            out.push('}');
            traits(&name, out);
            if self.copied.contains(&declared.name.text) {
                let _ = write!(out, "impl ::core::marker::Copy for {name} {{}}");
            }
        }
        for declared in &self.structs {
            let Some(name) = ident(&declared.name.text) else { continue };
            let _ =
                write!(out, "pub struct {name} {{ {} }}", fields(&declared.fields, "pub", self));
            traits(&name, out);
        }
    }
}

/// A name as Rust writes it; `None` for those that Rust cannot.
pub(super) fn ident(name: &str) -> Option<String> {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do",
        "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
        "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
        "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe",
        "unsized", "use", "virtual", "where", "while", "yield",
    ];
    match name {
        "_" | "Self" => None,
        _ if KEYWORDS.contains(&name) => Some(format!("r#{name}")),
        _ => Some(name.to_owned()),
    }
}

/// The fields of a struct or a variant.
pub(super) fn fields(params: &[Param], visibility: &str, types: &Types<'_>) -> String {
    let mut out = String::new();
    for param in params {
        if let Some(name) = ident(&param.name.text) {
            let _ = write!(out, "{visibility} {name}: {},", ty(&param.ty, types));
        }
    }
    out
}

/// A variant with these fields.
pub(super) fn variant(name: &str, fields: &str, out: &mut String) {
    let Some(name) = ident(name) else { return };
    let _ = match fields {
        "" => write!(out, "{name},"),
        fields => write!(out, "{name} {{ {fields} }},"),
    };
}

/// What programs expect of every type, without asking for it of the types inside.
pub(super) fn traits(name: &str, out: &mut String) {
    let _ = write!(
        out,
        "impl ::core::clone::Clone for {name} {{ fn clone(&self) -> Self {{ loop {{}} }} }}
         impl ::core::cmp::PartialEq for {name} {{ fn eq(&self, _: &Self) -> bool {{ false }} }}
         impl ::core::cmp::Eq for {name} {{}}
         impl ::core::fmt::Debug for {name} {{
             fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{ loop {{}} }}
         }}"
    );
}

/// A type that owns its value. A name that nothing declares has an error of its own, and is `()`.
pub(super) fn ty(ty: &Type, types: &Types<'_>) -> String {
    let args: Vec<String> = ty.args.iter().map(|arg| self::ty(arg, types)).collect();
    let name = ty.path.text();
    let expected = match name.as_str() {
        "Vec" | "Option" => 1,
        "Map" => 2,
        _ => args.len(),
    };
    let path = match name.as_str() {
        _ if args.len() != expected => return "()".to_owned(),
        "bool" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "f32" | "f64" => {
            return format!("::core::primitive::{name}");
        }
        "String" => "::std::string::String",
        "Duration" => "::core::time::Duration",
        "Vec" => "::std::vec::Vec",
        "Option" => "::core::option::Option",
        "Map" => "::std::collections::BTreeMap",
        name if types.contains(name) || ty.path.segments.len() > 1 => name,
        _ => return "()".to_owned(),
    };
    if args.is_empty() { path.to_owned() } else { format!("{path}<{}>", args.join(",")) }
}

/// How a value of the type is passed to a host function.
pub(super) fn reference(ty: &Type, types: &Types<'_>) -> String {
    let owned = self::ty(ty, types);
    match (ty.path.text().as_str(), &ty.args[..]) {
        ("Duration", _) => owned,
        _ if owned.starts_with("::core::primitive::") => owned,
        (name, _) if types.copied.contains(name) => owned,
        ("String", _) => "&::core::primitive::str".to_owned(),
        ("Vec", [item]) => format!("&[{}]", self::ty(item, types)),
        _ => format!("&{owned}"),
    }
}
