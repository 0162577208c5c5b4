//! The `statewright` program: checks, builds, draws and explains state machines written in `.flow`.
//!
//! `args` says what can be asked for; each command is a file; `input` reads, `output` and `report`
//! write. Exit codes are in [`outcome`].

mod args;
mod build;
mod check;
mod completions;
mod diagram;
mod explain;
mod input;
mod markdown;
mod outcome;
mod output;
mod report;
mod target;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match &args.command {
        Command::Check(command) => check::run(&args.report, command),
        Command::Build(command) => build::run(&args.report, command),
        Command::Diagram(command) => diagram::run(&args.report, command),
        Command::Explain(command) => explain::run(command),
        Command::Completions(command) => completions::run(command),
    };
    outcome::exit_code(result)
}
