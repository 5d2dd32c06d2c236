//! SPF (RFC 7208): whether a host may send for a domain.

use std::net::{Ipv4Addr, Ipv6Addr};

use mail_auth::hickory_resolver::proto::rr::RData;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{MessageAuthenticator, SpfResult};
use rules::judge::{LookUp, SpfQuestion};

/// More senders than this have no one policy.
const MAX_SENDERS: usize = 5;
/// Records that one may send us to (RFC 7208 §4.6.4).
const MAX_RECORDS: usize = 10;

/// Whether the host hard-fails for the domain of every sender.
pub async fn hard_fails(dns: &MessageAuthenticator, question: &SpfQuestion) -> LookUp<bool> {
    if question.senders.is_empty() || question.senders.len() > MAX_SENDERS {
        return LookUp::Answer(false);
    }
    let helo = question.helo.as_deref().unwrap_or_default();
    for sender in &question.senders {
        let asked = SpfParameters::verify_mail_from(question.address, helo, "", sender.as_str());
        match dns.verify_spf(asked).await.result() {
            SpfResult::Fail => {}
            SpfResult::TempError => return LookUp::NoAnswer,
            SpfResult::Pass
            | SpfResult::SoftFail
            | SpfResult::Neutral
            | SpfResult::PermError
            | SpfResult::None => return LookUp::Answer(false),
        }
        match are_sound(dns, sender.domain()).await {
            Some(true) => {}
            Some(false) => return LookUp::Answer(false),
            None => return LookUp::NoAnswer,
        }
    }
    LookUp::Answer(true)
}

/// Whether the record of a domain, and each that it sends us to, is one that a strict reader takes; none where nobody
/// answers.
///
/// A mechanism that was misspelt, such as `ipv4:`, makes a record none (RFC 7208 §4.6); mail-auth 0.13.3 passes it over, so
/// that the host that was meant would fail. Nor does it mind that a domain has two records (§4.5).
pub(super) async fn are_sound(dns: &MessageAuthenticator, domain: &str) -> Option<bool> {
    let mut seen = vec![domain.to_lowercase()];
    let mut next = 0;
    while let Some(domain) = seen.get(next) {
        next += 1;
        let records = records(dns, domain).await?;
        let [record] = records.as_slice() else { return Some(false) };
        let Some(others) = others_of(record) else { return Some(false) };
        for other in others {
            if !seen.contains(&other) {
                seen.push(other);
            }
        }
        if seen.len() > MAX_RECORDS {
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

/// The domains whose records a record names, as far as they are no macros; none where a term of it is not valid
/// (RFC 7208 §12).
fn others_of(record: &str) -> Option<Vec<String>> {
    let mut others = Vec::new();
    for term in record.split_ascii_whitespace().skip(1) {
        let name_end = term.find([':', '/', '=']).unwrap_or(term.len());
        let (name, value) = term.split_at_checked(name_end)?;
        let target = value.get(1..).filter(|target| !target.is_empty());
        if value.starts_with('=') {
            if name == "redirect" {
                others.push(target?.to_owned());
            }
            continue;
        }
        let address = || target.map(|target| target.split('/').next().unwrap_or_default());
        match name.strip_prefix(['+', '-', '~', '?']).unwrap_or(name) {
            "all" => value.is_empty().then_some(())?,
            "a" | "mx" | "ptr" => (value.is_empty() || target.is_some()).then_some(())?,
            "exists" => drop(target?),
            "ip4" => drop(address()?.parse::<Ipv4Addr>().ok()?),
            "ip6" => drop(address()?.parse::<Ipv6Addr>().ok()?),
            "include" => others.push(target?.to_owned()),
            _ => return None,
        }
    }
    others.retain(|other| !other.contains('%'));
    Some(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_no_strict_reader_takes_are_none() {
        let cases: [(&str, Option<&[&str]>); 11] = [
            ("v=spf1 -all", Some(&[])),
            ("v=spf1", Some(&[])),
            ("v=spf1 a mx a:x.example/24 mx/28 ptr exists:%{i}.x.example ip6:2001:db8::/32 ~all", Some(&[])),
            (
                "v=spf1 ip4:192.0.2.0/24 include:x.example redirect=y.example",
                Some(&["x.example", "y.example"]),
            ),
            ("v=spf1 include:%{d}.x.example exp=why.example unknown=z -all", Some(&[])),
            ("v=spf1 ipv4:192.0.2.1 -all", None),
            ("v=spf1 ip4:192.0.2 -all", None),
            ("v=spf1 ip4=192.0.2.1 -all", Some(&[])),
            ("v=spf1 192.0.2.1 -all", None),
            ("v=spf1 include: -all", None),
            ("v=spf1 -all:x", None),
        ];
        for (record, expected) in cases {
            let found = others_of(record);
            let expected: Option<Vec<String>> =
                expected.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
            assert_eq!(found, expected, "{record}");
        }
    }
}
