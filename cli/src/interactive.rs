//! A simulation by hand: a line is typed, the machine answers.

use crate::args::{Color, Deny, Format, ReportArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use crate::simulate::{Simulation, reason};
use crate::trace;
use statewright_dsl::chart::Chart;
use statewright_dsl::format::format;
use statewright_dsl::interpret::{FaultKind, Value, duration};
use statewright_dsl::model::{EventId, Function, ScenarioStepKind, Ty};
use statewright_dsl::simulate::{Line, Session, nobody, unmet};
use std::io::{BufRead, Write};

const HELP: &str = "\
  Event            send an event; with its payload: Submit(5, Lamp::Red)
  after 20s        let time pass
  next             let time pass up to the next timer
  given f(..) = x  what a guard or fn gives, or how an activity ends: `done`, `error Name(..)`,
                   `error \"text\"`; at once if it runs. `given field = x` in front of the first input
  expect State     look at something: a state, a condition, `handled`
  events           what each event would do now
  show             the machine as it is
  undo             take the last input back
  save TITLE       write the inputs so far as a scenario beside the file
  quit             or the end of the input
";

/// Reads lines until there are no more.
pub(crate) fn run(
    simulation: &Simulation<'_>,
    chart: &Chart,
    is_terminal: bool,
) -> Result<Outcome, Failure> {
    let mut desk =
        Desk { simulation, chart, session: Session::new(chart), last: None, is_terminal };
    if is_terminal {
        output::print(&format!("{}. `help` lists what can be said.\n", chart.name.text))?;
        desk.events()?;
    }
    let mut outcome = Outcome::Fine;
    loop {
        if is_terminal {
            output::print("> ")?;
        }
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        if read.map_err(|error| Failure::Io("cannot read stdin".into(), error))? == 0 {
            break;
        }
        match desk.line(line.trim())? {
            Some(result) => outcome = outcome.and(result),
            None => break,
        }
    }
    // Mistakes of a person who tries things are no failure of the run.
    Ok(if is_terminal { Outcome::Fine } else { outcome })
}

struct Desk<'a> {
    simulation: &'a Simulation<'a>,
    chart: &'a Chart,
    session: Session<'a>,
    last: Option<Line>,
    is_terminal: bool,
}

impl Desk<'_> {
    /// What was typed; `None` for the end.
    fn line(&mut self, line: &str) -> Result<Option<Outcome>, Failure> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "quit" | "exit" | "q" if rest.is_empty() => return Ok(None),
            "" => {}
            "help" | "?" if rest.is_empty() => output::print(HELP)?,
            "events" if rest.is_empty() => self.events()?,
            "show" if rest.is_empty() => self.show()?,
            "undo" if rest.is_empty() => {
                if !self.session.undo() {
                    output::note("nothing to take back");
                }
                self.show()?;
            }
            "next" if rest.is_empty() => match self.session.next_deadline() {
                Some(time) => {
                    let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
                    return self.script(&format!("after {}", duration(ms))).map(Some);
                }
                None => output::note("no timer is pending"),
            },
            "save" => self.save(rest.trim_matches('"'))?,
            _ => return self.script(line).map(Some),
        }
        Ok(Some(Outcome::Fine))
    }

    fn script(&mut self, text: &str) -> Result<Outcome, Failure> {
        let args = ReportArgs { format: Format::Human, deny: None::<Deny>, color: Color::Auto };
        let mut report = Report::new(&args);
        let Some(steps) = self.simulation.steps(&mut report, "<input>", text)? else {
            return Ok(Outcome::Wrong);
        };
        let mut outcome = Outcome::Fine;
        for step in &steps {
            let is_terminal = self.is_terminal;
            let declarations = &self.chart.declarations;
            let mut ask = |function: &Function, args: &[Value]| match is_terminal {
                true => ask(function, args, declarations),
                false => None,
            };
            let lines = match self.session.make(step, &mut ask) {
                Ok(lines) => lines,
                Err(fault) => {
                    output::note(&format!("error: {fault}"));
                    return Ok(Outcome::Wrong);
                }
            };
            for line in lines {
                trace::print(self.simulation.args.trace, self.chart, &line)?;
                if let Some(fault) = &line.fault {
                    output::note(&format!("error: `{}` fails: {}", line.input, reason(fault)));
                    outcome = Outcome::Wrong;
                }
                self.last = Some(line);
            }
            let ScenarioStepKind::Expect(all) = &step.kind else { continue };
            for expected in all {
                match unmet(&mut self.session, self.last.as_ref(), expected) {
                    None => output::note(&format!("yes: {}", expected.text)),
                    Some(got) => {
                        output::note(&format!("no: expected {}, but {got}", expected.text));
                        outcome = Outcome::Wrong;
                    }
                }
            }
        }
        Ok(outcome)
    }

    /// What each event would do.
    fn events(&mut self) -> Result<(), Failure> {
        let mut session = self.session.clone();
        session.begin(&mut nobody);
        let mut text = String::new();
        for (at, event) in self.chart.declarations.events.iter().enumerate() {
            let line = session.preview(EventId(at as u32), &mut nobody);
            let params: Vec<&str> = event.params.iter().map(|p| p.name.text.as_str()).collect();
            let params =
                if params.is_empty() { String::new() } else { format!("({})", params.join(", ")) };
            let does = match &line.fault {
                Some(fault) => match &fault.kind {
                    FaultKind::Unanswered(name) => format!("asks `{name}`"),
                    kind => format!("fails: {kind}"),
                },
                None if line.exited.is_empty() && line.entered.is_empty() => {
                    format!("{} {}", trace::word(line.outcome), line.effects.join(", "))
                }
                None => format!("-> {}", line.configuration.join(", ")),
            };
            let name = format!("{}{params}", event.name.text);
            text.push_str(format!("  {name:<24} {does}").trim_end());
            text.push('\n');
        }
        output::print(&text)
    }

    fn show(&mut self) -> Result<(), Failure> {
        let mut session = self.session.clone();
        let line = match session.begin(&mut nobody) {
            Some(line) => line,
            None => session.after(std::time::Duration::ZERO, &mut nobody),
        };
        let text = trace::human(self.chart, &line);
        // Without the line of the input, which nobody has made.
        let now = text.lines().filter(|line| {
            ["now in", "context", "timers", "runs", "finished"]
                .iter()
                .any(|word| line.trim_start().starts_with(word))
        });
        output::print(&now.map(|line| format!("{line}\n")).collect::<String>())?;
        self.events()
    }

    /// Adds a scenario to the file beside the machine's.
    fn save(&mut self, title: &str) -> Result<(), Failure> {
        let title = if title.is_empty() { "untitled" } else { title };
        let several = self.simulation.compilation.machines.len() > 1;
        let machine = several.then_some(self.chart.name.text.as_str());
        let scenario = format(&self.session.scenario(title, machine));
        let file = &self.simulation.args.file;
        let Some(stem) = file.strip_suffix(".flow") else { return output::print(&scenario) };
        let path = format!("{}.scenarios.flow", stem.strip_suffix(".scenarios").unwrap_or(stem));
        let failure = |error| Failure::Io(format!("cannot write `{path}`"), error);
        let is_new = std::fs::metadata(&path).map_or(true, |file| file.len() == 0);
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(&path).map_err(failure)?;
        let gap = if is_new { "" } else { "\n" };
        file.write_all(format!("{gap}{scenario}").as_bytes()).map_err(failure)?;
        output::note(&format!("saved in `{path}`; `statewright test` runs it"));
        Ok(())
    }
}

/// Asks the person for what only Rust knows: yes or no, or a number.
fn ask(
    function: &Function,
    args: &[Value],
    declarations: &statewright_dsl::model::Declarations,
) -> Option<Value> {
    let args: Vec<String> = args.iter().map(|arg| arg.text(declarations)).collect();
    let ty = function.result.clone().unwrap_or(Ty::Bool);
    let question = format!("{}({})?", function.name.text, args.join(", "));
    loop {
        let kinds = match ty {
            Ty::Bool => "y/n",
            Ty::Int(_) => "a whole number",
            Ty::String => "a text",
            _ => return None,
        };
        output::print(&format!("  {question} ({kinds}) ")).ok()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim();
        match (&ty, line) {
            (Ty::Bool, "y" | "yes" | "true") => return Some(Value::Bool(true)),
            (Ty::Bool, "n" | "no" | "false") => return Some(Value::Bool(false)),
            (Ty::Int(int), text) => {
                let (least, most) = int.range();
                let value = text.parse().ok().filter(|value| (least..=most).contains(value));
                if let Some(value) = value {
                    return Some(Value::Int(value));
                }
            }
            (Ty::String, text) => return Some(Value::String(text.to_owned())),
            _ => {}
        }
    }
}
