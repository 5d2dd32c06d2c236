//! Which kind of notice a mail is.

use super::{
    facts::Facts,
    parts::{Part, Parts},
    recognisers::{About, Concludes, Recognised, Recognisers},
    report::Report,
    rule_file::Confidence,
    status::Wording,
};
use crate::{Action, Kind};

/// What a mail was decided to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decided<'r> {
    /// The kind.
    pub kind: Kind,
    /// The action that a rule told of.
    pub action: Option<Action>,
    /// The rule that decided, or what of the mail's structure did.
    pub by: &'r str,
    /// Whether it would be the same without the rules that are not sure.
    pub sure: bool,
}

impl<'r> Decided<'r> {
    fn by_structure(kind: Kind, by: &'r str) -> Self {
        Self { kind, action: None, by, sure: true }
    }

    fn by_rule(kind: Kind, rule: Recognised<'r>) -> Self {
        Self { kind, action: rule.action, by: rule.id, sure: true }
    }
}

/// Decides; none for ordinary mail.
pub(super) fn decide<'r>(
    rules: &'r Recognisers,
    parts: &Parts<'_>,
    facts: &Facts,
    report: &Report,
    own_text: &Wording<'_>,
) -> Option<Decided<'r>> {
    // What a report shows is not asked of its text again.
    let reported = is_reported(parts, facts, report);
    let by_phrase = |concludes: Concludes| !reported || is_asked_before_the_report(concludes);
    let all = rules.of_mail(&facts.candidates, &parts.media_types, own_text, by_phrase);
    let decided = by(&all, facts.automatic_subject.is_some(), parts, facts, report, own_text)?;
    let sure: Vec<Recognised<'_>> = all.iter().copied().filter(|rule| rule.sure).collect();
    let surely_automatic = facts.automatic_subject == Some(Confidence::High);
    let same = || {
        let surely = by(&sure, surely_automatic, parts, facts, report, own_text);
        surely.is_some_and(|surely| surely.kind == decided.kind)
    };
    let all_sure = sure.len() == all.len() && surely_automatic == facts.automatic_subject.is_some();
    Some(Decided { sure: all_sure || same(), ..decided })
}

fn by<'r>(
    rules: &[Recognised<'r>],
    automatic_subject: bool,
    parts: &Parts<'_>,
    facts: &Facts,
    report: &Report,
    own_text: &Wording<'_>,
) -> Option<Decided<'r>> {
    let by_rule = |concludes: Concludes| rules.iter().copied().find(|rule| rule.concludes == concludes);
    if by_rule(Concludes::Ordinary).is_some() {
        return None;
    }
    if is_abuse_report(parts) {
        return Some(Decided::by_structure(Kind::AbuseReport, "feedback_report"));
    }
    if let Some(rule) = by_rule(Concludes::AbuseReport) {
        return Some(Decided::by_rule(Kind::AbuseReport, rule));
    }
    let has = |wanted: fn(&Part<'_>) -> bool| parts.list.iter().any(wanted);
    if has(|part| part.is_disposition()) && report.valid {
        return Some(disposition(facts, report, own_text.text));
    }
    if let Some(rule) = by_rule(Concludes::Receipt) {
        return Some(Decided::by_rule(Kind::Receipt, rule));
    }
    // A filter's challenge or virus notice may come as a delivery report, too.
    for concludes in [Concludes::Challenge, Concludes::VirusNotice] {
        if let Some(rule) = by_rule(concludes) {
            return Some(Decided::by_rule(concludes.kind()?, rule));
        }
    }
    if is_reported(parts, facts, report) {
        return Some(Decided::by_structure(Kind::Bounce, "delivery_report"));
    }
    if parts.content_type.media_type == "multipart/report"
        && parts.content_type.report_type == "delivery-status"
        && facts.machine
    {
        let action = by_rule(Concludes::Bounce).and_then(|rule| rule.action);
        return Some(Decided { action, ..Decided::by_structure(Kind::Bounce, "delivery_report") });
    }
    if is_calendar(parts) {
        return None;
    }
    // With a null sender a list server can only be answering: posts go out under an address of the list.
    if facts.list_server && facts.null_sender && by_rule(Concludes::ListNotice).is_none() {
        return Some(Decided::by_structure(Kind::ListNotice, "list_server_sender"));
    }
    for concludes in [Concludes::ListNotice, Concludes::Bounce, Concludes::AutoReply] {
        if let Some(rule) = by_rule(concludes) {
            return Some(Decided::by_rule(concludes.kind()?, rule));
        }
    }
    // A mail server that returns a mail, whatever its language.
    let returns = parts.list.iter().skip(1).any(|part| part.is_returned_mail() || part.is_returned_header());
    if returns && (facts.daemon && !facts.list || facts.null_sender) {
        return Some(Decided::by_structure(Kind::Bounce, "returned_mail"));
    }
    // A short prefix ("Auto:", "Away:") can begin a person's subject.
    let surely_prefix = facts.subject.split(':').next().is_some_and(|prefix| prefix.len() >= 9);
    if automatic_subject && !facts.list && (surely_prefix || facts.machine || facts.answers) {
        return Some(Decided::by_structure(Kind::AutoReply, "automatic_subject"));
    }
    (facts.daemon && facts.null_sender).then(|| Decided::by_structure(Kind::Bounce, "server_sender"))
}

/// Whether a delivery report shows the mail to be a bounce.
fn is_reported(parts: &Parts<'_>, facts: &Facts, report: &Report) -> bool {
    report.valid && parts.list.iter().any(Part::is_delivery_status) && !is_forwarded(facts)
}

/// Whether a phrase can say more than a delivery report: by its text alone, a report that tells of a virus is the bounce
/// of the server before the filter.
fn is_asked_before_the_report(concludes: Concludes) -> bool {
    matches!(concludes, Concludes::Ordinary | Concludes::AbuseReport | Concludes::Receipt)
}

/// What is told of the ways in which a mail's structure shows it to be a notice, as of rules.
#[must_use]
pub fn by_structure() -> Vec<About> {
    let about = |id: &str, kind: Concludes, what: &str, source: &str| About {
        id: id.to_owned(),
        what: what.to_owned(),
        source: source.to_owned(),
        file: None,
        concludes: kind.name(),
        sure: true,
    };
    vec![
        about(
            "feedback_report",
            Concludes::AbuseReport,
            "reports of the type made for complaints",
            "RFC 5965, RFC 8460",
        ),
        about(
            "disposition",
            Concludes::Receipt,
            "receipts, and rejections in their form",
            "RFC 8098, RFC 5429 §2.1.2",
        ),
        about("delivery_report", Concludes::Bounce, "delivery reports", "RFC 3464, RFC 6533"),
        about(
            "list_server_sender",
            Concludes::ListNotice,
            "a list server's mail with a null sender",
            "RFC 5321 §4.5.5",
        ),
        about("returned_mail", Concludes::Bounce, "a mail server's mail that returns another", "RFC 3834 §4"),
        about(
            "server_sender",
            Concludes::Bounce,
            "a mail server's mail with a null sender",
            "RFC 5321 §4.5.5",
        ),
        about(
            "automatic_subject",
            Concludes::AutoReply,
            "a Subject with a prefix of automatic replies",
            "RFC 3834 §3.1.5",
        ),
    ]
}

/// A disposition report: a receipt, or the rejection that Sieve and Dovecot send in this form (RFC 5429 §2.1.2).
fn disposition<'r>(facts: &Facts, report: &Report, own_text: &str) -> Decided<'r> {
    let automatic = report.disposition.contains("automatic-action");
    let deleted = report.disposition.contains("deleted");
    let text = own_text.to_lowercase();
    let says_so = facts.subject.starts_with("rejected:")
        || text.contains("automatically rejected")
        || facts.subject.contains("automatically rejected")
        || text.contains("was refused by");
    if automatic && deleted && says_so {
        let action = Some(Action::Failed);
        return Decided { action, ..Decided::by_structure(Kind::Bounce, "disposition") };
    }
    Decided::by_structure(Kind::Receipt, "disposition")
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
