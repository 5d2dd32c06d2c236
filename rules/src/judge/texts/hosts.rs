//! What is said of servers: which the mail came through, who handed it on, what the network and the user's provider say.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::super::misused::{Hint, Through};
use super::super::proof::SpfProof;
use super::{quoted, sentences};
use crate::chain::{Chain, Doubt};
use crate::judge::facts::Facts;
use crate::{Evidence, Notice, Profile, Says};

pub(super) fn through(through: &Through) -> Evidence {
    let (says, said) = match through {
        Through::Signature => (Says::ThroughMyServer, sentences::SIGNATURE.tell([])),
        Through::Relay(ip) => (Says::ThroughMyServer, sentences::RELAY.tell([(*ip).into()])),
        Through::OwnServer(name) => {
            (Says::ThroughMyServer, sentences::OWN_SERVER.tell([quoted(name).into()]))
        }
        Through::Maybe(Hint::SignatureForAnother) => (Says::Hint, sentences::MAYBE_SIGNATURE.tell([])),
        Through::Maybe(Hint::Relay(ip, seen)) => {
            (Says::Hint, sentences::MAYBE_RELAY.tell([(*ip).into(), (*seen).into()]))
        }
        Through::Maybe(Hint::OwnServer(name)) => {
            (Says::Hint, sentences::MAYBE_SERVER.tell([quoted(name).into()]))
        }
    };
    Evidence::told("misused", says, said)
}

pub(super) fn spf(facts: &Facts<'_>, proof: SpfProof) -> Evidence {
    let domains: BTreeSet<&str> = facts.whom.addresses.iter().map(crate::Address::domain).collect();
    let domains: Vec<&str> = domains.into_iter().collect();
    let domains = quoted(&domains.join(", "));
    let detail = format!("SPF (RFC 7208) of {domains}: fail for {}", proof.address);
    let said = sentences::SPF.tell([proof.address.to_string().into(), domains.into()]);
    Evidence::told("spf", Says::NotMine, said).with(detail)
}

/// Who handed the mail on, where that tells something: a false name, or lines that were forged.
pub(super) fn trace(chain: Chain, detail: &str, list: &mut Vec<Evidence>) {
    let Chain { injector, broken, .. } = chain;
    let host = match (injector.ip, &injector.rdns) {
        (Some(ip), Some(name)) => format!("{} ({ip})", quoted(name)),
        (Some(ip), None) => ip.to_string(),
        (None, name) => match name.as_ref().or(injector.helo.as_ref()) {
            Some(name) => quoted(name),
            None => return,
        },
    };
    let mut add = |said| list.push(Evidence::told("trace", Says::Hint, said).with(detail));
    if let Some(helo) = injector.helo.filter(|_| injector.claimed_to_be_the_user) {
        add(sentences::TRACE_CLAIMED.tell([host.clone().into(), quoted(&helo).into()]));
    }
    let Some(broken) = broken else { return };
    let sentence = match broken.why {
        Doubt::NotHandedOn => sentences::TRACE_NOT_HANDED_ON,
        Doubt::NoWriter => sentences::TRACE_NO_WRITER,
        Doubt::ClaimedName => sentences::TRACE_CLAIMED_NAME,
        Doubt::SameAddress => sentences::TRACE_SAME_ADDRESS,
        Doubt::TimesBackwards => sentences::TRACE_TIMES_BACKWARDS,
    };
    add(sentence.tell([host.into()]));
    if broken.claims_own_server {
        add(sentences::TRACE_OWN_SERVER.tell([]));
    }
}

/// A host's name, by the word of DNS.
#[must_use]
pub fn host_named(address: IpAddr, name: &str) -> Evidence {
    let said = sentences::HOST_NAME.tell([address.into(), quoted(name).into()]);
    Evidence::told("host_name", Says::Hint, said)
}

/// A server is on the list of backscatterer.org.
#[must_use]
pub fn listed_as_backscatterer(address: IpAddr) -> Evidence {
    Evidence::told("backscatterer", Says::Hint, sentences::BACKSCATTERER.tell([address.into()]))
}

/// What the server that took the notice in says of where it came from; a line in its name, for others can write such lines
/// where it does not take them out.
pub(super) fn authenticated(notice: &Notice, profile: &Profile) -> Option<Evidence> {
    let results = notice.outer.authenticated.as_ref()?;
    let top = notice.outer.trace.first().and_then(|hop| hop.by.as_deref());
    if !results.is_by_house(profile.own_servers.iter().map(String::as_str), top) {
        return None;
    }
    let by = quoted(results.by.as_deref().or(top).unwrap_or_default());
    let from = notice.outer.from.as_ref().map(|from| from.domain()).unwrap_or_default();
    let detail = format!("Authentication-Results: {by}");
    let said = if results.failed && !from.is_empty() {
        sentences::NOT_AUTHENTICATED.tell([by.into(), quoted(from).into()])
    } else {
        sentences::AUTHENTICATED.tell([by.into(), quoted(results.passed.first()?).into()])
    };
    Some(Evidence::told("authenticated", Says::Hint, said).with(detail))
}
