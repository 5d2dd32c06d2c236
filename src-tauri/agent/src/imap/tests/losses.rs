//! What must count as lost, and what must not (traps 3, 4, 6, 7 and 9; faults F7, F20, F28, F29, F31, F51, F52).

use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::script::{Step, ask, finished, hear, in_inbox, say};
use crate::imap::command::Command;
use crate::imap::wire::Wire;
use crate::imap::{FailureClass, FolderName, HeaderSet, ImapError, Loss, UidSet};

const IDENTITY: &str = "UID FETCH 10:12 (UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT RECEIVED)]<0.65537>)";

fn mail(uid: u32) -> String {
    format!(
        "* 1 FETCH (UID {uid} INTERNALDATE \"01-Feb-2024 10:00:00 +0100\" RFC822.SIZE 99 FLAGS () \
         BODY[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT RECEIVED)]<0> {{4}}\r\nA:\r\n)\r\n"
    )
}

/// Fetches three mails from a server that answers so.
async fn fetch(answer: Vec<Step>) -> (Result<usize, ImapError>, bool) {
    let script = [vec![hear(IDENTITY)], answer].concat();
    let (mut connection, server) = in_inbox("", script).await;
    let fetched = connection.headers(&UidSet::range(10..=12), HeaderSet::Identity).await;
    let usable = connection.is_usable();
    finished(connection, server).await;
    (fetched.map(|f| f.mails.len()), usable)
}

fn is_lost(outcome: &Result<usize, ImapError>, expected: &Loss) -> bool {
    matches!(outcome, Err(ImapError::Lost { how, .. }) if how == expected)
}

#[tokio::test(start_paused = true)]
async fn a_fetch_cut_off_is_no_fetch() {
    let two = mail(10) + &mail(11);
    let bye = "the server is going down".to_owned();
    let cases: [(&str, Vec<Step>, Loss); 7] = [
        ("end of stream between mails", vec![say(&two), Step::Close], Loss::Closed),
        (
            "end of stream in a literal",
            vec![say("* 1 FETCH (UID 10 BODY[] {90}\r\nab"), Step::Close],
            Loss::Closed,
        ),
        ("BYE between mails", vec![say(two.clone() + "* BYE the server is going down\r\n")], Loss::Bye(bye)),
        ("silence between mails", vec![say(&two), Step::Silence], Loss::Silent),
        (
            "a literal of 500 MB",
            vec![say("* 1 FETCH (UID 10 BODY[] {500000000}\r\nabc"), Step::Silence],
            Loss::TooLarge,
        ),
        ("the answer to another command", vec![say("N77 OK done\r\n")], Loss::Protocol),
        ("a tagged BYE", vec![say("%T BYE done\r\n")], Loss::Protocol),
    ];
    for (what, answer, expected) in cases {
        let (outcome, usable) = fetch(answer).await;
        assert!(is_lost(&outcome, &expected), "{what}: {outcome:?}");
        assert!(!usable, "{what}: the connection must not be used again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tagged_no_after_mails_is_a_failure() {
    for (answer, class) in [
        ("%T NO [UNAVAILABLE] the store is away\r\n", FailureClass::Wait),
        ("%T NO some mails are gone\r\n", FailureClass::Final),
        ("%T BAD what?\r\n", FailureClass::Final),
    ] {
        let (outcome, usable) = fetch(vec![say(mail(10)), say(answer)]).await;
        let error = outcome.expect_err("a refused fetch must not count as an empty one");
        assert!(matches!(error, ImapError::Refused { .. }), "{answer:?}: {error:?}");
        assert_eq!(error.class(), class, "{answer:?}");
        assert!(usable, "{answer:?}: a refusal leaves the connection as it is");
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_that_cannot_be_read_costs_nothing_else() {
    let noise = [
        "* XFOO bar\r\n",
        "* ESEARCH (TAG \"N9\") UID COUNT 3\r\n",
        "* SEARCH 1 2 3 (MODSEQ 917162500)\r\n",
        "\r\n",
        "* OK a bare line feed\n",
        "* OK [ALERT]été\r\n",
        "* OK [THROTTLED] slowly\r\n",
        "* 5 FETCH (UID 99 INTERNALDATE NIL)\r\n",
        "<html>\r\n",
    ];
    for line in noise {
        let (outcome, usable) = fetch(vec![say(mail(10) + line + &mail(11) + "%T OK done\r\n")]).await;
        assert_eq!(outcome.ok(), Some(2), "{line:?} must not cost a mail");
        assert!(usable, "{line:?} must not cost the session");
    }
}

#[tokio::test(start_paused = true)]
async fn any_byte_restarts_the_deadline_but_not_for_ever() {
    // Each silence is shorter than the deadline of 20 s; a scripted pause is a task that waits on paused time.
    let (client, mut server) = tokio::io::duplex(1 << 12);
    let slow = tokio::spawn(async move {
        let mut heard = [0; 512];
        let _ = server.read(&mut heard).await;
        for byte in std::iter::repeat(b'x') {
            tokio::time::sleep(Duration::from_secs(15)).await;
            if server.write_all(&[byte]).await.is_err() {
                return;
            }
        }
    });
    let begun = tokio::time::Instant::now();
    let mut wire = Wire::new(Box::new(client), Default::default(), Duration::from_secs(20));
    let noop = Command::new("NOOP");
    let outcome = wire.run(&noop, &mut |_| {}).await;
    assert!(
        matches!(outcome, Err(ImapError::Lost { how: Loss::TooSlow, .. })),
        "a trickle ends: {outcome:?}"
    );
    assert_eq!(begun.elapsed().as_secs(), 400, "20 times the deadline, no less: bytes restarted it");
    drop(wire);
    slow.await.expect("the trickle stops with the connection");
}

#[tokio::test(start_paused = true)]
async fn a_command_given_up_half_way_ends_the_connection() {
    let (mut connection, server) = in_inbox("", vec![hear("NOOP"), Step::Silence]).await;
    let given_up = tokio::time::timeout(Duration::from_secs(1), connection.noop()).await;
    assert!(given_up.is_err(), "the server does not answer");
    assert!(!connection.is_usable(), "the answer may still come, and must not be taken for another's");
    let next = connection.status(&FolderName::inbox()).await;
    assert!(matches!(next, Err(ImapError::Lost { how: Loss::Unfinished, .. })), "{next:?}");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn errors_hold_no_mail() {
    let secret = "* 1 FETCH (UID 10 BODY[] {500000000}\r\nSubject: my secret";
    let (outcome, _) = fetch(vec![say(secret), Step::Silence]).await;
    let error = outcome.expect_err("it is too large");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn uids_that_become_void_end_the_session() {
    let (mut connection, server) =
        in_inbox("", ask("NOOP", "* OK [UIDVALIDITY 8] renumbered\r\n%T OK done\r\n")).await;
    let outcome = connection.noop().await;
    assert!(matches!(outcome, Err(ImapError::Lost { how: Loss::Renumbered, .. })), "{outcome:?}");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn news_are_told_once_however_many_come() {
    // async-imap's own channel drops what comes after the hundredth.
    let many: String = (4..=153).map(|n| format!("* {n} EXISTS\r\n")).collect();
    let script = [ask("NOOP", many + "%T OK done\r\n"), ask("NOOP", "%T OK done\r\n")].concat();
    let (mut connection, server) = in_inbox("", script).await;
    assert!(connection.noop().await.expect("it is answered"), "mail came");
    assert!(!connection.noop().await.expect("it is answered"), "nothing came since");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn log_out_is_polite_and_bounded() {
    let script = vec![hear("LOGOUT"), say("* BYE see you\r\n%T OK bye\r\n")];
    let (connection, server) = in_inbox("", script).await;
    connection.log_out().await;
    server.await.expect("LOGOUT was sent");
    let (connection, server) = in_inbox("", vec![hear("LOGOUT"), Step::Silence]).await;
    let begun = tokio::time::Instant::now();
    connection.log_out().await;
    assert!(begun.elapsed() <= Duration::from_secs(3), "a server that does not answer is left");
    server.await.expect("LOGOUT was sent");
}

/// Pieces that hostile and broken servers are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "* ",
        "N1 ",
        "N2 ",
        "OK",
        "NO ",
        "BAD",
        "BYE",
        "[",
        "]",
        "ALERT",
        "COPYUID 1 2 3",
        "é",
        "FETCH (",
        "UID ",
        "7",
        " ",
        "BODY[] ",
        "{3}\r\n",
        "{99999999}\r\n",
        "\r\n",
        "\n",
        "\r",
        "\"",
        "\\",
        "(",
        ")",
        "NIL",
        "BODYSTRUCTURE ",
        "INTERNALDATE ",
        "+",
        "EXISTS",
        "VANISHED ",
        "STATUS x (",
        "LIST () NIL ",
        "CAPABILITY ",
        "ENVELOPE ",
        "\0",
    ]);
    prop_oneof![9 => known.prop_map(|s| s.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..9)]
}

proptest! {
    #[test]
    fn no_bytes_of_a_server_do_harm(pieces in prop::collection::vec(piece(), 0..60), size in 1_usize..40) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let (client, mut server) = tokio::io::duplex(1 << 16);
            let mut wire = Wire::new(Box::new(client), Default::default(), Duration::from_secs(20));
            for chunk in pieces.concat().chunks(size) {
                server.write_all(chunk).await.expect("the pipe is wide enough");
            }
            // The server stays silent after it; two commands, as the first may be answered.
            for _ in 0..2 {
                let _ = wire.run(&Command::new("NOOP"), &mut |_| {}).await;
            }
            drop(server);
            let end = wire.run(&Command::new("NOOP"), &mut |_| {}).await;
            prop_assert!(end.is_err(), "a server that is gone answers nothing: {end:?}");
            Ok(())
        })?;
    }
}
