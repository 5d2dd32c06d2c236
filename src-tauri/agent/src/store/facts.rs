//! When the user sent what: subjects, recipients, their domains, and pairs of subject and recipient.
//!
//! Some six facts come of each sent mail. A key for each of them made up most of what the index cost sled (0.34.7
//! copies a leaf at each insert), so the facts of a week lie together in parts of some 900 bytes, and in memory, where
//! they are looked up. Only facts behind the store's horizon are kept, five months of them by default.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use rules::{Span, UnixTime, time::DAY};

use super::{
    Store, StoreError,
    guard::{Guard, lock},
    key::Hash,
    kv::{Change, Tree},
    layout::{self, index, key},
    packed::{ENTRY, Entry, Grown, PART, entries, entry, grow, named, seconds},
};

/// Seconds of a week, to which facts are kept together: they come in order of time, so the parts that are written
/// stay few.
const WEEK: u32 = 8 * (DAY as u32);

/// The facts of a week.
#[derive(Debug, Default)]
struct Week {
    all: BTreeSet<Entry>,
    /// What lies in the part that is not full.
    open: Vec<Entry>,
}

/// All facts, once they were read.
#[derive(Debug, Default)]
pub(super) struct Facts {
    loaded: bool,
    weeks: BTreeMap<u32, Week>,
}

impl Facts {
    /// Reads all facts, unless that was done.
    fn load(&mut self, guard: &Guard) -> Result<(), StoreError> {
        if self.loaded {
            return Ok(());
        }
        self.weeks.clear();
        let mut garbled = false;
        guard.visit(Tree::Index, &[index::FACTS], |key, value| {
            garbled |= !value.len().is_multiple_of(ENTRY);
            let week = self.weeks.entry(layout::take_u32(key, 1).unwrap_or(0)).or_default();
            let facts: Vec<Entry> = entries(value).collect();
            week.all.extend(&facts);
            if facts.len() < PART {
                week.open = facts;
            }
            ControlFlow::Continue(())
        })?;
        if garbled {
            return Err(guard.garbled("a part of the index"));
        }
        self.loaded = true;
        Ok(())
    }

    /// Takes in facts, each by its hash and time; returns what is to be written for those that are new, in this order:
    /// a part that grows is only taken away when what was in it has been written again.
    pub(super) fn add(
        &mut self,
        guard: &Guard,
        facts: &[(Hash, UnixTime)],
    ) -> Result<Vec<Change>, StoreError> {
        self.load(guard)?;
        let mut fresh: BTreeMap<u32, Vec<Entry>> = BTreeMap::new();
        for (hash, at) in facts {
            let fact = entry(hash, *at);
            let number = fact.1 / WEEK;
            if self.weeks.entry(number).or_default().all.insert(fact) {
                fresh.entry(number).or_default().push(fact);
            }
        }
        let mut grown = Grown::default();
        for (number, fresh) in fresh {
            let week = self.weeks.entry(number).or_default();
            grow(&key(index::FACTS, &[&number.to_be_bytes()]), &mut week.open, fresh, &mut grown);
        }
        Ok(grown.changes())
    }

    fn has(&self, hash: &Hash, within: Span) -> bool {
        let (hash, from, to) = (named(hash), seconds(within.from), seconds(within.to));
        let mut weeks = self.weeks.range(from / WEEK..=to / WEEK);
        weeks.any(|(_, week)| week.all.range((hash, from)..=(hash, to)).next().is_some())
    }
}

impl Store {
    /// Whether a fact of this hash lies in a span.
    pub(super) fn fact(&self, hash: &Hash, within: Span) -> Result<bool, StoreError> {
        if within.from > within.to {
            return Ok(false);
        }
        // A store that was found damaged answers nothing, whatever is in memory.
        self.0.guard.whole()?;
        let mut facts = lock(&self.0.facts);
        facts.load(&self.0.guard)?;
        Ok(facts.has(hash, within))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::Bench, *};

    #[test]
    fn facts_are_found_again_once_each_however_they_were_added() {
        let bench = Bench::new();
        let guard = &bench.store.0.guard;
        let fact = |n: u32| {
            let mut hash = Hash::default();
            hash.get_mut(..4).expect("sixteen bytes").copy_from_slice(&(n % 50).to_be_bytes());
            (hash, UnixTime(1_700_000_000 + i64::from(n) * 4_000))
        };
        let all: Vec<_> = (0..1_000).map(fact).collect();
        let mut facts = Facts::default();
        for part in all.chunks(7).chain(all.chunks(333)) {
            let changes = facts.add(guard, part).expect("added");
            guard.write(Tree::Index, &changes).expect("written");
        }
        let mut kept = 0;
        guard
            .visit(Tree::Index, &[index::FACTS], |_, value| {
                assert!(value.len() <= PART * ENTRY, "sled is given small values");
                kept += value.len() / ENTRY;
                ControlFlow::Continue(())
            })
            .expect("visited");
        assert_eq!(kept, all.len(), "each is kept once, though all were added twice");
        let mut read = Facts::default();
        read.load(guard).expect("loaded");
        for facts in [&facts, &read] {
            for (hash, at) in &all {
                assert!(facts.has(hash, Span::new(*at, *at)), "found at its very second");
                assert!(!facts.has(hash, Span::new(at.plus(1), at.plus(3_999))), "and not behind it");
            }
        }
        let again = read.add(guard, &all).expect("added");
        assert!(again.is_empty(), "what was read back is known");
    }
}
