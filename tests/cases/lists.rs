//! What the window asks for: lists that are searched and ordered, figures, the undecided by what one decision would settle, what
//! the user decides of them, and a pause.

use std::time::Duration;

use agent::api::{
    AccountState, Decision, Event, GroupBy, GroupView, OverviewView, Query, RecordId, RecordPage,
    RecordState, RecordView, Request, Response, SortBy, Sorting, Trust,
};
use agent::clock;
use agent::socket::Answer as _;
use it::rig::Running;
use it::{Mail, MailServer, date};

use super::clean_up::{double, dovecot};
use super::storm::{Returned, places, returned, rig};

const MINUTE: Duration = Duration::from_secs(60);

/// A bounce of a forged mail; without an id, what is known of sent mail alone does not decide it.
fn bounce(number: u32, subject: &str, with_id: bool, when: i64) -> Mail {
    let original = Returned {
        id: with_id.then(|| format!("{number}.forged@botnet.example")),
        subject,
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.{}.113.{number}])", number % 7),
    };
    returned(number, &original, when)
}

async fn search(running: &Running, query: Query, sorting: Sorting, offset: u64, limit: u32) -> RecordPage {
    let request = Request::Search { query, sorting, offset, limit };
    match running.ask(request).await.expect("it is searched") {
        Response::Records(page) => page,
        other => panic!("a page answers a search: {other:?}"),
    }
}

async fn ids(running: &Running, query: Query) -> Vec<RecordId> {
    match running.ask(Request::Matching { query }).await.expect("it is searched") {
        Response::Ids(ids) => ids,
        other => panic!("names answer: {other:?}"),
    }
}

async fn groups(running: &Running) -> Vec<GroupView> {
    match running.ask(Request::Groups).await.expect("they are grouped") {
        Response::Groups(groups) => groups,
        other => panic!("groups answer: {other:?}"),
    }
}

async fn overview(running: &Running) -> OverviewView {
    match running.ask(Request::Overview { offset: 0 }).await.expect("it is counted") {
        Response::Overview(view) => *view,
        other => panic!("figures answer: {other:?}"),
    }
}

fn subjects_to(page: &RecordPage) -> Vec<String> {
    let to = |record: &RecordView| record.original.as_ref().and_then(|original| original.to.first().cloned());
    page.records.iter().filter_map(to).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_moved_is_searched_ordered_and_counted() {
    let (rig, now) = (rig(double()), date::now() - 3_600);
    let mails: Vec<Mail> =
        (1..=30).map(|number| bounce(number, "An offer", true, now + i64::from(number))).collect();
    rig.server.put("INBOX", mails).expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 30, "all are backscatter");
    let running = rig.engine().await.expect("the engine opens");
    let newest = Sorting::default();
    let page = search(&running, Query::default(), newest, 0, 5).await;
    assert_eq!(page.total, 30, "all of them are counted");
    let expected: Vec<String> =
        (26..=30).rev().map(|number| format!("nobody{number}@shop.example")).collect();
    assert_eq!(subjects_to(&page), expected, "the newest first");
    let oldest = Sorting { by: SortBy::Arrived, ascending: true };
    let page = search(&running, Query::default(), oldest, 28, 5).await;
    assert_eq!(subjects_to(&page), ["nobody29@shop.example", "nobody30@shop.example"], "the end of the list");
    // By words, whatever their case, wherever they stand.
    for (text, count) in [
        ("undelivered MAIL", 30),
        ("nobody7@shop.example", 1),
        ("offer mx7.shop", 1),
        ("mx7.shop.example nothing-like-it", 0),
    ] {
        let query = Query { text: text.to_owned(), ..Query::default() };
        assert_eq!(search(&running, query, newest, 0, 1).await.total, count, "{text}");
    }
    let since = Query { from: Some(rules::UnixTime(now + 21)), ..Query::default() };
    assert_eq!(search(&running, since, newest, 0, 1).await.total, 10, "from a time on");
    let nobody = Query { account: Some("work".to_owned()), ..Query::default() };
    assert_eq!(search(&running, nobody, newest, 0, 1).await.total, 0, "there is no such account");
    let all = ids(&running, Query::default()).await;
    assert_eq!(all.len(), 30, "the names of all");
    // What is put back is found where it is, without a look at the journal from the beginning.
    let back: Vec<RecordId> = all.into_iter().take(2).collect();
    running.ask(Request::QuarantineRestore { ids: back }).await.expect("they are put back");
    let restored = Query { states: vec![RecordState::Restored], ..Query::default() };
    assert_eq!(search(&running, restored, newest, 0, 10).await.total, 2, "two are back");
    let quarantined = Query { states: vec![RecordState::Quarantined], ..Query::default() };
    let page = search(&running, quarantined, newest, 0, 200).await;
    assert_eq!((page.total, page.records.len()), (28, 28), "the others are not");
    let view = overview(&running).await;
    assert_eq!((view.month.moved, view.month.restored), (30, 2), "as it was: {view:?}");
    assert_eq!(
        view.hours.iter().map(|hour| hour.count).sum::<u64>(),
        30,
        "each in an hour: {:?}",
        view.hours
    );
    assert_eq!(view.storms.iter().map(|storm| storm.count).sum::<u64>() % 30, 0, "a storm has all or none");
    assert!(view.kinds.values().sum::<u64>() == 30 && view.reasons.values().sum::<u64>() == 30, "{view:?}");
    assert!(!view.top.is_empty() && view.top.len() <= 10, "the servers that most came from");
    show_one(&running, &page.records[0].id).await;
}

/// One mail as a whole: whom it did not reach, its way, and its text.
async fn show_one(running: &Running, id: &RecordId) {
    let Response::Record(record) =
        running.ask(Request::QuarantineShow { id: id.clone() }).await.expect("a record")
    else {
        panic!("a record answers")
    };
    assert_eq!(record.recipients.len(), 1, "{record:?}");
    assert_eq!(record.recipients[0].status.as_deref(), Some("5.1.1"), "its code");
    assert_eq!(record.hops.len(), 1, "the way of the original: {:?}", record.hops);
    assert_eq!(record.hops[0].trust, Trust::Reporter, "written by the server that sent the notice");
    assert!(record.server.as_deref().is_some_and(|server| server.contains("shop.example")), "{record:?}");
    let Response::SourceText(source) =
        running.ask(Request::SourceText { id: id.clone() }).await.expect("its text")
    else {
        panic!("a text answers")
    };
    assert!(source.whole && source.text.starts_with("Return-Path: <>"), "the mail itself: {source:?}");
    assert_eq!(Some(u64::from(record.size.expect("a size"))), Some(source.size), "as long as it is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_decision_settles_all_that_are_alike() {
    let (rig, now) = (rig(dovecot()), date::now() - 3_600);
    let order: Vec<Mail> =
        (1..=3).map(|n| bounce(n, "Your order of last week", false, now + i64::from(n))).collect();
    let minutes = [
        bounce(11, "Re: Minutes of the meeting", false, now),
        bounce(12, "Minutes of the meeting", false, now),
    ];
    let stay = bounce(21, "Something else altogether", false, now);
    rig.server.put("INBOX", order.iter().chain(&minutes).chain([&stay]).cloned()).expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 0, "without an id nothing proves it");
    let running = rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("it watches");
    let found = groups(&running).await;
    let shown: Vec<(GroupBy, u64)> = found.iter().map(|group| (group.by.clone(), group.count)).collect();
    let subject = |text: &str| GroupBy::Subject(text.to_owned());
    assert_eq!(shown[0], (subject("Your order of last week"), 3), "the largest first: {shown:?}");
    assert!(
        shown[1..].iter().any(|(by, count)| {
            matches!(by, GroupBy::Subject(text) if text.ends_with("Minutes of the meeting")) && *count == 2
        }),
        "answers to it are of its subject: {shown:?}"
    );
    assert!(found.iter().all(|group| !group.sentence.is_empty()), "each says what is missing: {found:?}");
    let by = |wanted: &str| {
        let group =
            found.iter().find(|group| matches!(&group.by, GroupBy::Subject(text) if text.contains(wanted)));
        group.expect("there is one").ids.clone()
    };
    let decide = |ids, decision| running.ask(Request::Decide { ids, decision });
    let Response::Changed(changed) = decide(by("order"), Decision::NeverSent).await.expect("it is decided")
    else {
        panic!("what was changed answers")
    };
    assert_eq!((changed.done, changed.failed.len()), (3, 0), "all three: {changed:?}");
    let mut told = changed.records;
    assert_eq!(places(&rig, &order).await, ["Never Sent"; 3], "on the user's word");
    let Response::Changed(changed) = decide(by("Minutes"), Decision::Leave).await.expect("it is decided")
    else {
        panic!("what was changed answers")
    };
    assert_eq!(changed.done, 2, "both stay: {changed:?}");
    assert_eq!(places(&rig, &minutes).await, ["INBOX"; 2], "where they were");
    let left = groups(&running).await;
    assert_eq!(
        left.iter().map(|group| group.count).sum::<u64>(),
        1,
        "only one is a question still: {left:?}"
    );
    let again = decide(by("order"), Decision::NeverSent).await.expect("it is answered");
    assert!(
        matches!(again, Response::Changed(changed) if changed.done == 0 && changed.failed.len() == 3),
        "once only"
    );
    // It says whose word it was, can be taken back, and is not asked again after that.
    let quarantined = Query { states: vec![RecordState::Quarantined], ..Query::default() };
    let page = search(&running, quarantined.clone(), Sorting::default(), 0, 10).await;
    assert!(page.records.iter().all(|record| record.rule == "users_word"), "{page:?}");
    assert!(page.records[0].sentence.contains("You said"), "{}", page.records[0].sentence);
    let mut ids: Vec<RecordId> = page.records.iter().map(|record| record.id.clone()).collect();
    ids.sort();
    told.sort();
    assert_eq!(told, ids, "and the decision told which records came of it");
    running.ask(Request::QuarantineRestore { ids }).await.expect("they are put back");
    assert_eq!(places(&rig, &order).await, ["INBOX"; 3], "all three are back");
    let looked = running.ask(Request::QuarantineApply { account: None }).await.expect("it looks again");
    assert!(matches!(looked, Response::Changed(changed) if changed.done == 0), "there is nothing to move");
    assert_eq!(
        groups(&running).await.iter().map(|group| group.count).sum::<u64>(),
        1,
        "nothing is asked again"
    );
    watched.end().await.expect("the agent ends");
    drop(running);
    assert_eq!(rig.once().await.expect("a later run succeeds").moved, 0, "nor moved again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paused_no_mailbox_is_touched_and_that_outlives_the_agent() {
    let rig = rig(double());
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    let over = running.ask(Request::Pause { until: Some(clock::now().minus(1)) }).await;
    assert!(over.is_err(), "that time is over");
    let until = clock::now().plus(3_600);
    running.ask(Request::Pause { until: Some(until) }).await.expect("it is paused");
    let is_paused = |event: &Event| matches!(event, Event::StateChanged { state: AccountState::Paused { until: Some(at) }, .. } if *at == until);
    watched.until(MINUTE, is_paused).await.expect("it says so");
    let late = bounce(1, "An offer", true, date::now());
    rig.server.put("INBOX", [late.clone()]).expect("it comes in");
    watched.end().await.expect("the agent ends");
    drop(running);
    // After a new start it is paused still.
    let running = rig.engine().await.expect("the engine opens");
    let events = running.engine.events();
    let engine = running.engine.clone();
    let work = tokio::spawn(async move { engine.run().await });
    let mut events = events;
    loop {
        let event = tokio::time::timeout(MINUTE, events.recv()).await.expect("in time").expect("an event");
        assert!(
            !matches!(event, Event::StateChanged { state: AccountState::Connecting, .. }),
            "it connects to nobody: {event:?}"
        );
        if is_paused(&event) {
            break;
        }
    }
    let Response::Status(status) = running.ask(Request::Status).await.expect("a status") else {
        panic!("a status")
    };
    assert_eq!(status.accounts[0].state, AccountState::Paused { until: Some(until) }, "the status says so");
    assert_eq!(places(&rig, std::slice::from_ref(&late)).await, ["INBOX"], "nothing was moved");
    running.ask(Request::Resume).await.expect("it goes on");
    loop {
        let event = tokio::time::timeout(MINUTE, events.recv()).await.expect("in time").expect("an event");
        if matches!(event, Event::Moved { count: 1, .. }) {
            break;
        }
    }
    assert_eq!(places(&rig, &[late]).await, ["Never Sent"], "what came meanwhile is looked at");
    running.stop.cancel();
    work.await.expect("it ends").expect("cleanly");
}

/// A user presses one button after the other while the account is paused: each order has a connection of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_that_come_all_at_once_do_not_get_in_each_others_way() {
    let server = double();
    let MailServer::Double(of_server) = &server else { unreachable!("it is the double") };
    // Where mail is copied, a restore that is settled while it is under way would double it.
    of_server.set_capabilities(|can| can.moves = false);
    let (rig, now) = (rig(server), date::now() - 3_600);
    let mails: Vec<Mail> = (1..=6).map(|number| bounce(number, "An offer to read", true, now)).collect();
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    assert_eq!(rig.once().await.expect("a run succeeds").moved, 6, "they are backscatter");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let running = rig.engine().await.expect("the engine opens");
    let ids = running.records(RecordState::Quarantined).await.expect("a list");
    let orders = ids.into_iter().map(|record| {
        let engine = running.engine.clone();
        async move { engine.answer(Request::QuarantineRestore { ids: vec![record.id] }).await }
    });
    for answer in futures_util::future::join_all(orders).await {
        let answer = answer.expect("it is carried out");
        assert!(
            matches!(&answer, Response::Changed(changed) if changed.done == 1),
            "each is put back: {answer:?}"
        );
    }
    assert_eq!(places(&rig, &mails).await, ["INBOX"; 6], "each is back, and there alone");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(before.contents(), after.contents(), "no mail, flag or date is lost, doubled or altered");
}
