//! Reads a mail: an ordinary one, or a notice and what it tells of its original.

mod bounce;
mod excerpt;
mod facts;
mod headers;
mod kind;
mod original;
mod parts;
mod patterns;
mod phrases;
mod programs;
mod recognisers;
mod report;
mod rule_file;
mod status;
mod texts;

pub use headers::{
    OrdinaryHeaders, SentHeaders, passed_signatures, read_ordinary_headers, read_sent_headers,
};

pub use kind::by_structure;
pub use programs::own_text_before_a_program;
pub use recognisers::About;
pub use rule_file::{RuleFile, RuleProblem};

pub(crate) use facts::Facts;
pub(crate) use headers::topmost_server;
pub(crate) use parts::ContentType;
pub(crate) use recognisers::{BUILT_IN_RULES, Recognisers};
pub(crate) use rule_file::Confidence;

use excerpt::Text;
use std::borrow::Cow;
use std::panic::AssertUnwindSafe;

use crate::auth_results::AuthResults;
use crate::{
    MessageId, Notice,
    fields::Fields,
    notice::{Outer, ReceiverField},
    text,
};

/// What a mail turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// No notice.
    Ordinary,
    /// A notice.
    Notice(Box<Notice>),
    /// It cannot be said: the mail cannot be parsed. Such mail is left alone.
    Unreadable {
        /// What is wrong with it, in words.
        why: String,
    },
}

/// A mail is read up to so many bytes: a notice has what it says at its beginning.
pub(crate) const MAX_MAIL: usize = 16 * 1024 * 1024;

/// Compiles what the first mail to be read would wait for.
pub(crate) fn prepare() {
    let _ = Facts::of(&BUILT_IN_RULES, &Fields::read(b"From: postmaster\r\nSubject: Re:\r\n\r\n"));
    bounce::prepare();
    original::prepare();
}

/// Reads the bytes of a mail; any bytes will do, and none make it panic.
///
/// Time and memory grow linearly with the mail up to 16 MiB of it; what follows is not looked at.
#[must_use]
pub fn read(mail: &[u8]) -> Reading {
    read_by(&BUILT_IN_RULES, mail)
}

pub(crate) fn read_by(rules: &Recognisers, mail: &[u8]) -> Reading {
    let mail = mail.get(..MAX_MAIL).unwrap_or(mail);
    // The decoders of mail-parser have had panics: 0.11.2 and 0.11.5, its issues 145 and 155.
    std::panic::catch_unwind(AssertUnwindSafe(|| read_notice(rules, mail))).unwrap_or_else(|_| {
        Reading::Unreadable { why: "the mail breaks the parser; it is left alone".to_owned() }
    })
}

/// The media types of a mail's parts and multiparts, as triage is told them; for mail that is at hand in full.
#[must_use]
pub fn media_types(mail: &[u8]) -> Vec<String> {
    let mail = mail.get(..MAX_MAIL).unwrap_or(mail);
    std::panic::catch_unwind(|| parts::Parts::read(&with_newlines(mail)).media_types).unwrap_or_default()
}

/// The header of the mail that a notice returns, as it came back; none where it returns none as a part, or one that is longer
/// than 64 KiB or was cut off.
///
/// For what only the bytes can tell, such as a DKIM signature (RFC 6376 §3.4). `cut`: there was more of the mail.
#[must_use]
pub fn returned_header(mail: &[u8], cut: bool) -> Option<Vec<u8>> {
    let mail = mail.get(..MAX_MAIL).unwrap_or(mail);
    std::panic::catch_unwind(|| {
        let mail = with_newlines(mail);
        let parts = parts::Parts::read(&mail);
        let mut returned: Vec<&parts::Part<'_>> =
            parts.list.iter().filter(|part| part.is_returned_mail() || part.is_returned_header()).collect();
        // The whole mail tells more than a part of its header, as in `original`.
        returned.sort_by_key(|part| !part.is_returned_mail());
        let content = returned.first()?.content(MAX_RETURNED_HEADER);
        let end = Fields::read(&content).body;
        // A body behind it shows its end, else that nothing was cut off.
        let whole = end < content.len() || !cut && content.len() < MAX_RETURNED_HEADER;
        content.get(..end).filter(|_| whole).map(<[u8]>::to_vec)
    })
    .unwrap_or_default()
}

/// A longer header is not asked for its signatures.
const MAX_RETURNED_HEADER: usize = 64 * 1024;

/// The mail with the line ends of old Macs, a bare CR, made newlines; other mail as it is.
pub(crate) fn with_newlines(mail: &[u8]) -> Cow<'_, [u8]> {
    let first_end = mail.iter().position(|b| matches!(b, b'\r' | b'\n'));
    let ends_bare = first_end.is_some_and(|at| {
        mail.get(at..).is_some_and(|end| end.starts_with(b"\r") && !end.starts_with(b"\r\n"))
    });
    if !ends_bare {
        return Cow::Borrowed(mail);
    }
    Cow::Owned(mail.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
}

fn read_notice(rules: &Recognisers, mail: &[u8]) -> Reading {
    let mail = &*with_newlines(mail);
    let parts = parts::Parts::read(mail);
    let facts = Facts::of(rules, &parts.fields);
    if !facts.possible(rules, &parts.media_types) {
        return Reading::Ordinary;
    }
    let texts = parts.list.iter().filter(|part| part.is_text()).take(8);
    let texts: Vec<Text<'_>> = texts.map(|part| Text::new(part.text())).collect();
    let own_text = bounce::own_text(&texts);
    let own_text = status::Wording::of(&own_text, &rules.phrases);
    let report = parts
        .list
        .iter()
        .find(|part| part.is_delivery_status() || part.is_disposition())
        .map(|part| report::Report::read(&part.content(1024 * 1024), &own_text))
        .unwrap_or_default();
    let Some(decided) = kind::decide(rules, &parts, &facts, &report, &own_text) else {
        return Reading::Ordinary;
    };
    let own_ids = parts.fields.ids("message-id");
    let original = original::read(&parts, &facts, &report, &texts, &own_text, &own_ids, decided.kind);
    let outer = outer(&parts.fields, &facts, own_ids);
    let outcome = bounce::outcome(&parts.fields, &facts, &report, &own_text, &decided, &outer);
    Reading::Notice(Box::new(Notice {
        kind: decided.kind,
        recognised_by: decided.by.to_owned(),
        doubtful: !decided.sure,
        action: outcome.action,
        reason: outcome.reason,
        status: outcome.status,
        recipients: outcome.recipients,
        original,
        reported_by: report.reported_by.or_else(|| bounce::reporting_host(&own_text, outer.from.as_ref())),
        arrival_date: report.arrival_date,
        postmaster_copy: kind::is_postmaster_copy(&facts),
        outer,
    }))
}

/// What a notice's own header says of it.
fn outer(fields: &Fields<'_>, facts: &Facts, own_ids: Vec<MessageId>) -> Outer {
    let mut receivers = Vec::new();
    let named = [
        ("to", ReceiverField::To),
        ("delivered-to", ReceiverField::DeliveredTo),
        ("x-original-to", ReceiverField::XOriginalTo),
        ("envelope-to", ReceiverField::EnvelopeTo),
    ];
    for (name, field) in named {
        receivers.extend(fields.addresses(name).into_iter().take(100).map(|address| (field, address)));
    }
    let trace = original::hops(fields);
    receivers.extend(
        trace
            .iter()
            .filter_map(|hop| hop.for_address.clone())
            .map(|address| (ReceiverField::TraceFor, address)),
    );
    Outer {
        message_id: own_ids.into_iter().next(),
        from: fields.addresses("from").into_iter().next(),
        return_path: facts::return_path(fields),
        receivers,
        subject: text::first_chars(&facts.decoded_subject, 500).to_owned(),
        date: fields.date(),
        trace,
        authenticated: fields.first("authentication-results").map(|it| AuthResults::read(&it.unfolded())),
    }
}

/// Whether a mail calls itself automatic (RFC 3834 §5, RFC 8098, RFC 6047; the marks of older programs).
pub(crate) fn is_automatic(fields: &Fields<'_>) -> bool {
    let auto_submitted = fields.lower("auto-submitted");
    if !auto_submitted.is_empty() && !auto_submitted.starts_with("no") {
        return true;
    }
    let content_type = ContentType::of(fields);
    let calendar_answer = content_type.media_type == "text/calendar" && content_type.method == "reply"
        || fields.lower("content-class").contains("calendarmessage");
    content_type.media_type == "multipart/report"
        || calendar_answer
        || fields.has("x-autoreply")
        || fields.has("x-autorespond")
        || fields.has("x-autoresponder")
        || fields.has("x-failed-recipients")
        || fields.lower("precedence").starts_with("auto_reply")
}
