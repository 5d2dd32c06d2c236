//! Sends approved reports: each step is in the journal before it is taken.

use rules::time::{DAY, HOUR, MINUTE};
use rules::{MessageId, UnixTime};
use secrecy::ExposeSecret as _;

use super::super::account::Account;
use super::super::folders::{self, Folders};
use super::super::{EngineError, blocking, identity};
use super::queue::{explained, settle, stop_automatic};
use crate::api::Event;
use crate::imap::{Connection, HeaderSet, UidSet};
use crate::report::{Composed, Envelope, Report, ReportState, SubmitCode, compose, priority};
use crate::secret;
use crate::smtp::{self, Offer, SubmitError, Taken};
use crate::store::RecordState;

/// The most of one mail that is fetched, in octets: of more than a quarter of it nothing is sent.
const MAIL_CAP: u32 = 256 << 10;
/// Random letters of Message-IDs and boundaries.
const RANDOM: usize = 24;
/// Reports sent with one connection to the mailbox.
const AT_ONCE: usize = 20;

/// Sends what is approved and due, within the caps; returns how many were sent.
///
/// # Errors
/// The mailbox cannot be reached, or store or journal cannot be used; what was not sent stays approved.
pub async fn send_approved(account: &Account) -> Result<u64, EngineError> {
    let owned = account.clone();
    let due = blocking(move || {
        settle(&owned)?;
        due(&owned)
    })
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ready = match ready(account).await {
        Ok(ready) => ready,
        Err(why) => {
            for report in due {
                later(account, report, why.clone()).await?;
            }
            return Ok(0);
        }
    };
    let mut connection = account.connect().await?;
    let folders = folders::find(account, &mut connection).await?;
    let mut sent = 0;
    for report in due {
        sent += u64::from(send_one(account, &mut connection, &folders, &ready, report).await?);
    }
    connection.log_out().await;
    Ok(sent)
}

/// What every report of an account needs.
struct Ready {
    code: SubmitCode,
    server: crate::imap::Server,
    credentials: crate::imap::Credentials,
}

/// What is missing is told in words.
async fn ready(account: &Account) -> Result<Ready, String> {
    let server = account.config.smtp.clone().ok_or_else(|| {
        format!(
            "account \u{201c}{}\u{201d} has no server for sending mail; write `smtp` into the configuration",
            account.name
        )
    })?;
    let code = secret::submit_code(&account.spamcop.address, &account.keyring).await;
    let credentials = secret::credentials(&account.config, &account.keyring).await;
    Ok(Ready {
        server,
        code: code.map_err(|error| error.to_string())?,
        credentials: credentials.map_err(|error| error.to_string())?,
    })
}

/// The approved reports whose time has come, the most urgent first, within the caps of an hour and a day.
fn due(account: &Account) -> Result<Vec<Report>, EngineError> {
    let now = account.server_now();
    let all = account.store.reports()?;
    let sent_since = |seconds: i64| {
        let counts = |report: &&Report| {
            matches!(report.state, ReportState::Sent { .. } | ReportState::CutOff { .. })
                && now.since(report.changed) < seconds
        };
        u32::try_from(all.iter().filter(counts).count()).unwrap_or(u32::MAX)
    };
    let left = account.spamcop.daily.saturating_sub(sent_since(DAY));
    let left = left.min(account.spamcop.hourly.saturating_sub(sent_since(HOUR)));
    let mut due = Vec::new();
    for report in &all {
        let ripe = matches!(report.state, ReportState::Approved { not_before, .. } if not_before <= now);
        if !ripe || report.account != account.name {
            continue;
        }
        let Some(record) = account.store.record(report.record)? else { continue };
        let urgency = explained(account, &record)?.map_or(u8::MAX, |it| priority(&it.notice));
        due.push((urgency, report.created, report.clone()));
    }
    due.sort_by_key(|(urgency, created, _)| (*urgency, *created));
    let most = usize::try_from(left).unwrap_or(usize::MAX).min(AT_ONCE);
    Ok(due.into_iter().take(most).map(|(_, _, report)| report).collect())
}

/// Changes the state of a report, unless somebody else has; returns it as it is then, if it was changed.
async fn record_state(
    account: &Account,
    report: &Report,
    state: ReportState,
) -> Result<Option<Report>, EngineError> {
    let (seen, owned) = (report.clone(), account.clone());
    let next = Report { state, changed: account.server_now(), ..report.clone() };
    blocking(move || Ok(owned.change_report(Some(&seen), next.clone())?.then_some(next))).await
}

/// It is tried again after a while: a few minutes at first, hours later.
fn again(account: &Account, approved: &ReportState, why: String) -> ReportState {
    let tries = match approved {
        ReportState::Approved { tries, .. } => *tries,
        _ => 0,
    };
    let wait = ((5 * MINUTE) << tries.min(5)).min(2 * HOUR);
    let not_before = account.server_now().plus(wait);
    ReportState::Approved { not_before, tries: tries.saturating_add(1), why: Some(why) }
}

async fn later(account: &Account, report: Report, why: String) -> Result<(), EngineError> {
    let state = again(account, &report.state, why);
    record_state(account, &report, state).await.map(|_| ())
}

async fn refuse(account: &Account, report: &Report, why: String) -> Result<(), EngineError> {
    record_state(account, report, ReportState::Refused { why }).await.map(|_| ())
}

fn random_letters() -> String {
    use rand::Rng as _;
    let mut random = rand::rng();
    (0..RANDOM).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect()
}

/// Sends one report; says whether it was sent.
async fn send_one(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    ready: &Ready,
    report: Report,
) -> Result<bool, EngineError> {
    let Some(notice) = octets(account, connection, folders, &report).await? else {
        later(account, report, "the mail is not found in the quarantine just now".to_owned()).await?;
        return Ok(false);
    };
    let from = account.config.address.clone();
    let message_id = format!("{}@{}", random_letters(), from.domain());
    let fence = random_letters();
    let envelope =
        Envelope { from: &from, message_id: &message_id, boundary: &fence, now: account.wall.now() };
    let composed = match compose(&notice, &envelope) {
        Ok(composed) => composed,
        Err(error) => {
            refuse(account, &report, error.to_string()).await?;
            return Ok(false);
        }
    };
    let to = ready.code.address();
    let mail = composed.octets(&to);
    let offer = Offer {
        from: from.as_str(),
        to: to.expose_secret(),
        octets: mail.len(),
        eight_bit: composed.eight_bit,
    };
    let begun = match smtp::offer(&ready.server, &ready.credentials, &offer).await {
        Ok(offered) => offered.begin().await,
        Err(error) => Err(error),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(error) => {
            not_taken(account, &report, &report, (error, &ready.code)).await?;
            return Ok(false);
        }
    };
    let copy = copy_first(account, connection, folders, (&composed, &message_id)).await?;
    let sending = ReportState::Sending { message_id: message_id.clone() };
    let Some(sending) = record_state(account, &report, sending).await? else {
        // The user has thought better of it: what is begun and not handed over is not sent.
        drop(begun);
        take_back(connection, folders, copy).await?;
        return Ok(false);
    };
    match begun.hand_over(&mail).await {
        Taken::Yes => {
            record_state(account, &sending, ReportState::Sent { message_id }).await?;
            Ok(true)
        }
        Taken::Unknown => {
            record_state(account, &sending, ReportState::CutOff { message_id }).await?;
            Ok(false)
        }
        Taken::No(error) => {
            take_back(connection, folders, copy).await?;
            not_taken(account, &report, &sending, (error, &ready.code)).await?;
            Ok(false)
        }
    }
}

/// The exact octets of the mail, where it still lies where it was put.
async fn octets(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    report: &Report,
) -> Result<Option<Vec<u8>>, EngineError> {
    let record = account.store.record(report.record)?.filter(|record| record.state == RecordState::Moved);
    let Some(record) = record else { return Ok(None) };
    let selected = connection.look_into(&folders.quarantine.1).await?;
    let Some((_, uid)) = record.place.filter(|(validity, _)| *validity == selected.uid_validity.get()) else {
        return Ok(None);
    };
    let found = connection.headers(&UidSet::one(uid), HeaderSet::Identity).await?.mails.pop();
    let same = found.is_some_and(|mail| identity::of_fetched(&account.store, &mail) == record.fingerprint);
    if !same {
        return Ok(None);
    }
    Ok(connection.mail(uid, MAIL_CAP).await?.map(|mail| mail.bytes.to_vec()))
}

/// Puts a copy into the folder of sent mail and its id into the index: from here on a bounce of it is the user's. Returns the
/// UID of the copy.
///
/// The copy does not tell the address that it went to: whoever reads it could report in the user's name.
async fn copy_first(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    (composed, message_id): (&Composed, &String),
) -> Result<Option<u32>, EngineError> {
    let now = account.server_now();
    let (store, id) = (account.store.clone(), MessageId::new(message_id));
    blocking(move || {
        id.map_or(Ok(()), |id| store.add_report(&id, now))?;
        Ok(store.durable()?)
    })
    .await?;
    let mut copy = None;
    if let Some((_, sent)) = folders.sent.first().filter(|_| !files_copies_itself(account)) {
        let hidden = secrecy::SecretString::from("SpamCop <submit@spam.spamcop.net>".to_owned());
        // Without the copy the report is as good: its id is known.
        copy = match connection.append(sent, &composed.octets(&hidden)).await {
            Ok(uid) => uid,
            Err(error) if connection.is_usable() => {
                tracing::info!("the copy of a report was not put into the folder of sent mail: {error}");
                None
            }
            Err(error) => return Err(error.into()),
        };
    }
    Ok(copy)
}

/// Whether the provider puts what is sent by its server into the folder of sent mail itself.
fn files_copies_itself(account: &Account) -> bool {
    let owner = rules::address::registrable(&account.config.imap.host);
    matches!(owner.as_str(), "gmail.com" | "outlook.com" | "office365.com")
}

/// Removes the copy of what was not sent after all, where the server can remove a single mail.
async fn take_back(
    connection: &mut Connection,
    folders: &Folders,
    copy: Option<u32>,
) -> Result<(), EngineError> {
    let (Some(uid), Some((_, sent))) = (copy, folders.sent.first()) else { return Ok(()) };
    if connection.capabilities().has("UIDPLUS") {
        connection.select(sent).await?;
        let uids = UidSet::one(uid);
        connection.add_deleted(&uids).await?;
        connection.uid_expunge(&uids).await?;
    }
    Ok(())
}

/// What becomes of a report that the mail server did not take; `approved` as it was before, `seen` as it is.
async fn not_taken(
    account: &Account,
    approved: &Report,
    seen: &Report,
    (error, code): (SubmitError, &SubmitCode),
) -> Result<(), EngineError> {
    let text = code.hidden_in(&error.to_string());
    if error.is_temporary() {
        let state = again(account, &approved.state, text);
        return record_state(account, seen, state).await.map(|_| ());
    }
    if let SubmitError::Refused { .. } = error {
        // Providers suspend who sends what looks like spam: no more goes out unless somebody looks.
        stop_automatic(account, true)?;
        let text =
            format!("a report was refused, and no more are sent by themselves until you approve one: {text}");
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    refuse(account, seen, text).await
}

/// How long a report can wait still, in seconds.
#[must_use]
pub fn left(report: &Report, now: UnixTime) -> i64 {
    report.expires.since(now).max(0)
}
