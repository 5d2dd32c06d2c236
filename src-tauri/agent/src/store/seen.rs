//! What the originals of the last weeks had in common, to know a storm by.
//!
//! Held in memory, and written with what else is held back: whoever is cut off judges the same notices again. It is
//! bounded, since a storm is known by its first mails: of mails that are all alike only some are kept, and of all mails
//! the newest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::ops::{ControlFlow, RangeInclusive};

use rules::storm::{Likeness, Network, Resemblance};
use rules::time::DAY;
use rules::{Notice, Span, UnixTime};

use super::{
    Fingerprint, Store, StoreError,
    guard::{Guard, lock},
    key::{Hash, Sort},
    kv::{Change, Tree},
    layout::{self, key, work},
    learned::ip_bytes,
    packed::seconds,
};

/// Originals that are kept; each takes some 130 bytes of memory.
const KEPT: usize = 20_000;
/// Originals of one subject, or of one address, that are kept of two days; ten are enough for any rule.
const ALIKE: usize = 40;

/// By what an original is known: two notices that answer it count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OriginalKey(u64);

/// What was said of an original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The user sent it.
    Genuine,
    /// It was condemned, and not by a storm alone.
    Condemned,
    /// Anything else.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: u32,
    subject: Option<u64>,
    address: Option<IpAddr>,
    condemned: bool,
}

/// A subject or an address, a time, an original.
type Place = (u64, u32, OriginalKey);

/// All that was seen, once it was read.
#[derive(Debug, Default)]
pub(super) struct Seen {
    loaded: bool,
    originals: BTreeMap<OriginalKey, Entry>,
    by_subject: BTreeSet<Place>,
    by_address: BTreeSet<Place>,
    by_time: BTreeSet<(u32, OriginalKey)>,
    /// Subjects and addresses that are known to be of a storm, each with the day of it.
    storms: BTreeSet<(u64, u32)>,
    unwritten: BTreeSet<OriginalKey>,
}

const CONDEMNED: u8 = 1;

impl Entry {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.at.to_be_bytes().to_vec();
        bytes.push(if self.condemned { CONDEMNED } else { 0 });
        bytes.extend_from_slice(&self.subject.unwrap_or(0).to_be_bytes());
        bytes.extend(self.address.map(ip_bytes).into_iter().flatten());
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let address: Option<[u8; 16]> = bytes.get(13..29).and_then(|address| address.try_into().ok());
        Some(Self {
            at: layout::take_u32(bytes, 0)?,
            condemned: *bytes.get(4)? & CONDEMNED != 0,
            subject: layout::take_u64(bytes, 5).filter(|subject| *subject != 0),
            address: address.map(|address| IpAddr::from(address).to_canonical()),
        })
    }
}

fn short(hash: &Hash) -> u64 {
    layout::take_u64(hash, 0).unwrap_or(0).max(1)
}

fn number(address: IpAddr) -> u64 {
    short(&{
        let mut hash = Hash::default();
        blake3::Hasher::new().update(&ip_bytes(address)).finalize_xof().fill(&mut hash);
        hash
    })
}

/// The places of one subject or address within some time.
fn within(what: u64, span: Span) -> RangeInclusive<Place> {
    let (from, to) = (seconds(span.from), seconds(span.to));
    (what, from, OriginalKey(0))..=(what, to, OriginalKey(u64::MAX))
}

impl Seen {
    fn load(&mut self, guard: &Guard) -> Result<(), StoreError> {
        if self.loaded {
            return Ok(());
        }
        let mut read = Vec::new();
        guard.visit(Tree::Work, &[work::SEEN], |key, value| {
            read.extend(layout::take_u64(key, 1).map(OriginalKey).zip(Entry::parse(value)));
            ControlFlow::Continue(())
        })?;
        *self = Self { loaded: true, ..Self::default() };
        for (original, entry) in read {
            self.insert(original, entry);
        }
        Ok(())
    }

    fn insert(&mut self, original: OriginalKey, entry: Entry) {
        self.remove(original);
        self.originals.insert(original, entry);
        self.by_time.insert((entry.at, original));
        self.by_subject.extend(entry.subject.map(|subject| (subject, entry.at, original)));
        self.by_address.extend(entry.address.map(|address| (number(address), entry.at, original)));
    }

    fn remove(&mut self, original: OriginalKey) {
        let Some(entry) = self.originals.remove(&original) else { return };
        self.by_time.remove(&(entry.at, original));
        if let Some(subject) = entry.subject {
            self.by_subject.remove(&(subject, entry.at, original));
        }
        if let Some(address) = entry.address {
            self.by_address.remove(&(number(address), entry.at, original));
        }
    }

    fn of<'s>(
        &'s self,
        places: impl Iterator<Item = &'s Place> + 's,
    ) -> impl Iterator<Item = &'s Entry> + 's {
        places.filter_map(|(_, _, original)| self.originals.get(original))
    }

    fn resemblance(
        &self,
        subject: Option<u64>,
        address: Option<IpAddr>,
        span: Span,
        but: Option<OriginalKey>,
    ) -> Resemblance {
        let mut found = Resemblance::default();
        let others = |place: &&Place| Some(place.2) != but;
        let mut networks = BTreeSet::new();
        if let Some(subject) = subject {
            for other in self.of(self.by_subject.range(within(subject, span)).filter(others)) {
                found.condemned_by_subject += u32::from(other.condemned);
                found.alike += u32::from(other.address.is_some());
                networks.extend(other.address.map(Network::of));
            }
        }
        found.networks = u32::try_from(networks.len()).unwrap_or(u32::MAX);
        if let Some(address) = address {
            let from_there = self.by_address.range(within(number(address), span)).filter(others);
            let condemned = self.of(from_there).filter(|other| other.condemned).count();
            found.condemned_by_address = u32::try_from(condemned).unwrap_or(u32::MAX);
        }
        found
    }

    /// Whether so many like it are kept already that it would tell nothing.
    fn is_superfluous(&self, entry: &Entry) -> bool {
        let near = Span::around(UnixTime(i64::from(entry.at)), DAY);
        let enough = |places: &BTreeSet<Place>, what: u64| {
            let kept = self.of(places.range(within(what, near)));
            kept.filter(|other| other.condemned == entry.condemned).take(ALIKE).count() >= ALIKE
        };
        let by_subject = entry.subject.is_none_or(|subject| enough(&self.by_subject, subject));
        let by_address = entry.address.is_none_or(|address| enough(&self.by_address, number(address)));
        by_subject && by_address
    }

    /// Notes an original; says whether a storm is known by it that was not known before.
    fn note(&mut self, original: OriginalKey, entry: Entry) -> bool {
        let known = self.originals.get(&original);
        // What was condemned by more than a storm stays so: what is said of it next may be said by the storm alone.
        let condemned = entry.condemned || known.is_some_and(|known| known.condemned);
        let entry = Entry { condemned, ..entry };
        if known == Some(&entry) || known.is_none() && self.is_superfluous(&entry) {
            return false;
        }
        self.insert(original, entry);
        self.unwritten.insert(original);
        while self.originals.len() > KEPT
            && let Some((_, oldest)) = self.by_time.first().copied()
        {
            self.remove(oldest);
            self.unwritten.insert(oldest);
        }
        let span = Span::around(UnixTime(i64::from(entry.at)), rules::storm::STORM);
        let resemblance = self.resemblance(entry.subject, entry.address, span, None);
        let today = entry.at / u32::try_from(DAY).unwrap_or(u32::MAX);
        let by_subject = entry.subject.filter(|_| resemblance.by_subject());
        let by_address = entry.address.filter(|_| resemblance.by_address()).map(number);
        let mut new = false;
        for what in by_subject.into_iter().chain(by_address) {
            new |= self.storms.insert((what, today));
        }
        new
    }

    /// What is to be written of it.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        let change = |original: OriginalKey| {
            let value = self.originals.get(&original).map(Entry::bytes);
            (key(work::SEEN, &[&original.0.to_be_bytes()]), value)
        };
        let changes = self.unwritten.iter().copied().map(change).collect();
        self.unwritten.clear();
        changes
    }
}

impl Store {
    /// By what the original of a notice is known: its id, else the notice itself.
    #[must_use]
    pub fn original_key(&self, notice: &Notice, fingerprint: &Fingerprint) -> OriginalKey {
        let id = notice.original.as_ref().and_then(|original| original.ids.first());
        let by_notice = || self.0.key.hash(Sort::Mail, &[&fingerprint.0]);
        OriginalKey(short(&id.map_or_else(by_notice, |id| self.0.key.folded_id(id))))
    }

    fn entry(&self, likeness: &Likeness) -> Entry {
        Entry {
            at: seconds(likeness.at),
            subject: likeness.subject.as_ref().map(|subject| short(&self.0.key.subject(subject))),
            address: likeness.address,
            condemned: false,
        }
    }

    /// How many other originals are like one.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn resemblance(&self, original: OriginalKey, likeness: &Likeness) -> Result<Resemblance, StoreError> {
        let entry = self.entry(likeness);
        let mut seen = lock(&self.0.seen);
        seen.load(&self.0.guard)?;
        Ok(seen.resemblance(entry.subject, entry.address, likeness.span(), Some(original)))
    }

    /// Notes an original and what was said of it; tells whether a storm is known now that was not known before, so that
    /// other notices should be judged again.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn note_seen(
        &self,
        original: OriginalKey,
        likeness: &Likeness,
        said: Said,
    ) -> Result<bool, StoreError> {
        let mut entry = self.entry(likeness);
        let new = {
            let mut seen = lock(&self.0.seen);
            seen.load(&self.0.guard)?;
            if said == Said::Genuine || likeness.signed {
                if seen.originals.contains_key(&original) {
                    seen.remove(original);
                    seen.unwritten.insert(original);
                }
                return Ok(false);
            }
            entry.condemned = said == Said::Condemned;
            seen.note(original, entry)
        };
        if new {
            self.changed();
        }
        Ok(new)
    }
}
