//! The one API of the agent: what the command line, the tray and the window ask over the local socket, and what
//! they are told. Everything here is plain data.

#[cfg(test)]
mod bindings;
mod lists;
mod overview;
mod reports;
mod settings;
mod view;

use rules::{Kind, UnixTime};
use serde::{Deserialize, Serialize};

pub use lists::*;
pub use overview::*;
pub use reports::*;
pub use settings::*;
pub use view::*;

/// A question or an order to the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum Request {
    /// How all accounts are.
    Status,
    /// A page of the quarantine's records, the newest first.
    QuarantineList {
        /// Of this account alone.
        account: Option<String>,
        /// In this state alone.
        state: Option<RecordState>,
        /// At most so many, 1 to [`PAGE`].
        limit: u32,
        /// After this record in the order of the list.
        after: Option<RecordId>,
    },
    /// One record with its evidence.
    QuarantineShow {
        /// Which.
        id: RecordId,
    },
    /// Moves what was judged backscatter and still lies in a watched folder.
    QuarantineApply {
        /// Of this account alone.
        account: Option<String>,
    },
    /// Puts mails back where they were, with their flags and dates.
    QuarantineRestore {
        /// Which.
        ids: Vec<RecordId>,
    },
    /// Deletes mails of our own record from quarantine.
    QuarantinePurge {
        /// Which; nothing else is ever deleted.
        which: Purge,
    },
    /// A page of the undecided, the newest first.
    Undecided {
        /// Of this account alone.
        account: Option<String>,
        /// At most so many, 1 to [`PAGE`].
        limit: u32,
        /// After this record in the order of the list.
        after: Option<RecordId>,
    },
    /// Writes an export of what is known.
    Export {
        /// Where to; none: the folder of the daily exports.
        path: Option<std::path::PathBuf>,
    },
    /// Takes in an export.
    Import {
        /// Where from.
        path: std::path::PathBuf,
    },
    /// Checks the store, its sidecar and the journal.
    Check,
    /// By which rules notices are recognised, and how often each was.
    Rules,
    /// The servers that backscatter came from, and the hosts that handed the forged mail on.
    Sources,
    /// By what the user could say that these mails answer mail of theirs, and what else each would bring back.
    Propose {
        /// The mails: undecided, judged or in quarantine.
        ids: Vec<RecordId>,
    },
    /// The user says that mail of this sender is theirs.
    Declare {
        /// The sender.
        #[cfg_attr(test, ts(as = "bindings::Declared"))]
        sender: rules::profile::Declared,
    },
    /// All reports, the newest first.
    Reports,
    /// One report, or why there is none about a mail.
    Report {
        /// The mail.
        id: RecordId,
    },
    /// Approves or discards reports, or lets them wait again.
    ReportsOrder {
        /// The mails that they are about.
        ids: Vec<RecordId>,
        /// What is ordered.
        order: crate::report::Order,
    },
    /// Sends now what is approved.
    ReportsSend,
    /// Links of SpamCop's of which it is not known which report they are for.
    Unmatched,
    /// What was reported by itself on the last day on which anything was.
    Digest,
    /// A complaint about a mail as it would be written, and whom it could go to.
    Draft {
        /// The mail.
        id: RecordId,
        /// Whom it would be to.
        channel: crate::report::Channel,
        /// Whether the contact is looked up as well.
        look_up: bool,
    },
    /// Writes a complaint that the user has seen, and sends it.
    Complain {
        /// The mail.
        id: RecordId,
        /// What is written, and to whom.
        complaint: Complaint,
    },
    /// Writes a mail in quarantine into a new file, octet for octet.
    Save {
        /// The mail.
        id: RecordId,
        /// The file, by its whole path; there must be none yet.
        path: std::path::PathBuf,
    },
    /// What was learned: domains of ids, and senders that the user declared.
    Learned,
    /// The names of the DKIM keys seen on mail of the user's.
    Selectors,
    /// Forgets what was learned.
    Forget {
        /// The domain or the sender, as it is listed.
        name: String,
    },
    /// A part of the mails that match, in an order.
    Search {
        /// What is looked for.
        query: Query,
        /// In which order.
        sorting: Sorting,
        /// So many come before the first one that is told.
        offset: u64,
        /// At most so many, 1 to [`PAGE`].
        limit: u32,
    },
    /// The names of all mails that match, the newest first.
    Matching {
        /// What is looked for.
        query: Query,
    },
    /// The beginning of a mail as it came.
    SourceText {
        /// The mail, undecided, judged or in quarantine.
        id: RecordId,
    },
    /// What happened of late.
    Overview {
        /// So many seconds the user's clock is ahead of UTC.
        offset: i32,
    },
    /// The undecided, by what one decision would settle.
    Groups,
    /// What the user decides of undecided mails.
    Decide {
        /// The mails.
        ids: Vec<RecordId>,
        /// What is decided.
        decision: Decision,
    },
    /// Leaves all mailboxes alone.
    Pause {
        /// Until then; none: until the user goes on.
        #[cfg_attr(test, ts(as = "Option<i64>"))]
        until: Option<UnixTime>,
    },
    /// Ends a pause.
    Resume,
    /// All settings.
    Settings,
    /// Writes a part of the settings, and goes by it from then on.
    ChangeSettings {
        /// What is changed.
        change: SettingsChange,
    },
    /// The servers of the provider of an address.
    FindServers {
        /// The address.
        address: String,
    },
    /// Signs in once and looks around, changing nothing.
    TryAccount {
        /// The account.
        account: Box<AccountSettings>,
        /// Its password; none: the one that is known.
        password: Option<Secret>,
    },
    /// What would go into a file for whoever looks into a fault.
    Diagnostics,
    /// Looks at the watched folders now.
    CheckNow {
        /// Of this account alone.
        account: Option<String>,
    },
    /// Everything that happens from now on; ends with the connection.
    Subscribe,
    /// Ends the agent cleanly.
    Shutdown,
}

/// The most records on a page.
pub const PAGE: u32 = 200;

/// What is to be purged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Purge {
    /// These.
    Ids(Vec<RecordId>),
    /// All that were moved longer ago than so many seconds.
    OlderThan(i64),
}

/// The name of a record: unique in the data directory, kept over restarts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct RecordId(pub String);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// To `Status`.
    Status(StatusView),
    /// To `QuarantineList`, `Undecided` and `Search`.
    Records(RecordPage),
    /// To `QuarantineShow`.
    Record(Box<RecordView>),
    /// To `QuarantineApply`, `QuarantineRestore`, `QuarantinePurge`, `Decide`, `ReportsOrder` and `ReportsSend`.
    Changed(Changed),
    /// To `Export`.
    Exported(Exported),
    /// To `Import`.
    Imported(Imported),
    /// To `Check`.
    Checked(CheckView),
    /// To `Rules`.
    Rules(Vec<RuleView>),
    /// To `Sources`.
    Sources(SourcesView),
    /// To `Reports`.
    Reports(Vec<ReportView>),
    /// To `Report`.
    Report(Box<ReportShown>),
    /// To `Unmatched`.
    Unmatched(Vec<UnmatchedView>),
    /// To `Digest`, in sentences; none where nothing was ever reported by itself.
    Digest(Option<String>),
    /// To `Draft`.
    Draft(Box<DraftView>),
    /// To `Propose`.
    Proposals(Proposals),
    /// To `Learned`, in order.
    Learned(Vec<LearnedView>),
    /// To `Selectors`: `selector._domainkey.domain`, with when each was last seen, RFC 3339.
    Selectors(std::collections::BTreeMap<String, String>),
    /// To `Matching`.
    Ids(Vec<RecordId>),
    /// To `SourceText`.
    SourceText(SourceText),
    /// To `Overview`.
    Overview(Box<OverviewView>),
    /// To `Groups`, the largest first.
    Groups(Vec<GroupView>),
    /// To `Settings` and `ChangeSettings`.
    Settings(Box<SettingsView>),
    /// To `FindServers`.
    Servers(ServersView),
    /// To `TryAccount`.
    Tried(TriedView),
    /// To `Diagnostics`.
    Diagnostics(DiagnosticsView),
    /// To `Declare`, `Forget`, `Complain`, `Save`, `Pause` and `Resume`: it is done; to `CheckNow`, `Subscribe` and `Shutdown`: it is being done.
    Accepted,
}

/// The agent cannot do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[error("{message}")]
pub struct ApiError {
    /// What kind of failure, for programs.
    pub code: ErrorCode,
    /// What failed and what to do, for people.
    pub message: String,
}

impl ApiError {
    /// A failure of a kind, in words.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Kinds of failure; the list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is none that this agent knows.
    BadRequest,
    /// There is no such account.
    NoSuchAccount,
    /// There is no such record.
    NoSuchRecord,
    /// It cannot be done in the state that the account or the agent is in.
    NotNow,
    /// The configuration is wrong.
    Configuration,
    /// The secret of an account or the key of the index could not be had.
    NoSecret,
    /// The server refused the sign-in.
    SignInRefused,
    /// The server cannot be reached.
    NoConnection,
    /// The server refused or failed.
    ServerFailed,
    /// The store is damaged and could not be set aside.
    StoreDamaged,
    /// A file could not be read or written.
    FileFailed,
    /// The agent is ending.
    Ending,
}

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An account does something else.
    StateChanged {
        /// Which.
        account: String,
        /// What it is doing now.
        state: AccountState,
    },
    /// A notice was judged.
    Judged {
        /// The account.
        account: String,
        /// What is said of it.
        verdict: VerdictName,
        /// The rule that says so.
        rule: String,
        /// What kind of notice it is.
        #[cfg_attr(test, ts(as = "bindings::Kind"))]
        kind: Kind,
        /// Its record, where one is kept.
        id: Option<RecordId>,
        /// Its From.
        from: Option<String>,
        /// Its Subject.
        subject: String,
        /// Why, in a sentence.
        sentence: String,
    },
    /// Mails were moved to quarantine.
    Moved {
        /// The account.
        account: String,
        /// How many.
        count: u64,
    },
    /// Mails were put back on the user's order.
    Restored {
        /// The account.
        account: String,
        /// How many.
        count: u64,
    },
    /// Mails were put back because what was learned later showed them to be genuine.
    Rescued {
        /// The account.
        account: String,
        /// How many.
        count: u64,
        /// What was learned, in a sentence.
        why: String,
    },
    /// A report is in another state.
    Report {
        /// The account.
        account: String,
        /// Which.
        id: RecordId,
        /// The word for its state.
        state: String,
    },
    /// What was reported by itself the day before.
    Digest {
        /// In sentences.
        text: String,
    },
    /// An account may be stolen.
    Alarm {
        /// The account.
        account: String,
        /// What was seen and what to do now.
        text: String,
    },
    /// Something failed.
    Error {
        /// The account; none where it concerns all.
        account: Option<String>,
        /// What failed and what to do.
        text: String,
    },
    /// The settings are others now.
    SettingsChanged,
    /// Long work goes on.
    Progress {
        /// The account.
        account: String,
        /// What, such as `reading sent mail`.
        what: String,
        /// Done so far.
        done: u64,
        /// Of these.
        total: u64,
    },
    /// The listener was too slow and missed so many events: ask for the state again.
    Missed {
        /// How many.
        count: u64,
    },
}
