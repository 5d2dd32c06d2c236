//! Secrets: the passwords of accounts, and the key of the index. They are in the keyring of the desktop alone, or
//! with a command that the user names; none is ever in the configuration, a log or an error.

mod command;
mod index_key;
mod keyring;

use secrecy::{ExposeSecret as _, SecretString};

pub use index_key::{IndexKey, IndexKeyError};
pub use keyring::{Keyring, KeyringError};

use crate::{
    config::{Account, Auth, SubmitAddress},
    imap::Credentials,
    report::{SubmitCode, WrongCode},
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

/// The address for reports cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SubmitCodeError {
    /// The keyring did not give it.
    #[error("the address for reports: {0}")]
    Keyring(KeyringError),
    /// The keyring has none.
    #[error(
        "the keyring has no address for reports; SpamCop shows it to you under \u{201c}Report Spam\u{201d}, and \
         `neversent reports address` stores it"
    )]
    None,
    /// The command gave none.
    #[error("the command for the address for reports {0}")]
    Command(command::CommandError),
    /// What is kept is no such address.
    #[error(transparent)]
    Wrong(#[from] WrongCode),
}

/// The entry of the address for reports in the keyring.
const SUBMIT_CODE: &str = "spamcop";

/// Where the user's reports to `SpamCop` go.
///
/// # Errors
/// The keyring is locked, absent or has none, or the command failed.
pub async fn submit_code(kept: &SubmitAddress, keyring: &Keyring) -> Result<SubmitCode, SubmitCodeError> {
    let text = match kept {
        SubmitAddress::Keyring => {
            let found = keyring.get(SUBMIT_CODE.to_owned()).await.map_err(SubmitCodeError::Keyring)?;
            found.ok_or(SubmitCodeError::None)?
        }
        SubmitAddress::Command(command) => {
            command::first_line(command, command::LIMIT).await.map_err(SubmitCodeError::Command)?
        }
    };
    Ok(SubmitCode::read(text.expose_secret())?)
}

/// Stores the address for reports in the keyring.
///
/// # Errors
/// The text is no such address; the keyring is locked, absent or refuses.
pub async fn store_submit_code(text: SecretString, keyring: &Keyring) -> Result<(), SubmitCodeError> {
    let code = SubmitCode::read(text.expose_secret())?;
    keyring.set(SUBMIT_CODE.to_owned(), code.address()).await.map_err(SubmitCodeError::Keyring)
}

/// The name of an account's entry in the keyring.
fn entry(account: &str) -> String {
    format!("account {account}")
}

#[cfg(test)]
mod tests;
