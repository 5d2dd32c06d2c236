//! The machine part of a report: delivery status (RFC 3464 §2), disposition (RFC 8098 §3).

use std::borrow::Cow;

use super::status::{self, Wording};
use crate::{
    Action, Address, MailDate, MessageId, Reason, Recipient,
    fields::{Fields, decode_words},
    notice::Host,
    trace,
};

/// Recipients kept of a report.
pub(super) const MAX_RECIPIENTS: usize = 200;
/// Blocks read of a report.
const MAX_BLOCKS: usize = 1_000;

/// What a report says.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The server that wrote it.
    pub reported_by: Option<Host>,
    /// When the original came to that server.
    pub arrival_date: Option<MailDate>,
    /// Ids of the original that it names.
    pub ids: Vec<MessageId>,
    /// What became of each recipient.
    pub recipients: Vec<Recipient>,
    /// Whether any field of a report is in it.
    pub valid: bool,
    /// The Disposition in lower case, of a disposition report.
    pub disposition: String,
}

impl Report {
    /// Reads the part's content; `text` is the notice's own text, which may explain what the report does not.
    pub fn read(content: &[u8], text: &Wording<'_>) -> Self {
        let mut report = Self::default();
        let mut rest = content;
        for _ in 0..MAX_BLOCKS {
            if rest.iter().all(u8::is_ascii_whitespace) {
                break;
            }
            let block = Fields::read(rest);
            report.read_block(&block, text);
            rest = rest.get(block.body.max(1)..).unwrap_or_default();
        }
        report
    }

    fn read_block(&mut self, block: &Fields<'_>, text: &Wording<'_>) {
        if self.reported_by.is_none() {
            self.reported_by = block.first("reporting-mta").and_then(|field| host(&field.unfolded()));
        }
        if self.arrival_date.is_none() {
            self.arrival_date =
                block.first("arrival-date").and_then(|field| MailDate::read(&field.unfolded()));
        }
        for name in ["x-original-message-id", "original-message-id"] {
            self.ids.extend(block.ids(name));
        }
        if self.disposition.is_empty() {
            self.disposition = block.lower("disposition");
        }
        self.valid |= block.list.iter().any(|field| {
            matches!(
                field.name.as_str(),
                "reporting-mta"
                    | "final-recipient"
                    | "original-recipient"
                    | "action"
                    | "status"
                    | "disposition"
            )
        });
        // Some servers leave out the empty line between recipients.
        let mut open = Vec::new();
        for field in &block.list {
            if field.name == "final-recipient"
                && open.iter().any(|seen: &&crate::fields::Field<'_>| seen.name == field.name)
            {
                self.read_recipient(&std::mem::take(&mut open), text);
            }
            open.push(field);
        }
        self.read_recipient(&open, text);
    }

    fn read_recipient(&mut self, fields: &[&crate::fields::Field<'_>], text: &Wording<'_>) {
        let value = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.unfolded());
        let address = ["original-recipient", "final-recipient", "x-actual-recipient"]
            .into_iter()
            .filter_map(value)
            .find_map(|text| recipient_address(&text));
        let Some(address) = address else { return };
        if self.recipients.len() >= MAX_RECIPIENTS {
            return;
        }
        let given = value("status").as_deref().and_then(status::read_status);
        let diagnostic: Vec<Cow<'_, str>> = fields
            .iter()
            .filter(|field| {
                matches!(field.name.as_str(), "diagnostic-code" | "x-notes" | "x-mailer-diagnostic")
            })
            .map(|field| decode_words(field.raw))
            .collect();
        let action = value("action").as_deref().and_then(read_action).or_else(|| {
            given.and_then(|status| match status.class {
                2 => Some(Action::Delivered),
                4 => Some(Action::Delayed),
                5 => Some(Action::Failed),
                _ => None,
            })
        });
        let (status, reason) = status::weigh(given, &diagnostic.join(" "), text);
        let told = matches!(action, None | Some(Action::Failed | Action::Delayed));
        let reason = told.then(|| reason.unwrap_or(Reason::Unspecified));
        self.recipients.push(Recipient { address, action, status, reason });
    }
}

/// The address in `type; address`, with the escapes of RFC 6533 §3 undone.
fn recipient_address(text: &str) -> Option<Address> {
    let (kind, value) = text.split_once(';').unwrap_or(("rfc822", text));
    if !kind.trim().eq_ignore_ascii_case("utf-8") || !value.contains("\\x{") {
        return Address::new(value);
    }
    let mut decoded = String::new();
    let mut rest = value;
    while let Some((before, escaped)) = rest.split_once("\\x{") {
        decoded.push_str(before);
        let (hex, after) = escaped.split_once('}')?;
        decoded.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
        rest = after;
    }
    decoded.push_str(rest);
    Address::new(&decoded)
}

/// The server in a value such as `dns; mx.example.org` or `dns; [192.0.2.1]`.
pub(super) fn host(value: &str) -> Option<Host> {
    let named = value.split_once(';').map_or(value, |(_, name)| name);
    let word = named.split_whitespace().next()?;
    if let Some(ip) = trace::ip(word) {
        return Some(Host { name: None, ip: Some(ip) });
    }
    let name = word.trim_matches(['<', '>', ',', '"', '(', ')']).trim_end_matches('.').to_lowercase();
    let ip = named.split_whitespace().skip(1).find_map(trace::ip);
    (!name.is_empty() && name.len() <= 255).then_some(Host { name: Some(name), ip })
}

/// The action by its word (RFC 3464 §2.3.3) and by those that servers write in its place.
fn read_action(text: &str) -> Option<Action> {
    let word: String = text.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    Some(match word.to_ascii_lowercase().as_str() {
        "failed" | "failure" | "fail" | "error" | "expired" | "undeliverable" | "bounced" => Action::Failed,
        "delayed" | "delay" | "deferred" => Action::Delayed,
        "delivered" | "deliverable" | "success" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => return None,
    })
}
