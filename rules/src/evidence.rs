//! One fact found, what it speaks for, and the sentence shown to the user.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

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
    /// One sentence for the user.
    pub text: String,
    /// What stands behind it, for those who know mail: ids, fields, addresses, times; empty where the sentence says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Evidence {
    /// A fact found by a rule.
    #[must_use]
    pub fn new(rule: &'static str, says: Says, text: impl Into<String>) -> Self {
        Self { rule: Cow::Borrowed(rule), says, text: text.into(), detail: String::new() }
    }

    /// The same with what stands behind it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}
