//! The seam to the storage engine: all that the store asks of one.

use std::ops::ControlFlow;

/// Changes in one atomic write at the very most; more of them cost sled memory out of proportion (sled
/// 0.34.7, 200,000 mails: 500 keys a batch peak at 73 MiB, 5,000 at 1,007).
pub(super) const BATCH: usize = 400;

/// A tree of the engine; few and fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// Generation, key check, canaries.
    Meta,
    /// The sent index and what ordinary mail tells; rebuilt from the server.
    Index,
    /// Names, open notices, quarantine records, what else is remembered.
    Work,
}

impl Tree {
    pub(super) const ALL: [Self; 3] = [Self::Meta, Self::Index, Self::Work];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Index => "index",
            Self::Work => "work",
        }
    }
}

/// One change: a key with its new value, or with none to remove it.
pub(super) type Change = (Vec<u8>, Option<Vec<u8>>);

/// What the engine says is wrong.
#[derive(Debug)]
pub(super) enum Fault {
    /// Another process has it.
    InUse,
    /// Anything else; never the same as "not found".
    Broken(String),
}

/// Called with each key and value; says whether to go on.
pub(super) type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// An ordered key-value engine with atomic batches in one tree.
pub(super) trait Engine: Send + Sync {
    /// The value of a key.
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Fault>;

    /// Makes all changes or, if the process dies, none of them.
    fn write(&self, tree: Tree, changes: &[&Change]) -> Result<(), Fault>;

    /// Visits the keys from `from` to before `to`, in order or, where `back`, against it.
    fn visit(
        &self,
        tree: Tree,
        from: &[u8],
        to: Option<&[u8]>,
        back: bool,
        each: &mut Visit<'_>,
    ) -> Result<(), Fault>;

    /// Hands everything written to the operating system; [`super::guard`] makes it durable.
    fn flush(&self) -> Result<(), Fault>;
}
