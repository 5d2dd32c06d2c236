//! The one way to the engine: a panic or an error of it marks the store as broken, and from then on
//! everything fails until it is replaced. A failed look-up is never "not found".

use std::{
    any::Any,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicBool, atomic::Ordering},
};

use super::{
    StoreError,
    kv::{BATCH, Change, Engine, Fault, Tree},
    layout,
};

/// The engine, and whether it can be trusted.
#[derive(Default)]
pub(super) struct Guard {
    engine: RwLock<Option<Box<dyn Engine>>>,
    broken: Mutex<Option<String>>,
    /// Whether anything was written since the last durable point.
    dirty: AtomicBool,
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

    fn ask<T>(&self, ask: impl FnOnce(&dyn Engine) -> Result<T, Fault>) -> Result<T, StoreError> {
        if let Some(why) = self.broken() {
            return Err(StoreError::Damaged { why });
        }
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

    /// Writes at most [`BATCH`] changes as one, more in several; a caller that needs one gives no more.
    pub(super) fn write(&self, tree: Tree, changes: &[Change]) -> Result<(), StoreError> {
        for batch in changes.chunks(BATCH) {
            self.dirty.store(true, Ordering::SeqCst);
            self.ask(|engine| engine.write(tree, batch))?;
        }
        Ok(())
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
        *self.engine.write().unwrap_or_else(PoisonError::into_inner) = Some(engine);
        *lock(&self.broken) = None;
    }
}
