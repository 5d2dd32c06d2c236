//! What servers say when they refuse a mail is put into its class.

use rules::{Reading, Reason};
use serde::Deserialize;

#[derive(Deserialize)]
struct All {
    said: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    reason: Reason,
    replies: Vec<String>,
}

/// A report with this Diagnostic-Code, and a status only where the reply gives one.
fn report(reply: &str) -> String {
    let status = if reply.starts_with('4') { "4.0.0" } else { "5.0.0" };
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.home.example\nTo: ada@victim.example\nSubject: Undelivered\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.home.example\n\nFinal-Recipient: rfc822; bea@far.example\nAction: failed\n\
         Status: {status}\nDiagnostic-Code: smtp; {reply}\n\n--b--\n"
    )
}

fn text(reply: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.home.example\nTo: ada@victim.example\nSubject: failure notice\n\n\
         Your mail came back.\n\n<bea@far.example>:\n{reply}\n"
    )
}

#[test]
fn what_servers_say_is_put_into_its_class() {
    let all: All = toml::from_str(include_str!("../testdata/reasons.toml")).expect("a valid list");
    let mut wrong = Vec::new();
    for Said { reason, replies } in all.said {
        for reply in replies {
            for (form, mail) in [("report", report(&reply)), ("text", text(&reply))] {
                let found = match rules::read(mail.as_bytes()) {
                    Reading::Notice(notice) => notice.reason,
                    _ => None,
                };
                if found != Some(reason) {
                    wrong.push(format!("{form}: {reply}: {reason:?}, is {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are put elsewhere:\n{}", wrong.len(), wrong.join("\n"));
}
