//! What shows that the original went through the user's own server.

use std::net::IpAddr;

use super::{LookUp, LookedUp, known, vetoes, when::host_name, whom::Whom};
use crate::address::registrable;
use crate::trace::Hop;
use crate::{IndexUnavailable, Notice, Profile, SentMail};

/// In how many genuine originals a relay must have been seen to be known as the user's own.
pub const KNOWN_RELAY: u32 = 3;

/// What speaks for the original having gone through the user's own server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// A signature of A's domain verifies, and the original is From A.
    Signature,
    /// A relay seen in several genuine originals, and no provider's.
    Relay(IpAddr),
    /// A's own server says that it took the original from somebody signed in, or from its own network.
    OwnServer(String),
    /// Less than any of these; in words.
    Maybe(Hint),
}

/// What alone does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// A signature of A's domain verifies, but the original is From another.
    SignatureForAnother,
    /// A relay seen in too few genuine originals, or of which it is not known whether it is a provider's.
    Relay(IpAddr, u32),
    /// A server that may be A's own wrote the notice, and nothing shows that the original came from outside.
    OwnServer(String),
}

/// Looks for all of it; the strongest first.
pub(super) fn seek(
    notice: &Notice,
    hop: Option<&Hop>,
    whom: &Whom,
    profile: &Profile,
    looked_up: &LookedUp,
    sent: &dyn SentMail,
) -> Result<Vec<Through>, IndexUnavailable> {
    let mut found = Vec::new();
    found.extend(by_signature(notice, whom, profile, looked_up));
    found.extend(by_relay(hop, sent)?);
    found.extend(by_own_server(notice, hop, whom, profile));
    found.sort_by_key(|through| matches!(through, Through::Maybe(_)));
    Ok(found)
}

fn by_signature(notice: &Notice, whom: &Whom, profile: &Profile, looked_up: &LookedUp) -> Option<Through> {
    let original = notice.original.as_ref()?;
    vetoes::own_signature(Some(original), whom, profile)?;
    if looked_up.own_signature != LookUp::Answer(true) {
        return None;
    }
    let from_a = original.from.as_ref().is_some_and(|from| whom.is(from));
    Some(if from_a { Through::Signature } else { Through::Maybe(Hint::SignatureForAnother) })
}

fn by_relay(hop: Option<&Hop>, sent: &dyn SentMail) -> Result<Option<Through>, IndexUnavailable> {
    let Some((hop, ip)) = hop.and_then(|hop| Some((hop, public_address(hop)?))) else { return Ok(None) };
    let seen = sent.relayed_by(ip)?;
    let names: Vec<&str> = hop.rdns.iter().chain(&hop.helo).map(String::as_str).collect();
    if seen == 0 || names.iter().any(|name| known::is_providers_host(name)) {
        return Ok(None);
    }
    // Without any name it could be a provider's, where every customer's mail comes from.
    let is_own = seen >= KNOWN_RELAY && !names.is_empty();
    Ok(Some(if is_own { Through::Relay(ip) } else { Through::Maybe(Hint::Relay(ip, seen)) }))
}

/// Where the reporter's hop says that the original came from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Submission {
    SignedIn,
    PrivateNetwork,
    /// The reporter itself: a local program, but also a content filter on the way in.
    SameMachine,
    Outside,
    Unknown,
}

/// Whether the server that wrote the notice may be the user's own, by its name: one that is configured, one of the same
/// registrant as it or as A's domains, or one of a provider, which has the mail of all its customers.
pub(super) fn may_be_own_server(reporter: &str, whom: &Whom, profile: &Profile) -> bool {
    let owner = registrable(reporter);
    let servers = profile.own_servers.iter().map(|server| registrable(&host_name(server)));
    let domains = whom.addresses.iter().map(|address| registrable(address.domain()));
    known::is_providers_host(reporter) || servers.chain(domains).any(|own| own == owner)
}

fn by_own_server(notice: &Notice, hop: Option<&Hop>, whom: &Whom, profile: &Profile) -> Option<Through> {
    let reporter = host_name(notice.reported_by.as_ref()?.name.as_deref()?);
    let provider = known::is_providers_host(&reporter);
    let named = profile.own_servers.iter().any(|server| host_name(server) == reporter);
    // All customers of a provider share its servers and its domain: only its exact name says a little.
    if !named && (provider || !may_be_own_server(&reporter, whom, profile)) {
        return None;
    }
    match submission(hop) {
        Submission::Outside => None,
        Submission::SignedIn | Submission::PrivateNetwork if named && !provider => {
            Some(Through::OwnServer(reporter))
        }
        _ => Some(Through::Maybe(Hint::OwnServer(reporter))),
    }
}

fn submission(hop: Option<&Hop>) -> Submission {
    let Some(hop) = hop else { return Submission::Unknown };
    if hop.with.as_deref().is_some_and(is_signed_in) {
        return Submission::SignedIn;
    }
    match hop.from_ip.map(|ip| ip.to_canonical()) {
        Some(ip) if ip.is_loopback() => Submission::SameMachine,
        Some(ip) if is_private(ip) => Submission::PrivateNetwork,
        Some(_) => Submission::Outside,
        None if hop.helo.is_none() && hop.rdns.is_none() => Submission::SameMachine,
        None => Submission::Unknown,
    }
}

/// Whether a protocol of RFC 3848 or RFC 6531 §4.3 shows that the handing side signed in.
pub(super) fn is_signed_in(with: &str) -> bool {
    let with = with.trim().to_ascii_uppercase();
    let with = with.strip_prefix("UTF8").unwrap_or(&with);
    matches!(with, "ESMTPA" | "ESMTPSA" | "SMTPA" | "SMTPSA" | "LMTPA" | "LMTPSA" | "ASMTP")
}

/// Whether an address belongs to a private network (RFC 1918, RFC 6598, RFC 4193) or a link.
#[must_use]
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
    }
}

/// The address in a hop, where it means the same machine to everybody.
pub(crate) fn public_address(hop: &Hop) -> Option<IpAddr> {
    hop.from_ip.map(|ip| ip.to_canonical()).filter(|ip| !ip.is_loopback() && !is_private(*ip))
}
