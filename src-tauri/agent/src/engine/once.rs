//! `run --once`: bring the index up to date, judge what is in the watched folders, act, end.

use std::sync::atomic::Ordering;

use rules::UnixTime;

use super::account::Account;
use super::early::Early;
use super::folders::{self, Folders};
use super::index::{self, SeenCounts};
use super::pass::{Passed, Side, pass};
use super::restore::restore;
use super::scan::{forget_gone, scan};
use super::{Engine, EngineError, blocking, hosts, never_sent, recover, reports, rescue};
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

impl OnceSummary {
    fn of(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            mails: 0,
            moved: 0,
            would_move: 0,
            genuine: 0,
            undecided: 0,
            rescued: 0,
            error: None,
        }
    }
}

/// An account that has been read, and its two connections.
struct Session {
    account: Account,
    side: Connection,
    inbox: Connection,
    folders: Folders,
    seen: SeenCounts,
}

impl Engine {
    /// Runs once over every account: all are read before the first notice is judged, since what one account sent
    /// may be answered in another.
    pub async fn once(&self) -> Vec<OnceSummary> {
        let (mut summaries, mut sessions) = (Vec::new(), Vec::new());
        for config in &self.shared().config.accounts {
            let mut summary = OnceSummary::of(&config.name);
            let session = match Account::new(config.clone(), self.shared()) {
                Ok(account) => read(account, &self.early, &mut summary).await,
                Err(error) => Err(error),
            };
            match session {
                Ok(session) => sessions.push(Some(session)),
                Err(error) => {
                    summary.error = Some(error);
                    sessions.push(None);
                }
            }
            summaries.push(summary);
        }
        for (summary, session) in summaries.iter_mut().zip(sessions) {
            if let Some(session) = session {
                summary.error = act(session, summary).await.err();
            }
        }
        let any = summaries.iter().any(|summary| summary.error.is_none());
        if any
            && !self.shared().dry_run.load(Ordering::Relaxed)
            && let Err(error) = hosts::ask(self.shared(), hosts::SHORT_ROUND).await
        {
            tracing::warn!("what the network says of hosts could not be kept: {error}");
        }
        summaries
    }
}

/// Signs in, settles what was cut off, brings the index up to date, and reads the watched folders.
async fn read(account: Account, early: &Early, summary: &mut OnceSummary) -> Result<Session, EngineError> {
    account.set_state(AccountState::Connecting);
    let (mut side, mut inbox) = account.connect_twice(early).await?;
    let mut folders = folders::find(&account, &mut inbox).await?;
    recover::settle(&account, &mut inbox, &mut folders).await?;
    let mut seen = SeenCounts::default();
    account.set_state(AccountState::Scanning);
    let (indexed, scanned) = tokio::join!(
        index::refresh(&account, &mut side, &folders, &mut seen),
        scan_all(&account, &mut inbox, &folders),
    );
    indexed?;
    summary.mails = scanned?;
    Ok(Session { account, side, inbox, folders, seen })
}

/// Judges what is open, moves what is condemned, and puts back what turned out to be genuine.
async fn act(session: Session, summary: &mut OnceSummary) -> Result<(), EngineError> {
    let Session { account, mut side, mut inbox, mut folders, mut seen } = session;
    let account = &account;
    let passed = judge_and_move(account, &mut inbox, &mut folders, &mut side, &mut seen).await?;
    // Asked of the store, not of this run alone: an earlier one may have been cut off before it put them back.
    let owned = account.clone();
    let mut rescued = blocking(move || Ok(owned.store.records_to_rescue(owned.id)?)).await?;
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
    reports::learn_and_fill(account).await;
    let owned = account.clone();
    let written = blocking(move || Ok(owned.store.durable()?));
    let (durable, (), ()) = tokio::join!(written, side.log_out(), inbox.log_out());
    durable?;
    account.set_state(AccountState::Stopped);
    // Said at the end: all has been judged and can be looked at, but nothing of it can be proved.
    folders.need_sent(account)
}

async fn scan_all(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
) -> Result<u32, EngineError> {
    never_sent::look(account, connection, folders).await?;
    let mut mails = 0;
    for (id, name) in &folders.watch {
        // First: what has gone and come back since is known by having gone.
        forget_gone(account, connection, *id, name).await?;
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
