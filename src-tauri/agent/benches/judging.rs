//! What judging one notice costs beside an index of ten thousand to a million sent mails, without look-ups.
//!
//! Run with `cargo bench -p agent`. The bar: 50 µs in the median, whatever the size of the index. It reads the notice's
//! likes among other originals as the agent does, but neither the mail nor what was kept of it.

#![expect(clippy::expect_used, reason = "a bench makes its store, and may fail")]

use std::collections::BTreeMap;
use std::sync::Mutex;

use agent::imap::FolderName;
use agent::store::{Fingerprint, IndexKey, SentRow, Store};
use divan::Bencher;
use rules::judge::LookedUp;
use rules::read::SentHeaders;
use rules::storm::Likeness;
use rules::time::DAY;
use rules::{Address, Case, MailDate, MessageId, Notice, Profile, Reading, UnixTime, judge};

const NOW: UnixTime = UnixTime(1_790_000_000);
const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
/// Mails are taken in by so many at once.
const WINDOW: u32 = 500;
/// Seconds between two sent mails.
const APART: i64 = 100;

fn address(text: &str) -> Address {
    Address::new(text).expect("an address")
}

fn id_of(uid: u32) -> String {
    format!("{uid}.{:x}@laptop.example.org", u64::from(uid).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn row(uid: u32, mails: u32) -> SentRow {
    let at = NOW.minus(i64::from(mails - uid + 1) * APART + DAY);
    SentRow {
        uid,
        internal_date: at,
        headers: SentHeaders {
            ids: MessageId::new(&id_of(uid)).into_iter().collect(),
            from: vec![address("ada@example.org")],
            recipients: vec![address(&format!("person{}@domain{}.example", uid % 20_000, uid % 4_000))],
            subject: format!("The matter of {} and {}", uid % 50_000, uid % 77),
            date: Some(MailDate { at, offset_minutes: 60 }),
        },
    }
}

/// An index of so many sent mails, made once; where it lies is never taken away while the bench runs.
fn index(mails: u32) -> Store {
    static MADE: Mutex<BTreeMap<u32, (Store, tempfile::TempDir)>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().expect("no bench has panicked");
    let (store, _) = made.entry(mails).or_insert_with(|| {
        let home = tempfile::tempdir().expect("a folder");
        let key = IndexKey::from_bytes([7; 32]);
        let (store, _) = Store::open(&home.path().join("index"), &key, NOW).expect("a store");
        let account = store.account("home").expect("an account");
        let folder = store.folder(account, &FolderName("Sent".into())).expect("a folder");
        store.set_sent_folders(account, &[folder], &[address("ada@example.org")], NOW).expect("it is set");
        store.start_sent_folder(folder, 1, UnixTime(0)).expect("it is begun");
        store.set_profile(&profile());
        store.set_fact_horizon(NOW.minus(150 * DAY));
        for first in (1..=mails).step_by(WINDOW as usize) {
            let last = mails.min(first + WINDOW - 1);
            let rows: Vec<SentRow> = (first..=last).map(|uid| row(uid, mails)).collect();
            store.add_sent(folder, first..=last, &rows).expect("they are taken in");
        }
        store.sent_refreshed(folder, mails + 1, NOW).expect("it is read");
        store.durable().expect("it is kept");
        (store, home)
    });
    store.clone()
}

fn profile() -> Profile {
    Profile { own: [address("ada@example.org")].into(), ..Profile::default() }
}

/// A bounce as Postfix writes it, of a mail with this id.
fn bounce(id: &str) -> Notice {
    let text = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.shop.example\r\nTo: ada@example.org\r\nSubject: Undelivered Mail Returned \
         to Sender\r\nMessage-ID: <notice@mx.shop.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: \
         message/delivery-status\r\n\r\nReporting-MTA: dns; mx.shop.example\r\n\r\nFinal-Recipient: rfc822; \
         nobody@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: \
         text/rfc822-headers\r\n\r\nReceived: from unknown ([203.0.113.7]) by mx.shop.example with SMTP\r\nFrom: \
         ada@example.org\r\nTo: nobody@shop.example\r\nSubject: Cheap watches for everybody\r\nMessage-ID: \
         <{id}>\r\n\r\n--b--\r\n"
    );
    match rules::read(text.as_bytes()) {
        Reading::Notice(notice) => *notice,
        other => unreachable!("a bounce: {other:?}"),
    }
}

fn judged(bencher: Bencher<'_, '_>, mails: u32, id: &str) {
    let (store, profile, notice) = (index(mails), profile(), bounce(id));
    let arrived = NOW.minus(DAY);
    bencher.bench(|| {
        let likeness = Likeness::of(&notice, arrived, &profile).expect("it came for the user alone");
        let original = store.original_key(&notice, &Fingerprint([1; 16]));
        let resemblance = store.resemblance(original, &likeness).expect("the store is whole");
        let case = Case { notice: &notice, arrived, grace: 600 };
        judge(&case, &store, &profile, &LookedUp { resemblance, ..LookedUp::default() }, NOW)
    });
}

#[divan::bench(args = SIZES)]
fn a_forged_one(bencher: Bencher<'_, '_>, mails: u32) {
    judged(bencher, mails, "1.forged@botnet.example");
}

#[divan::bench(args = SIZES)]
fn a_genuine_one(bencher: Bencher<'_, '_>, mails: u32) {
    judged(bencher, mails, &id_of(mails / 2));
}

fn main() {
    divan::main();
}
