//! The one place that reads a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use rules::UnixTime;

/// The time of the system's clock, which also counts suspension.
#[must_use]
pub fn now() -> UnixTime {
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => UnixTime(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
        Err(before) => UnixTime(i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |s| -s)),
    }
}
