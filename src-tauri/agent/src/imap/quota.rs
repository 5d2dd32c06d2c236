//! How full the mailbox is (RFC 9208).

use async_imap::imap_proto::Response;
use async_imap::imap_proto::rfc2087::QuotaResourceName;

use super::capabilities::unless_refused;
use super::command::Command;
use super::wire::Said;
use super::{Connection, FolderName, ImapError};

/// How full a mailbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// In units of 1,024 bytes.
    pub used_kib: u64,
    /// In units of 1,024 bytes; never 0.
    pub limit_kib: u64,
}

impl Connection {
    /// Asks for the storage quota of a folder; the fullest where it has several, `None` where there is none.
    ///
    /// # Errors
    /// Loss; a refusal counts as "there is none".
    pub async fn quota(&mut self, folder: &FolderName) -> Result<Option<Quota>, ImapError> {
        // RFC 9208 servers may announce the resource alone: QUOTA=RES-STORAGE.
        if !self.capabilities.has("QUOTA") && !self.capabilities.has("QUOTA=RES-STORAGE") {
            return Ok(None);
        }
        let mut fullest: Option<Quota> = None;
        let command = Command::new("GETQUOTAROOT").folder(folder)?;
        let answer = self
            .wire
            .run(&command, &mut |said| {
                let Said::Response(Response::Quota(quota)) = said else { return };
                for resource in &quota.resources {
                    if resource.name != QuotaResourceName::Storage || resource.limit == 0 {
                        continue;
                    }
                    let told = Quota { used_kib: resource.usage, limit_kib: resource.limit };
                    if fullest.is_none_or(|known| told.is_fuller_than(known)) {
                        fullest = Some(told);
                    }
                }
            })
            .await;
        unless_refused(answer)?;
        Ok(fullest)
    }
}

impl Quota {
    fn is_fuller_than(self, other: Self) -> bool {
        u128::from(self.used_kib) * u128::from(other.limit_kib)
            > u128::from(other.used_kib) * u128::from(self.limit_kib)
    }
}
