//! Reports: made of what is moved, shown, ordered by the user, sent.

mod answers;
mod contacts;
mod digest;
mod queue;
mod save;
mod send;

use std::sync::Arc;
use std::time::Duration;

use rules::UnixTime;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::view::{record_id, record_name, report_id, report_name};
use super::{Engine, EngineError, Shared, blocking};
use crate::api::{self, Changed, Event, Failed, ReportShown, ReportView, UnmatchedView};
use crate::report::{Addressee, Channel, Ended, Order, Report, ReportId, ReportState};
use crate::store::{Record, RecordState};

pub use answers::bring;
pub use queue::learn_and_fill;
use queue::{explained, new_report, settle, stop_automatic, subject_of};
use send::{Turn, is_wanted, left, send_approved};

/// Why nothing is ordered or sent in a dry run.
const DRY_RUN: &str = "the agent runs with --dry-run and changes nothing";
/// Approved reports are looked for so often.
const EVERY: Duration = Duration::from_secs(60);

/// Sends an account's approved reports, again and again.
pub async fn keep_sending(shared: Arc<Shared>, account: Account, stop: CancellationToken) {
    if !account.reports() {
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
            let (account, record, id) = of_report(&accounts, &id)?;
            let report = account.store.report(id)?;
            let why_not = match &report {
                Some(_) => None,
                None => subject_of(account, &record, id.channel, account.server_now())?
                    .err()
                    .map(|why| why.sentence().to_owned()),
            };
            Ok(ReportShown { report: report.map(|report| view(account, &report)).transpose()?, why_not })
        })
        .await
    }

    /// Links of SpamCop's of which it is not known which report they are for.
    pub(super) async fn unmatched(&self) -> Result<Vec<UnmatchedView>, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let answers = shared.store.spamcop_answers()?.into_iter();
            let with_links = answers.filter_map(|kept| match kept.answer.said {
                rules::spamcop::Said::Accepted(links) => Some(UnmatchedView { came: kept.came, links }),
                _ => None,
            });
            let mut unmatched: Vec<UnmatchedView> = with_links.collect();
            unmatched.sort_by_key(|one| one.came);
            Ok(unmatched)
        })
        .await
    }

    /// Carries out an order on reports; to approve a mail that has none makes one.
    pub(super) async fn order(&self, ids: Vec<api::RecordId>, order: Order) -> Result<Changed, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        let changed = blocking(move || {
            let mut changed = Changed::default();
            for id in ids {
                let done = match of_report(&accounts, &id) {
                    Ok((account, record, id)) => order_one(account, &record, id.channel, order)?,
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
        let (mut changed, accounts) = (Changed::default(), self.accounts(None)?);
        if !accounts.iter().any(Account::reports) {
            return Err(EngineError::NotDone(switched_off(Channel::SpamCop).to_owned()));
        }
        for account in accounts {
            if account.dry_run {
                return Err(EngineError::NotDone(DRY_RUN.to_owned()));
            }
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

/// The record and the report of a name, and its account.
fn of_report<'a>(
    accounts: &'a [Account],
    id: &api::RecordId,
) -> Result<(&'a Account, Record, ReportId), EngineError> {
    let report = report_id(id).ok_or_else(|| EngineError::NoSuchRecord(id.0.clone()))?;
    let (account, record) = of_name(accounts, &record_name(report.record))?;
    Ok((account, record, report))
}

/// A time within a sentence.
fn order_time(at: UnixTime) -> String {
    jiff::Timestamp::from_second(at.0)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// Carries out an order on one report, or says why not.
fn order_one(
    account: &Account,
    record: &Record,
    channel: Channel,
    order: Order,
) -> Result<Result<(), String>, EngineError> {
    if account.dry_run {
        return Ok(Err(DRY_RUN.to_owned()));
    }
    if !is_wanted(account, channel) {
        return Ok(Err(switched_off(channel).to_owned()));
    }
    let now = account.server_now();
    let known = account.store.report(ReportId { record: record.id, channel })?;
    let seen = known.clone();
    let report = match (known, order, channel) {
        (Some(report), ..) => report,
        (None, Order::Approve, Channel::SpamCop) => match subject_of(account, record, channel, now)? {
            Ok(subject) => new_report(account, record, Addressee::SpamCop, &subject, now),
            Err(why) => return Ok(Err(why.sentence().to_owned())),
        },
        (None, Order::Approve, Channel::Operator | Channel::Injector) => {
            return Ok(Err("it has to be written first; `neversent reports write` does that".to_owned()));
        }
        (None, ..) => return Ok(Err("there is no report about it".to_owned())),
    };
    if order == Order::Approve && now >= report.expires {
        let why = subject_of(account, record, channel, now)?.err().unwrap_or(crate::report::WhyNot::TooOld);
        return Ok(Err(why.sentence().to_owned()));
    }
    let Some(state) = report.state.after(order, now) else {
        return Ok(Err(format!("its report is {}, which cannot be changed so", report.state.name())));
    };
    let changed = Report { by_itself: false, ..report.with(state, now) };
    let by_itself = report.by_itself && matches!(order, Order::Open | Order::Done);
    if !account.change_report(seen.as_ref(), Report { by_itself, ..changed })? {
        return Ok(Err("its report has just changed; look again".to_owned()));
    }
    if order == Order::Approve {
        stop_automatic(account, false)?;
    }
    Ok(Ok(()))
}

/// How reports of a kind are switched on.
fn switched_off(channel: Channel) -> &'static str {
    match channel {
        Channel::SpamCop => "reports are switched off; set `mode = \"ask\"` in `[spamcop]`",
        Channel::Operator => "such complaints are switched off; set `operator = true` in `[complaints]`",
        Channel::Injector => "such complaints are switched off; set `injector = true` in `[complaints]`",
    }
}

/// Withdraws the reports about mails that are back; says how many had been sent already.
///
/// # Errors
/// Store or journal cannot be used.
pub fn withdraw(account: &Account, records: &[Record]) -> Result<u64, EngineError> {
    let (now, mut sent) = (account.server_now(), 0);
    for (record, channel) in records.iter().flat_map(|record| Channel::ALL.map(|channel| (record, channel))) {
        let Some(report) = account.store.report(ReportId { record: record.id, channel })? else { continue };
        sent += u64::from(report.state.may_be_sent());
        if report.state.is_pending() && !report.state.may_be_sent() {
            account.change_report(Some(&report), report.with(ReportState::Withdrawn, now))?;
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
    let back = record.as_ref().is_some_and(|record| record.state != RecordState::Moved);
    let (link, opened) = match &report.state {
        ReportState::NeedsConfirmation { link, opened, .. } => (Some(link.clone()), *opened),
        _ => (None, None),
    };
    Ok(ReportView {
        id: report_name(report.id()),
        account: report.account.clone(),
        channel: report.to.channel(),
        state: report.state.name().to_owned(),
        why: why(report, back),
        link,
        opened,
        sent: report.sent,
        by_itself: report.by_itself,
        to: report.to.letter().map(|letter| letter.to.to_string()),
        message_id: report.state.message_id().map(str::to_owned),
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

/// Why a report is in its state and what to do, in a sentence; `back`: its mail is no longer in the quarantine.
fn why(report: &Report, back: bool) -> Option<String> {
    let text = match &report.state {
        ReportState::Approved { why, .. } => return why.clone(),
        ReportState::Refused { why, .. } => return Some(why.clone()),
        ReportState::CutOff { .. } if report.to.channel() == Channel::SpamCop => {
            "the connection was lost while it was handed over, so it may have been sent; look for SpamCop's answer, or approve \
             it again"
        }
        ReportState::CutOff { .. } => {
            "the connection was lost while it was handed over, so it may have been sent; approve it again if you want it to go \
             in any case"
        }
        ReportState::Sent { .. } if back && report.to.channel() == Channel::SpamCop => {
            "its mail was put back; when SpamCop's link comes, do not confirm it there but choose Cancel"
        }
        ReportState::Sent { .. } if report.to.channel() == Channel::SpamCop => {
            "SpamCop sends you a link, and does nothing until you confirm it there"
        }
        ReportState::NeedsConfirmation { .. } if back => {
            "its mail was put back: do not confirm it on SpamCop's page but choose Cancel there"
        }
        ReportState::NeedsConfirmation { opened: None, .. } => {
            "confirm it on SpamCop's page, else nothing is reported; `neversent reports open` shows it"
        }
        ReportState::NeedsConfirmation { opened: Some(_), .. } => {
            "you had SpamCop's page opened; if you confirmed it there, say so with `neversent reports done`"
        }
        ReportState::Done { ended: Ended::ReportedAlready, .. } => "SpamCop had a report about it before",
        ReportState::Done { ended: Ended::Quick, .. } => "SpamCop has reported it",
        ReportState::Expired if report.sent.is_some() => "it was not confirmed on SpamCop's page in time",
        _ => return None,
    };
    Some(text.to_owned())
}
