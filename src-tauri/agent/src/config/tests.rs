use rules::profile::Declared;

use super::*;
use crate::imap::Security;

const SMALLEST: &str = r#"version = 1
[[account]]
name = "home"
address = "Ada@Example.org"
imap = { host = "imap.example.org" }
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/home/ada/config.toml"))
}

#[test]
fn the_smallest_configuration_gets_the_defaults() {
    let config = parse(SMALLEST).expect("it is enough");
    let account = &config.accounts[0];
    assert_eq!(account.mode, Mode::Observe, "nothing is moved until the user says so");
    assert_eq!((account.imap.port, account.imap.security), (993, Security::Tls), "TLS from the start");
    assert_eq!(account.user, "Ada@Example.org", "signs in with the address as written");
    assert_eq!(account.address.as_str(), "ada@example.org", "addresses compare in lower case");
    assert_eq!(account.auth, Auth::Keyring, "the secret is in the keyring");
    assert_eq!(account.watch, ["INBOX"], "the inbox is watched");
    assert_eq!(account.sent, None, "Sent folders are found");
    assert_eq!(account.quarantine, "Never Sent", "the usual quarantine");
    assert_eq!(account.grace.seconds(), 600, "ten minutes of grace");
    assert_eq!(account.scan_back, ScanBack::Seconds(7_776_000), "90 days back");
    assert_eq!(account.keep, Keep::Seconds(2_592_000), "kept 30 days");
    assert!(!account.without_uidplus, "\\Deleted is set only where the user agreed");
    assert_eq!(config.lookups, LookUps::default(), "look-ups as usual");
    assert_eq!(config.spamcop.mode, ReportMode::Off, "no reports unasked");
}

#[test]
fn a_full_configuration_is_read_whole() {
    let text = r#"version = 1
[[account]]
name = "home"
address = "ada@example.org"
aliases = ["ada@example.com"]
shared = ["team@example.org"]
mode = "quarantine"
imap = { host = "IMAP.example.org", port = 1143, security = "starttls", ca_file = "ca.pem" }
smtp = { host = "smtp.example.org" }
user = "ada"
auth = { command = "pass show mail" }
watch = ["INBOX", "Junk"]
sent = ["Sent", "Gesendet"]
quarantine = "Fremdes"
grace = "0s"
scan_back = "all"
keep = "forever"
own_domains = ["Ada.Example"]
declared = [{ relay = "192.0.2.1" }, { id = "*@lists.example.org" }, { header = "X-Mailer: shop" }, { dkim = "shop._domainkey.example.org" }]
without_uidplus = true
[lookups]
dkim_spf = false
name_servers = ["192.0.2.53:53", "2001:db8::53"]
[spamcop]
address = "keyring"
mode = "ask"
"#;
    let config = parse(text).expect("every key is known");
    let account = config.account("home").expect("it is there");
    assert_eq!(
        account.imap.ca_file.as_deref(),
        Some(Path::new("/home/ada/ca.pem")),
        "from the file's folder"
    );
    assert_eq!(account.smtp.as_ref().map(|smtp| smtp.port), Some(465), "submission over TLS");
    assert_eq!(account.auth, Auth::Command("pass show mail".to_owned()), "the command");
    let profile = config.profile();
    assert_eq!(profile.own.len(), 2, "address and alias");
    assert!(profile.own_domains.contains("ada.example"), "domains compare in lower case");
    assert!(profile.own_servers.contains("imap.example.org"), "the own server is known");
    assert!(profile.declared.contains(&Declared::Id("*@lists.example.org".to_owned())), "declared by id");
    assert_eq!(profile.declared.len(), 4, "all four forms");
    assert_eq!(profile.grace.get("home"), Some(&0), "no grace");
}

/// What is changed in the smallest configuration, and what the error must name.
const WRONG: &[(&str, &str, &str, &[&str])] = &[
    ("name =", "nmae =", "unknown key", &["line 3", "nmae", "name"]),
    ("version = 1", "version = 2", "another version", &["line 1", "key `version`", "version = 1"]),
    ("\"home\"", "\"a b\"", "a name with a blank", &["line 3", "key `name`", "letters"]),
    ("\"Ada@Example.org\"", "\"ada\"", "no address", &["line 4", "key `address`", "ada@example.org"]),
    ("\"Ada@Example.org\"", "\"a@b.c\"\naliases = [\"x\"]", "no alias", &["line 5", "key `aliases`", "`x`"]),
    (
        "host = \"imap.example.org\"",
        "host = \"imaps://imap.example.org\"",
        "a URL for a host",
        &["line 5", "key `imap`", "scheme"],
    ),
    (
        "\"imap.example.org\"",
        "\"imap.example.org\", security = \"none\"",
        "clear text",
        &["line 5", "key `imap`", "clear text"],
    ),
    ("\"imap.example.org\"", "\"imap.example.org\", port = 70000", "no port", &["line 5", "key `port`"]),
    (
        "\"imap.example.org\"",
        "\"imap.example.org\", tls = true",
        "unknown inner key",
        &["line 5", "`tls`", "security"],
    ),
    (
        "version = 1",
        "version = 1\n[lookups]\nname_servers = [\"dns.example.org\"]\n",
        "a name server by its name",
        &["line 3", "name_servers", "192.0.2.53:53"],
    ),
    ("version = 1", "version = 1\nlookup = 1", "unknown outer key", &["line 2", "`lookup`", "lookups"]),
    ("imap =", "grace = \"25h\"\nimap =", "too much grace", &["line 5", "key `grace`", "24h"]),
    ("imap =", "keep = \"soon\"\nimap =", "no time", &["line 5", "key `keep`", "forever"]),
    ("imap =", "mode = \"move\"\nimap =", "no mode", &["line 5", "key `mode`", "observe"]),
    ("imap =", "declared = [{ id = \"*\" }]\nimap =", "every id", &["line 5", "Message-IDs"]),
    (
        "imap =",
        "declared = [{ relay = \"mx.example.org\" }]\nimap =",
        "a relay by name",
        &["line 5", "IP address"],
    ),
    (
        "imap =",
        "declared = [{ id = \"*@a.b\", dkim = \"x\" }]\nimap =",
        "two at once",
        &["line 5", "exactly one"],
    ),
    ("imap =", "watch = [\"Never Sent\"]\nimap =", "watches quarantine", &["home", "Never Sent"]),
    ("imap =", "watch = []\nimap =", "watches nothing", &["home", "watch"]),
    ("imap = { host = \"imap.example.org\" }", "", "no server", &["line 2", "missing key `imap`"]),
    ("name = \"home\"", "name = \"home", "no TOML", &["line 3"]),
];

#[test]
fn what_is_wrong_is_named_with_line_key_and_remedy() {
    for (from, to, what, named) in WRONG {
        let text = SMALLEST.replacen(from, to, 1);
        assert_ne!(text, SMALLEST, "{what}: the case changes something");
        let message = parse(&text).expect_err(what).to_string();
        for part in *named {
            assert!(message.contains(part), "{what}: {message:?} names {part:?}");
        }
        assert!(message.contains("/home/ada/config.toml"), "{what}: {message:?} names the file");
    }
}

#[test]
fn names_are_unique_whatever_the_case() {
    let (_, account) = SMALLEST.split_once('\n').expect("two parts");
    let text = format!("{SMALLEST}{}", account.replace("home", "Home"));
    let message = parse(&text).expect_err("two accounts of one name").to_string();
    assert!(message.contains("line 6") && message.contains("`Home`"), "{message:?} names the second");
}

#[test]
fn clear_text_is_allowed_to_this_machine_alone() {
    for (host, allowed) in
        [("localhost", true), ("127.0.0.1", true), ("::1", true), ("localhost.example", false)]
    {
        let text = SMALLEST.replace("\"imap.example.org\"", &format!("\"{host}\", security = \"none\""));
        assert_eq!(parse(&text).is_ok(), allowed, "{host}");
    }
}

#[test]
fn a_missing_file_says_what_to_do() {
    let error = Config::load(Path::new("/nonexistent/config.toml")).expect_err("there is none");
    assert!(error.to_string().contains("--config"), "{error} names the remedy");
}
