//! All that is found out about a notice before the table is asked.

use super::misused::{self, Through};
use super::proof::{self, SpfProof, StormProof};
use super::when::{Grace, GraceOver, OriginalTime, reporters_hop};
use super::whom::Whom;
use super::{
    Case, LookUp, LookedUp, Waits, genuine,
    ids::Ids,
    made_up,
    made_up::MadeUp,
    vetoes,
    vetoes::{Unvetoed, Vetoes},
};
use crate::profile::{Declared, LeftAlone};
use crate::sent::{Coverage, Reached, Use};
use crate::storm::Likeness;
use crate::time::{DAY, HOUR};
use crate::trace::Hop;
use crate::verdict::Forgery;
use crate::{
    Action, Address, Covered, IndexUnavailable, Kind, Notice, Original, Profile, SentMail, Span, Uncovered,
    UnixTime,
};

/// How far the index reaches for A: all accounts that send as any of its addresses, together.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// What is covered at all.
    pub(super) coverage: Coverage,
    /// Whether it reaches over the span that has to be covered.
    pub(super) reached: Result<Reached, Uncovered>,
    /// Whether that span is covered.
    pub(super) covered: Result<Covered, Uncovered>,
    /// How answers bear out the index, for each address of A.
    pub(super) uses: Vec<(Address, Use)>,
}

/// A look-up without an answer is made again after so many seconds.
pub const ASKED_AGAIN: i64 = HOUR / 2;

/// All facts about a notice; every fact is sought, whatever the others say.
pub(super) struct Facts<'a> {
    pub(super) notice: &'a Notice,
    pub(super) now: UnixTime,
    pub(super) profile: &'a Profile,
    pub(super) original: Option<&'a Original>,
    pub(super) whom: Whom,
    pub(super) hop: Option<&'a Hop>,
    pub(super) time: OriginalTime,
    pub(super) span: Span,
    pub(super) grace: Grace,
    /// When the last refresh must have begun.
    pub(super) refreshed_after: UnixTime,
    pub(super) ids: Ids,
    pub(super) copy_found: bool,
    pub(super) declared: Option<&'a Declared>,
    pub(super) left_alone: Option<LeftAlone>,
    pub(super) forward: bool,
    pub(super) through: Vec<Through>,
    pub(super) vetoes: Vetoes,
    pub(super) storm: Option<StormProof>,
    pub(super) spf: Option<SpfProof>,
    /// None where A is not the user's own or T cannot be: then nothing would follow from it.
    pub(super) reach: Option<Reach>,
    pub(super) made_up: Option<MadeUp>,
    /// Until when an answer of the network is waited for, and when it is asked for again.
    pub(super) look_up: Option<Waits>,
}

impl<'a> Facts<'a> {
    /// The grace time is over, or none is needed.
    pub(super) fn grace_over(&self) -> Option<GraceOver> {
        self.storm.as_ref().map(Grace::waived).or_else(|| self.grace.over(self.now))
    }

    /// What shows that somebody else wrote the original; a storm first, which shows more.
    pub(super) fn forgery(&self) -> Option<Forgery> {
        self.storm.map(Forgery::Storm).or(self.spf.map(Forgery::Spf))
    }

    /// Nothing speaks against "never sent", or what does is lifted.
    pub(super) fn unvetoed(&self) -> Option<Unvetoed> {
        let lifted = || {
            let whole = self.reach.as_ref()?.covered.as_ref().ok()?;
            self.vetoes.lifted(self.storm.as_ref()?, whole)
        };
        self.vetoes.none().or_else(lifted)
    }

    /// Finds out everything; stops at the first question that the index cannot answer.
    pub(super) fn gather(
        case: &Case<'a>,
        sent: &dyn SentMail,
        profile: &'a Profile,
        looked_up: &LookedUp,
        now: UnixTime,
    ) -> Result<Self, IndexUnavailable> {
        let (notice, arrived) = (case.notice, case.arrived);
        let original = notice.original.as_ref();
        let whom = Whom::new(notice, profile);
        let hop = reporters_hop(notice);
        let time = OriginalTime::new(notice, hop, arrived);
        let span = time.span(original.and_then(|original| original.date).map(|date| date.at));
        let grace = Grace::new(arrived, case.grace);
        let ids = Ids::look_up(original, sent)?;
        let signature = vetoes::own_signature(original, &whom, profile);
        let unchecked = signature.filter(|_| looked_up.own_signature != LookUp::Answer(false));
        let vetoes = Vetoes::seek(notice, &time, ids.given(), unchecked, sent, now)?;
        let alike = looked_up.resemblance.by_subject() || looked_up.resemblance.by_address();
        let likeness = alike.then(|| Likeness::of(notice, arrived, profile)).flatten();
        let storm = proof::storm(likeness.as_ref(), looked_up.resemblance, sent)?;
        // No copy is waited for where none can come.
        let after = if storm.is_some() { arrived } else { grace.ends };
        let reach = reach(&whom, &time, span, after, sent)?;
        let outstanding = signature.is_some() && looked_up.own_signature == LookUp::NoAnswer
            || looked_up.spf_hard_fails == LookUp::NoAnswer;
        let usual = || Waits { until: arrived.plus(DAY), again: now.plus(ASKED_AGAIN) };
        let waits = outstanding.then(|| looked_up.waits.unwrap_or_else(usual));
        let look_up = waits.filter(|waits| now < waits.until).map(|Waits { until, again }| Waits {
            until,
            // What was to be asked again before now is asked with this.
            again: if again > now { again.min(until) } else { until.min(now.plus(ASKED_AGAIN)) },
        });
        Ok(Self {
            made_up: made_up::seek(&whom, profile, sent)?,
            copy_found: genuine::copy_found(notice, &time, sent)?,
            declared: genuine::declared(profile, original, ids.given(), hop),
            left_alone: left_alone(notice),
            forward: original.is_some_and(|original| is_forward(original, &whom, profile)),
            through: misused::seek(notice, hop, &whom, profile, looked_up, sent)?,
            notice,
            now,
            profile,
            original,
            whom,
            hop,
            time,
            span,
            grace,
            refreshed_after: after,
            ids,
            vetoes,
            storm,
            spf: proof::spf(notice, arrived, profile, &looked_up.spf_hard_fails),
            reach,
            look_up,
        })
    }
}

fn reach(
    whom: &Whom,
    time: &OriginalTime,
    span: Span,
    after: UnixTime,
    sent: &dyn SentMail,
) -> Result<Option<Reach>, IndexUnavailable> {
    let (Ok(own), true) = (&whom.own, time.plausible) else { return Ok(None) };
    let mut coverages = Vec::new();
    let mut uses = Vec::new();
    for address in own.addresses() {
        coverages.push(sent.coverage(address)?);
        uses.push((address.clone(), sent.used(address, time.use_span())?));
    }
    let coverage = Coverage::joined(coverages);
    let (reached, covered) = (coverage.reach(span, after), coverage.prove(span, after));
    Ok(Some(Reach { coverage, reached, covered, uses }))
}

/// The kind of `left_alone` that a notice is.
fn left_alone(notice: &Notice) -> Option<LeftAlone> {
    let succeeded = match notice.action {
        Some(Action::Delivered | Action::Relayed | Action::Expanded) => true,
        Some(Action::Failed | Action::Delayed) => false,
        None => notice.status.is_some_and(|status| status.class == 2),
    };
    match notice.kind {
        _ if notice.postmaster_copy => Some(LeftAlone::PostmasterCopy),
        Kind::AbuseReport => Some(LeftAlone::AbuseReport),
        Kind::Receipt => Some(LeftAlone::Receipt),
        Kind::Bounce if succeeded => Some(LeftAlone::SuccessReport),
        Kind::Bounce | Kind::AutoReply | Kind::Challenge | Kind::VirusNotice | Kind::ListNotice => None,
    }
}

/// Whether the original looks like mail to the user that the user's server sent on: to A, From another.
fn is_forward(original: &Original, whom: &Whom, profile: &Profile) -> bool {
    let is_users = |address: &Address| {
        whom.is(address) || profile.own.contains(address) || profile.own.contains(&address.bare())
    };
    let from_a = original.from.as_ref().is_some_and(|from| whom.is(from));
    !from_a && original.to.iter().any(is_users)
}
