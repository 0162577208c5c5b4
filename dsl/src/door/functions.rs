//! Traits become declarations of host functions: `Logic` of guards and fns, `Actions`, `Activities`.

use super::refusal::Refusals;
use super::rust::Function;
use super::statement::write_meta;
use super::text::FlowText;
use super::tokens::{Cursor, is_punct};
use super::types;
use crate::spelling::pascal_case;
use proc_macro2::{Ident, TokenStream, TokenTree};

/// The three kinds of traits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TraitKind {
    /// Pure functions without `self`.
    Logic,
    /// Effects without a result.
    Actions,
    /// The same of a host that is shared with what runs beside the machine.
    SharedActions,
    /// Asynchronous effects with a result.
    Activities,
}

/// Writes the functions of a trait. `copied` are the enums that are passed by value.
pub(super) fn write(
    kind: TraitKind,
    functions: &[Function],
    copied: &[String],
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    for function in functions {
        receiver(kind, function, refusals);
        signature(kind, function, refusals);
        if kind == TraitKind::Activities {
            activity(function, refusals);
        }
        write_meta(&function.attributes, out);
        let word = match kind {
            TraitKind::Logic if is_bool(function) => "guard",
            TraitKind::Logic => "fn",
            TraitKind::Actions | TraitKind::SharedActions => "action",
            TraitKind::Activities => "activity",
        };
        out.word(word, function.name.span());
        out.word(&function.name.to_string(), function.name.span());
        params(kind, function, copied, out, refusals);
        result(kind, function, out, refusals);
        clauses(function, out);
        out.end_line();
    }
}

fn receiver(kind: TraitKind, function: &Function, refusals: &mut Refusals) {
    let found = function.receiver.to_string().replace(' ', "");
    let (expected, message, help) = match kind {
        TraitKind::Logic => (
            "",
            "guards and fns have no `self`: they know only what they are given",
            "take out `self` and pass what the function needs",
        ),
        TraitKind::Actions => ("&mutself", "actions take `&mut self`", "write `&mut self` first"),
        TraitKind::SharedActions => (
            "&self",
            "actions beside activities and in durable machines take `&self`",
            "write `&self` first: the host is shared with what runs beside the machine",
        ),
        TraitKind::Activities => ("&self", "activities take `&self`", "write `&self` first"),
    };
    if found == expected {
        return;
    }
    if function.receiver.is_empty() {
        refusals.at(function.name.span(), message, help);
    } else {
        refusals.over(function.receiver.clone(), message, help);
    }
}

/// Host functions are called by generated code, which knows names and types and no more.
fn signature(kind: TraitKind, function: &Function, refusals: &mut Refusals) {
    if let Some(span) = function.generics {
        refusals.at(
            span,
            "a host function is not generic",
            "name the types; what is borrowed needs no lifetime",
        );
    }
    for pattern in &function.patterns {
        refusals.over(
            pattern.clone(),
            "a parameter has a name and a type",
            "write `name: Type`, and take the value apart in the host",
        );
    }
    for modifier in &function.modifiers {
        let is_async = modifier == "async";
        if is_async && kind == TraitKind::Activities {
            continue;
        }
        let message = format!("a function of this trait is not `{modifier}`");
        let help = match is_async {
            true => {
                "what takes time is an activity: declare it in `#[activities] trait Activities`"
            }
            false => "take the word out; the host decides what it does inside",
        };
        refusals.at(modifier.span(), message, help);
    }
}

/// What an activity has besides its arguments is written anew, so it says nothing else here.
fn activity(function: &Function, refusals: &mut Refusals) {
    let name = &function.name;
    if !function.modifiers.iter().any(|modifier| modifier == "async") {
        refusals.at(name.span(), "activities are asynchronous", format!("write `async fn {name}`"));
    }
    if !function.params.first().is_some_and(|(_, ty)| is_cx(ty)) {
        refusals.at(
            name.span(),
            "activities take `cx: &Cx` behind `&self`",
            format!("write `async fn {name}(&self, cx: &Cx, ..)`; `Cx` is known here"),
        );
    }
    if let Some(body) = &function.body {
        refusals.at(
            body.span_open(),
            "an activity has no body here",
            format!("end it with `;`, and say what `{name}` does in `impl Activities`"),
        );
    }
    let Some(error) = function.result.clone().and_then(error) else { return };
    let expected = format!("{}Error", pascal_case(&name.to_string()));
    if error.to_string() != expected {
        let help =
            format!("write `{expected}`, or the result alone: `#[raises(..)]` says the rest");
        refusals.over(error, "the errors of an activity have a type of its own", help);
    }
}

fn params(
    kind: TraitKind,
    function: &Function,
    copied: &[String],
    out: &mut FlowText,
    refusals: &mut Refusals,
) {
    out.word("(", function.name.span());
    let mut first = true;
    for (name, ty) in &function.params {
        if kind == TraitKind::Activities && is_cx(ty) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.word(",", name.span());
        }
        check_passing(ty, copied, refusals);
        out.word(&name.to_string(), name.span());
        out.word(":", name.span());
        types::write_param(ty.clone(), out, refusals);
    }
    out.word(")", function.name.span());
}

fn result(kind: TraitKind, function: &Function, out: &mut FlowText, refusals: &mut Refusals) {
    match (&function.result, kind) {
        (None, TraitKind::Logic) => refusals.at(
            function.name.span(),
            "a function of `Logic` gives a value",
            "give it a result, or declare it in `Actions` if it has an effect",
        ),
        (None, _) => {}
        (Some(_), TraitKind::Logic) if is_bool(function) => {}
        (Some(ty), TraitKind::Actions | TraitKind::SharedActions) => refusals.over(
            ty.clone(),
            "an action gives nothing",
            "take out the result; a pure function belongs in `Logic`",
        ),
        (Some(ty), _) => {
            let ty = success(ty.clone());
            if ty.to_string().replace(' ', "") != "()" {
                out.word("->", function.name.span());
                types::write(ty, out, refusals);
            }
        }
    }
}

/// What stands behind the head of an activity, in the order of the language.
fn clauses(function: &Function, out: &mut FlowText) {
    for clause in ["raises", "cache", "coalesce"] {
        if let Some(found) = function.attributes.iter().find(|a| a.name == clause) {
            out.word(clause, found.span);
            out.tokens(found.args.clone());
        }
    }
}

/// What is passed must be passed as the generated code does: numbers, `bool`, `Duration` and enums
/// without data by value, all else by reference.
fn check_passing(ty: &TokenStream, copied: &[String], refusals: &mut Refusals) {
    let mut cursor = Cursor::new(ty.clone(), proc_macro2::Span::call_site());
    let borrowed = cursor.eat_punct('&');
    let named = cursor.rest();
    let by_value = is_copied(&named, copied);
    if borrowed && by_value {
        let help = format!("write `{named}`");
        refusals.over(ty.clone(), "numbers and enums without data are passed by value", help);
    } else if !borrowed && !by_value && is_path(&named) {
        let help = format!("write `{}`", reference(&named));
        refusals.over(ty.clone(), "what is not a number is passed by reference", help);
    }
}

fn is_path(ty: &TokenStream) -> bool {
    matches!(ty.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word != "dyn" && word != "impl")
}

fn is_copied(ty: &TokenStream, copied: &[String]) -> bool {
    const NUMBERS: &[&str] =
        &["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "Duration"];
    let words: Vec<Ident> = ty
        .clone()
        .into_iter()
        .filter_map(|t| if let TokenTree::Ident(word) = t { Some(word) } else { None })
        .collect();
    match &words[..] {
        [word] => NUMBERS.iter().any(|n| word == n) || copied.iter().any(|c| word == c),
        [first, .., last] => (first == "std" || first == "core") && last == "Duration",
        [] => false,
    }
}

fn reference(ty: &TokenStream) -> String {
    let text = ty.to_string().replace(' ', "");
    if text == "String" {
        return "&str".to_owned();
    }
    match text.strip_prefix("Vec<").and_then(|t| t.strip_suffix('>')) {
        Some(item) => format!("&[{item}]"),
        None => format!("&{text}"),
    }
}

fn is_bool(function: &Function) -> bool {
    function.result.as_ref().is_some_and(|ty| ty.to_string() == "bool")
}

/// True for `&Cx`, which every activity takes and the language does not name.
pub(super) fn is_cx(ty: &TokenStream) -> bool {
    ty.clone().into_iter().last().is_some_and(|t| t.to_string() == "Cx")
}

/// `T` of `Result<T, E>`, or all of it.
fn success(ty: TokenStream) -> TokenStream {
    parts(ty.clone()).map_or(ty, |(success, _)| success)
}

/// `E` of `Result<T, E>`.
fn error(ty: TokenStream) -> Option<TokenStream> {
    parts(ty).map(|(_, error)| error)
}

fn parts(ty: TokenStream) -> Option<(TokenStream, TokenStream)> {
    let mut cursor = Cursor::new(ty, proc_macro2::Span::call_site());
    if !cursor.eat_word("Result") || !cursor.eat_punct('<') {
        return None;
    }
    let success = cursor.until_comma();
    let mut error: Vec<TokenTree> = cursor.rest().into_iter().collect();
    if is_punct(error.last(), '>') {
        error.pop();
    }
    Some((success, error.into_iter().collect()))
}
