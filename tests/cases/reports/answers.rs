//! The whole way from a click to Done, against a real Postfix and a stand-in for SpamCop; and everything that it can answer
//! instead, late, twice, in another order, in somebody else's name.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use agent::api::ReportView;
use it::postfix::Setup;
use it::spamcop::Mood;
use it::{Mail, Postfix, Rig, SpamCop, date};

use super::{bounce, mailbox, on_mailbox, reports, run};

/// An account that sends by a Postfix, with `count` mails in quarantine, each from its own server.
async fn account(count: u32, more: &str) -> (Rig, Postfix) {
    let dovecot = mailbox();
    let postfix = Postfix::start(&dovecot, &Setup::default()).expect("Postfix starts");
    let (rig, now) = (on_mailbox(dovecot, postfix.smtp_toml(), more), date::now() - 3_600);
    let mails: Vec<Mail> = (1..=count)
        .map(|number| bounce(number, &format!("192.0.2.{number}"), now + i64::from(number)))
        .collect();
    rig.server.put("INBOX", mails).expect("they come in");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, count, "all are backscatter: {summary:?}");
    (rig, postfix)
}

/// Sends all that wait, and returns them as they arrived at SpamCop, in the order of the servers that they are about.
async fn send_all(rig: &Rig, postfix: &Postfix, count: usize) -> Vec<Vec<u8>> {
    let (code, text) = run(rig, &["reports", "approve", "--waiting"]).await;
    assert_eq!(code, Some(0), "{text}");
    let (_, text) = run(rig, &["reports", "send"]).await;
    assert!(text.contains(&format!("{count} report")), "all are sent: {text}");
    let mut kept = postfix.until_kept(count).await.expect("they arrive");
    kept.sort_by_key(|mail| about(mail));
    kept
}

/// The number of the server that a report is about.
fn about(report: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(report);
    let (_, behind) = text.split_once("[192.0.2.").expect("a server");
    behind.split_once(']').and_then(|(number, _)| number.parse().ok()).expect("a number")
}

/// Has the agent look until so many mails of SpamCop's are in the inbox, and once more.
async fn look(rig: &Rig, answers: usize) {
    let began = Instant::now();
    loop {
        let mut bare = rig.server.bare().await.expect("a connection");
        let uids = bare.examine("INBOX").await.expect("the folder");
        let mails = bare.mails(&uids).await.expect("the mails");
        let from_spamcop =
            |mail: &Mail| String::from_utf8_lossy(&mail.bytes).contains("From: SpamCop AutoResponder");
        if mails.iter().filter(|(_, mail)| from_spamcop(mail)).count() >= answers {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "the answers arrive");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!((summary.moved, summary.genuine), (0, 0), "SpamCop's mail is no notice: {summary:?}");
}

/// The report about a server.
async fn of_server(rig: &Rig, number: u32) -> ReportView {
    let ip = format!("192.0.2.{number}");
    let all = reports(rig).await;
    all.into_iter().find(|report| report.server.is_some_and(|it| it.to_string() == ip)).expect("a report")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_click_to_done() {
    let (rig, postfix) = account(1, "").await;
    let sent = send_all(&rig, &postfix, 1).await;
    let report = of_server(&rig, 1).await;
    assert!(report.why.is_some_and(|why| why.contains("sends you a link")), "it is said what comes next");
    let mut spamcop = SpamCop::default();
    spamcop.reply(&postfix, &sent[0], Mood::Accepts).await.expect("it answers");
    look(&rig, 1).await;
    let report = of_server(&rig, 1).await;
    let link = SpamCop::link(1);
    assert_eq!(report.state, "needs_confirmation", "{report:?}");
    assert_eq!(report.link.as_ref().map(ToString::to_string), Some(link.clone()), "its page");
    let (_, printed) = run(&rig, &["reports", "open", &report.id.0, "--print"]).await;
    assert_eq!(
        (printed.trim(), of_server(&rig, 1).await.opened),
        (link.as_str(), None),
        "nothing is opened by that"
    );
    // The desktop's way to the browser, which writes down what it is given.
    let desktop = tempfile::tempdir().expect("a folder");
    let (browser, opened) = (desktop.path().join("xdg-open"), desktop.path().join("opened"));
    std::fs::write(&browser, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", opened.display()))
        .expect("it is written");
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("{}:{}", desktop.path().display(), std::env::var("PATH").expect("a path"));
    let output =
        rig.program(&["reports", "open", &report.id.0]).env("PATH", path).output().await.expect("it runs");
    assert!(output.status.success(), "{output:?}");
    let began = Instant::now();
    while !std::fs::read_to_string(&opened).is_ok_and(|text| text.contains('\n')) {
        assert!(began.elapsed() < Duration::from_secs(10), "the browser is started");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let shown = std::fs::read_to_string(&opened).expect("it was opened");
    assert_eq!(shown.lines().collect::<Vec<_>>(), [link.as_str()], "SpamCop's page, once");
    let report = of_server(&rig, 1).await;
    assert!(
        report.opened.is_some() && report.state == "needs_confirmation",
        "opened is not done: {report:?}"
    );
    let (code, text) = run(&rig, &["reports", "done", "--opened"]).await;
    assert!(code == Some(0) && text.contains("1 report done"), "{text}");
    assert_eq!(of_server(&rig, 1).await.state, "done", "by the user's word");
    // The same answer once more changes nothing.
    spamcop.reply(&postfix, &sent[0], Mood::Accepts).await.expect("it answers again");
    look(&rig, 2).await;
    assert_eq!(of_server(&rig, 1).await.state, "done", "it stays done");
    // What is put back after that is told of.
    let (_, text) = run(&rig, &["quarantine", "restore", &report.id.0]).await;
    assert!(text.contains("1 mail put back") && text.contains("had been reported already"), "{text}");
    assert_eq!(postfix.kept().expect("they are read").len(), 1, "nothing more was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_becomes_the_reports_state_with_what_to_do() {
    let cases = [
        (Mood::AddressBounced, "refused", "say there that your address works again"),
        (Mood::Mailhosts, "refused", "Mailhosts"),
        (Mood::NoSource, "refused", "no server in it"),
        (Mood::ReportedAlready, "done", "before"),
        (Mood::Quick, "done", "has reported it"),
        (Mood::QuickDisabled, "refused", "quick = true"),
        (Mood::New, "refused", "its answer in your inbox says why"),
        (Mood::TooBig, "refused", "too big"),
        (Mood::Unreadable, "refused", "could not read its header"),
    ];
    let count = u32::try_from(cases.len()).expect("few");
    // Two more, whose own octets SpamCop finds fault with.
    let (rig, postfix) = account(count + 2, "").await;
    let sent = send_all(&rig, &postfix, cases.len() + 2).await;
    let mut spamcop = SpamCop::default();
    for (report, (mood, ..)) in sent.iter().zip(cases) {
        spamcop.reply(&postfix, report, mood).await.expect("it answers");
    }
    let text = String::from_utf8(sent[cases.len()].clone()).expect("text");
    let (before, behind) = text.split_once("by mx.example.org with ESMTP; ").expect("a line of the mailbox");
    let (_, behind) = behind.split_once('\n').expect("its end");
    let late = format!("{before}by mx.example.org with ESMTP; Mon, 2 Nov 2026 10:00:00 +0000\n{behind}")
        .into_bytes();
    spamcop.reply(&postfix, &late, Mood::Accepts).await.expect("it answers");
    let text = String::from_utf8(sent[cases.len() + 1].clone()).expect("text");
    let (head, _) = text.split_once("\n\n--b\n").expect("a body");
    let (_, fence) = text.split_once("boundary=\"").expect("a boundary");
    let fence = fence.split('"').next().unwrap_or_default();
    let without_body = format!("{head}\n\n\n--{fence}--\n");
    spamcop.reply(&postfix, without_body.as_bytes(), Mood::Accepts).await.expect("it answers");
    look(&rig, cases.len() + 2).await;
    for (number, (mood, state, why)) in (1..).zip(cases) {
        let report = of_server(&rig, number).await;
        let said = report.why.clone().unwrap_or_default();
        assert!(report.state == state && said.contains(why), "{mood:?}: {report:?}");
    }
    for (number, why) in [(count + 1, "two days only"), (count + 2, "no text in it")] {
        let report = of_server(&rig, number).await;
        assert!(
            report.state == "refused" && report.why.clone().is_some_and(|said| said.contains(why)),
            "{report:?}"
        );
    }
    // What was mended is sent once more, on the user's word alone.
    let bounced = of_server(&rig, 1).await;
    let (_, text) = run(&rig, &["reports", "send"]).await;
    assert!(text.contains("0 reports sent"), "not by itself: {text}");
    let (code, text) = run(&rig, &["reports", "approve", &bounced.id.0]).await;
    assert_eq!(code, Some(0), "{text}");
    let (_, text) = run(&rig, &["reports", "send"]).await;
    assert!(text.contains("1 report sent"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_doubled_exchanged_and_forged_answers_show_nothing_false() {
    let (rig, postfix) = account(4, "").await;
    let sent = send_all(&rig, &postfix, 4).await;
    let mut spamcop = SpamCop::default();
    let mut answers = Vec::new();
    for report in &sent {
        answers.push(spamcop.answer(report, Mood::Accepts).expect("it answers"));
    }
    let deliver = async |answer: &[u8]| {
        postfix.deliver("x@devnull.spamcop.net", "ada@example.org", answer).await.expect("it comes in");
    };
    let altered = |answer: &[u8], what: &str, with: &str| {
        let text = String::from_utf8(answer.to_vec()).expect("text");
        assert!(text.contains(what), "{what} in {text}");
        text.replace(what, with).into_bytes()
    };
    // The last first, twice.
    for answer in [&answers[3], &answers[1], &answers[3]] {
        deliver(answer).await;
    }
    // In SpamCop's name, for a report that it knows nothing of; with a link that leads elsewhere; of another user's report.
    let id = of_server(&rig, 1).await.message_id.expect("an id");
    deliver(&altered(&answers[0], &id, "guessed@example.org")).await;
    deliver(&altered(&answers[0], "https://www.spamcop.net/", "https://www.spamcop.net.evil.example/")).await;
    let errors = altered(&answers[2], "has accepted 1 email for processing", "has encountered errors");
    let third = of_server(&rig, 3).await.message_id.expect("an id");
    deliver(&altered(&errors, &third, "somebody.elses@example.net")).await;
    look(&rig, 6).await;
    for (number, expected) in [
        (1, ("sent", None)),
        (2, ("needs_confirmation", Some(SpamCop::link(2)))),
        (3, ("sent", None)),
        (4, ("needs_confirmation", Some(SpamCop::link(4)))),
    ] {
        let report = of_server(&rig, number).await;
        let found = (report.state.as_str(), report.link.as_ref().map(ToString::to_string));
        assert_eq!(found, expected, "each has its own: {report:?}");
    }
    // An error that comes before the acceptance is overtaken by it, and one that comes after it is not believed.
    let mut unsure = SpamCop::default();
    unsure.reply(&postfix, &sent[2], Mood::New).await.expect("it answers");
    look(&rig, 7).await;
    assert_eq!(of_server(&rig, 3).await.state, "refused", "so far");
    deliver(&answers[2]).await;
    unsure.reply(&postfix, &sent[1], Mood::New).await.expect("it answers");
    look(&rig, 9).await;
    assert_eq!(of_server(&rig, 3).await.state, "needs_confirmation", "it has a page");
    assert_eq!(of_server(&rig, 2).await.state, "needs_confirmation", "its page is still there");
    // One that quotes nothing tells of no report, though but one waits for an answer: its link is shown by itself, if the
    // provider says that it is SpamCop's.
    let silent = spamcop.answer(&sent[0], Mood::AcceptsWithoutQuoting).expect("it answers");
    let stranger = spamcop.answer(&sent[0], Mood::AcceptsWithoutQuoting).expect("it answers");
    deliver(&altered(
        &stranger,
        "Authentication-Results: mx.example.org",
        "Authentication-Results: mx.evil.example",
    ))
    .await;
    deliver(&silent).await;
    look(&rig, 11).await;
    assert_eq!(of_server(&rig, 1).await.state, "sent", "nobody knows whose it is");
    let (_, list) = run(&rig, &["reports", "list"]).await;
    assert!(list.contains("not known for which report") && list.contains(&SpamCop::link(5)), "{list}");
    assert!(!list.contains(&SpamCop::link(6)), "not what a stranger vouches for: {list}");
    assert_eq!(postfix.kept().expect("they are read").len(), 4, "nothing was sent twice");
}
