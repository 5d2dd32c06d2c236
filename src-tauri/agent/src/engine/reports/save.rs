//! A mail as a file, for who reports elsewhere or by hand.

use std::path::PathBuf;

use tokio::io::AsyncWriteExt as _;

use super::super::{Engine, EngineError};
use crate::api;

impl Engine {
    /// Writes a mail, in quarantine or not decided, into a new file, octet for octet.
    pub(in crate::engine) async fn save(&self, id: api::RecordId, path: PathBuf) -> Result<(), EngineError> {
        let mail = self.fetch(id, u32::MAX).await?;
        if mail.truncated {
            let why = "the mail is larger than 16 MB; save it with your mail program";
            return Err(EngineError::NotDone(why.to_owned()));
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
