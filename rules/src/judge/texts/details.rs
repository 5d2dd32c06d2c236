//! What stands behind the sentences: ids, fields, addresses and times, for those who know mail.

use super::super::facts::{Facts, Reach};
use super::super::proof::StormProof;
use super::super::when::Source;
use super::quoted;
use crate::notice::ReceiverField;
use crate::sent::Use;
use crate::trace::Hop;
use crate::verdict::Veto;
use crate::{Address, MessageId, Span, Uncovered};

/// Ids, addresses and fields that are named at most.
const NAMED: usize = 5;

fn listed(texts: impl IntoIterator<Item = String>) -> String {
    let mut texts = texts.into_iter();
    let mut named: Vec<String> = texts.by_ref().take(NAMED).collect();
    if texts.next().is_some() {
        named.push("\u{2026}".to_owned());
    }
    named.join(", ")
}

/// The span between two times, in UTC.
fn span(of: Span) -> String {
    format!("{} to {}", of.from, of.to)
}

pub(super) fn ids<'i>(ids: impl IntoIterator<Item = &'i MessageId>) -> String {
    let ids = ids.into_iter().map(|id| format!("<{}>", quoted(id.as_str())));
    format!("Message-ID: {}", listed(ids))
}

pub(super) fn references(id: &MessageId) -> String {
    format!("References: <{}>", quoted(id.as_str()))
}

pub(super) fn addresses(addresses: &[Address]) -> String {
    listed(addresses.iter().map(|address| quoted(address.as_str())))
}

/// The fields of the notice that name its receivers.
pub(super) fn receivers(facts: &Facts<'_>) -> String {
    let name = |field: ReceiverField| match field {
        ReceiverField::To => "To",
        ReceiverField::DeliveredTo => "Delivered-To",
        ReceiverField::XOriginalTo => "X-Original-To",
        ReceiverField::EnvelopeTo => "Envelope-To",
        ReceiverField::TraceFor => "Received: for",
    };
    let named = facts.notice.outer.receivers.iter();
    listed(named.map(|(field, address)| format!("{} {}", name(*field), quoted(address.as_str()))))
}

/// How much of the original came back.
pub(super) fn returned(facts: &Facts<'_>) -> String {
    let returned = facts.original.map(|original| original.returned).unwrap_or_default();
    format!("returned: {}", format!("{returned:?}").to_lowercase())
}

/// What the notice is, and by what that was seen.
pub(super) fn kind(facts: &Facts<'_>) -> String {
    let status = facts.notice.status.map(|status| format!(", status {status}")).unwrap_or_default();
    format!("recognised by {}{status}", quoted(&facts.notice.recognised_by))
}

/// The line that the reporting server wrote when it took the original.
pub(super) fn hop(facts: &Facts<'_>) -> String {
    facts.hop.map(line).unwrap_or_default()
}

fn line(hop: &Hop) -> String {
    let helo = hop.helo.as_deref().unwrap_or("?");
    let rdns = hop.rdns.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    let ip = hop.from_ip.map(|ip| format!(" ({rdns}[{ip}])")).unwrap_or_default();
    let by = hop.by.as_deref().unwrap_or("?");
    let with = hop.with.as_deref().map(|with| format!(" with {with}")).unwrap_or_default();
    quoted(&format!("Received: from {helo}{ip} by {by}{with}"))
}

/// The lines of the trace of the original, the topmost first.
pub(super) fn trace(facts: &Facts<'_>) -> String {
    let lines = facts.original.map(|original| original.trace.as_slice()).unwrap_or_default();
    lines.iter().take(NAMED).map(line).collect::<Vec<_>>().join("; ")
}

pub(super) fn storm(facts: &Facts<'_>, storm: &StormProof) -> String {
    let others = storm.others;
    format!(
        "condemned with this subject: {}, from this address: {}; alike: {} from {} networks; {}",
        others.condemned_by_subject,
        others.condemned_by_address,
        others.alike,
        others.networks,
        hop(facts)
    )
}

/// T, and what told it.
pub(super) fn time(facts: &Facts<'_>) -> String {
    let by = match facts.time.source {
        Source::ArrivalDate => "Arrival-Date of the report",
        Source::ReportersHop => "Received of the reporting server",
        Source::Notice => "INTERNALDATE of the notice",
    };
    let date = facts.original.and_then(|original| original.date).map(|date| format!("; its Date: {date}"));
    format!("{by}: {}{}", facts.time.at, date.unwrap_or_default())
}

pub(super) fn coverage(facts: &Facts<'_>, reach: &Reach) -> String {
    let coverage = &reach.coverage;
    let from = coverage.from.map_or_else(|| "nothing".to_owned(), |from| from.to_string());
    let hole = match &reach.covered {
        Err(Uncovered::Hole(hole)) => format!("; a hole from {}", span(*hole)),
        Ok(_) | Err(_) => String::new(),
    };
    // Not when it was read last: that changes with each reading, and would have each notice written anew.
    format!("asked for: {}; known from {from}{hole}", span(facts.span))
}

/// The span of the answers that prove the sent mail, with their number.
pub(super) fn used(facts: &Facts<'_>, used: Use) -> String {
    if used.answers == u32::MAX {
        return String::new();
    }
    format!("{} of {} answers from {}", used.known, used.answers, span(facts.time.use_span()))
}

pub(super) fn veto(facts: &Facts<'_>, veto: &Veto) -> String {
    match veto {
        Veto::SubjectUsed => {
            let subject = facts.original.and_then(|original| original.subject.as_deref());
            format!("Subject: {}", quoted(subject.unwrap_or_default()))
        }
        Veto::WroteTo(address) => quoted(address.as_str()),
        Veto::WroteToDomain(_) => span(facts.time.before()),
        Veto::RewrittenDomain(_) | Veto::OwnUnseenDomain(_) | Veto::NoticesOwnId(_) => ids(facts.ids.given()),
        Veto::UncheckedSignature(domain) => {
            let signatures =
                facts.original.map(|original| original.signatures.as_slice()).unwrap_or_default();
            let of = signatures.iter().filter(|signature| signature.domain == *domain);
            listed(of.map(|one| quoted(&format!("DKIM-Signature: d={}; s={}", one.domain, one.selector))))
        }
    }
}
