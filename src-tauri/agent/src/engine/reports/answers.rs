//! What SpamCop answers to reports, brought to the report that it answers.
//!
//! An answer names its report by the Message-ID, which is random and told to nobody else. One that names none tells nothing of
//! any report: it may be about one that the user made by hand, come twice or be forged. If the provider vouches for it, its link
//! is shown by itself.

use rules::spamcop::{Refusal, Said};
use rules::time::DAY;
use rules::{MessageId, UnixTime};

use super::super::EngineError;
use super::super::account::Account;
use super::queue::stop_automatic;
use crate::api::Event;
use crate::report::{Before, Channel, Ended, Report, ReportState};
use crate::store::KeptAnswer;

/// So long an answer is kept for which there is no report, in seconds; its link is shown so long.
const KEPT: i64 = 3 * DAY;

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

/// Takes answers that came in: keeps what tells of a report or has a link to show, and brings them to their reports. What goes
/// wrong with that keeps no mail from being judged.
pub fn take(account: &Account, answers: Vec<KeptAnswer>) {
    let taken = || {
        let (now, reports) = (account.server_now(), account.store.reports()?);
        let worth = |answer: &KeptAnswer| fate(answer, &reports, now) != Fate::Dropped;
        let worth: Vec<KeptAnswer> = answers.into_iter().filter(worth).collect();
        account.store.keep_spamcop_answers(&worth)?;
        bring(account)
    };
    if let Err(error) = taken() {
        tracing::warn!("answers of SpamCop's could not be kept: {error}");
    }
}

/// Brings the answers that came to their reports, whichever account sent those.
///
/// # Errors
/// Store or journal cannot be used.
pub fn bring(account: &Account) -> Result<(), EngineError> {
    let (now, answers) = (account.server_now(), account.store.spamcop_answers()?);
    if answers.is_empty() {
        return Ok(());
    }
    let mut reports = account.store.reports()?;
    for answer in answers {
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
        reports = account.store.reports()?;
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
    let is_named = |report: &&Report| {
        let id = report.state.message_id();
        id.is_some_and(|id| answer.answer.names.iter().any(|name| name.as_str() == id))
    };
    let to_spamcop = reports.iter().filter(|report| report.to.channel() == Channel::SpamCop);
    let named: Vec<&Report> = to_spamcop.filter(is_named).collect();
    if named.iter().any(|report| matches!(report.state, ReportState::Sending { .. })) {
        return Fate::Kept;
    }
    if !named.is_empty() {
        return tells(answer, &named, now);
    }
    // Somebody else's report, one that the user made by hand, or a lie.
    if answer.answer.vouched_for { until_old(answer, now) } else { Fate::Dropped }
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
            // Of several reports in one mail it is not told which it has found fault with.
            let alone = reports.len() == 1;
            let waits = match &report.state {
                ReportState::Sent { .. } | ReportState::CutOff { .. } => true,
                // A refusal that was there before the user approved it again says nothing new.
                ReportState::Approved { before, .. } => {
                    let unsure = before.as_ref().is_some_and(|before| before.maybe_sent);
                    unsure || !matches!(answer.answer.said, Said::Refused(_))
                }
                // An acceptance proves that it was sent, and is worth more than an error that came before.
                ReportState::Refused { .. } => matches!(answer.answer.said, Said::Accepted(_)),
                _ => false,
            };
            let state = match &answer.answer.said {
                _ if !waits => return None,
                Said::Accepted(_) => {
                    ReportState::NeedsConfirmation { message_id, link: link.clone()?, opened: None }
                }
                Said::Reported => ReportState::Done { message_id, ended: Ended::Quick },
                Said::Refused(_) if !alone => return None,
                Said::Refused(Refusal::ReportedAlready) => {
                    ReportState::Done { message_id, ended: Ended::ReportedAlready }
                }
                // That it was sent counts no more: SpamCop has not taken it.
                Said::Refused(refusal) => ReportState::Refused {
                    why: remedy(*refusal).to_owned(),
                    before: Some(Before { message_id, maybe_sent: false }),
                },
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

/// Ends the reports whose mail the user's server returned: nobody has got them.
///
/// # Errors
/// Store or journal cannot be used.
pub fn returned(account: &Account, ids: &[MessageId]) -> Result<(), EngineError> {
    let now = account.server_now();
    for report in account.store.reports()? {
        let (ReportState::Sent { message_id } | ReportState::CutOff { message_id }) = &report.state else {
            continue;
        };
        if !ids.iter().any(|id| id.as_str() == message_id) {
            continue;
        }
        let why = match report.to.channel() {
            Channel::SpamCop => {
                "it came back: SpamCop's address for you does not work; look it up on www.spamcop.net, store it with \
                 `neversent reports address`, then approve the report once more"
            }
            Channel::Operator | Channel::Injector => {
                "it came back: the address of this contact does not work"
            }
        };
        let before = Some(Before { message_id: message_id.clone(), maybe_sent: false });
        let refused = ReportState::Refused { why: why.to_owned(), before };
        account.change_report(Some(&report), report.with(refused, now))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
