//! What a tree holds, in 40 bytes: kept in the same atomic write as every change, and compared when the store
//! is opened. sled leaves out what it cannot read of its log without a word, and a subject or recipient that
//! is lost would be a veto lost.

use std::ops::ControlFlow;

use super::{
    key::Hash,
    kv::{Engine, Fault, Tree},
    layout::{self, index},
};

/// The key under which a tree keeps its digest; no kind of key.
pub(super) const KEY: &[u8] = &[0];

/// XOR of a hash of every entry, and their count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest {
    xor: Hash,
    count: u64,
    /// The same XOR over what can speak for a mail in quarantine.
    lessons: Hash,
}

/// Whether an entry of the index may speak for a mail that was condemned without it: not how far a folder was read, nor
/// what was met or came, which can only speak against one.
fn is_lesson(key: &[u8]) -> bool {
    use index::{
        ANSWER, CANARY, FACTS, FROM, IDS, OWN_ID_DOMAIN, PEOPLE, REPORTS, REWRITTEN, UNLEARNED, UNSEEN_NAME,
    };
    key.first().is_some_and(|kind| {
        [ANSWER, CANARY, FACTS, FROM, IDS, OWN_ID_DOMAIN, PEOPLE, REPORTS, REWRITTEN, UNLEARNED, UNSEEN_NAME]
            .contains(kind)
    })
}

impl Digest {
    fn mix(&mut self, key: &[u8], value: &[u8]) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(key.len() as u64).to_le_bytes()).update(key).update(value);
        let mut hash = Hash::default();
        hasher.finalize_xof().fill(&mut hash);
        let mix = |mine: &mut Hash| mine.iter_mut().zip(hash).for_each(|(mine, its)| *mine ^= its);
        mix(&mut self.xor);
        if is_lesson(key) {
            mix(&mut self.lessons);
        }
    }

    /// Puts an entry in the place of the one that its key had before.
    pub(super) fn change(&mut self, key: &[u8], before: Option<&[u8]>, now: Option<&[u8]>) {
        if let Some(before) = before {
            self.mix(key, before);
            self.count = self.count.wrapping_sub(1);
        }
        if let Some(now) = now {
            self.mix(key, now);
            self.count = self.count.wrapping_add(1);
        }
    }

    /// Entries in the tree, the digest itself left out.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Stands for all that may speak for a mail in quarantine, where the tree is the index.
    pub(super) fn lessons(&self) -> Hash {
        self.lessons
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.xor.as_slice(), self.count.to_be_bytes().as_slice(), self.lessons.as_slice()].concat()
    }

    /// The digest that a tree keeps.
    pub(super) fn stored(engine: &dyn Engine, tree: Tree) -> Result<Self, Fault> {
        let Some(bytes) = engine.get(tree, KEY)? else { return Ok(Self::default()) };
        match (layout::take_hash(&bytes, 0), layout::take_u64(&bytes, 16), layout::take_hash(&bytes, 24)) {
            (Some(xor), Some(count), Some(lessons)) => Ok(Self { xor, count, lessons }),
            _ => Err(Fault::Broken("its digest is garbled".into())),
        }
    }

    /// The digest of what is in a tree.
    pub(super) fn counted(engine: &dyn Engine, tree: Tree) -> Result<Self, Fault> {
        let mut digest = Self::default();
        engine.visit(tree, &[], None, false, &mut |key, value| {
            if key != KEY {
                digest.change(key, None, Some(value));
            }
            ControlFlow::Continue(())
        })?;
        Ok(digest)
    }
}
