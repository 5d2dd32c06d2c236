//! Changes in `config.toml`: what the user wrote there, comments and order, stays as it is.

use std::path::Path;

use rules::profile::Declared;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::{BEGUN, Config, ConfigError, Desktop, Mode, Notify, ReportMode};
use crate::api::{AccountSettings, ServerSettings, SettingsChange};
use crate::imap::Security;

/// The configuration cannot be changed so.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The file as it is is no TOML.
    #[error("{} cannot be read as it is, so nothing was changed; mend it first: {why}", file.display())]
    Unreadable {
        /// The file.
        file: std::path::PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There is no such account.
    #[error("there is no account \u{201c}{0}\u{201d} in the configuration")]
    NoSuchAccount(String),
    /// With the change it would be wrong.
    #[error("{0}")]
    Wrong(String),
}

/// The text of a configuration with a change in it; checked, so that it can be read again.
///
/// # Errors
/// The text cannot be read, there is no such account, or what is to be written is wrong.
pub fn changed(text: &str, file: &Path, change: &SettingsChange) -> Result<String, EditError> {
    let unreadable = |why: String| EditError::Unreadable { file: file.to_owned(), why };
    let text = if text.trim().is_empty() { BEGUN } else { text };
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| unreadable(error.to_string()))?;
    let root = document.as_table_mut();
    match change {
        SettingsChange::Account { name, account, .. } => {
            let accounts =
                accounts(root).ok_or_else(|| unreadable("`account` is no list of tables".to_owned()))?;
            match name {
                Some(name) if *name != account.name => {
                    return Err(EditError::Wrong(format!(
                        "the account \u{201c}{name}\u{201d} cannot have another name: what was moved, put back and reported is \
                         kept under this one"
                    )));
                }
                Some(name) => {
                    let found = accounts.iter_mut().find(|table| is_named(table, name));
                    write_account(found.ok_or_else(|| EditError::NoSuchAccount(name.clone()))?, account);
                }
                None => {
                    let mut table = Table::new();
                    write_account(&mut table, account);
                    accounts.push(table);
                }
            }
        }
        SettingsChange::RemoveAccount { name } => {
            let accounts =
                accounts(root).ok_or_else(|| unreadable("`account` is no list of tables".to_owned()))?;
            let before = accounts.len();
            accounts.retain(|table| !is_named(table, name));
            if accounts.len() == before {
                return Err(EditError::NoSuchAccount(name.clone()));
            }
        }
        SettingsChange::LookUps(lookups) => {
            let table =
                section(root, "lookups").ok_or_else(|| unreadable("`lookups` is no table".to_owned()))?;
            for (key, on, usual) in [
                ("dkim_spf", lookups.dkim_spf, true),
                ("backscatterer", lookups.backscatterer, false),
                ("host_names", lookups.host_names, false),
                ("rdap", lookups.rdap, false),
                ("abuse_contacts", lookups.abuse_contacts, false),
            ] {
                set_or(table, key, on, usual);
            }
        }
        SettingsChange::SpamCop { settings, address } => {
            let table =
                section(root, "spamcop").ok_or_else(|| unreadable("`spamcop` is no table".to_owned()))?;
            let mode = match settings.mode {
                ReportMode::Ask => "ask",
                ReportMode::Automatic => "automatic",
                ReportMode::Off => "off",
            };
            if address.is_some() && table.contains_key("address") {
                set(table, "address", "keyring");
            }
            set_or(table, "mode", mode, "off");
            for (key, number, usual) in [
                ("daily", settings.daily, 100),
                ("hourly", settings.hourly, 20),
                ("per_server", settings.per_server, 1),
            ] {
                set_or(table, key, i64::from(number), usual);
            }
            set_or(table, "quick", settings.quick, false);
            set_or(table, "mailhosts", settings.mailhosts, false);
        }
        SettingsChange::Complaints(complaints) => {
            let table = section(root, "complaints")
                .ok_or_else(|| unreadable("`complaints` is no table".to_owned()))?;
            set_or(table, "operator", complaints.operator, false);
            set_or(table, "injector", complaints.injector, false);
            set_or(table, "language", complaints.language.as_str(), "en");
        }
        SettingsChange::Desktop(desktop) => {
            let table =
                section(root, "desktop").ok_or_else(|| unreadable("`desktop` is no table".to_owned()))?;
            write_desktop(table, desktop);
        }
    }
    let text = document.to_string();
    match Config::parse_begun(&text, file) {
        Ok(_) => Ok(text),
        Err(ConfigError::Wrong { message, .. }) => Err(EditError::Wrong(message)),
        Err(error) => Err(EditError::Wrong(error.to_string())),
    }
}

/// An account that is in no file yet, checked as if it were.
///
/// # Errors
/// What is said of it is wrong.
pub fn only_account(settings: &AccountSettings, file: &Path) -> Result<super::Account, EditError> {
    let change = SettingsChange::Account { name: None, account: Box::new(settings.clone()), password: None };
    let text = changed("", file, &change)?;
    let config = Config::parse(&text, file).map_err(|error| EditError::Wrong(error.to_string()))?;
    config.accounts.into_iter().next().ok_or_else(|| EditError::NoSuchAccount(settings.name.clone()))
}

fn accounts(root: &mut Table) -> Option<&mut ArrayOfTables> {
    root.entry("account")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
}

fn section<'t>(root: &'t mut Table, name: &str) -> Option<&'t mut Table> {
    root.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_mut()
}

fn is_named(table: &Table, name: &str) -> bool {
    table.get("name").and_then(Item::as_str) == Some(name)
}

/// Sets a value where it stands already or is not the usual one.
fn set_or<V: Into<Value> + PartialEq>(table: &mut Table, key: &str, value: V, usual: V) {
    if table.contains_key(key) || value != usual {
        set(table, key, value);
    }
}

/// Sets a value; a comment behind the one before stays.
fn set(table: &mut Table, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    if let Some(before) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = before.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

fn write_account(table: &mut Table, account: &AccountSettings) {
    set(table, "name", account.name.as_str());
    set(table, "address", account.address.as_str());
    set_list(table, "aliases", &account.aliases);
    set_list(table, "shared", &account.shared);
    let mode = match account.mode {
        Mode::Observe => "observe",
        Mode::Quarantine => "quarantine",
    };
    set_or(table, "mode", mode, "observe");
    set(table, "imap", server(&account.imap));
    match &account.smtp {
        Some(smtp) => set(table, "smtp", server(smtp)),
        None => {
            table.remove("smtp");
        }
    }
    set_or(table, "user", account.user.as_str(), account.address.as_str());
    match &account.command {
        Some(command) => {
            set(table, "auth", std::iter::once(("command", command.as_str())).collect::<InlineTable>())
        }
        // What else stands there, the file alone can say.
        None if table.get("auth").is_some_and(|auth| auth.as_str().is_none()) => {
            set(table, "auth", "keyring")
        }
        None => {}
    }
    if table.contains_key("watch") || account.watch != ["INBOX"] {
        set(table, "watch", account.watch.iter().collect::<Array>());
    }
    match &account.sent {
        Some(sent) => set(table, "sent", sent.iter().collect::<Array>()),
        None => {
            table.remove("sent");
        }
    }
    set_or(table, "quarantine", account.quarantine.as_str(), "Never Sent");
    set_or(table, "grace", account.grace.as_str(), "10m");
    set_or(table, "scan_back", account.scan_back.as_str(), "90d");
    set_or(table, "keep", account.keep.as_str(), "30d");
    set_list(table, "own_domains", &account.own_domains);
    if table.contains_key("declared") || !account.declared.is_empty() {
        set(table, "declared", account.declared.iter().map(declared).collect::<Array>());
    }
    set_or(table, "without_uidplus", account.without_uidplus, false);
}

fn set_list(table: &mut Table, key: &str, list: &[String]) {
    if table.contains_key(key) || !list.is_empty() {
        set(table, key, list.iter().collect::<Array>());
    }
}

fn server(server: &ServerSettings) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("host", server.host.as_str().into());
    table.insert("port", i64::from(server.port).into());
    let security = match server.security {
        Security::Tls => "tls",
        Security::StartTls => "starttls",
        Security::None => "none",
    };
    table.insert("security", security.into());
    if let Some(file) = &server.ca_file {
        table.insert("ca_file", file.to_string_lossy().as_ref().into());
    }
    table
}

fn declared(sender: &Declared) -> InlineTable {
    let (key, value) = match sender {
        Declared::Relay(address) => ("relay", address.to_string()),
        Declared::Id(id) => ("id", id.clone()),
        Declared::Header(header) => ("header", header.clone()),
        Declared::Dkim(dkim) => ("dkim", dkim.clone()),
    };
    std::iter::once((key, value)).collect()
}

fn write_desktop(table: &mut Table, desktop: &Desktop) {
    match &desktop.language {
        Some(language) => set(table, "language", language.as_str()),
        None => {
            table.remove("language");
        }
    }
    let notify = match desktop.notify {
        Notify::Summary => "summary",
        Notify::Alarms => "alarms",
    };
    set_or(table, "notify", notify, "summary");
    set_or(table, "show_senders", desktop.show_senders, false);
    match desktop.quiet_hours {
        Some((from, to)) => {
            set(table, "quiet_hours", [from, to].into_iter().map(i64::from).collect::<Array>())
        }
        None => {
            table.remove("quiet_hours");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "/somewhere/config.toml";

    fn account(name: &str) -> AccountSettings {
        let text = format!(
            "version = 1\n[[account]]\nname = \"{name}\"\naddress = \"ada@example.org\"\nimap = {{ host = \"imap.example.org\" }}\n"
        );
        let config = Config::parse(&text, Path::new(FILE)).expect("a configuration");
        AccountSettings::of(&config.accounts[0])
    }

    fn change(text: &str, change: &SettingsChange) -> Result<String, String> {
        changed(text, Path::new(FILE), change).map_err(|error| error.to_string())
    }

    fn add(account: AccountSettings) -> SettingsChange {
        SettingsChange::Account {
            name: None,
            account: Box::new(account),
            password: Some("secret".to_owned().into()),
        }
    }

    #[test]
    fn a_first_account_makes_a_file_of_what_is_not_usual() {
        let text = change("", &add(account("home"))).expect("it can be written");
        let expected = "version = 1\n\n[[account]]\nname = \"home\"\naddress = \"ada@example.org\"\nimap = { host = \
                        \"imap.example.org\", port = 993, security = \"tls\" }\n";
        assert_eq!(text, expected, "no more than is needed, and no password");
    }

    #[test]
    fn what_the_user_wrote_stays() {
        let text = "# mine\nversion = 1\n\n[[account]] # the first\nname = \"home\"\naddress = \"ada@example.org\" # old\n\
                    imap = { host = \"imap.example.org\" }\nmode = \"observe\" # for now\n\n[lookups]\nname_servers = \
                    [\"127.0.0.1:5353\"]\n";
        let moved = AccountSettings { mode: Mode::Quarantine, ..account("home") };
        let changed = change(
            text,
            &SettingsChange::Account {
                name: Some("home".to_owned()),
                account: Box::new(moved),
                password: None,
            },
        );
        let changed = changed.expect("it can be written");
        for kept in [
            "# mine",
            "# the first",
            "# old",
            "mode = \"quarantine\" # for now",
            "name_servers = [\"127.0.0.1:5353\"]",
        ] {
            assert!(changed.contains(kept), "{kept} in {changed}");
        }
    }

    #[test]
    fn all_that_can_be_said_of_an_account_is_read_again_as_it_was_written() {
        let said = AccountSettings {
            aliases: vec!["a@example.com".to_owned()],
            shared: vec!["office@example.org".to_owned()],
            mode: Mode::Quarantine,
            smtp: Some(ServerSettings {
                host: "localhost".to_owned(),
                port: 2_525,
                security: Security::None,
                ca_file: Some("/etc/own.pem".into()),
            }),
            user: "ada".to_owned(),
            command: Some("pass show mail".to_owned()),
            watch: vec!["INBOX".to_owned(), "Junk".to_owned()],
            sent: Some(vec!["Gesendet".to_owned()]),
            quarantine: "Nie gesendet".to_owned(),
            grace: "90s".to_owned(),
            scan_back: "all".to_owned(),
            keep: "forever".to_owned(),
            own_domains: vec!["example.net".to_owned()],
            declared: vec![
                Declared::Relay("192.0.2.1".parse().expect("an address")),
                Declared::Id("*@lists.example.org".to_owned()),
                Declared::Header("X-Mailer: shop".to_owned()),
                Declared::Dkim("shop._domainkey.example.org".to_owned()),
            ],
            without_uidplus: true,
            ..account("work")
        };
        let read = only_account(&said, Path::new(FILE)).expect("it is right");
        assert_eq!(AccountSettings::of(&read), said, "nothing is lost");
    }

    #[test]
    fn what_is_wrong_is_not_written() {
        let two = change("", &add(account("home"))).expect("it can be written");
        let again = change(&two, &add(account("Home"))).expect_err("a second one of that name");
        assert!(again.contains("a second account"), "{again}");
        let clear = AccountSettings {
            imap: ServerSettings { security: Security::None, ..account("x").imap },
            ..account("x")
        };
        let clear = change("", &add(clear)).expect_err("a password in clear text");
        assert!(clear.contains("clear text"), "{clear}");
        let none = change(&two, &SettingsChange::RemoveAccount { name: "work".to_owned() });
        assert!(none.expect_err("there is none").contains("no account"), "it is told");
        let torn = change("version = [", &add(account("home"))).expect_err("it is no TOML");
        assert!(torn.contains("mend it first"), "{torn}");
        let language = Desktop { language: Some("tlh".to_owned()), ..Desktop::default() };
        let language = change(&two, &SettingsChange::Desktop(language)).expect_err("no such language");
        assert!(language.contains("no language"), "{language}");
    }

    #[test]
    fn the_last_account_can_go() {
        let one = change("", &add(account("home"))).expect("it can be written");
        let none = change(&one, &SettingsChange::RemoveAccount { name: "home".to_owned() }).expect("it can");
        assert!(
            Config::parse_begun(&none, Path::new(FILE)).expect("it is read").accounts.is_empty(),
            "{none}"
        );
    }

    #[test]
    fn quiet_hours_and_language_are_written_and_taken_out() {
        let wanted = Desktop {
            language: Some("de".to_owned()),
            notify: Notify::Alarms,
            show_senders: true,
            quiet_hours: Some((22, 7)),
        };
        let text = change("", &SettingsChange::Desktop(wanted.clone())).expect("it can be written");
        assert_eq!(
            Config::parse_begun(&text, Path::new(FILE)).expect("it is read").desktop,
            wanted,
            "{text}"
        );
        let text = change(&text, &SettingsChange::Desktop(Desktop::default())).expect("it can be written");
        let read = Config::parse_begun(&text, Path::new(FILE)).expect("it is read").desktop;
        assert_eq!(read, Desktop::default(), "{text}");
    }
}
