//! What can be asked of tasks of people.

use super::{LimitArgs, StoreArgs, WaitArgs};
use clap::Args as ClapArgs;
use statewright::engine::TaskId;

/// Lists the questions that instances have asked people and that nobody has answered, also while a
/// program runs them: the instance that was started first comes first.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright tasks orders.db
  statewright tasks orders.db --role finance --free       what somebody can take on
  statewright tasks orders.db --by ann                    what she has claimed
  statewright tasks orders.db --format json | jq -r .id"
)]
pub(crate) struct TasksArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Of the instance with this key
    #[arg(long, short, value_name = "KEY", allow_negative_numbers = true)]
    pub(crate) key: Option<String>,
    /// For this role
    #[arg(long, short, value_name = "NAME")]
    pub(crate) role: Option<String>,
    /// For this user
    #[arg(long, short, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Claimed by this person
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Claimed by nobody
    #[arg(long, conflicts_with = "by")]
    pub(crate) free: bool,
    #[command(flatten)]
    pub(crate) limit: LimitArgs<50>,
}

/// Answers a task, and waits for what became of it.
///
/// The value is a variant of an enum by its name, a number, `true` or `false`, or text; `--json` takes
/// any value. Without a value the question is shown and asked at the terminal. The answer is left in
/// the file; the program that runs the store takes it. If none does within `--wait`, it stays there for
/// the next one: that is no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright answer orders.db 3.1 Approved
  statewright answer orders.db 3.1 Approved --by ann
  statewright answer orders.db 4.2 --json '{\"score\": 0.9}'
  statewright answer orders.db 3.1                        shows what is asked, and asks"
)]
pub(crate) struct AnswerArgs {
    #[command(flatten)]
    pub(crate) task: TaskArgs,
    /// The answer
    #[arg(value_name = "VALUE", conflicts_with = "json", allow_negative_numbers = true)]
    pub(crate) value: Option<String>,
    /// The answer as JSON
    #[arg(long, value_name = "JSON")]
    pub(crate) json: Option<String>,
    /// Who answers
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Says who answers a task: `claim` keeps it for one person, `release` takes that back.
///
/// If no program takes it within `--wait`, it stays in the file for the next one: that is no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright claim orders.db 3.1 --by ann
  statewright release orders.db 3.1 --by ann"
)]
pub(crate) struct ClaimArgs {
    #[command(flatten)]
    pub(crate) task: TaskArgs,
    /// Who
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// One task of a store.
#[derive(Debug, ClapArgs)]
pub(crate) struct TaskArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// The task, as `statewright tasks` shows it: `3.1`
    #[arg(value_name = "TASK")]
    pub(crate) task: TaskId,
}
