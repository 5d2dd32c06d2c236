//! The side task of an account: its connection reads the Sent folders and looks at the quarantine.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::folders::{self, Folders};
use super::index::{self, SeenCounts};
use super::watch::{InboxOrder, SideOrder, wait_for_news};
use super::{EngineError, blocking, never_sent};
use crate::api::Event;
use crate::imap::Connection;
use crate::journal::RestoreReason;

/// How often the quarantine is searched for mails that are gone, and the quota asked for.
const HOURLY: Duration = Duration::from_secs(3_600);

/// The side task; it outlives its connections.
pub struct SideTask {
    account: Account,
    orders: mpsc::Receiver<SideOrder>,
    inbox: mpsc::Sender<InboxOrder>,
    refreshed: watch::Sender<u64>,
    looked_for_gone: Option<Instant>,
}

impl SideTask {
    /// The side task of an account.
    #[must_use]
    pub fn new(
        account: Account,
        orders: mpsc::Receiver<SideOrder>,
        inbox: mpsc::Sender<InboxOrder>,
        refreshed: watch::Sender<u64>,
    ) -> Self {
        Self { account, orders, inbox, refreshed, looked_for_gone: None }
    }

    /// One connection's life.
    ///
    /// # Errors
    /// Whatever ended it, but for being told to stop.
    pub async fn session(&mut self, stop: &CancellationToken) -> Result<(), EngineError> {
        let account = self.account.clone();
        let mut connection = tokio::select! {
            connection = account.connect() => connection?,
            () = refuse(&mut self.orders) => return Ok(()),
            () = stop.cancelled() => return Ok(()),
        };
        let mut found = folders::find(&account, &mut connection).await?;
        if let Err(error) = found.need_sent(&account) {
            account.tell(Event::Error { account: Some(account.name.clone()), text: error.to_string() });
        }
        let mut seen = SeenCounts::default();
        let mut waiting: Vec<SideOrder> = Vec::new();
        let (mut looked_at, mut to_rescue) = (None, false);
        let mut again = false;
        loop {
            while let Ok(order) = self.orders.try_recv() {
                waiting.push(order);
            }
            let refreshed = tokio::select! {
                refreshed = index::refresh(&account, &mut connection, &found, &mut seen) => refreshed,
                () = stop.cancelled() => return Ok(()),
            };
            refreshed?;
            let news = account.store.news();
            if to_rescue || looked_at != Some(news) {
                looked_at = Some(news);
                to_rescue = self.tell_of_rescues().await?;
            }
            self.refreshed.send_modify(|count| *count += 1);
            for order in waiting.drain(..) {
                let _ = order.send(Ok(()));
            }
            // A Sent folder made meanwhile has to be read, or nothing is covered.
            found = self.look_at_quarantine(&mut connection).await?;
            if let Some((id, first)) = found.sent.first() {
                let selected = connection.look_into(first).await?;
                // What came or went since it was read is told by this answer alone: no IDLE tells it again.
                if !again && seen.is_news(&account, *id, &selected)? {
                    again = true;
                    continue;
                }
                again = false;
            }
            let orders = &mut self.orders;
            let wake = async {
                tokio::select! {
                    order = orders.recv() => order,
                    () = stop.cancelled() => None,
                }
            };
            match wait_for_news(&account, &mut connection, account.pace.poll, wake).await? {
                Some(Some(order)) => waiting.push(order),
                Some(None) => {
                    connection.log_out().await;
                    return Ok(());
                }
                None => {}
            }
        }
    }

    /// Refuses what is asked for while there is no connection; ends only by being dropped.
    pub async fn refuse_orders(&mut self) {
        refuse(&mut self.orders).await;
    }

    /// Tells the inbox task of quarantined mails whose original is known by now, until it has put them back;
    /// says whether there are any.
    async fn tell_of_rescues(&self) -> Result<bool, EngineError> {
        let account = self.account.clone();
        let rescued = blocking(move || Ok(account.store.records_to_rescue(account.id)?)).await?;
        let any = !rescued.is_empty();
        if any {
            // Never waited for: the inbox task may be waiting for this one.
            let _ = self.inbox.try_send(InboxOrder::Restore(rescued, RestoreReason::Rescue, None));
        }
        Ok(any)
    }

    async fn look_at_quarantine(&mut self, connection: &mut Connection) -> Result<Folders, EngineError> {
        // The inbox task may have made the folder since.
        let found: Folders = folders::find(&self.account, connection).await?;
        never_sent::look(&self.account, connection, &found).await?;
        if self.looked_for_gone.is_none_or(|at| at.elapsed() > HOURLY) {
            self.looked_for_gone = Some(Instant::now());
            never_sent::find_gone(&self.account, connection, &found).await?;
            never_sent::check_quota(&self.account, connection, &found).await?;
        }
        Ok(found)
    }
}

/// Drops orders, which tells their senders that there is no connection; they would wait for as long as that lasts.
async fn refuse(orders: &mut mpsc::Receiver<SideOrder>) {
    while orders.recv().await.is_some() {}
    std::future::pending().await
}
