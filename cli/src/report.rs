//! Shows diagnostics in the form that was asked for, and counts them.

use crate::args::{Color, Deny, Format, ReportArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use statewright_dsl::compile::Compilation;
use statewright_dsl::diagnostic::{Diagnostics, Severity};
use statewright_dsl::render::{self, SarifLog, Style};
use statewright_dsl::source::Sources;
use std::io::IsTerminal;

/// What has been shown so far, over all files.
pub(crate) struct Report<'a> {
    args: &'a ReportArgs,
    shown: Diagnostics,
    /// For all files together, printed at the end.
    sarif: SarifLog,
}

impl<'a> Report<'a> {
    pub(crate) fn new(args: &'a ReportArgs) -> Self {
        Self { args, shown: Diagnostics::default(), sarif: SarifLog::default() }
    }

    /// Shows what one compilation has to say.
    pub(crate) fn show(&mut self, compilation: &Compilation) -> Result<(), Failure> {
        self.show_all(&compilation.sources, &compilation.diagnostics)
    }

    /// Shows what there is to say of some texts.
    pub(crate) fn show_all(
        &mut self,
        sources: &Sources,
        diagnostics: &Diagnostics,
    ) -> Result<(), Failure> {
        diagnostics.iter().for_each(|d| self.shown.push(d.clone()));
        match self.args.format {
            Format::Human => {
                let style = style(self.args.color);
                for diagnostic in diagnostics.iter() {
                    output::note(&(render::human_one(sources, diagnostic, style) + "\n"));
                }
                Ok(())
            }
            Format::Short => output::print(&render::short(sources, diagnostics)),
            Format::Json => output::print(&render::json(sources, diagnostics)),
            Format::Github => output::print(&render::github(sources, diagnostics)),
            Format::Sarif => {
                self.sarif.add(sources, diagnostics);
                Ok(())
            }
        }
    }

    /// Ends the report. For people, counts what was shown, or says `clean` if that was nothing; for
    /// code scanning, prints the log.
    pub(crate) fn summary(&self, clean: &str) -> Result<(), Failure> {
        match self.args.format {
            Format::Sarif => return output::print(&self.sarif.finish()),
            Format::Human => {}
            Format::Short | Format::Json | Format::Github => return Ok(()),
        }
        let counts = render::summary(&self.shown);
        let text = if counts.is_empty() { clean } else { &counts };
        if !text.is_empty() {
            output::note(text);
        }
        Ok(())
    }

    /// In which form things are shown.
    pub(crate) fn format(&self) -> Format {
        self.args.format
    }

    /// What the exit code shall say.
    pub(crate) fn outcome(&self) -> Outcome {
        let denied = self.args.deny == Some(Deny::Warnings);
        let warns = self.shown.iter().any(|d| d.severity == Severity::Warning);
        match self.shown.has_errors() || (denied && warns) {
            true => Outcome::Wrong,
            false => Outcome::Fine,
        }
    }
}

fn style(color: Color) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            std::io::stderr().is_terminal() && !refused
        }
    };
    Style { color, ..Style::default() }
}
