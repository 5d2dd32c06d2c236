//! All mails that were ever moved, in one list: what is searched for, counted and ordered of each. The journal is the truth, so
//! it is read once and then on from where that ended.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rules::notice::Host;
use rules::{Address, Kind, Notice, Profile, Reason, UnixTime, chain};

use super::super::EngineError;
use crate::api::{Query, RecordState};
use crate::journal::{Entry, Journal, Offset, RestoreReason};
use crate::store::{Fingerprint, RecordId};

/// What is searched for, counted and ordered of a mail.
#[derive(Clone, Debug)]
pub struct Row {
    /// The account.
    pub account: Arc<str>,
    /// Where it is; none while it is on its way.
    pub state: Option<RecordState>,
    /// When it came.
    pub arrived: UnixTime,
    /// When it was moved; when it came, where it was not.
    pub moved_at: UnixTime,
    /// The kind of the notice.
    pub kind: Kind,
    /// Why the original was not delivered.
    pub reason: Option<Reason>,
    /// The subject of the notice.
    pub subject: Box<str>,
    /// Who sent the notice.
    pub from: Box<str>,
    /// The server that sent the notice: its address, or its name where none is known; empty where neither is.
    pub server: Box<str>,
    /// In lower case, what else is searched.
    pub(super) also: Box<str>,
}

impl Row {
    /// What is known of a notice.
    pub fn of(
        account: Arc<str>,
        notice: &Notice,
        (arrived, moved_at): (UnixTime, UnixTime),
        profile: &Profile,
    ) -> Self {
        let text = |address: &Address| address.to_string();
        let server = chain::backscatterer(notice, profile);
        let original = notice.original.as_ref();
        let mut also: Vec<String> =
            notice.recipients.iter().map(|recipient| text(&recipient.address)).collect();
        also.extend(original.iter().flat_map(|it| it.to.iter().chain(&it.from)).map(text));
        also.extend(original.and_then(|it| it.subject.clone()));
        also.extend(server.as_ref().and_then(|host| host.name.clone()));
        Self {
            account,
            state: None,
            arrived,
            moved_at,
            kind: notice.kind,
            reason: notice.reason,
            subject: notice.outer.subject.as_str().into(),
            from: notice.outer.from.as_ref().map(text).unwrap_or_default().into(),
            server: server.as_ref().map(name_of).unwrap_or_default().into(),
            also: also.join(" ").to_lowercase().into(),
        }
    }
}

/// By what a server is told from others.
pub fn name_of(host: &Host) -> String {
    match (host.ip, &host.name) {
        (Some(ip), _) => ip.to_canonical().to_string(),
        (None, Some(name)) => name.clone(),
        (None, None) => String::new(),
    }
}

/// A query, ready to be held against many rows.
pub struct Sought {
    query: Query,
    words: Vec<String>,
}

impl Sought {
    /// Makes a query ready.
    pub fn new(query: Query) -> Self {
        let words = query.text.split_whitespace().map(str::to_lowercase).collect();
        Self { query, words }
    }

    /// Whether mails in this state are sought.
    pub fn wants(&self, state: RecordState) -> bool {
        self.query.states.is_empty() || self.query.states.contains(&state)
    }

    /// Whether a mail is sought.
    pub fn matches(&self, row: &Row) -> bool {
        let Query { account, kinds, server, from, to, .. } = &self.query;
        row.state.is_some_and(|state| self.wants(state))
            && account.as_deref().is_none_or(|account| account == &*row.account)
            && (kinds.is_empty() || kinds.contains(&row.kind))
            && server.as_deref().is_none_or(|server| server == &*row.server)
            && from.is_none_or(|from| row.arrived >= from)
            && to.is_none_or(|to| row.arrived < to)
            && self.words.iter().all(|word| has(row, word))
    }
}

fn has(row: &Row, word: &str) -> bool {
    let found = |text: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let in_any_case = |text: &str| found(text) || found(&text.to_lowercase());
    in_any_case(&row.subject) || in_any_case(&row.from) || found(&row.server) || found(&row.also)
}

/// The list of all mails that were ever moved.
#[derive(Default)]
pub struct Catalogue {
    rows: BTreeMap<RecordId, Row>,
    by_mail: HashMap<(Arc<str>, Fingerprint), RecordId>,
    accounts: BTreeMap<String, Arc<str>>,
    read_to: Offset,
}

impl Catalogue {
    /// The mails, in the order in which they were moved.
    pub fn rows(&self) -> impl Iterator<Item = (RecordId, &Row)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    /// Takes in what the journal got since.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn catch_up(&mut self, journal: &Journal, profile: &Profile) -> Result<(), EngineError> {
        let end = journal.end();
        if end < self.read_to {
            *self = Self::default();
        }
        if end == self.read_to {
            return Ok(());
        }
        journal.replay(self.read_to, |_, entry| {
            if let Some(entry) = entry {
                self.take(entry, profile);
            }
        })?;
        self.read_to = end;
        Ok(())
    }

    fn take(&mut self, entry: Entry, profile: &Profile) {
        match entry {
            Entry::Move { record, account, identity, at, explained, .. } => {
                let account = self.account(account);
                self.by_mail.insert((account.clone(), identity.fingerprint), record);
                self.rows.insert(
                    record,
                    Row::of(account, &explained.notice, (identity.internal_date, at), profile),
                );
            }
            Entry::NotMoved { record } => {
                self.rows.remove(&record);
            }
            Entry::Moved { record, .. } | Entry::Restore { record, .. } | Entry::NotRestored { record } => {
                self.is(record, RecordState::Quarantined);
            }
            Entry::Gone { record } => self.is(record, RecordState::Gone),
            Entry::Restored { record, reason } => self.is(
                record,
                match reason {
                    RestoreReason::User => RecordState::Restored,
                    RestoreReason::Rescue => RecordState::Rescued,
                },
            ),
            Entry::Purged { records } => {
                for record in records {
                    self.is(record, RecordState::Purged);
                }
            }
            Entry::PutBack { account, fingerprints } => {
                let account = self.account(account);
                for fingerprint in fingerprints {
                    if let Some(record) = self.by_mail.get(&(account.clone(), fingerprint)) {
                        self.is(*record, RecordState::Restored);
                    }
                }
            }
            Entry::Purge { .. }
            | Entry::Met { .. }
            | Entry::Report { .. }
            | Entry::Declared { .. }
            | Entry::Undeclared { .. } => {}
        }
    }

    fn is(&mut self, record: RecordId, state: RecordState) {
        if let Some(row) = self.rows.get_mut(&record) {
            row.state = Some(state);
        }
    }

    fn account(&mut self, name: String) -> Arc<str> {
        self.accounts.entry(name).or_insert_with_key(|name| Arc::from(name.as_str())).clone()
    }
}
