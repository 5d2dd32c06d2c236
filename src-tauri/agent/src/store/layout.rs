//! How keys and values are laid out. Every key begins with the byte of its kind.

use rules::UnixTime;

use super::key::Hash;

/// Kinds of keys in the index tree.
pub(super) mod index {
    /// Hash: a key that must be there (see `opening`).
    pub(crate) const CANARY: u8 = b'i';
    /// Name of a part → id hashes of sent mail, with the time that it was sent at.
    pub(crate) const IDS: u8 = b'I';
    /// Name of a part → id hashes of reports of ours, with the time that they were sent at.
    pub(crate) const REPORTS: u8 = b'R';
    /// Folder, block of UIDs → sent times.
    pub(crate) const UID: u8 = b'u';
    /// Folder → state, JSON.
    pub(crate) const FOLDER: u8 = b's';
    /// Folder, start → end: a hole.
    pub(crate) const HOLE: u8 = b'h';
    /// Account, start → end: a hole left by a folder that is no longer read.
    pub(crate) const ACCOUNT_HOLE: u8 = b'H';
    /// Week, name of a part → facts.
    pub(crate) const FACTS: u8 = b'S';
    /// Name of a part → hashes of recipients that were ever written to.
    pub(crate) const PEOPLE: u8 = b'P';
    /// Own From address in clear, NUL, account.
    pub(crate) const FROM: u8 = b'f';
    /// Hash of the domain of an own id.
    pub(crate) const OWN_ID_DOMAIN: u8 = b'D';
    /// Name of a part → id hashes of mails met in a folder that is read.
    pub(crate) const MET: u8 = b'M';
    /// Receiver hash: ordinary mail came to it.
    pub(crate) const CAME_TO: u8 = b'o';
    /// Receiver hash, time, mail hash → an answer.
    pub(crate) const ANSWER: u8 = b'a';
    /// Account → mails noted with a Delivered-To.
    pub(crate) const DELIVERED: u8 = b'T';
    /// Account, receiver hash → of these, how many name this one.
    pub(crate) const DELIVERED_TO: u8 = b't';
    /// Account, address in clear: was once on nearly all mail.
    pub(crate) const MAILBOX_NAME: u8 = b'N';
    /// Domain in clear → time: a server rewrites ids to it.
    pub(crate) const REWRITTEN: u8 = b'L';
    /// Domain in clear, NUL, name of an account, NUL, original: its notice taught that ids are rewritten to the domain.
    pub(crate) const REWRITTEN_BY: u8 = b'n';
    /// A sender that the user declared, JSON → when.
    pub(crate) const DECLARED: u8 = b'd';
    /// DKIM selector of a domain of the user's, in clear → when it was last seen.
    pub(crate) const SELECTOR: u8 = b'K';
    /// Domain hash → domain in clear, of one learned as own but unseen.
    pub(crate) const UNSEEN_NAME: u8 = b'Q';
    /// Domain hash → time: what was learned until then of this domain does not count.
    pub(crate) const UNLEARNED: u8 = b'X';
    /// IP address, time of a genuine original.
    pub(crate) const RELAY: u8 = b'y';
}

/// Kinds of keys in the work tree.
pub(super) mod work {
    /// Account name → number.
    pub(crate) const ACCOUNT: u8 = b'A';
    /// Account number → name.
    pub(crate) const ACCOUNT_NAME: u8 = b'a';
    /// Account, folder name → number.
    pub(crate) const FOLDER: u8 = b'F';
    /// Folder number → account, name.
    pub(crate) const FOLDER_NAME: u8 = b'f';
    /// Account → its Sent folders and addresses, JSON.
    pub(crate) const COVERAGE: u8 = b'c';
    /// () → the accounts in use, JSON.
    pub(crate) const IN_USE: u8 = b'C';
    /// Folder → UIDVALIDITY, next UID.
    pub(crate) const INBOX: u8 = b'i';
    /// Account, mail key → when to judge again, a summary.
    pub(crate) const OPEN: u8 = b'o';
    /// Mail key, piece → a piece of the notice.
    pub(crate) const NOTICE: u8 = b'n';
    /// Record → JSON.
    pub(crate) const RECORD: u8 = b'r';
    /// Account, record.
    pub(crate) const ACCOUNT_RECORD: u8 = b'q';
    /// Account, fingerprint → record.
    pub(crate) const RECORD_OF: u8 = b'g';
    /// Original's id hash, record.
    pub(crate) const RECORD_BY_ID: u8 = b'b';
    /// () → the record ids below this are given out.
    pub(crate) const RECORD_IDS: u8 = b'R';
    /// Account, fingerprint: was seen in quarantine.
    pub(crate) const WAS_IN_QUARANTINE: u8 = b'w';
    /// Account, fingerprint: was put back.
    pub(crate) const PUT_BACK: u8 = b'k';
    /// Account, verdict → count.
    pub(crate) const COUNT: u8 = b'v';
    /// Rule → how many notices it recognised.
    pub(crate) const RULE_COUNT: u8 = b'u';
    /// Original → what it has in common with others.
    pub(crate) const SEEN: u8 = b's';
    /// Role, address or name → what is known of a source of backscatter, JSON.
    pub(crate) const SOURCE: u8 = b'S';
    /// Address → what the network says of the host, JSON.
    pub(crate) const HOST: u8 = b'H';
    /// Hash → an answer of SpamCop's, JSON.
    pub(crate) const FROM_SPAMCOP: u8 = b'z';
    /// Record, whom it is to → report, JSON.
    pub(crate) const REPORT: u8 = b'p';
    /// Server, kind and day → the record whose report speaks for them.
    pub(crate) const REPORTED: u8 = b'P';
    /// Name → bytes.
    pub(crate) const MISC: u8 = b'x';
}

/// A key of its kind byte and parts.
pub(super) fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    for part in parts {
        key.extend_from_slice(part);
    }
    key
}

/// The first key that is behind all keys with a prefix; none where there is no such key.
pub(super) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

/// `N` bytes at a place, if there are so many.
pub(super) fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub(super) fn take_u32(bytes: &[u8], at: usize) -> Option<u32> {
    take(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn take_u64(bytes: &[u8], at: usize) -> Option<u64> {
    take(bytes, at).map(u64::from_be_bytes)
}

pub(super) fn take_hash(bytes: &[u8], at: usize) -> Option<Hash> {
    take(bytes, at)
}

/// A time in eight bytes that sort as the times do.
pub(super) fn long(time: UnixTime) -> [u8; 8] {
    (time.0.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

pub(super) fn take_long(bytes: &[u8], at: usize) -> Option<UnixTime> {
    take_u64(bytes, at).map(|t| UnixTime((t ^ (1 << 63)).cast_signed()))
}

/// A time in four bytes that sort as the times do; times before 1970 and after 2106 meet at the ends.
pub(super) fn short(time: UnixTime) -> [u8; 4] {
    u32::try_from(time.0.max(0)).unwrap_or(u32::MAX).to_be_bytes()
}

pub(super) fn take_short(bytes: &[u8], at: usize) -> Option<UnixTime> {
    take_u32(bytes, at).map(|t| UnixTime(i64::from(t)))
}
