//! A plain file: what the disk can do.

use crate::measure::{BODY, Failed, repeat};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the disk takes to make a page stable that has its place on it already.
pub(crate) fn fsyncs(folder: &Path) -> Result<(), Failed> {
    const TIMES: usize = 500;
    let mut file = File::create(folder.join("fsyncs"))?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let mut times = Vec::new();
    for at in 0..TIMES {
        let page = [u8::try_from(at % 256)?; 4096];
        let start = Instant::now();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let micros = |time: Duration| time.as_micros();
    println!(
        "fdatasync of 4 KiB: median {} us, one in ten above {} us, worst {} us",
        micros(times[TIMES / 2]),
        micros(times[TIMES * 9 / 10]),
        micros(times[TIMES - 1]),
    );
    Ok(())
}

/// Steps as lines, and one fdatasync a batch.
pub(crate) fn appends(folder: &Path) -> Result<(), Failed> {
    for batch in crate::BATCHES {
        let mut file = File::create(folder.join("appends"))?;
        let mut lines = Vec::new();
        repeat("plain file, steps", batch, batch, || {
            lines.clear();
            for at in 0..batch {
                writeln!(lines, "{at} {at} Operating.Cars.Go {BODY}")?;
            }
            file.write_all(&lines)?;
            Ok(file.sync_data()?)
        })?;
    }
    Ok(())
}
