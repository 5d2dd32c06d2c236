//! Answers to the user's mail: which of them count, and which of these name an id of the index.
//!
//! An answer can be noted before the mail that it answers is known, so what it counts for is worked out when
//! asked, and again while it is not settled. Known ids stay known and met mails stay met: these are settled.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::ControlFlow,
};

use rules::{Address, Span, UnixTime, sent::Use, time::DAY};

use super::{
    Store, StoreError,
    guard::lock,
    key::Hash,
    kv::Tree,
    layout::{self, index, key},
};

/// How long orphans teach that a domain is own, but unseen.
const TAUGHT: i64 = 90 * DAY;
/// So many orphans teach it …
const ORPHANS: usize = 3;
/// … of so many people.
const PEOPLE: usize = 2;

/// What is known of an answer by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// All ids that it names are of the answering side's own domain.
    pub(super) own_side: bool,
    /// The answering side's domain is a public provider's.
    pub(super) public_side: bool,
    /// Its first id's domain can be learned: neither the receiver's own nor a public provider's.
    pub(super) teaches: bool,
}

/// An answer as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerRow {
    pub(super) to: Hash,
    pub(super) at: UnixTime,
    pub(super) mail: [u8; 8],
    pub(super) flags: Flags,
    pub(super) from: Hash,
    pub(super) domain: Hash,
    pub(super) ids: Vec<Hash>,
}

impl AnswerRow {
    pub(super) fn key(&self) -> Vec<u8> {
        key(index::ANSWER, &[&self.to, &layout::short(self.at), &self.mail])
    }

    pub(super) fn value(&self) -> Vec<u8> {
        let flags = u8::from(self.flags.own_side)
            | u8::from(self.flags.public_side) << 1
            | u8::from(self.flags.teaches) << 2;
        let mut value = vec![flags];
        value.extend_from_slice(&self.from);
        value.extend_from_slice(&self.domain);
        value.extend(self.ids.iter().flatten());
        value
    }

    fn parse(key: &[u8], value: &[u8]) -> Option<Self> {
        let flags = *value.first()?;
        Some(Self {
            to: layout::take_hash(key, 1)?,
            at: layout::take_short(key, 17)?,
            mail: layout::take(key, 21)?,
            flags: Flags { own_side: flags & 1 != 0, public_side: flags & 2 != 0, teaches: flags & 4 != 0 },
            from: layout::take_hash(value, 1)?,
            domain: layout::take_hash(value, 17)?,
            ids: value.get(33..)?.chunks_exact(16).filter_map(|id| id.try_into().ok()).collect(),
        })
    }
}

/// What an answer counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// It names an id of the index, and none of a mail that was met.
    Known(AnswerRow),
    /// It does not count, for good.
    NotCounted,
    /// It does not count as long as nobody wrote to its author.
    Stranger(AnswerRow),
    /// It counts, and names no id of the index.
    Orphan(AnswerRow),
}

struct Answer {
    at: UnixTime,
    standing: Standing,
}

/// All answers in memory, by receiver and mail, and what they teach.
#[derive(Default)]
pub(super) struct Answers {
    loaded: bool,
    stale: bool,
    by_receiver: BTreeMap<Hash, BTreeMap<(UnixTime, [u8; 8]), Answer>>,
    unseen: BTreeMap<Hash, Unseen>,
    /// Names of the domains of ids that were named lately: those that turn out to be taught are kept.
    names: BTreeMap<Hash, String>,
}

/// A domain that counts as own but unseen.
#[derive(Clone, Debug, Default)]
pub(super) struct Unseen {
    /// When it does.
    pub(super) spans: Vec<Span>,
    /// How many answers named an id of it meanwhile that is in no Sent folder.
    pub(super) orphans: u64,
}

/// Names remembered at most.
const NAMES: usize = 4_096;

impl Answers {
    /// Ids or people have become known.
    pub(super) fn stale(&mut self) {
        self.stale = true;
    }

    /// Adds answers, ids of mails met with them, and names of the domains of ids, all noted in the store.
    pub(super) fn add(
        &mut self,
        rows: Vec<AnswerRow>,
        met: &BTreeSet<Hash>,
        names: impl IntoIterator<Item = (Hash, String)>,
    ) {
        self.stale = true;
        for (domain, name) in names {
            if self.names.len() < NAMES {
                self.names.insert(domain, name);
            }
        }
        if !self.loaded {
            return;
        }
        rows.into_iter().for_each(|row| self.insert(row));
        for answer in self.by_receiver.values_mut().flat_map(BTreeMap::values_mut) {
            if let Standing::Known(row) = &answer.standing
                && row.ids.iter().any(|id| met.contains(id))
            {
                answer.standing = Standing::NotCounted;
            }
        }
    }

    fn insert(&mut self, mut row: AnswerRow) {
        // As it comes back from the store, so that one mail is one entry.
        row.at = layout::take_short(&layout::short(row.at), 0).unwrap_or(row.at);
        let answers = self.by_receiver.entry(row.to).or_default();
        let (at, mail) = (row.at, row.mail);
        answers.entry((at, mail)).or_insert(Answer { at, standing: Standing::Stranger(row) });
    }

    /// Spans in which domains count as own but unseen, by domain.
    fn teach(&mut self) {
        // A mail to a tagged address is noted for both forms of it, and teaches once.
        let mut orphans: BTreeMap<Hash, BTreeSet<(UnixTime, Hash, [u8; 8])>> = BTreeMap::new();
        for answer in self.by_receiver.values().flat_map(BTreeMap::values) {
            if let Standing::Orphan(row) = &answer.standing
                && row.flags.teaches
            {
                orphans.entry(row.domain).or_default().insert((answer.at, row.from, row.mail));
            }
        }
        self.unseen.clear();
        for (domain, seen) in orphans {
            let seen: Vec<(UnixTime, Hash)> = seen.into_iter().map(|(at, from, _)| (at, from)).collect();
            let spans = taught(&seen);
            if !spans.is_empty() {
                let counts = |at: &UnixTime| spans.iter().any(|span| span.contains(*at));
                let orphans = seen.iter().filter(|(at, _)| counts(at)).count() as u64;
                self.unseen.insert(domain, Unseen { spans, orphans });
            }
        }
    }
}

/// When orphans of one domain, in order of time, teach it: from the first of three within 90 days to 90 days
/// after the last.
fn taught(orphans: &[(UnixTime, Hash)]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut near: VecDeque<(UnixTime, Hash)> = VecDeque::new();
    let mut people: BTreeMap<Hash, usize> = BTreeMap::new();
    for (last, from) in orphans {
        near.push_back((*last, *from));
        *people.entry(*from).or_default() += 1;
        while let Some((_, from)) = near.pop_front_if(|(at, _)| last.since(*at) > TAUGHT) {
            if let Some(count) = people.get_mut(&from) {
                *count -= 1;
            }
            people.retain(|_, count| *count > 0);
        }
        if let Some((first, _)) = near.front()
            && near.len() >= ORPHANS
            && people.len() >= PEOPLE
        {
            spans.push(Span::new(*first, last.plus(TAUGHT)));
        }
    }
    super::gaps::joined(spans)
}

impl Store {
    /// Of the answers to mail of an address in a span, those that count and those that name a known id.
    pub(super) fn use_of(&self, address: &Address, within: Span) -> Result<Use, StoreError> {
        let to = self.0.key.receiver(address);
        self.with_answers(|answers| {
            let mut used = Use::default();
            let Some(all) = answers.by_receiver.get(&to).filter(|_| within.from <= within.to) else {
                return used;
            };
            for answer in all.range((within.from, [0; 8])..=(within.to, [u8::MAX; 8])).map(|(_, a)| a) {
                let (counts, known) = match answer.standing {
                    Standing::Known(_) => (1, 1),
                    Standing::Orphan(_) => (1, 0),
                    Standing::NotCounted | Standing::Stranger(_) => (0, 0),
                };
                used.answers += counts;
                used.known += known;
            }
            used
        })
    }

    /// Whether orphans taught that a domain, by its hash, is own but unseen at a time.
    pub(super) fn is_unseen(&self, domain: &Hash, at: UnixTime) -> Result<bool, StoreError> {
        Ok(self.unseen(domain)?.spans.iter().any(|span| span.contains(at)))
    }

    pub(super) fn unseen(&self, domain: &Hash) -> Result<Unseen, StoreError> {
        self.with_answers(|answers| answers.unseen.get(domain).cloned().unwrap_or_default())
    }

    /// Forgets what was worked out, after an orphan's domain was unlearned.
    pub(super) fn answers_changed(&self) {
        let mut answers = lock(&self.0.answers);
        *answers = Answers::default();
    }

    pub(super) fn settle_answers(&self) -> Result<(), StoreError> {
        self.with_answers(|_| ())
    }

    fn with_answers<T>(&self, ask: impl FnOnce(&Answers) -> T) -> Result<T, StoreError> {
        if let Some(why) = self.broken() {
            return Err(StoreError::Damaged { why });
        }
        let mut answers = lock(&self.0.answers);
        if !answers.loaded {
            let mut garbled = false;
            let mut rows = Vec::new();
            self.0.guard.visit(Tree::Index, &[index::ANSWER], |key, value| {
                match AnswerRow::parse(key, value) {
                    Some(row) => rows.push(row),
                    None => garbled = true,
                }
                ControlFlow::Continue(())
            })?;
            if garbled {
                return Err(self.0.guard.garbled("an answer"));
            }
            rows.into_iter().for_each(|row| answers.insert(row));
            answers.loaded = true;
            answers.stale = true;
        }
        if answers.stale {
            for answer in answers.by_receiver.values_mut().flat_map(BTreeMap::values_mut) {
                self.settle(answer)?;
            }
            answers.teach();
            let taught =
                answers.unseen.keys().filter_map(|domain| Some((*domain, answers.names.get(domain)?)));
            self.name_unseen(taught)?;
            answers.stale = false;
        }
        Ok(ask(&answers))
    }

    fn settle(&self, answer: &mut Answer) -> Result<(), StoreError> {
        let (Standing::Stranger(row) | Standing::Orphan(row)) = &answer.standing else { return Ok(()) };
        let own_side =
            row.flags.own_side && !(row.flags.public_side && self.is_own_id_domain(&row.domain)?);
        let standing = if own_side && !row.flags.public_side {
            Standing::NotCounted
        } else if own_side || !lock(&self.0.people).has(&self.0.guard, &row.from)? {
            Standing::Stranger(row.clone())
        } else {
            let (mut known, mut met) = (false, false);
            for id in &row.ids {
                known |= self.sent_by_hash(id)?.is_some();
                met |= lock(&self.0.met).has(&self.0.guard, id)?;
            }
            match (met, known) {
                (true, _) => Standing::NotCounted,
                (false, true) => Standing::Known(row.clone()),
                (false, false) if self.is_unlearned(&row.domain, answer.at)? => Standing::NotCounted,
                (false, false) => Standing::Orphan(row.clone()),
            }
        };
        answer.standing = standing;
        Ok(())
    }

    fn is_own_id_domain(&self, domain: &Hash) -> Result<bool, StoreError> {
        self.0.guard.has(Tree::Index, &key(index::OWN_ID_DOMAIN, &[domain]))
    }
}
