//! Where a first look into a watched folder begins.

use std::collections::BTreeSet;

use it::population::people::ADDRESS;
use it::{Mail, Options, Rig, date};

use super::clean_up::double;
use super::watching::of_double;

const DAY: i64 = 86_400;

fn letter(n: u32, days_ago: i64) -> Mail {
    let text = format!(
        "From: ada@writers.example\r\nTo: {ADDRESS}\r\nSubject: letter {n}\r\nMessage-ID: <{n}@writers.example>\r\n\r\nHello.\r\n"
    );
    Mail::new(text.into_bytes(), date::now() - days_ago * DAY)
}

/// The UIDs named in commands that ask for this, ranges written out.
fn asked(rig: &Rig, what: &str) -> BTreeSet<u32> {
    let mut uids = BTreeSet::new();
    for entry in of_double(&rig.server).log().iter().filter(|entry| entry.line.contains(what)) {
        for range in entry.line.split_ascii_whitespace().nth(2).unwrap_or_default().split(',') {
            let (from, to) = range.split_once(':').unwrap_or((range, range));
            uids.extend(from.parse::<u32>().expect("a UID")..=to.parse::<u32>().expect("a UID"));
        }
    }
    uids
}

async fn looked_at(scan_back: &str, inbox: Vec<Mail>) -> (BTreeSet<u32>, usize) {
    let server = double();
    server.put("INBOX", inbox).expect("delivered");
    server.put("Sent", [letter(0, 1)]).expect("delivered");
    let more = format!("scan_back = \"{scan_back}\"\n");
    let rig = Rig::new(server, &Options { more, ..Options::default() }).expect("the rig is set up");
    rig.once().await.expect("a run");
    (asked(&rig, "BODYSTRUCTURE"), asked(&rig, "(UID INTERNALDATE)").len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_older_than_scan_back_is_not_looked_at() {
    // The newest are young but for one that somebody moved in by hand.
    let inbox = (1..=2_500).map(|n| letter(n, if n <= 2_200 || n == 2_400 { 60 } else { 3 }));
    let (looked_at, _) = looked_at("30d", inbox.collect()).await;
    assert_eq!(looked_at, (2_201..=2_500).collect(), "from the first young one on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_every_date_is_asked_for_where_all_is_young() {
    let inbox = (1..=2_500).map(|n| letter(n, 3));
    let (looked_at, dates) = looked_at("30d", inbox.collect()).await;
    assert_eq!(looked_at.len(), 2_500, "all of it is looked at");
    assert!(dates < 250, "a tenth of the dates shows that it is young: {dates}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_looked_at_where_all_is_old() {
    let inbox = (1..=1_200).map(|n| letter(n, 60));
    let (looked_at, _) = looked_at("30d", inbox.collect()).await;
    assert!(looked_at.is_empty(), "it would cost time and decide nothing: {looked_at:?}");
}
