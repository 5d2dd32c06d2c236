//! Judges a notice: every fact is found out first, then an ordered table is asked.
//!
//! The definitions have a file each: [`whom`] the notice came for, [`when`] the original was sent and by whose
//! word, which of its [`ids`] are known, the [`vetoes`], what shows it [`genuine`] or [`misused`], which
//! addresses are [`made_up`], what is a [`proof`] whatever its ids. [`facts`] gathers them, [`table`] decides, [`texts`] explains.
//!
//! A backscatter verdict needs a value of each leg of its proof (own addresses, absent ids, a covered span,
//! use that proves it, the grace time over, no veto), and each of these can only be made by its own test.

mod facts;
mod genuine;
mod ids;
mod known;
mod made_up;
mod misused;
mod pattern;
mod proof;
mod sure;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod vetoes;
mod when;
mod whom;

pub use known::{is_providers_host, is_public_mail_domain};
pub use misused::KNOWN_RELAY;

pub(crate) use known::prepare;

pub(crate) use ids::Absent;
pub(crate) use made_up::MadeUp;
pub(crate) use misused::{is_private, public_address};
pub(crate) use proof::StormProof;
pub(crate) use sure::SurelyNotice;
pub(crate) use vetoes::{Unvetoed, own_signature};
pub(crate) use when::{GraceOver, original_time, reporters_hop};
pub(crate) use whom::{Own, Whom};

use crate::storm::Resemblance;
use crate::{IndexUnavailable, Judgement, Notice, Profile, SentMail, UnixTime, Verdict, Why};
use facts::Facts;

/// A look-up's answer, or that there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LookUp<T> {
    /// Switched off, or not wanted.
    #[default]
    NotAsked,
    /// Asked, without an answer so far.
    NoAnswer,
    /// Answered.
    Answer(T),
}

/// What was asked about a notice beside the index; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// Whether a DKIM signature of the receiver's domain, or another domain of the user, on the original verifies, and covers From, To,
    /// Subject, Date and Message-ID (RFC 6376). An answer is for all such signatures: false means that every one
    /// was checked and none verifies.
    pub own_signature: LookUp<bool>,
    /// How many other originals are like this one; none where nobody keeps count.
    pub resemblance: Resemblance,
}

/// A notice and how it came.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// Its INTERNALDATE.
    pub arrived: UnixTime,
    /// The grace time of the account that it came to, in seconds, 0 to 86,400.
    pub grace: i64,
}

/// Judges a notice; `now` is the server's time.
///
/// Whenever the index cannot be read the verdict is undecided, whatever else is known.
#[must_use]
pub fn judge(
    case: &Case<'_>,
    sent: &dyn SentMail,
    profile: &Profile,
    looked_up: &LookedUp,
    now: UnixTime,
) -> Judgement {
    let mut facts = match Facts::gather(case, sent, profile, looked_up, now) {
        Ok(facts) => facts,
        Err(unavailable) => return unreadable(unavailable),
    };
    let ruling = table::decide(&facts);
    let mut of_itself = matches!(ruling.verdict, Verdict::Backscatter(_));
    if let Some(storm) = facts.storm.take_if(|_| of_itself) {
        of_itself = matches!(table::decide(&facts).verdict, Verdict::Backscatter(_));
        facts.storm = Some(storm);
    }
    Judgement {
        evidence: texts::evidence(&facts, &ruling),
        verdict: ruling.verdict,
        recheck_at: ruling.recheck_at,
        wants_refresh: ruling.wants_refresh,
        original_time: Some(facts.time.at),
        span: Some(facts.span),
        lessons: ruling.lessons,
        of_itself,
    }
}

fn unreadable(unavailable: IndexUnavailable) -> Judgement {
    Judgement {
        evidence: vec![texts::unreadable(&unavailable)],
        verdict: Verdict::Undecided(Why::IndexUnavailable(unavailable.why)),
        recheck_at: None,
        wants_refresh: false,
        original_time: None,
        span: None,
        lessons: Vec::new(),
        of_itself: false,
    }
}
