//! Any bytes are read in bounded time, without a panic, and twice the same.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rules::{
    Reading, Triage,
    read::{media_types, read, read_ordinary_headers, read_sent_headers},
    triage::{Structure, triage},
};

fn ask_all(mail: &[u8]) {
    let reading = read(mail);
    assert_eq!(reading, read(mail), "the same answer twice");
    let structure = Structure { media_types: media_types(mail) };
    for asked in [triage(mail, Some(&structure)), triage(mail, None)] {
        assert!(
            !matches!(reading, Reading::Notice(_)) || asked == Triage::Candidate,
            "a notice is a candidate"
        );
    }
    assert_eq!(read_ordinary_headers(mail), read_ordinary_headers(mail), "the same answer twice");
    assert_eq!(read_sent_headers(mail), read_sent_headers(mail), "the same answer twice");
}

/// Pieces of which hostile mail is made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&'static str> = vec![
        "Return-Path: <>\n",
        "From: MAILER-DAEMON@a.example\n",
        "Subject: failure notice\n",
        "Subject: =?utf-8?B?4pyT?= =?x?Q?=\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        "Content-Type: multipart/mixed; boundary=\"b\"\n",
        "Content-Type: message/delivery-status\n",
        "Content-Type: message/rfc822\n",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: quoted-printable\n",
        "Message-ID: <a@b.example>\n",
        "Message-ID: <\"(\n",
        "In-Reply-To: ((<x@y>\n",
        "Received: from a (b [192.0.2.1]) by c for <d@e>; Tue, 14 Nov 2023 22:13:20 +0000\n",
        "Date: 31 Foo 99999 99:99:99 +9999\n",
        "Final-Recipient: utf-8; \\x{110000}@b\n",
        "Status: 5.99999.1\n",
        "Action: failed\n",
        "Reporting-MTA: dns; \n",
        "--b\n",
        "--b--\n",
        "\n",
        "\r\n",
        "\r",
        " folded\n",
        "> Received: from x\n",
        "To: a@b, c@d, (\n",
        "=?",
        "=\n",
        "\0",
        ":",
        "<",
        "\u{feff}",
    ];
    prop_oneof![
        4 => prop::sample::select(known).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(mail in prop::collection::vec(any::<u8>(), 0..600)) {
        ask_all(&mail);
    }

    #[test]
    fn any_mix_of_known_pieces_is_read(pieces in prop::collection::vec(piece(), 0..40)) {
        ask_all(&pieces.concat());
    }
}

#[test]
fn monsters_are_read_in_bounded_time() {
    let report = "Return-Path: <>\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n";
    let monsters: Vec<(&str, Vec<u8>)> = vec![
        ("100 MB in one line", [report.as_bytes(), b"\n", &vec![b'a'; 100_000_000]].concat()),
        ("a header of 1 MB", format!("{report}X-Long: {}\n\nbody\n", "x".repeat(1_000_000)).into_bytes()),
        ("a subject of 1 MB", format!("Subject: {}\n\nbody\n", "=?utf-8?Q?a".repeat(100_000)).into_bytes()),
        ("an id of 1 MB", format!("{report}In-Reply-To: {}\n\nbody\n", "<(\"".repeat(300_000)).into_bytes()),
        ("200,000 headers", format!("{report}{}\nbody\n", "X-A: b\n".repeat(200_000)).into_bytes()),
        (
            "200,000 addresses",
            format!("{report}To: {}\n\nbody\n", "a@b.example, ".repeat(200_000)).into_bytes(),
        ),
        (
            "10,000 nested multiparts",
            nested(10_000, |n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")),
        ),
        ("10,000 nested mails", nested(10_000, |_| "Content-Type: message/rfc822\n\n".to_owned())),
        (
            "100,000 parts without an end",
            [report, "Content-Type: multipart/mixed; boundary=b\n\n", &"--b\nX".repeat(100_000)]
                .concat()
                .into_bytes(),
        ),
        (
            "500,000 lines of text",
            format!("{report}\n{}", "could not be delivered <a@b.example>: 550 5.1.1\n".repeat(300_000))
                .into_bytes(),
        ),
        (
            "500,000 header lines in text",
            format!("{report}\n{}", "Received: from x\n".repeat(500_000)).into_bytes(),
        ),
        (
            "500,000 broken headers in text",
            format!("{report}\n{}", "X-A: b\nx\n".repeat(300_000)).into_bytes(),
        ),
        (
            "nested HTML",
            format!("{report}Content-Type: text/html\n\n{}", "<div>".repeat(1_000_000)).into_bytes(),
        ),
        ("200,000 recipients", {
            let block =
                "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n".repeat(20_000);
            let head =
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\n";
            format!("{report}{head}Content-Type: message/delivery-status\n\n{block}--b--\n").into_bytes()
        }),
    ];
    for (what, mail) in monsters {
        let begun = now();
        let _ = read(&mail);
        let _ = triage(&mail, None);
        let _ = read_sent_headers(&mail);
        let _ = read_ordinary_headers(&mail);
        let took = begun.elapsed();
        println!("{what}: {took:?}");
        // A square of these sizes would take hours; the limit leaves room for slow machines and debug builds.
        assert!(took < Duration::from_secs(60), "{what} took {took:?}");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test measures time; the crate does not")]
fn now() -> Instant {
    Instant::now()
}

fn nested(levels: usize, level: impl Fn(usize) -> String) -> Vec<u8> {
    let mut mail = "Return-Path: <>\nFrom: MAILER-DAEMON@a.example\n".to_owned();
    for n in 0..levels {
        mail.push_str(&level(n));
    }
    mail.into_bytes()
}
