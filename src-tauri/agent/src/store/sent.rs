//! What is known of each Sent folder: how far it has been read, which UIDs it has, and what is missing.

use std::{collections::BTreeSet, ops::ControlFlow};

use rules::{Address, Span, UnixTime};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, FolderId, Store, StoreError, gaps,
    guard::{Guard, lock},
    kv::{BATCH, Change, Tree},
    layout::{self, index, key, work},
    sidecar::FolderMark,
    uids::Block,
};

/// How far a Sent folder has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFolder {
    /// The UIDVALIDITY under which it was read.
    pub uid_validity: u32,
    /// The lowest UID that has not been asked for yet.
    pub next_uid: u32,
    /// Known UIDs.
    pub known: u32,
    /// Whether it was once read to its end under this UIDVALIDITY.
    pub complete: bool,
    /// When the last complete refresh of it began, in the server's time.
    pub refreshed: Option<UnixTime>,
}

/// A Sent folder as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FolderState {
    /// Counts how often its reading was begun.
    pub(super) epoch: u32,
    pub(super) uid_validity: u32,
    pub(super) next_uid: u32,
    pub(super) known: u32,
    pub(super) complete: bool,
    pub(super) refreshed: Option<UnixTime>,
    /// UIDs below this were looked through for gaps.
    pub(super) checked: u32,
    /// The sent time of its oldest mail.
    pub(super) oldest: Option<UnixTime>,
    /// Subjects and recipients of mail before this time were left out.
    pub(super) facts_from: Option<UnixTime>,
}

impl FolderState {
    pub(super) fn key(folder: FolderId) -> Vec<u8> {
        key(index::FOLDER, &[&folder.bytes()])
    }

    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    pub(super) fn change(&self, folder: FolderId) -> Result<Change, StoreError> {
        let json = serde_json::to_vec(self).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        Ok((Self::key(folder), Some(json)))
    }

    pub(super) fn mark(&self, folder: FolderId) -> FolderMark {
        FolderMark { folder: folder.0, epoch: self.epoch, next_uid: self.next_uid }
    }
}

/// The state of every folder that was begun.
pub(super) fn folder_states(guard: &Guard) -> Result<Vec<(FolderId, FolderState)>, StoreError> {
    let mut states = Vec::new();
    let mut garbled = false;
    guard.visit(Tree::Index, &[index::FOLDER], |key, value| {
        match layout::take_u32(key, 1).map(FolderId).zip(FolderState::parse(value)) {
            Some(state) => states.push(state),
            None => garbled = true,
        }
        ControlFlow::Continue(())
    })?;
    if garbled { Err(guard.garbled("the state of a folder")) } else { Ok(states) }
}

/// The folders and addresses that make up an account's coverage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentSetup {
    pub(super) folders: BTreeSet<FolderId>,
    pub(super) addresses: BTreeSet<Address>,
}

impl Store {
    pub(super) fn folder_state(&self, folder: FolderId) -> Result<Option<FolderState>, StoreError> {
        match self.0.guard.get(Tree::Index, &FolderState::key(folder))? {
            Some(json) => match FolderState::parse(&json) {
                Some(state) => Ok(Some(state)),
                None => Err(self.0.guard.garbled("the state of a folder")),
            },
            None => Ok(None),
        }
    }

    pub(super) fn sent_setup(&self, account: AccountId) -> Result<Option<SentSetup>, StoreError> {
        match self.0.guard.get(Tree::Work, &key(work::COVERAGE, &[&account.bytes()]))? {
            Some(json) => match serde_json::from_slice(&json) {
                Ok(setup) => Ok(Some(setup)),
                Err(_) => Err(self.0.guard.garbled("the list of Sent folders")),
            },
            None => Ok(None),
        }
    }

    /// Sets which folders make up an account's coverage, and the addresses that it sends as.
    ///
    /// The account covers nothing until each of them has been read. A folder that is no longer among them
    /// leaves its holes to the account, and one from its last refresh to `now`: what came into it then was
    /// not seen.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn set_sent_folders(
        &self,
        account: AccountId,
        folders: &[FolderId],
        addresses: &[Address],
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let before = self.sent_setup(account)?.unwrap_or_default();
        let setup = SentSetup {
            folders: folders.iter().copied().collect(),
            addresses: addresses.iter().cloned().collect(),
        };
        if setup == before {
            return Ok(());
        }
        for dropped in before.folders.difference(&setup.folders) {
            let mut left = self.folder_holes(*dropped)?;
            let state = self.folder_state(*dropped)?;
            let seen_until = state.filter(|s| s.complete).and_then(|s| s.refreshed);
            left.push(Span::new(seen_until.unwrap_or(UnixTime(i64::MIN)), now));
            self.add_holes(&key(index::ACCOUNT_HOLE, &[&account.bytes()]), left)?;
        }
        self.put_setup(account, &setup)
    }

    /// Sets the addresses that an account sends as, before its folders are known: until then nothing is covered for
    /// any of them, whatever other accounts have read.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn set_sender_addresses(&self, account: AccountId, addresses: &[Address]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let before = self.sent_setup(account)?;
        let known = before.is_some();
        let mut setup = before.unwrap_or_default();
        let addresses: BTreeSet<Address> = addresses.iter().cloned().collect();
        if known && setup.addresses == addresses {
            return Ok(());
        }
        setup.addresses = addresses;
        self.put_setup(account, &setup)
    }

    fn put_setup(&self, account: AccountId, setup: &SentSetup) -> Result<(), StoreError> {
        let json = serde_json::to_vec(setup).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        self.0.guard.put(Tree::Work, key(work::COVERAGE, &[&account.bytes()]), json)?;
        self.changed();
        Ok(())
    }

    /// The Sent folders that make up an account's coverage, as far as they have been started.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn sent_folders(&self, account: AccountId) -> Result<Vec<(FolderId, SentFolder)>, StoreError> {
        let mut folders = Vec::new();
        for folder in self.sent_setup(account)?.unwrap_or_default().folders {
            folders.extend(self.sent_folder(folder)?.map(|state| (folder, state)));
        }
        Ok(folders)
    }

    /// How far a Sent folder has been read; none before it was started.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn sent_folder(&self, folder: FolderId) -> Result<Option<SentFolder>, StoreError> {
        Ok(self.folder_state(folder)?.map(|state| SentFolder {
            uid_validity: state.uid_validity,
            next_uid: state.next_uid,
            known: state.known,
            complete: state.complete,
            refreshed: state.refreshed,
        }))
    }

    /// Begins the reading of a Sent folder: at first sight, or because its UIDVALIDITY has changed. Its UIDs
    /// are forgotten; ids and holes stay, and the account covers nothing until it has been read again.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn start_sent_folder(
        &self,
        folder: FolderId,
        uid_validity: u32,
        now: UnixTime,
    ) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.start_again(folder, uid_validity, now)
    }

    fn start_again(&self, folder: FolderId, uid_validity: u32, now: UnixTime) -> Result<(), StoreError> {
        let before = self.folder_state(folder)?;
        // New UIDs show no gap where a mail came and went since the folder was last read.
        if let Some(seen_until) = before.as_ref().filter(|s| s.complete).and_then(|s| s.refreshed) {
            let unseen = Span::new(seen_until.min(now), now);
            self.add_holes(&key(index::HOLE, &[&folder.bytes()]), vec![unseen])?;
        }
        let mut state = FolderState {
            epoch: before.as_ref().map_or(0, |s| s.epoch).saturating_add(1),
            // No server's UIDVALIDITY (RFC 3501 §2.3.1.1): cut off below, the folder is begun once more.
            uid_validity: 0,
            next_uid: 1,
            known: 0,
            complete: false,
            refreshed: None,
            checked: 1,
            oldest: None,
            facts_from: before.and_then(|s| s.facts_from),
        };
        self.0.guard.write(Tree::Index, &[state.change(folder)?])?;
        self.changed();
        loop {
            let mut gone: Vec<Change> = Vec::with_capacity(BATCH);
            self.0.guard.visit(Tree::Index, &key(index::UID, &[&folder.bytes()]), |key, _| {
                gone.push((key.to_vec(), None));
                if gone.len() < BATCH { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            if gone.is_empty() {
                break;
            }
            self.0.guard.write(Tree::Index, &gone)?;
        }
        state.uid_validity = uid_validity;
        self.0.guard.write(Tree::Index, &[state.change(folder)?])
    }

    /// Notes that a refresh of a Sent folder, begun at `began` in the server's time, has asked for every UID
    /// below `uid_next`. UIDs that did not come are holes, but at the first reading only if no more than one
    /// in ten is missing.
    ///
    /// A `uid_next` below what was read already breaks RFC 3501 §2.3.1.1 (a server that was set back to a
    /// backup): UIDs will stand for other mail, so the folder is begun anew, and is incomplete afterwards.
    ///
    /// # Errors
    /// The folder was not started, or not all of it has been asked for; the store is damaged.
    pub fn sent_refreshed(&self, folder: FolderId, uid_next: u32, began: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut state = self.folder_state(folder)?.ok_or(StoreError::NotStarted)?;
        if state.next_uid < uid_next {
            return Err(StoreError::NotRead { from: state.next_uid, to: uid_next });
        }
        if uid_next < state.checked {
            return self.start_again(folder, state.uid_validity, began);
        }
        let asked = uid_next.saturating_sub(1);
        let missing = asked.saturating_sub(state.known);
        let says_nothing = !state.complete && u64::from(missing) * 10 > u64::from(asked);
        if state.checked < uid_next && !says_nothing {
            let before = self.neighbour_before(folder, state.checked)?;
            let mut gaps = gaps::Gaps::new(state.checked, before);
            self.visit_uids(folder, state.checked, |uid, at| {
                if uid >= uid_next {
                    return ControlFlow::Break(());
                }
                gaps.known(uid, at);
                ControlFlow::Continue(())
            })?;
            self.add_holes(&key(index::HOLE, &[&folder.bytes()]), gaps.end(uid_next, began))?;
        }
        let news = !state.complete || state.checked != uid_next.max(1);
        state.checked = uid_next.max(1);
        // A window can have reached beyond the last UID: what comes there later is still to be read.
        state.next_uid = state.checked;
        state.complete = true;
        state.refreshed = Some(began);
        self.0.guard.write(Tree::Index, &[state.change(folder)?])?;
        if news {
            self.changed();
        } else {
            self.fresher();
        }
        Ok(())
    }

    /// The known UIDs of a Sent folder behind `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn known_sent_uids(
        &self,
        folder: FolderId,
        after: u32,
        limit: usize,
    ) -> Result<Vec<u32>, StoreError> {
        let mut uids = Vec::new();
        let Some(first) = after.checked_add(1).filter(|_| limit > 0) else { return Ok(uids) };
        self.visit_uids(folder, first, |uid, _| {
            uids.push(uid);
            if uids.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(uids)
    }

    /// Notes that known UIDs have gone from a Sent folder: holes between their neighbours' times, or, where
    /// none follows, to `noticed` in the server's time. Their ids stay known.
    ///
    /// # Errors
    /// The folder was not started; the store is damaged.
    pub fn sent_gone(&self, folder: FolderId, uids: &[u32], noticed: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut state = self.folder_state(folder)?.ok_or(StoreError::NotStarted)?;
        let gone: BTreeSet<u32> = uids.iter().copied().collect();
        let (Some(first), Some(last)) = (gone.first().copied(), gone.last().copied()) else {
            return Ok(());
        };
        let mut losses = gaps::Losses::new(self.neighbour_before(folder, first)?);
        self.visit_uids(folder, first, |uid, at| {
            if gone.contains(&uid) {
                losses.lost();
            } else {
                losses.there(at);
            }
            if uid > last && !losses.open() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        // First the holes: cut off after them, the UIDs are found gone once more.
        self.add_holes(&key(index::HOLE, &[&folder.bytes()]), losses.end(noticed))?;
        let mut numbers: BTreeSet<u32> = gone.iter().map(|uid| Block::number(*uid)).collect();
        while let Some(number) = numbers.pop_first() {
            let mut block = self.uid_block(folder, number)?;
            let before = block.count();
            gone.iter().filter(|uid| Block::number(**uid) == number).for_each(|uid| {
                block.set(*uid, None);
            });
            let lost = u32::try_from(before - block.count()).unwrap_or(0);
            state.known = state.known.saturating_sub(lost);
            self.0.guard.write(Tree::Index, &[block.change(folder, number), state.change(folder)?])?;
        }
        self.changed();
        Ok(())
    }

    pub(super) fn folder_holes(&self, folder: FolderId) -> Result<Vec<Span>, StoreError> {
        self.holes_under(&key(index::HOLE, &[&folder.bytes()]))
    }

    pub(super) fn holes_under(&self, prefix: &[u8]) -> Result<Vec<Span>, StoreError> {
        let mut holes = Vec::new();
        self.0.guard.visit(Tree::Index, prefix, |key, value| {
            let span = layout::take_long(key, prefix.len()).zip(layout::take_long(value, 0));
            holes.extend(span.map(|(from, to)| Span::new(from, to)));
            ControlFlow::Continue(())
        })?;
        Ok(holes)
    }

    /// Adds holes to those under a prefix, joined where they touch.
    pub(super) fn add_holes(&self, prefix: &[u8], new: Vec<Span>) -> Result<(), StoreError> {
        if new.is_empty() {
            return Ok(());
        }
        let old = self.holes_under(prefix)?;
        let joined = gaps::joined(old.iter().copied().chain(new));
        let kept: BTreeSet<(UnixTime, UnixTime)> = joined.iter().map(|h| (h.from, h.to)).collect();
        let starts: BTreeSet<UnixTime> = joined.iter().map(|h| h.from).collect();
        let at = |from: UnixTime| [prefix, layout::long(from).as_slice()].concat();
        // New ones first: cut off in between, holes overlap, but none is missing.
        let put: Vec<Change> =
            kept.iter().map(|(from, to)| (at(*from), Some(layout::long(*to).to_vec()))).collect();
        let take: Vec<Change> =
            old.iter().filter(|h| !starts.contains(&h.from)).map(|h| (at(h.from), None)).collect();
        self.0.guard.write(Tree::Index, &put)?;
        self.0.guard.write(Tree::Index, &take)
    }
}
