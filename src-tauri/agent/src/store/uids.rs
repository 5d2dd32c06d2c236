//! The known UIDs of a Sent folder with the times of their mails, 64 to a value: a key for each would cost
//! sled more memory than everything else together.

use std::ops::ControlFlow;

use rules::UnixTime;

use super::{
    FolderId, Store, StoreError,
    kv::{Change, Tree},
    layout::{self, index, key},
};

/// UIDs in a block.
const BLOCK: u32 = 64;

/// The times of 64 UIDs in a row, in seconds since 1970; 0 where the UID is not known.
#[derive(Clone, Debug)]
pub(super) struct Block([u32; BLOCK as usize]);

impl Default for Block {
    fn default() -> Self {
        Self([0; BLOCK as usize])
    }
}

impl Block {
    pub(super) fn number(uid: u32) -> u32 {
        uid / BLOCK
    }

    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut block = Self::default();
        for (time, bytes) in block.0.iter_mut().zip(bytes.chunks_exact(4)) {
            *time = layout::take_u32(bytes, 0).unwrap_or(0);
        }
        block
    }

    pub(super) fn change(&self, folder: FolderId, number: u32) -> Change {
        let value = (self.count() > 0).then(|| self.0.iter().flat_map(|time| time.to_be_bytes()).collect());
        (block_key(folder, number), value)
    }

    /// Sets or takes away the time of a UID; tells whether it was known before.
    pub(super) fn set(&mut self, uid: u32, at: Option<UnixTime>) -> bool {
        let Some(place) = self.0.get_mut((uid % BLOCK) as usize) else { return false };
        let known = *place != 0;
        *place = at.map_or(0, |at| u32::from_be_bytes(layout::short(at)).max(1));
        known
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().filter(|time| **time != 0).count()
    }

    /// The known UIDs of block `number` with their times, in order.
    fn known(&self, number: u32) -> impl DoubleEndedIterator<Item = (u32, UnixTime)> {
        let first = number.saturating_mul(BLOCK);
        let at = move |(n, time): (usize, &u32)| {
            let uid = first.checked_add(u32::try_from(n).ok()?)?;
            (*time != 0).then_some((uid, UnixTime(i64::from(*time))))
        };
        self.0.iter().enumerate().filter_map(at)
    }
}

fn block_key(folder: FolderId, number: u32) -> Vec<u8> {
    key(index::UID, &[&folder.bytes(), &number.to_be_bytes()])
}

impl Store {
    pub(super) fn uid_block(&self, folder: FolderId, number: u32) -> Result<Block, StoreError> {
        let value = self.0.guard.get(Tree::Index, &block_key(folder, number))?;
        Ok(value.map_or_else(Block::default, |bytes| Block::parse(&bytes)))
    }

    /// Visits the known UIDs of a folder from `from` on, in order.
    pub(super) fn visit_uids(
        &self,
        folder: FolderId,
        from: u32,
        mut each: impl FnMut(u32, UnixTime) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let end = layout::after(&key(index::UID, &[&folder.bytes()]));
        let first = block_key(folder, Block::number(from));
        self.0.guard.visit_between(Tree::Index, &first, end.as_deref(), false, |key, value| {
            let number = layout::take_u32(key, 5).unwrap_or(0);
            Block::parse(value)
                .known(number)
                .filter(|(uid, _)| *uid >= from)
                .try_for_each(|(uid, at)| each(uid, at))
        })
    }

    /// The sent time of the known mail with the highest UID below this one.
    pub(super) fn neighbour_before(
        &self,
        folder: FolderId,
        uid: u32,
    ) -> Result<Option<UnixTime>, StoreError> {
        let mut before = None;
        let first = block_key(folder, 0);
        let end = layout::after(&block_key(folder, Block::number(uid)));
        self.0.guard.visit_between(Tree::Index, &first, end.as_deref(), true, |key, value| {
            let number = layout::take_u32(key, 5).unwrap_or(0);
            before = Block::parse(value).known(number).rfind(|(known, _)| *known < uid).map(|(_, at)| at);
            if before.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(before)
    }
}
