//! The command line, by the real program.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};
use std::time::Duration;

use it::population::Class;
use it::{MailServer, Options, Population, Rig, date};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Child;

use super::clean_up::{SMALL, check_places, digests, double, fill};

async fn run(rig: &Rig, arguments: &[&str]) -> Output {
    rig.program(arguments).output().await.expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Standard output of a command that must succeed.
async fn said(rig: &Rig, arguments: &[&str]) -> String {
    let output = run(rig, arguments).await;
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

async fn object(rig: &Rig, arguments: &[&str]) -> Value {
    objects(&said(rig, arguments).await).pop().expect("one object")
}

/// Standard error of a command that must end with this exit status.
async fn fails(rig: &Rig, arguments: &[&str], status: i32) -> String {
    let output = run(rig, arguments).await;
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {told}{}", text(&output.stdout));
    told
}

/// An agent that runs on a small mailbox, in mode `observe`.
fn small(seed: u64, options: &Options) -> (Rig, Population) {
    let population = Population::new(seed, date::now(), SMALL);
    let server = double();
    fill(&server, &population);
    (Rig::new(server, options).expect("the rig is set up"), population)
}

fn observing() -> Options {
    Options { mode: "observe", ..Options::default() }
}

#[tokio::test]
async fn help_says_what_every_command_and_option_does() {
    let rig = Rig::new(double(), &Options::default()).expect("the rig is set up");
    let commands: [&[&str]; 21] = [
        &[],
        &["run"],
        &["classify"],
        &["quarantine"],
        &["quarantine", "list"],
        &["quarantine", "show"],
        &["quarantine", "apply"],
        &["quarantine", "restore"],
        &["quarantine", "purge"],
        &["status"],
        &["doctor"],
        &["rules"],
        &["rules", "list"],
        &["rules", "check"],
        &["store"],
        &["store", "export"],
        &["store", "import"],
        &["store", "check"],
        &["account"],
        &["account", "password"],
        &["help"],
    ];
    for command in commands {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let help = said(&rig, if command == ["help"] { &["help"] } else { &arguments }).await;
        let usage = help.lines().find(|line| line.starts_with("Usage: neversent"));
        assert!(usage.is_some(), "{command:?} shows how it is used: {help}");
        let first = help.lines().next().unwrap_or_default();
        assert!(first.len() > 10 && !first.starts_with("Usage"), "{command:?} says what it does: {help}");
        let mut lines = help.lines().peekable();
        while let Some(line) = lines.next() {
            if !line.trim_start().starts_with('-') {
                continue;
            }
            let beside = line.trim().split_once("  ").is_some();
            let below = lines.peek().is_some_and(|next| next.starts_with("          "));
            assert!(beside || below, "{command:?}: `{}` is explained: {help}", line.trim());
        }
    }
    let top = said(&rig, &["--help"]).await;
    for command in ["run", "classify", "quarantine", "status", "doctor", "store", "account"] {
        let named = top.lines().any(|line| {
            line.trim()
                .strip_prefix(command)
                .is_some_and(|rest| rest.starts_with(' ') && rest.trim().len() > 10)
        });
        assert!(named, "{command} is listed with what it does: {top}");
    }
    assert!(top.contains("Exit status"), "and what its ends mean: {top}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_judged_is_listed_shown_moved_restored_and_purged() {
    let (rig, population) = small(41, &observing());
    let before = rig.server.snapshot().await.expect("a snapshot");
    let all = digests(&population, Class::Backscatter).len();
    said(&rig, &["run", "--once"]).await;
    let judged = ["quarantine", "list", "--state", "judged", "--limit", "500"];
    let shown = said(&rig, &judged).await;
    assert_eq!(shown.lines().count(), all + 1, "a heading, and a line for each that would be moved: {shown}");
    assert!(shown.starts_with("RECORD"), "with a heading: {shown}");
    let listed = objects(&said(&rig, &[&judged[..], &["--json"]].concat()).await);
    assert_eq!(listed.len(), all, "the same for programs");
    let id = listed[0]["id"].as_str().expect("its name");
    let one = said(&rig, &["quarantine", "show", id]).await;
    assert!(one.contains("never_sent") && one.contains("\n- "), "one with its evidence: {one}");
    let one = object(&rig, &["quarantine", "show", "--json", id]).await;
    assert!(one["evidence"].as_array().is_some_and(|facts| facts.len() > 2), "every fact: {one}");
    let undecided = objects(&said(&rig, &["quarantine", "list", "--state", "undecided", "--json"]).await);
    assert!(!undecided.is_empty(), "what must stay is listed, too");

    let applied = object(&rig, &["quarantine", "apply", "--json"]).await;
    assert_eq!(applied["done"], all, "exactly the listed are moved: {applied}");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
    let applied = said(&rig, &["quarantine", "apply"]).await;
    assert!(applied.starts_with("0 mails"), "nothing is left: {applied}");

    let list = ["quarantine", "list", "--state", "quarantined", "--limit", "500", "--json"];
    let listed = objects(&said(&rig, &list).await);
    assert_eq!(listed.len(), all, "all are in quarantine");
    let name = |at: usize| listed[at]["id"].as_str().expect("its name");
    let restored = said(&rig, &["quarantine", "restore", name(0), name(1)]).await;
    assert!(restored.starts_with("2 mails"), "two are put back: {restored}");
    let back = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(back.contents(), before.contents(), "as they were");
    assert_eq!(back.folder("Never Sent").count(), all - 2, "two are back in the inbox");
    said(&rig, &["run", "--once"]).await;
    said(&rig, &["quarantine", "apply"]).await;
    let again = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(again, back, "what was put back is never moved again");
    let restored = objects(&said(&rig, &["quarantine", "list", "--state", "restored", "--json"]).await);
    assert_eq!(restored.len(), 2, "and is remembered");

    let purged = object(&rig, &["quarantine", "purge", "--json", name(2)]).await;
    assert_eq!(purged["done"], 1, "one is deleted: {purged}");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(after.0.len(), before.0.len() - 1, "that one, and no other");
    let young = said(&rig, &["quarantine", "purge", "--older", "1d"]).await;
    assert!(young.starts_with("0 mails"), "none is a day old: {young}");
    let unknown = run(&rig, &["quarantine", "restore", "q999999"]).await;
    assert_eq!(unknown.status.code(), Some(1), "an unknown record is a failure");
    assert!(text(&unknown.stdout).contains("no such record"), "in words: {unknown:?}");
    let told = fails(&rig, &["quarantine", "show", "nonsense"], 1).await;
    assert!(told.contains("quarantine list"), "and what to do: {told}");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    assert!(double.violations().is_empty(), "nothing that must never be done: {:?}", double.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_export_import_and_check_without_an_agent() {
    let (rig, _) = small(42, &observing());
    said(&rig, &["run", "--once"]).await;
    let status = object(&rig, &["status", "--json"]).await;
    assert_eq!(status["running"], false, "no agent runs: {status}");
    let account = &status["accounts"][0];
    assert_eq!(account["name"], "home", "the account: {status}");
    assert_eq!(account["mode"], "observe", "its mode: {status}");
    assert_eq!(account["sent_indexed"], SMALL.sent, "what is known of sent mail: {status}");
    assert_eq!(account["to_apply"], SMALL.backscatter, "what would be moved: {status}");
    let human = said(&rig, &["status"]).await;
    for wanted in
        ["neversent run", "home", "observe", "500 mails known", "without a hole", "quarantine apply"]
    {
        assert!(human.contains(wanted), "a stranger reads `{wanted}`: {human}");
    }
    let check = said(&rig, &["store", "check"]).await;
    assert!(check.lines().all(|line| line.starts_with("ok")), "all is sound: {check}");

    let file = rig.data_dir().join("copy.export");
    let file = file.to_str().expect("UTF-8");
    let exported = object(&rig, &["store", "export", "--json", file]).await;
    let entries = exported["entries"].as_u64().expect("a number");
    // An id takes twelve octets, and many lie in one entry.
    let ids = 12 * SMALL.sent as u64;
    assert!(exported["bytes"].as_u64() > Some(ids), "it holds what is known: {exported}");
    let imported = object(&rig, &["store", "import", "--json", file]).await;
    assert_eq!(imported["entries"], 0, "all of it is known: {imported}");
    assert_eq!(imported["known"], entries, "all of it is read: {imported}");
    let other = Rig::new(double(), &observing()).expect("another data directory with the same key");
    let imported = object(&other, &["store", "import", "--json", file]).await;
    let taken = imported["entries"].as_u64().expect("a number");
    let known = imported["known"].as_u64().expect("a number");
    assert!(taken > known, "a new store takes it in: {imported}");
    assert_eq!(taken + known, entries, "all of it: {imported}");
    let again = other.data_dir().join("copy.export");
    let again = object(&other, &["store", "export", "--json", again.to_str().expect("UTF-8")]).await;
    assert!(again["entries"].as_u64() >= Some(taken), "and has it: {again}");
    let daily = object(&rig, &["store", "export", "--json"]).await;
    let path = daily["path"].as_str().expect("a path");
    assert!(
        path.starts_with(rig.data_dir().to_str().expect("UTF-8")),
        "by default in the data folder: {daily}"
    );
    let told = fails(&rig, &["store", "import", "/nonexistent/file"], 1).await;
    assert!(told.contains("/nonexistent/file"), "it names the file: {told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_says_what_is_wrong_and_how_to_mend_it() {
    let rig = Rig::new(double(), &observing()).expect("the rig is set up");
    let well = said(&rig, &["doctor"]).await;
    assert!(well.lines().all(|line| line.starts_with("ok")), "nothing is wrong: {well}");
    for what in ["configuration", "data folder", "store", "secret", "server", "sent folders", "quarantine"] {
        assert!(well.contains(what), "{what} was looked at: {well}");
    }
    let findings = objects(&said(&rig, &["doctor", "--json"]).await);
    assert!(findings.iter().all(|finding| finding["state"] == "ok"), "the same for programs: {findings:?}");

    let missing = Options { more: "watch = [\"INBOX\", \"Junk\"]\n".to_owned(), ..observing() };
    rig.configure(&missing).expect("configured");
    let output = run(&rig, &["doctor"]).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "a folder is missing: {told}");
    assert!(
        told.contains("PROBLEM") && told.contains("Junk") && told.contains("watch"),
        "it says so: {told}"
    );

    rig.configure(&observing()).expect("configured");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    double.set_special_use("Sent", None);
    let gone = Options { more: "sent = [\"Gesendet\"]\n".to_owned(), ..observing() };
    rig.configure(&gone).expect("configured");
    let output = run(&rig, &["doctor"]).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "the Sent folder is missing: {told}");
    assert!(told.contains("PROBLEM") && told.contains("Gesendet"), "it names it: {told}");
    assert!(told.contains("`sent`"), "and what to correct: {told}");

    rig.configure(&observing()).expect("configured");
    double.set_password("another");
    let output = run(&rig, &["doctor"]).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "the sign-in is refused: {told}");
    let problem = told.lines().find(|line| line.starts_with("PROBLEM")).expect("a problem");
    assert!(problem.contains("sign-in") && problem.contains("home"), "which account: {problem}");
    assert!(problem.contains("password"), "and the remedy: {problem}");
}

#[tokio::test]
async fn a_mistake_in_the_configuration_is_named_by_file_line_and_key() {
    let rig = Rig::new(double(), &observing()).expect("the rig is set up");
    let written = std::fs::read_to_string(rig.config_file()).expect("a configuration");
    let file = rig.config_file();
    for (line, key) in [("colour = \"red\"", "colour"), ("mode = \"sometimes\"", "mode")] {
        let text = written.replace("mode = \"observe\"", line);
        std::fs::write(&file, &text).expect("written");
        let at = text.lines().position(|one| one == line).expect("the line") + 1;
        for command in
            [&["run", "--once"][..], &["status"], &["quarantine", "list"], &["account", "password", "home"]]
        {
            let told = fails(&rig, command, 2).await;
            assert!(told.contains(file.to_str().expect("UTF-8")), "the file: {told}");
            assert!(told.contains(&format!("line {at}")), "the line, {at}: {told}");
            assert!(told.contains(&format!("`{key}`")), "the key: {told}");
        }
    }
    std::fs::remove_file(&file).expect("removed");
    let told = fails(&rig, &["status"], 2).await;
    assert!(
        told.contains("README") && told.contains("--config"),
        "and what to do where there is none: {told}"
    );
}

#[tokio::test]
async fn a_password_without_a_keyring_is_refused_in_words() {
    let rig = Rig::new(double(), &observing()).expect("the rig is set up");
    let told = fails(&rig, &["account", "password", "home"], 2).await;
    assert!(told.contains("keyring"), "this account has a command: {told}");
    let text_of = std::fs::read_to_string(rig.config_file()).expect("a configuration");
    let with_keyring: Vec<&str> = text_of
        .lines()
        .map(|line| if line.starts_with("auth") { "auth = \"keyring\"" } else { line })
        .collect();
    std::fs::write(rig.config_file(), with_keyring.join("\n")).expect("written");
    let told = fails(&rig, &["account", "password", "work"], 2).await;
    assert!(told.contains("home"), "the accounts that there are: {told}");
    let told = fails(&rig, &["account", "password", "home"], 2).await;
    assert!(told.contains("empty"), "nothing came on standard input: {told}");
    let nowhere = format!("unix:path={}/no-bus", rig.data_dir().display());
    let mut command = rig.program(&["account", "password", "home"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", &nowhere).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut input = child.stdin.take().expect("standard input");
    input.write_all(b"a secret\n").await.expect("the password is told");
    drop(input);
    let output = child.wait_with_output().await.expect("it ends");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "the secret cannot be kept: {told}");
    assert!(told.contains("home") && told.contains("keyring"), "which account, and why: {told}");
    assert!(told.contains("auth = { command"), "and the way without one: {told}");
    assert!(!told.contains("a secret"), "the password itself is never shown: {told}");
    let mut command = rig.program(&["run", "--once"]);
    let output = command.env("DBUS_SESSION_BUS_ADDRESS", &nowhere).output().await.expect("the program runs");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "a run cannot sign in: {told}");
    assert!(told.contains("home") && told.contains("keyring"), "and says why: {told}");
}

/// An agent in a process of its own, which watches.
async fn agent(rig: &Rig) -> Child {
    let mut child = rig.program(&["run"]).stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output")).lines();
    let watching = async {
        while let Some(line) = lines.next_line().await.expect("text") {
            if line.contains("watching") {
                return;
            }
        }
        panic!("the agent ended before it watched");
    };
    tokio::time::timeout(Duration::from_secs(60), watching).await.expect("it watches within a minute");
    // Its output is read on, as a terminal would.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    child
}

async fn ends_cleanly(mut agent: Child) {
    let id = agent.id().expect("it runs").to_string();
    let killed = tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.expect("kill");
    assert!(killed.success(), "it can be told to end");
    let ended = tokio::time::timeout(Duration::from_secs(6), agent.wait()).await;
    let status = ended.expect("it ends within 5 seconds").expect("an exit status");
    assert_eq!(status.code(), Some(0), "SIGTERM is a clean end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_ask_the_running_agent() {
    let (rig, population) = small(43, &observing());
    let before = rig.server.snapshot().await.expect("a snapshot");
    let running = agent(&rig).await;
    let sockets: Vec<_> = std::fs::read_dir(rig.data_dir())
        .expect("the data directory")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| {
            use std::os::unix::fs::FileTypeExt as _;
            entry.file_type().is_ok_and(|kind| kind.is_socket())
        })
        .collect();
    assert_eq!(sockets.len(), 1, "one socket in the data directory");
    let mode = sockets[0].metadata().expect("its rights").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "for the user alone");

    let status = object(&rig, &["status", "--json"]).await;
    assert_eq!(status["running"], true, "the agent answers: {status}");
    let all = digests(&population, Class::Backscatter).len();
    assert_eq!(status["accounts"][0]["to_apply"], all, "with what it knows: {status}");
    let human = said(&rig, &["status"]).await;
    assert!(human.contains("watching") && !human.contains("No agent"), "for people: {human}");
    let told = fails(&rig, &["run"], 1).await;
    assert!(told.contains("another Neversent"), "a second agent on the same data refuses: {told}");
    assert!(told.contains(&running.id().expect("it runs").to_string()), "and says who has it: {told}");
    assert!(told.contains("neversent status"), "and what to do: {told}");
    fails(&rig, &["run", "--once"], 1).await;
    let doctor = said(&rig, &["doctor"]).await;
    assert!(doctor.contains("the running agent is signed in"), "doctor asks it: {doctor}");
    let check = said(&rig, &["store", "check"]).await;
    assert!(check.lines().all(|line| line.starts_with("ok")), "and so does a check: {check}");

    let applied = object(&rig, &["quarantine", "apply", "--json"]).await;
    assert_eq!(applied["done"], all, "the agent moves what it judged: {applied}");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
    let listed = objects(&said(&rig, &["quarantine", "list", "--state", "quarantined", "--json"]).await);
    let name = listed[0]["id"].as_str().expect("its name");
    let restored = object(&rig, &["quarantine", "restore", "--json", name]).await;
    assert_eq!(restored["done"], 1, "and puts back: {restored}");
    let exported = object(&rig, &["store", "export", "--json"]).await;
    assert!(exported["entries"].as_u64() > Some(0), "and exports: {exported}");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    assert_eq!(double.statistics().most_open, 2, "nobody signed in beside it: two connections an account");
    ends_cleanly(running).await;
    let status = object(&rig, &["status", "--json"]).await;
    assert_eq!(status["running"], false, "afterwards none runs: {status}");
}
