//! The names of hosts (RFC 1034 §3.6.2): what an address is called, by the word of both its owner and the name's.

use std::net::IpAddr;

use mail_auth::common::cache::NoCache;

use mail_auth::{DnsError, Error, MessageAuthenticator, RecordSet};

use super::domain::addresses;

/// Names of an address that are asked about: honest hosts have one.
const MAX_NAMES: usize = 3;

/// The name of a host that leads back to its address (RFC 8601 §3, iprev): whoever owns an address can call it anything. None
/// where nobody answers; nothing inside where it has no such name.
pub(super) async fn name(dns: &MessageAuthenticator, address: IpAddr) -> Option<Option<String>> {
    let found = match dns.ptr_lookup(address, None::<&NoCache<IpAddr, RecordSet<Box<str>>>>).await {
        Ok(found) => found,
        Err(Error::Dns(DnsError::RecordNotFound(_))) => return Some(None),
        Err(_) => return None,
    };
    let mut silent = false;
    for name in found.rrset.iter().take(MAX_NAMES) {
        match addresses(dns, name).await {
            Some(found) if found.contains(&address) => {
                return Some(Some(name.trim_end_matches('.').to_owned()));
            }
            Some(_) => {}
            None => silent = true,
        }
    }
    if silent { None } else { Some(None) }
}
