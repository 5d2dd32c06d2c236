//! Mboxes (RFC 4155, and mboxrd's quoting), read mail by mail in bounded memory.

use std::io::{self, BufRead, Read as _};

/// What is read at a time of a line that does not end, in bytes.
const PIECE: u64 = 64 * 1024;

/// A reader of an mbox.
#[derive(Debug)]
pub struct Mbox<R> {
    from: R,
    /// The separator line before the next mail was read, or the end.
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Start,
    BehindSeparator,
    End,
}

impl<R: BufRead> Mbox<R> {
    /// A reader that stands at the first separator line.
    pub fn new(from: R) -> Self {
        Self { from, place: Place::Start }
    }

    /// Reads the next mail, without its separator line; of a mail longer than `longest` bytes the rest is left out.
    ///
    /// # Errors
    /// The file cannot be read on.
    pub fn next_mail(&mut self, mail: &mut Vec<u8>, longest: usize) -> io::Result<bool> {
        mail.clear();
        let mut piece = Vec::new();
        match self.place {
            Place::End => return Ok(false),
            Place::Start => {
                self.piece(&mut piece)?;
            }
            Place::BehindSeparator => {}
        }
        // A separator stands behind an empty line, or, as some programs write it, right behind another one.
        let (mut at_start, mut behind_empty) = (true, true);
        loop {
            if !self.piece(&mut piece)? {
                self.place = Place::End;
                return Ok(true);
            }
            if at_start && behind_empty && is_separator(&piece) {
                self.place = Place::BehindSeparator;
                // The empty line before it is the mbox's, not the mail's.
                let end = mail.strip_suffix(b"\r\n").or_else(|| mail.strip_suffix(b"\n")).map(<[u8]>::len);
                mail.truncate(end.unwrap_or(mail.len()));
                return Ok(true);
            }
            let text =
                if at_start && is_quoted(&piece) { piece.get(1..).unwrap_or_default() } else { &piece };
            let room = longest.saturating_sub(mail.len());
            mail.extend(text.iter().take(room));
            behind_empty = at_start && matches!(piece.as_slice(), b"\n" | b"\r\n");
            at_start = piece.last() == Some(&b'\n');
        }
    }

    /// Reads a line, or a part of a long one; false at the end.
    fn piece(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        piece.clear();
        Ok(self.from.by_ref().take(PIECE).read_until(b'\n', piece)? > 0)
    }
}

/// `From `, a sender, and a time with a year: prose that begins with the word has none.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let words: Vec<&[u8]> =
        rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(12).collect();
    let is_time =
        |word: &&[u8]| word.contains(&b':') && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b':');
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    words.iter().any(is_time) && words.iter().any(is_year)
}

/// `>From `, with any number of `>`: mboxrd quotes such lines with one more.
fn is_quoted(line: &[u8]) -> bool {
    let text = line.iter().position(|byte| *byte != b'>').and_then(|at| line.get(at..));
    line.first() == Some(&b'>') && text.is_some_and(|text| text.starts_with(b"From "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEPARATOR: &str = "From ada@example.org Thu Jan  1 00:00:00 2026\n";

    fn mails(text: &str, longest: usize) -> Vec<String> {
        let (mut mbox, mut mail, mut mails) = (Mbox::new(text.as_bytes()), Vec::new(), Vec::new());
        while mbox.next_mail(&mut mail, longest).expect("readable") {
            mails.push(String::from_utf8_lossy(&mail).into_owned());
        }
        mails
    }

    #[test]
    fn mails_are_parted_at_separators_alone() {
        let s = SEPARATOR;
        let unparted = format!("A: 1\n\nx\n{s}y\n");
        let cases = [
            (format!("{s}A: 1\n\nx\n\n{s}A: 2\n\ny\n"), vec!["A: 1\n\nx\n", "A: 2\n\ny\n"], "two mails"),
            (
                format!("{s}A: 1\n\nFrom here on it is 12:00.\n"),
                vec!["A: 1\n\nFrom here on it is 12:00.\n"],
                "prose",
            ),
            (
                format!("{s}A: 1\n\n>From a\n>>From b\n> From c\n"),
                vec!["A: 1\n\nFrom a\n>From b\n> From c\n"],
                "quoting",
            ),
            (format!("{s}A: 1\n\nx\n{s}y\n"), vec![&unparted], "no empty line before"),
            (format!("{s}A: 1\r\n\r\n\r\n{s}A: 2\r\n"), vec!["A: 1\r\n\r\n", "A: 2\r\n"], "CRLF"),
            (s.to_owned(), vec![""], "an empty mail"),
            (format!("{s}{s}A: 2\n"), vec!["", "A: 2\n"], "an empty mail before another"),
        ];
        for (text, expected, what) in &cases {
            assert_eq!(mails(text, 1 << 20), *expected, "{what}");
        }
    }

    #[test]
    fn long_mails_are_cut_and_the_next_is_found() {
        let long = "x".repeat(300_000);
        let text = format!("{SEPARATOR}A: 1\n\n{long}\n\n{SEPARATOR}A: 2\n");
        let found = mails(&text, 100);
        assert_eq!(found.len(), 2, "both are found");
        assert_eq!(found[0].len(), 100, "the first is cut");
        assert_eq!(found[1], "A: 2\n", "the second is whole");
    }
}
