//! Records of quarantine, and late rescue.

use crate::imap::FolderName;

use super::{
    super::{Fingerprint, Record, RecordId, RecordState},
    Bench, day, id, row, sent_id,
};

pub(super) fn record(bench: &Bench, n: u8) -> Record {
    Record {
        id: RecordId(u64::from(n)),
        account: bench.account,
        fingerprint: Fingerprint([n; 16]),
        home: bench.sent,
        moved_at: day(i64::from(n)),
        state: RecordState::Moved,
        place: Some((1, u32::from(n))),
        journal_offset: 77,
        restore_offset: None,
        internal_date: day(1),
        size: 4_000,
    }
}

#[test]
fn records_are_found_by_number_mail_and_original() {
    let bench = Bench::new();
    let store = &bench.store;
    for n in 1..=5 {
        store.put_record(&record(&bench, n), &[id(&format!("forged.{n}@X.example"))]).expect("kept");
    }
    assert_eq!(store.record(RecordId(3)).expect("a look"), Some(record(&bench, 3)), "by number");
    assert_eq!(store.record(RecordId(9)).expect("a look"), None, "there is no ninth");
    let by_mail = store.record_by_fingerprint(bench.account, &Fingerprint([4; 16])).expect("a look");
    assert_eq!(by_mail, Some(record(&bench, 4)), "by mail");
    let by_original = store.records_by_original(&id("forged.2@x.example")).expect("a look");
    assert_eq!(by_original, [record(&bench, 2)], "by original, its domain in lower case");
    let page = store.records(bench.account, Some(RecordId(2)), 2).expect("a page");
    assert_eq!(page, [record(&bench, 3), record(&bench, 4)], "a page of them");
    let restored = Record { state: RecordState::Restored, ..record(&bench, 2) };
    store.put_record(&restored, &[]).expect("kept");
    let counts = store.record_counts(bench.account).expect("counts");
    assert_eq!(counts, [(RecordState::Moved, 4), (RecordState::Restored, 1)].into(), "counted by state");
    let by_original = store.records_by_original(&id("forged.2@x.example")).expect("a look");
    assert_eq!(by_original, [restored], "still found by its original");
}

#[test]
fn a_late_copy_names_the_mail_to_put_back() {
    let bench = Bench::new();
    let store = &bench.store;
    bench.read([1], 2, day(2));
    store.put_record(&record(&bench, 1), &[sent_id(2)]).expect("kept");
    let restored = Record { state: RecordState::Restored, ..record(&bench, 2) };
    store.put_record(&restored, &[sent_id(2)]).expect("kept");
    assert_eq!(store.records_to_rescue(bench.account).expect("a list"), [], "its original is not known");
    let rescued = store.add_sent(bench.sent, 2..=2, &[row(2)]).expect("taken in");
    assert_eq!(rescued, [RecordId(1)], "the one that is in quarantine");
    let waiting = store.records_to_rescue(bench.account).expect("a list");
    assert_eq!(waiting, [RecordId(1)], "after a restart it is still to be put back");
    let rescued = store.add_sent(bench.sent, 3..=3, &[row(3)]).expect("taken in");
    assert_eq!(rescued, [], "another mail rescues nothing");
}

#[test]
fn record_numbers_are_never_given_twice() {
    let bench = Bench::new();
    let first = bench.store.next_record_id().expect("a number");
    let second = bench.store.next_record_id().expect("a number");
    assert!(second > first, "{second:?} follows {first:?}");
    let old = record(&bench, 1);
    let (_home, store, _) = bench.reopened();
    let third = store.next_record_id().expect("a number");
    assert!(third > second, "{third:?} follows {second:?}");
    store.replace(day(501)).expect("replaced");
    let account = store.account("home").expect("an account");
    let home = store.folder(account, &FolderName("INBOX".into())).expect("a folder");
    store.put_record(&Record { id: third, account, home, ..old }, &[]).expect("kept");
    let fourth = store.next_record_id().expect("a number");
    assert!(fourth > third, "{fourth:?} follows {third:?}, which the journal brought back to a new store");
}

#[test]
fn mails_seen_in_quarantine_and_put_back_are_remembered() {
    let bench = Bench::new();
    let store = &bench.store;
    let mail = store.fingerprint(Some("a@b.example"), b"", 100, day(1));
    let others = [
        store.fingerprint(Some("a@b.example"), b"", 101, day(1)),
        store.fingerprint(Some("a@b.example"), b"", 100, day(2)),
        store.fingerprint(None, b"a@b.example", 100, day(1)),
    ];
    store.note_in_quarantine(bench.account, &[mail]).expect("noted");
    store.note_put_back(bench.account, &[mail]).expect("noted");
    assert!(store.was_in_quarantine(bench.account, &mail).expect("a look"), "it was");
    assert!(store.was_put_back(bench.account, &mail).expect("a look"), "it was");
    for other in others {
        assert!(!store.was_in_quarantine(bench.account, &other).expect("a look"), "another mail was not");
    }
    let second = store.account("work").expect("an account");
    assert!(!store.was_put_back(second, &mail).expect("a look"), "nor was it in another account");
}

#[test]
fn counts_places_and_small_things_are_kept() {
    let bench = Bench::new();
    let store = &bench.store;
    store.count(bench.account, "genuine", 3).expect("counted");
    store.count(bench.account, "genuine", 4).expect("counted");
    store.count(bench.account, "ordinary", 1).expect("counted");
    let counts = store.counts(bench.account).expect("counts");
    assert_eq!(counts, [("genuine".to_owned(), 7), ("ordinary".to_owned(), 1)].into(), "by verdict");
    assert_eq!(store.inbox(bench.sent).expect("a look"), None, "not looked through yet");
    store.set_inbox(bench.sent, 9, 100).expect("set");
    let inbox = store.inbox(bench.sent).expect("a look").expect("a place");
    assert_eq!((inbox.uid_validity, inbox.next_uid), (9, 100), "where it stands");
    store.set_misc("cursor", b"x").expect("kept");
    assert_eq!(store.misc("cursor").expect("a look"), Some(b"x".to_vec()), "by name");
    assert!(store.set_misc("cursor", &[0; 2_000]).is_err(), "too long");
    let again = store.folder(bench.account, &FolderName("Sent".into())).expect("a folder");
    assert_eq!(again, bench.sent, "a folder keeps its number");
}
