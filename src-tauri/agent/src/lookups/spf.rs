//! SPF (RFC 7208): whether a host may send for a domain.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mail_auth::hickory_resolver::proto::rr::RData;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{MessageAuthenticator, SpfResult};
use rules::judge::{LookUp, SpfQuestion, is_private};

use super::domain::{addresses, mail_hosts};

/// More senders than this have no one policy.
const MAX_SENDERS: usize = 5;
/// Records and hosts that one record may send us to (RFC 7208 §4.6.4).
const MAX_OTHERS: usize = 10;
/// Addresses of the reporting server that are asked about.
const MAX_ADDRESSES: usize = 4;

/// Whether the host hard-fails for the domain of every sender, and so does the server that reports: one that may send for
/// the domain itself, or takes its mail, can have had the original from the user.
pub async fn hard_fails(dns: &MessageAuthenticator, question: &SpfQuestion) -> LookUp<bool> {
    if question.senders.is_empty() || question.senders.len() > MAX_SENDERS {
        return LookUp::Answer(false);
    }
    for sender in &question.senders {
        match hard_fails_for(dns, question.address, sender.as_str()).await {
            Some(true) => {}
            Some(false) => return LookUp::Answer(false),
            None => return LookUp::NoAnswer,
        }
        match are_sound(dns, sender.domain()).await {
            Some(true) => {}
            Some(false) => return LookUp::Answer(false),
            None => return LookUp::NoAnswer,
        }
    }
    match reporter_is_a_stranger(dns, question).await {
        Some(stranger) => LookUp::Answer(stranger),
        None => LookUp::NoAnswer,
    }
}

/// Whether a host hard-fails for the domain of a sender; none where nobody answers.
async fn hard_fails_for(dns: &MessageAuthenticator, address: IpAddr, sender: &str) -> Option<bool> {
    // No record that asks for the name in HELO is taken, so that it need not be known.
    let asked = SpfParameters::verify_mail_from(address, "", "", sender);
    match dns.verify_spf(asked).await.result() {
        SpfResult::Fail => Some(true),
        SpfResult::TempError => None,
        SpfResult::Pass
        | SpfResult::SoftFail
        | SpfResult::Neutral
        | SpfResult::PermError
        | SpfResult::None => Some(false),
    }
}

/// Whether the reporting server has no part in the mail of the senders' domains; none where nobody answers. One whose name
/// has no address may be anybody's.
async fn reporter_is_a_stranger(dns: &MessageAuthenticator, question: &SpfQuestion) -> Option<bool> {
    let reporters = addresses(dns, &question.reporter).await?;
    if reporters.is_empty() || reporters.len() > MAX_ADDRESSES {
        return Some(false);
    }
    for sender in &question.senders {
        let servers = mail_hosts(dns, sender.domain()).await?;
        if servers.iter().any(|server| reporters.contains(&server.address)) {
            return Some(false);
        }
        for reporter in &reporters {
            if !hard_fails_for(dns, *reporter, sender.as_str()).await? {
                return Some(false);
            }
        }
    }
    Some(true)
}

/// Whether the record of a domain, and each that it sends us to, is one that a strict reader takes, and that says the same
/// to everybody who asks; none where nobody answers.
///
/// A mechanism that was misspelt, such as `ipv4:`, makes a record none (RFC 7208 §4.6); mail-auth 0.13.3 passes it over, so
/// that the host that was meant would fail. Nor does it mind that a domain has two records (§4.5), nor that nobody answers a
/// question for a PTR record (§5.5).
pub(super) async fn are_sound(dns: &MessageAuthenticator, domain: &str) -> Option<bool> {
    let (mut seen, mut hosts, mut next) = (vec![domain.to_lowercase()], Vec::new(), 0);
    while let Some(domain) = seen.get(next).cloned() {
        next += 1;
        let records = records(dns, &domain).await?;
        let [record] = records.as_slice() else { return Some(false) };
        let Some(terms) = terms_of(record, &domain) else { return Some(false) };
        for other in terms.records {
            if !seen.contains(&other) {
                seen.push(other);
            }
        }
        hosts.extend(terms.hosts);
        if seen.len() + hosts.len() > MAX_OTHERS + 1 {
            return Some(false);
        }
    }
    for host in hosts {
        let found = match host {
            Host::Itself(name) => addresses(dns, &name).await?,
            Host::MailServersOf(name) => {
                mail_hosts(dns, &name).await?.into_iter().map(|server| server.address).collect()
            }
        };
        // A name server in the user's own network may know the server by its address there.
        if found.iter().any(|address| address.is_loopback() || is_private(*address)) {
            return Some(false);
        }
    }
    Some(true)
}

/// The SPF records of a domain; none where nobody answers.
pub(super) async fn records(dns: &MessageAuthenticator, domain: &str) -> Option<Vec<String>> {
    let found = match dns.resolver().txt_lookup(format!("{}.", domain.trim_end_matches('.'))).await {
        Ok(found) => found,
        Err(error) if error.is_no_records_found() => return Some(Vec::new()),
        Err(_) => return None,
    };
    let texts = found.answers().iter().filter_map(|record| match &record.data {
        RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).to_ascii_lowercase()),
        _ => None,
    });
    Some(texts.filter(|text| text == "v=spf1" || text.starts_with("v=spf1 ")).collect())
}

/// A host that a record names.
#[derive(Debug, PartialEq, Eq)]
enum Host {
    Itself(String),
    MailServersOf(String),
}

/// What a record names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Terms {
    /// Domains whose records count as well.
    records: Vec<String>,
    hosts: Vec<Host>,
}

/// What the record of a domain names; none where a term of it is not valid (RFC 7208 §12), or is one whose answer depends on
/// what is not known here (the name in HELO, the envelope sender as it was) or is not told from silence (PTR records).
fn terms_of(record: &str, domain: &str) -> Option<Terms> {
    let mut terms = Terms::default();
    for term in record.split_ascii_whitespace().skip(1) {
        let name_end = term.find([':', '/', '=']).unwrap_or(term.len());
        let (name, value) = term.split_at_checked(name_end)?;
        if value.starts_with('=') {
            if name == "redirect" {
                terms.records.push(plain(value.get(1..)?)?);
            }
            continue;
        }
        let (target, prefix) = match value.split_once('/') {
            Some((target, prefix)) => (target, Some(prefix)),
            None => (value, None),
        };
        let target = match target.strip_prefix(':') {
            Some("") => return None,
            other => other,
        };
        let alone = || (target.is_none() && prefix.is_none()).then_some(());
        match name.strip_prefix(['+', '-', '~', '?']).unwrap_or(name) {
            "all" => alone()?,
            "a" => {
                dual_prefix(prefix)?;
                terms.hosts.push(Host::Itself(target.map_or(Some(domain.to_owned()), plain)?));
            }
            "mx" => {
                dual_prefix(prefix)?;
                terms.hosts.push(Host::MailServersOf(target.map_or(Some(domain.to_owned()), plain)?));
            }
            "exists" if prefix.is_none() => knows_its_macros(target?)?,
            "ip4" => {
                target?.parse::<Ipv4Addr>().ok()?;
                single_prefix(prefix, 32)?;
            }
            "ip6" => {
                target?.parse::<Ipv6Addr>().ok()?;
                single_prefix(prefix, 128)?;
            }
            "include" if prefix.is_none() => terms.records.push(plain(target?)?),
            _ => return None,
        }
    }
    Some(terms)
}

/// A name without macros.
fn plain(name: &str) -> Option<String> {
    (!name.is_empty() && !name.contains('%')).then(|| name.trim_end_matches('.').to_owned())
}

/// Whether all macros are of what is known: the address and the sender's domain (RFC 7208 §7.2).
fn knows_its_macros(name: &str) -> Option<()> {
    let mut macros = name.split('%').skip(1);
    let known = |one: &str| match one.strip_prefix('{') {
        Some(inside) => inside.starts_with(['i', 'v', 'd', 'o']),
        None => one.is_empty() || one.starts_with(['_', '-']),
    };
    macros.all(known).then_some(())
}

fn single_prefix(prefix: Option<&str>, most: u8) -> Option<()> {
    let Some(prefix) = prefix else { return Some(()) };
    (prefix.parse::<u8>().ok()? <= most).then_some(())
}

/// `24`, `24//64` or, of version 6 alone, `/64` (RFC 7208 §5.6).
fn dual_prefix(prefix: Option<&str>) -> Option<()> {
    match prefix.map(|prefix| prefix.split_once('/').map_or((prefix, None), |(four, six)| (four, Some(six))))
    {
        None => Some(()),
        Some(("", Some(six))) => single_prefix(Some(six), 128),
        Some((four, None)) => single_prefix(Some(four), 32),
        Some((four, Some(six))) => {
            single_prefix(Some(four), 32)?;
            single_prefix(Some(six.strip_prefix('/')?), 128)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_no_strict_reader_takes_are_none() {
        let itself = |name: &str| Host::Itself(name.to_owned());
        let servers = |name: &str| Host::MailServersOf(name.to_owned());
        let cases: [(&str, &[&str], Vec<Host>); 6] = [
            ("v=spf1 -all", &[], vec![]),
            ("v=spf1", &[], vec![]),
            (
                "v=spf1 a mx a:x.example/24 mx/28//64 a//48 exists:%{i}.x.example ip6:2001:db8::/32 ~all",
                &[],
                vec![
                    itself("me.example"),
                    servers("me.example"),
                    itself("x.example"),
                    servers("me.example"),
                    itself("me.example"),
                ],
            ),
            (
                "v=spf1 ip4:192.0.2.0/24 include:x.example redirect=y.example",
                &["x.example", "y.example"],
                vec![],
            ),
            ("v=spf1 exp=why.example unknown=%{h} -all", &[], vec![]),
            ("v=spf1 ip4=192.0.2.1 -all", &[], vec![]),
        ];
        for (record, records, hosts) in cases {
            let records = records.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(terms_of(record, "me.example"), Some(Terms { records, hosts }), "{record}");
        }
        for record in [
            "ipv4:192.0.2.1",
            "ip4:192.0.2",
            "ip4:192.0.2.0/33",
            "ip4:192.0.2.0/2x",
            "ip6:2001:db8::/129",
            "192.0.2.1",
            "include:",
            "include:%{d}.x.example",
            "redirect=%{d}.x.example",
            "exists:%{h}.x.example",
            "exists:%{l}.x.example",
            "a:%{p}.x.example",
            "a/abc",
            "a/24/64",
            "mx:",
            "ptr",
            "-all:x",
        ] {
            assert_eq!(terms_of(&format!("v=spf1 {record} -all"), "me.example"), None, "{record}");
        }
    }
}
