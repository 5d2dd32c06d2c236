//! Takes in what was read of a Sent folder.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    ops::RangeInclusive,
    sync::atomic::Ordering,
};

use rules::{Subject, UnixTime, read::SentHeaders, time::DAY};

use super::{
    AccountId, FolderId, RecordId, Store, StoreError,
    guard::lock,
    key::Hash,
    kv::{BATCH, Tree},
    layout::{index, key, work},
    ordinary::both_forms,
    packed::PART,
    sent::FolderState,
    uids::Block,
};

/// A mail of a Sent folder, as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRow {
    /// Its UID.
    pub uid: u32,
    /// Its INTERNALDATE.
    pub internal_date: UnixTime,
    /// What the index keeps of its headers.
    pub headers: SentHeaders,
}

/// Ids taken of one mail at most, so that they fit into one atomic write.
const IDS: usize = 64;

/// Before this there was no mail with a Date worth trusting: 1990-01-01T00:00:00Z. Clocks without a battery
/// begin at 1970 or 1980.
const FIRST_DATE: UnixTime = UnixTime(631_152_000);

/// When a mail was sent: its Date where plausible, else its INTERNALDATE. A Date is not plausible a day or
/// more after the mail was filed; long before, it is (folders are moved between servers).
fn sent_time(row: &SentRow) -> UnixTime {
    row.headers
        .date
        .map(|date| date.at)
        .filter(|at| *at >= FIRST_DATE && *at <= row.internal_date.plus(DAY))
        .unwrap_or(row.internal_date)
}

/// What was gathered for one write.
#[derive(Default)]
struct Gathered {
    /// Hashes of the ids of mails, and when these were sent.
    ids: Vec<(Hash, UnixTime)>,
    /// Hashes of the people they were sent to.
    people: BTreeSet<Hash>,
    /// Keys that say all by being there.
    lasting: BTreeSet<Vec<u8>>,
    /// Hashes of what was sent, and when.
    facts: Vec<(Hash, UnixTime)>,
    /// Blocks of UIDs by number, and whether they were changed since the last write.
    blocks: BTreeMap<u32, (Block, bool)>,
    /// Whether an id or recipient among them is new.
    news: bool,
}

impl Gathered {
    /// Changes that one write must have room for. In a folder whose UIDs lie far apart each mail has a block of its own.
    fn len(&self) -> usize {
        self.ids.len().div_ceil(PART) + self.blocks.values().filter(|(_, changed)| *changed).count()
    }
}

impl Store {
    /// Takes in the mails of a window of UIDs that was asked for completely; UIDs of it without a row are
    /// gaps, which [`Store::sent_refreshed`] turns into holes. Doing it twice changes nothing.
    ///
    /// Returns the mails in quarantine whose original is now known: they have to go back.
    ///
    /// # Errors
    /// The folder was not started, or UIDs before the window were never asked for; the store is damaged.
    pub fn add_sent(
        &self,
        folder: FolderId,
        window: RangeInclusive<u32>,
        rows: &[SentRow],
    ) -> Result<Vec<RecordId>, StoreError> {
        let _writer = lock(&self.0.writer);
        let account = self.account_of(folder)?;
        let mut state = self.folder_state(folder)?.ok_or(StoreError::NotStarted)?;
        if *window.start() > state.next_uid {
            return Err(StoreError::NotRead { from: state.next_uid, to: *window.start() });
        }
        let horizon = UnixTime(self.0.fact_horizon.load(Ordering::SeqCst));
        let mut gathered = Gathered::default();
        let mut news = false;
        for row in rows {
            self.gather(account, row, horizon, &mut gathered);
            let at = sent_time(row);
            if at < horizon {
                state.facts_from = state.facts_from.max(Some(horizon));
            }
            if window.contains(&row.uid) {
                let number = Block::number(row.uid);
                let block = match gathered.blocks.entry(number) {
                    Entry::Occupied(block) => block.into_mut(),
                    Entry::Vacant(place) => place.insert((self.uid_block(folder, number)?, false)),
                };
                if !block.0.set(row.uid, Some(at)) {
                    state.known = state.known.saturating_add(1);
                    gathered.news = true;
                }
                block.1 = true;
                state.oldest = Some(state.oldest.map_or(at, |oldest| oldest.min(at)));
            } else {
                // Nothing tells whether its From is known.
                gathered.news = true;
            }
            if gathered.len() + 2 >= BATCH / 2 {
                news |= self.write_gathered(folder, &state, &mut gathered)?;
            }
        }
        state.next_uid = state.next_uid.max(window.end().saturating_add(1));
        news |= self.write_gathered(folder, &state, &mut gathered)?;
        if news {
            lock(&self.0.answers).stale();
            self.changed();
        }
        self.rescued_by(rows)
    }

    fn gather(&self, account: AccountId, row: &SentRow, horizon: UnixTime, gathered: &mut Gathered) {
        let (hashes, at) = (&self.0.key, sent_time(row));
        for id in row.headers.ids.iter().take(IDS) {
            gathered.ids.push((hashes.folded_id(id), at));
            if id.folded() != id.as_str() {
                gathered.ids.push((hashes.id(id.as_str()), at));
            }
            if let Some(domain) = id.domain() {
                gathered.lasting.insert(key(index::OWN_ID_DOMAIN, &[&hashes.domain(&domain)]));
            }
        }
        for from in row.headers.from.iter().flat_map(both_forms) {
            gathered.lasting.insert(key(index::FROM, &[from.as_str().as_bytes(), &[0], &account.bytes()]));
        }
        let subject = Subject::new(&row.headers.subject);
        let young = at >= horizon;
        if young && !subject.is_empty() {
            gathered.facts.push((hashes.subject(&subject), at));
        }
        for recipient in row.headers.recipients.iter().flat_map(both_forms) {
            let hash = hashes.recipient(&recipient);
            gathered.people.insert(hash);
            if young {
                gathered.facts.push((hash, at));
                gathered.facts.push((hashes.domain(recipient.domain()), at));
                if !subject.is_empty() {
                    gathered.facts.push((hashes.pair(&subject, &recipient), at));
                }
            }
        }
    }

    /// Writes what was gathered together with the state of the folder, and begins anew; tells whether there
    /// were news.
    fn write_gathered(
        &self,
        folder: FolderId,
        state: &FolderState,
        gathered: &mut Gathered,
    ) -> Result<bool, StoreError> {
        let Gathered { ids, people, lasting, facts, .. } = gathered;
        let guard = &self.0.guard;
        let new_people = lock(&self.0.people)
            .add(guard, std::mem::take(people).into_iter().map(|hash| (hash, UnixTime(0))))?;
        gathered.news |= !new_people.is_empty();
        let mut first = lock(&self.0.facts).add(guard, &std::mem::take(facts))?;
        first.extend(new_people);
        first.extend(std::mem::take(lasting).into_iter().map(|key| (key, Some(Vec::new()))));
        guard.write(Tree::Index, &first)?;
        // Ids, UIDs and the state go into one atomic write; only facts may be parted from them.
        let mut parts = lock(&self.0.ids).add(guard, std::mem::take(ids))?;
        gathered.news |= !parts.is_empty();
        for (number, (block, dirty)) in gathered.blocks.iter_mut().filter(|(_, (_, dirty))| *dirty) {
            parts.push(block.change(folder, *number));
            *dirty = false;
        }
        parts.push(state.change(folder)?);
        self.0.guard.write(Tree::Index, &parts)?;
        Ok(std::mem::take(&mut gathered.news))
    }

    /// The mails in quarantine whose original is among these.
    fn rescued_by(&self, rows: &[SentRow]) -> Result<Vec<RecordId>, StoreError> {
        if !self.0.guard.any(Tree::Work, &[work::RECORD_BY_ID])? {
            return Ok(Vec::new());
        }
        let mut found = BTreeSet::new();
        for id in rows.iter().flat_map(|row| &row.headers.ids) {
            found.extend(self.records_by_hash(&self.0.key.folded_id(id))?);
        }
        let mut rescued = Vec::new();
        for id in found {
            if self.record(id)?.is_some_and(|record| record.state.is_in_quarantine()) {
                rescued.push(id);
            }
        }
        Ok(rescued)
    }

    /// Notes the id of a report of ours, sent at this time.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn add_report(&self, id: &rules::MessageId, at: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let hashes = BTreeSet::from([self.0.key.folded_id(id), self.0.key.id(id.as_str())]);
        let changes = lock(&self.0.reports).add(&self.0.guard, hashes.into_iter().map(|hash| (hash, at)))?;
        self.0.guard.write(Tree::Index, &changes)?;
        self.changed();
        Ok(())
    }
}
