//! Answers to the command line, the tray and the window: from a running agent or, where none runs, by the
//! command itself, which then signs in for what needs the server.

use std::path::PathBuf;

use tokio::sync::broadcast;

use super::account::Account;
use super::view::coverage_sentence;
use super::watch::InboxOrder;
use super::{Commands, Engine, EngineError, alarm, blocking};
use crate::api::{
    AccountState, AccountView, ApiError, CheckView, CheckedPart, ErrorCode, Event, Exported, FolderView,
    Imported, Request, Response, RuleView, StatusView,
};
use crate::config;
use crate::imap::FailureClass;
use crate::journal::Offset;
use crate::socket::Answer;
use crate::store;

impl Answer for Engine {
    async fn answer(&self, request: Request) -> Result<Response, ApiError> {
        // It has room for every answer there is, which is more than a caller should carry.
        Ok(Box::pin(self.reply(request)).await?)
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.shared().events.subscribe()
    }
}

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
        EngineError::NotDeclarable(_) | EngineError::NotDone(_) => ErrorCode::BadRequest,
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
            Request::Reports => self.reports().await.map(Response::Reports),
            Request::Report { id } => self.report(id).await.map(|shown| Response::Report(Box::new(shown))),
            Request::ReportsOrder { ids, order } => self.order(ids, order).await.map(Response::Changed),
            Request::ReportsSend => self.send_reports().await.map(Response::Changed),
            Request::Unmatched => self.unmatched().await.map(Response::Unmatched),
            Request::Digest => self.digest().await.map(Response::Digest),
            Request::Draft { id, channel, look_up } => {
                self.draft(id, channel, look_up).await.map(|draft| Response::Draft(Box::new(draft)))
            }
            Request::Complain { id, complaint } => {
                self.complain(id, complaint).await.map(|()| Response::Accepted)
            }
            Request::Save { id, path } => self.save(id, path).await.map(|()| Response::Accepted),
            Request::Learned => self.learned().await.map(Response::Learned),
            Request::Selectors => self.selectors().await.map(Response::Selectors),
            Request::Forget { name } => self.forget(name).await.map(|()| Response::Accepted),
            Request::Search { query, sorting, offset, limit } => {
                self.search(query, sorting, offset, limit).await.map(Response::Records)
            }
            Request::Matching { query } => self.matching(query).await.map(Response::Ids),
            Request::SourceText { id } => self.source_text(id).await.map(Response::SourceText),
            Request::Overview { offset } => {
                self.overview(offset).await.map(|view| Response::Overview(Box::new(view)))
            }
            Request::Groups => self.groups().await.map(Response::Groups),
            Request::Decide { ids, decision } => self.decide(ids, decision).await.map(Response::Changed),
            Request::Pause { until } => self.pause(until).await.map(|()| Response::Accepted),
            Request::Resume => self.resume().await.map(|()| Response::Accepted),
            Request::Diagnostics => self.diagnostics().await.map(Response::Diagnostics),
            // Whoever hosts the engine changes what it goes by.
            Request::Settings
            | Request::ChangeSettings { .. }
            | Request::FindServers { .. }
            | Request::TryAccount { .. } => Err(EngineError::NotDone(
                "settings are changed through a running agent; start one with `neversent run`".to_owned(),
            )),
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

    pub(super) async fn status(&self) -> Result<StatusView, EngineError> {
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
        let imported = blocking(move || {
            let before = shared.store.declared()?;
            let summary = shared.store.import(&path).map_err(super::backup_failed)?;
            super::mine::take_in(&shared, &before)?;
            shared.store.durable()?;
            Ok(Imported {
                entries: summary.added,
                known: summary.entries.saturating_sub(summary.added),
                damaged: 0,
            })
        })
        .await?;
        self.look_again().await?;
        Ok(imported)
    }

    pub(super) async fn check(&self) -> Result<CheckView, EngineError> {
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
    let (traffic, coverage) = (account.traffic(), store.coverage_of(id)?);
    let known = coverage_sentence(&coverage, account.server_now());
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
        coverage: known.text,
        coverage_told: Some(known.told),
        complete: coverage.from.is_some(),
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
