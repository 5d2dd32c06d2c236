//! The message that a notice answers, from everything the notice tells of it.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    excerpt::Text,
    facts::Facts,
    headers,
    parts::{Part, Parts},
    report::Report,
    status::Wording,
};
use crate::{
    Kind, MessageId, Original, Returned, fields::Fields, fold, message_id, notice::Signature, text,
    trace::Hop,
};

/// A returned mail is read up to so many bytes: only its header is asked for.
const MAX_RETURNED: usize = 1024 * 1024;
/// Received lines kept.
pub(super) const MAX_HOPS: usize = 50;
/// Recipients kept of the original.
const MAX_TO: usize = 500;
/// Marks kept, and the characters of each.
const MAX_MARKS: usize = 40;
const MAX_MARK: usize = 200;
/// References kept.
const MAX_REFERENCES: usize = 100;

/// An id named in a sentence or a line of the notice's text.
static NAMED_ID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // The last mention before an id is meant, so what stands before it is taken first. Without counted repetitions, each of which is as many copies to the automaton.
    Regex::new(r"(?i)[^<\n]*(?-u:\b)message[- ]?id(?:entifier)?([^<\n]*\s*)(<[^<>\s]+@[^<>\s]+>)").ok()
});

/// So many characters stand between the words and the id at most.
const NEAR: usize = 41;

/// Compiles the patterns, so that no mail waits for it.
pub(super) fn prepare() {
    LazyLock::force(&NAMED_ID);
}

/// Puts the original together; `texts` are the notice's text parts, `own_text` what is its own of them, `own_ids` those of
/// its Message-ID.
pub(super) fn read(
    parts: &Parts<'_>,
    facts: &Facts,
    report: &Report,
    texts: &[Text<'_>],
    own_text: &Wording<'_>,
    own_ids: &[MessageId],
    kind: Kind,
) -> Option<Original> {
    let mut original = returned(parts).or_else(|| from_texts(texts)).unwrap_or_default();
    let own = original.message_id.take();
    // What came back as the original's header is the original's, even where it is the notice's id as well:
    // Domino and some sendmail versions send the notice under the id of what they return.
    let mut ids: Vec<MessageId> =
        own.into_iter().chain(report.ids.iter().cloned()).chain(original.ids).collect();
    let answered = parts.fields.ids("in-reply-to");
    original.message_id = ids.first().cloned();
    if ids.is_empty() {
        original.standing_id = answered
            .iter()
            .find(|id| !own_ids.contains(id))
            .cloned()
            .or_else(|| named_id_of(own_text).filter(|id| !own_ids.contains(id)));
        ids.extend(original.standing_id.iter().cloned());
        ids.extend(answered.iter().filter(|id| !own_ids.contains(id)).cloned());
    } else if original.returned == Returned::Nothing {
        ids.extend(answered.iter().filter(|id| !own_ids.contains(id)).cloned());
    }
    original.ids = Vec::new();
    for id in ids.into_iter().take(200) {
        if !original.ids.contains(&id) {
            original.ids.push(id);
        }
    }
    let mut references = parts.fields.ids("references");
    references.append(&mut original.references);
    references.retain(|id| !own_ids.contains(id) && !original.ids.contains(id));
    references.truncate(MAX_REFERENCES);
    original.references = references;
    if original.subject.is_none() {
        original.subject = facts.original_subject().map(str::to_owned).or_else(|| {
            // An answer's subject is the original's; what other notices write there is their own.
            let answers = facts.subject.starts_with("re:") || facts.subject.starts_with("aw:");
            (kind == Kind::AutoReply && answers).then(|| facts.decoded_subject.clone())
        });
    }
    let tells = original != Original::default();
    tells.then_some(original)
}

/// The original from a returned mail or its returned header.
fn returned(parts: &Parts<'_>) -> Option<Original> {
    let mail = parts.list.iter().find(|part| part.is_returned_mail());
    let header = parts.list.iter().find(|part| part.is_returned_header());
    let of_part = |part: &Part<'_>, whole: bool| {
        let content = part.content(MAX_RETURNED);
        let fields = Fields::read(&content);
        if fields.list.is_empty() {
            return None;
        }
        let body = content.get(fields.body..).unwrap_or_default();
        let full = whole && body.iter().any(|b| !b.is_ascii_whitespace());
        Some(of_fields(&fields, if full { Returned::Full } else { Returned::Headers }))
    };
    let from_mail = mail.and_then(|part| of_part(part, true));
    // Some servers return a part of the header beside the mail; the mail tells more.
    match (from_mail, header.and_then(|part| of_part(part, false))) {
        (Some(mail), Some(header)) if mail.ids.is_empty() && !header.ids.is_empty() => Some(header),
        (Some(mail), _) => Some(mail),
        (None, Some(header)) => Some(header),
        (None, None) => bare_part(parts),
    }
}

/// Some servers forget the empty line and the type of the returned part: the original's header is the part's.
fn bare_part(parts: &Parts<'_>) -> Option<Original> {
    let returned = |part: &&Part<'_>| {
        part.fields.has("received") && (part.fields.has("message-id") || part.fields.has("from"))
    };
    let part = parts.list.iter().skip(1).find(returned)?;
    Some(of_fields(&part.fields, Returned::Full))
}

/// The original from a header in one of the texts.
fn from_texts(texts: &[Text<'_>]) -> Option<Original> {
    texts.iter().find_map(|text| {
        let found = text.excerpt()?;
        let fields = Fields::read(&found.header);
        Some(of_fields(&fields, found.returned))
    })
}

fn named_id_of(own_text: &Wording<'_>) -> Option<MessageId> {
    // Phrases are sought in the first characters of a line alone.
    let long = || {
        own_text.text.len() > fold::MAX_FOLDED
            && text::lines(own_text.text).any(|line| line.len() > fold::MAX_FOLDED)
    };
    (own_text.found().names_an_id || long()).then(|| named_id(own_text.text)).flatten()
}

fn named_id(text: &str) -> Option<MessageId> {
    let id = |found: regex::Captures<'_>| {
        let (between, id) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        let near = between.trim_end().chars().count() <= NEAR;
        near.then(|| message_id::ids_in(id).into_iter().next()).flatten()
    };
    NAMED_ID.as_ref()?.captures_iter(text).find_map(id)
}

/// What a header of the original tells.
fn of_fields(fields: &Fields<'_>, returned: Returned) -> Original {
    let ids = headers::ids_of(fields);
    let mut to = fields.addresses("to");
    to.extend(fields.addresses("cc"));
    to.truncate(MAX_TO);
    Original {
        // Its Message-ID, where it has one, is the first.
        message_id: ids.first().cloned(),
        standing_id: None,
        ids,
        // A sender that rewrites ids leaves the user's own there at best (Amazon SES), and what the user answers
        // to is no mail of the user's: a hint, never a proof.
        references: fields.ids("references"),
        from: fields.addresses("from").into_iter().next(),
        to,
        subject: fields.decoded("subject").map(|text| text::first_chars(&text, 500).to_owned()),
        date: fields.date(),
        returned,
        trace: hops(fields),
        signatures: signatures(fields),
        automatic: super::is_automatic(fields),
        marks: marks(fields),
    }
}

/// The Received lines of a header, topmost first.
pub(super) fn hops(fields: &Fields<'_>) -> Vec<Hop> {
    fields.all("received").take(MAX_HOPS).map(|field| Hop::read(&field.unfolded())).collect()
}

pub(super) fn signatures(fields: &Fields<'_>) -> Vec<Signature> {
    let tag = |value: &str, name: &str| {
        value.split(';').find_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            (key.trim() == name).then(|| value.chars().filter(|c| !c.is_whitespace()).collect::<String>())
        })
    };
    fields
        .all("dkim-signature")
        .take(20)
        .filter_map(|field| {
            let value = field.unfolded();
            Some(Signature { domain: tag(&value, "d")?.to_lowercase(), selector: tag(&value, "s")? })
        })
        .filter(|signature| !signature.domain.is_empty())
        .collect()
}

fn marks(fields: &Fields<'_>) -> Vec<(String, String)> {
    fields
        .list
        .iter()
        .filter(|field| {
            field.name.starts_with("x-")
                || matches!(field.name.as_str(), "user-agent" | "feedback-id" | "list-id")
        })
        .take(MAX_MARKS)
        .map(|field| (field.name.to_string(), text::first_chars(&field.decoded(), MAX_MARK).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_named_by_the_words_before_it() {
        let far = "x".repeat(60);
        let cases = [
            ("Message-ID: <a@b.example>".to_owned(), Some("a@b.example")),
            ("The message identifier was\n  <a@b.example>".to_owned(), Some("a@b.example")),
            (format!("The message id of the mail {far}: Message-ID: <a@b.example>"), Some("a@b.example")),
            (format!("The message id {far} <a@b.example>"), None),
            ("Message-ID: <not an id>\nmessage id <c@d.example>".to_owned(), Some("c@d.example")),
            ("<e@f.example> is the recipient".to_owned(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(named_id(&text).as_ref().map(MessageId::as_str), expected, "{text}");
        }
    }
}
