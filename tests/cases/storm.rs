//! A storm: many forged mails that are alike. What is known of some of them decides the others, which tell too little
//! to be judged alone.

use std::time::Duration;

use agent::api::Event;
use it::population::people::ADDRESS;
use it::{Mail, MailServer, Options, Population, Rig, date};

use super::clean_up::{double, dovecot, fill};
use super::late_copy::PROVED;

const PILLS: &str = "Cheap pills for everybody";
const MINUTE: Duration = Duration::from_secs(60);

/// A mail that came back.
pub(super) struct Returned<'a> {
    /// Its Message-ID, without brackets.
    pub id: Option<String>,
    pub subject: &'a str,
    /// Whom it could not be delivered to.
    pub to: String,
    /// Where the reporting server had it from, as its Received line says.
    pub from: String,
}

/// The bounce of number so and so, of a mail that came back.
pub(super) fn returned(number: u32, original: &Returned<'_>, when: i64) -> Mail {
    let host = format!("mx{number}.shop.example");
    let arrived = date::header(when - 20, 0);
    let id = original.id.as_ref().map(|id| format!("Message-ID: <{id}>\r\n")).unwrap_or_default();
    let Returned { subject, to, from, .. } = original;
    let text = format!(
        "Return-Path: <>\r\nDate: {}\r\nFrom: MAILER-DAEMON@{host}\r\nTo: {ADDRESS}\r\nSubject: Undelivered Mail \
         Returned to Sender\r\nMessage-ID: <{number}.notice@{host}>\r\nMIME-Version: 1.0\r\nContent-Type: \
         multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt could not be \
         delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {host}\r\nArrival-Date: \
         {arrived}\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: \
         text/rfc822-headers\r\n\r\nReceived: from {from} by {host} with ESMTP; {arrived}\r\nFrom: {ADDRESS}\r\nTo: \
         {to}\r\nSubject: {subject}\r\nDate: {arrived}\r\n{id}\r\n--b--\r\n",
        date::header(when, 0)
    );
    Mail::new(text.into_bytes(), when)
}

/// A bounce of a forged mail with this subject; with the mail's id, or without.
fn bounce(number: u32, subject: &str, with_id: bool, when: i64) -> Mail {
    let original = Returned {
        id: with_id.then(|| format!("{number}.forged@botnet.example")),
        subject,
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.{}.113.{number}])", number % 7),
    };
    returned(number, &original, when)
}

/// An automatic reply that names no id of what it answers.
fn reply(number: u32, subject: &str, when: i64) -> Mail {
    let text = format!(
        "Return-Path: <>\r\nDate: {}\r\nFrom: Bea <bea{number}@office.example>\r\nTo: {ADDRESS}\r\nSubject: Automatic reply: \
         {subject}\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <{number}.away@office.example>\r\n\r\nI am away.\r\n",
        date::header(when, 0)
    );
    Mail::new(text.into_bytes(), when)
}

/// An account whose sent mail is whole and proved by use, with no grace time.
pub(super) fn rig(server: MailServer) -> Rig {
    rig_with(server, &Options { grace: "0s", ..Options::default() })
}

/// An account whose sent mail is whole and proved by use.
pub(super) fn rig_with(server: MailServer, options: &Options) -> Rig {
    let population = Population::new(11, date::now(), PROVED);
    fill(&server, &population);
    Rig::new(server, options).expect("the rig is set up")
}

pub(super) async fn places(rig: &Rig, mails: &[Mail]) -> Vec<String> {
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    mails.iter().map(|mail| snapshot.places(mail.digest()).join("+")).collect()
}

async fn what_came_before_is_decided_late(server: MailServer) {
    let (rig, now) = (rig(server), date::now() - 600);
    let early = [bounce(1, PILLS, false, now), reply(2, PILLS, now), bounce(3, PILLS, true, now)];
    let other = [bounce(4, "Your order of last week", false, now), reply(5, "Minutes of the meeting", now)];
    rig.server.put("INBOX", early.iter().chain(&other).cloned()).expect("they come in");
    let first = rig.once().await.expect("the first run succeeds");
    assert_eq!(first.moved, 1, "only the one that names its original's id is proved: {first:?}");
    // The second and third proved ones come a day later by another run: what was seen is remembered.
    let late = [
        bounce(6, PILLS, true, now + 60),
        bounce(7, PILLS, true, now + 60),
        bounce(8, PILLS, false, now + 60),
    ];
    rig.server.put("INBOX", late.clone()).expect("they come in");
    let second = rig.once().await.expect("the second run succeeds");
    assert_eq!(second.moved, 5, "three that are proved make a storm of their subject: {second:?}");
    let (storm, others) = (places(&rig, &[&early[..], &late[..]].concat()).await, places(&rig, &other).await);
    assert_eq!(storm, ["Never Sent"; 6], "those without an id are decided by it, earlier ones too");
    assert_eq!(others, ["INBOX"; 2], "what is not like them stays");
    check_sources(&rig).await;
    let third = rig.once().await.expect("a third run succeeds");
    assert_eq!((third.moved, third.rescued), (0, 0), "nothing goes to and fro: {third:?}");
}

/// What `neversent sources` prints.
async fn printed(rig: &Rig, arguments: &[&str]) -> String {
    let output = rig.program(&[&["sources"], arguments].concat()).output().await.expect("the program runs");
    assert!(output.status.success(), "sources {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Behind the storm of one reply without a trace and five bounces stand five servers that are known, and five hosts.
async fn check_sources(rig: &Rig) {
    let lines: Vec<serde_json::Value> = printed(rig, &["--json"])
        .await
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let of = |role: &str| lines.iter().filter(|line| line["role"] == role).count();
    assert_eq!((of("backscatterer"), of("injector")), (5, 5), "one for each bounce: {lines:#?}");
    let injector =
        lines.iter().find(|line| line["ip"] == "203.3.113.3").expect("the host behind the third bounce");
    assert_eq!(
        (&injector["count"], &injector["claimed_to_be_you"]),
        (&1.into(), &false.into()),
        "{injector}"
    );
    assert_eq!(injector["kinds"]["bounce"], 1, "by kind: {injector}");
    let csv = printed(rig, &["--csv", "--role", "injector"]).await;
    assert_eq!(csv.lines().count(), 6, "a heading, and a line each: {csv}");
    // Their notices bear no trace, so no address is known to be theirs: a name in a report is no address to refuse.
    assert_eq!(printed(rig, &["--as", "ips"]).await, "", "no address is listed");
    for (form, line) in [
        ("postfix", "smtpd_restriction_classes = notices_of_backscatterers"),
        ("exim", "deny senders  = :"),
        ("sieve", "# None is known yet."),
    ] {
        assert!(printed(rig, &["--as", form]).await.contains(line), "{line} for {form}");
    }
    assert!(printed(rig, &[]).await.contains("203.3.113.3"), "the table for people names it as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_the_storm_is_decided_late() {
    what_came_before_is_decided_late(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_the_storm_is_decided_late_on_dovecot() {
    what_came_before_is_decided_late(dovecot()).await;
}

/// Even where no answer to the user's mail proves the sent mail to be whole, ten alike from five networks are a storm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watching_agent_sees_a_storm_by_its_networks() {
    let server = double();
    let population = Population::new(12, date::now(), it::population::Counts { answers: 0, ..PROVED });
    fill(&server, &population);
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    let now = date::now();
    // Fresh ones: a notice of a storm waits for no grace time.
    let storm: Vec<Mail> = (10..30).map(|number| bounce(number, PILLS, number % 2 == 0, now)).collect();
    let other = [bounce(40, "Your order of last week", true, now)];
    rig.server.put("INBOX", storm.iter().chain(&other).cloned()).expect("they come in");
    let mut moved = 0;
    let all_moved = |event: &Event| {
        if let Event::Moved { count, .. } = event {
            moved += count;
        }
        moved == 20
    };
    watched.until(MINUTE, all_moved).await.expect("all of the storm are taken out");
    watched.end().await.expect("the agent ends");
    drop(running);
    assert_eq!(places(&rig, &storm).await, ["Never Sent"; 20], "the storm");
    assert_eq!(places(&rig, &other).await, ["INBOX"], "what is not like it stays");
}

/// Three real failures that were taken for backscatter and put back are no storm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_user_puts_back_makes_no_storm() {
    let (rig, now) = (rig(double()), date::now() - 600);
    let taken: Vec<Mail> = (1..4).map(|number| bounce(number, PILLS, true, now)).collect();
    rig.server.put("INBOX", taken.iter().cloned()).expect("they come in");
    assert_eq!(rig.once().await.expect("the first run succeeds").moved, 3, "nothing speaks for them");
    let which = taken.iter().map(Mail::digest).collect();
    rig.server.drag("Never Sent", "INBOX", &which).await.expect("the user puts them back");
    let next = [bounce(4, PILLS, false, now + 60)];
    rig.server.put("INBOX", next.clone()).expect("one more comes in");
    let second = rig.once().await.expect("the second run succeeds");
    assert_eq!(second.moved, 0, "without a storm nothing is known of it: {second:?}");
    assert_eq!(places(&rig, &next).await, ["INBOX"], "it stays");
    assert_eq!(printed(&rig, &["--json"]).await, "", "and no server is blamed");
}

/// A copy that turns up late shows one mail of a storm to be the user's: then the storm was none, and all come back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_copy_ends_the_storm_of_its_subject() {
    let (rig, now) = (rig(double()), date::now() - 600);
    let taken: Vec<Mail> = (1..7).map(|number| bounce(number, PILLS, number < 4, now)).collect();
    rig.server.put("INBOX", taken.iter().cloned()).expect("they come in");
    assert_eq!(
        rig.once().await.expect("the first run succeeds").moved,
        6,
        "three make a storm of the others"
    );
    let copy = format!(
        "Date: {}\r\nFrom: Ada <{ADDRESS}>\r\nTo: nobody1@shop.example\r\nSubject: {PILLS}\r\nMessage-ID: \
         <1.forged@botnet.example>\r\n\r\nSo it was me.\r\n",
        date::header(now - 20, 0)
    );
    rig.server.put("Sent", [Mail::new(copy.into_bytes(), now - 20)]).expect("the copy turns up");
    let mut rescued = 0;
    for _ in 0..2 {
        rescued += rig.once().await.expect("a run succeeds").rescued;
    }
    assert_eq!(places(&rig, &taken[..1]).await, ["INBOX"], "the user's own comes back");
    assert_eq!(places(&rig, &taken[3..]).await, ["INBOX"; 3], "those that only the storm condemned as well");
    assert_eq!(rescued, 4, "the two whose ids were never sent stay condemned");
    let last = rig.once().await.expect("a further run succeeds");
    assert_eq!((last.moved, last.rescued), (0, 0), "nothing goes to and fro: {last:?}");
}

/// Who sends the storm may know an id of the user's from a list. That mail stays, and the storm goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_id_ends_no_storm() {
    let (rig, now) = (rig(double()), date::now() - 600);
    let sent = format!(
        "Date: {}\r\nFrom: Ada <{ADDRESS}>\r\nTo: list@lists.example\r\nSubject: On the list\r\nMessage-ID: \
         <public@laptop.example.org>\r\n\r\nEverybody reads this.\r\n",
        date::header(now - 50 * 86_400, 0)
    );
    rig.server.put("Sent", [Mail::new(sent.into_bytes(), now - 50 * 86_400)]).expect("it is saved");
    let storm: Vec<Mail> = (1..7).map(|number| bounce(number, PILLS, number < 4, now)).collect();
    rig.server.put("INBOX", storm.iter().cloned()).expect("they come in");
    assert_eq!(rig.once().await.expect("the first run succeeds").moved, 6, "they are a storm");
    let original = Returned {
        id: Some("public@laptop.example.org".to_owned()),
        subject: PILLS,
        to: "nobody9@shop.example".to_owned(),
        from: "unknown ([203.9.113.9])".to_owned(),
    };
    let (stolen, next) = ([returned(9, &original, now + 60)], [bounce(10, PILLS, false, now + 90)]);
    rig.server.put("INBOX", stolen.iter().chain(&next).cloned()).expect("more come in");
    let second = rig.once().await.expect("the second run succeeds");
    assert_eq!(
        (second.moved, second.rescued),
        (1, 0),
        "the next of the storm goes, and none comes back: {second:?}"
    );
    assert_eq!(places(&rig, &stolen).await, ["INBOX"], "what has a real id stays");
    assert_eq!(places(&rig, &storm).await, ["Never Sent"; 6], "the storm stays where it is");
}

/// A mail of the user's own with the storm's subject ends the storm of that subject for good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subject_that_the_user_used_makes_no_storm() {
    let (rig, now) = (rig(double()), date::now() - 600);
    let sent = format!(
        "Date: {}\r\nFrom: Ada <{ADDRESS}>\r\nTo: Bea <bea@office.example>\r\nSubject: {PILLS}\r\nMessage-ID: \
         <own@laptop.example.org>\r\n\r\nWhat do you make of this?\r\n",
        date::header(now - 40 * 86_400, 0)
    );
    rig.server.put("Sent", [Mail::new(sent.into_bytes(), now - 40 * 86_400)]).expect("it is saved");
    let storm: Vec<Mail> = (10..30).map(|number| bounce(number, PILLS, number < 20, now)).collect();
    rig.server.put("INBOX", storm.iter().cloned()).expect("they come in");
    let summary = rig.once().await.expect("the run succeeds");
    assert_eq!(summary.moved, 10, "those that are proved by their ids alone: {summary:?}");
    assert_eq!(places(&rig, &storm[10..]).await, ["INBOX"; 10], "the others may answer a mail of the user");
}
