//! Support for end-to-end tests: the IMAP double, real servers, a bare client, sample mail.
//!
//! A case is written against [`MailServer`], so that the same lines run on [`imap_double::Double`], whose
//! capabilities, mail and faults a test sets, and on a real [`dovecot::Dovecot`] or [`courier::Courier`]:
//!
//! 1. [`MailServer::all`] starts the servers, [`Population::new`] makes the mail.
//! 2. [`MailServer::put`] fills the folders, [`MailServer::snapshot`] is taken.
//! 3. [`Endpoint::config_toml`] is what the agent is started with.
//! 4. Another snapshot is compared: [`Snapshot::contents`] must be equal, [`Snapshot::places`] tells where a
//!    [`population::Sample`] lies now.

mod accounts;
pub mod bare;
pub mod chasquid;
pub mod courier;
pub mod date;
pub mod desktop;
pub mod dns;
pub mod dns_liar;
pub mod dovecot;
pub mod imap_double;
pub mod judging;
pub mod kill;
pub mod lmtp;
pub mod mail;
pub mod maildir;
pub mod measure;
pub mod population;
pub mod postfix;
pub mod rdap;
pub mod rig;
pub mod screen;
pub mod server;
pub mod spamcop;
pub mod tls;
pub mod web_view;
pub mod windows;
pub mod year;

pub use bare::Bare;
pub use chasquid::Chasquid;
pub use courier::Courier;
pub use desktop::Desktop;
pub use dns::NameServer;
pub use dovecot::Dovecot;
pub use imap_double::Double;
pub use mail::{Digest, Kept, Mail, Snapshot};
pub use population::Population;
pub use postfix::Postfix;
pub use rdap::Registry;
pub use rig::{Options, Rig};
pub use screen::Screen;
pub use server::{Endpoint, MailServer, Security};
pub use spamcop::SpamCop;
pub use web_view::WebView;
pub use windows::Windows;
