//! The key that keeps the index private, and the hashes made with it.

use rules::{Address, MessageId, Subject, UnixTime};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroize};

/// A keyed hash: 128 bits of BLAKE3, so that the index tells whether, never to whom.
pub(super) type Hash = [u8; 16];

/// What is hashed; a part of the hash, so that equal texts of two sorts differ.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sort {
    KeyCheck = 1,
    Id = 2,
    Recipient = 3,
    Domain = 4,
    Subject = 5,
    Pair = 6,
    Receiver = 7,
    Canary = 9,
    Mail = 10,
}

/// The secret key of the index; erased from memory when dropped.
pub struct IndexKey(SecretBox<[u8; 32]>);

impl IndexKey {
    /// The key of these 32 bytes.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(SecretBox::new(Box::new(bytes)));
        bytes.zeroize();
        key
    }

    /// A value by which the right key is known again; it tells nothing of the key.
    #[must_use]
    pub fn check_value(&self) -> [u8; 16] {
        self.hash(Sort::KeyCheck, &[b"sent index"])
    }

    /// A second handle for the same key.
    pub(super) fn duplicate(&self) -> Self {
        Self::from_bytes(*self.0.expose_secret())
    }

    /// The hash of some parts; their lengths count, so that no two lists of parts run together.
    pub(super) fn hash(&self, sort: Sort, parts: &[&[u8]]) -> Hash {
        let mut hasher = blake3::Hasher::new_keyed(self.0.expose_secret());
        hasher.update(&[sort as u8]);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut hash = Hash::default();
        hasher.finalize_xof().fill(&mut hash);
        hash
    }

    pub(super) fn id(&self, id: &str) -> Hash {
        self.hash(Sort::Id, &[id.as_bytes()])
    }

    /// The hash under which an id is known in every form: that of the id with its domain in lower case.
    pub(super) fn folded_id(&self, id: &MessageId) -> Hash {
        self.id(&id.folded())
    }

    pub(super) fn recipient(&self, address: &Address) -> Hash {
        self.hash(Sort::Recipient, &[address.as_str().as_bytes()])
    }

    pub(super) fn receiver(&self, address: &Address) -> Hash {
        self.hash(Sort::Receiver, &[address.as_str().as_bytes()])
    }

    pub(super) fn domain(&self, domain: &str) -> Hash {
        self.hash(Sort::Domain, &[domain.to_lowercase().as_bytes()])
    }

    pub(super) fn subject(&self, subject: &Subject) -> Hash {
        self.hash(Sort::Subject, &[subject.as_str().as_bytes()])
    }

    pub(super) fn pair(&self, subject: &Subject, recipient: &Address) -> Hash {
        self.hash(Sort::Pair, &[subject.as_str().as_bytes(), recipient.as_str().as_bytes()])
    }
}

impl std::fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IndexKey(…)")
    }
}

/// By what a mail is known again in another folder or under another UID: a hash of its Message-ID (else of what
/// stands in for one), size and INTERNALDATE.
///
/// It is not keyed: what the user put back must be known when the index key is lost, and it is of received mail,
/// whose notice the journal tells in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub [u8; 16]);

impl Fingerprint {
    pub(super) fn of(message_id: Option<&str>, fallback: &[u8], size: u32, at: UnixTime) -> Self {
        let (form, name): (u8, &[u8]) = match message_id {
            Some(id) => (1, id.as_bytes()),
            None => (2, fallback),
        };
        let mut hasher = blake3::Hasher::new_derive_key("neversent 1 fingerprint of a received mail");
        hasher.update(&[form]).update(&size.to_le_bytes()).update(&at.0.to_le_bytes()).update(name);
        let mut hash = Hash::default();
        hasher.finalize_xof().fill(&mut hash);
        Self(hash)
    }
}
