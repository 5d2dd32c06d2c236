//! The engine: two connections an account, one for the Sent folders and the quarantine, one for the watched
//! folders, and between them the way of one mail.
//!
//! [`scan`] reads what is new and remembers notices as open, [`index`] keeps the sent index whole, [`decide`]
//! judges what is open, [`moves`] takes the condemned out with the journal's help, [`restore`] puts them back,
//! and [`recover`] settles what a crash cut off. [`pass`] is one round of all that; [`once`] and [`watch`]
//! run it.

mod account;
mod alarm;
mod answer;
mod ask;
mod backoff;
mod changes;
mod compact;
mod decide;
mod diagnostics;
mod early;
mod export;
mod fetch;
mod folders;
mod hosts;
mod identity;
mod inbox_task;
mod index;
mod lists;
mod mine;
mod moves;
mod networks;
mod never_sent;
mod once;
mod orders;
mod pace;
mod pass;
mod pausing;
mod probe;
mod records;
mod recover;
mod reports;
mod rescue;
mod restore;
mod scan;
mod scan_back;
mod server_clock;
mod shown;
mod side_task;
mod sources;
mod turns;
mod view;
mod watch;
mod window;
mod withdraw;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rules::{Profile, Rules, UnixTime};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::api::Event;
use crate::clock::Clock;
use crate::config::{Config, Paths, ScanBack, rule_files};
use crate::imap::{FailureClass, ImapError};
use crate::journal::{Journal, JournalError};
use crate::lock::DataDirLock;
use crate::lookups::Dns;
use crate::secret;
use crate::secret::{IndexKeyError, Keyring, SecretError};
use crate::store::{self, Found, Store, StoreError};

pub use account::Account;
pub use decide::{Disposition, policy};
use early::Early;
pub use folders::{is_inbox, is_sent as is_sent_folder};
pub use lists::Lists;
pub use once::OnceSummary;
pub use pace::Pace;
pub use probe::{Probe, probe};
use turns::Turns;
pub use watch::Commands;

/// Why the engine could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The mail server, or the way to it.
    #[error(transparent)]
    Imap(#[from] ImapError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A backup that cannot be written or taken in; the store itself is sound.
    #[error(transparent)]
    Backup(StoreError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The key of the index.
    #[error(transparent)]
    Key(#[from] IndexKeyError),
    /// A folder of the data directory cannot be made.
    #[error("the folder {} cannot be made; check the rights and the space of the data directory", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A folder that the configuration names is not on the server.
    #[error("account \u{201c}{account}\u{201d}: there is no folder \u{201c}{folder}\u{201d}; {remedy}")]
    FolderMissing {
        /// The account.
        account: String,
        /// The folder as configured.
        folder: String,
        /// What to do.
        remedy: &'static str,
    },
    /// No folder of sent mail was found, so nothing can be known of what was sent.
    #[error(
        "account \u{201c}{account}\u{201d}: no folder of sent mail was found, so nothing is moved; write its name \
         into `sent` of this account as your mail program shows it"
    )]
    NoSentFolder {
        /// The account.
        account: String,
    },
    /// A folder cannot be changed.
    #[error(
        "account \u{201c}{account}\u{201d}: the folder \u{201c}{folder}\u{201d} is read-only; nothing was \
         moved. Ask whoever runs the server for the right to change it"
    )]
    ReadOnly {
        /// The account.
        account: String,
        /// The folder as shown to the user.
        folder: String,
    },
    /// The server can neither MOVE nor expunge single mails, and the user has not agreed to marking.
    #[error(
        "account \u{201c}{account}\u{201d}: this server cannot move single mails (no MOVE, no UIDPLUS); \
         nothing was moved. With `without_uidplus = true` in its configuration a copy goes to the quarantine \
         and the original is marked as deleted"
    )]
    NoSafeMove {
        /// The account.
        account: String,
    },
    /// A blocking task ended without a result.
    #[error("a task of the agent ended before its time: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// The agent's other connection of the account is not there.
    #[error("account \u{201c}{account}\u{201d}: not connected just now; it is tried again by itself")]
    NotConnected {
        /// The account.
        account: String,
    },
    /// No account has this name.
    #[error("there is no account \u{201c}{0}\u{201d} in the configuration")]
    NoSuchAccount(String),
    /// There is no record of this name.
    #[error("there is no record \u{201c}{0}\u{201d}; `neversent quarantine list` shows them")]
    NoSuchRecord(String),
    /// Nothing was learned of this domain, nor was such a sender declared.
    #[error("nothing was learned of \u{201c}{0}\u{201d}; `neversent learned list` shows what was")]
    NotLearned(String),
    /// A sender that tells nobody's mail from that of others.
    #[error("{0}")]
    NotDeclarable(String),
    /// Something about a report that cannot be done as it is.
    #[error("{0}")]
    NotDone(String),
    /// A sender that is declared in the configuration is not forgotten by us.
    #[error("\u{201c}{0}\u{201d} stands in the configuration; take it out of `declared` there")]
    Configured(String),
    /// The computer slept, and no connection outlives that.
    #[error("this computer has slept; connecting anew")]
    Slept,
    /// The agent is shutting down.
    #[error("the agent is ending")]
    Stopping,
}

impl EngineError {
    /// What kind of failure it is: whether trying again may help, and when.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Imap(error) => error.class(),
            Self::Secret(error) if error.is_temporary() => FailureClass::Wait,
            Self::Key(error) if error.is_temporary() => FailureClass::Wait,
            Self::Secret(_) | Self::Key(_) => FailureClass::SignIn,
            Self::NotConnected { .. } | Self::Slept | Self::Stopping | Self::Task(_) => {
                FailureClass::Temporary
            }
            Self::Store(_) | Self::Backup(_) | Self::Journal(_) | Self::Folder { .. } => FailureClass::Wait,
            Self::FolderMissing { .. }
            | Self::NoSentFolder { .. }
            | Self::ReadOnly { .. }
            | Self::NoSafeMove { .. }
            | Self::NoSuchRecord(_)
            | Self::NotLearned(_)
            | Self::NotDeclarable(_)
            | Self::NotDone(_)
            | Self::Configured(_)
            | Self::NoSuchAccount(_) => FailureClass::Final,
        }
    }
}

/// What all accounts share.
pub struct Shared {
    /// The configuration.
    pub config: Config,
    /// Where everything lies.
    pub paths: Paths,
    /// The store.
    pub store: Store,
    /// The journal.
    pub journal: Journal,
    /// Where secrets come from.
    pub keyring: Arc<Keyring>,
    /// Whether nothing may change on a server.
    pub dry_run: AtomicBool,
    /// How patient accounts are that are opened from now on.
    pub pace: RwLock<Pace>,
    /// What is known about the user.
    pub profile: Arc<RwLock<Profile>>,
    /// Where events go.
    pub events: broadcast::Sender<Event>,
    /// By which notices are recognised.
    pub rules: Rules,
    /// The way to DNS.
    pub dns: Dns,
    /// What time it is.
    pub clock: Clock,
    /// Lists for people, while somebody looks at them.
    pub lists: Lists,
    /// Whether all mailboxes are to be left alone has changed.
    pub pausing: tokio::sync::Notify,
    /// The user has ordered something about reports.
    pub ordered: tokio::sync::Notify,
    /// The accounts for which reports are being sent.
    pub sending: Mutex<BTreeSet<String>>,
    /// Whose turn it is to move mail of an account.
    turns: Turns,
    /// Ends everything.
    pub stop: CancellationToken,
}

/// The engine over an opened store.
pub struct Engine {
    shared: Arc<Shared>,
    commands: Commands,
    early: Early,
    /// The data directory is ours as long as the engine lives.
    _lock: Arc<DataDirLock>,
}

/// What an engine begins with.
struct Begun {
    key: secret::IndexKey,
    early: Early,
    clock: Clock,
}

/// Events kept for a listener that is slow; one that falls behind is told so and asks anew.
const EVENTS_KEPT: usize = 4_096;

impl Engine {
    /// Opens store and journal in the data directory, and keeps its lock. A locked keyring is waited for.
    ///
    /// # Errors
    /// The key cannot be had, or store and journal can neither be opened nor set aside.
    pub async fn open(
        config: Config,
        paths: Paths,
        lock: impl Into<Arc<DataDirLock>>,
        keyring: Keyring,
        stop: CancellationToken,
    ) -> Result<Self, EngineError> {
        Self::open_by(config, paths, lock, keyring, stop, Clock::system()).await
    }

    /// [`Engine::open`], going by another clock than the system's.
    ///
    /// # Errors
    /// As of [`Engine::open`].
    pub async fn open_by(
        config: Config,
        paths: Paths,
        lock: impl Into<Arc<DataDirLock>>,
        keyring: Keyring,
        stop: CancellationToken,
        clock: Clock,
    ) -> Result<Self, EngineError> {
        let key = index_key(&paths, &keyring).await?;
        let begun = Begun { key, early: Early::default(), clock };
        Self::open_with(config, paths, lock, keyring, stop, begun).await
    }

    /// [`Engine::open`] for [`Engine::once`]: meanwhile it signs in to the accounts.
    ///
    /// # Errors
    /// As of [`Engine::open`]; an account that cannot be signed in to is told of by [`Engine::once`].
    pub async fn open_for_once(
        config: Config,
        paths: Paths,
        lock: impl Into<Arc<DataDirLock>>,
        keyring: Keyring,
        stop: CancellationToken,
    ) -> Result<Self, EngineError> {
        // First, so that a locked keyring is asked for once.
        let key = index_key(&paths, &keyring).await?;
        let early = Early::begin(&config.accounts, &keyring, Pace::default().deadlines);
        let begun = Begun { key, early, clock: Clock::system() };
        Self::open_with(config, paths, lock, keyring, stop, begun).await
    }

    async fn open_with(
        config: Config,
        paths: Paths,
        lock: impl Into<Arc<DataDirLock>>,
        keyring: Keyring,
        stop: CancellationToken,
        begun: Begun,
    ) -> Result<Self, EngineError> {
        let Begun { key, early, clock } = begun;
        let key = store::IndexKey::from_bytes(*key.expose());
        // Nobody waits for it: it is done long before the first mail is here.
        drop(tokio::task::spawn_blocking(rules::prepare));
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let profile = config.profile();
        let shared = blocking(move || {
            // First: whoever still has the store may be writing into the journal as well.
            let (store, found) = open_store(&paths, &key, &clock)?;
            let opened = Journal::open(&paths.journal())?;
            store.set_profile(&profile);
            store.set_fact_horizon(fact_horizon(&config, clock.now()));
            let accounts = config.accounts.iter().map(|account| store.account(&account.name));
            store.keep_accounts(&accounts.collect::<Result<Vec<_>, _>>()?)?;
            let rules = own_rules(&paths);
            let shared = Shared {
                rules,
                dns: Dns::new(&config.lookups.name_servers),
                config,
                paths,
                store,
                journal: opened.journal,
                keyring: Arc::new(keyring),
                dry_run: AtomicBool::new(false),
                pace: RwLock::default(),
                profile: Arc::new(RwLock::new(profile)),
                events,
                clock,
                lists: Lists::default(),
                pausing: tokio::sync::Notify::new(),
                ordered: tokio::sync::Notify::new(),
                sending: Mutex::default(),
                turns: Turns::default(),
                stop,
            };
            say_what_was_found(&found, opened.damaged, opened.torn);
            records::catch_up(&shared, found != Found::Whole)?;
            mine::take_up(&shared)?;
            folders::name_senders(&shared)?;
            compact::compact_if_large(&shared)?;
            Ok(shared)
        })
        .await?;
        Ok(Self { commands: Commands::default(), shared: Arc::new(shared), early, _lock: lock.into() })
    }

    /// What all accounts share.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The ways to the tasks of a running agent.
    #[must_use]
    pub fn commands(&self) -> &Commands {
        &self.commands
    }

    /// From now on nothing is changed on a server: notices are judged and shown, and stay.
    pub fn change_nothing(&self) {
        self.shared.dry_run.store(true, Ordering::Relaxed);
    }

    /// Writes what is not written yet; the engine is not used afterwards.
    pub async fn close(&self) {
        let store = self.shared.store.clone();
        if let Err(error) = blocking(move || Ok(store.durable()?)).await {
            tracing::warn!("the index could not be written at the end: {error}");
        }
    }

    /// From now on accounts that begin keep to these times.
    pub fn keep_pace(&self, pace: Pace) {
        *self.shared.pace.write().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    /// Everything that happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.shared.events.subscribe()
    }
}

/// The built-in rules and the user's; what is wrong with these is told, and costs no other.
fn own_rules(paths: &Paths) -> Rules {
    let (rules, problems) = rule_files::load(&paths.rules());
    for problem in &problems {
        // What a rule looks for may be an address.
        tracing::warn!(
            "{}:{}: a rule cannot be used; see `neversent rules check`",
            problem.file,
            problem.line
        );
        tracing::debug!("{problem}");
    }
    rules
}

/// How long a store may stay locked although the data directory is ours: a question that is being answered keeps it open.
const LEFT_OPEN: Duration = Duration::from_secs(30);

/// Opens the store. We have the data directory's lock, so whoever still holds the store is on the way out: an engine
/// that was just closed, or a program that is being started and has not let go of what it inherited (fork(2)).
fn open_store(paths: &Paths, key: &store::IndexKey, clock: &Clock) -> Result<(Store, Found), StoreError> {
    let began = std::time::Instant::now();
    loop {
        match Store::open(&paths.index(), key, clock.now()) {
            Err(StoreError::InUse { .. }) if began.elapsed() < LEFT_OPEN => {
                std::thread::sleep(Duration::from_millis(50));
            }
            opened => return opened,
        }
    }
}

/// Before this time nobody asks for subjects and recipients of sent mail: no scan looks at older mail, a notice's
/// original is at most 30 days older than it, and what speaks for the user at most another 31.
fn fact_horizon(config: &Config, now: UnixTime) -> UnixTime {
    let oldest = config.accounts.iter().map(|account| match account.scan_back {
        ScanBack::Seconds(seconds) => now.minus(seconds).minus(62 * rules::time::DAY),
        ScanBack::All => UnixTime(i64::MIN),
    });
    oldest.min().unwrap_or(UnixTime(i64::MIN))
}

/// How often a locked keyring is looked at again.
const KEYRING_LOOK: Duration = Duration::from_secs(3);

/// The key of the index; a keyring that is locked, as after an early start of the desktop, is waited for.
async fn index_key(paths: &Paths, keyring: &Keyring) -> Result<secret::IndexKey, EngineError> {
    let mut told = false;
    loop {
        match secret::IndexKey::of(paths, keyring).await {
            Err(error) if error.is_locked() => {
                if !std::mem::replace(&mut told, true) {
                    tracing::warn!("{error}; waiting for it");
                }
                tokio::time::sleep(KEYRING_LOOK).await;
            }
            key => return Ok(key?),
        }
    }
}

fn say_what_was_found(found: &Found, damaged: usize, torn: bool) {
    if let Found::SetAside { why, to } = found {
        tracing::warn!(
            why,
            set_aside = %to.display(),
            "the index of sent mail was damaged; nothing is moved until it has been read anew"
        );
    }
    if damaged > 0 {
        tracing::warn!(damaged, "lines of the journal cannot be read; the others are used");
    }
    if torn {
        tracing::info!("the journal's last line was cut off by a crash and has been taken off");
    }
}

/// What a backup failed of.
fn backup_failed(error: StoreError) -> EngineError {
    match error {
        StoreError::Damaged { .. } => EngineError::Store(error),
        other => EngineError::Backup(other),
    }
}

/// Runs what blocks (the store, the journal, reading mail) where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await?
}
