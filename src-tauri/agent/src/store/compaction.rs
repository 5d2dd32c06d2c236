//! Gives disk space back: a store much larger than what it holds is written anew and swapped in.

use std::{fs, io, ops::ControlFlow, path::Path};

use super::{
    Store, StoreError,
    guard::{caught, lock},
    kv::{BATCH, Change, Engine, Fault, Tree},
    opening::{self, GENERATION_KEY},
    sidecar,
    sled_engine::Sled,
};

/// A store is written anew when it is larger than this and three times what its ids and UIDs need.
const ROOM: u64 = 64 * 1024 * 1024;
/// Bytes that an entry takes on disk, by measurement (sled 0.34.7, 16-byte keys: 161 MB a million).
const ENTRY: u64 = 48;

impl Store {
    /// Writes the store anew if it is much larger than what it holds; tells whether it was. It takes memory
    /// for a second store, so it belongs at the start, before other work.
    ///
    /// # Errors
    /// The store is damaged, or there is no room for a second one; then the old one stays in use.
    pub fn compact_if_needed(&self) -> Result<bool, StoreError> {
        let size = size_of(&self.0.dir).map_err(StoreError::file(&self.0.dir, "read"))?;
        if size <= self.0.guard.entries().saturating_mul(ENTRY * 3).saturating_add(ROOM) {
            return Ok(false);
        }
        self.compact()?;
        Ok(true)
    }

    /// Closes the store, opens it again, and compares all that it holds with what was written. It frees what
    /// sled holds, for other use in the process: glibc does not hand it back to the system.
    ///
    /// # Errors
    /// The store is damaged or cannot be opened again; it is broken then.
    pub fn reopen(&self) -> Result<(), StoreError> {
        self.durable()?;
        let _writer = lock(&self.0.writer);
        self.0.guard.close();
        self.open_again()
    }

    /// Opens what was closed, and looks whether all of it is there: it was read from the disk again.
    fn open_again(&self) -> Result<(), StoreError> {
        match opening::open_again(&self.0.dir) {
            Ok(engine) => self.0.guard.install(engine),
            Err(fault) => return Err(self.0.guard.break_off(&words(fault))),
        }
        if self.0.guard.differing()?.is_empty() {
            return Ok(());
        }
        Err(self.0.guard.break_off("parts of it were lost while it was closed"))
    }

    pub(super) fn compact(&self) -> Result<(), StoreError> {
        self.durable()?;
        let _writer = lock(&self.0.writer);
        let dir = &self.0.dir;
        let (new, old) = (sidecar::beside(dir, ".new"), sidecar::beside(dir, ".old"));
        let (meta, new_meta) = (sidecar::path(dir), sidecar::beside(dir, ".new.meta"));
        remove(&new)?;
        let mut mark = lock(&self.0.sidecar).clone();
        self.copy_to(&new)?;
        mark.generation += 1;
        mark.data_len = opening::sync_data(&new)?;
        sidecar::write(&new_meta, &mark)?;
        self.0.guard.close();
        let swapped = || -> io::Result<()> {
            fs::rename(dir, &old)?;
            fs::rename(&new, dir)?;
            fs::rename(&new_meta, &meta)?;
            sidecar::sync_parent(dir)
        };
        let swapped = swapped().map_err(StoreError::file(dir, "swapped"));
        if swapped.is_err() {
            finish(dir)?;
        } else {
            *lock(&self.0.sidecar) = mark;
            remove(&old)?;
        }
        self.open_again()?;
        swapped
    }

    fn copy_to(&self, new: &Path) -> Result<(), StoreError> {
        let made = caught(|| Sled::open(new, false)).map_err(|f| StoreError::damaged(words(f)))?;
        for tree in Tree::ALL {
            let mut from = Vec::new();
            for n in 1_u32.. {
                let mut batch: Vec<Change> = Vec::with_capacity(BATCH);
                self.0.guard.visit_between(tree, &from, None, false, |key, value| {
                    batch.push((key.to_vec(), Some(value.to_vec())));
                    if batch.len() < BATCH { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                let Some((last, _)) = batch.last() else { break };
                from.clone_from(last);
                from.push(0);
                // What is not flushed cannot leave memory.
                let write = || {
                    made.write(tree, &batch.iter().collect::<Vec<_>>())?;
                    if n.is_multiple_of(16) { made.flush() } else { Ok(()) }
                };
                caught(write).map_err(|f| StoreError::damaged(words(f)))?;
            }
        }
        let generation = lock(&self.0.sidecar).generation + 1;
        caught(|| {
            let value = generation.to_be_bytes().to_vec();
            made.write(Tree::Meta, &[&(GENERATION_KEY.to_vec(), Some(value))])?;
            made.flush()
        })
        .map_err(|f| StoreError::damaged(words(f)))
    }
}

fn words(fault: Fault) -> String {
    match fault {
        Fault::InUse => "another process has taken it".into(),
        Fault::Broken(why) => why,
    }
}

/// Finishes or undoes a swap that was cut off.
pub(super) fn finish(dir: &Path) -> Result<(), StoreError> {
    let (new, old) = (sidecar::beside(dir, ".new"), sidecar::beside(dir, ".old"));
    let (meta, new_meta) = (sidecar::path(dir), sidecar::beside(dir, ".new.meta"));
    if old.exists() {
        let finished = || -> io::Result<()> {
            if !dir.exists() {
                fs::rename(&old, dir)?;
            } else if new_meta.exists() {
                fs::rename(&new_meta, &meta)?;
            }
            sidecar::sync_parent(dir)
        };
        finished().map_err(StoreError::file(dir, "swapped"))?;
    }
    remove(&new)?;
    remove(&old)?;
    match fs::remove_file(&new_meta) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::file(&new_meta, "removed")(error))
        }
        _ => Ok(()),
    }
}

fn remove(dir: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file(dir, "removed")(error)),
        _ => Ok(()),
    }
}

/// Bytes of all files in a directory and the directories in it.
fn size_of(dir: &Path) -> io::Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(dir)? {
        let meta = match entry?.path().metadata() {
            Ok(meta) => meta,
            // sled removes its snapshots by itself.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        size += meta.len();
    }
    Ok(size)
}
