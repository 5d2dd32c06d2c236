//! What the user orders of reports, and what becomes of those whose mail is put back.

use super::super::account::Account;
use super::super::{Engine, EngineError, blocking};
use super::queue::{new_report, stop_automatic, subject_of};
use super::send::is_wanted;
use super::shown::switched_off;
use super::{DRY_RUN, of_report};
use crate::api::{self, Changed, Failed};
use crate::report::{Addressee, Channel, Order, Report, ReportId, ReportState, WhyNot};
use crate::store::Record;

impl Engine {
    /// Carries out an order on reports; to approve a mail that has none makes one.
    pub(in crate::engine) async fn order(
        &self,
        ids: Vec<api::RecordId>,
        order: Order,
    ) -> Result<Changed, EngineError> {
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
    // What there is can be ended, opened and ticked off all the same.
    if order == Order::Approve && !is_wanted(account, channel) {
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
        let why = subject_of(account, record, channel, now)?.err().unwrap_or(WhyNot::TooOld);
        return Ok(Err(why.sentence().to_owned()));
    }
    let Some(state) = report.state.after(order, now) else {
        return Ok(Err(cannot(&report.state, order)));
    };
    let approved = order == Order::Approve;
    let changed = Report {
        by_itself: report.by_itself && matches!(order, Order::Open | Order::Done),
        quick: if approved { account.spamcop.quick } else { report.quick },
        ..report.with(state, now)
    };
    if !account.change_report(seen.as_ref(), changed)? {
        return Ok(Err("its report has just changed; look again".to_owned()));
    }
    if approved && channel == Channel::SpamCop {
        stop_automatic(account, false)?;
    }
    Ok(Ok(()))
}

/// Why an order cannot be carried out, and what could be.
fn cannot(state: &ReportState, order: Order) -> String {
    let name = state.name();
    match (state, order) {
        (ReportState::Discarded, Order::Approve) => {
            "its report is discarded; let it wait again with `neversent reports undo` first".to_owned()
        }
        (_, Order::Open) => "SpamCop has sent no link for it".to_owned(),
        (state, _) if state.may_be_sent() => {
            format!("its report is {name}: what was sent, or may have been, cannot be taken back")
        }
        _ => format!("its report is {name}, which cannot be changed so"),
    }
}

/// Withdraws the reports about mails that are back; says how many had been sent already.
///
/// # Errors
/// Store or journal cannot be used.
pub fn withdraw(account: &Account, records: &[Record]) -> Result<u64, EngineError> {
    let (now, mut sent) = (account.server_now(), 0);
    for (record, channel) in records.iter().flat_map(|record| Channel::ALL.map(|channel| (record, channel))) {
        // Whoever sends may be quicker: then it is sent, and that is told.
        while let Some(report) = account.store.report(ReportId { record: record.id, channel })? {
            if report.state.may_be_sent() {
                // One that is to be sent again is not.
                let kept = report.state.after(Order::Undo, now);
                let changed = match kept {
                    Some(kept) => account.change_report(Some(&report), report.with(kept, now))?,
                    None => true,
                };
                if !changed {
                    continue;
                }
                sent += 1;
                break;
            }
            let withdrawn = || account.change_report(Some(&report), report.with(ReportState::Withdrawn, now));
            if !report.state.is_pending() || withdrawn()? {
                break;
            }
        }
    }
    Ok(sent)
}
