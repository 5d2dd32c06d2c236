//! The alarm that an account may be stolen: mail that the user did not write goes out through the user's own server.
//!
//! Where a thief's mail is filed in Sent like any other, its bounces are genuine; what gives it away is how many come at
//! once, from people whom the user never wrote to.

use std::collections::VecDeque;

use rules::time::{DAY, HOUR};
use rules::{Action, Address, Kind, Notice, SentMail, Span, UnixTime};
use serde::{Deserialize, Serialize};

use super::EngineError;
use super::account::Account;
use crate::api::Event;
use crate::store::OpenNotice;

/// Misused notices in a day that raise it.
const MISUSED: usize = 3;
/// Genuine failures in an hour, to people not written to before (as far back as the index keeps that), that raise it.
const FAILURES: usize = 20;
/// How long it is shown, in seconds.
const SHOWN: i64 = 7 * DAY;
/// After so long it is raised anew, in seconds.
const AGAIN: i64 = DAY;

/// What is to be done, whatever raised it.
const WHAT_TO_DO: &str = "If that was not you, somebody else uses your account: change its password now, look at its filter \
                          rules and forwarding addresses, and remove app passwords and devices that you do not know. If it was \
                          you, declare that sender (`declared` in the configuration).";

/// An alarm that was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Raised {
    at: UnixTime,
    text: String,
}

/// When failures of mail to strangers came in lately; the oldest first.
#[derive(Debug, Default)]
pub struct Failures(VecDeque<UnixTime>);

impl Failures {
    /// Adds one that came at a time; says how many there are at most in any hour that it lies in, itself counted in.
    fn add(&mut self, at: UnixTime) -> usize {
        let place = self.0.partition_point(|other| *other <= at);
        self.0.insert(place, at);
        while self.0.len() > 4 * FAILURES {
            self.0.pop_front();
        }
        let begins = self.0.iter().filter(|begin| Span::new(at.minus(HOUR), at).contains(**begin));
        let within = |begin: &UnixTime| {
            let hour = Span::new(*begin, begin.plus(HOUR));
            self.0.iter().filter(|other| hour.contains(**other)).count()
        };
        begins.map(within).max().unwrap_or(1)
    }
}

/// Looks at a notice that was found genuine: whether it is one of too many failures of mail to strangers.
///
/// # Errors
/// The store is damaged.
pub fn saw_genuine(
    account: &Account,
    open: &OpenNotice,
    sent_at: Option<UnixTime>,
) -> Result<(), EngineError> {
    let (arrived, now) = (open.internal_date, account.server_now());
    let failed = open.notice.kind == Kind::Bounce && open.notice.action == Some(Action::Failed);
    // What came in long ago is no theft of today.
    if !failed || now.since(arrived) > DAY {
        return Ok(());
    }
    let before = sent_at.unwrap_or(arrived).minus(HOUR);
    if !is_to_strangers(account, &open.notice, before)? {
        return Ok(());
    }
    let failures = account.count_failure(|failures| failures.add(arrived));
    if failures < FAILURES {
        return Ok(());
    }
    let text = format!(
        "{failures} mails of yours to people you had not written to for months came back within an hour."
    );
    raise(account, &text, now)
}

/// Whether none of the failed recipients was written to before a time.
fn is_to_strangers(account: &Account, notice: &Notice, before: UnixTime) -> Result<bool, EngineError> {
    let ever = Span::new(UnixTime(i64::MIN), before);
    let written = |address: &Address| account.store.wrote_to(address, ever);
    for recipient in &notice.recipients {
        // Where the index cannot say so, nobody is called a stranger.
        if written(&recipient.address).unwrap_or(true) {
            return Ok(false);
        }
    }
    Ok(!notice.recipients.is_empty())
}

/// Looks at how many notices of the last day say that the account is misused.
///
/// # Errors
/// The store is damaged.
pub fn saw_misused(account: &Account) -> Result<(), EngineError> {
    let now = account.server_now();
    let mut lately = 0;
    for key in account.store.open_misused(account.id)? {
        let open = account.store.open_notice(&key)?;
        lately += usize::from(open.is_some_and(|open| now.since(open.internal_date) <= DAY));
    }
    if lately < MISUSED {
        return Ok(());
    }
    let text = format!(
        "{lately} mails that are not in your sent mail went out through your own server within a day."
    );
    raise(account, &text, now)
}

fn name(account: &Account) -> String {
    format!("alarm-{}", account.id.0)
}

fn raised(account: &Account) -> Result<Option<Raised>, EngineError> {
    Ok(account.store.misc(&name(account))?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

fn raise(account: &Account, what: &str, now: UnixTime) -> Result<(), EngineError> {
    if raised(account)?.is_some_and(|raised| now.since(raised.at) < AGAIN) {
        return Ok(());
    }
    let text = format!("{what} {WHAT_TO_DO}");
    let raised = Raised { at: now, text: text.clone() };
    if let Ok(bytes) = serde_json::to_vec(&raised) {
        account.store.set_misc(&name(account), &bytes)?;
    }
    account.tell(Event::Alarm { account: account.name.clone(), text });
    Ok(())
}

/// The alarm that is shown of an account, in words.
///
/// # Errors
/// The store is damaged.
pub fn shown(account: &Account) -> Result<Option<String>, EngineError> {
    let now = account.server_now();
    Ok(raised(account)?.filter(|raised| now.since(raised.at) <= SHOWN).map(|raised| raised.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_over_an_hour_in_any_order() {
        let mut failures = Failures::default();
        let counts: Vec<usize> = (0..40).rev().map(|minute| failures.add(UnixTime(minute * 60))).collect();
        assert_eq!(
            counts,
            (1..=40).collect::<Vec<_>>(),
            "the newest first: each lies in an hour with those after it"
        );
        assert_eq!(failures.add(UnixTime(20 * 60)), 41, "one in the middle");
        assert_eq!(failures.add(UnixTime(90 * 60)), 11, "of these the last ten do, and itself");
        for _ in 0..1_000 {
            failures.add(UnixTime(91 * 60));
        }
        assert!(failures.0.len() <= 4 * FAILURES, "no more are kept than are needed");
    }
}
