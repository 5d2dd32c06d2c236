//! Accounts and settings as they are shown and changed, and how an account is set up.

use std::path::PathBuf;

use rules::Address;
use rules::profile::Declared;
use secrecy::zeroize::Zeroize;
use serde::{Deserialize, Serialize};

use crate::config::{self, Desktop, Mode, ReportMode};
use crate::imap::{Security, Server};

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SettingsView {
    /// The file that they stand in.
    pub file: PathBuf,
    /// Where the index, the journal and the logs lie.
    pub data: PathBuf,
    /// What is wrong with that file, and what to do; then what follows is what was read of it last.
    pub problem: Option<String>,
    /// The accounts, in the order of the file.
    pub accounts: Vec<AccountSettings>,
    /// Which look-ups may be made.
    pub lookups: LookUpSettings,
    /// Reports to SpamCop.
    pub spamcop: SpamCopSettings,
    /// Complaints to whoever answers for a network.
    pub complaints: ComplaintSettings,
    /// What the tray and the window go by.
    pub desktop: Desktop,
}

/// A part of the settings that is to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum SettingsChange {
    /// An account: a new one, or what is said of one anew.
    Account {
        /// Its name until now; none for a new one.
        name: Option<String>,
        /// What is said of it.
        account: Box<AccountSettings>,
        /// Its password, for the keyring; none: what is there stays.
        password: Option<Secret>,
    },
    /// An account is not looked after any more; its mail stays as it is.
    RemoveAccount {
        /// Its name.
        name: String,
    },
    /// Which look-ups may be made.
    LookUps(LookUpSettings),
    /// Reports to SpamCop.
    SpamCop {
        /// The settings.
        settings: SpamCopSettings,
        /// The address to submit to, for the keyring; none: what is there stays.
        address: Option<Secret>,
    },
    /// Complaints.
    Complaints(ComplaintSettings),
    /// What the tray and the window go by.
    Desktop(Desktop),
}

/// What is said of an account, as `config.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountSettings {
    /// Its name.
    pub name: String,
    /// The user's address.
    pub address: String,
    /// Addresses that the user also sends as.
    pub aliases: Vec<String>,
    /// Addresses that others send as, too.
    pub shared: Vec<String>,
    /// What is done with backscatter.
    pub mode: Mode,
    /// The IMAP server.
    pub imap: ServerSettings,
    /// The server for reports.
    pub smtp: Option<ServerSettings>,
    /// The name to sign in with.
    pub user: String,
    /// The command whose first line is the password; none: it is in the keyring.
    pub command: Option<String>,
    /// The folders that are watched.
    pub watch: Vec<String>,
    /// The Sent folders; none: they are found by attribute and name.
    pub sent: Option<Vec<String>>,
    /// The quarantine folder.
    pub quarantine: String,
    /// How long a notice waits for the copy in Sent, such as `10m`.
    pub grace: String,
    /// How far back the first scan looks, such as `90d` or `all`.
    pub scan_back: String,
    /// How long backscatter stays in quarantine, such as `30d` or `forever`.
    pub keep: String,
    /// Domains of which every address is the user's alone.
    pub own_domains: Vec<String>,
    /// Senders of the user's own whose mail is in no Sent folder.
    #[cfg_attr(test, ts(as = "Vec<super::bindings::Declared>"))]
    pub declared: Vec<Declared>,
    /// Whether the user agreed that, on a server without UIDPLUS, a move is a copy and `\Deleted`.
    pub without_uidplus: bool,
}

/// A server as `config.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ServerSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// A file with one more authority to trust.
    pub ca_file: Option<PathBuf>,
}

/// Which look-ups may be made; each tells somebody outside something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LookUpSettings {
    /// DKIM keys and SPF records of the domains concerned, asked of DNS.
    pub dkim_spf: bool,
    /// Addresses of servers that send notices, asked of backscatterer.org.
    pub backscatterer: bool,
    /// Host names of addresses, asked of DNS.
    pub host_names: bool,
    /// Whom to write to about a network, asked of the registry that gave it out.
    pub rdap: bool,
    /// Whom to write to about a network, asked of Abusix by DNS.
    pub abuse_contacts: bool,
}

/// Reports to SpamCop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpamCopSettings {
    /// Whether reports are sent.
    pub mode: ReportMode,
    /// Whether the address to submit to is known.
    pub has_address: bool,
    /// So many at most in a day.
    pub daily: u32,
    /// So many at most in an hour.
    pub hourly: u32,
    /// So many at most about one server, kind of notice and day.
    pub per_server: u32,
    /// SpamCop reports at once, without the user's word for each.
    pub quick: bool,
    /// The user says that SpamCop knows the servers that receive their mail.
    pub mailhosts: bool,
}

/// Complaints to whoever answers for a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ComplaintSettings {
    /// About servers that send backscatter.
    pub operator: bool,
    /// About hosts that hand forged mail on.
    pub injector: bool,
    /// In which language they are written: `en`, `de`, `fr`, `es` or `ja`.
    pub language: String,
}

/// A word that goes into the keyring and is shown nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hands it over as what the keyring takes.
    #[must_use]
    pub fn expose(&self) -> secrecy::SecretString {
        secrecy::SecretString::from(self.0.clone())
    }
}

impl From<String> for Secret {
    fn from(word: String) -> Self {
        Self(word)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The servers of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ServersView {
    /// The provider's name; none where it is not in our table.
    pub provider: Option<String>,
    /// The IMAP server; none: the user has to say.
    pub imap: Option<ServerSettings>,
    /// The server for sending mail.
    pub smtp: Option<ServerSettings>,
    /// The name to sign in with.
    pub user: String,
    /// What the user has to do first at this provider, in a sentence.
    pub first: Option<String>,
}

/// What a first sign-in showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TriedView {
    /// All folders.
    pub folders: Vec<FolderChoice>,
    /// What will not go well as it is, and what to do, in sentences.
    pub problems: Vec<String>,
}

/// A folder that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FolderChoice {
    /// Its name as the user reads it.
    pub name: String,
    /// Whether it is taken for one of sent mail.
    pub sent: bool,
    /// Whether it is the one that new mail comes to.
    pub inbox: bool,
}

/// What would go into a file for whoever looks into a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiagnosticsView {
    /// Its parts.
    pub parts: Vec<DiagnosticsPart>,
}

/// One part of the diagnostics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiagnosticsPart {
    /// What it is.
    pub name: String,
    /// It, word for word; addresses, subjects and ids are left out.
    pub text: String,
}

impl AccountSettings {
    /// What the configuration says of an account.
    #[must_use]
    pub fn of(account: &config::Account) -> Self {
        let texts = |addresses: &[Address]| addresses.iter().map(ToString::to_string).collect();
        Self {
            name: account.name.clone(),
            address: account.address.to_string(),
            aliases: texts(&account.aliases),
            shared: texts(&account.shared),
            mode: account.mode,
            imap: ServerSettings::of(&account.imap),
            smtp: account.smtp.as_ref().map(ServerSettings::of),
            user: account.user.clone(),
            command: match &account.auth {
                config::Auth::Command(command) => Some(command.clone()),
                config::Auth::Keyring | config::Auth::OAuth2 => None,
            },
            watch: account.watch.clone(),
            sent: account.sent.clone(),
            quarantine: account.quarantine.clone(),
            grace: account.grace.to_string(),
            scan_back: account.scan_back.to_string(),
            keep: account.keep.to_string(),
            own_domains: account.own_domains.clone(),
            declared: account.declared.clone(),
            without_uidplus: account.without_uidplus,
        }
    }
}

impl ServerSettings {
    /// What the configuration says of a server.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let Server { host, port, security, ca_file } = server;
        Self { host: host.clone(), port: *port, security: *security, ca_file: ca_file.clone() }
    }
}

impl LookUpSettings {
    /// What the configuration says of look-ups.
    #[must_use]
    pub fn of(lookups: &config::LookUps) -> Self {
        Self {
            dkim_spf: lookups.dkim_spf,
            backscatterer: lookups.backscatterer,
            host_names: lookups.host_names,
            rdap: lookups.rdap,
            abuse_contacts: lookups.abuse_contacts,
        }
    }
}

impl SpamCopSettings {
    /// What the configuration says of reports; `has_address`: whether the address to submit to is known.
    #[must_use]
    pub fn of(spamcop: &config::SpamCop, has_address: bool) -> Self {
        Self {
            mode: spamcop.mode,
            has_address,
            daily: spamcop.daily,
            hourly: spamcop.hourly,
            per_server: spamcop.per_server,
            quick: spamcop.quick,
            mailhosts: spamcop.mailhosts,
        }
    }
}

impl ComplaintSettings {
    /// What the configuration says of complaints.
    #[must_use]
    pub fn of(complaints: &config::Complaints) -> Self {
        Self {
            operator: complaints.operator,
            injector: complaints.injector,
            language: complaints.language.code().to_owned(),
        }
    }
}
