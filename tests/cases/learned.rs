//! A domain of ids that was learned is shown, holds notices back, and can be forgotten.

use it::{Rig, date};

use super::alarm::sent;
use super::clean_up::double;
use super::storm::{Returned, places, returned, rig};

const RELAY: &str = "relay.service.example";

async fn run(rig: &Rig, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = rig.program(arguments).output().await.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_learned_domain_can_be_forgotten() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let (code, nothing, _) = run(&rig, &["learned", "list"]).await;
    assert_eq!((code, nothing.trim()), (Some(0), "Nothing was learned yet."), "at first");
    // The relay wrote an id of its own over that of the user's mail: the bounce tells the other one.
    let to = "stranger5@elsewhere5.example";
    rig.server.put("Sent", [sent(5, to, now)]).expect("it is in Sent");
    let own = Returned {
        id: Some(format!("0001@{RELAY}")),
        subject: "Offer number 5",
        to: to.to_owned(),
        from: format!("{RELAY} ({RELAY} [192.0.2.77])"),
    };
    let forged = Returned {
        id: Some(format!("0002@{RELAY}")),
        subject: "A prize for you",
        to: "nobody@shop.example".to_owned(),
        from: "unknown ([203.0.113.66])".to_owned(),
    };
    let mails = [returned(1, &own, now + 30), returned(2, &forged, now + 60)];
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert_eq!(
        (first.moved, first.genuine),
        (0, 1),
        "the forged one may be the user's, by its id: {first:?}"
    );
    let (_, list, _) = run(&rig, &["learned", "list", "--json"]).await;
    let line: serde_json::Value = serde_json::from_str(&list).expect("one line of JSON");
    assert_eq!((&line["name"], &line["what"]), (&RELAY.into(), &"rewritten".into()), "what was learned");
    let (code, _, error) = run(&rig, &["learned", "forget", "other.example"]).await;
    assert_eq!(code, Some(1), "nothing was learned of it");
    assert!(error.contains("other.example") && error.contains("learned list"), "it is said: {error}");
    let (code, _, error) = run(&rig, &["learned", "forget", RELAY]).await;
    assert_eq!(code, Some(0), "it is forgotten: {error}");
    let second = rig.once().await.expect("a run succeeds");
    assert_eq!(second.moved, 1, "nothing holds the forged one back: {second:?}");
    assert_eq!(places(&rig, &mails).await, ["INBOX", "Never Sent"], "the real bounce stays");
}
