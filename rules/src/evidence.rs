//! One fact found, what it speaks for, and the sentence shown to the user.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::sentence::{Spoken, Told};

/// What a fact speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The user sent the original.
    Mine,
    /// The user did not send the original.
    NotMine,
    /// The original went through the user's own server.
    ThroughMyServer,
    /// Neither by itself.
    Hint,
}

/// One fact found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule or definition of the judging table that found it, such as `sent` or `covered`.
    pub rule: Cow<'static, str>,
    /// What it speaks for.
    pub says: Says,
    /// One sentence for the user, in English.
    pub text: String,
    /// The same for other languages; none where an earlier version found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// What stands behind it, for those who know mail: ids, fields, addresses, times; empty where the sentence says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Evidence {
    /// A fact found by a rule, in English alone.
    #[must_use]
    pub fn new(rule: &'static str, says: Says, text: impl Into<String>) -> Self {
        Self { rule: Cow::Borrowed(rule), says, text: text.into(), told: None, detail: String::new() }
    }

    /// A fact found by a rule, in a sentence that other languages have as well.
    #[must_use]
    pub fn told(rule: &'static str, says: Says, said: Spoken) -> Self {
        let Spoken { text, told } = said;
        Self { rule: Cow::Borrowed(rule), says, text, told: Some(told), detail: String::new() }
    }

    /// The same with what stands behind it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_found_is_read() {
        let written = r#"{"rule":"sent","says":"mine","text":"It was you.","detail":"an id"}"#;
        let fact: Evidence = serde_json::from_str(written).expect("it can be read");
        assert_eq!(fact, Evidence::new("sent", Says::Mine, "It was you.").with("an id"));
        assert_eq!(
            serde_json::to_string(&fact).expect("it can be written"),
            written,
            "and written as it was"
        );
    }
}
