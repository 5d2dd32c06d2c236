//! Senders that the user declares.

use std::net::IpAddr;

use rules::profile::Declared;
use serde::Deserialize;

/// One entry of `declared`: exactly one of relay, id, header and dkim.
#[derive(Deserialize)]
#[serde(try_from = "Table")]
pub struct Entry(pub Declared);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    relay: Option<String>,
    id: Option<String>,
    header: Option<String>,
    dkim: Option<String>,
}

/// What a pattern must hold beside `*`, so that it does not declare every mail there is.
const LITERALS: usize = 4;

impl TryFrom<Table> for Entry {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let declared = match (table.relay, table.id, table.header, table.dkim) {
            (Some(relay), None, None, None) => {
                relay.parse::<IpAddr>().map(Declared::Relay).map_err(|_| {
                    format!("`{relay}` is no IP address; a relay counts by its address, never by a name")
                })?
            }
            (None, Some(id), None, None) => Declared::Id(id),
            (None, None, Some(header), None) => Declared::Header(header),
            (None, None, None, Some(dkim)) => Declared::Dkim(dkim),
            _ => {
                return Err(
                    "a declared sender is exactly one of relay, id, header and dkim; write one entry for each"
                        .into(),
                );
            }
        };
        checked(declared).map(Self)
    }
}

/// A declared sender in the form in which it is kept, if it tells the mail of one sender from that of others.
///
/// # Errors
/// It does not; in words.
pub fn checked(declared: Declared) -> Result<Declared, String> {
    match declared {
        Declared::Relay(address) => Ok(Declared::Relay(address.to_canonical())),
        Declared::Id(id) => {
            let pattern = id.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
            if literals(&pattern) < LITERALS || !pattern.contains('@') {
                return Err(format!(
                    "`{id}` is no pattern of Message-IDs; write one such as *@lists.example.org"
                ));
            }
            Ok(Declared::Id(pattern))
        }
        Declared::Header(header) => {
            let valid = header.split_once(':').is_some_and(|(name, value)| {
                let name = name.trim();
                !name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_graphic())
                    && literals(value.trim()) >= LITERALS
            });
            if !valid {
                return Err(format!(
                    "`{header}` is no header field; write name and value, such as X-Mailer: shop"
                ));
            }
            Ok(Declared::Header(header))
        }
        Declared::Dkim(dkim) => {
            let valid = dkim.split_once("._domainkey.").is_some_and(|(selector, domain)| {
                !selector.is_empty() && domain.contains('.') && !dkim.contains(['*', ' '])
            });
            if !valid {
                return Err(format!(
                    "`{dkim}` is no DKIM selector; write one such as shop._domainkey.example.org"
                ));
            }
            Ok(Declared::Dkim(dkim.to_lowercase()))
        }
    }
}

fn literals(pattern: &str) -> usize {
    pattern.chars().filter(|c| *c != '*').count()
}
