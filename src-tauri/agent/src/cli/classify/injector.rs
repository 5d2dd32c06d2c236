//! The host that handed a forged original to its first real relay, as far as the returned trace can be followed.

use std::net::IpAddr;

use rules::{address::registrable, notice::Original, trace::Hop};
use serde::Serialize;

/// The host at the end of the part of the trace that holds together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Injector {
    /// Its address.
    pub ip: Option<IpAddr>,
    /// The name it gave.
    pub helo: Option<String>,
    /// The name that was looked up for it.
    pub rdns: Option<String>,
    /// The first hop, counted from 0 at the top, that does not continue the one above: it and all below may be
    /// invented by the sender.
    pub forged_from_hop: Option<usize>,
}

/// Follows the returned Received lines (RFC 5321 §4.4) from the top, down to where the chain breaks.
pub fn injector(original: &Original) -> Option<Injector> {
    let mut hops = original.trace.iter().enumerate();
    let (_, mut last) = hops.next()?;
    let mut broken = None;
    for (index, hop) in hops {
        if !continues(last, hop) {
            broken = Some(index);
            break;
        }
        // A server's line about itself, or one without an address, names no host that handed anything over.
        if hop.from_ip.is_some_and(|ip| !is_private(ip)) {
            last = hop;
        } else if hop.by.is_none() {
            broken = Some(index);
            break;
        }
    }
    let Hop { helo, rdns, from_ip, .. } = last.clone();
    (helo.is_some() || rdns.is_some() || from_ip.is_some()).then_some(Injector {
        ip: from_ip,
        helo,
        rdns,
        forged_from_hop: broken,
    })
}

/// Whether the server that wrote `below` is the one that handed the mail to the writer of `above`, or is the writer
/// of `above` itself or a neighbour of it.
fn continues(above: &Hop, below: &Hop) -> bool {
    let Some(by) = below.by.as_deref() else { return false };
    if above.from_ip.is_some_and(|ip| by.trim_matches(['[', ']']).parse() == Ok(ip)) {
        return true;
    }
    let owner = registrable(by);
    let same =
        |name: &Option<String>| name.as_deref().is_some_and(|name| name == by || registrable(name) == owner);
    // The name that was looked up counts where there is one: the other is only the sender's word.
    let handed = if above.rdns.is_some() { &above.rdns } else { &above.helo };
    same(handed) || same(&above.by)
}

/// Addresses that mean something only inside one network (RFC 1918, RFC 4193, loopback, link-local).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_private(IpAddr::V4(ip)),
            None => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(by: &str, rdns: Option<&str>, helo: &str, ip: &str) -> Hop {
        Hop {
            by: Some(by.to_owned()),
            rdns: rdns.map(str::to_owned),
            helo: Some(helo.to_owned()),
            from_ip: ip.parse().ok(),
            ..Hop::default()
        }
    }

    #[test]
    fn the_trace_is_followed_to_where_it_breaks() {
        let mx = || hop("mx.example.net", Some("relay.example.com"), "relay", "192.0.2.1");
        let relay = || hop("relay.example.com", None, "laptop", "203.0.113.9");
        let cases = [
            (vec![], None, "no trace"),
            (vec![mx()], Some(("192.0.2.1", None)), "one hop"),
            (vec![mx(), relay()], Some(("203.0.113.9", None)), "two hops that fit"),
            (
                vec![mx(), hop("bank.example", None, "x", "198.51.100.7")],
                Some(("192.0.2.1", Some(1))),
                "an invented hop of an innocent host",
            ),
            (
                vec![hop("mx2.example.net", None, "localhost", "127.0.0.1"), mx(), relay()],
                Some(("203.0.113.9", None)),
                "a scanner of the reporter's",
            ),
            (
                vec![mx(), hop("relay.example.com", None, "localhost", "10.0.0.1")],
                Some(("192.0.2.1", None)),
                "a hop inside the relay",
            ),
        ];
        for (trace, expected, what) in cases {
            let found = injector(&Original { trace, ..Original::default() });
            let found = found
                .map(|found| (found.ip.map(|ip| ip.to_string()).unwrap_or_default(), found.forged_from_hop));
            assert_eq!(found, expected.map(|(ip, broken)| (ip.to_owned(), broken)), "{what}");
        }
    }
}
