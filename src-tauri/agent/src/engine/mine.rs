//! "This was mine": by what the user could declare mail like this to be theirs, what else that would bring back, and what
//! was learned so far.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use rules::judge::{declarable, is_from, sender_in_words};
use rules::profile::Declared;
use rules::{Evidence, Notice};

use super::account::Account;
use super::rescue::LATE;
use super::view::{open_key, record_id};
use super::watch::InboxOrder;
use super::{Engine, EngineError, Shared, blocking, records};
use crate::api::{self, LearnedView, ProposalView, Proposals};
use crate::config;
use crate::journal::{Entry, Offset};
use crate::store::{RecordState, Store};

/// Records read at once.
const PAGE: usize = 500;
/// Examples shown of what a declaration would settle.
const EXAMPLES: usize = 5;

/// Takes up what the user declared: what the journal has brought to the store counts from now on.
///
/// # Errors
/// The store cannot be read.
pub fn take_up(shared: &Shared) -> Result<(), EngineError> {
    let declared = shared.store.declared()?;
    let mut profile = shared.profile.write().unwrap_or_else(PoisonError::into_inner);
    profile.declared.extend(declared.into_keys());
    Ok(())
}

impl Engine {
    /// By what the user could say that these mails answer mail of theirs.
    pub(super) async fn propose(&self, names: Vec<api::RecordId>) -> Result<Proposals, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        blocking(move || {
            let mut asked = Vec::new();
            for name in &names {
                asked.push(notice_of(&shared, name)?);
            }
            let Some(first) = asked.first() else { return Ok(Proposals::default()) };
            let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
            let mut senders = declarable(first, &profile);
            senders.retain(|sender| asked.iter().all(|notice| is_from(sender, notice)));
            if senders.is_empty() {
                return Ok(Proposals { senders: Vec::new(), why_none: Some(why_none(&asked)) });
            }
            let mut tally = Tally::of(senders);
            for account in &accounts {
                tally.count_open(account, &names)?;
                tally.count_quarantined(account, &names)?;
            }
            Ok(Proposals { senders: tally.narrowest_first(), why_none: None })
        })
        .await
    }

    /// Takes mail of this sender for the user's from now on, and looks again at what is undecided or in quarantine.
    pub(super) async fn declare(&self, sender: Declared) -> Result<(), EngineError> {
        let sender = config::checked(sender).map_err(EngineError::NotDeclarable)?;
        let shared = self.shared().clone();
        blocking(move || {
            let at = shared.clock.now();
            records::record_decision(&shared, Entry::Declared { sender, at })?;
            take_up(&shared)?;
            Ok(shared.store.durable()?)
        })
        .await?;
        self.look_again().await
    }

    /// What was learned, in order.
    pub(super) async fn learned(&self) -> Result<Vec<LearnedView>, EngineError> {
        let store = self.shared().store.clone();
        blocking(move || Ok(store.learned()?.into_iter().map(LearnedView::of).collect())).await
    }

    /// The names of the DKIM keys seen on mail of the user's.
    pub(super) async fn selectors(&self) -> Result<BTreeMap<String, String>, EngineError> {
        let store = self.shared().store.clone();
        blocking(move || {
            Ok(store.selectors()?.into_iter().map(|(name, at)| (name, at.to_string())).collect())
        })
        .await
    }

    /// Forgets a domain or a declared sender; what is learned of a domain from now on counts again.
    pub(super) async fn forget(&self, name: String) -> Result<(), EngineError> {
        if let Ok(sender) = name.parse::<Declared>() {
            return self.take_back(name, sender).await;
        }
        let domain = name.trim_end_matches('.').to_lowercase();
        if self.learned().await?.iter().all(|learned| learned.name != domain) {
            return Err(EngineError::NotLearned(domain));
        }
        let shared = self.shared().clone();
        blocking(move || {
            shared.store.unlearn_domain(&domain, shared.clock.now())?;
            Ok(shared.store.durable()?)
        })
        .await
    }

    async fn take_back(&self, name: String, sender: Declared) -> Result<(), EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let configured = shared.config.profile().declared.contains(&sender);
            if !shared.store.declared()?.contains_key(&sender) {
                return Err(if configured {
                    EngineError::Configured(name)
                } else {
                    EngineError::NotLearned(name)
                });
            }
            records::record_decision(&shared, Entry::Undeclared { sender: sender.clone() })?;
            if !configured {
                let mut profile = shared.profile.write().unwrap_or_else(PoisonError::into_inner);
                profile.declared.remove(&sender);
            }
            Ok(shared.store.durable()?)
        })
        .await?;
        self.look_again().await
    }

    /// Has every account that is watched judge again what is open, and look at the quarantine.
    async fn look_again(&self) -> Result<(), EngineError> {
        for account in self.accounts(None)? {
            if let Some(inbox) = self.commands().inbox(&account.name) {
                let _ = inbox.send(InboxOrder::Check(None)).await;
            }
        }
        Ok(())
    }
}

/// What was read of the mail of this name.
///
/// # Errors
/// There is none, or store or journal cannot be read.
pub fn notice_of(shared: &Shared, name: &api::RecordId) -> Result<Arc<Notice>, EngineError> {
    let unknown = || EngineError::NoSuchRecord(name.0.clone());
    if let Some(key) = open_key(name) {
        return Ok(shared.store.open_notice(&key)?.ok_or_else(unknown)?.notice);
    }
    let record = record_id(name).ok_or_else(unknown)?;
    let record = shared.store.record(record)?.ok_or_else(unknown)?;
    match shared.journal.entry_at(Offset(record.journal_offset))? {
        Some(Entry::Move { record: id, explained, .. }) if id == record.id => Ok(explained.notice),
        _ => Err(unknown()),
    }
}

fn why_none(asked: &[Arc<Notice>]) -> String {
    let nothing = asked.iter().any(|notice| notice.original.is_none());
    let why = match asked.len() {
        1 if nothing => "it tells nothing of the mail that it answers",
        1 => "what it tells of the mail that it answers shows nothing that only your mail has",
        _ => "what these mails answer has nothing in common that only your mail has",
    };
    format!(
        "{why}; `neversent quarantine restore` puts a mail back that was taken out, and one that is undecided stays \
         where it is"
    )
}

/// What each sender would settle beside the mails that were asked about.
struct Tally(Vec<ProposalView>);

impl Tally {
    fn of(senders: Vec<Declared>) -> Self {
        let view = |sender: Declared| ProposalView {
            text: sender_in_words(&sender),
            sender,
            brings_back: 0,
            settles: 0,
            proved_otherwise: 0,
            examples: Vec::new(),
        };
        Self(senders.into_iter().map(view).collect())
    }

    fn count(&mut self, notice: &Notice, proved: bool, count: impl Fn(&mut ProposalView) -> &mut u64) {
        for view in self.0.iter_mut().filter(|view| is_from(&view.sender, notice)) {
            *count(view) += 1;
            view.proved_otherwise += u64::from(proved);
            // Records come in the order of time, and the last are the newest.
            view.examples.insert(0, notice.outer.subject.clone());
            view.examples.truncate(EXAMPLES);
        }
    }

    fn count_open(&mut self, account: &Account, but: &[api::RecordId]) -> Result<(), EngineError> {
        let store: &Store = &account.store;
        for key in store.open_keys(account.id)? {
            if but.iter().any(|name| open_key(name) == Some(key)) {
                continue;
            }
            let Some(open) = store.open_notice(&key)? else { continue };
            let proved = open
                .last
                .as_ref()
                .is_some_and(|last| last.verdict == "backscatter" && is_proved(&last.rule, &last.evidence));
            self.count(&open.notice, proved, |view| &mut view.settles);
        }
        Ok(())
    }

    fn count_quarantined(&mut self, account: &Account, but: &[api::RecordId]) -> Result<(), EngineError> {
        let (now, mut after) = (account.server_now(), None);
        loop {
            let page = account.store.records(account.id, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for record in &page {
                let asked = but.iter().any(|name| record_id(name) == Some(record.id));
                if asked || record.state != RecordState::Moved || now.since(record.moved_at) > LATE {
                    continue;
                }
                let entry = account.journal.entry_at(Offset(record.journal_offset))?;
                let Some(Entry::Move { explained, .. }) = entry else { continue };
                let proved = is_proved(&explained.rule, &explained.evidence);
                self.count(&explained.notice, proved, |view| &mut view.brings_back);
            }
        }
    }

    /// The one that settles the fewest others first; what spammers write as well comes last.
    fn narrowest_first(mut self) -> Vec<ProposalView> {
        self.0.sort_by_key(|view| (view.proved_otherwise, view.brings_back + view.settles));
        self.0
    }
}

/// Whether a mail was condemned by more than a missing id.
fn is_proved(rule: &str, evidence: &[Evidence]) -> bool {
    rule != "never_sent" || evidence.iter().any(|fact| matches!(&*fact.rule, "storm" | "spf"))
}
