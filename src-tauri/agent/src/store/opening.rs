//! The open protocol: a store is opened only when it is shown to be whole; else it is set aside.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use rules::UnixTime;

use super::{
    Found, IndexKey, StoreError, compaction,
    digest::{self, Digest},
    guard::caught,
    key::{Hash, Sort},
    kv::{Change, Engine, Fault, Tree},
    layout::{self, index},
    sent::FolderState,
    sidecar::{self, FORMAT, Sidecar},
    sled_engine::{DATA_FILE, Sled},
};

/// How much shorter the data file may be than at the last durable point: one segment of sled.
const SEGMENT: u64 = 512 * 1024;
/// First byte of a canary's value, which is no kind of sent mail.
pub(super) const CANARY: u8 = 9;

pub(super) const GENERATION_KEY: &[u8] = b"generation";
const KEY_CHECK_KEY: &[u8] = b"key check";

/// An open store and what must be found in it next time.
pub(super) struct Opened {
    pub(super) engine: Box<dyn Engine>,
    pub(super) sidecar: Sidecar,
    pub(super) found: Found,
}

/// Why a store is not used.
enum Refusal {
    /// It is not whole.
    Damage(String),
    /// It may be whole, but cannot be looked at.
    Error(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Error(error)
    }
}

/// Opens the store in a directory, or sets it aside and begins a new one.
pub(super) fn open(dir: &Path, key: &IndexKey, now: UnixTime) -> Result<Opened, StoreError> {
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(StoreError::file(parent, "made"))?;
    }
    refuse_if_in_use(dir)?;
    compaction::finish(dir)?;
    let data = dir.join(DATA_FILE);
    let why = match sidecar::read(&sidecar::path(dir))? {
        sidecar::Read::Missing if !data.exists() => return begin(dir, key, now, Found::New),
        sidecar::Read::Missing => "its sidecar is missing".to_owned(),
        sidecar::Read::Garbled(why) => why,
        sidecar::Read::Whole(sidecar) => match open_whole(dir, key, &sidecar) {
            Ok(engine) => return Ok(Opened { engine, sidecar, found: Found::Whole }),
            Err(Refusal::Damage(why)) => why,
            Err(Refusal::Error(error)) => return Err(error),
        },
    };
    renew(dir, key, now, why)
}

/// Sets the store in a directory aside and begins a new one.
pub(super) fn renew(dir: &Path, key: &IndexKey, now: UnixTime, why: String) -> Result<Opened, StoreError> {
    tracing::warn!(why, "the store is set aside and built again");
    let to = set_aside(dir, now)?;
    begin(dir, key, now, Found::SetAside { why, to })
}

/// Opens a store without a second look at what it holds; for one that was whole when it was closed.
pub(super) fn open_again(dir: &Path) -> Result<Box<dyn Engine>, Fault> {
    caught(|| Ok(Box::new(Sled::open(dir, true)?) as Box<dyn Engine>))
}

/// sled locks its data file by flock; what another process works on must not be moved away.
fn refuse_if_in_use(dir: &Path) -> Result<(), StoreError> {
    let data = dir.join(DATA_FILE);
    let file = match File::options().read(true).write(true).open(&data) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::file(&data, "opened")(error)),
    };
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: dir.to_owned() }),
        // A file system without locks: sled itself will say so.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn open_whole(dir: &Path, key: &IndexKey, sidecar: &Sidecar) -> Result<Box<dyn Engine>, Refusal> {
    if sidecar.key_check != key.check_value() {
        return Err(Refusal::Damage("it was written with another key".into()));
    }
    let data = dir.join(DATA_FILE);
    let length = match fs::metadata(&data) {
        Ok(meta) => meta.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Refusal::Damage("its data file is missing".into()));
        }
        Err(error) => return Err(StoreError::file(&data, "read")(error).into()),
    };
    if length.saturating_add(SEGMENT) < sidecar.data_len {
        let lost = sidecar.data_len - length;
        return Err(Refusal::Damage(format!("its data file is {lost} bytes shorter than it was")));
    }
    let checked = caught(|| {
        let engine = Sled::open(dir, true)?;
        check(&engine, key, sidecar)?;
        Ok(engine)
    });
    match checked {
        Ok(engine) => Ok(Box::new(engine)),
        Err(Fault::Broken(why)) => Err(Refusal::Damage(why)),
        Err(Fault::InUse) => Err(StoreError::InUse { dir: dir.to_owned() }.into()),
    }
}

/// Whether an open store holds all that its sidecar says.
fn check(engine: &dyn Engine, key: &IndexKey, sidecar: &Sidecar) -> Result<(), Fault> {
    let broken = |why: &str| Err(Fault::Broken(why.to_owned()));
    let generation = engine.get(Tree::Meta, GENERATION_KEY)?.and_then(|v| layout::take_u64(&v, 0));
    match generation {
        Some(stored) if stored == sidecar.generation || Some(stored) == sidecar.generation.checked_add(1) => {
        }
        _ => return broken("it is not of the same time as its sidecar"),
    }
    if engine.get(Tree::Meta, KEY_CHECK_KEY)?.as_deref() != Some(&key.check_value()) {
        return broken("it was written with another key");
    }
    for canary in &sidecar.canaries {
        if engine.get(Tree::Index, &layout::key(index::CANARY, &[canary]))?.as_deref() != Some(&[CANARY]) {
            return broken("keys that must be in it are missing");
        }
    }
    for mark in &sidecar.folders {
        let stored = engine.get(Tree::Index, &FolderState::key(super::FolderId(mark.folder)))?;
        let state = stored.as_deref().and_then(FolderState::parse);
        let later = state
            .as_ref()
            .is_some_and(|s| s.epoch > mark.epoch || s.epoch == mark.epoch && s.next_uid >= mark.next_uid);
        if !later {
            return broken("what was read of a Sent folder is missing");
        }
    }
    for (tree, what) in [(Tree::Index, "parts of the sent index"), (Tree::Work, "parts of its lists")] {
        if Digest::stored(engine, tree)? != Digest::counted(engine, tree)? {
            return broken(&format!("{what} are missing"));
        }
    }
    Ok(())
}

/// Begins a new store where there is none.
fn begin(dir: &Path, key: &IndexKey, now: UnixTime, found: Found) -> Result<Opened, StoreError> {
    let canaries: Vec<Hash> = (0_u8..16)
        .map(|n| key.hash(Sort::Canary, &[now.0.to_le_bytes().as_slice(), [n].as_slice()]))
        .collect();
    let begun = caught(|| {
        let engine = Sled::open(dir, false)?;
        let put = |key: Vec<u8>, value: Vec<u8>| -> Change { (key, Some(value)) };
        let mut marks: Vec<Change> =
            canaries.iter().map(|c| put(layout::key(index::CANARY, &[c]), vec![CANARY])).collect();
        let mut digest = Digest::default();
        for (key, value) in &marks {
            digest.change(key, None, value.as_deref());
        }
        marks.push(put(digest::KEY.to_vec(), digest.bytes()));
        engine.write(Tree::Index, &marks.iter().collect::<Vec<_>>())?;
        engine.write(
            Tree::Meta,
            &[
                &put(GENERATION_KEY.to_vec(), 0_u64.to_be_bytes().to_vec()),
                &put(KEY_CHECK_KEY.to_vec(), key.check_value().to_vec()),
            ],
        )?;
        engine.flush()?;
        Ok(engine)
    });
    let engine = begun.map_err(|fault| match fault {
        Fault::InUse => StoreError::InUse { dir: dir.to_owned() },
        Fault::Broken(why) => StoreError::Damaged { why },
    })?;
    let sidecar = Sidecar {
        format: FORMAT,
        generation: 0,
        keys: 0,
        data_len: sync_data(dir)?,
        key_check: key.check_value(),
        canaries,
        folders: Vec::new(),
    };
    sidecar::write(&sidecar::path(dir), &sidecar)?;
    Ok(Opened { engine: Box::new(engine), sidecar, found })
}

/// Makes the data file durable, which sled's flush alone does not on Linux, and tells its length.
pub(super) fn sync_data(dir: &Path) -> Result<u64, StoreError> {
    let path = dir.join(DATA_FILE);
    let synced = || -> io::Result<u64> {
        let file = File::options().read(true).write(true).open(&path)?;
        file.sync_all()?;
        sidecar::sync_parent(&path)?;
        Ok(file.metadata()?.len())
    };
    synced().map_err(StoreError::file(&path, "written"))
}

/// Moves a store and its sidecar to `index.bad-<time>` and removes the one set aside before.
fn set_aside(dir: &Path, now: UnixTime) -> Result<PathBuf, StoreError> {
    let older = siblings(dir, ".bad-");
    let mut to = sidecar::beside(dir, &format!(".bad-{}", now.0));
    let mut n = 1;
    while to.exists() {
        to = sidecar::beside(dir, &format!(".bad-{}-{n}", now.0));
        n += 1;
    }
    let moved = || -> io::Result<()> {
        if dir.exists() {
            fs::rename(dir, &to)?;
        } else {
            fs::create_dir(&to)?;
        }
        let meta = sidecar::path(dir);
        if meta.exists() {
            fs::rename(&meta, to.join("index.meta"))?;
        }
        sidecar::sync_parent(dir)
    };
    moved().map_err(StoreError::file(dir, "set aside"))?;
    for old in older {
        if let Err(error) = fs::remove_dir_all(&old) {
            tracing::warn!(%error, "an older store that was set aside cannot be removed");
        }
    }
    Ok(to)
}

/// What lies beside a directory under its name with this suffix.
fn siblings(dir: &Path, suffix: &str) -> Vec<PathBuf> {
    let start = sidecar::beside(dir, suffix);
    let (Some(parent), Some(start)) = (dir.parent(), start.file_name().and_then(|n| n.to_str())) else {
        return Vec::new();
    };
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    entries
        .flatten()
        .filter(|e| e.file_name().to_str().is_some_and(|name| name.starts_with(start)))
        .map(|e| e.path())
        .collect()
}
