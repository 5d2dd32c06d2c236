//! What is printed of a mail: one JSON object a line, or a few lines for people.

use std::{io::Write, net::IpAddr, path::Path};

use rules::chain::{self, Chain};
use rules::{
    Action, Address, Evidence, Judgement, MessageId, Notice, Profile, Reason, Returned, Says, Verdict,
    notice::Host,
};
use serde::Serialize;

use crate::{api::VerdictName, cli::output::plain};

/// One mail as JSON; every key is always there, in this order.
#[derive(Debug, Default, Serialize)]
pub struct Line<'a> {
    path: String,
    index: u64,
    kind: Option<String>,
    action: Option<Action>,
    reason: Option<Reason>,
    status: Option<String>,
    recipients: Option<Vec<RecipientLine<'a>>>,
    original: Option<OriginalLine<'a>>,
    reported_by: Option<&'a Host>,
    injected_by: Option<InjectorLine>,
    verdict: Option<&'static str>,
    undecided: Option<UndecidedLine>,
    evidence: Option<Vec<EvidenceLine<'a>>>,
    error: Option<&'a str>,
}

/// A fact in a sentence; what stands behind it is shown by `quarantine show`.
#[derive(Debug, Serialize)]
struct EvidenceLine<'a> {
    rule: &'a str,
    says: Says,
    text: &'a str,
}

fn lines(evidence: &[Evidence]) -> Vec<EvidenceLine<'_>> {
    evidence.iter().map(|fact| EvidenceLine { rule: &fact.rule, says: fact.says, text: &fact.text }).collect()
}

#[derive(Debug, Serialize)]
struct RecipientLine<'a> {
    address: &'a Address,
    action: Option<Action>,
    status: Option<String>,
    reason: Option<Reason>,
}

#[derive(Debug, Serialize)]
struct OriginalLine<'a> {
    message_id: Option<&'a MessageId>,
    message_ids: &'a [MessageId],
    from: Option<&'a Address>,
    to: &'a [Address],
    subject: Option<&'a str>,
    date: Option<String>,
    returned: Returned,
}

#[derive(Debug, Serialize)]
struct InjectorLine {
    ip: Option<IpAddr>,
    helo: Option<String>,
    rdns: Option<String>,
    forged_from_hop: Option<usize>,
}

impl InjectorLine {
    fn of(chain: Chain) -> Self {
        let Chain { injector, broken, .. } = chain;
        let forged_from_hop = broken.map(|broken| broken.at);
        Self { ip: injector.ip, helo: injector.helo, rdns: injector.rdns, forged_from_hop }
    }
}

#[derive(Debug, Serialize)]
struct UndecidedLine {
    why: &'static str,
    until: Option<String>,
}

impl<'a> Line<'a> {
    /// A mail that is no notice.
    pub fn ordinary(path: &Path, index: u64) -> Self {
        Self {
            path: path.display().to_string(),
            index,
            kind: Some("ordinary".to_owned()),
            recipients: Some(Vec::new()),
            verdict: Some(VerdictName::Ordinary.as_str()),
            evidence: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// A mail that cannot be parsed: it may be a notice or not, and is left alone.
    pub fn unreadable(path: &Path, index: u64, why: &'a [Evidence]) -> Self {
        Self {
            verdict: Some(VerdictName::Undecided.as_str()),
            undecided: Some(UndecidedLine { why: "unreadable", until: None }),
            evidence: Some(lines(why)),
            ..Self::ordinary(path, index)
        }
    }

    /// A notice and what is said of it.
    pub fn notice(
        path: &Path,
        index: u64,
        notice: &'a Notice,
        judgement: &'a Judgement,
        profile: &Profile,
    ) -> Self {
        let chain = chain::follow(notice, profile);
        let recipients = notice.recipients.iter().map(|recipient| RecipientLine {
            address: &recipient.address,
            action: recipient.action,
            status: recipient.status.map(|status| status.to_string()),
            reason: recipient.reason,
        });
        let original = notice.original.as_ref().map(|original| OriginalLine {
            message_id: original.message_id.as_ref().or(original.standing_id.as_ref()),
            message_ids: &original.ids,
            from: original.from.as_ref(),
            to: &original.to,
            subject: original.subject.as_deref(),
            date: original.date.map(|date| date.to_string()),
            returned: original.returned,
        });
        let undecided = match &judgement.verdict {
            Verdict::Undecided(why) => {
                Some(UndecidedLine { why: why.key(), until: judgement.recheck_at.map(|at| at.to_string()) })
            }
            Verdict::Genuine(_) | Verdict::Backscatter(_) | Verdict::Misused => None,
        };
        Self {
            path: path.display().to_string(),
            index,
            kind: Some(kind_name(notice)),
            action: notice.action,
            reason: notice.reason,
            status: notice.status.map(|status| status.to_string()),
            recipients: Some(recipients.collect()),
            original,
            reported_by: notice.reported_by.as_ref(),
            injected_by: chain.map(InjectorLine::of),
            verdict: Some(VerdictName::of(&judgement.verdict).as_str()),
            undecided,
            evidence: Some(lines(&judgement.evidence)),
            error: None,
        }
    }

    /// A file that could not be read: all keys but path and index are null.
    pub fn failed(path: &Path, index: u64, error: &'a str) -> Self {
        Self { path: path.display().to_string(), index, error: Some(error), ..Self::default() }
    }

    /// What is said of it; nothing where it could not be read.
    pub fn verdict(&self) -> Option<&'static str> {
        self.verdict
    }

    /// Writes it for people: the verdict, then why.
    pub fn write_plain(&self, out: &mut impl Write) -> std::io::Result<()> {
        let path = plain(&self.path, 400);
        let place = if self.index == 0 { path } else { format!("{path} (mail {})", self.index) };
        match (self.error, self.verdict) {
            (Some(error), _) => writeln!(out, "{:<12}  {place}: {error}", "failed"),
            (None, verdict) => {
                let kind = self.kind.as_deref().unwrap_or_default();
                writeln!(out, "{:<12}  {kind:<13}  {place}", verdict.unwrap_or_default())?;
                for evidence in self.evidence.iter().flatten() {
                    writeln!(out, "              {}", plain(evidence.text, 1_000))?;
                }
                Ok(())
            }
        }
    }
}

/// The kind as JSON writes it.
fn kind_name(notice: &Notice) -> String {
    match serde_json::to_value(notice.kind) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
