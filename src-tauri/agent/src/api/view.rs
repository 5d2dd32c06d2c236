//! What the agent shows: accounts, records, and what its orders changed.

use std::collections::BTreeMap;
use std::net::IpAddr;

use rules::sentence::Told;
use rules::{About, Evidence, Kind, Reason, UnixTime};
use serde::{Deserialize, Serialize};

use super::RecordId;
use crate::config::Mode;
use crate::store::{Learned, Role, Source};

/// How all accounts are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StatusView {
    /// The agent's version.
    pub version: String,
    /// Whether an agent is running; else the figures are the last ones written.
    pub running: bool,
    /// Every account, in the order of the configuration.
    pub accounts: Vec<AccountView>,
}

/// A host behind backscatter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SourceView {
    /// What it did.
    pub role: Role,
    /// Its address; none where only a name is known.
    pub ip: Option<IpAddr>,
    /// The name that was looked up for it, or that it is known by.
    pub name: Option<String>,
    /// The name that it gave itself last.
    pub helo: Option<String>,
    /// Whether it ever gave a name of yours: of a server, a domain or an address.
    pub claimed_to_be_you: bool,
    /// Its name by the word of DNS, where that was asked and leads back to its address.
    pub host: Option<String>,
    /// Whether it is on the list of backscatterer.org, where that was asked.
    pub listed: Option<bool>,
    /// Whose network it is in, where a table tells.
    pub network: Option<NetworkView>,
    /// How many notices it stands behind.
    pub count: u64,
    /// Of these, by kind.
    #[cfg_attr(test, ts(as = "BTreeMap<super::bindings::Kind, u64>"))]
    pub kinds: BTreeMap<Kind, u64>,
    /// Of these, by day (`2026-05-31`), the last 30 on which there were any.
    pub days: BTreeMap<String, u64>,
    /// When the first of them came, RFC 3339.
    pub first_seen: String,
    /// When the last of them came, RFC 3339.
    pub last_seen: String,
}

/// A network, as a table tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkView {
    /// The number of the autonomous system (RFC 1930).
    pub asn: u32,
    /// Its country, as two letters; empty where the table names none.
    pub country: String,
    /// What it is called.
    pub name: String,
}

/// The hosts behind backscatter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SourcesView {
    /// The hosts, those that most came from first.
    pub sources: Vec<SourceView>,
    /// What could not be told of them, and what to do.
    pub problem: Option<String>,
}

/// Something that was learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LearnedView {
    /// The domain, or the sender as [`rules::profile::Declared`] writes it.
    pub name: String,
    /// What was learned of it.
    pub what: LearnedWhat,
    /// When it was learned, or until when it counts, as is meant by what it is; RFC 3339.
    pub time: String,
    /// How many mails showed it; none where the user said so, or nobody counted.
    pub mails: Option<u64>,
    /// Of these, by account, where that is known.
    pub accounts: BTreeMap<String, u64>,
}

/// What was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LearnedWhat {
    /// A server on your way out writes ids of this domain over yours; since then.
    Rewritten,
    /// People answer mail of yours with ids of this domain that is in no Sent folder; it counts until then.
    OwnUnseen,
    /// You said that mail of this sender is yours; since then.
    Declared,
}

impl LearnedView {
    /// What is shown of it.
    #[must_use]
    pub fn of(learned: Learned) -> Self {
        let none = BTreeMap::new();
        let (name, what, time, mails, accounts) = match learned {
            Learned::Rewritten { domain, at, accounts } => {
                // Of what an older version learned nobody counted how often.
                let mails = Some(accounts.values().sum()).filter(|mails| *mails > 0);
                (domain, LearnedWhat::Rewritten, at, mails, accounts)
            }
            Learned::OwnUnseen { domain, until, answers } => {
                (domain, LearnedWhat::OwnUnseen, until, Some(answers), none)
            }
            Learned::Declared { sender, at } => (sender.to_string(), LearnedWhat::Declared, at, None, none),
        };
        Self { name, what, time: time.to_string(), mails, accounts }
    }
}

/// By what the user could say that mails answer mail of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Proposals {
    /// The senders that could be declared, the narrowest first.
    pub senders: Vec<ProposalView>,
    /// Why there is none, and what to do instead.
    pub why_none: Option<String>,
}

/// A sender that could be declared, and what else that would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ProposalView {
    /// The sender.
    #[cfg_attr(test, ts(as = "super::bindings::Declared"))]
    pub sender: rules::profile::Declared,
    /// It in words: "mail numbered *@shop.example".
    pub text: String,
    /// Other mails in quarantine that would be put back.
    pub brings_back: u64,
    /// Other mails, undecided or judged, that would be settled as yours.
    pub settles: u64,
    /// Of both, those that seem to be spammers', by more than a missing number and by nothing that the named mails have as
    /// well: then this is probably something that spammers write, too.
    pub seem_forged: u64,
    /// Whether anybody can write this into a mail.
    pub forgeable: bool,
    /// Subjects of some of these mails, the newest first.
    pub examples: Vec<String>,
}

impl SourceView {
    /// What is shown of a source.
    #[must_use]
    pub fn of(source: Source) -> Self {
        let day = |day: i64| {
            let begins = UnixTime(day.saturating_mul(rules::time::DAY)).to_string();
            begins.split('T').next().unwrap_or_default().to_owned()
        };
        Self {
            role: source.role,
            ip: source.ip,
            name: source.name,
            helo: source.helo,
            claimed_to_be_you: source.claimed_to_be_the_user,
            host: None,
            listed: None,
            network: None,
            count: source.count,
            kinds: source.kinds,
            days: source.days.into_iter().map(|(number, count)| (day(number), count)).collect(),
            first_seen: source.first_seen.to_string(),
            last_seen: source.last_seen.to_string(),
        }
    }
}

/// A rule by which notices are recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RuleView {
    /// Its name.
    pub id: String,
    /// What it concludes: a kind of notice, or `ordinary`; none for a rule that is gone.
    pub kind: Option<String>,
    /// What it recognises, in words.
    pub what: String,
    /// Where that is known from.
    pub source: String,
    /// The user's file that it stands in; none for a built-in rule.
    pub file: Option<String>,
    /// Whether it is sure: what only other rules recognise is never moved.
    pub sure: bool,
    /// How many notices it has recognised since the store was made; mail that is looked through again counts again.
    pub recognised: u64,
}

impl RuleView {
    /// A rule that there is.
    #[must_use]
    pub fn of(about: About, recognised: u64) -> Self {
        let About { id, what, source, file, concludes, sure } = about;
        Self { id, kind: Some(concludes.to_owned()), what, source, file, sure, recognised }
    }

    /// A rule that is gone, and what it recognised.
    #[must_use]
    pub fn gone(id: String, recognised: u64) -> Self {
        let what = "this rule is gone".to_owned();
        Self { id, kind: None, what, source: String::new(), file: None, sure: true, recognised }
    }
}

/// How one account is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: AccountState,
    /// What is done with backscatter.
    pub mode: Mode,
    /// The watched folders.
    pub watched: Vec<FolderView>,
    /// The Sent folders that are read.
    pub sent_folders: Vec<String>,
    /// Sent mails in the index.
    pub sent_indexed: u64,
    /// How far the index proves what was never sent, in a sentence.
    pub coverage: String,
    /// The same for other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<super::bindings::Told>"))]
    pub coverage_told: Option<Told>,
    /// Whether the Sent folders were read to their end: before that nothing can be called backscatter.
    #[serde(default)]
    pub complete: bool,
    /// Mails judged so far.
    pub judged: u64,
    /// Notices that the user has to look at.
    pub undecided: u64,
    /// Judged backscatter that still lies in a watched folder.
    pub to_apply: u64,
    /// Mails in quarantine by our record.
    pub quarantined: u64,
    /// Bytes read from the server since the agent started.
    pub bytes_in: u64,
    /// Bytes written to the server since the agent started.
    pub bytes_out: u64,
    /// What went wrong last, if it still matters: what failed and what to do.
    pub problem: Option<String>,
    /// That the account may be stolen: what was seen and what to do; for a week after it was last seen.
    pub alarm: Option<String>,
}

/// One watched folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FolderView {
    /// Its name as the user reads it.
    pub name: String,
    /// Mails in it; none while it was not opened.
    pub mails: Option<u32>,
}

/// What an account is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Nothing; no agent is running.
    Stopped,
    /// Connecting.
    Connecting,
    /// Signing in.
    SigningIn,
    /// Reading the Sent folders.
    Indexing {
        /// Mails read.
        done: u64,
        /// Mails to read.
        total: u64,
    },
    /// Judging the mails of the watched folders.
    Scanning,
    /// Waiting for new mail.
    Watching(Watching),
    /// Waiting to try again.
    Waiting {
        /// Until then.
        #[cfg_attr(test, ts(as = "i64"))]
        until: UnixTime,
        /// Why: what failed and what to do.
        why: String,
    },
    /// The server refused the sign-in; nothing is tried until the secret or the configuration changes.
    SignInFailed,
    /// Paused by the user.
    Paused {
        /// Until then; none: until the user goes on.
        #[cfg_attr(test, ts(as = "Option<i64>"))]
        until: Option<UnixTime>,
    },
}

impl std::fmt::Display for AccountState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stopped => f.write_str("stopped"),
            Self::Connecting => f.write_str("connecting"),
            Self::SigningIn => f.write_str("signing in"),
            Self::Indexing { done, total } => write!(f, "reading sent mail, {done} of {total}"),
            Self::Scanning => f.write_str("scanning"),
            Self::Watching(Watching::Idle) => f.write_str("watching"),
            Self::Watching(Watching::Poll) => f.write_str("watching, by polling"),
            Self::Waiting { until, why } => write!(f, "waiting until {until}: {why}"),
            Self::SignInFailed => f.write_str("sign-in refused"),
            Self::Paused { until: Some(until) } => write!(f, "paused until {until}"),
            Self::Paused { until: None } => f.write_str("paused"),
        }
    }
}

/// How new mail is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Watching {
    /// The server tells (IDLE, RFC 2177).
    Idle,
    /// The agent asks.
    Poll,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordPage {
    /// The records, without their evidence.
    pub records: Vec<RecordView>,
    /// How many there are on all pages.
    pub total: u64,
    /// Where the next page begins; none: this was the last.
    pub next: Option<RecordId>,
}

/// Where a mail of our record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Judged backscatter, still where it came.
    Judged,
    /// In quarantine.
    Quarantined,
    /// The user put it back, or let us do it; it is never moved again.
    Restored,
    /// What was learned later showed it to be genuine; it was moved back.
    Rescued,
    /// Deleted from quarantine by us after its time.
    Purged,
    /// No longer found in quarantine: somebody else moved or deleted it.
    Gone,
    /// Undecided; it stays where it is.
    Undecided,
}

impl std::fmt::Display for RecordState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Judged => "judged",
            Self::Quarantined => "quarantined",
            Self::Restored => "restored",
            Self::Rescued => "rescued",
            Self::Purged => "purged",
            Self::Gone => "gone",
            Self::Undecided => "undecided",
        })
    }
}

/// What is said of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VerdictName {
    /// No notice.
    Ordinary,
    /// The user sent the original.
    Genuine,
    /// The user never sent it.
    Backscatter,
    /// It was sent through the user's own server, but not by the user.
    Misused,
    /// It cannot be said.
    Undecided,
}

impl VerdictName {
    /// The name of a verdict on a notice.
    #[must_use]
    pub fn of(verdict: &rules::Verdict) -> Self {
        match verdict {
            rules::Verdict::Genuine(_) => Self::Genuine,
            rules::Verdict::Backscatter(_) => Self::Backscatter,
            rules::Verdict::Misused => Self::Misused,
            rules::Verdict::Undecided(_) => Self::Undecided,
        }
    }

    /// The verdict of a word; undecided for any other.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "ordinary" => Self::Ordinary,
            "genuine" => Self::Genuine,
            "backscatter" => Self::Backscatter,
            "misused" => Self::Misused,
            _ => Self::Undecided,
        }
    }

    /// The word for it, as JSON and tables write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Genuine => "genuine",
            Self::Backscatter => "backscatter",
            Self::Misused => "misused",
            Self::Undecided => "undecided",
        }
    }
}

/// One mail of our record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordView {
    /// Its name.
    pub id: RecordId,
    /// The account.
    pub account: String,
    /// The folder it came to.
    pub folder: String,
    /// Its From.
    pub from: Option<String>,
    /// Its Subject.
    pub subject: String,
    /// When it came.
    #[cfg_attr(test, ts(as = "i64"))]
    pub arrived: UnixTime,
    /// What kind of notice it is.
    #[cfg_attr(test, ts(as = "super::bindings::Kind"))]
    pub kind: Kind,
    /// What is said of it.
    pub verdict: VerdictName,
    /// The rule that says so.
    pub rule: String,
    /// Why it is undecided, as one word, such as `veto` or `not_own`; none for other verdicts.
    pub why: Option<String>,
    /// Why, in a sentence.
    pub sentence: String,
    /// The same for other languages; none where an earlier version found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<super::bindings::Told>"))]
    pub told: Option<Told>,
    /// Every fact found; empty on a page.
    #[cfg_attr(test, ts(as = "Vec<super::bindings::Evidence>"))]
    pub evidence: Vec<Evidence>,
    /// What it tells of its original.
    pub original: Option<OriginalView>,
    /// Whom the original did not reach, and why; empty on a page.
    #[serde(default)]
    pub recipients: Vec<RecipientView>,
    /// The way that the original took, by what the notice returned of it, the last hop first; empty on a page.
    #[serde(default)]
    pub hops: Vec<HopView>,
    /// The server that sent the notice, as `name` or `name [address]`.
    #[serde(default)]
    pub server: Option<String>,
    /// Its size in octets; none where that is not known.
    #[serde(default)]
    pub size: Option<u32>,
    /// When it was moved to quarantine.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub moved_at: Option<UnixTime>,
    /// When it is judged again or deleted from quarantine, whichever its state means.
    #[cfg_attr(test, ts(as = "Option<i64>"))]
    pub until: Option<UnixTime>,
    /// Where it is.
    pub state: RecordState,
}

/// What a notice tells of its original.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OriginalView {
    /// Its Message-ID, or the id that stands for it, without brackets.
    pub message_id: Option<String>,
    /// Its From.
    pub from: Option<String>,
    /// Its To and Cc.
    pub to: Vec<String>,
    /// Its Subject.
    pub subject: Option<String>,
    /// Its Date, by RFC 3339 with its own offset.
    pub date: Option<String>,
}

/// Whom an original did not reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecipientView {
    /// Their address.
    pub address: String,
    /// The status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// Why.
    #[cfg_attr(test, ts(as = "Option<super::bindings::Reason>"))]
    pub reason: Option<Reason>,
}

/// A hop on the way of an original: a line that a server wrote, or that somebody invented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HopView {
    /// The name that whoever handed it over gave.
    pub helo: Option<String>,
    /// The name of their address by DNS, as the server wrote it.
    pub host: Option<String>,
    /// Their address.
    pub ip: Option<IpAddr>,
    /// The server that wrote the line.
    pub by: Option<String>,
    /// When, by RFC 3339 with its own offset.
    pub date: Option<String>,
    /// Whether it can be believed.
    pub trust: Trust,
}

/// Whether a hop can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The server that sent the notice wrote it.
    Reporter,
    /// It fits to the line above it.
    Follows,
    /// Here the chain breaks: it does not fit to the line above it.
    Breaks,
    /// It stands below the break, so that anybody can have written it.
    Below,
}

/// What an order changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Changed {
    /// Mails that were moved, restored or deleted.
    pub done: u64,
    /// What could not be changed, with the reason.
    pub failed: Vec<Failed>,
    /// The records that came about by it: of mails that were in no quarantine before.
    #[serde(default)]
    pub records: Vec<RecordId>,
}

impl Changed {
    /// Adds what another order changed.
    pub fn add(&mut self, other: Self) {
        self.done = self.done.saturating_add(other.done);
        self.failed.extend(other.failed);
        self.records.extend(other.records);
    }
}

/// A mail that could not be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Failed {
    /// Which.
    pub id: RecordId,
    /// Why, and what to do.
    pub why: String,
}

/// An export that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Exported {
    /// Where.
    pub path: std::path::PathBuf,
    /// Entries in it.
    pub entries: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// An export that was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Imported {
    /// Entries taken in.
    pub entries: u64,
    /// Entries that were there already.
    pub known: u64,
    /// Entries whose checksum is wrong; they were left out.
    pub damaged: u64,
}

/// How the store and the journal are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CheckView {
    /// What was checked, one after the other.
    pub parts: Vec<CheckedPart>,
}

impl CheckView {
    /// Whether all is well.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.parts.iter().all(|part| part.problem.is_none())
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CheckedPart {
    /// What: `index`, `sidecar`, `journal`, `export` and the like.
    pub name: String,
    /// What was found, in words.
    pub text: String,
    /// What is wrong and what to do.
    pub problem: Option<String>,
}
