//! What can go wrong with the store, in words that the user reads.

use std::path::{Path, PathBuf};

use rules::IndexUnavailable;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the store open.
    #[error("the store at {dir} is in use by another process; end it, or ask it instead")]
    InUse {
        /// Its directory.
        dir: PathBuf,
    },
    /// A file or directory could not be read or written.
    #[error("{path} cannot be {done}; check its rights and the free space")]
    File {
        /// Which.
        path: PathBuf,
        /// What was tried, as a participle: "read", "written".
        done: &'static str,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The store is damaged: nothing may be concluded from it until it is replaced.
    #[error("the store is damaged and is being built again: {why}")]
    Damaged {
        /// What was found.
        why: String,
    },
    /// A Sent folder was said to be refreshed, or a window of it to be read, beyond what has been asked for.
    #[error("UIDs {from} to {to} of a Sent folder have not been read yet; read them first")]
    NotRead {
        /// The lowest UID that was left out.
        from: u32,
        /// The UID before which all must have been read.
        to: u32,
    },
    /// A Sent folder of which nothing is known; it has to be started first.
    #[error("the Sent folder has not been started yet")]
    NotStarted,
    /// A folder or account id of another store.
    #[error("the store knows no account or folder of this number; name it first")]
    UnknownName,
    /// There are more accounts or folders than can be numbered.
    #[error("too many accounts or folders have been named; set the store aside to begin anew")]
    TooManyNames,
    /// A backup that was written with another key.
    #[error("{path} was written with another key; restore that key in the keyring to read it")]
    ForeignKey {
        /// The backup.
        path: PathBuf,
    },
    /// A file that is no backup, or a broken one.
    #[error("{path} is no whole backup of the store: {why}; use an older one")]
    NoBackup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A value that the store cannot keep.
    #[error("the store cannot keep this: {why}")]
    Unfit {
        /// Why.
        why: String,
    },
}

impl StoreError {
    pub(super) fn file(path: &Path, done: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, done, source }
    }

    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged { why: why.into() }
    }
}

impl From<StoreError> for IndexUnavailable {
    fn from(error: StoreError) -> Self {
        Self { why: error.to_string() }
    }
}

/// What was found when the store was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No store: a new one was begun.
    New,
    /// A whole store.
    Whole,
    /// A damaged or foreign store: it was set aside, a new one begun, and coverage is unknown.
    SetAside {
        /// What was wrong with it.
        why: String,
        /// Where it lies now.
        to: PathBuf,
    },
}
