//! Late rescue: what is learned after a mail was moved is held against the quarantine as well.

use rules::storm::Likeness;
use rules::verdict::Veto;
use rules::{Case, IndexUnavailable, Profile, SentMail, Span, UnixTime, Verdict, Why, judge};

use super::EngineError;
use super::account::Account;
use super::decide::{USERS_WORD, looked_up};
use crate::journal::{Entry, Offset};
use crate::store::{Answers, RecordId, RecordState, StoreError};

/// Older mails in the quarantine are not judged again, in seconds.
pub const LATE: i64 = 30 * rules::time::DAY;
/// Records read at once.
const PAGE: usize = 500;

/// The quarantined mails of the last 30 days that are not called backscatter any more, because the user turned out
/// to have sent the original, declared its sender, or sends through a server that writes such ids, or because the storm
/// or the host that condemned them did not show it: a mail of its subject, or from its address, is the user's.
///
/// They are judged again only if something that may speak for one of them was learned since that was last done in vain.
/// A mail that was moved since was condemned in spite of all that was known then, and so of all that is known now.
///
/// # Errors
/// The store or the journal cannot be read.
pub fn find(account: &Account) -> Result<Vec<RecordId>, EngineError> {
    let (profile, now) = (account.profile(), account.server_now());
    let (mark, known) = (format!("rescue-{}", account.id.0), known(account, &profile)?);
    if account.store.misc(&mark)?.is_some_and(|done| done == known) {
        return Ok(Vec::new());
    }
    let (mut rescued, mut after) = (Vec::new(), None);
    loop {
        let records = account.store.records(account.id, after, PAGE)?;
        let Some(last) = records.last() else {
            if rescued.is_empty() {
                account.store.set_misc(&mark, &known)?;
            }
            return Ok(rescued);
        };
        after = Some(last.id);
        for record in &records {
            if record.state != RecordState::Moved || now.since(record.moved_at) > LATE {
                continue;
            }
            let entry = account.journal.entry_at(Offset(record.journal_offset))?;
            let Some(Entry::Move { explained, .. }) = entry else { continue };
            let grace = account.config.grace.seconds();
            let case = Case { notice: &explained.notice, arrived: record.internal_date, grace };
            let likeness = Likeness::of(case.notice, case.arrived, &profile);
            let original = account.store.original_key(case.notice, &record.fingerprint);
            let looked_up = looked_up(account, original, likeness.as_ref(), &Answers::default())?;
            let verdict = judge(&case, &account.store, &profile, &looked_up, now).verdict;
            let fallen = || match &likeness {
                // What the user said themselves is not taken back by what was learned of others' mail.
                Some(likeness)
                    if explained.rule != USERS_WORD
                        && explained.evidence.iter().any(|fact| matches!(&*fact.rule, "storm" | "spf")) =>
                {
                    proof_has_fallen(account, likeness)
                }
                _ => Ok(false),
            };
            let open = matches!(verdict, Verdict::Undecided(_) | Verdict::Misused);
            if speaks_for_the_user(&verdict, &explained.rule) || open && fallen()? {
                rescued.push(record.id);
            }
        }
    }
}

/// Whether mails like one turned out to be the user's: the index has the subject by now, a sender of theirs was declared, or
/// the address is that of a relay of the user's. A single known id from there says nothing: it can be stolen.
fn proof_has_fallen(account: &Account, likeness: &Likeness) -> Result<bool, EngineError> {
    let ever = Span::new(UnixTime(i64::MIN), UnixTime(i64::MAX));
    let unreadable = |error: IndexUnavailable| StoreError::Damaged { why: error.why };
    let used = match &likeness.subject {
        Some(subject) => account.store.subject_used(subject, ever).map_err(unreadable)?,
        None => false,
    };
    let relayed = match likeness.address {
        Some(address) => account.store.relayed_by(address).map_err(unreadable)? >= judge::KNOWN_RELAY,
        None => false,
    };
    Ok(used || relayed || account.store.resembles_the_users(likeness)?)
}

/// Stands for all that may speak for a mail in quarantine: what the index knows, and what the user declared.
fn known(account: &Account, profile: &Profile) -> Result<Vec<u8>, EngineError> {
    let declared = serde_json::to_vec(profile).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    let grace = account.config.grace.seconds().to_le_bytes();
    let mut all = blake3::Hasher::new();
    all.update(&account.store.lessons()).update(&grace).update(&declared);
    Ok(all.finalize().as_bytes().to_vec())
}

/// Whether a verdict on a quarantined mail brings it back. What the index cannot say just now (a folder not read,
/// a hole since) does not: it could when the mail was moved. Where a storm condemned it, a server that writes over ids says
/// nothing either: no id was asked for.
fn speaks_for_the_user(verdict: &Verdict, rule: &str) -> bool {
    match verdict {
        Verdict::Genuine(_) => true,
        Verdict::Undecided(_) if rule == USERS_WORD => false,
        Verdict::Undecided(Why::Veto(Veto::RewrittenDomain(_))) => rule != "never_sent_proved",
        Verdict::Undecided(Why::Veto(Veto::OwnUnseenDomain(_))) => true,
        Verdict::Undecided(_) | Verdict::Backscatter(_) | Verdict::Misused => false,
    }
}
