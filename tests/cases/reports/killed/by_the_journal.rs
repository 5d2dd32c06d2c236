//! Killed before and after each line that the journal is given: every state that a report can come to.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use agent::journal::{Entry, Journal, Offset};
use agent::report::Report;
use it::imap_double::{Event, Moment};
use it::kill::{Armed, killed_at};
use it::{Mail, Rig, SpamCop, date};
use tokio::process::Command;

use super::super::{bounce, record_of, run};
use super::{At, Smtp, approved, check, double, one, send};

/// So often a program is killed at most on its way to a state.
const STRIKES: usize = 8;

/// Runs a program, killed at the first call of this name on the journal. Says whether it came to that.
async fn struck(rig: &Rig, program: &Command, call: &str) -> bool {
    killed_at(program, &rig.paths().journal(), call).await.expect("strace runs")
}

/// What stands in the journal, as whoever opens it after a power cut reads it.
fn written(rig: &Rig) -> Vec<Entry> {
    let journal = Journal::open(&rig.paths().journal()).expect("the journal opens").journal;
    let mut entries = Vec::new();
    journal.replay(Offset(0), |_, entry| entries.extend(entry)).expect("the journal is read");
    entries
}

/// The report, as the journal has it: listing the reports would settle them.
fn last_report(entries: &[Entry]) -> Report {
    let last = entries.iter().rev().find_map(|entry| match entry {
        Entry::Report { report } => Some(report.clone()),
        _ => None,
    });
    last.expect("there is a report")
}

/// Runs a program, killed before the first line that it writes into the journal and again right after it, until the report is in
/// the last of these states; then once more to its end. What the report is in is always one of these states, and none before the
/// one that it was in. The lines that were struck are those that tell of its states.
async fn comes_to(rig: &Rig, program: &Command, states: &[&str], what: &str) {
    let (mut at, mut strikes, mut struck_itself) = (0, 0, 0);
    // What begins a new attempt with each run never gets further when each is killed: the last of them is not.
    while at + 1 < states.len() && strikes < STRIKES {
        for call in ["write", "fdatasync"] {
            let before = written(rig).len();
            let killed = struck(rig, program, call).await;
            strikes += usize::from(killed);
            let entries = written(rig);
            if killed && call == "write" {
                assert_eq!(entries.len(), before, "{what}: the line was not written");
            }
            let state = last_report(&entries).state.name();
            let now = states.iter().position(|known| *known == state);
            let now = now.unwrap_or_else(|| panic!("{what}, killed {strikes} times: {state}"));
            assert!(now >= at, "{what}: nothing goes back: {state} after {}", states[at]);
            // The run before, killed at its first line, stood where this one did.
            let itself = matches!(entries.last(), Some(Entry::Report { report }) if report.state.name() == states[now]);
            if killed && now > at && itself {
                assert_eq!((call, entries.len()), ("fdatasync", before + 1), "{what}: struck right after it");
                struck_itself += 1;
            }
            at = now;
        }
    }
    assert_eq!(
        struck_itself,
        states.len() - 1,
        "{what}: the lines that tell of it are those that were struck"
    );
    let (_, text) = run_once_more(rig, program).await;
    assert_eq!(one(rig).await.state, states[states.len() - 1], "{what}: it gets there: {text}");
}

/// Runs a program once more, not killed.
async fn run_once_more(rig: &Rig, program: &Command) -> (Option<i32>, String) {
    let behind = 4;
    let arguments: Vec<String> =
        program.as_std().get_args().skip(behind).map(|it| it.to_string_lossy().into_owned()).collect();
    run(rig, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// How many mails there are, in the inbox and in quarantine together.
fn mails(rig: &Rig) -> usize {
    ["INBOX", "Never Sent"].iter().map(|folder| double(rig).mails(folder).len()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_it_is_written_that_a_report_is_sent_and_after() {
    for (call, handed_over) in [("write", false), ("fdatasync", true)] {
        let what = format!("killed at the first {call}");
        let smtp = Smtp::start().await;
        let rig = approved(&smtp).await;
        assert!(struck(&rig, &send(&rig), call).await, "{what}: that moment comes");
        check(&rig, &smtp, handed_over, &what).await;
    }
}

/// The server has it, or will not have it, and that is just being written down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_said_is_being_written_down() {
    for (call, at, refuses) in [
        ("write", At::Taken, false),
        ("fdatasync", At::Taken, false),
        ("write", At::Command("RCPT"), true),
        ("fdatasync", At::Command("RCPT"), true),
    ] {
        let what = format!("killed at the {call} behind {at:?}");
        let mut smtp = Smtp::start().await;
        let rig = approved(&smtp).await;
        smtp.stop_at(Some(at));
        smtp.refuses.store(refuses, std::sync::atomic::Ordering::SeqCst);
        let armed = Armed::start(&send(&rig), rig.paths().journal(), call).expect("strace runs");
        let go_on = smtp.stopped().await;
        armed.arm().expect("the journal is there");
        drop(go_on);
        armed.killed().await.expect("that moment comes");
        if refuses && call == "fdatasync" {
            assert_eq!(one(&rig).await.state, "refused", "{what}: it was written");
            assert_eq!(smtp.taken(), 0, "{what}: and nothing was taken");
            continue;
        }
        smtp.refuses.store(false, std::sync::atomic::Ordering::SeqCst);
        // Where the server said no, nothing was written of sending yet: it is sent by the next run.
        check(&rig, &smtp, !refuses, &what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_is_being_written_down() {
    let mut smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    smtp.stop_at(Some(At::Taken));
    let mut program = send(&rig).spawn().expect("the program starts");
    let go_on = smtp.stopped().await;
    program.kill().await.expect("it can be killed");
    drop(go_on);
    smtp.stop_at(None);
    comes_to(&rig, &send(&rig), &["sending", "cut_off"], "a report that was cut off").await;
    assert_eq!(smtp.taken(), 1, "and it is not sent again");
}

/// Each order of the user is carried out or not, and can be given again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_being_written_down() {
    let smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    let id = one(&rig).await.id.0;
    for (order, before, after) in [
        ("undo", "approved", "waiting"),
        ("discard", "waiting", "discarded"),
        ("undo", "discarded", "waiting"),
        ("approve", "waiting", "approved"),
    ] {
        comes_to(&rig, &rig.program(&["reports", order, &id]), &[before, after], order).await;
    }
    check(&rig, &smtp, false, "after all these orders").await;
}

/// What SpamCop answers to this report.
fn answer(rig_report: &agent::api::ReportView, number: u32, words: &str) -> Mail {
    let id = rig_report.message_id.clone().expect("an id");
    let text = format!(
        "From: SpamCop AutoResponder <spamcop@devnull.spamcop.net>\r\nTo: ada@example.org\r\nMessage-ID: \
         <{number}@spamcop.net>\r\nSubject: {}\r\n\r\n{words}\r\n\r\nMessage-ID: <{id}>\r\n",
        if words.contains("http") {
            "SpamCop has accepted 1 email for processing"
        } else {
            "SpamCop has encountered errors"
        },
    );
    Mail::new(text.into_bytes(), date::now())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_being_brought() {
    let smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    let before = mails(&rig);
    let (_, text) = run(&rig, &["reports", "send"]).await;
    assert!(text.contains("1 report sent"), "{text}");
    rig.server.put("INBOX", [answer(&one(&rig).await, 1, &SpamCop::link(1))]).expect("it comes in");
    let run_once = rig.program(&["run", "--once"]);
    comes_to(&rig, &run_once, &["sent", "needs_confirmation"], "SpamCop's link").await;
    let id = one(&rig).await.id.0;
    // The desktop's way to the browser.
    let desktop = tempfile::tempdir().expect("a folder");
    let browser = desktop.path().join("xdg-open");
    std::fs::write(&browser, "#!/bin/sh\n").expect("it is written");
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("{}:{}", desktop.path().display(), std::env::var("PATH").expect("a path"));
    let mut open = rig.program(&["reports", "open", &id]);
    open.env("PATH", &path);
    assert!(struck(&rig, &open, "write").await, "that it is opened is written down");
    let unopened = one(&rig).await;
    assert_eq!((unopened.state.as_str(), unopened.opened), ("needs_confirmation", None), "it was not");
    assert!(struck(&rig, &open, "fdatasync").await, "and again");
    let opened = one(&rig).await;
    assert!(opened.state == "needs_confirmation" && opened.opened.is_some(), "the link is kept: {opened:?}");
    comes_to(&rig, &rig.program(&["reports", "done", &id]), &["needs_confirmation", "done"], "done").await;
    assert_eq!(smtp.taken(), 1, "nothing was sent twice");
    assert_eq!(mails(&rig), before + 1, "the answer has come, and no mail is lost or doubled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_spamcops_is_being_brought() {
    let smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    run(&rig, &["reports", "send"]).await;
    let words = "No source IP address found, cannot proceed.";
    rig.server.put("INBOX", [answer(&one(&rig).await, 1, words)]).expect("it comes in");
    comes_to(&rig, &rig.program(&["run", "--once"]), &["sent", "refused"], "SpamCop's refusal").await;
    assert_eq!(smtp.taken(), 1, "and nothing is sent by itself");
}

/// Its mail has just been moved back when the program is killed: before that is written down, or after it and before
/// the report is withdrawn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_withdrawn_as_its_mail_is_put_back() {
    for call in ["write", "fdatasync"] {
        let what = format!("killed at {call} as a mail is put back");
        let smtp = Smtp::start().await;
        let rig = approved(&smtp).await;
        let before = mails(&rig);
        let record = record_of(&rig, "nobody1@shop.example").await;
        let restore = rig.program(&["quarantine", "restore", &record]);
        let armed = Arc::new(Armed::start(&restore, rig.paths().journal(), call).expect("strace runs"));
        let to_arm = armed.clone();
        double(&rig).on_command(move |event: &Event<'_>| {
            if event.name == "UID MOVE" && event.moment == Moment::Executed {
                to_arm.arm().expect("the journal is there");
            }
        });
        armed.killed().await.expect("that moment comes");
        double(&rig).clear_hook();
        let entries = written(&rig);
        let is_back = matches!(entries.last(), Some(Entry::Restored { .. }));
        assert_eq!(
            is_back,
            call == "fdatasync",
            "{what}: it is struck before or after the line that the mail is back"
        );
        assert_eq!(
            last_report(&entries).state.name(),
            "approved",
            "{what}: and before the report is withdrawn"
        );
        if is_back {
            // Then its own line is the first of whoever looks next.
            let list = rig.program(&["reports", "list"]);
            comes_to(&rig, &list, &["approved", "withdrawn"], "a report that is withdrawn").await;
        }
        let (_, text) = run(&rig, &["reports", "send"]).await;
        rig.once().await.expect("a run succeeds");
        assert_eq!(one(&rig).await.state, "withdrawn", "{what}: {text}");
        assert_eq!(smtp.taken(), 0, "{what}: it is not sent: {text}");
        assert_eq!(mails(&rig), before, "{what}: no mail is lost or doubled");
        assert!(double(&rig).mails("Never Sent").is_empty(), "{what}: and the mail is back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_gets_too_old() {
    let smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    // Its two days are over all at once.
    let report = Report { expires: rules::UnixTime(date::now()), ..last_report(&written(&rig)) };
    let journal = Journal::open(&rig.paths().journal()).expect("the journal opens").journal;
    journal.append(&[Entry::Report { report }]).expect("it is written");
    drop(journal);
    // Whoever looks at it first writes it down.
    comes_to(&rig, &rig.program(&["reports", "list"]), &["approved", "expired"], "a report that is too old")
        .await;
    let (_, text) = run(&rig, &["reports", "send"]).await;
    assert!(text.contains("0 reports") || text.contains("nothing"), "{text}");
    assert_eq!(smtp.taken(), 0, "it is not sent any more");
}

/// A complaint is written down and sent at once: whatever the moment, it is sent once at most, and is in the list where it may
/// have been sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_is_being_sent() {
    for call in ["write", "fdatasync"] {
        for at in [None, Some(At::Taken)] {
            let what = format!("a complaint, killed at {call} behind {at:?}");
            let mut smtp = Smtp::start().await;
            let rig = approved(&smtp).await;
            let (_, text) = run(&rig, &["reports", "discard", "--state", "approved"]).await;
            assert!(text.contains("1 report"), "{text}");
            let record = record_of(&rig, "nobody1@shop.example").await;
            let arguments = ["reports", "write", record.as_str(), "--yes", "--to", "abuse@net.example"];
            let program = rig.program(&arguments);
            if let Some(at) = at {
                smtp.stop_at(Some(at));
                let armed = Armed::start(&program, rig.paths().journal(), call).expect("strace runs");
                let go_on = smtp.stopped().await;
                armed.arm().expect("the journal is there");
                drop(go_on);
                armed.killed().await.expect("that moment comes");
                smtp.stop_at(None);
            } else {
                assert!(struck(&rig, &program, call).await, "{what}: that moment comes");
            }
            let taken = smtp.taken();
            run(&rig, &["reports", "send"]).await;
            let complaints = complaints(&rig).await;
            match complaints.as_slice() {
                [] => {
                    assert_eq!(taken, 0, "{what}: nothing is forgotten that was sent");
                    let (code, text) = run(&rig, &arguments).await;
                    assert_eq!(code, Some(0), "{what}: it can be written anew: {text}");
                }
                [(state, why)] if state == "cut_off" => {
                    assert!(why.contains("may have been sent"), "{what}: {why}");
                    assert_eq!(smtp.taken(), taken, "{what}: it is not sent again by itself");
                }
                [(state, _)] => assert_eq!(state, "sent", "{what}"),
                more => panic!("{what}: one complaint at most: {more:?}"),
            }
            assert!(smtp.taken() <= 1, "{what}: once at most");
        }
    }
}

/// The states of the complaints, with why they are so.
async fn complaints(rig: &Rig) -> Vec<(String, String)> {
    let all = super::super::reports(rig).await;
    let complaints = all.into_iter().filter(|report| report.id.0.contains('/'));
    complaints.map(|report| (report.state, report.why.unwrap_or_default())).collect()
}

/// Each server's first mail speaks for the next; put back before its report is sent, it hands that on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_mail_has_its_turn() {
    let smtp = Smtp::start().await;
    let rig = approved(&smtp).await;
    rig.server.put("INBOX", [bounce(2, "192.0.2.1", date::now() - 3_500)]).expect("it comes in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 1, "it is backscatter, too");
    let before = mails(&rig);
    let record = record_of(&rig, "nobody1@shop.example").await;
    let program = rig.program(&["quarantine", "restore", &record]);
    for call in ["write", "fdatasync"] {
        assert!(struck(&rig, &program, call).await, "it is killed on the way");
    }
    run(&rig, &["quarantine", "restore", &record]).await;
    rig.once().await.expect("a run succeeds");
    let mut states: Vec<String> =
        super::super::reports(&rig).await.into_iter().map(|report| report.state).collect();
    states.sort();
    assert_eq!(states, ["waiting", "withdrawn"], "one is withdrawn, and the other waits in its place");
    assert_eq!(smtp.taken(), 0, "nothing was sent");
    assert_eq!(mails(&rig), before, "no mail is lost or doubled");
}
