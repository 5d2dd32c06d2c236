//! What is approved is sent once and as it is; what must not be is not, whatever the server says.

use std::collections::BTreeSet;

use agent::api::{RecordId, ReportView, Request, Response};
use agent::report::{Order, SubmitCode};
use it::{Chasquid, Mail, Options, Rig, date};

use super::super::storm::{Returned, returned};
use super::{CODE, NEVER, answering, bounce, record_of, reporting, reports, run, sending_by};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_approved_is_sent_once_and_as_it_is() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, ""), date::now() - 3_600);
    // Two of one server and day, one of another.
    let mails =
        [bounce(1, "192.0.2.1", now), bounce(2, "192.0.2.1", now + 1), bounce(3, "192.0.2.3", now + 2)];
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, 3, "all are backscatter: {summary:?}");
    let waiting = reports(&rig).await;
    let found: Vec<(&str, u32)> =
        waiting.iter().map(|report| (report.state.as_str(), report.others)).collect();
    assert_eq!(found, [("waiting", 0), ("waiting", 1)], "one for each server: {waiting:?}");
    assert!(server.delivered().expect("mails").is_empty(), "nothing is sent without the user's word");
    let (code, text) = run(&rig, &["reports", "send"]).await;
    assert!(code == Some(0) && text.contains("0 reports sent"), "not even so: {text}");
    let (code, text) = run(&rig, &["reports", "discard", &waiting[0].id.0]).await;
    assert!(code == Some(0) && text.contains("1 report discarded"), "{text}");
    let (code, text) = run(&rig, &["reports", "undo", &waiting[0].id.0]).await;
    assert!(code == Some(0) && text.contains("waiting again"), "{text}");
    let (code, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(code == Some(0) && text.contains("2 reports approved"), "{text}");
    let (code, text) = run(&rig, &["reports", "send"]).await;
    assert!(code == Some(0) && text.contains("2 reports sent"), "{text}");
    let got = server.until_delivered(2).await.expect("they are delivered");
    let mut attached = BTreeSet::new();
    for mail in &got {
        let text = String::from_utf8(mail.clone()).expect("text");
        assert!(text.contains(&format!("To: {CODE}")), "to the user's own address there: {text}");
        let (_, behind) = text
            .split_once("Content-Transfer-Encoding: 8bit\r\n\r\nReturn-Path")
            .or_else(|| text.split_once("Content-Transfer-Encoding: 8bit\n\nReturn-Path"))
            .expect("the notice is attached");
        let (notice, _) = behind.rsplit_once("--neversent-").expect("the end of the attachment");
        let notice = format!("Return-Path{notice}").replace("\r\n", "\n");
        attached.insert(notice.trim_end().to_owned());
    }
    let whole: Vec<String> = mails
        .iter()
        .map(|mail| String::from_utf8_lossy(&mail.bytes).replace("\r\n", "\n").trim_end().to_owned())
        .collect();
    assert_eq!(attached, [whole[0].clone(), whole[2].clone()].into(), "each notice exactly");
    let (_, again) = run(&rig, &["reports", "send"]).await;
    assert!(again.contains("0 reports sent"), "none is sent twice: {again}");
    let sent = reports(&rig).await;
    assert!(sent.iter().all(|report| report.state == "sent"), "{sent:?}");
    check_copies(&rig, &sent).await;
    // A bounce of a report is the user's.
    let id = sent[0].message_id.clone().expect("an id");
    let own = Returned {
        id: Some(id),
        subject: "Backscatter",
        to: "submit@spam.spamcop.net".to_owned(),
        from: "unknown ([198.51.100.7])".to_owned(),
    };
    rig.server.put("INBOX", [returned(9, &own, date::now())]).expect("it comes in");
    let last = rig.once().await.expect("a run succeeds");
    assert_eq!((last.moved, last.genuine), (0, 1), "it stays: {last:?}");
    let (code, text) = run(&rig, &["reports", "discard", &sent[1].id.0]).await;
    assert!(code == Some(1) && text.contains("cannot be taken back"), "{text}");
    let returned =
        reports(&rig).await.into_iter().find(|report| report.id == sent[0].id).expect("it is there");
    assert!(returned.why.is_some_and(|why| why.contains("it came back")), "and its report says so");
}

/// A copy of each is in the folder of sent mail, and tells the secret address to nobody.
async fn check_copies(rig: &Rig, sent: &[ReportView]) {
    let mut bare = rig.server.bare().await.expect("a connection");
    let uids = bare.examine("Sent").await.expect("the folder");
    let mails = bare.mails(&uids).await.expect("the mails");
    for report in sent {
        let id = report.message_id.as_deref().expect("an id");
        let copy = mails.iter().find(|(_, mail)| mail.message_id().is_some_and(|it| it.contains(id)));
        let (_, copy) = copy.expect("a copy");
        let text = String::from_utf8_lossy(&copy.bytes).into_owned();
        assert!(!text.contains("AbCdEfGh"), "whoever reads it cannot report in the user's name: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_be_reported_is_not() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, false, "hourly = 1\n"), date::now() - 3_600);
    let old = bounce(4, "192.0.2.4", now - 3 * date::DAY);
    let own = {
        let mail = bounce(5, "192.0.2.5", now);
        let text = String::from_utf8_lossy(&mail.bytes)
            .replace("From: MAILER-DAEMON@mx5.shop.example", "From: MAILER-DAEMON@example.org");
        Mail::new(text.into_bytes(), now)
    };
    let list = {
        let mail = bounce(6, "192.0.2.6", now);
        let text = String::from_utf8_lossy(&mail.bytes).replacen(
            "\r\nDate: ",
            "\r\nList-Id: <x.lists.example>\r\nDate: ",
            1,
        );
        Mail::new(text.into_bytes(), now)
    };
    let fine = bounce(7, "192.0.2.7", now);
    let later = bounce(8, "192.0.2.8", now + 1);
    rig.server.put("INBOX", [old, own, list, fine, later]).expect("they come in");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, 5, "all are backscatter: {summary:?}");
    let (_, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(text.contains("3 reports approved"), "an old one and one of the own provider have none: {text}");
    for (number, why) in [(4, "more than two days ago"), (5, "Your own mail provider")] {
        let id = record_of(&rig, &format!("nobody{number}@shop.example")).await;
        let (_, shown) = run(&rig, &["reports", "show", &id]).await;
        assert!(shown.contains(why), "it is said why: {shown}");
        let (code, text) = run(&rig, &["reports", "approve", &id]).await;
        assert!(code == Some(1) && text.contains(why), "not even by the user's word: {text}");
    }
    // One is refused before it goes anywhere, of the others one is sent, and no more in this hour.
    for _ in 0..4 {
        let (code, text) = run(&rig, &["reports", "send"]).await;
        assert_eq!(code, Some(0), "{text}");
    }
    let all = reports(&rig).await;
    let state = |number: u32| {
        let of = format!("192.0.2.{number}");
        let report = all.iter().find(|report| report.server.is_some_and(|ip| ip.to_string() == of));
        report.map(|it| (it.state.as_str(), it.why.clone().unwrap_or_default())).expect("a report")
    };
    assert!(matches!(state(6), ("refused", why) if why.contains("mailing list")), "{all:?}");
    let mut states = [state(7), state(8)];
    states.sort();
    assert_eq!(
        states.clone().map(|(state, _)| state),
        ["approved", "sent"],
        "no more than is allowed: {all:?}"
    );
    assert!(states[0].1.contains("hourly"), "and it is said why the other waits: {all:?}");
    let got = server.until_delivered(1).await.expect("it is delivered");
    assert_eq!(got.len(), 1, "and that is all that was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_waited_for() {
    let mut server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, ""), date::now() - 3_600);
    server.stop().await.expect("it ends");
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let (_, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(text.contains("1 report approved"), "{text}");
    let (code, text) = run(&rig, &["reports", "send"]).await;
    assert!(code == Some(0) && text.contains("0 reports sent"), "nothing is lost by it: {text}");
    let all = reports(&rig).await;
    let why = all[0].why.as_deref().unwrap_or_default();
    assert!(
        all[0].state == "approved" && why.contains("cannot be reached"),
        "it waits and says why: {all:?}"
    );
    let id = all[0].id.0.clone();
    let (code, text) = run(&rig, &["quarantine", "restore", &id]).await;
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(reports(&rig).await[0].state, "withdrawn", "what is put back is not reported");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_agent_sends_what_is_approved() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, ""), date::now() - 3_600);
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let running = rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("it watches");
    let Response::Reports(waiting) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let ids = waiting.iter().map(|report| report.id.clone()).collect();
    let order = Request::ReportsOrder { ids, order: Order::Approve };
    running.ask(order).await.expect("it is approved");
    assert_eq!(server.until_delivered(1).await.expect("it is delivered").len(), 1, "at once");
    watched.end().await.expect("the agent ends");
}

/// How many mails are in the folder of sent mail.
async fn in_sent(rig: &Rig) -> usize {
    rig.server.snapshot().await.expect("a snapshot").folder("Sent").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_has_its_end() {
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);
    let cases: [Case; 14] = [
        (&[("AUTH", "535 5.7.8 no")], "approved", "sign-in", "a password can be corrected"),
        (&[("EHLO", "421 4.3.2 closing")], "approved", "", "it goes away at once"),
        (&[("RCPT", "451 4.7.1 later")], "approved", "try again later", "greylisting"),
        (&[("DATA", "421 4.3.2 closing")], "approved", "", "it goes away before the mail"),
        (&[("RCPT", "550 5.4.5 daily quota exceeded")], "approved", "quota", "a quota passes"),
        (&[(".", "552 5.3.4 too long")], "refused", "mail of this size", "it takes no such long mail"),
        (&[("AUTH", "454 4.7.0 not now")], "approved", "try again later", "it cannot look the password up"),
        (&[("MAIL", "451 4.7.1 later")], "approved", "try again later", "it asks for patience"),
        (&[("RCPT", "550 5.1.1 nobody")], "refused", "nobody", "there is no such address"),
        (&[("DATA", "554 5.7.1 spam")], "refused", "spam", "it wants no such mail"),
        (&[(".", "554 5.7.1 virus")], "refused", "virus", "it looked at the mail, and refused it"),
        (&[(".", "452 4.3.1 full")], "approved", "full", "it has no room just now"),
        (&[(".", "")], "cut_off", "may have been sent", "nobody knows whether it took it"),
        (&[("EHLO", "250-mx\r\n250 AUTH PLAIN")], "sent", "", "what is ASCII needs no more than that"),
    ];
    for (answers, state, why, because) in cases {
        let port = answering(answers).await;
        let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, security = \"none\" }}");
        let (rig, now) = (sending_by(smtp, ""), date::now() - 3_600);
        rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
        rig.once().await.expect("a run succeeds");
        let before = in_sent(&rig).await;
        let running = rig.engine().await.expect("the engine opens");
        let all = async || match running.ask(Request::Reports).await.expect("a list") {
            Response::Reports(reports) => reports,
            other => panic!("a list answers a list: {other:?}"),
        };
        let ids: Vec<RecordId> = all().await.into_iter().map(|report| report.id).collect();
        let approve = Request::ReportsOrder { ids: ids.clone(), order: Order::Approve };
        running.ask(approve.clone()).await.expect("it is approved");
        running.ask(Request::ReportsSend).await.expect("it is tried");
        let found = all().await;
        let said = found[0].why.clone().unwrap_or_default();
        assert!(found[0].state == state && said.contains(why), "{because}: {found:?}");
        let Response::Changed(again) = running.ask(Request::ReportsSend).await.expect("it is tried again")
        else {
            panic!("it is told how many were sent")
        };
        assert_eq!(again.done, 0, "not once more by itself: {because}");
        // Of what was handed over there is one copy, however often it was tried.
        let handed_over = state == "sent" || answers.iter().all(|(command, _)| *command == ".");
        assert_eq!(in_sent(&rig).await - before, usize::from(handed_over), "{because}");
        let Response::Changed(once_more) = running.ask(approve).await.expect("an answer") else {
            panic!("it is told what was done")
        };
        let may = matches!(state, "approved" | "cut_off" | "refused");
        assert_eq!(once_more.done, u64::from(may), "the user may try again where it makes sense: {because}");
    }
}

#[test]
fn the_address_is_read_as_spamcop_gives_it() {
    for (text, valid) in [
        (CODE, true),
        (" submit.w9n2BBgCTP3Enrh3@spam.spamcop.net\n", true),
        ("w9n2BBgCTP3Enrh3", true),
        ("submit.w9n2BBgCTP3Enrh3@spamcop.example", false),
        ("quick.w9n2BBgCTP3Enrh3@spam.spamcop.net", false),
        ("submit.@spam.spamcop.net", false),
        ("ada@example.org", false),
        ("", false),
    ] {
        assert_eq!(SubmitCode::read(text).is_ok(), valid, "{text:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_a_report_and_never_answers_holds_nothing_up() {
    let port = answering(&[(".", NEVER)]).await;
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, security = \"none\" }}");
    let (rig, now) = (sending_by(smtp, ""), date::now() - 3_600);
    let mails = [bounce(1, "192.0.2.1", now), bounce(2, "192.0.2.2", now)];
    rig.server.put("INBOX", mails).expect("they come in");
    rig.once().await.expect("a run succeeds");
    let (_, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(text.contains("2 reports approved"), "{text}");
    let running = rig.engine().await.expect("the engine opens");
    let begins = |event: &agent::api::Event| matches!(event, agent::api::Event::Report { state, .. } if state == "sending");
    let mut events = running.engine.events();
    let mut watched = running.watch().await.expect("it watches");
    let sending = async { while !events.recv().await.is_ok_and(|event| begins(&event)) {} };
    tokio::time::timeout(std::time::Duration::from_secs(60), sending).await.expect("the first is being sent");
    // While it hangs at the mail server, mail that comes in is judged and moved.
    rig.server.put("INBOX", [bounce(3, "192.0.2.3", now)]).expect("it comes in");
    let moved = |event: &agent::api::Event| matches!(event, agent::api::Event::Moved { .. });
    watched.until(std::time::Duration::from_secs(60), moved).await.expect("it is moved all the same");
    let Response::Reports(all) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let sending = all.iter().filter(|report| report.state == "sending").count();
    assert_eq!(sending, 1, "one hangs, the other waits behind it: {all:?}");
    watched.end().await.expect("the agent ends, and does not wait for it either");
    drop(running);
    let all = reports(&rig).await;
    let cut_off = all.iter().filter(|report| report.state == "cut_off").count();
    assert_eq!(cut_off, 1, "it may have been taken: {all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_reported_and_is_put_back_is_told() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, ""), date::now() - 3_600);
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let (_, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(text.contains("1 report approved"), "{text}");
    let running = rig.engine().await.expect("the engine opens");
    running.ask(Request::ReportsSend).await.expect("it is sent");
    let Response::Reports(sent) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    assert_eq!(sent[0].state, "sent", "{sent:?}");
    let mut events = running.engine.events();
    running.ask(Request::QuarantineRestore { ids: vec![sent[0].id.clone()] }).await.expect("it is put back");
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push(event);
    }
    let says = |event: &agent::api::Event| matches!(event, agent::api::Event::Error { text, .. } if text.contains("had been reported already"));
    assert!(told.iter().any(says), "the user is told: {told:?}");
    let Response::Reports(after) = running.ask(Request::Reports).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let why = after[0].why.clone().unwrap_or_default();
    assert!(after[0].state == "sent" && why.contains("choose Cancel"), "and what can be done: {after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quick_reports_are_a_choice_with_a_check_list() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, "quick = true\n"), date::now() - 3_600);
    let (code, text) = run(&rig, &["status"]).await;
    assert!(code == Some(2) && text.contains("mailhosts = true"), "not without the list: {text}");
    let rig = reporting(&server, true, "quick = true\nmailhosts = true\n");
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let (code, text) = run(&rig, &["doctor"]).await;
    assert!(
        code == Some(0) && text.contains("reports at once") && text.contains("lets you send mail"),
        "{text}"
    );
    let (_, text) = run(&rig, &["reports", "approve", "--waiting"]).await;
    assert!(text.contains("1 report approved"), "{text}");
    run(&rig, &["reports", "send"]).await;
    let got = server.until_delivered(1).await.expect("it is delivered");
    let text = String::from_utf8_lossy(&got[0]).into_owned();
    assert!(
        text.contains(&format!("To: {}", CODE.replace("submit.", "quick."))),
        "to the other address: {text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_reports_is_told_by_the_doctor() {
    let (rig, closed) = (
        sending_by(String::new(), ""),
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port(),
    );
    let (code, text) = run(&rig, &["doctor"]).await;
    assert!(code == Some(2) && text.contains("no server for sending mail"), "{text}");
    let away = format!("smtp = {{ host = \"127.0.0.1\", port = {closed}, security = \"none\" }}");
    let (code, text) = run(&sending_by(away, ""), &["doctor"]).await;
    assert!(code == Some(4) && text.contains("cannot be reached"), "{text}");
    let port = answering(&[("AUTH", "535 5.7.8 no")]).await;
    let refusing = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, security = \"none\" }}");
    let words = "[complaints]\noperator = true\noperator_text = \"/no/such/file\"\n";
    let (code, text) = run(&sending_by(refusing, words), &["doctor"]).await;
    assert!(code == Some(3) && text.contains("refused the sign-in"), "{text}");
    assert!(text.contains("/no/such/file"), "{text}");
    let off = rig.configure(&Options::default());
    off.expect("it is written");
    let (code, text) = run(&rig, &["reports", "send"]).await;
    assert!(code == Some(2) && text.contains("switched off"), "why nothing is sent: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_beyond_ascii_goes_where_it_is_carried_alone() {
    for (answers, state) in [
        (&[("EHLO", "250-mx\r\n250 AUTH PLAIN")][..], "refused"),
        (&[("EHLO", "250-mx\r\n250-8BITMIME\r\n250 AUTH PLAIN")][..], "sent"),
    ] {
        let port = answering(answers).await;
        let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {port}, security = \"none\" }}");
        let (rig, mail) = (sending_by(smtp, ""), bounce(1, "192.0.2.1", date::now() - 3_600));
        let text = String::from_utf8_lossy(&mail.bytes)
            .replace("It could not", "X-Gr\u{fc}n: Gr\u{fc}\u{df}e. It could not");
        let text = text.replacen("\r\nTo: ", "\r\nX-Gr\u{fc}n: ja\r\nTo: ", 1);
        rig.server.put("INBOX", [Mail::new(text.into_bytes(), mail.internal_date)]).expect("it comes in");
        rig.once().await.expect("a run succeeds");
        run(&rig, &["reports", "approve", "--waiting"]).await;
        run(&rig, &["reports", "send"]).await;
        let report = reports(&rig).await.remove(0);
        let why = report.why.clone().unwrap_or_default();
        assert_eq!(report.state, state, "{report:?}");
        assert!(state == "sent" || why.contains("8BITMIME"), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_one_comes_to_nothing_another_speaks_for_its_server() {
    let server = Chasquid::start(false).await.expect("chasquid starts");
    let (rig, now) = (reporting(&server, true, "per_server = 2\n"), date::now() - 3_600);
    let mails = (1..=4).map(|number| bounce(number, "192.0.2.1", now + i64::from(number)));
    let others = (5..=7).map(|number| bounce(number, "192.0.2.2", now + i64::from(number)));
    rig.server.put("INBOX", mails.chain(others)).expect("they come in");
    rig.once().await.expect("a run succeeds");
    let of = async |address: &str| -> Vec<ReportView> {
        let of = |report: &ReportView| report.server.is_some_and(|ip| ip.to_string() == address);
        reports(&rig).await.into_iter().filter(of).collect()
    };
    let waiting = of("192.0.2.1").await;
    let others: u32 = waiting.iter().map(|report| report.others).sum();
    assert_eq!(
        (waiting.len(), others),
        (2, 2),
        "so many of one server as is set, the others counted: {waiting:?}"
    );
    let counting = waiting.iter().find(|report| report.others == 2).expect("it speaks for the others");
    let (code, text) = run(&rig, &["quarantine", "restore", &counting.id.0]).await;
    assert_eq!(code, Some(0), "{text}");
    run(&rig, &["reports", "send"]).await;
    let after = of("192.0.2.1").await;
    let waiting: Vec<u32> =
        after.iter().filter(|report| report.state == "waiting").map(|report| report.others).collect();
    assert_eq!((after.len(), waiting.len()), (3, 2), "another has its turn: {after:?}");
    assert_eq!(waiting.iter().sum::<u32>(), 1, "and speaks for the one that is left: {after:?}");
    rig.once().await.expect("a run succeeds");
    let untouched: Vec<u32> = of("192.0.2.2").await.iter().map(|report| report.others).collect();
    assert_eq!(untouched.iter().sum::<u32>(), 1, "nobody else's are counted twice: {untouched:?}");
    // What is named by a filter alone is what the order is for.
    let (_, text) = run(&rig, &["reports", "approve", "--server", "192.0.2.1"]).await;
    assert!(text.starts_with("2 reports approved") && !text.contains("not approved"), "{text}");
    let (code, text) = run(&rig, &["reports", "list", "--state", "wating"]).await;
    assert!(code == Some(2) && text.contains("possible values"), "{text}");
    let (code, text) = run(&rig, &["reports", "approve"]).await;
    assert!(code == Some(2) && text.contains("--waiting"), "{text}");
}
