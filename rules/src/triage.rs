//! Could a mail be a notice? Asked of headers and structure alone, before the mail is fetched.

use std::panic::AssertUnwindSafe;

use crate::{
    fields::Fields,
    read::{BUILT_IN_RULES, ContentType, Facts, OrdinaryHeaders, Recognisers},
};

/// Whether a mail could be a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triage {
    /// It is no notice; nothing more of it is needed.
    Ordinary,
    /// It could be one: fetch and read it.
    Candidate,
}

/// The MIME structure of a mail as IMAP's BODYSTRUCTURE tells it, as far as triage needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// Every media type in it at any depth, such as `message/delivery-status`, in lower case.
    pub media_types: Vec<String>,
}

/// A mail after triage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// It is no notice; this is what is kept of its headers.
    Ordinary(Box<OrdinaryHeaders>),
    /// It could be one: fetch and read it.
    Candidate,
}

/// Asks as [`triage`] does, and reads what is kept of ordinary mail, in one pass over the headers.
#[must_use]
pub fn sort(headers: &[u8], structure: Option<&Structure>) -> Sorted {
    sort_by(&BUILT_IN_RULES, headers, structure)
}

pub(crate) fn sort_by(rules: &Recognisers, headers: &[u8], structure: Option<&Structure>) -> Sorted {
    let headers = headers.get(..crate::read::MAX_MAIL).unwrap_or(headers);
    let sorted = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let headers = &*crate::read::with_newlines(headers);
        let fields = Fields::read(headers);
        let possible = is_possible(rules, &fields, structure);
        (!possible).then(|| Box::new(OrdinaryHeaders::of(&fields)))
    }));
    // A mail that the parser chokes on is read again in full, where the failure is counted.
    sorted.ok().flatten().map_or(Sorted::Candidate, Sorted::Ordinary)
}

/// Asks whether a mail with these headers could be a notice; in doubt it says so.
///
/// Whatever [`crate::read`] calls a notice is a candidate here. Without a structure every multipart that can
/// hold a report is one.
#[must_use]
pub fn triage(headers: &[u8], structure: Option<&Structure>) -> Triage {
    triage_by(&BUILT_IN_RULES, headers, structure)
}

pub(crate) fn triage_by(rules: &Recognisers, headers: &[u8], structure: Option<&Structure>) -> Triage {
    let headers = headers.get(..crate::read::MAX_MAIL).unwrap_or(headers);
    let asked = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let headers = &*crate::read::with_newlines(headers);
        is_possible(rules, &Fields::read(headers), structure)
    }));
    if asked.unwrap_or(true) { Triage::Candidate } else { Triage::Ordinary }
}

fn is_possible(rules: &Recognisers, fields: &Fields<'_>, structure: Option<&Structure>) -> bool {
    let own = ContentType::of(fields).media_type;
    let facts = Facts::of(rules, fields);
    match structure {
        Some(structure) => facts.possible(rules, &structure.media_types) || facts.possible(rules, &[own]),
        None => {
            // Only the mail itself shows whether a report is among the parts of these.
            let opaque = matches!(own.as_str(), "multipart/mixed" | "multipart/signed" | "multipart/related");
            let seen_as = if opaque { "multipart/report".to_owned() } else { own };
            facts.possible(rules, &[seen_as])
        }
    }
}
