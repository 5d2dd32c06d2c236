//! Rules of the user, beside the built-in ones.

use std::fs;

use it::{Double, Mail, MailServer, Options, Rig, date};
use serde_json::Value;

/// A rule for a server that nobody else knows, one that cannot be used, and one that takes a built-in rule away.
const RULES: &str = r#"
[[rule]]
id = "harbour_returns"
what = "what the harbour office sends back"
kind = "bounce"
subject = ['^back from the harbour\b']

[[rule]]
id = "broken"
kind = "bounce"
subject = ['^(unclosed']

[[rule]]
id = "failed_recipients"
off = true
"#;

const RETURNED: &str = "Return-Path: <office@harbour.example>\r\nFrom: Office <office@harbour.example>\r\n\
    To: ada@example.org\r\nSubject: Back from the harbour: Moorings\r\nMessage-ID: <h-1@harbour.example>\r\n\
    Date: Wed, 11 Nov 2026 09:12:44 +0000\r\n\r\npilot@harbour.example is not here.\r\n";
const FAILED: &str = "Return-Path: <post@north.example>\r\nFrom: Post <post@north.example>\r\nTo: ada@example.org\r\n\
    Subject: Your mail came back\r\nX-Failed-Recipients: olaf@north.example\r\nMessage-ID: <n-1@north.example>\r\n\
    Date: Wed, 11 Nov 2026 09:12:44 +0000\r\n\r\nNobody of that name.\r\n";

fn rig() -> Rig {
    let server = MailServer::Double(Double::start(Default::default()).expect("the double starts"));
    let inbox = [RETURNED, FAILED].map(|text| Mail::new(text.as_bytes().to_vec(), date::now()));
    server.put("INBOX", inbox.to_vec()).expect("mail is put");
    server.put("Sent", Vec::new()).expect("a Sent folder");
    Rig::new(server, &Options { mode: "observe", ..Options::default() }).expect("the rig is set up")
}

fn write_rules(rig: &Rig, text: &str) -> String {
    let folder = rig.paths().rules();
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("mine.toml");
    fs::write(&file, text).expect("a file");
    file.display().to_string()
}

async fn run(rig: &Rig, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = rig.program(arguments).output().await.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn recognised(rig: &Rig) -> Vec<(String, u64)> {
    let (status, listed, told) = run(rig, &["rules", "list", "--json"]).await;
    assert_eq!(status, Some(0), "rules are listed: {told}");
    let rules = listed.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object a line"));
    let count = |rule: Value| {
        let id = rule["id"].as_str().expect("an id").to_owned();
        (id, rule["recognised"].as_u64().expect("a number"))
    };
    rules.map(count).collect()
}

#[tokio::test]
async fn a_rule_of_the_user_recognises_what_no_built_in_one_does() {
    let rig = rig();
    rig.once().await.expect("a run");
    let counts = recognised(&rig).await;
    assert!(counts.contains(&("failed_recipients".into(), 1)), "one is known without any: {counts:?}");
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 1, "and only that");
    write_rules(&rig, RULES);
    let rig = rig.anew(&Options { mode: "observe", ..Options::default() }).expect("another data directory");
    write_rules(&rig, RULES);
    rig.once().await.expect("a run");
    let counts = recognised(&rig).await;
    assert!(counts.contains(&("harbour_returns".into(), 1)), "by the user's rule: {counts:?}");
    assert!(counts.iter().all(|(id, _)| id != "failed_recipients"), "it was taken away");
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 1, "so the other is ordinary mail");
}

#[tokio::test]
async fn a_broken_rule_is_told_with_its_line_and_costs_no_other() {
    let rig = rig();
    let (status, said, _) = run(&rig, &["rules", "check"]).await;
    assert_eq!(status, Some(0), "most users have none: {said}");
    let file = write_rules(&rig, RULES);
    let (status, said, _) = run(&rig, &["rules", "check"]).await;
    assert_eq!(status, Some(2), "one cannot be used: {said}");
    assert!(said.contains(&format!("{file}:11: rule `broken`: the pattern")), "where it stands: {said}");
    assert!(said.contains("1 rule of your own"), "the other can: {said}");
    assert!(
        said.contains("note: the built-in rule `failed_recipients` is taken away"),
        "that is told: {said}"
    );
    let (status, said, _) = run(&rig, &["rules", "check", "--json", &file]).await;
    let problem: Value = serde_json::from_str(said.trim()).expect("one object");
    assert_eq!((status, problem["line"].as_u64()), (Some(2), Some(11)), "the same for programs: {said}");
    let (status, _, told) = run(&rig, &["rules", "check", "/nonexistent/rules"]).await;
    assert_eq!(status, Some(2), "a name that is no file: {told}");
    let (_, said, _) = run(&rig, &["doctor"]).await;
    assert!(said.contains("PROBLEM  rules") && said.contains("mine.toml:11"), "doctor tells it, too: {said}");
}

#[tokio::test]
async fn classify_recognises_by_rules_that_it_is_given() {
    let rig = rig();
    let file = write_rules(&rig, RULES);
    let mail = rig.data_dir().join("back.eml");
    fs::create_dir_all(rig.data_dir()).expect("a folder");
    fs::write(&mail, RETURNED).expect("a mail");
    let mail = mail.display().to_string();
    let kind = |said: &str| {
        let line: Value = serde_json::from_str(said.trim()).expect("one object");
        line["kind"].as_str().expect("a kind").to_owned()
    };
    let (status, said, _) = run(&rig, &["classify", "--json", &mail]).await;
    assert_eq!((status, kind(&said).as_str()), (Some(0), "ordinary"), "no built-in rule knows it");
    let (status, said, told) = run(&rig, &["classify", "--json", "--rules", &file, &mail]).await;
    assert_eq!((status, kind(&said).as_str()), (Some(1), "bounce"), "the user's does");
    assert!(told.contains("mine.toml:11"), "the broken one is told of: {told}");
}
