//! `statewright history`

use super::open::{Opened, refused};
use super::progress::Bar;
use super::time;
use super::words::{counted, grouped, is_json, plain};
use crate::args::{HistoryArgs, ReportArgs};
use crate::outcome::{Failure, Outcome};
use crate::output;
use statewright::engine::{HistoryStep, steps};
use statewright::store::{InstanceId, Seq, Store};

/// So many are read in one go.
const PAGE: usize = 1_000;

/// Shows the steps of an instance.
pub(crate) fn run(report: &ReportArgs, args: &HistoryArgs) -> Result<Outcome, Failure> {
    let json = is_json(report)?;
    let opened = Opened::new(&args.instance.file)?;
    let summary = opened.find(&args.instance)?;
    let width = grouped(summary.seq).len();
    let mut last = None;
    let count = summary.seq.saturating_sub(args.from.saturating_sub(1));
    let limit = if args.limit.limit == 0 { u64::MAX } else { args.limit.limit as u64 };
    let mut bar = Bar::new(count.min(limit));
    each_page(&opened, summary.id, args.from, args.limit.limit, |page| {
        if let (false, None, Some(first)) = (json, last, page.first())
            && first.seq > args.from.max(1)
        {
            let kept = grouped(first.seq);
            bar.above(|| output::print(&format!("steps before {kept} are not kept any more\n")))?;
        }
        last = page.last().map(|step| step.seq);
        bar.inc(page.len() as u64);
        let line = |step: &HistoryStep| match json {
            true => format!("{}\n", serde_json::to_value(step).unwrap_or_default()),
            false => line(step, width),
        };
        let lines: String = page.iter().map(line).collect();
        bar.above(|| output::page(&lines))
    })?;
    bar.end();
    if !json {
        output::print(&end(args.from, last, summary.seq))?;
    }
    Ok(Outcome::Fine)
}

/// Shows the steps from one on, at most so many, page by page; all of them if the limit is 0.
pub(crate) fn each_page(
    opened: &Opened,
    instance: InstanceId,
    from: Seq,
    limit: usize,
    mut show: impl FnMut(&[HistoryStep]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let read = |from, limit| opened.store.history(instance, from, limit).map_err(refused);
    let mut left = if limit == 0 { usize::MAX } else { limit };
    let mut from = from.max(1);
    let mut before = None;
    if from > 1 {
        let record = read(from - 1, 1)?.pop();
        before = record.filter(|record| record.seq == from - 1);
    }
    while left > 0 {
        let records = read(from, left.min(PAGE))?;
        let Some(last) = records.last() else { break };
        from = last.seq + 1;
        left -= records.len();
        show(&steps(&records, before.as_ref()))?;
        before = records.into_iter().next_back();
    }
    Ok(())
}

fn line(step: &HistoryStep, width: usize) -> String {
    let text = plain(&step.to_string());
    format!("{:>width$}  {}  {text}\n", grouped(step.seq), time::millis(step.at))
}

fn end(from: Seq, last: Option<Seq>, count: Seq) -> String {
    match last {
        None if count > 0 && from > count => {
            format!("there is no step {} yet; the last is {}\n", grouped(from), grouped(count))
        }
        None => "no steps are kept any more\n".to_owned(),
        Some(last) if last < count => {
            format!(
                "\nup to {} of {}; --from {} goes on\n",
                grouped(last),
                grouped(count),
                last + 1
            )
        }
        Some(_) => format!("\n{}\n", counted(count, "step")),
    }
}
