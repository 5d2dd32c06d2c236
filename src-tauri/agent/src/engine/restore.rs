//! Puts mail back where it came from, with its flags and its date.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::folders::Folders;
use super::moves::{Way, identities_from, remove_originals, select_again, there, way};
use super::withdraw::withdraw;
use super::{EngineError, blocking, identity};
use crate::api::Event;
use crate::imap::{Connection, FolderName, HeaderSet, MoveFailed, UidSet};
use crate::journal::{Entry, Offset, Place, RestoreReason};
use crate::store::{FolderId, Record, RecordId, RecordState};

/// What became of mails that were to go back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Mails that are back.
    pub back: Vec<RecordId>,
    /// Mails that are no longer in the quarantine.
    pub gone: Vec<RecordId>,
}

/// Puts mails of an account back from the quarantine.
///
/// # Errors
/// The connection is lost, a folder is missing or read-only, or the journal cannot be written.
pub async fn restore(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    records: &[RecordId],
    reason: RestoreReason,
) -> Result<Restored, EngineError> {
    let mut restored = Restored::default();
    if account.dry_run || !folders.quarantine_exists {
        return Ok(restored);
    }
    let mut by_home: BTreeMap<FolderId, Vec<Record>> = BTreeMap::new();
    for id in records {
        if let Some(record) = account.store.record(*id)?.filter(|record| record.state == RecordState::Moved) {
            by_home.entry(record.home).or_default().push(record);
        }
    }
    let way = way(account, connection)?;
    for (home, records) in by_home {
        let home = account.store.folder_name(home)?;
        let (located, gone) = locate(account, connection, folders, records).await?;
        restored.gone.extend(gone);
        if way == Way::CopyAndMark {
            unmark(account, connection, folders, &home, located, reason, &mut restored).await?;
        } else {
            bring_back(account, connection, folders, &home, located, (way, reason), &mut restored).await?;
        }
    }
    let gone: Vec<Entry> = restored.gone.iter().map(|record| Entry::Gone { record: *record }).collect();
    let owned = account.clone();
    blocking(move || owned.record_all(&gone, false)).await?;
    let mut back = Vec::new();
    for id in &restored.back {
        back.extend(account.store.record(*id)?);
    }
    let owned = account.clone();
    blocking(move || withdraw(&owned, &back)).await?;
    let (count, account_name) = (restored.back.len() as u64, account.name.clone());
    if count > 0 {
        account.tell(match reason {
            RestoreReason::User => Event::Restored { account: account_name, count },
            RestoreReason::Rescue => {
                let why =
                    "what was learned since shows that the mail that it answers may be yours".to_owned();
                Event::Rescued { account: account_name, count, why }
            }
        });
    }
    Ok(restored)
}

/// Where records lie in the quarantine now: where they were put, if that still is them, else wherever they
/// are found; and the ids of those that are not there. The quarantine is the open folder then.
///
/// # Errors
/// The connection is lost, or the quarantine is read-only.
pub(super) async fn locate(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    records: Vec<Record>,
) -> Result<(Vec<(Record, Place)>, Vec<RecordId>), EngineError> {
    let selected = connection.select(&folders.quarantine.1).await?;
    if selected.read_only {
        let folder = folders.quarantine.1.display();
        return Err(EngineError::ReadOnly { account: account.name.clone(), folder });
    }
    let uid_validity = selected.uid_validity.get();
    let known: UidSet = records
        .iter()
        .filter_map(|record| record.place.filter(|place| place.0 == uid_validity))
        .map(|(_, uid)| uid)
        .collect();
    let mut at = BTreeMap::new();
    if !known.is_empty() {
        for mail in connection.headers(&known, HeaderSet::Identity).await?.mails {
            at.insert(mail.uid, identity::of_fetched(&account.store, &mail));
        }
    }
    let (mut located, mut lost) = (Vec::new(), Vec::new());
    for record in records {
        match record.place {
            Some((_, uid)) if at.get(&uid) == Some(&record.fingerprint) => {
                located.push((record, Place { uid_validity, uid }));
            }
            _ => lost.push(record),
        }
    }
    let mut gone = Vec::new();
    if !lost.is_empty() {
        let everything = Place { uid_validity: 0, uid: 1 };
        let mut found = identities_from(account, connection, &folders.quarantine.1, everything).await?;
        for record in lost {
            match found.get_mut(&record.fingerprint).and_then(Vec::pop) {
                Some(place) => located.push((record, place)),
                None => gone.push(record.id),
            }
        }
        select_again(connection, &folders.quarantine.1, uid_validity).await?;
    }
    Ok((located, gone))
}

async fn bring_back(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    home: &FolderName,
    located: Vec<(Record, Place)>,
    (way, reason): (Way, RestoreReason),
    restored: &mut Restored,
) -> Result<(), EngineError> {
    let before = connection.status(home).await?;
    let to_next = Place { uid_validity: before.uid_validity.get(), uid: before.uid_next };
    write_intents(account, &located, to_next, reason).await?;
    let uids: UidSet = located.iter().map(|(_, place)| place.uid).collect();
    if uids.is_empty() {
        return Ok(());
    }
    let told = match way {
        Way::Move => connection.move_mails(&uids, home).await,
        Way::CopyAndExpunge | Way::CopyAndMark => connection.copy_mails(&uids, home).await,
    };
    let (told, refused) = match told {
        Ok(told) => (told, None),
        Err(MoveFailed { done, error }) if connection.is_usable() => (done, Some(error)),
        Err(MoveFailed { error, .. }) => return Err(error.into()),
    };
    let mut arrived = told.uids;
    if arrived.len() < located.len() {
        let mut found = identities_from(account, connection, home, to_next).await?;
        let taken: BTreeSet<u32> = arrived.values().copied().collect();
        found.values_mut().for_each(|places| places.retain(|place| !taken.contains(&place.uid)));
        for (record, place) in &located {
            if arrived.contains_key(&place.uid) {
                continue;
            }
            if let Some(new) = found.get_mut(&record.fingerprint).and_then(Vec::pop) {
                arrived.insert(place.uid, new.uid);
            }
        }
        if let Some((_, place)) = located.first() {
            select_again(connection, &folders.quarantine.1, place.uid_validity).await?;
        }
    }
    if way == Way::CopyAndExpunge {
        let copied: UidSet = arrived.keys().copied().collect();
        remove_originals(connection, way, &copied).await?;
    }
    let mut entries = Vec::new();
    for (record, place) in located {
        if arrived.contains_key(&place.uid) {
            entries.push(Entry::Restored { record: record.id, reason });
            restored.back.push(record.id);
        } else {
            entries.push(Entry::NotRestored { record: record.id });
        }
    }
    let owned = account.clone();
    blocking(move || owned.record_all(&entries, true)).await?;
    match refused {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// On a server without UIDPLUS the original never left: `\Deleted` comes off it, and goes on the copy. Where a
/// mail program has expunged the original, the copy is copied back.
async fn unmark(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    home: &FolderName,
    located: Vec<(Record, Place)>,
    reason: RestoreReason,
    restored: &mut Restored,
) -> Result<(), EngineError> {
    let Some(copies) = located.first().map(|(_, place)| place.uid_validity) else { return Ok(()) };
    let mut originals = BTreeMap::new();
    for (record, _) in &located {
        if let Some(Entry::Move { from, .. }) = account.journal.entry_at(Offset(record.journal_offset))? {
            originals.insert(record.id, from);
        }
    }
    let before = connection.status(home).await?;
    let to_next = Place { uid_validity: before.uid_validity.get(), uid: before.uid_next };
    write_intents(account, &located, to_next, reason).await?;
    let uid_validity = connection.select(home).await?.uid_validity.get();
    let uids: Vec<u32> =
        originals.values().filter(|from| from.uid_validity == uid_validity).map(|from| from.uid).collect();
    let still = there(connection, &uids).await?;
    if !still.is_empty() {
        connection.remove_deleted(&still.iter().copied().collect()).await?;
    }
    let at_home = |record: &Record| {
        let from = originals.get(&record.id);
        from.is_some_and(|from| from.uid_validity == uid_validity && still.contains(&from.uid))
    };
    let expunged: UidSet =
        located.iter().filter(|(record, _)| !at_home(record)).map(|(_, place)| place.uid).collect();
    select_again(connection, &folders.quarantine.1, copies).await?;
    if !expunged.is_empty() {
        connection.copy_mails(&expunged, home).await.map_err(|failed| failed.error)?;
    }
    let back = located.iter().map(|(record, _)| record.id);
    let entries: Vec<Entry> = back.clone().map(|record| Entry::Restored { record, reason }).collect();
    restored.back.extend(back);
    let owned = account.clone();
    blocking(move || owned.record_all(&entries, true)).await?;
    Ok(connection.add_deleted(&located.iter().map(|(_, place)| place.uid).collect()).await?)
}

async fn write_intents(
    account: &Account,
    located: &[(Record, Place)],
    to_next: Place,
    reason: RestoreReason,
) -> Result<(), EngineError> {
    let at = account.server_now();
    let entries: Vec<Entry> = located
        .iter()
        .map(|(record, from)| Entry::Restore { record: record.id, from: *from, to_next, reason, at })
        .collect();
    let owned = account.clone();
    blocking(move || owned.record_all(&entries, true)).await
}
