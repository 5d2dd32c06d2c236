//! Mailman 3, a list server, behind Postfix.

use super::postfix;
use crate::case::{Case, Id, PLAIN, ReadAs, Server};

/// A list `garden@receiver.example` without members.
pub const SERVER: Server = Server {
    name: "mailman",
    packages: &["postfix", "mailman3"],
    script: postfix::SCRIPT,
    setup: include_str!("mailman.sh"),
    cases: CASES,
};

const ANSWERED: ReadAs = ReadAs {
    kind: "list_notice",
    action: "",
    reason: "none",
    status: "",
    recipients: &[],
    id: Id::Untold,
    returned: "",
};

const CASES: &[Case] = &[
    Case {
        name: "held",
        how: "A post of somebody who is no member, which a moderator is to see first.",
        to: &["garden@receiver.example"],
        read_as: ANSWERED,
        ..PLAIN
    },
    Case {
        name: "not_a_member",
        how: "A post of somebody who is no member, to a list that refuses such.",
        to: &["garden@receiver.example"],
        settings: "
cat > /tmp/refuse.py <<'END'
from mailman.config import config
from mailman.interfaces.action import Action
def refuse(garden):
    garden.default_nonmember_action = Action.reject
    config.db.commit()
END
cd /tmp && PYTHONPATH=/tmp runuser -u list -- mailman shell -l garden@receiver.example -r refuse.refuse",
        read_as: ReadAs { id: Id::Own, returned: "full", ..ANSWERED },
        ..PLAIN
    },
    Case {
        name: "commands",
        how: "A mail to the list's address for commands that holds none.",
        to: &["garden-request@receiver.example"],
        // Four lines of its header, which no reader tells from a returned mail: how much came back is not compared.
        read_as: ReadAs { id: Id::Own, returned: "", ..ANSWERED },
        ..PLAIN
    },
    Case {
        name: "confirm_subscription",
        how: "A subscription that is to be confirmed.",
        to: &["garden-join@receiver.example"],
        read_as: ANSWERED,
        ..PLAIN
    },
];
