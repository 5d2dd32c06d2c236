//! Connections that are made while store and journal are still being opened: a run that ends by itself spends
//! much of its time on either.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::task::JoinHandle;

use super::EngineError;
use crate::config;
use crate::imap::{Connection, Deadlines, Trust};
use crate::secret::{self, Keyring};

/// A connection for the Sent folders and one for the watched folders.
pub type Two = (Connection, Connection);

/// Signs in twice at once.
///
/// # Errors
/// The secret cannot be had, the server cannot be reached or does not accept it.
pub async fn sign_in_twice(
    config: &config::Account,
    keyring: &Keyring,
    deadlines: Deadlines,
) -> Result<Two, EngineError> {
    let (credentials, trust) = tokio::join!(secret::credentials(config, keyring), Trust::of(&config.imap));
    let (credentials, trust) = (credentials?, trust?);
    let open = || Connection::open_with(&config.imap, &trust, &credentials, deadlines);
    Ok(tokio::try_join!(open(), open())?)
}

/// The connections that were begun, by account.
#[derive(Default)]
pub struct Early(Mutex<BTreeMap<String, JoinHandle<Result<Two, EngineError>>>>);

impl Early {
    /// Begins to sign in to these accounts.
    pub fn begin(accounts: &[config::Account], keyring: &Keyring, deadlines: Deadlines) -> Self {
        let begun = accounts.iter().map(|account| {
            let (config, keyring) = (account.clone(), keyring.clone());
            let task = tokio::spawn(async move { sign_in_twice(&config, &keyring, deadlines).await });
            (account.name.clone(), task)
        });
        Self(Mutex::new(begun.collect()))
    }

    /// The connections of an account, if they were begun; they are given once.
    pub fn take(&self, account: &str) -> Option<JoinHandle<Result<Two, EngineError>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account)
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        let begun = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        begun.values().for_each(JoinHandle::abort);
    }
}
