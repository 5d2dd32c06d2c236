//! What the command line needs of the engine, and how a command reaches one: over the socket where an agent runs,
//! else by opening the data directory itself.

use std::{future::Future, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Context, exit::Failure};
use crate::{
    api::{ApiError, Request, Response},
    config::{Account, Config, Paths},
    imap::{Credentials, FolderEntry},
    lock::{DataDirLock, LockError},
    secret::Keyring,
    socket::{self, Answer, AskError},
};

/// All that an engine is opened with.
#[derive(Debug)]
pub struct Setup {
    /// The configuration.
    pub config: Config,
    /// Where things lie.
    pub paths: Paths,
    /// The data directory is ours as long as this lives.
    pub lock: DataDirLock,
    /// The keyring.
    pub keyring: Keyring,
    /// Cancelled, the engine ends its work cleanly; [`Request::Shutdown`] cancels it.
    pub stop: CancellationToken,
}

/// How `run` works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunOptions {
    /// Bring the index up to date, judge what is there, act, and end.
    pub once: bool,
    /// Judge and tell, but change nothing on the server.
    pub dry_run: bool,
}

/// What one connection to an account shows, for `doctor`.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What the server can do, after sign-in, in upper case: `MOVE`, `UIDPLUS`, `IDLE` …
    pub capabilities: Vec<String>,
    /// All folders.
    pub folders: Vec<FolderEntry>,
    /// The folders that would be read as Sent folders, as the user reads their names.
    pub sent: Vec<String>,
    /// Watched folders that are missing, as the user reads their names.
    pub missing: Vec<String>,
    /// Whether the quarantine folder exists.
    pub quarantine: bool,
    /// How full the mailbox is in percent, where the server tells (QUOTA, RFC 9208).
    pub full: Option<u8>,
}

/// The engine, as the command line uses it.
pub trait Engine: Answer + Sized {
    /// Opens the store and the journal, and finishes what was cut off.
    ///
    /// # Errors
    /// The key cannot be had, or the store is damaged and could not be set aside.
    fn open(setup: Setup) -> impl Future<Output = Result<Self, ApiError>> + Send;

    /// Works for all accounts until stopped or, with `once`, until all is done. Returns what went wrong with
    /// accounts.
    ///
    /// # Errors
    /// The engine as a whole cannot go on.
    fn run(&self, options: RunOptions) -> impl Future<Output = Result<Vec<ApiError>, ApiError>> + Send;

    /// Writes what is not yet written and lets go of the store.
    fn close(&self) -> impl Future<Output = ()> + Send;

    /// Connects to an account once and looks around, changing nothing.
    ///
    /// # Errors
    /// The host is unknown, TLS or the sign-in fails: said in words, with the remedy.
    fn probe(
        account: &Account,
        credentials: &Credentials,
    ) -> impl Future<Output = Result<Probe, ApiError>> + Send;
}

/// How long a command waits for an agent that is just starting or ending.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(100);

/// Asks the running agent, or, where none runs, an engine opened for this one request.
pub async fn ask<E: Engine>(context: &Context, request: Request) -> Result<Response, Failure> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    context.paths.make_data_dir()?;
    loop {
        match DataDirLock::acquire(&context.paths) {
            Ok(lock) => return ask_here::<E>(context, lock, request).await,
            Err(LockError::Busy { path, pid }) => {
                match socket::ask(&context.paths.socket(), request.clone()).await {
                    Err(AskError::NotRunning { .. }) if tokio::time::Instant::now() < deadline => {
                        tokio::time::sleep(LOOK).await;
                    }
                    Err(AskError::NotRunning { .. }) => return Err(LockError::Busy { path, pid }.into()),
                    answered => return Ok(answered?),
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn ask_here<E: Engine>(
    context: &Context,
    lock: DataDirLock,
    request: Request,
) -> Result<Response, Failure> {
    let setup = Setup {
        config: context.config()?,
        paths: context.paths.clone(),
        lock,
        keyring: Keyring::system(),
        stop: CancellationToken::new(),
    };
    let engine = E::open(setup).await?;
    let response = engine.answer(request).await;
    engine.close().await;
    Ok(response?)
}

/// SEAM: stands until the engine is here, and goes then. It cannot be opened, so it never answers.
#[derive(Debug)]
pub struct Unfilled(std::convert::Infallible);

impl Answer for Unfilled {
    async fn answer(&self, _: Request) -> Result<Response, ApiError> {
        match self.0 {}
    }

    fn events(&self) -> tokio::sync::broadcast::Receiver<crate::api::Event> {
        match self.0 {}
    }
}

impl Engine for Unfilled {
    async fn open(_: Setup) -> Result<Self, ApiError> {
        Err(ApiError::new(crate::api::ErrorCode::NotNow, "this build has no engine"))
    }

    async fn run(&self, _: RunOptions) -> Result<Vec<ApiError>, ApiError> {
        match self.0 {}
    }

    async fn close(&self) {}

    async fn probe(_: &Account, _: &Credentials) -> Result<Probe, ApiError> {
        Err(ApiError::new(crate::api::ErrorCode::NotNow, "this build has no engine"))
    }
}
