//! The desktop program beside a large index: how soon its window is there, what memory it takes, and what it does while
//! nothing happens. It runs on a desktop of its own, and its mail is on a real Dovecot.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use agent::api::{AccountState, AccountView, Request, Response, Watching};
use agent::config::Paths;
use agent::socket;
use anyhow::{Context as _, Result, bail, ensure};
use it::desktop::app;
use it::{Desktop, Dovecot, MailServer, WebView, Windows};
use tokio::process::Child;

use super::Report;
use super::mailbox::{self, SENT, YEARS};
use super::program;

/// How long the first reading may take.
const READING: Duration = Duration::from_secs(1_800);
/// How long all else may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long nothing happens before memory is read.
const SETTLED: Duration = Duration::from_secs(20);
/// So long nothing happens while work is counted: some of it comes once a minute.
const REST: Duration = Duration::from_secs(300);
/// So often the window is opened.
const OPENED: usize = 7;
/// What the title ends with once the page stands: the view's heading is in it by then, and the state of each account.
const READY: &str = " – Neversent";

/// A line of the table: what, its value with a unit, and the bar.
type Row = (String, String, &'static str);

/// Measures it.
///
/// # Errors
/// The desktop or the program cannot be started, or does not come to watch.
pub async fn figure(report: &mut Report) -> Result<()> {
    report.say(format!("window: the desktop program with {SENT} sent mails of {YEARS} years"));
    let server = MailServer::Dovecot(Dovecot::start(Default::default())?);
    mailbox::fill(&server)?;
    let desktop = Desktop::start().await?;
    let windows = desktop.windows()?;
    let paths = configure(&desktop, &server)?;
    let mut rows = Vec::new();
    let mut memory = |report: &mut Report, tray: &Child, what: &str, bar: Option<f64>| {
        let (sum, parts) = program::memory(tray.id().context("the program has ended")?)?;
        match bar {
            Some(bar) => report.bar(what, sum, "MB", bar),
            None => report.say(format!("  {what:<58} {sum:>9.2} MB")),
        }
        report.say(format!("    {parts}"));
        rows.push((what.to_owned(), format!("{sum:.0} MB"), if bar.is_some() { "100 MB" } else { "" }));
        anyhow::Ok(())
    };

    let began = Instant::now();
    let mut tray = start(&desktop)?;
    let all = |account: &AccountView| account.sent_indexed >= SENT as u64 && account.complete;
    until_account(&paths, READING, all).await?;
    report.say(format!("  {:<58} {:>9.1} s", "until all sent mail is read", began.elapsed().as_secs_f64()));
    tokio::time::sleep(SETTLED).await;
    memory(report, &tray, "memory, window never opened, after reading all sent mail", Some(100.0))?;
    quit(&desktop, &mut tray).await?;

    let mut tray = start(&desktop)?;
    until_account(&paths, PATIENCE, watching).await?;
    tokio::time::sleep(SETTLED).await;
    memory(report, &tray, "memory, window never opened", Some(100.0))?;
    let id = tray.id().context("the program has ended")?;
    let before = program::worked(id)?;
    tokio::time::sleep(REST).await;
    let idle = (program::worked(id)? - before) / REST.as_secs_f64() * 100.0;
    report.bar("processor time while nothing happens, of one core", idle, "%", 0.1);

    let times = open_often(&desktop, &windows).await?;
    let (first, median) = (times.first().copied().unwrap_or_default(), median(&times));
    report.bar("from the start of the window's process to its page, first", first, "s", 1.0);
    report.bar(&format!("the same, median of {OPENED}"), median, "s", 1.0);
    desktop.choose("Open").await?;
    let window = until_ready(&windows).await?;
    tokio::time::sleep(SETTLED).await;
    memory(report, &tray, "memory, window open", None)?;
    windows.close(window)?;
    tokio::time::sleep(SETTLED).await;
    memory(report, &tray, "memory, window closed again", Some(100.0))?;
    report.must("with that title, heading and account are in the page", stands(&desktop, &windows).await?);
    quit(&desktop, &mut tray).await?;

    let mut table: Vec<Row> = vec![
        ("opening the window, first time".to_owned(), format!("{first:.2} s"), "1 s"),
        (format!("opening the window, median of {OPENED}"), format!("{median:.2} s"), "1 s"),
    ];
    table.append(&mut rows);
    table.push(("processor time while nothing happens".to_owned(), format!("{idle:.2} %"), "0.1 %"));
    report.say("\n| | measured | asked for |\n|---|---|---|");
    for (what, value, bar) in table {
        report.say(format!("| {what} | {value} | {bar} |"));
    }
    Ok(())
}

/// Writes the configuration into the home of whoever uses the desktop.
fn configure(desktop: &Desktop, server: &MailServer) -> Result<Paths> {
    let paths = Paths {
        config: desktop.home().join(".config/neversent/config.toml"),
        data_dir: desktop.home().join(".local/share/neversent"),
    };
    std::fs::create_dir_all(paths.config.parent().unwrap_or(Path::new("/")))?;
    std::fs::write(&paths.config, server.endpoint().config_toml("mode = \"quarantine\""))?;
    Ok(paths)
}

/// Starts the program as the desktop does, without a window.
fn start(desktop: &Desktop) -> Result<Child> {
    Ok(desktop.command(app()).arg("--autostarted").stderr(Stdio::inherit()).spawn()?)
}

async fn quit(desktop: &Desktop, tray: &mut Child) -> Result<()> {
    desktop.choose("Quit").await?;
    let ended = tokio::time::timeout(PATIENCE, tray.wait()).await.context("it does not end")??;
    ensure!(ended.success(), "the program ended with {ended}");
    Ok(())
}

fn watching(account: &AccountView) -> bool {
    account.state == AccountState::Watching(Watching::Idle)
}

/// Waits until the account watches, and this is true of it.
async fn until_account(paths: &Paths, limit: Duration, so: impl Fn(&AccountView) -> bool) -> Result<()> {
    let began = Instant::now();
    while began.elapsed() < limit {
        // The agent may still be opening its store.
        if let Ok(Response::Status(status)) = socket::ask(&paths.socket(), Request::Status).await
            && status.accounts.first().is_some_and(|account| watching(account) && so(account))
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("the account does not come to watch in {limit:?}")
}

async fn until_ready(windows: &Windows) -> Result<u32> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(window) = windows.with_title(|title| title.ends_with(READY))? {
            return Ok(window);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    bail!("the window's page does not stand in {PATIENCE:?}")
}

/// Opens and closes the window some times; returns how many seconds each took.
async fn open_often(desktop: &Desktop, windows: &Windows) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..OPENED {
        let began = Instant::now();
        // As the tray starts it.
        let mut child =
            desktop.command(app()).arg("--window").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").spawn()?;
        let window = until_ready(windows).await?;
        times.push(began.elapsed().as_secs_f64());
        tokio::time::sleep(Duration::from_secs(2)).await;
        windows.close(window)?;
        tokio::time::timeout(PATIENCE, child.wait()).await.context("the window does not end")??;
    }
    Ok(times)
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Whether the page has its heading and the account at the moment when the title says that it stands; by the driver of the
/// web view, whose own time is why it measures nothing here.
async fn stands(desktop: &Desktop, windows: &Windows) -> Result<bool> {
    let view = WebView::open(desktop).await?;
    until_ready(windows).await?;
    let text = view.client.find(fantoccini::Locator::Css("main")).await?.text().await?;
    view.close().await?;
    Ok(text.contains("Overview") && text.contains("home"))
}
