//! One look at an account, for `doctor`.

use super::{EngineError, folders};
use crate::config::Account;
use crate::imap::{Connection, Credentials, Deadlines, FolderEntry, FolderName};

/// What one connection to an account shows.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What the server can do, after sign-in, in upper case: `MOVE`, `UIDPLUS`, `IDLE` …
    pub capabilities: Vec<String>,
    /// All folders.
    pub folders: Vec<FolderEntry>,
    /// The folders that would be read as Sent folders, as the user reads their names.
    pub sent: Vec<String>,
    /// Configured folders that are missing, as the user reads their names.
    pub missing: Vec<String>,
    /// Whether the quarantine folder exists.
    pub quarantine: bool,
    /// How full the mailbox is in percent, where the server tells (QUOTA, RFC 9208).
    pub full: Option<u8>,
}

/// Connects to an account once and looks around, changing nothing.
///
/// # Errors
/// The host is unknown, TLS or the sign-in fails, or the connection is lost.
pub async fn probe(account: &Account, credentials: &Credentials) -> Result<Probe, EngineError> {
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
