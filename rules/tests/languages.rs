//! Automatic replies and bounces are recognised in each language, however their Subject is written.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it found, and may fail")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rules::{Kind, Reading, Triage};
use serde::Deserialize;

#[derive(Deserialize)]
struct Languages {
    language: Vec<Language>,
}

#[derive(Deserialize)]
struct Language {
    name: String,
    auto_reply: Reply,
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
struct Reply {
    prefix: String,
    sure: bool,
}

#[derive(Deserialize)]
struct Bounce {
    subject: String,
    sure: bool,
}

/// Encoded words of a Subject (RFC 2047), each of a few characters: none may end within one.
fn encoded(subject: &str, word: impl Fn(&str) -> String) -> String {
    let chars: Vec<char> = subject.chars().collect();
    let words: Vec<String> = chars.chunks(9).map(|some| word(&some.iter().collect::<String>())).collect();
    words.join("\n ")
}

fn quoted(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b' ' => "_".to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        other => format!("={other:02X}"),
    });
    format!("=?utf-8?Q?{}?=", bytes.collect::<String>())
}

fn base64(text: &str) -> String {
    format!("=?UTF-8?B?{}?=", STANDARD.encode(text))
}

/// The ways in which mail programs write a Subject.
fn forms(subject: &str) -> [String; 3] {
    [subject.to_owned(), encoded(subject, quoted), encoded(subject, base64)]
}

fn languages() -> Vec<Language> {
    let all: Languages = toml::from_str(include_str!("../testdata/languages.toml")).expect("a valid list");
    all.language
}

fn assert_read(mail: &str, kind: Kind, sure: bool, what: &str) {
    let header = mail.split_inclusive("\n\n").next().unwrap_or_default();
    assert_eq!(rules::triage(header.as_bytes(), None), Triage::Candidate, "{what} is a candidate");
    match rules::read(mail.as_bytes()) {
        Reading::Notice(notice) => {
            assert_eq!(notice.kind, kind, "the kind of {what}");
            assert_eq!(notice.doubtful, !sure, "whether {what} is sure");
            let id = notice.original.and_then(|original| original.ids.first().map(ToString::to_string));
            assert_eq!(id.as_deref(), Some("lunch-1@laptop.example.org"), "what {what} answers");
        }
        other => panic!("{what} is read as {other:?}"),
    }
}

#[test]
fn automatic_replies_are_recognised_in_each_language() {
    let languages = languages();
    assert!(languages.len() >= 30, "thirty languages at the least");
    for Language { name, auto_reply, .. } in languages {
        // What stands before the original's Subject: a colon, with a non-breaking blank before it, or a wide one.
        for colon in [": ", "\u{a0}: ", "：", " :"] {
            for subject in forms(&format!("{}{colon}Lunch", auto_reply.prefix)) {
                let mail = format!(
                    "Return-Path: <bea@friends.example>\nFrom: Bea <bea@friends.example>\nTo: ada@example.org\n\
                     Subject: {subject}\nMessage-ID: <away-1@friends.example>\n\
                     In-Reply-To: <lunch-1@laptop.example.org>\nMIME-Version: 1.0\n\
                     Content-Type: text/plain; charset=utf-8\n\n.\n"
                );
                assert_read(&mail, Kind::AutoReply, auto_reply.sure, &format!("{name}: {subject}"));
            }
        }
    }
}

#[test]
fn bounces_are_recognised_in_each_language() {
    let bounces = languages().into_iter().filter_map(|language| Some((language.name, language.bounce?)));
    let bounces: Vec<(String, Bounce)> = bounces.collect();
    assert!(bounces.len() >= 20, "so many are known");
    for (name, bounce) in bounces {
        for subject in forms(&bounce.subject) {
            let mail = format!(
                "Return-Path: <post@far.example>\nFrom: Post <post@far.example>\nTo: ada@example.org\n\
                 Subject: {subject}\nMessage-ID: <post-1@far.example>\nAuto-Submitted: auto-generated\n\
                 MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nbea@far.example\n\n\
                 Message-ID: <lunch-1@laptop.example.org>\nFrom: ada@example.org\nTo: bea@far.example\n\
                 Subject: Lunch\n"
            );
            assert_read(&mail, Kind::Bounce, bounce.sure, &format!("{name}: {subject}"));
        }
    }
}
