//! Recognises a mail again, wherever it has gone.

use rules::UnixTime;
use rules::read::read_ordinary_headers;

use crate::imap::FetchedHeaders;
use crate::store::{Fingerprint, Store};

/// What a mail's headers tell of who it is: its Message-ID, or, without one, the fields that no two deliveries have
/// alike. In a storm hundreds of notices without an id come from one server in one second, and only the queue ids
/// of their Received lines differ.
pub struct Marks {
    id: Option<String>,
    fields: Vec<u8>,
}

impl Marks {
    /// Reads the marks from a mail's headers, all of them or those of [`crate::imap::HeaderSet::Identity`].
    #[must_use]
    pub fn of(headers: &[u8]) -> Self {
        let id = read_ordinary_headers(headers).message_id.map(|id| id.as_str().to_owned());
        let fields = if id.is_none() { telling_fields(headers) } else { Vec::new() };
        Self { id, fields }
    }

    /// The fingerprint of a mail of these marks, with its size and INTERNALDATE.
    #[must_use]
    pub fn fingerprint(&self, store: &Store, size: u32, internal_date: UnixTime) -> Fingerprint {
        store.fingerprint(self.id.as_deref(), &self.fields, size, internal_date)
    }
}

/// The fingerprint of a mail whose identity headers were fetched.
#[must_use]
pub fn of_fetched(store: &Store, mail: &FetchedHeaders) -> Fingerprint {
    Marks::of(&mail.headers).fingerprint(store, mail.size, mail.internal_date)
}

/// Received, Date, From and Subject as they stand, in their order, without white space.
fn telling_fields(headers: &[u8]) -> Vec<u8> {
    const TELLING: [&[u8]; 4] = [b"received", b"date", b"from", b"subject"];
    let (mut told, mut telling) = (Vec::new(), false);
    for line in headers.split(|byte| *byte == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            break; // What follows is no header, and not fetched for identity alone.
        }
        if !line.first().is_some_and(u8::is_ascii_whitespace) {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
            telling = TELLING.iter().any(|one| name.eq_ignore_ascii_case(one));
        }
        if telling {
            told.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_headers_and_those_of_identity_tell_the_same() {
        let all =
            b"Return-Path: <>\r\nReceived: from a.example\r\n\tby b.example id 4X7; now\r\nX-Spam: no\r\n\
                    From: MAILER-DAEMON@a.example\r\nSubject: failure notice\r\nDate: today\r\n\r\n";
        let some =
            b"Received: from a.example\r\n\tby b.example id 4X7; now\r\nFrom: MAILER-DAEMON@a.example\r\n\
                     Subject: failure notice\r\nDate: today\r\n\r\n";
        assert_eq!(Marks::of(all).fields, Marks::of(some).fields, "other fields do not count");
        let other = String::from_utf8_lossy(some).replace("4X7", "4X8");
        assert_ne!(
            Marks::of(some).fields,
            Marks::of(other.as_bytes()).fields,
            "the queue id tells them apart"
        );
    }

    #[test]
    fn a_message_id_is_enough() {
        let mail = b"Message-ID: <n1@a.example>\r\nReceived: from a.example\r\n\r\n";
        let marks = Marks::of(mail);
        assert_eq!(marks.id.as_deref(), Some("n1@a.example"), "the id tells who it is");
        assert!(marks.fields.is_empty(), "and nothing else counts, whatever a server has added");
    }
}
