//! The engine as the command line uses it.

use super::answer::api_error;
use super::{Engine, EngineError, blocking, folders};
use crate::api::ApiError;
use crate::cli::engine_seam::{self, Probe, RunOptions, Setup};
use crate::config::Account;
use crate::imap::{Connection, Credentials, Deadlines, FolderName};

impl engine_seam::Engine for Engine {
    async fn open(setup: Setup) -> Result<Self, ApiError> {
        let Setup { config, paths, lock, keyring, stop } = setup;
        let mut engine = Self::open(config, paths, keyring, stop).await.map_err(|error| api_error(&error))?;
        engine.hold(lock);
        Ok(engine)
    }

    async fn run(&self, options: RunOptions) -> Result<Vec<ApiError>, ApiError> {
        if options.dry_run {
            self.change_nothing();
        }
        if options.once {
            let summaries = self.once().await;
            let failed = summaries.iter().filter_map(|one| Some((&one.account, one.error.as_ref()?)));
            return Ok(failed.map(|(account, error)| of_account(account, api_error(error))).collect());
        }
        self.run().await.map(|()| Vec::new()).map_err(|error| api_error(&error))
    }

    async fn close(&self) {
        let store = self.shared().store.clone();
        if let Err(error) = blocking(move || Ok::<_, EngineError>(store.durable()?)).await {
            tracing::warn!("the index could not be written at the end: {error}");
        }
    }

    async fn probe(account: &Account, credentials: &Credentials) -> Result<Probe, ApiError> {
        probe(account, credentials).await.map_err(|error| api_error(&error))
    }
}

/// The error with the account's name before it, where it does not stand there yet.
fn of_account(account: &str, mut error: ApiError) -> ApiError {
    if !error.message.starts_with("account ") {
        error.message = format!("account \u{201c}{account}\u{201d}: {}", error.message);
    }
    error
}

async fn probe(account: &Account, credentials: &Credentials) -> Result<Probe, EngineError> {
    let mut connection = Connection::open(&account.imap, credentials, Deadlines::default()).await?;
    let entries = connection.list().await?;
    let there = |name: &str| {
        let wire = FolderName::from_display(name);
        entries.iter().any(|entry| folders::same_folder(&entry.name, &wire))
    };
    let quarantine = folders::quarantine_name(&account.quarantine, &connection);
    let sent = match &account.sent {
        Some(names) => names.iter().filter(|name| there(name)).cloned().collect(),
        None => entries.iter().filter(|e| folders::is_sent(e)).map(|e| e.name.display()).collect(),
    };
    let configured = account.watch.iter().chain(account.sent.iter().flatten());
    let missing = configured.filter(|name| !there(name)).cloned().collect();
    let quarantine_exists = entries.iter().any(|entry| entry.name == quarantine);
    let asked = if quarantine_exists { quarantine } else { FolderName::inbox() };
    let quota = connection.quota(&asked).await?;
    let full = quota
        .filter(|quota| quota.limit_kib > 0)
        .map(|quota| u8::try_from(quota.used_kib.saturating_mul(100) / quota.limit_kib).unwrap_or(u8::MAX));
    let capabilities = connection.capabilities().iter().map(str::to_owned).collect();
    connection.log_out().await;
    Ok(Probe { capabilities, folders: entries, sent, missing, quarantine: quarantine_exists, full })
}
