//! What was reported without the user's word: told once a day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rules::UnixTime;

use super::super::account::Account;
use super::super::{Engine, EngineError, blocking};
use super::queue::explained;
use crate::api::Event;
use crate::report::{Report, ReportState};

/// Where the store remembers the day that was told of last.
const TOLD: &str = "reports-digest";
/// Servers that are named.
const NAMED: usize = 5;

impl Engine {
    /// What was reported by itself on the last day on which anything was.
    pub(in crate::engine) async fn digest(&self) -> Result<Option<String>, EngineError> {
        let accounts = self.accounts(None)?;
        blocking(move || {
            let Some(first) = accounts.first() else { return Ok(None) };
            let zone = TimeZone::system();
            let days = by_day(first.store.reports()?, &zone);
            days.last_key_value().map(|(day, reports)| told(first, *day, reports)).transpose()
        })
        .await
    }
}

/// Tells what was reported by itself the day before, unless that was done; by the days of a time zone.
///
/// # Errors
/// The store cannot be used.
pub fn tell_of_yesterday(account: &Account, zone: &TimeZone) -> Result<(), EngineError> {
    let Some(today) = day_of(account.wall.now(), zone) else { return Ok(()) };
    let last = account.store.misc(TOLD)?.and_then(|told| String::from_utf8(told).ok()?.parse::<Date>().ok());
    // A date that goes back, of a clock that is set right or a journey west, tells nothing twice.
    if last.is_some_and(|last| last >= today) {
        return Ok(());
    }
    // All days since the last time, when the computer was off; of the first day nothing is known.
    if let Some(last) = last {
        for (day, reports) in by_day(account.store.reports()?, zone).range(last..today) {
            account.tell(Event::Digest { text: told(account, *day, reports)? });
        }
    }
    Ok(account.store.set_misc(TOLD, today.to_string().as_bytes())?)
}

fn day_of(time: UnixTime, zone: &TimeZone) -> Option<Date> {
    Timestamp::from_second(time.0).ok().map(|at| at.to_zoned(zone.clone()).date())
}

/// What was sent by itself, by the day on which it was.
fn by_day(reports: Vec<Report>, zone: &TimeZone) -> BTreeMap<Date, Vec<Report>> {
    let mut days: BTreeMap<Date, Vec<Report>> = BTreeMap::new();
    for report in reports.into_iter().filter(|report| report.by_itself) {
        if let Some(day) = report.sent.and_then(|at| day_of(at, zone)) {
            days.entry(day).or_default().push(report);
        }
    }
    days
}

/// One day in sentences.
fn told(account: &Account, day: Date, reports: &[Report]) -> Result<String, EngineError> {
    let mut servers = Vec::new();
    for report in reports {
        let Some(record) = account.store.record(report.record)? else { continue };
        let Some(explained) = explained(account, &record)? else { continue };
        let host = rules::chain::backscatterer(&explained.notice, &account.profile());
        servers.extend(host.and_then(|host| host.name.or(host.ip.map(|ip| ip.to_string()))));
    }
    servers.sort();
    servers.dedup();
    let more = servers.len().saturating_sub(NAMED);
    servers.truncate(NAMED);
    let mut names = servers.join(", ");
    if more > 0 {
        names.push_str(&format!(" and {more} more"));
    }
    let waiting = |report: &&Report| matches!(report.state, ReportState::NeedsConfirmation { .. });
    let waiting = reports.iter().filter(waiting).count();
    let count = if reports.len() == 1 {
        "1 report was".to_owned()
    } else {
        format!("{} reports were", reports.len())
    };
    let about = if names.is_empty() { String::new() } else { format!(" about {names}") };
    let confirm = match waiting {
        0 => String::new(),
        1 => "; 1 of them waits for you to confirm it on SpamCop's page".to_owned(),
        waiting => format!("; {waiting} of them wait for you to confirm them on SpamCop's pages"),
    };
    Ok(format!("On {day} {count} sent to SpamCop by itself{about}{confirm}."))
}
