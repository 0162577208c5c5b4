//! Points and spans of time, read and written. All of it is UTC: who looks at a store is seldom where
//! it was written.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use statewright::store::Millis;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// To the second: `2026-05-01T12:00:00Z`.
pub(crate) fn seconds(at: Millis) -> String {
    written(at, "%Y-%m-%dT%H:%M:%SZ")
}

/// To the millisecond: `2026-05-01T12:00:00.123Z`.
pub(crate) fn millis(at: Millis) -> String {
    written(at, "%Y-%m-%dT%H:%M:%S.%3fZ")
}

fn written(at: Millis, format: &str) -> String {
    let time = i64::try_from(at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    match time {
        Some(time) => time.strftime(format).to_string(),
        // A timer of a million years.
        None => "after the year 9999".to_owned(),
    }
}

/// How long, as in `.flow`: `1m 30s`.
pub(crate) fn duration(duration: Duration) -> String {
    match SignedDuration::try_from(duration) {
        Ok(duration) => format!("{duration:#}"),
        Err(_) => format!("{}s", duration.as_secs()),
    }
}

/// The wall clock.
pub(crate) fn now() -> Millis {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Millis::try_from(now).unwrap_or(Millis::MAX)
}

/// How long something may take, as a user writes it.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; `5s`, `500ms` and `2m 30s` are");
    exact(text).ok_or_else(wrong)
}

/// A point in time, or how long ago it was, as a user writes it.
pub(crate) fn since(text: &str) -> Result<Millis, String> {
    let wrong = || {
        format!("`{text}` is no time; `2026-05-01`, `2026-05-01T12:00Z`, `2h` and `3d` (ago) are")
    };
    if let Some(ago) = exact(text) {
        let ago = Millis::try_from(ago.as_millis()).unwrap_or(Millis::MAX);
        return Ok(now().saturating_sub(ago));
    }
    let zoned = || text.parse::<Timestamp>().ok();
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let time = zoned().or_else(|| Some(civil()?.timestamp())).ok_or_else(wrong)?;
    // Before 1970 there was nothing.
    Ok(Millis::try_from(time.as_millisecond()).unwrap_or(0))
}

/// A span whose days have 24 hours.
fn exact(text: &str) -> Option<Duration> {
    let span: Span = text.parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(duration).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_written_in_utc() {
        assert_eq!(seconds(1_777_636_800_123), "2026-05-01T12:00:00Z");
        assert_eq!(millis(1_777_636_800_123), "2026-05-01T12:00:00.123Z");
        assert_eq!(millis(u64::MAX), "after the year 9999");
    }

    #[test]
    fn points_are_read_with_and_without_a_zone() {
        let noon = Ok(1_777_636_800_000);
        for text in
            ["2026-05-01T12:00:00Z", "2026-05-01T12:00", "2026-05-01 14:00+02", "2026-05-01T12:00Z"]
        {
            assert_eq!(since(text), noon, "{text}");
        }
        assert_eq!(since("2026-05-01"), Ok(1_777_593_600_000));
        assert_eq!(since("1969-12-31"), Ok(0));
    }

    #[test]
    fn spans_are_ago() {
        let day = since("1d").unwrap();
        assert!(now() - day >= 86_400_000 && now() - day < 86_500_000, "{day}");
        assert!(since("yesterday").unwrap_err().contains("`2h`"));
    }

    #[test]
    fn spans_are_read_and_written() {
        assert_eq!(span("1m 30s"), Ok(Duration::from_secs(90)));
        assert_eq!(span("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration(Duration::from_secs(90)), "1m 30s");
        assert!(span("soon").is_err());
        assert!(span("-5s").is_err());
    }
}
