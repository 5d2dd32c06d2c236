//! The ordered table of the design: the first rule that speaks decides.

use super::facts::Facts;
use super::genuine;
use super::misused::{Through, public_address};
use super::sure::SurelyNotice;
use crate::verdict::{Forged, Lesson, NeverUsed, NotSent, Proof, Veto};
use crate::{Kind, Span, Uncovered, UnixTime, Verdict, Why};

/// What a rule says.
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) recheck_at: Option<UnixTime>,
    pub(super) wants_refresh: bool,
    pub(super) lessons: Vec<Lesson>,
}

impl Ruling {
    fn new(verdict: Verdict) -> Self {
        Self { verdict, recheck_at: None, wants_refresh: false, lessons: Vec::new() }
    }

    fn undecided(why: Why) -> Self {
        Self::new(Verdict::Undecided(why))
    }
}

type Rule = fn(&Facts<'_>) -> Option<Ruling>;

/// The rules in their order.
///
/// A known id in References alone is asked after the other rules that rescue: any of those says more, and is
/// something that the user can settle by a declaration.
const TABLE: [Rule; 11] = [
    sent,
    own_report,
    rewritten,
    declared,
    only_references,
    left_alone,
    own_automatic,
    misused,
    made_up,
    never_sent,
    never_sent_proved,
];

/// Asks the rules in their order.
pub(super) fn decide(facts: &Facts<'_>) -> Ruling {
    let mut ruling = TABLE
        .iter()
        .find_map(|rule| rule(facts))
        .or_else(|| waiting(facts))
        .unwrap_or_else(|| Ruling::undecided(unknown(facts)));
    // Whatever else holds a notice back: a copy that comes within the grace time can still make it genuine.
    if matches!(ruling.verdict, Verdict::Undecided(_)) && facts.grace_over().is_none() {
        ruling.recheck_at = Some(ruling.recheck_at.map_or(facts.grace.ends, |at| at.min(facts.grace.ends)));
    }
    ruling
}

fn sent(facts: &Facts<'_>) -> Option<Ruling> {
    facts.ids.mail.as_ref()?;
    let relay = facts.hop.and_then(public_address).map(Lesson::Relay);
    Some(Ruling { lessons: relay.into_iter().collect(), ..Ruling::new(Verdict::Genuine("sent")) })
}

fn own_report(facts: &Facts<'_>) -> Option<Ruling> {
    facts.ids.report.as_ref().map(|_| Ruling::new(Verdict::Genuine("own_report")))
}

fn rewritten(facts: &Facts<'_>) -> Option<Ruling> {
    let domain = genuine::rewritten_domain(facts).map(Lesson::RewrittenDomain);
    facts.copy_found.then(|| Ruling {
        lessons: domain.into_iter().collect(),
        ..Ruling::new(Verdict::Genuine("rewritten"))
    })
}

fn declared(facts: &Facts<'_>) -> Option<Ruling> {
    facts.declared.map(|_| Ruling::new(Verdict::Genuine("declared")))
}

fn only_references(facts: &Facts<'_>) -> Option<Ruling> {
    let referenced = facts.ids.referenced.as_ref().filter(|_| facts.storm.is_none());
    referenced.map(|_| Ruling::undecided(Why::OnlyReferences))
}

fn left_alone(facts: &Facts<'_>) -> Option<Ruling> {
    let kind = facts.left_alone.filter(|kind| !facts.profile.judged_kinds.contains(kind))?;
    Some(Ruling::undecided(Why::LeftAlone(kind)))
}

fn own_automatic(facts: &Facts<'_>) -> Option<Ruling> {
    let automatic = facts.original.is_some_and(|original| original.automatic);
    let kept = (automatic || facts.forward) && facts.forgery().is_none();
    kept.then(|| Ruling::undecided(Why::OwnAutomatic))
}

/// "No copy in Sent" is only said of a Sent folder that had the time to get one.
fn misused(facts: &Facts<'_>) -> Option<Ruling> {
    let strongest = facts.through.first().filter(|_| facts.whom.own.is_ok())?;
    Some(match strongest {
        Through::Maybe(_) => Ruling::undecided(Why::MaybeThroughOwnServer),
        Through::Signature | Through::Relay(_) | Through::OwnServer(_) => {
            wait(facts, None).unwrap_or_else(|| Ruling::new(Verdict::Misused))
        }
    })
}

/// The index must be complete from before T to its last refresh, not to T alone: a From of any time since
/// then shows the address to be in use.
fn made_up(facts: &Facts<'_>) -> Option<Ruling> {
    if !matches!(facts.notice.kind, Kind::Bounce | Kind::VirusNotice) && facts.storm.is_none() {
        return None;
    }
    let made_up = facts.made_up.clone()?;
    let grace = facts.grace_over()?;
    let unvetoed = facts.unvetoed()?;
    let coverage = &facts.reach.as_ref()?.coverage;
    let to = coverage.refreshed.max(facts.span.to).min(facts.now.max(facts.span.to));
    let covered = coverage.prove(Span::new(facts.span.from, to), facts.refreshed_after).ok()?;
    let sure = SurelyNotice::is(facts.notice)?;
    let never_used = NeverUsed::new(sure, made_up, covered, grace, unvetoed);
    Some(Ruling::new(Verdict::Backscatter(Proof::MadeUp(never_used))))
}

fn never_sent(facts: &Facts<'_>) -> Option<Ruling> {
    let own = facts.whom.own.as_ref().ok()?;
    let absent = facts.ids.absent()?;
    let grace = facts.grace_over()?;
    let unvetoed = facts.unvetoed()?;
    let reach = facts.reach.as_ref()?;
    let covered = reach.covered.clone().ok()?;
    let proved = reach.uses.iter().map(|(_, used)| used.prove().ok()).collect::<Option<Vec<_>>>()?;
    let sure = SurelyNotice::is(facts.notice)?;
    let not_sent = NotSent::new(sure, own, absent, covered, proved, grace, unvetoed)?;
    Some(Ruling::new(Verdict::Backscatter(Proof::NeverSent(not_sent))))
}

/// Asks for no id and no proof by use: it is proved that somebody else wrote it.
fn never_sent_proved(facts: &Facts<'_>) -> Option<Ruling> {
    let own = facts.whom.own.as_ref().ok()?;
    let forgery = facts.forgery()?;
    let reached = facts.reach.as_ref()?.reached.clone().ok()?;
    let grace = facts.grace_over()?;
    let unvetoed = facts.unvetoed().or_else(|| facts.vetoes.none_but_rewritten())?;
    let sure = SurelyNotice::is(facts.notice)?;
    let proof = Forged::new(sure, own, forgery, reached, grace, unvetoed);
    Some(Ruling::new(Verdict::Backscatter(Proof::NeverSentProved(proof))))
}

/// Waits for what comes by itself: the end of the grace time, a refresh of the Sent folders, a look-up.
fn waiting(facts: &Facts<'_>) -> Option<Ruling> {
    wait(facts, facts.look_up.map(|look_up| look_up.again))
}

fn wait(facts: &Facts<'_>, look_up: Option<UnixTime>) -> Option<Ruling> {
    let grace = facts.grace_over().is_none().then_some(facts.grace.ends);
    let refresh = facts.reach.as_ref().and_then(|reach| match reach.covered {
        Err(Uncovered::Stale { needed, .. }) => Some(needed),
        _ => None,
    });
    if grace.is_none() && refresh.is_none() && look_up.is_none() {
        return None;
    }
    let refresh_later = refresh.filter(|needed| *needed > facts.now);
    Some(Ruling {
        recheck_at: [grace, refresh_later, look_up].into_iter().flatten().min(),
        wants_refresh: refresh.is_some_and(|needed| needed <= facts.now),
        ..Ruling::undecided(Why::Waiting)
    })
}

/// The reason that stands first among those that hold a notice back, so that notices with one remedy have one
/// reason: whose address it is, what the notice tells, what speaks for it, how far the index reaches.
fn unknown(facts: &Facts<'_>) -> Why {
    if let Err(why) = &facts.whom.own {
        return why.clone();
    }
    if facts.notice.doubtful {
        return Why::Doubtful;
    }
    if facts.ids.given().is_empty() {
        return Why::NoId;
    }
    let Some(reach) = facts.reach.as_ref() else { return Why::TimeImplausible };
    if let Some(veto) = facts.vetoes.found.first() {
        return Why::Veto(weightiest(veto, &facts.vetoes.found));
    }
    if let Err(uncovered) = &reach.covered {
        return Why::Uncovered(uncovered.clone());
    }
    let unproved = reach.uses.iter().map(|(_, used)| *used).find(|used| !used.proves());
    Why::NotProvedByUse(unproved.unwrap_or_default())
}

/// Of several vetoes the one that a declaration or a look-up can settle, since it settles many notices at once.
fn weightiest(first: &Veto, all: &[Veto]) -> Veto {
    let settles_many = |veto: &&Veto| {
        matches!(veto, Veto::RewrittenDomain(_) | Veto::OwnUnseenDomain(_) | Veto::UncheckedSignature(_))
    };
    all.iter().find(settles_many).unwrap_or(first).clone()
}
