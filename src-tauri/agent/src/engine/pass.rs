//! One round: judge what is open, bring the index up to date where that may decide more, and move what is
//! condemned.

use super::account::Account;
use super::ask::ask;
use super::decide::{Condemned, Judged, Question, answering_ours, judge_open};
use super::folders::Folders;
use super::index::{self, SeenCounts};
use super::moves::{CarriedOut, Intended, IntoQuarantine};
use super::rescue;
use super::watch::SideHandle;
use super::{EngineError, blocking};
use crate::imap::Connection;
use crate::store::MailKey;

/// Rounds in which what is learned from one notice may decide another; each needs news, so few are ever used.
const ROUNDS: usize = 8;
/// Notices judged in one go, so that a flood does not hold the store for long.
const JUDGED_AT_ONCE: usize = 200;

/// So often what stays undecided is asked about in one pass: of one that bears a forged signature SPF is asked next.
const ASKED: usize = 2;
/// Notices that are asked about at once; the others of a flood are asked about with the next.
const QUESTIONS: usize = 500;

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
/// With `apply`, what an account in mode `observe` has judged is moved as well. What was found out is not made durable:
/// that is the caller's.
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
        return Ok(passed);
    }
    // Whatever clocks say of the last refresh: nothing is moved but after one that began later than the mail was seen.
    passed.refreshed = match side.refresh(account, folders).await {
        Ok(()) => true,
        Err(EngineError::NotConnected { .. }) => false,
        Err(error) => return Err(error),
    };
    // What answers mail of ours teaches most of what decides the others, which are then judged once.
    let known = account.store.news();
    let (owned, all) = (account.clone(), keys.clone());
    let ours = blocking(move || answering_ours(&owned, &all)).await?;
    let taught = judge_all(account, &ours, apply).await?;
    passed.genuine += taught.genuine;
    passed.learned |= taught.learned;
    if account.store.news() != known {
        keys = blocking_keys(account).await?;
    }
    for asked in 0..=ASKED {
        let (mut round, generation) = judge_until_settled(account, keys, &mut passed, apply).await?;
        let questions = std::mem::take(&mut round.questions);
        // Without a refresh they stay as they are, and are judged again with the next.
        if passed.refreshed {
            // A run that ends looks over the quarantine in any case: before more comes into it, that is less.
            if ends && asked == 0 {
                let owned = account.clone();
                passed.learned |= !blocking(move || rescue::find(&owned)).await?.is_empty();
            }
            move_all(account, connection, folders, round, generation, &mut passed, apply).await?;
        }
        // The network is asked last, so that nobody waits for it who need not, and of nobody who is gone.
        if asked == ASKED {
            break;
        }
        keys = ask(account, connection, folders, questions).await?;
        if keys.is_empty() {
            break;
        }
        passed.undecided = passed.undecided.saturating_sub(u32::try_from(keys.len()).unwrap_or(u32::MAX));
    }
    Ok(passed)
}

/// Judges notices, and all of them once more as long as one teaches something about another; also returns the state of
/// the index that the last word stands on.
async fn judge_until_settled(
    account: &Account,
    mut keys: Vec<MailKey>,
    passed: &mut Passed,
    apply: bool,
) -> Result<(Round, u64), EngineError> {
    let mut others = (passed.undecided, passed.condemned);
    let (mut round, mut generation) = (Round::default(), account.store.generation());
    for _ in 0..ROUNDS {
        let news = account.store.news();
        generation = account.store.generation();
        round = judge_all(account, &keys, apply).await?;
        passed.genuine += round.genuine;
        let condemned = u32::try_from(round.condemned.len() + round.more.len()).unwrap_or(u32::MAX);
        (passed.undecided, passed.condemned) = (others.0 + round.undecided, others.1 + condemned);
        passed.learned |= round.learned;
        if !round.learned && account.store.news() == news {
            break;
        }
        keys = blocking_keys(account).await?;
        others = (0, 0);
    }
    Ok((round, generation))
}

/// Moves what a round has condemned. While the server moves one batch, what became of the one before is written down,
/// and the next is announced to the journal; with the first, what stays undecided is written.
async fn move_all(
    account: &Account,
    connection: &mut Connection,
    folders: &mut Folders,
    round: Round,
    generation: u64,
    passed: &mut Passed,
    apply: bool,
) -> Result<(), EngineError> {
    if account.dry_run || round.condemned.is_empty() {
        return Ok(());
    }
    let way = IntoQuarantine::open(account, connection, folders).await?;
    let mut rest = Rest::of(account, round, generation, apply);
    let mut next = rest.intend(&way).await?;
    let (mut moved, mut first) = (Vec::<CarriedOut>::new(), true);
    while let Some(mut batch) = next.take() {
        // What was learned since, by an answer of the server, may have brought a sent copy: each is judged once more.
        if account.store.generation() != batch.generation {
            batch = rest.intend_again(&way, batch).await?;
        }
        let ((gone, ended), beside) = tokio::join!(carry_out(&way, connection, batch.intended), async {
            settle_all(&way, &mut moved, passed).await?;
            if first {
                let store = account.store.clone();
                blocking(move || Ok(store.write_undecided()?)).await?;
            }
            // Last: what is announced must be carried out or given up.
            rest.intend(&way).await
        });
        (moved, first) = (gone, false);
        let then = match beside {
            Ok(then) => then,
            Err(error) => {
                settle_all(&way, &mut moved, passed).await?;
                return Err(error);
            }
        };
        if ended.is_ok() && !moved.iter().any(CarriedOut::was_refused) {
            next = then;
            continue;
        }
        // What was announced meanwhile is not going to happen.
        way.give_up(then.map(|then| then.intended).unwrap_or_default()).await?;
        settle_all(&way, &mut moved, passed).await?;
        return ended;
    }
    settle_all(&way, &mut moved, passed).await
}

/// Has the server move the mails of one batch; also returns what ended it early.
async fn carry_out(
    way: &IntoQuarantine,
    connection: &mut Connection,
    intended: Vec<Intended>,
) -> (Vec<CarriedOut>, Result<(), EngineError>) {
    let (mut gone, mut rest) = (Vec::with_capacity(intended.len()), intended.into_iter());
    while let Some(one) = rest.next() {
        match way.carry_out(connection, one).await {
            Ok(done) => gone.push(done),
            Err(error) => {
                // For the others the server was never asked.
                let given_up = way.give_up(rest.collect()).await;
                return (gone, Err(given_up.err().unwrap_or(error)));
            }
        }
    }
    (gone, Ok(()))
}

/// Writes down what became of all of them, even where the server refused one folder's; returns the first error.
async fn settle_all(
    way: &IntoQuarantine,
    moved: &mut Vec<CarriedOut>,
    passed: &mut Passed,
) -> Result<(), EngineError> {
    let mut ended = Ok(());
    for one in moved.drain(..) {
        match way.settle(one).await {
            Ok(moved) => passed.moved += u32::try_from(moved.len()).unwrap_or(u32::MAX),
            Err(error) => ended = ended.and(Err(error)),
        }
    }
    ended
}

/// A batch whose intents are in the journal, and the state of the index that condemned it.
struct Batch {
    keys: Vec<MailKey>,
    intended: Vec<Intended>,
    generation: u64,
}

/// The condemned notices of a round that are still to be moved.
struct Rest<'a> {
    account: &'a Account,
    keys: std::vec::IntoIter<MailKey>,
    /// The first of them, with their proofs, and the state of the index that these stand on.
    known: std::vec::IntoIter<Condemned>,
    generation: u64,
    apply: bool,
}

impl<'a> Rest<'a> {
    fn of(account: &'a Account, round: Round, generation: u64, apply: bool) -> Self {
        let mut keys: Vec<MailKey> = round.condemned.iter().map(|one| one.open().key).collect();
        keys.extend(round.more);
        Self { account, keys: keys.into_iter(), known: round.condemned.into_iter(), generation, apply }
    }

    /// Announces the next batch to the journal; none where none is left.
    async fn intend(&mut self, way: &IntoQuarantine) -> Result<Option<Batch>, EngineError> {
        let keys: Vec<MailKey> = self.keys.by_ref().take(JUDGED_AT_ONCE).collect();
        let known: Vec<Condemned> = self.known.by_ref().take(keys.len()).collect();
        if keys.is_empty() {
            return Ok(None);
        }
        if known.len() < keys.len() || self.account.store.generation() != self.generation {
            return self.judge_and_intend(way, keys).await.map(Some);
        }
        let intended = way.intend(known).await?;
        Ok(Some(Batch { keys, intended, generation: self.generation }))
    }

    /// Takes a batch back, and announces what is still condemned of it.
    async fn intend_again(&self, way: &IntoQuarantine, batch: Batch) -> Result<Batch, EngineError> {
        way.give_up(batch.intended).await?;
        self.judge_and_intend(way, batch.keys).await
    }

    async fn judge_and_intend(&self, way: &IntoQuarantine, keys: Vec<MailKey>) -> Result<Batch, EngineError> {
        let generation = self.account.store.generation();
        let condemned = judge_some(self.account, &keys, self.apply).await?.condemned;
        Ok(Batch { intended: way.intend(condemned).await?, keys, generation })
    }
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
    /// What the network could be asked.
    questions: Vec<Question>,
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
        let free = QUESTIONS.saturating_sub(self.questions.len());
        self.questions.extend(judged.questions.into_iter().take(free));
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
