//! Adding a mail of our own to a folder.

use async_imap::imap_proto::{Outcome, Response, ResponseCode, rfc4315::UidSetMember};

use super::command::Command;
use super::wire::Said;
use super::{Connection, FolderName, ImapError};

impl Connection {
    /// Adds a mail to a folder, as read; returns its UID, where the server tells it (RFC 4315 §3).
    ///
    /// # Errors
    /// Refusal or loss; after a loss it may be there.
    pub async fn append(&mut self, folder: &FolderName, mail: &[u8]) -> Result<Option<u32>, ImapError> {
        let command = Command::new("APPEND").folder(folder)?.arg("(\\Seen)").mail(mail)?;
        let mut told = None;
        self.wire
            .run(&command, &mut |said| {
                if let Said::Response(
                    Response::Done {
                        outcome: Outcome { code: Some(ResponseCode::AppendUid(_, uids)), .. },
                        ..
                    }
                    | Response::Data {
                        outcome: Outcome { code: Some(ResponseCode::AppendUid(_, uids)), .. },
                        ..
                    },
                ) = said
                    && let [UidSetMember::Uid(uid)] = uids.as_slice()
                {
                    told = Some(*uid);
                }
            })
            .await?;
        Ok(told)
    }
}
