//! Which reports there are: made of what was moved, and ended by time.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use rules::profile::Declared;
use rules::time::{DAY, HOUR};
use rules::{Evidence, Kind, UnixTime};

use super::super::account::Account;
use super::super::decide::USERS_WORD;
use super::super::{EngineError, blocking};
use super::answers::bring;
use crate::config::ReportMode;
use crate::journal::{Entry, Explained, Offset};
use crate::report::{
    Addressee, Before, Channel, OwnNetworks, Report, ReportId, ReportState, Subject, WhyNot, may_complain,
    may_report,
};
use crate::store::{Record, RecordId, RecordState};

/// Records read at once.
const PAGE: usize = 500;
/// So long a mail lies in quarantine before it is reported by itself, in seconds: the user, or a late copy, may bring it back.
const AUTOMATIC_AFTER: i64 = 2 * HOUR;

/// What was read of a record's mail, and why it was taken out; none where the journal does not tell.
pub(super) fn explained(account: &Account, record: &Record) -> Result<Option<Box<Explained>>, EngineError> {
    Ok(match account.journal.entry_at(Offset(record.journal_offset))? {
        Some(Entry::Move { record: id, explained, .. }) if id == record.id => Some(explained),
        _ => None,
    })
}

/// What a report about a record's mail would be about, or why there can be none.
pub(super) fn subject_of(
    account: &Account,
    record: &Record,
    channel: Channel,
    now: UnixTime,
) -> Result<Result<Subject, WhyNot>, EngineError> {
    let explained = explained(account, record)?.filter(|_| record.state == RecordState::Moved);
    let Some(explained) = explained else { return Ok(Err(WhyNot::NotBackscatter)) };
    let (notice, arrived, networks) = (&explained.notice, record.internal_date, own_networks(account)?);
    let profile = account.profile();
    Ok(match channel {
        Channel::SpamCop => may_report(notice, arrived, &profile, &networks, now),
        Channel::Operator => may_complain(notice, arrived, &profile, &networks, now, false),
        Channel::Injector => may_complain(notice, arrived, &profile, &networks, now, true),
    })
}

/// The networks of the servers that the accounts use, and of the relays that genuine mail was seen to take.
fn own_networks(account: &Account) -> Result<OwnNetworks, EngineError> {
    let servers = account.store.misc(OWN_ADDRESSES)?;
    let servers: Vec<IpAddr> =
        servers.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
    let declared = account.profile().declared.into_iter().filter_map(|sender| match sender {
        Declared::Relay(address) => Some(address),
        Declared::Id(_) | Declared::Header(_) | Declared::Dkim(_) => None,
    });
    Ok(OwnNetworks::around(servers.into_iter().chain(account.store.known_relays()?).chain(declared)))
}

/// Whether it is known where the accounts' servers are.
fn networks_are_known(account: &Account) -> Result<bool, EngineError> {
    Ok(account.store.misc(OWN_ADDRESSES)?.is_some())
}

/// Where the store keeps the addresses of the accounts' servers.
const OWN_ADDRESSES: &str = "own-addresses";
/// So many are kept; large providers have many, of which each answer names a few.
const MAX_ADDRESSES: usize = 500;
/// A name server is waited for so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Learns where the account's servers are, at most once an hour, and makes reports of what was moved. What goes wrong with
/// that keeps nothing else from going on.
pub async fn learn_and_fill(account: &Account) {
    if !account.reports() {
        return;
    }
    let made = async {
        learn_addresses(account).await?;
        let owned = account.clone();
        blocking(move || fill(&owned)).await
    };
    if let Err(error) = made.await {
        tracing::warn!("reports could not be made: {error}");
    }
}

/// Learns the addresses of the account's servers, as its connections find them; without an answer nothing is learned.
async fn learn_addresses(account: &Account) -> Result<(), EngineError> {
    let (now, mark) = (account.wall.now(), format!("{OWN_ADDRESSES}-at-{}", account.id.0));
    let (store, of) = (account.store.clone(), mark.clone());
    let last = blocking(move || Ok(store.misc(&of)?)).await?;
    let last = last.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
    if last.is_some_and(|last| (0..HOUR).contains(&now.0.saturating_sub(last))) {
        return Ok(());
    }
    let servers = std::iter::once(&account.config.imap).chain(account.config.smtp.as_ref());
    let mut found = Vec::new();
    for server in servers {
        let asked =
            tokio::time::timeout(PATIENCE, tokio::net::lookup_host((server.host.as_str(), server.port)));
        if let Ok(Ok(addresses)) = asked.await {
            found.extend(addresses.map(|address| address.ip().to_canonical()));
        }
    }
    let store = account.store.clone();
    blocking(move || {
        let known = store.misc(OWN_ADDRESSES)?;
        let known: Vec<IpAddr> =
            known.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        // Nobody answered: it is asked again with the next round.
        if found.is_empty() {
            return Ok(());
        }
        // Those found last come first where there are too many.
        let all: Vec<IpAddr> = found.into_iter().chain(known.iter().copied()).collect();
        let all: BTreeSet<IpAddr> = all.into_iter().take(MAX_ADDRESSES).collect();
        if all != known.iter().copied().collect() {
            store.set_misc(OWN_ADDRESSES, &serde_json::to_vec(&all).unwrap_or_default())?;
        }
        Ok(store.set_misc(&mark, &now.0.to_be_bytes())?)
    })
    .await
}

/// A new report about a record's mail.
pub(super) fn new_report(
    account: &Account,
    record: &Record,
    to: Addressee,
    subject: &Subject,
    now: UnixTime,
) -> Report {
    Report {
        record: record.id,
        account: account.name.clone(),
        to,
        state: ReportState::Waiting { held: false },
        changed: now,
        created: now,
        expires: subject.expires,
        sent: None,
        by_itself: false,
        quick: false,
        others: 0,
    }
}

/// Makes reports of what was moved since this was last done: one for each server, kind and day; the others are counted.
///
/// # Errors
/// Store or journal cannot be used.
fn fill(account: &Account) -> Result<(), EngineError> {
    if account.spamcop.mode == ReportMode::Off {
        return Ok(());
    }
    let (mark, now) = (format!("reports-{}", account.id.0), account.server_now());
    let done = account.store.misc(&mark)?.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
    let mut after = done.map(RecordId);
    loop {
        let page = account.store.records(account.id, after, PAGE)?;
        let (before, mut made) = (after, BTreeMap::new());
        for record in &page {
            // It is looked at again when its move is settled.
            if record.state == RecordState::Moving {
                break;
            }
            after = Some(record.id);
            if let Ok(subject) = subject_of(account, record, Channel::SpamCop, now)? {
                add(account, &mut made, record, &subject, now)?;
            }
        }
        account.make_reports(made.into_values())?;
        if after == before {
            return Ok(());
        }
        if let Some(RecordId(last)) = after {
            account.store.set_misc(&mark, &last.to_be_bytes())?;
        }
    }
}

/// Adds a record's report to those that are made, or counts it for the one that speaks for its server, kind and day.
fn add(
    account: &Account,
    made: &mut BTreeMap<RecordId, Report>,
    record: &Record,
    subject: &Subject,
    now: UnixTime,
) -> Result<(), EngineError> {
    if let Some(known) = account.store.report(ReportId::to_spamcop(record.id))? {
        // After the loss of the index it speaks for the others again.
        if !came_to_nothing(&known) {
            speakers(account, record, subject)?;
        }
        return Ok(());
    }
    let speaks = match speakers(account, record, subject)? {
        Speakers::This => {
            made.insert(record.id, new_report(account, record, Addressee::SpamCop, subject, now));
            return Ok(());
        }
        Speakers::Others(speaks) => speaks,
    };
    // The power went before the report was made of the one that was to speak.
    if !made.contains_key(&speaks) && account.store.report(ReportId::to_spamcop(speaks))?.is_none() {
        account.store.forget_speaker(speaks)?;
        if let Speakers::This = speakers(account, record, subject)? {
            made.insert(record.id, new_report(account, record, Addressee::SpamCop, subject, now));
            return Ok(());
        }
    }
    if let Some(report) = made.get_mut(&speaks) {
        report.others = report.others.saturating_add(1);
    } else {
        account.count_for_report(ReportId::to_spamcop(speaks))?;
    }
    Ok(())
}

/// Whose report speaks for a mail.
enum Speakers {
    /// Its own.
    This,
    /// That of this record; so many as may have one have one.
    Others(RecordId),
}

/// What mails have in common of which one report speaks: server, kind and day.
fn about(subject: &Subject) -> String {
    let day = subject.received.0.div_euclid(DAY);
    format!("{} {:?} {day}", subject.address.to_canonical(), subject.kind)
}

/// Finds whose report speaks for a record; where there is room for one more, its own does from now on.
fn speakers(account: &Account, record: &Record, subject: &Subject) -> Result<Speakers, EngineError> {
    let about = about(subject);
    let first = account.store.speaks_for(&about, record.id)?;
    let mut speaks = first;
    for slot in 1..account.spamcop.per_server {
        if speaks == record.id {
            break;
        }
        speaks = account.store.speaks_for(&format!("{about} {slot}"), record.id)?;
    }
    Ok(if speaks == record.id { Speakers::This } else { Speakers::Others(first) })
}

/// Whether nothing was sent of a report, nor will be.
fn came_to_nothing(report: &Report) -> bool {
    matches!(report.state, ReportState::Refused { before: None, .. } | ReportState::Withdrawn)
}

/// Where the report of a server came to nothing, the next of its mails has its turn.
fn pass_on(account: &Account, report: &Report, now: UnixTime) -> Result<(), EngineError> {
    let heir = heir(account, report, now)?;
    account.pass_on(report.id())?;
    let Some((record, subject)) = heir else { return Ok(()) };
    if let Speakers::This = speakers(account, &record, &subject)? {
        let made = new_report(account, &record, Addressee::SpamCop, &subject, now);
        // Whoever is putting mail back may be about to put this one back as well: it goes on their word alone.
        let state = ReportState::Waiting { held: report.state == ReportState::Withdrawn };
        let others = report.others.saturating_sub(1);
        account.make_reports(std::iter::once(Report { state, others, ..made }))?;
    }
    Ok(())
}

/// The next mail that was counted for a report and can be reported itself.
fn heir(account: &Account, report: &Report, now: UnixTime) -> Result<Option<(Record, Subject)>, EngineError> {
    let Some(record) = account.store.record(report.record)? else { return Ok(None) };
    let Some(explained) = explained(account, &record)? else { return Ok(None) };
    let networks = own_networks(account)?;
    let of = may_report(&explained.notice, record.internal_date, &account.profile(), &networks, now);
    let Ok(of) = of else { return Ok(None) };
    let mut after = Some(record.id);
    loop {
        let page = account.store.records(account.id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(None) };
        after = Some(last.id);
        for record in page {
            let Ok(subject) = subject_of(account, &record, Channel::SpamCop, now)? else { continue };
            let same = about(&subject) == about(&of);
            if same && account.store.report(ReportId::to_spamcop(record.id))?.is_none() {
                return Ok(Some((record, subject)));
            }
        }
    }
}

/// Ends what time or a restore has ended, marks what was cut off, and approves what may be sent by itself.
///
/// Nothing of the account may be being sent meanwhile.
///
/// # Errors
/// Store or journal cannot be used.
pub fn settle(account: &Account) -> Result<(), EngineError> {
    bring(account)?;
    let now = account.server_now();
    let by_itself = account.spamcop.mode == ReportMode::Automatic && !automatic_is_stopped(account)?;
    for report in account.store.reports()?.into_iter().filter(|report| report.account == account.name) {
        let record = account.store.record(report.record)?;
        let there = record.as_ref().is_some_and(|record| record.state == RecordState::Moved);
        let next = match &report.state {
            ReportState::Sending { message_id } => {
                Some(ReportState::CutOff { message_id: message_id.clone() })
            }
            ReportState::Approved { before: Some(Before { message_id, maybe_sent: true }), .. }
                if !there || now >= report.expires =>
            {
                Some(ReportState::CutOff { message_id: message_id.clone() })
            }
            state if state.is_pending() && !there => Some(ReportState::Withdrawn),
            state if state.is_pending() && now >= report.expires => Some(ReportState::Expired {
                why: match state {
                    ReportState::Approved { why, .. } => why.clone(),
                    _ => None,
                },
            }),
            // SpamCop takes no confirmation after that; whether one who saw the page confirmed there is not known here.
            ReportState::NeedsConfirmation { opened: None, .. } if now >= report.expires => {
                Some(ReportState::Expired { why: None })
            }
            ReportState::Waiting { held: false } if by_itself => {
                let sure = record.as_ref().map(|record| is_sure(account, record, now)).transpose()?;
                (sure == Some(true)).then(|| ReportState::approved(now, false))
            }
            // What was to go by itself waits where that is not wanted any more.
            ReportState::Approved { by_user: false, .. } if !by_itself => {
                Some(ReportState::Waiting { held: false })
            }
            _ => None,
        };
        if let Some(state) = next {
            let by_itself = match state {
                ReportState::Approved { by_user: false, .. } => true,
                ReportState::Waiting { .. } => false,
                _ => report.by_itself,
            };
            // What was cut off was handed over about when that began.
            let sent = report.sent.or((state.name() == "cut_off").then_some(report.changed));
            account.change_report(Some(&report), Report { by_itself, sent, ..report.with(state, now) })?;
        } else if report.others > 0 && report.to.channel() == Channel::SpamCop && came_to_nothing(&report) {
            pass_on(account, &report, now)?;
        }
    }
    Ok(())
}

/// Whether a mail may be reported without the user's word: only what more than a missing id has condemned, bounces and
/// challenges alone, and nothing that came into quarantine just now.
fn is_sure(account: &Account, record: &Record, now: UnixTime) -> Result<bool, EngineError> {
    if now.since(record.moved_at) < AUTOMATIC_AFTER {
        return Ok(false);
    }
    // Not as long as it is unknown which networks are the user's own, nor what has turned out to be theirs since.
    if !networks_are_known(account)? || subject_of(account, record, Channel::SpamCop, now)?.is_err() {
        return Ok(false);
    }
    let Some(explained) = explained(account, record)? else { return Ok(false) };
    let proof = |fact: &Evidence| matches!(&*fact.rule, "storm" | "spf");
    if explained.rule == USERS_WORD {
        return Ok(false);
    }
    let proved = explained.rule == "made_up" || explained.evidence.iter().any(proof);
    Ok(proved && matches!(explained.notice.kind, Kind::Bounce | Kind::Challenge))
}

/// What stands for it that no more is sent by itself: the mail server refused a report for what it holds.
const STOPPED: &str = "reports-stopped";

/// Whether nothing is sent by itself any more until the user approves a report again.
fn automatic_is_stopped(account: &Account) -> Result<bool, EngineError> {
    Ok(account.store.misc(STOPPED)?.is_some_and(|stopped| !stopped.is_empty()))
}

/// Stops, or starts again, sending by itself.
pub(super) fn stop_automatic(account: &Account, stopped: bool) -> Result<(), EngineError> {
    Ok(account.store.set_misc(STOPPED, if stopped { b"1" } else { b"" })?)
}
