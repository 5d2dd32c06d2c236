//! Orders of the user, carried out on a connection.

use std::collections::BTreeSet;

use super::account::Account;
use super::decide::Condemned;
use super::folders::Folders;
use super::moves::IntoQuarantine;
use super::restore::restore;
use super::{EngineError, blocking, never_sent};
use crate::api::{Changed, Decision, Failed};
use crate::imap::Connection;
use crate::journal::{Entry, RestoreReason};
use crate::store::{MailKey, RecordId, RecordState};

use super::view::{open_name, record_name};

/// Mails that are moved with one command.
const AT_ONCE: usize = 100;

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
    Ok(Changed { done: done as u64, failed, ..Changed::default() })
}

/// Carries out what the user decided of undecided mails.
///
/// # Errors
/// The connection is lost, the server has no safe way to move mail, or store or journal cannot be used.
pub async fn decide_all(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    keys: Vec<MailKey>,
    decision: Decision,
) -> Result<Changed, EngineError> {
    if account.dry_run {
        let why = "the agent runs with --dry-run and changes nothing";
        let failed = |key: &MailKey| Failed { id: open_name(key), why: why.to_owned() };
        return Ok(Changed { failed: keys.iter().map(failed).collect(), ..Changed::default() });
    }
    let (owned, asked) = (account.clone(), keys.clone());
    let open = blocking(move || {
        let mut open = Vec::new();
        for key in &asked {
            open.extend(owned.store.open_notice(key)?);
        }
        Ok(open)
    })
    .await?;
    let known: BTreeSet<MailKey> = open.iter().map(|notice| notice.key).collect();
    let settled = |key: &MailKey| Failed {
        id: open_name(key),
        why: "it is decided already, or its mail has gone".to_owned(),
    };
    let mut failed: Vec<Failed> = keys.iter().filter(|key| !known.contains(key)).map(settled).collect();
    if decision == Decision::Leave {
        let done = open.len() as u64;
        let owned = account.clone();
        blocking(move || {
            // Known again by that, it is never judged anew, nor ever moved.
            let fingerprints = open.iter().map(|notice| notice.fingerprint).collect();
            owned.record_all(&[Entry::PutBack { account: owned.name.clone(), fingerprints }], true)?;
            Ok(owned.store.remove_open(&known.into_iter().collect::<Vec<_>>())?)
        })
        .await?;
        return Ok(Changed { done, failed, ..Changed::default() });
    }
    let (mut records, mut condemned) = (Vec::new(), Vec::new());
    for notice in open {
        match Condemned::by_the_user(notice) {
            Ok(one) => condemned.push(one),
            Err(misused) => {
                let why = "what it answers went through your own server: change your password if that was not you, or say that it \
                           was";
                failed.push(Failed { id: open_name(&misused.key), why: why.to_owned() });
            }
        }
    }
    let to_move: Vec<MailKey> = condemned.iter().map(|one| one.open().key).collect();
    let way = IntoQuarantine::open(account, connection, folders).await?;
    let mut rest = condemned.into_iter();
    loop {
        let batch: Vec<_> = rest.by_ref().take(AT_ONCE).collect();
        if batch.is_empty() {
            break;
        }
        let mut intended = way.intend(batch).await?.into_iter();
        while let Some(one) = intended.next() {
            let carried_out = match way.carry_out(connection, one).await {
                Ok(carried_out) => carried_out,
                Err(error) => {
                    way.give_up(intended.collect()).await?;
                    return Err(error);
                }
            };
            match way.settle(carried_out).await {
                Ok(moved) => records.extend(moved.into_iter().map(record_name)),
                Err(error) => {
                    way.give_up(intended.collect()).await?;
                    return Err(error);
                }
            }
        }
    }
    if records.len() < to_move.len() {
        // Which of them have not gone, the store knows: they are still open.
        let owned = account.clone();
        let stay = blocking(move || {
            let mut stay = Vec::new();
            for key in to_move {
                if owned.store.open_notice(&key)?.is_some() {
                    stay.push(key);
                }
            }
            Ok(stay)
        })
        .await?;
        let why = "the server did not move it; it is still where it was, try again";
        failed.extend(stay.iter().map(|key| Failed { id: open_name(key), why: why.to_owned() }));
    }
    Ok(Changed { done: records.len() as u64, failed, records })
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
        return Ok(Changed { failed, ..Changed::default() });
    }
    if !connection.capabilities().has("UIDPLUS") {
        let why = "this server cannot delete single mails (no UIDPLUS); delete it in your mail program";
        failed.extend(movable.into_iter().map(|id| Failed { id: record_name(id), why: why.to_owned() }));
        return Ok(Changed { failed, ..Changed::default() });
    }
    let mut done = 0;
    for chunk in movable.chunks(200) {
        let mut batch = Vec::with_capacity(chunk.len());
        for id in chunk {
            batch.extend(account.store.record(*id)?);
        }
        done += u64::from(never_sent::purge_batch(account, connection, folders, &batch).await?);
    }
    Ok(Changed { done, failed, ..Changed::default() })
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
