//! Message-IDs as they are compared: RFC 5322 §3.6.4, and what the wild makes of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{fields, text};

/// What is longer is no id: servers refuse lines over 998 octets, the longest ids seen fold over several lines.
const MAX_ID: usize = 4_096;
/// A quoted local part is looked for in so many bytes; without the bound, a row of quotes would cost a square.
const MAX_QUOTED: usize = 1_000;
/// A References field names at most this many ids that are read.
const MAX_IDS: usize = 1_000;

/// A Message-ID without angle brackets, comments and folding.
///
/// Ids are case-sensitive (RFC 5322 §3.6.4), so two ids are equal byte for byte; [`MessageId::folded`]
/// is the second key, for relays that write the domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// The id in a text, if there is anything in it: brackets, white space and folds taken off.
    ///
    /// None too for one of absurd length, which a relay may have cut: that it is unknown proves nothing.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let bare = text::trim(text).trim_start_matches('<').trim_end_matches('>');
        if bare.len() <= MAX_ID && bare.bytes().all(|b| b.is_ascii_graphic()) {
            return (!bare.is_empty()).then(|| Self(bare.to_owned()));
        }
        let id: String =
            bare.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(MAX_ID + 1).collect();
        (!id.is_empty() && id.chars().nth(MAX_ID).is_none()).then_some(Self(id))
    }

    /// The id as compared, without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the last `@`, in lower case; none for an id without one.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        let (_, domain) = self.0.rsplit_once('@')?;
        let domain = domain.trim_end_matches('.').to_ascii_lowercase();
        (!domain.is_empty()).then_some(domain)
    }

    /// The id with its domain in lower case, the second key of a look-up.
    #[must_use]
    pub fn folded(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
            None => self.0.clone(),
        }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every id in the raw value of a Message-ID, In-Reply-To or References field, in its order, without repeats.
///
/// Comments, folds (inside the brackets, too) and commas are taken out. Ids without brackets count only where
/// the whole value consists of them: an old In-Reply-To is a phrase (RFC 822 §4.6.2), and the address in
/// `message of ada@example.org` is no id.
#[must_use]
pub fn ids_in(value: &str) -> Vec<MessageId> {
    if let Some(id) = one_id(value) {
        return MessageId::new(id).into_iter().collect();
    }
    let decoded;
    let value = if value.trim_start().starts_with("=?") {
        decoded = fields::decode_words(value.as_bytes());
        &*decoded
    } else {
        value
    };
    let (mut bracketed, bare) = scan(value);
    if bracketed.is_empty() {
        let words = join_split_words(&bare);
        if words.len() == 1 || words.iter().all(|word| word.contains('@')) {
            bracketed = words;
        }
    }
    let mut ids: Vec<MessageId> = Vec::new();
    for id in bracketed.iter().filter_map(|text| MessageId::new(text)) {
        if ids.len() >= MAX_IDS {
            break;
        }
        // A short list is searched; a long one may hold a repeat, which does no harm.
        if ids.len() > 100 || !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What stands in the brackets of a value that is one id and nothing else, as most are.
fn one_id(value: &str) -> Option<&str> {
    let id = text::trim(value).strip_prefix('<')?.strip_suffix('>')?;
    id.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"')).then_some(id)
}

/// What stands in angle brackets, and the words outside of them.
fn scan(value: &str) -> (Vec<String>, Vec<String>) {
    let (mut bracketed, mut bare) = (Vec::new(), Vec::new());
    let mut word = String::new();
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '<' => {
                push(&mut bare, &mut word);
                let (inside, after) = bracket(behind);
                bracketed.push(inside.to_owned());
                rest = after;
            }
            '(' if word.is_empty() => match comment_end(behind) {
                Some(after) => rest = after,
                None => {
                    word.push(c);
                    rest = behind;
                }
            },
            '"' if word.is_empty() => match behind.find('"') {
                Some(end) => {
                    word.push('"');
                    word.push_str(behind.get(..=end).unwrap_or_default());
                    rest = behind.get(end + 1..).unwrap_or_default();
                }
                None => rest = behind,
            },
            c if c.is_whitespace() || c == ',' || c == '>' => {
                push(&mut bare, &mut word);
                rest = behind;
            }
            c => {
                word.push(c);
                rest = behind;
            }
        }
        if bracketed.len() > MAX_IDS {
            break;
        }
    }
    push(&mut bare, &mut word);
    (bracketed, bare)
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// What stands up to the closing bracket, or up to the next opening one where it was forgotten.
fn bracket(text: &str) -> (&str, &str) {
    let mut from = 0;
    // A quoted local part may hold a bracket itself.
    if let Some(quoted) = text.trim_start().strip_prefix('"')
        && let Some(near) = quoted.get(..quoted.floor_char_boundary(MAX_QUOTED))
        && let Some(close) = near.find('"')
        && near.get(close..).is_some_and(|tail| tail.starts_with("\"@"))
    {
        from = text.len() - quoted.len() + close;
    }
    let end = text.get(from..).and_then(|tail| tail.find(['<', '>'])).map_or(text.len(), |end| from + end);
    let after = text.get(end..).unwrap_or_default();
    (text.get(..end).unwrap_or(text), after.strip_prefix('>').unwrap_or(after))
}

/// What follows the comment whose opening parenthesis was just passed; none if it is never closed.
fn comment_end(text: &str) -> Option<&str> {
    let mut depth = 1_usize;
    let mut escaped = false;
    // A comment longer than this is none: without the bound, a row of parentheses would cost a square.
    for (at, c) in text.char_indices().take(2_000) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..);
        }
    }
    None
}

/// Joins an id that was folded behind or before its `@`.
fn join_split_words(words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words.iter().take(MAX_IDS) {
        match joined.last_mut() {
            Some(last) if last.ends_with('@') || word.starts_with('@') => last.push_str(word),
            _ => joined.push(word.clone()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_every_form_of_the_wild() {
        let long = format!("<{}@example.org>", "a".repeat(1_200));
        let cases: Vec<(&str, Vec<&str>)> = vec![
            ("<a@b.example>", vec!["a@b.example"]),
            ("\r\n <a@b.example>", vec!["a@b.example"]),
            (
                "<a@b.example> <c@d.example>\r\n\t<e@f.example>",
                vec!["a@b.example", "c@d.example", "e@f.example"],
            ),
            ("<a@b.example>,<c@d.example>", vec!["a@b.example", "c@d.example"]),
            ("<a@b.example><c@d.example>", vec!["a@b.example", "c@d.example"]),
            ("<a@b.example> <a@b.example>", vec!["a@b.example"]),
            ("<long@\r\n example.org>", vec!["long@example.org"]),
            ("<lo\r\n\tng@example.org>", vec!["long@example.org"]),
            ("(made by hand) <a@b.example> (x (nested) y)", vec!["a@b.example"]),
            ("a@b.example", vec!["a@b.example"]),
            ("long@\r\n example.org", vec!["long@example.org"]),
            ("a@b.example c@d.example", vec!["a@b.example", "c@d.example"]),
            ("<2022.GA1@cgel.two@example.org>", vec!["2022.GA1@cgel.two@example.org"]),
            ("<202304061608.@nodomain>", vec!["202304061608.@nodomain"]),
            ("<no-domain-at-all>", vec!["no-domain-at-all"]),
            ("<a@host.>", vec!["a@host."]),
            ("<\"quoted > local\"@example.org>", vec!["\"quoted>local\"@example.org"]),
            ("\"quoted\"@example.org", vec!["\"quoted\"@example.org"]),
            ("<a@[192.0.2.1]>", vec!["a@[192.0.2.1]"]),
            ("Your message of \"Tue, 3 Jun 2003\" <a@b.example>", vec!["a@b.example"]),
            ("Message from ada@example.org of Tue", vec![]),
            ("<a@b.example", vec!["a@b.example"]),
            ("<a@b.example <c@d.example>", vec!["a@b.example", "c@d.example"]),
            ("=?utf-8?Q?=3Ca@b.example=3E?=", vec!["a@b.example"]),
            ("<>", vec![]),
            ("", vec![]),
            ("   ", vec![]),
            (&long, vec![long.trim_matches(['<', '>'])]),
        ];
        for (value, expected) in cases {
            let found = ids_in(value);
            let found: Vec<&str> = found.iter().map(MessageId::as_str).collect();
            assert_eq!(found, expected, "the ids in {value:?}");
        }
    }

    #[test]
    fn hostile_values_end_in_time() {
        for part in ["(", "<", "\"", "<\"", "a@", "((\\"] {
            let _ = ids_in(&part.repeat(60_000));
        }
    }
}
