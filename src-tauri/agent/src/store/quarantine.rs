//! Our record of each mail in quarantine, and of what was ever seen there or put back.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use rules::{MessageId, UnixTime};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, Fingerprint, FolderId, Store, StoreError,
    guard::lock,
    key::Hash,
    kv::{Change, Tree},
    layout::{self, key, work},
};

/// Record ids taken from the store at a time.
const BLOCK: u64 = 1 << 16;

/// A record's number; never given twice, not even by a store that was built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub u64);

/// What became of a mail that was judged to be backscatter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Its move to quarantine is under way.
    Moving,
    /// It is in quarantine.
    Moved,
    /// Its move back is under way.
    Restoring,
    /// We put it back.
    Restored,
    /// We put it back, since the user turned out to have sent the original.
    Rescued,
    /// The user put it back in a mail program.
    PutBack,
    /// We deleted it when its time was over.
    Purged,
    /// It has gone from quarantine otherwise.
    Gone,
}

impl RecordState {
    /// Whether the mail is in quarantine, or on its way there.
    pub(super) fn is_in_quarantine(self) -> bool {
        matches!(self, Self::Moving | Self::Moved)
    }
}

/// Our record of a mail in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its number.
    pub id: RecordId,
    /// Whose it is.
    pub account: AccountId,
    /// By what the mail is known again.
    pub fingerprint: Fingerprint,
    /// The folder that it came from.
    pub home: FolderId,
    /// When it was moved.
    pub moved_at: UnixTime,
    /// What became of it.
    pub state: RecordState,
    /// Its UIDVALIDITY and UID in quarantine, where known.
    pub place: Option<(u32, u32)>,
    /// Where its entry in the journal begins, in bytes.
    pub journal_offset: u64,
    /// Where the journal says that it is to go back, in bytes.
    pub restore_offset: Option<u64>,
    /// Its INTERNALDATE.
    pub internal_date: UnixTime,
    /// Its size in bytes.
    pub size: u32,
}

/// Record ids that were taken from the store and not given out yet.
#[derive(Default)]
pub(super) struct RecordIds {
    next: u64,
    end: u64,
}

impl Store {
    /// Begins a block of record ids that nobody has used: behind every stored one. Records of an earlier store
    /// come back from the journal, and [`Store::put_record`] then moves the block behind them.
    pub(super) fn reserve_record_ids(&self) -> Result<(), StoreError> {
        {
            let _writer = lock(&self.0.writer);
            let mut ids = lock(&self.0.record_ids);
            self.take_block(&mut ids)?;
        }
        self.durable()
    }

    fn take_block(&self, ids: &mut RecordIds) -> Result<(), StoreError> {
        let stored = self.counter(Tree::Work, &[work::RECORD_IDS])?;
        let next = stored.max(1);
        let end = next.saturating_add(BLOCK);
        self.0.guard.put(Tree::Work, vec![work::RECORD_IDS], end.to_be_bytes().to_vec())?;
        *ids = RecordIds { next, end };
        Ok(())
    }

    /// A number for a new record, which no record ever had.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn next_record_id(&self) -> Result<RecordId, StoreError> {
        let used_up = {
            let ids = lock(&self.0.record_ids);
            ids.next >= ids.end
        };
        if used_up {
            self.reserve_record_ids()?;
        }
        let mut ids = lock(&self.0.record_ids);
        let id = ids.next;
        ids.next = ids.next.saturating_add(1);
        Ok(RecordId(id))
    }

    /// Keeps a record, new or changed. The ids of its original are only needed the first time; later, none
    /// may be given.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn put_record(&self, record: &Record, original_ids: &[MessageId]) -> Result<(), StoreError> {
        self.put_records(&[(record.clone(), original_ids.to_vec())])
    }

    /// Keeps records with the ids of their originals, many in one write.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn put_records(&self, records: &[(Record, Vec<MessageId>)]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut gathered = Vec::new();
        for (record, original_ids) in records {
            self.0.guard.add_to(&mut gathered, self.changes_of(record, original_ids)?)?;
        }
        self.0.guard.write(Tree::Work, &gathered)
    }

    fn changes_of(&self, record: &Record, original_ids: &[MessageId]) -> Result<Vec<Change>, StoreError> {
        let mut changes: Vec<Change> = Vec::new();
        // No server writes more than 32 forms of an id.
        for id in original_ids.iter().take(32) {
            let by_original =
                key(work::RECORD_BY_ID, &[&self.0.key.folded_id(id), &record.id.0.to_be_bytes()]);
            changes.push((by_original, Some(Vec::new())));
        }
        let mut ids = lock(&self.0.record_ids);
        if record.id.0 >= ids.next {
            // From the journal of an earlier store: what comes is numbered behind it.
            let next = record.id.0.saturating_add(1);
            let end = ids.end.max(next);
            changes.push((vec![work::RECORD_IDS], Some(end.to_be_bytes().to_vec())));
            *ids = RecordIds { next, end };
        }
        drop(ids);
        let json = serde_json::to_vec(record).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        let (id, account) = (record.id.0.to_be_bytes(), record.account.bytes());
        changes.push((key(work::RECORD, &[&id]), Some(json)));
        changes.push((key(work::ACCOUNT_RECORD, &[&account, &id]), Some(Vec::new())));
        changes.push((key(work::RECORD_OF, &[&account, &record.fingerprint.0]), Some(id.to_vec())));
        Ok(changes)
    }

    /// A record.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError> {
        match self.0.guard.get(Tree::Work, &key(work::RECORD, &[&id.0.to_be_bytes()]))? {
            Some(json) => match serde_json::from_slice(&json) {
                Ok(record) => Ok(Some(record)),
                Err(_) => Err(self.0.guard.garbled("a record of quarantine")),
            },
            None => Ok(None),
        }
    }

    /// Forgets a record: its mail was not moved after all.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn forget_record(&self, id: RecordId) -> Result<(), StoreError> {
        let Some(record) = self.record(id)? else { return Ok(()) };
        let _writer = lock(&self.0.writer);
        let (number, account) = (id.0.to_be_bytes(), record.account.bytes());
        let by_mail = key(work::RECORD_OF, &[&account, &record.fingerprint.0]);
        let mut changes: Vec<Change> = vec![
            (key(work::RECORD, &[&number]), None),
            (key(work::ACCOUNT_RECORD, &[&account, &number]), None),
            (key(work::REPORT, &[&number]), None),
        ];
        if self.0.guard.get(Tree::Work, &by_mail)?.as_deref() == Some(number.as_slice()) {
            changes.push((by_mail, None));
        }
        self.0.guard.write(Tree::Work, &changes)
    }

    /// An account's records whose move there or back has no outcome yet.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn unsettled(&self, account: AccountId) -> Result<Vec<Record>, StoreError> {
        let mut unsettled = Vec::new();
        self.each_record(account, |record| {
            if matches!(record.state, RecordState::Moving | RecordState::Restoring) {
                unsettled.push(record);
            }
        })?;
        Ok(unsettled)
    }

    /// Where the mails of an account that are known to lie in the quarantine lie there: UIDVALIDITY and UID.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn places_in_quarantine(&self, account: AccountId) -> Result<BTreeSet<(u32, u32)>, StoreError> {
        let mut places = BTreeSet::new();
        self.each_record(account, |record| {
            if matches!(record.state, RecordState::Moved | RecordState::Restoring) {
                places.extend(record.place);
            }
        })?;
        Ok(places)
    }

    /// Looks at all records of an account, in order.
    fn each_record(&self, account: AccountId, mut each: impl FnMut(Record)) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let records = self.records(account, after, 500)?;
            let Some(last) = records.last() else { return Ok(()) };
            after = Some(last.id);
            records.into_iter().for_each(&mut each);
        }
    }

    /// An account's records behind `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn records(
        &self,
        account: AccountId,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let first = after.map_or(Some(0), |id| id.0.checked_add(1));
        let Some(first) = first.filter(|_| limit > 0) else { return Ok(Vec::new()) };
        let prefix = key(work::ACCOUNT_RECORD, &[&account.bytes()]);
        let from = key(work::ACCOUNT_RECORD, &[&account.bytes(), &first.to_be_bytes()]);
        let mut ids = Vec::new();
        let end = layout::after(&prefix);
        self.0.guard.visit_between(Tree::Work, &from, end.as_deref(), false, |key, _| {
            ids.extend(layout::take_u64(key, 3).map(RecordId));
            if ids.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        self.records_of(ids)
    }

    fn records_of(&self, ids: impl IntoIterator<Item = RecordId>) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for id in ids {
            records.extend(self.record(id)?);
        }
        Ok(records)
    }

    /// How many records of an account there are in each state.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn record_counts(&self, account: AccountId) -> Result<BTreeMap<RecordState, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        self.each_record(account, |record| *counts.entry(record.state).or_default() += 1)?;
        Ok(counts)
    }

    /// The last record made of a mail.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn record_by_fingerprint(
        &self,
        account: AccountId,
        fingerprint: &Fingerprint,
    ) -> Result<Option<Record>, StoreError> {
        let by_mail = key(work::RECORD_OF, &[&account.bytes(), &fingerprint.0]);
        let id = self.0.guard.get(Tree::Work, &by_mail)?.and_then(|value| layout::take_u64(&value, 0));
        id.map_or(Ok(None), |id| self.record(RecordId(id)))
    }

    /// The records of mails whose original has this id, in any form.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn records_by_original(&self, id: &MessageId) -> Result<Vec<Record>, StoreError> {
        let ids = self.records_by_hash(&self.0.key.folded_id(id))?;
        self.records_of(ids)
    }

    pub(super) fn records_by_hash(&self, id: &Hash) -> Result<Vec<RecordId>, StoreError> {
        let mut ids = Vec::new();
        self.0.guard.visit(Tree::Work, &key(work::RECORD_BY_ID, &[id]), |key, _| {
            ids.extend(layout::take_u64(key, 17).map(RecordId));
            ControlFlow::Continue(())
        })?;
        Ok(ids)
    }

    /// The mails of an account in quarantine whose original is known by now: what [`Store::add_sent`]
    /// returned and an interrupted run did not put back.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn records_to_rescue(&self, account: AccountId) -> Result<Vec<RecordId>, StoreError> {
        let mut known = BTreeSet::new();
        let mut hashes: BTreeMap<Hash, Vec<RecordId>> = BTreeMap::new();
        self.0.guard.visit(Tree::Work, &[work::RECORD_BY_ID], |key, _| {
            if let Some((hash, id)) = layout::take_hash(key, 1).zip(layout::take_u64(key, 17)) {
                hashes.entry(hash).or_default().push(RecordId(id));
            }
            ControlFlow::Continue(())
        })?;
        for (hash, ids) in hashes {
            if self.sent_by_hash(&hash)?.is_some() {
                known.extend(ids);
            }
        }
        let records = self.records_of(known)?;
        let waiting = records.iter().filter(|r| r.account == account && r.state.is_in_quarantine());
        Ok(waiting.map(|record| record.id).collect())
    }

    /// Notes mails seen in quarantine.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn note_in_quarantine(&self, account: AccountId, mails: &[Fingerprint]) -> Result<(), StoreError> {
        self.note_mails(work::WAS_IN_QUARANTINE, account, mails)
    }

    /// Whether a mail was ever seen in quarantine.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn was_in_quarantine(&self, account: AccountId, mail: &Fingerprint) -> Result<bool, StoreError> {
        self.0.guard.has(Tree::Work, &key(work::WAS_IN_QUARANTINE, &[&account.bytes(), &mail.0]))
    }

    /// Notes mails that the user has put back; they are never moved again.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn note_put_back(&self, account: AccountId, mails: &[Fingerprint]) -> Result<(), StoreError> {
        self.note_mails(work::PUT_BACK, account, mails)
    }

    /// Whether the user has put a mail back.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn was_put_back(&self, account: AccountId, mail: &Fingerprint) -> Result<bool, StoreError> {
        self.0.guard.has(Tree::Work, &key(work::PUT_BACK, &[&account.bytes(), &mail.0]))
    }

    fn note_mails(&self, kind: u8, account: AccountId, mails: &[Fingerprint]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let changes: Vec<Change> =
            mails.iter().map(|m| (key(kind, &[&account.bytes(), &m.0]), Some(Vec::new()))).collect();
        self.0.guard.write(Tree::Work, &changes)
    }
}
