//! Dovecot's delivery and its Sieve, behind Postfix.

use super::postfix;
use crate::case::{Case, FAILED, Id, PLAIN, ReadAs, Server};

/// Dovecot's delivery agent, which Postfix calls for local users.
pub const SERVER: Server = Server {
    name: "dovecot",
    packages: &["postfix", "dovecot-lmtpd", "dovecot-sieve"],
    script: postfix::SCRIPT,
    setup: include_str!("dovecot.sh"),
    cases: CASES,
};

const ABSENT: ReadAs = ReadAs {
    kind: "auto_reply",
    action: "",
    reason: "none",
    status: "",
    recipients: &[],
    id: Id::Standing,
    returned: "nothing",
};
const REJECTED: ReadAs = ReadAs { recipients: &["eve@receiver.example"], returned: "headers", ..FAILED };

/// A quota that no mail keeps to.
const TIGHT: &str = "printf 'plugin {\n  quota_rule = *:bytes=300\n}\n' >> /etc/dovecot/dovecot.conf";

/// The same quota, and Dovecot as a server; what it prints may not keep the pipe of its caller open.
const BY_LMTP: &str = "printf 'plugin {\n  quota_rule = *:bytes=300\n}\n' >> /etc/dovecot/dovecot.conf
dovecot > /run/dovecot.out 2>&1
postconf -e mailbox_transport=lmtp:unix:/run/dovecot/lmtp";

const CASES: &[Case] = &[
    Case {
        name: "vacation",
        how: "Sieve `vacation` with a text alone.",
        to: &["eve@receiver.example"],
        settings: "printf 'require \"vacation\";\nvacation \"I am away until Monday.\";\n' > /home/eve/.dovecot.sieve",
        read_as: ABSENT,
        ..PLAIN
    },
    Case {
        name: "vacation_subject",
        how: "Sieve `vacation` with its own :subject and :from.",
        to: &["eve@receiver.example"],
        settings: "printf 'require \"vacation\";\nvacation :days 3 :subject \"Out of office\" :from \"Eve Hill <eve@receiver.example>\" \"I am away until Monday.\";\n' > /home/eve/.dovecot.sieve",
        read_as: ABSENT,
        ..PLAIN
    },
    Case {
        name: "reject",
        how: "Sieve `reject` at delivery by dovecot-lda.",
        to: &["eve@receiver.example"],
        settings: "printf 'require \"reject\";\nreject \"I take no mail from you.\";\n' > /home/eve/.dovecot.sieve",
        read_as: REJECTED,
        ..PLAIN
    },
    Case {
        name: "quota",
        how: "To a mailbox over its quota, at delivery by dovecot-lda.",
        to: &["eve@receiver.example"],
        settings: TIGHT,
        read_as: ReadAs { reason: "mailbox_full", ..REJECTED },
        ..PLAIN
    },
    Case {
        name: "lmtp_quota",
        how: "To a mailbox over its quota, at delivery by LMTP, after which Postfix writes the notice.",
        to: &["eve@receiver.example"],
        settings: BY_LMTP,
        read_as: ReadAs { reason: "mailbox_full", returned: "full", ..REJECTED },
        ..PLAIN
    },
];
