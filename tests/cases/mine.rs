//! "This was mine": what tells mail of the user's own that is in no Sent folder from that of others is proposed, learned
//! when the user says so, and held against what is in quarantine.

use std::time::Duration;

use agent::api::{Event, Proposals, Request, Response};
use it::{Mail, Rig, date};
use rules::profile::Declared;

use super::clean_up::double;
use super::storm::{Returned, places, returned, rig};

/// A bounce of what a machine of the user's sent: a backup program with numbers and a host of its own.
fn of_the_nas(number: u32, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("backup-2026{number:04}@nas.lan.example")),
        subject: "Backup done",
        to: format!("admin{number}@partner.example"),
        from: "nas.lan.example (dsl.isp.example [198.51.100.9])".to_owned(),
    };
    marked(returned(number, &original, when), "nas-backup 2.1")
}

/// A bounce of a forged mail, made by a program that calls itself as that of the user does.
fn forged(number: u32, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "Cheap pills for everybody",
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.{}.113.{number}])", number % 7),
    };
    marked(returned(number, &original, when), "nas-backup 7")
}

fn marked(mail: Mail, mailer: &str) -> Mail {
    let text = String::from_utf8_lossy(&mail.bytes).into_owned();
    let from = "\r\nFrom: ";
    // The original's header stands last.
    let (above, below) = text.rsplit_once(from).expect("the original has a From");
    let text = format!("{above}\r\nX-Mailer: {mailer}{from}{below}");
    Mail::new(text.into_bytes(), mail.internal_date)
}

async fn run(rig: &Rig, arguments: &[&str]) -> (Option<i32>, String) {
    let output = rig.program(arguments).output().await.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout) + &text(output.stderr))
}

/// The name of the record of a mail in quarantine, by whom its original was for.
async fn record_of(rig: &Rig, to: &str) -> String {
    let (_, list) = run(rig, &["quarantine", "list", "--state", "quarantined", "--json"]).await;
    let mut lines = list.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let found = lines.find(|line| line["original"]["to"][0] == to).expect("it is in quarantine");
    found["id"].as_str().expect("a name").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_narrowest_sender_is_proposed_learned_and_forgotten() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    // Five of one subject and one host are a storm, for whoever does not know better.
    let own: Vec<Mail> = (1..=5).map(|number| of_the_nas(number, now + i64::from(number))).collect();
    let storm: Vec<Mail> = (11..=14).map(|number| forged(number, now + i64::from(number))).collect();
    rig.server.put("INBOX", own.iter().chain(&storm).cloned()).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert_eq!(first.moved, 9, "none of it is in Sent: {first:?}");
    let named = record_of(&rig, "admin1@partner.example").await;
    let (code, text) = run(&rig, &["mine", &named, "--json"]).await;
    assert_eq!(code, Some(0), "there are proposals: {text}");
    let proposals: Proposals = serde_json::from_str(&text).expect("JSON");
    let found: Vec<(String, u64, u64)> = proposals
        .senders
        .iter()
        .map(|view| (view.sender.to_string(), view.brings_back, view.seem_forged))
        .collect();
    let expected = [
        ("relay:198.51.100.9", 4, 0),
        ("id:backup-*@nas.lan.example", 4, 0),
        ("id:*@nas.lan.example", 4, 0),
        ("header:x-mailer: nas-backup *", 8, 4),
    ];
    let expected: Vec<(String, u64, u64)> =
        expected.into_iter().map(|(sender, back, forged)| (sender.to_owned(), back, forged)).collect();
    assert_eq!(found, expected, "what the spammer writes as well comes last");
    let (_, shown) = run(&rig, &["mine", &named]).await;
    for text in [
        "relay:198.51.100.9\n    mail that comes from",
        "numbered backup-*@nas.lan.example; anybody can write",
        "shown by 4 other mails in quarantine",
        "4 of these seem to be spammers'",
        "Undelivered",
    ] {
        assert!(shown.contains(text), "{text:?} is shown: {shown}");
    }
    let accept = async |sender: &str| run(&rig, &["mine", &named, "--accept", sender]).await;
    let (code, refused) = accept("header:x-mailer: nas-backup *").await;
    assert_eq!(code, Some(1), "it is asked for once more: {refused}");
    assert!(refused.contains("nothing was learned: 4 other mails"), "and why: {refused}");
    let (code, wrong) = accept("relay:192.0.2.200").await;
    assert!(code == Some(1) && wrong.contains("none of those"), "it is not in the list: {wrong}");
    let (code, wrong) = accept("everything").await;
    assert!(code == Some(2) && wrong.contains("no declared sender"), "it is no sender at all: {wrong}");
    let declared = "id:backup-*@nas.lan.example";
    let (code, learned) = accept(declared).await;
    assert_eq!(code, Some(0), "the ids' pattern is learned: {learned}");
    assert!(
        learned.contains("1 mail that you named: put back"),
        "the one that was named comes at once: {learned}"
    );
    let second = rig.once().await.expect("a run succeeds");
    assert_eq!((second.moved, second.rescued), (0, 4), "so do the others: {second:?}");
    // The index and all that it was told is lost; what the user has decided stands in the journal.
    std::fs::remove_dir_all(rig.paths().index()).expect("the index is gone");
    let late = of_the_nas(6, now + 20);
    rig.server.put("INBOX", [late.clone()]).expect("it comes in");
    let third = rig.once().await.expect("a run succeeds");
    assert_eq!((third.moved, third.genuine), (0, 1), "what is like them stays: {third:?}");
    let (_, list) = run(&rig, &["learned", "list", "--json"]).await;
    let line: serde_json::Value = serde_json::from_str(&list).expect("one line of JSON");
    assert_eq!((&line["name"], &line["what"]), (&declared.into(), &"declared".into()), "it is listed");
    let export = rig.data_dir().join("old.export");
    let export = export.to_str().expect("a path");
    let (code, said) = run(&rig, &["store", "export", export]).await;
    assert_eq!(code, Some(0), "an export: {said}");
    let (code, gone) = run(&rig, &["learned", "forget", declared]).await;
    assert_eq!(code, Some(0), "it is taken back: {gone}");
    let (code, again) = run(&rig, &["learned", "forget", declared]).await;
    assert!(code == Some(1) && again.contains("learned list"), "once: {again}");
    let (code, said) = run(&rig, &["store", "import", export]).await;
    assert_eq!(code, Some(0), "an old export: {said}");
    let (_, list) = run(&rig, &["learned", "list"]).await;
    assert!(!list.contains(declared), "what was taken back since stays taken back: {list}");
    let last = of_the_nas(7, now + 21);
    rig.server.put("INBOX", [last.clone()]).expect("it comes in");
    let fourth = rig.once().await.expect("a run succeeds");
    assert_eq!(fourth.moved, 1, "the next one goes: {fourth:?}");
    let stay = places(&rig, &[own, vec![late]].concat()).await;
    assert_eq!(stay, ["INBOX"; 6], "what came back stays back");
    assert_eq!(
        places(&rig, &[storm, vec![last]].concat()).await,
        ["Never Sent"; 5],
        "the storm stays where it is"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_brings_what_was_declared_elsewhere() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let own = [of_the_nas(1, now), of_the_nas(2, now + 1)];
    rig.server.put("INBOX", own.clone()).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert_eq!(first.moved, 2, "nothing is known of them: {first:?}");
    let other = super::storm::rig(double());
    let running = other.engine().await.expect("the engine opens");
    let sender = Declared::Relay("198.51.100.9".parse().expect("an address"));
    running.ask(Request::Declare { sender }).await.expect("it is learned");
    let path = other.data_dir().join("export");
    running.ask(Request::Export { path: Some(path.clone()) }).await.expect("an export");
    drop(running);
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    running.ask(Request::Import { path }).await.expect("an import");
    let rescued = |event: &Event| matches!(event, Event::Rescued { count: 2, .. });
    watched.until(Duration::from_secs(30), rescued).await.expect("it counts at once");
    watched.end().await.expect("the agent ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_declared_mail_frees_no_storm() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let storm: Vec<Mail> = (11..=14).map(|number| forged(number, now + i64::from(number))).collect();
    rig.server.put("INBOX", storm.clone()).expect("they come in");
    rig.once().await.expect("a run succeeds");
    let running = rig.engine().await.expect("the engine opens");
    let sender = Declared::Id("15.forged@*".to_owned());
    running.ask(Request::Declare { sender }).await.expect("it is learned");
    drop(running);
    let like_them = forged(15, now + 15);
    rig.server.put("INBOX", [like_them.clone()]).expect("it comes in");
    let second = rig.once().await.expect("a run succeeds");
    assert_eq!((second.genuine, second.rescued), (1, 0), "it speaks for itself alone: {second:?}");
    assert_eq!(places(&rig, &storm).await, ["Never Sent"; 4], "the storm stays one");
    assert_eq!(places(&rig, &[like_them]).await, ["INBOX"], "what is declared stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watching_agent_puts_it_back_at_once() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let own = [of_the_nas(1, now), of_the_nas(2, now + 1)];
    rig.server.put("INBOX", own.clone()).expect("they come in");
    rig.once().await.expect("a run succeeds");
    assert_eq!(places(&rig, &own).await, ["Never Sent"; 2], "both were moved");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    let sender = Declared::Relay("198.51.100.9".parse().expect("an address"));
    let answer = running.ask(Request::Declare { sender }).await.expect("it is learned");
    assert!(matches!(answer, Response::Accepted), "{answer:?}");
    let rescued = |event: &Event| matches!(event, Event::Rescued { count: 2, .. });
    watched.until(Duration::from_secs(30), rescued).await.expect("both are put back");
    assert_eq!(places(&rig, &own).await, ["INBOX"; 2], "where they were");
    let nothing = Request::Declare { sender: Declared::Id("*".to_owned()) };
    let error = running.ask(nothing).await.expect_err("every mail there is");
    assert!(error.to_string().contains("no pattern of Message-IDs"), "{error}");
    watched.end().await.expect("the agent ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_tells_nothing_is_said_to() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let original = Returned {
        id: None,
        subject: "Hello",
        to: "nobody@shop.example".to_owned(),
        from: "unknown ([203.0.113.1])".to_owned(),
    };
    rig.server.put("INBOX", [returned(1, &original, now)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    let (_, list) = run(&rig, &["quarantine", "list", "--state", "undecided", "--json"]).await;
    let line: serde_json::Value =
        list.lines().find_map(|line| serde_json::from_str(line).ok()).expect("it is undecided");
    let name = line["id"].as_str().expect("a name");
    let (code, text) = run(&rig, &["mine", name]).await;
    assert_eq!(code, Some(1), "nothing can be proposed: {text}");
    assert!(text.contains("shows nothing that only your mail has"), "and why: {text}");
    let (code, text) = run(&rig, &["mine", "q999"]).await;
    assert_eq!(code, Some(1), "no such record: {text}");
}
