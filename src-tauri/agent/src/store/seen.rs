//! What the originals of the last weeks had in common, to know a storm by.
//!
//! Held in memory, and written with what else is held back: whoever is cut off judges the same notices again. It is
//! bounded, since a storm is known by its first mails: of mails that are all alike only some are kept, and of all mails
//! the newest. What turned out to be the user's own is kept as well: there is no storm of its subject, nor of the address
//! that it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::ops::{ControlFlow, RangeInclusive};

use rules::storm::{
    ALIKE as ORIGINALS, CONDEMNED as CONDEMNED_ORIGINALS, Likeness, NETWORKS, Network, Resemblance, STORM,
};
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
/// Originals that are looked at to count those like one, the oldest of a storm first.
const COUNTED: usize = 120;
/// Storms that are remembered as known; to forget one only has notices judged once more.
const STORMS: usize = 10_000;

/// By what an original is known: two notices that answer it count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OriginalKey(u64);

impl OriginalKey {
    /// Its length in bytes.
    pub(super) const LENGTH: usize = 8;

    pub(super) fn bytes(self) -> [u8; Self::LENGTH] {
        self.0.to_be_bytes()
    }
}

/// What was said of an original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Its id is in the index of sent mail. That says nothing of others like it: ids can be read on lists, and stolen. If
    /// the user did send it, its subject is in the index, too.
    Sent,
    /// It is the user's by more than its id: a sender that was declared, or a copy with another id.
    Genuine,
    /// It was condemned, and would have been without any storm.
    Condemned,
    /// Anything else.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: u32,
    subject: Option<u64>,
    address: Option<IpAddr>,
    said: Said,
    signed: bool,
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
    /// Subjects and addresses of the user's own originals.
    the_users: BTreeSet<(u64, OriginalKey)>,
    /// Subjects and addresses that are known to be of a storm, each with the day of it.
    storms: BTreeSet<(u64, u32)>,
    unwritten: BTreeSet<OriginalKey>,
}

const CONDEMNED: u8 = 1;
const GENUINE: u8 = 2;
const SIGNED: u8 = 4;

impl Entry {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.at.to_be_bytes().to_vec();
        let said = match self.said {
            Said::Condemned => CONDEMNED,
            Said::Genuine => GENUINE,
            Said::Sent | Said::Other => 0,
        };
        bytes.push(said | if self.signed { SIGNED } else { 0 });
        bytes.extend_from_slice(&self.subject.unwrap_or(0).to_be_bytes());
        bytes.extend(self.address.map(ip_bytes).into_iter().flatten());
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let address: Option<[u8; 16]> = bytes.get(13..29).and_then(|address| address.try_into().ok());
        let flags = *bytes.get(4)?;
        let said = match flags & (CONDEMNED | GENUINE) {
            0 => Said::Other,
            CONDEMNED => Said::Condemned,
            _ => Said::Genuine,
        };
        Some(Self {
            at: layout::take_u32(bytes, 0)?,
            said,
            signed: flags & SIGNED != 0,
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
        if entry.said == Said::Genuine {
            let numbers = entry.subject.into_iter().chain(entry.address.map(number));
            self.the_users.extend(numbers.map(|what| (what, original)));
        }
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
        for what in entry.subject.into_iter().chain(entry.address.map(number)) {
            self.the_users.remove(&(what, original));
        }
    }

    fn of<'s>(
        &'s self,
        places: impl Iterator<Item = &'s Place> + 's,
    ) -> impl Iterator<Item = &'s Entry> + 's {
        places.filter_map(|(_, _, original)| self.originals.get(original))
    }

    /// Whether any original of this subject, or from this address, turned out to be the user's, whenever that was.
    fn is_the_users(&self, what: u64) -> bool {
        self.the_users.range((what, OriginalKey(0))..=(what, OriginalKey(u64::MAX))).next().is_some()
    }

    /// How many others are like one of this time, each together with it within the time of a storm.
    fn resemblance(
        &self,
        (subject, address): (Option<u64>, Option<IpAddr>),
        at: UnixTime,
        but: Option<OriginalKey>,
    ) -> Resemblance {
        let mut found = Resemblance::default();
        let (span, others) = (Span::around(at, STORM), |place: &&Place| Some(place.2) != but);
        if let Some(subject) = subject.filter(|subject| !self.is_the_users(*subject)) {
            let like = self.by_subject.range(within(subject, span)).filter(others);
            let like: Vec<&Entry> = self.of(like).take(COUNTED).collect();
            found.condemned_by_subject = most(&like, at, CONDEMNED_ORIGINALS, |near| {
                near.iter().filter(|other| is_condemned(other)).count()
            });
            if like.iter().all(|other| !other.signed) {
                let addresses =
                    |near: &[&Entry]| near.iter().filter_map(|other| other.address).collect::<Vec<_>>();
                found.alike = most(&like, at, ORIGINALS, |near| addresses(near).len());
                let networks = |near: &[&Entry]| {
                    addresses(near).into_iter().map(Network::of).collect::<BTreeSet<_>>().len()
                };
                found.networks = most(&like, at, NETWORKS, networks);
            }
        }
        let number = address.map(number).filter(|address| !self.is_the_users(*address));
        if let Some(address) = number {
            let from_there = self.by_address.range(within(address, span)).filter(others);
            let condemned: Vec<&Entry> = self.of(from_there).filter(is_condemned).take(COUNTED).collect();
            found.condemned_by_address = most(&condemned, at, CONDEMNED_ORIGINALS, |near| near.len());
        }
        found
    }

    /// Whether so many like it are kept already that it would tell nothing.
    fn is_superfluous(&self, entry: &Entry) -> bool {
        let near = Span::around(UnixTime(i64::from(entry.at)), DAY);
        let enough = |places: &BTreeSet<Place>, what: u64| {
            let kept = self.of(places.range(within(what, near)));
            kept.filter(|other| other.said == entry.said).take(ALIKE).count() >= ALIKE
        };
        let by_subject = entry.subject.is_none_or(|subject| enough(&self.by_subject, subject));
        // Only what was condemned counts by its address.
        let by_address = entry.said == Said::Other
            || entry.address.is_none_or(|address| enough(&self.by_address, number(address)));
        entry.said != Said::Genuine && by_subject && by_address
    }

    /// Notes an original; says whether other notices should be judged again: a storm is known by it that was not known
    /// before, or one has turned out to be none.
    fn note(&mut self, original: OriginalKey, mut entry: Entry) -> bool {
        let known = self.originals.get(&original).copied();
        if let Some(known) = known {
            // Several notices may answer one original; each tells of it what it knows.
            entry.at = known.at;
            entry.subject = known.subject.or(entry.subject);
            entry.address = known.address.or(entry.address);
            entry.signed |= known.signed;
            // What is said of it next may be said by a storm alone; and what the user sent stays his.
            entry.said = match (known.said, entry.said) {
                (Said::Genuine, _) | (_, Said::Genuine) => Said::Genuine,
                (Said::Condemned, _) | (_, Said::Condemned) => Said::Condemned,
                (Said::Sent | Said::Other, Said::Sent | Said::Other) => Said::Other,
            };
        }
        if known == Some(entry) || known.is_none() && self.is_superfluous(&entry) {
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
        let numbers = [entry.subject, entry.address.map(number)];
        if entry.said == Said::Genuine {
            let before = self.storms.len();
            self.storms.retain(|(what, _)| !numbers.contains(&Some(*what)));
            return self.storms.len() < before;
        }
        self.is_news(&entry, numbers)
    }

    /// Whether any original near this one is of a storm that was not known.
    fn is_news(&mut self, entry: &Entry, [subject, address]: [Option<u64>; 2]) -> bool {
        let today = entry.at / u32::try_from(DAY).unwrap_or(u32::MAX);
        let unknown = |what: &u64| !self.storms.contains(&(*what, today));
        let (subject, address) = (subject.filter(unknown), address.filter(unknown));
        let span = Span::around(UnixTime(i64::from(entry.at)), STORM);
        // It may be the third for one that lies between it and others.
        let near = |places: &BTreeSet<Place>, what: Option<u64>| -> Vec<UnixTime> {
            let others = what.into_iter().flat_map(|what| places.range(within(what, span)));
            let times = others.take(ALIKE).map(|(_, at, _)| *at).chain([entry.at]);
            times.map(|at| UnixTime(i64::from(at))).collect()
        };
        let by_subject = subject.filter(|_| {
            let times = near(&self.by_subject, subject);
            times.into_iter().any(|at| self.resemblance((subject, None), at, None).by_subject())
        });
        let by_address = address.filter(|_| {
            let times = near(&self.by_address, address);
            times.into_iter().any(|at| self.resemblance((None, entry.address), at, None).by_address())
        });
        if self.storms.len() > STORMS {
            self.storms.clear();
        }
        let mut new = false;
        for what in by_subject.into_iter().chain(by_address) {
            new |= self.storms.insert((what, today));
        }
        new
    }

    /// What is to be written of it.
    pub(super) fn changes(&self) -> Vec<Change> {
        let change = |original: OriginalKey| {
            let value = self.originals.get(&original).map(Entry::bytes);
            (key(work::SEEN, &[&original.0.to_be_bytes()]), value)
        };
        self.unwritten.iter().copied().map(change).collect()
    }

    /// It is written.
    pub(super) fn written(&mut self) {
        self.unwritten.clear();
    }
}

fn is_condemned(entry: &&Entry) -> bool {
    entry.said == Said::Condemned
}

/// The most that is counted of originals, which are in order of time, in any time of a storm that `at` lies in; twice what
/// is asked for is enough.
fn most(like: &[&Entry], at: UnixTime, asked_for: u32, count: impl Fn(&[&Entry]) -> usize) -> u32 {
    let number = |like: &[&Entry]| u32::try_from(count(like)).unwrap_or(u32::MAX);
    // Too few of twice the time are too few of any.
    let all = number(like);
    if all < asked_for {
        return all;
    }
    let at = seconds(at);
    let length = u32::try_from(STORM).unwrap_or(u32::MAX);
    let begins =
        like.iter().map(|entry| entry.at).filter(|begin| *begin <= at && at - begin <= length).chain([at]);
    let mut most = 0;
    for begin in begins {
        let from = like.partition_point(|entry| entry.at < begin);
        let to = like.partition_point(|entry| entry.at <= begin.saturating_add(length));
        most = most.max(number(like.get(from..to).unwrap_or_default()));
        if most >= asked_for.saturating_mul(2) {
            break;
        }
    }
    most
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
            said: Said::Other,
            signed: likeness.signed,
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
        Ok(seen.resemblance((entry.subject, entry.address), likeness.at, Some(original)))
    }

    /// An original counts no more as condemned.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn withdraw_seen(&self, original: OriginalKey) -> Result<(), StoreError> {
        let mut seen = lock(&self.0.seen);
        seen.load(&self.0.guard)?;
        if let Some(entry) = seen.originals.get_mut(&original).filter(|entry| entry.said == Said::Condemned) {
            entry.said = Said::Other;
            seen.unwritten.insert(original);
        }
        Ok(())
    }

    /// Whether an original of the same subject, or from the same address, turned out to be the user's.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn resembles_the_users(&self, likeness: &Likeness) -> Result<bool, StoreError> {
        let entry = self.entry(likeness);
        let mut seen = lock(&self.0.seen);
        seen.load(&self.0.guard)?;
        let by_subject = entry.subject.is_some_and(|subject| seen.is_the_users(subject));
        let by_address = entry.address.is_some_and(|address| seen.is_the_users(number(address)));
        Ok(by_subject || by_address)
    }

    /// Notes an original and what was said of it; tells whether other notices should be judged again: a storm is known now
    /// that was not known before, or one has turned out to be none.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn note_seen(
        &self,
        original: OriginalKey,
        likeness: &Likeness,
        said: Said,
    ) -> Result<bool, StoreError> {
        let entry = Entry { said, ..self.entry(likeness) };
        let new = {
            let mut seen = lock(&self.0.seen);
            seen.load(&self.0.guard)?;
            if said == Said::Sent {
                if seen.originals.contains_key(&original) {
                    seen.remove(original);
                    seen.unwritten.insert(original);
                }
                return Ok(false);
            }
            seen.note(original, entry)
        };
        if new {
            self.changed();
        }
        Ok(new)
    }
}
