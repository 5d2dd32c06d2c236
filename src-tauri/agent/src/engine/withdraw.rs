//! What was condemned and turned out to be none of it, or was put back, counts no more: neither for a storm nor for the
//! hosts behind it.

use super::account::Account;
use super::{EngineError, sources};
use crate::journal::{Entry, Offset};
use crate::store::Record;

/// Takes back what the mails of these records have been counted for.
///
/// # Errors
/// The store or the journal cannot be read.
pub fn withdraw(account: &Account, records: &[Record]) -> Result<(), EngineError> {
    let profile = account.profile();
    for record in records {
        let entry = account.journal.entry_at(Offset(record.journal_offset))?;
        let Some(Entry::Move { explained, .. }) = entry else { continue };
        let notice = &explained.notice;
        account.store.discount_sources(sources::behind(notice, record.internal_date, &profile))?;
        account.store.withdraw_seen(account.store.original_key(notice, &record.fingerprint))?;
    }
    Ok(())
}
