//! Puts mail back where it came from, with its flags and its date.

use std::collections::BTreeMap;

use super::account::Account;
use super::folders::Folders;
use super::moves::{Way, identities_from, remove_originals, there, way};
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
            unmark(account, connection, &home, located, reason, &mut restored).await?;
        } else {
            bring_back(account, connection, folders, &home, located, (way, reason), &mut restored).await?;
        }
    }
    let gone: Vec<Entry> = restored.gone.iter().map(|record| Entry::Gone { record: *record }).collect();
    let owned = account.clone();
    blocking(move || owned.record_all(&gone, false)).await?;
    let (count, account_name) = (restored.back.len() as u64, account.name.clone());
    if count > 0 {
        account.tell(match reason {
            RestoreReason::User => Event::Restored { account: account_name, count },
            RestoreReason::Rescue => {
                let why = "the mail that it answers is among your sent mail after all".to_owned();
                Event::Rescued { account: account_name, count, why }
            }
        });
    }
    Ok(restored)
}

/// Where records lie in the quarantine now: where they were put, if that still is them, else wherever they
/// are found; and the ids of those that are not there.
async fn locate(
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
        connection.select(&folders.quarantine.1).await?;
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
        for (record, place) in &located {
            if let Some(new) = found.get_mut(&record.fingerprint).and_then(Vec::pop) {
                arrived.insert(place.uid, new.uid);
            }
        }
        connection.select(&folders.quarantine.1).await?;
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

/// On a server without UIDPLUS the original never left: `\Deleted` comes off it, and goes on the copy.
async fn unmark(
    account: &Account,
    connection: &mut Connection,
    home: &FolderName,
    located: Vec<(Record, Place)>,
    reason: RestoreReason,
    restored: &mut Restored,
) -> Result<(), EngineError> {
    let mut originals = Vec::new();
    for (record, place) in &located {
        let entry = account.journal.entry_at(Offset(record.journal_offset))?;
        if let Some(Entry::Move { from, .. }) = entry {
            originals.push((record.id, from, *place));
        }
    }
    write_intents(account, &located, Place { uid_validity: 0, uid: u32::MAX }, reason).await?;
    let copies = connection.selected().map(|(_, selected)| selected.uid_validity.get());
    let selected = connection.select(home).await?;
    let uid_validity = selected.uid_validity.get();
    let uids: Vec<u32> =
        originals.iter().filter(|o| o.1.uid_validity == uid_validity).map(|o| o.1.uid).collect();
    let still = there(connection, &uids).await?;
    let back: UidSet = still.iter().copied().collect();
    if !back.is_empty() {
        connection.remove_deleted(&back).await?;
    }
    let (mut entries, mut copied) = (Vec::new(), Vec::new());
    for (record, from, place) in originals {
        if from.uid_validity == uid_validity && still.contains(&from.uid) {
            entries.push(Entry::Restored { record, reason });
            restored.back.push(record);
            copied.push(place);
        } else {
            entries.push(Entry::NotRestored { record });
        }
    }
    let owned = account.clone();
    blocking(move || owned.record_all(&entries, true)).await?;
    let set: UidSet = copied.iter().filter(|p| Some(p.uid_validity) == copies).map(|p| p.uid).collect();
    if !set.is_empty() {
        let quarantine = FolderName::from_display(&account.config.quarantine);
        if connection.select(&quarantine).await.is_ok() {
            connection.add_deleted(&set).await?;
        }
    }
    Ok(())
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
