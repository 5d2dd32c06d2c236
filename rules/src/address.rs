//! Mail addresses as they are compared.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text;

/// RFC 5321 §4.5.3.1 allows 64 and 255 octets; what senders encode into local parts is longer.
const MAX_ADDRESS: usize = 600;

/// A mail address, in lower case and without display name, comments or source route.
///
/// [`Address::bare`] also takes off what senders and forwarders put into a local part: BATV, SRS, VERP
/// and plus tags (draft-levine-smtp-batv-01; facts of the field).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// The address in a text such as `Ada <ada@example.org>`, `rfc822; ada@example.org`, `[SMTP:ada@example.org]`
    /// or `<@relay.example:ada@example.org>`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text::trim(text);
        let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        if let Some(plain) = Self::plain(bare) {
            return Some(plain);
        }
        let inner = match text.rsplit_once('<') {
            Some((_, rest)) if rest.contains('@') => rest.split('>').next().unwrap_or(rest),
            _ => text,
        };
        let inner = match inner.split_once(';') {
            Some((kind, rest)) if !kind.contains('@') => rest,
            _ => inner,
        };
        let inner = strip_comment(inner.trim());
        // A source route ends at its colon (RFC 5321 appendix C).
        let inner = match inner.strip_prefix('@').and_then(|route| route.split_once(':')) {
            Some((_, rest)) => rest,
            None => inner,
        };
        let inner = inner.trim_matches(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | ',' | ';' | '\'' | '(' | ')' | ':' | '[')
        });
        let inner = strip_scheme(inner);
        let (local, domain) = inner.rsplit_once('@')?;
        let domain =
            if domain.starts_with('[') { domain } else { domain.trim_end_matches(['.', ']', '"', '!', '?']) };
        let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
        let local = if quoted { unquote(local) } else { local.trim_start_matches('"').to_owned() };
        let odd = |c: char| c.is_whitespace() || c.is_control();
        let valid = !local.is_empty()
            && !domain.is_empty()
            && local.len() + domain.len() <= MAX_ADDRESS
            && !local.chars().any(|c| c.is_control() || (!quoted && (c.is_whitespace() || c == ',')))
            && !domain
                .chars()
                .any(|c| odd(c) || matches!(c, ',' | ';' | '(' | ')' | '<' | '>' | '"' | '/' | '\\'));
        valid.then(|| Self(format!("{local}@{domain}").to_lowercase()))
    }

    /// A text that is an address with nothing around it and nothing odd in it.
    pub(crate) fn plain(text: &str) -> Option<Self> {
        is_plain(text).then(|| Self(text.to_ascii_lowercase()))
    }

    /// The whole address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the last `@`.
    #[must_use]
    pub fn local(&self) -> &str {
        text::rsplit_once(&self.0, b'@').map_or("", |(local, _)| local)
    }

    /// What stands behind the last `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        text::rsplit_once(&self.0, b'@').map_or("", |(_, domain)| domain)
    }

    /// The address without what servers put into its local part: BATV (`prvs=`, `btv1==`, `msprvs1=`), SRS
    /// (`SRS0`, `SRS1`), VERP and plus tags. The address itself where nothing of that is in it.
    #[must_use]
    pub fn bare(&self) -> Self {
        let mut address = self.clone();
        // A forwarder may have wrapped a tagged address; more than a few layers do not occur.
        for _ in 0..4 {
            match address.without_one_tag() {
                Some(barer) if barer != address => address = barer,
                _ => break,
            }
        }
        address
    }

    fn without_one_tag(&self) -> Option<Self> {
        let (local, domain) = self.0.rsplit_once('@')?;
        let with_local = |local: &str| (!local.is_empty()).then(|| Self(format!("{local}@{domain}")));
        if let Some(rest) = local.strip_prefix("prvs=") {
            // Exim's older form is prvs=local/tag.
            if let Some((core, _)) = rest.split_once('/') {
                return with_local(core);
            }
            let (first, second) = rest.split_once('=')?;
            let tag = |text: &str| text.len() == 10 && text.chars().all(|c| c.is_ascii_hexdigit());
            return with_local(if tag(second) && !tag(first) { first } else { second });
        }
        if let Some(rest) = local.strip_prefix("btv1==") {
            return with_local(rest.split_once("==")?.1);
        }
        if let Some(rest) = local.strip_prefix("msprvs1=") {
            return with_local(rest.split_once('=')?.1);
        }
        if let Some(rest) = local.strip_prefix("srs1").and_then(|rest| rest.strip_prefix(['=', '+', '-'])) {
            // SRS1=hash=first.forwarder==hash=tt=domain=local: what SRS0 said stands behind the double separator.
            let inner =
                rest.split_once("==").or_else(|| rest.split_once("=+")).or_else(|| rest.split_once("=-"))?.1;
            return srs_origin(inner);
        }
        if let Some(rest) = local.strip_prefix("srs0").and_then(|rest| rest.strip_prefix(['=', '+', '-'])) {
            return srs_origin(rest);
        }
        match local.split_once('+') {
            Some((user, _)) if !user.is_empty() => with_local(user),
            _ => None,
        }
    }
}

/// Whether a text is an address with nothing around it and nothing odd in it, as most are.
fn is_plain(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+' | b'=');
    let Some((local, domain)) = text::split_once(text, b'@') else { return false };
    text.len() <= MAX_ADDRESS
        && !local.is_empty()
        && local.bytes().all(plain)
        && domain.bytes().all(plain)
        && domain.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// The address in `hash=tt=domain=local`, which is what SRS keeps of a rewritten sender.
fn srs_origin(text: &str) -> Option<Address> {
    let mut parts = text.splitn(4, '=');
    let (_, _, domain, local) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Address::new(&format!("{local}@{domain}"))
}

fn strip_comment(text: &str) -> &str {
    match text.split_once(" (").or_else(|| text.split_once("\t(")) {
        Some((before, _)) if before.contains('@') => before.trim(),
        _ => text,
    }
}

fn strip_scheme(text: &str) -> &str {
    for scheme in ["smtp:", "mailto:", "rfc822:"] {
        if let Some(head) = text.get(..scheme.len())
            && head.eq_ignore_ascii_case(scheme)
        {
            return text.get(scheme.len()..).unwrap_or(text).trim();
        }
    }
    text
}

/// A quoted local part without quotes where it needs none (RFC 5321 §4.1.2 has both forms be equal).
fn unquote(local: &str) -> String {
    let inner = local.trim_matches('"');
    let plain =
        !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    if plain { inner.to_owned() } else { local.to_owned() }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The registrable domain of a host or mail domain by the Public Suffix List, in lower case; the domain
/// itself where the list knows none (addresses in brackets, single labels, suffixes).
#[must_use]
pub fn registrable(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.').to_lowercase();
    let numeric = domain.starts_with('[') || domain.parse::<std::net::IpAddr>().is_ok();
    match psl::domain_str(&domain) {
        Some(found) if !numeric => found.to_owned(),
        _ => domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_every_form() {
        let cases = [
            ("ada@example.org", Some("ada@example.org")),
            ("Ada <Ada@Example.ORG>", Some("ada@example.org")),
            ("\"Ada, L.\" <ada@example.org>", Some("ada@example.org")),
            ("rfc822; ada@example.org", Some("ada@example.org")),
            ("RFC822;<ada@example.org>", Some("ada@example.org")),
            ("utf-8; äda@example.org", Some("äda@example.org")),
            ("<@relay.example,@other.example:ada@example.org>", Some("ada@example.org")),
            ("ada@example.org (Ada)", Some("ada@example.org")),
            ("[SMTP:ada@example.org]", Some("ada@example.org")),
            ("mailto:ada@example.org", Some("ada@example.org")),
            ("'ada@example.org'", Some("ada@example.org")),
            ("ada@example.org.", Some("ada@example.org")),
            ("\"ada\"@example.org", Some("ada@example.org")),
            ("\"a b\"@example.org", Some("\"a b\"@example.org")),
            ("ada@[192.0.2.1]", Some("ada@[192.0.2.1]")),
            ("<>", None),
            ("ada", None),
            ("a b@example.org", None),
            ("", None),
            ("@", None),
        ];
        for (text, expected) in cases {
            let read = Address::new(text);
            assert_eq!(read.as_ref().map(Address::as_str), expected, "the address in {text:?}");
        }
    }

    #[test]
    fn tags_are_taken_off() {
        let cases = [
            ("ada@example.org", "ada@example.org"),
            ("ada+news@example.org", "ada@example.org"),
            ("prvs=0123abcdef=ada@example.org", "ada@example.org"),
            ("prvs=ada=0123abcdef@example.org", "ada@example.org"),
            ("prvs=ada/0123abcdef@example.org", "ada@example.org"),
            ("btv1==123abcd==ada@example.org", "ada@example.org"),
            ("msprvs1=18012abc=ada@example.org", "ada@example.org"),
            ("SRS0=HHH=TT=example.org=ada@forward.example", "ada@example.org"),
            ("SRS0+HHH=TT=example.org=ada@forward.example", "ada@example.org"),
            ("SRS1=HHH=first.example==HHH=TT=example.org=ada@second.example", "ada@example.org"),
            ("ada+bob=example.com@example.org", "ada@example.org"),
            ("SRS0=HHH=TT=example.org=prvs=0123abcdef=ada@forward.example", "ada@example.org"),
            ("+ada@example.org", "+ada@example.org"),
            ("prvs=@example.org", "prvs=@example.org"),
        ];
        for (text, expected) in cases {
            let address = Address::new(text).expect("an address");
            assert_eq!(address.bare().as_str(), expected, "{text} without tags");
        }
    }

    #[test]
    fn registrable_domains_follow_the_public_suffix_list() {
        let cases = [
            ("mail.example.co.uk", "example.co.uk"),
            ("MX1.Example.org.", "example.org"),
            ("example.org", "example.org"),
            ("localhost", "localhost"),
            ("[192.0.2.1]", "[192.0.2.1]"),
        ];
        for (domain, expected) in cases {
            assert_eq!(registrable(domain), expected, "the registrable domain of {domain}");
        }
    }
}
