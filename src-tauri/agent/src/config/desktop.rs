//! What the tray and the window go by.

use serde::{Deserialize, Serialize};

/// Languages that there are texts in.
const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "ja"];

/// What the tray and the window go by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields, default)]
pub struct Desktop {
    /// The language, `en`, `de`, `fr`, `es` or `ja`; none: that of the desktop.
    #[serde(deserialize_with = "language")]
    pub language: Option<String>,
    /// Which notifications are shown.
    pub notify: Notify,
    /// Whether notifications name senders and subjects.
    pub show_senders: bool,
    /// Hours of the day, from and to, in which nothing but an alarm is shown; 0 to 23.
    #[serde(deserialize_with = "hours")]
    pub quiet_hours: Option<(u8, u8)>,
}

/// Which notifications are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// Now and then, in sum; alarms at once.
    #[default]
    Summary,
    /// Alarms alone.
    Alarms,
}

fn language<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let Some(language) = Option::<String>::deserialize(from)? else { return Ok(None) };
    if LANGUAGES.contains(&language.as_str()) {
        return Ok(Some(language));
    }
    let text =
        format!("`{language}` is no language that there are texts in; write one of {}", LANGUAGES.join(", "));
    Err(serde::de::Error::custom(text))
}

fn hours<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<(u8, u8)>, D::Error> {
    let Some((from, to)) = Option::<(u8, u8)>::deserialize(from)? else { return Ok(None) };
    if from < 24 && to < 24 && from != to {
        return Ok(Some((from, to)));
    }
    Err(serde::de::Error::custom("quiet hours are two different hours of the day, such as [22, 7]"))
}

impl Desktop {
    /// Whether nothing but an alarm is shown at an hour of the day, 0 to 23.
    #[must_use]
    pub fn is_quiet(&self, hour: u8) -> bool {
        self.quiet_hours.is_some_and(|(from, to)| {
            if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let quiet = |hours| Desktop { quiet_hours: Some(hours), ..Desktop::default() };
        for (hours, hour, expected) in [
            ((22, 7), 23, true),
            ((22, 7), 0, true),
            ((22, 7), 7, false),
            ((22, 7), 12, false),
            ((13, 15), 13, true),
            ((13, 15), 15, false),
        ] {
            assert_eq!(quiet(hours).is_quiet(hour), expected, "{hour} in {hours:?}");
        }
        assert!(!Desktop::default().is_quiet(3), "without them no hour is quiet");
    }
}
