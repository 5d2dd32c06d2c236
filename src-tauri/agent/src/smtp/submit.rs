//! Hands a mail to the user's own submission server (RFC 6409).

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials as SmtpCredentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, response::Severity};
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use crate::imap::{Credentials, Security, Server};

/// How long a server may take for one answer (RFC 5321 §4.5.3.2 allows five minutes).
const PATIENCE: Duration = Duration::from_secs(120);
/// How long it may take to take the mail itself; it is asked for ten minutes there.
const TAKING: Duration = Duration::from_secs(600);

/// A mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The server cannot be reached, or the connection was lost.
    #[error("the mail server {host} cannot be reached ({why}); it is tried again by itself")]
    NoConnection {
        /// Its name.
        host: String,
        /// Why, in the words of the network.
        why: String,
    },
    /// It asks for patience.
    #[error("the mail server {host} asks to try again later: {said}")]
    Later {
        /// Its name.
        host: String,
        /// Its words.
        said: String,
    },
    /// It refused the password.
    #[error(
        "the mail server {host} refused the sign-in: {said}; check `smtp` and the password of the account"
    )]
    SignIn {
        /// Its name.
        host: String,
        /// Its words.
        said: String,
    },
    /// It refused the mail for good.
    #[error("the mail server {host} refused it: {said}")]
    Refused {
        /// Its name.
        host: String,
        /// Its words.
        said: String,
    },
    /// It does not carry octets beyond ASCII.
    #[error(
        "the mail server {host} carries no octets beyond ASCII (8BITMIME), and only unchanged mail may be reported; save it \
         with `neversent reports save` and report it by hand"
    )]
    NoEightBit {
        /// Its name.
        host: String,
    },
    /// It takes no mail of this size.
    #[error(
        "the mail server {host} takes no mail of this size; save it with `neversent reports save` and report it by hand"
    )]
    TooBig {
        /// Its name.
        host: String,
    },
    /// The certificate authority's file, or an address, cannot be used.
    #[error("{0}")]
    Configuration(String),
}

impl SubmitError {
    /// Whether trying again by itself may help.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::NoConnection { .. } | Self::Later { .. } | Self::SignIn { .. } | Self::Configuration(_)
        )
    }
}

/// A connection on which sender and recipient were accepted, and nothing was handed over.
pub struct Offered {
    host: String,
    connection: AsyncSmtpConnection,
}

/// How a mail is offered.
#[derive(Debug)]
pub struct Offer<'a> {
    /// The sender's address.
    pub from: &'a str,
    /// The recipient's.
    pub to: &'a str,
    /// Whether it has octets beyond ASCII.
    pub eight_bit: bool,
}

/// Signs in to a server and takes leave: whether reports could be sent.
///
/// # Errors
/// It cannot be reached, or refuses the sign-in.
pub async fn sign_in(server: &Server, credentials: &Credentials) -> Result<(), SubmitError> {
    let slow =
        || SubmitError::NoConnection { host: server.host.clone(), why: "it does not answer".to_owned() };
    let asked = async {
        let mut connection = connect(server).await?;
        let signed_in = authenticate(&mut connection, &server.host, credentials).await;
        let _ = timeout(Duration::from_secs(5), connection.quit()).await;
        signed_in
    };
    timeout(PATIENCE, asked).await.map_err(|_| slow())?
}

/// Signs in to a server and offers it a mail.
///
/// # Errors
/// It cannot be reached, or does not take such a mail.
pub async fn offer(
    server: &Server,
    credentials: &Credentials,
    offer: &Offer<'_>,
) -> Result<Offered, SubmitError> {
    let host = server.host.clone();
    let slow = || SubmitError::NoConnection { host: host.clone(), why: "it does not answer".to_owned() };
    let mut connection = timeout(PATIENCE, connect(server)).await.map_err(|_| slow())??;
    match timeout(PATIENCE, ask(&mut connection, &host, credentials, offer)).await.map_err(|_| slow())? {
        Ok(()) => Ok(Offered { host, connection }),
        Err(error) => {
            let _ = timeout(Duration::from_secs(5), connection.quit()).await;
            Err(error)
        }
    }
}

async fn connect(server: &Server) -> Result<AsyncSmtpConnection, SubmitError> {
    let (host, hello) = (server.host.clone(), ClientId::default());
    let failed = |error: Error| SubmitError::NoConnection { host: host.clone(), why: error.to_string() };
    let tls = match server.security {
        Security::None => None,
        Security::Tls | Security::StartTls => Some(tls_of(server).await?),
    };
    let address = (server.host.as_str(), server.port);
    let at_once = tls.clone().filter(|_| server.security == Security::Tls);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(PATIENCE), &hello, at_once, None)
        .await
        .map_err(failed)?;
    if let (Security::StartTls, Some(tls)) = (server.security, tls) {
        // Without encryption the password is never sent.
        connection.starttls(tls, &hello).await.map_err(failed)?;
    }
    Ok(connection)
}

async fn tls_of(server: &Server) -> Result<TlsParameters, SubmitError> {
    let wrong = |why: String| SubmitError::Configuration(why);
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(path) = &server.ca_file {
        let pem = tokio::fs::read(path)
            .await
            .map_err(|error| wrong(format!("the file {} cannot be read: {error}", path.display())))?;
        let certificate = Certificate::from_pem(&pem)
            .map_err(|error| wrong(format!("{} holds no certificate: {error}", path.display())))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| wrong(format!("TLS cannot be set up: {error}")))
}

async fn ask(
    connection: &mut AsyncSmtpConnection,
    host: &str,
    credentials: &Credentials,
    offer: &Offer<'_>,
) -> Result<(), SubmitError> {
    let refused = |error: Error| refusal(host, &error);
    authenticate(connection, host, credentials).await?;
    let info = connection.server_info();
    if offer.eight_bit && !info.supports_feature(Extension::EightBitMime) {
        return Err(SubmitError::NoEightBit { host: host.to_owned() });
    }
    let address = |text: &str| {
        text.parse::<Address>()
            .map_err(|_| SubmitError::Configuration("an address cannot be used for sending mail".to_owned()))
    };
    let mut parameters = Vec::new();
    if offer.eight_bit {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(Mail::new(Some(address(offer.from)?), parameters)).await.map_err(refused)?;
    connection.command(Rcpt::new(address(offer.to)?, Vec::new())).await.map_err(refused)?;
    Ok(())
}

/// Signs in.
async fn authenticate(
    connection: &mut AsyncSmtpConnection,
    host: &str,
    credentials: &Credentials,
) -> Result<(), SubmitError> {
    let (user, secret, mechanisms): (_, _, &[Mechanism]) = match credentials {
        Credentials::Password { user, password } => (user, password, &[Mechanism::Plain, Mechanism::Login]),
        Credentials::OAuth2 { user, token } => (user, token, &[Mechanism::Xoauth2]),
    };
    let secret = SmtpCredentials::new(user.clone(), secret.expose_secret().to_owned());
    let signed_in = connection.auth(mechanisms, &secret).await;
    signed_in.map_err(|error| match refusal(host, &error) {
        SubmitError::Refused { host, said } => SubmitError::SignIn { host, said },
        other => other,
    })?;
    Ok(())
}

/// What an error means.
fn refusal(host: &str, error: &Error) -> SubmitError {
    let (host, said) = (host.to_owned(), error.to_string());
    if error.is_transient() {
        SubmitError::Later { host, said }
    } else if error.is_permanent() {
        let too_big = error.status().is_some_and(|code| u16::from(code) == 552);
        match enhanced(&said) {
            // A quota of the day or of the mailbox, or a system without room: that passes (RFC 3463 §3.3, §3.4, §3.5).
            Some((2, 2) | (3, 1) | (4, 5)) => SubmitError::Later { host, said },
            Some((2, 3) | (3, 4)) => SubmitError::TooBig { host },
            None if too_big => SubmitError::TooBig { host },
            _ => SubmitError::Refused { host, said },
        }
    } else {
        SubmitError::NoConnection { host, why: said }
    }
}

/// Subject and detail of the enhanced status code in a server's words (RFC 2034 §4), such as 3 and 4 of `5.3.4`.
fn enhanced(said: &str) -> Option<(u16, u16)> {
    said.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut parts = word.split('.').map(str::parse::<u16>);
        let (class, subject, detail) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        (parts.next().is_none() && matches!(class, 4 | 5) && subject < 10).then_some((subject, detail))
    })
}

/// What became of a mail that was handed over.
#[derive(Debug)]
pub enum Taken {
    /// The server has taken it.
    Yes,
    /// It refused it, so that nothing was sent.
    No(SubmitError),
    /// The connection was lost before its answer: it may have taken it.
    Unknown,
}

impl Offered {
    /// Asks the server for leave to hand the mail over; until it has, nothing is sent.
    ///
    /// # Errors
    /// It gives none.
    pub async fn begin(mut self) -> Result<Begun, SubmitError> {
        let host = self.host.clone();
        let slow = || SubmitError::NoConnection { host: host.clone(), why: "it does not answer".to_owned() };
        let answer = timeout(PATIENCE, self.connection.command(Data)).await.map_err(|_| slow())?;
        let answer = answer.map_err(|error| refusal(&self.host, &error))?;
        if answer.code().severity != Severity::PositiveIntermediate {
            return Err(SubmitError::Refused { host: self.host, said: answer.code().to_string() });
        }
        Ok(Begun(self))
    }
}

/// A connection on which the mail itself comes next.
pub struct Begun(Offered);

impl Begun {
    /// Hands the mail over.
    pub async fn hand_over(self, octets: &[u8]) -> Taken {
        let Offered { host, mut connection } = self.0;
        // lettre ends the last line of every mail by itself.
        let octets = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        let taken = match timeout(TAKING, connection.message(octets)).await {
            Ok(Ok(_)) => Taken::Yes,
            // An answer that says no was given after the whole mail was there.
            Ok(Err(error)) if error.is_permanent() || error.is_transient() => {
                Taken::No(refusal(&host, &error))
            }
            Ok(Err(_)) | Err(_) => Taken::Unknown,
        };
        // The outcome is written down before anybody waits for a farewell.
        tokio::spawn(async move { timeout(Duration::from_secs(5), connection.quit()).await.map(drop) });
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::enhanced;

    #[test]
    fn enhanced_codes_are_found_in_a_servers_words() {
        for (said, expected) in [
            ("permanent error (550): 5.4.5 Daily sending quota exceeded", Some((4, 5))),
            ("552 5.3.4 Message size exceeds limit", Some((3, 4))),
            ("550 no such user at 192.0.2.7", None),
            ("5.1", None),
            ("", None),
        ] {
            assert_eq!(enhanced(said), expected, "{said}");
        }
    }
}
