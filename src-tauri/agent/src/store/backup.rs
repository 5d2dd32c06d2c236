//! Backup as one flat file: what only we know, and what is known of sent mail as far as it speaks for the
//! user. How far folders have been read is not in it: after a restore they are read again, so that nothing
//! is covered by an old backup.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufWriter, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rules::UnixTime;

use super::{
    AccountId, FolderId, Store, StoreError,
    backup_read::BackupFile,
    backup_read::Restore,
    digest,
    kv::Tree,
    layout::{self, index, work},
    packed, sidecar,
    uids::Block,
};

/// The first bytes of a backup.
pub(super) const MAGIC: &[u8; 16] = b"neversent-store1";

/// What was written to a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportSummary {
    /// Entries in it.
    pub entries: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What was read from a backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Entries in it.
    pub entries: u64,
    /// Of these, the ones that the store did not have.
    pub added: u64,
    /// When it was written.
    pub written: UnixTime,
}

/// What a check of the whole store found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Known ids of sent mail, in all forms.
    pub ids: u64,
    /// Known UIDs in Sent folders.
    pub uids: u64,
    /// Records of mail in quarantine.
    pub records: u64,
    /// Notices that are not settled.
    pub open: u64,
    /// What is wrong, in words; empty if nothing is.
    pub problems: Vec<String>,
}

/// Whether an entry belongs into a backup.
fn is_kept(tree: Tree, key: &[u8]) -> bool {
    let Some(kind) = key.first().filter(|_| key != digest::KEY) else { return false };
    match tree {
        Tree::Meta => false,
        Tree::Index => match *kind {
            index::CANARY | index::FOLDER | index::UID => false,
            // Counted again when the mailbox is read again.
            index::DELIVERED | index::DELIVERED_TO | index::MAILBOX_NAME => false,
            _ => true,
        },
        Tree::Work => matches!(
            *kind,
            work::RECORD
                | work::ACCOUNT_RECORD
                | work::RECORD_OF
                | work::RECORD_BY_ID
                | work::RECORD_IDS
                | work::WAS_IN_QUARANTINE
                | work::PUT_BACK
                | work::REPORT
                | work::REPORTED
                | work::FROM_SPAMCOP
                | work::MISC
        ),
    }
}

/// Writes entries, each with its length before and its checksum behind it.
struct EntryWriter<W> {
    file: W,
    entries: u64,
    bytes: u64,
}

impl<W: Write> EntryWriter<W> {
    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn entry(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> io::Result<()> {
        let too_long = |_| io::Error::new(io::ErrorKind::InvalidData, "a key is too long");
        let key_len = u16::try_from(key.len()).map_err(too_long)?;
        let mut entry = vec![tree as u8];
        entry.extend_from_slice(&key_len.to_be_bytes());
        entry.extend_from_slice(key);
        entry.extend_from_slice(value);
        self.raw(&u32::try_from(entry.len()).map_err(too_long)?.to_be_bytes())?;
        self.raw(&entry)?;
        self.raw(&checksum(&entry))?;
        self.entries += 1;
        Ok(())
    }

    /// An empty entry and the count: a file cut off anywhere lacks it.
    fn end(&mut self) -> io::Result<()> {
        self.raw(&0_u32.to_be_bytes())?;
        let count = self.entries.to_be_bytes();
        self.raw(&count)?;
        self.raw(&checksum(&count))?;
        self.file.flush()
    }
}

pub(super) fn checksum(bytes: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut sum);
    sum
}

impl Store {
    /// Writes a backup to a file, which is there whole or not at all.
    ///
    /// # Errors
    /// The store is damaged; the file cannot be written.
    pub fn export(&self, path: &Path, now: UnixTime) -> Result<ExportSummary, StoreError> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(StoreError::file(parent, "made"))?;
        }
        let mut summary = ExportSummary { entries: 0, bytes: 0 };
        let mut failed = None;
        sidecar::replace_file(path, |file| {
            let mut out = EntryWriter { file: BufWriter::new(file), entries: 0, bytes: 0 };
            out.raw(MAGIC)?;
            out.raw(&self.0.key.check_value())?;
            out.raw(&layout::long(now))?;
            match self.write_entries(&mut out) {
                Ok(written) => written?,
                Err(error) => {
                    failed = Some(error);
                    return Err(io::Error::other("the store failed"));
                }
            }
            out.end()?;
            summary = ExportSummary { entries: out.entries, bytes: out.bytes };
            Ok(())
        })
        .map_err(|error| failed.take().unwrap_or(error))?;
        Ok(summary)
    }

    fn write_entries<W: Write>(&self, out: &mut EntryWriter<W>) -> Result<io::Result<()>, StoreError> {
        // A part that grows meanwhile could be missed: its new name may lie behind, its old one still before us.
        let _writer = super::guard::lock(&self.0.writer);
        let mut written = Ok(());
        // Names first: numbers of accounts and folders are translated by them.
        for kind in [work::ACCOUNT_NAME, work::FOLDER_NAME] {
            self.0.guard.visit(Tree::Work, &[kind], |key, value| {
                written = out.entry(Tree::Work, key, value);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        }
        for tree in [Tree::Index, Tree::Work] {
            if written.is_err() {
                break;
            }
            self.0.guard.visit(tree, &[], |key, value| {
                if is_kept(tree, key) {
                    written = out.entry(tree, key, value);
                }
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        }
        Ok(written)
    }

    /// Adds what a backup holds and the store does not. Sent folders stay as they are, or unread.
    ///
    /// # Errors
    /// The file is no whole backup, or one written with another key: nothing is taken from it then. The store
    /// is damaged.
    pub fn import(&self, path: &Path) -> Result<ImportSummary, StoreError> {
        // The whole file is looked through before a first entry is believed.
        let file = BackupFile::open(path)?;
        if file.key_check != self.0.key.check_value() {
            return Err(StoreError::ForeignKey { path: path.to_owned() });
        }
        let written = file.written;
        let entries = file.read(|_| Ok(()))?;
        let mut restore = Restore::new(self);
        BackupFile::open(path)?.read(|entry| restore.take(entry))?;
        let added = restore.finish()?;
        self.answers_changed();
        self.changed();
        Ok(ImportSummary { entries, added, written })
    }

    /// Reads back the newest whole backup beside a store that was begun anew.
    pub(super) fn read_back(&self) {
        for path in newest_first(&self.0.dir.with_file_name("export")) {
            match self.import(&path) {
                Ok(summary) => {
                    tracing::info!(added = summary.added, "the last backup of the store was read back");
                    return;
                }
                Err(error) => tracing::warn!(%error, "a backup of the store cannot be read back"),
            }
        }
    }

    /// Reads the whole store and compares what it holds with what it must hold.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let _writer = super::guard::lock(&self.0.writer);
        let mut report = CheckReport::default();
        let mut uids = BTreeMap::new();
        self.0.guard.visit(Tree::Index, &[], |key, value| {
            match key.first() {
                Some(&(index::IDS | index::REPORTS)) => report.ids += packed::entries(value).count() as u64,
                Some(&index::UID) => {
                    let known = uids.entry(layout::take_u32(key, 1).map(FolderId)).or_insert(0_usize);
                    *known += Block::parse(value).count();
                }
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        self.0.guard.visit(Tree::Work, &[], |key, _| {
            match key.first() {
                Some(&work::RECORD) => report.records += 1,
                Some(&work::OPEN) => report.open += 1,
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        report.uids = uids.values().map(|known| *known as u64).sum();
        for tree in self.0.guard.differing()? {
            report.problems.push(format!("entries of its part \"{}\" are missing", tree.name()));
        }
        for (folder, state) in super::sent::folder_states(&self.0.guard)? {
            let there = uids.get(&Some(folder)).copied().unwrap_or(0);
            if there as u64 != u64::from(state.known) {
                let known = state.known;
                report.problems.push(format!("a Sent folder has {there} known UIDs instead of {known}"));
            }
        }
        Ok(report)
    }
}

/// The files in a directory, newest first; names decide between equal times.
fn newest_first(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((meta.modified().ok()?, entry.path()))
        })
        .collect();
    files.sort();
    files.into_iter().rev().map(|(_, path)| path).collect()
}

/// Numbers of accounts and folders in a backup, with those that they have here.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) accounts: BTreeMap<AccountId, AccountId>,
    pub(super) folders: BTreeMap<FolderId, FolderId>,
}
