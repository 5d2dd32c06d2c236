//! The agent is killed, at every step of its work and at random moments: afterwards each mail is in one place,
//! once, unaltered, and the next run finishes the job.

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use agent::api::RecordState;
use it::imap_double::{Capabilities, Double, Event, Fault, Moment, Setup, When};
use it::population::{Class, Counts, Prng};
use it::{MailServer, Options, Population, Rig, Snapshot, date};
use tokio::process::Command;

use super::clean_up::{check_places, fill};

/// A mailbox that is cleaned in a moment.
const FEW: Counts =
    Counts { sent: 40, ordinary: 24, answers: 20, must_stay: 0, undecidable: 0, genuine: 4, backscatter: 6 };

/// A clean-up of 500 mails, which takes three moves.
const FIVE_HUNDRED: Counts = Counts {
    sent: 60,
    ordinary: 30,
    answers: 24,
    must_stay: 0,
    undecidable: 0,
    genuine: 20,
    backscatter: 500,
};

/// What a server offers for moving mail.
#[derive(Clone, Copy, Debug)]
struct Offers {
    moves: bool,
    uidplus: bool,
    copyuid: bool,
}

const ALL: Offers = Offers { moves: true, uidplus: true, copyuid: true };
const SILENT: Offers = Offers { copyuid: false, ..ALL };
const COPIES: Offers = Offers { moves: false, ..ALL };
const COPIES_SILENTLY: Offers = Offers { moves: false, copyuid: false, ..ALL };
const MARKS: Offers = Offers { moves: false, uidplus: false, copyuid: false };

impl Offers {
    fn start(self) -> Double {
        let capabilities =
            Capabilities { moves: self.moves, uidplus: self.uidplus, ..Capabilities::default() };
        let double = Double::start(Setup { capabilities, ..Setup::default() }).expect("the double starts");
        if !self.copyuid {
            double.fault(When::every("UID MOVE"), Fault::OmitCopyUid);
            double.fault(When::every("UID COPY"), Fault::OmitCopyUid);
        }
        double
    }

    fn rig(self, population: &Population) -> Rig {
        let server = MailServer::Double(self.start());
        fill(&server, population);
        let more = if self.uidplus { "" } else { "without_uidplus = true" };
        Rig::new(server, &Options { more: more.to_owned(), ..Options::default() }).expect("the rig is set up")
    }
}

fn double(rig: &Rig) -> &Double {
    match &rig.server {
        MailServer::Double(double) => double,
        MailServer::Dovecot(_) | MailServer::Courier(_) => panic!("these cases run on the double"),
    }
}

fn once(rig: &Rig) -> Command {
    let mut program = rig.program(&["run", "--once"]);
    program.stdout(Stdio::null()).stderr(Stdio::null());
    program
}

/// Runs the program and kills it when the server says so; the server goes on only when it is dead. Returns
/// whether it was killed.
pub(super) async fn killed(rig: &Rig, at: impl Fn(&Event<'_>) -> bool + Send + Sync + 'static) -> bool {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (dead, died) = std::sync::mpsc::channel::<()>();
    let (died, struck) = (Mutex::new(died), AtomicBool::new(false));
    double(rig).on_command(move |event| {
        if at(event) && !struck.swap(true, Ordering::SeqCst) {
            let _ = tell.send(());
            let died = died.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = died.recv_timeout(Duration::from_secs(30));
        }
    });
    let mut program = once(rig).spawn().expect("the program starts");
    let killed = tokio::select! {
        _ = told.recv() => {
            program.kill().await.expect("it can be killed");
            true
        }
        status = program.wait() => {
            let status = status.expect("the program ends");
            assert!(status.success(), "a run that nobody kills succeeds: {status}");
            false
        }
    };
    drop(dead);
    double(rig).clear_hook();
    killed
}

/// Whether every mail is in its one place, on a server that lets mail be removed.
fn check(before: &Snapshot, after: &Snapshot, population: &Population, offers: Offers, what: &str) {
    if offers.uidplus {
        let altered = before.contents() != after.contents();
        assert!(!altered, "{what}: no mail, flag or date is lost, doubled or altered");
        return check_places(before, after, population, true);
    }
    for sample in &population.inbox {
        let kept: Vec<_> = after.0.iter().filter(|kept| kept.digest == sample.digest()).collect();
        let moved = sample.label.class == Class::Backscatter;
        let folders: Vec<&str> = kept.iter().map(|kept| kept.folder.as_str()).collect();
        let wanted: &[&str] = if moved { &["INBOX", "Never Sent"] } else { &["INBOX"] };
        assert_eq!(folders, wanted, "{what}: a copy of each moved mail, and nothing twice");
        for kept in kept {
            let mut flags = sample.mail.flags.clone();
            if moved && kept.folder == "INBOX" {
                flags.insert("\\Deleted".to_owned());
            }
            assert_eq!(kept.flags, flags, "{what}: only the original of a moved mail is marked");
            assert_eq!(kept.internal_date, sample.mail.internal_date, "{what}: the date stays");
        }
    }
    assert_eq!(before.folder("Sent").count(), after.folder("Sent").count(), "{what}: Sent is as it was");
}

/// After a kill: the next run puts everything right, the one after finds nothing to do.
async fn finishes(rig: &Rig, before: &Snapshot, population: &Population, offers: Offers, what: &str) {
    rig.once().await.unwrap_or_else(|error| panic!("{what}: the next run succeeds: {error:#}"));
    let after = rig.server.snapshot().await.expect("a snapshot");
    check(before, &after, population, offers, what);
    let again = rig.once().await.unwrap_or_else(|error| panic!("{what}: a third run succeeds: {error:#}"));
    assert_eq!((again.moved, again.rescued), (0, 0), "{what}: a third run has nothing to do");
    assert_eq!(rig.server.snapshot().await.expect("a snapshot"), after, "{what}: and changes nothing");
    let running = rig.engine().await.expect("the engine opens");
    let records = running.records(RecordState::Quarantined).await.expect("the records");
    let moved = population.of(Class::Backscatter).count();
    assert_eq!(records.len(), moved, "{what}: there is one record of each mail that was moved");
    let violations = double(rig).violations();
    assert!(violations.is_empty(), "{what}: nothing was done that must never be: {violations:?}");
}

/// Kills the program before and after each command that has to do with the move.
async fn killed_at_each_command(offers: Offers) {
    let population = Population::new(8, date::now(), FEW);
    let whole = offers.rig(&population);
    assert!(!killed(&whole, |_| false).await, "nobody kills the first");
    let mut points: Vec<(String, usize)> = Vec::new();
    for (name, count) in double(&whole).statistics().commands {
        if ["CREATE", "SUBSCRIBE", "STATUS", "UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "LOGOUT"]
            .contains(&name.as_str())
        {
            points.extend((1..=count).map(|nth| (name.clone(), nth)));
        }
    }
    assert!(points.len() >= 4, "a clean-up takes some commands: {points:?}");
    for (name, nth) in points {
        for moment in [Moment::Received, Moment::Executed] {
            let what = format!("{offers:?}, killed at {name} number {nth}, {moment:?}");
            let rig = offers.rig(&population);
            let before = rig.server.snapshot().await.expect("a snapshot");
            if moment == Moment::Received {
                // The command never reaches the server.
                double(&rig).fault(When::nth(&name, nth), Fault::DropBefore);
            }
            let (name, fatal) = (name.clone(), moment);
            let struck = killed(&rig, move |e| e.name == name && e.nth == nth && e.moment == fatal).await;
            assert!(struck, "{what}: that moment comes");
            finishes(&rig, &before, &population, offers, &what).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_command_where_mail_is_moved() {
    killed_at_each_command(ALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_command_where_nothing_is_told_of_a_move() {
    killed_at_each_command(SILENT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_command_where_mail_is_copied() {
    killed_at_each_command(COPIES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_command_where_nothing_is_told_of_a_copy() {
    killed_at_each_command(COPIES_SILENTLY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_command_where_originals_are_only_marked() {
    killed_at_each_command(MARKS).await;
}

/// Runs the program, killed at the first call of this name on its journal. Says whether it came to that.
async fn killed_at_journal(rig: &Rig, call: &str) -> bool {
    it::kill::killed_at(&once(rig), &rig.paths().journal(), call).await.expect("strace runs")
}

fn length(journal: &Path) -> u64 {
    std::fs::metadata(journal).map_or(0, |journal| journal.len())
}

/// The first write of the journal in a clean-up is the intents; in the run after one that was cut off, it is what
/// became of them. What is told of a move comes between two commands, so the cases above have it.
async fn killed_at_each_write(offers: Offers) {
    let population = Population::new(8, date::now(), FEW);
    for call in ["fsync", "write", "fdatasync"] {
        let what = format!("{offers:?}, killed at the journal's first {call}");
        let rig = offers.rig(&population);
        let before = rig.server.snapshot().await.expect("a snapshot");
        assert!(killed_at_journal(&rig, call).await, "{what}: that moment comes");
        let written = length(&rig.paths().journal());
        assert_eq!(written > 0, call == "fdatasync", "{what}: it was before the write, or right after");
        assert_eq!(rig.server.snapshot().await.expect("a snapshot"), before, "{what}: nothing was asked yet");
        if call == "fdatasync" {
            // What a power cut leaves of a line that was not yet on the disk.
            let journal = std::fs::OpenOptions::new().write(true).open(rig.paths().journal());
            journal.and_then(|journal| journal.set_len(written - 40)).expect("the journal is cut");
        }
        finishes(&rig, &before, &population, offers, &what).await;
    }
    for call in ["write", "fdatasync"] {
        let what = format!("{offers:?}, killed at the first {call} of settling");
        let rig = offers.rig(&population);
        let before = rig.server.snapshot().await.expect("a snapshot");
        let command = if offers.moves { "UID MOVE" } else { "UID COPY" };
        assert!(
            killed(&rig, move |e| e.name == command && e.moment == Moment::Executed).await,
            "{what}: cut off"
        );
        assert!(killed_at_journal(&rig, call).await, "{what}: that moment comes");
        finishes(&rig, &before, &population, offers, &what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_write_where_mail_is_moved() {
    killed_at_each_write(ALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_each_write_where_mail_is_copied() {
    killed_at_each_write(COPIES_SILENTLY).await;
}

/// Kills the program so many times in clean-ups of 500 mails, at moments drawn from a seed: so many commands
/// after its start, and a part of a millisecond later. A clean-up goes on until a run comes to its end.
async fn killed_at_random(seed: u64, offers: Offers, kills: usize) {
    let mut prng = Prng::new(seed);
    let population = Population::new(seed, date::now(), FIVE_HUNDRED);
    let mut done = 0;
    while done < kills {
        let rig = offers.rig(&population);
        let before = rig.server.snapshot().await.expect("a snapshot");
        while done < kills {
            // A whole run has some 35 commands, and each is two moments.
            let left = AtomicUsize::new(prng.below(60));
            let later = Duration::from_nanos(prng.bits() % 2_000_000);
            let struck = killed(&rig, move |_| {
                let counted =
                    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                let begun = std::time::Instant::now();
                while counted.is_err() && begun.elapsed() < later {
                    std::hint::spin_loop();
                }
                counted.is_err()
            });
            if !struck.await {
                break;
            }
            done += 1;
        }
        let what = format!("{offers:?}, seed {seed}, killed {done} times by now");
        finishes(&rig, &before, &population, offers, &what).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_fifty_random_moments() {
    for (seed, offers) in (500..).zip([ALL, SILENT, COPIES, COPIES_SILENTLY, MARKS]) {
        killed_at_random(seed, offers, 10).await;
    }
}

/// Two mails that are alike in every byte, so far apart that they are moved in different batches: the first is in the
/// quarantine and written down there when the power goes, of the second only the intent is in the journal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mail_is_removed_for_the_copy_of_another_just_like_it() {
    let population = Population::new(8, date::now(), FIVE_HUNDRED);
    let rig = ALL.rig(&population);
    let twin = population.of(Class::Backscatter).next().expect("there is some").mail.clone();
    rig.server.put("INBOX", [twin]).expect("the server takes it");
    let before = rig.server.snapshot().await.expect("a snapshot");
    double(&rig).fault(When::nth("UID MOVE", 3), Fault::DropBefore);
    let third = |e: &Event<'_>| e.name == "UID MOVE" && e.nth == 3 && e.moment == Moment::Received;
    assert!(killed(&rig, third).await, "the last batch is announced and never moved");
    rig.once().await.expect("the next run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert!(before.contents() == after.contents(), "no mail, flag or date is lost, doubled or altered");
    assert_eq!(after.folder("Never Sent").count(), 500, "one of the two stays in the inbox");
}
