//! IDLE (traps 1, 2 and 3; faults F5, F7, F8, F9, F10).

use std::{future::pending, future::ready, time::Duration};

use super::script::{Step, finished, hear, in_inbox, say};
use crate::imap::{Connection, ImapError, Loss, Woken};

const LONG: Duration = Duration::from_secs(240);

async fn idle(script: Vec<Step>) -> (Result<Woken, ImapError>, bool) {
    let (mut connection, server) = in_inbox("IDLE", [vec![hear("IDLE")], script].concat()).await;
    let woken = connection.idle(pending(), LONG).await;
    let usable = connection.is_usable();
    finished(connection, server).await;
    (woken, usable)
}

#[tokio::test(start_paused = true)]
async fn mail_wakes() {
    let done = || [hear("DONE"), say("%T OK done\r\n")];
    let cases = [
        ("* 4 EXISTS\r\n", Woken::News),
        ("* 2 EXPUNGE\r\n", Woken::News),
        ("* VANISHED 12\r\n", Woken::News),
        ("* OK Still here\r\n", Woken::TimeUp),
        ("* 2 FETCH (FLAGS (\\Seen))\r\n", Woken::TimeUp),
        ("* XFOO\r\n", Woken::TimeUp),
    ];
    for (line, expected) in cases {
        let script = [vec![say("+ idling\r\n"), say(line)], done().to_vec()].concat();
        let (woken, usable) = idle(script).await;
        assert_eq!(woken.ok(), Some(expected), "{line:?}");
        assert!(usable, "{line:?}");
    }
    let early = [vec![say("* 4 EXISTS\r\n+ idling\r\n")], done().to_vec()].concat();
    assert_eq!(idle(early).await.0.ok(), Some(Woken::News), "before the continuation");
    let late = vec![say("+ idling\r\n"), hear("DONE"), say("* 4 EXISTS\r\n%T OK done\r\n")];
    assert_eq!(idle(late).await.0.ok(), Some(Woken::News), "between DONE and its OK");
}

#[tokio::test(start_paused = true)]
async fn losses_are_no_interrupts() {
    let cases = [
        ("end of stream", vec![say("+ idling\r\n"), Step::Close], Loss::Closed),
        ("BYE", vec![say("+ idling\r\n* BYE timeout\r\n")], Loss::Bye("timeout".to_owned())),
        ("no answer to IDLE", vec![Step::Silence], Loss::Silent),
        ("no answer to DONE", vec![say("+ idling\r\n"), hear("DONE"), Step::Silence], Loss::Silent),
        ("an end without DONE", vec![say("+ idling\r\n%T OK done\r\n")], Loss::Protocol),
    ];
    for (what, script, expected) in cases {
        let (outcome, usable) = idle(script).await;
        assert!(
            matches!(&outcome, Err(ImapError::Lost { how, .. }) if *how == expected),
            "{what}: {outcome:?}"
        );
        assert!(!usable, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_and_harmless() {
    for answer in ["%T NO not now\r\n", "%T BAD unknown\r\n"] {
        let (outcome, usable) = idle(vec![say(answer)]).await;
        assert!(matches!(outcome, Err(ImapError::IdleRefused { .. })), "{answer:?}: {outcome:?}");
        assert!(usable, "polling goes on over the same connection");
    }
    let (mut connection, server) = in_inbox("", vec![]).await;
    let outcome = connection.idle(pending(), LONG).await;
    assert!(matches!(outcome, Err(ImapError::IdleRefused { .. })), "it is not offered: {outcome:?}");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_interrupts_and_loses_no_news() {
    let script = vec![
        hear("IDLE"),
        say("+ idling\r\n"),
        hear("DONE"),
        say("* 4 EXISTS\r\n%T OK done\r\n"),
        hear("IDLE"),
        say("+ idling\r\n"),
        hear("DONE"),
        say("%T OK done\r\n"),
    ];
    let (mut connection, server) = in_inbox("IDLE", script).await;
    let woken = |woken: Result<Woken, ImapError>| woken.expect("nothing is lost");
    assert_eq!(woken(connection.idle(ready(()), LONG).await), Woken::Interrupted, "the caller's own");
    assert_eq!(woken(connection.idle(pending(), LONG).await), Woken::News, "what came with it is told next");
    let begun = tokio::time::Instant::now();
    assert_eq!(
        woken(connection.idle(pending(), Duration::from_secs(9_999)).await),
        Woken::TimeUp,
        "nothing came"
    );
    assert_eq!(begun.elapsed(), crate::imap::LONGEST_IDLE, "never longer than five minutes");
    finished(connection, server).await;
}

/// The engine runs each account in a task.
#[test]
fn connections_go_between_threads() {
    fn send<T: Send>(_: &T) {}
    fn all(connection: &mut Connection) {
        let idle = connection.idle(pending(), LONG);
        send(&idle);
    }
    let _: fn(&mut Connection) = all;
}
