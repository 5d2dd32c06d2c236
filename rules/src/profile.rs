//! What the configuration and the mailbox say about the user: own addresses, and what was declared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Address;

/// A sender of the user's own whose mail is in no Sent folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// A relay by its address; it counts in the reporter's hop alone.
    Relay(IpAddr),
    /// A pattern of Message-IDs, `*` standing for any run of characters.
    Id(String),
    /// A header field of the original, `Name: value`; `*` in the value stands for any run of characters.
    Header(String),
    /// A DKIM selector, as `selector._domainkey.domain`.
    Dkim(String),
}

/// As the user writes it: `relay:192.0.2.1`, `id:*@shop.example`, `header:X-Mailer: shop`, `dkim:s._domainkey.example.org`.
impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relay(address) => write!(f, "relay:{address}"),
            Self::Id(pattern) => write!(f, "id:{pattern}"),
            Self::Header(field) => write!(f, "header:{field}"),
            Self::Dkim(selector) => write!(f, "dkim:{selector}"),
        }
    }
}

impl FromStr for Declared {
    type Err = NotDeclared;

    fn from_str(text: &str) -> Result<Self, NotDeclared> {
        let (what, value) = text.split_once(':').ok_or(NotDeclared)?;
        let value = value.trim();
        Ok(match what.trim() {
            "relay" => Self::Relay(value.parse().map_err(|_| NotDeclared)?),
            "id" => Self::Id(value.to_owned()),
            "header" => Self::Header(value.to_owned()),
            "dkim" => Self::Dkim(value.to_owned()),
            _ => return Err(NotDeclared),
        })
    }
}

/// A text is no declared sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDeclared;

impl fmt::Display for NotDeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is no declared sender; write one such as relay:192.0.2.1 or id:*@shop.example.org")
    }
}

impl std::error::Error for NotDeclared {}

/// A kind of notice that is left alone unless the user chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftAlone {
    /// A feedback or DMARC report.
    AbuseReport,
    /// A postmaster's copy of what was told to somebody else.
    PostmasterCopy,
    /// A message disposition notification.
    Receipt,
    /// The original arrived, or was handed on.
    SuccessReport,
}

/// What is known about the user, for every account together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Addresses configured as the user's own: address and aliases of every account.
    pub own: BTreeSet<Address>,
    /// Addresses that others send as, too.
    pub shared: BTreeSet<Address>,
    /// Domains, in lower case, of which every address is the user's alone.
    pub own_domains: BTreeSet<String>,
    /// Delivered-To addresses that stand on nearly all mail of an account: names of mailboxes.
    pub mailbox_names: BTreeSet<Address>,
    /// Senders that the user declared or accepted.
    pub declared: BTreeSet<Declared>,
    /// Names of the user's own mail servers, in lower case: IMAP and SMTP hosts of the accounts.
    pub own_servers: BTreeSet<String>,
    /// Kinds of `left_alone` that the user chose to have judged like others.
    pub judged_kinds: BTreeSet<LeftAlone>,
    /// The grace time in seconds, 0 to 86,400, by account name.
    pub grace: BTreeMap<String, i64>,
}
