//! The servers that backscatter came from, and the hosts that handed the forged mail on: how often, and when.
//!
//! Counted when a notice comes to be called backscatter, taken away again when it turns out to be none, and written with
//! what else is held back, so that whoever is cut off counts what he judges again once.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::ControlFlow;

use rules::{Kind, UnixTime, time::DAY};
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError,
    guard::{Guard, lock},
    kv::{Change, Tree},
    layout::{key, work},
};

/// Days of which counts are kept of each source.
const DAYS: usize = 30;
/// Sources kept of each role; of more, those not seen for the longest time are forgotten.
const KEPT: usize = 5_000;
/// The longest name that is kept (RFC 1035 §2.3.4).
const NAME: usize = 255;

/// What a source did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It sent notices of mail that the user never sent.
    Backscatterer,
    /// It handed that mail to the first real relay, as far as traces show.
    Injector,
}

/// A host, as one notice shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What it did.
    pub role: Role,
    /// Its address; where there is none, its name stands for it.
    pub ip: Option<IpAddr>,
    /// The name that was looked up for it, or that it is known by.
    pub name: Option<String>,
    /// The name that it gave itself.
    pub helo: Option<String>,
    /// Whether that name is the user's.
    pub claimed_to_be_the_user: bool,
    /// Whether the notice had the null sender, as notices must.
    pub null_sender: bool,
    /// The kind of the notice.
    pub kind: Kind,
    /// When the notice came.
    pub at: UnixTime,
}

/// All that is known of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What it did.
    pub role: Role,
    /// Its address.
    pub ip: Option<IpAddr>,
    /// The name that was looked up for it, or that it is known by.
    pub name: Option<String>,
    /// The name that it gave itself last.
    pub helo: Option<String>,
    /// Whether it ever gave a name of the user's.
    pub claimed_to_be_the_user: bool,
    /// Whether any of the notices had the null sender.
    #[serde(default)]
    pub null_sender: bool,
    /// How many notices it stands behind.
    pub count: u64,
    /// Of these, by kind.
    pub kinds: BTreeMap<Kind, u64>,
    /// Of these, by day (days since 1970-01-01), the last 30 on which there were any.
    pub days: BTreeMap<i64, u64>,
    /// When the first of them came.
    pub first_seen: UnixTime,
    /// When the last of them came.
    pub last_seen: UnixTime,
}

/// What was counted and is not written yet; it stands before what is written.
#[derive(Debug, Default)]
pub(super) struct Unwritten(BTreeMap<Vec<u8>, Source>);

impl Unwritten {
    pub(super) fn changes(&self) -> Vec<Change> {
        let change =
            |(key, source): (&Vec<u8>, &Source)| Some((key.clone(), Some(serde_json::to_vec(source).ok()?)));
        self.0.iter().filter_map(change).collect()
    }

    /// It is written.
    pub(super) fn written(&mut self) {
        self.0.clear();
    }
}

fn cut(name: Option<String>) -> Option<String> {
    name.map(|name| name.chars().take(NAME).collect())
}

impl Source {
    fn new(seen: &Sighting) -> Self {
        Self {
            role: seen.role,
            ip: seen.ip,
            name: None,
            helo: None,
            claimed_to_be_the_user: false,
            null_sender: false,
            count: 0,
            kinds: BTreeMap::new(),
            days: BTreeMap::new(),
            first_seen: seen.at,
            last_seen: seen.at,
        }
    }

    fn take_away(&mut self, seen: &Sighting) {
        let less = |count: &mut u64| *count = count.saturating_sub(1);
        less(&mut self.count);
        self.kinds.entry(seen.kind).and_modify(less);
        self.days.entry(seen.at.0.div_euclid(DAY)).and_modify(less);
    }

    fn add(&mut self, seen: Sighting) {
        self.count += 1;
        *self.kinds.entry(seen.kind).or_default() += 1;
        *self.days.entry(seen.at.0.div_euclid(DAY)).or_default() += 1;
        while self.days.len() > DAYS {
            self.days.pop_first();
        }
        self.claimed_to_be_the_user |= seen.claimed_to_be_the_user;
        self.null_sender |= seen.null_sender;
        self.first_seen = self.first_seen.min(seen.at);
        if seen.at >= self.last_seen || self.count == 1 {
            self.last_seen = seen.at;
            self.name = cut(seen.name).or(self.name.take());
            self.helo = cut(seen.helo).or(self.helo.take());
        }
    }
}

/// Where a source is kept; none for one of which neither address nor name is known.
fn place(seen: &Sighting) -> Option<Vec<u8>> {
    let role: u8 = match seen.role {
        Role::Backscatterer => b'b',
        Role::Injector => b'i',
    };
    let who = match (seen.ip, &seen.name) {
        (Some(ip), _) => ip.to_canonical().to_string(),
        (None, Some(name)) => name.chars().take(NAME).collect(),
        (None, None) => return None,
    };
    Some(key(work::SOURCE, &[&[role], who.as_bytes()]))
}

fn read(guard: &Guard, unwritten: &Unwritten) -> Result<BTreeMap<Vec<u8>, Source>, StoreError> {
    let mut sources = BTreeMap::new();
    guard.visit(Tree::Work, &[work::SOURCE], |key, value| {
        // One that cannot be read is counted anew.
        if let Ok(source) = serde_json::from_slice::<Source>(value) {
            sources.insert(key.to_vec(), source);
        }
        ControlFlow::Continue(())
    })?;
    sources.extend(unwritten.0.iter().map(|(key, source)| (key.clone(), source.clone())));
    Ok(sources)
}

impl Store {
    /// Counts the hosts behind a notice.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn count_sources(&self, seen: impl IntoIterator<Item = Sighting>) -> Result<(), StoreError> {
        self.change_sources(seen, Source::add)
    }

    /// Takes the hosts behind a notice away again: it turned out to be no backscatter.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn discount_sources(&self, seen: impl IntoIterator<Item = Sighting>) -> Result<(), StoreError> {
        self.change_sources(seen, |source, seen| source.take_away(&seen))
    }

    fn change_sources(
        &self,
        seen: impl IntoIterator<Item = Sighting>,
        change: impl Fn(&mut Source, Sighting),
    ) -> Result<(), StoreError> {
        let mut unwritten = lock(&self.0.sources);
        for seen in seen {
            let Some(key) = place(&seen) else { continue };
            if !unwritten.0.contains_key(&key) {
                let known = self.0.guard.get(Tree::Work, &key)?;
                let known = known.and_then(|value| serde_json::from_slice(&value).ok());
                unwritten.0.insert(key.clone(), known.unwrap_or_else(|| Source::new(&seen)));
            }
            if let Some(source) = unwritten.0.get_mut(&key) {
                change(source, seen);
            }
        }
        Ok(())
    }

    /// All sources, those that most notices came from first.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn sources(&self) -> Result<Vec<Source>, StoreError> {
        let unwritten = lock(&self.0.sources);
        let counted = |source: &Source| source.count > 0;
        let mut sources: Vec<Source> =
            read(&self.0.guard, &unwritten)?.into_values().filter(counted).collect();
        sources.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| (one.ip, &one.name).cmp(&(other.ip, &other.name)))
        });
        Ok(sources)
    }

    /// Forgets the sources that were not seen for the longest time, where there are too many.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn forget_old_sources(&self) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut unwritten = lock(&self.0.sources);
        let sources = read(&self.0.guard, &unwritten)?;
        let mut gone = Vec::new();
        for role in [Role::Backscatterer, Role::Injector] {
            let mut of_role: Vec<(UnixTime, &Vec<u8>)> = sources
                .iter()
                .filter(|(_, source)| source.role == role)
                .map(|(key, source)| (source.last_seen, key))
                .collect();
            of_role.sort_unstable_by(|one, other| other.cmp(one));
            gone.extend(of_role.into_iter().skip(KEPT).map(|(_, key)| (key.clone(), None)));
        }
        for (key, _) in &gone {
            unwritten.0.remove(key);
        }
        self.0.guard.write(Tree::Work, &gone)
    }
}
