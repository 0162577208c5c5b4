//! `statewright explain`

use crate::args::ExplainArgs;
use crate::outcome::{Failure, Outcome};
use crate::output;
use statewright_dsl::code::Code;

/// Prints the explanation of a code, or the list of all.
pub(crate) fn run(args: &ExplainArgs) -> Result<Outcome, Failure> {
    let text = match &args.code {
        None => Code::ALL.iter().map(|code| format!("{code}  {}\n", code.title())).collect(),
        Some(name) => {
            let code = Code::find(name).ok_or_else(|| {
                Failure::Usage(format!(
                    "no code is called `{name}`; `statewright explain` lists all of them"
                ))
            })?;
            format!("{code}: {}\n\n{}", code.title(), code.explanation())
        }
    };
    output::print(&text)?;
    Ok(Outcome::Fine)
}
