//! One opener of the data directory: the lock comes before anything in it is read or written.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::PathBuf,
};

use crate::config::Paths;

/// The data directory is this process's until this is dropped, or the process ends however it may.
#[derive(Debug)]
pub struct DataDirLock {
    _file: File,
}

/// The data directory could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("another Neversent{} is using {}; end it, or ask it (`neversent status`)", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), path.display())]
    Busy {
        /// The data directory.
        path: PathBuf,
        /// The process that has it, where it said so.
        pid: Option<u32>,
    },
    /// The lock file cannot be used.
    #[error("the lock file {} cannot be used; check the rights and the space of its folder", path.display())]
    Io {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl DataDirLock {
    /// Locks the data directory, which must exist; never waits.
    ///
    /// # Errors
    /// Another process has it, or the lock file cannot be used.
    pub fn acquire(paths: &Paths) -> Result<Self, LockError> {
        let path = paths.lock();
        let io = |source| LockError::Io { path: path.clone(), source };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Only for the message: an unreadable process id is none.
                let _ = file.take(20).read_to_string(&mut text);
                return Err(LockError::Busy { path: paths.data_dir.clone(), pid: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        writeln!(file, "{}", std::process::id()).map_err(io)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_has_the_data_directory() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths { config: PathBuf::new(), data_dir: folder.path().to_owned() };
        let lock = DataDirLock::acquire(&paths).expect("it is free");
        match DataDirLock::acquire(&paths) {
            Err(LockError::Busy { pid, .. }) => {
                assert_eq!(pid, Some(std::process::id()), "it says who has it")
            }
            other => panic!("a second opener gets in: {other:?}"),
        }
        drop(lock);
        assert!(DataDirLock::acquire(&paths).is_ok(), "it is free again");
    }
}
