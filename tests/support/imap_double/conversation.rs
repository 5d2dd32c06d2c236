//! What a connection knows of its client, and the answers to its commands.

use std::sync::Arc;

use imap_codec::imap_types::auth::AuthMechanism;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::mailbox::Mailbox;

use super::fetch::flag_list;
use super::world::{Folder, World};
use super::{Shared, lock};

/// The tagged answer's first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
}

impl Status {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::No => "NO",
            Self::Bad => "BAD",
        }
    }
}

/// What the connection does after the answer, or instead of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Go,
    Close,
    StartTls,
    Idle,
    /// The client owes the SASL PLAIN response.
    Credentials,
}

/// An answer before any fault has touched it.
#[derive(Debug)]
pub(super) struct Answer {
    pub untagged: Vec<Vec<u8>>,
    pub status: Status,
    pub text: String,
    pub next: Next,
}

impl Answer {
    pub(super) fn ok(text: impl Into<String>) -> Self {
        Self { untagged: Vec::new(), status: Status::Ok, text: text.into(), next: Next::Go }
    }

    pub(super) fn no(text: impl Into<String>) -> Self {
        Self { status: Status::No, ..Self::ok(text) }
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self { status: Status::Bad, ..Self::ok(text) }
    }

    pub(super) fn then(self, next: Next) -> Self {
        Self { next, ..self }
    }

    pub(super) fn line(mut self, line: impl AsRef<str>) -> Self {
        self.untagged.push(format!("* {}\r\n", line.as_ref()).into_bytes());
        self
    }
}

/// The mailbox that a connection has open, as its client knows it.
#[derive(Debug)]
pub(super) struct Selected {
    pub folder: String,
    pub read_only: bool,
    pub uid_validity: u32,
    /// UIDs by sequence number.
    pub view: Vec<u32>,
    /// The tick up to which the client knows all changes.
    pub synced: u64,
    /// UID and tick of changes by this connection's own STORE: those it need not be told (`.SILENT`).
    pub own: std::collections::BTreeSet<(u32, u64)>,
}

/// Quirks that faults ask for in one command.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quirks {
    pub omit_copyuid: bool,
    pub pretend: bool,
}

pub(super) struct Conversation {
    pub shared: Arc<Shared>,
    pub secured: bool,
    pub signed_in: bool,
    pub sent_id: bool,
    pub selected: Option<Selected>,
    pub quirks: Quirks,
}

/// A mailbox's name on the wire.
pub(super) fn name_of(mailbox: &Mailbox<'_>) -> String {
    match mailbox {
        Mailbox::Inbox => "INBOX".to_owned(),
        Mailbox::Other(other) => String::from_utf8_lossy(other.as_ref()).into_owned(),
    }
}

impl Conversation {
    pub(super) fn capability_words(&self) -> String {
        let setup = lock(&self.shared.setup);
        let offer_starttls = setup.security == crate::server::Security::StartTls && !self.secured;
        setup.capabilities.words(self.signed_in, offer_starttls)
    }

    /// Executes one command.
    pub(super) fn execute(&mut self, body: CommandBody<'_>) -> Answer {
        let shared = Arc::clone(&self.shared);
        let capabilities = lock(&shared.setup).capabilities.clone();
        match body {
            CommandBody::Capability => {
                return Answer::ok("done").line(format!("CAPABILITY {}", self.capability_words()));
            }
            CommandBody::Noop | CommandBody::Check => return Answer::ok("done"),
            CommandBody::Logout => return Answer::ok("bye").line("BYE see you").then(Next::Close),
            CommandBody::StartTLS if !self.secured => return Answer::ok("go ahead").then(Next::StartTls),
            CommandBody::Id { .. } if capabilities.id => {
                self.sent_id = true;
                return Answer::ok("done").line("ID (\"name\" \"double\")");
            }
            CommandBody::Login { username, password } => {
                return self.sign_in(username.as_ref(), password.declassify().as_ref());
            }
            CommandBody::Authenticate { mechanism: AuthMechanism::Plain, initial_response } => {
                return match initial_response {
                    Some(response) => self.sign_in_plain(response.declassify()),
                    None => Answer::ok("").then(Next::Credentials),
                };
            }
            CommandBody::Authenticate { .. } => return Answer::no("[CANNOT] no such mechanism"),
            _ if !self.signed_in => return Answer::bad("sign in first"),
            _ => {}
        }
        match body {
            CommandBody::Select { mailbox, .. } => self.select(&name_of(&mailbox), false),
            CommandBody::Examine { mailbox, .. } => self.select(&name_of(&mailbox), true),
            CommandBody::Enable { .. } => Answer::ok("done").line("ENABLED"),
            CommandBody::Namespace if capabilities.namespace => {
                let setup = lock(&shared.setup);
                let personal = format!("((\"{}\" \"{}\"))", setup.prefix, setup.delimiter);
                Answer::ok("done").line(format!("NAMESPACE {personal} NIL NIL"))
            }
            CommandBody::List { reference, mailbox_wildcard }
            | CommandBody::Lsub { reference, mailbox_wildcard } => {
                use imap_codec::imap_types::mailbox::ListMailbox;
                let pattern = match &mailbox_wildcard {
                    ListMailbox::Token(token) => token.as_ref(),
                    ListMailbox::String(string) => string.as_ref(),
                };
                let reference = match &reference {
                    Mailbox::Inbox => "INBOX".to_owned(),
                    Mailbox::Other(other) => String::from_utf8_lossy(other.as_ref()).into_owned(),
                };
                self.list(
                    &format!("{reference}{}", String::from_utf8_lossy(pattern)),
                    capabilities.special_use,
                )
            }
            CommandBody::Create { mailbox } => self.create(&name_of(&mailbox)),
            CommandBody::Delete { mailbox } => {
                let name = name_of(&mailbox);
                let mut world = lock(&shared.world);
                if name == "INBOX" || world.folders.remove(&name).is_none() {
                    return Answer::no("[NONEXISTENT] no such folder");
                }
                world.touch();
                Answer::ok("deleted")
            }
            CommandBody::Rename { from, to } => {
                let (from, to) = (name_of(&from), name_of(&to));
                let mut world = lock(&shared.world);
                if world.folders.contains_key(&to) {
                    return Answer::no("[ALREADYEXISTS] there is one of that name");
                }
                let Some(folder) = world.folders.remove(&from) else {
                    return Answer::no("[NONEXISTENT] no such folder");
                };
                world.folders.insert(to, folder);
                world.touch();
                Answer::ok("renamed")
            }
            CommandBody::Subscribe { .. } | CommandBody::Unsubscribe { .. } => Answer::ok("done"),
            CommandBody::Status { mailbox, item_names } => {
                let name = name_of(&mailbox);
                match lock(&shared.world).folder(&name) {
                    Some(folder) => {
                        let words: Vec<String> =
                            item_names.iter().filter_map(|item| status_item(folder, item)).collect();
                        let mut line = b"* STATUS ".to_vec();
                        super::structure::string(&mut line, &name);
                        line.extend_from_slice(format!(" ({})\r\n", words.join(" ")).as_bytes());
                        Answer { untagged: vec![line], ..Answer::ok("done") }
                    }
                    None => Answer::no("[NONEXISTENT] no such folder"),
                }
            }
            CommandBody::GetQuotaRoot { mailbox } if capabilities.quota => {
                let name = name_of(&mailbox);
                quota_lines(
                    &lock(&shared.world),
                    Answer::ok("done").line(format!("QUOTAROOT \"{name}\" \"user\"")),
                )
            }
            CommandBody::GetQuota { .. } if capabilities.quota => {
                quota_lines(&lock(&shared.world), Answer::ok("done"))
            }
            CommandBody::Idle if capabilities.idle => Answer::ok("idle ended").then(Next::Idle),
            CommandBody::Append { mailbox, flags, date, message } => {
                use imap_codec::imap_types::extensions::binary::LiteralOrLiteral8;
                let octets = match &message {
                    LiteralOrLiteral8::Literal(literal) => literal.as_ref(),
                    LiteralOrLiteral8::Literal8(literal) => literal.data.as_ref(),
                };
                let when = date.map_or_else(crate::date::now, |date| date.as_ref().timestamp());
                let mut mail = crate::mail::Mail::new(octets, when);
                mail.flags = flags.iter().map(ToString::to_string).collect();
                self.append(&name_of(&mailbox), mail)
            }
            body => self.execute_selected(body, &capabilities),
        }
    }

    fn sign_in_plain(&mut self, response: &[u8]) -> Answer {
        let mut fields = response.split(|byte| *byte == 0).skip(1);
        let user = fields.next().unwrap_or_default();
        let password = fields.next().unwrap_or_default();
        self.sign_in(user, password)
    }

    /// Takes the client's answer to the empty challenge of AUTHENTICATE PLAIN.
    pub(super) fn credentials(&mut self, response: Option<&[u8]>) -> Answer {
        match response {
            Some(response) => self.sign_in_plain(response),
            None => Answer::bad("cancelled"),
        }
    }

    fn sign_in(&mut self, user: &[u8], password: &[u8]) -> Answer {
        let offer_starttls = lock(&self.shared.setup).security == crate::server::Security::StartTls;
        if offer_starttls && !self.secured {
            lock(&self.shared.record).violations.push("password sent in clear text".to_owned());
            return Answer::no("[PRIVACYREQUIRED] STARTTLS first");
        }
        {
            let world = lock(&self.shared.world);
            if user != world.user.as_bytes() || password != world.password.as_bytes() {
                return Answer::no("[AUTHENTICATIONFAILED] wrong user or password");
            }
        }
        self.signed_in = true;
        Answer::ok(format!("[CAPABILITY {}] welcome", self.capability_words()))
    }

    fn select(&mut self, name: &str, examine: bool) -> Answer {
        self.selected = None;
        let shared = Arc::clone(&self.shared);
        if lock(&shared.setup).capabilities.wants_id && !self.sent_id {
            return Answer::no("Unsafe Login: send ID first");
        }
        let world = lock(&shared.world);
        let Some(folder) = world.folder(name).filter(|folder| !folder.no_select) else {
            return Answer::no("[NONEXISTENT] no such folder");
        };
        let read_only = examine || folder.read_only;
        self.selected = Some(Selected {
            folder: super::world::folder_key(name),
            read_only,
            uid_validity: folder.uid_validity,
            view: folder.mails.keys().copied().collect(),
            synced: world.tick,
            own: Default::default(),
        });
        let permanent = if read_only { "" } else { "\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*" };
        Answer::ok(if read_only { "[READ-ONLY] opened" } else { "[READ-WRITE] opened" })
            .line("FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
            .line(format!("OK [PERMANENTFLAGS ({permanent})] may be kept"))
            .line(format!("{} EXISTS", folder.mails.len()))
            .line("0 RECENT")
            .line(format!("OK [UIDVALIDITY {}] UIDs are valid", folder.uid_validity))
            .line(format!("OK [UIDNEXT {}] next", folder.uid_next))
    }

    fn list(&self, pattern: &str, special_use: bool) -> Answer {
        let delimiter = lock(&self.shared.setup).delimiter;
        if pattern.is_empty() {
            return Answer::ok("done").line(format!("LIST (\\Noselect) \"{delimiter}\" \"\""));
        }
        let world = lock(&self.shared.world);
        let mut answer = Answer::ok("done");
        for (name, folder) in &world.folders {
            if !glob(pattern.as_bytes(), name.as_bytes(), delimiter as u8) {
                continue;
            }
            let mut attributes = vec![];
            if folder.no_select {
                attributes.push("\\Noselect");
            }
            if let Some(special) = folder.special_use.as_deref().filter(|_| special_use) {
                attributes.push(special);
            }
            let mut line = format!("* LIST ({}) \"{delimiter}\" ", attributes.join(" ")).into_bytes();
            super::structure::string(&mut line, name);
            line.extend_from_slice(b"\r\n");
            answer.untagged.push(line);
        }
        answer
    }

    fn create(&self, name: &str) -> Answer {
        let (prefix, delimiter) = {
            let setup = lock(&self.shared.setup);
            (setup.prefix.clone(), setup.delimiter)
        };
        let name = name.trim_end_matches(delimiter);
        if !prefix.is_empty() && !name.starts_with(&prefix) {
            return Answer::no(format!("[CANNOT] names begin with {prefix}"));
        }
        let mut world = lock(&self.shared.world);
        if world.create(name) { Answer::ok("created") } else { Answer::no("[ALREADYEXISTS] there is one") }
    }

    /// Tells the client what changed in its open mailbox since it was last told: EXPUNGE, EXISTS, flags.
    ///
    /// # Errors
    /// The text of a BYE, when the mailbox is gone or has other UIDs.
    pub(super) fn sync(&mut self, expunges: bool) -> Result<Vec<Vec<u8>>, String> {
        let mut out = Vec::new();
        let Some(selected) = &mut self.selected else { return Ok(out) };
        let world = lock(&self.shared.world);
        let Some(folder) = world.folder(&selected.folder) else {
            return Err("Selected mailbox was deleted, have to disconnect".to_owned());
        };
        if folder.uid_validity != selected.uid_validity {
            return Err("UIDVALIDITY of the selected mailbox changed".to_owned());
        }
        if folder.changed <= selected.synced {
            return Ok(out);
        }
        // A mailbox of 50,000 mails is not gone through for each mail that comes in.
        if expunges && folder.removed > selected.synced {
            let gone: Vec<usize> = (0..)
                .zip(&selected.view)
                .filter(|(_, uid)| !folder.mails.contains_key(uid))
                .map(|(at, _)| at)
                .collect();
            for at in gone.iter().rev() {
                out.push(format!("* {} EXPUNGE\r\n", at + 1).into_bytes());
            }
            selected.view.retain(|uid| folder.mails.contains_key(uid));
        }
        let flagged = if folder.flagged > selected.synced { selected.view.as_slice() } else { &[] };
        for (at, uid) in (1..).zip(flagged) {
            if let Some(stored) = folder.mails.get(uid).filter(|stored| stored.changed > selected.synced) {
                if selected.own.contains(&(*uid, stored.changed)) {
                    continue;
                }
                let flags = flag_list(&stored.mail.flags);
                out.push(format!("* {at} FETCH (UID {uid} FLAGS ({flags}))\r\n").into_bytes());
            }
        }
        let known = selected.view.last().copied().unwrap_or_default();
        let before = selected.view.len();
        selected.view.extend(folder.mails.range(known + 1..).map(|(uid, _)| *uid));
        if selected.view.len() > before {
            out.push(format!("* {} EXISTS\r\n", selected.view.len()).into_bytes());
            out.push(b"* 0 RECENT\r\n".to_vec());
        }
        // An expunge that could not be told now must be told at the next chance.
        if expunges {
            selected.synced = folder.changed;
            selected.own.clear();
        }
        Ok(out)
    }
}

fn status_item(folder: &Folder, item: &imap_codec::imap_types::status::StatusDataItemName) -> Option<String> {
    use imap_codec::imap_types::status::StatusDataItemName as Item;
    let count = |flag: &str| folder.mails.values().filter(|stored| stored.mail.flags.contains(flag)).count();
    Some(match item {
        Item::Messages => format!("MESSAGES {}", folder.mails.len()),
        Item::Recent => "RECENT 0".to_owned(),
        Item::UidNext => format!("UIDNEXT {}", folder.uid_next),
        Item::UidValidity => format!("UIDVALIDITY {}", folder.uid_validity),
        Item::Unseen => format!("UNSEEN {}", folder.mails.len() - count("\\Seen")),
        Item::Deleted => format!("DELETED {}", count("\\Deleted")),
        _ => return None,
    })
}

fn quota_lines(world: &World, answer: Answer) -> Answer {
    match world.quota {
        // RFC 9208 §5.1: STORAGE is counted in units of 1,024 octets.
        Some(limit) => {
            answer.line(format!("QUOTA \"user\" (STORAGE {} {})", world.used().div_ceil(1024), limit / 1024))
        }
        None => answer.line("QUOTA \"user\" ()"),
    }
}

/// Matches LIST's wildcards: `*` is anything, `%` anything but the delimiter.
fn glob(pattern: &[u8], name: &[u8], delimiter: u8) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => {
            (0..=name.len()).any(|at| glob(rest, name.get(at..).unwrap_or_default(), delimiter))
        }
        Some((b'%', rest)) => {
            let part = name.iter().position(|byte| *byte == delimiter).unwrap_or(name.len());
            (0..=part).any(|at| glob(rest, name.get(at..).unwrap_or_default(), delimiter))
        }
        Some((first, rest)) => {
            name.split_first().is_some_and(|(own, name)| own == first && glob(rest, name, delimiter))
        }
    }
}
