//! Everything that is kept between two runs, behind safe types.
//!
//! One sled database in the data directory holds the sent index, what ordinary mail tells of it, and the
//! agent's own lists. Three rules carry the promise that a real bounce never leaves the inbox:
//!
//! * Coverage is said only of folders that were read to their end, with every hole in them
//!   ([`Store::coverage_of`]).
//! * A store that is not shown to be whole is set aside, and coverage is unknown until the folders are read
//!   again ([`Store::open`]).
//! * An error or panic of the engine breaks the store off; a failed look-up is never "not found"
//!   ([`Store::broken`]).
//!
//! Ids, recipients, domains and subjects are keyed hashes. All functions block; none reads a clock.

mod answers;
mod backup;
mod backup_read;
mod compaction;
mod counts;
mod coverage;
mod digest;
mod domains;
mod error;
mod facts;
mod from_spamcop;
mod gaps;
mod guard;
mod hosts;
mod key;
mod kv;
mod layout;
mod learned;
mod lookups;
mod names;
mod open_notices;
mod opening;
mod ordinary;
mod packed;
mod pending;
mod quarantine;
mod reports;
mod seen;
mod sent;
mod sent_write;
mod sidecar;
mod sled_engine;
mod sources;
#[cfg(test)]
mod tests;
mod uids;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use rules::{Address, Profile, UnixTime};

pub use backup::{CheckReport, ExportSummary, ImportSummary};
pub use counts::Inbox;
pub use error::{Found, StoreError};
pub use from_spamcop::KeptAnswer;
pub use hosts::HostFacts;
pub use key::{Fingerprint, IndexKey};
pub use learned::Learned;
pub use names::{AccountId, FolderId};
pub use open_notices::{Answers, LastJudged, MailKey, OpenNotice};
pub use quarantine::{Record, RecordId, RecordState};
pub use seen::{OriginalKey, Said};
pub use sent::SentFolder;
pub use sent_write::SentRow;
pub use sources::{Role, Sighting, Source};

use guard::{Guard, lock};
use layout::index;
use packed::Packed;
use sidecar::Sidecar;

/// The store; clones share one database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    key: IndexKey,
    guard: Guard,
    /// Held by whoever changes what it has read.
    writer: Mutex<()>,
    sidecar: Mutex<Sidecar>,
    generation: AtomicU64,
    news: AtomicU64,
    /// Facts of sent mail older than this are not kept.
    fact_horizon: AtomicI64,
    own: Mutex<Own>,
    answers: Mutex<answers::Answers>,
    facts: Mutex<facts::Facts>,
    pending: Mutex<pending::Pending>,
    seen: Mutex<seen::Seen>,
    sources: Mutex<sources::Unwritten>,
    ids: Mutex<Packed>,
    reports: Mutex<Packed>,
    people: Mutex<Packed>,
    met: Mutex<Packed>,
    coverage: Mutex<coverage::Cache>,
    record_ids: Mutex<quarantine::RecordIds>,
}

/// What is the user's own, as far as counting answers needs it.
#[derive(Clone, Default)]
struct Own {
    addresses: BTreeSet<Address>,
    domains: BTreeSet<String>,
}

impl Own {
    fn has(&self, address: &Address) -> bool {
        self.addresses.contains(address) || self.domains.contains(address.domain())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.0.dir).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in `dir` (its sidecar lies beside it, backups in `export` beside it), or begins one.
    ///
    /// A store that is not shown to be whole, or was written with another key, is renamed to
    /// `index.bad-<time>`; a new one is begun, and what only we know is read back from the last export.
    /// Nothing is covered then until the Sent folders have been read again. `now` names what is set aside.
    ///
    /// # Errors
    /// Another process has it open; a file cannot be read, written or set aside.
    pub fn open(dir: &Path, key: &IndexKey, now: UnixTime) -> Result<(Self, Found), StoreError> {
        let opened = opening::open(dir, key, now)?;
        let guard = Guard::default();
        guard.install(opened.engine);
        let store = Self(Arc::new(Inner {
            dir: dir.to_owned(),
            key: key.duplicate(),
            guard,
            writer: Mutex::default(),
            sidecar: Mutex::new(opened.sidecar),
            generation: AtomicU64::new(0),
            news: AtomicU64::new(0),
            fact_horizon: AtomicI64::new(i64::MIN),
            own: Mutex::default(),
            answers: Mutex::default(),
            facts: Mutex::default(),
            pending: Mutex::default(),
            seen: Mutex::default(),
            sources: Mutex::default(),
            ids: Mutex::new(Packed::of(index::IDS)),
            reports: Mutex::new(Packed::of(index::REPORTS)),
            people: Mutex::new(Packed::of(index::PEOPLE)),
            met: Mutex::new(Packed::of(index::MET)),
            coverage: Mutex::default(),
            record_ids: Mutex::default(),
        }));
        if opened.found != Found::Whole {
            store.read_back();
        }
        store.reserve_record_ids()?;
        Ok((store, opened.found))
    }

    /// What broke the store off, if anything did: from then on every call fails until [`Store::replace`].
    #[must_use]
    pub fn broken(&self) -> Option<String> {
        self.0.guard.broken()
    }

    /// Sets the store aside and begins anew within this handle and its clones.
    ///
    /// # Errors
    /// It cannot be set aside, or no new one can be made.
    pub fn replace(&self, now: UnixTime) -> Result<Found, StoreError> {
        let found = {
            let _writer = lock(&self.0.writer);
            let why = self.broken().unwrap_or_else(|| "it was given up".into());
            self.0.guard.close();
            let opened = opening::renew(&self.0.dir, &self.0.key, now, why)?;
            *lock(&self.0.sidecar) = opened.sidecar;
            self.forget_cached();
            self.0.guard.install(opened.engine);
            opened.found
        };
        self.read_back();
        self.reserve_record_ids()?;
        Ok(found)
    }

    /// Forgets what was read of the index as a whole.
    fn forget_read(&self) {
        *lock(&self.0.facts) = facts::Facts::default();
        for packed in [&self.0.ids, &self.0.reports, &self.0.people, &self.0.met] {
            lock(packed).forget();
        }
    }

    fn forget_cached(&self) {
        *lock(&self.0.answers) = answers::Answers::default();
        self.forget_read();
        *lock(&self.0.pending) = pending::Pending::default();
        *lock(&self.0.seen) = seen::Seen::default();
        *lock(&self.0.sources) = sources::Unwritten::default();
        *lock(&self.0.record_ids) = quarantine::RecordIds::default();
        self.changed();
    }

    /// Makes all that was written so far outlast a power cut. Call it once a batch, and before what cannot be
    /// undone.
    ///
    /// # Errors
    /// The disk is full or fails, or the store is damaged.
    pub fn durable(&self) -> Result<(), StoreError> {
        self.0.durable()
    }

    /// Makes the index outlast a power cut, but not what was found in watched folders since the last [`Store::durable`]:
    /// those are looked through again then.
    ///
    /// # Errors
    /// The disk is full or fails, or the store is damaged.
    pub fn index_durable(&self) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.written_durable()
    }

    /// A number that changes when an answer of the index could have changed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// A number that changes when something was learned that may change a verdict; not when the Sent folders
    /// were merely read again and held nothing new.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.0.news.load(Ordering::SeqCst)
    }

    /// Stands for all that may speak for a mail in quarantine, across runs: it is the same as long as no id, subject,
    /// recipient, answer or learned domain has come or gone.
    #[must_use]
    pub fn lessons(&self) -> [u8; 16] {
        self.0.guard.lessons()
    }

    fn changed(&self) {
        self.0.news.fetch_add(1, Ordering::SeqCst);
        self.fresher();
    }

    fn fresher(&self) {
        self.0.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Sets whose mail is the user's own; counting answers needs it, so set it before ordinary mail is noted.
    pub fn set_profile(&self, profile: &Profile) {
        *lock(&self.0.own) = Own { addresses: profile.own.clone(), domains: profile.own_domains.clone() };
        self.changed();
    }

    /// Sets the time before which subjects and recipients of sent mail are not kept; ids always are. What was
    /// left out counts as not covered, with the 31 days after it that vetoes look back.
    pub fn set_fact_horizon(&self, from: UnixTime) {
        self.0.fact_horizon.store(from.0, Ordering::SeqCst);
    }

    /// By what a mail is known again: its Message-ID, else `fallback` (its Date, From and Subject), with its
    /// size in bytes and its INTERNALDATE.
    #[must_use]
    pub fn fingerprint(
        &self,
        message_id: Option<&str>,
        fallback: &[u8],
        size: u32,
        internal_date: UnixTime,
    ) -> Fingerprint {
        Fingerprint::of(message_id, fallback, size, internal_date)
    }
}

impl Inner {
    fn durable(&self) -> Result<(), StoreError> {
        let _writer = lock(&self.writer);
        {
            let mut pending = lock(&self.pending);
            if !pending.is_empty() {
                pending.write(&self.guard)?;
            }
        }
        // Nothing is counted between what is written and its being noted as written.
        let (mut seen, mut sources) = (lock(&self.seen), lock(&self.sources));
        self.guard.write(kv::Tree::Work, &[seen.changes(), sources.changes()].concat())?;
        seen.written();
        sources.written();
        drop((seen, sources));
        self.written_durable()
    }

    /// Makes what is written durable; whoever calls it holds the writer's lock.
    fn written_durable(&self) -> Result<(), StoreError> {
        if !self.guard.is_dirty() {
            return self.guard.whole();
        }
        let mut mark = lock(&self.sidecar).clone();
        mark.generation += 1;
        let generation = mark.generation.to_be_bytes().to_vec();
        self.guard.put(kv::Tree::Meta, opening::GENERATION_KEY.to_vec(), generation)?;
        self.guard.flush()?;
        mark.data_len = opening::sync_data(&self.dir)?;
        let folders = sent::folder_states(&self.guard)?;
        mark.keys = folders.iter().map(|(_, state)| u64::from(state.known)).sum();
        mark.folders = folders.iter().map(|(id, state)| state.mark(*id)).collect();
        sidecar::write(&sidecar::path(&self.dir), &mark)?;
        *lock(&self.sidecar) = mark;
        self.guard.clean();
        Ok(())
    }
}

impl Inner {
    /// Notes how long the closed data file is: sled 0.34.7 cuts off free segments at its end as it closes, which would
    /// look like a loss at the next start.
    fn note_length(&self) -> Result<(), StoreError> {
        let mut mark = lock(&self.sidecar).clone();
        let data = self.dir.join(sled_engine::DATA_FILE);
        let shorter = std::fs::metadata(&data).is_ok_and(|data| data.len() < mark.data_len);
        if !shorter || self.guard.broken().is_some() || self.guard.is_dirty() {
            return Ok(());
        }
        mark.data_len = opening::sync_data(&self.dir)?;
        sidecar::write(&sidecar::path(&self.dir), &mark)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // What cannot be kept now is read again from the server.
        if self.guard.broken().is_none()
            && let Err(error) = self.durable()
        {
            tracing::warn!(%error, "the store cannot be made durable while it is closed");
        }
        self.guard.close();
        if let Err(error) = self.note_length() {
            tracing::warn!(%error, "the store's length could not be noted when it was closed");
        }
    }
}
