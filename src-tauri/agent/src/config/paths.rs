//! Where things lie.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::ConfigError;

/// Where the configuration and the data lie; every file name is decided here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file.
    pub config: PathBuf,
    /// The data directory.
    pub data_dir: PathBuf,
}

/// The data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// It cannot be made.
    #[error("the data directory {} cannot be made; make it, or name another with --data-dir", path.display())]
    Make {
        /// Where it was to be.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Others can look into it, and that could not be changed.
    #[error("the data directory {} is not yours alone; make it so (chmod 700), or name another with --data-dir", path.display())]
    Rights {
        /// Where it lies.
        path: PathBuf,
        /// Why its rights could not be changed.
        source: std::io::Error,
    },
}

impl Paths {
    /// The places given, else the usual ones of the platform (XDG on Linux).
    ///
    /// # Errors
    /// One is not given and the home directory is unknown.
    pub fn resolve(config: Option<PathBuf>, data_dir: Option<PathBuf>) -> Result<Self, ConfigError> {
        if let (Some(config), Some(data_dir)) = (&config, &data_dir) {
            return Ok(Self { config: config.clone(), data_dir: data_dir.clone() });
        }
        let usual = ProjectDirs::from("org", "Neversent", "neversent").ok_or(ConfigError::NoHome)?;
        Ok(Self {
            config: config.unwrap_or_else(|| usual.config_dir().join("config.toml")),
            data_dir: data_dir.unwrap_or_else(|| usual.data_dir().to_owned()),
        })
    }

    /// The folder of the user's own rules, beside the configuration.
    #[must_use]
    pub fn rules(&self) -> PathBuf {
        self.config.with_file_name("rules")
    }

    /// The store: the sent index and what is remembered of judged mail.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    /// The store's sidecar.
    #[must_use]
    pub fn index_meta(&self) -> PathBuf {
        self.data_dir.join("index.meta")
    }

    /// The journal of moves and of what the user decided.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.data_dir.join("journal")
    }

    /// The folder of the daily exports.
    #[must_use]
    pub fn export(&self) -> PathBuf {
        self.data_dir.join("export")
    }

    /// The lock of the one process that opens the store.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.data_dir.join("lock")
    }

    /// The local socket of a running agent.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.data_dir.join("agent.sock")
    }

    /// The folder of the log files.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data_dir.join("log")
    }

    /// The key of the index, on a machine without a keyring.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.data_dir.join("key")
    }

    /// Makes the data directory, open to its owner alone, where it is missing.
    ///
    /// # Errors
    /// It cannot be made, or others can look into it and that cannot be changed.
    pub fn make_data_dir(&self) -> Result<(), DataDirError> {
        make_private(&self.data_dir)
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> Result<(), DataDirError> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};

    let make = |source| DataDirError::Make { path: path.to_owned(), source };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(make)?;
    let mut rights = std::fs::metadata(path).map_err(make)?.permissions();
    if rights.mode() & 0o077 != 0 {
        rights.set_mode(0o700);
        std::fs::set_permissions(path, rights)
            .map_err(|source| DataDirError::Rights { path: path.to_owned(), source })?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> Result<(), DataDirError> {
    std::fs::create_dir_all(path).map_err(|source| DataDirError::Make { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_data_directory_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths { config: PathBuf::new(), data_dir: folder.path().join("a/b") };
        paths.make_data_dir().expect("a missing one is made");
        std::fs::set_permissions(&paths.data_dir, std::fs::Permissions::from_mode(0o755)).expect("rights");
        paths.make_data_dir().expect("an open one is closed");
        let mode = std::fs::metadata(&paths.data_dir).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "nobody else may look into it");
    }
}
