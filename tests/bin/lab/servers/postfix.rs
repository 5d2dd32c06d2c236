//! Postfix.

use super::common::*;
use crate::case::{Case, Server};

/// Its script, for those who deliver by it.
pub const SCRIPT: &str = include_str!("postfix.sh");

/// Postfix, which takes mail for every recipient.
pub const SERVER: Server =
    Server { name: "postfix", packages: &["postfix"], script: SCRIPT, setup: "", cases: CASES };

const CASES: &[Case] = &[
    LOCAL_UNKNOWN.status("5.1.1"),
    REMOTE_UNKNOWN,
    FORWARDED,
    MAILBOX_FULL,
    TOO_BIG,
    LOCAL_FULL.status("5.2.2").settings(
        "postconf -e mailbox_size_limit=10000 message_size_limit=10000
         head -c 9900 /dev/zero > /var/mail/eve
         chown eve /var/mail/eve",
    ),
    TOO_BIG_ANNOUNCED.status("5.3.4"),
    SPAM,
    VIRUS,
    POLICY,
    RELAYING_DENIED,
    HOST_UNKNOWN.status("5.4.4"),
    // It sorts them.
    SEVERAL.recipients(&["full@remote.example", "gone@remote.example"]),
    HEADERS_ASKED_FOR,
    WHOLE_ASKED_FOR,
    INTERNATIONAL,
    DELAYED,
    DELAYED_UNREACHABLE.status("4.4.1"),
    EXPIRED.status("4.3.0"),
    EXPIRED_UNREACHABLE.status("4.4.1"),
    DELIVERED,
    RELAYED,
];
