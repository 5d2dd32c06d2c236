//! Orders of the user, carried out on a connection.

use super::account::Account;
use super::folders::Folders;
use super::restore::restore;
use super::{EngineError, never_sent};
use crate::api::{Changed, Failed};
use crate::imap::Connection;
use crate::journal::RestoreReason;
use crate::store::{RecordId, RecordState};

use super::view::record_name;

/// Puts mails back; what cannot be is said, the others go on.
///
/// # Errors
/// The connection is lost, or store or journal cannot be used.
pub async fn restore_all(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    records: Vec<RecordId>,
    reason: RestoreReason,
) -> Result<Changed, EngineError> {
    let (movable, mut failed) = split(account, records)?;
    let restored = restore(account, connection, folders, &movable, reason).await?;
    let done = restored.back.len();
    for id in movable.into_iter().filter(|id| !restored.back.contains(id)) {
        let why = if restored.gone.contains(&id) {
            "it is no longer in the quarantine: somebody else moved or deleted it".to_owned()
        } else {
            "the server did not move it; it is still in the quarantine, try again".to_owned()
        };
        failed.push(Failed { id: record_name(id), why });
    }
    Ok(Changed { done: done as u64, failed })
}

/// Deletes mails of our own record from the quarantine.
///
/// # Errors
/// The connection is lost, or store or journal cannot be used.
pub async fn purge_all(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    records: Vec<RecordId>,
) -> Result<Changed, EngineError> {
    let (movable, mut failed) = split(account, records)?;
    if account.dry_run {
        let why = "the agent runs with --dry-run and changes nothing";
        failed.extend(movable.into_iter().map(|id| Failed { id: record_name(id), why: why.to_owned() }));
        return Ok(Changed { done: 0, failed });
    }
    if !connection.capabilities().has("UIDPLUS") {
        let why = "this server cannot delete single mails (no UIDPLUS); delete it in your mail program";
        failed.extend(movable.into_iter().map(|id| Failed { id: record_name(id), why: why.to_owned() }));
        return Ok(Changed { done: 0, failed });
    }
    let mut done = 0;
    for chunk in movable.chunks(200) {
        let mut batch = Vec::with_capacity(chunk.len());
        for id in chunk {
            batch.extend(account.store.record(*id)?);
        }
        done += u64::from(never_sent::purge_batch(account, connection, folders, &batch).await?);
    }
    Ok(Changed { done, failed })
}

/// The records that are in the quarantine, and why the others cannot be changed.
fn split(account: &Account, records: Vec<RecordId>) -> Result<(Vec<RecordId>, Vec<Failed>), EngineError> {
    let (mut movable, mut failed) = (Vec::new(), Vec::new());
    for id in records {
        let why = match account.store.record(id)?.map(|record| record.state) {
            Some(RecordState::Moved) => {
                movable.push(id);
                continue;
            }
            None => "there is no such record".to_owned(),
            Some(RecordState::Restored | RecordState::PutBack | RecordState::Rescued) => {
                "it is back in its folder already".to_owned()
            }
            Some(RecordState::Purged) => "it was deleted from the quarantine".to_owned(),
            Some(RecordState::Gone) => "it is no longer in the quarantine".to_owned(),
            Some(RecordState::Moving | RecordState::Restoring) => "it is on its way; try again".to_owned(),
        };
        failed.push(Failed { id: record_name(id), why });
    }
    Ok((movable, failed))
}
