//! What of a notice is carried in a report: its exact octets, or the beginning of them and a mark.
//!
//! SpamCop refuses to look at mail whose lines were wrapped anew (its FAQ 368), and forbids changes that make it find what it
//! would not have found (FAQ 283). So what cannot be carried as it is is not sent, and of what is too long the end is left
//! out, marked.

use rules::read::own_text_before_a_program;

/// The longest line that SMTP carries without its end (RFC 5321 §4.5.3.1.6), in octets.
const MAX_LINE: usize = 998;
/// What stands in place of what was left out.
pub(super) const CUT_SHORT: &str = "[the rest was left out by Neversent: it is too long]\r\n";
const CUT_PROGRAM: &str = "[the rest was left out by Neversent: it carries a program or a virus]\r\n";

/// A notice that cannot be reported as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Mail servers do not carry such octets.
    #[error(
        "it holds a NUL or a line end that mail servers would change, and only unchanged mail may be reported; save it with \
         `neversent reports save` and report it by hand"
    )]
    NotCarried,
    /// Its lines are too long.
    #[error(
        "a line of it is longer than mail servers carry unchanged; save it with `neversent reports save` and report it by hand"
    )]
    LongLine,
    /// There is nothing behind its header.
    #[error("it has no text, and a report must have one")]
    NoBody,
    /// Its header alone is too long.
    #[error(
        "its header alone is longer than a report may be; save it with `neversent reports save` and report it by hand"
    )]
    LongHeader,
    /// It carries a program, and has no text of its own before that.
    #[error(
        "it carries a program or a virus, and no text of its own before it; your mail provider would take it for what spreads \
         that"
    )]
    Program,
    /// An address cannot be written to.
    #[error(
        "an address cannot be used for sending mail; look at `address` in the configuration and at the contact"
    )]
    Address,
    /// The mail cannot be put together.
    #[error("the mail cannot be put together; save it with `neversent reports save` and report it by hand")]
    Format,
    /// It came through a mailing list.
    #[error("it came through a mailing list; only the list's owner may report that")]
    List,
}

/// What is carried of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carried<'n> {
    /// Its octets, or the beginning of them up to a line's end.
    pub part: &'n [u8],
    /// What stands in place of the rest; empty where there is none.
    pub mark: &'static str,
}

impl Carried<'_> {
    /// Whether it needs a server that takes octets beyond ASCII (8BITMIME, RFC 6152).
    pub fn eight_bit(&self) -> bool {
        !self.part.is_ascii()
    }

    /// The octets, with the mark.
    pub fn octets(&self) -> Vec<u8> {
        [self.part, self.mark.as_bytes()].concat()
    }
}

/// What is carried of a notice for which there is so much room, in octets.
///
/// # Errors
/// It cannot be carried as it is; in words for the user.
pub(super) fn carry(notice: &[u8], room: usize) -> Result<Carried<'_>, ComposeError> {
    let body = body_start(notice);
    let header = notice.get(..body).unwrap_or(notice);
    if is_of_a_list(header) {
        return Err(ComposeError::List);
    }
    if notice.get(body..).unwrap_or_default().trim_ascii().is_empty() {
        return Err(ComposeError::NoBody);
    }
    // The line end before the next boundary is the boundary's (RFC 2046 §5.1.1); without it the last line would be cut off.
    let with_line_end = |at: usize| at + 2 * usize::from(notice.get(at..at + 2) == Some(b"\r\n"));
    let program = own_text_before_a_program(notice).map(with_line_end);
    if program.is_some_and(|at| at <= body) {
        return Err(ComposeError::Program);
    }
    let (wanted, mark) = match program {
        Some(at) => (at, CUT_PROGRAM),
        None => (notice.len(), CUT_SHORT),
    };
    let (kept, mark) = if wanted == notice.len() && wanted <= room {
        (wanted, "")
    } else {
        (cut(notice, body, wanted, room, mark)?, mark)
    };
    let part = notice.get(..kept).unwrap_or(notice);
    let whole_lines = part.split(|b| *b == b'\n').all(|line| !bare(line).contains(&b'\r'));
    let bare_newline =
        part.split_inclusive(|b| *b == b'\n').any(|line| line.ends_with(b"\n") && !line.ends_with(b"\r\n"));
    if part.contains(&0) || !whole_lines || bare_newline {
        return Err(ComposeError::NotCarried);
    }
    if part.split(|b| *b == b'\n').any(|line| bare(line).len() > MAX_LINE) {
        return Err(ComposeError::LongLine);
    }
    Ok(Carried { part, mark })
}

/// A line without the carriage return of its end.
fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Where the body begins.
fn body_start(notice: &[u8]) -> usize {
    memchr::memmem::find(notice, b"\r\n\r\n").map_or(notice.len(), |at| at + 4)
}

/// The last line end at which the notice fits with its marker, behind the first line of its body.
fn cut(notice: &[u8], body: usize, wanted: usize, room: usize, marker: &str) -> Result<usize, ComposeError> {
    let most = wanted.min(room.saturating_sub(marker.len()));
    let lines = notice.get(..most).and_then(|part| memchr::memrchr(b'\n', part)).map_or(0, |at| at + 1);
    if lines <= body { Err(ComposeError::LongHeader) } else { Ok(lines) }
}

/// Whether a mail came through a list (RFC 2919, RFC 2369).
fn is_of_a_list(header: &[u8]) -> bool {
    let is =
        |line: &[u8], name: &[u8]| line.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
    header.split(|b| *b == b'\n').any(|line| {
        is(line, b"list-id:")
            || is(line, b"list-post:")
            || is(line, b"mailing-list:")
            || is(line, b"precedence: list")
    })
}
