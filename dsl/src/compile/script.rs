//! What is asked of a compiled machine from outside: the steps of a script, claims.

use super::Compilation;
use crate::diagnostic::Diagnostics;
use crate::model::{Property, ScenarioStep};
use crate::parse;
use crate::resolve;
use crate::source::Sources;
use crate::span::SourceId;
use crate::unfold;

/// What was understood, and what there is to say about the text.
#[derive(Debug)]
pub struct Asked<T> {
    /// In order; not complete after an error.
    pub found: Vec<T>,
    /// The texts of the compilation, and this one.
    pub sources: Sources,
    /// What is wrong with the text.
    pub diagnostics: Diagnostics,
}

/// The steps of a script for one machine of a compilation: events, `after`, `given`, `expect`,
/// parted by `;`, `,` or line breaks. `name` is how messages call the text.
pub fn script(of: &Compilation, machine: usize, name: &str, text: &str) -> Asked<ScenarioStep> {
    let (mut asked, source) = begin(of, name, text);
    let written = parse::script(source, text, &mut asked.diagnostics);
    if !asked.diagnostics.has_errors() {
        asked.found =
            resolve::asked(&unfolded(of), machine, &written, &[], &mut asked.diagnostics).0;
    }
    asked.diagnostics.sort();
    asked
}

/// Claims about one machine of a compilation, as a `property` has them, parted by `;`.
pub fn claims(of: &Compilation, machine: usize, name: &str, text: &str) -> Asked<Property> {
    let (mut asked, source) = begin(of, name, text);
    let written = parse::claims(source, text, &mut asked.diagnostics);
    if !asked.diagnostics.has_errors() {
        asked.found =
            resolve::asked(&unfolded(of), machine, &[], &written, &mut asked.diagnostics).1;
    }
    asked.diagnostics.sort();
    asked
}

fn begin<T>(of: &Compilation, name: &str, text: &str) -> (Asked<T>, SourceId) {
    let mut sources = of.sources.clone();
    let source = sources.add(name, text);
    (Asked { found: Vec::new(), sources, diagnostics: Diagnostics::default() }, source)
}

/// What there is to say about the machine itself has been said.
fn unfolded(of: &Compilation) -> std::borrow::Cow<'_, crate::resolve::Package> {
    unfold::unfold(&of.package, &mut Diagnostics::default())
}
