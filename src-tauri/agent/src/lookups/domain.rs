//! What a domain has published against forgery: SPF (RFC 7208), DMARC (RFC 9989) and its mail servers.

use std::net::{IpAddr, Ipv4Addr};

use mail_auth::MessageAuthenticator;
use mail_auth::common::verify::DomainKey;
use mail_auth::dmarc::{Dmarc, Policy};
use mail_auth::hickory_resolver::proto::rr::RData;

use super::spf;

/// Parents of a domain that are asked for its DMARC record (RFC 9989 §4.10).
const MAX_STEPS: usize = 8;
/// Mail servers that are asked about.
const MAX_SERVERS: usize = 10;
/// Addresses of one of them that are asked about.
const MAX_ADDRESSES: usize = 4;
/// The list of servers that send backscatter.
const BACKSCATTERER: &str = "ips.backscatterer.org";

/// What a domain's SPF record says of hosts that it does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpfSays {
    /// There is no record.
    Nothing,
    /// There is more than one, so that none counts.
    Several,
    /// It, or one that it names, is not valid.
    Invalid,
    /// They are forbidden: `-all`.
    Forbidden,
    /// They are doubted: `~all`.
    Doubted,
    /// It says nothing of them: `?all`, or no end.
    Open,
    /// Everybody is allowed: `+all`.
    Everybody,
    /// Another record stands for it.
    Elsewhere(String),
}

/// What a domain's DMARC record asks to be done with forged mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DmarcSays {
    /// There is no record.
    Nothing,
    /// Nothing is done: `p=none`, or a test.
    OnlyTold,
    /// It is put aside.
    Quarantine,
    /// It is refused.
    Reject,
}

/// A mail server of a domain, by one of its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailHost {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: IpAddr,
}

/// Whether a server is on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The list answers no questions of this name server, as those of public ones.
    Refused,
    /// Nobody answered.
    NoAnswer,
}

/// What is published under the name of a DKIM key (RFC 6376 §3.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySays {
    /// There is no such key.
    Nothing,
    /// It cannot be read, or was revoked.
    Invalid,
    /// It is a key.
    Key,
}

/// What is published under a name such as `s1._domainkey.example.org`; none where nobody answers.
pub(super) async fn dkim_key(dns: &MessageAuthenticator, name: &str) -> Option<KeySays> {
    let name = fqdn(name);
    match dns.txt_lookup::<DomainKey>(name, None::<&NoCache>).await {
        Ok(_) => Some(KeySays::Key),
        Err(mail_auth::Error::Dns(mail_auth::DnsError::RecordNotFound(_))) => Some(KeySays::Nothing),
        Err(mail_auth::Error::Dns(_) | mail_auth::Error::Io(_)) => None,
        Err(_) => Some(KeySays::Invalid),
    }
}

/// What SPF says; none where nobody answers.
pub(super) async fn spf(dns: &MessageAuthenticator, domain: &str) -> Option<SpfSays> {
    let records = spf::records(dns, domain).await?;
    let record = match records.as_slice() {
        [] => return Some(SpfSays::Nothing),
        [record] => record,
        _ => return Some(SpfSays::Several),
    };
    if !spf::are_sound(dns, domain).await? {
        return Some(SpfSays::Invalid);
    }
    let end = record.split_ascii_whitespace().skip(1).find_map(|term| match term {
        "-all" => Some(SpfSays::Forbidden),
        "~all" => Some(SpfSays::Doubted),
        "?all" => Some(SpfSays::Open),
        "all" | "+all" => Some(SpfSays::Everybody),
        _ => None,
    });
    let redirect = || record.split_ascii_whitespace().find_map(|term| term.strip_prefix("redirect="));
    Some(end.or_else(|| redirect().map(|to| SpfSays::Elsewhere(to.to_owned()))).unwrap_or(SpfSays::Open))
}

/// What DMARC asks for, by the record of the domain or of the nearest domain above it that has one; none where nobody
/// answers.
pub(super) async fn dmarc(dns: &MessageAuthenticator, domain: &str) -> Option<DmarcSays> {
    let mut at = Some(domain.trim_end_matches('.'));
    let mut own = true;
    for _ in 0..MAX_STEPS {
        let Some(here) = at.filter(|here| here.contains('.')) else { break };
        match dns.txt_lookup::<Dmarc>(format!("_dmarc.{here}."), None::<&NoCache>).await {
            Ok(record) => {
                let policy = if own || record.sp == Policy::Unspecified { record.p } else { record.sp };
                return Some(match policy {
                    _ if record.t => DmarcSays::OnlyTold,
                    Policy::Reject => DmarcSays::Reject,
                    Policy::Quarantine => DmarcSays::Quarantine,
                    Policy::None | Policy::Unspecified => DmarcSays::OnlyTold,
                });
            }
            Err(mail_auth::Error::Dns(mail_auth::DnsError::Resolver(_)) | mail_auth::Error::Io(_)) => {
                return None;
            }
            Err(_) => {}
        }
        at = here.split_once('.').map(|(_, above)| above);
        own = false;
    }
    Some(DmarcSays::Nothing)
}

/// No answer is kept beside those of the resolver.
type NoCache = mail_auth::common::cache::NoCache<Box<str>, mail_auth::Txt>;

/// The addresses of a domain's mail servers, the preferred first (RFC 5321 §5.1); none where nobody answers.
pub(super) async fn mail_hosts(dns: &MessageAuthenticator, domain: &str) -> Option<Vec<MailHost>> {
    let mut servers: Vec<(u16, String)> = match dns.resolver().mx_lookup(fqdn(domain)).await {
        Ok(found) => {
            let servers = found.answers().iter().filter_map(|record| match &record.data {
                RData::MX(mx) => Some((mx.preference, mx.exchange.to_string())),
                _ => None,
            });
            servers.filter(|(_, name)| name != ".").collect()
        }
        // Without an MX record the domain itself is its server.
        Err(error) if error.is_no_records_found() => vec![(0, domain.to_owned())],
        Err(_) => return None,
    };
    servers.sort();
    let mut hosts = Vec::new();
    for (_, name) in servers.into_iter().take(MAX_SERVERS) {
        let name = name.trim_end_matches('.').to_owned();
        let found = addresses(dns, &name).await?;
        let found = found.into_iter().take(MAX_ADDRESSES);
        hosts.extend(found.map(|address| MailHost { name: name.clone(), address }));
    }
    Some(hosts)
}

/// The addresses of a name; none where nobody answers.
pub(super) async fn addresses(dns: &MessageAuthenticator, name: &str) -> Option<Vec<IpAddr>> {
    match dns.resolver().lookup_ip(fqdn(name)).await {
        Ok(found) => Some(found.iter().collect()),
        Err(error) if error.is_no_records_found() => Some(Vec::new()),
        Err(_) => None,
    }
}

/// A name that no search list is added to.
pub(super) fn fqdn(name: &str) -> String {
    format!("{}.", name.trim_end_matches('.'))
}

/// Whether a server is on the list of backscatterer.org.
///
/// The list answers 127.0.0.2 for those on it; what begins with 127.255.255 refuses the question.
pub(super) async fn on_backscatterer(dns: &MessageAuthenticator, address: Ipv4Addr) -> Listed {
    let [a, b, c, d] = address.octets();
    match dns.resolver().ipv4_lookup(format!("{d}.{c}.{b}.{a}.{BACKSCATTERER}.")).await {
        Ok(found) => {
            let answers: Vec<[u8; 4]> = found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::A(a) => Some(a.octets()),
                    _ => None,
                })
                .collect();
            match answers.first() {
                Some([127, 0, 0, 2]) => Listed::Yes,
                Some([127, 255, 255, _]) => Listed::Refused,
                // An address of another kind is the lie of a name server that answers everything.
                _ => Listed::NoAnswer,
            }
        }
        Err(error) if error.is_no_records_found() => Listed::No,
        Err(_) => Listed::NoAnswer,
    }
}
