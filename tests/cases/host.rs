//! The host of the agent: it runs without an account, sets one up on a real server, and goes by new settings at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agent::api::{
    AccountSettings, AccountState, AccountView, Event, Request, Response, Secret, ServerSettings,
    SettingsChange, SettingsView, StatusView,
};
use agent::config::{Desktop, Mode, Paths};
use agent::host::Host;
use agent::imap::Security;
use agent::secret::Keyring;
use agent::socket::{self, Answer as _, AskError};
use it::population::people::ADDRESS;
use it::{Mail, MailServer, Population, date};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clean_up::{dovecot, fill};
use super::late_copy::PROVED;
use super::storm::{Returned, returned};

/// A bounce of a forged mail.
fn forged(number: u32, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "An offer",
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.0.113.{number}])"),
    };
    returned(number, &original, when)
}

/// A host that runs, with a folder of its own.
struct Hosting {
    folder: tempfile::TempDir,
    stop: CancellationToken,
    events: broadcast::Receiver<Event>,
    work: JoinHandle<Result<(), agent::host::HostError>>,
}

fn paths(folder: &tempfile::TempDir) -> Paths {
    Paths { config: folder.path().join("config/config.toml"), data_dir: folder.path().join("data") }
}

impl Hosting {
    fn start(folder: tempfile::TempDir) -> Self {
        let stop = CancellationToken::new();
        let host = Arc::new(Host::new(paths(&folder), Keyring::system(), stop.clone()));
        let events = host.events();
        let work = tokio::spawn(async move { host.run().await });
        Self { folder, stop, events, work }
    }

    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) {
        let all = async {
            loop {
                match self.events.recv().await {
                    Ok(event) if wanted(&event) => return,
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(error) => panic!("no more events: {error}"),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), all).await.expect("that event comes");
    }

    async fn ask(&self, request: Request) -> Result<Response, AskError> {
        socket::ask(&paths(&self.folder).socket(), request).await
    }

    async fn change(&self, change: SettingsChange) -> Result<SettingsView, AskError> {
        match self.ask(Request::ChangeSettings { change }).await? {
            Response::Settings(view) => Ok(*view),
            other => panic!("settings answer: {other:?}"),
        }
    }

    async fn status(&self) -> StatusView {
        match self.ask(Request::Status).await.expect("a status") {
            Response::Status(status) => status,
            other => panic!("a status answers: {other:?}"),
        }
    }

    /// Waits until it says so of its account: while it reads what was sent it watches already.
    async fn until_status(&self, wanted: impl Fn(&AccountView) -> bool) -> AccountView {
        let began = std::time::Instant::now();
        loop {
            let status = self.status().await;
            if let Some(account) = status.accounts.into_iter().find(|account| wanted(account)) {
                return account;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it gets there");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn end(self) -> tempfile::TempDir {
        self.stop.cancel();
        self.work.await.expect("it ends").expect("cleanly");
        self.folder
    }
}

/// What the user says of an account on this server; the password comes by a command, for a test has no keyring here.
fn account(server: &MailServer) -> AccountSettings {
    let endpoint = server.endpoint();
    let toml: toml::Table = endpoint.imap_toml().parse().expect("it is TOML");
    let imap = &toml["imap"];
    AccountSettings {
        name: "home".to_owned(),
        address: ADDRESS.to_owned(),
        aliases: Vec::new(),
        shared: Vec::new(),
        mode: Mode::Observe,
        imap: ServerSettings {
            host: imap["host"].as_str().expect("a host").to_owned(),
            port: imap["port"].as_integer().and_then(|port| port.try_into().ok()).expect("a port"),
            security: match imap.get("security").and_then(toml::Value::as_str) {
                Some("none") => Security::None,
                Some("starttls") => Security::StartTls,
                _ => Security::Tls,
            },
            ca_file: imap.get("ca_file").and_then(toml::Value::as_str).map(PathBuf::from),
        },
        smtp: None,
        user: endpoint.user.clone(),
        command: Some(format!("echo '{}'", endpoint.password)),
        watch: vec!["INBOX".to_owned()],
        sent: None,
        quarantine: "Never Sent".to_owned(),
        grace: "0s".to_owned(),
        scan_back: "90d".to_owned(),
        keep: "30d".to_owned(),
        own_domains: Vec::new(),
        declared: Vec::new(),
        without_uidplus: false,
    }
}

fn is_watching(event: &Event) -> bool {
    matches!(event, Event::StateChanged { state: AccountState::Watching(_), .. })
}

/// A folder with a key of the index in a file, as on a machine without a keyring.
fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let data = paths(&folder).data_dir;
    std::fs::create_dir(&data).expect("a data directory");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).expect("it is ours");
    std::fs::write(data.join("key"), "07".repeat(32)).expect("a key");
    std::fs::set_permissions(data.join("key"), std::fs::Permissions::from_mode(0o600)).expect("it is secret");
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_nothing_to_a_cleaned_inbox() {
    let server = dovecot();
    let population = Population::new(11, date::now(), PROVED);
    fill(&server, &population);
    let now = date::now() - 3_600;
    server.put("INBOX", (1..=3).map(|number| forged(number, now))).expect("they come in");
    let mut hosting = Hosting::start(folder());
    hosting.until(|event| matches!(event, Event::SettingsChanged)).await;
    assert!(hosting.status().await.accounts.is_empty(), "there is no account yet");
    let nothing = hosting.ask(Request::Groups).await.expect("there is nothing to decide");
    assert_eq!(nothing, Response::Groups(Vec::new()), "an empty list is no failure");
    let refused = hosting.ask(Request::Check).await.expect_err("there is nothing to check");
    assert!(refused.to_string().contains("no account yet"), "{refused}");
    let said = account(&server);
    let wrong = Secret::from("not it".to_owned());
    let tried = |password| Request::TryAccount { account: Box::new(said.clone()), password };
    let refused = hosting.ask(tried(Some(wrong))).await.expect_err("that is not the password");
    assert!(refused.to_string().contains("sign-in") || refused.to_string().contains("password"), "{refused}");
    let Response::Tried(looked) = hosting.ask(tried(None)).await.expect("it signs in") else {
        panic!("a look")
    };
    assert!(looked.folders.iter().any(|folder| folder.inbox), "{looked:?}");
    assert!(looked.folders.iter().any(|folder| folder.sent && folder.name == "Sent"), "{looked:?}");
    let change = SettingsChange::Account { name: None, account: Box::new(said.clone()), password: None };
    let settings = hosting.change(change).await.expect("it is written");
    assert_eq!(settings.accounts.as_slice(), std::slice::from_ref(&said), "as it was said");
    let account = hosting.until_status(|account| account.to_apply == 3).await;
    assert_eq!(account.quarantined, 0, "it only looks: {account:?}");
    // Now it may move.
    let to_move = account.to_apply;
    let moving = AccountSettings { mode: Mode::Quarantine, ..said.clone() };
    let change =
        SettingsChange::Account { name: Some("home".to_owned()), account: Box::new(moving), password: None };
    hosting.change(change).await.expect("it is written");
    let account = hosting.until_status(|account| account.quarantined == to_move).await;
    assert_eq!(account.to_apply, 0, "all are moved: {account:?}");
    // Ended and started again all is as it was.
    let folder = hosting.end().await;
    let mut hosting = Hosting::start(folder);
    hosting.until(is_watching).await;
    assert_eq!(hosting.status().await.accounts[0].quarantined, to_move, "as it was");
    // What the tray goes by does not disturb the accounts.
    let desktop = Desktop { quiet_hours: Some((22, 7)), ..Desktop::default() };
    let settings = hosting.change(SettingsChange::Desktop(desktop.clone())).await.expect("it is written");
    assert_eq!(settings.desktop, desktop, "it is kept");
    assert!(
        matches!(hosting.status().await.accounts[0].state, AccountState::Watching(_)),
        "it goes on watching"
    );
    hosting.change(SettingsChange::RemoveAccount { name: "home".to_owned() }).await.expect("it is taken out");
    hosting.until(|event| matches!(event, Event::SettingsChanged)).await;
    assert!(hosting.status().await.accounts.is_empty(), "and is not looked after any more");
    hosting.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_changes_nothing_and_is_said() {
    let server = dovecot();
    let folder = folder();
    let file = paths(&folder).config;
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(&file, "version = 1\n[[account]]\nname = 3\n").expect("a file");
    let mut hosting = Hosting::start(folder);
    hosting.until(|event| matches!(event, Event::SettingsChanged)).await;
    let Response::Settings(settings) = hosting.ask(Request::Settings).await.expect("settings") else {
        panic!("settings")
    };
    let problem = settings.problem.expect("something is wrong");
    assert!(problem.contains("line 3"), "it says where: {problem}");
    let change = SettingsChange::Account { name: None, account: Box::new(account(&server)), password: None };
    let refused = hosting.change(change).await.expect_err("the file is wrong as it is");
    assert!(!refused.to_string().is_empty(), "it says why");
    let text = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(text, "version = 1\n[[account]]\nname = 3\n", "it stays as it was");
    let gone = SettingsChange::RemoveAccount { name: "work".to_owned() };
    assert!(hosting.change(gone).await.is_err(), "there is no such account");
    let busy = Host::new(paths(&hosting.folder), Keyring::system(), CancellationToken::new());
    let busy = Arc::new(busy).run().await.expect_err("only one has the data directory");
    assert!(busy.to_string().contains("another Neversent"), "{busy}");
    hosting.end().await;
}
