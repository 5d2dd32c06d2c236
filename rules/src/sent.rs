//! What is known of the user's sent mail, and how far that knowledge reaches.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Address, MailDate, MessageId, Span, Subject, UnixTime, time::DAY};

pub mod memory;

/// When a sent mail was sent: its Date where that is plausible, else its INTERNALDATE.
///
/// A Date is plausible up to a day after the INTERNALDATE and back to the first mails with such a field
/// (RFC 733 came in 1977); there is no nearer limit, since a mailbox moved to another server can have the day of the
/// move as INTERNALDATE of all its mail.
#[must_use]
pub fn sent_time(date: Option<MailDate>, internal: UnixTime) -> UnixTime {
    const FIRST_OF_1977: UnixTime = UnixTime(220_924_800);
    date.map(|date| date.at)
        .filter(|at| (FIRST_OF_1977..=internal.plus(DAY)).contains(at))
        .unwrap_or(internal)
}

/// The sent index could not be asked: it is damaged, locked or being rebuilt. Never the same as "not found".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the index of sent mail cannot be read: {why}")]
pub struct IndexUnavailable {
    /// What is wrong with it, in words.
    pub why: String,
}

/// What a known id belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SentAs {
    /// A mail of the user, sent at this time.
    Mail(UnixTime),
    /// A report of ours, sent at this time.
    Report(UnixTime),
}

/// What the domain of an id has been learned to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdDomain {
    /// Nothing is known of it.
    Unknown,
    /// A server on the user's way out writes ids of this domain over the user's own.
    Rewritten,
    /// Answers of several people name ids of this domain that are in no Sent folder.
    OwnUnseen,
}

/// How answers to the user's mail bear out the index: of those that count, how many name an id in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Answers that count (design: proved by use).
    pub answers: u32,
    /// Of these, the ones that name an id of the index.
    pub known: u32,
}

impl Use {
    /// Whether the use proves that the index is whole: 5 answers at least, 95 of 100 of them known.
    #[must_use]
    pub fn proves(self) -> bool {
        self.answers >= 5
            && self.known <= self.answers
            && u64::from(self.known) * 100 >= u64::from(self.answers) * 95
    }

    /// Proves the index by use.
    ///
    /// # Errors
    /// Gives the use back where it is too little, or too much of it names unknown ids.
    pub fn prove(self) -> Result<Proved, Self> {
        if self.proves() { Ok(Proved { used: self }) } else { Err(self) }
    }
}

/// Use that proves the index; made by [`Use::prove`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Proved {
    used: Use,
}

impl Proved {
    /// The answers that prove it.
    #[must_use]
    pub fn used(self) -> Use {
        self.used
    }
}

/// How far the index of one or several accounts reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The sent time of the oldest mail known; none while nothing is covered: no account sends as this
    /// address, a Sent folder is not read to its end, or the index is being rebuilt.
    pub from: Option<UnixTime>,
    /// When the last complete refresh of every Sent folder began, in the server's time.
    pub refreshed: UnixTime,
    /// Spans in which a mail is known to be missing.
    pub holes: Vec<Span>,
}

impl Coverage {
    /// Nothing is covered.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// What all of several accounts cover together: the later start, the earlier refresh, all holes.
    #[must_use]
    pub fn joined(accounts: impl IntoIterator<Item = Self>) -> Self {
        accounts
            .into_iter()
            .reduce(|mut all, one| {
                all.from = all.from.zip(one.from).map(|(a, b)| a.max(b));
                all.refreshed = all.refreshed.min(one.refreshed);
                all.holes.extend(one.holes);
                all
            })
            .unwrap_or_default()
    }

    /// Shows that the index reaches over a span, whether or not there are holes in it, by a refresh that began at `after`
    /// or later.
    ///
    /// # Errors
    /// Says what is missing; an empty or unknown index reaches nowhere.
    pub fn reach(&self, span: Span, after: UnixTime) -> Result<Reached, Uncovered> {
        let Some(from) = self.from else { return Err(Uncovered::NotRead) };
        if span.from > span.to || span.from < from {
            return Err(Uncovered::BeforeOldest { oldest: from });
        }
        if self.refreshed < after || self.refreshed < span.to {
            return Err(Uncovered::Stale { refreshed: self.refreshed, needed: after.max(span.to) });
        }
        Ok(Reached { span, refreshed: self.refreshed })
    }

    /// Proves that a span is covered without a hole, by a refresh that began at `after` or later.
    ///
    /// # Errors
    /// Says what is missing; never proves an empty or unknown index.
    pub fn prove(&self, span: Span, after: UnixTime) -> Result<Covered, Uncovered> {
        let reached = self.reach(span, after)?;
        // The neighbours of a hole can lie the wrong way round in time: UIDs grow as mails are filed, not as
        // they were dated.
        let missing =
            |hole: &&Span| Span::new(hole.from.min(hole.to), hole.from.max(hole.to)).overlaps(&span);
        match self.holes.iter().find(missing) {
            Some(hole) => Err(Uncovered::Hole(*hole)),
            None => Ok(Covered { reached }),
        }
    }
}

/// A span of time that the index reaches over; made by [`Coverage::reach`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    span: Span,
    refreshed: UnixTime,
}

impl Reached {
    /// The span.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// When the refresh that shows it began.
    #[must_use]
    pub fn refreshed(&self) -> UnixTime {
        self.refreshed
    }
}

/// A span of time that the index is known to cover without a hole; made by [`Coverage::prove`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    reached: Reached,
}

impl Covered {
    /// The span that is covered.
    #[must_use]
    pub fn span(&self) -> Span {
        self.reached.span
    }

    /// When the refresh that shows it began.
    #[must_use]
    pub fn refreshed(&self) -> UnixTime {
        self.reached.refreshed
    }
}

/// Why a span is not covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Uncovered {
    /// A Sent folder is not read to its end yet, or no account sends as the address.
    NotRead,
    /// The span begins before the oldest sent mail that is known.
    BeforeOldest {
        /// The sent time of that mail.
        oldest: UnixTime,
    },
    /// The Sent folders were last read before the time that is needed.
    Stale {
        /// When that was.
        refreshed: UnixTime,
        /// A refresh that began at this time or later would do.
        needed: UnixTime,
    },
    /// A sent mail of this span is missing from its folder.
    Hole(Span),
}

/// What is known of the user's sent mail; implemented by the agent's index.
///
/// Every question can fail, and a failure is never an answer: whoever asks must come to "undecided".
/// Recipients, Froms and receivers of ordinary mail are known in two forms, as they were written and
/// [`Address::bare`]; either is asked for.
pub trait SentMail {
    /// Whether an id is in the index of any account, in either of its two forms.
    ///
    /// # Errors
    /// The index cannot be read.
    fn sent(&self, id: &MessageId) -> Result<Option<SentAs>, IndexUnavailable>;

    /// Whether a mail with this subject went to one of these recipients in a span.
    ///
    /// # Errors
    /// The index cannot be read.
    fn sent_to_with_subject(
        &self,
        subject: &Subject,
        recipients: &[Address],
        within: Span,
    ) -> Result<bool, IndexUnavailable>;

    /// Whether a subject was used in a span.
    ///
    /// # Errors
    /// The index cannot be read.
    fn subject_used(&self, subject: &Subject, within: Span) -> Result<bool, IndexUnavailable>;

    /// Whether an address was written to in a span.
    ///
    /// # Errors
    /// The index cannot be read.
    fn wrote_to(&self, address: &Address, within: Span) -> Result<bool, IndexUnavailable>;

    /// Whether any address at exactly this domain was written to in a span.
    ///
    /// # Errors
    /// The index cannot be read.
    fn wrote_to_domain(&self, domain: &str, within: Span) -> Result<bool, IndexUnavailable>;

    /// Whether an address was ever a From of sent mail.
    ///
    /// # Errors
    /// The index cannot be read.
    fn sent_from(&self, address: &Address) -> Result<bool, IndexUnavailable>;

    /// How far the index reaches for all accounts that send as an address, or, for an address at an own
    /// domain that was never used, for all accounts.
    ///
    /// # Errors
    /// The index cannot be read.
    fn coverage(&self, of: &Address) -> Result<Coverage, IndexUnavailable>;

    /// How the answers to mail of this address bear out the index in a span.
    ///
    /// # Errors
    /// The index cannot be read.
    fn used(&self, of: &Address, within: Span) -> Result<Use, IndexUnavailable>;

    /// What an id's domain has been learned to be, at a time.
    ///
    /// # Errors
    /// The index cannot be read.
    fn id_domain(&self, domain: &str, at: UnixTime) -> Result<IdDomain, IndexUnavailable>;

    /// Whether ordinary mail ever came to an address.
    ///
    /// # Errors
    /// The index cannot be read.
    fn ordinary_mail_came_to(&self, address: &Address) -> Result<bool, IndexUnavailable>;

    /// In how many originals, genuine by `sent`, the reporter's hop had this address.
    ///
    /// # Errors
    /// The index cannot be read.
    fn relayed_by(&self, ip: IpAddr) -> Result<u32, IndexUnavailable>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Coverage =
        Coverage { from: Some(UnixTime(100)), refreshed: UnixTime(1_000), holes: Vec::new() };

    #[test]
    fn the_time_of_a_sent_mail_is_its_date_where_that_can_be() {
        let internal = UnixTime(1_700_000_000);
        for (date, expected, why) in [
            (None, internal, "there is no Date"),
            (Some(internal.minus(400 * DAY)), internal.minus(400 * DAY), "the mailbox was moved since"),
            (Some(internal.plus(DAY)), internal.plus(DAY), "clocks are wrong by time zones"),
            (Some(internal.plus(DAY + 1)), internal, "no mail is filed before it is written"),
            (Some(UnixTime(0)), internal, "a clock that was never set"),
        ] {
            let date = date.map(|at| MailDate { at, offset_minutes: 0 });
            assert_eq!(sent_time(date, internal), expected, "{why}");
        }
    }

    #[test]
    fn a_span_is_proved_between_the_oldest_mail_and_the_last_refresh() {
        let proved =
            |from, to, after| READ.prove(Span::new(UnixTime(from), UnixTime(to)), UnixTime(after)).is_ok();
        assert!(proved(100, 1_000, 1_000), "all ends belong to what is covered");
        assert!(!proved(99, 1_000, 1_000), "before the oldest mail");
        assert!(!proved(100, 1_001, 1_000), "after the last refresh");
        assert!(!proved(100, 200, 1_001), "a later refresh is asked for");
        assert!(!proved(300, 200, 200), "an empty span proves nothing");
    }

    #[test]
    fn several_accounts_cover_what_each_of_them_covers() {
        let other = Coverage {
            from: Some(UnixTime(200)),
            refreshed: UnixTime(900),
            holes: vec![Span::new(UnixTime(300), UnixTime(400))],
        };
        let both = Coverage::joined([READ, other.clone()]);
        assert_eq!(both, other, "the later start, the earlier refresh, every hole");
        assert_eq!(
            Coverage::joined([READ, Coverage::none()]).from,
            None,
            "an account not read covers nothing"
        );
        assert_eq!(Coverage::joined([]).from, None, "no account covers nothing");
    }
}
