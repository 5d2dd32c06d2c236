//! Notices that are not settled: kept whole, so that they can be judged again without being fetched.

use std::ops::ControlFlow;
use std::sync::Arc;

use rules::judge::LookUp;
use rules::{Evidence, Notice, UnixTime, Why};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, Fingerprint, FolderId, Store, StoreError,
    guard::{Guard, lock},
    kv::{Change, Tree},
    layout::{self, key, work},
};

/// Bytes of a notice in one value: sled is made for small ones.
const PIECE: usize = 900;

/// Where a mail is: its folder, UIDVALIDITY and UID (RFC 3501 §2.3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MailKey {
    /// Its folder.
    pub folder: FolderId,
    /// The UIDVALIDITY under which it was seen.
    pub uid_validity: u32,
    /// Its UID.
    pub uid: u32,
}

impl MailKey {
    fn bytes(self) -> Vec<u8> {
        let numbers = [self.folder.0, self.uid_validity, self.uid];
        numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
    }

    fn parse(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self {
            folder: FolderId(layout::take_u32(bytes, at)?),
            uid_validity: layout::take_u32(bytes, at + 4)?,
            uid: layout::take_u32(bytes, at + 8)?,
        })
    }
}

/// How a notice was last judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastJudged {
    /// The verdict, in a word: `backscatter`, `misused`, `undecided`.
    pub verdict: String,
    /// The row of the judging table that it stands in.
    pub rule: String,
    /// Why it stays undecided.
    pub why: Option<Why>,
    /// When to judge it again by itself, in the server's time.
    pub recheck_at: Option<UnixTime>,
    /// When it was judged.
    pub at: UnixTime,
    /// Whether a refresh of the Sent folders may decide it.
    pub wants_refresh: bool,
    /// The evidence found.
    pub evidence: Vec<Evidence>,
}

/// A notice that is not settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenNotice {
    /// Where the mail is.
    pub key: MailKey,
    /// Whose it is.
    pub account: AccountId,
    /// By what it is known again.
    pub fingerprint: Fingerprint,
    /// Its INTERNALDATE.
    pub internal_date: UnixTime,
    /// Its size in bytes.
    pub size: u32,
    /// When it was first seen.
    pub first_seen: UnixTime,
    /// What was read of it.
    pub notice: Arc<Notice>,
    /// How it was last judged; never, if none.
    pub last: Option<LastJudged>,
    /// What the network said of it.
    #[serde(default)]
    pub answers: Answers,
}

/// What was asked of the network about a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// As [`rules::judge::LookedUp::own_signature`].
    pub own_signature: LookUp<bool>,
    /// As [`rules::judge::LookedUp::spf_hard_fails`].
    pub spf_hard_fails: LookUp<bool>,
    /// When it was first asked, and when last, in the server's time.
    pub asked: Option<(UnixTime, UnixTime)>,
}

/// What can be asked of open notices without reading them.
struct Mark(u8);

impl Mark {
    const WANTS_REFRESH: u8 = 1;
    const BACKSCATTER: u8 = 2;
    const MISUSED: u8 = 4;

    fn of(last: Option<&LastJudged>) -> Self {
        let Some(last) = last else { return Self(0) };
        let wants = if last.wants_refresh { Self::WANTS_REFRESH } else { 0 };
        let verdict = match last.verdict.as_str() {
            "backscatter" => Self::BACKSCATTER,
            "misused" => Self::MISUSED,
            _ => 0,
        };
        Self(wants | verdict)
    }
}

/// When a notice is due to be judged by itself: at once if it never was, and never where nothing is waited for.
fn due(last: Option<&LastJudged>) -> UnixTime {
    match last {
        None => UnixTime(i64::MIN),
        Some(last) => last.recheck_at.unwrap_or(UnixTime(i64::MAX)),
    }
}

/// The changes that write a notice.
pub(super) fn changes_of(guard: &Guard, notice: &OpenNotice) -> Result<Vec<Change>, StoreError> {
    let json = serde_json::to_vec(notice).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    let place = notice.key.bytes();
    let pieces = u32::try_from(json.chunks(PIECE).count())
        .map_err(|_| StoreError::Unfit { why: "a notice is too long".into() })?;
    let sum = blake3::hash(&json);
    let mut changes = pieces_behind(guard, &place, pieces)?;
    for (n, piece) in (0_u32..).zip(json.chunks(PIECE)) {
        changes.push((key(work::NOTICE, &[&place, &n.to_be_bytes()]), Some(piece.to_vec())));
    }
    let due = layout::long(due(notice.last.as_ref()));
    let mark = Mark::of(notice.last.as_ref());
    let head = [due.as_slice(), &pieces.to_be_bytes(), sum.as_bytes(), &[mark.0]].concat();
    changes.push((key(work::OPEN, &[&notice.account.bytes(), &place]), Some(head)));
    Ok(changes)
}

/// Removes the pieces of a notice from this one on.
fn pieces_behind(guard: &Guard, place: &[u8], pieces: u32) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    let end = layout::after(&key(work::NOTICE, &[place]));
    let from = key(work::NOTICE, &[place, &pieces.to_be_bytes()]);
    guard.visit_between(Tree::Work, &from, end.as_deref(), false, |key, _| {
        changes.push((key.to_vec(), None));
        ControlFlow::Continue(())
    })?;
    Ok(changes)
}

impl Store {
    /// Keeps notices that are not settled, or what was last said of them.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn put_open(&self, notices: &[OpenNotice]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.whole()?;
        let mut pending = lock(&self.0.pending);
        notices.iter().for_each(|notice| pending.put(notice.clone()));
        if pending.is_full() { pending.write(&self.0.guard) } else { Ok(()) }
    }

    /// Writes what is said of the notices that stay undecided, as [`Store::durable`] would later: now there is time.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn write_undecided(&self) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.whole()?;
        let undecided =
            |notice: &OpenNotice| notice.last.as_ref().is_some_and(|last| last.verdict == "undecided");
        lock(&self.0.pending).write_those(&self.0.guard, undecided)
    }

    /// Where an account's open notices are, in order of folder and UID.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_keys(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.open_where(account, |_, _| true)
    }

    /// The open notices of an account that were never judged, or whose time to be judged again has come.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn due_open(&self, account: AccountId, now: UnixTime) -> Result<Vec<MailKey>, StoreError> {
        let now = now.min(UnixTime(i64::MAX - 1));
        self.open_where(account, |due, _| due <= now)
    }

    /// When the next open notice of an account is to be judged again by itself.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn next_due(&self, account: AccountId) -> Result<Option<UnixTime>, StoreError> {
        let mut next = UnixTime(i64::MAX);
        self.visit_open(account, |_, due, _| next = next.min(due))?;
        Ok((next.0 < i64::MAX).then_some(next))
    }

    /// The open notices of an account that a refresh of the Sent folders may decide.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn wanting_refresh(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.open_where(account, |_, mark| mark & Mark::WANTS_REFRESH != 0)
    }

    /// The open notices of an account that were judged backscatter and not moved.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_backscatter(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.open_where(account, |_, mark| mark & Mark::BACKSCATTER != 0)
    }

    /// The open notices of an account that say that it is misused.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_misused(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.open_where(account, |_, mark| mark & Mark::MISUSED != 0)
    }

    /// How many notices of an account are open.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_count(&self, account: AccountId) -> Result<u64, StoreError> {
        let mut count = 0;
        self.visit_open(account, |_, _, _| count += 1)?;
        Ok(count)
    }

    /// The open notices of an account of which this is true, in order of folder and UID.
    fn open_where(
        &self,
        account: AccountId,
        is_meant: impl Fn(UnixTime, u8) -> bool,
    ) -> Result<Vec<MailKey>, StoreError> {
        let mut keys = Vec::new();
        self.visit_open(account, |key, due, mark| keys.extend(is_meant(due, mark).then_some(key)))?;
        keys.sort_unstable();
        Ok(keys)
    }

    /// Visits an account's open notices: where they are, when they are due, and their marks.
    fn visit_open(
        &self,
        account: AccountId,
        mut each: impl FnMut(MailKey, UnixTime, u8),
    ) -> Result<(), StoreError> {
        let pending = lock(&self.0.pending);
        self.0.guard.visit(Tree::Work, &key(work::OPEN, &[&account.bytes()]), |key, value| {
            if let Some(mail) = MailKey::parse(key, 3).filter(|mail| pending.notice(mail).is_none()) {
                // A time that cannot be read is taken for now: the notice is looked at, and what is wrong shows.
                let due = layout::take_long(value, 0).unwrap_or(UnixTime(i64::MIN));
                each(mail, due, value.get(44).copied().unwrap_or(0));
            }
            ControlFlow::Continue(())
        })?;
        for notice in pending.notices().filter(|notice| notice.account == account) {
            each(notice.key, due(notice.last.as_ref()), Mark::of(notice.last.as_ref()).0);
        }
        Ok(())
    }

    /// An open notice; none where it is settled, or has to be fetched again.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_notice(&self, mail: &MailKey) -> Result<Option<OpenNotice>, StoreError> {
        self.0.guard.whole()?;
        let pending = lock(&self.0.pending).notice(mail).cloned();
        if pending.is_some() {
            return Ok(pending);
        }
        let account = match self.account_of(mail.folder) {
            Err(StoreError::UnknownName) => return Ok(None),
            account => account?,
        };
        let place = mail.bytes();
        let Some(head) = self.0.guard.get(Tree::Work, &key(work::OPEN, &[&account.bytes(), &place]))? else {
            return Ok(None);
        };
        let mut json = Vec::new();
        self.0.guard.visit(Tree::Work, &key(work::NOTICE, &[&place]), |_, piece| {
            json.extend_from_slice(piece);
            ControlFlow::Continue(())
        })?;
        if head.get(12..44) != Some(blake3::hash(&json).as_bytes().as_slice()) {
            // Cut off between its pieces: as good as unknown, and found again in the mailbox.
            return Ok(None);
        }
        // Written by a version whose notices looked otherwise: likewise.
        Ok(serde_json::from_slice(&json).ok())
    }

    /// Forgets notices that are settled or gone.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn remove_open(&self, mails: &[MailKey]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.whole()?;
        let mut pending = lock(&self.0.pending);
        let mut gathered = Vec::new();
        for mail in mails {
            pending.remove(mail);
            let account = match self.account_of(mail.folder) {
                Err(StoreError::UnknownName) => continue,
                account => account?,
            };
            let place = mail.bytes();
            let head = key(work::OPEN, &[&account.bytes(), &place]);
            // Most are settled before they were ever written.
            if self.0.guard.has(Tree::Work, &head)? {
                let mut changes = vec![(head, None)];
                changes.extend(pieces_behind(&self.0.guard, &place, 0)?);
                self.0.guard.add_to(&mut gathered, changes)?;
            }
        }
        self.0.guard.write(Tree::Work, &gathered)
    }
}
