//! Reports, complaints and SpamCop's answers as they are shown.

use std::net::IpAddr;

use rules::sentence::Told;
use rules::spamcop::Link;
use rules::{Kind, UnixTime};
use serde::{Deserialize, Serialize};

use super::RecordId;
use crate::report::Channel;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReportView {
    /// The mail that it is about, with `/operator` or `/injector` behind it for a complaint.
    pub id: RecordId,
    /// The account that the mail came to.
    pub account: String,
    /// Whom it is to.
    pub channel: Channel,
    /// What became of it: waiting, approved, sending, cut_off, sent, needs_confirmation, done, refused, expired, discarded,
    /// withdrawn.
    pub state: String,
    /// Why it is so, and what to do, in a sentence.
    pub why: Option<String>,
    /// Its mail was put back.
    pub back: bool,
    /// SpamCop's page on which the user confirms it.
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub link: Option<Link>,
    /// When the user had that page opened.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub opened: Option<UnixTime>,
    /// When it was handed over to the mail server.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub sent: Option<UnixTime>,
    /// Nobody but the program said that it be sent.
    pub by_itself: bool,
    /// The address that a complaint goes to.
    pub to: Option<String>,
    /// Its Message-ID, once it is being sent.
    pub message_id: Option<String>,
    /// The address of the server that it is about.
    pub server: Option<IpAddr>,
    /// That server's name.
    pub server_name: Option<String>,
    /// The kind of the notice.
    #[cfg_attr(test, ts(as = "Option<super::bindings::Kind>"))]
    pub kind: Option<Kind>,
    /// The subject of the notice.
    pub subject: String,
    /// When the report was made.
    #[cfg_attr(test, ts(as = "i64"))]
    pub created: UnixTime,
    /// Since when its state is what it is.
    #[cfg_attr(test, ts(as = "i64"))]
    pub changed: UnixTime,
    /// It is too old after that.
    #[cfg_attr(test, ts(as = "i64"))]
    pub expires: UnixTime,
    /// Seconds until then.
    pub left: i64,
    /// Other mails of the same server, kind and day, which are not reported one by one.
    pub others: u32,
}

/// A report, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReportShown {
    /// The report.
    pub report: Option<ReportView>,
    /// Why the mail cannot be reported; none where it can.
    pub why_not: Option<String>,
    /// The same for other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<super::bindings::Told>"))]
    pub why_not_told: Option<Told>,
}

/// Links of SpamCop's of which it is not known which report they are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UnmatchedView {
    /// When the mail with them came.
    #[cfg_attr(test, ts(as = "i64"))]
    pub came: UnixTime,
    /// The links.
    #[cfg_attr(test, ts(as = "Vec<String>"))]
    pub links: Vec<Link>,
}

/// A complaint as it would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DraftView {
    /// Whom it would be to.
    pub channel: Channel,
    /// The address of the host that it is about.
    pub host: IpAddr,
    /// The name of that host.
    pub host_name: Option<String>,
    /// Whom it could go to, as the network's registry or list says.
    pub contacts: Vec<ContactView>,
    /// What could not be looked up, and why, in sentences.
    pub problems: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// What goes with it, in a sentence.
    pub attached: String,
}

/// Whom a complaint could go to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactView {
    /// The address.
    pub address: String,
    /// Who names it.
    pub by: ContactSource,
}

/// Who names a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ContactSource {
    /// The registry of the network (RDAP, RFC 9083).
    Rdap,
    /// The list of abuse contacts that Abusix keeps.
    Abusix,
}

/// A complaint that the user has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Complaint {
    /// Whom it is to.
    pub channel: Channel,
    /// The address that it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Even if something was written to this address a short time ago.
    pub again: bool,
}
