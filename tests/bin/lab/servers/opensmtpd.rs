//! OpenSMTPD; it refuses users that it does not have at once, so of those there is no case.

use super::common::*;
use crate::case::{Case, Server};

/// OpenSMTPD as a server for its own domain and for others.
pub const SERVER: Server = Server {
    name: "opensmtpd",
    packages: &["opensmtpd"],
    script: include_str!("opensmtpd.sh"),
    setup: "",
    cases: CASES,
};

/// Else a warning may come first.
const NO_WARNING: &str = "sed -i 's/warn-interval 4h/warn-interval 30d/' /etc/smtpd.conf";

const CASES: &[Case] = &[
    REMOTE_UNKNOWN.returned("headers"),
    // The address that the mail was sent to is not told.
    FORWARDED.returned("headers").recipients(&["gone@remote.example"]),
    MAILBOX_FULL.returned("headers"),
    TOO_BIG.returned("headers"),
    TOO_BIG_ANNOUNCED.returned("headers"),
    SPAM.returned("headers"),
    VIRUS.returned("headers"),
    POLICY.returned("headers"),
    RELAYING_DENIED.returned("headers"),
    HOST_UNKNOWN.returned("headers"),
    SEVERAL.returned("headers"),
    HEADERS_ASKED_FOR,
    WHOLE_ASKED_FOR.returned("headers"),
    DELAYED.status("4.0.0"),
    DELAYED_UNREACHABLE,
    // What it writes when it gives up speaks of a delay of "0 seconds", and its Action is delayed.
    EXPIRED.action("delayed").status("4.4.7").returned("headers").settings(NO_WARNING),
    EXPIRED_UNREACHABLE.action("delayed").status("4.4.7").returned("headers").settings(NO_WARNING),
    DELIVERED,
    RELAYED,
];
