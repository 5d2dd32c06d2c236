//! The index of sent mail is lost, cut, garbled, or written with another key: no genuine bounce is moved, and the
//! index comes back by itself.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Duration;

use agent::api::Event;
use it::imap_double::{Fault, When};
use it::population::{Counts, Prng, Sample};
use it::{MailServer, Options, Population, Rig, date};

use super::clean_up::{double, fill};

const COUNTS: Counts = Counts {
    sent: 400,
    ordinary: 60,
    answers: 30,
    must_stay: 0,
    undecidable: 0,
    genuine: 10,
    backscatter: 10,
};
const MINUTE: Duration = Duration::from_secs(60);

/// A cleaned mailbox with a whole index, and mail that came in since and that no run has seen.
struct Case {
    rig: Rig,
    population: Population,
    whole: tempfile::TempDir,
    stay: Vec<Sample>,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder is read").flatten() {
        let to = to.join(entry.file_name());
        let kind = entry.file_type().expect("it has a type");
        if kind.is_dir() {
            copy(&entry.path(), &to);
        } else if kind.is_file() {
            fs::copy(entry.path(), &to).expect("a file is copied");
        }
    }
}

impl Case {
    async fn new() -> Self {
        let mut population = Population::new(7, date::now(), COUNTS);
        let server = double();
        fill(&server, &population);
        let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
        assert_eq!(rig.once().await.expect("the first run succeeds").moved, 10, "the index is whole");
        let mut stay: Vec<Sample> =
            population.of(it::population::Class::Backscatter).take(2).cloned().collect();
        let back = stay.iter().map(Sample::digest).collect();
        rig.server.drag("Never Sent", "INBOX", &back).await.expect("two are put back by hand");
        assert_eq!(rig.once().await.expect("the second run succeeds").moved, 0, "they stay");
        let whole = tempfile::tempdir().expect("a folder");
        copy(&rig.data_dir(), whole.path());
        let sent = population.sent.clone();
        for (kind, sent) in sent.iter().rev().take(12).enumerate() {
            stay.push(population.genuine_for(sent, kind, date::now() - 1_800));
        }
        rig.server
            .put("INBOX", stay.iter().skip(2).map(|notice| notice.mail.clone()))
            .expect("bounces come in");
        Self { rig, population, whole, stay }
    }

    /// Everything as it was before the damage, but the server, on which new mail has come in since.
    fn mend(&self) {
        fs::remove_dir_all(self.rig.data_dir()).expect("the data directory goes");
        copy(self.whole.path(), &self.rig.data_dir());
    }

    async fn nothing_genuine_moved(&self, what: &str) {
        let snapshot = self.rig.server.snapshot().await.expect("a snapshot");
        for notice in &self.stay {
            let places = snapshot.places(notice.digest());
            assert_eq!(places, ["INBOX"], "{what}: {} stays: {}", notice.label.kind, notice.label.why);
        }
    }

    fn backscatter(&mut self) -> Sample {
        let notice = self.population.backscatter(1, date::now() - 1_800).remove(0);
        self.rig.server.put("INBOX", [notice.mail.clone()]).expect("backscatter comes in");
        notice
    }

    /// Runs on a damaged data directory: what must stay stays, and soon backscatter is moved again.
    async fn survives(&mut self, what: &str, damage: impl FnOnce(&Rig)) {
        self.mend();
        damage(&self.rig);
        // While the Sent folders cannot be read either, nothing is known and nothing is moved.
        self.hide_sent(true);
        let _ = self.rig.once().await;
        self.nothing_genuine_moved(&format!("{what}, and Sent cannot be read")).await;
        self.hide_sent(false);
        let notice = self.backscatter();
        let first = self.rig.once().await.map(|run| run.moved);
        self.nothing_genuine_moved(what).await;
        let second = self.rig.once().await;
        assert!(second.is_ok(), "{what}: the index is back by the second run at last: {first:?}, {second:?}");
        self.nothing_genuine_moved(what).await;
        let places = self.rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(places.places(notice.digest()), ["Never Sent"], "{what}: backscatter is moved again");
    }

    fn hide_sent(&self, hidden: bool) {
        let MailServer::Double(double) = &self.rig.server else { return };
        double.clear_faults();
        if hidden {
            for name in ["EXAMINE Sent", "EXAMINE \"Sent\""] {
                double.fault(When::every(name), Fault::No("[UNAVAILABLE] not now".to_owned()));
            }
        }
    }
}

fn data(rig: &Rig) -> std::path::PathBuf {
    rig.paths().index().join("db")
}

fn cut(path: &Path, keep: impl FnOnce(u64) -> u64) {
    let file = OpenOptions::new().write(true).open(path).expect("the file is there");
    let length = file.metadata().expect("it has a length").len();
    file.set_len(keep(length)).expect("it can be cut");
}

/// Turns all bits of the byte at this place.
fn flip(path: &Path, at: u64) {
    let mut file = OpenOptions::new().read(true).write(true).open(path).expect("the file is there");
    let mut byte = [0];
    file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut byte)).expect("a byte is read");
    file.seek(SeekFrom::Start(at)).expect("the place is there");
    file.write_all(&[!byte[0]]).expect("a byte is written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_cut_and_foreign_indexes() {
    let mut case = Case::new().await;
    case.survives("nothing is damaged", |_| {}).await;
    case.survives("the index is deleted", |rig| {
        fs::remove_dir_all(rig.paths().index()).expect("it is there");
    })
    .await;
    case.survives("index and sidecar are deleted", |rig| {
        fs::remove_dir_all(rig.paths().index()).expect("it is there");
        fs::remove_file(rig.paths().index_meta()).expect("it is there");
    })
    .await;
    case.survives("the data file is deleted", |rig| fs::remove_file(data(rig)).expect("it is there")).await;
    case.survives("600 kB are cut off", |rig| cut(&data(rig), |length| length.saturating_sub(600_000))).await;
    case.survives("a third is cut off", |rig| cut(&data(rig), |length| length / 3 * 2)).await;
    case.survives("all is cut off", |rig| cut(&data(rig), |_| 0)).await;
    case.survives("the sidecar is missing", |rig| {
        fs::remove_file(rig.paths().index_meta()).expect("it is there");
    })
    .await;
    case.survives("the sidecar is cut", |rig| cut(&rig.paths().index_meta(), |length| length / 2)).await;
    case.survives("the sidecar is garbled", |rig| flip(&rig.paths().index_meta(), 30)).await;
    case.survives("the key is another one", |rig| {
        fs::write(rig.data_dir().join("key"), "5a".repeat(32)).expect("the key is written");
    })
    .await;
    case.survives("the key is another one and the index is gone", |rig| {
        fs::write(rig.data_dir().join("key"), "5a".repeat(32)).expect("the key is written");
        fs::remove_dir_all(rig.paths().index()).expect("it is there");
        fs::remove_file(rig.paths().index_meta()).expect("it is there");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_byte_flipped() {
    let mut case = Case::new().await;
    let mut bytes = Vec::new();
    File::open(data(&case.rig)).and_then(|mut file| file.read_to_end(&mut bytes)).expect("the file is read");
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes.get(*at) != Some(&0)).collect();
    let mut prng = Prng::new(71);
    for n in 0..20 {
        // Spread over all that is used, one in each twentieth part.
        let part = used.len() / 20;
        let at = used.get(n * part + prng.below(part)).copied().unwrap_or_default();
        case.survives(&format!("byte {at} of {} is flipped", bytes.len()), |rig| flip(&data(rig), at as u64))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_is_damaged_while_the_agent_runs() {
    let mut case = Case::new().await;
    // No grace: the index alone is what keeps the genuine ones where they are.
    case.rig.configure(&Options { grace: "0s", ..Options::default() }).expect("the configuration is written");
    for (what, damage) in [("cut to nothing", true), ("written over", false)] {
        case.mend();
        let running = case.rig.engine().await.expect("the engine opens");
        let mut watched = running.watch().await.expect("it watches");
        if damage {
            cut(&data(&case.rig), |_| 0);
        } else {
            let length = fs::metadata(data(&case.rig)).expect("it is there").len();
            let mut file = OpenOptions::new().write(true).open(data(&case.rig)).expect("it is there");
            file.write_all(&vec![0x5a; usize::try_from(length).expect("it is small")])
                .expect("it is written over");
        }
        let sent = case.population.sent.iter().rev().take(3).cloned().collect::<Vec<_>>();
        for (kind, sent) in sent.iter().enumerate() {
            let bounce = case.population.genuine_for(sent, kind, date::now() - 1_500);
            case.rig.server.put("INBOX", [bounce.mail.clone()]).expect("a bounce comes in");
            case.stay.push(bounce);
        }
        let notice = case.backscatter();
        watched
            .until(MINUTE, |event| matches!(event, Event::Moved { .. }))
            .await
            .unwrap_or_else(|error| panic!("{what}: backscatter is still moved: {error:#}"));
        case.nothing_genuine_moved(what).await;
        let snapshot = case.rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(snapshot.places(notice.digest()), ["Never Sent"], "{what}: the backscatter is moved");
        let _ = watched.end().await;
        drop(running);
        let _ = case.rig.once().await;
        case.nothing_genuine_moved(&format!("{what}, then a run")).await;
        let notice = case.backscatter();
        case.rig.once().await.unwrap_or_else(|error| panic!("{what}: the index is back: {error:#}"));
        let snapshot = case.rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(snapshot.places(notice.digest()), ["Never Sent"], "{what}: and all goes on");
        case.nothing_genuine_moved(&format!("{what}, then all goes on")).await;
    }
}
