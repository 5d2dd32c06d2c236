//! The mail to SpamCop: the notice's exact octets, as an attachment.
//!
//! SpamCop refuses to look at mail whose lines were wrapped anew (its FAQ 368), and forbids changes that make it find what it
//! would not have found (FAQ 283). So what cannot be carried as it is is not sent, and of what is too long the end is left
//! out, marked.

use rules::read::own_text_before_a_program;
use rules::{Address, UnixTime};
use secrecy::{ExposeSecret as _, SecretString};

/// SpamCop takes no more ("SpamCop will no longer accept email larger than 50.0K bytes"), in octets.
const MAX_MAIL: usize = 50_000;
/// The longest line that SMTP carries without its end (RFC 5321 §4.5.3.1.6), in octets.
const MAX_LINE: usize = 998;
/// What stands in place of what was left out.
const CUT_SHORT: &str = "[the rest was left out by Neversent: it is too long]\r\n";
const CUT_PROGRAM: &str = "[the rest was left out by Neversent: it carries a program or a virus]\r\n";
/// Where reports go.
const DOMAIN: &str = "spam.spamcop.net";

/// The address that reports go to: whoever knows it reports in the user's name, so it is a secret.
#[derive(Clone, Debug)]
pub struct SubmitCode(SecretString);

/// A text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the address that SpamCop gave you for reports; it looks like submit.AbCdEfGh12345678@spam.spamcop.net and \
     stands on your page at www.spamcop.net under \u{201c}Report Spam\u{201d}"
)]
pub struct WrongCode;

impl SubmitCode {
    /// Reads the address, or the code in it alone.
    ///
    /// # Errors
    /// It is neither.
    pub fn read(text: &str) -> Result<Self, WrongCode> {
        let text = text.trim();
        let (local, domain) = text.split_once('@').unwrap_or((text, DOMAIN));
        // `quick.` reports without a look at the mail, and makes careless users lose their account.
        let code = local.strip_prefix("submit.").unwrap_or(local);
        let is_code = (8..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_code || !domain.eq_ignore_ascii_case(DOMAIN) {
            return Err(WrongCode);
        }
        Ok(Self(SecretString::from(code.to_owned())))
    }

    /// A text without the code: servers name the address in their refusals.
    #[must_use]
    pub fn hidden_in(&self, text: &str) -> String {
        let (lower, code) = (text.to_ascii_lowercase(), self.0.expose_secret().to_ascii_lowercase());
        let (mut hidden, mut from) = (String::with_capacity(text.len()), 0);
        for (at, found) in lower.match_indices(&code) {
            hidden.push_str(text.get(from..at).unwrap_or_default());
            hidden.push('\u{2026}');
            from = at + found.len();
        }
        hidden.push_str(text.get(from..).unwrap_or_default());
        hidden
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> SecretString {
        SecretString::from(format!("submit.{}@{DOMAIN}", self.0.expose_secret()))
    }
}

/// What the mail needs beside the notice.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The user's address.
    pub from: &'a Address,
    /// Its Message-ID, without brackets.
    pub message_id: &'a str,
    /// Random letters that the boundary begins with.
    pub boundary: &'a str,
    /// When it is written.
    pub now: UnixTime,
}

/// A mail to SpamCop but for the address that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    head: String,
    rest: Vec<u8>,
    /// Whether it needs a server that takes octets beyond ASCII (8BITMIME, RFC 6152).
    pub eight_bit: bool,
    /// How much of the notice it holds, in octets.
    pub kept: usize,
}

impl Composed {
    /// The octets, with the address.
    #[must_use]
    pub fn octets(&self, to: &SecretString) -> Vec<u8> {
        let to = format!("To: {}\r\n", to.expose_secret());
        [self.head.as_bytes(), to.as_bytes(), &self.rest].concat()
    }
}

/// A notice that cannot be reported as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Mail servers do not carry such octets.
    #[error(
        "it holds a NUL or a line end that mail servers would change, and only unchanged mail may be reported; save it as a \
         file and report it on www.spamcop.net by hand"
    )]
    NotCarried,
    /// Its lines are too long.
    #[error(
        "a line of it is longer than mail servers carry unchanged; save it as a file and report it on www.spamcop.net by hand"
    )]
    LongLine,
    /// There is nothing behind its header.
    #[error("it has no text, and SpamCop takes no mail without")]
    NoBody,
    /// Its header alone is too long.
    #[error("its header alone is longer than SpamCop takes")]
    LongHeader,
    /// It carries a program, and has no text of its own before that.
    #[error(
        "it carries a program or a virus, and no text of its own before it; your mail provider would take it for what spreads \
         that"
    )]
    Program,
    /// It came through a mailing list.
    #[error("it came through a mailing list; only the list's owner may report that")]
    List,
}

/// Makes the mail that reports a notice.
///
/// # Errors
/// It cannot be reported as it is; in words for the user.
pub fn compose(notice: &[u8], envelope: &Envelope<'_>) -> Result<Composed, ComposeError> {
    let body = body_start(notice);
    let header = notice.get(..body).unwrap_or(notice);
    if is_of_a_list(header) {
        return Err(ComposeError::List);
    }
    if notice.get(body..).unwrap_or_default().trim_ascii().is_empty() {
        return Err(ComposeError::NoBody);
    }
    let whole_lines = |octets: &[u8]| octets.split(|b| *b == b'\n').all(|line| !bare(line).contains(&b'\r'));
    let fence = boundary(notice, envelope.boundary);
    let (subject, date) = ("Backscatter", rules_date(envelope.now));
    let head = format!(
        "From: {}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{}>\r\nAuto-Submitted: no\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{fence}\"\r\n",
        envelope.from, envelope.message_id
    );
    let before = format!(
        "Content-Transfer-Encoding: 8bit\r\n\r\n--{fence}\r\nContent-Type: message/rfc822\r\nContent-Disposition: \
         attachment\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    let after = format!("\r\n--{fence}--\r\n");
    // The longest address there is takes part of the room.
    let room = MAX_MAIL.saturating_sub(head.len() + before.len() + after.len() + 100);
    // The line end before the next boundary is the boundary's (RFC 2046 §5.1.1); without it the last line would be cut off.
    let with_line_end = |at: usize| at + 2 * usize::from(notice.get(at..at + 2) == Some(b"\r\n"));
    let program = own_text_before_a_program(notice).map(with_line_end);
    if program.is_some_and(|at| at <= body) {
        return Err(ComposeError::Program);
    }
    let (wanted, marker) = match program {
        Some(at) => (at, CUT_PROGRAM),
        None => (notice.len(), CUT_SHORT),
    };
    let (kept, marker) = if wanted == notice.len() && wanted <= room {
        (wanted, "")
    } else {
        (cut(notice, body, wanted, room, marker)?, marker)
    };
    let part = notice.get(..kept).unwrap_or(notice);
    if part.contains(&0)
        || !whole_lines(part)
        || part.split_inclusive(|b| *b == b'\n').any(|line| line.ends_with(b"\n") && !line.ends_with(b"\r\n"))
    {
        return Err(ComposeError::NotCarried);
    }
    if part.split(|b| *b == b'\n').any(|line| bare(line).len() > MAX_LINE) {
        return Err(ComposeError::LongLine);
    }
    let eight_bit = !part.is_ascii();
    let rest = [before.as_bytes(), part, marker.as_bytes(), after.as_bytes()].concat();
    Ok(Composed { head, rest, eight_bit, kept })
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

/// A boundary that does not stand in the notice.
fn boundary(notice: &[u8], random: &str) -> String {
    let mut fence = format!("neversent-{random}");
    while memchr::memmem::find(notice, fence.as_bytes()).is_some() {
        fence.push('-');
    }
    fence
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

/// A time as a header has it (RFC 5322 §3.3).
fn rules_date(now: UnixTime) -> String {
    jiff::Timestamp::from_second(now.0)
        .ok()
        .and_then(|at| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Return-Path: <>\r\nSubject: Undelivered\r\n\r\n";

    fn composed(notice: &[u8]) -> Result<Composed, ComposeError> {
        let from = Address::new("ada@example.org").expect("an address");
        let envelope = Envelope {
            from: &from,
            message_id: "r@example.org",
            boundary: "abc",
            now: UnixTime(1_772_000_000),
        };
        compose(notice, &envelope)
    }

    /// What is attached of a notice.
    fn attached(notice: &[u8]) -> Vec<u8> {
        let composed = composed(notice).expect("it can be reported");
        let to = SubmitCode::read("AbCdEfGh12345678").expect("a code").address();
        let octets = composed.octets(&to);
        assert!(octets.len() <= MAX_MAIL, "{} octets are more than SpamCop takes", octets.len());
        let at = memchr::memmem::find(&octets, b"8bit\r\n\r\nReturn-Path").expect("an attachment") + 8;
        let end = memchr::memmem::rfind(&octets, b"\r\n--neversent-abc").expect("its end");
        octets.get(at..end).expect("octets").to_vec()
    }

    #[test]
    fn what_fits_is_attached_as_it_is() {
        for body in
            ["Words.\r\n", "Words", ".\r\n..\r\n", "Gr\u{fc}\u{df}e\r\n", "--neversent-abc\r\nWords\r\n"]
        {
            let notice = format!("{HEADER}{body}").into_bytes();
            let composed = composed(&notice).expect("it can be reported");
            assert_eq!(composed.kept, notice.len(), "all of {body:?}");
            assert_eq!(composed.eight_bit, !body.is_ascii(), "{body:?}");
            if !body.starts_with("--") {
                assert_eq!(attached(&notice), notice, "{body:?}");
            }
        }
    }

    #[test]
    fn of_what_is_too_long_the_end_is_left_out_at_a_line() {
        let notice = format!("{HEADER}{}", "A line of it.\r\n".repeat(5_000)).into_bytes();
        let attached = attached(&notice);
        let text = String::from_utf8(attached).expect("text");
        let kept = text.strip_suffix(CUT_SHORT).expect("it is said that it was cut");
        assert!(
            notice.starts_with(kept.as_bytes()) && kept.ends_with("of it.\r\n"),
            "a beginning, to a line's end"
        );
        assert!(kept.len() > 49_000, "as much as there is room for: {}", kept.len());
    }

    #[test]
    fn programs_are_left_out() {
        let notice = "Return-Path: <>\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nWe found \
                      a virus.\r\n--o\r\nContent-Type: application/octet-stream; \
                      name=\"a.exe\"\r\n\r\nTVqQAAMAAAAEAAAA\r\n--o--\r\n";
        let text = String::from_utf8(attached(notice.as_bytes())).expect("text");
        assert!(text.contains("We found a virus.") && text.ends_with(CUT_PROGRAM), "{text}");
        assert!(!text.contains("TVqQ"), "the program is not carried: {text}");
    }

    #[test]
    fn the_code_is_in_no_message() {
        let code = SubmitCode::read("AbCdEfGh12345678").expect("a code");
        for text in
            ["550 <submit.AbCdEfGh12345678@spam.spamcop.net>", "550 submit.abcdefgh12345678 ABCDEFGH12345678"]
        {
            let hidden = code.hidden_in(text).to_lowercase();
            assert!(!hidden.contains("abcdefgh") && hidden.starts_with("550 "), "{hidden}");
        }
    }

    #[test]
    fn what_cannot_be_carried_unchanged_is_not_sent() {
        let long = format!("{HEADER}{}\r\n", "x".repeat(999));
        let header = format!("Return-Path: <>\r\nX-Long: {}\r\n\r\nWords\r\n", "y\r\n ".repeat(20_000));
        let list = HEADER.replace("Subject", "List-Id: <x.example>\r\nSubject") + "Words\r\n";
        for (notice, expected, why) in [
            (format!("{HEADER}a\0b\r\n"), ComposeError::NotCarried, "NUL"),
            (format!("{HEADER}a\nb\r\n"), ComposeError::NotCarried, "a line feed by itself"),
            (format!("{HEADER}a\rb\r\n"), ComposeError::NotCarried, "a carriage return by itself"),
            (long, ComposeError::LongLine, "998 octets are the most"),
            (HEADER.to_owned(), ComposeError::NoBody, "nothing behind the header"),
            (format!("{HEADER} \r\n\r\n"), ComposeError::NoBody, "nothing but blanks behind it"),
            ("Subject: no body at all".to_owned(), ComposeError::NoBody, "no empty line"),
            (header, ComposeError::LongHeader, "the header is never cut"),
            (list, ComposeError::List, "only its owner may report a list's mail"),
        ] {
            assert_eq!(composed(notice.as_bytes()), Err(expected), "{why}");
        }
        let longest = format!("{HEADER}{}\r\n", "x".repeat(998));
        assert!(composed(longest.as_bytes()).is_ok(), "998 octets are carried");
    }
}
