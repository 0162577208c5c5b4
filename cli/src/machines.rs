//! Which machines of a file are meant.

use crate::outcome::Failure;
use statewright_dsl::model::{Model, Valid};

/// The machines that were asked for: the named one, or all of the file.
pub(crate) fn choose<'a>(
    file: &str,
    name: Option<&str>,
    machines: &'a [Valid<Model>],
) -> Result<Vec<&'a Valid<Model>>, Failure> {
    let Some(name) = name else { return Ok(machines.iter().collect()) };
    match machines.iter().find(|machine| machine.name.text == name) {
        Some(machine) => Ok(vec![machine]),
        None => Err(Failure::Usage(format!(
            "`{file}` has no machine `{name}`; it has {}",
            names(machines.iter())
        ))),
    }
}

/// The one machine, where there can be only one.
pub(crate) fn only<'a>(
    file: &str,
    machines: &[&'a Valid<Model>],
) -> Result<&'a Valid<Model>, Failure> {
    match machines {
        [machine] => Ok(machine),
        [] => Err(Failure::Usage(format!("`{file}` has no machine"))),
        several => Err(Failure::Usage(format!(
            "`{file}` has several machines, {}; name one with `--machine`",
            names(several.iter().copied())
        ))),
    }
}

fn names<'a>(machines: impl Iterator<Item = &'a Valid<Model>>) -> String {
    let names: Vec<String> = machines.map(|machine| format!("`{}`", machine.name.text)).collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
