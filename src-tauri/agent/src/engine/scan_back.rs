//! Where a first scan of a folder begins.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::EngineError;
use super::account::Account;
use crate::config::ScanBack;
use crate::imap::{Connection, UidSet};

/// UIDs looked at in one go.
const WIDTH: u32 = 1_000;
/// The most of them, in folders whose UIDs are mostly gone.
const WIDEST: u32 = 1 << 20;
/// So many UIDs of a window are asked for at first.
const SAMPLES: u32 = 50;

/// The first UID that is not older than the account's `scan_back`, found from the newest down; a few dozen mails that
/// are older may lie behind it.
pub async fn first_uid(
    account: &Account,
    connection: &mut Connection,
    uid_next: u32,
) -> Result<u32, EngineError> {
    let ScanBack::Seconds(seconds) = account.config.scan_back else { return Ok(1) };
    let oldest = account.server_now().minus(seconds);
    let (mut end, mut width) = (uid_next, WIDTH);
    let mut first = uid_next;
    while end > 1 {
        let begin = end.saturating_sub(width).max(1);
        // Most windows are young from end to end, and of these not every date has to be asked for.
        let sampled = connection.dates(&samples(begin..=end - 1)).await?;
        let enough = sampled.len() > SAMPLES as usize / 2;
        if enough && sampled.iter().all(|(_, date)| *date >= oldest) {
            (first, end) = (begin, begin);
            continue;
        }
        let dates = connection.dates(&UidSet::range(begin..=end - 1)).await?;
        let young = dates.iter().filter(|(_, date)| *date >= oldest).map(|(uid, _)| *uid).min();
        // UIDs follow deliveries, but a mail moved in by hand is older than its neighbours: a window without
        // any young mail ends the search, one old mail does not.
        match young {
            Some(uid) => first = uid,
            None if !dates.is_empty() => break,
            None => {}
        }
        width = if dates.len() < 100 { width.saturating_mul(2).min(WIDEST) } else { width };
        end = begin;
    }
    Ok(first)
}

/// UIDs at even distances, the first and the last of the window among them.
fn samples(window: RangeInclusive<u32>) -> UidSet {
    let step = (window.end() - window.start()).div_ceil(SAMPLES).max(1);
    let last = *window.end();
    let uids: BTreeSet<u32> = window.step_by(step as usize).chain([last]).collect();
    uids.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_span_the_window() {
        for (window, expected) in [(1..=1, 1), (7..=8, 2), (1..=51, 51), (1..=1_000, 51), (1..=1_048_576, 51)]
        {
            let (first, last) = (*window.start(), *window.end());
            let uids: Vec<u32> = samples(window).iter().collect();
            assert_eq!((uids.first(), uids.last()), (Some(&first), Some(&last)), "both ends are in it");
            assert_eq!(uids.len(), expected, "few enough to be asked for in one command");
        }
    }
}
