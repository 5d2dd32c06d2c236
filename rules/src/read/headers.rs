//! What the agent keeps of the headers of ordinary and of sent mail.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{MAX_MAIL, facts, is_automatic, original, with_newlines};
use crate::address::registrable;
use crate::auth_results::AuthResults;
use crate::notice::Signature;
use crate::{Address, MailDate, MessageId, fields::Fields};

/// Signatures of one mail that are kept as verified.
const MAX_PASSED: usize = 3;

/// Fields that hold an id of the mail itself: its own, and those that relays moved it to.
pub(super) const ID_FIELDS: [&str; 7] = [
    "message-id",
    "resent-message-id",
    "x-microsoft-original-message-id",
    "x-google-original-message-id",
    "origin-messageid",
    "x-original-message-id",
    "original-message-id",
];

/// What the agent keeps of an ordinary mail's headers: whom it came to, and what it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdinaryHeaders {
    /// Its own Message-ID.
    pub message_id: Option<MessageId>,
    /// Its From.
    pub from: Option<Address>,
    /// Its To.
    pub to: Vec<Address>,
    /// Its Cc.
    pub cc: Vec<Address>,
    /// Its Delivered-To.
    pub delivered_to: Vec<Address>,
    /// The ids of its In-Reply-To, or, where it has none, the last of its References.
    pub answers: Vec<MessageId>,
    /// Its Date.
    pub date: Option<MailDate>,
    /// Whether it came through a list (List-Id, Precedence: list, Mailing-List).
    pub list: bool,
    /// Whether it is automatic (RFC 3834 and its kin).
    pub automatic: bool,
}

/// What the index keeps of a mail in a Sent folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentHeaders {
    /// All ids in all forms (Message-ID, Resent-Message-ID, X-Microsoft-Original-Message-ID,
    /// X-Google-Original-Message-ID, Origin-messageId, X-Original-Message-ID).
    pub ids: Vec<MessageId>,
    /// The addresses in From, Sender and Resent-From.
    pub from: Vec<Address>,
    /// To, Cc, Bcc and Resent-To.
    pub recipients: Vec<Address>,
    /// The Subject, decoded.
    pub subject: String,
    /// The Date.
    pub date: Option<MailDate>,
}

impl OrdinaryHeaders {
    pub(crate) fn of(fields: &Fields<'_>) -> Self {
        let mut answers = fields.ids("in-reply-to");
        if answers.is_empty() {
            answers.extend(fields.ids("references").pop());
        }
        Self {
            message_id: fields.ids("message-id").into_iter().next(),
            from: fields.addresses("from").into_iter().next(),
            to: fields.addresses("to"),
            cc: fields.addresses("cc"),
            delivered_to: fields.addresses("delivered-to"),
            answers,
            date: fields.date(),
            list: facts::is_list(fields),
            automatic: is_automatic(fields),
        }
    }
}

/// Reads what the agent keeps of an ordinary mail's headers; any bytes will do, and none make it panic.
#[must_use]
pub fn read_ordinary_headers(headers: &[u8]) -> OrdinaryHeaders {
    let headers = headers.get(..MAX_MAIL).unwrap_or(headers);
    let read = std::panic::catch_unwind(|| OrdinaryHeaders::of(&Fields::read(&with_newlines(headers))));
    read.unwrap_or_default()
}

/// The DKIM signatures of a mail that are of the domain of its From, or of one above or below it, and of which the server
/// that took the mail says that they verify (RFC 8601); `own_servers` are those of the user's accounts.
#[must_use]
pub fn passed_signatures(headers: &[u8], own_servers: &BTreeSet<String>) -> Vec<Signature> {
    let headers = headers.get(..MAX_MAIL).unwrap_or(headers);
    let read = std::panic::catch_unwind(|| {
        let headers = &*with_newlines(headers);
        let fields = Fields::read(headers);
        let results =
            fields.first("authentication-results").map(|field| AuthResults::read(&field.unfolded()));
        let Some(results) = results else { return Vec::new() };
        if !results.is_by_house(own_servers.iter().map(String::as_str), topmost_server(&fields).as_deref()) {
            return Vec::new();
        }
        let from = fields.addresses("from").into_iter().next();
        let owner = from.map(|from| registrable(from.domain())).unwrap_or_default();
        let verified = |one: &Signature| {
            results.signed.iter().any(|(domain, selector)| {
                *domain == one.domain
                    && selector.as_ref().is_none_or(|it| it.eq_ignore_ascii_case(&one.selector))
            })
        };
        let mut signatures = original::signatures(&fields);
        signatures.retain(|one| verified(one) && registrable(&one.domain) == owner);
        signatures.truncate(MAX_PASSED);
        signatures
    });
    read.unwrap_or_default()
}

/// The server that wrote the topmost Received line.
pub(crate) fn topmost_server(fields: &Fields<'_>) -> Option<String> {
    original::hops(fields).into_iter().next().and_then(|hop| hop.by)
}

/// Reads what the index keeps of a sent mail's headers; any bytes will do, and none make it panic.
#[must_use]
pub fn read_sent_headers(headers: &[u8]) -> SentHeaders {
    let headers = headers.get(..MAX_MAIL).unwrap_or(headers);
    let read = std::panic::catch_unwind(|| {
        let headers = &*with_newlines(headers);
        let fields = Fields::read(headers);
        let together = |names: &[&str]| {
            let mut all: Vec<Address> = names.iter().flat_map(|name| fields.addresses(name)).collect();
            let mut seen = BTreeSet::new();
            all.retain(|address| seen.insert(address.clone()));
            all
        };
        SentHeaders {
            ids: ids_of(&fields),
            from: together(&["from", "sender", "resent-from"]),
            recipients: together(&["to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc"]),
            subject: fields.decoded("subject").unwrap_or_default().into_owned(),
            date: fields.date(),
        }
    });
    // A mail that cannot be parsed still has its ids in plain sight: losing them could make a lie of "never sent".
    read.unwrap_or_else(|_| SentHeaders {
        ids: ids_of(&Fields::read(&with_newlines(headers))),
        ..SentHeaders::default()
    })
}

/// Every id of a mail in all its forms, without repeats.
pub(super) fn ids_of(fields: &Fields<'_>) -> Vec<MessageId> {
    let mut ids: Vec<MessageId> = Vec::new();
    for id in ID_FIELDS.iter().flat_map(|name| fields.ids(name)) {
        if ids.len() < 50 && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}
