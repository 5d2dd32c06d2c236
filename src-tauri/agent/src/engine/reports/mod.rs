//! Reports: made of what is moved, shown, ordered by the user, sent.

mod queue;
mod send;

use std::sync::Arc;
use std::time::Duration;

use rules::UnixTime;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::view::{record_id, record_name};
use super::{Engine, EngineError, Shared, blocking};
use crate::api::{self, Changed, Event, Failed, ReportShown, ReportView};
use crate::config::ReportMode;
use crate::report::{Order, Report, ReportState};
use crate::store::Record;

pub use queue::fill;
use queue::{explained, new_report, settle, stop_automatic, subject_of};
use send::{Turn, left, send_approved};

/// Approved reports are looked for so often.
const EVERY: Duration = Duration::from_secs(60);

/// Sends an account's approved reports, again and again.
pub async fn keep_sending(shared: Arc<Shared>, account: Account, stop: CancellationToken) {
    if account.spamcop.mode == ReportMode::Off {
        // The agent begins anew when one of its tasks ends.
        return stop.cancelled().await;
    }
    loop {
        let sent = tokio::select! {
            sent = send_approved(&shared, &account) => sent,
            () = stop.cancelled() => return,
        };
        if let Err(error) = sent {
            account.tell(Event::Error { account: Some(account.name.clone()), text: error.to_string() });
        }
        tokio::select! {
            () = shared.ordered.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

impl Engine {
    /// All reports, the newest first.
    pub(super) async fn reports(&self) -> Result<Vec<ReportView>, EngineError> {
        let accounts = self.accounts(None)?;
        let (commands, shared) = (self.commands().clone(), self.shared().clone());
        blocking(move || {
            let mut views = Vec::new();
            // Where no agent runs and nobody sends, what is said to be on its way was cut off.
            for account in accounts.iter().filter(|account| commands.account(&account.name).is_none()) {
                if let Some(_turn) = Turn::take(&shared, account) {
                    settle(account)?;
                }
            }
            let Some(first) = accounts.first() else { return Ok(views) };
            for report in first.store.reports()?.into_iter().rev() {
                let account = accounts.iter().find(|account| account.name == report.account).unwrap_or(first);
                views.push(view(account, &report)?);
            }
            Ok(views)
        })
        .await
    }

    /// One report, or why there is none.
    pub(super) async fn report(&self, id: api::RecordId) -> Result<ReportShown, EngineError> {
        let accounts = self.accounts(None)?;
        blocking(move || {
            let (account, record) = of_name(&accounts, &id)?;
            let report = account.store.report(record.id)?;
            let why_not = match &report {
                Some(_) => None,
                None => subject_of(account, &record, account.server_now())?
                    .err()
                    .map(|why| why.sentence().to_owned()),
            };
            Ok(ReportShown { report: report.map(|report| view(account, &report)).transpose()?, why_not })
        })
        .await
    }

    /// Carries out an order on reports; to approve a mail that has none makes one.
    pub(super) async fn order(&self, ids: Vec<api::RecordId>, order: Order) -> Result<Changed, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        let changed = blocking(move || {
            let mut changed = Changed::default();
            for id in ids {
                let done = match of_name(&accounts, &id) {
                    Ok((account, record)) => order_one(account, &record, order)?,
                    Err(error) => Err(error.to_string()),
                };
                match done {
                    Ok(()) => changed.done += 1,
                    Err(why) => changed.failed.push(Failed { id, why }),
                }
            }
            Ok(changed)
        })
        .await?;
        shared.ordered.notify_waiters();
        Ok(changed)
    }

    /// Sends what is approved: by the running agent, or now.
    pub(super) async fn send_reports(&self) -> Result<Changed, EngineError> {
        let mut changed = Changed::default();
        for account in self.accounts(None)? {
            if self.commands().account(&account.name).is_some() {
                self.shared().ordered.notify_waiters();
            } else {
                changed.done += send_approved(self.shared(), &account).await?;
            }
        }
        Ok(changed)
    }
}

/// The record of a name, and its account.
fn of_name<'a>(accounts: &'a [Account], id: &api::RecordId) -> Result<(&'a Account, Record), EngineError> {
    let unknown = || EngineError::NoSuchRecord(id.0.clone());
    let record = record_id(id).ok_or_else(unknown)?;
    let first = accounts.first().ok_or_else(unknown)?;
    let record = first.store.record(record)?.ok_or_else(unknown)?;
    let account = accounts.iter().find(|account| account.id == record.account).ok_or_else(unknown)?;
    Ok((account, record))
}

/// Carries out an order on one report, or says why not.
fn order_one(account: &Account, record: &Record, order: Order) -> Result<Result<(), String>, EngineError> {
    if account.dry_run {
        return Ok(Err("the agent runs with --dry-run and changes nothing".to_owned()));
    }
    if account.spamcop.mode == ReportMode::Off {
        return Ok(Err("reports are switched off; set `mode = \"ask\"` in `[spamcop]`".to_owned()));
    }
    let now = account.server_now();
    let known = account.store.report(record.id)?;
    let state = known.as_ref().map_or(ReportState::Waiting { held: false }, |report| report.state.clone());
    let seen = known.clone();
    let report = match (known, order) {
        (Some(report), _) => report,
        (None, Order::Approve) => match subject_of(account, record, now)? {
            Ok(subject) => new_report(account, record, &subject, ReportState::Waiting { held: false }, now),
            Err(why) => return Ok(Err(why.sentence().to_owned())),
        },
        (None, Order::Discard | Order::Undo) => return Ok(Err("there is no report about it".to_owned())),
    };
    if order == Order::Approve && now >= report.expires {
        return Ok(Err(crate::report::WhyNot::TooOld.sentence().to_owned()));
    }
    let Some(state) = state.after(order, now) else {
        return Ok(Err(format!("its report is {}, which cannot be changed so", state.name())));
    };
    if !account.change_report(seen.as_ref(), Report { state, changed: now, ..report })? {
        return Ok(Err("its report has just changed; look again".to_owned()));
    }
    if order == Order::Approve {
        stop_automatic(account, false)?;
    }
    Ok(Ok(()))
}

/// Withdraws the reports about mails that are back; says how many had been sent already.
///
/// # Errors
/// Store or journal cannot be used.
pub fn withdraw(account: &Account, records: &[Record]) -> Result<u64, EngineError> {
    let (now, mut sent) = (account.server_now(), 0);
    for record in records {
        let Some(report) = account.store.report(record.id)? else { continue };
        sent += u64::from(report.state.may_be_sent());
        if report.state.is_pending() && !report.state.may_be_sent() {
            let withdrawn = Report { state: ReportState::Withdrawn, changed: now, ..report.clone() };
            account.change_report(Some(&report), withdrawn)?;
        }
    }
    Ok(sent)
}

fn view(account: &Account, report: &Report) -> Result<ReportView, EngineError> {
    let now: UnixTime = account.server_now();
    let record = account.store.record(report.record)?;
    let explained = record.as_ref().map(|record| explained(account, record)).transpose()?.flatten();
    let notice = explained.as_ref().map(|explained| &explained.notice);
    let host = notice.and_then(|notice| rules::chain::backscatterer(notice, &account.profile()));
    let (why, message_id) = match &report.state {
        ReportState::Approved { why, .. } => (why.clone(), None),
        ReportState::Refused { why } => (Some(why.clone()), None),
        ReportState::Sending { message_id } | ReportState::Sent { message_id } => (None, Some(message_id.clone())),
        ReportState::CutOff { message_id } => (
            Some(
                "the connection was lost while it was handed over, so it may have been sent; look for SpamCop's answer, or \
                 approve it again"
                    .to_owned(),
            ),
            Some(message_id.clone()),
        ),
        _ => (None, None),
    };
    Ok(ReportView {
        id: record_name(report.record),
        account: report.account.clone(),
        state: report.state.name().to_owned(),
        why,
        message_id,
        server: host.as_ref().and_then(|host| host.ip),
        server_name: host.and_then(|host| host.name),
        kind: notice.map(|notice| notice.kind),
        subject: notice.map(|notice| notice.outer.subject.clone()).unwrap_or_default(),
        created: report.created,
        changed: report.changed,
        expires: report.expires,
        left: left(report, now),
        others: report.others,
    })
}
