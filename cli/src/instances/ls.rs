//! `statewright ls`

use super::open::{Opened, refused};
use super::progress::Bar;
use super::words::{counted, grouped, is_json, plain, reason, status, summary};
use super::{time, words};
use crate::args::{LsArgs, ReportArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use statewright::store::{Filter, Store, Summary};
use unicode_width::UnicodeWidthStr;

/// So many are read and shown in one go.
const PAGE: usize = 1_000;

/// So much is shown of why an instance is parked; `show` shows all.
const CAUSE: usize = 80;

const COLUMNS: usize = 9;
const HEADINGS: [&str; COLUMNS] =
    ["machine", "key", "version", "status", "state", "steps", "changed", "due", "cause"];

/// Lists instances.
pub(crate) fn run(report: &ReportArgs, args: &LsArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(&args.store.file)?;
    opened.check_machine(args.store.machine.as_deref())?;
    let filter = Filter {
        machine: args.store.machine.clone(),
        state: args.state.clone(),
        status: args.status.map(Into::into),
        changed_since: args.since,
        ..Filter::default()
    };
    let mut table = Table::default();
    let mut bar = Bar::new(match args.limit.limit {
        0 => opened.store.count(&filter).map_err(refused)?,
        limit => limit as u64,
    });
    let shown = each_page(&opened, &filter, args.limit.limit, |page| {
        bar.inc(page.len() as u64);
        let lines = match json {
            true => page.iter().map(|one| format!("{}\n", summary(one))).collect(),
            false => table.rows(page),
        };
        bar.above(|| output::page(&lines))
    })?;
    bar.end();
    if shown == 0 {
        opened.check_state(args.state.as_deref(), args.store.machine.as_deref())?;
    }
    if !json {
        // Counting many takes longer than showing some; who is shown fewer than asked for sees all.
        let count = match shown > 0 && shown == args.limit.limit as u64 {
            true => opened.store.count(&filter).map_err(refused)?.max(shown),
            false => shown,
        };
        output::print(&end(shown, count))?;
    }
    Ok(Outcome::Fine)
}

/// Shows the instances that a filter finds, page by page; gives their number.
pub(crate) fn each_page(
    opened: &Opened,
    filter: &Filter,
    limit: usize,
    mut show: impl FnMut(&[Summary]) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut left = if limit == 0 { usize::MAX } else { limit };
    let mut filter = filter.clone();
    let mut shown = 0;
    while left > 0 {
        filter.limit = left.min(PAGE);
        let page = opened.store.list(&filter).map_err(refused)?;
        let Some(last) = page.last() else { break };
        filter.after = last.id;
        left -= page.len();
        shown += page.len() as u64;
        show(&page)?;
    }
    Ok(shown)
}

fn end(shown: u64, count: u64) -> String {
    match shown {
        0 => "no instances\n".to_owned(),
        _ if shown < count => {
            format!("\nshowing {} of {}; --limit 0 shows all\n", grouped(shown), grouped(count))
        }
        _ => format!("\n{}\n", counted(count, "instance")),
    }
}

/// Columns that only grow, as what comes later is not known when the first rows are shown.
#[derive(Default)]
struct Table {
    widths: Option<[usize; COLUMNS]>,
}

impl Table {
    fn rows(&mut self, page: &[Summary]) -> String {
        let mut rows: Vec<[String; COLUMNS]> = page.iter().map(row).collect();
        if self.widths.is_none() {
            rows.insert(0, HEADINGS.map(str::to_owned));
        }
        let widths = self.widths.get_or_insert_default();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let mut text = String::new();
        for row in rows {
            let cells = row.iter().zip(&*widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
                .collect();
            text.push_str(line.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

fn row(one: &Summary) -> [String; COLUMNS] {
    [
        plain(&one.machine),
        plain(&one.key),
        one.version.to_string(),
        status(one.status).to_owned(),
        plain(&one.state),
        words::grouped(one.seq),
        time::seconds(one.changed),
        one.due.map(time::seconds).unwrap_or_default(),
        reason(one).map(|reason| shortened(&plain(&reason))).unwrap_or_default(),
    ]
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CAUSE) {
        Some((at, _)) => format!("{}..", &text[..at]),
        None => text.to_owned(),
    }
}
