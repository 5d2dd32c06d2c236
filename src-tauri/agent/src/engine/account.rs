//! One account: what its two connections share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rules::{Profile, Rules, UnixTime};
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};

use super::alarm::Failures;
use super::early::{Early, Two, sign_in_twice};
use super::server_clock::ServerClock;
use super::turns::Turn;
use super::{EngineError, Pace};
use crate::api::{AccountState, Event};
use crate::clock::Clock;
use crate::config;
use crate::imap::{Connection, Traffic};
use crate::journal::Journal;
use crate::lookups::Dns;
use crate::secret::{self, Keyring};
use crate::store::{AccountId, Store};

/// What the connections and commands of one account share; clones share it all.
#[derive(Clone)]
pub struct Account {
    /// Its name in the configuration.
    pub name: String,
    /// Its number in the store.
    pub id: AccountId,
    /// Its configuration.
    pub config: Arc<config::Account>,
    /// The store of all accounts.
    pub store: Store,
    /// The journal of all accounts.
    pub journal: Journal,
    /// Where secrets come from.
    pub keyring: Arc<Keyring>,
    /// Whether nothing may change on the server.
    pub dry_run: bool,
    /// How patient it is.
    pub pace: Pace,
    /// By which notices are recognised.
    pub rules: Rules,
    /// What time it is.
    pub wall: Clock,
    /// Whether and where reports are sent.
    pub spamcop: config::SpamCop,
    /// Which complaints are written, and how.
    pub complaints: config::Complaints,
    /// The way to DNS, where DKIM and SPF may be asked.
    pub dns: Option<Dns>,
    profile: Arc<RwLock<Profile>>,
    events: broadcast::Sender<Event>,
    state: watch::Sender<AccountState>,
    clock: Arc<Mutex<ServerClock>>,
    /// What connections that are gone have carried, and the ones there are.
    traffic: Arc<Mutex<Vec<Arc<Traffic>>>>,
    idle_refused: Arc<AtomicBool>,
    failures: Arc<Mutex<Failures>>,
    turn: Turn,
}

impl Account {
    /// An account of the configuration.
    ///
    /// # Errors
    /// The store cannot be used.
    pub fn new(config: config::Account, shared: &super::Shared) -> Result<Self, EngineError> {
        Ok(Self {
            name: config.name.clone(),
            id: shared.store.account(&config.name)?,
            store: shared.store.clone(),
            journal: shared.journal.clone(),
            keyring: shared.keyring.clone(),
            dry_run: shared.dry_run.load(Ordering::Relaxed),
            rules: shared.rules.clone(),
            dns: shared.config.lookups.dkim_spf.then(|| shared.dns.clone()),
            spamcop: shared.config.spamcop.clone(),
            complaints: shared.config.complaints.clone(),
            wall: shared.clock.clone(),
            pace: *shared.pace.read().unwrap_or_else(PoisonError::into_inner),
            profile: shared.profile.clone(),
            events: shared.events.clone(),
            state: watch::Sender::new(AccountState::Stopped),
            clock: Arc::default(),
            traffic: Arc::default(),
            idle_refused: Arc::default(),
            failures: Arc::default(),
            turn: shared.turns.of(&config.name),
            config: Arc::new(config),
        })
    }

    /// Waits until nobody else moves mail of this account; that is so until what is returned is dropped.
    ///
    /// # Errors
    /// The agent ends.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, EngineError> {
        self.turn.take().await
    }

    /// Whether reports of any kind are wanted.
    #[must_use]
    pub fn reports(&self) -> bool {
        self.spamcop.mode != config::ReportMode::Off || self.complaints.operator || self.complaints.injector
    }

    /// Signs in to the account's server.
    ///
    /// # Errors
    /// The secret cannot be had, the server cannot be reached or does not accept it.
    pub async fn connect(&self) -> Result<Connection, EngineError> {
        let credentials = secret::credentials(&self.config, &self.keyring).await?;
        let connection = Connection::open(&self.config.imap, &credentials, self.pace.deadlines).await?;
        self.may_be_another_network();
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner).push(connection.traffic());
        Ok(connection)
    }

    /// Signs in for the Sent folders and for the watched ones; takes what was begun early, if it was.
    ///
    /// # Errors
    /// As of [`Account::connect`].
    pub async fn connect_twice(&self, early: &Early) -> Result<Two, EngineError> {
        let (side, inbox) = match early.take(&self.name) {
            Some(begun) => begun.await??,
            None => sign_in_twice(&self.config, &self.keyring, self.pace.deadlines).await?,
        };
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.extend([side.traffic(), inbox.traffic()]);
        drop(traffic);
        self.may_be_another_network();
        Ok((side, inbox))
    }

    /// Whoever connects anew may have come home from the office.
    fn may_be_another_network(&self) {
        if let Some(dns) = &self.dns {
            dns.renew();
        }
    }

    /// The server's time, as far as it is known.
    #[must_use]
    pub fn server_now(&self) -> UnixTime {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner).server_time(self.wall.now())
    }

    /// Learns the server's time from a mail that has just come in while the folder was watched.
    pub fn saw_arrival(&self, internal_date: UnixTime, watched: bool) {
        let now = self.wall.now();
        self.clock.lock().unwrap_or_else(PoisonError::into_inner).saw_arrival(internal_date, now, watched);
    }

    /// The profile of the user.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds what the mailbox itself tells about the user to the profile.
    ///
    /// # Errors
    /// The store cannot be used.
    pub fn refresh_profile(&self) -> Result<(), EngineError> {
        let names = self.store.mailbox_names(self.id)?;
        let mut profile = self.profile.write().unwrap_or_else(PoisonError::into_inner);
        profile.mailbox_names.extend(names);
        Ok(())
    }

    /// Tells everyone who listens; nobody listening is no error.
    pub fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// The state as it is shown.
    #[must_use]
    pub fn state(&self) -> AccountState {
        self.state.borrow().clone()
    }

    /// Waits for a state, at most so long; returns the one that it is in then.
    pub async fn until_state(
        &self,
        wanted: impl Fn(&AccountState) -> bool,
        at_most: std::time::Duration,
    ) -> AccountState {
        let mut states = self.state.subscribe();
        let reached = states.wait_for(|state| wanted(state));
        let reached = tokio::time::timeout(at_most, reached).await;
        match reached {
            Ok(Ok(state)) => state.clone(),
            _ => self.state(),
        }
    }

    /// Changes the state that is shown, and tells of it.
    pub fn set_state(&self, state: AccountState) {
        if self.state.send_if_modified(|old| std::mem::replace(old, state.clone()) != state) {
            self.tell(Event::StateChanged { account: self.name.clone(), state });
        }
    }

    /// Bytes read from and written to the server since the agent started.
    #[must_use]
    pub fn traffic(&self) -> (u64, u64) {
        let all = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().fold((0, 0), |(read, written), one| (read + one.received(), written + one.sent()))
    }

    /// Counts a failure of mail to strangers.
    pub fn count_failure(&self, count: impl FnOnce(&mut Failures) -> usize) -> usize {
        count(&mut self.failures.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the server refused IDLE although it offers it.
    #[must_use]
    pub fn idle_refused(&self) -> bool {
        self.idle_refused.load(Ordering::Relaxed)
    }

    /// Remembers that the server refused IDLE: it is polled until the agent starts again.
    pub fn refuse_idle(&self) {
        self.idle_refused.store(true, Ordering::Relaxed);
    }
}
