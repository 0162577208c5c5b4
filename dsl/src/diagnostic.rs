//! What the compiler has to say: one [`Diagnostic`] a mistake, collected in [`Diagnostics`].

pub use crate::code::Severity;

use crate::code::Code;
use crate::span::Span;

/// A second place that explains the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; no full stop at the end.
    pub text: String,
}

/// A change that a tool can apply and that makes the diagnostic go away.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What the change does, in the imperative: "write `reenter`".
    pub title: String,
    /// The text to replace; empty for an insertion.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One mistake or doubt, with its place, its cause and the way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The entry of the catalogue.
    pub code: Code,
    /// Error or warning; the catalogue's default unless a setting changed it.
    pub severity: Severity,
    /// One line, lower case, no full stop; names in back quotes.
    pub message: String,
    /// The place of the mistake.
    pub primary: Span,
    /// Words beside the primary place; empty if the message says all.
    pub primary_label: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Facts that explain.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// Changes that a tool can make.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic of the catalogue's own severity.
    pub fn new(code: Code, primary: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: brief(message.into()),
            primary,
            primary_label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Puts words beside the primary place.
    pub fn at(mut self, text: impl Into<String>) -> Self {
        self.primary_label = brief(text.into());
        self
    }

    /// Points to another place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: brief(text.into()) });
        self
    }

    /// Adds a fact.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(brief(text.into()));
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(brief(text.into()));
        self
    }

    /// Adds a change that a tool can apply.
    pub fn fix(mut self, title: &str, span: Span, replacement: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: brief(title.into()), span, replacement: replacement.into() });
        self
    }
}

/// Longer words are shortened: they would bury what is said about them.
const LONGEST_WORD: usize = 100;

/// The text with its longest words shortened.
fn brief(text: String) -> String {
    if text.len() <= LONGEST_WORD {
        return text;
    }
    let mut words = text.split(' ').map(|word| match word.char_indices().nth(LONGEST_WORD) {
        Some((cut, _)) if word.starts_with('`') => format!("{}…`", &word[..cut]),
        Some((cut, _)) => format!("{}…", &word[..cut]),
        None => word.to_owned(),
    });
    let first = words.next().unwrap_or_default();
    words.fold(first, |text, word| text + " " + &word)
}

/// The collector that every stage writes to.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Takes one in.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Takes several in.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(diagnostics);
    }

    /// True if at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them, in the order of reporting.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Drops those for which `keep` says no; it may change the others.
    pub fn retain(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.list.retain_mut(keep);
    }

    /// Sorts by place, and drops what is said twice of one place.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|d| (d.primary.order(), d.code));
        self.list.dedup_by(|a, b| {
            a.primary.order() == b.primary.order() && a.code == b.code && a.message == b.message
        });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
