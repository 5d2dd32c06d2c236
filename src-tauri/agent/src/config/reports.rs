//! Reports: to SpamCop, and to whoever answers for a network.

use std::path::{Path, PathBuf};

use rules::UnixTime;
use rules::time::{DAY, HOUR};
use serde::Deserialize;

use crate::report::{Language, Report, ReportState};

/// Reports to `SpamCop`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpamCop {
    /// Where the submit address is kept: it is a credential.
    pub address: SubmitAddress,
    /// Whether reports are sent.
    pub mode: ReportMode,
    /// So many at most in a day.
    pub daily: u32,
    /// So many at most in an hour.
    pub hourly: u32,
    /// So many at most about one server, kind of notice and day; the others are counted.
    pub per_server: u32,
    /// SpamCop reports at once, without the user's word for each.
    pub quick: bool,
    /// The user says that SpamCop knows the servers that receive their mail.
    pub mailhosts: bool,
}

impl Default for SpamCop {
    fn default() -> Self {
        Self {
            address: SubmitAddress::Keyring,
            mode: ReportMode::Off,
            daily: 100,
            per_server: 1,
            hourly: 20,
            quick: false,
            mailhosts: false,
        }
    }
}

impl SpamCop {
    /// How many reports may be sent still: those of the last hour and the last day count, whatever they were to.
    #[must_use]
    pub fn room(&self, reports: &[Report], now: UnixTime) -> u32 {
        let sent_within = |seconds: i64| {
            let counts = |report: &&Report| match (&report.state, report.sent) {
                (_, Some(at)) => now.since(at) < seconds,
                (ReportState::Sending { .. } | ReportState::CutOff { .. }, None) => {
                    now.since(report.changed) < seconds
                }
                _ => false,
            };
            u32::try_from(reports.iter().filter(counts).count()).unwrap_or(u32::MAX)
        };
        let day = self.daily.saturating_sub(sent_within(DAY));
        day.min(self.hourly.saturating_sub(sent_within(HOUR)))
    }

    /// What is wrong with it, and what to do.
    pub(super) fn problem(&self) -> Option<String> {
        if self.quick && self.mode == ReportMode::Automatic {
            let text = "`quick = true` and `mode = \"automatic\"` together would report without anybody ever looking at it; \
                        write `mode = \"ask\"`, or take `quick` out";
            return Some(text.to_owned());
        }
        (self.quick && !self.mailhosts).then(|| {
            "`quick = true` has SpamCop report at once, without showing you whom; where it does not know the servers that \
             receive your mail, it takes your own provider for the sender, and you lose your account. Before that: \
             register every address that mail reaches you by under \u{201c}Mailhosts\u{201d} on www.spamcop.net, the mailbox \
             first and what forwards to it last; wait until all of them are confirmed; report some mails with `submit.` and see \
             that the right server is named; ask SpamCop to allow you quick reporting. Then add `mailhosts = true`"
                .to_owned()
        })
    }
}

/// Complaints to whoever answers for a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Complaints {
    /// About servers that send backscatter.
    pub operator: bool,
    /// About hosts that hand forged mail on.
    pub injector: bool,
    /// In which language they are written.
    pub language: Language,
    /// A file with other words about servers.
    pub operator_text: Option<PathBuf>,
    /// A file with other words about hosts that hand forged mail on.
    pub injector_text: Option<PathBuf>,
}

impl Complaints {
    /// Takes the names of files from the folder of the configuration.
    pub(super) fn resolve_files(&mut self, folder: &Path) {
        for file in [&mut self.operator_text, &mut self.injector_text].into_iter().flatten() {
            *file = folder.join(&file);
        }
    }
}

/// Where the submit address is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubmitAddress {
    /// In the keyring of the desktop.
    Keyring,
    /// The first line that this command prints.
    Command(String),
}

/// Whether reports are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum ReportMode {
    /// Each one is shown first.
    Ask,
    /// By themselves.
    Automatic,
    /// Never.
    Off,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Addressee;
    use crate::store::RecordId;

    const NOW: UnixTime = UnixTime(1_795_800_000);

    fn report(state: ReportState, before: i64, sent: bool) -> Report {
        let at = NOW.minus(before);
        Report {
            record: RecordId(1),
            account: "home".to_owned(),
            to: Addressee::SpamCop,
            state,
            changed: at,
            created: at,
            expires: NOW,
            sent: sent.then_some(at),
            by_itself: false,
            quick: false,
            others: 0,
        }
    }

    #[test]
    fn what_was_sent_or_may_have_been_takes_room() {
        let id = || "r@example.org".to_owned();
        let caps = SpamCop { daily: 5, hourly: 3, ..SpamCop::default() };
        let sent = |before| report(ReportState::Sent { message_id: id() }, before, true);
        assert_eq!(caps.room(&[], NOW), 3, "nothing was sent");
        assert_eq!(caps.room(&[sent(60), sent(HOUR)], NOW), 2, "an hour ago is no longer within the hour");
        let day = [sent(2 * HOUR), sent(3 * HOUR), sent(4 * HOUR), sent(60)];
        assert_eq!(caps.room(&day, NOW), 1, "the day's cap is the smaller one");
        assert_eq!(caps.room(&[sent(DAY), sent(2 * DAY)], NOW), 3, "what is older than a day does not count");
        for state in [ReportState::Sending { message_id: id() }, ReportState::CutOff { message_id: id() }] {
            assert_eq!(caps.room(&[report(state, 60, false)], NOW), 2, "it may have been sent");
        }
        let refused = report(ReportState::Refused { why: String::new(), before: None }, 60, false);
        assert_eq!(
            caps.room(&[refused, report(ReportState::Expired { why: None }, 60, false)], NOW),
            3,
            "these were not"
        );
    }
}
