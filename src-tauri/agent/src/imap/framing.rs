//! Cuts the bytes of a server into whole responses, so that one bad response can be told from the next good one.
//!
//! A response ends at a line end that no literal header `{n}` stands before (RFC 3501 §4.3, §7). Every buffer is
//! capped here, before a parser allocates anything: async-imap 0.12 reserves 481 MiB for the header `{500000000}`.

use std::collections::VecDeque;

/// The longest literal that is read, in bytes; mails are fetched in pieces no longer than this.
pub(super) const LITERAL_CAP: u64 = 16 << 20;
/// The longest response that is kept, in bytes beside its literals; longer ones are read, and thrown away.
const LINE_CAP: usize = 1 << 20;
/// So many bytes of one response are read at most before the session is given up.
const RESPONSE_CAP: u64 = 64 << 20;
/// The most that room is made for before it comes; most mails are shorter.
const ROOM: usize = 64 << 10;
/// What is kept of a response that is thrown away: enough to find its UID.
const HEAD: usize = 512;

/// A server sent more than any answer of ours can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server sent more than an answer can be")]
pub(super) struct TooLarge;

/// One response of the server, cut out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// All of it, lines ended by CRLF.
    Whole(Vec<u8>),
    /// It was longer than any parser should see; its first bytes.
    Oversize(Vec<u8>),
}

/// Cuts a byte stream into responses.
#[derive(Debug, Default)]
pub(super) struct Framing {
    frame: Vec<u8>,
    /// Where the current line began in `frame`.
    line: usize,
    literal_left: u64,
    /// Bytes of this response outside its literals.
    outside: usize,
    /// All bytes of this response.
    read: u64,
    oversize: bool,
    /// The first bytes of a response that is thrown away.
    head: Vec<u8>,
}

impl Framing {
    /// Whether the stream stands between two responses.
    pub(super) fn is_between(&self) -> bool {
        self.read == 0
    }

    /// Takes bytes as they came, and puts each response that they end into `out`.
    pub(super) fn feed(&mut self, mut bytes: &[u8], out: &mut VecDeque<Frame>) -> Result<(), TooLarge> {
        while !bytes.is_empty() {
            if self.literal_left > 0 {
                let here = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(bytes.len());
                let (literal, rest) = bytes.split_at(here);
                self.literal_left -= here as u64;
                self.keep(literal)?;
                // The line that goes on after a literal is judged by itself: what the literal ends with is no header.
                self.line = self.frame.len();
                bytes = rest;
                continue;
            }
            let end = memchr::memchr(b'\n', bytes);
            let (line, rest) = bytes.split_at(end.map_or(bytes.len(), |at| at + 1));
            bytes = rest;
            self.outside = self.outside.saturating_add(line.len());
            if self.outside > LINE_CAP {
                self.oversize = true;
            }
            self.keep(line)?;
            if end.is_some() {
                self.end_line(out)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        self.read = self.read.saturating_add(bytes.len() as u64);
        if self.read > RESPONSE_CAP {
            return Err(TooLarge);
        }
        if self.read > LITERAL_CAP + LINE_CAP as u64 {
            self.oversize = true;
        }
        self.frame.extend_from_slice(bytes);
        if self.oversize {
            if self.head.is_empty() {
                self.head = self.frame.get(..HEAD.min(self.frame.len())).unwrap_or_default().to_vec();
            }
            // Line ends and literal headers are still looked for, at the end of the line being read.
            let tail = self.line.max(self.frame.len().saturating_sub(HEAD)).min(self.frame.len());
            self.frame.drain(..tail);
            self.line = 0;
        }
        Ok(())
    }

    fn end_line(&mut self, out: &mut VecDeque<Frame>) -> Result<(), TooLarge> {
        // RFC 3501 asks for CRLF; a bare LF would end the session in imap-proto.
        self.frame.pop();
        if self.frame.last() == Some(&b'\r') && self.frame.len() > self.line {
            self.frame.pop();
        }
        let line = self.frame.get(self.line..).unwrap_or_default();
        // The free text of a status may end like a literal header; it never has a literal.
        let begin = if self.oversize { &self.head } else { &self.frame };
        let header = if is_status(begin) { None } else { literal_header(line) };
        self.frame.extend_from_slice(b"\r\n");
        if let Some(length) = header {
            if length > LITERAL_CAP {
                return Err(TooLarge);
            }
            self.literal_left = length;
            self.line = self.frame.len();
            self.frame.reserve(usize::try_from(length).unwrap_or(usize::MAX).min(ROOM));
            return Ok(());
        }
        let Self { frame, head, oversize, .. } = std::mem::take(self);
        out.push_back(if oversize { Frame::Oversize(head) } else { Frame::Whole(frame) });
        Ok(())
    }
}

/// The length that a literal header at the end of this line announces.
fn literal_header(line: &[u8]) -> Option<u64> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|b| *b == b'{')?;
    let digits = inside.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // More digits than fit are more than the cap, too.
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(u64::MAX))
}

/// Whether a response is a status (`* OK …`, `A1 NO …`) or a continuation (`+ …`): a line of free text.
pub(super) fn is_status(frame: &[u8]) -> bool {
    if frame.first() == Some(&b'+') {
        return true;
    }
    let mut words = frame.splitn(3, |b| matches!(b, b' ' | b'\r' | b'\n'));
    let (Some(_tag), Some(status)) = (words.next(), words.next()) else { return false };
    [&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|known| status.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames(chunks: &[&[u8]]) -> Result<Vec<Frame>, TooLarge> {
        let (mut framing, mut out) = (Framing::default(), VecDeque::new());
        for chunk in chunks {
            framing.feed(chunk, &mut out)?;
        }
        Ok(out.into())
    }

    fn whole(bytes: &[u8]) -> Frame {
        Frame::Whole(bytes.to_vec())
    }

    #[test]
    fn responses_are_cut_at_their_own_ends() {
        let fetch = b"* 1 FETCH (UID 7 BODY[] {9}\r\na {5}\r\n\r\n FLAGS (\\Seen))\r\n";
        let cases: [(&[u8], Vec<Frame>, &str); 6] = [
            (b"* OK hi\r\nA1 OK\r\n", vec![whole(b"* OK hi\r\n"), whole(b"A1 OK\r\n")], "two lines"),
            (fetch, vec![whole(fetch)], "a literal that looks like a literal header inside is one response"),
            (
                b"* OK bare\n* 1 EXISTS\r\n",
                vec![whole(b"* OK bare\r\n"), whole(b"* 1 EXISTS\r\n")],
                "a bare LF",
            ),
            (
                b"A1 NO no folder {5}\r\n* 1 EXISTS\r\n",
                vec![whole(b"A1 NO no folder {5}\r\n"), whole(b"* 1 EXISTS\r\n")],
                "free text has no literal",
            ),
            (b"* LIST () \"/\" {0}\r\n\r\n", vec![whole(b"* LIST () \"/\" {0}\r\n\r\n")], "an empty literal"),
            (b"\r\n", vec![whole(b"\r\n")], "a blank line"),
        ];
        for (bytes, expected, what) in cases {
            assert_eq!(frames(&[bytes]).as_ref(), Ok(&expected), "{what}, in one piece");
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(frames(&single), Ok(expected), "{what}, byte by byte");
        }
    }

    #[test]
    fn a_hostile_literal_is_refused_before_anything_is_kept() {
        for header in ["* 1 FETCH (BODY[] {500000000}\r\n", "* 1 FETCH (BODY[] {99999999999999999999999}\r\n"]
        {
            assert_eq!(frames(&[header.as_bytes()]), Err(TooLarge), "{header:?} is more than any answer");
        }
    }

    #[test]
    fn an_endless_line_is_given_up_with_little_memory() {
        let (mut framing, mut out) = (Framing::default(), VecDeque::new());
        let chunk = vec![b'x'; 1 << 16];
        let mut outcome = Ok(());
        for _ in 0..2_000 {
            outcome = framing.feed(&chunk, &mut out);
            if outcome.is_err() {
                break;
            }
            assert!(framing.frame.len() <= LINE_CAP + chunk.len(), "an endless line must not be kept");
        }
        assert_eq!(outcome, Err(TooLarge), "125 MB in one line end the session");
    }

    #[test]
    fn a_long_response_is_thrown_away_and_the_next_one_is_read() {
        let mut bytes = b"* 3 FETCH (UID 9 BODYSTRUCTURE (".to_vec();
        bytes.extend(std::iter::repeat_n(b'(', LINE_CAP + 10));
        bytes.extend_from_slice(b" {4}\r\nab\r\n) X)\r\n* 1 EXISTS\r\n");
        for size in [1 << 12, 7919, bytes.len()] {
            let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
            let frames = frames(&chunks).expect("it is below the end of all patience");
            assert_eq!(frames.len(), 2, "the long response and the next one, in chunks of {size}");
            assert!(
                matches!(&frames[0], Frame::Oversize(head) if head.starts_with(b"* 3 FETCH (UID 9 ")),
                "its head tells the UID"
            );
            assert_eq!(frames[1], whole(b"* 1 EXISTS\r\n"), "the next one is whole");
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_the_bytes_come(bytes in "[-a(){}0-3 \"\r\n*+OK]{0,80}", size in 1_usize..20) {
            let chunks: Vec<&[u8]> = bytes.as_bytes().chunks(size).collect();
            prop_assert_eq!(frames(&chunks), frames(&[bytes.as_bytes()]));
        }
    }
}
