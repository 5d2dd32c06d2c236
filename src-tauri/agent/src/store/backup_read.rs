//! Reads a backup, and puts what is new in it into the store.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use rules::{Span, UnixTime};

use super::{
    AccountId, FolderId, Record, Store, StoreError,
    backup::{MAGIC, Numbers, checksum},
    guard::lock,
    key::Hash,
    kv::{BATCH, Change, Tree},
    layout::{self, index, key, work},
    packed,
};
use crate::imap::FolderName;

/// No entry is longer, in bytes.
const ENTRY: u32 = 1 << 20;

/// A backup that is being read.
pub(super) struct BackupFile {
    path: PathBuf,
    file: BufReader<File>,
    pub(super) key_check: Hash,
    pub(super) written: UnixTime,
}

/// An entry of a backup.
pub(super) struct Entry<'a> {
    tree: Tree,
    key: &'a [u8],
    value: &'a [u8],
}

impl<'a> Entry<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let tree = Tree::ALL.into_iter().find(|tree| Some(&(*tree as u8)) == bytes.first())?;
        let key_len = usize::from(u16::from_be_bytes(layout::take(bytes, 1)?));
        let (key, value) = bytes.get(3..)?.split_at_checked(key_len)?;
        Some(Self { tree, key, value })
    }
}

impl BackupFile {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::file(path, "read"))?;
        let mut backup = Self {
            path: path.to_owned(),
            file: BufReader::new(file),
            key_check: Hash::default(),
            written: UnixTime::default(),
        };
        if &backup.bytes::<16>()? != MAGIC {
            return Err(backup.no_backup("it begins otherwise"));
        }
        backup.key_check = backup.bytes()?;
        backup.written = layout::take_long(&backup.bytes::<8>()?, 0).unwrap_or_default();
        Ok(backup)
    }

    fn no_backup(&self, why: &str) -> StoreError {
        StoreError::NoBackup { path: self.path.clone(), why: why.to_owned() }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => self.no_backup("it is cut off"),
            _ => StoreError::file(&self.path, "read")(error),
        })
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Hands over every entry up to the end and counts them; the end is checked as well.
    pub(super) fn read(
        mut self,
        mut each: impl FnMut(Entry<'_>) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let mut count = 0_u64;
        loop {
            let length = u32::from_be_bytes(self.bytes()?);
            if length == 0 {
                let (said, sum) = (self.bytes::<8>()?, self.bytes::<8>()?);
                if checksum(&said) != sum || u64::from_be_bytes(said) != count {
                    return Err(self.no_backup("its end is garbled"));
                }
                return Ok(count);
            }
            if length > ENTRY {
                return Err(self.no_backup("an entry is garbled"));
            }
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            self.fill(&mut bytes)?;
            if checksum(&bytes) != self.bytes::<8>()? {
                return Err(self.no_backup("an entry is garbled"));
            }
            let entry = Entry::parse(&bytes).ok_or_else(|| self.no_backup("an entry is garbled"))?;
            each(entry)?;
            count += 1;
        }
    }
}

/// Kinds of keys in backups of format 1, which had a key for each hash, and the first byte of an id's value there.
mod format_1 {
    pub(super) const ID: u8 = b'i';
    pub(super) const PERSON: u8 = b'p';
    pub(super) const MET: u8 = b'm';
    pub(super) const MAIL: u8 = 1;
    pub(super) const REPORT: u8 = 2;
}

/// Puts entries into a store that may hold some of them.
pub(super) struct Restore<'a> {
    store: &'a Store,
    numbers: Numbers,
    holes: BTreeMap<Vec<u8>, Vec<Span>>,
    /// What came one to a key, by the kind of key under which it lies now.
    old: BTreeMap<u8, Vec<packed::Entry>>,
    index: Vec<Change>,
    work: Vec<Change>,
    added: u64,
}

impl<'a> Restore<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self {
            store,
            numbers: Numbers::default(),
            holes: BTreeMap::new(),
            old: BTreeMap::new(),
            index: Vec::new(),
            work: Vec::new(),
            added: 0,
        }
    }

    pub(super) fn take(&mut self, entry: Entry<'_>) -> Result<(), StoreError> {
        let Some(kind) = entry.key.first().copied() else { return Ok(()) };
        match (entry.tree, kind) {
            (Tree::Work, work::ACCOUNT_NAME | work::FOLDER_NAME) => self.name(kind, &entry),
            (Tree::Index, index::HOLE | index::ACCOUNT_HOLE) => {
                let Some(key) = self.translated(Tree::Index, entry.key) else { return Ok(()) };
                let at = key.len().saturating_sub(8);
                let span = layout::take_long(&key, at).zip(layout::take_long(entry.value, 0));
                let prefix = key.get(..at).unwrap_or_default().to_vec();
                self.holes.entry(prefix).or_default().extend(span.map(|(from, to)| Span::new(from, to)));
                Ok(())
            }
            (Tree::Work, work::RECORD_IDS) => self.record_ids(&entry),
            (Tree::Index, index::IDS | index::REPORTS | index::PEOPLE | index::MET) => {
                // A part of which anything is new counts as one entry that was added.
                let news = self.packed(kind, packed::entries(entry.value).collect())?;
                self.added += u64::from(news > 0);
                Ok(())
            }
            (Tree::Index, format_1::ID | format_1::PERSON | format_1::MET) => {
                self.one_of_format_1(kind, &entry);
                Ok(())
            }
            (tree, _) => self.plain(tree, &entry),
        }
    }

    /// Takes in hashes of a kind that lie many to a key; tells how many are new.
    fn packed(&self, kind: u8, entries: Vec<packed::Entry>) -> Result<usize, StoreError> {
        let store = &self.store.0;
        let _writer = lock(&store.writer);
        let all = match kind {
            index::IDS => &store.ids,
            index::REPORTS => &store.reports,
            index::PEOPLE => &store.people,
            _ => &store.met,
        };
        let (changes, news) = lock(all).add_entries(&store.guard, entries)?;
        store.guard.write(Tree::Index, &changes)?;
        Ok(news)
    }

    fn one_of_format_1(&mut self, kind: u8, entry: &Entry<'_>) {
        let (now, at) = match (kind, entry.value.first()) {
            (format_1::ID, Some(&format_1::MAIL)) => (index::IDS, layout::take_long(entry.value, 1)),
            (format_1::ID, Some(&format_1::REPORT)) => (index::REPORTS, layout::take_long(entry.value, 1)),
            (format_1::PERSON, _) => (index::PEOPLE, Some(UnixTime(0))),
            (format_1::MET, _) => (index::MET, Some(UnixTime(0))),
            _ => return,
        };
        if let Some((hash, at)) = layout::take_hash(entry.key, 1).zip(at) {
            self.old.entry(now).or_default().push(packed::entry(&hash, at));
        }
    }

    fn name(&mut self, kind: u8, entry: &Entry<'_>) -> Result<(), StoreError> {
        if kind == work::ACCOUNT_NAME {
            let Some(id) = layout::take(entry.key, 1).map(u16::from_be_bytes) else { return Ok(()) };
            let here = self.store.account(&String::from_utf8_lossy(entry.value))?;
            self.numbers.accounts.insert(AccountId(id), here);
            return Ok(());
        }
        let (id, account) = (layout::take_u32(entry.key, 1), layout::take(entry.value, 0));
        let account = account.and_then(|a| self.numbers.accounts.get(&AccountId(u16::from_be_bytes(a))));
        if let (Some(id), Some(account), Some(name)) = (id, account, entry.value.get(2..)) {
            let name = FolderName(String::from_utf8_lossy(name).into_owned());
            let here = self.store.folder(*account, &name)?;
            self.numbers.folders.insert(FolderId(id), here);
        }
        Ok(())
    }

    /// A key with the numbers of this store; none where it names what the backup does not.
    fn translated(&self, tree: Tree, of: &[u8]) -> Option<Vec<u8>> {
        let kind = *of.first()?;
        let account = |at: usize| {
            let id = AccountId(u16::from_be_bytes(layout::take(of, at)?));
            self.numbers.accounts.get(&id).map(|id| id.bytes())
        };
        match (tree, kind) {
            (Tree::Index, index::HOLE) => {
                let folder = self.numbers.folders.get(&FolderId(layout::take_u32(of, 1)?))?;
                Some(key(kind, &[&folder.bytes(), of.get(5..)?]))
            }
            (Tree::Index, index::ACCOUNT_HOLE)
            | (
                Tree::Work,
                work::ACCOUNT_RECORD | work::RECORD_OF | work::WAS_IN_QUARANTINE | work::PUT_BACK,
            ) => Some(key(kind, &[&account(1)?, of.get(3..)?])),
            (Tree::Index, index::FROM) => {
                let at = of.len().checked_sub(2)?;
                Some([of.get(..at)?, account(at)?.as_slice()].concat())
            }
            _ => Some(of.to_vec()),
        }
    }

    fn plain(&mut self, tree: Tree, entry: &Entry<'_>) -> Result<(), StoreError> {
        let Some(key) = self.translated(tree, entry.key) else { return Ok(()) };
        let mut value = entry.value.to_vec();
        if (tree, key.first()) == (Tree::Work, Some(&work::RECORD)) {
            let Some(record) = self.record(&value) else { return Ok(()) };
            value = serde_json::to_vec(&record).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        }
        let waiting = match tree {
            Tree::Index => &mut self.index,
            Tree::Work => &mut self.work,
            Tree::Meta => return Ok(()),
        };
        waiting.push((key, Some(value)));
        if waiting.len() + 1 < BATCH {
            return Ok(());
        }
        let full = std::mem::take(waiting);
        self.write_new(tree, full)
    }

    /// Writes those entries that the store does not have.
    fn write_new(&mut self, tree: Tree, entries: Vec<Change>) -> Result<(), StoreError> {
        let _writer = lock(&self.store.0.writer);
        let mut new = Vec::with_capacity(entries.len());
        for change in entries {
            if !self.store.0.guard.has(tree, &change.0)? {
                new.push(change);
            }
        }
        self.added += new.len() as u64;
        self.store.0.guard.write(tree, &new)?;
        // What is in memory lacks what has just been written.
        self.store.forget_read();
        Ok(())
    }

    fn record(&self, json: &[u8]) -> Option<Record> {
        let mut record: Record = serde_json::from_slice(json).ok()?;
        record.account = *self.numbers.accounts.get(&record.account)?;
        record.home = *self.numbers.folders.get(&record.home)?;
        Some(record)
    }

    /// Record ids that were given out before are never given out again.
    fn record_ids(&mut self, entry: &Entry<'_>) -> Result<(), StoreError> {
        let _writer = lock(&self.store.0.writer);
        let there = layout::take_u64(entry.value, 0).unwrap_or(0);
        let end = there.max(self.store.counter(Tree::Work, entry.key)?);
        self.store.0.guard.put(Tree::Work, entry.key.to_vec(), end.to_be_bytes().to_vec())?;
        // What this store had reserved for itself may be numbers of the backup: a new block begins behind both.
        *lock(&self.store.0.record_ids) = super::quarantine::RecordIds::default();
        Ok(())
    }

    /// Writes what was gathered; tells how many entries were new.
    pub(super) fn finish(mut self) -> Result<u64, StoreError> {
        for tree in [Tree::Index, Tree::Work] {
            let rest = std::mem::take(if tree == Tree::Index { &mut self.index } else { &mut self.work });
            self.write_new(tree, rest)?;
        }
        for (kind, entries) in std::mem::take(&mut self.old) {
            self.added += self.packed(kind, entries)? as u64;
        }
        for (prefix, holes) in std::mem::take(&mut self.holes) {
            let _writer = lock(&self.store.0.writer);
            self.added += holes.len() as u64;
            self.store.add_holes(&prefix, holes)?;
        }
        Ok(self.added)
    }
}

#[cfg(test)]
mod tests {
    use rules::{SentMail as _, sent::SentAs};

    use super::{
        super::tests::{Bench, id},
        *,
    };

    #[test]
    fn what_lay_one_to_a_key_in_an_older_backup_is_taken_in() {
        let bench = Bench::new();
        let (mail, report) = (id("old@example.org"), id("report@example.org"));
        let at = UnixTime(1_700_000_000);
        let mut restore = Restore::new(&bench.store);
        for (first, of) in [(format_1::MAIL, &mail), (format_1::REPORT, &report)] {
            let key = key(format_1::ID, &[&bench.store.0.key.folded_id(of)]);
            let value = [[first].as_slice(), layout::long(at).as_slice()].concat();
            restore.take(Entry { tree: Tree::Index, key: &key, value: &value }).expect("taken");
        }
        assert_eq!(restore.finish().expect("written"), 2, "both are new");
        assert_eq!(bench.store.sent(&mail).expect("asked"), Some(SentAs::Mail(at)), "a mail of the user");
        assert_eq!(bench.store.sent(&report).expect("asked"), Some(SentAs::Report(at)), "a report of ours");
        assert!(bench.store.check().expect("checked").problems.is_empty(), "the store agrees with itself");
    }
}
