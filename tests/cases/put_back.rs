//! What the user has put back is never moved again: by our command, by dragging it in any mail program, seen by
//! any agent on the mailbox, whatever was lost since.

use std::sync::Arc;
use std::time::Duration;

use agent::api::{RecordState, Request, Response};
use agent::config::{Config, Paths};
use agent::engine::Engine;
use agent::lock::DataDirLock;
use agent::secret::Keyring;
use it::imap_double::Double;
use it::population::Sample;
use it::rig::Running;
use it::{Digest, MailServer, Options, Population, Rig, date};
use tokio_util::sync::CancellationToken;

use super::clean_up::{double, dovecot, fill};
use super::late_copy::PROVED;

/// Connecting again after a BYE takes half a minute.
const LIMIT: Duration = Duration::from_secs(90);

/// A mailbox that was cleaned of six pieces of backscatter, of which three were dragged back.
struct Case {
    rig: Rig,
    population: Population,
    back: Vec<Sample>,
}

fn new_case(server: MailServer) -> Case {
    let mut population = Population::new(4, date::now(), PROVED);
    fill(&server, &population);
    let mut back = population.backscatter(6, date::now() - 3_600);
    for (sample, flag) in back.iter_mut().zip(["\\Seen", "\\Flagged", "\\Answered"].into_iter().cycle()) {
        sample.mail = sample.mail.clone().flagged(flag);
    }
    server.put("INBOX", back.iter().map(|sample| sample.mail.clone())).expect("they come in");
    let options = Options { grace: "0s", ..Options::default() };
    Case { rig: Rig::new(server, &options).expect("the rig is set up"), population, back }
}

impl Case {
    /// The first run moves all; then another mail program puts three of them back.
    async fn dragged(server: MailServer) -> Self {
        let mut case = new_case(server);
        assert_eq!(case.rig.once().await.expect("the first run succeeds").moved, 6, "all are taken out");
        case.drag().await;
        case
    }

    async fn drag(&mut self) {
        self.back.truncate(3);
        let which = self.back.iter().map(Sample::digest).collect();
        self.rig.server.drag("Never Sent", "INBOX", &which).await.expect("they are dragged back");
    }

    /// They are in the inbox, once, with flags and date.
    async fn stay(&self, what: &str) {
        let snapshot = self.rig.server.snapshot().await.expect("a snapshot");
        for sample in &self.back {
            let kept: Vec<_> = snapshot.0.iter().filter(|kept| kept.digest == sample.digest()).collect();
            let [kept] = kept.as_slice() else { panic!("{what}: once and once alone: {kept:?}") };
            assert_eq!(kept.folder, "INBOX", "{what}: it stays where the user put it");
            assert_eq!(kept.flags, sample.mail.flags, "{what}: with its flags");
            assert_eq!(kept.internal_date, sample.mail.internal_date, "{what}: and its date");
        }
    }

    /// Waits until all are taken out: a slow start may have them judged only with the first refresh while watching.
    async fn all_gone(&self) {
        let gone = |double: &Double| {
            let snapshot = double.snapshot();
            self.back.iter().all(|sample| snapshot.places(sample.digest()) == ["Never Sent"])
        };
        if let MailServer::Double(double) = &self.rig.server {
            double.wait_until(LIMIT, gone).await.expect("all are taken out");
        }
    }

    /// New backscatter comes in and is taken out by whoever watches: until then all that came before is judged.
    async fn marker_goes(&mut self) {
        let marker = self.population.backscatter(1, date::now() - 3_600).remove(0);
        self.rig.server.put("INBOX", [marker.mail.clone()]).expect("one more comes in");
        let gone = |double: &Double| double.snapshot().places(marker.digest()) == ["Never Sent"];
        if let MailServer::Double(double) = &self.rig.server {
            double.wait_until(LIMIT, gone).await.expect("one more goes");
        }
        self.is_moved(marker.digest()).await;
    }

    async fn is_moved(&self, digest: Digest) {
        let snapshot = self.rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(snapshot.places(digest), ["Never Sent"], "new backscatter is still moved");
    }

    /// A run finds one new piece of backscatter, and moves nothing else.
    async fn a_run_moves_only_what_is_new(&mut self, what: &str) {
        let marker = self.population.backscatter(1, date::now() - 3_600).remove(0);
        self.rig.server.put("INBOX", [marker.mail.clone()]).expect("one more comes in");
        let run = self.rig.once().await.unwrap_or_else(|error| panic!("{what}: a run succeeds: {error:#}"));
        assert_eq!(run.moved, 1, "{what}: what was put back is not moved again");
        self.is_moved(marker.digest()).await;
        self.stay(what).await;
    }

    fn lose_the_store(&self) {
        let paths = self.rig.paths();
        std::fs::remove_dir_all(paths.index()).expect("the store is there");
        std::fs::remove_file(paths.index_meta()).expect("its sidecar is there");
        let _ = std::fs::remove_dir_all(paths.export());
    }

    fn renumber(&self) {
        if let MailServer::Double(double) = &self.rig.server {
            double.new_uid_validity("INBOX");
        }
    }
}

async fn stays_after_runs(server: MailServer) {
    let mut case = Case::dragged(server).await;
    case.a_run_moves_only_what_is_new("the next run").await;
    case.a_run_moves_only_what_is_new("the run after").await;
    case.lose_the_store();
    case.a_run_moves_only_what_is_new("after the store was lost").await;
    case.renumber();
    case.a_run_moves_only_what_is_new("after the inbox was renumbered").await;
    case.lose_the_store();
    case.renumber();
    case.a_run_moves_only_what_is_new("after both").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_dragged_back_stays() {
    stays_after_runs(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_dragged_back_stays_on_dovecot() {
    stays_after_runs(dovecot()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_dragged_back_stays_though_the_store_is_lost_before_anybody_saw_it() {
    let mut case = Case::dragged(double()).await;
    case.lose_the_store();
    case.renumber();
    case.a_run_moves_only_what_is_new("lost and renumbered at once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_dragged_back_stays_while_the_agent_watches() {
    let mut case = new_case(double());
    let running = case.rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("it watches");
    case.all_gone().await;
    case.drag().await;
    case.marker_goes().await;
    case.stay("watching").await;
    case.renumber();
    case.marker_goes().await;
    case.stay("renumbered while it watched").await;
    let records = running.records(RecordState::Restored).await.expect("the records");
    assert_eq!(records.len(), 3, "the record says that they were put back");
    watched.end().await.expect("it ends");
    drop(running);
    case.a_run_moves_only_what_is_new("a run after it").await;
}

/// Another agent on the mailbox of a rig, with a data directory and a key of its own.
async fn second(rig: &Rig, data: &std::path::Path) -> Running {
    std::fs::write(data.join("key"), "5a".repeat(32)).expect("its key");
    let private = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(data, private(0o700)).expect("its rights");
    std::fs::set_permissions(data.join("key"), private(0o600)).expect("its rights");
    let paths = Paths { config: rig.config_file(), data_dir: data.to_owned() };
    let lock = DataDirLock::acquire(&paths).expect("nobody else has it");
    let config = Config::load(&paths.config).expect("the configuration");
    let stop = CancellationToken::new();
    let engine =
        Engine::open(config, paths, lock, Keyring::system(), stop.clone()).await.expect("the engine opens");
    Running { engine: Arc::new(engine), stop }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_agent_leaves_what_the_first_took_out_and_the_user_put_back() {
    let mut case = new_case(double());
    assert_eq!(case.rig.once().await.expect("the first run succeeds").moved, 6, "all are taken out");
    let data = tempfile::tempdir().expect("a folder");
    let (first, other) = (case.rig.engine().await.expect("one opens"), second(&case.rig, data.path()).await);
    let watched = first.watch().await.expect("one watches");
    let watched_too = other.watch().await.expect("the other watches");
    case.drag().await;
    case.marker_goes().await;
    case.stay("both watch").await;
    watched.end().await.expect("one ends");
    case.marker_goes().await;
    case.stay("only the second watches").await;
    watched_too.end().await.expect("the other ends");
    drop((first, other));
    case.a_run_moves_only_what_is_new("a run of the first").await;
    let other = second(&case.rig, data.path()).await;
    let run = other.engine.once().await.pop().expect("one account");
    assert!(run.error.is_none() && run.moved == 0, "a run of the second has nothing to do: {run:?}");
    case.stay("a run of the second").await;
}

/// Restores all by our own command.
async fn restored(server: MailServer, more: &str) {
    let mut case = new_case(server);
    let options = Options { grace: "0s", more: more.to_owned(), ..Options::default() };
    case.rig.configure(&options).expect("the configuration is written");
    assert_eq!(case.rig.once().await.expect("the first run succeeds").moved, 6, "all are taken out");
    let running = case.rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("it watches");
    let records = running.records(RecordState::Quarantined).await.expect("the records");
    let ids = records.into_iter().map(|record| record.id).collect();
    let answer = running.ask(Request::QuarantineRestore { ids }).await.expect("they are put back");
    let Response::Changed(changed) = answer else { panic!("an order answers what has changed: {answer:?}") };
    assert_eq!((changed.done, changed.failed.len()), (6, 0), "all are put back: {changed:?}");
    case.stay("put back").await;
    if matches!(case.rig.server, MailServer::Double(_)) {
        case.marker_goes().await;
        case.stay("still watching").await;
    }
    watched.end().await.expect("it ends");
    drop(running);
    case.a_run_moves_only_what_is_new("a run after it").await;
    case.lose_the_store();
    case.renumber();
    case.a_run_moves_only_what_is_new("after the store was lost and the inbox renumbered").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_restored_by_us_stays() {
    restored(double(), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_restored_by_us_stays_where_mail_is_copied() {
    let server = double();
    if let MailServer::Double(double) = &server {
        double.set_capabilities(|offers| offers.moves = false);
    }
    restored(server, "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_restored_by_us_stays_on_dovecot() {
    restored(dovecot(), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_others_moved_into_the_quarantine_is_read_there() {
    let mut case = new_case(double());
    assert_eq!(case.rig.once().await.expect("the first run succeeds").moved, 6, "all are taken out");
    // By its marks a mail is known again: the fields that are asked for to take them.
    let read = |case: &Case| {
        let MailServer::Double(double) = &case.rig.server else { panic!("a double") };
        double.log().iter().filter(|entry| entry.line.contains("FROM SUBJECT RECEIVED)")).count()
    };
    let before = read(&case);
    case.rig.once().await.expect("the second run succeeds");
    assert_eq!(read(&case), before, "of what we moved there is a record");
    let stranger = case.population.backscatter(1, date::now() - 3_600);
    case.rig
        .server
        .put("Never Sent", stranger.into_iter().map(|sample| sample.mail))
        .expect("somebody moves it there");
    case.rig.once().await.expect("the third run succeeds");
    assert!(read(&case) > before, "what somebody else moved there is read");
}
