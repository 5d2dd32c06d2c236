//! Watches the quarantine folder itself: what anybody moved there or took out, and what has been kept long
//! enough.

use rules::UnixTime;

use super::account::Account;
use super::folders::Folders;
use super::window::Windows;
use super::{EngineError, blocking, identity};
use crate::api::Event;
use crate::imap::{Connection, HeaderSet, UidSet};
use crate::journal::Entry;
use crate::store::{Record, RecordState};

/// Mails deleted with one command.
const PURGED_AT_ONCE: usize = 200;
/// Records compared at once.
const PAGE: usize = 1_000;

/// Remembers every mail that is new in the quarantine, whoever moved it there: should it turn up in the
/// inbox, somebody put it back, and it is never moved again.
///
/// # Errors
/// The connection is lost or the folder cannot be read.
pub async fn look(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
) -> Result<(), EngineError> {
    let (id, name) = &folders.quarantine;
    if !folders.quarantine_exists {
        return Ok(());
    }
    let selected = connection.look_into(name).await?;
    let uid_validity = selected.uid_validity.get();
    let known = account.store.inbox(*id)?.filter(|known| known.uid_validity == uid_validity);
    let mut windows = Windows::new(known.map_or(1, |known| known.next_uid), selected.uid_next);
    while let Some(window) = windows.advance() {
        let next_uid = window.end().saturating_add(1);
        let mails = connection.headers(&UidSet::range(window), HeaderSet::Identity).await?.mails;
        windows.found(u32::try_from(mails.len()).unwrap_or(u32::MAX));
        let (owned, id) = (account.clone(), *id);
        blocking(move || {
            let mut fingerprints = Vec::new();
            for mail in &mails {
                let fingerprint = identity::of_fetched(&owned.store, mail);
                if !owned.store.was_in_quarantine(owned.id, &fingerprint)? {
                    fingerprints.push(fingerprint);
                }
            }
            if !fingerprints.is_empty() {
                owned.record_all(&[Entry::Met { account: owned.name.clone(), fingerprints }], true)?;
            }
            Ok(owned.store.set_inbox(id, uid_validity, next_uid)?)
        })
        .await?;
    }
    Ok(())
}

/// Notes which of our own mails are no longer in the quarantine: somebody moved or deleted them.
///
/// # Errors
/// The connection is lost or the folder cannot be read.
pub async fn find_gone(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
) -> Result<(), EngineError> {
    if !folders.quarantine_exists {
        return Ok(());
    }
    let selected = connection.look_into(&folders.quarantine.1).await?;
    let (uid_validity, uid_next) = (selected.uid_validity.get(), selected.uid_next);
    let mut after = None;
    loop {
        let records = account.store.records(account.id, after, PAGE)?;
        let Some(last) = records.last() else { return Ok(()) };
        after = Some(last.id);
        let placed: Vec<(&Record, u32)> = records
            .iter()
            .filter(|record| record.state == RecordState::Moved)
            .filter_map(|record| Some((record, record.place.filter(|p| p.0 == uid_validity)?.1)))
            // What the other connection moves there meanwhile need not show here yet (RFC 3501 §7.3.1).
            .filter(|(_, uid)| *uid < uid_next)
            .collect();
        let uids: Vec<u32> = placed.iter().map(|(_, uid)| *uid).collect();
        let there = super::moves::there(connection, &uids).await?;
        let gone: Vec<Entry> = placed
            .iter()
            .filter(|(_, uid)| !there.contains(uid))
            .map(|(record, _)| Entry::Gone { record: record.id })
            .collect();
        if !gone.is_empty() {
            let owned = account.clone();
            blocking(move || owned.record_all(&gone, false)).await?;
        }
    }
}

/// Deletes from the quarantine our own mails that were moved before a time; returns how many.
///
/// # Errors
/// The connection is lost, or the server refuses.
pub async fn purge(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    moved_before: UnixTime,
) -> Result<u32, EngineError> {
    // Without UIDPLUS nothing can be expunged but together with what others marked: it is kept.
    if account.dry_run || !folders.quarantine_exists || !connection.capabilities().has("UIDPLUS") {
        return Ok(0);
    }
    let owned = account.clone();
    let old = blocking(move || {
        let (mut old, mut after) = (Vec::new(), None);
        loop {
            let records = owned.store.records(owned.id, after, PAGE)?;
            let Some(last) = records.last() else { return Ok(old) };
            after = Some(last.id);
            let due = |record: &Record| record.state == RecordState::Moved && record.moved_at < moved_before;
            old.extend(records.into_iter().filter(due));
        }
    })
    .await?;
    let mut purged = 0;
    for batch in old.chunks(PURGED_AT_ONCE) {
        purged += purge_batch(account, connection, folders, batch).await?;
    }
    Ok(purged)
}

/// Deletes some of our own mails from the quarantine; returns how many.
///
/// # Errors
/// The connection is lost, or the server refuses.
pub async fn purge_batch(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    batch: &[Record],
) -> Result<u32, EngineError> {
    let selected = connection.select(&folders.quarantine.1).await?;
    let uid_validity = selected.uid_validity.get();
    let placed: UidSet =
        batch.iter().filter_map(|record| Some(record.place.filter(|p| p.0 == uid_validity)?.1)).collect();
    if placed.is_empty() {
        return Ok(0);
    }
    // Deleted is only what still is the mail that we moved there.
    let mails = connection.headers(&placed, HeaderSet::Identity).await?.mails;
    let (mut doomed, mut records) = (Vec::new(), Vec::new());
    for mail in &mails {
        let fingerprint = identity::of_fetched(&account.store, mail);
        let ours = batch.iter().find(|record| record.place == Some((uid_validity, mail.uid)));
        if let Some(record) = ours.filter(|record| record.fingerprint == fingerprint) {
            doomed.push(mail.uid);
            records.push(record.id);
        }
    }
    if doomed.is_empty() {
        return Ok(0);
    }
    let intent = Entry::Purge { records: records.clone(), at: account.server_now() };
    let owned = account.clone();
    blocking(move || owned.record_all(&[intent], true)).await?;
    let set: UidSet = doomed.into_iter().collect();
    connection.add_deleted(&set).await?;
    connection.uid_expunge(&set).await?;
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let owned = account.clone();
    blocking(move || owned.record_all(&[Entry::Purged { records }], false)).await?;
    Ok(count)
}

/// Warns when the mailbox is nearly full: a full one refuses mail, and the quarantine counts too.
///
/// # Errors
/// The connection is lost.
pub async fn check_quota(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
) -> Result<(), EngineError> {
    let Some(quota) = connection.quota(&folders.quarantine.1).await? else { return Ok(()) };
    if quota.limit_kib > 0 && quota.used_kib.saturating_mul(100) >= quota.limit_kib.saturating_mul(80) {
        let percent = quota.used_kib.saturating_mul(100) / quota.limit_kib;
        let text = format!(
            "the mailbox is {percent} % full; empty the folder \u{201c}{}\u{201d} with `neversent quarantine \
             purge`, or shorten `keep`",
            account.config.quarantine
        );
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    Ok(())
}
