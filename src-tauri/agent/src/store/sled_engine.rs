//! sled behind the seam: the only file that knows it.

use std::{ops::Bound, ops::ControlFlow, path::Path};

use super::kv::{Change, Engine, Fault, Tree, Visit};

/// Its default is 1 GiB. It takes several times what it is given, a filled one as much again: of the process that holds
/// 200,000 mails, 6 MiB made 73 MB and 2 MiB make 59 (2026-11-27). To read those mails then takes a third longer, once;
/// what comes in on a bad day is judged as fast.
const CACHE: u64 = 2 * 1024 * 1024;

/// The name of the file that holds all data, within the directory.
pub(super) const DATA_FILE: &str = "db";

/// An open database.
pub(super) struct Sled {
    db: sled::Db,
    meta: sled::Tree,
    index: sled::Tree,
    work: sled::Tree,
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        if let sled::Error::Io(io) = &error
            && io.to_string().contains("could not acquire lock")
        {
            return Self::InUse;
        }
        Self::Broken(error.to_string())
    }
}

impl Sled {
    /// Opens or makes the database; `existing` demands that all trees are there already.
    pub(super) fn open(dir: &Path, existing: bool) -> Result<Self, Fault> {
        let db = sled::Config::new().path(dir).cache_capacity(CACHE).flush_every_ms(Some(500)).open()?;
        if existing {
            if !db.was_recovered() {
                return Err(Fault::Broken("it came up empty".into()));
            }
            let names = db.tree_names();
            if let Some(lost) = Tree::ALL.iter().find(|t| !names.iter().any(|n| n == t.name().as_bytes())) {
                return Err(Fault::Broken(format!("its part \"{}\" is gone", lost.name())));
            }
        }
        let open = |tree: Tree| db.open_tree(tree.name());
        let (meta, index, work) = (open(Tree::Meta)?, open(Tree::Index)?, open(Tree::Work)?);
        Ok(Self { db, meta, index, work })
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        match tree {
            Tree::Meta => &self.meta,
            Tree::Index => &self.index,
            Tree::Work => &self.work,
        }
    }
}

impl Engine for Sled {
    fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.tree(tree).get(key)?.map(|value| value.to_vec()))
    }

    fn write(&self, tree: Tree, changes: &[&Change]) -> Result<(), Fault> {
        // One change is atomic by itself. sled 0.34.7 writes its log buffer out at every batch and wakes all its
        // threads for that (pagecache/mod.rs `pin_log`, threadpool.rs `send`): dear for a few bytes.
        match changes {
            [] => return Ok(()),
            [(key, Some(value))] => {
                self.tree(tree).insert(key, value.as_slice())?;
                return Ok(());
            }
            [(key, None)] => {
                self.tree(tree).remove(key)?;
                return Ok(());
            }
            _ => {}
        }
        let mut batch = sled::Batch::default();
        for (key, value) in changes {
            match value {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        Ok(self.tree(tree).apply_batch(batch)?)
    }

    fn visit(
        &self,
        tree: Tree,
        from: &[u8],
        to: Option<&[u8]>,
        back: bool,
        each: &mut Visit<'_>,
    ) -> Result<(), Fault> {
        let end = to.map_or(Bound::Unbounded, Bound::Excluded);
        let mut range = self.tree(tree).range::<&[u8], _>((Bound::Included(from), end));
        while let Some(item) = if back { range.next_back() } else { range.next() } {
            let (key, value) = item?;
            if let ControlFlow::Break(()) = each(&key, &value) {
                break;
            }
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), Fault> {
        self.db.flush()?;
        Ok(())
    }
}
