//! What the journal says.

use std::sync::Arc;

use rules::profile::Declared;
use rules::{Evidence, Notice, UnixTime};
use serde::{Deserialize, Serialize};

use crate::imap::FolderName;
use crate::report::Report;
use crate::store::{Fingerprint, RecordId};

/// Where a mail lies on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// UIDVALIDITY of the folder.
    pub uid_validity: u32,
    /// UID in the folder.
    pub uid: u32,
}

/// How a mail is recognised again, wherever it has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Hash of its Message-ID, size and INTERNALDATE.
    pub fingerprint: Fingerprint,
    /// RFC822.SIZE, in octets.
    pub size: u32,
    /// INTERNALDATE.
    pub internal_date: UnixTime,
}

/// Why a mail was taken out: all that `quarantine show` tells, and what judging it again needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// The rule that condemned it.
    pub rule: String,
    /// Every fact found.
    pub evidence: Vec<Evidence>,
    /// The notice as it was read.
    pub notice: Arc<Notice>,
}

/// Why a mail goes back to where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreReason {
    /// The user said so: it is never moved again.
    User,
    /// Something learned later shows that the user sent the original.
    Rescue,
}

/// One line of the journal. An intent is written before the server is asked, its outcome afterwards; an
/// intent without outcome is settled against the server at the next start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// Intent: a mail goes from a watched folder to the quarantine.
    Move {
        /// The record of the mail.
        record: RecordId,
        /// The account's name.
        account: String,
        /// The folder that it is in.
        home: FolderName,
        /// Where it lies there.
        from: Place,
        /// How to recognise it.
        identity: Identity,
        /// The quarantine folder.
        to: FolderName,
        /// The quarantine's UIDVALIDITY and UIDNEXT before: what this move adds has this UID at least.
        to_next: Place,
        /// When the intent was written.
        at: UnixTime,
        /// Why.
        explained: Box<Explained>,
    },
    /// Outcome: it is in the quarantine, at this place where the server told.
    Moved {
        /// The record.
        record: RecordId,
        /// Its place in the quarantine.
        place: Option<Place>,
    },
    /// Outcome: it is where it was.
    NotMoved {
        /// The record.
        record: RecordId,
    },
    /// Outcome: it is in neither folder; somebody else moved or deleted it.
    Gone {
        /// The record.
        record: RecordId,
    },
    /// Intent: a mail goes from the quarantine back to where it came from.
    Restore {
        /// The record.
        record: RecordId,
        /// Where it lies in the quarantine.
        from: Place,
        /// The folder's UIDVALIDITY and UIDNEXT before.
        to_next: Place,
        /// Why.
        reason: RestoreReason,
        /// When the intent was written.
        at: UnixTime,
    },
    /// Outcome: it is back.
    Restored {
        /// The record.
        record: RecordId,
        /// Why.
        reason: RestoreReason,
    },
    /// Outcome: it is still in the quarantine.
    NotRestored {
        /// The record.
        record: RecordId,
    },
    /// Intent: mails that were kept long enough are deleted from the quarantine.
    Purge {
        /// The records.
        records: Vec<RecordId>,
        /// When the intent was written.
        at: UnixTime,
    },
    /// Outcome: they are deleted.
    Purged {
        /// The records.
        records: Vec<RecordId>,
    },
    /// Mails seen in the quarantine folder, whoever moved them there.
    Met {
        /// The account's name.
        account: String,
        /// The mails.
        fingerprints: Vec<Fingerprint>,
    },
    /// Mails that were in the quarantine and that somebody put back by hand: never moved again.
    PutBack {
        /// The account's name.
        account: String,
        /// The mails.
        fingerprints: Vec<Fingerprint>,
    },
    /// A report about a mail in quarantine, and what becomes of it next; written before that happens.
    Report {
        /// The report, with its new state.
        report: Report,
    },
    /// The user said that mail of this sender is theirs.
    Declared {
        /// The sender.
        sender: Declared,
        /// When they said so.
        at: UnixTime,
    },
    /// The user took that back.
    Undeclared {
        /// The sender.
        sender: Declared,
    },
}
