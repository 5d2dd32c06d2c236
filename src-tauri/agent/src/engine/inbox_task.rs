//! The inbox task of an account: its connection watches the watched folders, moves mail, and carries out the
//! user's orders.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::folders::{self, Folders};
use super::pass::{Passed, Side, pass};
use super::restore::restore;
use super::scan::{forget_gone, scan};
use super::watch::{IDLE_AT_MOST, InboxOrder, SideHandle, wait_for_news, watching};
use super::{EngineError, blocking, never_sent, orders, recover, reports, rescue};
use crate::api::{AccountState, Changed, Event};
use crate::config::Keep;
use crate::imap::Connection;
use crate::journal::RestoreReason;
use crate::store::MailKey;

/// All open notices are judged again at most so often, when something new is known and they are many.
const ALL_AGAIN: Duration = Duration::from_secs(60);
/// So few are judged again at once.
const FEW: u64 = 200;
/// Old backscatter is deleted so often.
const PURGE_EVERY: Duration = Duration::from_secs(6 * 3_600);

/// Open notices whose mail is gone are looked for so often.
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// The inbox task; it outlives its connections.
pub struct InboxTask {
    account: Account,
    side: SideHandle,
    refreshed: watch::Receiver<u64>,
    /// The index as it was when all open notices were last judged.
    judged_all: Option<(u64, Instant)>,
    purged: Option<Instant>,
    swept: Option<Instant>,
    /// Somebody asked to look now: at the quarantine as well.
    asked: bool,
}

impl InboxTask {
    /// The inbox task of an account.
    #[must_use]
    pub fn new(account: Account, side: SideHandle, refreshed: watch::Receiver<u64>) -> Self {
        Self { account, side, refreshed, judged_all: None, purged: None, swept: None, asked: false }
    }

    /// One connection's life.
    ///
    /// # Errors
    /// Whatever ended it, but for being told to stop.
    pub async fn session(
        &mut self,
        orders: &mut mpsc::Receiver<InboxOrder>,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let account = self.account.clone();
        account.set_state(AccountState::Connecting);
        let _turn = tokio::select! {
            turn = account.turn() => turn?,
            () = stop.cancelled() => return Ok(()),
        };
        let mut connection = tokio::select! {
            connection = account.connect() => connection?,
            () = stop.cancelled() => return Ok(()),
        };
        let mut folders = folders::find(&account, &mut connection).await?;
        recover::settle(&account, &mut connection, &mut folders).await?;
        let mut watched = false;
        let mut apply: Option<oneshot::Sender<Result<Changed, EngineError>>> = None;
        loop {
            let round = self.round(&mut connection, &mut folders, watched, apply.is_some());
            let passed = tokio::select! {
                passed = round => passed?,
                () = stop.cancelled() => return Ok(()),
            };
            if let Some(reply) = apply.take() {
                let _ = reply.send(Ok(Changed { done: passed.moved.into(), ..Changed::default() }));
            }
            watched = true;
            account.set_state(watching(&account, &connection));
            if self.came_meanwhile(&mut connection, &folders).await? {
                continue;
            }
            let woken = self.wait(&mut connection, &folders, orders, stop).await?;
            match woken {
                Some(Wake::Order(order)) => {
                    apply = self.carry_out(&mut connection, &mut folders, order).await?;
                }
                Some(Wake::Stop) => {
                    connection.log_out().await;
                    return Ok(());
                }
                Some(Wake::Refreshed) | None => {}
            }
        }
    }

    /// Opens the folder to idle on; true if mail has come, or it was renumbered, since it was
    /// scanned: no IDLE would tell of that.
    async fn came_meanwhile(
        &self,
        connection: &mut Connection,
        folders: &Folders,
    ) -> Result<bool, EngineError> {
        let Some((id, first)) = folders.watch.first() else { return Ok(false) };
        let selected = connection.look_into(first).await?;
        let known = self.account.store.inbox(*id)?;
        Ok(known.is_some_and(|known| {
            known.uid_validity != selected.uid_validity.get() || known.next_uid < selected.uid_next
        }))
    }

    /// Scans, judges, moves.
    async fn round(
        &mut self,
        connection: &mut Connection,
        folders: &mut Folders,
        watched: bool,
        apply: bool,
    ) -> Result<Passed, EngineError> {
        let account = self.account.clone();
        self.refreshed.mark_unchanged();
        if !watched {
            account.set_state(AccountState::Scanning);
            // Mail that came back while nobody watched is known by having been in the quarantine.
            never_sent::look(&account, connection, folders).await?;
        }
        // First: what has gone and come back since is known by having gone.
        if !watched || self.swept.is_none_or(|at| at.elapsed() > SWEEP_EVERY) {
            self.swept = Some(Instant::now());
            for (id, name) in folders.watch.clone() {
                forget_gone(&account, connection, id, &name).await?;
            }
        }
        for (id, name) in folders.watch.clone() {
            scan(&account, connection, id, &name, watched).await?;
        }
        account.refresh_profile()?;
        let keys = self.due(apply).await?;
        let side = Side::Task(&self.side);
        let known = account.store.news();
        let passed = pass(&account, connection, folders, side, keys, apply).await?;
        reports::learn_and_fill(&account).await;
        let owned = account.clone();
        blocking(move || Ok(owned.store.durable()?)).await?;
        if passed.refreshed {
            // Its own refresh is no news; one that it did not wait for is.
            self.refreshed.mark_unchanged();
        }
        // A sent copy may have been read while its bounce was on its way out.
        let overtaken = passed.moved > 0 && account.store.news() != known;
        if !watched || passed.learned || overtaken || std::mem::take(&mut self.asked) {
            let owned = account.clone();
            let rescued = blocking(move || rescue::find(&owned)).await?;
            if !rescued.is_empty() {
                let back = restore(&account, connection, folders, &rescued, RestoreReason::Rescue).await;
                // A refusal, of a full mailbox for one, must not keep the inbox from being watched.
                answer(&account, connection, None, back.map(|_| Changed::default()))?;
            }
        }
        if self.purged.is_none_or(|at| at.elapsed() > PURGE_EVERY)
            && let Keep::Seconds(keep) = account.config.keep
        {
            self.purged = Some(Instant::now());
            never_sent::purge(&account, connection, folders, account.server_now().minus(keep)).await?;
        }
        Ok(passed)
    }

    /// The notices to judge now: all of them where the index has changed, else those whose time has come.
    async fn due(&mut self, all: bool) -> Result<Vec<MailKey>, EngineError> {
        let account = self.account.clone();
        let news = account.store.news();
        let few = account.store.open_count(account.id)? <= FEW;
        let again =
            self.judged_all.is_none_or(|(known, at)| known != news && (few || at.elapsed() > ALL_AGAIN));
        if all || again {
            self.judged_all = Some((news, Instant::now()));
            return blocking(move || Ok(account.store.open_keys(account.id)?)).await;
        }
        let now = account.server_now();
        blocking(move || {
            let mut keys = account.store.due_open(account.id, now)?;
            keys.extend(account.store.wanting_refresh(account.id)?);
            keys.sort_unstable();
            keys.dedup();
            Ok(keys)
        })
        .await
    }

    async fn wait(
        &mut self,
        connection: &mut Connection,
        folders: &Folders,
        orders: &mut mpsc::Receiver<InboxOrder>,
        stop: &CancellationToken,
    ) -> Result<Option<Wake>, EngineError> {
        let account = self.account.clone();
        let now = account.server_now();
        let (next, wanting) = blocking(move || {
            let wanting = !account.store.wanting_refresh(account.id)?.is_empty();
            Ok((account.store.next_due(account.id)?, wanting))
        })
        .await?;
        let mut at_most = if folders.watch.len() > 1 { self.account.pace.poll } else { IDLE_AT_MOST };
        if let Some(next) = next {
            let seconds = u64::try_from(next.since(now)).unwrap_or(0).max(1);
            at_most = at_most.min(Duration::from_secs(seconds));
        }
        let refreshed = &mut self.refreshed;
        let news = self.account.store.news();
        if let Some((_, at)) = self.judged_all.filter(|(known, _)| *known != news) {
            // Something new came while the round was under way. Its event is over, so nothing would wake us for it.
            let few = self.account.store.open_count(self.account.id)? <= FEW;
            if few || at.elapsed() > ALL_AGAIN {
                return Ok(Some(Wake::Refreshed));
            }
            at_most = at_most.min(ALL_AGAIN.saturating_sub(at.elapsed()));
        }
        let store = self.account.store.clone();
        let wake = async {
            loop {
                tokio::select! {
                    order = orders.recv() => return order.map_or(Wake::Stop, Wake::Order),
                    () = stop.cancelled() => return Wake::Stop,
                    changed = refreshed.changed() => {
                        if changed.is_err() {
                            std::future::pending::<()>().await;
                        }
                        if wanting || store.news() != news {
                            return Wake::Refreshed;
                        }
                    }
                }
            }
        };
        wait_for_news(&self.account, connection, at_most, wake).await
    }

    /// Carries out an order; one to apply is handed back, as it is part of the next round.
    async fn carry_out(
        &mut self,
        connection: &mut Connection,
        folders: &mut Folders,
        order: InboxOrder,
    ) -> Result<Option<oneshot::Sender<Result<Changed, EngineError>>>, EngineError> {
        let account = &self.account;
        match order {
            InboxOrder::Check(reply) => {
                self.asked = true;
                if let Some(reply) = reply {
                    let _ = reply.send(Ok(Changed::default()));
                }
            }
            InboxOrder::Apply(reply) => return Ok(Some(reply)),
            InboxOrder::Restore(records, reason, reply) => {
                let result = orders::restore_all(account, connection, folders, records, reason).await;
                answer(account, connection, reply, result)?;
            }
            InboxOrder::Decide(keys, decision, reply) => {
                let result = orders::decide_all(account, connection, folders, keys, decision).await;
                answer(account, connection, Some(reply), result)?;
            }
            InboxOrder::Purge(records, reply) => {
                let result = orders::purge_all(account, connection, folders, records).await;
                answer(account, connection, Some(reply), result)?;
            }
        }
        Ok(None)
    }
}

enum Wake {
    Order(InboxOrder),
    Refreshed,
    Stop,
}

/// Passes a result on to who asked; only a lost connection also ends the session.
fn answer(
    account: &Account,
    connection: &Connection,
    reply: Option<oneshot::Sender<Result<Changed, EngineError>>>,
    result: Result<Changed, EngineError>,
) -> Result<(), EngineError> {
    let lost = !connection.is_usable();
    match (reply, result) {
        (Some(reply), result) => {
            let _ = reply.send(result);
        }
        (None, Err(error)) if lost => return Err(error),
        (None, Err(error)) => {
            account.tell(Event::Error { account: Some(account.name.clone()), text: error.to_string() });
        }
        (None, Ok(_)) => {}
    }
    if lost { Err(EngineError::Stopping) } else { Ok(()) }
}
