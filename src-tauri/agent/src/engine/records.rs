//! Carries what the journal says over to the store. The journal is the truth: everything here can be done
//! again, at the next start or after the store was lost.

use super::account::Account;
use super::{EngineError, Shared};
use crate::journal::{Entry, Offset, RestoreReason};
use crate::store::{Record, RecordId, RecordState, Store};

/// The place in the store that remembers how far the journal has been carried over.
const APPLIED: &str = "journal-applied";

impl Account {
    /// Writes entries to the journal and carries them over to the store.
    ///
    /// # Errors
    /// The journal could not be written (then nothing has happened), or the store is damaged.
    pub fn record_all(&self, entries: &[Entry], durable: bool) -> Result<(), EngineError> {
        let offsets = if durable { self.journal.append(entries)? } else { self.journal.note(entries)? };
        for (offset, entry) in offsets.into_iter().zip(entries) {
            apply(&self.store, offset, entry)?;
        }
        Ok(self.store.set_misc(APPLIED, &self.journal.end().0.to_be_bytes())?)
    }
}

/// Carries over what the store does not know of the journal: all of it for a new store.
///
/// # Errors
/// The journal cannot be read, or the store is damaged.
pub fn catch_up(shared: &Shared) -> Result<(), EngineError> {
    let known =
        shared.store.misc(APPLIED)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
    // A journal shorter than what was carried over was cut off with the power; what it still says stands.
    let from = if known <= shared.journal.end().0 { known } else { 0 };
    carry_over(shared, Offset(from))
}

/// Carries the whole journal over: after it was written anew every place in it has changed.
///
/// # Errors
/// The journal cannot be read, or the store is damaged.
pub fn carry_over_all(shared: &Shared) -> Result<(), EngineError> {
    carry_over(shared, Offset(0))
}

fn carry_over(shared: &Shared, from: Offset) -> Result<(), EngineError> {
    let mut failed = Ok(());
    shared.journal.replay(from, |offset, entry| {
        if let (Ok(()), Some(entry)) = (&failed, entry) {
            failed = apply(&shared.store, offset, &entry);
        }
    })?;
    failed?;
    shared.store.set_misc(APPLIED, &shared.journal.end().0.to_be_bytes())?;
    Ok(shared.store.durable()?)
}

fn apply(store: &Store, offset: Offset, entry: &Entry) -> Result<(), EngineError> {
    match entry {
        Entry::Move { record, account, home, identity, at, explained, .. } => {
            let account = store.account(account)?;
            let home = store.folder(account, home)?;
            let ids = explained.notice.original.as_ref().map(|o| o.ids.clone()).unwrap_or_default();
            let record = Record {
                id: *record,
                account,
                fingerprint: identity.fingerprint,
                home,
                moved_at: *at,
                state: RecordState::Moving,
                place: None,
                journal_offset: offset.0,
                restore_offset: None,
                internal_date: identity.internal_date,
                size: identity.size,
            };
            Ok(store.put_record(&record, &ids)?)
        }
        Entry::Moved { record, place } => change(store, *record, |record| {
            record.state = RecordState::Moved;
            record.place = place.map(|place| (place.uid_validity, place.uid));
        }),
        Entry::NotMoved { record } => Ok(store.forget_record(*record)?),
        Entry::Gone { record } => change(store, *record, |record| record.state = RecordState::Gone),
        Entry::Restore { record, .. } => change(store, *record, |record| {
            record.state = RecordState::Restoring;
            record.restore_offset = Some(offset.0);
        }),
        Entry::Restored { record, reason } => change(store, *record, |record| {
            record.place = None;
            record.state = match reason {
                RestoreReason::User => RecordState::Restored,
                RestoreReason::Rescue => RecordState::Rescued,
            };
        }),
        Entry::NotRestored { record } => change(store, *record, |record| record.state = RecordState::Moved),
        Entry::Purge { .. } => Ok(()),
        Entry::Purged { records } => {
            records.iter().try_for_each(|id| change(store, *id, |record| record.state = RecordState::Purged))
        }
        Entry::Met { account, fingerprints } => {
            Ok(store.note_in_quarantine(store.account(account)?, fingerprints)?)
        }
        Entry::PutBack { account, fingerprints } => {
            let account = store.account(account)?;
            store.note_put_back(account, fingerprints)?;
            for fingerprint in fingerprints {
                if let Some(mut record) = store.record_by_fingerprint(account, fingerprint)? {
                    record.state = RecordState::PutBack;
                    record.place = None;
                    store.put_record(&record, &[])?;
                }
            }
            Ok(())
        }
    }
}

/// Changes a record; what the quarantine held once is never moved there again.
fn change(store: &Store, id: RecordId, with: impl FnOnce(&mut Record)) -> Result<(), EngineError> {
    let Some(mut record) = store.record(id)? else { return Ok(()) };
    with(&mut record);
    let (account, fingerprints) = (record.account, [record.fingerprint]);
    match record.state {
        RecordState::Moved | RecordState::Gone => {
            store.note_in_quarantine(account, &fingerprints)?;
        }
        RecordState::Restored | RecordState::Rescued | RecordState::PutBack => {
            store.note_put_back(account, &fingerprints)?
        }
        RecordState::Moving | RecordState::Restoring | RecordState::Purged => {}
    }
    Ok(store.put_record(&record, &[])?)
}
