//! Debian's `vacation`, called by Postfix for a user's `.forward`.

use super::postfix;
use crate::case::{Case, Id, PLAIN, ReadAs, Server};

/// The program, with a message in the user's home.
pub const SERVER: Server = Server {
    name: "vacation",
    packages: &["postfix", "vacation"],
    script: postfix::SCRIPT,
    setup: r#"
cd /home/eve
echo '\eve, "|/usr/bin/vacation eve"' > .forward
chown eve:eve .forward
runuser -u eve -- env HOME=/home/eve vacation -i
"#,
    cases: CASES,
};

const ABSENT: ReadAs = ReadAs {
    kind: "auto_reply",
    action: "",
    reason: "none",
    status: "",
    recipients: &[],
    id: Id::Untold,
    returned: "nothing",
};

/// As in vacation(1).
const MESSAGE: &str = "
cat > /home/eve/.vacation.msg <<'END'
From: eve@receiver.example (Eve Hill)
Subject: I am on vacation
Delivered-By-The-Graces-Of: The Vacation program
Precedence: bulk

I am on vacation until July 22.  If you have something urgent,
please contact Keith Hill <keith@receiver.example>.
--eve
END
";

const CASES: &[Case] = &[
    Case {
        name: "manual",
        how: "To a user whose message is that of the manual.",
        to: &["eve@receiver.example"],
        settings: MESSAGE,
        read_as: ABSENT,
        ..PLAIN
    },
    Case {
        name: "subject",
        how: "To a user whose message has no more than a Subject, which repeats the one that it answers; called with -z.",
        to: &["eve@receiver.example"],
        settings: r#"
echo '\eve, "|/usr/bin/vacation -z eve"' > /home/eve/.forward
printf 'Subject: away: $SUBJECT\n\nYour mail about "$SUBJECT" will be read later.\n' > /home/eve/.vacation.msg
"#,
        read_as: ABSENT,
        ..PLAIN
    },
];
