//! `statewright export`

use super::open::{Opened, refused};
use super::progress::Bar;
use super::words::{is_json, summary};
use super::{history, ls};
use crate::args::{ExportArgs, ReportArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use serde_json::{Value, json};
use statewright::store::{Filter, OutputRow, Store, Summary};
use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, Write};

/// So many outputs are read in one go.
const PAGE: usize = 1_000;

/// Writes all of a store.
pub(crate) fn run(report: &ReportArgs, args: &ExportArgs) -> Result<Outcome, Failure> {
    // There is only one form; the others would be refused elsewhere too.
    is_json(report)?;
    let opened = Opened::new(&args.store.file)?;
    opened.check_machine(args.store.machine.as_deref())?;
    let filter = Filter { machine: args.store.machine.clone(), ..Filter::default() };
    let count = opened.store.count(&filter).map_err(refused)?;
    let mut target = Target::new(args)?;
    // Lines that go to the terminal themselves say how far it is.
    let is_apart = args.out.is_some() || !std::io::stdout().is_terminal();
    let mut bar = is_apart.then(|| Bar::new(count));
    let mut written = 0;
    ls::each_page(&opened, &filter, 0, |page| {
        for one in page {
            target.line(&instance(&opened, one)?)?;
            bar.iter_mut().for_each(|bar| bar.inc(1));
            written += 1;
        }
        Ok(())
    })?;
    bar.into_iter().for_each(Bar::end);
    target.end()?;
    if let Some(path) = &args.out {
        output::note(&format!("wrote {} to `{path}`", super::words::counted(written, "instance")));
    }
    Ok(Outcome::Fine)
}

/// An instance with all that belongs to it.
fn instance(opened: &Opened, one: &Summary) -> Result<Value, Failure> {
    let mut steps = Vec::new();
    history::each_page(opened, one.id, 1, 0, |page| {
        steps.extend(page.iter().map(|step| serde_json::to_value(step).unwrap_or_default()));
        Ok(())
    })?;
    Ok(json!({ "instance": summary(one), "steps": steps, "outputs": outputs(opened, one)? }))
}

fn outputs(opened: &Opened, one: &Summary) -> Result<Vec<Value>, Failure> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = opened.store.outputs(one.id, after, PAGE).map_err(refused)?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.number;
        all.extend(page.into_iter().map(|OutputRow { number, at, body }| {
            let output = serde_json::from_str(&body).unwrap_or(Value::from(body));
            json!({ "number": number, "at": at, "output": output })
        }));
    }
}

/// Where lines go.
struct Target {
    out: Box<dyn Write>,
    /// For messages.
    name: String,
}

impl Target {
    fn new(args: &ExportArgs) -> Result<Self, Failure> {
        let Some(path) = &args.out else {
            let out = Box::new(BufWriter::new(std::io::stdout()));
            return Ok(Self { out, name: "stdout".to_owned() });
        };
        if is_of_store(path, &args.store.file) {
            let text = format!("`{path}` belongs to the store itself; write to another file");
            return Err(Failure::Usage(text));
        }
        let name = format!("`{path}`");
        let file = File::create(path)
            .map_err(|error| Failure::Io(format!("cannot write {name}"), error))?;
        Ok(Self { out: Box::new(BufWriter::new(file)), name })
    }

    fn line(&mut self, value: &Value) -> Result<(), Failure> {
        output::written(writeln!(self.out, "{value}"), &self.name)
    }

    fn end(mut self) -> Result<(), Failure> {
        output::written(self.out.flush(), &self.name)
    }
}

/// Whether a path is one of the files of the store.
fn is_of_store(path: &str, store: &str) -> bool {
    let (Ok(path), Ok(store)) = (fs::canonicalize(path), fs::canonicalize(store)) else {
        return false;
    };
    ["", "-wal", "-shm", "-owner"].iter().any(|ending| {
        let mut file = store.clone().into_os_string();
        file.push(ending);
        path.as_os_str() == file
    })
}
