//! Moves mail into the quarantine: the intent is in the journal before the server is asked, and a mail is
//! deleted nowhere before it is known to be elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::decide::Condemned;
use super::folders::{Folders, ensure_quarantine};
use super::{EngineError, blocking, identity};
use crate::api::Event;
use crate::imap::{Connection, FolderName, HeaderSet, ImapError, Loss, MoveFailed, Moved, UidSet};
use crate::journal::{Entry, Explained, Identity, Place};
use crate::store::{Fingerprint, FolderId, MailKey, RecordId};

/// Mails moved with one fsync and one command.
const BATCH: usize = 200;

/// How a server lets a mail be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// UID MOVE (RFC 6851).
    Move,
    /// UID COPY, `\Deleted`, UID EXPUNGE (RFC 4315).
    CopyAndExpunge,
    /// UID COPY and `\Deleted`, nothing expunged: only if the user agreed.
    CopyAndMark,
}

/// The way that a server allows.
///
/// # Errors
/// It allows none: it has neither MOVE nor UIDPLUS, and the user has not agreed to marked originals.
pub fn way(account: &Account, connection: &Connection) -> Result<Way, EngineError> {
    let capabilities = connection.capabilities();
    match (capabilities.has("MOVE"), capabilities.has("UIDPLUS")) {
        (true, _) => Ok(Way::Move),
        (false, true) => Ok(Way::CopyAndExpunge),
        (false, false) if account.config.without_uidplus => Ok(Way::CopyAndMark),
        (false, false) => Err(EngineError::NoSafeMove { account: account.name.clone() }),
    }
}

/// One mail on its way.
struct Mover {
    record: RecordId,
    key: MailKey,
    identity: Identity,
}

/// Moves condemned mails of an account into its quarantine; returns how many have gone there.
///
/// # Errors
/// The connection is lost, the server refuses (quarantine full or missing), or the journal cannot be written.
/// What was cut off is settled by [`super::recover`] at the next sign-in.
pub async fn quarantine(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    condemned: Vec<Condemned>,
) -> Result<u32, EngineError> {
    if condemned.is_empty() || account.dry_run {
        return Ok(0);
    }
    let way = way(account, connection)?;
    ensure_quarantine(folders, connection).await?;
    let mut by_home: BTreeMap<(FolderId, u32), Vec<Condemned>> = BTreeMap::new();
    for one in condemned {
        by_home.entry((one.open().key.folder, one.open().key.uid_validity)).or_default().push(one);
    }
    let mut moved = 0;
    for ((home, uid_validity), mut rest) in by_home {
        let Some((_, home_name)) = folders.watch.iter().find(|(id, _)| *id == home).cloned() else {
            continue;
        };
        let selected = connection.select(&home_name).await?;
        if selected.uid_validity.get() != uid_validity {
            continue; // The next scan reads the folder anew.
        }
        if selected.read_only {
            return Err(EngineError::ReadOnly { account: account.name.clone(), folder: home_name.display() });
        }
        while !rest.is_empty() {
            let batch = rest.split_off(rest.len().saturating_sub(BATCH));
            moved += move_batch(account, connection, folders, way, &home_name, batch).await?;
        }
    }
    Ok(moved)
}

async fn move_batch(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    way: Way,
    home: &FolderName,
    batch: Vec<Condemned>,
) -> Result<u32, EngineError> {
    let to = folders.quarantine.1.clone();
    let before = connection.status(&to).await?;
    let to_next = Place { uid_validity: before.uid_validity.get(), uid: before.uid_next };
    let (owned, home_name, to_name) = (account.clone(), home.clone(), to.clone());
    let movers = blocking(move || write_intents(&owned, &home_name, &to_name, to_next, batch)).await?;
    let uids: UidSet = movers.iter().map(|mover| mover.key.uid).collect();
    let told = match way {
        Way::Move => connection.move_mails(&uids, &to).await,
        Way::CopyAndExpunge | Way::CopyAndMark => connection.copy_mails(&uids, &to).await,
    };
    let (told, refused) = match told {
        Ok(told) => (told, None),
        // Refused in words (quota, permissions); even so some may have gone (RFC 6851 §3.3): look for each.
        Err(MoveFailed { done, error }) if connection.is_usable() => (done, Some(error)),
        Err(MoveFailed { error, .. }) => return Err(error.into()),
    };
    let mut places = places_of(account, connection, home, &to, to_next, &movers, told).await?;
    if way != Way::Move {
        let copied: UidSet =
            movers.iter().filter(|m| places.contains_key(&m.record)).map(|m| m.key.uid).collect();
        remove_originals(connection, way, &copied).await?;
    }
    let missing: Vec<u32> =
        movers.iter().filter(|m| !places.contains_key(&m.record)).map(|m| m.key.uid).collect();
    let still_home = there(connection, &missing).await?;
    let owned = account.clone();
    let count = blocking(move || {
        let (mut outcomes, mut done, mut count) = (Vec::new(), Vec::new(), 0);
        for mover in movers {
            if let Some(place) = places.remove(&mover.record) {
                outcomes.push(Entry::Moved { record: mover.record, place: Some(place) });
                count += 1;
            } else if still_home.contains(&mover.key.uid) {
                outcomes.push(Entry::NotMoved { record: mover.record });
                continue;
            } else {
                outcomes.push(Entry::Gone { record: mover.record });
            }
            done.push(mover.key);
        }
        // First, so that a crash in between leaves no notice to be judged whose mail has gone.
        owned.store.remove_open(&done)?;
        owned.record_all(&outcomes, false)?;
        owned.tell(Event::Moved { account: owned.name.clone(), count: u64::from(count) });
        Ok(count)
    })
    .await?;
    match refused {
        Some(error) => Err(error.into()),
        None => Ok(count),
    }
}

fn write_intents(
    account: &Account,
    home: &FolderName,
    to: &FolderName,
    to_next: Place,
    batch: Vec<Condemned>,
) -> Result<Vec<Mover>, EngineError> {
    let at = account.server_now();
    let (mut movers, mut entries) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
    for one in batch {
        let (open, record) = (one.open(), account.store.next_record_id()?);
        let identity =
            Identity { fingerprint: open.fingerprint, size: open.size, internal_date: open.internal_date };
        movers.push(Mover { record, key: open.key, identity });
        entries.push(Entry::Move {
            record,
            account: account.name.clone(),
            home: home.clone(),
            from: Place { uid_validity: open.key.uid_validity, uid: open.key.uid },
            identity,
            to: to.clone(),
            to_next,
            at,
            explained: Box::new(Explained {
                rule: one.rule().to_owned(),
                evidence: one.evidence().to_vec(),
                notice: open.notice.clone(),
            }),
        });
    }
    account.record_all(&entries, true)?;
    Ok(movers)
}

/// Where each mail now lies in the quarantine: as COPYUID told, else found again by its identity.
async fn places_of(
    account: &Account,
    connection: &mut Connection,
    home: &FolderName,
    to: &FolderName,
    to_next: Place,
    movers: &[Mover],
    told: Moved,
) -> Result<BTreeMap<RecordId, Place>, EngineError> {
    let mut places = BTreeMap::new();
    if let Some(uid_validity) = told.destination_uid_validity {
        for mover in movers {
            if let Some(&uid) = told.uids.get(&mover.key.uid) {
                places.insert(mover.record, Place { uid_validity: uid_validity.get(), uid });
            }
        }
    }
    if places.len() == movers.len() {
        return Ok(places);
    }
    let mut found = identities_from(account, connection, to, to_next).await?;
    // The place of one mail is no proof that another just like it has gone, too.
    let taken: BTreeSet<u32> = places.values().map(|place| place.uid).collect();
    found.values_mut().for_each(|places| places.retain(|place| !taken.contains(&place.uid)));
    for mover in movers.iter().filter(|mover| !told.uids.contains_key(&mover.key.uid)) {
        if let Some(place) = found.get_mut(&mover.identity.fingerprint).and_then(Vec::pop) {
            places.insert(mover.record, place);
        }
    }
    if let Some(mover) = movers.first() {
        select_again(connection, home, mover.key.uid_validity).await?;
    }
    Ok(places)
}

/// Opens a folder again to change mails that are named by UIDs of this UIDVALIDITY.
///
/// # Errors
/// The folder was renumbered meanwhile: the UIDs stand for other mails. Or the connection is lost.
pub async fn select_again(
    connection: &mut Connection,
    folder: &FolderName,
    uid_validity: u32,
) -> Result<(), EngineError> {
    if connection.select(folder).await?.uid_validity.get() == uid_validity {
        return Ok(());
    }
    Err(ImapError::Lost { doing: "SELECT", how: Loss::Renumbered }.into())
}

/// The mails of a folder from a UID on, by fingerprint.
///
/// # Errors
/// The folder cannot be read, or the connection is lost.
pub async fn identities_from(
    account: &Account,
    connection: &mut Connection,
    folder: &FolderName,
    from: Place,
) -> Result<BTreeMap<Fingerprint, Vec<Place>>, EngineError> {
    let selected = connection.look_into(folder).await?;
    let uid_validity = selected.uid_validity.get();
    let first = if uid_validity == from.uid_validity { from.uid } else { 1 };
    let mut found: BTreeMap<Fingerprint, Vec<Place>> = BTreeMap::new();
    let mut windows = super::window::Windows::new(first, selected.uid_next);
    while let Some(window) = windows.advance() {
        let fetched = connection.headers(&UidSet::range(window), HeaderSet::Identity).await?;
        windows.found(u32::try_from(fetched.mails.len()).unwrap_or(u32::MAX));
        for mail in &fetched.mails {
            let fingerprint = identity::of_fetched(&account.store, mail);
            found.entry(fingerprint).or_default().push(Place { uid_validity, uid: mail.uid });
        }
    }
    Ok(found)
}

/// Takes the originals of copied mails away, as the way allows.
///
/// # Errors
/// The connection is lost or the server refuses.
pub async fn remove_originals(
    connection: &mut Connection,
    way: Way,
    copied: &UidSet,
) -> Result<(), EngineError> {
    if copied.is_empty() {
        return Ok(());
    }
    connection.add_deleted(copied).await?;
    if way == Way::CopyAndExpunge {
        connection.uid_expunge(copied).await?;
    }
    Ok(())
}

/// Which of some UIDs are in the selected folder.
///
/// # Errors
/// The connection is lost.
pub async fn there(connection: &mut Connection, uids: &[u32]) -> Result<Vec<u32>, EngineError> {
    let (Some(first), Some(last)) = (uids.iter().min(), uids.iter().max()) else { return Ok(Vec::new()) };
    let there = connection.uids(*first..=*last).await?;
    Ok(uids.iter().copied().filter(|uid| there.binary_search(uid).is_ok()).collect())
}
