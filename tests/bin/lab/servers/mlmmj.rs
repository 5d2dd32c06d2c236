//! Mlmmj, a list server, behind Postfix.

use super::postfix;
use crate::case::{Case, Id, PLAIN, ReadAs, Server};

/// A list `garden@receiver.example` with one owner and no subscribers.
pub const SERVER: Server = Server {
    name: "mlmmj",
    packages: &["postfix", "mlmmj"],
    script: postfix::SCRIPT,
    setup: r#"
: > /etc/aliases
printf '%s\n' receiver.example postmaster@receiver.example en y n | mlmmj-make-ml -L garden -a > /dev/null
echo 198.51.100.25 > /var/spool/mlmmj/garden/control/relayhost
echo + > /var/spool/mlmmj/garden/control/delimiter
chown -R nobody /var/spool/mlmmj
postconf -e alias_maps=hash:/etc/aliases alias_database=hash:/etc/aliases recipient_delimiter=+
newaliases
"#,
    cases: CASES,
};

const ANSWERED: ReadAs = ReadAs {
    kind: "list_notice",
    action: "",
    reason: "none",
    status: "",
    recipients: &[],
    id: Id::Own,
    returned: "full",
};
/// What does not tell which mail it answers.
const OF_ITSELF: ReadAs = ReadAs { id: Id::Untold, returned: "nothing", ..ANSWERED };

const CASES: &[Case] = &[
    Case {
        name: "not_a_member",
        how: "A post of somebody who is no member, to a list for members.",
        to: &["garden@receiver.example"],
        settings: "touch /var/spool/mlmmj/garden/control/subonlypost",
        read_as: ANSWERED,
        ..PLAIN
    },
    Case {
        name: "held",
        how: "A post to a moderated list, which tells those who wait.",
        to: &["garden@receiver.example"],
        settings: "cd /var/spool/mlmmj/garden/control; touch moderated notifymod
                   echo postmaster@receiver.example > moderators",
        read_as: ANSWERED,
        ..PLAIN
    },
    Case {
        name: "confirm_subscription",
        how: "A subscription that is to be confirmed.",
        to: &["garden+subscribe@receiver.example"],
        read_as: OF_ITSELF,
        ..PLAIN
    },
    Case {
        name: "help",
        how: "A command asking for help.",
        to: &["garden+help@receiver.example"],
        read_as: OF_ITSELF,
        ..PLAIN
    },
];
