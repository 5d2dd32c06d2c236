//! The key that the index is hashed with: in the keyring, or in a file on a machine without one.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use rand::{TryRngCore as _, rngs::OsRng};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

use super::{Keyring, KeyringError};
use crate::config::Paths;

/// The entry of the keyring.
const ENTRY: &str = "index key";
/// Length in bytes: a key of BLAKE3.
const LENGTH: usize = 32;

/// The key of the index.
#[derive(Debug)]
pub struct IndexKey(SecretBox<[u8; LENGTH]>);

/// The key of the index cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum IndexKeyError {
    /// The keyring did not give it.
    #[error("the key of the index of sent mail: {0}")]
    Keyring(#[from] KeyringError),
    /// The index was made with a key of a keyring that is not here now.
    #[error(
        "the key of the index of sent mail is in a keyring that is not here now ({why}); start it, or, to build the \
         index anew without it, move {} away", index.display()
    )]
    KeyringGone {
        /// What is missing, in the words of the system.
        why: String,
        /// The sidecar that shows an index.
        index: PathBuf,
    },
    /// The key file cannot be used.
    #[error("the key file {} cannot be used; check its rights", path.display())]
    File {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is stored is no key.
    #[error(
        "the key of the index of sent mail in {place} is damaged; delete it there, and the index is built anew"
    )]
    Damaged {
        /// Where it is stored.
        place: String,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a key")]
    Random,
}

impl IndexKeyError {
    /// Whether the keyring is there and locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Keyring(KeyringError::Locked))
    }

    /// Whether waiting may help: the keyring is locked or not there yet.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Keyring(KeyringError::Locked | KeyringError::Absent { .. }) | Self::KeyringGone { .. }
        )
    }
}

impl IndexKey {
    /// The key of a data directory; made where there is none.
    ///
    /// A key file wins. Else the keyring has it; a locked keyring is never taken for an absent one. Without a
    /// keyring the key goes into a file, but only while there is no index that was made with another.
    ///
    /// # Errors
    /// The keyring is locked, or gone while there is an index, or what is stored is damaged.
    pub async fn of(paths: &Paths, keyring: &Keyring) -> Result<Self, IndexKeyError> {
        let path = paths.key();
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        let why = match keyring.get(ENTRY.to_owned()).await {
            Ok(Some(text)) => {
                return Self::parse(&text)
                    .ok_or_else(|| IndexKeyError::Damaged { place: "the keyring".to_owned() });
            }
            Ok(None) => {
                let key = Self::random()?;
                match keyring.set(ENTRY.to_owned(), key.text()).await {
                    Ok(()) => return Ok(key),
                    Err(KeyringError::NoPlace) => "it has no place to keep a secret".to_owned(),
                    Err(error) => return Err(error.into()),
                }
            }
            Err(KeyringError::Absent { why }) => why,
            Err(error) => return Err(error.into()),
        };
        if paths.index_meta().exists() {
            return Err(IndexKeyError::KeyringGone { why, index: paths.index_meta() });
        }
        let key = Self::random()?;
        write(&path, &key).map_err(|source| IndexKeyError::File { path, source })?;
        Ok(key)
    }

    /// The bytes, for the keyed hash.
    #[must_use]
    pub fn expose(&self) -> &[u8; LENGTH] {
        self.0.expose_secret()
    }

    fn random() -> Result<Self, IndexKeyError> {
        let mut failed = false;
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; LENGTH]| {
            failed = OsRng.try_fill_bytes(bytes).is_err()
        });
        if failed { Err(IndexKeyError::Random) } else { Ok(Self(key)) }
    }

    /// As text, in hexadecimal: the wallet of KDE keeps nothing else.
    fn text(&self) -> SecretString {
        SecretString::from(self.expose().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    fn parse(text: &SecretString) -> Option<Self> {
        let hash = blake3::Hash::from_hex(text.expose_secret().trim()).ok()?;
        Some(Self(SecretBox::new(Box::new(*hash.as_bytes()))))
    }
}

fn read(path: &Path) -> Result<Option<IndexKey>, IndexKeyError> {
    let failed = |source| IndexKeyError::File { path: path.to_owned(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::with_capacity(4 * LENGTH);
    file.take(4 * LENGTH as u64).read_to_string(&mut text).map_err(failed)?;
    let key = IndexKey::parse(&SecretString::from(text));
    key.map(Some).ok_or_else(|| IndexKeyError::Damaged { place: path.display().to_string() })
}

/// Writes a key file whole or not at all.
fn write(path: &Path, key: &IndexKey) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    writeln!(file, "{}", key.text().expose_secret())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
