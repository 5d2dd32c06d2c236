//! Exim.

use super::common::*;
use crate::case::{Case, Server};

/// Exim, which takes mail for every recipient.
pub const SERVER: Server = Server {
    name: "exim",
    packages: &["exim4-daemon-light"],
    script: include_str!("exim.sh"),
    setup: "",
    cases: CASES,
};

const CASES: &[Case] = &[
    LOCAL_UNKNOWN,
    REMOTE_UNKNOWN,
    FORWARDED,
    MAILBOX_FULL,
    TOO_BIG,
    LOCAL_FULL.settings("echo 'QUOTA = 300' > /etc/exim4/settings").aged(150),
    TOO_BIG_ANNOUNCED,
    SPAM,
    VIRUS,
    POLICY,
    RELAYING_DENIED,
    HOST_UNKNOWN,
    SEVERAL,
    HEADERS_ASKED_FOR,
    WHOLE_ASKED_FOR,
    DELAYED.status("4.0.0"),
    // It does not tell why.
    DELAYED_UNREACHABLE.reason("unspecified"),
    EXPIRED,
    EXPIRED_UNREACHABLE,
    DELIVERED,
    RELAYED.action("delivered"),
];
