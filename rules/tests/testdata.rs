//! Reads every mail of `testdata` and compares it with the description beside it.

#![expect(clippy::indexing_slicing, clippy::expect_used, reason = "a test says what it found, and may fail")]
#![expect(clippy::disallowed_methods, reason = "the test reads its mails; the crate reads nothing")]

mod mails;

use mails::mails;
use rules::{
    Notice, Reading, RuleFile, Rules, Triage,
    read::read_ordinary_headers,
    triage::{Sorted, Structure, sort, triage},
};
use serde::Deserialize;

/// What a mail must be read as; what is not given is not compared.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    kind: String,
    action: Option<String>,
    reason: Option<String>,
    no_reason: bool,
    status: Option<String>,
    recipients: Option<Vec<String>>,
    message_id: Option<String>,
    standing_id: Option<String>,
    ids: Option<Vec<String>>,
    references: Option<Vec<String>>,
    returned: Option<String>,
    subject: Option<String>,
    from: Option<String>,
    reported_by: Option<String>,
    arrival_date: Option<String>,
    receivers: Option<Vec<String>>,
    hop_ip: Option<String>,
    automatic: Option<bool>,
    signature: Option<String>,
    marks: Option<Vec<String>>,
    postmaster_copy: bool,
    doubtful: bool,
    no_original: bool,
}

fn name<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).expect("a plain value").as_str().unwrap_or_default().to_owned()
}

fn strings<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn header_of(mail: &[u8]) -> &[u8] {
    let end = mail.windows(2).position(|pair| pair == b"\n\n").map(|at| at + 2);
    let crlf = mail.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    &mail[..end.into_iter().chain(crlf).min().unwrap_or(mail.len())]
}

fn compare(path: &str, notice: &Notice, expected: &Expected) {
    assert_eq!(name(&notice.kind), expected.kind, "the kind of {path}: {notice:#?}");
    if let Some(action) = &expected.action {
        assert_eq!(notice.action.as_ref().map(name).as_ref(), Some(action), "the action of {path}");
    }
    if let Some(reason) = &expected.reason {
        assert_eq!(notice.reason.as_ref().map(name).as_ref(), Some(reason), "the reason of {path}");
    }
    if expected.no_reason {
        assert_eq!(notice.reason, None, "no reason in {path}");
    }
    if let Some(status) = &expected.status {
        assert_eq!(notice.status.map(|s| s.to_string()).as_ref(), Some(status), "the status of {path}");
    }
    if let Some(recipients) = &expected.recipients {
        let read: Vec<String> = notice.recipients.iter().map(|one| one.address.to_string()).collect();
        assert_eq!(&read, recipients, "the recipients of {path}");
    }
    if let Some(host) = &expected.reported_by {
        let read = notice.reported_by.as_ref().and_then(|host| host.name.clone());
        assert_eq!(read.as_ref(), Some(host), "the reporting server of {path}");
    }
    if let Some(date) = &expected.arrival_date {
        assert_eq!(
            notice.arrival_date.map(|d| d.to_string()).as_ref(),
            Some(date),
            "the arrival date of {path}"
        );
    }
    if let Some(receivers) = &expected.receivers {
        for receiver in receivers {
            let named = notice.outer.receivers.iter().any(|(_, address)| address.as_str() == receiver);
            assert!(named, "{path} came for {receiver}");
        }
    }
    assert_eq!(notice.postmaster_copy, expected.postmaster_copy, "whether {path} is a postmaster's copy");
    assert_eq!(notice.doubtful, expected.doubtful, "whether {path} is doubtful");
    assert!(!expected.no_original || notice.original.is_none(), "{path} tells nothing of an original");
    let original = notice.original.clone().unwrap_or_default();
    if let Some(id) = &expected.message_id {
        assert_eq!(
            original.message_id.map(|id| id.to_string()).as_ref(),
            Some(id),
            "the original's id in {path}"
        );
    }
    if let Some(id) = &expected.standing_id {
        assert_eq!(
            original.standing_id.map(|id| id.to_string()).as_ref(),
            Some(id),
            "the standing id in {path}"
        );
    }
    if let Some(ids) = &expected.ids {
        assert_eq!(&strings(&original.ids), ids, "the ids in {path}");
    }
    if let Some(ids) = &expected.references {
        assert_eq!(&strings(&original.references), ids, "the references in {path}");
    }
    if let Some(returned) = &expected.returned {
        assert_eq!(&name(&original.returned), returned, "how much came back in {path}");
    }
    if let Some(subject) = &expected.subject {
        assert_eq!(original.subject.as_ref(), Some(subject), "the original's subject in {path}");
    }
    if let Some(from) = &expected.from {
        assert_eq!(
            original.from.map(|a| a.to_string()).as_ref(),
            Some(from),
            "the original's From in {path}"
        );
    }
    if let Some(ip) = &expected.hop_ip {
        let read = original.trace.first().and_then(|hop| hop.from_ip).map(|ip| ip.to_string());
        assert_eq!(read.as_ref(), Some(ip), "the topmost hop of the original in {path}");
    }
    if let Some(automatic) = expected.automatic {
        assert_eq!(original.automatic, automatic, "whether the original of {path} is automatic");
    }
    if let Some(signature) = &expected.signature {
        let read = original.signatures.first().map(|s| format!("{}/{}", s.selector, s.domain));
        assert_eq!(read.as_ref(), Some(signature), "the signature in {path}");
    }
    if let Some(marks) = &expected.marks {
        let read: Vec<String> =
            original.marks.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(&read, marks, "the marks in {path}");
    }
}

#[test]
fn every_test_mail_is_read_as_described() {
    let mails = mails();
    assert!(mails.len() >= 60, "the test mails are there");
    for path in mails {
        let mail = std::fs::read(&path).expect("a test mail");
        let described = std::fs::read_to_string(path.with_extension("toml")).expect("its description");
        let expected: Expected = toml::from_str(&described).expect("a valid description");
        let shown = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let structure = Structure { media_types: rules::read::media_types(&mail) };
        for structure in [Some(&structure), None] {
            let expected = match triage(header_of(&mail), structure) {
                Triage::Ordinary => Sorted::Ordinary(Box::new(read_ordinary_headers(header_of(&mail)))),
                Triage::Candidate => Sorted::Candidate,
            };
            assert_eq!(sort(header_of(&mail), structure), expected, "one pass or two, {shown} is the same");
        }
        match rules::read(&mail) {
            Reading::Notice(notice) => {
                compare(&shown, &notice, &expected);
                for structure in [Some(&structure), None] {
                    let asked = triage(header_of(&mail), structure);
                    assert_eq!(asked, Triage::Candidate, "{shown} is a notice, so it is a candidate");
                }
            }
            reading => {
                assert_eq!((expected.kind.as_str(), reading), ("ordinary", Reading::Ordinary), "{shown}")
            }
        }
    }
}

#[test]
fn other_line_ends_and_wrappings_are_read_the_same() {
    for path in mails() {
        let mail = std::fs::read(&path).expect("a test mail");
        if mail.contains(&b'\r') || mail.contains(&0) {
            continue;
        }
        let text = String::from_utf8_lossy(&mail).into_owned();
        if text.as_bytes() != mail.as_slice() {
            continue;
        }
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(
            rules::read(text.as_bytes()),
            rules::read(crlf.as_bytes()),
            "{} with CRLF",
            path.display()
        );
        let mbox = format!("From MAILER-DAEMON Tue Nov 14 22:20:00 2023\n{text}");
        assert_eq!(
            rules::read(text.as_bytes()),
            rules::read(mbox.as_bytes()),
            "{} from an mbox",
            path.display()
        );
    }
}

/// What is read of a mail, without what it was recognised by.
fn told(reading: Reading) -> Option<(Notice, bool)> {
    let Reading::Notice(notice) = reading else { return None };
    let doubtful = notice.doubtful;
    Some((Notice { recognised_by: String::new(), doubtful: false, ..*notice }, doubtful))
}

#[test]
fn each_rule_is_needed_by_a_test_mail() {
    let mails: Vec<Vec<u8>> = mails().iter().map(|path| std::fs::read(path).expect("a test mail")).collect();
    let with = |rules: &Rules| -> Vec<_> { mails.iter().map(|mail| told(rules.read(mail))).collect() };
    let all = with(&Rules::built_in());
    let mut needless = Vec::new();
    for about in Rules::built_in().list() {
        let text = format!("[[rule]]\nid = \"{}\"\noff = true\n", about.id);
        let (others, problems) = Rules::with_files(&[RuleFile { name: "off.toml".into(), text }]);
        assert_eq!(problems, [], "{} can be taken away", about.id);
        if with(&others) == all {
            needless.push(about.id.clone());
        }
    }
    assert!(needless.is_empty(), "no test mail is read otherwise without the rules {needless:?}");
}
