//! Time and memory.

use std::time::Instant;

/// Anything that goes wrong ends the program.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What is said of something that was measured.
pub fn say(name: &str, value: impl std::fmt::Display, unit: &str) {
    println!("{name:68} {value:>10.2} {unit}");
}

/// Milliseconds since then.
pub fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// How much memory this process has, in bytes.
///
/// # Errors
/// The system does not tell.
pub fn memory() -> Result<f64, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().split(' ').next()).ok_or("no VmRSS")?;
    Ok(kib.parse::<f64>()? * 1024.0)
}

/// The value that this part of all values is not above.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
