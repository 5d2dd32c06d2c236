//! Carries what the journal says over to the store. The journal is the truth: everything here can be done
//! again, at the next start or after the store was lost.

use std::collections::BTreeMap;

use rules::{MessageId, UnixTime};

use super::account::Account;
use super::view::report_name;
use super::{EngineError, Shared};
use crate::api::Event;
use crate::journal::{Entry, Journal, Offset, RestoreReason};
use crate::report::{Report, ReportId, ReportState};
use crate::store::{AccountId, Fingerprint, Record, RecordId, RecordState, Store};

/// The place in the store that remembers how far the journal has been carried over.
const APPLIED: &str = "journal-applied";

impl Account {
    /// Writes entries to the journal and carries them over to the store.
    ///
    /// # Errors
    /// The journal could not be written (then nothing has happened), or the store is damaged.
    pub fn record_all(&self, entries: &[Entry], durable: bool) -> Result<(), EngineError> {
        self.journal.in_order(|| record(&self.journal, &self.store, entries, durable))
    }
}

impl Account {
    /// Writes down what becomes of a report, if it still is in the state that it was seen in: the user and whoever sends can
    /// be about it at the same time. Says whether it was.
    ///
    /// # Errors
    /// The journal could not be written (then nothing has happened), or the store is damaged.
    pub fn change_report(&self, seen: Option<&Report>, report: Report) -> Result<bool, EngineError> {
        self.change_report_if(seen, report, || Ok(true))
    }

    /// Writes down that a report is being sent, if it still is in the state that it was seen in and the caps leave room for
    /// it, for other accounts send, too; and if its mail is still in the quarantine. Says whether it was.
    ///
    /// # Errors
    /// As of [`Account::change_report`].
    pub fn begin_report(&self, seen: &Report, report: Report, now: UnixTime) -> Result<bool, EngineError> {
        let room = || {
            let record = self.store.record(report.record)?;
            let there = record.is_some_and(|record| record.state == RecordState::Moved);
            Ok(there && self.spamcop.room(&self.store.reports()?, now) > 0)
        };
        self.change_report_if(Some(seen), report.clone(), room)
    }

    fn change_report_if(
        &self,
        seen: Option<&Report>,
        report: Report,
        allowed: impl FnOnce() -> Result<bool, EngineError>,
    ) -> Result<bool, EngineError> {
        let changed = self.journal.in_order(|| {
            let now = self.store.report(report.id())?;
            if now.as_ref().map(|now| &now.state) != seen.map(|seen| &seen.state) || !allowed()? {
                return Ok::<_, EngineError>(None);
            }
            // Counted meanwhile.
            let others = now.map_or(report.others, |now| now.others);
            let report = Report { others, ..report };
            record(&self.journal, &self.store, &[Entry::Report { report: report.clone() }], true)?;
            Ok(Some(report))
        })?;
        if let Some(report) = &changed {
            self.tell_of(report.id(), &report.state);
        }
        Ok(changed.is_some())
    }

    /// Writes down what became of a report that was handed over, whatever else was said of it meanwhile.
    ///
    /// # Errors
    /// As of [`Account::change_report`].
    pub fn end_report(&self, report: Report) -> Result<(), EngineError> {
        let (id, state) = (report.id(), report.state.clone());
        self.journal.in_order(|| {
            // Counted meanwhile.
            let others = self.store.report(id)?.map_or(report.others, |now| now.others);
            let report = Report { others, ..report };
            record(&self.journal, &self.store, &[Entry::Report { report }], true)
        })?;
        self.tell_of(id, &state);
        Ok(())
    }

    fn tell_of(&self, id: ReportId, state: &ReportState) {
        let (account, state) = (self.name.clone(), state.name().to_owned());
        self.tell(Event::Report { account, id: report_name(id), state });
    }

    /// Makes reports about mails that have none yet.
    ///
    /// # Errors
    /// As of [`Account::change_report`].
    pub fn make_reports(&self, reports: impl Iterator<Item = Report>) -> Result<(), EngineError> {
        let made = self.journal.in_order(|| {
            let mut entries = Vec::new();
            for report in reports {
                if self.store.report(report.id())?.is_none() {
                    entries.push(Entry::Report { report });
                }
            }
            if !entries.is_empty() {
                record(&self.journal, &self.store, &entries, true)?;
            }
            Ok::<_, EngineError>(entries)
        })?;
        for entry in &made {
            if let Entry::Report { report } = entry {
                self.tell_of(report.id(), &report.state);
            }
        }
        Ok(())
    }

    /// Lets another report speak for the mails that were counted for one that came to nothing.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn pass_on(&self, id: ReportId) -> Result<(), EngineError> {
        self.journal.in_order(|| {
            if let Some(mut report) = self.store.report(id)? {
                report.others = 0;
                self.store.put_report(&report)?;
            }
            Ok(self.store.forget_speaker(id.record)?)
        })
    }

    /// Counts one more mail for a report that speaks for it.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn count_for_report(&self, id: ReportId) -> Result<(), EngineError> {
        self.journal.in_order(|| {
            if let Some(mut report) = self.store.report(id)? {
                report.others = report.others.saturating_add(1);
                self.store.put_report(&report)?;
            }
            Ok(())
        })
    }
}

/// Writes down what the user has decided, and carries it over to the store.
///
/// # Errors
/// The journal could not be written (then nothing has happened), or the store is damaged.
pub fn record_decision(shared: &Shared, entry: Entry) -> Result<(), EngineError> {
    shared.journal.in_order(|| record(&shared.journal, &shared.store, &[entry], true))
}

fn record(journal: &Journal, store: &Store, entries: &[Entry], durable: bool) -> Result<(), EngineError> {
    let offsets = if durable { journal.append(entries)? } else { journal.note(entries)? };
    let mut many = Many::default();
    for (offset, entry) in offsets.into_iter().zip(entries) {
        if !many.gather(store, offset, entry)? {
            many.write(store)?;
            apply(store, offset, entry)?;
        }
    }
    many.write(store)?;
    Ok(store.set_misc(APPLIED, &journal.end().0.to_be_bytes())?)
}

/// Carries over what the store does not know of the journal: all of it for a new store.
///
/// # Errors
/// The journal cannot be read, or the store is damaged.
///
/// `anew`: the store is new, or was read back from an export, whose mark of how far it has got is as old as that.
pub fn catch_up(shared: &Shared, anew: bool) -> Result<(), EngineError> {
    let known = shared
        .store
        .misc(APPLIED)?
        .filter(|_| !anew)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_be_bytes);
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
        Entry::Move { .. } | Entry::Moved { .. } => {
            let mut many = Many::default();
            many.gather(store, offset, entry)?;
            many.write(store)
        }
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
        Entry::Report { report } => Ok(store.put_report(report)?),
        Entry::Declared { sender, at } => Ok(store.declare(sender, *at).map(|_| ())?),
        Entry::Undeclared { sender } => Ok(store.undeclare(sender)?),
    }
}

/// Moves begun and done, which come by the hundred and are written together.
#[derive(Default)]
struct Many {
    records: Vec<(Record, Vec<MessageId>)>,
    arrived: BTreeMap<AccountId, Vec<Fingerprint>>,
}

impl Many {
    /// Takes an entry in, if it is of this kind.
    fn gather(&mut self, store: &Store, offset: Offset, entry: &Entry) -> Result<bool, EngineError> {
        match entry {
            Entry::Move { record, account, home, identity, at, explained, .. } => {
                let account = store.account(account)?;
                let record = Record {
                    id: *record,
                    account,
                    fingerprint: identity.fingerprint,
                    home: store.folder(account, home)?,
                    moved_at: *at,
                    state: RecordState::Moving,
                    place: None,
                    journal_offset: offset.0,
                    restore_offset: None,
                    internal_date: identity.internal_date,
                    size: identity.size,
                };
                let ids = explained.notice.original.as_ref().map(|o| o.ids.clone()).unwrap_or_default();
                self.records.push((record, ids));
            }
            Entry::Moved { record, place } => {
                let Some(mut record) = store.record(*record)? else { return Ok(true) };
                record.state = RecordState::Moved;
                record.place = place.map(|place| (place.uid_validity, place.uid));
                self.arrived.entry(record.account).or_default().push(record.fingerprint);
                self.records.push((record, Vec::new()));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Writes what was taken in; what the quarantine held once is never moved there again.
    fn write(&mut self, store: &Store) -> Result<(), EngineError> {
        let Self { records, arrived } = std::mem::take(self);
        for (account, fingerprints) in arrived {
            store.note_in_quarantine(account, &fingerprints)?;
        }
        Ok(store.put_records(&records)?)
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
