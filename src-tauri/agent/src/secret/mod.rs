//! Secrets: the passwords of accounts, and the key of the index. They are in the keyring of the desktop alone, or
//! with a command that the user names; none is ever in the configuration, a log or an error.

mod command;
mod index_key;
mod keyring;

use secrecy::{ExposeSecret as _, SecretString};

pub use index_key::{IndexKey, IndexKeyError};
pub use keyring::{Keyring, KeyringError};

use crate::{
    config::{Account, Auth},
    imap::Credentials,
};

/// The secret of an account cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The keyring did not give it.
    #[error("account `{account}`: {source}")]
    Keyring {
        /// The account.
        account: String,
        /// Why, and what to do.
        source: KeyringError,
    },
    /// The keyring has no password for the account.
    #[error(
        "account `{account}`: the keyring has no password for it; store one with `neversent account password {account}`"
    )]
    NoPassword {
        /// The account.
        account: String,
    },
    /// The command gave none.
    #[error("account `{account}`: the command for the password {source}")]
    Command {
        /// The account.
        account: String,
        /// What it did instead.
        source: command::CommandError,
    },
    /// Signing in by OAuth2 is not part of this version.
    #[error(
        "account `{account}`: auth = \"oauth2\" is not part of this version; make an app password with your provider \
         and use auth = \"keyring\", or let a command print the password: auth = {{ command = \"…\" }}"
    )]
    OAuth2 {
        /// The account.
        account: String,
    },
}

impl SecretError {
    /// Whether waiting may help: the keyring is locked or not there yet.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Keyring { source: KeyringError::Locked | KeyringError::Absent { .. }, .. })
    }
}

/// Who signs in to an account, with the secret.
///
/// # Errors
/// The keyring is locked, absent or has no password, or the command failed.
pub async fn credentials(account: &Account, keyring: &Keyring) -> Result<Credentials, SecretError> {
    let name = || account.name.clone();
    let password = match &account.auth {
        Auth::Keyring => keyring
            .get(entry(&account.name))
            .await
            .map_err(|source| SecretError::Keyring { account: name(), source })?
            .ok_or_else(|| SecretError::NoPassword { account: name() })?,
        Auth::Command(command) => command::first_line(command, command::LIMIT)
            .await
            .map_err(|source| SecretError::Command { account: name(), source })?,
        Auth::OAuth2 => return Err(SecretError::OAuth2 { account: name() }),
    };
    Ok(Credentials::Password { user: account.user.clone(), password })
}

/// Stores the password of an account in the keyring.
///
/// # Errors
/// The keyring is locked, absent or refuses.
pub async fn store_password(
    account: &str,
    password: SecretString,
    keyring: &Keyring,
) -> Result<(), SecretError> {
    let failed = |source| SecretError::Keyring { account: account.to_owned(), source };
    keyring.set(entry(account), password.expose_secret().into()).await.map_err(failed)
}

/// The name of an account's entry in the keyring.
fn entry(account: &str) -> String {
    format!("account {account}")
}

#[cfg(test)]
mod tests;
