//! Complaints to whoever answers for a network: the contact is looked up and shown, the user's words are sent as they were seen,
//! and nobody is written to whom a notice names.

use std::collections::BTreeMap;

use it::postfix::Setup;
use it::{Mail, MailServer, NameServer, Options, Postfix, Registry, Rig, date};
use mail_parser::{MessageParser, MimeHeaders as _, PartType};

use super::super::storm::rig_with;
use super::{bounce, mailbox, record_of, reports, run};

/// An account that may complain, with these lines for `[lookups]` and for `[complaints]`.
fn complaining(lookups: &str, complaints: &str) -> (Rig, Postfix) {
    let dovecot = mailbox();
    let kept = ["net.example", "list.example"].map(str::to_owned).into();
    let postfix = Postfix::start(&dovecot, &Setup { kept, ..Setup::default() }).expect("Postfix starts");
    let lookups = format!("dkim_spf = false\n{lookups}\n[complaints]\n{complaints}");
    let options = Options { grace: "0s", more: postfix.smtp_toml(), lookups, ..Options::default() };
    (rig_with(MailServer::Dovecot(dovecot), &options), postfix)
}

/// A notice that names an address to write to.
fn notice(number: u32) -> Mail {
    let mail = bounce(number, &format!("192.0.2.{number}"), date::now() - 3_600);
    let words = "It could not be delivered.\r\nPlease write to abuse@innocent.example about it. Grüße";
    let text = String::from_utf8_lossy(&mail.bytes).replace("It could not be delivered.", words);
    Mail::new(text.into_bytes(), mail.internal_date)
}

async fn quarantined(rig: &Rig, numbers: &[u32]) -> Vec<String> {
    put(rig, numbers.iter().map(|number| notice(*number)).collect(), numbers).await
}

/// Has these mails taken out; returns the names of their records.
async fn put(rig: &Rig, mails: Vec<Mail>, numbers: &[u32]) -> Vec<String> {
    rig.server.put("INBOX", mails).expect("they come in");
    rig.once().await.expect("a run succeeds");
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(record_of(rig, &format!("nobody{number}@shop.example")).await);
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_shown_is_written_to_the_contact() {
    let answers = [("192.0.2.1".to_owned(), Registry::contact("abuse@net.example"))].into();
    let registry = Registry::start(answers).expect("the registry starts");
    let names = NameServer::start(&[
        "txt-record=1.2.0.192.abuse-contacts.abusix.zone,\"desk@list.example\"".to_owned(),
        "local=/abusix.zone/".to_owned(),
    ])
    .await
    .expect("the name server starts");
    let lookups = format!(
        "rdap = true\nrdap_registries = {:?}\nabuse_contacts = true\nname_servers = [\"{}\"]",
        registry.lists().expect("a port"),
        names.address()
    );
    let (rig, postfix) = complaining(&lookups, "operator = true\nlanguage = \"de\"");
    let ids = quarantined(&rig, &[1, 2]).await;
    let (code, shown) = run(&rig, &["reports", "contact", &ids[0]]).await;
    assert_eq!(code, Some(0), "{shown}");
    for words in [
        "Contact: abuse@net.example, says the registry",
        "Contact: desk@list.example, says Abusix",
        "Backscatter von 192.0.2.1",
        "192.0.2.1 (mx1.shop.example)",
        "RFC 5321",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("innocent.example"), "nobody whom the notice names: {shown}");
    assert_eq!(registry.asked(), ["/ipv4.json", "/ip/192.0.2.1"], "only that is asked");
    assert!(postfix.kept().expect("they are read").is_empty(), "showing sends nothing");
    let (code, text) = run(&rig, &["reports", "write", &ids[0], "--yes", "--to", "abuse@net.example"]).await;
    assert!(code == Some(0) && text.contains("is sent"), "{text}");
    let kept = postfix.until_kept(1).await.expect("it arrives");
    check_complaint(&rig, &kept[0]).await;
    let sent = reports(&rig).await;
    let found: Vec<(&str, &str, Option<&str>)> =
        sent.iter().map(|it| (it.id.0.as_str(), it.state.as_str(), it.to.as_deref())).collect();
    let id = format!("{}/operator", ids[0]);
    assert_eq!(found, [(id.as_str(), "sent", Some("abuse@net.example"))], "it is among the reports");
    // Not twice about one mail, nor so soon again to the same desk.
    let (code, text) = run(&rig, &["reports", "write", &ids[0], "--yes", "--to", "desk@list.example"]).await;
    assert!(code == Some(2) && text.contains("a complaint about this mail already"), "{code:?} {text}");
    let (code, text) = run(&rig, &["reports", "write", &ids[1], "--to", "abuse@net.example"]).await;
    assert!(code == Some(2) && text.contains("--yes"), "nothing that was not seen: {text}");
    let (code, text) = run(&rig, &["reports", "write", &ids[1], "--yes", "--to", "abuse@net.example"]).await;
    assert!(code == Some(2) && text.contains("--again"), "{code:?} {text}");
    let words = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(words.path(), "Subject: Noch einmal\n\nKurz gesagt: bitte nicht.\n")
        .expect("it is written");
    let file = words.path().to_str().expect("text");
    let arguments =
        ["reports", "write", &ids[1], "--to", "abuse@net.example", "--yes", "--again", "--text", file];
    let (code, text) = run(&rig, &arguments).await;
    assert!(code == Some(0) && text.contains("is sent"), "{text}");
    let kept = postfix.until_kept(2).await.expect("it arrives");
    let own = |mail: &Vec<u8>| String::from_utf8_lossy(mail).contains("Subject: Noch einmal");
    let own = kept.iter().find(|mail| own(mail)).expect("in the user's words");
    let own = MessageParser::default().parse(own.as_slice()).expect("a mail");
    assert_eq!(
        own.body_text(0).as_deref().map(str::trim),
        Some("Kurz gesagt: bitte nicht."),
        "as they were written"
    );
}

/// It is a report in the abuse reporting format, with the mail of the quarantine itself.
async fn check_complaint(rig: &Rig, kept: &[u8]) {
    let mail = MessageParser::default().parse(kept).expect("a mail");
    let text = mail.body_text(0).expect("words");
    assert!(
        text.contains("ada@example.org") && text.contains("Backscatter: Er trifft"),
        "in the user's language: {text}"
    );
    let part = |kind: &str| {
        let is_it = |part: &&mail_parser::MessagePart<'_>| {
            part.content_type()
                .is_some_and(|it| format!("{}/{}", it.ctype(), it.subtype().unwrap_or_default()) == kind)
        };
        mail.parts.iter().find(is_it).unwrap_or_else(|| panic!("a part {kind}"))
    };
    let facts = String::from_utf8_lossy(part("message/feedback-report").contents()).into_owned();
    for fact in [
        "Feedback-Type: abuse",
        "Source-IP: 192.0.2.1",
        "Version: 1",
        "Incidents: 1",
        "Original-Mail-From: <>",
    ] {
        assert!(facts.contains(fact), "{fact} in {facts}");
    }
    let PartType::Message(attached) = &part("message/rfc822").body else { panic!("the notice is attached") };
    let mut bare = rig.server.bare().await.expect("a connection");
    let uids = bare.examine("Never Sent").await.expect("the folder");
    let mails = bare.mails(&uids).await.expect("the mails");
    let lines = |octets: &[u8]| String::from_utf8_lossy(octets).replace("\r\n", "\n").trim_end().to_owned();
    let root = attached.raw_message();
    let same = mails.iter().any(|(_, mail)| lines(root).contains(&lines(&mail.bytes)));
    assert!(same, "the notice's own octets: {}", String::from_utf8_lossy(root));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_written_is_told() {
    let answers: BTreeMap<String, (u16, String)> = [
        ("192.0.2.2".to_owned(), (500, "no".to_owned())),
        ("192.0.2.3".to_owned(), (200, "<html>".to_owned())),
        ("192.0.2.4".to_owned(), (200, "{}".to_owned())),
        // A registry that names the user, or nobody at all, as the contact.
        ("192.0.2.5".to_owned(), Registry::contact("ada@example.org")),
        ("203.0.113.7".to_owned(), Registry::contact("abuse@net.example")),
    ]
    .into();
    let registry = Registry::start(answers).expect("the registry starts");
    let lookups = format!("rdap = true\nrdap_registries = {:?}", registry.lists().expect("a port"));
    let (rig, postfix) = complaining(&lookups, "operator = true\ninjector = true");
    let ids = quarantined(&rig, &[2, 3, 4, 5, 6]).await;
    for (id, why) in [
        (&ids[0], "500"),
        (&ids[1], "its answer cannot be read"),
        (&ids[2], "No contact is known"),
        (&ids[3], "No contact is known"),
        (&ids[4], "404"),
    ] {
        let (code, text) = run(&rig, &["reports", "contact", id]).await;
        assert!(code == Some(0) && text.contains(why), "{why}: {text}");
        assert!(
            text.contains("Subject: Backscatter from 192.0.2."),
            "how it would read all the same: {text}"
        );
    }
    // The host that the reporting server itself had the forged mail from; its contact is another.
    let (code, text) = run(&rig, &["reports", "contact", &ids[4], "--injector"]).await;
    assert!(code == Some(0) && text.contains("Contact: abuse@net.example"), "{text}");
    assert!(text.contains("Mail with a forged sender from 203.0.113.7"), "{text}");
    let (code, text) = run(&rig, &["reports", "show", &format!("{}/injector", ids[4])]).await;
    assert!(code == Some(0) && text.contains("reports write"), "how one is made: {text}");
    for (to, why) in [
        ("nonsense", "no such address"),
        ("ada@example.org", "an address of your own"),
        ("bl\u{f6}d@net.example", "no such address"),
        ("a@net.example, b@net.example", "no such address"),
    ] {
        let (code, text) = run(&rig, &["reports", "write", &ids[0], "--yes", "--to", to]).await;
        assert!(code == Some(2) && text.contains(why), "{to}: {text}");
    }
    let (code, text) = run(&rig, &["reports", "contact", "q999"]).await;
    assert!(code != Some(0) && text.contains("no record"), "{text}");
    let (code, text) = run(&rig, &["reports", "approve", &format!("{}/operator", ids[0])]).await;
    assert!(code == Some(1) && text.contains("has to be written first"), "{text}");
    // Nobody is asked, and nothing written, where that is switched off.
    let (other, post) = complaining("", "");
    let id = quarantined(&other, &[1]).await.remove(0);
    let (code, text) = run(&other, &["reports", "contact", &id]).await;
    assert!(code == Some(2) && text.contains("operator = true"), "{text}");
    let nothing =
        [postfix.kept(), post.kept()].into_iter().all(|kept| kept.expect("they are read").is_empty());
    assert!(nothing, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_taken_elsewhere_as_it_is() {
    let ((rig, _postfix), mail) = (complaining("", ""), notice(1));
    let id = put(&rig, vec![mail.clone()], &[1]).await.remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notice.eml");
    let path = file.to_str().expect("text");
    let (code, text) = run(&rig, &["reports", "save", &id, path]).await;
    assert!(code == Some(0) && text.contains("Saved as"), "{text}");
    assert!(std::fs::read(&file).expect("it is there") == *mail.bytes, "octet for octet");
    let (code, text) = run(&rig, &["reports", "save", &id, path]).await;
    assert!(code == Some(2) && text.contains("cannot be written"), "no file is written over: {text}");
    let nowhere = folder.path().join("no/such/folder.eml");
    let (code, text) = run(&rig, &["reports", "save", &id, nowhere.to_str().expect("text")]).await;
    assert!(code == Some(2) && text.contains("cannot be written"), "{text}");
    // The clipboard of a screen that nobody looks at, read by another program.
    let screen = it::Screen::start().await.expect("Xvfb starts");
    let mut copying = rig.program(&["reports", "copy", &id]);
    copying
        .env("DISPLAY", screen.display())
        .env_remove("WAYLAND_DISPLAY")
        .stdout(std::process::Stdio::piped());
    let mut copying = copying.spawn().expect("the program starts");
    let pasted = screen.until_pasted().await.expect("it is on the clipboard");
    assert_eq!(pasted, String::from_utf8_lossy(&mail.bytes), "the whole of it");
    copying.kill().await.expect("it can be ended");
    let left = std::fs::read_dir(rig.data_dir().join("copied")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no copy stays in a file");
}
