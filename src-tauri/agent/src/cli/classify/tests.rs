use std::{fs, path::Path};

use clap::Parser;
use serde_json::Value;

use super::*;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    classify: Classify,
}

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

fn sent(id: &str, date: &str) -> String {
    format!(
        "From: Ada <ada@example.org>\r\nTo: bob@example.com\r\nSubject: Garden fence\r\nDate: {date}\r\n\
         Message-ID: <{id}>\r\n\r\nHello Bob\r\n"
    )
}

/// A delivery report (RFC 3464) on a mail of this id, received at noon of a day in January 2026.
fn bounce(id: &str, day: u8) -> String {
    format!(
        "Return-Path: <>\r\n\
         Received: from mx.example.net (mx.example.net [192.0.2.1]) by imap.example.org for <ada@example.org>; \
         {day} Jan 2026 12:00:00 +0000\r\n\
         From: MAILER-DAEMON@mx.example.net\r\nTo: ada@example.org\r\nSubject: Undelivered\r\n\
         Date: {day} Jan 2026 12:00:00 +0000\r\nMessage-ID: <report-{day}@mx.example.net>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\nNobody of that name lives here.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.net\r\nArrival-Date: {day} Jan 2026 11:59:00 +0000\r\n\r\n\
         Final-Recipient: rfc822; zoe@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         From: ada@example.org\r\nTo: zoe@example.net\r\nSubject: Cheap watches\r\n\
         Date: {day} Jan 2026 13:58:00 +0200\r\nMessage-ID: <{id}>\r\n\r\n--b--\r\n"
    )
}

/// The lines that a command prints.
fn lines(arguments: &[&str]) -> Vec<String> {
    let command = Command::try_parse_from(std::iter::once(&"classify").chain(arguments)).expect("arguments");
    let arguments = command.classify;
    let (mut out, mut progress, mut exit) = (Vec::new(), Progress::new(), Exit::Done);
    let sent = read_sent(&arguments.sent, &mut io::empty(), &mut progress, &mut exit);
    let bench = Bench::new(&arguments, Rules::built_in(), sent).expect("a bench");
    print(&arguments, &bench, &mut io::empty(), &mut out, &mut progress).expect("printed");
    String::from_utf8(out).expect("text").lines().map(str::to_owned).collect()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("sent/1", sent("first@example.org", "1 Jan 2026 10:00:00 +0000"));
    write("sent/2", sent("second@example.org", "10 Jan 2026 10:00:00 +0000"));
    write("in/a-real", bounce("second@example.org", 10));
    write("in/b-forged", bounce("forged@spam.example", 11));
    write("in/c-before", bounce("forged@spam.example", 1));
    write("in/d-ordinary", sent("hello@example.com", "10 Jan 2026 10:00:00 +0000"));
    folder
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

#[test]
fn mail_is_judged_against_the_sent_mail_that_is_given() {
    let folder = folder();
    let (sent, inbox) = (path(&folder, "sent"), path(&folder, "in"));
    let cases: [(&[&str], [&str; 4]); 5] = [
        (&["--sent", &sent], ["genuine", "backscatter", "undecided", "ordinary"]),
        (&[], ["undecided", "undecided", "undecided", "ordinary"]),
        (&["--me", "ada@example.org"], ["undecided", "undecided", "undecided", "ordinary"]),
        (&["--sent", &sent, "--me", "eve@example.org"], ["genuine", "undecided", "undecided", "ordinary"]),
        (&["--sent", &sent, "--sent", "/nonexistent"], ["genuine", "undecided", "undecided", "ordinary"]),
    ];
    for (options, expected) in cases {
        let arguments: Vec<&str> = options.iter().copied().chain(["--json", &inbox]).collect();
        let verdicts = lines(&arguments).into_iter().map(|line| {
            let value: Value = serde_json::from_str(&line).expect("JSON");
            value["verdict"].as_str().expect("a verdict").to_owned()
        });
        assert_eq!(verdicts.collect::<Vec<_>>(), expected, "{options:?}");
    }
}

#[test]
fn within_the_grace_time_it_waits() {
    let folder = folder();
    let (sent, forged) = (path(&folder, "sent"), path(&folder, "in/b-forged"));
    for (now, verdict) in [("2026-01-11T12:05:00Z", "undecided"), ("2026-01-11T12:11:00Z", "backscatter")] {
        let line = lines(&["--sent", &sent, "--now", now, "--json", &forged]).concat();
        let value: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(value["verdict"], verdict, "at {now}: {line}");
        if verdict == "undecided" {
            assert_eq!(value["undecided"]["why"], "waiting", "{line}");
            assert_eq!(value["undecided"]["until"], "2026-01-11T12:10:00Z", "{line}");
        }
    }
}

#[test]
fn every_key_is_always_there_in_order() {
    let folder = folder();
    let forged = path(&folder, "in/b-forged");
    let all = lines(&["--json", &path(&folder, "in"), "/nonexistent/mail"]);
    assert_eq!(all.len(), 5, "one line a mail, and one for what cannot be read");
    for line in &all {
        let mut rest = line.as_str();
        for key in KEYS {
            let at =
                rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} comes next in {rest}"));
            rest = rest.split_at(at).1;
        }
        let value: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(KEYS.len()), "no other key: {line}");
    }
    let failed: Value = serde_json::from_str(&all[4]).expect("JSON");
    for key in KEYS {
        let expected = ["path", "index", "error"].contains(&key);
        assert_eq!(!failed[key].is_null(), expected, "{key} of a file that cannot be read");
    }
    let value: Value = serde_json::from_str(&lines(&["--json", &forged]).concat()).expect("JSON");
    assert_eq!(Path::new(value["path"].as_str().expect("a path")), Path::new(&forged), "the path as given");
    let original = &value["original"];
    assert_eq!(original["message_id"], "forged@spam.example", "without brackets");
    assert_eq!(original["date"], "2026-01-11T13:58:00+02:00", "with its own offset");
    assert_eq!(original["returned"], "headers", "how much came back");
    assert_eq!(value["recipients"][0]["address"], "zoe@example.net", "whom it failed for");
    assert_eq!(value["status"], "5.1.1", "the code");
}
