//! What was condemned and turned out to be none of it, or was put back, counts no more: neither for a storm nor for the
//! hosts behind it.

use super::account::Account;
use super::{EngineError, reports, sources};
use crate::api::Event;
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
    let sent = reports::withdraw(account, records)?;
    if sent > 0 {
        let text = format!(
            "{sent} of the mails that were put back had been reported already; where SpamCop's link to a report is not \
             confirmed yet, leave it so, else answer the operator who asks about it"
        );
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    Ok(())
}
