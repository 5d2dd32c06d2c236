//! IMAP, with every trap of the client library closed in this module: nothing outside sees async-imap.
//!
//! Bytes of the server go up through `guard` (deadline, counters), `framing` (cuts whole responses out, caps them) and
//! `sieve` (lets through what imap-proto can read) into async-imap's response reader, and from there into `wire`, the
//! one place that sends a command and reads to its own tagged answer. All else here is built on that one function.
//!
//! What holds for every command of a [`Connection`]:
//! - It ends with its own tagged OK, or it failed. End of stream, BYE and silence are losses, never "no more mail".
//! - Any byte from the server restarts the deadline; a ceiling ends a command that trickles on.
//! - After a loss, and after a future that was dropped half-way, the connection refuses every further command.
//! - One response that can't be read costs that response alone; where it told of a mail, that mail's UID is told.
//! - No error text holds a byte of mail, and no argument of a command.

mod append;
mod capabilities;
mod command;
mod connect;
mod error;
mod fetch;
mod folder_name;
mod folders;
mod framing;
mod guard;
mod idle;
mod moves;
mod quota;
mod sieve;
mod sign_in;
#[cfg(test)]
mod tests;
mod tls;
mod uid_set;
mod wire;

use std::{path::PathBuf, sync::Arc, time::Duration};

use secrecy::SecretString;

pub use capabilities::{Capabilities, Namespace};
pub use error::{CertificateFault, FailureClass, ImapError, Loss, MoveFailed};
pub use fetch::{Fetched, FetchedHeaders, FetchedMail, HEADER_CAP, HeaderSet};
pub use folder_name::FolderName;
pub use folders::{FolderEntry, FolderStatus, Selected};
pub use guard::Traffic;
pub use idle::{LONGEST_IDLE, Woken};
pub use moves::Moved;
pub use quota::Quota;
pub use tls::{Trust, platform_tls};
pub use uid_set::UidSet;

/// Targets whose trace lines hold the user's mail: the subscriber must cap them at INFO in code, whatever the user's
/// filter says.
///
/// async-imap 0.12 prints every input of its parser (imap_stream.rs). Commands do not pass through it, so no password
/// is ever printed.
pub const PRIVATE_LOG_TARGETS: [&str; 2] = ["async_imap", "imap_proto"];

/// Where and how to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Name or address; the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// More roots, PEM, beside those of the platform.
    pub ca_file: Option<PathBuf>,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS after the greeting; there is no way back to clear text.
    StartTls,
    /// Loopback only.
    None,
}

/// Who signs in.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// By user name and password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// By an access token (XOAUTH2).
    OAuth2 {
        /// The name.
        user: String,
        /// A fresh token.
        token: SecretString,
    },
}

/// How long a server may take; no await is without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For each of: finding the host, the TCP connection, the TLS handshake, the greeting.
    pub connect: Duration,
    /// For a command to make progress (any byte arriving restarts it); 20 times that for the whole command.
    pub response: Duration,
    /// IDLE is re-armed after this, at most 5 minutes.
    pub idle: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { connect: Duration::from_secs(30), response: Duration::from_secs(60), idle: LONGEST_IDLE }
    }
}

/// A signed-in connection. Dropping it closes it; [`Connection::log_out`] does so politely.
#[derive(Debug)]
pub struct Connection {
    wire: wire::Wire,
    capabilities: Capabilities,
    namespace: Namespace,
    selected: Option<folders::Open>,
}

impl Connection {
    /// Whether a command can be sent: nothing was lost, and no command was left half-way.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.wire.is_usable()
    }

    /// The bytes that this connection carried; stays readable when it is gone.
    #[must_use]
    pub fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(self.wire.traffic())
    }
}
