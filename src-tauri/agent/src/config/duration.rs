//! Durations as the configuration writes them: a whole number and s, m, h or d.

use std::fmt;

use rules::time::{DAY, HOUR, MINUTE};
use serde::Deserialize;

/// How long a notice waits for the copy in Sent, 0 to 86,400 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Grace(i64);

impl Grace {
    /// In seconds, 0 to 86,400.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl Default for Grace {
    fn default() -> Self {
        Self(10 * MINUTE)
    }
}

impl TryFrom<String> for Grace {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let seconds = seconds(&text).filter(|seconds| (0..=DAY).contains(seconds));
        seconds
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no grace time; write \"0s\" to \"24h\", such as \"10m\""))
    }
}

/// How far back the first scan looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ScanBack {
    /// So many seconds, more than 0.
    Seconds(i64),
    /// To the oldest mail.
    All,
}

impl Default for ScanBack {
    fn default() -> Self {
        Self::Seconds(90 * DAY)
    }
}

impl TryFrom<String> for ScanBack {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        let seconds = seconds(&text).filter(|seconds| *seconds > 0);
        seconds.map(Self::Seconds).ok_or_else(|| {
            format!("`{text}` is no time to scan back; write a time such as \"90d\", or \"all\"")
        })
    }
}

/// How long backscatter stays in quarantine, counted from its move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Keep {
    /// So many seconds, a day at least.
    Seconds(i64),
    /// It is never deleted.
    Forever,
}

impl Default for Keep {
    fn default() -> Self {
        Self::Seconds(30 * DAY)
    }
}

impl TryFrom<String> for Keep {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "forever" {
            return Ok(Self::Forever);
        }
        // Less than a day would delete mail before anybody could look at it.
        let seconds = seconds(&text).filter(|seconds| *seconds >= DAY);
        seconds
            .map(Self::Seconds)
            .ok_or_else(|| format!("`{text}` is no time to keep mail; write \"1d\" or more, or \"forever\""))
    }
}

/// As the configuration writes it.
impl fmt::Display for Grace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&written(self.0))
    }
}

/// As the configuration writes it.
impl fmt::Display for ScanBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => f.write_str(&written(*seconds)),
            Self::All => f.write_str("all"),
        }
    }
}

/// As the configuration writes it.
impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => f.write_str(&written(*seconds)),
            Self::Forever => f.write_str("forever"),
        }
    }
}

/// Seconds in the largest unit of which they are whole ones.
fn written(seconds: i64) -> String {
    let units = [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')];
    let unit = units.into_iter().find(|(unit, _)| seconds != 0 && seconds % unit == 0);
    let (unit, letter) = unit.unwrap_or((1, 's'));
    format!("{}{letter}", seconds / unit)
}

/// The seconds in a text such as `10m`; none where it is no duration, or longer than 100 years.
pub fn seconds(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => MINUTE,
        'h' => HOUR,
        'd' => DAY,
        _ => return None,
    };
    let number = text.get(..text.len().checked_sub(1)?)?;
    let valid = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = valid.then_some(number)?.parse::<i64>().ok()?.checked_mul(unit)?;
    (seconds <= 36_525 * DAY).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        let cases = [
            ("0s", Some(0)),
            ("10m", Some(600)),
            ("24h", Some(86_400)),
            ("90d", Some(7_776_000)),
            ("", None),
            ("10", None),
            ("m", None),
            ("-1d", None),
            ("+1d", None),
            ("1.5h", None),
            ("1 h", None),
            ("10é", None),
            ("99999999999999999999d", None),
            ("9223372036854775807d", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for text in ["0s", "90s", "10m", "24h", "25h", "90d", "36h"] {
            let read = seconds(text).expect("a duration");
            assert_eq!(seconds(&written(read)), Some(read), "{text}");
        }
        assert_eq!(written(86_400), "1d", "the largest unit");
    }

    #[test]
    fn each_duration_has_its_own_bounds() {
        assert!(Grace::try_from("0s".to_owned()).is_ok(), "no grace time may be chosen");
        assert!(Grace::try_from("25h".to_owned()).is_err(), "a grace time is a day at most");
        assert!(ScanBack::try_from("0d".to_owned()).is_err(), "a scan looks back at something");
        assert_eq!(ScanBack::try_from("all".to_owned()), Ok(ScanBack::All), "all mail may be scanned");
        assert!(Keep::try_from("1h".to_owned()).is_err(), "mail is kept a day at least");
        assert_eq!(Keep::try_from("forever".to_owned()), Ok(Keep::Forever), "mail may be kept for ever");
    }
}
