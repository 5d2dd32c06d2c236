//! One round: judge what is open, bring the index up to date where that may decide more, and move what is
//! condemned.

use super::account::Account;
use super::decide::{Condemned, Judged, judge_open};
use super::folders::Folders;
use super::index::{self, SeenCounts};
use super::moves;
use super::rescue;
use super::watch::SideHandle;
use super::{EngineError, blocking};
use crate::imap::Connection;
use crate::store::MailKey;

/// Rounds in which what is learned from one notice may decide another; each needs news, so few are ever used.
const ROUNDS: usize = 8;
/// Notices judged in one go, so that a flood does not hold the store for long.
const JUDGED_AT_ONCE: usize = 200;

/// So many condemned notices are held with all that was read of them, between being judged and being moved.
const HELD: usize = 1_000;

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
    /// Brings the index up to date.
    async fn refresh(&mut self, account: &Account, folders: &Folders) -> Result<(), EngineError> {
        match self {
            Self::Own { connection, seen } => {
                index::refresh(account, connection, folders, seen).await.map(|_| ())
            }
            Self::Task(handle) => handle.refresh().await,
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
    /// Whether the Sent folders were read anew for it.
    pub refreshed: bool,
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
    let ends = matches!(side, Side::Own { .. });
    if keys.is_empty() {
        let store = account.store.clone();
        blocking(move || Ok(store.durable()?)).await?;
        return Ok(passed);
    }
    // Whatever clocks say of the last refresh: nothing is moved but after one that began later than the mail was seen.
    passed.refreshed = match side.refresh(account, folders).await {
        Ok(()) => true,
        Err(EngineError::NotConnected { .. }) => false,
        Err(error) => return Err(error),
    };
    let (mut round, mut generation) = (Round::default(), account.store.generation());
    for _ in 0..ROUNDS {
        let news = account.store.news();
        generation = account.store.generation();
        round = judge_all(account, &keys, apply).await?;
        passed.genuine += round.genuine;
        passed.undecided = round.undecided;
        passed.learned |= round.learned;
        if !round.learned && account.store.news() == news {
            break;
        }
        keys = blocking_keys(account).await?;
    }
    passed.condemned = u32::try_from(round.condemned.len() + round.more.len()).unwrap_or(u32::MAX);
    // Without a refresh they stay as they are, and are judged again with the next.
    if passed.refreshed {
        // A run that ends looks over the quarantine in any case: before more comes into it, that is less.
        if ends {
            let owned = account.clone();
            passed.learned |= !blocking(move || rescue::find(&owned)).await?.is_empty();
        }
        move_all(account, connection, folders, round, generation, &mut passed, apply).await?;
    }
    let store = account.store.clone();
    blocking(move || Ok(store.durable()?)).await?;
    Ok(passed)
}

/// Moves what a round has condemned. What was learned since, by an answer of the server in between, may have brought
/// the sent copy: then each is judged once more right before.
async fn move_all(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    round: Round,
    generation: u64,
    passed: &mut Passed,
    apply: bool,
) -> Result<(), EngineError> {
    let mut keys: Vec<MailKey> = round.condemned.iter().map(|one| one.open().key).collect();
    keys.extend(round.more);
    let mut known = round.condemned.into_iter();
    for chunk in keys.chunks(JUDGED_AT_ONCE) {
        let mut condemned: Vec<Condemned> = known.by_ref().take(chunk.len()).collect();
        if condemned.len() < chunk.len() || account.store.generation() != generation {
            condemned = judge_some(account, chunk, apply).await?.condemned;
        }
        passed.moved += moves::quarantine(account, connection, folders, condemned).await?;
    }
    Ok(())
}

#[derive(Default)]
struct Round {
    genuine: u32,
    undecided: u32,
    learned: bool,
    /// The first of the condemned, with their proofs.
    condemned: Vec<Condemned>,
    /// The others: in a storm there are too many to hold all that was read of each.
    more: Vec<MailKey>,
}

async fn judge_all(account: &Account, keys: &[MailKey], apply: bool) -> Result<Round, EngineError> {
    let mut round = Round::default();
    let mut chunks = keys.chunks(JUDGED_AT_ONCE);
    // Two at once: what one learns too late for the other leads to another round, as among any two.
    while let Some(first) = chunks.next() {
        let second = chunks.next().unwrap_or_default();
        let (first, second) =
            tokio::try_join!(judge_some(account, first, apply), judge_some(account, second, apply))?;
        round.add(first);
        round.add(second);
    }
    Ok(round)
}

async fn judge_some(account: &Account, keys: &[MailKey], apply: bool) -> Result<Judged, EngineError> {
    if keys.is_empty() {
        return Ok(Judged::default());
    }
    let (owned, keys) = (account.clone(), keys.to_vec());
    blocking(move || judge_open(&owned, &keys, apply)).await
}

impl Round {
    fn add(&mut self, judged: Judged) {
        self.genuine += judged.genuine;
        self.undecided += judged.undecided;
        self.learned |= judged.learned;
        if self.condemned.len() < HELD {
            self.condemned.extend(judged.condemned);
        } else {
            self.more.extend(judged.condemned.iter().map(|one| one.open().key));
        }
    }
}

async fn blocking_keys(account: &Account) -> Result<Vec<MailKey>, EngineError> {
    let owned = account.clone();
    blocking(move || Ok(owned.store.open_keys(owned.id)?)).await
}
