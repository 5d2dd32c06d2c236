//! The mail to SpamCop: the notice's exact octets, as an attachment.
//!
//! Put together here and by no library, because those encode what they attach anew.

use rules::{Address, UnixTime};
use secrecy::{ExposeSecret as _, SecretString};

use super::carried::{Carried, ComposeError, carry};

/// SpamCop takes no more ("SpamCop will no longer accept email larger than 50.0K bytes"), in octets.
const MAX_MAIL: usize = 50_000;

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
    /// Nobody but the program said that it be sent.
    pub automatic: bool,
}

impl Envelope<'_> {
    /// What it says of how it came about (RFC 3834 §5).
    pub(super) fn auto_submitted(&self) -> &'static str {
        if self.automatic { "auto-generated" } else { "no" }
    }
}

/// A mail but for the secret address that it goes to, if it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    head: String,
    rest: Vec<u8>,
    /// Whom it is to stands in it.
    addressed: bool,
    /// Whether it needs a server that takes octets beyond ASCII (8BITMIME, RFC 6152).
    pub eight_bit: bool,
    /// How much of the notice it holds, in octets.
    pub kept: usize,
}

impl Composed {
    /// One that is complete.
    pub(super) fn whole(octets: Vec<u8>, carried: &Carried<'_>) -> Self {
        let (eight_bit, kept) = (carried.eight_bit(), carried.part.len());
        Self { head: String::new(), rest: octets, addressed: true, eight_bit, kept }
    }

    /// The octets, with the address.
    #[must_use]
    pub fn octets(&self, to: &SecretString) -> Vec<u8> {
        if self.addressed {
            return self.rest.clone();
        }
        let to = format!("To: {}\r\n", to.expose_secret());
        [self.head.as_bytes(), to.as_bytes(), &self.rest].concat()
    }
}

/// Makes the mail that reports a notice to SpamCop.
///
/// # Errors
/// It cannot be reported as it is; in words for the user.
pub fn compose(notice: &[u8], envelope: &Envelope<'_>) -> Result<Composed, ComposeError> {
    let fence = boundary(notice, envelope.boundary);
    let (subject, date) = ("Backscatter", header_date(envelope.now));
    let head = format!(
        "From: {}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{}>\r\nAuto-Submitted: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{fence}\"\r\n",
        envelope.from,
        envelope.message_id,
        envelope.auto_submitted()
    );
    let before = format!(
        "Content-Transfer-Encoding: 8bit\r\n\r\n--{fence}\r\nContent-Type: message/rfc822\r\nContent-Disposition: \
         attachment\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    );
    let after = format!("\r\n--{fence}--\r\n");
    // The longest address there is takes part of the room.
    let room = MAX_MAIL.saturating_sub(head.len() + before.len() + after.len() + 100);
    let carried = carry(notice, room)?;
    let (eight_bit, kept) = (carried.eight_bit(), carried.part.len());
    let rest = [before.as_bytes(), &carried.octets(), after.as_bytes()].concat();
    Ok(Composed { head, rest, addressed: false, eight_bit, kept })
}

/// A boundary that does not stand in the notice.
pub(super) fn boundary(notice: &[u8], random: &str) -> String {
    let mut fence = format!("neversent-{random}");
    while memchr::memmem::find(notice, fence.as_bytes()).is_some() {
        fence.push('-');
    }
    fence
}

/// A time as a header has it (RFC 5322 §3.3).
pub(super) fn header_date(now: UnixTime) -> String {
    jiff::Timestamp::from_second(now.0)
        .ok()
        .and_then(|at| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::SubmitCode;
    use super::super::carried::CUT_SHORT;
    use super::*;

    const HEADER: &str = "Return-Path: <>\r\nSubject: Undelivered\r\n\r\n";

    fn composed(notice: &[u8]) -> Result<Composed, ComposeError> {
        let from = Address::new("ada@example.org").expect("an address");
        let envelope = Envelope {
            from: &from,
            message_id: "r@example.org",
            boundary: "abc",
            now: UnixTime(1_772_000_000),
            automatic: false,
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
        assert!(
            text.contains("We found a virus.") && text.ends_with("it carries a program or a virus]\r\n"),
            "{text}"
        );
        assert!(!text.contains("TVqQ"), "the program is not carried: {text}");
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
