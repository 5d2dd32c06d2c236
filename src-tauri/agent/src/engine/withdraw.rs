//! What was condemned and turned out to be none of it, or was put back, counts no more: neither for a storm nor for the
//! hosts behind it.

use rules::storm::Likeness;

use super::account::Account;
use super::{EngineError, sources};
use crate::journal::{Entry, Offset, RestoreReason};
use crate::store::{Record, Said};

/// Takes back what the mails of these records have been counted for.
///
/// A mail that came back because the user sent its original ends the storm of its subject and of its address; one that the
/// user put back only counts for none.
///
/// # Errors
/// The store or the journal cannot be read.
pub fn withdraw(account: &Account, records: &[Record], reason: RestoreReason) -> Result<(), EngineError> {
    let profile = account.profile();
    for record in records {
        let entry = account.journal.entry_at(Offset(record.journal_offset))?;
        let Some(Entry::Move { explained, .. }) = entry else { continue };
        let notice = &explained.notice;
        account.store.discount_sources(sources::behind(notice, record.internal_date, &profile))?;
        let original = account.store.original_key(notice, &record.fingerprint);
        let likeness = Likeness::of(notice, record.internal_date, &profile);
        match (reason, likeness) {
            (RestoreReason::Rescue, Some(likeness)) => {
                account.store.note_seen(original, &likeness, Said::Genuine)?;
            }
            (RestoreReason::User | RestoreReason::Rescue, _) => account.store.withdraw_seen(original)?,
        }
    }
    Ok(())
}
