//! One face for the double and for real servers, so that the same cases run on both.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;

use crate::bare::Bare;
use crate::courier::Courier;
use crate::dovecot::Dovecot;
use crate::imap_double::Double;
use crate::mail::{Digest, Mail, Snapshot};
use crate::tls::Identity;

/// How the connection is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (RFC 8314).
    #[default]
    Tls,
    /// STARTTLS (RFC 3501 §6.2.1).
    StartTls,
    /// Clear text on loopback.
    Plain,
}

impl Security {
    /// The word of `config.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "none",
        }
    }
}

/// All that a client needs to sign in.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Host name that the certificate is for.
    pub host: String,
    /// TCP port on 127.0.0.1.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// PEM file of the CA.
    pub ca_file: PathBuf,
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl Endpoint {
    /// That of a server on loopback with TLS from the first octet.
    pub fn tls(port: u16, identity: &Identity, user: &str, password: &str) -> Self {
        Self {
            host: "localhost".to_owned(),
            port,
            security: Security::Tls,
            ca_file: identity.ca_file().to_owned(),
            user: user.to_owned(),
            password: password.to_owned(),
        }
    }

    /// The `imap = { … }` line of `config.toml`.
    pub fn imap_toml(&self) -> String {
        format!(
            "imap = {{ host = \"{}\", port = {}, security = \"{}\", ca_file = \"{}\" }}",
            self.host,
            self.port,
            self.security.word(),
            self.ca_file.display()
        )
    }

    /// A whole `config.toml` with one account for the user of [`crate::population`], whose password comes from a
    /// command; `more` are further lines of the account, as `mode = "quarantine"`.
    pub fn config_toml(&self, more: &str) -> String {
        format!(
            "version = 1\n\n[[account]]\nname = \"home\"\naddress = \"{}\"\n{}\nuser = \"{}\"\n\
             auth = {{ command = \"echo {}\" }}\n{more}\n[lookups]\n{}\n",
            crate::population::people::ADDRESS,
            self.imap_toml(),
            self.user,
            self.password,
            crate::rig::NO_LOOK_UPS,
        )
    }
}

/// A mail server with one user.
pub enum MailServer {
    /// The double.
    Double(Double),
    /// A real Dovecot.
    Dovecot(Dovecot),
    /// A real Courier, whose folders lie below INBOX: [`MailServer::put`] takes their names without that.
    Courier(Courier),
}

impl MailServer {
    /// One server of each kind that this machine has, with its name: the double always, Dovecot where installed.
    ///
    /// # Errors
    /// When one does not start.
    pub fn all() -> Result<Vec<(&'static str, Self)>> {
        let mut servers = vec![("double", Self::Double(Double::start(Default::default())?))];
        if Dovecot::installed() {
            servers.push(("dovecot", Self::Dovecot(Dovecot::start(Default::default())?)));
        }
        Ok(servers)
    }

    /// All that a client needs to sign in.
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::Double(double) => double.endpoint(),
            Self::Dovecot(dovecot) => dovecot.endpoint(),
            Self::Courier(courier) => courier.endpoint(),
        }
    }

    /// A bare client, signed in.
    ///
    /// # Errors
    /// When the server can't be reached or refuses the sign-in.
    pub async fn bare(&self) -> Result<Bare> {
        Bare::sign_in(&self.endpoint()).await
    }

    /// Puts mails into a folder, which is made if missing: octets, flags and INTERNALDATE as given. A client in
    /// IDLE hears of it at once.
    ///
    /// # Errors
    /// When the Maildir can't be written.
    pub fn put(&self, folder: &str, mails: impl IntoIterator<Item = Mail>) -> Result<()> {
        match self {
            Self::Double(double) => {
                double.create(folder);
                double.deliver_all(folder, mails);
                Ok(())
            }
            Self::Dovecot(dovecot) => dovecot.maildir().put(folder, mails),
            Self::Courier(courier) => courier.maildir().put(folder, mails),
        }
    }

    /// Delivers a mail as the world outside would. On Dovecot (by LMTP) its INTERNALDATE becomes now, and
    /// Return-Path, Delivered-To and Received are added on top: find it again by its Message-ID. Courier has no
    /// delivery of its own here: the mail is put into the Maildir.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn deliver(&self, mail: &Mail) -> Result<()> {
        match self {
            Self::Double(double) => {
                double.deliver("INBOX", mail.clone());
                Ok(())
            }
            Self::Dovecot(dovecot) => dovecot.lmtp(&[&mail.bytes]).await,
            Self::Courier(courier) => courier.maildir().put("INBOX", [mail.clone()]),
        }
    }

    /// Deletes mails for good, as another mail program of the user would.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn expunge(&self, folder: &str, which: &BTreeSet<Digest>) -> Result<()> {
        match self {
            Self::Double(double) => {
                double.expunge(folder, |mail| which.contains(&mail.digest()));
                Ok(())
            }
            Self::Dovecot(_) | Self::Courier(_) => {
                let mut bare = self.bare().await?;
                let uids = bare.find(folder, which).await?;
                bare.expunge(&uids).await
            }
        }
    }

    /// Moves mails, as another mail program of the user would.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn drag(&self, from: &str, to: &str, which: &BTreeSet<Digest>) -> Result<()> {
        match self {
            Self::Double(double) => {
                double.create(to);
                double.drag(from, to, |mail| which.contains(&mail.digest()));
                Ok(())
            }
            Self::Dovecot(_) | Self::Courier(_) => {
                let mut bare = self.bare().await?;
                let uids = bare.find(from, which).await?;
                bare.move_uids(&uids, to).await
            }
        }
    }

    /// Every mail of every folder.
    ///
    /// # Errors
    /// When the server can't be read.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        match self {
            Self::Double(double) => Ok(double.snapshot()),
            Self::Dovecot(_) | Self::Courier(_) => self.bare().await?.snapshot().await,
        }
    }
}
