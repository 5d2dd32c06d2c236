//! Reports as they are shown: their facts, and in words why they are as they are and what to do.

use rules::UnixTime;

use super::super::EngineError;
use super::super::account::Account;
use super::super::view::report_name;
use super::queue::explained;
use super::send::left;
use crate::api::ReportView;
use crate::report::{Channel, Ended, Report, ReportState};
use crate::store::RecordState;

/// A report as it is shown; `full`: no more may be sent in this hour or day.
///
/// # Errors
/// Store or journal cannot be used.
pub(super) fn view(account: &Account, report: &Report, full: bool) -> Result<ReportView, EngineError> {
    let now: UnixTime = account.server_now();
    let record = account.store.record(report.record)?;
    let explained = record.as_ref().map(|record| explained(account, record)).transpose()?.flatten();
    let notice = explained.as_ref().map(|explained| &explained.notice);
    let host = notice.and_then(|notice| rules::chain::backscatterer(notice, &account.profile()));
    let back = record.as_ref().is_some_and(|record| {
        matches!(
            record.state,
            RecordState::Restoring | RecordState::Restored | RecordState::Rescued | RecordState::PutBack
        )
    });
    let (link, opened) = match &report.state {
        ReportState::NeedsConfirmation { link, opened, .. } => (Some(link.clone()), *opened),
        _ => (None, None),
    };
    Ok(ReportView {
        id: report_name(report.id()),
        account: report.account.clone(),
        channel: report.to.channel(),
        state: report.state.name().to_owned(),
        why: why(report, &Around { now, back, full }),
        back,
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

/// What else its words depend on.
struct Around {
    now: UnixTime,
    /// Its mail was put back.
    back: bool,
    /// No more may be sent in this hour or day.
    full: bool,
}

/// Why a report is in its state and what to do, in a sentence.
fn why(report: &Report, around: &Around) -> Option<String> {
    let text = match report.to.channel() {
        Channel::SpamCop => why_to_spamcop(report, around),
        Channel::Operator | Channel::Injector => match &report.state {
            ReportState::CutOff { .. } => Some(
                "the connection was lost while it was handed over, so it may have been sent; approve it again if you want it \
                 to go in any case",
            ),
            _ => None,
        },
    };
    match &report.state {
        ReportState::Approved { why: None, .. } if around.full => Some(
            "as many were sent in this hour or day as `hourly` and `daily` in `[spamcop]` allow; it goes by itself later"
                .to_owned(),
        ),
        ReportState::Approved { why, .. } => why.clone(),
        ReportState::Refused { why, .. } => Some(why.clone()),
        ReportState::Expired { why: Some(why) } => Some(format!("its time was over before it could be sent: {why}")),
        ReportState::Expired { why: None } if report.sent.is_none() => {
            Some("its time was over before it was sent".to_owned())
        }
        ReportState::Withdrawn => Some("its mail was put back, or is no longer in the quarantine".to_owned()),
        _ => text.map(str::to_owned),
    }
}

fn why_to_spamcop(report: &Report, around: &Around) -> Option<&'static str> {
    Some(match &report.state {
        ReportState::CutOff { .. } => {
            "the connection was lost while it was handed over, so it may have been sent; look for SpamCop's answer, or approve \
             it again"
        }
        ReportState::Sent { .. } if report.quick && around.back => {
            "its mail was put back, and SpamCop reports it at once; should its operator ask, say that it was a mistake"
        }
        ReportState::Sent { .. } if report.quick => "SpamCop reports it at once and sends you a summary",
        ReportState::Sent { .. } if around.back => {
            "its mail was put back; when SpamCop's link comes, do not confirm it there but choose Cancel"
        }
        ReportState::Sent { .. } if around.now >= report.expires => {
            "SpamCop never answered; look whether its answer went to your folder for spam"
        }
        ReportState::Sent { .. } => "SpamCop sends you a link, and does nothing until you confirm it there",
        ReportState::NeedsConfirmation { .. } if around.back => {
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
        ReportState::Done { ended: Ended::Confirmed, .. } => "you said that you have confirmed it",
        ReportState::Expired { .. } => "it was not confirmed on SpamCop's page in time",
        _ => return None,
    })
}

/// The day of a time, for a sentence.
pub(super) fn day(at: UnixTime) -> String {
    jiff::Timestamp::from_second(at.0)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// How reports of a kind are switched on.
pub(super) fn switched_off(channel: Channel) -> &'static str {
    match channel {
        Channel::SpamCop => "reports are switched off; set `mode = \"ask\"` in `[spamcop]`",
        Channel::Operator => "such complaints are switched off; set `operator = true` in `[complaints]`",
        Channel::Injector => "such complaints are switched off; set `injector = true` in `[complaints]`",
    }
}
