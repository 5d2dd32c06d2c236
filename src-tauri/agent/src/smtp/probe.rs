//! Asks a mail server whether it refuses unknown recipients while a mail is handed over, without handing one over.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Severity;
use tokio::time::timeout;

/// Servers let strangers wait before they greet them; RFC 5321 §4.5.3.2 has clients wait for minutes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server does with mail to somebody whom it does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probed {
    /// It refuses it at once, as it should (RFC 5321 §3.3).
    Refuses,
    /// It takes it: what it does with it then, it can only tell the sender, who may be forged.
    Takes,
    /// It does not say so now, such as one that lets every stranger come again later; its answer.
    Later(String),
    /// It takes nothing from here, whoever it is for; its answer.
    TakesNothing(String),
}

/// A server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// It does not answer.
    #[error(
        "it does not answer on port {0}; many providers let their customers connect to no foreign mail server"
    )]
    Silent(u16),
    /// The way to it, or what it says.
    #[error("{0}")]
    Smtp(#[from] Error),
    /// The name is no address.
    #[error("{0} is no address that could be asked about")]
    NoAddress(String),
}

/// Asks a server whether it takes mail with a null sender to a recipient; nothing is sent.
///
/// # Errors
/// It cannot be reached, or speaks no SMTP.
pub async fn probe(server: SocketAddr, recipient: &str) -> Result<Probed, ProbeError> {
    let to = recipient.parse().map_err(|_| ProbeError::NoAddress(recipient.to_owned()))?;
    let hello = ClientId::default();
    let connect = AsyncSmtpConnection::connect_tokio1(server, Some(PATIENCE), &hello, None, None);
    let mut connection = match timeout(PATIENCE, connect).await {
        Err(_) => return Err(ProbeError::Silent(server.port())),
        Ok(Err(error)) if error.is_timeout() => return Err(ProbeError::Silent(server.port())),
        Ok(connection) => connection?,
    };
    let answer = timeout(PATIENCE, ask(&mut connection, to)).await;
    // Whatever it said: a client that is done says so.
    let _ = timeout(Duration::from_secs(5), connection.quit()).await;
    answer.map_err(|_| ProbeError::Silent(server.port()))?
}

async fn ask(connection: &mut AsyncSmtpConnection, to: lettre::Address) -> Result<Probed, ProbeError> {
    if let Err(error) = connection.command(Mail::new(None, Vec::new())).await {
        return said(error, Probed::TakesNothing);
    }
    let postmaster = lettre::Address::new("postmaster", to.domain());
    match connection.command(Rcpt::new(to, Vec::new())).await {
        Ok(answer) if answer.code().severity == Severity::PositiveCompletion => return Ok(Probed::Takes),
        Ok(answer) => return Ok(Probed::Later(answer.code().to_string())),
        Err(error) if is_of_the_recipient(&error) => return Ok(Probed::Refuses),
        Err(error) if !error.is_permanent() => return said(error, |_| Probed::Refuses),
        Err(_) => {}
    }
    // Many refuse a client only when it names a recipient (Postfix, smtpd_delay_reject): then they refuse everybody's name,
    // even the one that each server has to know (RFC 5321 §4.5.1).
    let Ok(postmaster) = postmaster else { return Ok(Probed::Refuses) };
    match connection.command(Rcpt::new(postmaster, Vec::new())).await {
        Ok(_) => Ok(Probed::Refuses),
        Err(error) => said(error, Probed::TakesNothing),
    }
}

/// Whether a refusal says itself that it is about the recipient: an enhanced status code of the addressing kind (RFC 3463 §3.2).
fn is_of_the_recipient(error: &Error) -> bool {
    error.is_permanent()
        && error
            .to_string()
            .split_whitespace()
            .any(|word| word.trim_matches(['(', ')', ':', ',']).starts_with("5.1."))
}

/// What a refusal means: for good, or for now.
fn said(error: Error, for_good: impl Fn(String) -> Probed) -> Result<Probed, ProbeError> {
    if error.is_permanent() {
        Ok(for_good(error.to_string()))
    } else if error.is_transient() {
        Ok(Probed::Later(error.to_string()))
    } else {
        Err(error.into())
    }
}
