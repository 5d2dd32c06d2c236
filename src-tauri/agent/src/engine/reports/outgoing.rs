//! The mail of a report: what is needed to send it, whom it goes to, what it is made of, and its copy.

use rules::MessageId;
use rules::notice::ReturnPath;
use secrecy::SecretString;

use super::super::account::Account;
use super::super::folders::Folders;
use super::super::restore::locate;
use super::super::{EngineError, blocking};
use super::contacts::incidents;
use super::queue::{explained, subject_of};
use crate::imap::Connection;
use crate::report::{Composed, Envelope, Facts, Letter, Report, SubmitCode, WhyNot, complain, compose};
use crate::secret;
use crate::store::RecordState;

/// The most of one mail that is fetched, in octets: of more than a quarter of it nothing is sent.
const MAIL_CAP: u32 = 256 << 10;

/// What every report of an account needs.
pub(super) struct Ready {
    /// Where reports to SpamCop go, or why that is not known.
    pub code: Result<SubmitCode, String>,
    /// The server for sending mail.
    pub server: crate::imap::Server,
    /// Who signs in there.
    pub credentials: crate::imap::Credentials,
}

/// What is missing is told in words.
pub(super) async fn ready(account: &Account) -> Result<Ready, String> {
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

/// Whom a report goes to.
pub(super) enum Destination<'r> {
    SpamCop(&'r SubmitCode),
    Contact(&'r Letter),
}

impl<'r> Destination<'r> {
    /// Of a report; where it is not known, why.
    pub(super) fn of(report: &'r Report, ready: &'r Ready) -> Result<Self, &'r String> {
        match report.to.letter() {
            Some(letter) => Ok(Self::Contact(letter)),
            None => ready.code.as_ref().map(Self::SpamCop),
        }
    }

    /// The address; `quick`: SpamCop's that reports at once.
    pub(super) fn address(&self, quick: bool) -> SecretString {
        match self {
            Self::SpamCop(code) if quick => code.quick_address(),
            Self::SpamCop(code) => code.address(),
            Self::Contact(letter) => SecretString::from(letter.to.to_string()),
        }
    }

    /// Words of a mail server without what is secret in them.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        match self {
            Self::SpamCop(code) => code.hidden_in(text),
            Self::Contact(_) => text.to_owned(),
        }
    }
}

/// The mail of a report, but for a secret address; what is wrong with it in words.
pub(super) async fn composed(
    account: &Account,
    report: &Report,
    notice: Vec<u8>,
    (message_id, fence): (&str, &str),
) -> Result<Result<Composed, String>, EngineError> {
    let (account, report) = (account.clone(), report.clone());
    let (message_id, fence) = (message_id.to_owned(), fence.to_owned());
    blocking(move || {
        let from = account.config.address.clone();
        let envelope = Envelope {
            from: &from,
            message_id: &message_id,
            boundary: &fence,
            now: account.wall.now(),
            automatic: report.by_itself,
        };
        compose_now(&account, &report, &notice, &envelope)
    })
    .await
}

fn compose_now(
    account: &Account,
    report: &Report,
    notice: &[u8],
    envelope: &Envelope<'_>,
) -> Result<Result<Composed, String>, EngineError> {
    let channel = report.to.channel();
    let record = account.store.record(report.record)?;
    let Some(record) = record else { return Ok(Err(WhyNot::NotBackscatter.sentence().to_owned())) };
    // Asked once more: what is the user's own may have become known since.
    let subject = match subject_of(account, &record, channel, account.server_now())? {
        Ok(subject) => subject,
        Err(why) => return Ok(Err(why.sentence().to_owned())),
    };
    let Some(letter) = report.to.letter() else {
        return Ok(compose(notice, envelope).map_err(|error| error.to_string()));
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

/// The octets of the mail, as far as they are needed, wherever it lies in the quarantine.
pub(super) async fn octets(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    report: &Report,
) -> Result<Option<Vec<u8>>, EngineError> {
    let (store, id) = (account.store.clone(), report.record);
    let record = blocking(move || Ok(store.record(id)?)).await?;
    let Some(record) = record.filter(|record| record.state == RecordState::Moved) else { return Ok(None) };
    let (located, _) = locate(account, connection, folders, vec![record]).await?;
    let Some((_, place)) = located.first() else { return Ok(None) };
    Ok(connection.mail(place.uid, MAIL_CAP).await?.map(|mail| mail.bytes))
}

/// From here on a bounce of it is the user's.
pub(super) async fn note_as_own(account: &Account, message_id: &str) -> Result<(), EngineError> {
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
pub(super) async fn file_copy(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    composed: &Composed,
) {
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
