//! Killed at any moment: what was acknowledged as durable is there.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

use rules::SentMail;

use super::{super::*, day, key, row, sent_id};
use crate::imap::FolderName;

const DIRECTORY: &str = "NEVERSENT_TEST_STORE";
/// Mails between two durable points.
const STEP: u32 = 20;

/// Writes until it is killed; run by the test below in a process of its own.
#[test]
#[ignore = "runs for ever; the test below starts it"]
fn writer() {
    let dir = PathBuf::from(std::env::var(DIRECTORY).expect("a directory"));
    let (store, found) = Store::open(&dir, &key(), day(0)).expect("it opens");
    assert!(!matches!(found, Found::SetAside { .. }), "a kill is harmless: {found:?}");
    let account = store.account("home").expect("an account");
    let sent = store.folder(account, &FolderName("Sent".into())).expect("a folder");
    store.set_sent_folders(account, &[sent], &[], day(0)).expect("set");
    if store.sent_folder(sent).expect("a look").is_none() {
        store.start_sent_folder(sent, 1, UnixTime(0)).expect("begun");
    }
    loop {
        let first = store.sent_folder(sent).expect("a look").expect("a folder").next_uid;
        let rows: Vec<_> = (first..first + STEP).map(row).collect();
        store.add_sent(sent, first..=first + STEP - 1, &rows).expect("taken in");
        store.sent_refreshed(sent, first + STEP, day(i64::from(first + STEP))).expect("noted");
        let record = store.next_record_id().expect("a number");
        store.durable().expect("durable");
        writeln!(std::io::stdout(), "\nacked {} {}", first + STEP - 1, record.0).expect("written");
        std::io::stdout().flush().expect("written");
    }
}

#[test]
fn what_was_acknowledged_outlasts_a_kill() {
    let home = tempfile::tempdir().expect("a directory");
    let dir = home.path().join("index");
    let (mut acked, mut last_record) = (0_u32, 0_u64);
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "store::tests::crash::writer", "--ignored", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, &dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut seen = 0;
        // Killed right behind an acknowledgement, at another place of the next step each time.
        for line in lines.by_ref() {
            let line = line.expect("a line");
            let Some(numbers) = line.strip_prefix("acked ") else { continue };
            let (uid, record) = numbers.split_once(' ').expect("two numbers");
            acked = uid.parse().expect("a UID");
            let record = record.parse().expect("a record");
            assert!(record > last_record, "round {round}: record {record} was given out before");
            last_record = record;
            seen += 1;
            if seen > round % 5 {
                break;
            }
        }
        assert!(seen > 0, "round {round}: the child wrote something");
        (0..round * 20_000).for_each(|n| {
            std::hint::black_box(n);
        });
        child.kill().expect("killed");
        for line in lines.map_while(Result::ok) {
            if let Some((uid, record)) = line.strip_prefix("acked ").and_then(|n| n.split_once(' ')) {
                acked = uid.parse().expect("a UID");
                last_record = record.parse().expect("a record");
            }
        }
        child.wait().expect("gone");
        let (store, found) = Store::open(&dir, &key(), day(1)).expect("it opens");
        assert_eq!(found, Found::Whole, "round {round}: a kill does no damage");
        for uid in 1..=acked {
            assert!(
                store.sent(&sent_id(uid)).expect("a look").is_some(),
                "round {round}: id {uid} was acked"
            );
        }
        assert_eq!(
            store.check().expect("a check").problems,
            Vec::<String>::new(),
            "round {round}: it is whole"
        );
        let account = store.account("home").expect("an account");
        assert!(store.coverage_of(account).expect("coverage").holes.is_empty(), "round {round}: no holes");
    }
    assert!(acked >= 12 * STEP, "every round went on: {acked}");
}
