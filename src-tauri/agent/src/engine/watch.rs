//! The running agent: for each account a side task (Sent folders, quarantine) and an inbox task (watched
//! folders, orders of the user), each with its own connection, each coming back by itself.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::backoff::{Backoff, GOOD_SESSION};
use super::inbox_task::InboxTask;
use super::pausing::{self, Pause};
use super::side_task::SideTask;
use super::{Engine, EngineError, blocking, records};
use crate::api::{AccountState, Changed, Decision, Event, Watching};
use crate::imap::{Connection, FailureClass, ImapError, Woken};
use crate::journal::RestoreReason;
use crate::store::{MailKey, RecordId};

/// IDLE is armed again after so long at most (faults F4: routers forget quiet connections).
pub const IDLE_AT_MOST: Duration = Duration::from_secs(5 * 60);
/// A clock that ran so much further than the time we waited: the machine slept.
const SLEPT: i64 = 60;

/// An order to the inbox task.
#[derive(Debug)]
pub enum InboxOrder {
    /// Look at the watched folders now.
    Check(Option<oneshot::Sender<Result<Changed, EngineError>>>),
    /// Move what mode `observe` has judged.
    Apply(oneshot::Sender<Result<Changed, EngineError>>),
    /// Put mails back.
    Restore(Vec<RecordId>, RestoreReason, Option<oneshot::Sender<Result<Changed, EngineError>>>),
    /// Carry out what the user decided of undecided mails.
    Decide(Vec<MailKey>, Decision, oneshot::Sender<Result<Changed, EngineError>>),
    /// Delete mails from the quarantine.
    Purge(Vec<RecordId>, oneshot::Sender<Result<Changed, EngineError>>),
}

/// An order to the side task: refresh the index, and say when it is done.
pub type SideOrder = oneshot::Sender<Result<(), EngineError>>;

/// The way to the side task.
#[derive(Clone)]
pub struct SideHandle {
    /// The account's name.
    pub account: String,
    /// Orders.
    pub orders: mpsc::Sender<SideOrder>,
}

impl SideHandle {
    /// Brings the index up to date by a refresh that begins now.
    ///
    /// # Errors
    /// The side task has no connection, or lost it.
    pub async fn refresh(&self) -> Result<(), EngineError> {
        let not_connected = || EngineError::NotConnected { account: self.account.clone() };
        let (reply, answer) = oneshot::channel();
        // A side task without connection drops the order.
        self.orders.try_send(reply).map_err(|_| not_connected())?;
        answer.await.map_err(|_| not_connected())?
    }
}

/// The way to each account's inbox task, by the account's name; there is none while all is paused.
type Ways = BTreeMap<String, (Option<mpsc::Sender<InboxOrder>>, Account)>;

/// The orders of all accounts that are being watched.
#[derive(Clone, Default)]
pub struct Commands {
    accounts: Arc<Mutex<Ways>>,
}

impl Commands {
    /// The way to an account's inbox task, if the agent is running.
    #[must_use]
    pub fn inbox(&self, account: &str) -> Option<mpsc::Sender<InboxOrder>> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(account).and_then(|(orders, _)| orders.clone())
    }

    /// What an account is doing, if the agent is running.
    #[must_use]
    pub fn account(&self, account: &str) -> Option<Account> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(account).map(|(_, account)| account.clone())
    }

    fn set(&self, accounts: Ways) {
        *self.accounts.lock().unwrap_or_else(PoisonError::into_inner) = accounts;
    }
}

impl Engine {
    /// Watches every account until it is told to stop.
    ///
    /// # Errors
    /// The store is damaged and cannot be set aside.
    pub async fn run(&self) -> Result<(), EngineError> {
        let shared = self.shared().clone();
        loop {
            if let Some(pause) = pausing::paused(&shared)? {
                self.wait_paused(pause).await?;
                if shared.stop.is_cancelled() {
                    return Ok(());
                }
                continue;
            }
            let generation = shared.stop.child_token();
            let mut tasks = JoinSet::new();
            let mut orders = BTreeMap::new();
            for config in &shared.config.accounts {
                let account = Account::new(config.clone(), &shared)?;
                let (send, receive) = mpsc::channel(64);
                orders.insert(account.name.clone(), (Some(send.clone()), account.clone()));
                tasks.spawn(super::reports::keep_sending(
                    shared.clone(),
                    account.clone(),
                    generation.clone(),
                ));
                spawn_account(&mut tasks, account, send, receive, generation.clone());
            }
            self.commands().set(orders);
            tasks.spawn(super::hosts::keep_asking(self.shared().clone(), generation.clone()));
            tasks.spawn(daily_export(self.shared().clone(), generation.clone()));
            tasks.spawn(watch_store(self.shared().clone(), generation.clone()));
            tasks.spawn(pausing::until_paused(shared.clone(), generation.clone()));
            // The first task to end means the end of all: told to stop, or the store is damaged.
            let _ = tasks.join_next().await;
            generation.cancel();
            end_within(&mut tasks, Duration::from_secs(4)).await;
            self.commands().set(BTreeMap::new());
            if shared.stop.is_cancelled() {
                let store = shared.store.clone();
                return blocking(move || Ok(store.durable()?)).await;
            }
            let owned = shared.clone();
            blocking(move || {
                if owned.store.broken().is_some() {
                    let found = owned.store.replace(owned.clock.now())?;
                    super::say_what_was_found(&found, 0, false);
                    records::catch_up(&owned, true)?;
                    super::mine::take_up(&owned)?;
                    super::folders::name_senders(&owned)?;
                }
                Ok(())
            })
            .await?;
        }
    }
}

impl Engine {
    /// Leaves all mailboxes alone as long as that is wanted; then everything begins anew.
    async fn wait_paused(&self, pause: Pause) -> Result<(), EngineError> {
        let shared = self.shared();
        let mut accounts = BTreeMap::new();
        for config in &shared.config.accounts {
            let account = Account::new(config.clone(), shared)?;
            account.set_state(AccountState::Paused { until: pause.until });
            accounts.insert(account.name.clone(), (None, account));
        }
        self.commands().set(accounts);
        pausing::until_over(shared, pause).await;
        self.commands().set(BTreeMap::new());
        Ok(())
    }
}

/// Waits for tasks that were told to stop, then ends what has not: 5 seconds for a clean end, one of them spare.
async fn end_within(tasks: &mut JoinSet<()>, limit: Duration) {
    if tokio::time::timeout(limit, async { while tasks.join_next().await.is_some() {} }).await.is_err() {
        tasks.shutdown().await;
    }
}

fn spawn_account(
    tasks: &mut JoinSet<()>,
    account: Account,
    orders: mpsc::Sender<InboxOrder>,
    mut inbox_orders: mpsc::Receiver<InboxOrder>,
    stop: CancellationToken,
) {
    let (side_orders, side_receiver) = mpsc::channel(8);
    let refreshed = watch::Sender::new(0_u64);
    let side = SideHandle { account: account.name.clone(), orders: side_orders };
    let news = refreshed.subscribe();
    let (side_account, side_stop) = (account.clone(), stop.clone());
    tasks.spawn(async move {
        let mut task = SideTask::new(side_account.clone(), side_receiver, orders, refreshed);
        let mut rhythm = Rhythm::new(&side_account, &side_stop, Role::Side);
        loop {
            let began = Instant::now();
            let result = task.session(&side_stop).await;
            let goes_on = tokio::select! {
                goes_on = rhythm.goes_on(began, result) => goes_on,
                () = task.refuse_orders() => false,
            };
            if !goes_on {
                return;
            }
        }
    });
    tasks.spawn(async move {
        let mut task = InboxTask::new(account.clone(), side, news);
        let mut rhythm = Rhythm::new(&account, &stop, Role::Inbox);
        loop {
            let began = Instant::now();
            let result = task.session(&mut inbox_orders, &stop).await;
            let goes_on = tokio::select! {
                goes_on = rhythm.goes_on(began, result) => goes_on,
                // Who gave an order would wait for as long as there is no connection; mails to rescue are told again.
                () = async { while inbox_orders.recv().await.is_some() {} } => false,
            };
            if !goes_on {
                break;
            }
        }
        account.set_state(AccountState::Stopped);
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Side,
    /// The one whose state is the account's.
    Inbox,
}

/// What comes between one session and the next.
struct Rhythm<'a> {
    account: &'a Account,
    stop: &'a CancellationToken,
    role: Role,
    backoff: Backoff,
}

impl<'a> Rhythm<'a> {
    fn new(account: &'a Account, stop: &'a CancellationToken, role: Role) -> Self {
        Self { account, stop, role, backoff: Backoff::default() }
    }

    /// Waits as long as the end of a session asks for; false where there is to be no other.
    async fn goes_on(&mut self, began: Instant, result: Result<(), EngineError>) -> bool {
        let (account, stop) = (self.account, self.stop);
        if stop.is_cancelled() || account.store.broken().is_some() {
            return false;
        }
        if began.elapsed() > GOOD_SESSION {
            self.backoff.reset();
        }
        let Err(error) = result else { return true };
        let text = error.to_string();
        account.tell(Event::Error { account: Some(account.name.clone()), text: text.clone() });
        let least = match error.class() {
            FailureClass::Temporary => Duration::ZERO,
            FailureClass::Wait => account.pace.wait,
            FailureClass::Final => account.pace.hopeless,
            FailureClass::SignIn => {
                // Trying again with the same secret locks accounts; a new one comes with a new start.
                account.set_state(AccountState::SignInFailed);
                stop.cancelled().await;
                return false;
            }
        };
        let wait = self.backoff.wait(least, &mut rand::rng());
        if self.role == Role::Inbox {
            let until = crate::clock::now().plus(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
            account.set_state(AccountState::Waiting { until, why: text });
        }
        tracing::info!(account = account.name, seconds = wait.as_secs(), "connection ended, trying again");
        sleep_awake(wait, stop).await;
        true
    }
}

/// Sleeps, but no longer than the wall clock says: after the machine slept there is a new network to try.
async fn sleep_awake(wait: Duration, stop: &CancellationToken) {
    let end = crate::clock::now().plus(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
    let deadline = Instant::now() + wait;
    while Instant::now() < deadline && crate::clock::now() < end {
        let step = Duration::from_secs(5).min(deadline - Instant::now());
        tokio::select! {
            () = tokio::time::sleep(step) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Idles on the examined folder, or waits where the server has no IDLE, until it has news, the time is up,
/// or `wake` is ready; returns what woke it otherwise.
///
/// # Errors
/// The connection is lost, or the machine slept and the connection cannot be trusted any more.
pub async fn wait_for_news<T>(
    account: &Account,
    connection: &mut Connection,
    at_most: Duration,
    wake: impl Future<Output = T>,
) -> Result<Option<T>, EngineError> {
    let (began, ticked) = (crate::clock::now(), Instant::now());
    let mut wake = pin!(wake);
    let idles = connection.capabilities().has("IDLE") && !account.idle_refused();
    let woken = if idles {
        match idle(connection, at_most, wake.as_mut()).await {
            Err(EngineError::Imap(ImapError::IdleRefused { .. })) => {
                account.refuse_idle();
                None
            }
            other => other?,
        }
    } else {
        let woken = tokio::time::timeout(at_most.min(account.pace.poll), wake).await.ok();
        connection.noop().await?;
        woken
    };
    let waited = i64::try_from(ticked.elapsed().as_secs()).unwrap_or(i64::MAX);
    if crate::clock::now().since(began).saturating_sub(waited) > SLEPT {
        return Err(EngineError::Slept);
    }
    Ok(woken)
}

async fn idle<T>(
    connection: &mut Connection,
    at_most: Duration,
    mut wake: std::pin::Pin<&mut impl Future<Output = T>>,
) -> Result<Option<T>, EngineError> {
    let interrupt = CancellationToken::new();
    let mut idle = pin!(connection.idle(interrupt.cancelled(), at_most.min(IDLE_AT_MOST)));
    let mut slept = pin!(slept());
    let mut got = None;
    loop {
        tokio::select! {
            biased;
            woken = &mut idle => {
                let (Woken::News | Woken::TimeUp | Woken::Interrupted) = woken?;
                return Ok(got);
            }
            value = &mut wake, if got.is_none() => {
                got = Some(value);
                interrupt.cancel();
            }
            () = &mut slept => return Err(EngineError::Slept),
        }
    }
}

/// Ready when the machine has slept: the wall clock ran further than the time that passed for us.
async fn slept() {
    loop {
        let (began, ticked) = (crate::clock::now(), Instant::now());
        tokio::time::sleep(Duration::from_secs(10)).await;
        let waited = i64::try_from(ticked.elapsed().as_secs()).unwrap_or(i64::MAX);
        if crate::clock::now().since(began).saturating_sub(waited) > SLEPT {
            return;
        }
    }
}

/// The state to show while waiting.
#[must_use]
pub fn watching(account: &Account, connection: &Connection) -> AccountState {
    let idles = connection.capabilities().has("IDLE") && !account.idle_refused();
    AccountState::Watching(if idles { Watching::Idle } else { Watching::Poll })
}

/// Writes an export a day; what only we know outlives the store in it.
async fn daily_export(shared: Arc<super::Shared>, stop: CancellationToken) {
    loop {
        let owned = shared.clone();
        if let Err(error) = blocking(move || super::export::export_if_due(&owned)).await {
            let _ = shared.events.send(Event::Error { account: None, text: error.to_string() });
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(3_600)) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Ends when the store is found damaged, so that everything begins anew with a mended one.
async fn watch_store(shared: Arc<super::Shared>, stop: CancellationToken) {
    while shared.store.broken().is_none() {
        shared.lists.forget_if_idle();
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stop.cancelled() => return,
        }
    }
}
