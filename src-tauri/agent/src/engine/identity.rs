//! Recognises a mail again, wherever it has gone.

use rules::UnixTime;
use rules::read::{OrdinaryHeaders, read_ordinary_headers};

use crate::imap::FetchedHeaders;
use crate::store::{Fingerprint, Store};

/// The fingerprint of a mail: of its Message-ID, else its From and Date, with size and INTERNALDATE.
#[must_use]
pub fn fingerprint(
    store: &Store,
    headers: &OrdinaryHeaders,
    size: u32,
    internal_date: UnixTime,
) -> Fingerprint {
    let id = headers.message_id.as_ref().map(rules::MessageId::as_str);
    let fallback = format!("{:?} {:?}", headers.from, headers.date);
    store.fingerprint(id, fallback.as_bytes(), size, internal_date)
}

/// The fingerprint of a mail whose identity headers were fetched.
#[must_use]
pub fn of_fetched(store: &Store, mail: &FetchedHeaders) -> Fingerprint {
    fingerprint(store, &read_ordinary_headers(&mail.headers), mail.size, mail.internal_date)
}
