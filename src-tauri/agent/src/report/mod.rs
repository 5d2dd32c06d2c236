//! Complaints about backscatter: what may be complained about, the mail that does, and what became of it.
//!
//! Here nothing is read or sent; the engine does that. What SpamCop takes, refuses and punishes stands in its FAQ 14, 329
//! and 283: only unsolicited bulk mail may be reported, the notice itself and never the spam within it, unaltered but for
//! its end, and no later than two days after it came.

mod carried;
mod code;
mod complaint;
mod eligible;
mod letter;
mod mail;
mod state;
#[cfg(test)]
mod tests_of_mails;

use rules::{Address, UnixTime};
use serde::{Deserialize, Serialize};

pub use carried::ComposeError;
pub use code::{SubmitCode, WrongCode};
pub use complaint::{Facts, complain};
pub use eligible::{OwnNetworks, Subject, WhyNot, may_complain, may_report, priority};
pub use letter::{Language, Template, TemplateError, Told};
pub use mail::{Composed, Envelope, compose};
pub use state::{Before, Ended, Order, ReportState};

use crate::store::RecordId;

/// Whom a report is to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// SpamCop.
    #[default]
    SpamCop,
    /// Whoever answers for the network of the server that sent the notice.
    Operator,
    /// Whoever answers for the network of the host that handed the forged original on.
    Injector,
}

impl Channel {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::SpamCop, Self::Operator, Self::Injector];

    /// The word for it, as JSON and tables write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SpamCop => "spamcop",
            Self::Operator => "operator",
            Self::Injector => "injector",
        }
    }
}

/// A report by the mail that it is about, and whom it is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId {
    /// The record of the mail.
    pub record: RecordId,
    /// Whom it is to.
    pub channel: Channel,
}

impl ReportId {
    /// The report to SpamCop about a mail.
    #[must_use]
    pub fn to_spamcop(record: RecordId) -> Self {
        Self { record, channel: Channel::SpamCop }
    }
}

/// The words of a complaint, as the user has seen them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Whom it is to: the contact that was shown.
    pub to: Address,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Whom a report is to, and what is written to them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// SpamCop, which needs no words.
    #[default]
    SpamCop,
    /// The contact for the network of the server that sent the notice.
    Operator(Letter),
    /// The contact for the network of the host that handed the forged original on.
    Injector(Letter),
}

impl Addressee {
    /// Whom it is to.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::SpamCop => Channel::SpamCop,
            Self::Operator(_) => Channel::Operator,
            Self::Injector(_) => Channel::Injector,
        }
    }

    /// What is written; nothing to SpamCop.
    #[must_use]
    pub fn letter(&self) -> Option<&Letter> {
        match self {
            Self::SpamCop => None,
            Self::Operator(letter) | Self::Injector(letter) => Some(letter),
        }
    }
}

/// A report about one mail in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The record of the mail.
    pub record: RecordId,
    /// The account that it came to, by its name.
    pub account: String,
    /// Whom it is to.
    #[serde(default)]
    pub to: Addressee,
    /// What became of it.
    pub state: ReportState,
    /// When that was.
    pub changed: UnixTime,
    /// Since when the report is there.
    pub created: UnixTime,
    /// It is too old after that.
    pub expires: UnixTime,
    /// When it was handed over to the mail server, as far as that is known.
    #[serde(default)]
    pub sent: Option<UnixTime>,
    /// Nobody but the program said that it be sent.
    #[serde(default)]
    pub by_itself: bool,
    /// SpamCop was to report it at once, as was set when it was approved.
    #[serde(default)]
    pub quick: bool,
    /// Other mails of the same server, kind and day, which are not reported one by one.
    #[serde(default)]
    pub others: u32,
}

impl Report {
    /// By what it is named.
    #[must_use]
    pub fn id(&self) -> ReportId {
        ReportId { record: self.record, channel: self.to.channel() }
    }

    /// The same report in another state.
    #[must_use]
    pub fn with(&self, state: ReportState, now: UnixTime) -> Self {
        Self { state, changed: now, ..self.clone() }
    }
}
