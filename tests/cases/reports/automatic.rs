//! What is reported without the user's word: only what more than a missing id has condemned, only bounces and challenges, only
//! after two hours; told once a day, and stopped when a mail server finds fault with it.

use agent::api::{Event, ReportView, Request, Response};
use agent::clock::Clock;
use agent::report::Order;
use it::population::people::ADDRESS;
use it::postfix::Setup;
use it::{Mail, MailServer, Postfix, Rig, date};

use super::super::storm::{Returned, returned};
use super::{altered, answering, bounce, mailbox, reporting_as};

const HOUR: i64 = 3_600;

fn ahead(seconds: i64) -> Clock {
    Clock::telling(move || agent::clock::now().plus(seconds))
}

/// Sends what is due by a clock; returns how many were sent, all reports, and what was told.
pub(super) async fn send(rig: &Rig, seconds: i64) -> (u64, Vec<ReportView>, Vec<Event>) {
    let running = rig.engine_by(ahead(seconds)).await.expect("the engine opens");
    let mut events = running.engine.events();
    let Response::Changed(sent) = running.ask(Request::ReportsSend).await.expect("it is tried") else {
        panic!("it is told how many were sent")
    };
    let Response::Reports(reports) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push(event);
    }
    (sent.done, reports, told)
}

/// A bounce that nothing but its missing id speaks against.
fn alone(number: u32, address: &str, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "Minutes of the last meeting",
        to: format!("nobody{number}@shop.example"),
        from: "unknown ([198.51.100.77])".to_owned(),
    };
    let line = format!(
        "Return-Path: <>\r\nReceived: from mx{number}.shop.example (mx{number}.shop.example [{address}]) by mx.example.org with \
         ESMTP; {}\r\n",
        date::header(when, 0)
    );
    altered(&returned(number, &original, when), "Return-Path: <>\r\n", &line)
}

/// An out-of-office reply to a mail of the storm.
fn reply(number: u32, address: &str, when: i64) -> Mail {
    let date = date::header(when, 0);
    let text = format!(
        "Return-Path: <>\r\nReceived: from mx{number}.office.example (mx{number}.office.example [{address}]) by mx.example.org \
         with ESMTP; {date}\r\nDate: {date}\r\nFrom: Bea <bea@office.example>\r\nTo: {ADDRESS}\r\nSubject: Automatic reply: An \
         offer to read\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <{number}.away@office.example>\r\n\r\nI am away.\r\n"
    );
    Mail::new(text.into_bytes(), when)
}

/// An account that reports by itself, with these mails come in and taken out.
async fn automatic(smtp: impl FnOnce(&it::Dovecot) -> String, mails: Vec<Mail>, moved: u32) -> Rig {
    let rig = stormy(smtp).await;
    rig.server.put("INBOX", mails).expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, moved, "they are backscatter, too");
    rig
}

/// An account that reports by itself, on which a storm was seen already.
pub(super) async fn stormy(smtp: impl FnOnce(&it::Dovecot) -> String) -> Rig {
    let dovecot = mailbox();
    let smtp = smtp(&dovecot);
    let rig = reporting_as("automatic", MailServer::Dovecot(dovecot), smtp, "");
    // A storm is known by three that came before.
    let early = date::now() - 2 * HOUR;
    rig.server
        .put("INBOX", (201..204).map(|number| bounce(number, "192.0.2.201", early)))
        .expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 3, "they are backscatter");
    rig
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_is_proved_is_reported_by_itself() {
    let now = date::now() - HOUR;
    let mails = vec![bounce(1, "192.0.2.1", now), alone(2, "192.0.2.2", now), reply(3, "192.0.2.3", now)];
    let mut server = None;
    let start = |dovecot: &it::Dovecot| {
        let postfix = Postfix::start(dovecot, &Setup::default()).expect("Postfix starts");
        let smtp = postfix.smtp_toml();
        server = Some(postfix);
        smtp
    };
    let rig = automatic(start, mails, 3).await;
    let postfix = server.expect("it is started");
    let (sent, reports, _) = send(&rig, 2 * HOUR - 300).await;
    let waiting = reports.iter().filter(|report| report.state == "waiting").count();
    assert_eq!((sent, waiting), (0, 4), "nothing before two hours in the quarantine: {reports:#?}");
    let (sent, reports, _) = send(&rig, 2 * HOUR + 60).await;
    let state = |ip: &str| {
        let of = reports.iter().find(|report| report.server.is_some_and(|it| it.to_string() == ip));
        of.map(|report| (report.state.as_str(), report.by_itself))
    };
    assert_eq!(state("192.0.2.1"), Some(("sent", true)), "the storm is a proof: {reports:#?}");
    assert_eq!(state("192.0.2.2"), Some(("waiting", false)), "a missing id alone is none");
    assert_eq!(state("192.0.2.3"), Some(("waiting", false)), "no automatic reply without the user's word");
    let kept = postfix.until_kept(usize::try_from(sent).expect("few")).await.expect("they arrive");
    assert_eq!(kept.len() as u64, sent, "and nothing else was sent");
    // Once a day it is told, by the next day's first look.
    let (_, _, told) = send(&rig, 26 * HOUR + 60).await;
    let digest = told.iter().find_map(|event| match event {
        Event::Digest { text } => Some(text.clone()),
        _ => None,
    });
    let digest = digest.expect("what was sent is told");
    assert!(digest.contains("sent to SpamCop by itself") && digest.contains("mx1.shop.example"), "{digest}");
    let (again, _, told) = send(&rig, 26 * HOUR + 120).await;
    assert!(!told.iter().any(|event| matches!(event, Event::Digest { .. })), "once: {told:?}");
    assert_eq!(again, 0, "and nothing is sent again");
    let printed = rig.program(&["reports", "digest"]).output().await.expect("it runs");
    assert!(String::from_utf8_lossy(&printed.stdout).contains(&digest), "{printed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_what_it_holds_ends_it_until_the_user_looks() {
    let port = answering(&[("DATA", "554 5.7.1 this looks like spam")]).await;
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, security = \"none\" }}");
    let now = date::now() - HOUR;
    let mails = (1..5).map(|number| bounce(number, &format!("192.0.2.{number}"), now)).collect();
    let rig = automatic(|_| smtp, mails, 4).await;
    let (sent, reports, told) = send(&rig, 3 * HOUR).await;
    let count = |reports: &[ReportView], state: &str| reports.iter().filter(|it| it.state == state).count();
    assert_eq!((sent, count(&reports, "refused")), (0, 1), "one is tried: {reports:#?}");
    let error = |event: &Event| matches!(event, Event::Error { text, .. } if text.contains("no more are sent by themselves"));
    assert!(told.iter().any(error), "and it is told: {told:?}");
    let (_, reports, _) = send(&rig, 4 * HOUR).await;
    assert_eq!(count(&reports, "refused"), 1, "no other is tried: {reports:#?}");
    assert_eq!(count(&reports, "approved"), 0, "they wait for the user: {reports:#?}");
    let running = rig.engine_by(ahead(4 * HOUR)).await.expect("the engine opens");
    let refused = reports.iter().find(|report| report.state == "refused").expect("one is");
    let request = Request::ReportsOrder { ids: vec![refused.id.clone()], order: Order::Approve };
    let Response::Changed(done) = running.ask(request).await.expect("an answer") else {
        panic!("it is told what was done")
    };
    assert_eq!(done.done, 1, "whoever looks may try again");
}
