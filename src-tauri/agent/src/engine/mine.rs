//! "This was mine": by what the user could declare mail like this to be theirs, what else that would bring back, and what
//! was learned so far.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use rules::judge::{LookUp, declarable, is_forgeable, is_from, sender_in_words};
use rules::profile::Declared;
use rules::storm::Likeness;
use rules::{Evidence, Notice, Profile, Subject, UnixTime};

use super::account::Account;
use super::rescue::LATE;
use super::view::{open_key, record_id};
use super::watch::InboxOrder;
use super::{Engine, EngineError, Shared, blocking, records};
use crate::api::{self, LearnedView, ProposalView, Proposals};
use crate::config;
use crate::journal::{Entry, Offset};
use crate::store::RecordState;

/// Records read at once.
const PAGE: usize = 500;
/// Examples shown of what a declaration would settle.
const EXAMPLES: usize = 5;
/// Senders proposed at most.
const PROPOSED: usize = 12;

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

/// Takes up what an import brought beside what was declared before. What the user has taken back since stays taken back; the
/// rest goes to the journal, as what the user decides now would.
///
/// # Errors
/// Store or journal cannot be used.
pub fn take_in(shared: &Shared, before: &BTreeMap<Declared, UnixTime>) -> Result<(), EngineError> {
    let mut taken_back = BTreeSet::new();
    shared.journal.replay(Offset(0), |_, entry| match entry {
        Some(Entry::Declared { sender, .. }) => {
            taken_back.remove(&sender);
        }
        Some(Entry::Undeclared { sender }) => {
            taken_back.insert(sender);
        }
        _ => {}
    })?;
    for (sender, at) in shared.store.declared()? {
        if before.contains_key(&sender) {
            continue;
        }
        if taken_back.contains(&sender) {
            shared.store.undeclare(&sender)?;
        } else {
            records::record_decision(shared, Entry::Declared { sender, at })?;
        }
    }
    take_up(shared)
}

impl Engine {
    /// By what the user could say that these mails answer mail of theirs.
    pub(super) async fn propose(&self, names: Vec<api::RecordId>) -> Result<Proposals, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        blocking(move || {
            let mut asked = Vec::new();
            for name in &names {
                asked.push(named(&shared, name)?);
            }
            let Some(first) = asked.first() else { return Ok(Proposals::default()) };
            let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
            let verified = asked.iter().all(|one| one.signature_verifies);
            let mut senders = declarable(&first.notice, &profile, verified);
            senders.retain(|sender| asked.iter().all(|one| is_from(sender, &one.notice)));
            senders.truncate(PROPOSED);
            if senders.is_empty() {
                return Ok(Proposals { senders: Vec::new(), why_none: Some(why_none(&asked)) });
            }
            let mut tally = Tally::of(senders, Alike::of(&asked, &profile), profile);
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
            // First: whoever learns from the store that there is news judges by the profile as it is then.
            let new = profile_of(&shared).declared.insert(sender.clone());
            let recorded = records::record_decision(&shared, Entry::Declared { sender: sender.clone(), at });
            if recorded.is_err() && new {
                profile_of(&shared).declared.remove(&sender);
            }
            recorded?;
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
            if !configured {
                profile_of(&shared).declared.remove(&sender);
            }
            records::record_decision(&shared, Entry::Undeclared { sender })?;
            Ok(shared.store.durable()?)
        })
        .await?;
        self.look_again().await
    }

    /// Has every account that is watched judge again what is open, and look at the quarantine.
    pub(super) async fn look_again(&self) -> Result<(), EngineError> {
        for account in self.accounts(None)? {
            if let Some(inbox) = self.commands().inbox(&account.name) {
                let _ = inbox.send(InboxOrder::Check(None)).await;
            }
        }
        Ok(())
    }
}

fn profile_of(shared: &Shared) -> std::sync::RwLockWriteGuard<'_, Profile> {
    shared.profile.write().unwrap_or_else(PoisonError::into_inner)
}

/// A mail that the user names.
pub struct Named {
    /// What was read of it.
    pub notice: Arc<Notice>,
    /// Its INTERNALDATE.
    pub arrived: UnixTime,
    /// A signature of the user's domain on its original was checked, and is valid.
    signature_verifies: bool,
}

/// The mail of this name.
///
/// # Errors
/// There is none, or store or journal cannot be read.
pub fn named(shared: &Shared, name: &api::RecordId) -> Result<Named, EngineError> {
    let unknown = || EngineError::NoSuchRecord(name.0.clone());
    if let Some(key) = open_key(name) {
        let open = shared.store.open_notice(&key)?.ok_or_else(unknown)?;
        let signature_verifies = open.answers.own_signature == LookUp::Answer(true);
        return Ok(Named { notice: open.notice, arrived: open.internal_date, signature_verifies });
    }
    let record = record_id(name).ok_or_else(unknown)?;
    let record = shared.store.record(record)?.ok_or_else(unknown)?;
    match shared.journal.entry_at(Offset(record.journal_offset))? {
        Some(Entry::Move { record: id, explained, .. }) if id == record.id => Ok(Named {
            notice: explained.notice,
            arrived: record.internal_date,
            // With one it would not have been moved.
            signature_verifies: false,
        }),
        _ => Err(unknown()),
    }
}

fn why_none(asked: &[Named]) -> String {
    let nothing = asked.iter().any(|one| one.notice.original.is_none());
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

/// What mails that the user named are alike in: if they were taken for a storm, so are others of the user's.
#[derive(Default)]
struct Alike {
    subjects: BTreeSet<Subject>,
    addresses: BTreeSet<IpAddr>,
    made_up: bool,
}

impl Alike {
    fn of(asked: &[Named], profile: &Profile) -> Self {
        let mut alike = Self::default();
        for one in asked {
            let likeness = Likeness::of(&one.notice, one.arrived, profile);
            let (subject, address) = likeness.map(|it| (it.subject, it.address)).unwrap_or_default();
            alike.subjects.extend(subject);
            alike.addresses.extend(address);
            let receivers = one.notice.outer.receivers.iter();
            alike.made_up |= receivers.into_iter().any(|(_, to)| profile.own_domains.contains(to.domain()));
        }
        alike
    }
}

/// What each sender would settle beside the mails that were named.
struct Tally {
    views: Vec<ProposalView>,
    /// When the examples of each came, with their subjects.
    examples: Vec<Vec<(UnixTime, String)>>,
    alike: Alike,
    profile: Profile,
}

impl Tally {
    fn of(senders: Vec<Declared>, alike: Alike, profile: Profile) -> Self {
        let view = |sender: Declared| ProposalView {
            text: sender_in_words(&sender),
            forgeable: is_forgeable(&sender),
            sender,
            brings_back: 0,
            settles: 0,
            seem_forged: 0,
            examples: Vec::new(),
        };
        let views: Vec<ProposalView> = senders.into_iter().map(view).collect();
        Self { examples: vec![Vec::new(); views.len()], views, alike, profile }
    }

    /// Counts a mail for each sender that it shows.
    fn count(
        &mut self,
        (notice, arrived): (&Notice, UnixTime),
        condemned: Option<(&str, &[Evidence])>,
        count: impl Fn(&mut ProposalView) -> &mut u64,
    ) {
        let forged =
            condemned.is_some_and(|(rule, evidence)| self.seems_forged(notice, arrived, rule, evidence));
        for (view, examples) in self.views.iter_mut().zip(&mut self.examples) {
            if !is_from(&view.sender, notice) {
                continue;
            }
            *count(view) += 1;
            view.seem_forged += u64::from(forged);
            examples.push((arrived, notice.outer.subject.clone()));
            if examples.len() > 2 * EXAMPLES {
                examples.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
                examples.truncate(EXAMPLES);
            }
        }
    }

    /// Whether a mail was condemned by more than a missing id, and by nothing that the named mails have as well.
    fn seems_forged(&self, notice: &Notice, arrived: UnixTime, rule: &str, evidence: &[Evidence]) -> bool {
        let by = |wanted: &str| evidence.iter().any(|fact| fact.rule == wanted);
        if by("spf") || rule == "made_up" && !self.alike.made_up {
            return true;
        }
        let likeness = Likeness::of(notice, arrived, &self.profile);
        by("storm")
            && likeness.is_some_and(|it| {
                let subject = it.subject.is_some_and(|subject| self.alike.subjects.contains(&subject));
                let address = it.address.is_some_and(|address| self.alike.addresses.contains(&address));
                !subject && !address
            })
    }

    fn count_open(&mut self, account: &Account, but: &[api::RecordId]) -> Result<(), EngineError> {
        for key in account.store.open_keys(account.id)? {
            if but.iter().any(|name| open_key(name) == Some(key)) {
                continue;
            }
            let Some(open) = account.store.open_notice(&key)? else { continue };
            let last = open.last.as_ref().filter(|last| last.verdict == "backscatter");
            let condemned = last.map(|last| (last.rule.as_str(), last.evidence.as_slice()));
            self.count((&open.notice, open.internal_date), condemned, |view| &mut view.settles);
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
                let condemned = Some((explained.rule.as_str(), explained.evidence.as_slice()));
                let mail = (&*explained.notice, record.internal_date);
                self.count(mail, condemned, |view| &mut view.brings_back);
            }
        }
    }

    /// The one that settles the fewest others first; what spammers write as well comes last.
    fn narrowest_first(self) -> Vec<ProposalView> {
        let mut views = self.views;
        for (view, mut examples) in views.iter_mut().zip(self.examples) {
            examples.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            view.examples = examples.into_iter().take(EXAMPLES).map(|(_, subject)| subject).collect();
        }
        views.sort_by_key(|view| (view.seem_forged, view.brings_back + view.settles));
        views
    }
}
