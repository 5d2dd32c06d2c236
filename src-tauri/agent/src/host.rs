//! Hosts the engine: opens it with the configuration as it is, and anew when that changes; answers what is asked meanwhile,
//! also as long as there is no account yet.

mod secrets;
mod settings;
mod setup;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, broadcast, broadcast::error::RecvError, watch};
use tokio_util::sync::CancellationToken;

use crate::api::{ApiError, ErrorCode, Event, RecordPage, Request, Response, SourcesView, StatusView};
use crate::config::{Config, DataDirError, Paths};
use crate::engine::{Engine, EngineError};
use crate::lock::{DataDirLock, LockError};
use crate::secret::Keyring;
use crate::socket::{self, Answer, ListenError};

/// Events kept for a listener that is slow.
const EVENTS_KEPT: usize = 4_096;

/// So long a question waits for the engine to be opened.
const PATIENCE: Duration = Duration::from_secs(10);

/// The agent cannot be hosted.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Another agent has it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The local socket cannot be opened.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The engine cannot go on.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What the host is about.
#[derive(Clone)]
enum Hosted {
    /// There is no account yet, or the configuration is wrong: what is wrong with it, and what to do.
    Nothing(Option<String>),
    /// The engine is being opened; a locked keyring is waited for.
    Opening,
    /// It works.
    Engine(Arc<Engine>),
}

/// The host of the engine.
pub struct Host {
    paths: Paths,
    keyring: Keyring,
    hosted: watch::Sender<Hosted>,
    events: broadcast::Sender<Event>,
    /// The configuration is another one.
    changed: Notify,
    /// One change of the settings at a time.
    changing: tokio::sync::Mutex<()>,
    stop: CancellationToken,
    dry_run: bool,
}

/// The socket's file, which goes when the agent does.
pub struct SocketFile(PathBuf);

impl SocketFile {
    /// That of a data directory.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        Self(paths.socket())
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // A file that stays is taken for what it is, a left-over, by whoever comes next.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Host {
    /// A host that is not running yet.
    #[must_use]
    pub fn new(paths: Paths, keyring: Keyring, stop: CancellationToken) -> Self {
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        Self {
            paths,
            keyring,
            hosted: watch::Sender::new(Hosted::Opening),
            events,
            changed: Notify::new(),
            changing: tokio::sync::Mutex::new(()),
            stop,
            dry_run: false,
        }
    }

    /// Nothing is changed on a server: notices are judged and shown, and stay.
    #[must_use]
    pub fn changing_nothing(self) -> Self {
        Self { dry_run: true, ..self }
    }

    /// Hosts the engine, and answers on the local socket, until told to stop.
    ///
    /// # Errors
    /// Another agent has the data directory, the socket cannot be opened, or the store can neither be opened nor set aside.
    pub async fn run(self: &Arc<Self>) -> Result<(), HostError> {
        self.paths.make_data_dir()?;
        let lock = Arc::new(DataDirLock::acquire(&self.paths)?);
        let listener = socket::listen(&self.paths, &lock)?;
        let _socket = SocketFile::of(&self.paths);
        let closed = CancellationToken::new();
        let server = tokio::spawn(socket::serve(listener, self.clone(), closed.clone()));
        let ended = self.host(&lock).await;
        closed.cancel();
        let _ = server.await;
        ended
    }

    async fn host(&self, lock: &Arc<DataDirLock>) -> Result<(), HostError> {
        while !self.stop.is_cancelled() {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let config = match Config::load_begun(&self.paths.config) {
                Ok(config) if !config.accounts.is_empty() => config,
                nothing => {
                    self.set(Hosted::Nothing(nothing.err().map(|error| error.to_string())));
                    self.tell(Event::SettingsChanged);
                    tokio::select! {
                        () = changed => {}
                        () = self.stop.cancelled() => {}
                    }
                    continue;
                }
            };
            self.set(Hosted::Opening);
            let stop = self.stop.child_token();
            let open =
                Engine::open(config, self.paths.clone(), lock.clone(), self.keyring.clone(), stop.clone());
            let engine = tokio::select! {
                engine = open => Arc::new(engine?),
                // Whatever is wrong with the keyring may be what the user is mending.
                () = &mut changed => continue,
                () = self.stop.cancelled() => return Ok(()),
            };
            if self.dry_run {
                engine.change_nothing();
            }
            self.set(Hosted::Engine(engine.clone()));
            self.tell(Event::SettingsChanged);
            let ended = self.work(&engine, changed, &stop).await;
            self.set(Hosted::Opening);
            engine.close().await;
            ended?;
        }
        Ok(())
    }

    /// Works until told to stop, or until the configuration is another one.
    async fn work(
        &self,
        engine: &Engine,
        changed: impl Future<Output = ()>,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let mut events = engine.events();
        let (work, mut changed) = (engine.run(), std::pin::pin!(changed));
        tokio::pin!(work);
        loop {
            tokio::select! {
                ended = &mut work => return ended,
                () = &mut changed, if !stop.is_cancelled() => stop.cancel(),
                event = events.recv() => match event {
                    Ok(event) => self.tell(event),
                    Err(RecvError::Lagged(count)) => self.tell(Event::Missed { count }),
                    Err(RecvError::Closed) => {}
                },
            }
        }
    }

    fn set(&self, hosted: Hosted) {
        self.hosted.send_replace(hosted);
    }

    fn hosted(&self) -> Hosted {
        self.hosted.borrow().clone()
    }

    /// What it is about, once the engine is open; it is not waited for without end.
    async fn settled(&self) -> Hosted {
        let mut hosted = self.hosted.subscribe();
        let settled = hosted.wait_for(|hosted| !matches!(hosted, Hosted::Opening));
        match tokio::time::timeout(PATIENCE, settled).await {
            Ok(Ok(hosted)) => hosted.clone(),
            _ => Hosted::Opening,
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Answers what an engine is not needed for.
    fn without_engine(&self, request: &Request, why: Option<String>) -> Result<Response, ApiError> {
        match request {
            Request::Status => Ok(Response::Status(StatusView {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                running: true,
                accounts: Vec::new(),
            })),
            // Without an account there is nothing to list; that is no failure.
            Request::Search { .. } | Request::QuarantineList { .. } | Request::Undecided { .. }
                if why.is_none() =>
            {
                Ok(Response::Records(RecordPage { records: Vec::new(), total: 0, next: None }))
            }
            Request::Groups if why.is_none() => Ok(Response::Groups(Vec::new())),
            Request::Reports if why.is_none() => Ok(Response::Reports(Vec::new())),
            Request::Unmatched if why.is_none() => Ok(Response::Unmatched(Vec::new())),
            Request::Digest if why.is_none() => Ok(Response::Digest(None)),
            Request::Sources if why.is_none() => Ok(Response::Sources(SourcesView::default())),
            Request::Learned if why.is_none() => Ok(Response::Learned(Vec::new())),
            Request::Overview { .. } if why.is_none() => Ok(Response::Overview(Box::default())),
            _ => {
                let text = why.unwrap_or_else(|| "there is no account yet; set one up first".to_owned());
                Err(ApiError::new(ErrorCode::Configuration, text))
            }
        }
    }
}

impl Answer for Host {
    async fn answer(&self, request: Request) -> Result<Response, ApiError> {
        match request {
            Request::Settings => Ok(Response::Settings(Box::new(self.settings().await))),
            Request::ChangeSettings { change } => {
                self.change(change).await.map(|view| Response::Settings(Box::new(view)))
            }
            Request::FindServers { address } => setup::find_servers(&address).map(Response::Servers),
            Request::TryAccount { account, password } => {
                self.try_account(*account, password).await.map(Response::Tried)
            }
            Request::Shutdown => {
                self.stop.cancel();
                Ok(Response::Accepted)
            }
            request => match self.settled().await {
                Hosted::Engine(engine) => engine.answer(request).await,
                Hosted::Nothing(why) => self.without_engine(&request, why),
                Hosted::Opening => Err(ApiError::new(
                    ErrorCode::NotNow,
                    "the index of sent mail is being opened; if your keyring is locked, unlock it",
                )),
            },
        }
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}
