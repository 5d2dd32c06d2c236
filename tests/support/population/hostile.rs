//! Mails that no program should fall over.

use super::letter::crlf;
use crate::mail::Mail;

const HEAD: &str = "From: MAILER-DAEMON@hostile.example\nTo: ada@example.org\nSubject: Returned mail\n\
                    Message-ID: <hostile@hostile.example>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n";

/// Malformed and oversized mails with their names; `long_line` is the length in octets of the longest line.
pub fn hostile(when: i64, long_line: usize) -> Vec<(&'static str, Mail)> {
    let mail = |octets: Vec<u8>| Mail::new(octets, when);
    let mut nested = HEAD.to_owned();
    for depth in 0..10_000 {
        nested.push_str(&format!("Content-Type: multipart/mixed; boundary=\"b{depth}\"\n\n--b{depth}\n"));
    }
    let mut matryoshka = HEAD.to_owned();
    for _ in 0..2_000 {
        matryoshka.push_str("Content-Type: message/rfc822\n\nSubject: inner\n");
    }
    let mut wide = format!("{HEAD}Content-Type: multipart/report; boundary=\"b\"\n\n");
    for _ in 0..10_000 {
        wide.push_str("--b\nContent-Type: message/delivery-status\n\nAction: failed\n\n");
    }
    let mut line = crlf(&format!("{HEAD}Content-Type: text/plain\n\n"));
    line.resize(line.len() + long_line, b'x');
    let mut nul = crlf(&format!("{HEAD}\nabc\n"));
    nul.extend_from_slice(b"\0\0\r\n\0");
    vec![
        ("a line of many megabytes", mail(line)),
        ("10,000 nested parts", mail(crlf(&nested))),
        ("2,000 messages in messages", mail(crlf(&matryoshka))),
        ("10,000 parts side by side", mail(crlf(&wide))),
        (
            "a header of a megabyte",
            mail(crlf(&format!("{HEAD}References: {}\n\nx\n", "<a@b.example> ".repeat(75_000)))),
        ),
        ("20,000 header fields", mail(crlf(&format!("{HEAD}{}\nx\n", "X-Field: y\n".repeat(20_000))))),
        ("a NUL octet", mail(nul)),
        ("no header", mail(b"\r\nnothing but a body\r\n".to_vec())),
        ("no body", mail(crlf(HEAD))),
        ("nothing but line ends", mail(b"\r\n\r\n\r\n".to_vec())),
        ("no line end", mail(b"From MAILER-DAEMON".to_vec())),
        ("bare line feeds", mail(format!("{HEAD}\nline\nline\n").into_bytes())),
        (
            "octets that are no text",
            mail(
                [HEAD.replace('\n', "\r\n").as_bytes(), b"Subject: \xff\xfe\x80\r\n\r\n\xc3\x28\r\n"]
                    .concat(),
            ),
        ),
        (
            "a boundary that never comes",
            mail(crlf(&format!("{HEAD}Content-Type: multipart/report; boundary=\"never\"\n\nx\n"))),
        ),
        ("an id without end", mail(crlf(&format!("{HEAD}In-Reply-To: <{}\n\nx\n", "a".repeat(70_000))))),
    ]
}
