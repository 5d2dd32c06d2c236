//! Orders of the user that change something on a server: by the running agent or, where none runs, on a connection of
//! their own.

use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::pass::{Side, pass};
use super::view::{open_key, record_id, record_name};
use super::watch::InboxOrder;
use super::{Engine, EngineError, blocking, folders, index, orders, recover};
use crate::api::{self, AccountState, Changed, Decision, Failed, Purge};
use crate::imap::Connection;
use crate::journal::RestoreReason;
use crate::store::{self, MailKey, RecordId};

/// So long an order waits for the agent to sign in.
const PATIENCE: Duration = Duration::from_secs(20);

/// Records, sorted by the account that they belong to.
type Sorted = Vec<(Account, Vec<RecordId>)>;

impl Engine {
    pub(super) async fn apply(&self, account: Option<String>) -> Result<Changed, EngineError> {
        let mut changed = Changed::default();
        for account in self.accounts(account.as_deref())? {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => ask(&account, &self.shared().stop, &inbox, InboxOrder::Apply).await?,
                None => apply_alone(&account).await?,
            };
            changed.add(one);
        }
        Ok(changed)
    }

    pub(super) async fn restore(&self, names: Vec<api::RecordId>) -> Result<Changed, EngineError> {
        let (sorted, mut changed) = self.sort_by_account(names)?;
        for (account, ids) in sorted {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => {
                    let order = |reply| InboxOrder::Restore(ids, RestoreReason::User, Some(reply));
                    ask(&account, &self.shared().stop, &inbox, order).await?
                }
                None => {
                    let mut alone = Alone::sign_in(&account).await?;
                    let reason = RestoreReason::User;
                    orders::restore_all(&account, &mut alone.connection, &alone.folders, ids, reason).await?
                }
            };
            changed.add(one);
        }
        Ok(changed)
    }

    pub(super) async fn purge(&self, which: Purge) -> Result<Changed, EngineError> {
        let names = match which {
            Purge::Ids(names) => names,
            Purge::OlderThan(seconds) => {
                let before = self.shared().clock.now().minus(seconds);
                let mut names = Vec::new();
                for account in self.accounts(None)? {
                    let mut after = None;
                    loop {
                        let page = account.store.records(account.id, after, 1_000)?;
                        let Some(last) = page.last() else { break };
                        after = Some(last.id);
                        let old =
                            |r: &&store::Record| r.state == store::RecordState::Moved && r.moved_at < before;
                        names.extend(page.iter().filter(old).map(|record| record_name(record.id)));
                    }
                }
                names
            }
        };
        let (sorted, mut changed) = self.sort_by_account(names)?;
        for (account, ids) in sorted {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => {
                    ask(&account, &self.shared().stop, &inbox, |reply| InboxOrder::Purge(ids, reply)).await?
                }
                None => {
                    let mut alone = Alone::sign_in(&account).await?;
                    orders::purge_all(&account, &mut alone.connection, &alone.folders, ids).await?
                }
            };
            changed.add(one);
        }
        Ok(changed)
    }

    pub(super) async fn decide(
        &self,
        names: Vec<api::RecordId>,
        decision: Decision,
    ) -> Result<Changed, EngineError> {
        let mut changed = Changed::default();
        let mut sorted: Vec<(Account, Vec<MailKey>)> =
            self.accounts(None)?.into_iter().map(|account| (account, Vec::new())).collect();
        for name in names {
            let key = open_key(&name);
            let open = match &key {
                Some(key) => self.shared().store.open_notice(key)?,
                None => None,
            };
            let of = open.and_then(|open| sorted.iter_mut().find(|(account, _)| account.id == open.account));
            match (of, key) {
                (Some((_, keys)), Some(key)) => keys.push(key),
                _ => {
                    let why = "it is not undecided, or not any more".to_owned();
                    changed.failed.push(Failed { id: name, why });
                }
            }
        }
        sorted.retain(|(_, keys)| !keys.is_empty());
        for (account, keys) in sorted {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => {
                    ask(&account, &self.shared().stop, &inbox, |reply| {
                        InboxOrder::Decide(keys, decision, reply)
                    })
                    .await?
                }
                None => {
                    let mut alone = Alone::sign_in(&account).await?;
                    let Alone { connection, folders, .. } = &mut alone;
                    orders::decide_all(&account, connection, folders, keys, decision).await?
                }
            };
            changed.add(one);
        }
        Ok(changed)
    }

    fn sort_by_account(&self, names: Vec<api::RecordId>) -> Result<(Sorted, Changed), EngineError> {
        let mut changed = Changed::default();
        let mut sorted: Sorted =
            self.accounts(None)?.into_iter().map(|account| (account, Vec::new())).collect();
        for name in names {
            let record = match record_id(&name) {
                Some(id) => self.shared().store.record(id)?,
                None => None,
            };
            let of =
                record.and_then(|r| sorted.iter_mut().find(|(a, _)| a.id == r.account).map(|s| (s, r.id)));
            match of {
                Some(((_, ids), id)) => ids.push(id),
                None => {
                    let why = "there is no such record; `neversent quarantine list` shows them".to_owned();
                    changed.failed.push(Failed { id: name, why });
                }
            }
        }
        sorted.retain(|(_, ids)| !ids.is_empty());
        Ok((sorted, changed))
    }
}

async fn ask(
    account: &Account,
    stop: &CancellationToken,
    inbox: &mpsc::Sender<InboxOrder>,
    order: impl FnOnce(oneshot::Sender<Result<Changed, EngineError>>) -> InboxOrder,
) -> Result<Changed, EngineError> {
    let not_connected = || EngineError::NotConnected { account: account.name.clone() };
    let begins = |state: &AccountState| {
        matches!(state, AccountState::Stopped | AccountState::Connecting | AccountState::SigningIn)
    };
    // An order that comes while the agent begins is carried out as soon as it can be.
    let state = tokio::select! {
        state = account.until_state(|state| !begins(state), PATIENCE) => state,
        () = stop.cancelled() => return Err(EngineError::Stopping),
    };
    if !matches!(state, AccountState::Watching(_) | AccountState::Scanning | AccountState::Indexing { .. }) {
        return Err(not_connected());
    }
    let (reply, answer) = oneshot::channel();
    inbox.send(order(reply)).await.map_err(|_| not_connected())?;
    answer.await.map_err(|_| not_connected())?
}

/// A connection for one order, where no agent runs.
struct Alone {
    connection: Connection,
    folders: folders::Folders,
    _turn: OwnedSemaphorePermit,
}

impl Alone {
    async fn sign_in(account: &Account) -> Result<Self, EngineError> {
        let turn = account.turn().await?;
        let mut connection = account.connect().await?;
        let mut folders = folders::find(account, &mut connection).await?;
        recover::settle(account, &mut connection, &mut folders).await?;
        Ok(Self { connection, folders, _turn: turn })
    }
}

async fn apply_alone(account: &Account) -> Result<Changed, EngineError> {
    let mut alone = Alone::sign_in(account).await?;
    let mut side = account.connect().await?;
    let mut seen = index::SeenCounts::default();
    index::refresh(account, &mut side, &alone.folders, &mut seen).await?;
    let owned = account.clone();
    let keys = blocking(move || Ok(owned.store.open_keys(owned.id)?)).await?;
    let side = Side::Own { connection: &mut side, seen: &mut seen };
    let passed = pass(account, &mut alone.connection, &mut alone.folders, side, keys, true).await?;
    let store = account.store.clone();
    blocking(move || Ok(store.durable()?)).await?;
    Ok(Changed { done: passed.moved.into(), ..Changed::default() })
}
