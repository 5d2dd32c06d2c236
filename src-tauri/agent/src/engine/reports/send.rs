//! Sends approved reports: each step is in the journal before it is taken.

use std::collections::VecDeque;
use std::sync::PoisonError;

use jiff::tz::TimeZone;
use rules::UnixTime;
use rules::time::{HOUR, MINUTE};
use secrecy::ExposeSecret as _;

use super::super::account::Account;
use super::super::folders::{self, Folders};
use super::super::{EngineError, Shared, blocking};
use super::digest::tell_of_yesterday;
use super::outgoing::{Destination, Ready, composed, file_copy, note_as_own, octets, ready};
use super::queue::{explained, settle, stop_automatic};
use crate::api::Event;
use crate::config::ReportMode;
use crate::imap::Connection;
use crate::report::{Before, Channel, Report, ReportState, priority};
use crate::smtp::{self, Offer, SubmitError, Taken};

/// Random letters of Message-IDs and boundaries.
const RANDOM: usize = 24;
/// Reports sent with one connection to the mailbox.
const AT_ONCE: usize = 20;

/// Sends what is approved and due, within the caps; returns how many were sent. Nothing where reports are switched off, in a
/// dry run, and where somebody sends for this account already.
///
/// # Errors
/// Store or journal cannot be used; what was not sent stays approved.
pub async fn send_approved(shared: &Shared, account: &Account) -> Result<u64, EngineError> {
    if account.dry_run || !account.reports() {
        return Ok(0);
    }
    let Some(_turn) = Turn::take(shared, account) else { return Ok(0) };
    let owned = account.clone();
    let due = blocking(move || {
        settle(&owned)?;
        tell_of_yesterday(&owned, &TimeZone::system())?;
        due(&owned)
    })
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let begun = async {
        let ready = ready(account).await?;
        let mut connection = account.connect().await.map_err(|error| error.to_string())?;
        let found = folders::find(account, &mut connection).await.map_err(|error| error.to_string())?;
        Ok::<_, String>((ready, connection, found))
    };
    let (ready, mut connection, folders) = match begun.await {
        Ok(begun) => begun,
        Err(why) => {
            all_later(account, &due, &why).await?;
            return Ok(0);
        }
    };
    let (mut sent, mut due) = (0, VecDeque::from(due));
    while let Some(report) = due.pop_front() {
        match send_one(account, &mut connection, &folders, &ready, &report).await {
            Ok(Tried::Sent) => sent += 1,
            Ok(Tried::NotSent) => {}
            // Who has refused one for what it holds is not given the others.
            Ok(Tried::Refused) => break,
            // A server that is away, or refuses the password, is not asked twenty times.
            Ok(Tried::Away(why)) => {
                all_later(account, due.make_contiguous(), &why).await?;
                break;
            }
            Err(error @ (EngineError::Store(_) | EngineError::Journal(_) | EngineError::Task(_))) => {
                return Err(error);
            }
            Err(error) => {
                due.push_front(report);
                all_later(account, due.make_contiguous(), &error.to_string()).await?;
                break;
            }
        }
    }
    connection.log_out().await;
    Ok(sent)
}

/// Whose turn it is to send for an account: two at once would send twice.
pub struct Turn<'s> {
    shared: &'s Shared,
    account: String,
}

impl<'s> Turn<'s> {
    /// Takes the turn, unless somebody has it.
    pub fn take(shared: &'s Shared, account: &Account) -> Option<Self> {
        let mut sending = shared.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let account = account.name.clone();
        sending.insert(account.clone()).then_some(Self { shared, account })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.shared.sending.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

/// What became of the try to send one.
enum Tried {
    Sent,
    NotSent,
    /// The server refused it for what it holds.
    Refused,
    /// The server cannot be used just now, and why.
    Away(String),
}

/// The approved reports whose time has come, the most urgent first, within the caps of an hour and a day.
fn due(account: &Account) -> Result<Vec<Report>, EngineError> {
    let now = account.server_now();
    let all = account.store.reports()?;
    let room = account.spamcop.room(&all, now);
    let mut due = Vec::new();
    for report in &all {
        let ripe = matches!(report.state, ReportState::Approved { not_before, .. } if not_before <= now);
        if !ripe || report.account != account.name || !is_wanted(account, report.to.channel()) {
            continue;
        }
        let Some(record) = account.store.record(report.record)? else { continue };
        let urgency = explained(account, &record)?.map_or(u8::MAX, |it| priority(&it.notice));
        due.push((urgency, report.created, report.clone()));
    }
    due.sort_by_key(|(urgency, created, _)| (*urgency, *created));
    let most = usize::try_from(room).unwrap_or(usize::MAX).min(AT_ONCE);
    Ok(due.into_iter().take(most).map(|(_, _, report)| report).collect())
}

/// Whether the user wants reports of this kind to be sent.
pub(super) fn is_wanted(account: &Account, channel: Channel) -> bool {
    match channel {
        Channel::SpamCop => account.spamcop.mode != ReportMode::Off,
        Channel::Operator => account.complaints.operator,
        Channel::Injector => account.complaints.injector,
    }
}

/// Changes the state of a report, unless somebody else has; returns it as it is then, if it was changed.
async fn record_state(
    account: &Account,
    report: &Report,
    state: ReportState,
) -> Result<Option<Report>, EngineError> {
    let (seen, owned, now) = (report.clone(), account.clone(), account.server_now());
    let next = report.with(state, now);
    blocking(move || {
        let changed = match next.state {
            ReportState::Sending { .. } => owned.begin_report(&seen, next.clone(), now)?,
            _ => owned.change_report(Some(&seen), next.clone())?,
        };
        Ok(changed.then_some(next))
    })
    .await
}

/// It is tried again after a while: a few minutes at first, hours later. `handed_over`: its Message-ID, if it was handed over
/// and not taken.
fn again(account: &Account, approved: &ReportState, why: String, handed_over: Option<String>) -> ReportState {
    let (tries, by_user, before) = match approved {
        ReportState::Approved { tries, by_user, before, .. } => (*tries, *by_user, before.clone()),
        _ => (0, false, None),
    };
    let wait = ((5 * MINUTE) << tries.min(5)).min(2 * HOUR);
    ReportState::Approved {
        not_before: account.server_now().plus(wait),
        tries: tries.saturating_add(1),
        why: Some(why),
        by_user,
        before: before.or(handed_over.map(|message_id| Before { message_id, maybe_sent: false })),
    }
}

async fn all_later(account: &Account, reports: &[Report], why: &str) -> Result<(), EngineError> {
    for report in reports {
        later(account, report, why.to_owned()).await?;
    }
    Ok(())
}

async fn later(account: &Account, report: &Report, why: String) -> Result<(), EngineError> {
    let state = again(account, &report.state, why, None);
    record_state(account, report, state).await.map(|_| ())
}

/// Writes down what became of a report that was handed over.
async fn end(account: &Account, report: &Report, state: ReportState) -> Result<(), EngineError> {
    let now = account.server_now();
    let sent = matches!(state, ReportState::Sent { .. } | ReportState::CutOff { .. }).then_some(now);
    let ended = Report { sent: sent.or(report.sent), ..report.with(state, now) };
    let owned = account.clone();
    blocking(move || owned.end_report(ended)).await
}

fn random_letters() -> String {
    use rand::Rng as _;
    let mut random = rand::rng();
    (0..RANDOM).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect()
}

/// Sends one report.
async fn send_one(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    ready: &Ready,
    report: &Report,
) -> Result<Tried, EngineError> {
    let destination = match Destination::of(report, ready) {
        Ok(destination) => destination,
        Err(why) => {
            later(account, report, why.clone()).await?;
            return Ok(Tried::NotSent);
        }
    };
    let Some(notice) = octets(account, connection, folders, report).await? else {
        later(account, report, "the mail is not found in the quarantine just now".to_owned()).await?;
        return Ok(Tried::NotSent);
    };
    let from = account.config.address.clone();
    let before = match &report.state {
        ReportState::Approved { before, .. } => before.clone(),
        _ => None,
    };
    // What is tried again is the same mail: its copy is there, and who gets it twice knows it again.
    let has_copy = before.is_some();
    let message_id = match &before {
        Some(before) => before.message_id.clone(),
        None => format!("{}@{}", random_letters(), from.domain()),
    };
    let made = composed(account, report, notice, (&message_id, &random_letters())).await?;
    let composed = match made {
        Ok(composed) => composed,
        Err(why) => {
            record_state(account, report, ReportState::Refused { why, before }).await?;
            return Ok(Tried::NotSent);
        }
    };
    // Not if that was set only after it was approved.
    let to = destination.address(report.quick && account.spamcop.quick);
    let mail = composed.octets(&to);
    let offer = Offer { from: from.as_str(), to: to.expose_secret(), eight_bit: composed.eight_bit };
    let begun = match smtp::offer(&ready.server, &ready.credentials, &offer).await {
        Ok(offered) => offered.begin().await,
        Err(error) => Err(error),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(error) => {
            let (state, tried) = not_taken(account, report, (error, &destination), None)?;
            record_state(account, report, state).await?;
            return Ok(tried);
        }
    };
    let sending = ReportState::Sending { message_id: message_id.clone() };
    // Unless the user has thought better of it: what is begun and not handed over is not sent.
    let Some(sending) = record_state(account, report, sending).await? else { return Ok(Tried::NotSent) };
    note_as_own(account, &message_id).await?;
    if !has_copy {
        file_copy(account, connection, folders, &composed).await;
    }
    let (state, tried) = match begun.hand_over(&mail).await {
        Taken::Yes => (ReportState::Sent { message_id }, Tried::Sent),
        Taken::Unknown => (ReportState::CutOff { message_id }, Tried::NotSent),
        Taken::No(error) => not_taken(account, report, (error, &destination), Some(message_id))?,
    };
    end(account, &sending, state).await?;
    Ok(tried)
}

/// What becomes of a report that the mail server did not take; `message_id` where it was handed over.
fn not_taken(
    account: &Account,
    approved: &Report,
    (error, destination): (SubmitError, &Destination<'_>),
    message_id: Option<String>,
) -> Result<(ReportState, Tried), EngineError> {
    let text = destination.hidden_in(&error.to_string());
    if error.is_temporary() {
        let away = !matches!(error, SubmitError::Later { .. });
        let tried = if away { Tried::Away(text.clone()) } else { Tried::NotSent };
        return Ok((again(account, &approved.state, text, message_id), tried));
    }
    let refused = matches!(error, SubmitError::Refused { .. });
    if refused && approved.to.channel() == Channel::SpamCop {
        // Providers suspend who sends what looks like spam: no more goes out unless somebody looks.
        stop_automatic(account, true)?;
        let text =
            format!("a report was refused, and no more are sent by themselves until you approve one: {text}");
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    let tried = if refused { Tried::Refused } else { Tried::NotSent };
    let before = match &approved.state {
        ReportState::Approved { before: Some(before), .. } => Some(before.clone()),
        _ => message_id.map(|message_id| Before { message_id, maybe_sent: false }),
    };
    Ok((ReportState::Refused { why: text, before }, tried))
}

/// How long a report can wait still, in seconds.
#[must_use]
pub fn left(report: &Report, now: UnixTime) -> i64 {
    report.expires.since(now).max(0)
}
