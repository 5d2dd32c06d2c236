//! The main job on servers that lack what it would like to have.

use std::collections::BTreeMap;
use std::time::Duration;

use agent::api::{Event, RecordState, Request, Response};
use it::imap_double::{Capabilities, Double, Fault, Setup, When};
use it::population::{Class, Counts, Sample};
use it::{Bare, Courier, MailServer, Options, Population, Rig, Snapshot, date};

use super::watching::of_double;

/// Few, but of each kind some.
pub(super) const FEW: Counts = Counts {
    sent: 150,
    ordinary: 80,
    answers: 40,
    must_stay: 12,
    undecidable: 2,
    genuine: 14,
    backscatter: 14,
};

/// A rig on a double with a population in it.
pub(super) fn rig(seed: u64, setup: Setup, options: &Options) -> (Rig, Population) {
    let population = Population::new(seed, date::now(), FEW);
    let prefix = setup.prefix.clone();
    let sent = if setup.sent.is_empty() { String::new() } else { format!("{prefix}{}", setup.sent) };
    let server = MailServer::Double(Double::start(setup).expect("the double starts"));
    if !sent.is_empty() {
        server.put(&sent, population.sent_mails()).expect("Sent is filled");
    }
    server.put("INBOX", population.inbox_mails()).expect("the inbox is filled");
    (Rig::new(server, options).expect("the rig is set up"), population)
}

/// Where each mail of a population lies that does not lie where it should.
pub(super) fn misplaced<'a>(
    snapshot: &Snapshot,
    population: &'a Population,
    wanted: impl Fn(&Sample) -> Vec<String>,
) -> BTreeMap<&'a str, Vec<String>> {
    let mut wrong = BTreeMap::new();
    for sample in &population.inbox {
        let places: Vec<String> = snapshot.places(sample.digest()).into_iter().map(str::to_owned).collect();
        if places != wanted(sample) {
            wrong.insert(sample.label.kind, places);
        }
    }
    wrong
}

/// Cleans, looks, cleans again, puts all back, cleans again.
async fn cleans_and_restores(seed: u64, setup: Setup) -> Rig {
    let quarantine = format!("{}Never Sent", setup.prefix);
    let (rig, population) = rig(seed, setup, &Options::default());
    cleans_and_restores_on(&rig, &population, &quarantine).await;
    let violations = of_double(&rig.server).violations();
    assert_eq!(violations, Vec::<String>::new(), "nothing was done that must never be done");
    rig
}

async fn cleans_and_restores_on(rig: &Rig, population: &Population, quarantine: &str) {
    let before = snapshot(rig).await;
    let first = rig.once().await.expect("the first run succeeds");
    assert_eq!(first.moved as usize, FEW.backscatter, "all backscatter is moved: {first:?}");
    let after = snapshot(rig).await;
    let wrong = misplaced(&after, population, |sample| {
        let moved = sample.label.class == Class::Backscatter;
        vec![if moved { quarantine.to_owned() } else { "INBOX".to_owned() }]
    });
    assert!(wrong.is_empty(), "each mail is where it belongs: {wrong:?}");
    assert_eq!(before.contents(), after.contents(), "nothing is lost, doubled or altered");
    assert_eq!(rig.once().await.expect("the second run succeeds").moved, 0, "a second run moves nothing");

    restore_all(rig).await;
    assert_eq!(before, snapshot(rig).await, "put back, all is as it was");
    assert_eq!(rig.once().await.expect("the third run succeeds").moved, 0, "what was put back stays");
    assert_eq!(before, snapshot(rig).await, "and nothing has changed");
}

async fn snapshot(rig: &Rig) -> Snapshot {
    rig.server.snapshot().await.expect("a snapshot")
}

async fn restore_all(rig: &Rig) {
    let running = rig.engine().await.expect("the engine opens");
    let records = running.records(RecordState::Quarantined).await.expect("the records");
    assert_eq!(records.len(), FEW.backscatter, "each moved mail has a record");
    let ids = records.into_iter().map(|record| record.id).collect();
    let Response::Changed(changed) = running.ask(Request::QuarantineRestore { ids }).await.expect("restored")
    else {
        panic!("a restore answers what it changed");
    };
    assert_eq!((changed.done as usize, changed.failed.len()), (FEW.backscatter, 0), "all are put back");
}

fn without(change: impl FnOnce(&mut Capabilities)) -> Setup {
    let mut setup = Setup::default();
    change(&mut setup.capabilities);
    setup
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_move() {
    let rig = cleans_and_restores(21, without(|all| all.moves = false)).await;
    let commands = of_double(&rig.server).statistics().commands;
    assert_eq!(commands.get("UID MOVE"), None, "MOVE is not offered");
    assert!(
        commands.contains_key("UID COPY") && commands.contains_key("UID EXPUNGE"),
        "the other way: {commands:?}"
    );
}

/// A rig on a real Courier with a population in it.
fn courier(seed: u64) -> (Rig, Population) {
    let population = Population::new(seed, date::now(), FEW);
    let server = MailServer::Courier(Courier::start().expect("Courier starts"));
    super::clean_up::fill(&server, &population);
    (Rig::new(server, &Options::default()).expect("the rig is set up"), population)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn courier_which_has_no_move() {
    let (rig, population) = courier(30);
    let mut bare = Bare::sign_in(&rig.server.endpoint()).await.expect("a bare client");
    let offered = bare.ok("CAPABILITY").await.expect("its capabilities");
    let offered = &offered.line("CAPABILITY").expect("they are told").text;
    assert!(!offered.contains("MOVE") && offered.contains("UIDPLUS"), "the case is about that: {offered}");
    cleans_and_restores_on(&rig, &population, "INBOX.Never Sent").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_agent_on_courier() {
    let (rig, mut population) = courier(31);
    rig.configure(&Options { grace: "0s", ..Options::default() }).expect("the configuration is written");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    let now = date::now();
    let (forged, real) = (population.backscatter(3, now), population.genuine(3, now));
    for sample in forged.iter().chain(&real) {
        rig.server.deliver(&sample.mail).await.expect("it is delivered");
    }
    let mut moved = 0;
    let all_moved = |event: &Event| {
        if let Event::Moved { count, .. } = event {
            moved += count;
        }
        moved == 3
    };
    watched.until(Duration::from_secs(120), all_moved).await.expect("the forged ones are moved");
    let places = snapshot(&rig).await;
    assert!(forged.iter().all(|one| places.places(one.digest()) == ["INBOX.Never Sent"]), "once, and there");
    assert!(real.iter().all(|one| places.places(one.digest()) == ["INBOX"]), "what is real stays");

    let dragged = forged.iter().take(1).map(Sample::digest).collect();
    rig.server.drag("INBOX.Never Sent", "INBOX", &dragged).await.expect("the user drags one back");
    let real = population.genuine(1, now);
    let news = |event: &Event| matches!(event, Event::Judged { .. });
    rig.server.deliver(&real[0].mail).await.expect("it is delivered");
    watched.until(Duration::from_secs(120), news).await.expect("what came after it is judged");
    watched.end().await.expect("a clean end");
    let places = snapshot(&rig).await;
    assert_eq!(places.places(forged[0].digest()), ["INBOX"], "what was dragged back stays");
    drop(running);
    assert_eq!(
        rig.once().await.expect("a run after it").moved,
        0,
        "and a run after it does not move it either"
    );
    assert_eq!(snapshot(&rig).await.places(forged[0].digest()), ["INBOX"], "it still lies there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_move_but_without_uidplus() {
    cleans_and_restores(22, without(|all| all.uidplus = false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_special_use_namespace_id_unselect_and_quota() {
    let setup = without(|all| {
        (all.special_use, all.namespace, all.id, all.unselect, all.quota) =
            (false, false, false, false, false);
    });
    cleans_and_restores(23, setup).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn below_inbox() {
    let setup = Setup { prefix: "INBOX.".to_owned(), delimiter: '.', ..Setup::default() };
    cleans_and_restores(24, setup).await;
    let mut setup = without(|all| (all.moves, all.special_use) = (false, false));
    (setup.prefix, setup.delimiter) = ("INBOX.".to_owned(), '.');
    cleans_and_restores(25, setup).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_copyuid() {
    let (rig, population) = rig(26, Setup::default(), &Options::default());
    let double = of_double(&rig.server);
    double.fault(When::every("UID MOVE"), Fault::OmitCopyUid);
    let before = double.snapshot();
    assert_eq!(rig.once().await.expect("a run").moved as usize, FEW.backscatter, "all backscatter is moved");
    assert_eq!(before.contents(), double.snapshot().contents(), "nothing is lost, doubled or altered");
    drop(population);
    restore_all(&rig).await;
    assert_eq!(before, double.snapshot(), "each was found again, and all is as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_neither_move_nor_uidplus_nothing_is_moved_unasked() {
    let (rig, _) = rig(27, without(|all| (all.moves, all.uidplus) = (false, false)), &Options::default());
    let before = of_double(&rig.server).snapshot();
    let error = rig.once().await.expect_err("it cannot be done without the user's leave").to_string();
    assert!(error.contains("home") && error.contains("without_uidplus"), "account and remedy: {error}");
    assert_eq!(before, of_double(&rig.server).snapshot(), "nothing has changed");
}

async fn marks_where_the_user_agreed(setup: Setup) {
    let quarantine = format!("{}Never Sent", setup.prefix);
    let agreed = Options { more: "without_uidplus = true".to_owned(), ..Options::default() };
    let (rig, population) = rig(28, setup, &agreed);
    let double = of_double(&rig.server);
    let before = double.snapshot();
    assert_eq!(rig.once().await.expect("a run").moved as usize, FEW.backscatter, "all backscatter is moved");
    let wrong = misplaced(&double.snapshot(), &population, |sample| match sample.label.class {
        Class::Backscatter => vec!["INBOX".to_owned(), quarantine.clone()],
        _ => vec!["INBOX".to_owned()],
    });
    assert!(wrong.is_empty(), "backscatter has a copy, nothing else has: {wrong:?}");
    let marked = || double.snapshot().folder("INBOX").filter(|kept| kept.flags.contains("\\Deleted")).count();
    assert_eq!(marked(), FEW.backscatter, "the originals are marked, and nothing else");
    assert_eq!(rig.once().await.expect("a run").moved, 0, "what is marked is not judged again");
    restore_all(&rig).await;
    let inbox = |snapshot: &Snapshot| -> Vec<it::Kept> { snapshot.folder("INBOX").cloned().collect() };
    assert_eq!(inbox(&before), inbox(&double.snapshot()), "put back, the inbox is as it was");
    let copies = double.snapshot();
    assert!(
        copies.folder(&quarantine).all(|kept| kept.flags.contains("\\Deleted")),
        "the copies are marked in their place"
    );
    assert_eq!(rig.once().await.expect("a run").moved, 0, "what was put back stays");
    assert_eq!(copies, double.snapshot(), "and nothing has changed");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
    assert_eq!(double.statistics().commands.get("UID EXPUNGE"), None, "nothing is expunged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_neither_move_nor_uidplus_mail_is_marked_where_the_user_agreed() {
    let mut setup = without(|all| (all.moves, all.uidplus) = (false, false));
    marks_where_the_user_agreed(setup.clone()).await;
    (setup.prefix, setup.delimiter) = ("INBOX.".to_owned(), '.');
    marks_where_the_user_agreed(setup).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_the_user_deleted_is_not_judged() {
    let (rig, population) = rig(29, Setup::default(), &Options::default());
    let double = of_double(&rig.server);
    let doomed: Vec<_> =
        super::clean_up::digests(&population, Class::Backscatter).into_iter().take(5).collect();
    double.flag(
        "INBOX",
        |mail| doomed.contains(&mail.digest()),
        |flags| {
            flags.insert("\\Deleted".to_owned());
        },
    );
    assert_eq!(rig.once().await.expect("a run").moved as usize, FEW.backscatter - 5, "the others are moved");
    let snapshot = double.snapshot();
    assert!(doomed.iter().all(|digest| snapshot.places(*digest) == ["INBOX"]), "the deleted ones stay");
}
