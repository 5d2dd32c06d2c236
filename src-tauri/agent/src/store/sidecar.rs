//! The file beside the store that tells what must be found in it. sled opens a truncated or missing database
//! without a word as an empty one, and an empty index would say that the user never sent anything.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{StoreError, key::Hash};

/// The layout of keys and values that this code writes.
pub(super) const FORMAT: u32 = 2;

/// What a whole store holds at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sidecar {
    pub(super) format: u32,
    /// Counts durable points; the store holds the same number, or one more if it was cut off between both.
    pub(super) generation: u64,
    /// Known UIDs in all Sent folders.
    pub(super) keys: u64,
    /// The length of the data file at the last durable point, in bytes.
    pub(super) data_len: u64,
    /// Check value of the index key.
    pub(super) key_check: Hash,
    /// Keys spread over the index that must be found.
    pub(super) canaries: Vec<Hash>,
    pub(super) folders: Vec<FolderMark>,
}

/// What must be known of a Sent folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FolderMark {
    pub(super) folder: u32,
    /// Counts how often its reading was begun.
    pub(super) epoch: u32,
    pub(super) next_uid: u32,
}

/// What lies where the sidecar should be.
pub(super) enum Read {
    Missing,
    Garbled(String),
    Whole(Sidecar),
}

/// `index.meta` for the directory `index`.
pub(super) fn path(dir: &Path) -> PathBuf {
    beside(dir, ".meta")
}

/// A path beside the directory whose name begins with the directory's.
pub(super) fn beside(dir: &Path, suffix: &str) -> PathBuf {
    let mut name = dir.file_name().map_or_else(|| "index".into(), std::ffi::OsStr::to_os_string);
    name.push(suffix);
    dir.with_file_name(name)
}

/// Reads a sidecar; an unreadable file is an error, for it may be whole.
pub(super) fn read(path: &Path) -> Result<Read, StoreError> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Read::Missing),
        Err(error) => return Err(StoreError::file(path, "read")(error)),
    };
    let mut lines = text.lines();
    let (Some(json), Some(sum), None) = (lines.next(), lines.next(), lines.next()) else {
        return Ok(Read::Garbled("its sidecar is cut off".into()));
    };
    if blake3::hash(json.as_bytes()).to_hex().as_str() != sum {
        return Ok(Read::Garbled("its sidecar is garbled".into()));
    }
    match serde_json::from_str::<Sidecar>(json) {
        Ok(sidecar) if sidecar.format == FORMAT => Ok(Read::Whole(sidecar)),
        Ok(sidecar) => Ok(Read::Garbled(format!("it has format {}, not {FORMAT}", sidecar.format))),
        Err(_) => Ok(Read::Garbled("its sidecar is of another version".into())),
    }
}

/// Writes a sidecar so that a power cut leaves the old one or the new one.
pub(super) fn write(path: &Path, sidecar: &Sidecar) -> Result<(), StoreError> {
    let json = serde_json::to_string(sidecar).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    let sum = blake3::hash(json.as_bytes()).to_hex();
    replace_file(path, |file| writeln!(file, "{json}\n{sum}"))
}

/// Writes a file beside its final place, makes it durable, and puts it there.
pub(super) fn replace_file(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), StoreError> {
    let part = beside(path, ".part");
    let written = || -> io::Result<()> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part)?;
        fill(&mut file)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        sync_parent(path)
    };
    written().map_err(StoreError::file(path, "written"))
}

/// Makes what was renamed, made or removed in the directory of `path` durable.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        // Directories cannot be opened as files on Windows, where renames are durable by themselves.
        Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
