//! What can be asked of a store.

use super::number;
use crate::instances::time;
use clap::{Args as ClapArgs, ValueEnum};
use statewright::store::{Millis, Status};
use std::time::Duration;

/// Lists the instances in a store, also while a program runs it: the one that was started first comes
/// first. `due` is told of instances at rest, which wait for a timer and for nothing else.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright ls orders.db
  statewright ls orders.db --status parked                 those that wait for a person, and why
  statewright ls orders.db --state Shipping --since 2h     in this state, or one inside it
  statewright ls orders.db --limit 0 --format json | jq -r .key"
)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// In this state, or one inside it: `Operating.Cars`
    #[arg(long, short, value_name = "PATH")]
    pub(crate) state: Option<String>,
    /// With this status
    #[arg(long, value_enum)]
    pub(crate) status: Option<StatusArg>,
    /// Changed then or later: `2026-05-01`, `2026-05-01T12:00Z`, or so long ago: `2h`, `3d`
    #[arg(long, value_name = "TIME", value_parser = time::since)]
    pub(crate) since: Option<Millis>,
    #[command(flatten)]
    pub(crate) limit: LimitArgs<50>,
}

/// How much of a list is shown, unless it is said.
#[derive(Debug, ClapArgs)]
pub(crate) struct LimitArgs<const DEFAULT: usize> {
    /// So many at most; 0 shows all
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = DEFAULT,
        value_parser = number::<usize>,
        allow_negative_numbers = true
    )]
    pub(crate) limit: usize,
}

/// A store, or what is in it of one machine.
#[derive(Debug, ClapArgs)]
pub(crate) struct StoreArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Of this machine
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusArg {
    /// It takes events
    Running,
    /// Its final state was entered
    Finished,
    /// It cannot go on, and waits for a person
    Parked,
    /// A person has given it up
    Abandoned,
    /// The instance that has started it does not wait for it any more
    Cancelled,
}

impl From<StatusArg> for Status {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Running => Self::Running,
            StatusArg::Finished => Self::Finished,
            StatusArg::Parked => Self::Parked,
            StatusArg::Abandoned => Self::Abandoned,
            StatusArg::Cancelled => Self::Cancelled,
        }
    }
}

/// One instance of a store.
#[derive(Debug, ClapArgs)]
pub(crate) struct InstanceArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// The key of the instance
    #[arg(value_name = "KEY", allow_negative_numbers = true)]
    pub(crate) key: String,
    /// Of which machine, if several have one with this key
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
}

/// How long an answer is waited for.
#[derive(Debug, ClapArgs)]
pub(crate) struct WaitArgs {
    /// How long to wait for the program that runs the store; `0s` does not
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time::span)]
    pub(crate) wait: Duration,
}

/// Shows an instance as its last step has left it: where it is, its context, the timers that are set,
/// the activities that have not ended, the events it has put off, and of a parked one why, and what
/// can be done.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright show orders.db o-1
  statewright show orders.db o-1 --format json | jq .context"
)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
}

/// Shows what an instance did, step by step: when, why, from where to where, and what was decided.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright history orders.db o-1
  statewright history orders.db o-1 --from 101 --limit 10
  statewright history orders.db o-1 --format json | jq .cause"
)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    /// Begin with the step of this number
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1,
        value_parser = number::<u64>,
        allow_negative_numbers = true
    )]
    pub(crate) from: u64,
    #[command(flatten)]
    pub(crate) limit: LimitArgs<100>,
}

/// Sends an event to an instance, and waits for what became of it.
///
/// The event is left in the file; the program that runs the store takes it. If none does within
/// `--wait`, the event stays there for the next one: that is no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright send orders.db o-1 Submit
  statewright send orders.db o-1 Cancel '{\"reason\": \"late\"}'
  statewright send orders.db o-1 Cancel '{\"reason\": \"late\"}' --id ticket-17     at most once"
)]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    /// The name of the event
    #[arg(value_name = "EVENT")]
    pub(crate) event: String,
    /// Its fields, if it has any: a JSON object
    #[arg(value_name = "JSON")]
    pub(crate) payload: Option<String>,
    /// An id: when it is sent again with the same id, it is not taken again but answered as before
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Lets a parked instance try again what it was parked for, under the same keys, and waits for the
/// answer of the program that runs the store. `statewright show` says what it was parked for, as JSON
/// with `--format json`: that can be changed.
///
/// If no program takes it within `--wait`, it stays in the file for the next one: that is no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright ls orders.db --status parked
  statewright retry orders.db o-1
  statewright retry orders.db o-1 --request '{\"Charge\": {\"order_id\": \"o-1\", \"cents\": 5}}'
  statewright retry orders.db o-1 --reply '{\"Charge\": {\"Ok\": 5}}'         it was done by hand
  statewright retry orders.db o-1 --event '{\"Cancel\": {\"reason\": \"late\"}}'"
)]
pub(crate) struct RetryArgs {
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    #[command(flatten)]
    pub(crate) edit: EditArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// What is changed about a parked instance. Only one thing is.
#[derive(Debug, ClapArgs)]
#[group(multiple = false)]
pub(crate) struct EditArgs {
    /// The call that was stuck asks for this instead, under the same key
    #[arg(long, value_name = "JSON")]
    pub(crate) request: Option<String>,
    /// The call has ended with this, and is not made again
    #[arg(long, value_name = "JSON")]
    pub(crate) reply: Option<String>,
    /// The delayed event that was due says this instead
    #[arg(long, value_name = "JSON")]
    pub(crate) delayed: Option<String>,
    /// This event is taken first; if there is nothing to do on it the instance stays parked
    #[arg(long, value_name = "JSON")]
    pub(crate) event: Option<String>,
}

/// Gives an instance up for good: what runs for it is cancelled. Waits for the answer of the program
/// that runs the store.
///
/// If no program takes it within `--wait`, it stays in the file for the next one: that is no error.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright abandon orders.db o-1
  statewright abandon orders.db o-1 --wait 30s"
)]
pub(crate) struct OrderArgs {
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

/// Makes the steps of instances again that the journal has, and compares each with what is written:
/// states, data, timers, outputs, actions and activities. Nothing is done, and nothing is changed.
///
/// Steps that ask a guard or fn which is Rust are left out by name: its answers are in no journal.
/// `Engine::replay` in the program that has them makes these again too.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright replay orders.db --flow order.flow
  statewright replay orders.db --flow order.flow o-1 o-2"
)]
pub(crate) struct ReplayArgs {
    /// The file of the store
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// The keys of instances; all if there is none
    #[arg(value_name = "KEY", allow_negative_numbers = true)]
    pub(crate) keys: Vec<String>,
    /// The file of the machines, in the version that made the steps
    #[arg(long, value_name = "PATH")]
    pub(crate) flow: String,
    /// Of this machine
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
}

/// Writes every instance of a store as a line of JSON: `instance` (what `ls --format json` shows),
/// `steps` (what `history --format json` shows, as far as the journal is kept) and `outputs`.
///
/// A program may run the store meanwhile; each instance is then as it was when it was read.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright export orders.db -o orders.jsonl
  statewright export orders.db --machine Order | gzip > orders.jsonl.gz"
)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Write to a file
    #[arg(long, short, value_name = "PATH")]
    pub(crate) out: Option<String>,
}
