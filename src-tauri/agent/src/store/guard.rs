//! The one way to the engine: a panic or an error of it marks the store as broken, and from then on
//! everything fails until it is replaced. A failed look-up is never "not found".

use std::{
    any::Any,
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicBool, atomic::Ordering},
};

use super::{
    StoreError,
    digest::{Digest, KEY},
    key::Hash,
    kv::{BATCH, Change, Engine, Fault, Tree},
    layout,
};

/// The engine, and whether it can be trusted.
#[derive(Default)]
pub(super) struct Guard {
    engine: RwLock<Option<Box<dyn Engine>>>,
    broken: Mutex<Option<String>>,
    /// Digests of the trees, held by whoever writes.
    digests: Mutex<Digests>,
    /// Whether anything was written since the last durable point.
    dirty: AtomicBool,
}

/// What the two trees that grow hold.
#[derive(Clone, Copy, Default)]
struct Digests {
    index: Digest,
    work: Digest,
}

impl Digests {
    fn of(&mut self, tree: Tree) -> Option<&mut Digest> {
        match tree {
            Tree::Meta => None,
            Tree::Index => Some(&mut self.index),
            Tree::Work => Some(&mut self.work),
        }
    }
}

/// Locks, whatever happened to the one who held it last: what it guards is checked or rebuilt on use.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what asks the engine; a panic becomes a fault.
pub(super) fn caught<T>(ask: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(ask)).unwrap_or_else(|panic| Err(Fault::Broken(words(&*panic))))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given");
    let short: String = text.lines().next().unwrap_or_default().chars().take(160).collect();
    format!("its engine stopped ({short})")
}

impl Guard {
    pub(super) fn broken(&self) -> Option<String> {
        lock(&self.broken).clone()
    }

    /// Marks the store as broken; the first reason stays.
    pub(super) fn break_off(&self, why: &str) -> StoreError {
        let mut broken = lock(&self.broken);
        let why = broken.get_or_insert_with(|| why.to_owned()).clone();
        StoreError::Damaged { why }
    }

    /// A value that cannot be what was written there.
    pub(super) fn garbled(&self, what: &str) -> StoreError {
        self.break_off(&format!("{what} in it cannot be read"))
    }

    /// Fails where the store is broken.
    pub(super) fn whole(&self) -> Result<(), StoreError> {
        self.broken().map_or(Ok(()), |why| Err(StoreError::Damaged { why }))
    }

    fn ask<T>(&self, ask: impl FnOnce(&dyn Engine) -> Result<T, Fault>) -> Result<T, StoreError> {
        self.whole()?;
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        let Some(engine) = engine.as_deref() else {
            return Err(StoreError::damaged("it is closed"));
        };
        caught(|| ask(engine)).map_err(|fault| match fault {
            Fault::Broken(why) => self.break_off(&why),
            Fault::InUse => self.break_off("another process has taken it"),
        })
    }

    pub(super) fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.ask(|engine| engine.get(tree, key))
    }

    pub(super) fn has(&self, tree: Tree, key: &[u8]) -> Result<bool, StoreError> {
        Ok(self.get(tree, key)?.is_some())
    }

    /// Writes fewer than [`BATCH`] changes as one, more in several; a caller that needs one gives no more.
    /// Where a key comes twice within one, the later change counts.
    pub(super) fn write(&self, tree: Tree, changes: &[Change]) -> Result<(), StoreError> {
        let mut digests = lock(&self.digests);
        for batch in changes.chunks(BATCH - 1) {
            self.dirty.store(true, Ordering::SeqCst);
            let mut after = *digests;
            self.ask(|engine| match after.of(tree) {
                Some(digest) => write_counted(engine, tree, batch, digest),
                None => engine.write(tree, &batch.iter().collect::<Vec<_>>()),
            })?;
            *digests = after;
        }
        Ok(())
    }

    /// Entries in all trees.
    pub(super) fn entries(&self) -> u64 {
        let digests = lock(&self.digests);
        digests.index.count().saturating_add(digests.work.count())
    }

    /// Adds the changes of one notice or record to those of others, which are written first where they would be too
    /// many for one write: few large writes cost far less than many small ones.
    pub(super) fn add_to(&self, gathered: &mut Vec<Change>, changes: Vec<Change>) -> Result<(), StoreError> {
        if gathered.len() + changes.len() > BATCH {
            self.write(Tree::Work, gathered)?;
            gathered.clear();
        }
        gathered.extend(changes);
        Ok(())
    }

    /// Stands for all that may speak for a mail in quarantine: it is another where something of it has changed.
    pub(super) fn lessons(&self) -> Hash {
        lock(&self.digests).index.lessons()
    }

    /// The trees whose entries are not those that were written.
    pub(super) fn differing(&self) -> Result<Vec<Tree>, StoreError> {
        let mut digests = lock(&self.digests);
        let mut differing = Vec::new();
        for tree in Tree::ALL {
            if let Some(digest) = digests.of(tree)
                && self.ask(|engine| Digest::counted(engine, tree))? != *digest
            {
                differing.push(tree);
            }
        }
        Ok(differing)
    }

    pub(super) fn put(&self, tree: Tree, key: Vec<u8>, value: Vec<u8>) -> Result<(), StoreError> {
        self.write(tree, &[(key, Some(value))])
    }

    /// Visits all keys with a prefix, in order.
    pub(super) fn visit(
        &self,
        tree: Tree,
        prefix: &[u8],
        mut each: impl FnMut(&[u8], &[u8]) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let end = layout::after(prefix);
        self.ask(|engine| engine.visit(tree, prefix, end.as_deref(), false, &mut each))
    }

    /// Visits the keys from `from` to before `to`, in order or against it.
    pub(super) fn visit_between(
        &self,
        tree: Tree,
        from: &[u8],
        to: Option<&[u8]>,
        back: bool,
        mut each: impl FnMut(&[u8], &[u8]) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.ask(|engine| engine.visit(tree, from, to, back, &mut each))
    }

    /// Whether there is any key from `from` to before `to`.
    pub(super) fn any_between(&self, tree: Tree, from: &[u8], to: Option<&[u8]>) -> Result<bool, StoreError> {
        let mut any = false;
        self.visit_between(tree, from, to, false, |_, _| {
            any = true;
            ControlFlow::Break(())
        })?;
        Ok(any)
    }

    /// Whether there is any key with a prefix.
    pub(super) fn any(&self, tree: Tree, prefix: &[u8]) -> Result<bool, StoreError> {
        self.any_between(tree, prefix, layout::after(prefix).as_deref())
    }

    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.ask(|engine| engine.flush())
    }

    pub(super) fn is_dirty(&self) -> bool {
        self.dirty.load(Ordering::SeqCst)
    }

    pub(super) fn clean(&self) {
        self.dirty.store(false, Ordering::SeqCst);
    }

    /// Takes the engine out and closes it, which can panic as well.
    pub(super) fn close(&self) {
        let engine = self.engine.write().unwrap_or_else(PoisonError::into_inner).take();
        if caught(move || {
            drop(engine);
            Ok(())
        })
        .is_err()
        {
            tracing::warn!("the store's engine stopped while it was closed");
        }
    }

    /// Puts in an engine that has been checked.
    pub(super) fn install(&self, engine: Box<dyn Engine>) {
        let stored = caught(|| {
            let stored = |tree| Digest::stored(engine.as_ref(), tree);
            Ok(Digests { index: stored(Tree::Index)?, work: stored(Tree::Work)? })
        });
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Some(engine);
        *lock(&self.broken) = None;
        match stored {
            Ok(digests) => *lock(&self.digests) = digests,
            Err(_) => drop(self.garbled("the digest")),
        }
    }
}

/// Writes a batch together with the digest of the tree after it.
fn write_counted(
    engine: &dyn Engine,
    tree: Tree,
    batch: &[Change],
    digest: &mut Digest,
) -> Result<(), Fault> {
    let last: BTreeMap<&[u8], &Change> = batch.iter().map(|change| (change.0.as_slice(), change)).collect();
    let mut changes = Vec::with_capacity(last.len() + 1);
    for (key, change) in last {
        let (before, value) = (engine.get(tree, key)?, change.1.as_deref());
        if before.as_deref() != value {
            digest.change(key, before.as_deref(), value);
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let digest = (KEY.to_vec(), Some(digest.bytes()));
    changes.push(&digest);
    engine.write(tree, &changes)
}
