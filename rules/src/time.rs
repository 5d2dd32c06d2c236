//! Points in time as parameters: the crate itself never asks what time it is.

use std::fmt;

use mail_parser::DateTime;
use serde::{Deserialize, Serialize};

use crate::text;

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z; may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

/// Seconds in a minute.
pub const MINUTE: i64 = 60;
/// Seconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Seconds in a day.
pub const DAY: i64 = 24 * HOUR;

impl UnixTime {
    /// The time `seconds` later; stops at the ends of the range instead of wrapping.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The time `seconds` earlier; stops at the ends of the range instead of wrapping.
    #[must_use]
    pub fn minus(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Seconds from `earlier` to this time; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A closed span of time: both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first second of the span.
    pub from: UnixTime,
    /// The last second of the span; before `from`, the span is empty.
    pub to: UnixTime,
}

impl Span {
    /// The span from one time to another.
    #[must_use]
    pub fn new(from: UnixTime, to: UnixTime) -> Self {
        Self { from, to }
    }

    /// The span of `seconds` on either side of a time.
    #[must_use]
    pub fn around(at: UnixTime, seconds: i64) -> Self {
        Self { from: at.minus(seconds), to: at.plus(seconds) }
    }

    /// Whether a time lies in the span.
    #[must_use]
    pub fn contains(&self, at: UnixTime) -> bool {
        self.from <= at && at <= self.to
    }

    /// Whether two spans share at least one second.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to && self.from <= self.to && other.from <= other.to
    }
}

/// A date as a mail wrote it: the moment, and the offset from UTC that the writer used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDate {
    /// The moment.
    pub at: UnixTime,
    /// The offset that the mail named, in minutes east of UTC, −1439 to 1439.
    pub offset_minutes: i16,
}

impl MailDate {
    /// Reads a date of RFC 5322 §3.3, obsolete forms and comments included; none where it is no date.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text::trim(text);
        let text = text.get(..text.floor_char_boundary(200)).unwrap_or(text);
        let date = usual(text).or_else(|| DateTime::parse_rfc822(text)).filter(DateTime::is_valid)?;
        let east = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
        if east > 1_439 || date.year < 1_970 {
            return None;
        }
        let offset_minutes = if date.tz_before_gmt { -east } else { east };
        Some(Self { at: UnixTime(date.to_timestamp()), offset_minutes })
    }
}

/// The months as dates name them.
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// A date in the form that nearly all have, such as `Tue, 14 Nov 2023 22:13:20 +0000 (UTC)`, which needs no parser; none
/// for any other.
fn usual(text: &str) -> Option<DateTime> {
    let behind_weekday = match text.as_bytes() {
        [one, two, three, b',', b' ', rest @ ..]
            if [one, two, three].iter().all(|b| b.is_ascii_alphabetic()) =>
        {
            rest
        }
        text => text,
    };
    let (day, rest) = match behind_weekday {
        [one, b' ', rest @ ..] => (number(&[*one])?, rest),
        [ten, one, b' ', rest @ ..] => (number(&[*ten, *one])?, rest),
        _ => return None,
    };
    let (month, rest) = rest.split_first_chunk::<3>()?;
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
    let [b' ', year @ ..] = rest else { return None };
    let (year, rest) = year.split_first_chunk::<4>()?;
    let [b' ', h, hh, b':', m, mm, b':', s, ss, b' ', sign @ (b'+' | b'-'), zh, zhh, zm, zmm, rest @ ..] =
        rest
    else {
        return None;
    };
    let ends = match rest {
        [] => true,
        [b' ', b'(', zone @ .., b')'] => zone.iter().all(u8::is_ascii_alphabetic),
        _ => false,
    };
    let century = number(year.get(..2)?)?;
    let two = |tens: &u8, ones: &u8| number(&[*tens, *ones]);
    let (tz_hour, tz_minute) = (two(zh, zhh)?, two(zm, zmm)?);
    let plain = ends && century > 0 && tz_hour < 24 && tz_minute < 60;
    plain.then_some(DateTime {
        year: u16::from(century) * 100 + u16::from(number(year.get(2..)?)?),
        month,
        day,
        hour: two(h, hh)?,
        minute: two(m, mm)?,
        second: two(s, ss)?,
        tz_before_gmt: *sign == b'-',
        tz_hour,
        tz_minute,
    })
}

/// The number that one or two digits are.
fn number(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + (digit - b'0')))
}

impl fmt::Display for MailDate {
    /// Writes the date by RFC 3339 with the mail's own offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.at.0.saturating_add(i64::from(self.offset_minutes) * MINUTE);
        let (days, second_of_day) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) =
            (second_of_day / HOUR, second_of_day % HOUR / MINUTE, second_of_day % MINUTE);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.offset_minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60)
    }
}

impl fmt::Display for UnixTime {
    /// Writes the time by RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        MailDate { at: *self, offset_minutes: 0 }.fmt(f)
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_with_the_offset_of_the_mail() {
        let cases = [
            (0, 0, "1970-01-01T00:00:00Z"),
            (951_782_400, 60, "2000-02-29T01:00:00+01:00"),
            (1_700_000_000, -210, "2023-11-14T18:43:20-03:30"),
            (-1, 0, "1969-12-31T23:59:59Z"),
        ];
        for (at, offset_minutes, expected) in cases {
            let date = MailDate { at: UnixTime(at), offset_minutes };
            assert_eq!(date.to_string(), expected, "{at} seconds at {offset_minutes} minutes east");
        }
    }

    #[test]
    fn dates_of_mails_are_read() {
        let cases = [
            ("Tue, 14 Nov 2023 18:43:20 -0330", Some("2023-11-14T18:43:20-03:30")),
            ("14 Nov 2023 22:13:20 GMT", Some("2023-11-14T22:13:20Z")),
            ("Tue, 14 Nov 2023 22:13:20 +0000 (UTC)", Some("2023-11-14T22:13:20Z")),
            ("yesterday", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let read = MailDate::read(text).map(|date| date.to_string());
            assert_eq!(read.as_deref(), expected, "the date {text:?}");
        }
    }

    #[test]
    fn a_date_in_the_usual_form_reads_as_the_parser_reads_it() {
        let dates = [
            "Tue, 14 Nov 2023 22:13:20 +0000",
            "Wed, 4 Feb 1998 00:00:00 -0330 (NST)",
            "31 Dec 1999 23:59:59 +1439",
            "Thu, 01 Jan 1970 00:00:00 -0000 (GMT)",
            "Tue, 14 Nov 0023 22:13:20 +0000",
            "Tue, 14 Nov 2023 22:13:20 +9999",
            "Tue, 14 Nov 2023 22:13:20 +0000 (UTC) x",
            "Tue, 14 Nov 2023 22:13 +0000",
            "Tue, 14 nov 2023 22:13:20 GMT",
            "Tue, 99 May 2023 77:13:20 +0000",
        ];
        let mut usual_ones = 0;
        for date in dates {
            let Some(read) = usual(date) else { continue };
            usual_ones += 1;
            assert_eq!(Some(read), DateTime::parse_rfc822(date), "{date}");
        }
        assert_eq!(usual_ones, 5, "these need no parser");
    }

    #[test]
    fn extreme_times_are_written_without_a_panic() {
        for at in [i64::MIN, i64::MAX] {
            assert!(!UnixTime(at).to_string().is_empty(), "{at} can be written");
        }
    }
}
