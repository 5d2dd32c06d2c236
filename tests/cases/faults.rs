//! What goes wrong with servers and settings: nothing is moved or lost, it is said in words with the account and
//! the remedy, and it goes on by itself where that can be.

use std::process::{Output, Stdio};
use std::time::Duration;

use agent::api::{AccountState, Event, VerdictName};
use it::imap_double::{Double, Fault, Setup, When};
use it::population::Class;
use it::tls::Flaw;
use it::{Options, Population, Rig, date};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::odd_servers::{FEW, misplaced, rig};
use super::watching::{SOON, at_once, impatient, of_double};

async fn once(rig: &Rig, more: &[&str]) -> Output {
    let arguments: Vec<&str> = ["run", "--once"].into_iter().chain(more.iter().copied()).collect();
    let run = rig.program(&arguments).output();
    tokio::time::timeout(Duration::from_secs(60), run).await.expect("it ends in a minute").expect("it runs")
}

/// The program ends with this status, names the account and each of these words, and has changed nothing.
async fn refused(rig: &Rig, status: i32, words: &[&str]) {
    let double = of_double(&rig.server);
    let before = double.snapshot();
    let output = once(rig, &[]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "the exit status; said: {said}");
    for word in ["home"].iter().chain(words) {
        assert!(said.contains(word), "“{word}” is said in: {said}");
    }
    assert_eq!(before, double.snapshot(), "nothing has changed; said: {said}");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
}

/// All backscatter is in quarantine, all else in the inbox, each exactly once.
fn cleaned(double: &Double, population: &Population, what: &str) {
    let wrong = misplaced(&double.snapshot(), population, |sample| {
        vec![if sample.label.class == Class::Backscatter { "Never Sent" } else { "INBOX" }.to_owned()]
    });
    assert!(wrong.is_empty(), "{what}: each mail is where it belongs: {wrong:?}");
    assert_eq!(double.violations(), Vec::<String>::new(), "{what}: nothing was done that must never be done");
}

/// Nothing but backscatter is anywhere but in the inbox, each exactly once.
fn unharmed(double: &Double, population: &Population, what: &str) {
    let snapshot = double.snapshot();
    let wrong = misplaced(&double.snapshot(), population, |sample| {
        let places = snapshot.places(sample.digest());
        let moved = sample.label.class == Class::Backscatter && places == ["Never Sent"];
        vec![if moved { "Never Sent" } else { "INBOX" }.to_owned()]
    });
    assert!(wrong.is_empty(), "{what}: no mail is lost, doubled or wrongly moved: {wrong:?}");
}

/// The last commands and how they were answered.
pub(super) fn last(double: &Double) -> Vec<String> {
    let log = double.log();
    let told = log.iter().rev().take(40).rev();
    told.map(|entry| format!("{} {:?} {}", entry.connection, entry.status, entry.line)).collect()
}

/// Changes the configuration file.
fn reconfigure(rig: &Rig, from: &str, to: &str) {
    let text = std::fs::read_to_string(rig.config_file()).expect("the configuration");
    assert!(text.contains(from), "{from} stands in it: {text}");
    std::fs::write(rig.config_file(), text.replace(from, to)).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password() {
    let (mut rig, _) = rig(41, Setup::default(), &Options::default());
    of_double(&rig.server).set_password("another");
    refused(&rig, 3, &["refused the sign-in", "password"]).await;

    rig.pace = impatient();
    of_double(&rig.server).clear_record();
    let running = rig.engine().await.expect("the engine opens");
    let mut events = running.engine.events();
    let engine = running.engine.clone();
    let task = tokio::spawn(async move { engine.run().await });
    let failed = async {
        while let Ok(event) = events.recv().await {
            if matches!(event, Event::StateChanged { state: AccountState::SignInFailed, .. }) {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, failed).await.expect("the state says that the sign-in failed");
    let tries = |double: &Double| -> usize {
        let commands = double.statistics().commands;
        ["LOGIN", "AUTHENTICATE"].iter().filter_map(|name| commands.get(*name)).sum()
    };
    let more = of_double(&rig.server).wait_until(Duration::from_secs(4), |double| tries(double) > 2).await;
    assert!(more.is_err(), "each connection tries once, and never again");
    running.stop.cancel();
    tokio::time::timeout(Duration::from_secs(6), task)
        .await
        .expect("in time")
        .expect("it ends")
        .expect("well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_cannot_be_trusted_or_found() {
    for (flaw, words) in
        [(Flaw::Expired, ["certificate", "expired"]), (Flaw::ForeignName, ["certificate", "another host"])]
    {
        let (rig, _) = rig(42, Setup { flaw, ..Setup::default() }, &Options::default());
        refused(&rig, 4, &words).await;
    }
    let (rig, _) = rig(43, Setup::default(), &Options::default());
    reconfigure(&rig, "\"localhost\"", "\"mail.invalid\"");
    refused(&rig, 4, &["mail.invalid", "check the network and the host name"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_do_not_fit() {
    let (nothing_sent, _) = rig(44, Setup { sent: String::new(), ..Setup::default() }, &Options::default());
    refused(&nothing_sent, 2, &["sent mail", "`sent`"]).await;
    for (more, word) in [("sent = [\"Gone\"]", "`sent`"), ("watch = [\"INBOX\", \"Gone\"]", "`watch`")] {
        let (rig, _) = rig(45, Setup::default(), &Options { more: more.to_owned(), ..Options::default() });
        refused(&rig, 2, &["Gone", word]).await;
    }
    let (rig, _) = rig(46, Setup::default(), &Options::default());
    reconfigure(&rig, "grace =", "grase =");
    let output = once(&rig, &[]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "a wrong configuration: {said}");
    assert!(said.contains("grase") && said.contains("line"), "the key and its line: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_to_be_had() {
    let (rig, _) = rig(47, Setup::default(), &Options::default());
    reconfigure(&rig, "{ command = \"echo 'correct-horse'\" }", "\"keyring\"");
    let before = of_double(&rig.server).snapshot();
    let mut program = rig.program(&["run", "--once"]);
    program.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    let output = tokio::time::timeout(SOON, program.output()).await.expect("in time").expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "no sign-in without a secret: {said}");
    assert!(said.contains("home") && said.contains("command"), "account and remedy: {said}");
    assert_eq!(before, of_double(&rig.server).snapshot(), "nothing has changed");

    let (rig, _) = super::odd_servers::rig(48, Setup::default(), &Options::default());
    reconfigure(&rig, "echo 'correct-horse'", "exit 7");
    refused(&rig, 3, &["command"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_inbox() {
    let (rig, population) = rig(49, Setup::default(), &Options::default());
    of_double(&rig.server).set_read_only("INBOX", true);
    let output = once(&rig, &[]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "the exit status; said: {said}");
    assert!(
        said.contains("home") && said.contains("read-only") && said.contains("INBOX"),
        "in words: {said}"
    );
    let places = misplaced(&of_double(&rig.server).snapshot(), &population, |_| vec!["INBOX".to_owned()]);
    assert!(places.is_empty(), "nothing was moved: {places:?}");
    of_double(&rig.server).set_read_only("INBOX", false);
    assert_eq!(once(&rig, &[]).await.status.code(), Some(0), "the right is given, and it works");
    cleaned(of_double(&rig.server), &population, "after that");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_quarantine() {
    for moves in [true, false] {
        let mut setup = Setup::default();
        setup.capabilities.moves = moves;
        let (mut rig, population) = rig(50, setup, &Options::default());
        rig.pace = impatient();
        let double = of_double(&rig.server);
        let command = if moves { "UID MOVE" } else { "UID COPY" };
        double.fault(When::every(command), Fault::No("[OVERQUOTA] Mailbox is full".to_owned()));
        let before = double.snapshot();
        let output = once(&rig, &[]).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "the exit status; said: {said}");
        assert!(said.contains("home") && said.contains("full"), "in words: {said}");
        assert_eq!(before.contents(), double.snapshot().contents(), "nothing is lost");

        let running = rig.engine().await.expect("the engine opens");
        let mut events = running.engine.events();
        let engine = running.engine.clone();
        let task = tokio::spawn(async move { engine.run().await });
        let waits = async {
            while let Ok(event) = events.recv().await {
                if matches!(event, Event::StateChanged { state: AccountState::Waiting { .. }, .. }) {
                    return;
                }
            }
        };
        tokio::time::timeout(SOON, waits).await.expect("a running agent says that it waits");
        double.clear_faults();
        let left = before.folder("INBOX").count() - FEW.backscatter;
        double
            .wait_until(SOON, |double| double.mails("INBOX").len() == left)
            .await
            .unwrap_or_else(|_| panic!("{command}: it tries again by itself: {:#?}", last(double)));
        running.stop.cancel();
        tokio::time::timeout(Duration::from_secs(6), task)
            .await
            .expect("in time")
            .expect("ends")
            .expect("well");
        cleaned(double, &population, "after that");
    }
}

/// Whatever happens to a command, after it and one more run every mail is in its one place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_are_cut_off() {
    let full = |text: &str| text.to_owned();
    let cases: Vec<(&str, When, Fault)> = vec![
        ("lost in a FETCH", When::nth("UID FETCH", 3), Fault::DropAfterItems(5)),
        ("lost in a literal", When::nth("UID FETCH", 3), Fault::DropAfterBytes(700)),
        ("NO after data", When::nth("UID FETCH", 2), Fault::NoAfterItems(5, full("[SERVERBUG] broken"))),
        ("BYE in a FETCH", When::nth("UID FETCH", 3), Fault::Bye(full("shutting down"))),
        ("lost before MOVE", When::nth("UID MOVE", 1), Fault::DropBefore),
        ("lost after MOVE", When::nth("UID MOVE", 1), Fault::DropAfter),
        ("BYE for a MOVE", When::nth("UID MOVE", 1), Fault::Bye(full("bye"))),
        ("MOVE that only pretends", When::nth("UID MOVE", 1), Fault::Pretend),
        ("MOVE refused", When::nth("UID MOVE", 1), Fault::No(full("[UNAVAILABLE] later"))),
        ("MOVE of a renumbered inbox", When::nth("UID MOVE", 1), Fault::NewUidValidity),
        ("lost after CREATE", When::nth("CREATE", 1), Fault::DropAfter),
        ("no answer to a FETCH", When::nth("UID FETCH", 3), Fault::Silence),
        ("no answer to a MOVE", When::nth("UID MOVE", 1), Fault::Silence),
        ("octet by octet", When::nth("UID FETCH", 2), Fault::ByteAtATime),
    ];
    for (at, (what, when, fault)) in cases.into_iter().enumerate() {
        let (mut rig, population) = rig(60 + at as u64, Setup::default(), &Options::default());
        rig.pace = impatient();
        rig.pace.deadlines.response = Duration::from_secs(2);
        let double = of_double(&rig.server);
        let before = double.snapshot();
        double.fault(when, fault);
        let first = rig.once().await;
        println!("{what}: {first:?}");
        let (met, harmless) = (first.is_err(), matches!(what, "octet by octet" | "MOVE that only pretends"));
        assert!(met || harmless || what.starts_with("MOVE of"), "{what}: a run that is cut off says so");
        assert_eq!(before.contents(), double.snapshot().contents(), "{what}: nothing is lost or doubled");
        unharmed(double, &population, what);
        rig.once().await.unwrap_or_else(|error| panic!("{what}: the next run: {error}"));
        assert_eq!(before.contents(), double.snapshot().contents(), "{what}: nothing is lost or doubled");
        cleaned(double, &population, what);
    }
}

/// A server that hands out only some of what it was asked for must not make a genuine bounce look unsent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_keeps_sent_mail_back() {
    for kept in [5, 120] {
        let (rig, population) = rig(80, Setup::default(), &Options::default());
        let double = of_double(&rig.server);
        let before = double.snapshot();
        // The first FETCH of the sent index, as its fields tell.
        double.fault(When::every("UID FETCH").containing("RESENT"), Fault::OkAfterItems(kept));
        double.fault(When::every("UID FETCH").containing("X-MS"), Fault::OkAfterItems(kept));
        let first = rig.once().await;
        println!("{kept} given: {first:?}");
        assert_eq!(before.contents(), double.snapshot().contents(), "nothing is lost or doubled");
        unharmed(double, &population, "a server that keeps sent mail back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_that_are_deleted_while_in_use() {
    let now = date::now();
    let (mut rig, mut population) = rig(81, Setup::default(), &at_once());
    rig.pace = impatient();
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let double = of_double(&rig.server);
    double
        .wait_until(SOON, |double| double.mails("Never Sent").len() == FEW.backscatter)
        .await
        .expect("the inbox is cleaned");

    double.delete("Never Sent");
    let forged = population.backscatter(1, now).pop().expect("one");
    rig.server.deliver(&forged.mail).await.expect("delivered");
    let made_again = double.wait_until(SOON, |double| double.mails("Never Sent").len() == 1).await;
    assert!(made_again.is_ok(), "the quarantine is made again, and the mail goes there: {:#?}", last(double));

    double.delete("Sent");
    // It comes when no refresh can have covered its time yet.
    let forged = population.backscatter(1, date::now() + 3).pop().expect("one");
    rig.server.deliver(&forged.mail).await.expect("delivered");
    let (mut said, mut judged) = (false, false);
    let both = watched.until(SOON, |event| {
        match event {
            Event::Error { text, .. } => said |= text.contains("sent mail"),
            Event::Judged { verdict: VerdictName::Undecided, .. } => judged = true,
            _ => {}
        }
        said && judged
    });
    both.await.expect("it is said that there is no Sent folder, and the notice stays undecided");
    assert_eq!(double.snapshot().places(forged.digest()), ["INBOX"], "without Sent nothing is moved");
    watched.end().await.expect("it ends cleanly");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_changes_nothing() {
    let (rig, population) = rig(82, Setup::default(), &Options::default());
    let double = of_double(&rig.server);
    let (before, folders) = (double.snapshot(), double.folders());
    let output = once(&rig, &["--dry-run"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((before, folders), (double.snapshot(), double.folders()), "nothing has changed");
    for name in ["CREATE", "SUBSCRIBE", "UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "APPEND"] {
        assert_eq!(double.statistics().commands.get(name), None, "{name} is not sent");
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("backscatter"), "what would be moved is told: {said}");
    assert_eq!(once(&rig, &[]).await.status.code(), Some(0), "a real run");
    cleaned(double, &population, "after a dry run");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signals_end_it_within_five_seconds() {
    for (signal, idle) in [("TERM", true), ("INT", true), ("TERM", false)] {
        let (rig, population) = rig(83, Setup::default(), &at_once());
        let double = of_double(&rig.server);
        if !idle {
            double.fault(When::from("UID FETCH", 2), Fault::Silence);
        }
        let mut child =
            rig.program(&["run"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        if idle {
            let watches = async {
                while let Some(line) = lines.next_line().await.expect("output") {
                    if line.contains("watching") {
                        return;
                    }
                }
            };
            tokio::time::timeout(SOON, watches).await.expect("it watches");
        } else {
            let fetches = |double: &Double| double.statistics().commands.get("UID FETCH").copied();
            double.wait_until(SOON, |double| fetches(double) >= Some(2)).await.expect("it reads");
        }
        let id = child.id().expect("it runs").to_string();
        let kill = std::process::Command::new("kill").args(["-s", signal, &id]).status().expect("kill");
        assert!(kill.success(), "the signal is sent");
        let ended = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
        let status = ended.unwrap_or_else(|_| panic!("{signal}: 5 seconds are up")).expect("it ends");
        assert_eq!(status.code(), Some(0), "{signal}, idle: {idle}: a clean end");
        double.clear_faults();
        unharmed(double, &population, signal);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_agent_outlives_a_server_that_falls_silent() {
    let now = date::now();
    let (mut rig, mut population) = rig(84, Setup::default(), &at_once());
    rig.pace = impatient();
    rig.pace.deadlines.response = Duration::from_secs(1);
    let running = rig.engine().await.expect("the engine opens");
    let watched = running.watch().await.expect("the agent watches");
    let double = of_double(&rig.server);
    double
        .wait_until(SOON, |double| double.mails("Never Sent").len() == FEW.backscatter)
        .await
        .expect("the inbox is cleaned");
    double.fault(When::nth("UID FETCH", 1), Fault::Silence);
    let forged = population.backscatter(1, now).pop().expect("one");
    rig.server.deliver(&forged.mail).await.expect("delivered");
    let moved =
        double.wait_until(SOON, |double| double.mails("Never Sent").len() == FEW.backscatter + 1).await;
    assert!(moved.is_ok(), "silence is noticed, and it goes on with a new connection");
    watched.end().await.expect("it ends cleanly");
}
