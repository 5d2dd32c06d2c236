//! Takes in what ordinary mail tells: which ids were met, whom mail comes to, and who answers what.

use std::{collections::BTreeMap, collections::BTreeSet, ops::ControlFlow};

use rules::{Address, UnixTime, read::OrdinaryHeaders};

use super::{
    AccountId, Store, StoreError,
    answers::{AnswerRow, Flags},
    domains,
    guard::lock,
    key::{Hash, Sort},
    kv::{Change, Tree},
    layout::{self, index, key},
};

/// Ids that an answer is looked up by, at most.
const ANSWERED: usize = 4;
/// A Delivered-To is the name of a mailbox if it stands on so many of a hundred mails …
const NEARLY_ALL: u64 = 90;
/// … of at least so many.
const ENOUGH: u64 = 20;

/// An address as written, and without what senders and forwarders put into it: it is looked up in both forms.
pub(super) fn both_forms(address: &Address) -> impl Iterator<Item = Address> + use<> {
    let bare = address.bare();
    let other = (bare != *address).then_some(bare);
    std::iter::once(address.clone()).chain(other)
}

impl Store {
    /// Notes ordinary mails of an account, each with its INTERNALDATE: ids met, addresses that mail came to,
    /// answers to the user's mail, names of mailboxes. Doing it twice counts nothing twice but Delivered-To.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn note_ordinary(
        &self,
        account: AccountId,
        mails: &[(UnixTime, OrdinaryHeaders)],
    ) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut own = lock(&self.0.own).clone();
        own.addresses.extend(self.sent_setup(account)?.unwrap_or_default().addresses);
        let hashes = &self.0.key;
        let mut changes: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        if mails.is_empty() {
            return Ok(());
        }
        let (mut rows, mut met) = (Vec::new(), BTreeSet::new());
        let mut named = BTreeMap::new();
        for (at, mail) in mails {
            let from_own = mail.from.as_ref().is_some_and(|from| own.has(from));
            // A copy of the user's own mail proves nothing of who wrote the mail that an answer names.
            if let (Some(id), false) = (&mail.message_id, from_own) {
                let id = hashes.folded_id(id);
                met.insert(id);
            }
            for address in mail.to.iter().chain(&mail.cc).chain(&mail.delivered_to).flat_map(both_forms) {
                changes.insert(key(index::CAME_TO, &[&hashes.receiver(&address)]), Vec::new());
            }
            let answers = if from_own { Vec::new() } else { self.answers(*at, mail) };
            if !answers.is_empty() {
                for id in &mail.answers {
                    named.extend(id.domain().map(|domain| (hashes.domain(&domain), domain)));
                }
            }
            changes.extend(answers.iter().map(|row| (row.key(), row.value())));
            rows.extend(answers);
        }
        let mut changes: Vec<Change> = changes.into_iter().map(|(key, value)| (key, Some(value))).collect();
        changes.extend(lock(&self.0.met).add(&self.0.guard, met.iter().map(|id| (*id, UnixTime(0))))?);
        self.0.guard.write(Tree::Index, &changes)?;
        lock(&self.0.answers).add(rows, &met, named);
        self.changed();
        self.count_delivered_to(account, mails)
    }

    /// The answer that a mail is, for each form of its receiver: a notice to an address is judged without the tags,
    /// unless the user configured it with them.
    fn answers(&self, at: UnixTime, mail: &OrdinaryHeaders) -> Vec<AnswerRow> {
        let Some((to, row)) = self.answer(at, mail) else { return Vec::new() };
        both_forms(to).map(|to| AnswerRow { to: self.0.key.receiver(&to), ..row.clone() }).collect()
    }

    /// The answer that a mail is, if it can count: to one address alone, from somebody, no list, not automatic.
    fn answer<'a>(&self, at: UnixTime, mail: &'a OrdinaryHeaders) -> Option<(&'a Address, AnswerRow)> {
        let from = mail.from.as_ref()?;
        let to: BTreeSet<&Address> = mail.to.iter().collect();
        let (Some(to), 1) = (to.first(), to.len()) else { return None };
        if !mail.cc.is_empty() || mail.list || mail.automatic || mail.answers.is_empty() {
            return None;
        }
        let hashes = &self.0.key;
        let domains: Vec<String> =
            mail.answers.iter().take(ANSWERED).filter_map(rules::MessageId::domain).collect();
        let flags = Flags {
            own_side: !domains.is_empty()
                && domains.iter().all(|domain| domains::related(domain, from.domain())),
            public_side: rules::judge::is_public_mail_domain(from.domain()),
            teaches: domains.first().is_some_and(|domain| {
                !domains::related(domain, to.domain()) && !rules::judge::is_providers_host(domain)
            }),
        };
        let mail_hash = match &mail.message_id {
            Some(id) => hashes.folded_id(id),
            None => hashes.hash(Sort::Mail, &[from.as_str().as_bytes(), at.0.to_le_bytes().as_slice()]),
        };
        let row = AnswerRow {
            to: hashes.receiver(to),
            at,
            mail: layout::take(&mail_hash, 0)?,
            flags,
            from: hashes.recipient(from),
            domain: domains.first().map_or_else(Hash::default, |domain| hashes.domain(domain)),
            ids: mail.answers.iter().take(ANSWERED).map(|id| hashes.folded_id(id)).collect(),
        };
        Some((*to, row))
    }

    fn count_delivered_to(
        &self,
        account: AccountId,
        mails: &[(UnixTime, OrdinaryHeaders)],
    ) -> Result<(), StoreError> {
        let mut seen: BTreeMap<&Address, u64> = BTreeMap::new();
        let mut total = 0;
        for (_, mail) in mails.iter().filter(|(_, mail)| !mail.delivered_to.is_empty()) {
            total += 1;
            for address in mail.delivered_to.iter().collect::<BTreeSet<_>>() {
                *seen.entry(address).or_default() += 1;
            }
        }
        if total == 0 {
            return Ok(());
        }
        let by_account = key(index::DELIVERED, &[&account.bytes()]);
        let all = self.counter(Tree::Index, &by_account)? + total;
        let mut changes: Vec<Change> = vec![(by_account, Some(all.to_be_bytes().to_vec()))];
        for (address, more) in seen {
            let by_address = self.delivered_key(account, address);
            let count = self.counter(Tree::Index, &by_address)? + more;
            changes.push((by_address, Some(count.to_be_bytes().to_vec())));
            if all >= ENOUGH && count * 100 >= all * NEARLY_ALL {
                let name = key(index::MAILBOX_NAME, &[&account.bytes(), address.as_str().as_bytes()]);
                changes.push((name, Some(Vec::new())));
            }
        }
        self.0.guard.write(Tree::Index, &changes)
    }

    fn delivered_key(&self, account: AccountId, address: &Address) -> Vec<u8> {
        key(index::DELIVERED_TO, &[&account.bytes(), &self.0.key.receiver(address)])
    }

    /// The Delivered-To addresses that stand on nearly all mail of an account: 90 of 100, of 20 at least.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn mailbox_names(&self, account: AccountId) -> Result<Vec<Address>, StoreError> {
        let all = self.counter(Tree::Index, &key(index::DELIVERED, &[&account.bytes()]))?;
        let mut names = Vec::new();
        self.0.guard.visit(Tree::Index, &key(index::MAILBOX_NAME, &[&account.bytes()]), |key, _| {
            let name = key.get(3..).and_then(|name| std::str::from_utf8(name).ok());
            names.extend(name.and_then(Address::new));
            ControlFlow::Continue(())
        })?;
        let mut standing = Vec::new();
        for name in names {
            let count = self.counter(Tree::Index, &self.delivered_key(account, &name))?;
            if all >= ENOUGH && count * 100 >= all * NEARLY_ALL {
                standing.push(name);
            }
        }
        Ok(standing)
    }
}
