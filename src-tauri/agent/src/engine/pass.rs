//! One round: judge what is open, bring the index up to date where that may decide more, and move what is
//! condemned.

use super::account::Account;
use super::decide::judge_open;
use super::folders::Folders;
use super::index::{self, SeenCounts};
use super::moves;
use super::watch::SideHandle;
use super::{EngineError, blocking};
use crate::imap::Connection;
use crate::store::{MailKey, RecordId};

/// Rounds in which what is learned from one notice may decide another; each needs news, so few are ever used.
const ROUNDS: usize = 8;
/// Notices judged in one go, so that a flood does not hold the store for long.
const JUDGED_AT_ONCE: usize = 200;

/// The way to a fresh index.
pub enum Side<'a> {
    /// The connection that reads the Sent folders, in one's own hands.
    Own {
        /// The connection.
        connection: &'a mut Connection,
        /// What it remembers.
        seen: &'a mut SeenCounts,
    },
    /// The task that has that connection.
    Task(&'a SideHandle),
}

impl Side<'_> {
    /// Brings the index up to date; returns the quarantined mails that this rescues.
    async fn refresh(&mut self, account: &Account, folders: &Folders) -> Result<Vec<RecordId>, EngineError> {
        match self {
            Self::Own { connection, seen } => index::refresh(account, connection, folders, seen).await,
            // The task tells the rescued ones itself.
            Self::Task(handle) => handle.refresh().await.map(|()| Vec::new()),
        }
    }
}

/// What a round came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Mails moved to the quarantine.
    pub moved: u32,
    /// Notices found genuine.
    pub genuine: u32,
    /// Notices that stay undecided.
    pub undecided: u32,
    /// Condemned notices that nothing was done with: a dry run.
    pub condemned: u32,
    /// Quarantined mails whose original turned out to be the user's after all.
    pub rescued: Vec<RecordId>,
    /// Whether something was learned that may speak for mail in the quarantine.
    pub learned: bool,
}

/// Judges open notices and moves what is condemned.
///
/// With `apply`, what an account in mode `observe` has judged is moved as well.
///
/// # Errors
/// A connection is lost, or store or journal cannot be used. A refresh that fails only leaves undecided.
pub async fn pass(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    mut side: Side<'_>,
    mut keys: Vec<MailKey>,
    apply: bool,
) -> Result<Passed, EngineError> {
    let mut passed = Passed::default();
    let mut fresh = false;
    let mut condemned = Vec::new();
    for _ in 0..ROUNDS {
        if keys.is_empty() {
            break;
        }
        let before = account.store.generation();
        let round = judge_all(account, &keys, apply).await?;
        passed.genuine += round.genuine;
        passed.undecided = round.undecided;
        passed.learned |= round.learned;
        condemned = round.condemned;
        let wants_refresh = round.wants_refresh && !fresh;
        if wants_refresh {
            fresh = true;
            match side.refresh(account, folders).await {
                Ok(rescued) => passed.rescued.extend(rescued),
                Err(EngineError::NotConnected { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if !wants_refresh && !round.learned && account.store.generation() == before {
            break;
        }
        keys = blocking_keys(account).await?;
    }
    passed.condemned = u32::try_from(condemned.len()).unwrap_or(u32::MAX);
    for chunk in condemned.chunks(JUDGED_AT_ONCE) {
        // Judged once more right before: an answer of the server in between may have brought the sent copy.
        let (owned, chunk) = (account.clone(), chunk.to_vec());
        let judged = blocking(move || judge_open(&owned, &chunk, apply)).await?;
        passed.moved += moves::quarantine(account, connection, folders, judged.condemned).await?;
    }
    let store = account.store.clone();
    blocking(move || Ok(store.durable()?)).await?;
    Ok(passed)
}

#[derive(Default)]
struct Round {
    genuine: u32,
    undecided: u32,
    wants_refresh: bool,
    learned: bool,
    condemned: Vec<MailKey>,
}

async fn judge_all(account: &Account, keys: &[MailKey], apply: bool) -> Result<Round, EngineError> {
    let mut round = Round::default();
    for chunk in keys.chunks(JUDGED_AT_ONCE) {
        let (owned, chunk) = (account.clone(), chunk.to_vec());
        let judged = blocking(move || judge_open(&owned, &chunk, apply)).await?;
        round.genuine += judged.genuine;
        round.undecided += judged.undecided;
        round.wants_refresh |= judged.wants_refresh;
        round.learned |= judged.learned;
        round.condemned.extend(judged.condemned.iter().map(|one| one.open().key));
    }
    Ok(round)
}

async fn blocking_keys(account: &Account) -> Result<Vec<MailKey>, EngineError> {
    let owned = account.clone();
    blocking(move || Ok(owned.store.open_keys(owned.id)?)).await
}
