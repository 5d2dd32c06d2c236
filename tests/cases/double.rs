//! The double and a real Dovecot say the same to a bare client.

use std::collections::BTreeSet;
use std::time::Duration;

use it::imap_double::{Capabilities, Double, Setup};
use it::{Bare, Mail, MailServer, Security, date};

pub(super) const SOON: Duration = Duration::from_secs(10);

pub(super) fn mail(number: u32) -> Mail {
    let text = format!(
        "From: Bo <bo@north.example>\r\nTo: ada@example.org\r\nSubject: number {number}\r\n\
         Message-ID: <n{number}@north.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nIt failed.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; north.example\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: ada@example.org\r\nSubject: inner\r\n\r\nhello\r\n\r\n--b--\r\n"
    );
    Mail::new(text.into_bytes(), 1_790_000_000 + i64::from(number) * 60)
}

/// Leaves out what servers may say differently: sequence, timing, texts.
fn facts(answer: &it::bare::Answer) -> BTreeSet<String> {
    answer.lines.iter().map(|line| line.text.clone()).collect()
}

#[tokio::test]
async fn the_same_script_gives_the_same_answers() {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, server) in MailServer::all().expect("servers") {
        server.put("INBOX", [mail(1), mail(2).flagged("\\Flagged"), mail(3).flagged("\\Seen")]).expect("put");
        let mut bare = server.bare().await.expect("sign in");
        let mut notes = Vec::new();

        let before = server.snapshot().await.expect("snapshot");
        assert_eq!(before.0.len(), 3, "{name}: the mails put in are all there");

        let uids = bare.select("INBOX").await.expect("select");
        notes.push(format!("uids {uids:?}"));
        let all = bare.mails(&uids).await.expect("fetch");
        notes.push(format!("{all:?}"));

        for items in [
            "(UID FLAGS INTERNALDATE RFC822.SIZE)",
            "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT MESSAGE-ID)])",
            "(UID BODY.PEEK[]<10.25>)",
            "(UID BODY.PEEK[1])",
            "(UID BODY.PEEK[3.HEADER])",
            "(UID BODY.PEEK[TEXT])",
            "(UID BODY.PEEK[2.MIME])",
        ] {
            let answer = bare.ok(&format!("UID FETCH {}:* {items}", uids[1])).await.expect(items);
            for line in &answer.lines {
                let texts: Vec<_> = line.literals.iter().map(|text| String::from_utf8_lossy(text)).collect();
                let text = line.text.replace(" \\Recent", "").replace("\\Recent", "");
                notes.push(format!("{items} {text} {texts:?}"));
            }
        }
        let structure = bare.ok("UID FETCH 1 (UID BODYSTRUCTURE)").await.expect("bodystructure");
        notes.push(structure.lines[0].text.to_ascii_lowercase());

        let found =
            bare.ok("UID SEARCH HEADER Message-ID \"<n2@north.example>\" NOT DELETED").await.expect("search");
        notes.push(format!("{:?}", facts(&found)));
        assert_eq!(
            bare.command("UID MOVE 1 \"Never Sent\"").await.expect("move").status,
            "NO",
            "{name}: no folder"
        );
        bare.ok("CREATE \"Never Sent\"").await.expect("create");
        bare.ok("SUBSCRIBE \"Never Sent\"").await.expect("subscribe");
        let moved = bare.ok("UID MOVE 1:2 \"Never Sent\"").await.expect("move");
        let code = moved.line("COPYUID").expect("COPYUID in an untagged OK").text.clone();
        assert!(code.contains(" 1:2 1:2]"), "{name}: both mails, old and new UIDs: {code}");
        notes.push(format!("{}", moved.lines.iter().filter(|line| line.text.ends_with("EXPUNGE")).count()));

        bare.ok("SELECT \"Never Sent\"").await.expect("select quarantine");
        let status = bare.ok("STATUS INBOX (MESSAGES UIDNEXT UNSEEN)").await.expect("status");
        notes.push(status.line("STATUS").expect("STATUS").text.replace('"', ""));
        let copied = bare.ok("UID COPY 1 INBOX").await.expect("copy");
        assert!(copied.text.starts_with("[COPYUID "), "{name}: COPYUID in the tagged OK: {}", copied.text);
        bare.ok("UID STORE 1 +FLAGS.SILENT (\\Deleted)").await.expect("store");
        let expunged = bare.ok("UID EXPUNGE 1").await.expect("uid expunge");
        notes.push(format!(
            "{:?}",
            facts(&expunged).into_iter().filter(|l| l.ends_with("EXPUNGE")).collect::<Vec<_>>()
        ));
        bare.append("INBOX", &mail(9).flagged("\\Seen")).await.expect("append");
        bare.ok("GETQUOTAROOT INBOX").await.ok();
        bare.ok("NAMESPACE").await.expect("namespace");
        bare.ok("ID (\"name\" \"bare\")").await.expect("id");
        bare.ok("UNSELECT").await.expect("unselect");
        bare.ok("RENAME \"Never Sent\" Old").await.expect("rename");
        notes.push(format!("{:?}", bare.folders().await.expect("list").into_iter().collect::<BTreeSet<_>>()));
        bare.ok("DELETE Old").await.expect("delete");
        assert_eq!(
            bare.command("FROBNICATE").await.expect("answer").status,
            "BAD",
            "{name}: unknown command"
        );
        assert_eq!(bare.command("SELECT Old").await.expect("answer").status, "NO", "{name}: gone folder");

        let after = server.snapshot().await.expect("snapshot");
        notes.push(format!("{after:?}"));
        let sent = bare.ok("LIST \"\" \"*\"").await.expect("list");
        assert!(sent.line("\\Sent").is_some(), "{name}: a folder carries \\Sent");
        bare.ok("LOGOUT").await.expect("logout");
        told.push((name, notes));
    }
    if let [(_, double), (_, dovecot)] = told.as_slice() {
        for (double, dovecot) in double.iter().zip(dovecot) {
            assert_eq!(double, dovecot, "the double must answer as Dovecot does");
        }
    }
}

#[tokio::test]
async fn idle_hears_of_other_clients_at_once() {
    for (name, server) in MailServer::all().expect("servers") {
        server.put("INBOX", [mail(1), mail(2)]).expect("put");
        let mut bare = server.bare().await.expect("sign in");
        bare.select("INBOX").await.expect("select");
        bare.idle().await.expect("idle");
        server.deliver(&mail(3)).await.expect("deliver");
        let told = bare.read_line().await.expect("EXISTS");
        assert_eq!(told.text, "* 3 EXISTS", "{name}: a new mail is told");
        let mut texts = BTreeSet::new();
        server.put("INBOX", [mail(4)]).expect("put");
        while !texts.contains("* 4 EXISTS") {
            texts.insert(bare.read_line().await.expect("EXISTS").text);
        }
        server.drag("INBOX", "Kept", &[mail(1).digest()].into()).await.expect("drag");
        while !texts.contains("* 1 EXPUNGE") {
            texts.insert(bare.read_line().await.expect("EXPUNGE").text);
        }
        bare.done().await.expect("done");
        server.expunge("INBOX", &[mail(2).digest()].into()).await.expect("expunge");
        let answer = bare.ok("NOOP").await.expect("noop");
        assert!(answer.line("1 EXPUNGE").is_some(), "{name}: NOOP tells an expunge: {answer:?}");
        let places = server.snapshot().await.expect("snapshot");
        assert_eq!(places.places(mail(1).digest()), ["Kept"], "{name}: dragged, once");
        assert!(places.places(mail(2).digest()).is_empty(), "{name}: gone for good");
    }
}

#[tokio::test]
async fn the_double_hides_what_it_is_told_to() {
    let capabilities = Capabilities {
        moves: false,
        uidplus: false,
        idle: false,
        special_use: false,
        after_sign_in_only: true,
        ..Capabilities::default()
    };
    let setup = Setup {
        capabilities,
        prefix: "INBOX.".to_owned(),
        delimiter: '.',
        security: Security::StartTls,
        ..Setup::default()
    };
    let double = Double::start(setup).expect("double");
    let mut bare = Bare::connect(&double.endpoint()).await.expect("STARTTLS");
    let early = bare.ok("CAPABILITY").await.expect("capability");
    assert!(!early.lines[0].text.contains("NAMESPACE"), "announced after sign-in only: {early:?}");
    let credentials = "AGFkYQBjb3JyZWN0LWhvcnNl";
    bare.ok(&format!("AUTHENTICATE PLAIN {credentials}")).await.expect("sign in with an initial response");
    let words = bare.ok("CAPABILITY").await.expect("capability").lines[0].text.clone();
    assert!(words.contains("NAMESPACE"), "after sign-in: {words}");
    for hidden in ["MOVE", "UIDPLUS", "IDLE", "SPECIAL-USE"] {
        assert!(!words.contains(hidden), "{hidden} is not announced: {words}");
    }
    double.deliver("INBOX", mail(1));
    bare.select("INBOX").await.expect("select");
    assert_eq!(bare.command("UID MOVE 1 INBOX.x").await.expect("answer").status, "BAD", "no MOVE");
    assert_eq!(bare.command("CREATE x").await.expect("answer").status, "NO", "outside the namespace");
    bare.ok("CREATE INBOX.x").await.expect("inside it");
    let copied = bare.ok("UID COPY 1 INBOX.x").await.expect("copy");
    assert!(!copied.text.contains("COPYUID"), "no COPYUID without UIDPLUS: {}", copied.text);
    let list = bare.ok("LIST \"\" \"INBOX.%\"").await.expect("list");
    assert_eq!(list.lines.len(), 2, "Sent and x: {list:?}");
    assert!(list.line("\\Sent").is_none(), "no special use: {list:?}");
    assert_eq!(double.snapshot().places(mail(1).digest()), ["INBOX", "INBOX.x"], "copied");
}

#[tokio::test]
async fn what_must_never_be_done_is_noticed() {
    let double = Double::start(Setup::default()).expect("double");
    double.deliver("INBOX", mail(1).flagged("\\Deleted"));
    double.deliver("INBOX", mail(2));
    let mut bare = Bare::sign_in(&double.endpoint()).await.expect("sign in");
    let uids = bare.select("INBOX").await.expect("select");
    bare.mails(&uids).await.expect("fetch");
    assert!(double.violations().is_empty(), "PEEK is no violation: {:?}", double.violations());
    bare.ok("UID FETCH 2 (BODY[])").await.expect("fetch");
    bare.ok("UID STORE 2 +FLAGS (\\Seen)").await.expect("store");
    bare.ok("EXPUNGE").await.expect("expunge");
    assert_eq!(double.violations().len(), 3, "each is noticed: {:?}", double.violations());
    assert!(double.mails("INBOX")[0].1.flags.contains("\\Seen"), "and did what it does");
}

#[tokio::test]
async fn fifty_thousand_mails_are_served_fast() {
    let double = Double::start(Setup::default()).expect("double");
    double.deliver_all("INBOX", (0..50_000).map(mail));
    let mut bare = Bare::sign_in(&double.endpoint()).await.expect("sign in");
    let uids = bare.select("INBOX").await.expect("select");
    let began = std::time::Instant::now();
    for batch in uids.chunks(500).take(20) {
        let (first, last) = (batch[0], batch[batch.len() - 1]);
        let command = format!(
            "UID FETCH {first}:{last} (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER])"
        );
        let answer = bare.ok(&command).await.expect("fetch");
        assert_eq!(answer.lines.len(), 500, "one response for each mail");
    }
    let took = began.elapsed();
    println!("10,000 headers with BODYSTRUCTURE in {took:?}, {} octets out", double.statistics().bytes_out);
    assert!(took < SOON, "10,000 headers took {took:?}");
    assert!(date::now() > 0, "the clock runs");
}

#[tokio::test]
async fn hostile_mails_are_served() {
    let double = Double::start(Setup::default()).expect("double");
    let mails = it::population::hostile(1_790_000_000, 5_000_000);
    let mut bare = Bare::sign_in(&double.endpoint()).await.expect("sign in");
    for (name, mail) in mails {
        let uid = double.deliver("INBOX", mail.clone());
        bare.select("INBOX").await.expect(name);
        bare.ok(&format!("UID FETCH {uid} (BODYSTRUCTURE ENVELOPE BODY.PEEK[HEADER] BODY.PEEK[1])"))
            .await
            .expect(name);
        let served = bare.mails(&[uid]).await.expect(name);
        assert!(served[0].1 == mail, "{name}: octet for octet");
    }
}
