//! "Never sent" is said only where the index of sent mail is shown to be whole.

use std::collections::BTreeSet;
use std::time::Duration;

use agent::api::{Event, RecordState, Request, Response};
use it::date::DAY;
use it::population::{Class, Label, Sample, SentMail};
use it::{MailServer, Options, Population, Rig, Snapshot, date};

use super::clean_up::{SMALL, check_places, digests, double, dovecot, fill};

fn is_kind(sample: &Sample, kind: &str) -> bool {
    sample.label.kind == kind
}

fn without_backscatter(population: &Population) -> impl Iterator<Item = &Sample> {
    population.inbox.iter().filter(|sample| sample.label.class != Class::Backscatter)
}

/// A sent mail in the middle of the inbox's time, and the times of its neighbours.
fn hole(population: &Population, days_ago: i64) -> (&SentMail, (i64, i64)) {
    let wanted = population.now - days_ago * DAY;
    let at = population.sent.iter().position(|sent| sent.when > wanted).expect("mail was sent at all times");
    let [before, lost, after] = &population.sent[at - 1..=at + 1] else { panic!("three mails") };
    (lost, (before.when, after.when))
}

/// What must be said of a piece of backscatter where the index has this hole; none where both are right.
fn moves(label: &Label, hole: (i64, i64)) -> Option<bool> {
    let (from, to) = hole;
    if (from..=to).contains(&label.time) {
        Some(false)
    } else if label.time < from || label.time - 2 * DAY > to {
        // Coverage is asked for a day before T, or before a Date that spammers set back by some hours.
        Some(true)
    } else {
        None
    }
}

/// Fails if a mail was moved whose original may be the missing one, or one stayed that has nothing to do with it.
fn check_hole(before: &Snapshot, after: &Snapshot, population: &Population, hole: (i64, i64)) {
    assert_eq!(before.contents(), after.contents(), "no mail is lost, doubled or altered");
    let (mut inside, mut outside, mut wrong) = (0, 0, Vec::new());
    for sample in &population.inbox {
        let wanted = match sample.label.class {
            Class::Backscatter => moves(&sample.label, hole),
            _ => Some(false),
        };
        let Some(wanted) = wanted else { continue };
        if sample.label.class == Class::Backscatter {
            if wanted { outside += 1 } else { inside += 1 }
        }
        let places = after.places(sample.digest());
        if places != [if wanted { "Never Sent" } else { "INBOX" }] {
            wrong.push((sample.label.clone(), places));
        }
    }
    assert!(wrong.is_empty(), "with a hole at {hole:?}, mails are not where they belong: {wrong:#?}");
    assert!(
        inside > 0 && outside > 20,
        "the case says nothing: {inside} inside of the hole, {outside} outside"
    );
}

/// Some more backscatter whose originals lie in the hole, in the order of the inbox.
fn fill_hole(population: &mut Population, (from, to): (i64, i64)) {
    let mut more = Vec::new();
    for part in 1..=3 {
        // Both what tells T and what has only its own date.
        more.extend(population.backscatter(6, from + (to - from) * part / 4));
    }
    // A notice comes up to two hours after its original.
    more.retain(|sample| (from..=to).contains(&sample.label.time));
    population.inbox.extend(more);
    population.inbox.sort_by_key(|sample| sample.mail.internal_date);
}

async fn observes(server: MailServer) {
    let population = Population::new(11, date::now(), SMALL);
    for kind in ["answer_to_all", "follow_up", "answer_to_colleague"] {
        let count = population.inbox.iter().filter(|sample| is_kind(sample, kind)).count();
        assert!(count * 20 > SMALL.answers, "{count} of {kind} would unprove the coverage if they counted");
    }
    fill(&server, &population);
    let rig =
        Rig::new(server, &Options { mode: "observe", ..Options::default() }).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let expected = digests(&population, Class::Backscatter).len();
    for run in ["first", "second"] {
        let summary = rig.once().await.expect("the run succeeds");
        assert_eq!(summary.moved, 0, "mode observe moves nothing in the {run} run");
        assert_eq!(summary.would_move as usize, expected, "and says how many it would move: {summary:?}");
        let after = rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(before, after, "nothing at all has changed on the server in the {run} run");
    }
    let running = rig.engine().await.expect("the engine opens");
    let judged = running.records(RecordState::Judged).await.expect("a list");
    assert_eq!(judged.len(), expected, "all that would be moved is listed");
    assert!(judged.iter().all(|record| record.rule == "never_sent"), "each with the rule that condemns it");
    assert!(judged.iter().all(|record| !record.sentence.is_empty()), "and why");
    let Response::Status(status) = running.ask(Request::Status).await.expect("the status") else {
        panic!("a status answers a status");
    };
    assert_eq!(status.accounts[0].to_apply as usize, expected, "the status counts them");
    let apply = Request::QuarantineApply { account: None };
    let Response::Changed(changed) = running.ask(apply).await.expect("they are moved") else {
        panic!("an order answers what changed");
    };
    assert_eq!(changed.done as usize, expected, "as many are moved as were listed: {changed:?}");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
    let left = running.records(RecordState::Judged).await.expect("a list");
    assert!(left.is_empty(), "none is left to be moved: {left:?}");
    let quarantined = running.records(RecordState::Quarantined).await.expect("a list");
    assert_eq!(quarantined.len(), expected, "all have their record");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mode_observe_shows_and_moves_nothing_until_told() {
    observes(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mode_observe_on_dovecot() {
    observes(dovecot()).await;
}

async fn unproved(server: MailServer) {
    let mut population = Population::new(12, date::now(), SMALL);
    population.inbox.retain(|sample| !is_kind(sample, "answer"));
    fill(&server, &population);
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let summary = rig.once().await.expect("the run succeeds");
    assert_eq!(summary.moved, 0, "no answers show that the index is that of the user's mail: {summary:?}");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(before, after, "so nothing at all changes on the server");
    assert!(
        summary.undecided as usize >= digests(&population, Class::Backscatter).len(),
        "they are undecided"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_answers_nothing_is_moved() {
    unproved(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_answers_nothing_is_moved_on_dovecot() {
    unproved(dovecot()).await;
}

async fn deleted_before_indexing(server: MailServer) {
    let mut population = Population::new(13, date::now(), SMALL);
    let (lost, hole) = hole(&population, 30);
    let lost = BTreeSet::from([lost.sample.digest()]);
    fill_hole(&mut population, hole);
    fill(&server, &population);
    server.expunge("Sent", &lost).await.expect("another program deletes a sent mail");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_hole(&before, &after, &population, hole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_deleted_before_indexing_is_a_hole() {
    deleted_before_indexing(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_deleted_before_indexing_is_a_hole_on_dovecot() {
    deleted_before_indexing(dovecot()).await;
}

async fn deleted_between_runs(server: MailServer) {
    let mut population = Population::new(14, date::now(), SMALL);
    let (lost, hole) = hole(&population, 25);
    let lost = BTreeSet::from([lost.sample.digest()]);
    fill_hole(&mut population, hole);
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    let there = without_backscatter(&population).map(|sample| sample.mail.clone());
    server.put("INBOX", there).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let first = rig.once().await.expect("the first run succeeds");
    assert_eq!(first.moved, 0, "there is no backscatter yet");
    rig.server.expunge("Sent", &lost).await.expect("another program deletes a sent mail");
    let new = population.of(Class::Backscatter).map(|sample| sample.mail.clone());
    rig.server.put("INBOX", new).expect("backscatter comes in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the second run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_hole(&before, &after, &population, hole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_deleted_between_two_runs_is_a_hole() {
    deleted_between_runs(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_deleted_between_two_runs_is_a_hole_on_dovecot() {
    deleted_between_runs(dovecot()).await;
}

/// How many mails were moved so far is known by an event; waits until it is `count`.
async fn until_moved(watched: &mut it::rig::Watched, count: usize) {
    let mut moved = 0;
    let enough = |event: &Event| {
        if let Event::Moved { count: more, .. } = event {
            moved += usize::try_from(*more).unwrap_or(usize::MAX);
        }
        moved >= count
    };
    watched.until(Duration::from_secs(60), enough).await.expect("what lies outside of the hole is moved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_deleted_while_the_agent_watches_is_a_hole() {
    let server = double();
    let mut population = Population::new(15, date::now(), SMALL);
    let (lost, hole) = hole(&population, 20);
    let lost = BTreeSet::from([lost.sample.digest()]);
    fill_hole(&mut population, hole);
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    let there = without_backscatter(&population).map(|sample| sample.mail.clone());
    server.put("INBOX", there).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    rig.server.expunge("Sent", &lost).await.expect("another program deletes a sent mail");
    noticed_hole(double, &running).await;
    let new = population.of(Class::Backscatter).map(|sample| sample.mail.clone());
    rig.server.put("INBOX", new).expect("backscatter comes in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let outside =
        population.of(Class::Backscatter).filter(|one| moves(&one.label, hole) == Some(true)).count();
    until_moved(&mut watched, outside).await;
    watched.end().await.expect("it ends cleanly");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_hole(&before, &after, &population, hole);
}

/// Waits until the running agent knows of a hole.
async fn noticed_hole(double: &it::Double, running: &it::rig::Running) {
    let shared = running.engine.shared();
    let account = shared.store.account("home").expect("an account");
    double
        .wait_until(Duration::from_secs(60), |_| {
            !shared.store.coverage_of(account).expect("the coverage").holes.is_empty()
        })
        .await
        .expect("the agent notices that a sent mail is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sent_mail_that_came_and_went_while_the_agent_watched_is_a_hole() {
    let server = double();
    let mut population = Population::new(16, date::now(), SMALL);
    let now = population.now;
    let last = population.sent.last().expect("mail was sent").when;
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    let there = without_backscatter(&population).map(|sample| sample.mail.clone());
    server.put("INBOX", there).expect("the inbox is filled");
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() }).expect("the rig is set up");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    let secret = population.send(now - 60).expect("a mail");
    // Saved and deleted before anybody could read it: only UIDNEXT tells that it was there.
    double.drop_connections();
    rig.server.put("Sent", [secret.sample.mail.clone()]).expect("the mail is saved");
    rig.server.expunge("Sent", &BTreeSet::from([secret.sample.digest()])).await.expect("and deleted");
    noticed_hole(double, &running).await;
    let new = population.backscatter(12, now);
    population.inbox.extend(new);
    let all = population.of(Class::Backscatter).map(|sample| sample.mail.clone());
    rig.server.put("INBOX", all).expect("backscatter comes in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let hole = (last, now + DAY);
    let outside =
        population.of(Class::Backscatter).filter(|one| moves(&one.label, hole) == Some(true)).count();
    until_moved(&mut watched, outside).await;
    watched.end().await.expect("it ends cleanly");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_hole(&before, &after, &population, hole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_original_met_later_in_the_scan_counts() {
    let mut population = Population::new(17, date::now(), SMALL);
    // Stable: the answers to colleagues have lower UIDs than what they answer.
    population.inbox.sort_by_key(|sample| is_kind(sample, "colleague"));
    let server = double();
    fill(&server, &population);
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_original_that_comes_in_later_decides_late() {
    let population = Population::new(18, date::now(), SMALL);
    let (late, there): (Vec<&Sample>, Vec<&Sample>) =
        population.inbox.iter().partition(|sample| is_kind(sample, "colleague"));
    let server = double();
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    server.put("INBOX", there.iter().map(|sample| sample.mail.clone())).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let first = rig.once().await.expect("the first run succeeds");
    let all = digests(&population, Class::Backscatter).len();
    assert!((first.moved as usize) < all, "answers to mail never met hold some back: {first:?}");
    rig.server.put("INBOX", late.iter().map(|sample| sample.mail.clone())).expect("their originals come in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let second = rig.once().await.expect("the second run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!((first.moved + second.moved) as usize, all, "now the coverage is proved: {second:?}");
    check_places(&before, &after, &population, true);
}

/// A server set back to a backup numbers its mails anew: what was missing is missing still, and what came and went
/// since the last look leaves no gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hole_outlasts_new_uids() {
    let mut population = Population::new(19, date::now(), SMALL);
    let (lost, hole) = hole(&population, 28);
    let lost = BTreeSet::from([lost.sample.digest()]);
    fill_hole(&mut population, hole);
    let server = double();
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    server.expunge("Sent", &lost).await.expect("another program deletes a sent mail");
    let there = without_backscatter(&population).map(|sample| sample.mail.clone());
    server.put("INBOX", there).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    rig.once().await.expect("the first run succeeds");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    double.new_uid_validity("Sent");
    let new = population.of(Class::Backscatter).map(|sample| sample.mail.clone());
    rig.server.put("INBOX", new).expect("backscatter comes in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the second run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_hole(&before, &after, &population, hole);
    let running = rig.engine().await.expect("the engine opens");
    let store = &running.engine.shared().store;
    let account = store.account("home").expect("an account");
    let holes = store.coverage_of(account).expect("the coverage").holes;
    let between = holes.iter().any(|hole| hole.from.0 >= population.now);
    assert!(between, "the time between the two runs is unknown: {holes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_sent_folder_is_no_hole() {
    let population = Population::new(20, date::now(), SMALL);
    let server = double();
    let MailServer::Double(double) = &server else { panic!("a double") };
    double.create("Sent Items");
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    let there = without_backscatter(&population).map(|sample| sample.mail.clone());
    server.put("INBOX", there).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    rig.once().await.expect("the first run succeeds");
    let new = population.of(Class::Backscatter).map(|sample| sample.mail.clone());
    rig.server.put("INBOX", new).expect("backscatter comes in");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the second run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
    let running = rig.engine().await.expect("the engine opens");
    let store = &running.engine.shared().store;
    let holes = store.coverage_of(store.account("home").expect("an account")).expect("the coverage").holes;
    assert!(holes.is_empty(), "both folders are known without a hole: {holes:?}");
}
