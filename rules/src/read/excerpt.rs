//! The original's header where it stands in a notice's text: behind a line such as qmail's
//! `--- Below this line is a copy of the message.`, quoted, indented, or without any mark.
//!
//! What is looked for is the header itself, a run of lines with the names of header fields, and not the
//! sentences before it, which every server and language words otherwise.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use compact_str::CompactString;

use crate::{Returned, text};

/// Lines of a text that are looked at.
const MAX_LINES: usize = 20_000;
/// Lines of a header that are kept.
const MAX_HEADER_LINES: usize = 1_000;

/// A longer word is no field name.
const MAX_NAME: usize = 60;

/// A header found in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The header, quotation marks and indents taken off.
    pub header: Vec<u8>,
    /// The lines of the text that it is.
    pub place: Range<usize>,
    /// How much of the original stands there.
    pub returned: Returned,
    /// How much it tells: the higher, the more surely it is a header.
    score: usize,
}

/// Fields that make a run of lines a header, and how much each tells.
fn weight(name: &str) -> usize {
    match name {
        "message-id" | "received" => 3,
        "return-path" | "mime-version" | "dkim-signature" | "x-mailer" | "content-type" => 2,
        "from" | "to" | "subject" | "date" => 1,
        _ => 0,
    }
}

/// A text of a notice, and the original's header in it; it is sought once.
#[derive(Debug)]
pub(super) struct Text<'m> {
    pub text: Cow<'m, str>,
    excerpt: OnceCell<Option<Excerpt>>,
}

impl<'m> Text<'m> {
    /// A text in which nothing was sought yet.
    pub fn new(text: Cow<'m, str>) -> Self {
        Self { text, excerpt: OnceCell::new() }
    }

    /// The original's header in it, if it has one.
    pub fn excerpt(&self) -> Option<&Excerpt> {
        self.excerpt.get_or_init(|| find(&self.text)).as_ref()
    }
}

/// The best header in a text; none where no run of lines looks like one.
fn find(text: &str) -> Option<Excerpt> {
    let text = text::first_lines(text, MAX_LINES);
    let mut best: Option<Excerpt> = None;
    let mut at = 0;
    // A field has a colon, and most lines have none.
    while let Some(line) = text::line_with(b':', text, at) {
        at = line.behind;
        let (indent, bare) = unquoted(line.text);
        if field_name(bare).is_none_or(|name| weight(&name) == 0 && !name.starts_with("x-")) {
            continue;
        }
        let (found, end) = header_from(text, line.from, indent);
        at = at.max(end);
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.score > best.score)
        {
            best = Some(found);
        }
        // Nothing beats a whole header, and a later one belongs to what the original itself quotes.
        if best.as_ref().is_some_and(|best| best.score >= 6) {
            break;
        }
    }
    best
}

/// The header that begins at a place of a text, if the lines there are one, and where they end.
fn header_from(text: &str, from: usize, indent: usize) -> (Option<Excerpt>, usize) {
    let mut header = Vec::new();
    let mut seen: Vec<CompactString> = Vec::new();
    let (mut at, mut score) = (from, 0);
    for _ in 0..MAX_HEADER_LINES {
        let Some(line) = text::line_at(text, at) else { break };
        let (own_indent, bare) = unquoted(line.text);
        if bare.is_empty() {
            break;
        }
        match field_name(bare) {
            Some(name) if own_indent <= indent + 1 => {
                if !seen.contains(&name) {
                    score += weight(&name);
                    seen.push(name);
                }
            }
            // A fold; mail programs that rewrap text take the indent of folded lines away.
            _ if own_indent > indent || is_rewrapped(bare, &seen) => header.extend_from_slice(b" "),
            _ => break,
        }
        header.extend_from_slice(bare.as_bytes());
        header.push(b'\n');
        at = line.behind;
    }
    let plain =
        seen.iter().filter(|name| matches!(name.as_str(), "from" | "to" | "subject" | "date")).count();
    let tells = score >= 4 && seen.len() >= 2 || plain >= 3;
    if !tells {
        return (None, at);
    }
    let mut behind = std::iter::successors(text::line_at(text, at), |line| text::line_at(text, line.behind))
        .map(|line| unquoted(line.text).1)
        .peekable();
    let ended = behind.peek().is_none_or(|bare| bare.is_empty());
    let body_follows = behind.any(|bare| !bare.is_empty() && !bare.starts_with("--"));
    let whole = seen.iter().any(|name| matches!(name.as_str(), "received" | "message-id" | "mime-version"));
    let returned = match (whole, ended && body_follows) {
        (true, true) => Returned::Full,
        (true, false) => Returned::Headers,
        (false, _) => Returned::Excerpt,
    };
    (Some(Excerpt { header, place: from..at, returned, score }), at)
}

/// Whether a line without indent goes on with the field before it.
fn is_rewrapped(bare: &str, seen: &[CompactString]) -> bool {
    let long_field =
        seen.last().is_some_and(|name| matches!(name.as_str(), "received" | "dkim-signature" | "references"));
    long_field && !bare.starts_with("--")
}

/// The width of a line's quotation and indent, and what stands behind it.
fn unquoted(line: &str) -> (usize, &str) {
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|'));
    (line.len() - bare.len(), bare.trim_end())
}

/// The field name that a line begins with, in lower case.
fn field_name(line: &str) -> Option<CompactString> {
    let named = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    // In most lines the first word is none.
    let length = line.as_bytes().iter().take(MAX_NAME + 1).take_while(|b| named(b)).count();
    let (name, rest) = (line.get(..length)?, line.get(length..)?.strip_prefix(':')?);
    let valid = !name.is_empty() && length <= MAX_NAME && !rest.starts_with("//");
    valid.then(|| {
        let mut name = CompactString::new(name);
        name.make_ascii_lowercase();
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_in_text() {
        let cases = [
            (
                "Hi.\n\n--- Below this line\n\nReturn-Path: <a@b.example>\nReceived: from x\n  by y\nSubject: z\n\nbody\n",
                Returned::Full,
            ),
            ("Sorry:\n> Received: from x\n>   by y\n> Message-ID: <a@b>\n> Subject: z\n", Returned::Headers),
            (
                "Your message\n  To: a@b.example\n  Subject: z\n  Sent: x\n  Date: y\n  From: q\ndid not arrive\n",
                Returned::Excerpt,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(find(text).map(|found| found.returned), Some(expected), "the header in {text:?}");
        }
        for text in ["", "Note: this\nis: nothing", "From: here\n\nTo: there"] {
            assert_eq!(find(text), None, "no header in {text:?}");
        }
    }
}
