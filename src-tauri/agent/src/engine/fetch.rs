//! A mail that the record tells of, fetched once more from where it lies.

use super::restore::locate;
use super::view::{open_key, record_id};
use super::{Engine, EngineError, blocking, folders};
use crate::api;
use crate::imap::FetchedMail;
use crate::store::{MailKey, Record, RecordState};

/// Where a mail lies.
enum Lies {
    InQuarantine(Box<Record>),
    WhereItCame(MailKey),
}

impl Engine {
    /// The beginning of a mail, up to so many octets: of one in quarantine, or of one that is not decided.
    pub(in crate::engine) async fn fetch(
        &self,
        id: api::RecordId,
        most: u32,
    ) -> Result<FetchedMail, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        let gone = || {
            EngineError::NotDone(
                "the mail is not found just now; somebody may have moved or deleted it".to_owned(),
            )
        };
        let (account, lies) = blocking(move || {
            let unknown = || EngineError::NoSuchRecord(id.0.clone());
            let (of, lies) = if let Some(key) = open_key(&id) {
                (shared.store.open_notice(&key)?.ok_or_else(unknown)?.account, Lies::WhereItCame(key))
            } else {
                let record = shared.store.record(record_id(&id).ok_or_else(unknown)?)?.ok_or_else(unknown)?;
                (record.account, Lies::InQuarantine(Box::new(record)))
            };
            let account = accounts.into_iter().find(|account| account.id == of).ok_or_else(unknown)?;
            Ok((account, lies))
        })
        .await?;
        if let Lies::InQuarantine(record) = &lies
            && record.state != RecordState::Moved
        {
            return Err(EngineError::NotDone("the mail is not in the quarantine any more".to_owned()));
        }
        let mut connection = account.connect().await?;
        let found = folders::find(&account, &mut connection).await?;
        let mail = match lies {
            Lies::InQuarantine(record) => {
                let (located, _) = locate(&account, &mut connection, &found, vec![*record]).await?;
                match located.first() {
                    Some((_, place)) => connection.mail(place.uid, most).await?,
                    None => None,
                }
            }
            Lies::WhereItCame(key) => {
                let folder = found.watch.iter().find(|(id, _)| *id == key.folder).map(|(_, name)| name);
                match folder {
                    Some(name)
                        if connection.look_into(name).await?.uid_validity.get() == key.uid_validity =>
                    {
                        connection.mail(key.uid, most).await?
                    }
                    _ => None,
                }
            }
        };
        connection.log_out().await;
        mail.ok_or_else(gone)
    }
}
