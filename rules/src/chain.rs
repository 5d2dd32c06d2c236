//! The chain of Received lines in a returned original, from the top down to where it can no longer be trusted.
//!
//! Only the topmost line can be the word of the server that wrote the notice. Each line below is the word of whoever handed
//! the mail to the writer of the line above, and a spammer writes as many as he likes, naming innocent hosts. So a line
//! counts only as far as it surely goes on from the one above: it was written by the host whose name was looked up there, or
//! by a neighbour of the writer that took the mail from within its own house. Blame falls on the last host of which a
//! trusted line tells.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::address::registrable;
use crate::judge::{is_private, public_address};
use crate::notice::Host;
use crate::time::HOUR;
use crate::trace::Hop;
use crate::{Notice, Original, Profile};

/// How far the clocks of two servers may be apart, in seconds, before times run backwards.
const CLOCK_ERROR: i64 = HOUR;

/// The host that handed the original to its first real relay, as far as the trace shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Injector {
    /// Its address.
    pub ip: Option<IpAddr>,
    /// The name it gave in HELO or EHLO.
    pub helo: Option<String>,
    /// The name that was looked up for it.
    pub rdns: Option<String>,
    /// Whether the name it gave is the user's: of an own server, an own domain, or an own address's domain.
    pub claimed_to_be_the_user: bool,
}

/// Why a line is not taken to go on from the one above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Another server wrote it than the one that handed the mail on.
    NotHandedOn,
    /// It names no server that wrote it.
    NoWriter,
    /// The server that it names handed the mail on under a name that it only claimed.
    ClaimedName,
    /// It has the mail come from the same address once more.
    SameAddress,
    /// It was written later than the line above.
    TimesBackwards,
}

/// Where the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The first line, counted from 0 at the top, that is not trusted; nor is any below it.
    pub at: usize,
    /// Why.
    pub why: Doubt,
    /// Whether a line that is not trusted names a server of the user's as its writer.
    pub claims_own_server: bool,
}

/// What a trace shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The host at the end of what holds together.
    pub injector: Injector,
    /// Where it breaks, if it does.
    pub broken: Option<Break>,
    /// Whether the topmost line was written in the house of the server that wrote the notice: if not, nobody is to blame.
    pub by_the_reporter: bool,
}

/// Follows the trace of a returned original; none where its topmost line tells of nobody.
#[must_use]
pub fn follow(notice: &Notice, profile: &Profile) -> Option<Chain> {
    let original = notice.original.as_ref()?;
    let own = Own { profile, original };
    let mut lines = original.trace.iter().enumerate();
    let (_, mut last) = lines.next()?;
    let reporter = notice.reported_by.as_ref().and_then(|host| host.name.as_deref());
    let by_the_reporter = last.by.as_deref().zip(reporter).is_some_and(|(by, name)| is_of_house(by, name));
    let mut broken = None;
    for (at, line) in lines {
        if let Some(why) = doubt(last, line) {
            let below = original.trace.iter().skip(at);
            let claims_own_server = below.filter_map(|line| line.by.as_deref()).any(|by| own.is_name(by));
            broken = Some(Break { at, why, claims_own_server });
            break;
        }
        // A server's line about itself, or one without an address, names no host that handed anything over.
        if public_address(line).is_some() {
            last = line;
        }
    }
    let Hop { helo, rdns, .. } = last.clone();
    let ip = public_address(last);
    if helo.is_none() && rdns.is_none() && ip.is_none() {
        return None;
    }
    // A true name is no claim: the user's own relay calls itself by it.
    let claimed = helo.as_deref().is_some_and(|helo| own.is_name(helo))
        && !rdns.as_deref().is_some_and(|rdns| own.is_name(rdns));
    let injector = Injector { ip, helo, rdns, claimed_to_be_the_user: claimed };
    Some(Chain { injector, broken, by_the_reporter })
}

/// The server that sent a notice: the first outside of the house that took the notice in, seen from the top of the
/// notice's own trace; without one, the server that the notice names as its writer.
#[must_use]
pub fn backscatterer(notice: &Notice, profile: &Profile) -> Option<Host> {
    let original = Original::default();
    let own = Own { profile, original: &original };
    // What the user's own server hands on came to it from elsewhere.
    let forwarded = |hop: &Hop| hop.rdns.as_deref().is_some_and(|name| own.is_name(name));
    let outside = |hop: &&Hop| !is_from_within(hop) && !forwarded(hop);
    let named = || {
        let name = notice.reported_by.as_ref()?.name.clone()?;
        Some(Host { name: Some(name), ip: None })
    };
    let Some(hop) = notice.outer.trace.iter().find(outside) else { return named() };
    // Who only says that it is of the house may be, or lies: neither is an address to blame.
    let claims = hop.helo.as_deref().zip(hop.by.as_deref()).is_some_and(|(helo, by)| is_of_house(helo, by));
    match public_address(hop) {
        Some(ip) if hop.rdns.is_some() || !claims => {
            Some(Host { name: hop.rdns.clone().or_else(|| hop.helo.clone()), ip: Some(ip) })
        }
        _ => named(),
    }
}

/// Why `below` does not go on from `above`, if it does not.
fn doubt(above: &Hop, below: &Hop) -> Option<Doubt> {
    let Some(by) = below.by.as_deref() else { return Some(Doubt::NoWriter) };
    if public_address(above).is_some() && public_address(above) == public_address(below) {
        return Some(Doubt::SameAddress);
    }
    let apart = above.date.zip(below.date).map(|(above, below)| below.at.since(above.at));
    if apart.is_some_and(|later| later > CLOCK_ERROR) {
        return Some(Doubt::TimesBackwards);
    }
    if above.from_ip.is_some_and(|ip| by.trim_matches(['[', ']']).parse() == Ok(ip)) {
        return None;
    }
    let is = |name: &Option<String>| name.as_deref() == Some(by);
    if is(&above.rdns)
        || is_from_within(above) && above.by.as_deref().is_some_and(|writer| is_of_house(writer, by))
    {
        return None;
    }
    // A name that was not looked up is only the sender's word.
    Some(if is(&above.helo) { Doubt::ClaimedName } else { Doubt::NotHandedOn })
}

/// Whether two hosts are of one registrant.
fn is_of_house(one: &str, other: &str) -> bool {
    registrable(one) == registrable(other)
}

/// Whether the writer of a line had the mail from its own house, by the address or by the name that it looked up.
fn is_from_within(line: &Hop) -> bool {
    let near =
        line.from_ip.is_some_and(|ip| ip.to_canonical().is_loopback() || is_private(ip.to_canonical()));
    near || line.rdns.as_deref().zip(line.by.as_deref()).is_some_and(|(name, by)| is_of_house(name, by))
}

/// What is the user's own.
struct Own<'a> {
    profile: &'a Profile,
    original: &'a Original,
}

impl Own<'_> {
    /// Whether a host name is at a domain of the user's; those of public providers are everybody's.
    fn is_name(&self, name: &str) -> bool {
        let owner = registrable(name);
        let profile = self.profile;
        let addresses = profile.own.iter().chain(&self.original.from).map(crate::Address::domain);
        let domains = addresses.chain(profile.own_domains.iter().map(String::as_str));
        !crate::judge::is_providers_host(name)
            && domains
                .chain(profile.own_servers.iter().map(String::as_str))
                .any(|domain| registrable(domain) == owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, MailDate, UnixTime};

    fn hop(by: &str, rdns: Option<&str>, helo: &str, ip: &str) -> Hop {
        Hop {
            by: Some(by.to_owned()),
            rdns: rdns.map(str::to_owned),
            helo: Some(helo.to_owned()),
            from_ip: ip.parse().ok(),
            ..Hop::default()
        }
    }

    fn at(hop: Hop, minutes: i64) -> Hop {
        Hop { date: Some(MailDate { at: UnixTime(1_700_000_000 + minutes * 60), offset_minutes: 0 }), ..hop }
    }

    /// A notice of mx.shop.example with this trace of its own, and this one of what it returns.
    fn notice(own: Vec<Hop>, returned: Vec<Hop>) -> Notice {
        let mail = b"From: MAILER-DAEMON@mx.shop.example\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\nHi. This is the \
                     qmail-send program at mx.shop.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n";
        let crate::Reading::Notice(notice) = crate::read(mail) else { panic!("a notice") };
        let mut notice = *notice;
        notice.outer.trace = own;
        notice.original = Some(Original { trace: returned, ..Original::default() });
        notice
    }

    fn chain(trace: Vec<Hop>) -> Option<Chain> {
        let ada = Address::new("ada@victim.example").expect("an address");
        let own_servers = ["mail.victim-host.example".to_owned()].into();
        let profile = Profile { own: [ada].into(), own_servers, ..Profile::default() };
        follow(&notice(Vec::new(), trace), &profile)
    }

    #[test]
    fn the_trace_is_followed_to_where_it_breaks() {
        let mx = || hop("mx.example.net", Some("relay.example.com"), "relay", "192.0.2.1");
        let relay = || hop("relay.example.com", None, "laptop", "203.0.113.9");
        let cases = [
            (vec![mx()], "192.0.2.1", None, "one line"),
            (vec![mx(), relay()], "203.0.113.9", None, "two lines that fit"),
            (
                vec![mx(), hop("bank.example", None, "x", "198.51.100.7")],
                "192.0.2.1",
                Some((1, Doubt::NotHandedOn)),
                "an invented line of an innocent host",
            ),
            (
                vec![hop("mx2.example.net", None, "localhost", "127.0.0.1"), mx(), relay()],
                "203.0.113.9",
                None,
                "a scanner of the reporter's",
            ),
            (
                vec![mx(), hop("relay.example.com", None, "localhost", "10.0.0.1")],
                "192.0.2.1",
                None,
                "a line inside the relay",
            ),
            (
                vec![mx(), Hop { by: None, ..relay() }],
                "192.0.2.1",
                Some((1, Doubt::NoWriter)),
                "a line of nobody",
            ),
            (
                vec![at(mx(), 0), at(relay(), 90)],
                "192.0.2.1",
                Some((1, Doubt::TimesBackwards)),
                "a line written later than the one above",
            ),
            (vec![at(mx(), 0), at(relay(), 30)], "203.0.113.9", None, "clocks that are a little apart"),
            (
                vec![hop("mx.example.net", None, "relay.example.com", "192.0.2.1"), relay()],
                "192.0.2.1",
                Some((1, Doubt::ClaimedName)),
                "a name that was not looked up",
            ),
            (
                vec![
                    hop("mx.example.net", Some("c81.cable.example"), "c81", "192.0.2.1"),
                    hop("smtp.cable.example", None, "bank.example", "198.51.100.7"),
                ],
                "192.0.2.1",
                Some((1, Doubt::NotHandedOn)),
                "another server of the same provider",
            ),
            (
                vec![mx(), hop("mx2.example.net", None, "bank.example", "198.51.100.7")],
                "192.0.2.1",
                Some((1, Doubt::NotHandedOn)),
                "a server of the reporter's below a line from outside",
            ),
            (
                vec![mx(), hop("relay.example.com", None, "x", "192.0.2.1")],
                "192.0.2.1",
                Some((1, Doubt::SameAddress)),
                "one address under two names",
            ),
        ];
        for (trace, expected, broken, what) in cases {
            let found = chain(trace).unwrap_or_else(|| panic!("{what}: it tells of somebody"));
            assert_eq!(found.injector.ip.map(|ip| ip.to_string()).as_deref(), Some(expected), "{what}");
            assert_eq!(found.broken.map(|broken| (broken.at, broken.why)), broken, "{what}");
        }
        assert_eq!(chain(vec![]), None, "no trace");
        assert_eq!(chain(vec![Hop::default()]), None, "a line that tells of nobody");
    }

    /// A cable customer's machine hands a mail on, and writes a line below by which the victim's server had it from there.
    #[test]
    fn blame_never_falls_on_a_server_that_a_forged_line_names() {
        let cable = "customer-81.cable.example";
        let forged = hop("leslie.victim.example", None, "customer-81", "203.0.113.81");
        for (top, why, what) in [
            (
                hop("mars.company.example", Some(cable), cable, "203.0.113.81"),
                Doubt::SameAddress,
                "under its own name",
            ),
            (
                hop("mars.company.example", Some(cable), "victim.example", "203.0.113.82"),
                Doubt::NotHandedOn,
                "under the victim's name, and its true one was looked up",
            ),
            (
                hop("mars.company.example", None, "leslie.victim.example", "203.0.113.82"),
                Doubt::ClaimedName,
                "under the victim's name, and nothing was looked up",
            ),
        ] {
            let ip = top.from_ip;
            let found = chain(vec![top, forged.clone()]).expect("it tells of somebody");
            assert_eq!(found.injector.ip, ip, "{what}: the machine is to blame");
            let broken = found.broken.expect("the chain breaks");
            assert_eq!((broken.at, broken.why), (1, why), "{what}");
            assert!(broken.claims_own_server, "{what}: the line below names the victim's server");
        }
    }

    #[test]
    fn the_server_that_sent_a_notice_is_outside_of_the_house() {
        let ada = Address::new("ada@victim.example").expect("an address");
        let profile = Profile { own: [ada].into(), ..Profile::default() };
        let shop = || hop("mx.provider.example", Some("out.shop.example"), "out", "192.0.2.1");
        for (trace, expected, what) in [
            (vec![shop()], Some("192.0.2.1"), "the only line"),
            (
                vec![
                    hop("store.provider.example", Some("mx.provider.example"), "mx", "198.51.100.4"),
                    shop(),
                ],
                Some("192.0.2.1"),
                "behind what the provider hands on within its house",
            ),
            (
                vec![hop("filter.other.example", None, "localhost", "127.0.0.1"), shop()],
                Some("192.0.2.1"),
                "behind a filter",
            ),
            (
                vec![hop("mx.provider.example", Some("forward.victim.example"), "f", "198.51.100.5"), shop()],
                Some("192.0.2.1"),
                "behind what the user's own server forwards",
            ),
            (vec![], None, "without a trace, the name that it gives itself"),
        ] {
            let found = backscatterer(&notice(trace, Vec::new()), &profile).expect("it is known");
            assert_eq!(found.ip.map(|ip| ip.to_string()).as_deref(), expected, "{what}");
            let name = if expected.is_some() { "out.shop.example" } else { "mx.shop.example" };
            assert_eq!(found.name.as_deref(), Some(name), "{what}");
        }
    }

    #[test]
    fn who_gives_the_users_name_is_told() {
        let claims = |rdns: Option<&str>, helo: &str| {
            let line = hop("mx.example.net", rdns, helo, "203.0.113.9");
            chain(vec![line]).expect("it tells of somebody").injector.claimed_to_be_the_user
        };
        assert!(claims(Some("customer-81.cable.example"), "victim.example"), "the domain of an own address");
        assert!(claims(None, "mail.victim-host.example"), "an own server");
        assert!(!claims(None, "customer-81.cable.example"), "another name");
        assert!(!claims(Some("mail.victim-host.example"), "mail.victim-host.example"), "it is that server");
    }
}
