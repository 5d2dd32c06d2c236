//! What SpamCop answers to reports, brought to the report that it answers.
//!
//! An answer names its report by the Message-ID, which is random and told to nobody else. One that names none counts only
//! where the provider vouches for it and there is but one report that it can be about: answers come late, twice, in any order,
//! and to reports that the user made by hand.

use rules::UnixTime;
use rules::spamcop::{Refusal, Said};
use rules::time::{DAY, HOUR};

use super::super::EngineError;
use super::super::account::Account;
use super::queue::stop_automatic;
use crate::api::Event;
use crate::report::{Channel, Ended, Report, ReportState};
use crate::store::KeptAnswer;

/// So long an answer is kept for which there is no report, in seconds; its link is shown so long.
const KEPT: i64 = 3 * DAY;
/// A report was handed over no longer than this before its answer, in seconds.
const ANSWERED_WITHIN: i64 = 2 * DAY;
/// The clock of a mailbox may be so much behind ours, in seconds.
const CLOCK_ERROR: i64 = HOUR;

/// What is to be done with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    /// These reports are in these states now.
    Tells(Vec<(Report, ReportState)>),
    /// It is looked at again later.
    Kept,
    /// It tells nothing, or nothing new.
    Dropped,
}

/// Brings the answers that came to their reports, whichever account sent those.
///
/// # Errors
/// Store or journal cannot be used.
pub fn bring(account: &Account) -> Result<(), EngineError> {
    let (now, answers) = (account.server_now(), account.store.spamcop_answers()?);
    for answer in answers {
        let reports = account.store.reports()?;
        let told = match fate(&answer, &reports, now) {
            Fate::Kept => continue,
            Fate::Dropped => {
                account.store.forget_spamcop_answer(&answer)?;
                continue;
            }
            Fate::Tells(told) => told,
        };
        let mut all = true;
        for (report, state) in told {
            all &= account.change_report(Some(&report), report.with(state, now))?;
        }
        if answer.answer.said == Said::Refused(Refusal::QuickDisabled) {
            stop_automatic(account, true)?;
            let text = "SpamCop does not allow you to report without confirming; take `quick = true` out of `[spamcop]`";
            account.tell(Event::Error { account: None, text: text.to_owned() });
        }
        // One that was changed by somebody else meanwhile is looked at again.
        if all {
            account.store.forget_spamcop_answer(&answer)?;
        }
    }
    Ok(())
}

fn fate(answer: &KeptAnswer, reports: &[Report], now: UnixTime) -> Fate {
    let to_spamcop = || reports.iter().filter(|report| report.to.channel() == Channel::SpamCop);
    let is_named = |report: &&Report| {
        let id = report.state.message_id();
        id.is_some_and(|id| answer.answer.names.iter().any(|name| name.as_str() == id))
    };
    let named: Vec<&Report> = to_spamcop().filter(is_named).collect();
    if !named.is_empty() {
        if named.iter().any(|report| matches!(report.state, ReportState::Sending { .. })) {
            return Fate::Kept;
        }
        return tells(answer, &named, now);
    }
    // Somebody else's report, or one that the user made by hand; or a lie.
    if !answer.answer.vouched_for || !answer.answer.names.is_empty() {
        return if answer.answer.vouched_for { until_old(answer, now) } else { Fate::Dropped };
    }
    let unanswered: Vec<&Report> = to_spamcop()
        .filter(|report| matches!(report.state, ReportState::Sent { .. } | ReportState::CutOff { .. }))
        .filter(|report| {
            let age = report.sent.map(|at| answer.came.since(at));
            age.is_some_and(|age| (-CLOCK_ERROR..ANSWERED_WITHIN).contains(&age))
        })
        .collect();
    match unanswered.as_slice() {
        [_] => tells(answer, &unanswered, now),
        _ => until_old(answer, now),
    }
}

/// Its link is shown as long as SpamCop would take it; other words without a report are of no use.
fn until_old(answer: &KeptAnswer, now: UnixTime) -> Fate {
    let links = matches!(answer.answer.said, Said::Accepted(_));
    if links && now.since(answer.came) < KEPT { Fate::Kept } else { Fate::Dropped }
}

fn tells(answer: &KeptAnswer, reports: &[&Report], now: UnixTime) -> Fate {
    let link = match &answer.answer.said {
        Said::Accepted(links) => match (links.as_slice(), reports) {
            ([link], [_]) => Some(link.clone()),
            // Which link is whose is not told.
            _ => return until_old(answer, now),
        },
        Said::Reported | Said::Refused(_) => None,
    };
    let told: Vec<(Report, ReportState)> = reports
        .iter()
        .filter_map(|report| {
            let message_id = report.state.message_id()?.to_owned();
            let state = match (&answer.answer.said, &report.state) {
                // An acceptance proves that it was sent, and is worth more than an error that came before.
                (
                    Said::Accepted(_),
                    ReportState::Sent { .. }
                    | ReportState::CutOff { .. }
                    | ReportState::Refused { message_id: Some(_), .. },
                ) => ReportState::NeedsConfirmation { message_id, link: link.clone()?, opened: None },
                (Said::Reported, ReportState::Sent { .. } | ReportState::CutOff { .. }) => {
                    ReportState::Done { message_id, ended: Ended::Quick }
                }
                (
                    Said::Refused(Refusal::ReportedAlready),
                    ReportState::Sent { .. } | ReportState::CutOff { .. },
                ) => ReportState::Done { message_id, ended: Ended::ReportedAlready },
                (Said::Refused(refusal), ReportState::Sent { .. } | ReportState::CutOff { .. }) => {
                    ReportState::Refused { why: remedy(*refusal).to_owned(), message_id: Some(message_id) }
                }
                _ => return None,
            };
            Some(((*report).clone(), state))
        })
        .collect();
    if told.is_empty() { Fate::Dropped } else { Fate::Tells(told) }
}

/// Why SpamCop did not take a report, and what to do.
fn remedy(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::TooOld => {
            "SpamCop found it too old: it takes mail for two days only; there is nothing to be done"
        }
        Refusal::NoBody => {
            "SpamCop found no text in it; look whether your provider takes attachments out of mail that you send, and save it \
             as a file to report it on www.spamcop.net by hand"
        }
        Refusal::TooBig => {
            "SpamCop found it too big; save it as a file and report it on www.spamcop.net by hand"
        }
        Refusal::AddressBounced => {
            "SpamCop's mail to you came back, so it takes no reports from you; sign in at www.spamcop.net, say there that your \
             address works again, then approve the report once more"
        }
        Refusal::Mailhosts => {
            "SpamCop does not know the servers that receive your mail; register them under \u{201c}Mailhosts\u{201d} on \
             www.spamcop.net, then approve the report once more"
        }
        Refusal::QuickDisabled => {
            "SpamCop does not allow you to report without confirming; take `quick = true` out of `[spamcop]`, then approve the \
             report once more"
        }
        Refusal::NoSource => {
            "SpamCop found no server in it that it could report; there is nothing to be done"
        }
        Refusal::Unreadable => {
            "SpamCop could not read its header; look whether your provider alters mail that you send, and save it as a file to \
             report it on www.spamcop.net by hand"
        }
        Refusal::ReportedAlready => "it has been reported before",
        Refusal::Other => "SpamCop did not take it; its answer in your inbox says why",
    }
}

#[cfg(test)]
mod tests;
