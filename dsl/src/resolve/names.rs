//! Names that are declared: each once in its place, and each a possible Rust identifier.

use crate::ast::Name;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use crate::spelling::NEVER_RAW;
use std::collections::BTreeMap;

/// The names of one kind in one place.
#[derive(Debug)]
pub(super) struct Names<'a, T> {
    known: BTreeMap<&'a str, (T, Span)>,
}

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self { known: BTreeMap::new() }
    }
}

impl<'a, T: Copy> Names<'a, T> {
    /// Declares a name; the second of two is an error, and the first one stays.
    pub(super) fn declare(&mut self, what: &str, name: &'a Name, value: T, d: &mut Diagnostics) {
        check_name(name, d);
        if let Some((_, first)) = self.known.get(name.text.as_str()) {
            d.push(declared_twice(what, name, *first));
        } else {
            self.known.insert(&name.text, (value, name.span));
        }
    }

    /// Declares a name that stands for something else so far.
    pub(super) fn replace(&mut self, name: &'a Name, value: T, d: &mut Diagnostics) {
        check_name(name, d);
        self.known.insert(&name.text, (value, name.span));
    }

    /// Declares a name without doubting it.
    pub(super) fn insert(&mut self, name: &'a Name, value: T) {
        self.known.entry(&name.text).or_insert((value, name.span));
    }

    /// What a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<T> {
        self.known.get(name).map(|(value, _)| *value)
    }

    /// What a name stands for, and where it is declared.
    pub(super) fn find(&self, name: &str) -> Option<(T, Span)> {
        self.known.get(name).copied()
    }

    /// All names with their places, for suggestions.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'a str, Span)> + '_ {
        self.known.iter().map(|(name, (_, span))| (*name, *span))
    }
}

/// Names that come from imports alone, with the place of another thing that one of them would be too.
#[derive(Debug, Default)]
pub(super) struct Brought<'a>(BTreeMap<&'a str, Option<Span>>);

impl<'a> Brought<'a> {
    /// True if an import has brought the name already.
    pub(super) fn has(&self, name: &Name) -> bool {
        self.0.contains_key(name.text.as_str())
    }

    /// An import brings it.
    pub(super) fn add(&mut self, name: &'a Name) {
        self.0.insert(&name.text, None);
    }

    /// An import brings something else of this name.
    pub(super) fn add_other(&mut self, name: &'a Name) {
        self.0.entry(&name.text).or_default().get_or_insert(name.span);
    }

    /// The machine declares it itself; true if an import has brought it too.
    pub(super) fn own(&mut self, name: &Name) -> bool {
        self.0.remove(name.text.as_str()).is_some()
    }

    /// E0101, where a name is used that two imports bring.
    pub(super) fn unclear(&self, what: &str, name: &Name, first: Span) -> Option<Diagnostic> {
        let text = &name.text;
        let other = (*self.0.get(text.as_str())?)?;
        let diagnostic = Diagnostic::new(
            Code::Duplicate,
            name.span,
            format!("two imports bring {what} of the name `{text}`"),
        );
        let kind = what.rsplit(' ').next().unwrap_or(what);
        Some(
            diagnostic
                .at("it is not said which is meant")
                .label(first, "one is declared here")
                .label(other, "the other here")
                .help(format!("declare it in the machine: `{kind} {text} ..`; its own counts")),
        )
    }
}

/// One name at two places.
pub(super) fn declared_twice(what: &str, second: &Name, first: Span) -> Diagnostic {
    let message = format!("{what} `{}` is declared twice", second.text);
    let diagnostic = Diagnostic::new(Code::Duplicate, second.span, message)
        .at("declared again here")
        .label(first, "first declared here");
    match second.span.source == first.source {
        true => diagnostic.help("give one of them another name, or remove it"),
        false => diagnostic.help(
            "give one of them another name, declare both the same, or declare it in a file that both import",
        ),
    }
}

/// E0101, for what is not declared but said.
pub(super) fn said_twice(what: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::Duplicate, second, format!("{what} is given twice"))
        .at("given again here")
        .label(first, "first given here")
        .help("remove one of them")
}

/// The language keeps these for later.
const RESERVED: [&str; 9] =
    ["scenario", "match", "for", "while", "let", "async", "await", "migrate", "property"];

/// Values of the language.
const VALUES: [&str; 4] = ["true", "false", "none", "never"];

/// Says if a declared name cannot be a name in the generated Rust.
pub(super) fn check_name(name: &Name, d: &mut Diagnostics) {
    let text = name.text.as_str();
    // `r#match` is longer than `match`.
    let raw = (name.span.end - name.span.start) as usize > text.len();
    let message = if NEVER_RAW.contains(&text) {
        format!("`{text}` cannot be the name of anything in Rust")
    } else if VALUES.contains(&text) {
        format!("`{text}` is a value of the language and cannot be a name")
    } else if RESERVED.contains(&text) && !raw {
        format!("`{text}` is a reserved word")
    } else {
        return;
    };
    let other = if text == "_" { "unnamed".to_owned() } else { format!("{text}_") };
    let mut diagnostic = Diagnostic::new(Code::NotAnIdentifier, name.span, message);
    diagnostic = diagnostic.at("not allowed as a name");
    diagnostic = match RESERVED.contains(&text) {
        true => diagnostic.help(format!("call it `{other}` or `r#{text}`")),
        false => diagnostic.help(format!("call it `{other}`")),
    };
    d.push(diagnostic.fix(&format!("call it `{other}`"), name.span, other));
}

/// `BrokenRetry` and `brokenRetry` as `broken_retry`: how fields and modules are called in Rust.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut previous = '_';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let starts_word = previous.is_lowercase()
            || previous.is_numeric()
            || (previous.is_uppercase() && rest.peek().is_some_and(|next| next.is_lowercase()));
        if c.is_uppercase() && starts_word {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
        previous = c;
    }
    snake
}
