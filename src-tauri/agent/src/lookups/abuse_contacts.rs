//! Whom to write to about a network, by the list that Abusix publishes in DNS from the data of the registries.

use std::fmt::Write as _;
use std::net::IpAddr;

use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::proto::rr::RData;
use rules::Address;

use super::domain::fqdn;

/// The zone of the list.
const ZONE: &str = "abuse-contacts.abusix.zone";
/// Contacts of one network that are shown.
const MAX_CONTACTS: usize = 5;

/// The contacts of the network of an address; none where nobody answers.
pub(super) async fn of(dns: &MessageAuthenticator, address: IpAddr) -> Option<Vec<Address>> {
    let found = match dns.resolver().txt_lookup(fqdn(&format!("{}.{ZONE}", reversed(address)))).await {
        Ok(found) => found,
        Err(error) if error.is_no_records_found() => return Some(Vec::new()),
        Err(_) => return None,
    };
    let mut contacts = Vec::new();
    for record in found.answers() {
        let RData::TXT(text) = &record.data else { continue };
        let text: String = text.txt_data.iter().map(|part| String::from_utf8_lossy(part)).collect();
        for contact in text.split([',', ' ', ';']).filter_map(Address::new) {
            if contacts.len() < MAX_CONTACTS && !contacts.contains(&contact) {
                contacts.push(contact);
            }
        }
    }
    Some(contacts)
}

/// An address as it stands in names of such zones: its parts from the last to the first (RFC 5782 §2.1, §2.4).
fn reversed(address: IpAddr) -> String {
    let mut name = String::new();
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            for (at, octet) in v4.octets().iter().rev().enumerate() {
                let _ = write!(name, "{}{octet}", if at == 0 { "" } else { "." });
            }
        }
        IpAddr::V6(v6) => {
            for (at, octet) in v6.octets().iter().rev().enumerate() {
                let _ = write!(name, "{}{:x}.{:x}", if at == 0 { "" } else { "." }, octet & 15, octet >> 4);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_addresses_are_as_the_standard_has_them() {
        let name = |text: &str| reversed(text.parse().expect("an address"));
        assert_eq!(name("192.0.2.99"), "99.2.0.192", "RFC 5782 §2.1");
        assert_eq!(name("::ffff:192.0.2.99"), "99.2.0.192", "an IPv4 address all the same");
        let long = "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4";
        assert_eq!(name("4321:0:1:2:3:4:567:89ab"), long, "as RFC 3596 §2.5 reverses it");
    }
}
