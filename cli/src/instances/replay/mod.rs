//! `statewright replay`: every step of a journal is made again by the interpreter, from what the step
//! before it has left, and has to come out as it is written.
//!
//! [`step`] makes one; [`kept`] and [`value`] are how the engine writes instances and values.

mod kept;
mod step;
mod value;

use super::ls;
use super::open::{Opened, refused};
use super::progress::Bar;
use super::words::{counted, grouped, is_json, named, plain};
use crate::args::{ReplayArgs, ReportArgs};
use crate::input::compile_input;
use crate::machines::choose;
use crate::outcome::{Failure, Outcome};
use crate::output;
use crate::report::Report;
use serde_json::{Value, json};
use statewright::engine::follow;
use statewright::store::{Filter, Instance, Record, Seq, Status, Store, Stored, Summary};
use statewright_dsl::chart::Chart;
use statewright_dsl::lower::lower;
use statewright_dsl::model::ContextDecl;
use std::collections::{BTreeMap, BTreeSet};
use step::{Again, again, differing_snapshot};
use value::has_finer_time;

/// So many steps are read in one go.
const PAGE: usize = 1_000;

/// Replays instances.
pub(crate) fn run(report: &ReportArgs, args: &ReplayArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let mut said = Report::new(report);
    let compilation = compile_input(&args.flow)?;
    if compilation.diagnostics.has_errors() {
        said.show(&compilation)?;
        said.summary("")?;
        return Ok(Outcome::Unreadable);
    }
    let machines = choose(&args.flow, args.machine.as_deref(), &compilation.machines)?;
    let charts: BTreeMap<String, Chart> =
        machines.into_iter().map(|machine| (machine.name.text.clone(), lower(machine))).collect();
    let opened = Opened::new(&args.file)?;
    opened.check_machine(args.machine.as_deref())?;
    let filter = Filter { machine: args.machine.clone(), ..Filter::default() };
    let wanted: BTreeSet<&str> = args.keys.iter().map(String::as_str).collect();
    let count = opened.store.count(&filter).map_err(refused)?;
    let mut bar = Bar::new(count);
    let (mut all, mut found) = (Sum::default(), BTreeSet::new());
    ls::each_page(&opened, &filter, 0, |page| {
        for one in page {
            bar.inc(1);
            if wanted.is_empty() || wanted.contains(one.key.as_str()) {
                found.insert(one.key.clone());
                let replayed = replay(&opened, &args.flow, &charts, one)?;
                all.add(&replayed);
                let lines = if json { replayed.json(one) } else { replayed.lines(one) };
                bar.above(|| output::page(&lines))?;
            }
        }
        Ok(())
    })?;
    bar.end();
    if let Some(key) = wanted.into_iter().find(|key| !found.contains(*key)) {
        return Err(Failure::Refused(format!(
            "`{}` has no instance with key {}",
            args.file,
            named(key)
        )));
    }
    if !json {
        output::print(&all.line())?;
    }
    Ok(if all.differ > 0 { Outcome::Wrong } else { Outcome::Fine })
}

/// What replaying an instance has found.
#[derive(Default)]
struct Replayed {
    /// So many steps came out as they are written.
    same: u64,
    /// Steps that ask guards and fns which are Rust: how many, and which.
    host: u64,
    functions: BTreeSet<String>,
    /// The first step that came out otherwise.
    differs: Option<(Seq, String, Value, Value)>,
    /// Why none was made again.
    left_out: Option<String>,
}

fn replay(
    opened: &Opened,
    flow: &str,
    charts: &BTreeMap<String, Chart>,
    one: &Summary,
) -> Result<Replayed, Failure> {
    let mut replayed = Replayed::default();
    let chart = match chart(flow, charts, one) {
        Ok(chart) => chart,
        Err(why) => return Ok(Replayed { left_out: Some(why), ..replayed }),
    };
    let (mut from, mut before) = (1, None);
    let kept = opened.store.load(&[one.id]).map_err(refused)?.pop();
    loop {
        let records = opened.store.history(one.id, from, PAGE).map_err(refused)?;
        let Some(last) = records.last() else { return Ok(replayed) };
        from = last.seq + 1;
        for record in &records {
            if !replayed.step(chart, &mut before, record) {
                return Ok(replayed);
            }
            if let Some(Stored::Whole(kept)) = &kept
                && kept.seq == record.seq
                && !replayed.snapshot(kept, before.as_ref())
            {
                return Ok(replayed);
            }
        }
    }
}

/// The chart that an instance can be replayed with, or why there is none.
fn chart<'c>(
    flow: &str,
    charts: &'c BTreeMap<String, Chart>,
    one: &Summary,
) -> Result<&'c Chart, String> {
    let machine = &one.machine;
    let chart =
        charts.get(machine).ok_or_else(|| format!("`{flow}` has no machine `{machine}`"))?;
    if chart.version != one.version {
        let (made, has) = (one.version, chart.version);
        return Err(format!("made by version {made}, and `{flow}` has version {has}"));
    }
    let types = &chart.declarations;
    if let ContextDecl::External(_) = types.context {
        return Err("its context is a type of Rust".to_owned());
    }
    match (&types.external_events, &types.external_outputs) {
        (None, None) => Ok(chart),
        _ => Err("its events or outputs are types of Rust".to_owned()),
    }
}

impl Replayed {
    /// Makes a step again; false if it came out otherwise.
    fn step(&mut self, chart: &Chart, before: &mut Option<Value>, record: &Record) -> bool {
        let Ok(mut body) = serde_json::from_str::<Value>(&record.body) else {
            let written = Value::from(record.body.as_str());
            let replayed = Value::from("cannot be read");
            self.differs = Some((record.seq, "the record".to_owned(), written, replayed));
            return false;
        };
        // What says only what has changed is held to all that follows from it.
        if body.get("part").is_some() {
            let Some(before) = before else { return true };
            let mut behind = before.clone();
            follow(&mut behind, &body);
            body["after"] = behind;
        }
        if has_finer_time(&body) {
            let seq = grouped(record.seq);
            self.left_out = Some(format!(
                "step {seq} has a time finer than a millisecond, which only `Engine::replay` makes again"
            ));
            return false;
        }
        match again(chart, before.as_ref(), &body, record.at) {
            Again::Same => self.same += 1,
            Again::Note | Again::Begins => {}
            Again::Host(name) => {
                self.host += 1;
                self.functions.insert(name);
            }
            Again::Differs { place, written, replayed } => {
                self.differs = Some((record.seq, place, written, replayed));
                return false;
            }
        }
        *before = body.get_mut("after").map(Value::take);
        true
    }

    /// Compares the snapshot with what is behind its step; false if it is something else.
    fn snapshot(&mut self, kept: &Instance, behind: Option<&Value>) -> bool {
        let (Some(snapshot), Some(behind)) = (&kept.snapshot, behind) else { return true };
        let ended = matches!(kept.status, Status::Abandoned | Status::Cancelled);
        let read = serde_json::from_str(snapshot);
        let snapshot = read.unwrap_or_else(|_| Value::from(snapshot.as_str()));
        let differs = differing_snapshot(snapshot, behind.clone(), ended);
        self.differs =
            differs.map(|(place, written, replayed)| (kept.seq, place, written, replayed));
        self.differs.is_none()
    }

    fn lines(&self, one: &Summary) -> String {
        let name = format!("{} {}", plain(&one.machine), plain(&one.key));
        if let Some(why) = &self.left_out {
            return format!("{name}  left out: {why}\n");
        }
        let same = counted(self.same, "step");
        if let Some((seq, place, written, replayed)) = &self.differs {
            let (written, replayed) = (plain(&written.to_string()), plain(&replayed.to_string()));
            let seq = grouped(*seq);
            return format!(
                "{name}  {same} ok, step {seq} differs in {place}\n  written   {written}\n  \
                 replayed  {replayed}\n"
            );
        }
        if self.host == 0 {
            return format!("{name}  {same} ok\n");
        }
        let functions: Vec<String> = self.functions.iter().map(|f| format!("`{f}`")).collect();
        let (host, functions) = (grouped(self.host), functions.join(", "));
        format!("{name}  {same} ok, {host} left out that ask {functions}\n")
    }

    fn json(&self, one: &Summary) -> String {
        let differs = self.differs.as_ref().map(|(seq, place, written, replayed)| {
            json!({ "seq": seq, "place": place, "written": written, "replayed": replayed })
        });
        let object = json!({
            "machine": one.machine,
            "key": one.key,
            "same": self.same,
            "asks_host": { "steps": self.host, "functions": self.functions },
            "differs": differs,
            "left_out": self.left_out,
        });
        format!("{object}\n")
    }
}

/// What all of them have found.
#[derive(Default)]
struct Sum {
    instances: u64,
    same: u64,
    differ: u64,
    left_out: u64,
    host: u64,
}

impl Sum {
    fn add(&mut self, one: &Replayed) {
        self.instances += 1;
        self.same += one.same;
        self.differ += u64::from(one.differs.is_some());
        self.left_out += u64::from(one.left_out.is_some());
        self.host += one.host;
    }

    fn line(&self) -> String {
        let mut text =
            format!("\n{}, {} ok", counted(self.instances, "instance"), counted(self.same, "step"));
        if self.differ > 0 {
            let differ = if self.differ == 1 { "differs" } else { "differ" };
            let count = counted(self.differ, "instance");
            text.push_str(&format!("; {count} {differ} from what is written"));
        }
        if self.left_out > 0 {
            text.push_str(&format!("; {} left out", counted(self.left_out, "instance")));
        }
        text.push('\n');
        if self.host > 0 {
            text.push_str(&format!(
                "note: {} asked guards or fns that are Rust, whose answers no journal has: \
                 `Engine::replay` of the program makes them again\n",
                counted(self.host, "step")
            ));
        }
        text
    }
}
