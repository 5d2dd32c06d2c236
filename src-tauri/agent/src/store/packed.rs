//! Hashes with their times, many to a key.
//!
//! sled (0.34.7) copies a leaf at each insert, and a key for each id of a mail, each person and each mail met made up
//! most of what a first index cost. So they lie together in parts of some 900 bytes, and in memory, where they are
//! looked up: twenty bytes each.

use std::{collections::BTreeMap, ops::ControlFlow};

use rules::UnixTime;

use super::{
    StoreError,
    guard::Guard,
    key::Hash,
    kv::{Change, Tree},
    layout::{self, key},
};

/// Entries in a part at most; sled is made for small values.
pub(super) const PART: usize = 75;
/// Bytes of an entry.
pub(super) const ENTRY: usize = 12;

/// The first eight bytes of a hash, and seconds since 1970.
pub(super) type Entry = (u64, u32);

/// The entry of a hash. That two hashes begin alike happens to one in 10^10 of them.
pub(super) fn entry(hash: &Hash, at: UnixTime) -> Entry {
    (named(hash), seconds(at))
}

pub(super) fn named(hash: &Hash) -> u64 {
    layout::take_u64(hash, 0).unwrap_or(0)
}

pub(super) fn seconds(time: UnixTime) -> u32 {
    u32::from_be_bytes(layout::short(time))
}

/// The entries of a part.
pub(super) fn entries(part: &[u8]) -> impl Iterator<Item = Entry> {
    part.chunks_exact(ENTRY).filter_map(|entry| layout::take_u64(entry, 0).zip(layout::take_u32(entry, 8)))
}

fn bytes_of(entries: &[Entry]) -> Vec<u8> {
    entries.iter().flat_map(|(hash, at)| hash.to_be_bytes().into_iter().chain(at.to_be_bytes())).collect()
}

/// A part's name is made of what is in it: parts of a backup never take the place of others.
fn part_key(prefix: &[u8], bytes: &[u8]) -> Vec<u8> {
    let name = blake3::hash(bytes);
    [prefix, name.as_bytes().get(..8).unwrap_or_default()].concat()
}

/// Changes that put fresh entries behind those of the part that is not full: parts to be written, and the one whose
/// entries are in them, to be taken away after these.
#[derive(Debug, Default)]
pub(super) struct Grown {
    written: Vec<Change>,
    replaced: Vec<Change>,
}

impl Grown {
    /// The changes in the order in which they may be written one by one.
    pub(super) fn changes(mut self) -> Vec<Change> {
        self.written.append(&mut self.replaced);
        self.written
    }
}

/// Fills the part that is not full, and further ones, with fresh entries.
pub(super) fn grow(prefix: &[u8], open: &mut Vec<Entry>, fresh: Vec<Entry>, grown: &mut Grown) {
    if fresh.is_empty() {
        return;
    }
    let mut entries = std::mem::take(open);
    if !entries.is_empty() {
        grown.replaced.push((part_key(prefix, &bytes_of(&entries)), None));
    }
    entries.extend(fresh);
    for part in entries.chunks(PART) {
        let bytes = bytes_of(part);
        grown.written.push((part_key(prefix, &bytes), Some(bytes)));
        if part.len() < PART {
            *open = part.to_vec();
        }
    }
}

/// All hashes of one kind, once they were read, each with the earliest time it was given.
#[derive(Debug)]
pub(super) struct Packed {
    kind: u8,
    loaded: bool,
    all: BTreeMap<u64, u32>,
    /// What lies in the part that is not full.
    open: Vec<Entry>,
}

impl Packed {
    /// The hashes under a kind of key of the index.
    pub(super) const fn of(kind: u8) -> Self {
        Self { kind, loaded: false, all: BTreeMap::new(), open: Vec::new() }
    }

    /// Forgets what is in memory: it is read again when it is asked for.
    pub(super) fn forget(&mut self) {
        *self = Self::of(self.kind);
    }

    fn load(&mut self, guard: &Guard) -> Result<(), StoreError> {
        // A store that was found damaged answers nothing, whatever is in memory.
        guard.whole()?;
        if self.loaded {
            return Ok(());
        }
        self.forget();
        let mut garbled = false;
        guard.visit(Tree::Index, &key(self.kind, &[]), |_, part| {
            garbled |= !part.len().is_multiple_of(ENTRY);
            for (hash, at) in entries(part) {
                self.all.entry(hash).and_modify(|known| *known = at.min(*known)).or_insert(at);
            }
            if part.len() < PART * ENTRY {
                self.open = entries(part).collect();
            }
            ControlFlow::Continue(())
        })?;
        if garbled {
            return Err(guard.garbled("a part of the index"));
        }
        self.loaded = true;
        Ok(())
    }

    /// The earliest time that was given for a hash.
    pub(super) fn time(&mut self, guard: &Guard, hash: &Hash) -> Result<Option<UnixTime>, StoreError> {
        self.load(guard)?;
        Ok(self.all.get(&named(hash)).map(|at| UnixTime(i64::from(*at))))
    }

    /// Whether a hash is among them.
    pub(super) fn has(&mut self, guard: &Guard, hash: &Hash) -> Result<bool, StoreError> {
        Ok(self.time(guard, hash)?.is_some())
    }

    /// Takes in hashes, each with its time; returns what is to be written of those that are new or earlier than
    /// known.
    pub(super) fn add(
        &mut self,
        guard: &Guard,
        hashes: impl IntoIterator<Item = (Hash, UnixTime)>,
    ) -> Result<Vec<Change>, StoreError> {
        Ok(self.add_entries(guard, hashes.into_iter().map(|(hash, at)| entry(&hash, at)))?.0)
    }

    /// Takes in entries; returns what is to be written, and of how many entries.
    pub(super) fn add_entries(
        &mut self,
        guard: &Guard,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<(Vec<Change>, usize), StoreError> {
        self.load(guard)?;
        let mut fresh = Vec::new();
        for (hash, at) in entries {
            if self.all.get(&hash).is_none_or(|known| at < *known) {
                self.all.insert(hash, at);
                fresh.push((hash, at));
            }
        }
        let count = fresh.len();
        let mut grown = Grown::default();
        grow(&[self.kind], &mut self.open, fresh, &mut grown);
        Ok((grown.changes(), count))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::layout::index, super::tests::Bench, *};

    #[test]
    fn hashes_are_found_again_with_their_earliest_time() {
        let bench = Bench::new();
        let guard = &bench.store.0.guard;
        let hash = |n: u32| {
            let mut hash = Hash::default();
            hash.get_mut(..4).expect("sixteen bytes").copy_from_slice(&n.to_be_bytes());
            hash
        };
        let at = |n: u32| UnixTime(1_700_000_000 + i64::from(n));
        let mut packed = Packed::of(index::MET);
        for n in (1..500).step_by(3) {
            let three = (n..n + 3).map(|n| (hash(n), at(n)));
            guard.write(Tree::Index, &packed.add(guard, three).expect("added")).expect("written");
        }
        let later = packed.add(guard, [(hash(7), at(900))]).expect("added");
        assert!(later.is_empty(), "a later time tells nothing");
        let earlier = packed.add(guard, [(hash(7), at(2))]).expect("added");
        guard.write(Tree::Index, &earlier).expect("written");
        let mut read = Packed::of(index::MET);
        for packed in [&mut packed, &mut read] {
            assert_eq!(packed.time(guard, &hash(7)).expect("asked"), Some(at(2)), "the earliest");
            assert_eq!(packed.time(guard, &hash(400)).expect("asked"), Some(at(400)), "the only one");
            assert!(!packed.has(guard, &hash(0)).expect("asked"), "never given");
        }
        let (mut parts, mut kept) = (0, 0);
        guard
            .visit(Tree::Index, &[index::MET], |_, part| {
                assert!(part.len() <= PART * ENTRY, "sled is given small values");
                parts += 1;
                kept += entries(part).count();
                ControlFlow::Continue(())
            })
            .expect("visited");
        assert_eq!((parts, kept), (7, 502), "few parts, nothing twice but what became earlier");
    }
}
