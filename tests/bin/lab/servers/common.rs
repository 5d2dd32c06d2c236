//! Cases that several servers have; how they read differs little.

use crate::case::{Case, FAILED, PLAIN, ReadAs};

/// To a user that the server took for its own, but does not have.
pub const LOCAL_UNKNOWN: Case = Case {
    name: "local_unknown",
    how: "To a user that the server took for its own, but does not have.",
    to: &["gone@receiver.example"],
    read_as: ReadAs { reason: "recipient_unknown", recipients: &["gone@receiver.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the recipient with 550 5.1.1.
pub const REMOTE_UNKNOWN: Case = Case {
    name: "remote_unknown",
    how: "The next server refuses the recipient with 550 5.1.1.",
    to: &["gone@remote.example"],
    read_as: ReadAs {
        reason: "recipient_unknown",
        status: "5.1.1",
        recipients: &["gone@remote.example"],
        ..FAILED
    },
    ..PLAIN
};

/// A local user forwards to an address that the next server refuses with 550 5.1.1.
pub const FORWARDED: Case = Case {
    name: "forwarded",
    how: "A local user forwards to an address that the next server refuses with 550 5.1.1.",
    to: &["eve@receiver.example"],
    settings: "echo gone@remote.example > /home/eve/.forward; chown eve:eve /home/eve/.forward",
    read_as: ReadAs {
        reason: "recipient_unknown",
        status: "5.1.1",
        recipients: &["eve@receiver.example"],
        ..FAILED
    },
    ..PLAIN
};

/// The next server refuses the recipient with 552 5.2.2.
pub const MAILBOX_FULL: Case = Case {
    name: "mailbox_full",
    how: "The next server refuses the recipient with 552 5.2.2.",
    to: &["full@remote.example"],
    read_as: ReadAs {
        reason: "mailbox_full",
        status: "5.2.2",
        recipients: &["full@remote.example"],
        ..FAILED
    },
    ..PLAIN
};

/// To a local mailbox that is full.
pub const LOCAL_FULL: Case = Case {
    name: "local_full",
    how: "To a local mailbox that is full.",
    to: &["eve@receiver.example"],
    read_as: ReadAs { reason: "mailbox_full", recipients: &["eve@receiver.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the mail with 552 5.3.4.
pub const TOO_BIG: Case = Case {
    name: "too_big",
    how: "The next server refuses the mail with 552 5.3.4.",
    to: &["big@remote.example"],
    read_as: ReadAs { reason: "too_big", status: "5.3.4", recipients: &["big@remote.example"], ..FAILED },
    ..PLAIN
};

/// The mail exceeds the SIZE that the next server announces.
pub const TOO_BIG_ANNOUNCED: Case = Case {
    name: "too_big_announced",
    how: "The mail exceeds the SIZE that the next server announces.",
    to: &["bob@small.example"],
    filling: 60,
    read_as: ReadAs { reason: "too_big", recipients: &["bob@small.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the mail as spam with 550 5.7.1.
pub const SPAM: Case = Case {
    name: "spam",
    how: "The next server refuses the mail as spam with 550 5.7.1.",
    to: &["strict@remote.example"],
    read_as: ReadAs { reason: "spam", status: "5.7.1", recipients: &["strict@remote.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the mail as a virus with 554 5.7.1.
pub const VIRUS: Case = Case {
    name: "virus",
    how: "The next server refuses the mail as a virus with 554 5.7.1.",
    to: &["clean@remote.example"],
    read_as: ReadAs { reason: "virus", status: "5.7.1", recipients: &["clean@remote.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the mail by DMARC with 550 5.7.26.
pub const POLICY: Case = Case {
    name: "policy",
    how: "The next server refuses the mail by DMARC with 550 5.7.26.",
    to: &["careful@remote.example"],
    read_as: ReadAs { reason: "policy", status: "5.7.26", recipients: &["careful@remote.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses the recipient with 554 5.7.1, relay access denied.
pub const RELAYING_DENIED: Case = Case {
    name: "relaying_denied",
    how: "The next server refuses the recipient with 554 5.7.1, relay access denied.",
    to: &["norelay@remote.example"],
    read_as: ReadAs {
        reason: "relaying_denied",
        status: "5.7.1",
        recipients: &["norelay@remote.example"],
        ..FAILED
    },
    ..PLAIN
};

/// To a domain that does not exist.
pub const HOST_UNKNOWN: Case = Case {
    name: "host_unknown",
    how: "To a domain that does not exist.",
    to: &["bob@nowhere.invalid"],
    read_as: ReadAs { reason: "host_unknown", recipients: &["bob@nowhere.invalid"], ..FAILED },
    ..PLAIN
};

/// To two recipients that the next server refuses for different reasons.
pub const SEVERAL: Case = Case {
    name: "several",
    how: "To two recipients that the next server refuses for different reasons.",
    to: &["gone@remote.example", "full@remote.example"],
    read_as: ReadAs { recipients: &["gone@remote.example", "full@remote.example"], ..FAILED },
    ..PLAIN
};

/// Refused with 550 5.1.1; the mail was sent with RET=HDRS and an ENVID.
pub const HEADERS_ASKED_FOR: Case = Case {
    name: "headers_asked_for",
    how: "Refused with 550 5.1.1; the mail was sent with RET=HDRS and an ENVID.",
    to: &["gone@remote.example"],
    mail_parameters: " RET=HDRS ENVID=QQ314159",
    read_as: ReadAs {
        reason: "recipient_unknown",
        status: "5.1.1",
        recipients: &["gone@remote.example"],
        returned: "headers",
        ..FAILED
    },
    ..PLAIN
};

/// Refused with 550 5.1.1; the mail was sent with RET=FULL.
pub const WHOLE_ASKED_FOR: Case = Case {
    name: "whole_asked_for",
    how: "Refused with 550 5.1.1; the mail was sent with RET=FULL.",
    to: &["gone@remote.example"],
    mail_parameters: " RET=FULL",
    read_as: ReadAs {
        reason: "recipient_unknown",
        status: "5.1.1",
        recipients: &["gone@remote.example"],
        ..FAILED
    },
    ..PLAIN
};

/// An international mail (SMTPUTF8) that the next server refuses with 550 5.1.1.
pub const INTERNATIONAL: Case = Case {
    name: "international",
    how: "An international mail (SMTPUTF8) that the next server refuses with 550 5.1.1.",
    to: &["jürgen@remote.example"],
    mail_parameters: " SMTPUTF8",
    read_as: ReadAs {
        reason: "recipient_unknown",
        status: "5.1.1",
        recipients: &["jürgen@remote.example"],
        ..FAILED
    },
    ..PLAIN
};

/// The next server answers 451 4.3.0 for more than four hours.
pub const DELAYED: Case = Case {
    name: "delayed",
    how: "The next server answers 451 4.3.0 for more than four hours.",
    to: &["later@remote.example"],
    aged: 5,
    read_as: ReadAs {
        action: "delayed",
        status: "4.3.0",
        recipients: &["later@remote.example"],
        returned: "headers",
        ..FAILED
    },
    ..PLAIN
};

/// The next server refuses connections for more than four hours.
pub const DELAYED_UNREACHABLE: Case = Case {
    name: "delayed_unreachable",
    how: "The next server refuses connections for more than four hours.",
    to: &["bob@down.example"],
    aged: 5,
    read_as: ReadAs {
        action: "delayed",
        reason: "timed_out",
        recipients: &["bob@down.example"],
        returned: "headers",
        ..FAILED
    },
    ..PLAIN
};

/// The next server answers 451 4.3.0 for more than five days.
pub const EXPIRED: Case = Case {
    name: "expired",
    how: "The next server answers 451 4.3.0 for more than five days.",
    to: &["later@remote.example"],
    aged: 150,
    read_as: ReadAs { recipients: &["later@remote.example"], ..FAILED },
    ..PLAIN
};

/// The next server refuses connections for more than five days.
pub const EXPIRED_UNREACHABLE: Case = Case {
    name: "expired_unreachable",
    how: "The next server refuses connections for more than five days.",
    to: &["bob@down.example"],
    aged: 150,
    read_as: ReadAs { reason: "timed_out", recipients: &["bob@down.example"], ..FAILED },
    ..PLAIN
};

/// To a local mailbox, with NOTIFY=SUCCESS.
pub const DELIVERED: Case = Case {
    name: "delivered",
    how: "To a local mailbox, with NOTIFY=SUCCESS.",
    to: &["eve@receiver.example"],
    recipient_parameters: " NOTIFY=SUCCESS",
    read_as: ReadAs {
        action: "delivered",
        reason: "none",
        status: "2.0.0",
        recipients: &["eve@receiver.example"],
        returned: "headers",
        ..FAILED
    },
    ..PLAIN
};

/// To a server that sends no notifications of success, with NOTIFY=SUCCESS.
pub const RELAYED: Case = Case {
    name: "relayed",
    how: "To a server that sends no notifications of success, with NOTIFY=SUCCESS.",
    to: &["bob@remote.example"],
    recipient_parameters: " NOTIFY=SUCCESS",
    read_as: ReadAs {
        action: "relayed",
        reason: "none",
        status: "2.0.0",
        recipients: &["bob@remote.example"],
        returned: "headers",
        ..FAILED
    },
    ..PLAIN
};
