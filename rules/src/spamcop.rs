//! SpamCop's own mail: what it says became of reports that were sent to it by mail.
//!
//! Anybody can write such a mail. So an answer counts for the report whose Message-ID it names, which nobody else knows, or
//! where the user's mail provider says that it came from SpamCop; and of a link only its number is taken, so that it never
//! leads anywhere else.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};

use crate::MessageId;
use crate::auth_results::AuthResults;
use crate::fields::Fields;
use crate::message_id::ids_in;
use crate::read::{MAX_MAIL, topmost_server, with_newlines};

/// SpamCop's domain.
const DOMAIN: &str = "spamcop.net";
/// Its answers come from these; mail of `reports.spamcop.net` is what other people write about reports.
const SENDERS: [&str; 3] = ["devnull.spamcop.net", "admin.spamcop.net", DOMAIN];
/// A text is read up to so many bytes.
const MAX_TEXT: usize = 128 * 1024;
/// Links and ids kept of one answer.
const MAX_KEPT: usize = 10;
/// The longest id that is kept, in bytes; ours have some 50.
const MAX_ID: usize = 250;
/// The longest number of a report in a link, in characters; those seen have 45.
const MAX_NUMBER: usize = 80;

/// The page on which a report is confirmed: nothing but its number, so that it leads to SpamCop alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://www.{DOMAIN}/sc?id={}", self.0)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.to_string()
    }
}

/// A text is no link to a report at SpamCop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLink;

impl fmt::Display for NoLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no link to a report at SpamCop")
    }
}

impl std::error::Error for NoLink {}

impl TryFrom<String> for Link {
    type Error = NoLink;

    fn try_from(text: String) -> Result<Self, NoLink> {
        text.parse()
    }
}

impl FromStr for Link {
    type Err = NoLink;

    fn from_str(text: &str) -> Result<Self, NoLink> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(NoLink)?;
        let (host, number) = rest.split_once("/sc?id=").ok_or(NoLink)?;
        let known = ["www", "members", "mailsc"].iter().any(|name| host == format!("{name}.{DOMAIN}"));
        let parts = number.strip_prefix('z').and_then(|it| it.strip_suffix('z')?.split_once('z'));
        let (count, hash) = parts.ok_or(NoLink)?;
        let is_number = !count.is_empty()
            && count.bytes().all(|b| b.is_ascii_digit())
            && hash.len() == 32
            && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !is_number || number.len() > MAX_NUMBER || !(known || host == DOMAIN) {
            return Err(NoLink);
        }
        Ok(Self(number.to_owned()))
    }
}

/// Why SpamCop did not take a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The mail came more than two days before.
    TooOld,
    /// The mail has no body, or was sent so that it found none.
    NoBody,
    /// The mail is too big.
    TooBig,
    /// Its mail to the user came back, and it waits until the user has looked at that.
    AddressBounced,
    /// The servers that receive the user's mail are not known to it.
    Mailhosts,
    /// The user may not report without confirming.
    QuickDisabled,
    /// It found no server that sent it.
    NoSource,
    /// It could not read the header.
    Unreadable,
    /// It has been reported before.
    ReportedAlready,
    /// Something that is not known here.
    Other,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It has taken reports, and waits for the user to confirm each at its link.
    Accepted(Vec<Link>),
    /// It has reported at once, as it does for users who are allowed that.
    Reported,
    /// It has not taken it.
    Refused(Refusal),
}

/// An answer of SpamCop's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it says.
    pub said: Said,
    /// Message-IDs that it names, the first ones.
    pub names: Vec<MessageId>,
    /// Whether the provider that has the mailbox says that it came from SpamCop (RFC 8601).
    pub vouched_for: bool,
}

/// Whether an address is one that SpamCop's answers come from.
#[must_use]
pub fn is_sender(address: &crate::Address) -> bool {
    SENDERS.iter().any(|domain| address.domain().eq_ignore_ascii_case(domain))
}

/// Reads a mail as an answer of SpamCop's; none where it is something else. Any bytes will do, and none make it panic.
/// `own_servers`: the names of the user's mail servers.
#[must_use]
pub fn read(mail: &[u8], own_servers: &BTreeSet<String>) -> Option<Answer> {
    let mail = mail.get(..MAX_MAIL).unwrap_or(mail);
    std::panic::catch_unwind(|| answer(mail, own_servers)).ok().flatten()
}

fn answer(mail: &[u8], own_servers: &BTreeSet<String>) -> Option<Answer> {
    let lines = with_newlines(mail);
    let fields = Fields::read(&lines);
    if !fields.addresses("from").first().is_some_and(is_sender) {
        return None;
    }
    let message = MessageParser::default().parse(mail)?;
    let text = message.body_text(0).unwrap_or_default();
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
    let said = said(&fields.decoded("subject").unwrap_or_default(), text)?;
    let mut names = Vec::new();
    for id in fields.ids("in-reply-to").into_iter().chain(fields.ids("references")).chain(named_in(text)) {
        if names.len() < MAX_KEPT && id.as_str().len() <= MAX_ID && !names.contains(&id) {
            names.push(id);
        }
    }
    Some(Answer { said, names, vouched_for: is_vouched_for(&fields, own_servers) })
}

/// The Message-IDs of headers that a text quotes.
fn named_in(text: &str) -> impl Iterator<Item = MessageId> {
    const NAME: &str = "message-id:";
    text.lines().filter_map(|line| {
        let line = line.trim_start_matches(['>', ' ', '\t']);
        let is_id = line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
        ids_in(line.get(NAME.len()..).filter(|_| is_id)?).into_iter().next()
    })
}

/// Whether the topmost Authentication-Results is of the house that has the mailbox, and says that the mail is SpamCop's.
fn is_vouched_for(fields: &Fields<'_>, own_servers: &BTreeSet<String>) -> bool {
    let Some(field) = fields.first("authentication-results") else { return false };
    let results = AuthResults::read(&field.unfolded());
    let of_spamcop = |name: &String| *name == DOMAIN || name.ends_with(&format!(".{DOMAIN}"));
    results.is_by_house(own_servers.iter().map(String::as_str), topmost_server(fields).as_deref())
        && !results.failed
        && results.passed.iter().any(of_spamcop)
}

/// What SpamCop's words mean.
#[derive(Deserialize)]
struct Words {
    refusal: Vec<Wording>,
    subjects: Subjects,
}

#[derive(Deserialize)]
struct Wording {
    kind: Refusal,
    says: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Subjects {
    accepted: Vec<String>,
    errors: Vec<String>,
    quick: Vec<String>,
    /// Words in the text.
    reported: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/spamcop.toml"))
        .unwrap_or(Words { refusal: Vec::new(), subjects: Subjects::default() })
});

fn said(subject: &str, text: &str) -> Option<Said> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (subject, words) = (plain(subject), plain(text));
    let holds = |text: &str, any: &[String]| any.iter().any(|one| text.contains(one.as_str()));
    let refusal = WORDS.refusal.iter().find(|wording| holds(&words, &wording.says)).map(|it| it.kind);
    let links = links(text);
    if holds(&subject, &WORDS.subjects.accepted) && !links.is_empty() {
        return Some(Said::Accepted(links));
    }
    if holds(&subject, &WORDS.subjects.errors) {
        return Some(Said::Refused(refusal.unwrap_or(Refusal::Other)));
    }
    if holds(&subject, &WORDS.subjects.quick) {
        let reported = holds(&words, &WORDS.subjects.reported);
        return Some(match refusal {
            Some(refusal) => Said::Refused(refusal),
            None if reported => Said::Reported,
            None => Said::Refused(Refusal::Other),
        });
    }
    refusal.map(Said::Refused)
}

/// The links to reports in a text, each once.
fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let words = text.split(|c: char| c.is_whitespace() || "<>\"'()[]".contains(c));
    for link in words.filter_map(|word| word.trim_end_matches(['.', ',', ';']).parse::<Link>().ok()) {
        if links.len() < MAX_KEPT && !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

#[cfg(test)]
mod tests;
