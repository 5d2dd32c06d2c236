//! Sendmail.

use super::common::*;
use crate::case::{Case, Server};

/// Sendmail, which takes mail for every recipient.
pub const SERVER: Server = Server {
    name: "sendmail",
    packages: &["sendmail-bin"],
    script: include_str!("sendmail.sh"),
    setup: "",
    cases: CASES,
};

const CASES: &[Case] = &[
    LOCAL_UNKNOWN.status("5.5.0"),
    REMOTE_UNKNOWN,
    // A .forward is read where the local mailer has the flag w.
    FORWARDED.settings(
        "sed -i '/^Mlocal/s/F=/F=w/' /etc/mail/sendmail.cf
         echo gone@remote.example > /home/eve/.forward
         chown eve:eve /home/eve/.forward",
    ),
    MAILBOX_FULL,
    TOO_BIG,
    // What is too big is not sent back either.
    TOO_BIG_ANNOUNCED.status("5.3.4").returned("headers"),
    SPAM,
    VIRUS,
    POLICY,
    RELAYING_DENIED,
    HOST_UNKNOWN.status("5.1.2"),
    SEVERAL,
    HEADERS_ASKED_FOR,
    WHOLE_ASKED_FOR,
    DELAYED.returned("full"),
    DELAYED_UNREACHABLE.status("4.4.1").returned("full"),
    EXPIRED.status("4.4.7"),
    EXPIRED_UNREACHABLE.status("4.4.7"),
    DELIVERED.status("2.1.5"),
    RELAYED.status("2.1.5"),
];
