//! Secrets that come with settings: they go into the keyring, and nowhere else.

use super::Host;
use crate::api::{ApiError, ErrorCode, SettingsChange};
use crate::config::SpamCop;
use crate::secret::{self, SecretError, SubmitCodeError};

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        Self::new(ErrorCode::NoSecret, error.to_string())
    }
}

impl From<SubmitCodeError> for ApiError {
    fn from(error: SubmitCodeError) -> Self {
        Self::new(ErrorCode::NoSecret, error.to_string())
    }
}

impl Host {
    /// Stores the secrets of a change; says whether there were any.
    pub(super) async fn store_secrets(&self, change: &SettingsChange) -> Result<bool, ApiError> {
        match change {
            SettingsChange::Account { account, password: Some(password), .. } => {
                secret::store_password(&account.name, password.expose(), &self.keyring).await?;
            }
            SettingsChange::SpamCop { address: Some(address), .. } => {
                secret::store_submit_code(address.expose(), &self.keyring).await?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether it is known where reports to SpamCop go.
    pub(super) async fn has_submit_address(&self, spamcop: &SpamCop) -> bool {
        secret::submit_code(&spamcop.address, &self.keyring).await.is_ok()
    }
}
