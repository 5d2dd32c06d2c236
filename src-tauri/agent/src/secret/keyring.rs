//! The keyring of the desktop, asked on a thread of its own: a prompt to unlock it may stand open for ever.

use std::{sync::Arc, time::Duration};

use keyring_core::{CredentialStore, Error};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

/// The service that all our entries are of.
const SERVICE: &str = "org.neversent.Neversent";
/// How long the keyring may take; a prompt that is open longer is asked again later.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest secret that every platform's keyring takes, in bytes (Windows: `CRED_MAX_CREDENTIAL_BLOB_SIZE`).
const LONGEST: usize = 2_560;

/// The keyring did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// It is locked, or waits for the user to unlock it.
    #[error("the keyring is locked; unlock it, for instance by signing in to the desktop")]
    Locked,
    /// There is none on this machine, or none yet.
    #[error(
        "there is no keyring here ({why}); start the desktop's keyring, or let a command print the password: \
         auth = {{ command = \"…\" }}"
    )]
    Absent {
        /// What is missing, in the words of the system.
        why: String,
    },
    /// It is there, but has no place to keep anything.
    #[error("the keyring has no place to keep a secret; make a default keyring in the desktop's settings")]
    NoPlace,
    /// It has several entries of the name.
    #[error(
        "the keyring has several entries of the service {SERVICE} for this; delete them and store it again"
    )]
    Ambiguous,
    /// It holds something that is no text.
    #[error("what the keyring holds for this is damaged; store it again")]
    Damaged,
    /// The secret is too long for it.
    #[error("the secret is longer than {LONGEST} bytes, which the keyring cannot keep")]
    TooLong,
    /// It failed otherwise.
    #[error("the keyring failed ({why}); start it again")]
    Failed {
        /// Why, in its own words.
        why: String,
    },
}

type Open = Arc<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send + Sync>;

/// The keyring of the desktop.
#[derive(Clone)]
pub struct Keyring {
    open: Open,
    limit: Duration,
    /// One question at a time: behind an open prompt, more questions would only open more prompts.
    turn: Arc<Semaphore>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// The keyring of the platform. It is opened anew for each question, so one that starts after the agent, or
    /// is restarted, is found.
    #[must_use]
    pub fn system() -> Self {
        Self::with(Arc::new(open), LIMIT)
    }

    /// A keyring that is opened by a function.
    pub(super) fn with(open: Open, limit: Duration) -> Self {
        Self { open, limit, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The secret of an entry; none where there is no such entry in an open keyring.
    ///
    /// # Errors
    /// The keyring is locked, absent or failed: this never means that there is no such entry.
    pub async fn get(&self, entry: String) -> Result<Option<SecretString>, KeyringError> {
        self.ask(move |store| match store.build(SERVICE, &entry, None)?.get_password() {
            Ok(password) => Ok(Some(SecretString::from(password))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Stores the secret of an entry.
    ///
    /// # Errors
    /// The keyring is locked, absent or failed, or the secret is too long for it.
    pub async fn set(&self, entry: String, secret: SecretString) -> Result<(), KeyringError> {
        if secret.expose_secret().len() > LONGEST {
            return Err(KeyringError::TooLong);
        }
        self.ask(move |store| store.build(SERVICE, &entry, None)?.set_password(secret.expose_secret())).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&CredentialStore) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let (open, turn) = (Arc::clone(&self.open), Arc::clone(&self.turn));
        let answered = tokio::time::timeout(self.limit, async {
            let turn = turn.acquire_owned().await.map_err(|_| KeyringError::Locked)?;
            let (tell, told) = tokio::sync::oneshot::channel();
            // Not the runtime's blocking pool: a thread that waits for a prompt would hold up the end of the program.
            std::thread::Builder::new()
                .name("keyring".to_owned())
                .spawn(move || {
                    let opened = open().map_err(|error| KeyringError::Absent { why: words(&error) });
                    // Nobody listens any more after the time limit.
                    let _ = tell
                        .send(opened.and_then(|store| question(&*store).map_err(|error| meaning(&error))));
                    drop(turn);
                })
                .map_err(|error| KeyringError::Failed { why: error.to_string() })?;
            // The sender is dropped unsent only if the library panicked.
            told.await.map_err(|_| KeyringError::Failed { why: "it panicked".to_owned() })?
        });
        answered.await.unwrap_or(Err(KeyringError::Locked))
    }
}

/// What an error of an open keyring means.
fn meaning(error: &Error) -> KeyringError {
    match error {
        // A prompt that was dismissed, or that could not be shown, and a locked entry. `NoResult` alone says that
        // there is no default collection, nor a way to make one (gnome-keyring 42 without a display).
        Error::NoStorageAccess(source) if format!("{source:?}").contains("NoResult") => KeyringError::NoPlace,
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::Ambiguous(_) => KeyringError::Ambiguous,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => KeyringError::Damaged,
        Error::TooLong(..) => KeyringError::TooLong,
        // Its text would hold the entries.
        other => KeyringError::Failed { why: words(other) },
    }
}

/// An error and its causes, in one line.
fn words(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

#[cfg(target_os = "linux")]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    zbus_secret_service_keyring_store::Store::new().map(|store| store as Arc<CredentialStore>)
}

#[cfg(not(target_os = "linux"))]
fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NotSupportedByStore("the keyring of this platform is not supported yet".to_owned()))
}
