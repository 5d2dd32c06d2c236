//! Each fault of the double does what it says.

use std::sync::{Arc, Mutex};

use it::imap_double::{Double, Fault, Moment, Setup, When};
use it::{Bare, Security};

use super::double::{SOON, mail};

async fn with_three(fault: Option<(When, Fault)>) -> (Double, Bare) {
    let double = Double::start(Setup { security: Security::Plain, ..Setup::default() }).expect("double");
    double.deliver_all("INBOX", [mail(1), mail(2), mail(3)]);
    double.create("Never Sent");
    if let Some((when, fault)) = fault {
        double.fault(when, fault);
    }
    let mut bare = Bare::sign_in(&double.endpoint()).await.expect("sign in");
    bare.select("INBOX").await.expect("select");
    (double, bare)
}

const MOVE: &str = "UID MOVE 1:2 \"Never Sent\"";
const FETCH: &str = "UID FETCH 1:3 (UID BODY.PEEK[HEADER])";

#[tokio::test]
async fn connections_are_lost_where_asked() {
    let (double, mut bare) = with_three(Some((When::nth("UID MOVE", 1), Fault::DropBefore))).await;
    bare.command(MOVE).await.expect_err("dropped before");
    assert_eq!(double.mails("INBOX").len(), 3, "not executed");

    let (double, mut bare) = with_three(Some((When::every("UID MOVE"), Fault::DropAfter))).await;
    bare.command(MOVE).await.expect_err("dropped after");
    assert_eq!(double.mails("INBOX").len(), 1, "executed");

    let (double, mut bare) = with_three(Some((When::nth("UID FETCH", 2), Fault::DropAfterItems(2)))).await;
    bare.ok(FETCH).await.expect("the first one is untouched");
    bare.command(FETCH).await.expect_err("the second one is cut");
    assert_eq!(double.log().last().expect("log").status, None, "and never answered");

    let (_double, mut bare) = with_three(Some((When::every("UID FETCH"), Fault::DropAfterBytes(60)))).await;
    bare.command(FETCH).await.expect_err("cut in a literal");
}

#[tokio::test]
async fn answers_are_changed_as_asked() {
    let (double, mut bare) =
        with_three(Some((When::every("UID MOVE"), Fault::No("[OVERQUOTA] full".into())))).await;
    let answer = bare.command(MOVE).await.expect("answer");
    assert_eq!((answer.status.as_str(), answer.text.as_str()), ("NO", "[OVERQUOTA] full"), "refused");
    assert_eq!(double.mails("INBOX").len(), 3, "nothing moved");

    let (_double, mut bare) = with_three(Some((When::every("UID FETCH"), Fault::Bad("no".into())))).await;
    assert_eq!(bare.command(FETCH).await.expect("answer").status, "BAD", "BAD");

    let (_double, mut bare) =
        with_three(Some((When::every("UID FETCH"), Fault::NoAfterItems(1, "[SERVERBUG] half".into())))).await;
    let answer = bare.command(FETCH).await.expect("answer");
    assert_eq!((answer.lines.len(), answer.status.as_str()), (1, "NO"), "NO after data");

    let (_double, mut bare) = with_three(Some((When::every("UID FETCH"), Fault::OkAfterItems(1)))).await;
    assert_eq!(bare.ok(FETCH).await.expect("answer").lines.len(), 1, "OK with too little");

    let (double, mut bare) = with_three(Some((When::every("UID MOVE"), Fault::Pretend))).await;
    bare.ok(MOVE).await.expect("OK");
    assert_eq!(double.mails("INBOX").len(), 3, "and yet nothing moved");

    let (double, mut bare) = with_three(Some((When::every("UID MOVE"), Fault::OmitCopyUid))).await;
    assert!(bare.ok(MOVE).await.expect("OK").line("COPYUID").is_none(), "moved without COPYUID");
    assert_eq!(double.mails("Never Sent").len(), 2, "but moved");

    let (_double, mut bare) =
        with_three(Some((When::every("SELECT"), Fault::Omit("UIDVALIDITY".into())))).await;
    let answer = bare.ok("SELECT INBOX").await.expect("select");
    assert!(answer.line("UIDVALIDITY").is_none() && answer.line("UIDNEXT").is_some(), "left out: {answer:?}");

    let (_double, mut bare) =
        with_three(Some((When::every("NOOP"), Fault::RawBefore(b"* XFOO\r\n".to_vec())))).await;
    assert!(bare.ok("NOOP").await.expect("noop").line("XFOO").is_some(), "raw octets first");

    let (_double, mut bare) = with_three(Some((When::every("UID FETCH"), Fault::ByteAtATime))).await;
    assert_eq!(bare.ok(FETCH).await.expect("answer").lines.len(), 3, "slow and whole");
}

#[tokio::test]
async fn servers_fall_silent_and_say_bye() {
    let (double, mut bare) = with_three(Some((When::every("NOOP"), Fault::Silence))).await;
    bare.write(b"x NOOP\r\n").await.expect("write");
    let had = |double: &Double| double.log().last().is_some_and(|entry| entry.name == "NOOP");
    double.wait_until(SOON, had).await.expect("the command came");
    assert_eq!(double.log().last().expect("log").status, None, "and has no answer");

    let (_double, mut bare) = with_three(Some((When::every("NOOP"), Fault::Bye("later".into())))).await;
    bare.write(b"x NOOP\r\n").await.expect("write");
    assert_eq!(bare.read_line().await.expect("line").text, "* BYE later", "BYE");
    bare.read_line().await.expect_err("closed");

    let (double, mut bare) = with_three(None).await;
    bare.idle().await.expect("idle");
    double.bye("maintenance");
    assert_eq!(bare.read_line().await.expect("line").text, "* BYE maintenance", "BYE in IDLE");

    let (double, mut bare) = with_three(None).await;
    bare.idle().await.expect("idle");
    double.delete("INBOX");
    assert!(bare.read_line().await.expect("line").text.starts_with("* BYE"), "the open folder is gone");

    let (_double, mut bare) = with_three(Some((When::every("UID FETCH"), Fault::NewUidValidity))).await;
    bare.write(format!("x {FETCH}\r\n").as_bytes()).await.expect("write");
    assert!(bare.read_line().await.expect("line").text.starts_with("* BYE"), "other UIDs");

    let (_double, mut bare) =
        with_three(Some((When::every("UID FETCH"), Fault::HugeLiteral(500_000_000)))).await;
    bare.write(format!("x {FETCH}\r\n").as_bytes()).await.expect("write");
    bare.set_deadline(std::time::Duration::from_millis(200));
    bare.read_line().await.expect_err("never whole");
}

#[tokio::test]
async fn sign_in_and_mailboxes_are_refused_as_asked() {
    let (double, mut bare) = with_three(None).await;
    double.set_password("other");
    Bare::sign_in(&{ it::Endpoint { password: "correct-horse".into(), ..double.endpoint() } })
        .await
        .err()
        .expect("wrong password");
    double.set_read_only("INBOX", true);
    let answer = bare.ok("SELECT INBOX").await.expect("select");
    assert!(answer.text.contains("[READ-ONLY]"), "opened read-only: {}", answer.text);
    assert_eq!(bare.command(MOVE).await.expect("answer").status, "NO", "nothing can be moved out");
    double.set_read_only("INBOX", false);
    double.set_quota(Some(10));
    bare.ok("SELECT INBOX").await.expect("select");
    let answer = bare.command("UID COPY 1 \"Never Sent\"").await.expect("answer");
    assert!(answer.text.contains("[OVERQUOTA]"), "full: {}", answer.text);
    let quota = bare.ok("GETQUOTAROOT INBOX").await.expect("quota");
    assert!(quota.line("STORAGE").is_some(), "{quota:?}");
}

#[tokio::test]
async fn a_hook_sees_each_command_twice() {
    let (double, mut bare) = with_three(None).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    double.on_command(move |event| {
        sink.lock().expect("lock").push((event.name.to_owned(), event.nth, event.moment));
    });
    bare.ok(MOVE).await.expect("move");
    let seen = seen.lock().expect("lock").clone();
    let expected =
        [("UID MOVE".to_owned(), 1, Moment::Received), ("UID MOVE".to_owned(), 1, Moment::Executed)];
    assert_eq!(seen, expected, "before and after it is executed");
}
