//! A server as the configuration writes it.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::imap::{Security, Server};

/// The `imap` or `smtp` table of an account, before the default port is known.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Table")]
pub struct ServerTable {
    host: String,
    port: Option<u16>,
    security: Security,
    ca_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    host: String,
    port: Option<u16>,
    #[serde(default = "tls")]
    security: Security,
    ca_file: Option<PathBuf>,
}

fn tls() -> Security {
    Security::Tls
}

impl ServerTable {
    /// The IMAP server: port 993, or 143 without implicit TLS (RFC 8314 §3.2).
    pub fn imap(self) -> Server {
        self.with_ports(993, 143)
    }

    /// The submission server: port 465, or 587 without implicit TLS (RFC 8314 §3.3).
    pub fn smtp(self) -> Server {
        self.with_ports(465, 587)
    }

    fn with_ports(self, tls: u16, plain: u16) -> Server {
        let default = if self.security == Security::Tls { tls } else { plain };
        Server {
            port: self.port.unwrap_or(default),
            host: self.host,
            security: self.security,
            ca_file: self.ca_file,
        }
    }
}

impl TryFrom<Table> for ServerTable {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let host = table.host.trim_end_matches('.').to_lowercase();
        let is_name = !host.is_empty()
            && host.len() <= 253
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
        if !is_name && host.parse::<IpAddr>().is_err() {
            return Err(format!(
                "`{}` is no host name; write it without port and scheme, such as imap.example.org",
                table.host
            ));
        }
        if table.port == Some(0) {
            return Err("0 is no port; leave `port` out for the usual one".to_owned());
        }
        if table.security == Security::None && !is_loopback(&host) {
            return Err(format!(
                "security = \"none\" would send the password in clear text to `{host}`; \
                 it is for localhost alone: write \"tls\" or \"starttls\""
            ));
        }
        Ok(Self { host, port: table.port, security: table.security, ca_file: table.ca_file })
    }
}

/// Whether a host name always means this machine (RFC 6761 §6.3).
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
