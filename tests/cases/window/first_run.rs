//! From an empty machine to a cleaned inbox; a pause; ended and started again.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use agent::config::Paths;
use it::desktop::{app, until};
use it::population::people::ADDRESS;
use it::{Desktop, Mail, Population, WebView, date};
use tokio::process::Child;

use super::super::clean_up::{dovecot, fill};
use super::super::late_copy::PROVED;
use super::super::storm::{Returned, returned};
use super::status;

/// A bounce of a forged mail.
fn forged(number: u32, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "An offer",
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.{}.113.{}])", number % 7, number % 250 + 1),
    };
    returned(number, &original, when)
}

fn paths(desktop: &Desktop) -> Paths {
    let home = desktop.home();
    Paths {
        config: home.join(".config/neversent/config.toml"),
        data_dir: home.join(".local/share/neversent"),
    }
}

/// Starts the program without a window; the server's authority is one that its machine trusts.
fn start(desktop: &Desktop, authority: &std::path::Path) -> Child {
    let mut command = desktop.command(app());
    command.arg("--autostarted").env("SSL_CERT_FILE", authority).stderr(Stdio::inherit());
    command.spawn().expect("the program starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_empty_machine_to_a_cleaned_inbox() {
    let server = dovecot();
    fill(&server, &Population::new(11, date::now(), PROVED));
    let now = date::now() - 3_600;
    server.put("INBOX", (1..=5).map(|number| forged(number, now))).expect("they come in");
    let endpoint = server.endpoint();
    let imap: toml::Table = endpoint.imap_toml().parse().expect("it is TOML");
    let authority = PathBuf::from(imap["imap"]["ca_file"].as_str().expect("an authority"));
    let host = imap["imap"]["host"].as_str().expect("a host").to_owned();
    let port = imap["imap"]["port"].as_integer().expect("a port").to_string();

    let desktop = Desktop::start().await.expect("the desktop starts");
    let mut program = start(&desktop, &authority);
    desktop.until_in_menu("No account yet").await.expect("the tray says so");

    // The first run, in the window.
    let window = WebView::open(&desktop).await.expect("the window opens");
    window.write("Your address", ADDRESS).await.expect("a field");
    window.press("Next").await.expect("a button");
    window.write("Server", &host).await.expect("a field");
    window.write("Port", &port).await.expect("a field");
    window.write("Name to sign in with", &endpoint.user).await.expect("a field");
    window.write("Password", &endpoint.password).await.expect("a field");
    window.press("Sign in").await.expect("a button");
    window.press("Start reading").await.expect("the folders are found");
    window.until_shown("This is what would be moved").await.expect("all is read");
    until("all are judged", async || {
        let status = status(&paths(&desktop)).await?;
        Ok(status.accounts.first().is_some_and(|account| account.to_apply == 5).then_some(()))
    })
    .await
    .expect("they are backscatter");
    let before = status(&paths(&desktop)).await.expect("a status");
    assert_eq!(before.accounts[0].quarantined, 0, "nothing is moved yet: {before:?}");
    window.press("Move them and switch on").await.expect("a button");
    window.until_shown("Neversent is on").await.expect("it is on");
    until("all are moved", async || {
        let status = status(&paths(&desktop)).await?;
        Ok(status.accounts.first().is_some_and(|account| account.quarantined == 5).then_some(()))
    })
    .await
    .expect("five are in quarantine");
    let snapshot = server.snapshot().await.expect("a snapshot");
    assert_eq!(snapshot.folder("Never Sent").count(), 5, "on the server as well");
    let config = std::fs::read_to_string(paths(&desktop).config).expect("the configuration");
    assert!(!config.contains(&endpoint.password), "the password is in the keyring alone");
    desktop.until_notified("moved to Never Sent").await.expect("it is told");
    desktop.until_in_menu("Watching for new mail").await.expect("the tray says so");

    window.close().await.expect("the window closes");

    // A pause, from the tray.
    desktop.choose("Pause for an hour").await.expect("it can be chosen");
    desktop.until_in_menu("Paused").await.expect("it is paused");
    desktop.choose("Resume").await.expect("it can be chosen");
    desktop.until_in_menu("Watching for new mail").await.expect("it goes on");

    // Ended and started again, with everything as it was.
    desktop.choose("Quit").await.expect("it can be chosen");
    let ended = tokio::time::timeout(Duration::from_secs(20), program.wait())
        .await
        .expect("it ends")
        .expect("it ends");
    assert!(ended.success(), "cleanly: {ended}");
    let mut program = start(&desktop, &authority);
    desktop.until_in_menu("Watching for new mail").await.expect("it watches again");
    let after = status(&paths(&desktop)).await.expect("a status");
    assert_eq!(after.accounts[0].quarantined, 5, "as it was: {after:?}");

    desktop.choose("Quit").await.expect("it can be chosen");
    program.wait().await.expect("it ends");
}
