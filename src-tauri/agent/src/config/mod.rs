//! `config.toml`: what the user decided, and no secrets. An unknown key is an error that names its line.

mod account;
mod declared;
mod desktop;
mod duration;
mod edit;
mod error;
mod name_server;
mod paths;
mod reports;
pub mod rule_files;
mod server;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rules::Profile;
use serde::Deserialize;

pub use account::{Account, Auth, Mode};
pub use declared::checked;
pub use desktop::{Desktop, Notify};
pub use duration::{Grace, Keep, ScanBack, seconds as duration_seconds};
pub use edit::{EditError, changed, only_account};
pub use error::ConfigError;
pub use name_server::NameServer;
pub use paths::{DataDirError, Paths};
pub use reports::{Complaints, ReportMode, SpamCop, SubmitAddress};

/// The version of the format that this program reads.
pub const VERSION: u32 = 1;

/// A file with nothing in it yet.
const BEGUN: &str = "version = 1\n";

/// The configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The version of its format: [`VERSION`].
    pub version: u32,
    /// The accounts, in the order of the file; their names differ.
    pub accounts: Vec<Account>,
    /// Which look-ups may be made.
    pub lookups: LookUps,
    /// Reports to `SpamCop`.
    pub spamcop: SpamCop,
    /// Complaints to whoever answers for a network.
    pub complaints: Complaints,
    /// What the tray and the window go by.
    pub desktop: Desktop,
}

/// Which look-ups may be made; each tells somebody outside something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LookUps {
    /// DKIM keys and SPF records of the domains concerned, asked of DNS.
    pub dkim_spf: bool,
    /// Addresses of servers that send notices, asked of backscatterer.org.
    pub backscatterer: bool,
    /// Host names of addresses, asked of DNS.
    pub host_names: bool,
    /// Whom to write to about a network, asked of the registry that gave it out (RDAP).
    pub rdap: bool,
    /// The list of these registries (RFC 9224); IANA's where there is none.
    pub rdap_registries: Option<String>,
    /// Whom to write to about a network, asked of Abusix by DNS.
    pub abuse_contacts: bool,
    /// A file that tells whose network an address is in; it is read, and nobody is asked.
    pub asn_table: Option<PathBuf>,
    /// The name servers to ask; those of the system where there are none.
    pub name_servers: Vec<NameServer>,
}

impl Default for LookUps {
    fn default() -> Self {
        Self {
            dkim_spf: true,
            backscatterer: false,
            host_names: false,
            rdap: false,
            rdap_registries: None,
            abuse_contacts: false,
            asn_table: None,
            name_servers: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: toml::Spanned<u32>,
    #[serde(default)]
    account: Vec<toml::Spanned<Account>>,
    #[serde(default)]
    lookups: LookUps,
    spamcop: Option<toml::Spanned<SpamCop>>,
    #[serde(default)]
    complaints: Complaints,
    #[serde(default)]
    desktop: Desktop,
}

impl Config {
    /// Reads and checks a configuration file.
    ///
    /// # Errors
    /// The file is missing, cannot be read, or is wrong: then the line, the key and the remedy are named.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing { file: path.to_owned() },
            _ => ConfigError::Unreadable { file: path.to_owned(), source },
        })?;
        Self::parse(&text, path)
    }

    /// Reads and checks a configuration file in which there may be no account yet; one that is missing says nothing.
    ///
    /// # Errors
    /// As of [`Config::load`].
    pub fn load_begun(path: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse_begun(&text, path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::parse_begun(BEGUN, path),
            Err(source) => Err(ConfigError::Unreadable { file: path.to_owned(), source }),
        }
    }

    /// Checks the text of a configuration file; `path` is where it lies, for relative names and messages.
    ///
    /// # Errors
    /// The text is wrong: the line, the key and the remedy are named.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config = Self::parse_begun(text, path)?;
        if config.accounts.is_empty() {
            return Err(ConfigError::at(
                path,
                text,
                text.len(),
                "there is no [[account]]; add one with name, address and imap".to_owned(),
            ));
        }
        Ok(config)
    }

    /// Checks the text of a configuration file in which there may be no account yet.
    ///
    /// # Errors
    /// As of [`Config::parse`].
    pub fn parse_begun(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(text).map_err(|error| ConfigError::from_toml(path, text, &error))?;
        let wrong = |at: usize, message: String| ConfigError::at(path, text, at, message);
        if *file.version.get_ref() != VERSION {
            let at = file.version.span().start;
            return Err(wrong(
                at,
                format!("this program reads version = {VERSION}; write that, or use a newer Neversent"),
            ));
        }
        let mut names = BTreeSet::new();
        let mut accounts = Vec::with_capacity(file.account.len());
        for spanned in file.account {
            let at = spanned.span().start;
            let mut account = spanned.into_inner();
            if !names.insert(account.name.to_lowercase()) {
                return Err(wrong(
                    at,
                    format!("a second account is named `{}`; give each its own name", account.name),
                ));
            }
            account.resolve_files(path.parent().unwrap_or(Path::new("")));
            accounts.push(account);
        }
        let spamcop = match file.spamcop {
            None => SpamCop::default(),
            Some(spamcop) => {
                if let Some(problem) = spamcop.get_ref().problem() {
                    return Err(wrong(spamcop.span().start, problem));
                }
                spamcop.into_inner()
            }
        };
        let mut complaints = file.complaints;
        complaints.resolve_files(path.parent().unwrap_or(Path::new("")));
        Ok(Self {
            version: VERSION,
            accounts,
            lookups: file.lookups,
            spamcop,
            complaints,
            desktop: file.desktop,
        })
    }

    /// The account of a name.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// What all accounts together say about the user; what only mailboxes can tell is left empty.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let mut profile = Profile::default();
        for account in &self.accounts {
            account.add_to(&mut profile);
        }
        profile
    }
}

#[cfg(test)]
mod tests;
