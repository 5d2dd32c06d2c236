//! What is said of a notice in the end, and what alone lets it be said.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::judge::{
    Absent, GraceOver, MadeUp, Own, SpfProof, SpfQuestion, StormProof, SurelyNotice, Unvetoed,
};
use crate::profile::LeftAlone;
use crate::sent::{Proved, Reached, Use};
use crate::{Address, Covered, Evidence, MessageId, Span, Uncovered, UnixTime};

/// What shows that the user did not send the original; only [`crate::judge()`] can make one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// An id is given, it is in no index, and the index is whole and proved by use.
    NeverSent(NotSent),
    /// The notice came for an address at an own domain that was never used.
    MadeUp(NeverUsed),
    /// Whatever ids are given, somebody else wrote the original, and no mail of the user resembles it.
    NeverSentProved(Forged),
}

impl Proof {
    /// The rule of the judging table that condemned.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NeverSent(_) => "never_sent",
            Self::MadeUp(_) => "made_up",
            Self::NeverSentProved(_) => "never_sent_proved",
        }
    }
}

/// Ids that are in no index, together with the coverage and the use that prove it.
///
/// Each leg of the proof is a value that only its own test can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotSent {
    ids: Vec<MessageId>,
    covered: Covered,
    proved: Vec<Proved>,
}

impl NotSent {
    /// Puts the legs together; none unless the index is proved by use for each of the addresses.
    pub(crate) fn new(
        _sure: SurelyNotice,
        own: &Own,
        absent: Absent,
        covered: Covered,
        proved: Vec<Proved>,
        _grace: GraceOver,
        _unvetoed: Unvetoed,
    ) -> Option<Self> {
        (proved.len() == own.addresses().len()).then(|| Self { ids: absent.into_ids(), covered, proved })
    }

    /// The ids, at least one.
    #[must_use]
    pub fn ids(&self) -> &[MessageId] {
        &self.ids
    }

    /// The span that is covered.
    #[must_use]
    pub fn covered(&self) -> &Covered {
        &self.covered
    }

    /// The use that proves the index, for each address that the notice came for.
    #[must_use]
    pub fn proved(&self) -> &[Proved] {
        &self.proved
    }
}

/// Addresses that were never used, together with the coverage that proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeverUsed {
    addresses: Vec<Address>,
    covered: Covered,
}

impl NeverUsed {
    /// Puts the legs together.
    pub(crate) fn new(
        _sure: SurelyNotice,
        made_up: MadeUp,
        covered: Covered,
        _grace: GraceOver,
        _unvetoed: Unvetoed,
    ) -> Self {
        Self { addresses: made_up.addresses().to_vec(), covered }
    }

    /// The addresses, at least one.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The span that is covered.
    #[must_use]
    pub fn covered(&self) -> &Covered {
        &self.covered
    }
}

/// What shows that somebody else wrote the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Forgery {
    /// It is one of a storm.
    Storm(StormProof),
    /// The host that sent it must not send for the user's domain.
    Spf(SpfProof),
}

/// A forgery, together with the index that shows that no mail of the user resembles it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forged {
    forgery: Forgery,
    reached: Reached,
}

impl Forged {
    /// Puts the legs together.
    pub(crate) fn new(
        _sure: SurelyNotice,
        _own: &Own,
        forgery: Forgery,
        reached: Reached,
        _grace: GraceOver,
        _unvetoed: Unvetoed,
    ) -> Self {
        Self { forgery, reached }
    }
}

/// A reason to keep a notice although its id is in no index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Veto {
    /// The subject was used in the 30 days before.
    SubjectUsed,
    /// Who the notice is about was written to in the 30 days before.
    WroteTo(Address),
    /// Somebody at this domain was written to in the 30 days before.
    WroteToDomain(String),
    /// A server writes ids of this domain over the user's own.
    RewrittenDomain(String),
    /// Answers name ids of this domain that are in no Sent folder.
    OwnUnseenDomain(String),
    /// The original bears an unchecked DKIM signature of this domain.
    UncheckedSignature(String),
    /// The id that stands for the original is of the notice's own domain.
    NoticesOwnId(String),
}

/// Why a notice stays undecided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It waits: for its grace time, a refresh of the index or a look-up.
    Waiting,
    /// The index cannot be read or is being rebuilt.
    IndexUnavailable(String),
    /// This kind is never moved unless the user chose it.
    LeftAlone(LeftAlone),
    /// The original is itself automatic, or the user's own forward.
    OwnAutomatic,
    /// The original looks as if it had gone through the user's own server.
    MaybeThroughOwnServer,
    /// A known id stands in References alone.
    OnlyReferences,
    /// The notice came for an address that is not known as the user's alone.
    NotOwn(Address),
    /// The notice came for an address that others send as, too.
    Shared(Address),
    /// The notice came for a role address that is not configured by name.
    Role(Address),
    /// The notice names no receiver.
    NoReceiver,
    /// Only rules of low confidence show that it is a notice at all.
    Doubtful,
    /// The notice gives no id of its original.
    NoId,
    /// The original's time cannot be, seen from the notice's.
    TimeImplausible,
    /// The index does not cover the original's time.
    Uncovered(Uncovered),
    /// Too few answers prove the index, or too many name ids that it lacks.
    NotProvedByUse(Use),
    /// Something speaks for the user having sent it all the same.
    Veto(Veto),
}

/// What is said of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The user sent the original; the rule that says so.
    Genuine(&'static str),
    /// The user never sent it.
    Backscatter(Proof),
    /// It was sent through the user's own server, but not by the user.
    Misused,
    /// It cannot be said.
    Undecided(Why),
}

impl Why {
    /// The reason as one word, as `classify --json` prints it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::IndexUnavailable(_) => "index_unavailable",
            Self::LeftAlone(_) => "left_alone",
            Self::OwnAutomatic => "own_automatic",
            Self::MaybeThroughOwnServer => "maybe_through_own_server",
            Self::OnlyReferences => "only_references",
            Self::NotOwn(_) => "not_own",
            Self::Shared(_) => "shared",
            Self::Role(_) => "role",
            Self::NoReceiver => "no_receiver",
            Self::Doubtful => "doubtful",
            Self::NoId => "no_id",
            Self::TimeImplausible => "time_implausible",
            Self::Uncovered(_) => "uncovered",
            Self::NotProvedByUse(_) => "not_proved_by_use",
            Self::Veto(_) => "veto",
        }
    }

    /// The rule of the [`Evidence`] that tells it to the user.
    #[must_use]
    pub fn told_by(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::IndexUnavailable(_) => "index",
            Self::LeftAlone(_) => "left_alone",
            Self::OwnAutomatic => "own_automatic",
            Self::MaybeThroughOwnServer => "misused",
            Self::OnlyReferences => "references",
            Self::NotOwn(_) | Self::Shared(_) | Self::Role(_) | Self::NoReceiver => "whom",
            Self::Doubtful => "doubtful",
            Self::NoId => "no_id",
            Self::TimeImplausible => "time",
            Self::Uncovered(_) => "covered",
            Self::NotProvedByUse(_) => "use",
            Self::Veto(_) => "veto",
        }
    }
}

impl Verdict {
    /// The verdict as one word, as `classify --json` prints it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Genuine(_) => "genuine",
            Self::Backscatter(_) => "backscatter",
            Self::Misused => "misused",
            Self::Undecided(_) => "undecided",
        }
    }

    /// The rule of the judging table that decided, or why none did.
    #[must_use]
    pub fn decided_by(&self) -> &'static str {
        match self {
            Self::Genuine(rule) => rule,
            Self::Backscatter(proof) => proof.rule(),
            Self::Misused => "misused",
            Self::Undecided(why) => why.key(),
        }
    }
}

/// What judging leaves for the agent to learn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lesson {
    /// A server writes ids of this domain over the user's own.
    RewrittenDomain(String),
    /// A genuine original had this address in its reporter's hop.
    Relay(std::net::IpAddr),
}

/// A verdict with all that led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What is said.
    pub verdict: Verdict,
    /// Every fact found, in the order of the judging table.
    pub evidence: Vec<Evidence>,
    /// When to judge again, where time alone may change the verdict; in the server's time.
    pub recheck_at: Option<UnixTime>,
    /// Whether a refresh of the Sent folders that begins now may change the verdict.
    pub wants_refresh: bool,
    /// The time of the original (T of the design).
    pub original_time: Option<UnixTime>,
    /// The span that had to be covered.
    pub span: Option<Span>,
    /// What is to be learned from it.
    pub lessons: Vec<Lesson>,
    /// Whether it is backscatter even if nothing were known of a storm: only then does it show others to be of one.
    pub of_itself: bool,
    /// What the network could be asked that may change the verdict.
    pub asks: Asks,
}

/// What a look-up may settle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Asks {
    /// Whether the host that sent the original may send for the user's domains.
    pub spf: Option<SpfQuestion>,
    /// The own domains of which a DKIM signature on the original could be checked; none where there is nothing to check.
    pub signed_by: BTreeSet<String>,
}

impl Asks {
    /// Whether nothing is to be asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spf.is_none() && self.signed_by.is_empty()
    }
}
