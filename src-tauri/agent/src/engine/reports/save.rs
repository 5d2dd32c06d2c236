//! A mail in quarantine as a file, for who reports elsewhere or by hand.

use std::path::PathBuf;

use tokio::io::AsyncWriteExt as _;

use super::super::folders;
use super::super::restore::locate;
use super::super::{Engine, EngineError, blocking};
use super::of_name;
use crate::api;
use crate::store::RecordState;

impl Engine {
    /// Writes a mail in quarantine into a new file, octet for octet.
    pub(in crate::engine) async fn save(&self, id: api::RecordId, path: PathBuf) -> Result<(), EngineError> {
        let accounts = self.accounts(None)?;
        let (account, record) = blocking(move || {
            let (account, record) = of_name(&accounts, &id)?;
            Ok((account.clone(), record))
        })
        .await?;
        let wrong = |why: &str| EngineError::NotDone(why.to_owned());
        if record.state != RecordState::Moved {
            return Err(wrong("the mail is not in the quarantine"));
        }
        let mut connection = account.connect().await?;
        let found = folders::find(&account, &mut connection).await?;
        let (located, _) = locate(&account, &mut connection, &found, vec![record]).await?;
        let mail = match located.first() {
            Some((_, place)) => connection.mail(place.uid, u32::MAX).await?,
            None => None,
        };
        connection.log_out().await;
        let mail = mail.ok_or_else(|| wrong("the mail is not found in the quarantine just now"))?;
        if mail.truncated {
            return Err(wrong("the mail is larger than 16 MB; save it with your mail program"));
        }
        let failed =
            |error| EngineError::NotDone(format!("the file {} cannot be written: {error}", path.display()));
        let mut options = tokio::fs::OpenOptions::new();
        // A mail is nobody else's business.
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.write(true).create_new(true).open(&path).await.map_err(failed)?;
        let written = match file.write_all(&mail.bytes).await {
            Ok(()) => file.sync_all().await,
            Err(error) => Err(error),
        };
        if written.is_err() {
            // Half a mail is none.
            let _ = tokio::fs::remove_file(&path).await;
        }
        written.map_err(failed)
    }
}
