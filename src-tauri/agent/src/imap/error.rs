//! What can go wrong with a mail server, in words for the user; never with a byte of mail in it.

use std::{io, path::PathBuf};

use super::{FolderName, Moved};

/// What a failure asks of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// Connect again, with back-off.
    Temporary,
    /// Wait longer: the server is busy, full or guarded by something that the user must settle first.
    Wait,
    /// Stop; ask the user to sign in.
    SignIn,
    /// Trying the same again can't help.
    Final,
}

/// How a connection was lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Loss {
    /// End of stream.
    #[error("the server closed the connection")]
    Closed,
    /// An untagged BYE (RFC 3501 §7.1.5); the server's own words.
    #[error("the server said goodbye: {0}")]
    Bye(String),
    /// No byte came, or could be sent, within the deadline.
    #[error("the server stopped answering")]
    Silent,
    /// One command took longer than any may.
    #[error("the server took too long over one command")]
    TooSlow,
    /// The network failed; never with the error's own text, which may hold mail.
    #[error("the network failed: {0}")]
    Network(io::ErrorKind),
    /// A literal or a line was longer than any answer of ours.
    #[error("the server sent more than an answer can be")]
    TooLarge,
    /// Something came that IMAP does not allow here.
    #[error("the server broke the rules of IMAP")]
    Protocol,
    /// The UIDs of the selected folder became void while it was open.
    #[error("the server numbered the folder anew")]
    Renumbered,
    /// A command before was given up half-way, so its answer may still come.
    #[error("an earlier command was not finished")]
    Unfinished,
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Its time is over.
    #[error("it has expired; if the clock of this computer is right, the server's owner must renew it")]
    Expired,
    /// Its time has not begun.
    #[error("it is not valid yet; check the clock of this computer")]
    NotYetValid,
    /// No known authority signed it.
    #[error(
        "no authority that this computer trusts has signed it; on a foreign network sign in to that network first, for a server of your own set ca_file"
    )]
    UnknownIssuer,
    /// It is another host's.
    #[error("it belongs to another host; check the host name in the configuration")]
    WrongName,
    /// It was withdrawn.
    #[error("it was revoked")]
    Revoked,
    /// An authority's certificate is used as the server's own.
    #[error("it is the certificate of an authority, not of a server")]
    Authority,
    /// It can't be read or its signature is wrong.
    #[error("it is damaged or of a kind that is not trusted")]
    Invalid,
}

/// Why a mail server could not be used.
///
/// The server's words may name folders and addresses: show them to the user, log them at debug alone.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// The host has no address.
    #[error("the server {host} was not found; check the network and the host name")]
    UnknownHost {
        /// As configured.
        host: String,
    },
    /// No TCP connection came about.
    #[error("no connection to {host}:{port} ({kind}); check the network, host and port")]
    Unreachable {
        /// As configured.
        host: String,
        /// As configured.
        port: u16,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// The connection ended, or is of no use any more.
    #[error("the connection was lost at {doing}: {how}")]
    Lost {
        /// The command, without its arguments.
        doing: &'static str,
        /// How it ended.
        how: Loss,
    },
    /// What answers is no IMAP server: a captive portal, or another service.
    #[error("what answers at {host} is no IMAP server; sign in to the network, or check the port")]
    NotImap {
        /// As configured.
        host: String,
    },
    /// The server turned the connection away before sign-in.
    #[error("the server turns connections away for now: {text}")]
    TurnedAway {
        /// The server's words.
        text: String,
    },
    /// `security = "none"` for a host that is not this computer.
    #[error(
        "{host} is not this computer: without encryption only a server on this computer is used; set security to \"tls\" or \"starttls\""
    )]
    NotLoopback {
        /// As configured.
        host: String,
    },
    /// The server's certificate is refused.
    #[error("the certificate of {host} is refused: {fault}")]
    Certificate {
        /// As configured.
        host: String,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// The server has TLS 1.0 or 1.1 only, or only ciphers as old.
    #[error("{host} offers only outdated encryption (TLS 1.2 or newer is needed); its owner must update it")]
    OutdatedTls {
        /// As configured.
        host: String,
    },
    /// The TLS handshake failed otherwise.
    #[error(
        "no encrypted connection to {host} came about; check the port, and whether it wants \"tls\" or \"starttls\""
    )]
    Tls {
        /// As configured.
        host: String,
    },
    /// The host name can't be in a certificate.
    #[error("{host} is no host name")]
    HostName {
        /// As configured.
        host: String,
    },
    /// The file of extra roots can't be used.
    #[error("the certificates in {path} can't be used: {what}")]
    CaFile {
        /// As configured.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The system has no trusted roots at all.
    #[error("this computer has no list of trusted authorities; install it (ca-certificates), or set ca_file")]
    NoRoots,
    /// The server does not offer STARTTLS.
    #[error("{host} offers no STARTTLS; use \"tls\" (port 993)")]
    NoStartTls {
        /// As configured.
        host: String,
    },
    /// Clear text came where TLS had to begin (RFC 3501 §6.2.1; the injection of CVE-2011-0411 seen from a client).
    #[error(
        "somebody between here and {host} put words into the connection before it was encrypted; nothing was sent"
    )]
    Injected {
        /// As configured.
        host: String,
    },
    /// The server refused name and password, or the token.
    #[error("the server refused the sign-in: {text}; check user name and password")]
    SignInRefused {
        /// The server's words.
        text: String,
    },
    /// The server can't sign anybody in now.
    #[error("the server can't sign in now: {text}")]
    SignInLater {
        /// The server's words.
        text: String,
    },
    /// No way to sign in that both sides know.
    #[error("{host} offers no way to sign in that is known here")]
    NoSignIn {
        /// As configured.
        host: String,
    },
    /// A line end or NUL in something that would become part of a command.
    #[error("{what} holds a character that IMAP can't carry")]
    NotSendable {
        /// What holds it.
        what: &'static str,
    },
    /// A folder name that the server wrote in no known encoding; it can't be written back.
    #[error("the name of the folder {} can't be read; rename it in another mail program", .folder.display())]
    UnreadableName {
        /// With U+FFFD where it can't be read.
        folder: FolderName,
    },
    /// Tagged NO or BAD.
    #[error("the server refused {command}: {text}")]
    Refused {
        /// The command, without its arguments.
        command: &'static str,
        /// BAD instead of NO.
        bad: bool,
        /// The response code in upper case (RFC 5530), such as `OVERQUOTA`, without its arguments.
        code: Option<String>,
        /// The server's words.
        text: String,
    },
    /// IDLE answered by NO or BAD: poll instead.
    #[error("the server refused IDLE: {text}")]
    IdleRefused {
        /// The server's words.
        text: String,
    },
    /// A folder without UIDVALIDITY: nothing may be kept or done by UID.
    #[error("the server gives no lasting numbers to the mails of {}; nothing is moved there", .folder.display())]
    NoUidValidity {
        /// The folder.
        folder: FolderName,
    },
    /// An answer ended with OK, but without what it had to tell.
    #[error("the server did not tell {what}")]
    NotTold {
        /// What is missing.
        what: &'static str,
    },
    /// The server does not offer what the command needs.
    #[error("the server does not offer {capability}")]
    NotOffered {
        /// As in CAPABILITY.
        capability: &'static str,
    },
    /// A command that needs a selected folder.
    #[error("no folder is open")]
    NothingSelected,
}

impl ImapError {
    /// What this failure asks of the engine.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::UnknownHost { .. } | Self::Unreachable { .. } => FailureClass::Temporary,
            Self::Lost { how: Loss::TooLarge, .. } => FailureClass::Wait,
            Self::Lost { .. } => FailureClass::Temporary,
            // A captive portal shows as each of these, and goes away by itself.
            Self::NotImap { .. }
            | Self::TurnedAway { .. }
            | Self::Certificate { .. }
            | Self::Tls { .. }
            | Self::NoRoots
            | Self::Injected { .. }
            | Self::SignInLater { .. } => FailureClass::Wait,
            Self::SignInRefused { .. } => FailureClass::SignIn,
            Self::Refused { code, text, .. } if is_passing(code.as_deref(), text) => FailureClass::Wait,
            Self::NotLoopback { .. }
            | Self::OutdatedTls { .. }
            | Self::HostName { .. }
            | Self::CaFile { .. }
            | Self::NoStartTls { .. }
            | Self::NoSignIn { .. }
            | Self::NotSendable { .. }
            | Self::UnreadableName { .. }
            | Self::Refused { .. }
            | Self::IdleRefused { .. }
            | Self::NoUidValidity { .. }
            | Self::NotTold { .. }
            | Self::NotOffered { .. }
            | Self::NothingSelected => FailureClass::Final,
        }
    }

    /// Whether no connection to the server came about, or it was lost.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(
            self,
            Self::UnknownHost { .. }
                | Self::Unreachable { .. }
                | Self::Lost { .. }
                | Self::NotImap { .. }
                | Self::TurnedAway { .. }
                | Self::NotLoopback { .. }
                | Self::Certificate { .. }
                | Self::OutdatedTls { .. }
                | Self::Tls { .. }
                | Self::HostName { .. }
                | Self::CaFile { .. }
                | Self::NoRoots
                | Self::NoStartTls { .. }
                | Self::Injected { .. }
        )
    }

    /// Whether the server said that the folder does not exist (RFC 5530 NONEXISTENT, RFC 3501 TRYCREATE).
    #[must_use]
    pub fn is_no_such_folder(&self) -> bool {
        let Self::Refused { code, text, bad: false, .. } = self else { return false };
        match code.as_deref() {
            Some(code) => code == "NONEXISTENT" || code == "TRYCREATE",
            // Dovecot 2.3.19 answers SELECT with "NO Mailbox doesn't exist: name", and no code.
            None => {
                let text = text.to_ascii_lowercase();
                [
                    "doesn't exist",
                    "does not exist",
                    "nonexistent",
                    "no such mailbox",
                    "no such folder",
                    "unknown mailbox",
                ]
                .iter()
                .any(|words| text.contains(words))
            }
        }
    }

    /// Whether the mailbox is full (RFC 5530 OVERQUOTA).
    #[must_use]
    pub fn is_over_quota(&self) -> bool {
        matches!(self, Self::Refused { code: Some(code), .. } if code == "OVERQUOTA")
    }
}

/// A move or copy that ended half-way: what is known to be done, and why it ended.
///
/// Mails that are not in `done` may be moved or not: look for them at both ends before repeating anything.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct MoveFailed {
    /// What the server had told until then.
    pub done: Moved,
    /// Why it ended.
    #[source]
    pub error: ImapError,
}

impl From<MoveFailed> for ImapError {
    fn from(failed: MoveFailed) -> Self {
        failed.error
    }
}

/// Whether a refusal is about the moment (RFC 5530 §3), not about what was asked.
pub(super) fn is_passing(code: Option<&str>, text: &str) -> bool {
    match code {
        Some(
            "UNAVAILABLE" | "INUSE" | "LIMIT" | "OVERQUOTA" | "SERVERBUG" | "THROTTLED" | "EXPUNGEISSUED"
            | "CONTACTADMIN",
        ) => true,
        // ALERT says only that the user should read it: Gmail uses it for "Too many simultaneous connections" and for
        // "Invalid credentials"; others give no code at all.
        Some("ALERT") | None => {
            let text = text.to_ascii_lowercase();
            [
                "too many",
                "simultaneous",
                "try again later",
                "try later",
                "temporar",
                "unavailable",
                "overquota",
                "not connected",
                "server error",
                "internal error",
                "system error",
                "bandwidth",
            ]
            .iter()
            .any(|words| text.contains(words))
        }
        Some(_) => false,
    }
}

/// The server's words as they can be shown: one line, no control characters, 200 characters at most.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_moment_are_told_from_refusals() {
        let cases = [
            (Some("UNAVAILABLE"), "x", true),
            (Some("LIMIT"), "x", true),
            (Some("INUSE"), "x", true),
            (Some("ALERT"), "Too many simultaneous connections. (Failure)", true),
            (Some("ALERT"), "Invalid credentials (Failure)", false),
            (Some("AUTHENTICATIONFAILED"), "temporary password expired", false),
            (None, "User is authenticated but not connected.", true),
            (None, "Login failed.", false),
            (Some("NONEXISTENT"), "Mailbox doesn't exist", false),
        ];
        for (code, text, passing) in cases {
            assert_eq!(is_passing(code, text), passing, "{code:?} {text:?}");
        }
    }
}
