//! The three date forms of mail: IMAP's INTERNALDATE, the Date of RFC 5322, and Unix seconds.

use anyhow::{Context, Result};
use jiff::{Timestamp, Zoned, tz::Offset, tz::TimeZone};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Seconds of an hour.
pub const HOUR: i64 = 3_600;

fn zoned(unix: i64, offset_minutes: i32) -> Zoned {
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    Timestamp::from_second(unix).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::fixed(offset))
}

/// Writes a time as IMAP's `date-time` without its quotes (RFC 3501 §9), in UTC.
pub fn imap(unix: i64) -> String {
    zoned(unix, 0).strftime("%d-%b-%Y %H:%M:%S %z").to_string()
}

/// Reads IMAP's `date-time` without its quotes; the day may be padded by a space.
///
/// # Errors
/// When the text is no `date-time`.
pub fn from_imap(text: &str) -> Result<i64> {
    let text = text.trim();
    let zoned = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text)
        .and_then(|parsed| parsed.to_timestamp())
        .with_context(|| format!("`{text}` is no IMAP date-time"))?;
    Ok(zoned.as_second())
}

/// Writes a time as a Date header field (RFC 5322 §3.3) with an offset in minutes east of UTC.
pub fn header(unix: i64, offset_minutes: i32) -> String {
    zoned(unix, offset_minutes).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// The present time in Unix seconds.
pub fn now() -> i64 {
    Timestamp::now().as_second()
}
