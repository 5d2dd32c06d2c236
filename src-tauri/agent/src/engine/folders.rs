//! Which folders of an account are its Sent folders, and where its quarantine lies.

use super::account::Account;
use super::{EngineError, Shared, blocking};
use crate::config;
use crate::imap::{Connection, FolderEntry, FolderName};
use crate::store::FolderId;

/// Names that mail programs give their Sent folder, in lower case; a folder with one of them counts where the
/// server marks none, and beside a marked one too, since people use several programs.
const SENT_NAMES: &str = include_str!("../../data/sent-folder-names.txt");

/// The folders of an account, found at sign-in.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Sent folders, the most used first.
    pub sent: Vec<(FolderId, FolderName)>,
    /// Watched folders.
    pub watch: Vec<(FolderId, FolderName)>,
    /// The quarantine.
    pub quarantine: (FolderId, FolderName),
    /// Whether the quarantine folder is there.
    pub quarantine_exists: bool,
}

impl Folders {
    /// Whether there is a folder of sent mail: without one nothing is ever moved, and the user must know why.
    ///
    /// # Errors
    /// There is none.
    pub fn need_sent(&self, account: &Account) -> Result<(), EngineError> {
        match self.sent.as_slice() {
            [] => Err(EngineError::NoSentFolder { account: account.name.clone() }),
            _ => Ok(()),
        }
    }
}

/// Finds the folders of an account and tells the store which of them its coverage is made of.
///
/// # Errors
/// The server does not list its folders, or a configured folder is missing.
pub async fn find(account: &Account, connection: &mut Connection) -> Result<Folders, EngineError> {
    let listed = connection.list().await?;
    let usable: Vec<&FolderEntry> = listed.iter().filter(|entry| entry.is_selectable()).collect();
    let named = |name: &str| {
        let wire = FolderName::from_display(name);
        usable.iter().find(|entry| same_folder(&entry.name, &wire)).map(|entry| entry.name.clone())
    };
    let missing = |folder: &str, remedy| EngineError::FolderMissing {
        account: account.name.clone(),
        folder: folder.to_owned(),
        remedy,
    };
    let sent = match &account.config.sent {
        None => usable.iter().filter(|entry| is_sent(entry)).map(|entry| entry.name.clone()).collect(),
        Some(names) => {
            let remedy = "write its name into `sent` of this account as your mail program shows it";
            let found = names.iter().map(|name| named(name).ok_or_else(|| missing(name, remedy)));
            found.collect::<Result<Vec<_>, _>>()?
        }
    };
    let remedy = "write the folder's name into `watch` of this account as your mail program shows it";
    let watch = account.config.watch.iter().map(|name| named(name).ok_or_else(|| missing(name, remedy)));
    let watch = watch.collect::<Result<Vec<_>, _>>()?;
    let wanted = quarantine_name(&account.config.quarantine, connection);
    let quarantine_exists = usable.iter().any(|entry| entry.name == wanted);

    let addresses = senders(&account.config);
    let (store, id) = (account.store.clone(), account.id);
    let now = account.server_now();
    blocking(move || {
        let ids = |names: Vec<FolderName>| {
            names
                .into_iter()
                .map(|name| Ok((store.folder(id, &name)?, name)))
                .collect::<Result<Vec<_>, EngineError>>()
        };
        let (sent, watch) = (ids(sent)?, ids(watch)?);
        let sent_ids: Vec<FolderId> = sent.iter().map(|(id, _)| *id).collect();
        store.set_sent_folders(id, &sent_ids, &addresses, now)?;
        let quarantine = (store.folder(id, &wanted)?, wanted);
        Ok(Folders { sent, watch, quarantine, quarantine_exists })
    })
    .await
}

/// The addresses that an account sends as, by its configuration.
fn senders(account: &config::Account) -> Vec<rules::Address> {
    std::iter::once(&account.address).chain(&account.aliases).cloned().collect()
}

/// Tells the store which account sends as which addresses. One that could not sign in yet has unread sent mail, so
/// that nothing is proved for its addresses in any account.
///
/// # Errors
/// The store is damaged.
pub fn name_senders(shared: &Shared) -> Result<(), EngineError> {
    for account in &shared.config.accounts {
        shared.store.set_sender_addresses(shared.store.account(&account.name)?, &senders(account))?;
    }
    Ok(())
}

/// Makes the quarantine folder if it is missing, under the prefix that the server asks for.
///
/// # Errors
/// The server refuses to make it.
pub async fn ensure_quarantine(
    folders: &mut Folders,
    connection: &mut Connection,
) -> Result<(), EngineError> {
    if folders.quarantine_exists {
        return Ok(());
    }
    let name = &folders.quarantine.1;
    if let Err(refused) = connection.create(name).await {
        // Another agent on the same mailbox may have been faster.
        if !connection.list().await?.iter().any(|entry| entry.name == *name) {
            return Err(refused.into());
        }
    }
    // A folder that is not subscribed is invisible in most mail programs; nothing else depends on it.
    let _ = connection.subscribe(name).await;
    folders.quarantine_exists = true;
    Ok(())
}

/// The quarantine folder's name, under the prefix that the server asks for.
#[must_use]
pub fn quarantine_name(configured: &str, connection: &Connection) -> FolderName {
    let wanted = FolderName::from_display(configured);
    let namespace = connection.namespace();
    if namespace.prefix.is_empty() || wanted.0.starts_with(&namespace.prefix) {
        return wanted;
    }
    // Courier and some Cyrus servers keep everything below INBOX (RFC 2342 §5).
    FolderName(format!("{}{}", namespace.prefix, wanted.0))
}

/// Whether a folder is a Sent folder, by its attribute (RFC 6154) or its name.
#[must_use]
pub fn is_sent(entry: &FolderEntry) -> bool {
    if entry.has("\\sent") {
        return true;
    }
    let display = entry.name.display();
    let last = match entry.delimiter {
        Some(delimiter) => display.rsplit(delimiter).next().unwrap_or(&display),
        None => &display,
    };
    let last = last.to_lowercase();
    SENT_NAMES.lines().any(|name| name == last)
}

/// Whether a folder is the one that new mail comes to.
#[must_use]
pub fn is_inbox(entry: &FolderEntry) -> bool {
    same_folder(&entry.name, &FolderName::inbox())
}

/// Whether two names mean the same folder.
#[must_use]
pub fn same_folder(a: &FolderName, b: &FolderName) -> bool {
    // INBOX is the one name that is the same in any case (RFC 3501 §5.1).
    a == b || (a.0.eq_ignore_ascii_case("INBOX") && b.0.eq_ignore_ascii_case("INBOX"))
}
