//! A flood's reports: 200 mails of 40 servers, on a real Postfix that wants STARTTLS and a password and takes no long mail.

use std::collections::{BTreeMap, BTreeSet};

use agent::api::{Request, Response};
use agent::clock::Clock;
use agent::report::Order;
use it::mail::Mail;
use it::postfix::Setup;
use it::{Postfix, Rig, date};
use rules::MessageId;
use rules::sent::{SentAs, SentMail as _};

use super::{bounce, mailbox, on_mailbox, reports, run};

const SERVERS: u32 = 40;
const MAILS: u32 = 200;
/// So many may be sent in an hour here.
const HOURLY: usize = 25;

/// A clock that is so many seconds ahead.
fn ahead(seconds: i64) -> Clock {
    Clock::telling(move || agent::clock::now().plus(seconds))
}

/// Sends what is due by a clock, until nothing more is.
async fn send(rig: &Rig, clock: Clock) -> u64 {
    let running = rig.engine_by(clock).await.expect("the engine opens");
    let mut all = 0;
    loop {
        let Response::Changed(sent) = running.ask(Request::ReportsSend).await.expect("it is sent") else {
            panic!("it is told how many were sent")
        };
        all += sent.done;
        if sent.done == 0 {
            return all;
        }
    }
}

/// What is attached, with the line ends of mail.
fn attached(report: &[u8]) -> String {
    let text = String::from_utf8_lossy(report);
    let (_, behind) =
        text.split_once("Content-Transfer-Encoding: 8bit\n\nReturn-Path").expect("an attachment");
    let (notice, _) = behind.rsplit_once("\n--neversent-").expect("its end");
    format!("Return-Path{notice}").replace('\n', "\r\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_mails_of_forty_servers() {
    let dovecot = mailbox();
    let setup = Setup { size_limit: 60_000, ..Setup::default() };
    let postfix = Postfix::start(&dovecot, &setup).expect("Postfix starts");
    let more = format!("hourly = {HOURLY}\n");
    let (rig, now) = (on_mailbox(dovecot, postfix.smtp_toml(), &more), date::now() - 3_600);
    let mails: Vec<Mail> = (0..MAILS)
        .map(|number| {
            let mail = bounce(number, &format!("192.0.2.{}", number % SERVERS + 1), now + i64::from(number));
            // One returns a mail of 32 MB, another one beyond ASCII.
            let more = match number {
                3 => "A long line of what came back.\r\n".repeat(1_000_000),
                4 => "Grüße von anderswo.\r\n.\r\n..zwei Punkte\r\n".to_owned(),
                _ => return mail,
            };
            let text = String::from_utf8_lossy(&mail.bytes).replace("\r\n--b--", &format!("\r\n{more}--b--"));
            Mail::new(text.into_bytes(), mail.internal_date)
        })
        .collect();
    rig.server.put("INBOX", mails).expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, MAILS, "all are backscatter");
    let waiting = reports(&rig).await;
    assert_eq!(waiting.len(), SERVERS as usize, "one for each server: {waiting:?}");
    let others: BTreeSet<u32> = waiting.iter().map(|report| report.others).collect();
    assert_eq!(others, [MAILS / SERVERS - 1].into(), "the others of each are counted");
    // By filter: all but one server's, and that one by name.
    let (code, text) =
        run(&rig, &["reports", "approve", "--server", "shop.example", "--state", "waiting"]).await;
    assert!(code == Some(0) && text.contains("40 reports approved"), "{text}");
    let (_, text) = run(&rig, &["reports", "undo", "--server", "192.0.2.40"]).await;
    assert!(text.contains("1 report waiting again"), "{text}");
    assert_eq!(send(&rig, Clock::system()).await, HOURLY as u64, "no more in an hour");
    assert_eq!(send(&rig, ahead(3_000)).await, 0, "nor before it is over");
    assert_eq!(
        send(&rig, ahead(3_700)).await,
        u64::from(SERVERS) - 1 - HOURLY as u64,
        "the rest in the next"
    );
    let kept = postfix.until_kept(SERVERS as usize - 1).await.expect("they arrive");
    assert_eq!(kept.len(), SERVERS as usize - 1, "each once, and not the one that was taken back");
    check_attachments(&rig, &kept).await;
    check_copies(&rig, &kept).await;
}

/// Each is a mail of the quarantine, octet for octet, or the beginning of one and a mark.
async fn check_attachments(rig: &Rig, kept: &[Vec<u8>]) {
    let mut bare = rig.server.bare().await.expect("a connection");
    let uids = bare.examine("Never Sent").await.expect("the folder");
    let quarantined: BTreeMap<String, Mail> = bare
        .mails(&uids)
        .await
        .expect("the mails")
        .into_iter()
        .filter_map(|(_, mail)| Some((mail.message_id()?, mail)))
        .collect();
    let (mut whole, mut cut) = (0, 0);
    for report in kept {
        let attached = attached(report);
        assert!(report.len() < 51_000, "{} octets, with the lines of two servers, are sent", report.len());
        let id = Mail::new(attached.clone().into_bytes(), 0).message_id().expect("an id");
        let mail = quarantined.get(&id).expect("a mail of the quarantine");
        match attached.strip_suffix("[the rest was left out by Neversent: it is too long]\r\n") {
            Some(beginning) => {
                cut += 1;
                assert!(mail.bytes.starts_with(beginning.as_bytes()), "an exact beginning");
                assert!(beginning.len() > 48_000, "as much as there is room for: {}", beginning.len());
            }
            None => {
                whole += 1;
                let copy = Mail::new(attached.into_bytes(), mail.internal_date);
                assert_eq!(copy.digest(), mail.digest(), "the same octets by their hash: {id}");
            }
        }
    }
    assert_eq!((whole, cut), (SERVERS as usize - 2, 1), "one was too long");
}

/// A copy of each is in the folder of sent mail, and its id is known.
async fn check_copies(rig: &Rig, kept: &[Vec<u8>]) {
    let id = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("Message-ID: <").map(str::to_owned));
        line.map(|line| line.trim_end().trim_end_matches('>').to_owned())
    };
    let sent: BTreeSet<String> = kept.iter().filter_map(|mail| id(mail)).collect();
    let mut bare = rig.server.bare().await.expect("a connection");
    let uids = bare.examine("Sent").await.expect("the folder");
    let copies = bare.mails(&uids).await.expect("the mails");
    let copied: BTreeSet<String> = copies.iter().filter_map(|(_, mail)| id(&mail.bytes)).collect();
    assert!(sent.is_subset(&copied), "every report has its copy");
    let known: BTreeSet<String> =
        reports(rig).await.into_iter().filter_map(|report| report.message_id).collect();
    assert_eq!(known, sent, "and is known by its id");
    // In the index itself, by which a bounce of theirs is genuine; not what was taken back.
    let running = rig.engine().await.expect("the engine opens");
    let store = &running.engine.shared().store;
    let in_index = |id: &str| store.sent(&MessageId::new(id).expect("an id")).expect("the index is read");
    for id in &sent {
        assert!(matches!(in_index(id), Some(SentAs::Report(_))), "a report of ours: {id}");
    }
    assert_eq!(in_index("no-such-report@example.org"), None, "nothing else is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_bounce_of_a_report_is_genuine() {
    let dovecot = mailbox();
    let setup = Setup { failing: vec!["^submit\\..*@spam\\.spamcop\\.net$".to_owned()], ..Setup::default() };
    let postfix = Postfix::start(&dovecot, &setup).expect("Postfix starts");
    let (rig, now) = (on_mailbox(dovecot, postfix.smtp_toml(), ""), date::now() - 3_600);
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let running = rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("it watches");
    let Response::Reports(waiting) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let ids = waiting.iter().map(|report| report.id.clone()).collect();
    let mut watched = watched;
    running.ask(Request::ReportsOrder { ids, order: Order::Approve }).await.expect("it is approved");
    let genuine = |event: &agent::api::Event| matches!(event, agent::api::Event::Judged { verdict: agent::api::VerdictName::Genuine, rule, .. } if rule == "own_report");
    watched
        .until(std::time::Duration::from_secs(60), genuine)
        .await
        .expect("Postfix returns it, and it is known");
    let refused = |event: &agent::api::Event| matches!(event, agent::api::Event::Report { state, .. } if state == "refused");
    watched.until(std::time::Duration::from_secs(30), refused).await.expect("its report ends with it");
    let Response::Reports(after) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let why = after[0].why.clone().unwrap_or_default();
    assert!(after[0].state == "refused" && why.contains("it came back"), "the report says so: {after:?}");
    watched.end().await.expect("the agent ends");
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    let in_inbox = snapshot.folder("INBOX").count();
    assert!(in_inbox >= 1, "the bounce stays where it is");
    assert_eq!(snapshot.folder("Never Sent").count(), 1, "only the first notice is there");
}
