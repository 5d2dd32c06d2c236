//! The agent against a mail server: a configuration and a data directory of its own, the engine in this
//! process or the program in one of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use agent::api::{Event, RecordState, RecordView, Request, Response};
use agent::clock::Clock;
use agent::config::{Config, Paths};
use agent::engine::{Engine, OnceSummary, Pace};
use agent::lock::DataDirLock;
use agent::secret::Keyring;
use agent::socket::Answer as _;
use anyhow::{Context as _, Result, bail};
use tokio::process::Command;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::population::people::ADDRESS;
use crate::server::MailServer;

/// A mail server, and an agent's configuration and data directory beside it.
pub struct Rig {
    /// The server.
    pub server: MailServer,
    /// How patient engines in this process are.
    pub pace: Pace,
    folder: tempfile::TempDir,
}

/// What a test may set in the account's configuration.
#[derive(Clone, Debug)]
pub struct Options {
    /// `observe` or `quarantine`.
    pub mode: &'static str,
    /// The grace time, such as `0s`.
    pub grace: &'static str,
    /// More lines for the account's table.
    pub more: String,
    /// The lines of the table of look-ups; by default none are made.
    pub lookups: String,
}

/// Tests ask nobody outside.
pub const NO_LOOK_UPS: &str = "dkim_spf = false";

impl Default for Options {
    fn default() -> Self {
        Self { mode: "quarantine", grace: "10m", more: String::new(), lookups: NO_LOOK_UPS.to_owned() }
    }
}

impl Rig {
    /// A rig whose account is configured so.
    ///
    /// # Errors
    /// The configuration cannot be written.
    pub fn new(server: MailServer, options: &Options) -> Result<Self> {
        let rig = Self { server, pace: Pace::default(), folder: tempfile::tempdir()? };
        std::fs::create_dir(rig.data_dir())?;
        // A machine without a keyring has its key in a file; tests always do.
        std::fs::write(rig.data_dir().join("key"), "07".repeat(32))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(rig.data_dir(), std::fs::Permissions::from_mode(0o700))?;
            std::fs::set_permissions(rig.data_dir().join("key"), std::fs::Permissions::from_mode(0o600))?;
        }
        rig.configure(options)?;
        Ok(rig)
    }

    /// The same server and configuration with an empty data directory.
    ///
    /// # Errors
    /// The configuration cannot be written.
    pub fn anew(self, options: &Options) -> Result<Self> {
        Self::new(self.server, options)
    }

    /// Writes the configuration anew.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn configure(&self, options: &Options) -> Result<()> {
        let Options { mode, grace, more, lookups } = options;
        self.write_config(ADDRESS, mode, grace, &format!("{more}\n[lookups]\n{lookups}"))
    }

    /// Writes the configuration anew, for another address than that of the samples.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn configure_as(&self, address: &str, grace: &str, more: &str) -> Result<()> {
        self.write_config(address, "quarantine", grace, &format!("{more}\n[lookups]\n{NO_LOOK_UPS}"))
    }

    fn write_config(&self, address: &str, mode: &str, grace: &str, more: &str) -> Result<()> {
        let endpoint = self.server.endpoint();
        let text = format!(
            "version = 1\n[[account]]\nname = \"home\"\naddress = \"{address}\"\nmode = \"{mode}\"\n{}\n\
             user = \"{}\"\nauth = {{ command = \"echo '{}'\" }}\ngrace = \"{grace}\"\n{more}\n",
            endpoint.imap_toml(),
            endpoint.user,
            endpoint.password,
        );
        Ok(std::fs::write(self.config_file(), text)?)
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The places of the agent.
    pub fn paths(&self) -> Paths {
        Paths { config: self.config_file(), data_dir: self.data_dir() }
    }

    /// The engine in this process, with the lock of the data directory.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn engine(&self) -> Result<Running> {
        self.engine_with(false).await
    }

    /// The engine in this process; with `dry_run` it changes nothing on the server.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn engine_with(&self, dry_run: bool) -> Result<Running> {
        let running = self.engine_by(Clock::system()).await?;
        if dry_run {
            running.engine.change_nothing();
        }
        Ok(running)
    }

    /// The engine in this process, going by another clock.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn engine_by(&self, clock: Clock) -> Result<Running> {
        let paths = self.paths();
        // A program that another test in this process is just starting has our lock too, until it is executed.
        let begun = std::time::Instant::now();
        let lock = loop {
            match DataDirLock::acquire(&paths) {
                Ok(lock) => break lock,
                Err(error) if begun.elapsed() > Duration::from_secs(2) => return Err(error.into()),
                Err(_) => tokio::task::yield_now().await,
            }
        };
        let config = Config::load(&paths.config)?;
        let stop = CancellationToken::new();
        let engine = Engine::open_by(config, paths, lock, Keyring::system(), stop.clone(), clock).await?;
        engine.keep_pace(self.pace);
        Ok(Running { engine: std::sync::Arc::new(engine), stop })
    }

    /// `run --once` in this process.
    ///
    /// # Errors
    /// The engine cannot be opened, or the account's run ended with an error.
    pub async fn once(&self) -> Result<OnceSummary> {
        self.once_by(Clock::system()).await
    }

    /// [`Rig::once`], going by another clock.
    ///
    /// # Errors
    /// As of [`Rig::once`].
    pub async fn once_by(&self, clock: Clock) -> Result<OnceSummary> {
        let running = self.engine_by(clock).await?;
        let summary = running.engine.once().await.pop().context("one account is configured")?;
        match summary.error {
            Some(error) => Err(error.into()),
            None => Ok(summary),
        }
    }

    /// The program with these arguments, its configuration and data directory.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--config").arg(self.config_file()).arg("--data-dir").arg(self.data_dir());
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// An engine that is open.
pub struct Running {
    /// The engine.
    pub engine: std::sync::Arc<Engine>,
    /// Ends it.
    pub stop: CancellationToken,
}

impl Running {
    /// Asks the engine as a client over the socket would.
    ///
    /// # Errors
    /// It answers with an error.
    pub async fn ask(&self, request: Request) -> Result<Response> {
        Ok(self.engine.answer(request).await?)
    }

    /// The records in a state, all pages of them.
    ///
    /// # Errors
    /// The engine answers with an error.
    pub async fn records(&self, state: RecordState) -> Result<Vec<RecordView>> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let request =
                Request::QuarantineList { account: None, state: Some(state), limit: agent::api::PAGE, after };
            let Response::Records(page) = self.ask(request).await? else { bail!("a list answers a list") };
            all.extend(page.records);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Starts watching, and waits until the account's folders are watched.
    ///
    /// # Errors
    /// It is not watching within a minute.
    pub async fn watch(&self) -> Result<Watched> {
        let events = self.engine.events();
        let engine = self.engine.clone();
        let task = tokio::spawn(async move { engine.run().await });
        let mut watched = Watched { events, task, stop: self.stop.clone() };
        watched
            .until(Duration::from_secs(60), |event| {
                matches!(event, Event::StateChanged { state: agent::api::AccountState::Watching(_), .. })
            })
            .await
            .context("the agent never began to watch")?;
        Ok(watched)
    }
}

/// A running agent and its events.
pub struct Watched {
    events: broadcast::Receiver<Event>,
    task: tokio::task::JoinHandle<Result<(), agent::engine::EngineError>>,
    stop: CancellationToken,
}

impl Watched {
    /// Waits for an event; returns all events until then, itself the last.
    ///
    /// # Errors
    /// It does not come in time, or the agent ended.
    pub async fn until(
        &mut self,
        limit: Duration,
        mut wanted: impl FnMut(&Event) -> bool,
    ) -> Result<Vec<Event>> {
        let mut seen = Vec::new();
        let waited = tokio::time::timeout(limit, async {
            loop {
                match self.events.recv().await {
                    Ok(event) => {
                        let found = wanted(&event);
                        seen.push(event);
                        if found {
                            return Ok(());
                        }
                    }
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => bail!("the agent ended"),
                }
            }
        })
        .await;
        match waited {
            Ok(result) => result.map(|()| seen),
            Err(_) => bail!("not within {limit:?}; seen: {seen:#?}"),
        }
    }

    /// Ends the agent cleanly.
    ///
    /// # Errors
    /// It does not end within 6 seconds, or ended with an error.
    pub async fn end(self) -> Result<()> {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(6), self.task)
            .await
            .context("5 seconds to end are up")???;
        Ok(())
    }
}

/// The program `neversent`, built if need be.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("NEVERSENT_PROGRAM") {
        Some(program) => program.into(),
        None => build(),
    })
}

fn build() -> PathBuf {
    built(&["--package", "agent", "--bin", "neversent"]).join("neversent")
}

/// Builds a part of the workspace as the running program was built; returns the folder with what was built.
#[expect(clippy::expect_used, reason = "without the program no test that needs it can say anything")]
pub(crate) fn built(what: &[&str]) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the workspace");
    let profile = profile();
    let mut command = std::process::Command::new(cargo);
    command.current_dir(root).args(["build", "--quiet", "--locked"]).args(what);
    // What cargo tells this program of its own package; build scripts (ring's) take it for a change, and much is built anew.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|own| name.starts_with(own))
        {
            command.env_remove(&*name);
        }
    }
    if profile.ends_with("release") {
        command.arg("--release");
    }
    let status = command.status().expect("cargo can be run");
    assert!(status.success(), "{what:?} does not build");
    profile
}

#[expect(clippy::expect_used, reason = "without a target folder there is no program to test")]
/// The folder of the programs that are built as this one is: `target/debug` or `target/release`.
pub(crate) fn profile() -> PathBuf {
    let own = std::env::current_exe().expect("a running program has a path");
    let profile = own.ancestors().find(|folder| folder.join("deps").is_dir());
    profile.expect("a target folder").to_owned()
}
