//! `run --once`: bring the index up to date, judge what is in the watched folders, act, end.

use rules::UnixTime;

use super::account::Account;
use super::folders::{self, Folders};
use super::index::{self, SeenCounts};
use super::pass::{Passed, Side, pass};
use super::restore::restore;
use super::scan::scan;
use super::{Engine, EngineError, blocking, never_sent, recover, rescue};
use crate::api::AccountState;
use crate::config::{Keep, Mode};
use crate::imap::Connection;
use crate::journal::RestoreReason;

/// What one run did for an account.
#[derive(Debug)]
pub struct OnceSummary {
    /// The account.
    pub account: String,
    /// Mails looked at.
    pub mails: u32,
    /// Mails moved to the quarantine.
    pub moved: u32,
    /// Mails that would be moved: mode `observe`, or a dry run.
    pub would_move: u32,
    /// Notices found genuine.
    pub genuine: u32,
    /// Notices that stay undecided.
    pub undecided: u32,
    /// Mails put back because the sent copy turned up.
    pub rescued: u32,
    /// What ended the run of this account, if something did.
    pub error: Option<EngineError>,
}

impl Engine {
    /// Runs once over every account, one after the other.
    pub async fn once(&self) -> Vec<OnceSummary> {
        let mut summaries = Vec::new();
        for config in &self.shared().config.accounts {
            let mut summary = OnceSummary {
                account: config.name.clone(),
                mails: 0,
                moved: 0,
                would_move: 0,
                genuine: 0,
                undecided: 0,
                rescued: 0,
                error: None,
            };
            let ran = match Account::new(config.clone(), self.shared()) {
                Ok(account) => run_account(&account, &mut summary).await,
                Err(error) => Err(error),
            };
            summary.error = ran.err();
            summaries.push(summary);
        }
        summaries
    }
}

async fn run_account(account: &Account, summary: &mut OnceSummary) -> Result<(), EngineError> {
    account.set_state(AccountState::Connecting);
    let (side, inbox) = tokio::join!(account.connect(), account.connect());
    let (mut side, mut inbox) = (side?, inbox?);
    let mut folders = folders::find(account, &mut inbox).await?;
    recover::settle(account, &mut inbox, &mut folders).await?;
    let mut seen = SeenCounts::default();
    account.set_state(AccountState::Scanning);
    let (indexed, scanned) = tokio::join!(
        index::refresh(account, &mut side, &folders, &mut seen),
        scan_all(account, &mut inbox, &folders),
    );
    let mut rescued = indexed?;
    summary.mails = scanned?;
    let passed = judge_and_move(account, &mut inbox, &mut folders, &mut side, &mut seen).await?;
    rescued.extend(passed.rescued.iter().copied());
    let owned = account.clone();
    rescued.extend(blocking(move || rescue::find(&owned)).await?);
    rescued.sort_unstable();
    rescued.dedup();
    summary.moved = passed.moved;
    summary.would_move = would_move(account, &passed).await?;
    summary.genuine = passed.genuine;
    // In mode `observe` what is condemned waits among the undecided for the user's word.
    let waiting = if account.config.mode == Mode::Observe { summary.would_move } else { 0 };
    summary.undecided = passed.undecided.saturating_sub(waiting);
    if !rescued.is_empty() {
        let back = restore(account, &mut inbox, &folders, &rescued, RestoreReason::Rescue).await?;
        summary.rescued = u32::try_from(back.back.len()).unwrap_or(u32::MAX);
    }
    if let Keep::Seconds(keep) = account.config.keep {
        let before: UnixTime = account.server_now().minus(keep);
        never_sent::purge(account, &mut inbox, &folders, before).await?;
    }
    let store = account.store.clone();
    blocking(move || Ok(store.durable()?)).await?;
    account.set_state(AccountState::Stopped);
    let ((), ()) = tokio::join!(side.log_out(), inbox.log_out());
    Ok(())
}

async fn scan_all(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
) -> Result<u32, EngineError> {
    never_sent::look(account, connection, folders).await?;
    let mut mails = 0;
    for (id, name) in &folders.watch {
        mails += scan(account, connection, *id, name, false).await?.mails;
    }
    account.refresh_profile()?;
    Ok(mails)
}

async fn judge_and_move(
    account: &Account,
    inbox: &mut Connection,
    folders: &mut Folders,
    side: &mut Connection,
    seen: &mut SeenCounts,
) -> Result<Passed, EngineError> {
    let owned = account.clone();
    let keys = blocking(move || Ok(owned.store.open_keys(owned.id)?)).await?;
    pass(account, inbox, folders, Side::Own { connection: side, seen }, keys, false).await
}

async fn would_move(account: &Account, passed: &Passed) -> Result<u32, EngineError> {
    if account.config.mode == Mode::Quarantine {
        return Ok(if account.dry_run { passed.condemned } else { 0 });
    }
    let owned = account.clone();
    blocking(move || Ok(u32::try_from(owned.store.open_backscatter(owned.id)?.len()).unwrap_or(u32::MAX)))
        .await
}
