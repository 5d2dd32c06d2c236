//! Open notices, and how far the watched folders have been looked through, that are not written yet.
//!
//! Most notices are settled in the minute in which they come. Written as they came they were written, read and removed
//! again, which took a seventh of a clean-up's time. Both are held back together: whoever is cut off looks through the
//! folder once more, from where it was written to have come, and finds the notices again.

use std::collections::BTreeMap;

use super::{
    FolderId, Inbox, MailKey, OpenNotice, StoreError,
    guard::Guard,
    kv::Tree,
    layout::{key, work},
    open_notices,
};

/// Notices held back at most: each takes some kilobytes of memory.
const HELD: usize = 1_500;

/// What is held back; it stands before what is written.
#[derive(Default)]
pub(super) struct Pending {
    notices: BTreeMap<MailKey, OpenNotice>,
    inboxes: BTreeMap<FolderId, Inbox>,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.notices.is_empty() && self.inboxes.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.notices.len() >= HELD
    }

    pub(super) fn notice(&self, mail: &MailKey) -> Option<&OpenNotice> {
        self.notices.get(mail)
    }

    pub(super) fn notices(&self) -> impl Iterator<Item = &OpenNotice> {
        self.notices.values()
    }

    pub(super) fn put(&mut self, notice: OpenNotice) {
        self.notices.insert(notice.key, notice);
    }

    pub(super) fn remove(&mut self, mail: &MailKey) {
        self.notices.remove(mail);
    }

    pub(super) fn inbox(&self, folder: FolderId) -> Option<Inbox> {
        self.inboxes.get(&folder).copied()
    }

    pub(super) fn put_inbox(&mut self, folder: FolderId, inbox: Inbox) {
        self.inboxes.insert(folder, inbox);
    }

    /// Writes the notices of which this is true.
    pub(super) fn write_those(
        &mut self,
        guard: &Guard,
        is_meant: impl Fn(&OpenNotice) -> bool,
    ) -> Result<(), StoreError> {
        let mut gathered = Vec::new();
        for notice in self.notices.values().filter(|notice| is_meant(notice)) {
            guard.add_to(&mut gathered, open_notices::changes_of(guard, notice)?)?;
        }
        guard.write(Tree::Work, &gathered)?;
        self.notices.retain(|_, notice| !is_meant(notice));
        Ok(())
    }

    /// Writes all that is held back: the notices first, since a folder may not be written to have come further.
    pub(super) fn write(&mut self, guard: &Guard) -> Result<(), StoreError> {
        self.write_those(guard, |_| true)?;
        for (folder, inbox) in &self.inboxes {
            let value = [inbox.uid_validity.to_be_bytes(), inbox.next_uid.to_be_bytes()].concat();
            guard.put(Tree::Work, key(work::INBOX, &[&folder.bytes()]), value)?;
        }
        *self = Self::default();
        Ok(())
    }
}
