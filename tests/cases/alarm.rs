//! An account that somebody else uses: the agent says so, and moves nothing of what came back.

use it::population::people::{ADDRESS, RELAY, RELAY_IP};
use it::{Mail, Rig, date};

use super::clean_up::double;
use super::storm::{Returned, returned, rig};

const MINUTE: i64 = 60;

/// A mail in Sent with this number.
pub(super) fn sent(number: u32, to: &str, when: i64) -> Mail {
    let text = format!(
        "Date: {}\r\nFrom: Ada <{ADDRESS}>\r\nTo: {to}\r\nSubject: Offer number {number}\r\nMessage-ID: \
         <{number}@laptop.example.org>\r\n\r\nHave a look.\r\n",
        date::header(when, 0)
    );
    Mail::new(text.into_bytes(), when).flagged("\\Seen")
}

/// The bounce of a mail that went through the user's own relay; of the one of this number in Sent, or of none.
fn bounce(number: u32, in_sent: bool, to: &str, when: i64) -> Mail {
    let id = if in_sent { format!("{number}@laptop.example.org") } else { format!("{number}@thief.example") };
    let subject = format!("Offer number {number}");
    let from = format!("{RELAY} ({RELAY} [{RELAY_IP}])");
    returned(number, &Returned { id: Some(id), subject: &subject, to: to.to_owned(), from }, when)
}

/// The alarm that `neversent status` shows.
async fn alarm(rig: &Rig) -> Option<String> {
    let output = rig.program(&["status", "--json"]).output().await.expect("the program runs");
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    status["accounts"][0]["alarm"].as_str().map(str::to_owned)
}

/// Genuine failures at a steady pace of ordinary life, or many at once, with their copies in Sent.
async fn failures(rig: &Rig, numbers: std::ops::Range<u32>) {
    let now = date::now();
    let to = |number: u32| format!("stranger{number}@elsewhere{number}.example");
    let when = |number: u32| now - 50 * MINUTE + i64::from(number % 50) * MINUTE / 2;
    let copies = numbers.clone().map(|number| sent(number, &to(number), when(number)));
    rig.server.put("Sent", copies).expect("they are in Sent");
    let bounces = numbers.map(|number| bounce(number, true, &to(number), when(number) + MINUTE));
    rig.server.put("INBOX", bounces).expect("they come back");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, 0, "what answers the user's mail stays: {summary:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_failures_of_mail_to_strangers_raise_an_alarm() {
    let rig = rig(double());
    failures(&rig, 100..110).await;
    assert_eq!(alarm(&rig).await, None, "ten are no theft");
    failures(&rig, 200..221).await;
    let told = alarm(&rig).await.expect("twenty within an hour are told of");
    assert!(told.contains("to people you had not written to"), "what was seen: {told}");
    assert!(told.contains("change its password"), "and what to do: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_through_the_own_server_without_a_copy_raises_an_alarm() {
    let (rig, now) = (rig(double()), date::now());
    // The relay is learned from three bounces of the user's own mail.
    let old = |number: u32| now - 20 * 86_400 + i64::from(number) * 3_600;
    let friend = |number: u32| format!("friend{number}@north.example");
    rig.server.put("Sent", (1..4).map(|n| sent(n, &friend(n), old(n)))).expect("they are in Sent");
    rig.server
        .put("INBOX", (1..4).map(|n| bounce(n, true, &friend(n), old(n) + MINUTE)))
        .expect("they come back");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 0, "they are the user's own");
    let stolen =
        |n: u32| bounce(n, false, &format!("victim{n}@shop.example"), now - 3_600 + i64::from(n) * MINUTE);
    rig.server.put("INBOX", (10..12).map(stolen)).expect("two more come back");
    assert_eq!(
        rig.once().await.expect("a run succeeds").moved,
        0,
        "mail through the own server is never moved"
    );
    assert_eq!(alarm(&rig).await, None, "two may be a program of the user's");
    rig.server.put("INBOX", [stolen(12)]).expect("a third comes back");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 0, "nor the third");
    let told = alarm(&rig).await.expect("three within a day are told of");
    assert!(told.contains("went out through your own server"), "what was seen: {told}");
    let output = rig.program(&["status"]).output().await.expect("the program runs");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("alarm"),
        "the status for people says so as well"
    );
}
