//! Counters, cursors of the folders that are watched, and small things by name.

use std::{collections::BTreeMap, ops::ControlFlow};

use super::{
    AccountId, FolderId, Store, StoreError,
    guard::lock,
    kv::{Change, Tree},
    layout::{self, key, work},
};

/// Bytes of a small thing at the most; larger ones belong into a file.
const MISC_LENGTH: usize = 1_000;

/// How far a watched folder has been looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// The UIDVALIDITY under which it was.
    pub uid_validity: u32,
    /// The lowest UID that has not been looked at.
    pub next_uid: u32,
}

impl Store {
    /// How far a watched folder has been looked through; none before the first time.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn inbox(&self, folder: FolderId) -> Result<Option<Inbox>, StoreError> {
        self.0.guard.whole()?;
        let pending = lock(&self.0.pending).inbox(folder);
        if pending.is_some() {
            return Ok(pending);
        }
        let value = self.0.guard.get(Tree::Work, &key(work::INBOX, &[&folder.bytes()]))?;
        let Some(value) = value else { return Ok(None) };
        match (layout::take_u32(&value, 0), layout::take_u32(&value, 4)) {
            (Some(uid_validity), Some(next_uid)) => Ok(Some(Inbox { uid_validity, next_uid })),
            _ => Err(self.0.guard.garbled("the place in a folder")),
        }
    }

    /// Sets how far a watched folder has been looked through.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn set_inbox(&self, folder: FolderId, uid_validity: u32, next_uid: u32) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.whole()?;
        lock(&self.0.pending).put_inbox(folder, Inbox { uid_validity, next_uid });
        Ok(())
    }

    /// Adds to an account's count of mails with a verdict.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn count(&self, account: AccountId, verdict: &str, more: u64) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let by_verdict = key(work::COUNT, &[&account.bytes(), verdict.as_bytes()]);
        let count = self.counter(Tree::Work, &by_verdict)?.saturating_add(more);
        self.0.guard.put(Tree::Work, by_verdict, count.to_be_bytes().to_vec())
    }

    /// An account's counts by verdict.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn counts(&self, account: AccountId) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        self.0.guard.visit(Tree::Work, &key(work::COUNT, &[&account.bytes()]), |key, value| {
            if let (Some(verdict), Some(count)) = (key.get(3..), layout::take_u64(value, 0)) {
                counts.insert(String::from_utf8_lossy(verdict).into_owned(), count);
            }
            ControlFlow::Continue(())
        })?;
        Ok(counts)
    }

    /// Adds to the counts of notices by what they were recognised by.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn count_rules(&self, more: &BTreeMap<String, u64>) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut changes: Vec<Change> = Vec::with_capacity(more.len());
        for (rule, more) in more {
            let by_rule = key(work::RULE_COUNT, &[rule.as_bytes()]);
            let count = self.counter(Tree::Work, &by_rule)?.saturating_add(*more);
            changes.push((by_rule, Some(count.to_be_bytes().to_vec())));
        }
        self.0.guard.write(Tree::Work, &changes)
    }

    /// How many notices each rule has recognised, of all accounts.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn rule_counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        self.0.guard.visit(Tree::Work, &[work::RULE_COUNT], |key, value| {
            if let (Some(rule), Some(count)) = (key.get(1..), layout::take_u64(value, 0)) {
                counts.insert(String::from_utf8_lossy(rule).into_owned(), count);
            }
            ControlFlow::Continue(())
        })?;
        Ok(counts)
    }

    /// A number kept under a key; 0 where there is none.
    pub(super) fn counter(&self, tree: Tree, key: &[u8]) -> Result<u64, StoreError> {
        match self.0.guard.get(tree, key)? {
            Some(value) => layout::take_u64(&value, 0).ok_or_else(|| self.0.guard.garbled("a count")),
            None => Ok(0),
        }
    }

    /// A small thing kept by name.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn misc(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.guard.get(Tree::Work, &key(work::MISC, &[name.as_bytes()]))
    }

    /// Keeps a small thing by name, at most 1,000 bytes.
    ///
    /// # Errors
    /// It is too long; the store is damaged.
    pub fn set_misc(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        if value.len() > MISC_LENGTH {
            return Err(StoreError::Unfit { why: format!("\"{name}\" has {} bytes", value.len()) });
        }
        let _writer = lock(&self.0.writer);
        self.0.guard.put(Tree::Work, key(work::MISC, &[name.as_bytes()]), value.to_vec())
    }
}
