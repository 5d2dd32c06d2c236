//! `neversent classify` by the real program.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use it::population::Class;
use it::{Population, date, rig::program};
use serde_json::Value;

use super::clean_up::SMALL;

/// Every key of a line, in order.
const KEYS: [&str; 14] = [
    "path",
    "index",
    "kind",
    "action",
    "reason",
    "status",
    "recipients",
    "original",
    "reported_by",
    "injected_by",
    "verdict",
    "undecided",
    "evidence",
    "error",
];
const KINDS: [&str; 8] = [
    "ordinary",
    "bounce",
    "auto_reply",
    "challenge",
    "virus_notice",
    "list_notice",
    "receipt",
    "abuse_report",
];
const ACTIONS: [&str; 5] = ["failed", "delayed", "delivered", "relayed", "expanded"];
const REASONS: [&str; 10] = [
    "recipient_unknown",
    "mailbox_full",
    "spam",
    "virus",
    "policy",
    "relaying_denied",
    "too_big",
    "host_unknown",
    "timed_out",
    "unspecified",
];
const VERDICTS: [&str; 5] = ["ordinary", "genuine", "backscatter", "misused", "undecided"];

fn classify(arguments: &[&str], paths: &[&Path]) -> Output {
    let mut command = Command::new(program());
    command.arg("classify").args(arguments).args(paths).stdin(Stdio::null());
    command.output().expect("the program runs")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(checked).collect()
}

fn has_keys(value: &Value, keys: &[&str], line: &str) {
    let found: BTreeSet<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(found, keys.iter().copied().collect(), "these keys and no others: {line}");
}

fn is_one_of(value: &Value, words: &[&str], line: &str) {
    assert!(value.is_null() || value.as_str().is_some_and(|word| words.contains(&word)), "{value}: {line}");
}

fn is_text(value: &Value, line: &str) {
    assert!(value.is_null() || value.is_string(), "{value} is text or nothing: {line}");
}

fn is_time(value: &Value, line: &str) {
    let well_formed = |text: &str| text.parse::<jiff::Timestamp>().is_ok();
    assert!(value.is_null() || value.as_str().is_some_and(well_formed), "{value} is a time: {line}");
}

fn is_code(value: &Value, line: &str) {
    let numbers = |text: &str| text.split('.').filter(|part| part.parse::<u16>().is_ok()).count();
    assert!(value.is_null() || value.as_str().is_some_and(|text| numbers(text) == 3), "{value}: {line}");
}

/// A line of `classify --json`, whose keys and types are as they must be.
fn checked(line: &str) -> Value {
    let mut rest = line;
    for key in KEYS {
        let at = rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} comes next: {line}"));
        rest = rest.split_at(at).1;
    }
    let value: Value = serde_json::from_str(line).expect("JSON");
    has_keys(&value, &KEYS, line);
    assert!(value["path"].is_string() && value["index"].is_u64(), "which mail: {line}");
    if !value["error"].is_null() {
        assert!(value["error"].is_string(), "in words: {line}");
        let told = KEYS.iter().filter(|key| !value[**key].is_null()).count();
        assert_eq!(told, 3, "all but path, index and error are null: {line}");
        return value;
    }
    let kind = value["kind"].as_str().expect("a kind");
    assert!(KINDS.contains(&kind), "{kind}: {line}");
    is_one_of(&value["action"], &ACTIONS, line);
    is_one_of(&value["reason"], &REASONS, line);
    is_code(&value["status"], line);
    for recipient in value["recipients"].as_array().expect("a list of recipients") {
        has_keys(recipient, &["address", "action", "status", "reason"], line);
        assert!(recipient["address"].is_string(), "whom it is about: {line}");
        is_one_of(&recipient["action"], &ACTIONS, line);
        is_one_of(&recipient["reason"], &REASONS, line);
        is_code(&recipient["status"], line);
    }
    let original = &value["original"];
    if !original.is_null() {
        let keys = ["message_id", "message_ids", "from", "to", "subject", "date", "returned"];
        has_keys(original, &keys, line);
        for id in original["message_ids"].as_array().expect("ids").iter().chain([&original["message_id"]]) {
            is_text(id, line);
            let text = id.as_str().unwrap_or("x");
            assert!(!text.is_empty() && !text.starts_with('<'), "an id without brackets: {line}");
        }
        is_text(&original["from"], line);
        is_text(&original["subject"], line);
        is_time(&original["date"], line);
        assert!(original["to"].as_array().expect("a list").iter().all(Value::is_string), "{line}");
        let returned = original["returned"].as_str().expect("how much came back");
        assert!(["full", "headers", "excerpt", "nothing"].contains(&returned), "{returned}: {line}");
    }
    if !value["reported_by"].is_null() {
        has_keys(&value["reported_by"], &["name", "ip"], line);
    }
    if !value["injected_by"].is_null() {
        has_keys(&value["injected_by"], &["ip", "helo", "rdns", "forged_from_hop"], line);
    }
    let verdict = value["verdict"].as_str().expect("a verdict");
    assert!(VERDICTS.contains(&verdict), "{verdict}: {line}");
    assert_eq!(value["undecided"].is_object(), verdict == "undecided", "why, if undecided: {line}");
    if let Some(undecided) = value["undecided"].as_object() {
        has_keys(&value["undecided"], &["why", "until"], line);
        assert!(undecided["why"].is_string(), "why: {line}");
        is_time(&undecided["until"], line);
    }
    for fact in value["evidence"].as_array().expect("evidence") {
        has_keys(fact, &["rule", "says", "text"], line);
        assert!(fact["rule"].is_string() && fact["text"].is_string(), "rule and words: {line}");
        let says = fact["says"].as_str().expect("what it speaks for");
        assert!(["mine", "not_mine", "through_my_server", "hint"].contains(&says), "{says}: {line}");
    }
    value
}

fn path_of(value: &Value) -> &str {
    value["path"].as_str().expect("a path")
}

#[test]
fn every_directory_of_the_corpus() {
    let Some(root) = std::env::var_os("NEVERSENT_CORPUS").map(PathBuf::from) else {
        println!("NEVERSENT_CORPUS is not set: no corpus is classified");
        return;
    };
    let mut directories: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the corpus can be read")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    let mut total = 0;
    for directory in directories {
        let output = classify(&["--json"], &[&directory]);
        let lines = lines(&output);
        let name = directory.display();
        assert_eq!(output.status.code(), Some(0), "all of {name} is read");
        assert!(!lines.is_empty(), "{name} holds mail");
        assert!(lines.iter().all(|line| line["verdict"] != "backscatter"), "nothing is known of sent mail");
        let order: Vec<(&str, u64)> =
            lines.iter().map(|line| (path_of(line), line["index"].as_u64().expect("a number"))).collect();
        assert!(order.is_sorted(), "{name} in byte order of path");
        total += lines.len();
    }
    println!("{total} mails of the corpus have their line");
    assert!(total > 1_000, "the corpus is there: {total}");
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, bytes).expect("written");
    path
}

#[test]
fn files_mboxes_maildirs_and_lists_in_order() {
    let population = Population::new(31, date::now(), SMALL);
    let mails: Vec<_> = population.inbox_mails().take(7).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let top = folder.path();
    let mut mbox = Vec::new();
    for mail in &mails[..3] {
        mbox.extend_from_slice(b"From sender@example.org Sun Nov 22 10:00:00 2026\n");
        mbox.extend_from_slice(&mail.bytes);
        mbox.extend_from_slice(b"\n");
    }
    write(top, "all/b.mbox", &mbox);
    write(top, "all/a.eml", &mails[3].bytes);
    write(top, "all/maildir/cur/1:2,S", &mails[4].bytes);
    write(top, "all/maildir/new/2", &mails[5].bytes);
    std::fs::create_dir(top.join("all/maildir/tmp")).expect("made");
    let last = write(top, "last.eml", &mails[6].bytes);
    let missing = top.join("missing.eml");
    let expected = |name: &str, index: u64| (top.join(name).display().to_string(), index);
    let in_all = [
        expected("all/a.eml", 0),
        expected("all/b.mbox", 0),
        expected("all/b.mbox", 1),
        expected("all/b.mbox", 2),
        expected("all/maildir/cur/1:2,S", 0),
        expected("all/maildir/new/2", 0),
    ];
    let order = |lines: &[Value]| -> Vec<(String, u64)> {
        lines
            .iter()
            .map(|line| (path_of(line).to_owned(), line["index"].as_u64().expect("a number")))
            .collect()
    };

    let output = classify(&["--json"], &[&top.join("all")]);
    assert_eq!(order(&lines(&output)), in_all, "byte order of path, an mbox mail by mail");
    assert_eq!(output.status.code(), Some(0), "all was read");

    let output = classify(&["--json"], &[&last, &missing, &top.join("all")]);
    let said = lines(&output);
    let mut all = vec![expected("last.eml", 0), expected("missing.eml", 0)];
    all.extend(in_all.iter().cloned());
    assert_eq!(order(&said), all, "in the order of the input");
    assert!(said[1]["error"].is_string(), "what cannot be read has its line: {}", said[1]);
    assert!(said.iter().filter(|line| !line["error"].is_null()).count() == 1, "the others go on");
    assert_eq!(output.status.code(), Some(1), "and the exit status tells");

    let mut command = Command::new(program());
    command.args(["classify", "--json", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut list = child.stdin.take().expect("standard input");
    for path in [&missing, &last, &top.join("all")] {
        writeln!(list, "{}", path.display()).expect("a path is told");
    }
    drop(list);
    let output = child.wait_with_output().expect("it ends");
    let mut all = vec![expected("missing.eml", 0), expected("last.eml", 0)];
    all.extend(in_all);
    assert_eq!(order(&lines(&output)), all, "a list on standard input");
    assert_eq!(output.status.code(), Some(1), "one of it could not be read");

    let output = classify(&[], &[&top.join("all"), &missing]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("a.eml") && text.contains("failed"), "for people, too: {text}");
    assert_eq!(classify(&["--nonsense"], &[]).status.code(), Some(2), "wrong usage");
}

#[test]
fn sent_mail_makes_forged_bounces_backscatter_and_own_ones_genuine() {
    let population = Population::new(32, date::now(), SMALL);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (at, mail) in population.sent_mails().enumerate() {
        write(folder.path(), &format!("sent/cur/{at}:2,S"), &mail.bytes);
    }
    std::fs::create_dir(folder.path().join("sent/new")).expect("made");
    for (at, mail) in population.inbox_mails().enumerate() {
        write(folder.path(), &format!("in/{at:04}.eml"), &mail.bytes);
    }
    let sent = folder.path().join("sent");
    let output = classify(&["--json", "--sent", &sent.display().to_string()], &[&folder.path().join("in")]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let said = lines(&output);
    assert_eq!(said.len(), population.inbox.len(), "a line a mail");
    let mut wrong: BTreeMap<(Class, &str), Vec<String>> = BTreeMap::new();
    for (sample, line) in population.inbox.iter().zip(&said) {
        let verdict = line["verdict"].as_str().expect("a verdict");
        let right = match sample.label.class {
            Class::Ordinary => verdict == "ordinary",
            Class::Genuine => verdict == "genuine",
            Class::Backscatter => verdict == "backscatter",
            Class::BackscatterUndecidable => verdict == "undecided",
            Class::MustStay => verdict != "backscatter",
        };
        if !right {
            wrong.entry((sample.label.class, sample.label.kind)).or_default().push(line.to_string());
        }
    }
    assert!(wrong.is_empty(), "not what they are: {wrong:#?}");
}

/// The most memory that a process has ever had, in KiB.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process is there");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its peak");
    line.split_ascii_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
fn ten_thousand_mails_stream_in_bounded_memory() {
    let population = Population::new(33, date::now(), SMALL);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mails: Vec<PathBuf> = population
        .inbox_mails()
        .enumerate()
        .map(|(at, mail)| write(folder.path(), &format!("{at}.eml"), &mail.bytes))
        .collect();
    let mut command = Command::new(program());
    command.args(["classify", "--json", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut list = child.stdin.take().expect("standard input");
    let mut said = BufReader::new(child.stdout.take().expect("standard output")).lines();
    let mut next = || said.next().expect("a line").expect("text");
    let mut read = 0;
    let mut paths = mails.iter().cycle();
    let mut feed = |count: usize| {
        let text: String = paths.by_ref().take(count).map(|path| format!("{}\n", path.display())).collect();
        list.write_all(text.as_bytes()).expect("paths are told");
    };
    // One at a time: each is answered while the list is still open.
    for _ in 0..3 {
        feed(1);
        let line = checked(&next());
        assert_eq!(path_of(&line), mails[read].display().to_string(), "the line of the mail just named");
        read += 1;
    }
    let mut until = |count: usize| {
        while read < count {
            let some = (count - read).min(200);
            feed(some);
            for _ in 0..some {
                next();
            }
            read += some;
        }
        peak(child.id())
    };
    let (at_1_000, at_10_000) = (until(1_000), until(10_000));
    println!("peak memory: {at_1_000} KiB after 1,000 mails, {at_10_000} KiB after 10,000");
    assert!(at_10_000 * 10 <= at_1_000 * 12, "{at_1_000} KiB at 1,000 mails, {at_10_000} KiB at 10,000");
    drop(list);
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "all was read");
}
