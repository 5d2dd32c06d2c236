//! One account.

use std::path::{Path, PathBuf};

use rules::{Address, Profile, profile::Declared};
use serde::Deserialize;

use super::{
    duration::{Grace, Keep, ScanBack},
    server::ServerTable,
};
use crate::imap::Server;

/// What is done with backscatter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is judged and shown; nothing is moved.
    #[default]
    Observe,
    /// It is moved to quarantine.
    Quarantine,
}

/// Where the secret of an account comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// A password in the keyring of the desktop.
    #[default]
    Keyring,
    /// A sign-in in the browser.
    OAuth2,
    /// The first line that this command prints.
    Command(String),
}

/// One account, checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Table")]
pub struct Account {
    /// Its name: 1 to 64 letters, digits, `.`, `_` or `-`, unique in the file whatever the case.
    pub name: String,
    /// The user's address.
    pub address: Address,
    /// Addresses that the user also sends as.
    pub aliases: Vec<Address>,
    /// Addresses that others send as, too.
    pub shared: Vec<Address>,
    /// What is done with backscatter.
    pub mode: Mode,
    /// The IMAP server.
    pub imap: Server,
    /// The server for reports.
    pub smtp: Option<Server>,
    /// The name to sign in with; the address, where none is given.
    pub user: String,
    /// Where the secret comes from.
    pub auth: Auth,
    /// The folders that are watched, as the user reads their names; one at least.
    pub watch: Vec<String>,
    /// The Sent folders, as the user reads their names; none: they are found by attribute and name.
    pub sent: Option<Vec<String>>,
    /// The quarantine folder, as the user reads its name.
    pub quarantine: String,
    /// How long a notice waits for the copy in Sent.
    pub grace: Grace,
    /// How far back the first scan looks.
    pub scan_back: ScanBack,
    /// How long backscatter stays in quarantine.
    pub keep: Keep,
    /// Domains, in lower case, of which every address is the user's alone.
    pub own_domains: Vec<String>,
    /// Senders of the user's own whose mail is in no Sent folder.
    pub declared: Vec<Declared>,
    /// Whether the user agreed that, on a server without UIDPLUS, a move is a copy and `\Deleted`.
    pub without_uidplus: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: AccountName,
    address: AddressText,
    #[serde(default)]
    aliases: Vec<AddressText>,
    #[serde(default)]
    shared: Vec<AddressText>,
    #[serde(default)]
    mode: Mode,
    imap: ServerTable,
    smtp: Option<ServerTable>,
    user: Option<String>,
    #[serde(default)]
    auth: Auth,
    watch: Option<Vec<Folder>>,
    sent: Option<Vec<Folder>>,
    quarantine: Option<Folder>,
    #[serde(default)]
    grace: Grace,
    #[serde(default)]
    scan_back: ScanBack,
    #[serde(default)]
    keep: Keep,
    #[serde(default)]
    own_domains: Vec<Domain>,
    #[serde(default)]
    declared: Vec<super::declared::Entry>,
    #[serde(default)]
    without_uidplus: bool,
}

/// A text that is checked where it stands, so that an error names its line.
macro_rules! checked {
    ($name:ident, $inner:ty, $check:expr) => {
        #[derive(Deserialize)]
        #[serde(try_from = "String")]
        struct $name($inner);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(String) -> Result<$inner, String> = $check;
                check(text).map(Self)
            }
        }
    };
}

checked!(AccountName, String, |text| {
    let valid = (1..=64).contains(&text.chars().count())
        && !text.starts_with('.')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if valid {
        Ok(text)
    } else {
        Err(format!("`{text}` is no account name; use letters, digits, `.`, `_` and `-`"))
    }
});

checked!(AddressText, (Address, String), |text| {
    let plain = text.matches('@').count() == 1 && !text.contains(['<', '>', ',', ';', '"']);
    match Address::new(&text) {
        Some(address) if plain => Ok((address, text.trim().to_owned())),
        _ => Err(format!("`{text}` is no mail address; write it bare, such as ada@example.org")),
    }
});

checked!(Folder, String, |text| {
    let valid = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if valid { Ok(text) } else { Err("a folder needs a name, such as \"INBOX\"".to_owned()) }
});

checked!(Domain, String, |text| {
    let domain = text.trim_end_matches('.').to_lowercase();
    let valid = domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    if valid {
        Ok(domain)
    } else {
        Err(format!("`{text}` is no domain; write it without @, such as example.org"))
    }
});

impl TryFrom<Table> for Account {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let AddressText((address, written)) = table.address;
        let addresses =
            |list: Vec<AddressText>| list.into_iter().map(|AddressText((a, _))| a).collect::<Vec<_>>();
        let folders = |list: Vec<Folder>| list.into_iter().map(|Folder(name)| name).collect::<Vec<_>>();
        let watch = table.watch.map_or_else(|| vec!["INBOX".to_owned()], folders);
        let sent = table.sent.map(folders);
        let quarantine = table.quarantine.map_or_else(|| "Never Sent".to_owned(), |Folder(name)| name);
        let name = table.name.0;
        if watch.is_empty() || sent.as_ref().is_some_and(Vec::is_empty) {
            return Err(format!(
                "account `{name}`: an empty list of folders; leave `watch` or `sent` out for the usual ones"
            ));
        }
        if watch.iter().chain(sent.iter().flatten()).any(|folder| *folder == quarantine) {
            return Err(format!(
                "account `{name}`: `{quarantine}` cannot be quarantine and be watched or hold sent mail; choose another folder"
            ));
        }
        if let Some(folder) = sent.iter().flatten().find(|folder| watch.contains(folder)) {
            return Err(format!(
                "account `{name}`: `{folder}` is both watched and a Sent folder; take it out of one list"
            ));
        }
        if let Auth::Command(command) = &table.auth
            && command.trim().is_empty()
        {
            return Err(format!(
                "account `{name}`: the command is empty; write one that prints the password"
            ));
        }
        let user = table.user.unwrap_or(written);
        if user.is_empty() || user.chars().any(char::is_control) {
            return Err(format!(
                "account `{name}`: `user` is empty; leave it out to sign in with the address"
            ));
        }
        Ok(Self {
            name,
            address,
            aliases: addresses(table.aliases),
            shared: addresses(table.shared),
            mode: table.mode,
            imap: table.imap.imap(),
            smtp: table.smtp.map(ServerTable::smtp),
            user,
            auth: table.auth,
            watch,
            sent,
            quarantine,
            grace: table.grace,
            scan_back: table.scan_back,
            keep: table.keep,
            own_domains: table.own_domains.into_iter().map(|Domain(domain)| domain).collect(),
            declared: table.declared.into_iter().map(|entry| entry.0).collect(),
            without_uidplus: table.without_uidplus,
        })
    }
}

impl Account {
    /// What this account alone says about the user.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let mut profile = Profile::default();
        self.add_to(&mut profile);
        profile
    }

    pub(super) fn add_to(&self, profile: &mut Profile) {
        profile.own.insert(self.address.clone());
        profile.own.extend(self.aliases.iter().cloned());
        profile.shared.extend(self.shared.iter().cloned());
        profile.own_domains.extend(self.own_domains.iter().cloned());
        profile.declared.extend(self.declared.iter().cloned());
        profile.own_servers.insert(self.imap.host.clone());
        profile.own_servers.extend(self.smtp.iter().map(|server| server.host.clone()));
        profile.grace.insert(self.name.clone(), self.grace.seconds());
    }

    /// Makes relative file names absolute: they are meant from the folder of the configuration.
    pub(super) fn resolve_files(&mut self, folder: &Path) {
        let servers = std::iter::once(&mut self.imap).chain(self.smtp.as_mut());
        for file in servers.filter_map(|server| server.ca_file.as_mut()) {
            *file = folder.join(&*file as &PathBuf);
        }
    }
}
