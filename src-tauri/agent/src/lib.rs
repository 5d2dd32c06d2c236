//! The headless engine: watches mailboxes over IMAP, keeps the index of sent mail, moves backscatter to
//! quarantine and back, and answers the command line, the tray and the window over one local socket.

pub mod api;
pub mod browser;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desktop;
pub mod engine;
pub mod host;
pub mod imap;
pub mod journal;
pub mod lock;
pub mod logging;
pub mod lookups;
pub mod report;
pub mod secret;
pub mod sentences;
pub mod smtp;
pub mod socket;
pub mod store;
