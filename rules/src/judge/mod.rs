//! Judges a notice: every fact is found out first, then an ordered table is asked.
//!
//! The definitions have a file each: [`whom`] the notice came for, [`when`] the original was sent and by whose
//! word, which of its [`ids`] are known, the [`vetoes`], what shows it [`genuine`] or [`misused`], which
//! addresses are [`made_up`], what is a [`proof`] whatever its ids, and what a user could declare ([`declarable`]). [`facts`] gathers them, [`table`] decides, [`texts`] explains.
//!
//! A backscatter verdict needs a value of each leg of its proof (own addresses, absent ids, a covered span,
//! use that proves it, the grace time over, no veto), and each of these can only be made by its own test.

mod declarable;
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

pub use declarable::{declarable, is_forgeable, is_from, sender_in_words};
pub use facts::ASKED_AGAIN;
pub use known::{is_providers_host, is_public_mail_domain};
pub use misused::KNOWN_RELAY;
pub use proof::{SpfQuestion, spf_question};
pub use texts::{SENTENCES, host_named, listed_as_backscatterer};

pub(crate) use known::prepare;

pub(crate) use ids::Absent;
pub(crate) use made_up::MadeUp;
pub use misused::is_private;
pub(crate) use misused::public_address;
pub(crate) use proof::{SpfProof, StormProof};
pub(crate) use sure::SurelyNotice;
pub(crate) use vetoes::{Unvetoed, own_signature};
pub(crate) use when::{GraceOver, original_time, reporters_hop};
pub(crate) use whom::{Own, Whom};

use crate::storm::Resemblance;
use crate::verdict::Asks;
use crate::{IndexUnavailable, Judgement, Notice, Profile, SentMail, UnixTime, Verdict, Why};
use facts::Facts;
use serde::{Deserialize, Serialize};

/// A look-up's answer, or that there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whether the host that sent the original hard-fails SPF for the domain of each address that the notice came for: the
    /// answer to [`spf_question`].
    pub spf_hard_fails: LookUp<bool>,
    /// How long an answer is waited for where there was none; a day from the notice's arrival where this is not told.
    pub waits: Option<Waits>,
    /// How many other originals are like this one; none where nobody keeps count.
    pub resemblance: Resemblance,
}

/// How long an answer of the network is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// It is waited for until then.
    pub until: UnixTime,
    /// It is asked for again then.
    pub again: UnixTime,
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
        asks: asks(&facts, &ruling.verdict, case, looked_up),
        verdict: ruling.verdict,
        recheck_at: ruling.recheck_at,
        wants_refresh: ruling.wants_refresh,
        original_time: Some(facts.time.at),
        span: Some(facts.span),
        lessons: ruling.lessons,
        of_itself,
    }
}

/// What could be asked where only an answer is missing: nothing is told to the network for a mail that is settled, that
/// time may settle, or that no answer would.
fn asks(facts: &Facts<'_>, verdict: &Verdict, case: &Case<'_>, looked_up: &LookedUp) -> Asks {
    let open = match verdict {
        Verdict::Undecided(Why::LeftAlone(_) | Why::IndexUnavailable(_) | Why::OnlyReferences) => false,
        Verdict::Undecided(_) => facts.whom.own.is_ok() && facts.grace_over().is_some(),
        Verdict::Genuine(_) | Verdict::Backscatter(_) | Verdict::Misused => false,
    };
    if !open {
        return Asks::default();
    }
    // What nobody answers is not asked for ever.
    let unanswered = |answer: &LookUp<bool>| match answer {
        LookUp::NotAsked => true,
        LookUp::NoAnswer => facts.look_up.is_some(),
        LookUp::Answer(_) => false,
    };
    let proves = facts.reach.as_ref().is_some_and(|reach| reach.reached.is_ok())
        && facts.through.is_empty()
        && facts.unvetoed().or_else(|| facts.vetoes.none_but_rewritten()).is_some();
    let signed = unanswered(&looked_up.own_signature);
    Asks {
        spf: (proves && unanswered(&looked_up.spf_hard_fails))
            .then(|| spf_question(case.notice, case.arrived, facts.profile))
            .flatten(),
        signed_by: signed
            .then(|| vetoes::own_signatures(facts.original, &facts.whom, facts.profile))
            .into_iter()
            .flatten()
            .map(|signature| signature.domain.clone())
            .collect(),
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
        asks: Asks::default(),
    }
}
