//! Reads the Sent folders into the index: first all of them, then their tails; and notices what is gone.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rules::read::read_sent_headers;

use super::account::Account;
use super::folders::Folders;
use super::window::Windows;
use super::{EngineError, blocking};
use crate::api::{AccountState, Event};
use crate::imap::{Connection, FolderName, HeaderSet, Selected, UidSet};
use crate::store::{FolderId, RecordId, SentRow};

/// UIDs compared at once when a folder is searched for mails that are gone.
const COMPARED: usize = 2_000;
/// Mails read between two durable points of a first reading.
const DURABLE_EVERY: u32 = 5_000;

/// What is remembered between two refreshes, and may be lost with the connection.
#[derive(Debug, Default)]
pub struct SeenCounts {
    /// For each folder, how many more mails it holds than the index knows: mails that cannot be read.
    unread: BTreeMap<FolderId, i64>,
}

impl SeenCounts {
    /// Whether a Sent folder, as the server tells of it, holds something else than what was read of it.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn is_news(&self, account: &Account, id: FolderId, told: &Selected) -> Result<bool, EngineError> {
        let Some(read) = account.store.sent_folder(id)? else { return Ok(true) };
        let unread = i64::from(told.exists) - i64::from(read.known);
        Ok(read.uid_validity != told.uid_validity.get()
            || read.next_uid < told.uid_next
            || unread != self.unread.get(&id).copied().unwrap_or(0))
    }
}

/// Brings every Sent folder of an account up to date; returns the quarantined mails that it rescues.
///
/// # Errors
/// The connection is lost, a folder cannot be read, or the store is damaged.
pub async fn refresh(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    seen: &mut SeenCounts,
) -> Result<Vec<RecordId>, EngineError> {
    let mut rescued = Vec::new();
    for (id, name) in &folders.sent {
        rescued.extend(refresh_folder(account, connection, *id, name, seen).await?);
    }
    let store = account.store.clone();
    blocking(move || Ok(store.index_durable()?)).await?;
    Ok(rescued)
}

async fn refresh_folder(
    account: &Account,
    connection: &mut Connection,
    id: FolderId,
    name: &FolderName,
    seen: &mut SeenCounts,
) -> Result<Vec<RecordId>, EngineError> {
    // Taken before the server is asked: a mail filed later may be missing from what it answers.
    let began = account.server_now();
    let selected = connection.look_into(name).await?;
    let uid_validity = selected.uid_validity.get();
    let known = account.store.sent_folder(id)?.filter(|folder| folder.uid_validity == uid_validity);
    let first_reading = known.as_ref().is_none_or(|folder| !folder.complete);
    let started = known.is_some();
    let next_uid = known.map_or(1, |folder| folder.next_uid);
    if !started {
        let store = account.store.clone();
        blocking(move || Ok(store.start_sent_folder(id, uid_validity, began)?)).await?;
    }
    let (mut rescued, mut done, mut since_durable) = (Vec::new(), 0, 0);
    let mut windows = Windows::new(next_uid, selected.uid_next);
    let mut read: Option<(RangeInclusive<u32>, Vec<SentRow>)> = None;
    // While the server tells of one window, the one before it is written.
    loop {
        let window = windows.advance();
        let ends = window.is_none();
        let count = read.as_ref().map_or(0, |(_, rows)| u32::try_from(rows.len()).unwrap_or(u32::MAX));
        done += count;
        since_durable += count;
        let durable = since_durable >= DURABLE_EVERY;
        let (next, written) =
            tokio::join!(read_window(connection, window), write_window(account, id, read.take(), durable),);
        rescued.extend(written?);
        if durable {
            since_durable = 0;
        }
        if first_reading && count > 0 {
            let (done, total) = (u64::from(done), u64::from(selected.exists));
            account.set_state(AccountState::Indexing { done, total });
            let (account_name, what) = (account.name.clone(), "reading sent mail".to_owned());
            account.tell(Event::Progress { account: account_name, what, done, total });
        }
        read = next?;
        if let Some((_, rows)) = &read {
            windows.found(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        if ends {
            break;
        }
    }
    let store = account.store.clone();
    let uid_next = selected.uid_next;
    blocking(move || Ok(store.sent_refreshed(id, uid_next, began)?)).await?;
    find_gone(account, connection, id, selected.exists, seen).await?;
    Ok(rescued)
}

/// The mails of a window. What cannot be read is missing from it, and so becomes a hole of the index.
async fn read_window(
    connection: &mut Connection,
    window: Option<RangeInclusive<u32>>,
) -> Result<Option<(RangeInclusive<u32>, Vec<SentRow>)>, EngineError> {
    let Some(window) = window else { return Ok(None) };
    let fetched = connection.headers(&UidSet::range(window.clone()), HeaderSet::Sent).await?;
    blocking(move || {
        let rows = fetched.mails.into_iter().map(|mail| SentRow {
            uid: mail.uid,
            internal_date: mail.internal_date,
            headers: read_sent_headers(&mail.headers),
        });
        Ok(Some((window, rows.collect())))
    })
    .await
}

async fn write_window(
    account: &Account,
    id: FolderId,
    read: Option<(RangeInclusive<u32>, Vec<SentRow>)>,
    durable: bool,
) -> Result<Vec<RecordId>, EngineError> {
    let Some((window, rows)) = read else { return Ok(Vec::new()) };
    let store = account.store.clone();
    blocking(move || {
        let rescued = store.add_sent(id, window, &rows)?;
        if durable {
            store.index_durable()?;
        }
        Ok(rescued)
    })
    .await
}

/// Looks for sent mails that were there and are gone, if the count says that there are any.
async fn find_gone(
    account: &Account,
    connection: &mut Connection,
    id: FolderId,
    exists: u32,
    seen: &mut SeenCounts,
) -> Result<(), EngineError> {
    let Some(folder) = account.store.sent_folder(id)? else { return Ok(()) };
    let unread = i64::from(exists) - i64::from(folder.known);
    if unread == seen.unread.get(&id).copied().unwrap_or(0) {
        return Ok(());
    }
    let noticed = account.server_now();
    let (mut after, mut still_known) = (0, 0_i64);
    loop {
        let known = account.store.known_sent_uids(id, after, COMPARED)?;
        let (Some(first), Some(last)) = (known.first().copied(), known.last().copied()) else { break };
        let there = connection.uids(first..=last).await?;
        let gone: Vec<u32> = known.iter().copied().filter(|uid| there.binary_search(uid).is_err()).collect();
        still_known += i64::try_from(known.len() - gone.len()).unwrap_or(0);
        if !gone.is_empty() {
            let store = account.store.clone();
            blocking(move || Ok(store.sent_gone(id, &gone, noticed)?)).await?;
        }
        after = last;
    }
    seen.unread.insert(id, i64::from(exists) - still_known);
    Ok(())
}
