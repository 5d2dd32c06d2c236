//! The servers and their cases.

mod common;
mod dovecot;
mod exim;
mod mailman;
mod mlmmj;
mod opensmtpd;
mod postfix;
mod sendmail;
mod vacation;

use super::case::Server;

/// All of them.
pub const SERVERS: [&Server; 8] = [
    &postfix::SERVER,
    &exim::SERVER,
    &dovecot::SERVER,
    &opensmtpd::SERVER,
    &sendmail::SERVER,
    &vacation::SERVER,
    &mlmmj::SERVER,
    &mailman::SERVER,
];
