//! `scenarios! { "flows/order.flow", host = Clerk::default() }`: a test for each scenario.

use super::expand::{Manifest, watched};
use super::tokens::Cursor;
use super::{arguments, generate, report, text};
use crate::compile::compile_with_scenarios;
use crate::diagnostic::Severity;
use crate::emit::rust::{RustOptions, TestPlace, tests};
use crate::levels::Levels;
use crate::lower::lower;
use crate::model::{ContextDecl, Model, Valid};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

const USAGE: &str = "`scenarios!` takes the path of a file and a host, as \
                     `scenarios!(\"order.flow\", host = Clerk::default())`; \
                     `machine = Order` names one of several machines, `module = path` where its \
                     module is if not here, `crate = path` the runtime";

/// What the macro is told.
struct Told {
    path: String,
    host: TokenStream,
    machine: Option<Ident>,
    module: Option<TokenStream>,
    crate_path: Option<TokenStream>,
}

/// `scenarios! { .. }`
pub fn scenarios(tokens: TokenStream) -> TokenStream {
    let mut cursor = Cursor::new(tokens, Span::call_site());
    let span = cursor.span();
    let told = match told(&mut cursor) {
        Ok(told) => told,
        Err((span, text)) => return report::error(span, span, &text),
    };
    let compilation =
        compile_with_scenarios(&Manifest::directory(), &told.path, &Levels::default());
    // The warnings are told where the machine itself is.
    let errors = compilation.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let said = report::at_file(errors, &compilation.sources, span);
    let files = watched(&compilation);
    if compilation.diagnostics.has_errors() {
        return quote!(#said #files);
    }
    let machine = match machine(&told, &compilation.machines, span) {
        Ok(machine) => machine,
        Err((span, text)) => return report::error(span, span, &text),
    };
    if let ContextDecl::External(_) = &machine.declarations.context {
        let text = "the context of this machine is a Rust type, which a scenario cannot make";
        return report::error(span, span, text);
    }
    let chart = lower(machine);
    let module = told.module.unwrap_or_else(|| {
        let name = crate::emit::rust::module_name(&chart);
        quote!(#name)
    });
    let options = RustOptions {
        crate_path: generate::crate_path(told.crate_path.as_ref()),
        sources: Some(&compilation.sources),
        ..RustOptions::default()
    };
    let code = tests(&chart, &machine.scenarios, &options, &TestPlace { module, host: told.host });
    quote!(#said #files #code)
}

/// A mistake in what the macro is told.
type Mistake = (Span, String);

fn told(cursor: &mut Cursor) -> Result<Told, Mistake> {
    let span = cursor.span();
    let path = match cursor.next() {
        Some(TokenTree::Literal(literal)) => text::string_value(&literal),
        _ => None,
    };
    let path = path.ok_or_else(|| (span, USAGE.to_owned()))?;
    cursor.eat_punct(',');
    let (mut host, mut machine, mut module, mut crate_path) = (None, None, None, None);
    while !cursor.is_empty() {
        if let Some(path) = arguments::crate_path(cursor) {
            crate_path = Some(path);
            continue;
        }
        let span = cursor.span();
        let word = cursor.eat_ident().ok_or_else(|| (span, USAGE.to_owned()))?;
        if !cursor.eat_punct('=') {
            return Err((span, USAGE.to_owned()));
        }
        let value = expression(cursor);
        if value.is_empty() {
            return Err((span, format!("`{word} =` needs a value; {USAGE}")));
        }
        match word.to_string().as_str() {
            "host" => host = Some(value),
            "module" => module = Some(value),
            "machine" => {
                let name = value.into_iter().next();
                machine = match name {
                    Some(TokenTree::Ident(name)) => Some(name),
                    _ => return Err((span, USAGE.to_owned())),
                };
            }
            _ => return Err((span, format!("unknown option `{word}`; {USAGE}"))),
        }
    }
    let host = host.ok_or_else(|| (span, format!("there is no host; {USAGE}")))?;
    Ok(Told { path, host, machine, module, crate_path })
}

/// Tokens up to a comma that no angle brackets hold, which is passed over.
fn expression(cursor: &mut Cursor) -> TokenStream {
    let mut tokens = Vec::new();
    let mut depth = 0u32;
    while !cursor.is_empty() {
        if depth == 0 && cursor.eat_punct(',') {
            break;
        }
        let token = cursor.next();
        if let Some(TokenTree::Punct(mark)) = &token {
            match mark.as_char() {
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        tokens.extend(token);
    }
    tokens.into_iter().collect()
}

fn machine<'m>(
    told: &Told,
    machines: &'m [Valid<Model>],
    span: Span,
) -> Result<&'m Valid<Model>, Mistake> {
    let names = || {
        let names: Vec<String> = machines.iter().map(|m| format!("`{}`", m.name.text)).collect();
        names.join(", ")
    };
    match (&told.machine, machines) {
        (Some(name), _) => machines.iter().find(|m| name == &m.name.text).ok_or_else(|| {
            (name.span(), format!("`{}` has no machine `{name}`; it has {}", told.path, names()))
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err((span, format!("`{}` has no machine", told.path))),
        (None, _) => {
            Err((span, format!("`{}` has {}; name one: `machine = Name`", told.path, names())))
        }
    }
}
