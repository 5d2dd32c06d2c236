//! What the index answers about sent mail, and what it keeps in clear.

use std::net::IpAddr;

use rules::{
    MailDate, SentMail, Span, Subject,
    sent::{IdDomain, SentAs},
    time::{DAY, HOUR},
    verdict::Lesson,
};

use super::seen::original;
use super::{
    super::{Learned, kv, layout},
    Bench, address, day, id, row, sent_id,
};
use crate::imap::FolderName;

#[test]
fn an_id_is_known_as_given_and_with_its_domain_in_lower_case() {
    let bench = Bench::new();
    bench.read([1], 2, day(2));
    for (text, known) in [
        ("<1.Sent@Example.org>", true),
        ("1.Sent@example.org", true),
        ("1.Sent@EXAMPLE.ORG", true),
        ("1.sent@example.org", false),
        ("2.Sent@example.org", false),
    ] {
        let found = bench.store.sent(&id(text)).expect("a look");
        assert_eq!(found, known.then_some(SentAs::Mail(day(1))), "{text}");
    }
    bench.store.add_report(&id("<report.1@example.org>"), day(3)).expect("noted");
    let found = bench.store.sent(&id("report.1@example.org")).expect("a look");
    assert_eq!(found, Some(SentAs::Report(day(3))), "a report of ours");
}

#[test]
fn a_mails_time_is_its_date_where_plausible() {
    for (date, expected, why) in [
        (Some(day(3)), day(3), "its Date"),
        (Some(day(3).minus(5 * 365 * DAY)), day(3).minus(5 * 365 * DAY), "filed into the folder years later"),
        (Some(day(9)), day(3), "a Date after it was filed"),
        (Some(rules::UnixTime(86_400)), day(3), "a clock without a battery"),
        (None, day(3), "no Date at all"),
    ] {
        let bench = Bench::new();
        let mut mail = row(1);
        mail.internal_date = day(3);
        mail.headers.date = date.map(|at| MailDate { at, offset_minutes: 0 });
        bench.store.add_sent(bench.sent, 1..=1, &[mail]).expect("taken in");
        let found = bench.store.sent(&sent_id(1)).expect("a look");
        assert_eq!(found, Some(SentAs::Mail(expected)), "{why}");
    }
}

#[test]
fn subjects_recipients_and_domains_are_found_within_their_span_alone() {
    let bench = Bench::new();
    bench.read(1..=200, 201, day(201));
    let around = |n: i64, seconds: i64| Span::around(day(n), seconds);
    let subject = Subject::new("Matter number 100");
    let person = address("person100@there.example");
    let store = &bench.store;
    for (span, expected) in [
        (around(100, 0), true),
        (around(100, 600), true),
        (Span::new(day(70), day(100)), true),
        (Span::new(day(100), day(130)), true),
        (Span::new(day(101), day(131)), false),
        (Span::new(day(69), day(99)), false),
        (Span::new(day(100), day(99)), false),
        (Span::new(rules::UnixTime(i64::MIN), rules::UnixTime(i64::MAX)), true),
    ] {
        assert_eq!(store.subject_used(&subject, span).expect("a look"), expected, "subject in {span:?}");
        assert_eq!(store.wrote_to(&person, span).expect("a look"), expected, "recipient in {span:?}");
        let pair = store.sent_to_with_subject(&subject, &[address("x@y.example"), person.clone()], span);
        assert_eq!(pair.expect("a look"), expected, "both in {span:?}");
    }
    let day_100 = around(100, HOUR);
    assert!(store.wrote_to_domain("There.Example", day_100).expect("a look"), "its domain");
    assert!(!store.wrote_to_domain("example", day_100).expect("a look"), "exactly its domain");
    let other = address("person101@there.example");
    assert!(
        !store.sent_to_with_subject(&subject, &[other], around(100, 3 * DAY)).expect("a look"),
        "another mail"
    );
    assert!(
        !store.subject_used(&Subject::new(""), day_100).expect("a look"),
        "an empty subject matches nothing"
    );
    assert!(store.sent_from(&address("ada@example.org")).expect("a look"), "a From");
    assert!(!store.sent_from(&address("da@example.org")).expect("a look"), "no From");
}

#[test]
fn a_relay_counts_once_for_an_original() {
    let bench = Bench::new();
    let ip: IpAddr = "192.0.2.1".parse().expect("an address");
    for at in [day(1), day(1), day(2)] {
        bench.store.learn(&Lesson::Relay(ip), at, ("home", original(&bench.store, 1))).expect("learned");
    }
    assert_eq!(bench.store.relayed_by(ip).expect("a look"), 2, "two originals");
    let other = "192.0.2.2".parse().expect("an address");
    assert_eq!(bench.store.relayed_by(other).expect("a look"), 0, "not seen");
}

#[test]
fn a_rewritten_domain_is_learned_and_unlearned() {
    let bench = Bench::new();
    let before = bench.store.generation();
    bench
        .store
        .learn(&Lesson::RewrittenDomain("Relay.Example".into()), day(1), ("home", original(&bench.store, 1)))
        .expect("learned");
    assert_ne!(bench.store.generation(), before, "an answer has changed");
    assert_eq!(
        bench.store.id_domain("relay.example", day(9)).expect("a look"),
        IdDomain::Rewritten,
        "learned"
    );
    let learned = bench.store.learned().expect("a list");
    assert_eq!(
        learned,
        [Learned::Rewritten {
            domain: "relay.example".into(),
            at: day(1),
            accounts: [("home".to_owned(), 1)].into()
        }],
        "listed"
    );
    bench.store.unlearn_domain("relay.example", day(2)).expect("unlearned");
    assert_eq!(
        bench.store.id_domain("relay.example", day(9)).expect("a look"),
        IdDomain::Unknown,
        "forgotten"
    );
}

#[test]
fn nothing_private_is_written_in_clear() {
    let bench = Bench::new();
    bench.read(1..=50, 51, day(51));
    bench.store.durable().expect("durable");
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(bench.dir()).expect("a directory").flatten() {
        bytes.extend(std::fs::read(entry.path()).unwrap_or_default());
    }
    bytes.extend(std::fs::read(bench.home.path().join("index.meta")).expect("a sidecar"));
    for text in ["there.example", "person", ".Sent@", "Matter", "matter"] {
        assert!(
            !bytes.windows(text.len()).any(|part| part == text.as_bytes()),
            "{text:?} is nowhere to be read"
        );
    }
}

#[test]
fn five_thousand_mails_are_taken_in_well_within_a_second() {
    let bench = Bench::new();
    let rows: Vec<_> = (1..=5_000).map(row).collect();
    let began = std::time::Instant::now();
    bench.store.add_sent(bench.sent, 1..=5_000, &rows).expect("taken in");
    let taken = began.elapsed();
    println!("5,000 mails: {taken:?}");
    // An unoptimised build on a busy machine; the release build needs a tenth.
    assert!(taken.as_secs() < 5, "it took {taken:?}");
}

/// Keeps all in memory, and the kinds of keys of each write to the index.
#[derive(Default)]
struct Recorded {
    trees: [std::sync::Mutex<std::collections::BTreeMap<Vec<u8>, Vec<u8>>>; 3],
    writes: std::sync::Arc<std::sync::Mutex<Vec<Vec<u8>>>>,
}

impl kv::Engine for Recorded {
    fn get(&self, tree: kv::Tree, key: &[u8]) -> Result<Option<Vec<u8>>, kv::Fault> {
        Ok(self.trees[tree as usize].lock().expect("a lock").get(key).cloned())
    }

    fn write(&self, tree: kv::Tree, changes: &[&kv::Change]) -> Result<(), kv::Fault> {
        let mut entries = self.trees[tree as usize].lock().expect("a lock");
        for (key, value) in changes {
            match value {
                Some(value) => entries.insert(key.clone(), value.clone()),
                None => entries.remove(key),
            };
        }
        if tree == kv::Tree::Index {
            let kinds = changes.iter().filter_map(|(key, _)| key.first().copied()).collect();
            self.writes.lock().expect("a lock").push(kinds);
        }
        Ok(())
    }

    fn visit(
        &self,
        tree: kv::Tree,
        from: &[u8],
        to: Option<&[u8]>,
        back: bool,
        each: &mut kv::Visit<'_>,
    ) -> Result<(), kv::Fault> {
        let entries = self.trees[tree as usize].lock().expect("a lock").clone();
        let mut meant: Vec<_> = entries
            .iter()
            .filter(|(key, _)| key.as_slice() >= from && to.is_none_or(|to| key.as_slice() < to))
            .collect();
        if back {
            meant.reverse();
        }
        let _ = meant.into_iter().try_for_each(|(key, value)| each(key, value));
        Ok(())
    }

    fn flush(&self) -> Result<(), kv::Fault> {
        Ok(())
    }
}

#[test]
fn uids_are_never_written_without_the_state_of_their_folder() {
    let bench = Bench::new();
    let recorded = Recorded::default();
    let writes = recorded.writes.clone();
    bench.store.0.guard.install(Box::new(recorded));
    let store = &bench.store;
    let account = store.account("home").expect("an account");
    let sent = store.folder(account, &FolderName("Sent".into())).expect("a folder");
    store.start_sent_folder(sent, 1, day(0)).expect("begun");
    writes.lock().expect("a lock").clear();
    // Each in a block of its own, as in a folder from which most was deleted; now and then one has many ids.
    let rows: Vec<_> = (1..=450_u32)
        .map(|n| {
            let mut mail = row(n * 70);
            let ids = if n % 190 == 0 { 60 } else { 1 };
            mail.headers.ids = (0..ids).map(|m| id(&format!("{n}.{m}@example.org"))).collect();
            mail.headers.recipients = vec![address("always@same.example")];
            mail
        })
        .collect();
    store.add_sent(sent, 1..=40_000, &rows).expect("taken in");
    let writes = writes.lock().expect("a lock");
    let has = |kinds: &[u8], kind: u8| kinds.contains(&kind);
    assert!(writes.iter().any(|kinds| has(kinds, layout::index::UID)), "the UIDs are written");
    for kinds in
        writes.iter().filter(|kinds| has(kinds, layout::index::UID) || has(kinds, layout::index::IDS))
    {
        assert!(
            has(kinds, layout::index::FOLDER),
            "cut off here, mails would be known that were not counted"
        );
    }
}
