//! SEARCH (RFC 3501 §6.4.4).

use imap_codec::imap_types::search::SearchKey;
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};

use super::world::Stored;
use crate::date::DAY;
use crate::mail::{body_start, field_name, header_fields};

/// The ranges of a set, `*` read as `largest`; bounds in order and inclusive.
pub(super) fn ranges(set: &SequenceSet, largest: u32) -> Vec<(u32, u32)> {
    let number = |at: &SeqOrUid| match at {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => largest,
    };
    let one = |sequence: &Sequence| match sequence {
        Sequence::Single(at) => (number(at), number(at)),
        Sequence::Range(from, to) => {
            let (from, to) = (number(from), number(to));
            (from.min(to), from.max(to))
        }
    };
    set.0.as_ref().iter().map(one).collect()
}

/// True if the mail is of the set searched for.
pub(super) fn matches(
    key: &SearchKey<'_>,
    sequence: u32,
    uid: u32,
    largest: (u32, u32),
    stored: &Stored,
) -> bool {
    let mail = &stored.mail;
    let has = |flag: &str| mail.flags.iter().any(|own| own.eq_ignore_ascii_case(flag));
    let again = |key: &SearchKey<'_>| matches(key, sequence, uid, largest, stored);
    let within = |set: &SequenceSet, number: u32, largest: u32| {
        ranges(set, largest).iter().any(|(from, to)| (*from..=*to).contains(&number))
    };
    let field = |name: &[u8], text: &[u8]| {
        header_fields(&mail.bytes)
            .any(|field| field_name(field).eq_ignore_ascii_case(name) && contains(field, text))
    };
    let day = mail.internal_date.div_euclid(DAY);
    match key {
        SearchKey::And(keys) => keys.as_ref().iter().all(again),
        SearchKey::Or(left, right) => again(left) || again(right),
        SearchKey::Not(key) => !again(key),
        SearchKey::SequenceSet(set) => within(set, sequence, largest.0),
        SearchKey::Uid(set) => within(set, uid, largest.1),
        SearchKey::Answered => has("\\Answered"),
        SearchKey::Unanswered => !has("\\Answered"),
        SearchKey::Deleted => has("\\Deleted"),
        SearchKey::Undeleted => !has("\\Deleted"),
        SearchKey::Draft => has("\\Draft"),
        SearchKey::Undraft => !has("\\Draft"),
        SearchKey::Flagged => has("\\Flagged"),
        SearchKey::Unflagged => !has("\\Flagged"),
        SearchKey::Seen => has("\\Seen"),
        SearchKey::Unseen => !has("\\Seen"),
        SearchKey::Keyword(word) => has(word.as_ref()),
        SearchKey::Unkeyword(word) => !has(word.as_ref()),
        SearchKey::Before(date) => day < day_of(date),
        SearchKey::On(date) => day == day_of(date),
        SearchKey::Since(date) => day >= day_of(date),
        SearchKey::Larger(size) => mail.bytes.len() as u64 > u64::from(*size),
        SearchKey::Smaller(size) => (mail.bytes.len() as u64) < u64::from(*size),
        SearchKey::Header(name, text) => field(name.as_ref(), text.as_ref()),
        SearchKey::Subject(text) => field(b"Subject", text.as_ref()),
        SearchKey::From(text) => field(b"From", text.as_ref()),
        SearchKey::To(text) => field(b"To", text.as_ref()),
        SearchKey::Cc(text) => field(b"Cc", text.as_ref()),
        SearchKey::Bcc(text) => field(b"Bcc", text.as_ref()),
        SearchKey::Text(text) => contains(&mail.bytes, text.as_ref()),
        SearchKey::Body(text) => {
            contains(mail.bytes.get(body_start(&mail.bytes)..).unwrap_or_default(), text.as_ref())
        }
        SearchKey::New | SearchKey::Recent => false,
        _ => true,
    }
}

fn day_of(date: &imap_codec::imap_types::datetime::NaiveDate) -> i64 {
    date.as_ref().and_hms_opt(0, 0, 0).map_or(0, |at| at.and_utc().timestamp().div_euclid(DAY))
}

fn contains(octets: &[u8], text: &[u8]) -> bool {
    text.is_empty() || octets.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}
