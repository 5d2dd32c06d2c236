//! What judging and answers have taught: domains of ids, and the user's own relays; and what the user has declared.

use std::collections::BTreeMap;
use std::{net::IpAddr, ops::ControlFlow};

use rules::notice::Signature;
use rules::time::DAY;
use rules::{UnixTime, profile::Declared, sent::IdDomain, verdict::Lesson};

use super::{
    OriginalKey, Store, StoreError,
    guard::lock,
    key::Hash,
    kv::Tree,
    layout::{self, index, key},
};

/// What was learned: a domain of ids, or a sender that the user declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Learned {
    /// A server on the user's way out writes ids of this domain over the user's own.
    Rewritten {
        /// The domain.
        domain: String,
        /// When it was learned.
        at: UnixTime,
        /// How many notices of each account showed it.
        accounts: BTreeMap<String, u64>,
    },
    /// Answers name ids of this domain that are in no Sent folder.
    OwnUnseen {
        /// The domain.
        domain: String,
        /// Until when it counts.
        until: UnixTime,
        /// How many answers named such an id.
        answers: u64,
    },
    /// The user said that mail of this sender is theirs.
    Declared {
        /// The sender.
        sender: Declared,
        /// When they said so.
        at: UnixTime,
    },
}

/// An address in the bytes by which it is looked up; an IPv4 address is mapped into IPv6.
pub(super) fn ip_bytes(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

/// The longest name of a DKIM key that is kept (RFC 1035 §2.3.4).
const MAX_SELECTOR: usize = 255;
/// Notices of one account counted for a domain at the most.
const COUNTED: usize = 1_000;
/// Names of DKIM keys that are kept: whoever forges more pushes none out.
const SELECTORS: usize = 100;
/// Originals counted for a relay at the most: three are enough for any rule.
const RELAYED: u32 = 3;

fn declared_key(sender: &Declared) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(sender).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    Ok(key(index::DECLARED, &[&json]))
}

impl Store {
    /// Keeps what a judgement taught, and says whether it was new: the account, the original of its notice, and when that was
    /// sent. A relay seen twice at the same time is seen in one original, and none is counted beyond three.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn learn(
        &self,
        lesson: &Lesson,
        at: UnixTime,
        (account, original): (&str, OriginalKey),
    ) -> Result<bool, StoreError> {
        let _writer = lock(&self.0.writer);
        let (key, value) = match lesson {
            Lesson::RewrittenDomain(domain) => {
                let domain = domain.to_lowercase();
                self.note_rewritten(&domain, account, original)?;
                (key(index::REWRITTEN, &[domain.as_bytes()]), layout::long(at).to_vec())
            }
            Lesson::Relay(ip) => (key(index::RELAY, &[&ip_bytes(*ip), &layout::short(at)]), Vec::new()),
        };
        if self.0.guard.has(Tree::Index, &key)? {
            return Ok(false);
        }
        // Three sightings make a relay known; more say nothing new, and are not kept.
        if let Lesson::Relay(ip) = lesson
            && self.sightings(*ip)? >= RELAYED
        {
            return Ok(false);
        }
        self.0.guard.put(Tree::Index, key, value)?;
        self.changed();
        Ok(true)
    }

    /// Notes that the notice of an original showed that ids are rewritten to a domain; each counts once.
    fn note_rewritten(&self, domain: &str, account: &str, original: OriginalKey) -> Result<(), StoreError> {
        let prefix = key(index::REWRITTEN_BY, &[domain.as_bytes(), &[0], account.as_bytes(), &[0]]);
        let one = [prefix.as_slice(), &original.bytes()].concat();
        let mut known = 0;
        self.0.guard.visit(Tree::Index, &prefix, |_, _| {
            known += 1;
            if known < COUNTED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if known < COUNTED && !self.0.guard.has(Tree::Index, &one)? {
            self.0.guard.put(Tree::Index, one, Vec::new())?;
        }
        Ok(())
    }

    /// How many notices of each account showed that ids are rewritten to a domain.
    fn rewritten_by(&self, domain: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counts = BTreeMap::new();
        for key in self.keys_of_rewritten(domain)? {
            let names = key.get(1 + domain.len() + 1..key.len().saturating_sub(1 + OriginalKey::LENGTH));
            let account = String::from_utf8_lossy(names.unwrap_or_default()).into_owned();
            *counts.entry(account).or_default() += 1;
        }
        Ok(counts)
    }

    fn keys_of_rewritten(&self, domain: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut keys = Vec::new();
        self.0.guard.visit(
            Tree::Index,
            &key(index::REWRITTEN_BY, &[domain.as_bytes(), &[0]]),
            |key, _| {
                keys.push(key.to_vec());
                ControlFlow::Continue(())
            },
        )?;
        Ok(keys)
    }

    /// Keeps a sender that the user declared; says whether it is new.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn declare(&self, sender: &Declared, at: UnixTime) -> Result<bool, StoreError> {
        let _writer = lock(&self.0.writer);
        let key = declared_key(sender)?;
        if self.0.guard.has(Tree::Index, &key)? {
            return Ok(false);
        }
        self.0.guard.put(Tree::Index, key, layout::long(at).to_vec())?;
        self.changed();
        Ok(true)
    }

    /// Forgets a sender that the user declared.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn undeclare(&self, sender: &Declared) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.write(Tree::Index, &[(declared_key(sender)?, None)])?;
        self.changed();
        Ok(())
    }

    /// The senders that the user declared, with when they did.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn declared(&self) -> Result<BTreeMap<Declared, UnixTime>, StoreError> {
        let mut declared = BTreeMap::new();
        self.0.guard.visit(Tree::Index, &[index::DECLARED], |key, value| {
            let sender = key.get(1..).and_then(|json| serde_json::from_slice(json).ok());
            declared.extend(sender.zip(layout::take_long(value, 0)));
            ControlFlow::Continue(())
        })?;
        Ok(declared)
    }

    /// Keeps the DKIM signatures seen on mail of the user's.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn saw_signatures<'a>(
        &self,
        seen: impl IntoIterator<Item = (UnixTime, &'a Signature)>,
    ) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        for (at, Signature { domain, selector }) in seen {
            let name = format!("{selector}._domainkey.{domain}").to_lowercase();
            let known = key(index::SELECTOR, &[name.as_bytes()]);
            let before =
                self.0.guard.get(Tree::Index, &known)?.and_then(|value| layout::take_long(&value, 0));
            let fits = before.is_some() || name.len() <= MAX_SELECTOR && self.selectors()?.len() < SELECTORS;
            // To the day: it is written seldom.
            if fits && before.is_none_or(|before| at.since(before) > DAY) {
                self.0.guard.put(Tree::Index, known, layout::long(at).to_vec())?;
            }
        }
        Ok(())
    }

    /// The names of the DKIM keys of mail of the user's, `selector._domainkey.domain`, with when each was last seen.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn selectors(&self) -> Result<BTreeMap<String, UnixTime>, StoreError> {
        let mut selectors = BTreeMap::new();
        self.0.guard.visit(Tree::Index, &[index::SELECTOR], |key, value| {
            let name = key.get(1..).map(|name| String::from_utf8_lossy(name).into_owned());
            selectors.extend(name.zip(layout::take_long(value, 0)));
            ControlFlow::Continue(())
        })?;
        Ok(selectors)
    }

    /// In how many genuine originals a relay was seen, as far as they are counted.
    pub(super) fn sightings(&self, ip: IpAddr) -> Result<u32, StoreError> {
        let mut count = 0;
        self.0.guard.visit(Tree::Index, &key(index::RELAY, &[&ip_bytes(ip)]), |_, _| {
            count += 1;
            if count < RELAYED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(count)
    }

    /// The relays that were seen in enough genuine originals to be taken for the user's.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn known_relays(&self) -> Result<Vec<IpAddr>, StoreError> {
        let mut seen: BTreeMap<IpAddr, u32> = BTreeMap::new();
        self.0.guard.visit(Tree::Index, &[index::RELAY], |key, _| {
            let ip = layout::take::<16>(key, 1).map(|bytes| IpAddr::from(bytes).to_canonical());
            ip.into_iter().for_each(|ip| *seen.entry(ip).or_default() += 1);
            ControlFlow::Continue(())
        })?;
        Ok(seen.into_iter().filter(|(_, count)| *count >= RELAYED).map(|(ip, _)| ip).collect())
    }

    /// All that was learned, in order.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn learned(&self) -> Result<Vec<Learned>, StoreError> {
        let (mut learned, mut rewritten) = (Vec::new(), Vec::new());
        self.0.guard.visit(Tree::Index, &[index::REWRITTEN], |key, value| {
            let domain = key.get(1..).map(|name| String::from_utf8_lossy(name).into_owned());
            let entry = domain.zip(layout::take_long(value, 0));
            rewritten.extend(entry);
            ControlFlow::Continue(())
        })?;
        for (domain, at) in rewritten {
            let accounts = self.rewritten_by(&domain)?;
            learned.push(Learned::Rewritten { domain, at, accounts });
        }
        let mut named = Vec::new();
        // Working it out keeps the names of what is learned by now.
        self.settle_answers()?;
        self.0.guard.visit(Tree::Index, &[index::UNSEEN_NAME], |key, value| {
            named.extend(layout::take_hash(key, 1).map(|h| (h, String::from_utf8_lossy(value).into_owned())));
            ControlFlow::Continue(())
        })?;
        for (hash, domain) in named {
            let unseen = self.unseen(&hash)?;
            let until = unseen.spans.last().map(|span| span.to);
            let answers = unseen.orphans;
            learned.extend(until.map(|until| Learned::OwnUnseen { domain, until, answers }));
        }
        learned.extend(self.declared()?.into_iter().map(|(sender, at)| Learned::Declared { sender, at }));
        learned.sort();
        Ok(learned)
    }

    /// Forgets what was learned of a domain; orphans up to `at` teach it no more and do not count.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn unlearn_domain(&self, domain: &str, at: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let domain = domain.to_lowercase();
        let hash = self.0.key.domain(&domain);
        let mut changes = vec![
            (key(index::REWRITTEN, &[domain.as_bytes()]), None),
            (key(index::UNSEEN_NAME, &[&hash]), None),
            (key(index::UNLEARNED, &[&hash]), Some(layout::long(at).to_vec())),
        ];
        changes.extend(self.keys_of_rewritten(&domain)?.into_iter().map(|key| (key, None)));
        self.0.guard.write(Tree::Index, &changes)?;
        self.answers_changed();
        self.changed();
        Ok(())
    }

    /// Whether an orphan of this time and domain was declared not to be the user's.
    pub(super) fn is_unlearned(&self, domain: &Hash, at: UnixTime) -> Result<bool, StoreError> {
        let until = self.0.guard.get(Tree::Index, &key(index::UNLEARNED, &[domain]))?;
        Ok(until.and_then(|value| layout::take_long(&value, 0)).is_some_and(|until| at <= until))
    }

    pub(super) fn learned_of(&self, domain: &str, at: UnixTime) -> Result<IdDomain, StoreError> {
        let domain = domain.to_lowercase();
        if self.0.guard.has(Tree::Index, &key(index::REWRITTEN, &[domain.as_bytes()]))? {
            return Ok(IdDomain::Rewritten);
        }
        let unseen = self.is_unseen(&self.0.key.domain(&domain), at)?;
        Ok(if unseen { IdDomain::OwnUnseen } else { IdDomain::Unknown })
    }

    /// Keeps the names of domains that are learned as own but unseen.
    pub(super) fn name_unseen<'a>(
        &self,
        domains: impl Iterator<Item = (Hash, &'a String)>,
    ) -> Result<(), StoreError> {
        for (hash, name) in domains {
            let by_hash = key(index::UNSEEN_NAME, &[&hash]);
            if !self.0.guard.has(Tree::Index, &by_hash)? {
                let name: String = name.chars().take(255).collect();
                self.0.guard.put(Tree::Index, by_hash, name.into_bytes())?;
            }
        }
        Ok(())
    }
}
