//! Reports: made of what is moved, shown, ordered by the user, sent.

mod answers;
mod contacts;
mod digest;
mod orders;
mod outgoing;
mod queue;
mod save;
mod send;
mod shown;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::view::{record_id, record_name, report_id};
use super::{Engine, EngineError, Shared, blocking};
use crate::api::{self, Changed, Event, ReportShown, ReportView, UnmatchedView};
use crate::report::{Channel, ReportId, WhyNot};
use crate::store::Record;

pub use answers::{returned, take};
pub use orders::withdraw;
pub use queue::learn_and_fill;
use queue::{settle, subject_of};
use send::{Turn, send_approved};
use shown::{switched_off, view};

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
        // Orders that come while it sends are not missed.
        let ordered = shared.ordered.notified();
        tokio::pin!(ordered);
        ordered.as_mut().enable();
        let sent = tokio::select! {
            sent = send_approved(&shared, &account) => sent,
            () = stop.cancelled() => return,
        };
        if let Err(error) = sent {
            account.tell(Event::Error { account: Some(account.name.clone()), text: error.to_string() });
        }
        tokio::select! {
            () = &mut ordered => {}
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
            let full = first.spamcop.room(&first.store.reports()?, first.server_now()) == 0;
            for report in first.store.reports()?.into_iter().rev() {
                let account = accounts.iter().find(|account| account.name == report.account).unwrap_or(first);
                views.push(view(account, &report, full)?);
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
                None => subject_of(account, &record, id.channel, account.server_now())?.err(),
            };
            Ok(ReportShown {
                report: report.map(|report| view(account, &report, false)).transpose()?,
                why_not: why_not.map(|why| why.sentence().to_owned()),
                why_not_told: why_not.map(WhyNot::told),
            })
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
