//! How far the index reaches, per account and per address.

use std::collections::BTreeMap;

use rules::{Address, Coverage, Span, UnixTime, time::DAY};

use super::{
    AccountId, Store, StoreError, gaps,
    guard::lock,
    kv::Tree,
    layout::{self, index, key},
};

/// How long before a time vetoes look at subjects and recipients: 30 days, and one for the span before it.
const LOOK_BACK: i64 = 31 * DAY;

/// Addresses whose accounts are remembered at most: notices of a flood may name any number.
const SENDERS: usize = 1_000;

/// Coverage as last worked out, and the generation for which it holds.
#[derive(Default)]
pub(super) struct Cache {
    generation: u64,
    of: BTreeMap<AccountId, Coverage>,
    senders: BTreeMap<Address, Vec<AccountId>>,
}

impl Cache {
    /// What holds for a generation; nothing of another is left.
    fn at(&mut self, generation: u64) -> &mut Self {
        if self.generation != generation {
            *self = Self { generation, ..Self::default() };
        }
        self
    }
}

impl Store {
    /// How far the index of an account reaches; none while a Sent folder of it is not read to its end.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn coverage_of(&self, account: AccountId) -> Result<Coverage, StoreError> {
        let generation = self.generation();
        let remembered = lock(&self.0.coverage).at(generation).of.get(&account).cloned();
        if let Some(coverage) = remembered {
            self.0.guard.whole()?;
            return Ok(coverage);
        }
        let coverage = self.work_out_coverage(account)?;
        let mut cache = lock(&self.0.coverage);
        if cache.generation == generation {
            cache.of.insert(account, coverage.clone());
        }
        Ok(coverage)
    }

    fn work_out_coverage(&self, account: AccountId) -> Result<Coverage, StoreError> {
        let Some(setup) = self.sent_setup(account)? else { return Ok(Coverage::none()) };
        let (mut oldest, mut refreshed, mut facts_from) = (None, None, None);
        for folder in &setup.folders {
            let Some(state) = self.folder_state(*folder)?.filter(|state| state.complete) else {
                return Ok(Coverage::none());
            };
            let Some(at) = state.refreshed else { return Ok(Coverage::none()) };
            refreshed = Some(refreshed.map_or(at, |r: UnixTime| r.min(at)));
            oldest = match (oldest, state.oldest) {
                (Some(one), Some(other)) => Some(std::cmp::min::<UnixTime>(one, other)),
                (one, other) => one.or(other),
            };
            facts_from = facts_from.max(state.facts_from);
        }
        let (Some(oldest), Some(refreshed)) = (oldest, refreshed) else { return Ok(Coverage::none()) };
        let from = facts_from.map_or(oldest, |facts: UnixTime| oldest.max(facts.plus(LOOK_BACK)));
        Ok(Coverage { from: Some(from), refreshed, holes: self.holes(account)? })
    }

    /// The spans in which sent mail of an account is known to be missing, in order, joined where they touch.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn holes(&self, account: AccountId) -> Result<Vec<Span>, StoreError> {
        let mut holes = self.holes_under(&key(index::ACCOUNT_HOLE, &[&account.bytes()]))?;
        for folder in self.sent_setup(account)?.unwrap_or_default().folders {
            holes.extend(self.folder_holes(folder)?);
        }
        Ok(gaps::joined(holes))
    }

    /// The accounts that send as an address: by configuration, or since it is a From of their sent mail.
    fn accounts_sending_as(&self, address: &Address) -> Result<Vec<AccountId>, StoreError> {
        let generation = self.generation();
        let remembered = lock(&self.0.coverage).at(generation).senders.get(address).cloned();
        if let Some(accounts) = remembered {
            self.0.guard.whole()?;
            return Ok(accounts);
        }
        let mut sending = Vec::new();
        for account in self.accounts()? {
            let configured = self.sent_setup(account)?.is_some_and(|setup| setup.addresses.contains(address));
            let from = key(index::FROM, &[address.as_str().as_bytes(), &[0], &account.bytes()]);
            if configured || self.0.guard.has(Tree::Index, &from)? {
                sending.push(account);
            }
        }
        let mut cache = lock(&self.0.coverage);
        if cache.generation == generation && cache.senders.len() < SENDERS {
            cache.senders.insert(address.clone(), sending.clone());
        }
        Ok(sending)
    }

    /// How far the index reaches for an address: for all accounts that send as it or, if none does and it is
    /// at a domain that is the user's alone, for all accounts.
    pub(super) fn coverage_for(&self, address: &Address) -> Result<Coverage, StoreError> {
        let mut accounts = self.accounts_sending_as(address)?;
        if accounts.is_empty() && lock(&self.0.own).domains.contains(address.domain()) {
            accounts = self.accounts()?;
        }
        let mut all = Vec::new();
        for account in accounts {
            all.push(self.coverage_of(account)?);
        }
        Ok(Coverage::joined(all))
    }

    /// Whether an address was ever a From of sent mail, of any account.
    pub(super) fn was_from(&self, address: &Address) -> Result<bool, StoreError> {
        let prefix = key(index::FROM, &[address.as_str().as_bytes(), &[0]]);
        let end = layout::after(&prefix);
        self.0.guard.any_between(Tree::Index, &prefix, end.as_deref())
    }
}
