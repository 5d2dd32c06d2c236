//! Notices that are not settled: kept whole, so that they can be judged again without being fetched.

use std::ops::ControlFlow;

use rules::{Evidence, Notice, UnixTime, Why};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, Fingerprint, FolderId, Store, StoreError,
    guard::lock,
    kv::{BATCH, Change, Tree},
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
    pub notice: Notice,
    /// How it was last judged; never, if none.
    pub last: Option<LastJudged>,
}

/// What can be asked of open notices without reading them.
struct Mark(u8);

impl Mark {
    const WANTS_REFRESH: u8 = 1;
    const BACKSCATTER: u8 = 2;

    fn of(last: Option<&LastJudged>) -> Self {
        let Some(last) = last else { return Self(0) };
        let wants = if last.wants_refresh { Self::WANTS_REFRESH } else { 0 };
        let backscatter = if last.verdict == "backscatter" { Self::BACKSCATTER } else { 0 };
        Self(wants | backscatter)
    }
}

impl Store {
    /// Keeps notices that are not settled, or what was last said of them.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn put_open(&self, notices: &[OpenNotice]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut gathered = Vec::new();
        for notice in notices {
            let json = serde_json::to_vec(notice).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
            let place = notice.key.bytes();
            let pieces = u32::try_from(json.chunks(PIECE).count())
                .map_err(|_| StoreError::Unfit { why: "a notice is too long".into() })?;
            let sum = blake3::hash(&json);
            let mut changes = self.pieces_behind(&place, pieces)?;
            for (n, piece) in (0_u32..).zip(json.chunks(PIECE)) {
                changes.push((key(work::NOTICE, &[&place, &n.to_be_bytes()]), Some(piece.to_vec())));
            }
            // A notice never judged is due at once; one without a time never by itself.
            let due = notice.last.as_ref().map_or(Some(UnixTime(i64::MIN)), |last| last.recheck_at);
            let due = layout::long(due.unwrap_or(UnixTime(i64::MAX)));
            let mark = Mark::of(notice.last.as_ref());
            let head = [due.as_slice(), &pieces.to_be_bytes(), sum.as_bytes(), &[mark.0]].concat();
            changes.push((key(work::OPEN, &[&notice.account.bytes(), &place]), Some(head)));
            self.add_to(&mut gathered, changes)?;
        }
        self.0.guard.write(Tree::Work, &gathered)
    }

    /// Adds the changes of one notice or record to those of others, which are written first where they would be too many for
    /// one write: few large writes cost far less than many small ones.
    pub(super) fn add_to(&self, gathered: &mut Vec<Change>, changes: Vec<Change>) -> Result<(), StoreError> {
        if gathered.len() + changes.len() > BATCH {
            self.0.guard.write(Tree::Work, gathered)?;
            gathered.clear();
        }
        gathered.extend(changes);
        Ok(())
    }

    /// Removes the pieces of a notice from this one on.
    fn pieces_behind(&self, place: &[u8], pieces: u32) -> Result<Vec<Change>, StoreError> {
        let mut changes = Vec::new();
        let end = layout::after(&key(work::NOTICE, &[place]));
        let from = key(work::NOTICE, &[place, &pieces.to_be_bytes()]);
        self.0.guard.visit_between(Tree::Work, &from, end.as_deref(), false, |key, _| {
            changes.push((key.to_vec(), None));
            ControlFlow::Continue(())
        })?;
        Ok(changes)
    }

    /// Where an account's open notices are, in order of folder and UID.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_keys(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.open_until(account, UnixTime(i64::MAX))
    }

    /// The open notices of an account that were never judged, or whose time to be judged again has come.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn due_open(&self, account: AccountId, now: UnixTime) -> Result<Vec<MailKey>, StoreError> {
        self.open_until(account, now.min(UnixTime(i64::MAX - 1)))
    }

    fn open_until(&self, account: AccountId, until: UnixTime) -> Result<Vec<MailKey>, StoreError> {
        let mut keys = Vec::new();
        self.0.guard.visit(Tree::Work, &key(work::OPEN, &[&account.bytes()]), |key, value| {
            let due = layout::take_long(value, 0).is_none_or(|due| due <= until);
            keys.extend(MailKey::parse(key, 3).filter(|_| due));
            ControlFlow::Continue(())
        })?;
        Ok(keys)
    }

    /// When the next open notice of an account is to be judged again by itself.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn next_due(&self, account: AccountId) -> Result<Option<UnixTime>, StoreError> {
        let mut next = UnixTime(i64::MAX);
        self.0.guard.visit(Tree::Work, &key(work::OPEN, &[&account.bytes()]), |_, value| {
            next = next.min(layout::take_long(value, 0).unwrap_or(next));
            ControlFlow::Continue(())
        })?;
        Ok((next.0 < i64::MAX).then_some(next))
    }

    /// The open notices of an account that a refresh of the Sent folders may decide.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn wanting_refresh(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.marked(account, Mark::WANTS_REFRESH)
    }

    /// The open notices of an account that were judged backscatter and not moved.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_backscatter(&self, account: AccountId) -> Result<Vec<MailKey>, StoreError> {
        self.marked(account, Mark::BACKSCATTER)
    }

    fn marked(&self, account: AccountId, mark: u8) -> Result<Vec<MailKey>, StoreError> {
        let mut keys = Vec::new();
        self.0.guard.visit(Tree::Work, &key(work::OPEN, &[&account.bytes()]), |key, value| {
            let marked = value.get(44).is_some_and(|marks| marks & mark != 0);
            keys.extend(MailKey::parse(key, 3).filter(|_| marked));
            ControlFlow::Continue(())
        })?;
        Ok(keys)
    }

    /// How many notices of an account are open.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_count(&self, account: AccountId) -> Result<u64, StoreError> {
        let mut count = 0;
        self.0.guard.visit(Tree::Work, &key(work::OPEN, &[&account.bytes()]), |_, _| {
            count += 1;
            ControlFlow::Continue(())
        })?;
        Ok(count)
    }

    /// An open notice; none where it is settled, or has to be fetched again.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn open_notice(&self, mail: &MailKey) -> Result<Option<OpenNotice>, StoreError> {
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
        let mut gathered = Vec::new();
        for mail in mails {
            let account = match self.account_of(mail.folder) {
                Err(StoreError::UnknownName) => continue,
                account => account?,
            };
            let place = mail.bytes();
            let mut changes = vec![(key(work::OPEN, &[&account.bytes(), &place]), None)];
            changes.extend(self.pieces_behind(&place, 0)?);
            self.add_to(&mut gathered, changes)?;
        }
        self.0.guard.write(Tree::Work, &gathered)
    }
}
