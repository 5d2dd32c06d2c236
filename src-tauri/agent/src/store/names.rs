//! Accounts and folders by number, so that keys stay short.

use std::{collections::BTreeSet, ops::ControlFlow};

use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError,
    guard::lock,
    kv::Tree,
    layout::{self, key, work},
};
use crate::imap::FolderName;

/// An account's number in this store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub u16);

/// A folder's number in this store, over all accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FolderId(pub u32);

impl AccountId {
    pub(super) fn bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }
}

impl FolderId {
    pub(super) fn bytes(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }
}

impl Store {
    /// The number of an account; a new one for a new name.
    ///
    /// # Errors
    /// The store is damaged, or holds 65,535 accounts.
    pub fn account(&self, name: &str) -> Result<AccountId, StoreError> {
        let _writer = lock(&self.0.writer);
        let by_name = key(work::ACCOUNT, &[name.as_bytes()]);
        if let Some(value) = self.0.guard.get(Tree::Work, &by_name)? {
            let id = layout::take(&value, 0).ok_or_else(|| self.0.guard.garbled("an account number"))?;
            return Ok(AccountId(u16::from_be_bytes(id)));
        }
        let mut last = 0;
        let prefix = [work::ACCOUNT_NAME];
        let end = layout::after(&prefix);
        self.0.guard.visit_between(Tree::Work, &prefix, end.as_deref(), true, |key, _| {
            last = layout::take(key, 1).map_or(0, u16::from_be_bytes);
            ControlFlow::Break(())
        })?;
        let id = AccountId(last.checked_add(1).ok_or(StoreError::TooManyNames)?);
        let by_id = key(work::ACCOUNT_NAME, &[&id.bytes()]);
        self.0.guard.write(
            Tree::Work,
            &[(by_name, Some(id.bytes().to_vec())), (by_id, Some(name.as_bytes().to_vec()))],
        )?;
        self.changed();
        Ok(id)
    }

    /// All accounts, or those of [`Store::keep_accounts`].
    pub(super) fn accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        let mut all = Vec::new();
        self.0.guard.visit(Tree::Work, &[work::ACCOUNT_NAME], |key, _| {
            all.extend(layout::take(key, 1).map(|id| AccountId(u16::from_be_bytes(id))));
            ControlFlow::Continue(())
        })?;
        if let Some(json) = self.0.guard.get(Tree::Work, &[work::IN_USE])? {
            let kept: BTreeSet<AccountId> =
                serde_json::from_slice(&json).map_err(|_| self.0.guard.garbled("the list of accounts"))?;
            all.retain(|id| kept.contains(id));
        }
        Ok(all)
    }

    /// Says which accounts are configured; those of others no longer count for coverage. Without it all do
    /// that were ever named.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn keep_accounts(&self, accounts: &[AccountId]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let kept: BTreeSet<_> = accounts.iter().copied().collect();
        let json = serde_json::to_vec(&kept).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        self.0.guard.put(Tree::Work, vec![work::IN_USE], json)?;
        self.changed();
        Ok(())
    }

    /// The number of an account's folder; a new one for a new name.
    ///
    /// # Errors
    /// The store is damaged, or holds 4,294,967,295 folders.
    pub fn folder(&self, account: AccountId, name: &FolderName) -> Result<FolderId, StoreError> {
        let _writer = lock(&self.0.writer);
        let by_name = key(work::FOLDER, &[&account.bytes(), name.0.as_bytes()]);
        if let Some(value) = self.0.guard.get(Tree::Work, &by_name)? {
            let id = layout::take_u32(&value, 0);
            return id.map(FolderId).ok_or_else(|| self.0.guard.garbled("a folder number"));
        }
        let mut last = 0;
        let prefix = [work::FOLDER_NAME];
        let end = layout::after(&prefix);
        self.0.guard.visit_between(Tree::Work, &prefix, end.as_deref(), true, |key, _| {
            last = layout::take_u32(key, 1).unwrap_or(0);
            ControlFlow::Break(())
        })?;
        let id = FolderId(last.checked_add(1).ok_or(StoreError::TooManyNames)?);
        let by_id = key(work::FOLDER_NAME, &[&id.bytes()]);
        let value = [account.bytes().as_slice(), name.0.as_bytes()].concat();
        self.0.guard.write(Tree::Work, &[(by_name, Some(id.bytes().to_vec())), (by_id, Some(value))])?;
        Ok(id)
    }

    /// A folder's name as the server wrote it.
    ///
    /// # Errors
    /// The store is damaged, or the number is none of its own.
    pub fn folder_name(&self, folder: FolderId) -> Result<FolderName, StoreError> {
        let value = self.0.guard.get(Tree::Work, &key(work::FOLDER_NAME, &[&folder.bytes()]))?;
        let value = value.ok_or(StoreError::UnknownName)?;
        let name = value.get(2..).unwrap_or_default();
        Ok(FolderName(String::from_utf8_lossy(name).into_owned()))
    }

    /// The account that a folder belongs to.
    pub(super) fn account_of(&self, folder: FolderId) -> Result<AccountId, StoreError> {
        let value = self.0.guard.get(Tree::Work, &key(work::FOLDER_NAME, &[&folder.bytes()]))?;
        let value = value.ok_or(StoreError::UnknownName)?;
        let id = layout::take(&value, 0).ok_or_else(|| self.0.guard.garbled("a folder's account"))?;
        Ok(AccountId(u16::from_be_bytes(id)))
    }
}
