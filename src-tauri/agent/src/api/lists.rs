//! Lists for people: what is looked for, in which order, and what one decision would settle together.

use std::collections::BTreeMap;

use rules::sentence::Told;
use rules::{Kind, UnixTime};
use serde::{Deserialize, Serialize};

use super::{RecordId, RecordState};

/// What is looked for among the mails of our record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Query {
    /// Of this account alone.
    pub account: Option<String>,
    /// In one of these states; none: in any.
    pub states: Vec<RecordState>,
    /// Of one of these kinds; none: of any.
    #[cfg_attr(test, ts(as = "Vec<super::bindings::Kind>"))]
    pub kinds: Vec<Kind>,
    /// Every word of this stands in a subject, an address or the name of a server, whatever the case.
    pub text: String,
    /// Came from this server: its address, or its name where none is known.
    pub server: Option<String>,
    /// Came at this time or later.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub from: Option<UnixTime>,
    /// Came before this time.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub to: Option<UnixTime>,
}

/// In which order mails are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Sorting {
    /// By what.
    pub by: SortBy,
    /// The smallest first, and the oldest.
    pub ascending: bool,
}

/// By what mails are ordered; among equals the newest comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// When they came.
    #[default]
    Arrived,
    /// The subject of the notice.
    Subject,
    /// Who sent the notice.
    From,
    /// The server that sent the notice.
    Server,
    /// The kind of the notice.
    Kind,
}

/// Undecided mails that one decision would settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GroupView {
    /// The account.
    pub account: String,
    /// What they have in common.
    pub by: GroupBy,
    /// Why they are undecided, as one word, such as `veto` or `not_own`.
    pub why: String,
    /// What is missing, in a sentence.
    pub sentence: String,
    /// The same for other languages; none where an earlier version found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<super::bindings::Told>"))]
    pub told: Option<Told>,
    /// Whether they may have been sent through the user's own server.
    pub misused: bool,
    /// How many.
    pub count: u64,
    /// How many of each kind.
    #[cfg_attr(test, ts(as = "BTreeMap<super::bindings::Kind, u64>"))]
    pub kinds: BTreeMap<Kind, u64>,
    /// When the newest came.
    #[cfg_attr(test, ts(as = "i64"))]
    pub newest: UnixTime,
    /// The mails, the newest first.
    pub ids: Vec<RecordId>,
}

/// What undecided mails have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// They came for this address, and whether it is the user's alone is not known.
    Address(String),
    /// The sent mail of that time is not known without a hole.
    SentFolders,
    /// Their originals have this subject.
    Subject(String),
    /// They are of this kind, and nothing else.
    Kind(#[cfg_attr(test, ts(as = "super::bindings::Kind"))] Kind),
}

/// What the user decides of undecided mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The user never sent what they answer: they go to quarantine.
    NeverSent,
    /// They stay where they are, and are not asked about any more.
    Leave,
}

/// A mail as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SourceText {
    /// Its beginning; octets that are no UTF-8 are shown as U+FFFD.
    pub text: String,
    /// Its size in octets.
    pub size: u64,
    /// Whether that is all of it.
    pub whole: bool,
}
