//! Sets of UIDs, written as RFC 3501 §9 `sequence-set`s.

use std::{fmt, ops::RangeInclusive};

/// Command lines stay below 1,000 bytes (RFC 2683 §3.2.1.5; longer sets made Hotmail and Office 365 hang up).
const TEXT_CAP: usize = 480;

/// A set of UIDs, kept as ranges that neither touch nor overlap, in order; 0 is never in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UidSet {
    ranges: Vec<RangeInclusive<u32>>,
}

impl UidSet {
    /// The UIDs of a range; an empty set where it ends before it begins.
    #[must_use]
    pub fn range(range: RangeInclusive<u32>) -> Self {
        let mut set = Self::default();
        set.insert_range(range);
        set
    }

    /// The set of one UID.
    #[must_use]
    pub fn one(uid: u32) -> Self {
        Self::range(uid..=uid)
    }

    /// Adds all UIDs of a range.
    pub fn insert_range(&mut self, range: RangeInclusive<u32>) {
        let (mut from, mut to) = ((*range.start()).max(1), *range.end());
        if to < from {
            return;
        }
        // The ranges that touch or overlap the new one lie side by side.
        let first = self.ranges.partition_point(|r| r.end().saturating_add(1) < from);
        let end = self.ranges.partition_point(|r| *r.start() <= to.saturating_add(1));
        if let Some(touched) = self.ranges.get(first..end.max(first)) {
            from = touched.first().map_or(from, |r| from.min(*r.start()));
            to = touched.last().map_or(to, |r| to.max(*r.end()));
        }
        self.ranges.splice(first..end.max(first), [from..=to]);
    }

    /// Adds one UID.
    pub fn insert(&mut self, uid: u32) {
        self.insert_range(uid..=uid);
    }

    /// Whether a UID is in the set.
    #[must_use]
    pub fn contains(&self, uid: u32) -> bool {
        let at = self.ranges.partition_point(|r| *r.end() < uid);
        self.ranges.get(at).is_some_and(|r| r.contains(&uid))
    }

    /// How many UIDs are in the set.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.ranges.iter().map(|r| u64::from(r.end() - r.start()) + 1).sum()
    }

    /// Whether no UID is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The UIDs in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().cloned().flatten()
    }

    /// The ranges in ascending order; there is a gap between any two.
    #[must_use]
    pub fn ranges(&self) -> &[RangeInclusive<u32>] {
        &self.ranges
    }

    /// The UIDs of this set that are not in the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = Self::default();
        for range in &self.ranges {
            let (mut from, to) = (*range.start(), *range.end());
            let mut over = false;
            let at = other.ranges.partition_point(|r| *r.end() < from);
            for taken in other.ranges.iter().skip(at).take_while(|r| *r.start() <= to) {
                if *taken.start() > from {
                    rest.ranges.push(from..=*taken.start() - 1);
                }
                match taken.end().checked_add(1) {
                    Some(next) => from = next,
                    None => over = true,
                }
            }
            if !over && from <= to {
                rest.ranges.push(from..=to);
            }
        }
        rest
    }

    /// The same UIDs in sets that each fit one command.
    #[must_use]
    pub fn commands(&self) -> Vec<Self> {
        let mut sets = vec![];
        let (mut current, mut length) = (Self::default(), 0);
        for range in &self.ranges {
            let text = Self { ranges: vec![range.clone()] }.to_string().len() + 1;
            if length + text > TEXT_CAP && !current.is_empty() {
                sets.push(std::mem::take(&mut current));
                length = 0;
            }
            length += text;
            current.ranges.push(range.clone());
        }
        if !current.is_empty() {
            sets.push(current);
        }
        sets
    }
}

impl FromIterator<u32> for UidSet {
    fn from_iter<I: IntoIterator<Item = u32>>(uids: I) -> Self {
        let mut set = Self::default();
        for uid in uids {
            set.insert(uid);
        }
        set
    }
}

impl fmt::Display for UidSet {
    /// Writes the set as a command takes it: `1:3,7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, range) in self.ranges.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            if range.start() == range.end() {
                write!(f, "{comma}{}", range.start())?;
            } else {
                write!(f, "{comma}{}:{}", range.start(), range.end())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sets_are_written_short() {
        let cases: [(&[u32], &str); 5] = [
            (&[], ""),
            (&[0], ""),
            (&[3, 1, 2], "1:3"),
            (&[7, 1, 2, 9], "1:2,7,9"),
            (&[u32::MAX, 5], "5,4294967295"),
        ];
        for (uids, text) in cases {
            assert_eq!(uids.iter().copied().collect::<UidSet>().to_string(), text, "{uids:?}");
        }
    }

    #[test]
    fn long_sets_are_cut_into_short_commands() {
        let uids: UidSet = (1..=2_000).map(|n| n * 1_000_003).collect();
        let commands = uids.commands();
        assert!(
            commands.iter().all(|set| set.to_string().len() <= TEXT_CAP),
            "every command line stays short"
        );
        let together: UidSet = commands.iter().flat_map(UidSet::iter).collect();
        assert_eq!(together, uids, "no UID is lost or added");
    }

    proptest! {
        #[test]
        fn a_set_is_a_set(left in prop::collection::vec(1_u32..60, 0..40), right in prop::collection::vec((1_u32..60, 0_u32..9), 0..9)) {
            let set: UidSet = left.iter().copied().collect();
            let mut other = UidSet::default();
            let mut other_model = BTreeSet::new();
            for (from, length) in right {
                other.insert_range(from..=from + length);
                other_model.extend(from..=from + length);
            }
            let model: BTreeSet<u32> = left.into_iter().collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), model.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(set.len(), model.len() as u64);
            let rest: Vec<u32> = model.difference(&other_model).copied().collect();
            prop_assert_eq!(set.without(&other).iter().collect::<Vec<_>>(), rest);
            for uid in 0..70 {
                prop_assert_eq!(other.contains(uid), other_model.contains(&uid));
            }
            for pair in set.ranges().windows(2) {
                prop_assert!(pair[0].end() + 1 < *pair[1].start(), "ranges must not touch");
            }
        }
    }
}
