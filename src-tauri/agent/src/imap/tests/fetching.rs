//! Fetches: asked against got, foreign responses, mails that can't be read (traps 6, 8 and 9; faults F28, F30, F32).

use super::script::{ask, finished, in_inbox};
use crate::imap::{HeaderSet, UidSet};

const TRIAGE: &str = "(UID INTERNALDATE RFC822.SIZE FLAGS BODYSTRUCTURE BODY.PEEK[HEADER]<0.65537>)";
const DATE: &str = "INTERNALDATE \"01-Feb-2024 10:00:00 +0100\"";
const REPORT: &str = concat!(
    r#"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)("message" "delivery-status" NIL NIL NIL "7bit" 9)"#,
    r#"("message" "rfc822" NIL NIL NIL "7bit" 99 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 5 1) 7)"#,
    r#" "report" ("boundary" "b") NIL NIL)"#
);

#[tokio::test(start_paused = true)]
async fn only_our_own_mails_are_taken_and_none_is_invented() {
    let answer = format!(
        "* 9 FETCH (FLAGS (\\Seen))\r\n\
         * 1 FETCH (UID 10 {DATE} RFC822.SIZE 7 FLAGS (\\Seen $x) BODYSTRUCTURE {REPORT} BODY[HEADER]<0> {{6}}\r\nA: b\r\n)\r\n\
         * 7 FETCH (UID 77 {DATE} RFC822.SIZE 7 FLAGS () BODY[HEADER]<0> {{6}}\r\nX: y\r\n)\r\n\
         * 3 FETCH (UID 12 FLAGS (\\Answered))\r\n\
         * 2 EXPUNGE\r\n\
         * 2 FETCH (UID 11 FLAGS () RFC822.SIZE 99999999999 BODY[HEADER] NIL)\r\n\
         * 2 FETCH (UID 11 {DATE})\r\n\
         %T OK done\r\n"
    );
    let (mut connection, server) = in_inbox("", ask(&format!("UID FETCH 10:13 {TRIAGE}"), answer)).await;
    let fetched =
        connection.headers(&UidSet::range(10..=13), HeaderSet::Triage).await.expect("it is answered");
    let uids: Vec<_> = fetched.mails.iter().map(|m| m.uid).collect();
    assert_eq!(
        uids,
        [10, 11],
        "not 77, nor the mail without UID, nor the one of which flags alone were told"
    );
    let (first, second) = (&fetched.mails[0], &fetched.mails[1]);
    assert_eq!((first.internal_date.0, first.size), (1_706_778_000, 7), "as told");
    assert_eq!(first.flags, ["\\Seen", "$x"], "as told");
    assert_eq!((first.headers.as_slice(), first.truncated), (&b"A: b\r\n"[..], false), "as told");
    let types = &first.structure.as_ref().expect("it was told").media_types;
    assert_eq!(
        types,
        &["multipart/report", "text/plain", "message/delivery-status", "message/rfc822", "text/plain"],
        "at every depth"
    );
    assert_eq!(second.size, u32::MAX, "a size beyond 32 bits is large, not small");
    assert_eq!(fetched.missing.to_string(), "12:13", "asked for and not told is missing, not gone");
    assert!(fetched.unreadable.is_empty(), "all could be read");
    assert!(connection.wire.take_news(), "the EXPUNGE is remembered");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_broken_mail_is_named_and_its_headers_come_without_structure() {
    let good = |uid| {
        format!(
            "* {uid} FETCH (UID {uid} {DATE} RFC822.SIZE 7 FLAGS () BODYSTRUCTURE {REPORT} BODY[HEADER]<0> {{0}}\r\n)\r\n"
        )
    };
    let deep = format!(
        "* 11 FETCH (UID 11 {DATE} RFC822.SIZE 7 FLAGS () BODYSTRUCTURE {}\r\n",
        "(".repeat(500) + &")".repeat(501)
    );
    let long = format!(
        "* 12 FETCH (UID 12 {DATE} BODYSTRUCTURE ({} NIL))\r\n",
        "(\"text\" \"plain\")".repeat(100_000)
    );
    let first = good(10) + &deep + &long + &good(13) + "%T OK done\r\n";
    let again = format!(
        "* 11 FETCH (UID 11 {DATE} RFC822.SIZE 7 FLAGS () BODY[HEADER]<0> {{6}}\r\nA: b\r\n)\r\n* 12 FETCH (UID 12 INTERNALDATE NIL)\r\n%T OK done\r\n"
    );
    let script = [
        ask(&format!("UID FETCH 10:13 {TRIAGE}"), first),
        ask("UID FETCH 11:12 (UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[HEADER]<0.65537>)", again),
    ]
    .concat();
    let (mut connection, server) = in_inbox("", script).await;
    let fetched =
        connection.headers(&UidSet::range(10..=13), HeaderSet::Triage).await.expect("it is answered");
    let got: Vec<_> = fetched.mails.iter().map(|m| (m.uid, m.structure.is_some())).collect();
    assert_eq!(got, [(10, true), (11, false), (13, true)], "one in order, without its structure");
    assert_eq!(fetched.unreadable.to_string(), "12", "the other is known to exist");
    assert!(fetched.missing.is_empty(), "so it is not missing");
    assert!(connection.is_usable(), "no reconnecting, no bisecting");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn long_sets_go_in_several_short_commands() {
    let uids: UidSet = (1..=120).map(|n| n * 1_000_000).collect();
    let script: Vec<_> = uids
        .commands()
        .iter()
        .flat_map(|part| {
            let answer: String = part
                .iter()
                .map(|uid| {
                    format!("* 1 FETCH (UID {uid} {DATE} RFC822.SIZE 1 FLAGS () BODY[]<0> {{1}}\r\nx)\r\n")
                })
                .collect();
            let line = format!("UID FETCH {part} (UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[]<0.1001>)");
            assert!(line.len() < 1_000, "RFC 2683 §3.2.1.5");
            ask(&line, answer + "%T OK done\r\n")
        })
        .collect();
    assert!(script.len() > 2, "the set is too long for one command");
    let (mut connection, server) = in_inbox("", script).await;
    let fetched = connection.mails(&uids, 1_000).await.expect("all are answered");
    assert_eq!(fetched.mails.len(), 120, "the parts are put together");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_mail_is_cut_at_the_cap_whatever_its_size_is_said_to_be() {
    let question = "UID FETCH 5 (UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[]<0.5>)";
    let answer = |body: &str| {
        let size = body.len();
        format!(
            "* 1 FETCH (UID 5 {DATE} RFC822.SIZE 3 FLAGS () BODY[]<0> {{{size}}}\r\n{body})\r\n%T OK done\r\n"
        )
    };
    let script =
        [ask(question, answer("abcd")), ask(question, answer("abcde")), ask(question, "%T OK done\r\n")]
            .concat();
    let (mut connection, server) = in_inbox("", script).await;
    let whole = connection.mail(5, 4).await.expect("it is answered").expect("it exists");
    assert_eq!((whole.bytes.as_slice(), whole.truncated), (&b"abcd"[..], false), "just as long as the cap");
    let cut = connection.mail(5, 4).await.expect("it is answered").expect("it exists");
    assert_eq!((cut.bytes.as_slice(), cut.truncated), (&b"abcd"[..], true), "one byte longer");
    assert_eq!(connection.mail(5, 4).await.expect("it is answered"), None, "no such mail");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn uids_are_listed_in_their_range_alone() {
    let script = [
        ask("UID FETCH 10:20 (UID)", "* 1 FETCH (UID 12)\r\n* 2 FETCH (FLAGS () UID 11)\r\n%T OK done\r\n"),
        // Above the last mail, `n:*` names the last mail.
        ask("UID FETCH 30:* (UID)", "* 3 FETCH (UID 29)\r\n%T OK done\r\n"),
    ]
    .concat();
    let (mut connection, server) = in_inbox("", script).await;
    assert_eq!(connection.uids(10..=20).await.expect("it is answered"), [11, 12], "in order");
    assert_eq!(
        connection.uids(30..=u32::MAX).await.expect("it is answered"),
        [0_u32; 0],
        "29 is none of them"
    );
    finished(connection, server).await;
}
