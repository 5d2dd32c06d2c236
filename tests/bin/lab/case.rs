//! A case: the forged mail, how the server is brought to answer it, and what its notice must be read as.

use std::fmt::Write as _;

/// The person whose address is forged.
pub const VICTIM: &str = "ada@victim.example";

/// A mail server, and what it takes to run it in a room.
pub struct Server {
    /// Its name on the command line and in file names.
    pub name: &'static str,
    /// The Debian packages to lay over the system; the version of the last is told.
    pub packages: &'static [&'static str],
    /// A shell script that does one of these, named by its first argument: `setup`, `start`, `stop`, `flush` (try
    /// what is deferred now), `deferred` (succeeds once something is), `queue` (prints the files of the queue).
    pub script: &'static str,
    /// More shell commands for its setup.
    pub setup: &'static str,
    /// Its cases.
    pub cases: &'static [Case],
}

/// One forged mail and its notice.
pub struct Case {
    /// Its name in file names, behind the server's.
    pub name: &'static str,
    /// How it was provoked, for the reader of the description.
    pub how: &'static str,
    /// To whom the forged mail goes.
    pub to: &'static [&'static str],
    /// Shell commands in the room before the server starts.
    pub settings: &'static str,
    /// What is added to MAIL FROM (RFC 3461).
    pub mail_parameters: &'static str,
    /// What is added to every RCPT TO (RFC 3461).
    pub recipient_parameters: &'static str,
    /// Lines of filling in the forged mail.
    pub filling: usize,
    /// So many hours the mail is made to have lain in the queue when it is tried again.
    pub aged: i64,
    /// What the notice must be read as.
    pub read_as: ReadAs,
}

/// A case with nothing special.
pub const PLAIN: Case = Case {
    name: "",
    how: "",
    to: &[],
    settings: "",
    mail_parameters: "",
    recipient_parameters: "",
    filling: 0,
    aged: 0,
    read_as: FAILED,
};

/// What a notice must be read as: fields of `rules/tests/testdata.rs`, empty where not to be compared.
pub struct ReadAs {
    /// The kind of notice.
    pub kind: &'static str,
    /// What became of the mail.
    pub action: &'static str,
    /// Why; `none` where the notice gives no reason.
    pub reason: &'static str,
    /// The code.
    pub status: &'static str,
    /// The recipients that it reports on.
    pub recipients: &'static [&'static str],
    /// How it tells which mail it answers.
    pub id: Id,
    /// How much of the forged mail came back.
    pub returned: &'static str,
}

/// A bounce with the whole mail.
pub const FAILED: ReadAs = ReadAs {
    kind: "bounce",
    action: "failed",
    reason: "",
    status: "",
    recipients: &[],
    id: Id::Own,
    returned: "full",
};

/// How a notice tells which mail it answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Id {
    /// It shows the mail's own Message-ID field.
    Own,
    /// It bears the id as its In-Reply-To, or names it in its text.
    Standing,
    /// It does not tell.
    Untold,
}

impl Case {
    /// With commands in the room before the server starts.
    pub const fn settings(mut self, settings: &'static str) -> Self {
        self.settings = settings;
        self
    }

    /// With so many hours in the queue.
    pub const fn aged(mut self, hours: i64) -> Self {
        self.aged = hours;
        self
    }

    /// With this action to be read.
    pub const fn action(mut self, action: &'static str) -> Self {
        self.read_as.action = action;
        self
    }

    /// With this code to be read.
    pub const fn status(mut self, status: &'static str) -> Self {
        self.read_as.status = status;
        self
    }

    /// With these recipients to be read.
    pub const fn recipients(mut self, recipients: &'static [&'static str]) -> Self {
        self.read_as.recipients = recipients;
        self
    }

    /// With this reason to be read.
    pub const fn reason(mut self, reason: &'static str) -> Self {
        self.read_as.reason = reason;
        self
    }

    /// With so much that came back.
    pub const fn returned(mut self, returned: &'static str) -> Self {
        self.read_as.returned = returned;
        self
    }

    /// The Message-ID of the forged mail, without its brackets: the same at every run, another for each case.
    pub fn message_id(&self, server: &Server) -> String {
        let hash = blake3::hash(format!("{}/{}", server.name, self.name).as_bytes()).to_hex();
        let mut id = String::new();
        for (at, digit) in hash.chars().take(32).enumerate() {
            if [8, 12, 16, 20].contains(&at) {
                id.push('-');
            }
            id.push(digit);
        }
        id + "@victim.example"
    }

    /// The description beside the captured mail.
    pub fn description(&self, server: &Server, version: &str) -> String {
        let mut text = format!("# Written by {version}.\n# {}\n", self.how);
        let read = &self.read_as;
        let fields = [
            ("kind", read.kind),
            ("action", read.action),
            ("reason", if read.reason == "none" { "" } else { read.reason }),
            ("status", read.status),
            ("returned", read.returned),
        ];
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = writeln!(text, "{name} = \"{value}\"");
        }
        if read.reason == "none" {
            text.push_str("no_reason = true\n");
        }
        if !read.recipients.is_empty() {
            let _ = writeln!(text, "recipients = [\"{}\"]", read.recipients.join("\", \""));
        }
        let id = self.message_id(server);
        let _ = match read.id {
            Id::Own => writeln!(text, "message_id = \"{id}\"\nfrom = \"{VICTIM}\""),
            Id::Standing => writeln!(text, "standing_id = \"{id}\""),
            Id::Untold => Ok(()),
        };
        text
    }
}
