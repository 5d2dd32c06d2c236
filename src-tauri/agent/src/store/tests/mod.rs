//! Tests of the store: what they share.

mod backups;
mod coverage;
mod crash;
mod damage;
mod facts;
mod open_notices;
mod quarantine;
mod seen;
mod sources;
mod used;

use std::path::PathBuf;

use rules::{Address, MailDate, MessageId, UnixTime, read::SentHeaders, time::DAY};
use tempfile::TempDir;

use super::{AccountId, FolderId, Found, IndexKey, SentRow, Store};
use crate::imap::FolderName;

/// 2024-03-01T00:00:00Z: day 0 of all tests.
const START: UnixTime = UnixTime(1_709_251_200);

fn day(n: i64) -> UnixTime {
    START.plus(n * DAY)
}

fn address(text: &str) -> Address {
    Address::new(text).expect("an address")
}

pub(super) fn id(text: &str) -> MessageId {
    MessageId::new(text).expect("an id")
}

fn key() -> IndexKey {
    IndexKey::from_bytes([7; 32])
}

/// A store in a directory of its own, with one account and one Sent folder.
pub(super) struct Bench {
    home: TempDir,
    pub(super) store: Store,
    account: AccountId,
    sent: FolderId,
}

impl Bench {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let (store, found) = Store::open(&home.path().join("index"), &key(), START).expect("a new store");
        assert_eq!(found, Found::New, "nothing was there");
        let account = store.account("home").expect("an account");
        let sent = store.folder(account, &FolderName("Sent".into())).expect("a folder");
        store
            .set_sent_folders(account, &[sent], &[address("ada@example.org")], START)
            .expect("the folders are set");
        store.start_sent_folder(sent, 1, UnixTime(0)).expect("the folder is begun");
        Self { home, store, account, sent }
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("index")
    }

    /// Reads the Sent folder up to `uid_next`, with these UIDs in it, each sent on the day of its UID.
    fn read(&self, uids: impl IntoIterator<Item = u32>, uid_next: u32, began: UnixTime) {
        let rows: Vec<SentRow> = uids.into_iter().map(row).collect();
        let from = self.store.sent_folder(self.sent).expect("a look").expect("a folder").next_uid;
        if uid_next > from {
            self.store.add_sent(self.sent, from..=uid_next - 1, &rows).expect("the mails are taken in");
        }
        self.store.sent_refreshed(self.sent, uid_next, began).expect("the refresh is noted");
    }

    /// Closes the store, and opens it again with the same key.
    fn reopened(self) -> (TempDir, Store, Found) {
        let dir = self.dir();
        drop(self.store);
        let (store, found) = Store::open(&dir, &key(), day(500)).expect("it opens");
        (self.home, store, found)
    }
}

/// The mail with this UID: sent on the day of that number to `person<uid>@there.example`.
fn row(uid: u32) -> SentRow {
    let at = day(i64::from(uid));
    SentRow {
        uid,
        internal_date: at.plus(5),
        headers: SentHeaders {
            ids: vec![sent_id(uid)],
            from: vec![address("ada@example.org")],
            recipients: vec![address(&format!("person{uid}@there.example"))],
            subject: format!("Matter number {uid}"),
            date: Some(MailDate { at, offset_minutes: 60 }),
        },
    }
}

fn sent_id(uid: u32) -> MessageId {
    id(&format!("<{uid}.Sent@Example.org>"))
}
