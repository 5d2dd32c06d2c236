//! What a notice says: its kind, whom it concerns, who wrote it, and which message it answers.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Address, MailDate, MessageId, auth_results::AuthResults, trace::Hop};

/// What kind of automatic mail answers another mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A delivery status notification or its like (RFC 3464).
    Bounce,
    /// An out-of-office or other automatic reply (RFC 3834).
    AutoReply,
    /// A request to confirm that the original was sent by a person.
    Challenge,
    /// A virus or content filter telling the sender what it found.
    VirusNotice,
    /// A list server answering a post or a command.
    ListNotice,
    /// A message disposition notification (RFC 8098).
    Receipt,
    /// A feedback or DMARC report (RFC 5965, RFC 9990).
    AbuseReport,
}

/// What became of the original at a recipient (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Given up.
    Failed,
    /// Not delivered so far, still tried.
    Delayed,
    /// Delivered to the mailbox.
    Delivered,
    /// Handed to a system that sends no notifications.
    Relayed,
    /// Delivered to a list or alias and sent on.
    Expanded,
}

/// Why a delivery failed, in the ten classes a user can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is no such mailbox, or none any more.
    RecipientUnknown,
    /// The mailbox is over its quota.
    MailboxFull,
    /// The receiving side took the original for spam.
    Spam,
    /// The receiving side found a virus or a forbidden attachment.
    Virus,
    /// The receiving side's rules forbid it.
    Policy,
    /// The server is not responsible for the recipient's domain.
    RelayingDenied,
    /// The original is too large.
    TooBig,
    /// The recipient's domain or server does not exist.
    HostUnknown,
    /// The recipient's server could not be reached in time.
    TimedOut,
    /// The notice does not say.
    Unspecified,
}

/// An enhanced status code (RFC 3463 §2), such as 5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Status {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    pub class: u8,
    /// 0 to 7: what the code is about.
    pub subject: u16,
    /// 0 to 999.
    pub detail: u16,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// One recipient of the original, as the notice reports on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The address that the original went to; the Original-Recipient where both are given.
    pub address: Address,
    /// What became of it.
    pub action: Option<Action>,
    /// The code given for it.
    pub status: Option<Status>,
    /// The class of the reason.
    pub reason: Option<Reason>,
}

/// How much of the original came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// Headers and body.
    Full,
    /// The headers alone.
    Headers,
    /// Some headers or lines of it.
    Excerpt,
    /// Nothing of it.
    #[default]
    Nothing,
}

/// A server, as far as its name and address are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name, in lower case.
    pub name: Option<String>,
    /// Its address.
    pub ip: Option<IpAddr>,
}

/// A DKIM-Signature found on the original; nothing about it has been verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// `d=`, in lower case.
    pub domain: String,
    /// `s=`.
    pub selector: String,
}

/// The message that a notice answers: what the notice tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// The original's own Message-ID, where the notice shows it as such (returned headers, report fields).
    pub message_id: Option<MessageId>,
    /// The id that stands for it where its own did not come back: the In-Reply-To of the notice, or an id
    /// named in its text.
    pub standing_id: Option<MessageId>,
    /// Every id of the original in all its forms (facts of providers: X-Microsoft-Original-Message-ID and
    /// the like), own or standing id first, without repeats. Any of them in the index means it was sent.
    pub ids: Vec<MessageId>,
    /// Ids that only stand in a References field: a hint, never a proof.
    pub references: Vec<MessageId>,
    /// The address in its From.
    pub from: Option<Address>,
    /// Its recipients: To and Cc.
    pub to: Vec<Address>,
    /// Its Subject, decoded; for a notice without returned headers, what stands behind the prefix.
    pub subject: Option<String>,
    /// Its Date, as its writer had it.
    pub date: Option<MailDate>,
    /// How much of it came back.
    pub returned: Returned,
    /// Its Received lines, topmost first.
    pub trace: Vec<Hop>,
    /// Its DKIM signatures.
    pub signatures: Vec<Signature>,
    /// Whether it is itself automatic: Auto-Submitted other than no, an MDN, a calendar answer, X-Autoreply.
    pub automatic: bool,
    /// Fields by which a user can declare a sender (X-…, User-Agent, Feedback-ID, List-Id): name in lower
    /// case, value decoded; at most 40, each cut at 200 characters.
    pub marks: Vec<(String, String)>,
}

/// Where a notice names one of its receivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverField {
    /// To.
    To,
    /// Delivered-To.
    DeliveredTo,
    /// X-Original-To.
    XOriginalTo,
    /// Envelope-To.
    EnvelopeTo,
    /// `for <…>` in a Received line of the notice.
    TraceFor,
}

/// The envelope sender of the notice, as its Return-Path shows it (RFC 5321 §4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnPath {
    /// The store kept none: says nothing.
    Absent,
    /// `<>`, as a notification must have it.
    Null,
    /// An address.
    From(Address),
}

/// What the notice's own headers say of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outer {
    /// Its own Message-ID.
    pub message_id: Option<MessageId>,
    /// Its From.
    pub from: Option<Address>,
    /// Its envelope sender.
    pub return_path: ReturnPath,
    /// Every address that it names as its receiver, with the field.
    pub receivers: Vec<(ReceiverField, Address)>,
    /// Its Subject, decoded, at most 500 characters.
    pub subject: String,
    /// Its Date.
    pub date: Option<MailDate>,
    /// Its Received lines, topmost first, at most 50.
    pub trace: Vec<Hop>,
    /// What the topmost Authentication-Results say of it; nothing where there are none.
    #[serde(default)]
    pub authenticated: Option<AuthResults>,
}

/// An automatic mail that answers another mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind of notice it is.
    pub kind: Kind,
    /// The rule that it was recognised by, or what of its structure it was; unknown for what older versions read.
    #[serde(default)]
    pub recognised_by: String,
    /// Whether nothing but rules of low confidence shows it to be of this kind: then it is never moved.
    #[serde(default)]
    pub doubtful: bool,
    /// What became of the original, at its worst recipient.
    pub action: Option<Action>,
    /// Why, at its worst recipient.
    pub reason: Option<Reason>,
    /// The code given for its worst recipient.
    pub status: Option<Status>,
    /// The recipients that it reports on, at most 200.
    pub recipients: Vec<Recipient>,
    /// The message that it answers; none where it tells nothing of it.
    pub original: Option<Original>,
    /// The server that wrote it: Reporting-MTA, else the host named in it.
    pub reported_by: Option<Host>,
    /// The Arrival-Date of its report (RFC 3464 §2.2.5).
    pub arrival_date: Option<MailDate>,
    /// A postmaster's copy: it came to tell about somebody else's mail.
    pub postmaster_copy: bool,
    /// What its own headers say.
    pub outer: Outer,
}
