//! What the user reads: one sentence for each fact, in the order of the table.

mod details;
mod hosts;
mod sentences;

use super::facts::{Facts, Reach};
use super::misused::{Hint, Through};
use super::proof::{StormBy, StormProof};
use super::table::Ruling;
use super::when::Source;
use crate::chain;
use crate::profile::{Declared, LeftAlone};
use crate::sentence::Argument;
use crate::verdict::Veto;
use crate::{Evidence, IndexUnavailable, Says, Uncovered, Verdict, Why};

pub use hosts::{host_named, listed_as_backscatterer};
pub use sentences::SENTENCES;

/// How much of a text of the mail is quoted, in characters.
const QUOTED: usize = 120;

/// Every fact found, each with its sentence.
pub(super) fn evidence(facts: &Facts<'_>, ruling: &Ruling) -> Vec<Evidence> {
    let mut list = Vec::new();
    list.push(whom(facts));
    ids(facts, &mut list);
    rescues(facts, &mut list);
    kept(facts, &mut list);
    list.extend(facts.through.iter().map(|one| hosts::through(one).with(details::hop(facts))));
    if facts.made_up.is_some() {
        let fact = Evidence::told("made_up", Says::NotMine, sentences::MADE_UP.tell([]));
        list.push(fact.with(details::addresses(&facts.whom.addresses)));
    }
    list.extend(facts.storm.as_ref().map(|found| storm(found).with(details::storm(facts, found))));
    list.extend(facts.spf.map(|proof| hosts::spf(facts, proof)));
    if let Some(chain) = chain::follow(facts.notice, facts.profile) {
        hosts::trace(chain, &details::trace(facts), &mut list);
    }
    list.extend(hosts::authenticated(facts.notice, facts.profile));
    list.push(time(facts));
    if let Some(reach) = &facts.reach {
        list.push(covered(reach).with(details::coverage(facts, reach)));
        list.extend(reach.uses.iter().map(|(address, used)| {
            let (address, answers, known) = (address.into(), used.answers.into(), used.known.into());
            let said = match (used.proves(), used.answers) {
                (true, u32::MAX) => sentences::USE_TAKEN.tell([address]),
                (true, _) => sentences::USE_PROVES.tell([address, answers, known]),
                (false, 0..5) => sentences::USE_TOO_FEW.tell([address, answers]),
                (false, _) => sentences::USE_MISSING.tell([address, answers, known]),
            };
            Evidence::told("use", Says::Hint, said).with(details::used(facts, *used))
        }));
    }
    list.extend(facts.vetoes.found.iter().map(|found| veto(facts, found)));
    waiting(facts, ruling, &mut list);
    list
}

/// The one fact there is where the index cannot be read.
pub(super) fn unreadable(unavailable: &IndexUnavailable) -> Evidence {
    let said = sentences::INDEX.tell([quoted(&unavailable.why).into()]);
    Evidence::told("index", Says::Hint, said)
}

fn whom(facts: &Facts<'_>) -> Evidence {
    let said = match &facts.whom.own {
        Ok(own) => {
            let names: Vec<&str> = own.addresses().iter().take(5).map(crate::Address::as_str).collect();
            sentences::WHOM_OWN.tell([names.join(", ").into()])
        }
        Err(Why::Shared(address)) => sentences::WHOM_SHARED.tell([address.into()]),
        Err(Why::NotOwn(address)) => sentences::WHOM_NOT_OWN.tell([address.into()]),
        Err(Why::Role(address)) => sentences::WHOM_ROLE.tell([address.into()]),
        Err(_) => sentences::WHOM_NOBODY.tell([]),
    };
    Evidence::told("whom", Says::Hint, said).with(details::receivers(facts))
}

fn ids(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if let Some((id, at)) = &facts.ids.mail {
        let said = sentences::SENT.tell([Argument::Day(*at)]);
        list.push(Evidence::told("sent", Says::Mine, said).with(details::ids([id])));
    }
    if let Some((id, at)) = &facts.ids.report {
        let said = sentences::OWN_REPORT.tell([Argument::Day(*at)]);
        list.push(Evidence::told("own_report", Says::Mine, said).with(details::ids([id])));
    }
    if let Some(id) = &facts.ids.referenced {
        let said = sentences::REFERENCES.tell([]);
        list.push(Evidence::told("references", Says::Hint, said).with(details::references(id)));
    }
    if facts.ids.absent().is_some() {
        let whole = facts
            .reach
            .as_ref()
            .is_some_and(|reach| reach.covered.is_ok() && reach.uses.iter().all(|(_, used)| used.proves()));
        let (says, sentence) =
            if whole { (Says::NotMine, sentences::NEVER_SENT) } else { (Says::Hint, sentences::NOT_FOUND) };
        let fact = Evidence::told("never_sent", says, sentence.tell([]));
        list.push(fact.with(details::ids(facts.ids.given())));
    } else if facts.ids.given().is_empty() {
        let said = sentences::NO_ID.tell([]);
        list.push(Evidence::told("no_id", Says::Hint, said).with(details::returned(facts)));
    }
}

fn rescues(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if facts.copy_found && facts.ids.mail.is_none() {
        let said = sentences::REWRITTEN.tell([]);
        list.push(Evidence::told("rewritten", Says::Mine, said).with(details::ids(facts.ids.given())));
    }
    if let Some(declared) = facts.declared {
        let said = match declared {
            Declared::Relay(address) => sentences::DECLARED_RELAY.tell([address.to_string().into()]),
            Declared::Id(pattern) => sentences::DECLARED_ID.tell([quoted(pattern).into()]),
            Declared::Header(pattern) => sentences::DECLARED_HEADER.tell([quoted(pattern).into()]),
            Declared::Dkim(selector) => sentences::DECLARED_DKIM.tell([quoted(selector).into()]),
        };
        list.push(Evidence::told("declared", Says::Mine, said).with(declared.to_string()));
    }
}

/// A declared sender in words.
pub(super) fn sender(declared: &Declared) -> String {
    match declared {
        Declared::Relay(address) => format!("mail that comes from the server {address}"),
        Declared::Id(pattern) => format!("mail numbered {}", quoted(pattern)),
        Declared::Header(pattern) => format!("mail marked {}", quoted(pattern)),
        Declared::Dkim(selector) => format!("mail signed with {}", quoted(selector)),
    }
}

fn kept(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if facts.notice.doubtful {
        let said = sentences::DOUBTFUL.tell([]);
        list.push(Evidence::told("doubtful", Says::Hint, said).with(details::kind(facts)));
    }
    if let Some(kind) = facts.left_alone {
        let said = match kind {
            LeftAlone::AbuseReport => sentences::ABUSE_REPORT.tell([]),
            LeftAlone::PostmasterCopy => sentences::POSTMASTER_COPY.tell([]),
            LeftAlone::Receipt => sentences::RECEIPT.tell([]),
            LeftAlone::SuccessReport => sentences::SUCCESS_REPORT.tell([]),
        };
        list.push(Evidence::told("left_alone", Says::Hint, said).with(details::kind(facts)));
    }
    if facts.original.is_some_and(|original| original.automatic) {
        list.push(Evidence::told("own_automatic", Says::Hint, sentences::OWN_AUTOMATIC.tell([])));
    }
    if facts.forward {
        list.push(Evidence::told("own_automatic", Says::Hint, sentences::FORWARD.tell([])));
    }
}

fn storm(storm: &StormProof) -> Evidence {
    let others = storm.others;
    let said = match storm.by {
        StormBy::Subject => sentences::STORM_SUBJECT.tell([others.condemned_by_subject.into()]),
        StormBy::Networks => sentences::STORM_NETWORKS.tell([others.alike.into(), others.networks.into()]),
        StormBy::Address(address) => {
            sentences::STORM_ADDRESS.tell([address.to_string().into(), others.condemned_by_address.into()])
        }
    };
    Evidence::told("storm", Says::NotMine, said)
}

fn time(facts: &Facts<'_>) -> Evidence {
    let at = Argument::time(facts.time.at);
    let said = match (facts.time.plausible, facts.time.source) {
        (false, _) => sentences::TIME_IMPLAUSIBLE.tell([at]),
        (true, Source::ArrivalDate) => sentences::TIME_REPORTED.tell([at]),
        (true, Source::ReportersHop) => sentences::TIME_REACHED.tell([at]),
        (true, Source::Notice) => sentences::TIME_OF_NOTICE.tell([at]),
    };
    Evidence::told("time", Says::Hint, said).with(details::time(facts))
}

fn covered(reach: &Reach) -> Evidence {
    let said = match &reach.covered {
        Ok(covered) => {
            let span = covered.span();
            sentences::COVERED.tell([Argument::time(span.from), Argument::time(span.to)])
        }
        Err(Uncovered::NotRead) => sentences::NOT_READ.tell([]),
        Err(Uncovered::BeforeOldest { oldest }) => sentences::BEFORE_OLDEST.tell([Argument::time(*oldest)]),
        Err(Uncovered::Stale { refreshed, .. }) => sentences::STALE.tell([Argument::time(*refreshed)]),
        Err(Uncovered::Hole(hole)) => {
            let (first, last) = (hole.from.min(hole.to), hole.from.max(hole.to));
            sentences::HOLE.tell([Argument::time(first), Argument::time(last)])
        }
    };
    Evidence::told("covered", Says::Hint, said)
}

fn veto(facts: &Facts<'_>, veto: &Veto) -> Evidence {
    let valid = facts
        .through
        .iter()
        .any(|through| matches!(through, Through::Signature | Through::Maybe(Hint::SignatureForAnother)));
    let (says, said) = match veto {
        Veto::SubjectUsed => (Says::Mine, sentences::SUBJECT_USED.tell([])),
        Veto::WroteTo(address) => (Says::Mine, sentences::WROTE_TO.tell([address.into()])),
        Veto::WroteToDomain(domain) => (Says::Mine, sentences::WROTE_TO_DOMAIN.tell([quoted(domain).into()])),
        Veto::RewrittenDomain(domain) => {
            (Says::Hint, sentences::REWRITTEN_DOMAIN.tell([quoted(domain).into()]))
        }
        Veto::OwnUnseenDomain(domain) => {
            (Says::Hint, sentences::OWN_UNSEEN_DOMAIN.tell([quoted(domain).into()]))
        }
        Veto::UncheckedSignature(domain) => {
            let sentence = if valid { sentences::SIGNATURE_VALID } else { sentences::SIGNATURE_UNCHECKED };
            (Says::Hint, sentence.tell([quoted(domain).into()]))
        }
        Veto::NoticesOwnId(domain) => (Says::Hint, sentences::NOTICES_OWN_ID.tell([quoted(domain).into()])),
    };
    Evidence::told("veto", says, said).with(details::veto(facts, veto))
}

fn waiting(facts: &Facts<'_>, ruling: &Ruling, list: &mut Vec<Evidence>) {
    let mut add = |said| list.push(Evidence::told("waiting", Says::Hint, said));
    if facts.grace_over().is_none() {
        add(sentences::WAITING_GRACE.tell([Argument::time(facts.grace.ends)]));
    }
    if let Some(look_up) = facts.look_up {
        add(sentences::WAITING_LOOK_UP.tell([Argument::time(look_up.until)]));
    }
    if ruling.wants_refresh && matches!(ruling.verdict, Verdict::Undecided(Why::Waiting)) {
        add(sentences::WAITING_REFRESH.tell([]));
    }
}

/// A text of the mail as it may stand in a sentence: cut, and without characters that hide or turn others.
fn quoted(text: &str) -> String {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    text.chars().filter(|c| !hides(*c)).take(QUOTED).collect()
}
