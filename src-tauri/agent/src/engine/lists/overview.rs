//! What happened of late, in figures.

use std::collections::BTreeMap;

use rules::UnixTime;
use rules::time::{DAY, HOUR};

use super::super::{Engine, EngineError, blocking};
use super::catalogue::Row;
use super::search::open_rows;
use crate::api::{HourView, OverviewView, RecordState, StormView, Totals};
use crate::report::Report;
use crate::store::Role;

/// So far back figures go, in seconds.
const MONTH: i64 = 30 * DAY;
/// Servers that most came from.
const TOP: usize = 10;
/// Fewer mails in an hour are no storm.
const STORM: u64 = 30;
/// In an hour of a storm so many times as many come as in an hour on an average.
const TIMES: u64 = 6;
/// Clocks are at most so many seconds off UTC.
const FARTHEST: i64 = 14 * HOUR;

impl Engine {
    pub(in crate::engine) async fn overview(&self, offset: i32) -> Result<OverviewView, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        let sources = self.sources().await?.sources;
        blocking(move || {
            let now = shared.clock.now();
            let open = open_rows(&accounts)?;
            let reports = shared.store.reports()?;
            let judged = open.iter().map(|(_, row)| row).filter(|row| row.state == Some(RecordState::Judged));
            let mut view = shared.lists.with(&shared, |catalogue| {
                let moved = catalogue.rows().map(|(_, row)| row).filter(|row| row.state.is_some());
                figures(moved, judged, &reports, now, i64::from(offset))
            })?;
            let servers = sources.into_iter().filter(|source| source.role == Role::Backscatterer);
            view.top = servers.take(TOP).collect();
            Ok(view)
        })
        .await
    }
}

/// The figures of what was moved, of what was judged and lies where it came, and of reports.
fn figures<'m, 'j>(
    moved: impl Iterator<Item = &'m Row>,
    judged: impl Iterator<Item = &'j Row>,
    reports: &[Report],
    now: UnixTime,
    offset: i64,
) -> OverviewView {
    let offset = offset.clamp(-FARTHEST, FARTHEST);
    let local = now.0.saturating_add(offset);
    let midnight = UnixTime(local.saturating_sub(local.rem_euclid(DAY)).saturating_sub(offset));
    let month = now.minus(MONTH);
    let mut view = OverviewView::default();
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    let mut came = |view: &mut OverviewView, row: &Row| {
        if row.arrived < month {
            return;
        }
        let hour = row.arrived.0.saturating_sub(row.arrived.0.rem_euclid(HOUR));
        *hours.entry(hour).or_default() += 1;
        *view.kinds.entry(row.kind).or_default() += 1;
        if let Some(reason) = row.reason {
            *view.reasons.entry(reason).or_default() += 1;
        }
    };
    for row in moved {
        came(&mut view, row);
        for (since, totals) in [(midnight, &mut view.today), (month, &mut view.month)] {
            if row.moved_at < since {
                continue;
            }
            totals.moved += 1;
            totals.restored += u64::from(row.state == Some(RecordState::Restored));
            totals.rescued += u64::from(row.state == Some(RecordState::Rescued));
        }
    }
    for row in judged {
        came(&mut view, row);
    }
    let sent_since =
        |since| reports.iter().filter(|report| report.sent.is_some_and(|at| at >= since)).count() as u64;
    let reported = |totals: Totals, since| Totals { reported: sent_since(since), ..totals };
    view.today = reported(view.today, midnight);
    view.month = reported(view.month, month);
    view.storms = storms(&hours);
    view.hours = hours.into_iter().map(|(at, count)| HourView { at: UnixTime(at), count }).collect();
    view
}

/// Hours in which far more came than else; what is an hour apart at most is one storm.
fn storms(hours: &BTreeMap<i64, u64>) -> Vec<StormView> {
    let all: u64 = hours.values().sum();
    let usual = all / u64::try_from(MONTH / HOUR).unwrap_or(1);
    let mut storms: Vec<StormView> = Vec::new();
    for (at, count) in hours {
        if *count < STORM || *count < usual.saturating_mul(TIMES) {
            continue;
        }
        let (from, to) = (UnixTime(*at), UnixTime(*at).plus(HOUR));
        match storms.last_mut() {
            Some(last) if from.since(last.to) <= HOUR => {
                last.to = to;
                last.count = last.count.saturating_add(*count);
            }
            _ => storms.push(StormView { from, to, count: *count }),
        }
    }
    storms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_is_far_more_than_usual() {
        let quiet: BTreeMap<i64, u64> = (0..700).map(|hour| (hour * HOUR, 3)).collect();
        assert_eq!(storms(&quiet), [], "three an hour, every hour, is no storm");
        let mut storm = quiet;
        storm.extend([(100 * HOUR, 400), (101 * HOUR, 900), (103 * HOUR, 50), (300 * HOUR, 29)]);
        let found = storms(&storm);
        let one = StormView { from: UnixTime(100 * HOUR), to: UnixTime(104 * HOUR), count: 1_350 };
        assert_eq!(found, [one], "hours that are close together are one storm, and 29 are none");
        let busy: BTreeMap<i64, u64> = (0..700).map(|hour| (hour * HOUR, 200)).collect();
        assert_eq!(storms(&busy), [], "where 200 an hour are usual they are no storm");
    }
}
