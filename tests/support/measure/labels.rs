//! The labels of the corpus, in the words of `rules`.

use rules::{Kind, Reason};

/// The kind of notice that a label names; none for ordinary mail and spam.
pub(super) fn expected_kind(label: &str) -> Option<Kind> {
    Some(match label {
        "dsn-failed" | "dsn-delayed" | "dsn-relayed" | "nonstandard-bounce" => Kind::Bounce,
        "auto-reply" => Kind::AutoReply,
        "challenge" => Kind::Challenge,
        "virus-notice" => Kind::VirusNotice,
        "list-notice" => Kind::ListNotice,
        "mdn" => Kind::Receipt,
        "arf" => Kind::AbuseReport,
        _ => return None,
    })
}

/// The class that a reason belongs to; none for those that no class is meant for.
pub(super) fn expected_reason(label: &str) -> Option<Reason> {
    Some(match label {
        "user-unknown" | "filtered" | "suspend" | "hasmoved" => Reason::RecipientUnknown,
        "mailbox-full" | "systemfull" => Reason::MailboxFull,
        "spam-rejected" | "badreputation" | "blocked" | "rejected" => Reason::Spam,
        "virus" | "banned-content" => Reason::Virus,
        "policy" | "securityerror" | "authfailure" | "requireptr" | "notcompliantrfc" | "speeding"
        | "toomanyconn" => Reason::Policy,
        "relaying-denied" => Reason::RelayingDenied,
        "message-too-big" => Reason::TooBig,
        "host-unknown" | "notaccept" => Reason::HostUnknown,
        "expired" | "network-error" => Reason::TimedOut,
        _ => return None,
    })
}
