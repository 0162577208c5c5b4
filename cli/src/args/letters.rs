//! What can be asked of letters between instances.

use super::WaitArgs;
use super::number;
use clap::Args as ClapArgs;

/// Lists the letters that instances have sent to each other and that were not taken: those that are
/// owed, and those that were refused and wait for a person, with what was refused when and why.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright letters orders.db
  statewright letters orders.db --dead --format json | jq .refusals"
)]
pub(crate) struct LettersArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// To this machine
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
    /// Only those that wait for a person
    #[arg(long)]
    pub(crate) dead: bool,
}

/// Sends a letter again that was refused, under the same number and to the same instance; with JSON
/// it says that from now on.
///
/// If no program takes it within `--wait`, that waits in the file for the next one: no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright resend orders.db 17
  statewright resend orders.db 17 '{\"Ship\": {\"parcels\": 2}}'"
)]
pub(crate) struct ResendArgs {
    #[command(flatten)]
    pub(crate) letter: LetterArgs,
    /// What it is to say instead, as `statewright letters --format json` shows it
    #[arg(value_name = "JSON")]
    pub(crate) body: Option<String>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Gives a letter up that was refused.
///
/// If no program takes that within `--wait`, it waits in the file for the next one: no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright discard orders.db 17"
)]
pub(crate) struct DiscardArgs {
    #[command(flatten)]
    pub(crate) letter: LetterArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// One letter of a store.
#[derive(Debug, ClapArgs)]
pub(crate) struct LetterArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// The number of the letter
    #[arg(
        value_name = "NUMBER",
        value_parser = number::<u64>,
        allow_negative_numbers = true
    )]
    pub(crate) letter: u64,
}
