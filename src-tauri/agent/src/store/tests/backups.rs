//! Backups: all that only we know comes back; nothing is covered by it.

use std::fs;

use rules::{Coverage, SentMail, sent::IdDomain, verdict::Lesson};

use super::seen::original;
use super::{super::*, Bench, day, id, key, quarantine::record, sent_id};
use crate::imap::FolderName;

fn filled() -> Bench {
    let bench = Bench::new();
    bench.read((1..=30).filter(|uid| *uid != 20), 31, day(31));
    let store = &bench.store;
    store
        .learn(&Lesson::RewrittenDomain("relay.example".into()), day(1), ("home", original(store, 1)))
        .expect("learned");
    store.put_record(&record(&bench, 1), &[id("forged@x.example")]).expect("kept");
    store.note_put_back(bench.account, &[Fingerprint([3; 16])]).expect("noted");
    store.set_misc("a", b"1").expect("kept");
    bench
}

fn holds_all(store: &Store, account: AccountId, before: &Record) {
    assert!(store.sent(&sent_id(7)).expect("a look").is_some(), "ids");
    assert!(store.was_put_back(account, &Fingerprint([3; 16])).expect("a look"), "what was put back");
    let learned = store.id_domain("relay.example", day(2)).expect("a look");
    assert_eq!(learned, IdDomain::Rewritten, "learned domains");
    assert_eq!(store.misc("a").expect("a look").as_deref(), Some(b"1".as_slice()), "small things");
    let records = store.records_by_original(&id("forged@x.example")).expect("a look");
    assert_eq!(records.len(), 1, "records");
    assert_eq!(records[0].fingerprint, before.fingerprint, "the record of the same mail");
    assert_eq!(records[0].account, account, "of the same account");
    let home = store.folder_name(records[0].home).expect("a folder");
    assert_eq!(home, FolderName("Sent".into()), "with the same folder");
    assert_eq!(
        store.check().expect("a check").problems,
        Vec::<String>::new(),
        "the store agrees with itself"
    );
}

#[test]
fn a_backup_is_read_into_a_store_with_other_numbers() {
    let bench = filled();
    let path = bench.home.path().join("backup");
    let written = bench.store.export(&path, day(40)).expect("written");
    assert_eq!(written.bytes, path.metadata().expect("a file").len(), "its size is told");
    let other = tempfile::tempdir().expect("a directory");
    let (store, _) = Store::open(&other.path().join("index"), &key(), day(41)).expect("a new store");
    let first = store.account("work").expect("an account");
    store.folder(first, &FolderName("INBOX".into())).expect("a folder");
    let read = store.import(&path).expect("read");
    assert_eq!((read.entries, read.written), (written.entries, day(40)), "all of it");
    let account = store.account("home").expect("an account");
    assert_ne!(account, bench.account, "the account has another number here");
    holds_all(&store, account, &record(&bench, 1));
    assert_eq!(
        store.coverage_of(account).expect("coverage"),
        Coverage::none(),
        "nothing is covered by a backup"
    );
    let sent = store.folder(account, &FolderName("Sent".into())).expect("a folder");
    store.set_sent_folders(account, &[sent], &[], day(41)).expect("set");
    assert_eq!(
        store.coverage_of(account).expect("coverage"),
        Coverage::none(),
        "nor when its folder is named"
    );
    assert_eq!(store.holes(account).expect("holes").len(), 1, "holes come back");
    let again = store.import(&path).expect("read");
    assert_eq!(again.added, 1, "twice adds nothing but its holes, which are joined");
    assert_eq!(store.holes(account).expect("holes").len(), 1, "and are the same");
    let number = store.next_record_id().expect("a number");
    assert!(number > bench.store.next_record_id().expect("a number"), "numbers go on behind those given out");
}

#[test]
fn a_store_set_aside_gets_back_what_only_we_know() {
    let bench = filled();
    let export = bench.home.path().join("export");
    bench.store.export(&export.join("2024-04-01"), day(31)).expect("written");
    bench.store.durable().expect("durable");
    fs::write(export.join("2024-04-02"), "cut off").expect("written");
    let before = record(&bench, 1);
    let dir = bench.dir();
    drop(bench.store);
    fs::remove_dir_all(&dir).expect("deleted");
    let (store, found) = Store::open(&dir, &key(), day(50)).expect("a new one");
    assert!(matches!(found, Found::SetAside { .. }), "{found:?}");
    let account = store.account("home").expect("an account");
    holds_all(&store, account, &before);
    assert_eq!(store.coverage_of(account).expect("coverage"), Coverage::none(), "and nothing is covered");
    let _ = store.0.guard.break_off("a test");
    store.replace(day(51)).expect("replaced");
    holds_all(&store, account, &before);
}

#[test]
fn a_foreign_or_broken_backup_is_refused_whole() {
    let bench = filled();
    let path = bench.home.path().join("backup");
    bench.store.export(&path, day(40)).expect("written");
    let bytes = fs::read(&path).expect("a backup");
    let other = tempfile::tempdir().expect("a directory");
    let (store, _) = Store::open(&other.path().join("index"), &key(), day(41)).expect("a new store");
    for cut in [0, 10, 39, 60, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..cut]).expect("written");
        let refused = store.import(&path);
        assert!(matches!(refused, Err(StoreError::NoBackup { .. })), "cut to {cut}: {refused:?}");
    }
    for place in [0, 45, bytes.len() / 2, bytes.len() - 3] {
        let mut garbled = bytes.clone();
        garbled[place] ^= 1;
        fs::write(&path, &garbled).expect("written");
        let refused = store.import(&path);
        assert!(matches!(refused, Err(StoreError::NoBackup { .. })), "byte {place}: {refused:?}");
    }
    assert!(store.sent(&sent_id(7)).expect("a look").is_none(), "nothing was taken from any of them");
    fs::write(&path, &bytes).expect("written");
    let foreign = tempfile::tempdir().expect("a directory");
    let (store, _) = Store::open(&foreign.path().join("index"), &IndexKey::from_bytes([9; 32]), day(41))
        .expect("a new store");
    let refused = store.import(&path);
    assert!(matches!(refused, Err(StoreError::ForeignKey { .. })), "another key: {refused:?}");
    let words = refused.expect_err("refused").to_string();
    assert!(words.contains("another key"), "it says why: {words}");
}
