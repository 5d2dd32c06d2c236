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

/// Mails of one folder whose intent is in the journal: next they are carried out, or given up.
pub struct Intended {
    home: FolderName,
    uid_validity: u32,
    movers: Vec<Mover>,
}

/// What became of mails that were carried out; next it is settled.
pub struct CarriedOut {
    movers: Vec<Mover>,
    places: BTreeMap<RecordId, Place>,
    still_home: Vec<u32>,
    refused: Option<ImapError>,
}

impl CarriedOut {
    /// Whether the server refused to move them: it would refuse the next as well.
    pub fn was_refused(&self) -> bool {
        self.refused.is_some()
    }
}

/// The way into an account's quarantine. What stands in the journal of one batch and what becomes of another may be
/// written while the server moves a third.
pub struct IntoQuarantine {
    account: Account,
    way: Way,
    watch: Vec<(FolderId, FolderName)>,
    to_id: FolderId,
    to: FolderName,
    /// No mail that is still to be moved can have got a lower UID there.
    to_next: Place,
}

impl IntoQuarantine {
    /// Looks how the server lets mail be moved, and makes the folder if it is missing.
    ///
    /// # Errors
    /// The server has no safe way, the folder cannot be made, or the connection is lost.
    pub async fn open(
        account: &Account,
        connection: &mut Connection,
        folders: &mut Folders,
    ) -> Result<Self, EngineError> {
        let way = way(account, connection)?;
        ensure_quarantine(folders, connection).await?;
        let (to_id, to) = folders.quarantine.clone();
        let told = connection.status(&to).await?;
        let to_next = Place { uid_validity: told.uid_validity.get(), uid: told.uid_next };
        Ok(Self { account: account.clone(), way, watch: folders.watch.clone(), to_id, to, to_next })
    }

    /// Writes to the journal that these mails are to be moved, by folder.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn intend(&self, condemned: Vec<Condemned>) -> Result<Vec<Intended>, EngineError> {
        let mut by_home: BTreeMap<(FolderId, u32), Vec<Condemned>> = BTreeMap::new();
        for one in condemned {
            by_home.entry((one.open().key.folder, one.open().key.uid_validity)).or_default().push(one);
        }
        let mut intended = Vec::new();
        for ((home, uid_validity), batch) in by_home {
            let Some((_, home)) = self.watch.iter().find(|(id, _)| *id == home).cloned() else { continue };
            let (account, to, to_next, from) =
                (self.account.clone(), self.to.clone(), self.to_next, home.clone());
            let movers = blocking(move || write_intents(&account, &from, &to, to_next, batch)).await?;
            intended.push(Intended { home, uid_validity, movers });
        }
        Ok(intended)
    }

    /// Has the server move mails of one folder; where that was numbered anew, nothing is moved.
    ///
    /// # Errors
    /// The connection is lost, or the folder can only be read. What was cut off is settled by [`super::recover`] at the
    /// next sign-in.
    pub async fn carry_out(
        &self,
        connection: &mut Connection,
        intended: Intended,
    ) -> Result<CarriedOut, EngineError> {
        let Intended { home, uid_validity, movers } = intended;
        let all = |movers: &[Mover]| movers.iter().map(|mover| mover.key.uid).collect();
        let selected = connection.keep_selected(&home).await?;
        // Numbered anew, the UIDs stand for other mails: the next scan reads the folder again.
        if selected.uid_validity.get() != uid_validity || selected.read_only {
            let still_home = all(&movers);
            let settled = CarriedOut { movers, places: BTreeMap::new(), still_home, refused: None };
            if !selected.read_only {
                return Ok(settled);
            }
            self.settle(settled).await?;
            let (account, folder) = (self.account.name.clone(), home.display());
            return Err(EngineError::ReadOnly { account, folder });
        }
        let told = connection.status(&self.to).await?;
        let to_next = Place { uid_validity: told.uid_validity.get(), uid: told.uid_next };
        let uids: UidSet = movers.iter().map(|mover| mover.key.uid).collect();
        let told = match self.way {
            Way::Move => connection.move_mails(&uids, &self.to).await,
            Way::CopyAndExpunge | Way::CopyAndMark => connection.copy_mails(&uids, &self.to).await,
        };
        let (told, refused) = match told {
            Ok(told) => (told, None),
            // Refused in words (quota, permissions); even so some may have gone (RFC 6851 §3.3): look for each.
            Err(MoveFailed { done, error }) if connection.is_usable() => (done, Some(error)),
            Err(MoveFailed { error, .. }) => return Err(error.into()),
        };
        let places = places_of(&self.account, connection, &home, &self.to, to_next, &movers, told).await?;
        if self.way != Way::Move {
            let copied: UidSet =
                movers.iter().filter(|m| places.contains_key(&m.record)).map(|m| m.key.uid).collect();
            remove_originals(connection, self.way, &copied).await?;
        }
        let missing: Vec<u32> =
            movers.iter().filter(|m| !places.contains_key(&m.record)).map(|m| m.key.uid).collect();
        let still_home = there(connection, &missing).await?;
        Ok(CarriedOut { movers, places, still_home, refused })
    }

    /// Writes down what became of mails; returns how many have gone into the quarantine.
    ///
    /// # Errors
    /// The server had refused to move them, or journal or store cannot be written.
    pub async fn settle(&self, carried_out: CarriedOut) -> Result<Vec<RecordId>, EngineError> {
        let CarriedOut { movers, mut places, still_home, refused } = carried_out;
        let (owned, to_id) = (self.account.clone(), self.to_id);
        let moved = blocking(move || {
            let (mut outcomes, mut done, mut moved) = (Vec::new(), Vec::new(), Vec::new());
            let mut filled = Vec::new();
            for mover in movers {
                if let Some(place) = places.remove(&mover.record) {
                    filled.push(place);
                    outcomes.push(Entry::Moved { record: mover.record, place: Some(place) });
                    moved.push(mover.record);
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
            looked_at(&owned, to_id, filled)?;
            if !moved.is_empty() {
                owned.tell(Event::Moved { account: owned.name.clone(), count: moved.len() as u64 });
            }
            Ok(moved)
        })
        .await?;
        refused.map_or(Ok(moved), |error| Err(error.into()))
    }

    /// Writes down that mails stay where they are: the server was never asked.
    ///
    /// # Errors
    /// Journal or store cannot be written.
    pub async fn give_up(&self, intended: Vec<Intended>) -> Result<(), EngineError> {
        for Intended { movers, .. } in intended {
            let still_home = movers.iter().map(|mover| mover.key.uid).collect();
            self.settle(CarriedOut { movers, places: BTreeMap::new(), still_home, refused: None }).await?;
        }
        Ok(())
    }
}

/// Remembers that what we moved needs no look in the quarantine, where it follows on what was looked at there: of it
/// there is a record. Where mail of others lies between, all is looked at.
fn looked_at(account: &Account, quarantine: FolderId, mut filled: Vec<Place>) -> Result<(), EngineError> {
    filled.sort_unstable_by_key(|place| (place.uid_validity, place.uid));
    let Some(uid_validity) = filled.first().map(|place| place.uid_validity) else { return Ok(()) };
    let known = account.store.inbox(quarantine)?.filter(|known| known.uid_validity == uid_validity);
    let begin = known.map_or(1, |known| known.next_uid);
    let follows = |(place, uid): (&Place, u32)| place.uid_validity == uid_validity && place.uid == uid;
    if filled.iter().zip(begin..).all(follows)
        && let Some(next) = filled.last().and_then(|last| last.uid.checked_add(1))
    {
        account.store.set_inbox(quarantine, uid_validity, next)?;
    }
    Ok(())
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
