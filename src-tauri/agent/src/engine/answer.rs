//! Answers to the command line, the tray and the window: from a running agent or, where none runs, by the
//! command itself, which then signs in for what needs the server.

use std::path::PathBuf;
use std::sync::PoisonError;

use tokio::sync::{broadcast, oneshot};

use super::account::Account;
use super::folders;
use super::pass::{Side, pass};
use super::view::{coverage_sentence, of_open, of_record, open_key, record_id, record_name};
use super::watch::InboxOrder;
use super::{Commands, Engine, EngineError, alarm, blocking, hosts, mine, orders, recover};
use crate::api::{
    AccountState, AccountView, ApiError, Changed, CheckView, CheckedPart, ErrorCode, Event, Exported, Failed,
    FolderView, Imported, PAGE, Purge, RecordPage, RecordState, RecordView, Request, Response, RuleView,
    StatusView,
};
use crate::config;
use crate::imap::FailureClass;
use crate::journal::{Offset, RestoreReason};
use crate::socket::Answer;
use crate::store::{self, RecordId};

impl Answer for Engine {
    async fn answer(&self, request: Request) -> Result<Response, ApiError> {
        Ok(self.reply(request).await?)
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.shared().events.subscribe()
    }
}

/// Records, sorted by the account that they belong to.
type Sorted = Vec<(Account, Vec<RecordId>)>;

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        Self::new(code_of(&error), error.to_string())
    }
}

fn code_of(error: &EngineError) -> ErrorCode {
    match error {
        EngineError::Store(_) | EngineError::Journal(_) => ErrorCode::StoreDamaged,
        EngineError::Secret(_) | EngineError::Key(_) => ErrorCode::NoSecret,
        EngineError::NoSuchAccount(_) => ErrorCode::NoSuchAccount,
        EngineError::NoSuchRecord(_) | EngineError::NotLearned(_) => ErrorCode::NoSuchRecord,
        EngineError::NotDeclarable(_) => ErrorCode::BadRequest,
        EngineError::NotConnected { .. } | EngineError::Slept => ErrorCode::NoConnection,
        EngineError::Stopping => ErrorCode::Ending,
        EngineError::Imap(inner) if inner.is_connection() => ErrorCode::NoConnection,
        EngineError::Imap(_) if error.class() == FailureClass::SignIn => ErrorCode::SignInRefused,
        EngineError::FolderMissing { .. }
        | EngineError::NoSentFolder { .. }
        | EngineError::Configured(_)
        | EngineError::NoSafeMove { .. } => ErrorCode::Configuration,
        EngineError::Backup(_) | EngineError::Folder { .. } => ErrorCode::FileFailed,
        EngineError::Imap(_) | EngineError::ReadOnly { .. } | EngineError::Task(_) => ErrorCode::ServerFailed,
    }
}

impl Engine {
    async fn reply(&self, request: Request) -> Result<Response, EngineError> {
        match request {
            Request::Status => self.status().await.map(Response::Status),
            Request::QuarantineList { account, state, limit, after } => {
                self.list(account, state, limit, after).await.map(Response::Records)
            }
            Request::Undecided { account, limit, after } => {
                self.undecided(account, limit, after).await.map(Response::Records)
            }
            Request::QuarantineShow { id } => {
                self.show(id).await.map(|view| Response::Record(Box::new(view)))
            }
            Request::QuarantineApply { account } => self.apply(account).await.map(Response::Changed),
            Request::QuarantineRestore { ids } => self.restore(ids).await.map(Response::Changed),
            Request::QuarantinePurge { which } => self.purge(which).await.map(Response::Changed),
            Request::Export { path } => self.export(path).await.map(Response::Exported),
            Request::Import { path } => self.import(path).await.map(Response::Imported),
            Request::Check => self.check().await.map(Response::Checked),
            Request::Rules => self.rules().await.map(Response::Rules),
            Request::Sources => self.sources().await.map(Response::Sources),
            Request::Propose { ids } => self.propose(ids).await.map(Response::Proposals),
            Request::Declare { sender } => self.declare(sender).await.map(|()| Response::Accepted),
            Request::Learned => self.learned().await.map(Response::Learned),
            Request::Selectors => self.selectors().await.map(Response::Selectors),
            Request::Forget { name } => self.forget(name).await.map(|()| Response::Accepted),
            Request::CheckNow { account } => self.check_now(account).await.map(|()| Response::Accepted),
            Request::Subscribe => Ok(Response::Accepted),
            Request::Shutdown => {
                self.shared().stop.cancel();
                Ok(Response::Accepted)
            }
        }
    }

    /// The accounts of the configuration, or the one of a name.
    pub(super) fn accounts(&self, name: Option<&str>) -> Result<Vec<Account>, EngineError> {
        let wanted = |account: &&config::Account| name.is_none_or(|name| account.name == name);
        let accounts: Vec<&config::Account> = self.shared().config.accounts.iter().filter(wanted).collect();
        if let (true, Some(name)) = (accounts.is_empty(), name) {
            return Err(EngineError::NoSuchAccount(name.to_owned()));
        }
        let open = |account: &config::Account| match self.commands().account(&account.name) {
            Some(running) => Ok(running),
            None => Account::new(account.clone(), self.shared()),
        };
        accounts.into_iter().map(open).collect()
    }

    async fn rules(&self) -> Result<Vec<RuleView>, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let mut counts = shared.store.rule_counts()?;
            let mut views: Vec<RuleView> = shared
                .rules
                .list()
                .cloned()
                .chain(rules::by_structure())
                .map(|about| {
                    let recognised = counts.remove(&about.id).unwrap_or_default();
                    RuleView::of(about, recognised)
                })
                .collect();
            // A rule that is gone leaves its count.
            views.extend(counts.into_iter().map(|(id, recognised)| RuleView::gone(id, recognised)));
            Ok(views)
        })
        .await
    }

    async fn status(&self) -> Result<StatusView, EngineError> {
        let accounts = self.accounts(None)?;
        let commands = self.commands().clone();
        blocking(move || {
            let views = accounts.iter().map(|account| account_view(account, &commands));
            Ok(StatusView {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                running: accounts.iter().any(|account| commands.account(&account.name).is_some()),
                accounts: views.collect::<Result<_, _>>()?,
            })
        })
        .await
    }

    async fn list(
        &self,
        account: Option<String>,
        state: Option<RecordState>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        if let Some(RecordState::Judged | RecordState::Undecided) = state {
            return self.open_page(account, state, limit, after).await;
        }
        let accounts = self.accounts(account.as_deref())?;
        let journal = self.shared().journal.clone();
        blocking(move || {
            let mut all = Vec::new();
            for account in &accounts {
                let mut from = None;
                loop {
                    let page = account.store.records(account.id, from, 1_000)?;
                    let Some(last) = page.last() else { break };
                    from = Some(last.id);
                    all.extend(page.into_iter().map(|record| (account.name.clone(), record)));
                }
            }
            all.retain(|(_, record)| state_of(record.state).is_some_and(|is| state.is_none_or(|s| s == is)));
            all.sort_by_key(|(_, record)| std::cmp::Reverse(record.id));
            let total = all.len() as u64;
            let after = after.as_ref().and_then(record_id);
            let rest: Vec<_> =
                all.into_iter().filter(|(_, r)| after.is_none_or(|after| r.id < after)).collect();
            let limit = limit.clamp(1, PAGE) as usize;
            let next =
                (rest.len() > limit).then(|| rest.get(limit - 1).map(|(_, r)| record_name(r.id))).flatten();
            let mut records = Vec::new();
            for (name, record) in rest.iter().take(limit) {
                records.extend(of_record(&journal, name, record, false)?);
            }
            Ok(RecordPage { records, total, next })
        })
        .await
    }

    async fn undecided(
        &self,
        account: Option<String>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        self.open_page(account, Some(RecordState::Undecided), limit, after).await
    }

    async fn open_page(
        &self,
        account: Option<String>,
        state: Option<RecordState>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        let accounts = self.accounts(account.as_deref())?;
        blocking(move || {
            let mut views = Vec::new();
            for account in &accounts {
                for key in account.store.open_keys(account.id)? {
                    let Some(open) = account.store.open_notice(&key)? else { continue };
                    views.extend(of_open(account, &open, false).filter(|view| Some(view.state) == state));
                }
            }
            views.sort_by(|a, b| (b.arrived, &b.id).cmp(&(a.arrived, &a.id)));
            let total = views.len() as u64;
            let begin =
                after.and_then(|id| views.iter().position(|view| view.id == id)).map_or(0, |at| at + 1);
            let limit = limit.clamp(1, PAGE) as usize;
            let more = views.len() > begin + limit;
            let records: Vec<RecordView> = views.into_iter().skip(begin).take(limit).collect();
            let next = if more { records.last().map(|view| view.id.clone()) } else { None };
            Ok(RecordPage { records, total, next })
        })
        .await
    }

    async fn show(&self, id: crate::api::RecordId) -> Result<RecordView, EngineError> {
        let accounts = self.accounts(None)?;
        let shared = self.shared().clone();
        blocking(move || {
            let unknown = || EngineError::NoSuchRecord(id.0.clone());
            let store = &shared.store;
            let mut view = if let Some(key) = open_key(&id) {
                let open = store.open_notice(&key)?.ok_or_else(unknown)?;
                let account =
                    accounts.iter().find(|account| account.id == open.account).ok_or_else(unknown)?;
                of_open(account, &open, true).ok_or_else(unknown)?
            } else {
                let record = record_id(&id).ok_or_else(unknown)?;
                let record = store.record(record)?.ok_or_else(unknown)?;
                let account = accounts.iter().find(|account| account.id == record.account);
                let name = account.map_or("", |account| &account.name);
                of_record(&shared.journal, name, &record, true)?.ok_or_else(unknown)?
            };
            let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
            view.evidence.extend(hosts::hints(store, &*mine::notice_of(&shared, &id)?, &profile)?);
            Ok(view)
        })
        .await
    }

    async fn apply(&self, account: Option<String>) -> Result<Changed, EngineError> {
        let mut changed = Changed::default();
        for account in self.accounts(account.as_deref())? {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => ask(&account, &inbox, InboxOrder::Apply).await?,
                None => apply_alone(&account).await?,
            };
            changed.done += one.done;
            changed.failed.extend(one.failed);
        }
        Ok(changed)
    }

    async fn restore(&self, names: Vec<crate::api::RecordId>) -> Result<Changed, EngineError> {
        let (sorted, mut changed) = self.sort_by_account(names)?;
        for (account, ids) in sorted {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => {
                    let order = |reply| InboxOrder::Restore(ids, RestoreReason::User, Some(reply));
                    ask(&account, &inbox, order).await?
                }
                None => {
                    let mut alone = Alone::sign_in(&account).await?;
                    let reason = RestoreReason::User;
                    orders::restore_all(&account, &mut alone.connection, &alone.folders, ids, reason).await?
                }
            };
            changed.done += one.done;
            changed.failed.extend(one.failed);
        }
        Ok(changed)
    }

    async fn purge(&self, which: Purge) -> Result<Changed, EngineError> {
        let names = match which {
            Purge::Ids(names) => names,
            Purge::OlderThan(seconds) => {
                let before = self.shared().clock.now().minus(seconds);
                let mut names = Vec::new();
                for account in self.accounts(None)? {
                    let mut after = None;
                    loop {
                        let page = account.store.records(account.id, after, 1_000)?;
                        let Some(last) = page.last() else { break };
                        after = Some(last.id);
                        let old =
                            |r: &&store::Record| r.state == store::RecordState::Moved && r.moved_at < before;
                        names.extend(page.iter().filter(old).map(|record| record_name(record.id)));
                    }
                }
                names
            }
        };
        let (sorted, mut changed) = self.sort_by_account(names)?;
        for (account, ids) in sorted {
            let one = match self.commands().inbox(&account.name) {
                Some(inbox) => ask(&account, &inbox, |reply| InboxOrder::Purge(ids, reply)).await?,
                None => {
                    let mut alone = Alone::sign_in(&account).await?;
                    orders::purge_all(&account, &mut alone.connection, &alone.folders, ids).await?
                }
            };
            changed.done += one.done;
            changed.failed.extend(one.failed);
        }
        Ok(changed)
    }

    fn sort_by_account(&self, names: Vec<crate::api::RecordId>) -> Result<(Sorted, Changed), EngineError> {
        let mut changed = Changed::default();
        let mut sorted: Sorted =
            self.accounts(None)?.into_iter().map(|account| (account, Vec::new())).collect();
        for name in names {
            let record = match record_id(&name) {
                Some(id) => self.shared().store.record(id)?,
                None => None,
            };
            let of =
                record.and_then(|r| sorted.iter_mut().find(|(a, _)| a.id == r.account).map(|s| (s, r.id)));
            match of {
                Some(((_, ids), id)) => ids.push(id),
                None => {
                    let why = "there is no such record; `neversent quarantine list` shows them".to_owned();
                    changed.failed.push(Failed { id: name, why });
                }
            }
        }
        sorted.retain(|(_, ids)| !ids.is_empty());
        Ok((sorted, changed))
    }

    async fn export(&self, path: Option<PathBuf>) -> Result<Exported, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let path = match path {
                Some(path) => path,
                None => super::export::daily_path(&shared)?,
            };
            let summary = shared.store.export(&path, shared.clock.now()).map_err(super::backup_failed)?;
            Ok(Exported { path, entries: summary.entries, bytes: summary.bytes })
        })
        .await
    }

    async fn import(&self, path: PathBuf) -> Result<Imported, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let summary = shared.store.import(&path).map_err(super::backup_failed)?;
            shared.store.durable()?;
            Ok(Imported {
                entries: summary.added,
                known: summary.entries.saturating_sub(summary.added),
                damaged: 0,
            })
        })
        .await
    }

    async fn check(&self) -> Result<CheckView, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let report = shared.store.check()?;
            let mut parts = vec![CheckedPart {
                name: "index".into(),
                text: format!(
                    "{} ids of sent mail, {} mails in Sent folders, {} quarantine records, {} open notices",
                    report.ids, report.uids, report.records, report.open
                ),
                problem: (!report.problems.is_empty()).then(|| report.problems.join("; ")),
            }];
            let (mut whole, mut damaged) = (0_u64, 0_u64);
            shared.journal.replay(Offset(0), |_, entry| match entry {
                Some(_) => whole += 1,
                None => damaged += 1,
            })?;
            parts.push(CheckedPart {
                name: "journal".into(),
                text: format!("{whole} entries"),
                problem: (damaged > 0).then(|| {
                    format!("{damaged} lines cannot be read; the mails they tell of are found again by the server's state")
                }),
            });
            Ok(CheckView { parts })
        })
        .await
    }

    async fn check_now(&self, account: Option<String>) -> Result<(), EngineError> {
        for account in self.accounts(account.as_deref())? {
            let inbox = self.commands().inbox(&account.name);
            let inbox = inbox.ok_or_else(|| EngineError::NotConnected { account: account.name.clone() })?;
            let _ = inbox.send(InboxOrder::Check(None)).await;
        }
        Ok(())
    }
}

fn state_of(state: store::RecordState) -> Option<RecordState> {
    match state {
        store::RecordState::Moving => None,
        store::RecordState::Moved | store::RecordState::Restoring => Some(RecordState::Quarantined),
        store::RecordState::Restored | store::RecordState::PutBack => Some(RecordState::Restored),
        store::RecordState::Rescued => Some(RecordState::Rescued),
        store::RecordState::Purged => Some(RecordState::Purged),
        store::RecordState::Gone => Some(RecordState::Gone),
    }
}

fn account_view(account: &Account, commands: &Commands) -> Result<AccountView, EngineError> {
    let (store, id) = (&account.store, account.id);
    let running = commands.account(&account.name).is_some();
    let counts = store.counts(id)?;
    let to_apply = store.open_backscatter(id)?.len() as u64;
    let open = store.open_count(id)?;
    let sent = store.sent_folders(id)?;
    let mut sent_folders = Vec::new();
    for (folder, _) in &sent {
        sent_folders.push(store.folder_name(*folder)?.display());
    }
    let traffic = account.traffic();
    Ok(AccountView {
        name: account.name.clone(),
        state: if running { account.state() } else { AccountState::Stopped },
        mode: account.config.mode,
        watched: account
            .config
            .watch
            .iter()
            .map(|name| FolderView { name: name.clone(), mails: None })
            .collect(),
        sent_folders,
        sent_indexed: sent.iter().map(|(_, folder)| u64::from(folder.known)).sum(),
        coverage: coverage_sentence(&store.coverage_of(id)?, account.server_now()),
        judged: counts.values().sum(),
        undecided: open.saturating_sub(to_apply),
        to_apply,
        quarantined: store.record_counts(id)?.get(&store::RecordState::Moved).copied().unwrap_or(0),
        bytes_in: traffic.0,
        bytes_out: traffic.1,
        problem: match account.state() {
            AccountState::Waiting { why, .. } if running => Some(why),
            _ => None,
        },
        alarm: alarm::shown(account)?,
    })
}

async fn ask(
    account: &Account,
    inbox: &tokio::sync::mpsc::Sender<InboxOrder>,
    order: impl FnOnce(oneshot::Sender<Result<Changed, EngineError>>) -> InboxOrder,
) -> Result<Changed, EngineError> {
    let not_connected = || EngineError::NotConnected { account: account.name.clone() };
    if !matches!(
        account.state(),
        AccountState::Watching(_) | AccountState::Scanning | AccountState::Indexing { .. }
    ) {
        return Err(not_connected());
    }
    let (reply, answer) = oneshot::channel();
    inbox.send(order(reply)).await.map_err(|_| not_connected())?;
    answer.await.map_err(|_| not_connected())?
}

/// A connection for one order, where no agent runs.
struct Alone {
    connection: crate::imap::Connection,
    folders: folders::Folders,
}

impl Alone {
    async fn sign_in(account: &Account) -> Result<Self, EngineError> {
        let mut connection = account.connect().await?;
        let mut folders = folders::find(account, &mut connection).await?;
        recover::settle(account, &mut connection, &mut folders).await?;
        Ok(Self { connection, folders })
    }
}

async fn apply_alone(account: &Account) -> Result<Changed, EngineError> {
    let mut alone = Alone::sign_in(account).await?;
    let mut side = account.connect().await?;
    let mut seen = super::index::SeenCounts::default();
    super::index::refresh(account, &mut side, &alone.folders, &mut seen).await?;
    let owned = account.clone();
    let keys = blocking(move || Ok(owned.store.open_keys(owned.id)?)).await?;
    let side = Side::Own { connection: &mut side, seen: &mut seen };
    let passed = pass(account, &mut alone.connection, &mut alone.folders, side, keys, true).await?;
    let store = account.store.clone();
    blocking(move || Ok(store.durable()?)).await?;
    Ok(Changed { done: passed.moved.into(), failed: Vec::new() })
}
