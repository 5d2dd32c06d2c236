//! Keeps the journal from growing for ever: at a start, what is settled and old is left out of it.

use std::collections::BTreeMap;

use rules::time::DAY;

use super::{EngineError, Shared, records};
use crate::journal::{Entry, Offset};
use crate::store::{Fingerprint, Record, RecordId, RecordState};

/// A smaller journal is left as it is.
const LARGE: u64 = 32 << 20;
/// So long a settled record stays, for the user to look up.
const REMEMBERED: i64 = 90 * DAY;

/// Writes a large journal anew without what is settled and old. The mails themselves stay known: what was in the
/// quarantine once, and what was put back, is never moved again.
///
/// # Errors
/// The journal or the store cannot be read or written.
pub fn compact_if_large(shared: &Shared) -> Result<(), EngineError> {
    if shared.journal.end().0 < LARGE {
        return Ok(());
    }
    let now = shared.clock.now();
    let mut old: BTreeMap<RecordId, Record> = BTreeMap::new();
    for config in &shared.config.accounts {
        let account = shared.store.account(&config.name)?;
        let mut after = None;
        loop {
            let page = shared.store.records(account, after, 1_000)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            let settled =
                |record: &Record| is_settled(record.state) && now.since(record.moved_at) > REMEMBERED;
            old.extend(page.into_iter().filter(settled).map(|record| (record.id, record)));
        }
    }
    let (mut dead, mut all) = (0_u64, 0_u64);
    shared.journal.replay(Offset(0), |_, entry| {
        all += 1;
        dead += u64::from(entry.is_none_or(|entry| is_of(&entry, &old)));
    })?;
    if dead * 2 < all {
        return Ok(());
    }
    let mut known: BTreeMap<(String, bool), Vec<Fingerprint>> = BTreeMap::new();
    for record in old.values() {
        let put_back =
            matches!(record.state, RecordState::Restored | RecordState::Rescued | RecordState::PutBack);
        let account =
            shared.config.accounts.iter().find(|config| {
                shared.store.account(&config.name).is_ok_and(|account| account == record.account)
            });
        if let Some(account) = account {
            known.entry((account.name.clone(), put_back)).or_default().push(record.fingerprint);
        }
    }
    let more: Vec<Entry> = known
        .into_iter()
        .flat_map(|((account, put_back), fingerprints)| {
            // In lines that are short enough to be read back.
            let parts: Vec<Vec<Fingerprint>> = fingerprints.chunks(1_000).map(<[_]>::to_vec).collect();
            parts.into_iter().map(move |fingerprints| match put_back {
                true => Entry::PutBack { account: account.clone(), fingerprints },
                false => Entry::Met { account: account.clone(), fingerprints },
            })
        })
        .collect();
    shared.journal.rewrite(|entry| !is_of(entry, &old), &more)?;
    for id in old.keys() {
        shared.store.forget_record(*id)?;
    }
    records::carry_over_all(shared)
}

fn is_settled(state: RecordState) -> bool {
    match state {
        RecordState::Moving | RecordState::Moved | RecordState::Restoring => false,
        RecordState::Restored
        | RecordState::Rescued
        | RecordState::PutBack
        | RecordState::Purged
        | RecordState::Gone => true,
    }
}

/// Whether an entry speaks of old records alone.
fn is_of(entry: &Entry, old: &BTreeMap<RecordId, Record>) -> bool {
    match entry {
        Entry::Move { record, .. }
        | Entry::Moved { record, .. }
        | Entry::NotMoved { record }
        | Entry::Gone { record }
        | Entry::Restore { record, .. }
        | Entry::Restored { record, .. }
        | Entry::NotRestored { record } => old.contains_key(record),
        Entry::Report { report } => old.contains_key(&report.record),
        Entry::Purge { records, .. } | Entry::Purged { records } => {
            records.iter().all(|record| old.contains_key(record))
        }
        Entry::Met { .. } | Entry::PutBack { .. } | Entry::Declared { .. } | Entry::Undeclared { .. } => {
            false
        }
    }
}
