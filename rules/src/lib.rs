//! Judges automatic replies: bytes of a mail and what is known of the user's sent mail in, a verdict
//! with its evidence out.
//!
//! The crate is pure. It opens no file and no socket and reads no clock: time, the sent index and the
//! answers of look-ups are parameters. The way of one mail through it:
//!
//! 1. [`triage`] looks at a mail's headers and asks whether it could be a notice at all.
//! 2. [`read`] turns the bytes of a candidate into a [`Notice`] and what it tells of its original.
//! 3. [`judge`] weighs the notice against [`SentMail`] and returns a [`Judgement`].
//!
//! "Never sent" cannot be said by convention here: a [`Verdict::Backscatter`] holds a [`Proof`], and a
//! proof can only be made from the [`Covered`] span that shows the index to be whole.

pub mod address;
pub mod auth_results;
pub mod chain;
pub mod evidence;
mod fields;
mod fold;
pub mod judge;
pub mod message_id;
pub mod notice;
pub mod profile;
pub mod read;
mod rule_set;
pub mod sent;
pub mod sentence;
pub mod spamcop;
pub mod storm;
pub mod subject;
mod text;
pub mod time;
pub mod trace;
pub mod triage;
pub mod verdict;

pub use address::Address;
pub use evidence::{Evidence, Says};
pub use judge::{Case, judge};
pub use message_id::MessageId;
pub use notice::{Action, Kind, Notice, Original, Reason, Recipient, Returned, Status};
pub use profile::Profile;
pub use read::{About, Reading, RuleFile, RuleProblem, by_structure, read};
pub use rule_set::Rules;
pub use sent::{Coverage, Covered, IndexUnavailable, SentMail, Uncovered};
pub use subject::Subject;
pub use time::{MailDate, Span, UnixTime};
pub use triage::{Triage, triage};
pub use verdict::{Judgement, Proof, Verdict, Why};

/// Compiles what the first mail to be read and judged would wait for, some 20 ms; whoever has a moment before it may
/// call this.
pub fn prepare() {
    read::prepare();
    judge::prepare();
}
