//! What is said of servers: which the mail came through, who handed it on, what the network and the user's provider say.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::super::misused::{Hint, Through};
use super::super::proof::SpfProof;
use super::quoted;
use crate::chain::{Chain, Doubt};
use crate::judge::facts::Facts;
use crate::{Evidence, Notice, Profile, Says};

pub(super) fn through(through: &Through) -> Evidence {
    let (says, text) = match through {
        Through::Signature => (
            Says::ThroughMyServer,
            "The mail that it answers has a valid signature of your own domain.".to_owned(),
        ),
        Through::Relay(ip) => (
            Says::ThroughMyServer,
            format!("The mail that it answers came from {ip}, where your own mail comes from."),
        ),
        Through::OwnServer(name) => (
            Says::ThroughMyServer,
            format!(
                "Your own mail server {} took the mail that it answers from somebody who signed in.",
                quoted(name)
            ),
        ),
        Through::Maybe(Hint::SignatureForAnother) => (
            Says::Hint,
            "The mail that it answers has a valid signature of your domain, but another sender than you."
                .to_owned(),
        ),
        Through::Maybe(Hint::Relay(ip, seen)) => (
            Says::Hint,
            format!(
                "The mail that it answers came from {ip}, and so did {seen} of your own mails that came back."
            ),
        ),
        Through::Maybe(Hint::OwnServer(name)) => (
            Says::Hint,
            format!(
                "The mail server {} seems to be yours, and nothing shows that the mail came to it from outside.",
                quoted(name)
            ),
        ),
    };
    Evidence::new("misused", says, text)
}

pub(super) fn spf(facts: &Facts<'_>, proof: SpfProof) -> Evidence {
    let domains: BTreeSet<&str> = facts.whom.addresses.iter().map(crate::Address::domain).collect();
    let domains: Vec<&str> = domains.into_iter().collect();
    let text = format!(
        "The mail that it answers came straight from {}, and the owner of {} forbids that host to send in its name.",
        proof.address,
        quoted(&domains.join(", "))
    );
    let detail = format!("SPF (RFC 7208) of {}: fail for {}", quoted(&domains.join(", ")), proof.address);
    Evidence::new("spf", Says::NotMine, text).with(detail)
}

/// Who handed the mail on, where that tells something: a false name, or lines that were forged.
pub(super) fn trace(chain: Chain) -> Option<Evidence> {
    let Chain { injector, broken, .. } = chain;
    let who = match (injector.ip, &injector.rdns) {
        (Some(ip), Some(name)) => format!("{} ({ip})", quoted(name)),
        (Some(ip), None) => ip.to_string(),
        (None, name) => quoted(name.as_ref().or(injector.helo.as_ref())?),
    };
    let mut text = format!("The mail that it answers was handed on by {who}");
    if let Some(helo) = injector.helo.filter(|_| injector.claimed_to_be_the_user) {
        text.push_str(&format!(", which called itself {}, a name of yours", quoted(&helo)));
    }
    let why = broken.map(|broken| match broken.why {
        Doubt::NotHandedOn => "does not go on from there",
        Doubt::NoWriter => "names no server that wrote it",
        Doubt::ClaimedName => "rests on a name that was only claimed",
        Doubt::SameAddress => "has it come from the same address once more",
        Doubt::TimesBackwards => "is of a later time",
    });
    if let Some(why) = why {
        text.push_str(&format!("; what else is said of its way {why}, and may be forged"));
    }
    if broken.is_some_and(|broken| broken.claims_own_server) {
        text.push_str(": it names a server of yours");
    }
    text.push('.');
    (injector.claimed_to_be_the_user || broken.is_some()).then(|| Evidence::new("trace", Says::Hint, text))
}

/// A host's name, by the word of DNS.
#[must_use]
pub fn host_named(address: IpAddr, name: &str) -> Evidence {
    let text = format!("The server that sent it, {address}, is called {}.", quoted(name));
    Evidence::new("host_name", Says::Hint, text)
}

/// A server is on the list of backscatterer.org.
#[must_use]
pub fn listed_as_backscatterer(address: IpAddr) -> Evidence {
    let text = format!(
        "The server that sent it, {address}, is on the list of backscatterer.org: it was seen answering forged mail. Such \
         servers send real bounces as well."
    );
    Evidence::new("backscatterer", Says::Hint, text)
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
    let text = if results.failed && !from.is_empty() {
        format!(
            "A line in the name of your mail provider ({by}) says that this notice did not come from {}, as it claims: it may \
             be forged itself.",
            quoted(from)
        )
    } else {
        let domain = quoted(results.passed.first()?);
        format!("A line in the name of your mail provider ({by}) says that this notice came from {domain}.")
    };
    Some(Evidence::new("authenticated", Says::Hint, text).with(format!("Authentication-Results: {by}")))
}
