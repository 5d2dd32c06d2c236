//! Settles what a crash or a lost connection cut off: asks the server where each mail is, then finishes the
//! move or calls it undone.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::folders::Folders;
use super::moves::{Way, identities_from, remove_originals, select_again, there, way};
use super::restore::restore;
use super::{EngineError, blocking, identity};
use crate::imap::{Connection, FolderName, HeaderSet, UidSet};
use crate::journal::{Entry, Identity, Offset, Place, RestoreReason};
use crate::store::{Fingerprint, MailKey, Record, RecordId, RecordState};

/// What one intent said.
struct Pending {
    record: RecordId,
    home: FolderName,
    from: Place,
    identity: Identity,
    to_next: Place,
}

/// Settles every intent of an account that has no outcome.
///
/// # Errors
/// The connection is lost, a folder cannot be read, or the journal or the store cannot be used. What is not
/// settled then stays pending.
pub async fn settle(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
) -> Result<(), EngineError> {
    if account.dry_run {
        return Ok(());
    }
    let owned = account.clone();
    let records = blocking(move || Ok(owned.store.unsettled(owned.id)?)).await?;
    let (moving, restoring): (Vec<Record>, Vec<Record>) =
        records.into_iter().partition(|record| record.state == RecordState::Moving);
    if !moving.is_empty() {
        settle_moves(account, connection, folders, moving).await?;
    }
    if !restoring.is_empty() {
        settle_restores(account, connection, folders, restoring).await?;
    }
    Ok(())
}

async fn settle_moves(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    records: Vec<Record>,
) -> Result<(), EngineError> {
    let mut by_home: BTreeMap<(FolderName, u32), Vec<Pending>> = BTreeMap::new();
    for record in records {
        let pending = match account.journal.entry_at(Offset(record.journal_offset))? {
            Some(Entry::Move { record: id, home, from, identity, to_next, .. }) if id == record.id => {
                Pending { record: id, home, from, identity, to_next }
            }
            // The intent cannot be read any more: the mail is looked for in the whole of both folders.
            _ => Pending {
                record: record.id,
                home: account.store.folder_name(record.home)?,
                from: Place { uid_validity: 0, uid: 0 },
                identity: Identity {
                    fingerprint: record.fingerprint,
                    size: record.size,
                    internal_date: record.internal_date,
                },
                to_next: Place { uid_validity: 0, uid: 1 },
            },
        };
        by_home.entry((pending.home.clone(), pending.from.uid_validity)).or_default().push(pending);
    }
    let owned = account.clone();
    let taken = blocking(move || Ok(owned.store.places_in_quarantine(owned.id)?)).await?;
    for pending in by_home.into_values() {
        settle_home(account, connection, folders, pending, &taken).await?;
    }
    Ok(())
}

async fn settle_home(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    mut pending: Vec<Pending>,
    taken: &BTreeSet<(u32, u32)>,
) -> Result<(), EngineError> {
    let Some(earliest) = pending.iter().map(|one| one.to_next).min_by_key(|place| place.uid) else {
        return Ok(());
    };
    let mut in_quarantine = if folders.quarantine_exists {
        identities_from(account, connection, &folders.quarantine.1, earliest).await?
    } else {
        BTreeMap::new()
    };
    // The copy of one mail is no copy of another just like it, which would be removed for it.
    in_quarantine
        .values_mut()
        .for_each(|places| places.retain(|place| !taken.contains(&(place.uid_validity, place.uid))));
    let (uid_validity, at_home) = still_at_home(account, connection, &pending).await?;
    // Of two identical mails the one that is no longer at home is the one that lies in the quarantine.
    pending.sort_by_key(|one| at_home.contains_key(&one.record));
    let (mut outcomes, mut doubled) = (Vec::new(), Vec::new());
    for one in &pending {
        let copy = in_quarantine.get_mut(&one.identity.fingerprint).and_then(Vec::pop);
        let record = one.record;
        match (copy, at_home.get(&record)) {
            (Some(place), None) => outcomes.push(Entry::Moved { record, place: Some(place) }),
            (Some(place), Some(&uid)) => {
                doubled.push(uid);
                outcomes.push(Entry::Moved { record, place: Some(place) });
            }
            (None, Some(_)) => outcomes.push(Entry::NotMoved { record }),
            (None, None) => outcomes.push(Entry::Gone { record }),
        }
    }
    if let (false, Some(first)) = (doubled.is_empty(), pending.first()) {
        // The copy is safe; only the original's removal was cut off.
        select_again(connection, &first.home, uid_validity).await?;
        let way = match way(account, connection)? {
            Way::Move if connection.capabilities().has("UIDPLUS") => Way::CopyAndExpunge,
            Way::Move => Way::CopyAndMark,
            other => other,
        };
        remove_originals(connection, way, &doubled.into_iter().collect::<UidSet>()).await?;
    }
    let owned = account.clone();
    blocking(move || {
        // What has left its folder is no longer to be judged there.
        let mut left = Vec::new();
        for one in pending.iter().filter(|one| !stayed(&outcomes, one.record)) {
            let folder = owned.store.folder(owned.id, &one.home)?;
            left.push(MailKey { folder, uid_validity: one.from.uid_validity, uid: one.from.uid });
        }
        owned.store.remove_open(&left)?;
        owned.record_all(&outcomes, true)
    })
    .await
}

fn stayed(outcomes: &[Entry], id: RecordId) -> bool {
    outcomes.iter().any(|outcome| matches!(outcome, Entry::NotMoved { record } if *record == id))
}

/// Which pending mails are still in their folder, and at which UID; with the folder's UIDVALIDITY.
async fn still_at_home(
    account: &Account,
    connection: &mut Connection,
    pending: &[Pending],
) -> Result<(u32, BTreeMap<RecordId, u32>), EngineError> {
    let Some(first) = pending.first() else { return Ok((0, BTreeMap::new())) };
    let uid_validity = connection.look_into(&first.home).await?.uid_validity.get();
    if uid_validity == first.from.uid_validity {
        let uids: Vec<u32> = pending.iter().map(|one| one.from.uid).collect();
        let there = there(connection, &uids).await?;
        let still = pending.iter().filter(|one| there.contains(&one.from.uid));
        return Ok((uid_validity, still.map(|one| (one.record, one.from.uid)).collect()));
    }
    // The folder was renumbered in between: every mail in it is compared.
    let everything = Place { uid_validity: 0, uid: 1 };
    let mut found = identities_from(account, connection, &first.home, everything).await?;
    let mut still = BTreeMap::new();
    for one in pending {
        if let Some(place) = found.get_mut(&one.identity.fingerprint).and_then(Vec::pop) {
            still.insert(one.record, place.uid);
        }
    }
    Ok((uid_validity, still))
}

async fn settle_restores(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    records: Vec<Record>,
) -> Result<(), EngineError> {
    let (mut outcomes, mut again) = (Vec::new(), BTreeMap::new());
    let mut left = BTreeMap::new();
    for record in records {
        let Some(offset) = record.restore_offset else { continue };
        let entry = account.journal.entry_at(Offset(offset))?;
        let Some(Entry::Restore { from, to_next, reason, .. }) = entry else { continue };
        let home = account.store.folder_name(record.home)?;
        let back = identities_from(account, connection, &home, to_next).await?;
        if back.contains_key(&record.fingerprint) {
            outcomes.push(Entry::Restored { record: record.id, reason });
            left.insert((from.uid_validity, from.uid), record.fingerprint);
        } else {
            outcomes.push(Entry::NotRestored { record: record.id });
            again.entry(reason == RestoreReason::User).or_insert_with(Vec::new).push(record.id);
        }
    }
    remove_copies(account, connection, folders, &left).await?;
    let owned = account.clone();
    blocking(move || owned.record_all(&outcomes, true)).await?;
    for (by_user, records) in again {
        let reason = if by_user { RestoreReason::User } else { RestoreReason::Rescue };
        restore(account, connection, folders, &records, reason).await?;
    }
    Ok(())
}

/// Takes from the quarantine what was copied back before the restoring was cut off, if it is still there.
async fn remove_copies(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    left: &BTreeMap<(u32, u32), Fingerprint>,
) -> Result<(), EngineError> {
    let way = match way(account, connection) {
        Ok(way) if way != Way::Move && folders.quarantine_exists && !left.is_empty() => way,
        // A move leaves no copy behind.
        _ => return Ok(()),
    };
    let uid_validity = connection.select(&folders.quarantine.1).await?.uid_validity.get();
    let uids: UidSet = left.keys().filter(|place| place.0 == uid_validity).map(|place| place.1).collect();
    if uids.is_empty() {
        return Ok(());
    }
    let mails = connection.headers(&uids, HeaderSet::Identity).await?.mails;
    let copies = mails.iter().filter(|mail| {
        left.get(&(uid_validity, mail.uid)) == Some(&identity::of_fetched(&account.store, mail))
    });
    let copies: UidSet = copies.map(|mail| mail.uid).collect();
    remove_originals(connection, way, &copies).await
}
