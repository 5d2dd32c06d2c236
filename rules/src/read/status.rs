//! Status codes and reasons (RFC 3463, RFC 5248), from codes, SMTP replies and text in the order of trust.

use std::cell::OnceCell;

use super::phrases::{Found, Phrases, Ranked};
use crate::{Reason, Status, fold};

/// Reads a code such as `5.1.1`, alone or at the beginning of a text.
pub(super) fn read_status(text: &str) -> Option<Status> {
    let mut numbers = text.trim().splitn(3, '.');
    let (class, subject, rest) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let detail: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let status = Status {
        class: class.trim().parse().ok()?,
        subject: subject.trim().parse().ok()?,
        detail: detail.parse().ok()?,
    };
    let valid = matches!(status.class, 2 | 4 | 5) && status.subject <= 7 && status.detail <= 999;
    valid.then_some(status)
}

/// At most so many codes or replies of a text are looked at.
const MAX_CODES: usize = 20;

/// The enhanced codes in a text, in their order: no part of a version or of the address of a host.
pub(super) fn statuses_in(text: &str) -> Vec<Status> {
    let bytes = text.as_bytes();
    let code_at = |dot: usize| {
        let begin = dot.checked_sub(1)?;
        let before = begin.checked_sub(1).and_then(|at| bytes.get(at));
        if before.is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'v')) {
            return None;
        }
        let [class @ (b'2' | b'4' | b'5'), b'.', subject @ b'0'..=b'7', b'.', rest @ ..] =
            bytes.get(begin..)?
        else {
            return None;
        };
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let ends = match rest.get(digits..)? {
            [b'.', next, ..] => next.is_ascii_whitespace(),
            _ => true,
        };
        let detail = std::str::from_utf8(rest.get(..digits)?).ok()?;
        (ends && digits <= 3).then_some(())?;
        let detail = detail.parse().ok()?;
        Some(Status { class: class - b'0', subject: u16::from(subject - b'0'), detail })
    };
    memchr::memchr_iter(b'.', bytes).filter_map(code_at).take(MAX_CODES).collect()
}

/// The SMTP replies in a text (RFC 5321 §4.2.1), in their order.
pub(super) fn replies_in(text: &str) -> Vec<u16> {
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|b| {
            b.is_ascii_whitespace() || matches!(b, b':' | b';' | b'\'' | b'"' | b'(' | b'[' | b'<' | b'#')
        })
    };
    let ends = |next: Option<&u8>| {
        next.is_none_or(|b| {
            b.is_ascii_whitespace()
                || matches!(b, b'-' | b'\'' | b'"' | b',' | b';' | b':' | b')' | b']' | b'>')
        })
    };
    let reply_at = |at: usize| match bytes.get(at..)? {
        [first, second @ b'0'..=b'5', third, rest @ ..]
            if third.is_ascii_digit() && begins(at) && ends(rest.first()) =>
        {
            let digit = |byte: &u8| u16::from(byte - b'0');
            Some(digit(first) * 100 + digit(second) * 10 + digit(third))
        }
        _ => None,
    };
    memchr::memchr2_iter(b'4', b'5', bytes).filter_map(reply_at).take(MAX_CODES).collect()
}

/// A text that may tell a reason; it is folded and searched once, however often it is asked, and not before.
#[derive(Debug)]
pub(super) struct Wording<'t> {
    pub text: &'t str,
    phrases: &'t Phrases,
    folded: OnceCell<String>,
    found: OnceCell<Found>,
}

impl<'t> Wording<'t> {
    /// The wording of a text, in which these phrases are sought.
    pub fn of(text: &'t str, phrases: &'t Phrases) -> Self {
        Self { text, phrases, folded: OnceCell::new(), found: OnceCell::new() }
    }

    /// The text folded as subjects are.
    pub fn folded(&self) -> &str {
        self.folded.get_or_init(|| fold::fold_lines(self.text))
    }

    /// What its phrases show.
    pub fn found(&self) -> &Found {
        self.found.get_or_init(|| {
            // Few texts are asked for more than their phrases.
            if self.text.is_ascii() {
                self.phrases.find_in_ascii(self.text)
            } else {
                self.phrases.find(self.folded())
            }
        })
    }

    fn reason(&self) -> Option<Reason> {
        self.found().reason.map(|ranked| ranked.reason)
    }
}

/// What a code says by itself; none where servers use it for anything.
fn by_code(status: Status) -> Option<Reason> {
    let Status { class, subject, detail } = status;
    Some(match (subject, detail) {
        (1, 0 | 1 | 3 | 4 | 6) | (2, 1) => Reason::RecipientUnknown,
        (2, 0) if class == 5 => Reason::RecipientUnknown,
        // RFC 7505 has it for a null MX, Microsoft for an unknown recipient: the text was asked before.
        (1, 10) => Reason::RecipientUnknown,
        (1, 2) | (4, 4) => Reason::HostUnknown,
        (1, 7..=9) => Reason::Spam,
        (2, 2) | (3, 1) | (4, 5) => Reason::MailboxFull,
        (2, 3) | (3, 4) | (7, 16) => Reason::TooBig,
        (4, 1 | 2 | 3 | 6 | 7) => Reason::TimedOut,
        (6, _) => Reason::Policy,
        (7, 13 | 17 | 18) => Reason::RecipientUnknown,
        (7, 28 | 501..=503) => Reason::Spam,
        (7, 27) => Reason::HostUnknown,
        (7, _) | (5, 3) => Reason::Policy,
        _ => return None,
    })
}

/// Whether servers put this code where they have nothing better to say, so that text is trusted first.
fn is_weak(status: Status) -> bool {
    matches!(
        (status.subject, status.detail),
        (0 | 3 | 5, 0)
            | (4, 0 | 7)
            | (7, 0 | 1)
            | (1, 0 | 10)
            | (2, 0)
            | (3, 2 | 5)
            | (5, _)
            | (4, 1)
            | (6, _)
            | (2, 1)
    )
}

fn by_reply(reply: u16) -> Option<Reason> {
    Some(match reply {
        551 | 553 => Reason::RecipientUnknown,
        552 | 452 => Reason::MailboxFull,
        530 | 535 => Reason::Policy,
        _ => return None,
    })
}

/// The status and the reason of one recipient: its Status field, what the server said, and the notice's own text.
pub(super) fn weigh(
    given: Option<Status>,
    diagnostic: &str,
    text: &Wording<'_>,
) -> (Option<Status>, Option<Reason>) {
    if diagnostic.trim().is_empty() {
        return weigh_text(given, &[text.text], text.reason());
    }
    let (status, reason) = weigh_text(given, &[diagnostic], Wording::of(diagnostic, text.phrases).reason());
    // What the server said in its own words was silent: the notice's text may explain.
    (status, reason.or_else(|| text.reason()))
}

/// The status and the reason that a notice without a report tells by its Subject and its text.
pub(super) fn weigh_own(subject: &str, text: &Wording<'_>) -> (Option<Status>, Option<Reason>) {
    let of_subject = Wording::of(subject, text.phrases).found().reason;
    let phrase = Ranked::first(of_subject, text.found().reason).map(|ranked| ranked.reason);
    weigh_text(None, &[subject, text.text], phrase)
}

fn weigh_text(
    given: Option<Status>,
    said: &[&str],
    phrase: Option<Reason>,
) -> (Option<Status>, Option<Reason>) {
    let in_text: Vec<Status> = said.iter().flat_map(|text| statuses_in(text)).take(MAX_CODES).collect();
    let replies: Vec<u16> = said.iter().flat_map(|text| replies_in(text)).take(MAX_CODES).collect();
    let reply_class = replies.first().map(|reply| reply / 100);
    // A text code of another class than the reply was said by another server on the way.
    let agreeing = in_text
        .iter()
        .copied()
        .find(|status| reply_class.is_none_or(|class| class == u16::from(status.class)))
        .or_else(|| in_text.first().copied());
    let status = match (given, agreeing) {
        (Some(given), Some(other)) if is_weak(given) && !(is_weak(other) && by_code(other).is_none()) => {
            Some(other)
        }
        (Some(given), _) => Some(given),
        (None, other) => other,
    };
    let code = status.and_then(by_code);
    let strong = status.filter(|status| !is_weak(*status)).and_then(by_code);
    let reason = match (strong, phrase) {
        (Some(strong), Some(phrase)) if outweighs(phrase, strong) => Some(phrase),
        (Some(strong), _) => Some(strong),
        (None, Some(phrase)) => Some(phrase),
        (None, None) => code.or_else(|| replies.iter().find_map(|reply| by_reply(*reply))),
    };
    (status, reason)
}

/// Whether a phrase is trusted over a specific code: text that names a block or a virus is more exact than a
/// code which many servers give for every refusal.
fn outweighs(phrase: Reason, code: Reason) -> bool {
    matches!(phrase, Reason::Spam | Reason::Virus | Reason::RelayingDenied)
        && matches!(code, Reason::Policy | Reason::RecipientUnknown)
        || code == Reason::RecipientUnknown && matches!(phrase, Reason::MailboxFull)
        || code == Reason::Policy && phrase != Reason::Unspecified
        || code == Reason::TimedOut
            && matches!(phrase, Reason::HostUnknown | Reason::MailboxFull | Reason::RecipientUnknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_in_the_order_of_trust() {
        let cases = [
            (Some("5.1.1"), "smtp; 550 5.1.1 <x@example.org>: no", Some(Reason::RecipientUnknown)),
            (Some("5.0.0"), "smtp; 550 mailbox is full", Some(Reason::MailboxFull)),
            (Some("5.7.1"), "smtp; 554 5.7.1 Relay access denied", Some(Reason::RelayingDenied)),
            (Some("5.7.1"), "smtp; 554 5.7.1 your message looks like spam", Some(Reason::Spam)),
            (Some("4.4.7"), "smtp; 452 4.2.2 over quota", Some(Reason::MailboxFull)),
            (Some("4.4.7"), "", Some(Reason::TimedOut)),
            (Some("5.2.3"), "", Some(Reason::TooBig)),
            (Some("5.0.0"), "", None),
            (None, "host mx.example.org[192.0.2.5] said: 550 5.1.1 x", Some(Reason::RecipientUnknown)),
            (None, "Host or domain name not found", Some(Reason::HostUnknown)),
        ];
        let phrases = Phrases::compile(std::iter::empty()).expect("the built-in phrases are valid");
        for (given, diagnostic, expected) in cases {
            let nothing = Wording::of("", &phrases);
            let (_, reason) = weigh(given.and_then(read_status), diagnostic, &nothing);
            assert_eq!(reason, expected, "the reason of {given:?} and {diagnostic:?}");
        }
    }

    #[test]
    fn versions_and_addresses_are_no_codes() {
        assert!(statuses_in("host 192.4.5.5 runs 14.5.5.0 and v5.1.1").is_empty(), "no code among these");
        assert_eq!(statuses_in("(#5.1.1)").len(), 1, "qmail's form is one");
    }
}
