//! Moves and their failures (traps 13 and 14; faults F34, F35, F36, F38).

use super::script::{Step, ask, finished, hear, in_inbox, say};
use crate::imap::{FailureClass, FolderName, ImapError, UidSet};

fn quarantine() -> FolderName {
    FolderName::from_display("Never Sent")
}

#[tokio::test(start_paused = true)]
async fn a_move_tells_where_the_mails_went() {
    let script = ask(
        "UID MOVE 10:11,15 \"Never Sent\"",
        "* OK [COPYUID 9 10:11,15 1,2,4] moved\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* VANISHED 15\r\n%T OK done\r\n",
    );
    let (mut connection, server) = in_inbox("MOVE", script).await;
    let uids = [10, 11, 15].into_iter().collect();
    let moved = connection.move_mails(&uids, &quarantine()).await.expect("it is done");
    assert_eq!(moved.destination_uid_validity.map(u32::from), Some(9), "as told");
    assert_eq!(moved.uids.into_iter().collect::<Vec<_>>(), [(10, 1), (11, 2), (15, 4)], "pairs in order");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_ok_proves_nothing() {
    let (mut connection, server) =
        in_inbox("MOVE", ask("UID MOVE 10 \"Never Sent\"", "%T OK done\r\n")).await;
    let moved = connection.move_mails(&UidSet::one(10), &quarantine()).await.expect("it was answered so");
    assert!(
        moved.uids.is_empty() && moved.destination_uid_validity.is_none(),
        "the caller must look: {moved:?}"
    );
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_move_keeps_what_was_told_before() {
    let uids: UidSet = (1..=120).map(|n| n * 1_000_000).collect();
    let parts = uids.commands();
    let first = format!("* OK [COPYUID 9 {} 1:{}] moved\r\n%T OK done\r\n", parts[0], parts[0].len());
    let cases = [
        ("%T NO [OVERQUOTA] full\r\n", FailureClass::Wait),
        ("%T NO [TRYCREATE] no such folder\r\n", FailureClass::Final),
        ("* BYE\r\n", FailureClass::Temporary),
    ];
    for (answer, class) in cases {
        let script = [
            ask(&format!("UID MOVE {} \"Never Sent\"", parts[0]), &first),
            ask(&format!("UID MOVE {} \"Never Sent\"", parts[1]), answer),
        ]
        .concat();
        let (mut connection, server) = in_inbox("MOVE", script).await;
        let failed = connection.move_mails(&uids, &quarantine()).await.expect_err("the second part failed");
        assert_eq!(failed.done.uids.len() as u64, parts[0].len(), "the first part is known to be done");
        assert_eq!(failed.error.class(), class, "{answer:?}: {:?}", failed.error);
        assert_eq!(failed.error.is_no_such_folder(), answer.contains("TRYCREATE"), "{answer:?}");
        assert_eq!(failed.error.is_over_quota(), answer.contains("OVERQUOTA"), "{answer:?}");
        finished(connection, server).await;
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_that_the_server_does_not_offer() {
    let (mut connection, server) = in_inbox("", vec![]).await;
    let one = UidSet::one(10);
    let failed = connection.move_mails(&one, &quarantine()).await.expect_err("there is no MOVE");
    assert!(matches!(failed.error, ImapError::NotOffered { capability: "MOVE" }), "{failed:?}");
    let failed = connection.uid_expunge(&one).await.expect_err("there is no UIDPLUS");
    assert!(matches!(failed, ImapError::NotOffered { capability: "UIDPLUS" }), "{failed:?}");
    let empty = UidSet::default();
    connection.add_deleted(&empty).await.expect("nothing to do is done");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_move_without_move_is_three_commands() {
    let script = [
        ask("UID COPY 10 \"Never Sent\"", "%T OK [COPYUID 9 10 3] done\r\n"),
        ask("UID STORE 10 +FLAGS.SILENT (\\Deleted)", "%T OK done\r\n"),
        ask("UID EXPUNGE 10", "* 1 EXPUNGE\r\n%T OK done\r\n"),
        ask("UID STORE 10 -FLAGS.SILENT (\\Deleted)", "%T OK done\r\n"),
    ]
    .concat();
    let (mut connection, server) = in_inbox("UIDPLUS", script).await;
    let one = UidSet::one(10);
    let copied = connection.copy_mails(&one, &quarantine()).await.expect("it is done");
    assert_eq!(copied.uids.get(&10), Some(&3), "COPYUID of the tagged OK");
    connection.add_deleted(&one).await.expect("it is done");
    connection.uid_expunge(&one).await.expect("it is done");
    connection.remove_deleted(&one).await.expect("it is done");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_cut_off_is_no_copy() {
    let (mut connection, server) =
        in_inbox("", vec![hear("UID COPY 10 \"Never Sent\""), say("* OK hm"), Step::Close]).await;
    let failed =
        connection.copy_mails(&UidSet::one(10), &quarantine()).await.expect_err("nobody said it is done");
    assert_eq!(failed.error.class(), FailureClass::Temporary, "{failed:?}");
    assert!(connection.add_deleted(&UidSet::one(10)).await.is_err(), "the source can't be touched after it");
    finished(connection, server).await;
}
