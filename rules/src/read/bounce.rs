//! What became of the original: action, status, reason and recipients, from the report or from text.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::sync::LazyLock;

use regex::Regex;

use super::{
    excerpt::Text,
    facts::Facts,
    kind::Decided,
    report::{self, MAX_RECIPIENTS, Report},
    status::{self, Wording},
};
use crate::{
    Action, Address, Kind, Reason, Recipient, Returned, Status,
    fields::Fields,
    notice::{Host, Outer},
    text,
};

/// The notice's own text is read up to so many bytes.
const MAX_OWN_TEXT: usize = 64 * 1024;
/// So are its lines.
const MAX_OWN_LINE: usize = 4_000;

/// A server's name in the sentences, folded, that servers begin a notice with.
static REPORTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:mail system at host|qmail-send program at|message from|generating server:|mail agent at|mail server (?:at|on)|status notification from|program at|report from)\s+([a-z0-9](?:[a-z0-9-]*\.)+[a-z]{2,})",
    )
    .ok()
});

/// Compiles the patterns, so that no mail waits for it.
pub(super) fn prepare() {
    LazyLock::force(&REPORTING);
}

/// What became of the original as a whole.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub action: Option<Action>,
    pub reason: Option<Reason>,
    pub status: Option<Status>,
    pub recipients: Vec<Recipient>,
}

/// What of the texts is the notice's own: without quoted lines and without the original behind it.
pub(super) fn own_text<'t>(texts: &'t [Text<'_>]) -> Cow<'t, str> {
    if let Some(first) = texts.first().filter(|first| is_own(first)) {
        return Cow::Borrowed(&first.text);
    }
    let length = texts.first().map_or(0, |text| text.text.len());
    let mut own = String::with_capacity(length.min(MAX_OWN_TEXT));
    for text in texts {
        // HTML beside plain text says the same again.
        if !own.trim().is_empty() {
            break;
        }
        // Behind a whole header comes the original; behind a few lines of it the notice goes on (Exchange 2003,
        // IMail: "Your message … did not reach the following recipient").
        let whole = &*text.text;
        let (before, behind) = text.excerpt().map_or((whole, ""), |found| {
            let behind =
                if found.returned == Returned::Excerpt { whole.get(found.place.end..) } else { None };
            (whole.get(..found.place.start).unwrap_or(whole), behind.unwrap_or_default())
        });
        for line in text::lines(before).chain(text::lines(behind)) {
            if own.len() > MAX_OWN_TEXT {
                break;
            }
            if !is_quoted(line) {
                let line = line.get(..line.floor_char_boundary(MAX_OWN_LINE)).unwrap_or(line);
                own.push_str(line);
                own.push('\n');
            }
        }
    }
    Cow::Owned(own)
}

/// Whether all of a text is the notice's own, and would be copied as it is.
fn is_own(text: &Text<'_>) -> bool {
    let whole = &*text.text;
    let marks = || memchr::memchr3(b'>', b'|', b'\r', whole.as_bytes());
    whole.len() <= MAX_OWN_LINE
        && whole.ends_with('\n')
        && !whole.trim().is_empty()
        && marks().is_none()
        && text.excerpt().is_none()
}

fn is_quoted(line: &str) -> bool {
    // Most lines begin with a letter.
    !line.starts_with(|c: char| c.is_ascii_alphanumeric()) && line.trim_start().starts_with(['>', '|'])
}

/// Finds what became of the original.
pub(super) fn outcome(
    fields: &Fields<'_>,
    facts: &Facts,
    report: &Report,
    own_text: &Wording<'_>,
    decided: &Decided<'_>,
    outer: &Outer,
) -> Outcome {
    if !matches!(decided.kind, Kind::Bounce | Kind::VirusNotice) {
        let recipients = if decided.kind == Kind::Receipt { report.recipients.clone() } else { Vec::new() };
        return Outcome { recipients, ..Outcome::default() };
    }
    let mut recipients = report.recipients.clone();
    // A report mostly says it itself.
    let action_of_text = LazyCell::new(|| decided.action.unwrap_or_else(|| action_by_text(facts, own_text)));
    let mut of_text = (None, None);
    if recipients.is_empty() {
        // Without a report the Subject may name the reason, unless it is the original's.
        let subject = if facts.original_subject().is_some() { "" } else { &outer.subject };
        let (status, reason) = status::weigh_own(subject, own_text);
        of_text = (status, Some(reason.unwrap_or(Reason::Unspecified)));
        let told = matches!(*action_of_text, Action::Failed | Action::Delayed);
        let addresses = text_recipients(fields, own_text.text, outer);
        recipients.extend(addresses.into_iter().map(|address| Recipient {
            address,
            action: Some(*action_of_text),
            status,
            reason: of_text.1.filter(|_| told),
        }));
    }
    if decided.action.is_some() {
        for recipient in &mut recipients {
            recipient.action = recipient.action.or(decided.action);
        }
    }
    let worst = recipients.iter().max_by_key(|recipient| severity(recipient));
    let (action, (status, reason)) = match worst {
        Some(worst) => (worst.action.or_else(|| Some(*action_of_text)), (worst.status, worst.reason)),
        None => (Some(*action_of_text), of_text),
    };
    // A rejection that comes as a disposition report names no delivery action of its own.
    let action = if decided.action == Some(Action::Failed) { Some(Action::Failed) } else { action };
    let reason = match (decided.kind, reason) {
        (Kind::VirusNotice, None | Some(Reason::Unspecified)) => Some(Reason::Virus),
        (_, reason) => reason,
    };
    let told = matches!(action, Some(Action::Failed | Action::Delayed));
    Outcome { action, reason: reason.filter(|_| told), status, recipients }
}

/// How bad it is: failed before delayed before the rest, known reasons before none.
fn severity(recipient: &Recipient) -> (u8, bool) {
    let action = match recipient.action {
        Some(Action::Failed) | None => 4,
        Some(Action::Delayed) => 3,
        Some(Action::Relayed) => 2,
        Some(Action::Expanded) => 1,
        Some(Action::Delivered) => 0,
    };
    (action, !matches!(recipient.reason, None | Some(Reason::Unspecified)))
}

fn action_by_text(facts: &Facts, own_text: &Wording<'_>) -> Action {
    let delayed_subject = facts.subject.contains("delay")
        || facts.subject.contains("still being retried")
        || facts.subject.starts_with("warning: could not send");
    if delayed_subject || own_text.found().still_tried { Action::Delayed } else { Action::Failed }
}

/// The recipients that a notice without a report names.
fn text_recipients(fields: &Fields<'_>, own_text: &str, outer: &Outer) -> Vec<Address> {
    let mut found: Vec<Address> = fields.addresses("x-failed-recipients");
    if found.is_empty() {
        let own = |address: &Address| {
            outer.from.as_ref() == Some(address)
                || outer.receivers.iter().any(|(_, receiver)| receiver == address)
                || matches!(
                    address.local(),
                    "postmaster" | "mailer-daemon" | "abuse" | "support" | "helpdesk"
                )
        };
        let addresses = |text: &str| -> Vec<Address> {
            let read = named_addresses(text).take(500).filter_map(Address::new);
            read.filter(|address| !own(address)).collect()
        };
        // An address that begins a line is what the notice is about; one in a sentence may be anything.
        let leading: String = text::lines_with(b'@', own_text)
            .map(|line| line.text)
            .filter(|line| {
                let bare = line.trim_start_matches(|c: char| {
                    c.is_whitespace() || matches!(c, '<' | '*' | '-' | '[' | '"')
                });
                bare.split(|c: char| c.is_whitespace() || c == '>')
                    .next()
                    .is_some_and(|word| word.contains('@'))
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        found = addresses(&leading);
        if found.is_empty() {
            found = addresses(own_text);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|address| seen.insert(address.clone()));
    found.truncate(MAX_RECIPIENTS);
    found
}

/// What looks like an address in a text; what is too long to be one is refused by [`Address`].
fn named_addresses(text: &str) -> impl Iterator<Item = &str> {
    let local = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&*+/=?^_{|}~.'-".contains(b);
    let domain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let bytes = text.as_bytes();
    let mut from = 0;
    memchr::memchr_iter(b'@', bytes).filter_map(move |at| {
        let (before, behind) = (bytes.get(from..at)?, bytes.get(at + 1..)?);
        let begin = at - before.iter().rev().take_while(|b| local(b)).count();
        let run = behind.iter().take_while(|b| domain(b)).count();
        let length = behind.get(..run)?.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
        if begin == at || !behind.first()?.is_ascii_alphanumeric() {
            return None;
        }
        from = at + 1 + length;
        text.get(begin..from)
    })
}

/// The server that wrote a notice without a report: the one its text names, else the host of the mail daemon that it is
/// from.
pub(super) fn reporting_host(own_text: &Wording<'_>, from: Option<&Address>) -> Option<Host> {
    let pattern = REPORTING.as_ref().filter(|_| own_text.found().names_the_server);
    let named = pattern.and_then(|pattern| pattern.captures(own_text.folded()));
    if let Some(name) = named.and_then(|found| found.get(1).map(|name| name.as_str().to_owned())) {
        return report::host(&name);
    }
    let from = from?;
    let daemon = matches!(from.local(), "mailer-daemon" | "postmaster" | "mdaemon");
    daemon.then(|| Host { name: Some(from.domain().to_owned()), ip: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_named_in_text() {
        let pattern = r"[A-Za-z0-9!#$%&*+/=?^_{|}~.'-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?";
        let pattern = Regex::new(pattern).expect("it compiles");
        for text in [
            "",
            "@",
            "a@b",
            "<ada@example.org>, bob@example.com.",
            "a@b@c d@-e f@g-. h@.i @j",
            "\u{e9}a@b\u{e9} x@y\nz@w",
            "a@b.c-@d.e f@@g",
        ] {
            let expected: Vec<&str> = pattern.find_iter(text).map(|found| found.as_str()).collect();
            assert_eq!(named_addresses(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
