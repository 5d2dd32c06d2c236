//! Listing and opening folders (traps 10, 11 and 12; faults F23, F24, F38, F39, F41).

use super::script::{ask, finished, opened, sign_in};
use crate::imap::{FolderName, ImapError};

#[tokio::test(start_paused = true)]
async fn folders_keep_the_spelling_of_the_server() {
    let list = concat!(
        "* LIST (\\HasNoChildren \\Sent) \"/\" \"Gel&APY-scht\"\r\n",
        "* LIST (\\Noselect) \"/\" {3}\r\na b\r\n",
        "* LIST () NIL INBOX\r\n",
        "* LIST () \"\\\\\" \"a\\\"b\"\r\n",
        "%T OK done\r\n"
    );
    let (mut connection, server) =
        opened([sign_in("SPECIAL-USE"), ask("LIST \"\" \"*\"", list)].concat()).await;
    let folders = connection.list().await.expect("it is answered");
    let names: Vec<_> = folders.iter().map(|f| f.name.0.as_str()).collect();
    assert_eq!(names, ["Gel&APY-scht", "a b", "INBOX", "a\"b"], "wire names, unescaped, as they were");
    assert_eq!(folders[0].name.display(), "Gelöscht", "the user reads it so");
    assert!(folders[0].has("\\sent") && folders[0].is_selectable(), "special use is told");
    assert!(!folders[1].is_selectable(), "it can't be opened");
    assert_eq!(folders[2].delimiter, None, "it has none");
    assert_eq!(folders[3].delimiter, Some('\\'), "a backslash is escaped on the wire");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn special_use_is_asked_for_where_it_is_kept_back() {
    let script = [
        sign_in("SPECIAL-USE"),
        ask("LIST \"\" \"*\"", "* LIST () \"/\" Post\r\n* LIST () \"/\" INBOX\r\n%T OK done\r\n"),
        ask("LIST (SPECIAL-USE) \"\" \"*\"", "* LIST (\\Sent) \"/\" Post\r\n%T OK done\r\n"),
        ask("LIST \"\" \"*\"", "* LIST () \"/\" Post\r\n%T OK done\r\n"),
        ask("LIST (SPECIAL-USE) \"\" \"*\"", "%T BAD unknown\r\n"),
    ]
    .concat();
    let (mut connection, server) = opened(script).await;
    let folders = connection.list().await.expect("it is answered");
    assert!(folders[0].has("\\sent") && folders.len() == 2, "the attribute is added: {folders:?}");
    assert_eq!(connection.list().await.expect("BAD does no harm").len(), 1, "the plain list counts");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_folder_without_lasting_uids_is_not_opened() {
    let answers = [
        "* 3 EXISTS\r\n%T OK [READ-WRITE] no validity at all\r\n",
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 99999999999] 64 bits\r\n%T OK done\r\n",
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 0] zero\r\n%T OK done\r\n",
    ];
    for answer in answers {
        let (mut connection, server) = opened([sign_in(""), ask("SELECT \"INBOX\"", answer)].concat()).await;
        let refused = connection.select(&FolderName::inbox()).await;
        assert!(matches!(refused, Err(ImapError::NoUidValidity { .. })), "{answer:?}: {refused:?}");
        assert!(connection.selected().is_none(), "nothing can be done in it");
        assert!(connection.is_usable(), "the connection is good for other folders");
        finished(connection, server).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_server_leaves_out_is_found_otherwise() {
    let script = [
        sign_in(""),
        ask("EXAMINE \"INBOX\"", "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n%T OK [READ-ONLY] done\r\n"),
        ask("UID FETCH * (UID)", "* 2 FETCH (UID 41)\r\n%T OK done\r\n"),
        ask(
            "EXAMINE \"INBOX\"",
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 44] n\r\n%T OK done\r\n",
        ),
    ]
    .concat();
    let (mut connection, server) = opened(script).await;
    let seen = connection.examine(&FolderName::inbox()).await.expect("it has a validity");
    assert_eq!(
        (seen.uid_next, seen.exists, seen.read_only),
        (42, 2, true),
        "UIDNEXT is behind the last mail"
    );
    let again = connection.refresh_selected().await.expect("it is open");
    assert_eq!((again.uid_next, again.exists, again.read_only), (44, 3, true), "opened anew, as it was");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_select_leaves_no_folder_open() {
    let script = [
        super::script::inbox(""),
        ask("SELECT \"Never Sent\"", "%T NO [NONEXISTENT] no such folder\r\n"),
        ask("CREATE \"Never Sent\"", "%T NO [ALREADYEXISTS] another agent was faster\r\n"),
        ask("SUBSCRIBE \"Never Sent\"", "%T OK done\r\n"),
    ]
    .concat();
    let (mut connection, server) = opened(script).await;
    connection.select(&FolderName::inbox()).await.expect("the inbox is there");
    let quarantine = FolderName::from_display("Never Sent");
    let missing = connection.select(&quarantine).await.expect_err("it is not there");
    assert!(missing.is_no_such_folder(), "{missing:?}");
    assert!(connection.selected().is_none(), "RFC 3501 §6.3.1: a failed SELECT closes the folder before");
    connection.create(&quarantine).await.expect("a folder that exists is made");
    connection.subscribe(&quarantine).await.expect("it is answered");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn the_state_of_a_folder_is_told_whole_or_not() {
    let question = "STATUS \"Sent\" (MESSAGES UIDNEXT UIDVALIDITY)";
    let script = [
        sign_in(""),
        ask(question, "* STATUS \"Sent\" (MESSAGES 5 UIDNEXT 9 UIDVALIDITY 3)\r\n%T OK done\r\n"),
        ask(question, "* STATUS \"Sent\" ()\r\n%T OK done\r\n"),
        ask(question, "* STATUS Sent (MESSAGES 5 UIDNEXT 9)\r\n%T OK done\r\n"),
    ]
    .concat();
    let (mut connection, server) = opened(script).await;
    let sent = FolderName::from_display("Sent");
    let told = connection.status(&sent).await.expect("it is whole");
    assert_eq!((told.messages, told.uid_next, told.uid_validity.get()), (5, 9, 3), "as told");
    let empty = connection.status(&sent).await;
    assert!(matches!(empty, Err(ImapError::NotTold { .. })), "163.com answers with an empty list: {empty:?}");
    let void = connection.status(&sent).await;
    assert!(matches!(void, Err(ImapError::NoUidValidity { .. })), "{void:?}");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn no_name_can_become_a_command() {
    let (mut connection, server) = opened(sign_in("")).await;
    for name in ["x\r\nN9 DELETE Sent", "x\nN9 DELETE Sent", "x\0y"] {
        let refused = connection.select(&FolderName(name.to_owned())).await;
        assert!(matches!(refused, Err(ImapError::NotSendable { .. })), "{name:?}: {refused:?}");
    }
    // The script has no further line: nothing was sent.
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn quotas_are_told() {
    let script = [
        sign_in("QUOTA"),
        ask(
            "GETQUOTAROOT \"INBOX\"",
            "* QUOTAROOT INBOX a b\r\n* QUOTA a (STORAGE 10 100)\r\n* QUOTA b (STORAGE 90 100 MESSAGE 1 2)\r\n%T OK done\r\n",
        ),
        ask("GETQUOTAROOT \"INBOX\"", "* QUOTAROOT INBOX\r\n%T OK done\r\n"),
        ask("GETQUOTAROOT \"INBOX\"", "%T NO not for you\r\n"),
    ]
    .concat();
    let (mut connection, server) = opened(script).await;
    let inbox = FolderName::inbox();
    let quota = connection.quota(&inbox).await.expect("it is answered").expect("there is one");
    assert_eq!((quota.used_kib, quota.limit_kib), (90, 100), "the fullest counts");
    for _ in 0..2 {
        assert_eq!(connection.quota(&inbox).await.expect("it is answered"), None, "there is none");
    }
    finished(connection, server).await;
}
