//! Sends approved reports: each step is in the journal before it is taken.

use std::sync::PoisonError;

use jiff::tz::TimeZone;
use rules::notice::ReturnPath;
use rules::time::{HOUR, MINUTE};
use rules::{MessageId, UnixTime};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::account::Account;
use super::super::folders::{self, Folders};
use super::super::restore::locate;
use super::super::{EngineError, Shared, blocking};
use super::contacts::incidents;
use super::digest::tell_of_yesterday;
use super::queue::{explained, settle, stop_automatic, subject_of};
use crate::api::Event;
use crate::config::ReportMode;
use crate::imap::Connection;
use crate::report::{
    Channel, Composed, Envelope, Facts, Letter, Report, ReportState, SubmitCode, WhyNot, complain, compose,
    priority,
};
use crate::secret;
use crate::smtp::{self, Offer, SubmitError, Taken};
use crate::store::RecordState;

/// The most of one mail that is fetched, in octets: of more than a quarter of it nothing is sent.
const MAIL_CAP: u32 = 256 << 10;
/// Random letters of Message-IDs and boundaries.
const RANDOM: usize = 24;
/// Reports sent with one connection to the mailbox.
const AT_ONCE: usize = 20;

/// Sends what is approved and due, within the caps; returns how many were sent. Nothing where reports are switched off, in a
/// dry run, and where somebody sends for this account already.
///
/// # Errors
/// Store or journal cannot be used; what was not sent stays approved.
pub async fn send_approved(shared: &Shared, account: &Account) -> Result<u64, EngineError> {
    if account.dry_run || !account.reports() {
        return Ok(0);
    }
    let Some(_turn) = Turn::take(shared, account) else { return Ok(0) };
    let owned = account.clone();
    let due = blocking(move || {
        settle(&owned)?;
        tell_of_yesterday(&owned, &TimeZone::system())?;
        due(&owned)
    })
    .await?;
    if due.is_empty() {
        return Ok(0);
    }
    let begun = async {
        let ready = ready(account).await?;
        let mut connection = account.connect().await.map_err(|error| error.to_string())?;
        let found = folders::find(account, &mut connection).await.map_err(|error| error.to_string())?;
        Ok::<_, String>((ready, connection, found))
    };
    let (ready, mut connection, folders) = match begun.await {
        Ok(begun) => begun,
        Err(why) => {
            for report in due {
                later(account, &report, why.clone()).await?;
            }
            return Ok(0);
        }
    };
    let mut sent = 0;
    for report in due {
        match send_one(account, &mut connection, &folders, &ready, &report).await {
            Ok(Tried::Sent) => sent += 1,
            Ok(Tried::NotSent) => {}
            // Who has refused one for what it holds is not given the others.
            Ok(Tried::Refused) => break,
            Err(EngineError::Imap(error)) => {
                later(account, &report, error.to_string()).await?;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    connection.log_out().await;
    Ok(sent)
}

/// Whose turn it is to send for an account: two at once would send twice.
pub struct Turn<'s> {
    shared: &'s Shared,
    account: String,
}

impl<'s> Turn<'s> {
    /// Takes the turn, unless somebody has it.
    pub fn take(shared: &'s Shared, account: &Account) -> Option<Self> {
        let mut sending = shared.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let account = account.name.clone();
        sending.insert(account.clone()).then_some(Self { shared, account })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.shared.sending.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

/// What became of the try to send one.
enum Tried {
    Sent,
    NotSent,
    Refused,
}

/// What every report of an account needs.
struct Ready {
    /// Where reports to SpamCop go, or why that is not known.
    code: Result<SubmitCode, String>,
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
        code: code.map_err(|error| error.to_string()),
        credentials: credentials.map_err(|error| error.to_string())?,
    })
}

/// The approved reports whose time has come, the most urgent first, within the caps of an hour and a day.
fn due(account: &Account) -> Result<Vec<Report>, EngineError> {
    let now = account.server_now();
    let all = account.store.reports()?;
    let room = account.spamcop.room(&all, now);
    let mut due = Vec::new();
    for report in &all {
        let ripe = matches!(report.state, ReportState::Approved { not_before, .. } if not_before <= now);
        if !ripe || report.account != account.name || !is_wanted(account, report.to.channel()) {
            continue;
        }
        let Some(record) = account.store.record(report.record)? else { continue };
        let urgency = explained(account, &record)?.map_or(u8::MAX, |it| priority(&it.notice));
        due.push((urgency, report.created, report.clone()));
    }
    due.sort_by_key(|(urgency, created, _)| (*urgency, *created));
    let most = usize::try_from(room).unwrap_or(usize::MAX).min(AT_ONCE);
    Ok(due.into_iter().take(most).map(|(_, _, report)| report).collect())
}

/// Whether the user wants reports of this kind to be sent.
pub(super) fn is_wanted(account: &Account, channel: Channel) -> bool {
    match channel {
        Channel::SpamCop => account.spamcop.mode != ReportMode::Off,
        Channel::Operator => account.complaints.operator,
        Channel::Injector => account.complaints.injector,
    }
}

/// Changes the state of a report, unless somebody else has; returns it as it is then, if it was changed.
async fn record_state(
    account: &Account,
    report: &Report,
    state: ReportState,
) -> Result<Option<Report>, EngineError> {
    let (seen, owned, now) = (report.clone(), account.clone(), account.server_now());
    let next = report.with(state, now);
    blocking(move || {
        let changed = match next.state {
            ReportState::Sending { .. } => owned.begin_report(&seen, next.clone(), now)?,
            _ => owned.change_report(Some(&seen), next.clone())?,
        };
        Ok(changed.then_some(next))
    })
    .await
}

/// It is tried again after a while: a few minutes at first, hours later. `message_id`: of what was handed over and not taken,
/// the copy is there.
fn again(account: &Account, approved: &ReportState, why: String, message_id: Option<String>) -> ReportState {
    let (tries, by_user, before, maybe_sent) = match approved {
        ReportState::Approved { tries, by_user, message_id, maybe_sent, .. } => {
            (*tries, *by_user, message_id.clone(), *maybe_sent)
        }
        _ => (0, false, None, false),
    };
    let wait = ((5 * MINUTE) << tries.min(5)).min(2 * HOUR);
    ReportState::Approved {
        not_before: account.server_now().plus(wait),
        tries: tries.saturating_add(1),
        why: Some(why),
        by_user,
        message_id: message_id.or(before),
        maybe_sent,
    }
}

async fn later(account: &Account, report: &Report, why: String) -> Result<(), EngineError> {
    let state = again(account, &report.state, why, None);
    record_state(account, report, state).await.map(|_| ())
}

/// Writes down what became of a report that was handed over.
async fn end(account: &Account, report: &Report, state: ReportState) -> Result<(), EngineError> {
    let now = account.server_now();
    let sent = matches!(state, ReportState::Sent { .. } | ReportState::CutOff { .. }).then_some(now);
    let ended = Report { sent, ..report.with(state, now) };
    let owned = account.clone();
    blocking(move || owned.end_report(ended)).await
}

fn random_letters() -> String {
    use rand::Rng as _;
    let mut random = rand::rng();
    (0..RANDOM).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect()
}

/// Whom a report goes to.
enum Destination<'r> {
    SpamCop(&'r SubmitCode),
    Contact(&'r Letter),
}

impl<'r> Destination<'r> {
    /// Of a report; where it is not known, why.
    fn of(report: &'r Report, ready: &'r Ready) -> Result<Self, &'r String> {
        match report.to.letter() {
            Some(letter) => Ok(Self::Contact(letter)),
            None => ready.code.as_ref().map(Self::SpamCop),
        }
    }

    fn address(&self, quick: bool) -> SecretString {
        match self {
            Self::SpamCop(code) if quick => code.quick_address(),
            Self::SpamCop(code) => code.address(),
            Self::Contact(letter) => SecretString::from(letter.to.to_string()),
        }
    }

    /// Words of a mail server without what is secret in them.
    fn hidden_in(&self, text: &str) -> String {
        match self {
            Self::SpamCop(code) => code.hidden_in(text),
            Self::Contact(_) => text.to_owned(),
        }
    }
}

/// The mail of a report, but for a secret address; what is wrong with it in words.
fn composed(
    account: &Account,
    report: &Report,
    notice: &[u8],
    envelope: &Envelope<'_>,
) -> Result<Result<Composed, String>, EngineError> {
    let Some(letter) = report.to.letter() else {
        return Ok(compose(notice, envelope).map_err(|error| error.to_string()));
    };
    let channel = report.to.channel();
    let record = account.store.record(report.record)?;
    let Some(record) = record else { return Ok(Err(WhyNot::NotBackscatter.sentence().to_owned())) };
    let subject = match subject_of(account, &record, channel, account.server_now())? {
        Ok(subject) => subject,
        Err(why) => return Ok(Err(why.sentence().to_owned())),
    };
    let null_sender = explained(account, &record)?
        .is_some_and(|explained| explained.notice.outer.return_path == ReturnPath::Null);
    let facts = Facts {
        source: subject.address,
        arrived: subject.received,
        incidents: incidents(account, subject.address, channel)?,
        null_sender,
        channel,
    };
    Ok(complain(notice, letter, &facts, envelope).map_err(|error| error.to_string()))
}

/// Sends one report.
async fn send_one(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    ready: &Ready,
    report: &Report,
) -> Result<Tried, EngineError> {
    let destination = match Destination::of(report, ready) {
        Ok(destination) => destination,
        Err(why) => {
            later(account, report, why.clone()).await?;
            return Ok(Tried::NotSent);
        }
    };
    let Some(notice) = octets(account, connection, folders, report).await? else {
        later(account, report, "the mail is not found in the quarantine just now".to_owned()).await?;
        return Ok(Tried::NotSent);
    };
    let from = account.config.address.clone();
    let before = match &report.state {
        ReportState::Approved { message_id, .. } => message_id.clone(),
        _ => None,
    };
    // What is tried again is the same mail: its copy is there, and who gets it twice knows it again.
    let has_copy = before.is_some();
    let message_id = before.unwrap_or_else(|| format!("{}@{}", random_letters(), from.domain()));
    let fence = random_letters();
    let envelope =
        Envelope { from: &from, message_id: &message_id, boundary: &fence, now: account.wall.now() };
    let composed = match composed(account, report, &notice, &envelope)? {
        Ok(composed) => composed,
        Err(why) => {
            let refused = ReportState::Refused { why, message_id: None };
            record_state(account, report, refused).await?;
            return Ok(Tried::NotSent);
        }
    };
    let to = destination.address(account.spamcop.quick);
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
            let (state, tried) = not_taken(account, report, (error, &destination), None)?;
            record_state(account, report, state).await?;
            return Ok(tried);
        }
    };
    let sending = ReportState::Sending { message_id: message_id.clone() };
    // Unless the user has thought better of it: what is begun and not handed over is not sent.
    let Some(sending) = record_state(account, report, sending).await? else { return Ok(Tried::NotSent) };
    note_as_own(account, &message_id).await?;
    if !has_copy {
        file_copy(account, connection, folders, &composed).await;
    }
    let (state, tried) = match begun.hand_over(&mail).await {
        Taken::Yes => (ReportState::Sent { message_id }, Tried::Sent),
        Taken::Unknown => (ReportState::CutOff { message_id }, Tried::NotSent),
        Taken::No(error) => not_taken(account, report, (error, &destination), Some(message_id))?,
    };
    end(account, &sending, state).await?;
    Ok(tried)
}

/// The octets of the mail, as far as they are needed, wherever it lies in the quarantine.
async fn octets(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    report: &Report,
) -> Result<Option<Vec<u8>>, EngineError> {
    let record = account.store.record(report.record)?.filter(|record| record.state == RecordState::Moved);
    let Some(record) = record else { return Ok(None) };
    let (located, _) = locate(account, connection, folders, vec![record]).await?;
    let Some((_, place)) = located.first() else { return Ok(None) };
    Ok(connection.mail(place.uid, MAIL_CAP).await?.map(|mail| mail.bytes))
}

/// From here on a bounce of it is the user's.
async fn note_as_own(account: &Account, message_id: &str) -> Result<(), EngineError> {
    let (store, id, now) = (account.store.clone(), MessageId::new(message_id), account.server_now());
    blocking(move || {
        id.map_or(Ok(()), |id| store.add_report(&id, now))?;
        Ok(store.durable()?)
    })
    .await
}

/// Puts a copy into the folder of sent mail. It does not tell the address that the report goes to: whoever reads it could
/// report in the user's name. It is never taken out again, even if the report is refused: a mail that goes from there is a
/// hole in what is known of sent mail.
async fn file_copy(account: &Account, connection: &mut Connection, folders: &Folders, composed: &Composed) {
    let Some((_, sent)) = folders.sent.first().filter(|_| !files_copies_itself(account)) else { return };
    let hidden = SecretString::from("SpamCop <submit@spam.spamcop.net>".to_owned());
    if let Err(error) = connection.append(sent, &composed.octets(&hidden)).await {
        // Without the copy the report is as good: its id is known.
        tracing::info!("the copy of a report was not put into the folder of sent mail: {error}");
    }
}

/// Whether the provider puts what is sent by its server into the folder of sent mail itself.
fn files_copies_itself(account: &Account) -> bool {
    let owner = rules::address::registrable(&account.config.imap.host);
    matches!(owner.as_str(), "gmail.com" | "outlook.com" | "office365.com")
}

/// What becomes of a report that the mail server did not take; `message_id` where it was handed over.
fn not_taken(
    account: &Account,
    approved: &Report,
    (error, destination): (SubmitError, &Destination<'_>),
    message_id: Option<String>,
) -> Result<(ReportState, Tried), EngineError> {
    let text = destination.hidden_in(&error.to_string());
    if error.is_temporary() {
        return Ok((again(account, &approved.state, text, message_id), Tried::NotSent));
    }
    let refused = matches!(error, SubmitError::Refused { .. });
    if refused && approved.to.channel() == Channel::SpamCop {
        // Providers suspend who sends what looks like spam: no more goes out unless somebody looks.
        stop_automatic(account, true)?;
        let text =
            format!("a report was refused, and no more are sent by themselves until you approve one: {text}");
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    let tried = if refused { Tried::Refused } else { Tried::NotSent };
    Ok((ReportState::Refused { why: text, message_id: None }, tried))
}

/// How long a report can wait still, in seconds.
#[must_use]
pub fn left(report: &Report, now: UnixTime) -> i64 {
    report.expires.since(now).max(0)
}
