//! Which kind of notice a mail is.

use super::{
    facts::Facts,
    parts::Parts,
    recognisers::{BUILT_IN_RULES, Concludes, Recognised},
    report::Report,
    status::Wording,
};
use crate::{Action, Kind};

/// What a mail was decided to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decided {
    /// The kind.
    pub kind: Kind,
    /// The action that a rule told of.
    pub action: Option<Action>,
}

/// Decides; none for ordinary mail.
pub(super) fn decide(
    parts: &Parts<'_>,
    facts: &Facts,
    report: &Report,
    own_text: &Wording<'_>,
) -> Option<Decided> {
    let rules = BUILT_IN_RULES.of_mail(&facts.candidates, own_text.folded());
    let by_rule = |concludes: Concludes| rules.iter().copied().find(|rule| rule.concludes == concludes);
    let decided = |kind: Kind, rule: Option<Recognised>| {
        Some(Decided { kind, action: rule.and_then(|rule| rule.action) })
    };
    if by_rule(Concludes::Ordinary).is_some() {
        return None;
    }
    if is_abuse_report(parts) || by_rule(Concludes::AbuseReport).is_some() {
        return decided(Kind::AbuseReport, None);
    }
    let has = |wanted: fn(&super::parts::Part<'_>) -> bool| parts.list.iter().any(wanted);
    if has(|part| part.is_disposition()) && report.valid {
        return Some(disposition(facts, report, own_text.text));
    }
    // A filter's challenge or virus notice may come as a delivery report, too.
    for concludes in [Concludes::Challenge, Concludes::VirusNotice] {
        if let Some(rule) = by_rule(concludes) {
            return decided(concludes.kind()?, Some(rule));
        }
    }
    if has(|part| part.is_delivery_status()) && report.valid && !is_forwarded(facts) {
        return decided(Kind::Bounce, None);
    }
    if parts.content_type.media_type == "multipart/report"
        && parts.content_type.report_type == "delivery-status"
        && facts.machine
    {
        return decided(Kind::Bounce, by_rule(Concludes::Bounce));
    }
    if is_calendar(parts) {
        return None;
    }
    // With a null sender a list server can only be answering: posts go out under an address of the list.
    if facts.list_server && facts.null_sender && by_rule(Concludes::ListNotice).is_none() {
        return decided(Kind::ListNotice, None);
    }
    for concludes in [Concludes::ListNotice, Concludes::Bounce, Concludes::AutoReply] {
        if let Some(rule) = by_rule(concludes) {
            return decided(concludes.kind()?, Some(rule));
        }
    }
    // A mail server that returns a mail, whatever its language.
    let returns = parts.list.iter().skip(1).any(|part| part.is_returned_mail() || part.is_returned_header());
    if returns && (facts.daemon && !facts.list || facts.null_sender) || facts.daemon && facts.null_sender {
        return decided(Kind::Bounce, None);
    }
    // A short prefix ("Auto:", "Away:") can begin a person's subject.
    let surely_prefix = facts.subject.split(':').next().is_some_and(|prefix| prefix.len() >= 9);
    let automatic =
        facts.automatic_subject && !facts.list && (surely_prefix || facts.machine || facts.answers);
    if automatic { decided(Kind::AutoReply, None) } else { None }
}

/// A disposition report: a receipt, or the rejection that Sieve and Dovecot send in this form (RFC 5429 §2.1.2).
fn disposition(facts: &Facts, report: &Report, own_text: &str) -> Decided {
    let automatic = report.disposition.contains("automatic-action");
    let deleted = report.disposition.contains("deleted");
    let text = own_text.to_lowercase();
    let says_so = facts.subject.starts_with("rejected:")
        || text.contains("automatically rejected")
        || facts.subject.contains("automatically rejected")
        || text.contains("was refused by");
    if automatic && deleted && says_so {
        return Decided { kind: Kind::Bounce, action: Some(Action::Failed) };
    }
    Decided { kind: Kind::Receipt, action: None }
}

/// Complaints (RFC 5965) and aggregate reports of DMARC and TLS (RFC 9990, RFC 8460).
fn is_abuse_report(parts: &Parts<'_>) -> bool {
    let report_type = parts.content_type.report_type.as_str();
    matches!(report_type, "feedback-report" | "tlsrpt")
        || parts.media_types.iter().any(|media_type| media_type == "message/feedback-report")
        || parts.fields.has("x-xarf")
}

/// Invitations and answers to them (RFC 6047).
fn is_calendar(parts: &Parts<'_>) -> bool {
    parts.media_types.iter().any(|media_type| media_type == "text/calendar")
}

/// Whether a person forwards a mail: some mail programs forward a bounce in line, its report part with it.
fn is_forwarded(facts: &Facts) -> bool {
    let prefix = facts.subject.split(':').next().unwrap_or_default().trim_end();
    !facts.machine
        && matches!(prefix, "fwd" | "fw" | "wg" | "tr" | "rv" | "enc" | "doorst" | "vs" | "vb" | "i")
}

/// Whether the mail tells a postmaster about the mail of others.
pub(super) fn is_postmaster_copy(facts: &Facts) -> bool {
    facts.subject.starts_with("postmaster copy:")
        || facts.subject.starts_with("postmaster notify:")
        || facts.subject.starts_with("postmaster warning:")
}
