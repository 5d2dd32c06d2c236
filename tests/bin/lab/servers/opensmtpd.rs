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

const CASES: &[Case] = &[
    REMOTE_UNKNOWN.returned("headers"),
    FORWARDED.returned("headers"),
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
    WHOLE_ASKED_FOR,
    DELAYED,
    DELAYED_UNREACHABLE,
    EXPIRED.returned("headers"),
    EXPIRED_UNREACHABLE.returned("headers"),
    DELIVERED,
    RELAYED,
];
