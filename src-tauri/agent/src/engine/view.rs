//! What the store and the journal know, as the API shows it.

use std::sync::PoisonError;

use rules::sentence::{Argument, Spoken, Told};
use rules::{Notice, Profile, UnixTime, Verdict, Why, chain};

use super::account::Account;
use super::lists::name_of;
use super::{EngineError, Shared};
use crate::api::{self, Event, HopView, OriginalView, RecipientView, RecordView, Trust, VerdictName};
use crate::journal::{Entry, Offset};
use crate::report::{Channel, ReportId};
use crate::sentences;
use crate::store::{MailKey, OpenNotice, Record, RecordId, RecordState};

/// The name of a quarantine record.
#[must_use]
pub fn record_name(id: RecordId) -> api::RecordId {
    api::RecordId(format!("q{}", id.0))
}

/// The quarantine record of a name.
#[must_use]
pub fn record_id(name: &api::RecordId) -> Option<RecordId> {
    name.0.strip_prefix('q')?.parse().ok().map(RecordId)
}

/// The name of a report: that of its record, with whom it is to behind it unless that is SpamCop.
#[must_use]
pub fn report_name(id: ReportId) -> api::RecordId {
    let record = record_name(id.record).0;
    match id.channel {
        Channel::SpamCop => api::RecordId(record),
        channel => api::RecordId(format!("{record}/{}", channel.name())),
    }
}

/// The report of a name.
#[must_use]
pub fn report_id(name: &api::RecordId) -> Option<ReportId> {
    let (record, channel) = name.0.split_once('/').unwrap_or((&name.0, Channel::SpamCop.name()));
    let channel = Channel::ALL.into_iter().find(|known| known.name() == channel)?;
    Some(ReportId { record: record_id(&api::RecordId(record.to_owned()))?, channel })
}

/// The name of an open notice: it lasts as long as the notice is open.
#[must_use]
pub fn open_name(key: &MailKey) -> api::RecordId {
    api::RecordId(format!("u{}-{}-{}", key.folder.0, key.uid_validity, key.uid))
}

/// The open notice of a name.
#[must_use]
pub fn open_key(name: &api::RecordId) -> Option<MailKey> {
    let mut parts = name.0.strip_prefix('u')?.splitn(3, '-');
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (folder, uid_validity, uid) = (number()?, number()?, number()?);
    Some(MailKey { folder: crate::store::FolderId(folder), uid_validity, uid })
}

/// A quarantined mail as the API shows it; none while its move is under way.
///
/// # Errors
/// The journal cannot be read.
pub fn of_record(
    shared: &Shared,
    account: &str,
    record: &Record,
    with_evidence: bool,
) -> Result<Option<RecordView>, EngineError> {
    let state = match record.state {
        RecordState::Moving => return Ok(None),
        RecordState::Moved | RecordState::Restoring => api::RecordState::Quarantined,
        RecordState::Restored | RecordState::PutBack => api::RecordState::Restored,
        RecordState::Rescued => api::RecordState::Rescued,
        RecordState::Purged => api::RecordState::Purged,
        RecordState::Gone => api::RecordState::Gone,
    };
    let entry = shared.journal.entry_at(Offset(record.journal_offset))?;
    let Some(Entry::Move { record: id, home, explained, .. }) = entry else { return Ok(None) };
    if id != record.id {
        return Ok(None);
    }
    let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
    let shown = Shown::of(&explained.notice, &profile, with_evidence);
    let evidence = explained.evidence;
    let (sentence, told) = sentence(&explained.rule, None, &evidence);
    Ok(Some(RecordView {
        id: record_name(record.id),
        account: account.to_owned(),
        folder: home.display(),
        from: explained.notice.outer.from.as_ref().map(ToString::to_string),
        subject: explained.notice.outer.subject.clone(),
        arrived: record.internal_date,
        kind: explained.notice.kind,
        verdict: VerdictName::Backscatter,
        why: None,
        sentence,
        told,
        rule: explained.rule,
        original: original(&explained.notice),
        recipients: shown.recipients,
        hops: shown.hops,
        server: shown.server,
        size: Some(record.size),
        evidence: if with_evidence { evidence } else { Vec::new() },
        moved_at: Some(record.moved_at),
        until: None,
        state,
    }))
}

/// An open notice as the API shows it; none before it was first judged.
#[must_use]
pub fn of_open(account: &Account, open: &OpenNotice, with_evidence: bool) -> Option<RecordView> {
    let last = open.last.as_ref()?;
    let verdict = VerdictName::from_word(&last.verdict);
    let folder = account.store.folder_name(open.key.folder).map(|name| name.display()).unwrap_or_default();
    let shown = Shown::of(&open.notice, &account.profile(), with_evidence);
    let (sentence, told) = sentence(&last.rule, last.why.as_ref(), &last.evidence);
    Some(RecordView {
        id: open_name(&open.key),
        account: account.name.clone(),
        folder,
        from: open.notice.outer.from.as_ref().map(ToString::to_string),
        subject: open.notice.outer.subject.clone(),
        arrived: open.internal_date,
        kind: open.notice.kind,
        verdict,
        rule: last.rule.clone(),
        why: last.why.as_ref().map(|why| why.key().to_owned()),
        sentence,
        told,
        original: original(&open.notice),
        recipients: shown.recipients,
        hops: shown.hops,
        server: shown.server,
        size: Some(open.size),
        evidence: if with_evidence { last.evidence.clone() } else { Vec::new() },
        moved_at: None,
        until: last.recheck_at,
        state: match verdict {
            VerdictName::Backscatter => api::RecordState::Judged,
            _ => api::RecordState::Undecided,
        },
    })
}

/// The event of a notice being judged.
#[must_use]
pub fn judged(
    account: &Account,
    open: &OpenNotice,
    verdict: &Verdict,
    rule: &str,
    evidence: &[rules::Evidence],
) -> Event {
    let why = match verdict {
        Verdict::Undecided(why) => Some(why),
        Verdict::Genuine(_) | Verdict::Backscatter(_) | Verdict::Misused => None,
    };
    Event::Judged {
        account: account.name.clone(),
        verdict: VerdictName::of(verdict),
        rule: rule.to_owned(),
        kind: open.notice.kind,
        id: Some(open_name(&open.key)),
        from: open.notice.outer.from.as_ref().map(ToString::to_string),
        subject: open.notice.outer.subject.clone(),
        sentence: sentence(rule, why, evidence).0,
    }
}

/// The deciding fact in one sentence, in English and for other languages: what holds an undecided one back, else what the rule
/// itself says.
fn sentence(rule: &str, why: Option<&Why>, evidence: &[rules::Evidence]) -> (String, Option<Told>) {
    let rule = why.map_or(rule, |why| why.told_by());
    let deciding = evidence.iter().find(|fact| fact.rule == rule).or(evidence.first());
    deciding.map(|fact| (fact.text.clone(), fact.told.clone())).unwrap_or_default()
}

/// What is shown of a notice beside its original.
struct Shown {
    server: Option<String>,
    recipients: Vec<RecipientView>,
    hops: Vec<HopView>,
}

impl Shown {
    fn of(notice: &Notice, profile: &Profile, whole: bool) -> Self {
        let server = chain::backscatterer(notice, profile).map(|host| match (&host.name, host.ip) {
            (Some(name), Some(ip)) => format!("{name} [{}]", ip.to_canonical()),
            _ => name_of(&host),
        });
        if !whole {
            return Self { server, recipients: Vec::new(), hops: Vec::new() };
        }
        let recipient = |one: &rules::Recipient| RecipientView {
            address: one.address.to_string(),
            status: one.status.map(|status| status.to_string()),
            reason: one.reason,
        };
        Self {
            server,
            recipients: notice.recipients.iter().map(recipient).collect(),
            hops: hops(notice, profile),
        }
    }
}

/// The way of an original by its returned trace: only the topmost line is evidence, and only if the server that sent the
/// notice wrote it; what does not fit together was invented from there on.
fn hops(notice: &Notice, profile: &Profile) -> Vec<HopView> {
    let Some(original) = &notice.original else { return Vec::new() };
    let chain = chain::follow(notice, profile);
    let broken = chain.as_ref().and_then(|chain| chain.broken.as_ref()).map(|broken| broken.at);
    let by_the_reporter = chain.is_some_and(|chain| chain.by_the_reporter);
    let trust = |at: usize| match broken {
        _ if at == 0 && by_the_reporter => Trust::Reporter,
        Some(broken) if at == broken => Trust::Breaks,
        Some(broken) if at > broken => Trust::Below,
        _ => Trust::Follows,
    };
    let lines = original.trace.iter().enumerate();
    lines
        .map(|(at, line)| HopView {
            helo: line.helo.clone(),
            host: line.rdns.clone(),
            ip: line.from_ip,
            by: line.by.clone(),
            date: line.date.map(|date| date.to_string()),
            trust: trust(at),
        })
        .collect()
}

fn original(notice: &Notice) -> Option<OriginalView> {
    let original = notice.original.as_ref()?;
    Some(OriginalView {
        message_id: original.message_id.as_ref().or(original.standing_id.as_ref()).map(ToString::to_string),
        from: original.from.as_ref().map(ToString::to_string),
        to: original.to.iter().map(ToString::to_string).collect(),
        subject: original.subject.clone(),
        date: original.date.map(|date| date.to_string()),
    })
}

/// How far an account's index proves what was never sent, in a sentence.
#[must_use]
pub fn coverage_sentence(coverage: &rules::Coverage, now: UnixTime) -> Spoken {
    let Some(from) = coverage.from else { return sentences::COVERAGE_NONE.tell([]) };
    let from = Argument::time(from);
    let minutes = now.since(coverage.refreshed).max(0) / rules::time::MINUTE;
    let minutes = Argument::Number(minutes.unsigned_abs());
    match coverage.holes.len() {
        0 => sentences::COVERAGE_WHOLE.tell([from, minutes]),
        1 => sentences::COVERAGE_HOLE.tell([from, minutes]),
        holes => sentences::COVERAGE_HOLES.tell([from, Argument::Number(holes as u64), minutes]),
    }
}
