//! A mail as a mailbox holds it, and what a snapshot compares.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// BLAKE3 of a mail's octets: two mails are the same when their digests are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digests the octets of a mail.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(6).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A mail with what the server keeps beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The octets, lines ended by CRLF unless the test is about that.
    pub bytes: Arc<[u8]>,
    /// INTERNALDATE in Unix seconds.
    pub internal_date: i64,
    /// IMAP flags as on the wire, `\Recent` left out.
    pub flags: BTreeSet<String>,
}

impl Mail {
    /// A mail without flags.
    pub fn new(bytes: impl Into<Arc<[u8]>>, internal_date: i64) -> Self {
        Self { bytes: bytes.into(), internal_date, flags: BTreeSet::new() }
    }

    /// The same mail with one more flag.
    #[must_use]
    pub fn flagged(mut self, flag: &str) -> Self {
        self.flags.insert(flag.to_owned());
        self
    }

    /// The digest of the octets.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// The first header field of this name, unfolded and trimmed.
    pub fn header(&self, name: &str) -> Option<String> {
        header_fields(&self.bytes).find(|field| field_name(field).eq_ignore_ascii_case(name.as_bytes())).map(
            |field| {
                let value = field.splitn(2, |byte| *byte == b':').nth(1).unwrap_or_default();
                String::from_utf8_lossy(value).replace("\r\n", "").replace('\n', "").trim().to_owned()
            },
        )
    }

    /// The Message-ID without its angle brackets.
    pub fn message_id(&self) -> Option<String> {
        let id = self.header("Message-ID")?;
        Some(id.trim_start_matches('<').trim_end_matches('>').to_owned())
    }
}

/// One mail of a snapshot. Two snapshots are equal when each mail has the same octets, flags,
/// INTERNALDATE and folder; UIDs are left out, since a move and its undo change them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The folder's name on the wire.
    pub folder: String,
    /// The digest of the octets.
    pub digest: Digest,
    /// The flags, `\Recent` left out.
    pub flags: BTreeSet<String>,
    /// INTERNALDATE in Unix seconds.
    pub internal_date: i64,
}

/// Every mail of every folder of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot(
    /// The mails, sorted.
    pub Vec<Kept>,
);

impl Snapshot {
    /// The mails of one folder.
    pub fn folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Kept> {
        self.0.iter().filter(move |kept| kept.folder.eq_ignore_ascii_case(folder))
    }

    /// The folders in which this mail lies, once for each copy.
    pub fn places(&self, digest: Digest) -> Vec<&str> {
        self.0.iter().filter(|kept| kept.digest == digest).map(|kept| kept.folder.as_str()).collect()
    }

    /// The same mails without their folders: equal before and after a move when nothing was lost, doubled or
    /// altered.
    pub fn contents(&self) -> Vec<(Digest, BTreeSet<String>, i64)> {
        let mut all: Vec<_> =
            self.0.iter().map(|kept| (kept.digest, kept.flags.clone(), kept.internal_date)).collect();
        all.sort();
        all
    }
}

/// Where the body begins: after the first empty line, or at the end.
pub fn body_start(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\r\n" | b"\n") {
            return at;
        }
    }
    bytes.len()
}

/// The header fields of a mail in order, each with its folded lines and line ends.
pub fn header_fields(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes.get(..body_start(bytes)).unwrap_or_default();
    std::iter::from_fn(move || {
        if rest.is_empty() || rest.starts_with(b"\r\n") || rest.starts_with(b"\n") {
            return None;
        }
        let mut end = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if end > 0 && !matches!(line.first(), Some(b' ' | b'\t')) {
                break;
            }
            end += line.len();
        }
        let (field, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(field)
    })
}

/// The name of a header field as written.
pub fn field_name(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii_end()
}
