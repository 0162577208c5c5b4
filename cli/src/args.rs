//! What can be asked for on the command line, and the help that teaches it.

mod instances;
mod letters;
mod tasks;

pub(crate) use instances::{
    EditArgs, ExportArgs, HistoryArgs, InstanceArgs, LimitArgs, LsArgs, OrderArgs, ReplayArgs,
    RetryArgs, SendArgs, ShowArgs, StoreArgs, WaitArgs,
};
pub(crate) use letters::{DiscardArgs, LetterArgs, LettersArgs, ResendArgs};
pub(crate) use tasks::{AnswerArgs, ClaimArgs, TaskArgs, TasksArgs};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  statewright check flows/*.flow            look for mistakes in machines
  statewright verify flows/light.flow       prove what is claimed of a machine
  statewright simulate flows/light.flow     run a machine, input by input
  statewright test flows/*.flow             run the scenarios of machines
  statewright diagram flows/light.flow      draw a machine, as Mermaid
  statewright build flows/light.flow        print the Rust of a machine
  statewright fmt flows/*.flow              lay files out in the one style
  statewright matrix flows/light.flow       what each state does with each event
  statewright explain E0102                 say what a code means, with examples

  statewright ls orders.db                  what there is in a store, also while a program runs it
  statewright show orders.db o-1            one instance; `history` shows what it did
  statewright send orders.db o-1 Cancel     leave it an event; `retry` and `abandon` for parked ones
  statewright tasks orders.db               what people are asked; `answer`, `claim`, `release`
  statewright letters orders.db             what could not be delivered; `resend`, `discard`
  statewright export orders.db              all of a store, as JSON lines

Settings, in `statewright.toml` in the folder of a file or above it:
  [lints]
  W0201 = \"deny\"        or \"warn\", \"allow\"; `all` stands for every warning

Exit codes:
  0  clean, or warnings only
  1  errors, warnings under `--deny warnings`, a file that is out of date or not formatted, or an
     instance that has refused what was sent
  2  wrong usage, a file that cannot be read or written, or no such instance";

/// State machines that are checked, drawn and compiled to Rust.
///
/// A machine is written in a `.flow` file, or as an annotated Rust enum or module. This program
/// works on `.flow` files; in a crate, `statewright::include_flow!` compiles them. It looks at the
/// instances of durable machines too, in the file where an engine keeps them.
#[derive(Debug, Parser)]
#[command(name = "statewright", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How mistakes are shown. The same for every command.
#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// How to show errors and warnings, or instances
    #[arg(long, value_enum, global = true, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Treat as errors for the exit code
    #[arg(long, value_enum, global = true, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Colours in the human format
    #[arg(long, value_enum, global = true, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: errors with source lines, on stderr; instances as `text`
    #[value(alias = "text")]
    Human,
    /// One line each, `file:line:column: error[code]: message`; on stdout
    Short,
    /// One JSON object a line; on stdout
    Json,
    /// Annotations for GitHub Actions; on stdout
    Github,
    /// One SARIF 2.1.0 log for all files, for code scanning; on stdout
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Exit with 1 if there is a warning
    Warnings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If stderr is a terminal and NO_COLOR is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

// What the list of commands says of each. As attributes: doc comments here would hide the long help of
// the commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "Look for mistakes in machines")]
    Check(CheckArgs),
    #[command(about = "Prove invariants and properties, or show the shortest run against them")]
    Verify(VerifyArgs),
    #[command(about = "Run a machine without Rust, input by input")]
    Simulate(SimulateArgs),
    #[command(about = "Run the scenarios of machines, or make some")]
    Test(TestArgs),
    #[command(about = "Compile machines to Rust files, for those who commit them")]
    Build(BuildArgs),
    #[command(about = "Draw a machine as Mermaid or DOT")]
    Diagram(DiagramArgs),
    #[command(about = "Lay `.flow` files out in the one style")]
    Fmt(FmtArgs),
    #[command(about = "Show what each state does with each event")]
    Matrix(MatrixArgs),
    #[command(about = "Say what becomes of instances when a machine changes")]
    Compat(CompatArgs),
    #[command(about = "Say what a code means, with examples; without a code, list all")]
    Explain(ExplainArgs),
    #[command(about = "List the instances in a store")]
    Ls(LsArgs),
    #[command(about = "Show an instance: its state, context, timers and activities")]
    Show(ShowArgs),
    #[command(about = "Show what an instance did, step by step")]
    History(HistoryArgs),
    #[command(about = "Send an event to an instance")]
    Send(SendArgs),
    #[command(about = "Let a parked instance try again, with a change if there is one")]
    Retry(RetryArgs),
    #[command(about = "Give an instance up")]
    Abandon(OrderArgs),
    #[command(about = "List what people are asked and have not answered")]
    Tasks(TasksArgs),
    #[command(about = "Answer what a person is asked")]
    Answer(AnswerArgs),
    #[command(about = "Keep a task for one person")]
    Claim(ClaimArgs),
    #[command(about = "Take a claim of a task back")]
    Release(ClaimArgs),
    #[command(about = "List what instances have sent to each other and nobody has taken")]
    Letters(LettersArgs),
    #[command(about = "Send a letter again that was refused")]
    Resend(ResendArgs),
    #[command(about = "Give a letter up that was refused")]
    Discard(DiscardArgs),
    #[command(about = "Write all instances of a store with their journals, as JSON lines")]
    Export(ExportArgs),
    #[command(about = "Make the steps of journals again, and compare them with what is written")]
    Replay(ReplayArgs),
    #[command(about = "Print a completion script for a shell")]
    Completions(CompletionsArgs),
}

/// Looks for mistakes in machines: names that nothing declares, states that nothing reaches,
/// values that may be read before they are set, and the rest of `statewright explain`.
/// `statewright.toml`, in the folder of a file or above it, says how serious warnings are taken.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright check flows/light.flow
  statewright check --deny warnings --format github flows/*.flow     in CI
  statewright check --format sarif flows/*.flow > flows.sarif        for code scanning
  statewright check --format json - < light.flow                     from an editor"
)]
pub(crate) struct CheckArgs {
    /// `.flow` files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
}

/// Looks at every run of a machine: every order of events and timers that time allows, every answer
/// of guards and fns. Proves invariants and properties or shows the shortest run against each; finds
/// runs that fail, that get stuck or that can no longer end, and events that nothing handles.
///
/// A property stands in the machine: `property "it ends": eventually Done`. Claims are `always EXPR`,
/// `never EXPR`, `eventually EXPR` and `EXPR leads to EXPR`; a state's name alone is `in(State)`.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright verify flows/light.flow
  statewright verify flows/light.flow --properties 'never Go && Walk; eventually Dark'
  statewright verify --deny warnings flows/*.flow       in CI: `not proved` fails too"
)]
pub(crate) struct VerifyArgs {
    /// `.flow` files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Which machine, if a file has several; if not given, all
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
    /// More claims, parted by `;`
    #[arg(long, value_name = "CLAIMS")]
    pub(crate) properties: Option<String>,
    #[command(flatten)]
    pub(crate) bound: BoundArgs,
}

/// How far a machine is explored.
#[derive(Debug, ClapArgs)]
pub(crate) struct BoundArgs {
    /// How many configurations are looked at; what needs more is neither proved nor found
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = statewright_dsl::verify::BOUND,
        value_parser = number::<usize>,
        allow_negative_numbers = true
    )]
    pub(crate) bound: usize,
}

/// Runs a machine without Rust, in virtual time: sends it events, lets time pass, shows what it
/// does. On a terminal it asks for the inputs; `help` there lists what can be said.
///
/// A script is inputs parted by `;`, `,` or line breaks: events with their payload, `after 20s`, and
/// `given is_large(..) = true` for what guards and fns give, which only Rust knows. Fields without
/// a default start as zero, false and the like, or as `given total = 5` says in front of the first
/// event. `expect` works as in a scenario.
///
/// `--trace json` prints an object a line: `step` (0 is the start), `input`, `outcome`
/// (`handled`, `deferred`, `ignored`, `unhandled`), `exited`, `effects`, `entered` in the order of
/// execution, `configuration` (the active atomic states by their paths, in document order),
/// `context`, `outputs`, `timers`, `now_ms`, and `fault` if the step failed.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright simulate flows/light.flow
  statewright simulate flows/light.flow --events 'Button; after 20s; Fault(17)'
  statewright simulate flows/light.flow --script day.txt --trace json"
)]
pub(crate) struct SimulateArgs {
    /// A `.flow` file
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Which machine, if the file has several
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
    /// What happens, in order
    #[arg(long, value_name = "SCRIPT")]
    pub(crate) events: Option<String>,
    /// The same from a file; `-` is stdin
    #[arg(long, value_name = "PATH", conflicts_with = "events")]
    pub(crate) script: Option<String>,
    /// How each step is shown
    #[arg(long, value_enum, default_value_t = Trace::Human)]
    pub(crate) trace: Trace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trace {
    /// A few lines each
    Human,
    /// One JSON object a line
    Json,
}

/// Runs the scenarios of machines, in virtual time: those in a file, and those beside it, of
/// `light.flow` in `light.scenarios.flow`.
///
///     scenario "walkers wait for red" {
///         send Button
///         expect handled and Wait
///         after 20s
///         expect Walk and !Go
///     }
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    verbatim_doc_comment,
    after_help = "\
Examples:
  statewright test flows/*.flow
  statewright test flows/light.flow --coverage        and which transitions none of them takes
  statewright test flows/light.flow --generate        print scenarios that take those
  statewright test flows/light.flow --generate -o flows/light.scenarios.flow    add them there"
)]
pub(crate) struct TestArgs {
    /// `.flow` files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Only scenarios with this in their titles
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// Say how many transitions the scenarios take, and which they do not
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Make scenarios that take the transitions that none does yet, each a shortest run
    #[arg(long)]
    pub(crate) generate: bool,
    /// Add what is made to a file
    #[arg(long, short, value_name = "PATH", requires = "generate")]
    pub(crate) out: Option<String>,
    #[command(flatten)]
    pub(crate) bound: BoundArgs,
}

/// Compiles machines to Rust files.
///
/// Most crates need no such files: `statewright::include_flow!("flows/light.flow")` compiles while
/// cargo builds. Commit generated files to read them, or to build without macros; `--check` in CI
/// keeps them up to date.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright build flows/light.flow                     print the Rust
  statewright build flows/*.flow -o src/machines         write light.rs and the others
  statewright build flows/*.flow -o src/machines --check     in CI: are they up to date?"
)]
pub(crate) struct BuildArgs {
    /// `.flow` files; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Write `NAME.rs` for every `NAME.flow` into a directory, which is made if it is not there
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out_dir: Option<String>,
    /// Write to a file
    #[arg(long, value_name = "PATH", conflicts_with = "out_dir")]
    pub(crate) out: Option<String>,
    /// Write nothing; exit with 1 if a file is not up to date
    #[arg(long)]
    pub(crate) check: bool,
}

/// Draws a machine. Mermaid is shown by GitHub, GitLab and rustdoc; DOT is for Graphviz.
///
/// A Markdown file keeps its diagram between two comments, which `-o` fills and `--check` compares,
/// so that it cannot drift from the machine:
///
///     <!-- statewright:begin Light -->
///     <!-- statewright:end -->
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    verbatim_doc_comment,
    after_help = "\
Examples:
  statewright diagram flows/light.flow
  statewright diagram flows/light.flow --to dot | dot -Tsvg -o light.svg
  statewright diagram flows/light.flow -o README.md         fill in the diagram
  statewright diagram flows/light.flow --check README.md    in CI: is it up to date?"
)]
pub(crate) struct DiagramArgs {
    /// A `.flow` file; `-` is stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Which machine, if the file has several
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
    /// The language of the diagram
    #[arg(long, value_enum, default_value_t = Language::Mermaid)]
    pub(crate) to: Language,
    /// Write to a file; in a Markdown file, only what stands between the comments
    #[arg(long, short, value_name = "PATH")]
    pub(crate) out: Option<String>,
    /// Write nothing; exit with 1 if this file is not up to date
    #[arg(long, value_name = "PATH", conflicts_with = "out")]
    pub(crate) check: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// A `stateDiagram-v2`
    Mermaid,
    /// A `digraph` for Graphviz
    Dot,
}

/// Lays files out in the one style, and writes those that change.
///
/// Only white space changes: every word and every comment stays, and a machine means what it meant.
/// What has a mistake in its syntax stays as it is, and the mistake is told. docs/fmt.md shows the
/// style; it has no settings.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright fmt flows/*.flow
  statewright fmt --check flows/*.flow     in CI: are they formatted?
  statewright fmt - < light.flow           from an editor: the text on stdout"
)]
pub(crate) struct FmtArgs {
    /// `.flow` files; `-` is stdin, and goes to stdout
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// Write nothing; exit with 1 if a file is not formatted, and show where
    #[arg(long)]
    pub(crate) check: bool,
}

/// Shows what each state does with each event: handled, inherited from a state around it, deferred,
/// ignored, or nothing. All machines of a file, or the one that is named.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright matrix flows/light.flow                        for reading
  statewright matrix flows/light.flow --machine Light --to markdown
  statewright matrix flows/light.flow --to csv > light.csv   for a spreadsheet"
)]
pub(crate) struct MatrixArgs {
    /// A `.flow` file; `-` is stdin
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// Which machine; all of them if it is not given
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
    /// How the table is written
    #[arg(long, value_enum, default_value_t = Table::Text)]
    pub(crate) to: Table,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// Columns under each other
    Text,
    /// A Markdown table
    Markdown,
    /// Comma-separated values, one table for all machines
    Csv,
}

/// Compares two versions of durable machines: what instances go on by themselves, what a `migrate`
/// block says, and what is parked. Fails where the shape has changed and `version` has not.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright compat old/order.flow order.flow
  git show main:order.flow > /tmp/old.flow && statewright compat /tmp/old.flow order.flow
  statewright compat orders.db order.flow          with all that a store has ever kept
  statewright compat old.flow new.flow --format json"
)]
pub(crate) struct CompatArgs {
    /// The `.flow` file as it was, or a store
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The `.flow` file as it is
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Which machine; all of them if it is not given
    #[arg(long, short, value_name = "NAME")]
    pub(crate) machine: Option<String>,
}

/// Says what a code means: what is wrong, why it matters, a bad and a good example.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Examples:
  statewright explain            list all codes
  statewright explain E0102      the same as flow-E0102 and e0102"
)]
pub(crate) struct ExplainArgs {
    /// As printed: `flow-E0102`, or short `E0102`
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// A number of a command, and what is said if it is none.
fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no whole number, or too large a one"))
}

/// Prints a completion script for a shell.
#[derive(Debug, ClapArgs)]
#[command(
    long_about,
    after_help = "\
Example:
  statewright completions bash > ~/.local/share/bash-completion/completions/statewright"
)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: Shell,
}
