//! The `statewright` program: checks, builds, draws, formats and explains state
//! machines written in `.flow`, and looks at the instances in a store.
//!
//! `args` says what can be asked for; each command is a file; `input` and `settings`
//! read, `output` and `report` write, and [`outcome`] says how a run ends. Commands on
//! stores are in [`instances`].

mod args;
mod build;
mod check;
mod compat;
mod completions;
mod diagram;
mod explain;
mod fmt;
mod input;
mod instances;
mod interactive;
mod machines;
mod markdown;
mod matrix;
mod outcome;
mod output;
mod report;
mod scenarios;
mod settings;
mod simulate;
mod target;
mod trace;
mod verify;

use args::{Args, Command};
use clap::Parser;
use outcome::{Failure, Outcome};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match &args.command {
        Command::Check(command) => check::run(&args.report, command),
        Command::Build(command) => build::run(&args.report, command),
        Command::Diagram(command) => diagram::run(&args.report, command),
        Command::Fmt(command) => fmt::run(&args.report, command),
        Command::Matrix(command) => matrix::run(&args.report, command),
        Command::Compat(command) => compat::run(&args.report, command),
        Command::Explain(command) => explain::run(command),
        Command::Simulate(command) => simulate::run(&args.report, command),
        Command::Test(command) => scenarios::run(&args.report, command),
        Command::Verify(command) => verify::run(&args.report, command),
        Command::Ls(command) => instances::ls::run(&args.report, command),
        Command::Show(command) => instances::show::run(&args.report, command),
        Command::History(command) => instances::history::run(&args.report, command),
        Command::Send(command) => instances::send::event(&args.report, command),
        Command::Retry(command) => instances::send::retry(&args.report, command),
        Command::Abandon(command) => instances::send::abandon(&args.report, command),
        Command::Tasks(command) => instances::tasks::list(&args.report, command),
        Command::Answer(command) => instances::tasks::answer(&args.report, command),
        Command::Claim(command) => instances::tasks::claim(&args.report, command),
        Command::Release(command) => instances::tasks::release(&args.report, command),
        Command::Letters(command) => instances::letters::list(&args.report, command),
        Command::Resend(command) => instances::letters::resend(&args.report, command),
        Command::Discard(command) => instances::letters::discard(&args.report, command),
        Command::Export(command) => instances::export::run(&args.report, command),
        Command::Replay(command) => instances::replay::run(&args.report, command),
        Command::Completions(command) => completions::run(command),
    };
    exit_code(result)
}

/// Says why on stderr and turns the end of the run into its exit code.
fn exit_code(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(Outcome::Fine) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Ok(Outcome::Wrong) => ExitCode::from(1),
        Ok(Outcome::Unreadable) => ExitCode::from(2),
        Err(Failure::Usage(text) | Failure::Refused(text)) => failed(&text),
        Err(Failure::Io(what, error)) => failed(&format!("{what}: {error}")),
    }
}

fn failed(why: &str) -> ExitCode {
    output::note(&format!("error: {why}"));
    ExitCode::from(2)
}
