//! A day with it: a mail is put back, one is reported, and one decided about, all in the window; then a flood comes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use agent::api::{AccountView, Request, Response};
use agent::socket;
use it::desktop::until;
use it::postfix::Setup;
use it::spamcop::Mood;
use it::{Desktop, Mail, Postfix, Rig, SpamCop, WebView, date};

use super::super::reports::{bounce, mailbox, on_mailbox};
use super::super::storm::{Returned, returned};
use super::{check_policy, go, start, status, window_of};

/// Mails of the flood.
const FLOOD: u32 = 5_000;
/// What taking all of them out may take on a loaded machine.
const FLOOD_AT_MOST: Duration = Duration::from_secs(600);

/// What watching again may take, with so many in quarantine.
const RESTART_AT_MOST: Duration = Duration::from_secs(180);

/// A bounce that does not name what it answers.
fn unclear(number: u32, when: i64) -> Mail {
    let original = Returned {
        id: None,
        subject: "Minutes of the last meeting",
        to: format!("nobody{number}@shop.example"),
        from: "unknown ([198.51.100.77])".to_owned(),
    };
    returned(number, &original, when)
}

/// The folders that a mail is in.
async fn places(rig: &Rig, mail: &Mail) -> Vec<String> {
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    snapshot.places(mail.digest()).into_iter().map(str::to_owned).collect()
}

async fn until_in(rig: &Rig, mail: &Mail, folder: &str) {
    let there = until(folder, async || Ok((places(rig, mail).await == [folder]).then_some(()))).await;
    there.expect("it is there, and there alone");
}

async fn account(rig: &Rig) -> anyhow::Result<AccountView> {
    let status = status(&rig.paths()).await?;
    status.accounts.into_iter().next().ok_or_else(|| anyhow::anyhow!("there is an account"))
}

/// Opens the mail whose original was for this address, from the list.
async fn open_from_list(window: &WebView, to: &str, what: &str) {
    go(window, "#/never-sent").await;
    let row = format!(
        "//*[@role='row'][contains(., \"{what}\")]//*[@role='gridcell' and contains(@class, 'subject')]"
    );
    window.find(&row).await.expect("its row").click().await.expect("it opens");
    window.until_shown(to).await.expect("it is that mail");
}

/// A browser of this desktop that only writes down what it is to show; returns the folder that it is in.
fn browser(desktop: &Desktop) -> PathBuf {
    let folder = desktop.home().join("bin");
    std::fs::create_dir(&folder).expect("a folder");
    let browser = folder.join("xdg-open");
    let shown = desktop.home().join("shown");
    std::fs::write(&browser, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", shown.display()))
        .expect("it is written");
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

async fn until_written(file: &Path) -> String {
    until("a page is shown", async || {
        Ok(std::fs::read_to_string(file).ok().filter(|text| text.ends_with('\n')))
    })
    .await
    .expect("it is written down")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_back_reported_decided_and_a_flood() {
    let dovecot = mailbox();
    let postfix = Postfix::start(&dovecot, &Setup::default()).expect("Postfix starts");
    let rig = on_mailbox(dovecot, postfix.smtp_toml(), "");
    let now = date::now() - 3_600;
    let mails: Vec<Mail> =
        (1..=4).map(|number| bounce(number, &format!("192.0.2.{number}"), now + i64::from(number))).collect();
    let doubtful = unclear(9, now + 9);
    rig.server.put("INBOX", mails.iter().cloned().chain([doubtful.clone()])).expect("they come in");

    let desktop = Desktop::start().await.expect("the desktop starts");
    let path = format!("{}:{}", browser(&desktop).display(), std::env::var("PATH").expect("a path"));
    let desktop = desktop.with_variable("PATH", &path);
    let mut program = start(&desktop, &rig);
    desktop.until_in_menu("Needs your eye (1)").await.expect("the tray says so");
    until("four are taken out", async || Ok((account(&rig).await?.quarantined == 4).then_some(())))
        .await
        .expect("they are backscatter");
    let window = window_of(&desktop, &rig).await;

    // One back, from the list.
    open_from_list(&window, "nobody1@shop.example", "mx1.shop.example").await;
    window.press("Put back").await.expect("a button");
    until_in(&rig, &mails[0], "INBOX").await;
    window.until_shown("You put it back").await.expect("it is told");

    // One reported, from the click to Done.
    open_from_list(&window, "nobody2@shop.example", "mx2.shop.example").await;
    let report = "//section[@aria-labelledby='report-title']//button[normalize-space(.)='Report']";
    window.find(report).await.expect("a button").click().await.expect("it is pressed");
    let kept = postfix.until_kept(1).await.expect("it arrives");
    let answer = SpamCop::default().answer(&kept[0], Mood::Accepts).expect("it is a report");
    window.until_shown("Sent").await.expect("its state is shown");
    rig.server.put("INBOX", [Mail::new(answer, date::now())]).expect("it comes in");
    window.press("Open SpamCop").await.expect("SpamCop's link is there");
    let shown = until_written(&desktop.home().join("shown")).await;
    assert_eq!(shown.lines().collect::<Vec<_>>(), [SpamCop::link(1)], "that page, once");
    window.press("I confirmed it").await.expect("a button");
    window.until_shown("Confirmed").await.expect("it is done");

    // One decided about, by one key; that can be undone.
    go(&window, "#/eye").await;
    window.find("//article[@data-group]").await.expect("a group");
    window.type_keys("n").await.expect("a key");
    until_in(&rig, &doubtful, "Never Sent").await;
    window.until_shown("Nothing needs you").await.expect("it is settled");
    window.press("Undo").await.expect("a button");
    until_in(&rig, &doubtful, "INBOX").await;
    for place in ["overview", "never-sent", "reports", "sources", "accounts", "first-run"] {
        go(&window, &format!("#/{place}")).await;
        window.find("//main//h1").await.expect("a view");
    }
    check_policy(&window).await;
    window.close().await.expect("the window closes");

    flood(&desktop, &rig).await;

    // Ended and started again, with everything as it was.
    let before = account(&rig).await.expect("a status");
    desktop.choose("Quit").await.expect("it can be chosen");
    assert!(program.wait().await.expect("it ends").success(), "cleanly");
    let (mut program, began) = (start(&desktop, &rig), Instant::now());
    // All that lies in quarantine is looked through first.
    while desktop.until_in_menu("Watching for new mail").await.is_err() {
        assert!(began.elapsed() < RESTART_AT_MOST, "it watches again");
    }
    let after = account(&rig).await.expect("a status");
    assert_eq!((after.quarantined, after.undecided), (before.quarantined, before.undecided), "as it was");
    assert_eq!(places(&rig, &mails[0]).await, ["INBOX"], "what was put back stays");
    let Response::Reports(reports) =
        socket::ask(&rig.paths().socket(), Request::Reports).await.expect("a list")
    else {
        panic!("a list answers a list")
    };
    assert!(reports.iter().any(|report| report.state == "done"), "and what was reported is");
    assert_eq!(postfix.until_kept(1).await.expect("it is there").len(), 1, "once");
    desktop.choose("Quit").await.expect("it can be chosen");
    program.wait().await.expect("it ends");
}

/// Thousands come at once; `NEVERSENT_FLOOD_SECONDS=300` looks on for five minutes.
async fn flood(desktop: &Desktop, rig: &Rig) {
    let before = desktop.notifications().await.expect("a list").len();
    let undecided = account(rig).await.expect("a status").undecided;
    let (now, began) = (date::now(), Instant::now());
    let mails = (1..=FLOOD).map(|number| bounce(1_000 + number, &format!("192.0.2.{}", number % 250), now));
    rig.server.put("INBOX", mails).expect("they come in");
    let most = u64::from(FLOOD) + 2;
    loop {
        let moved = account(rig).await.map_or(0, |account| account.quarantined);
        if moved > most {
            break;
        }
        assert!(began.elapsed() < FLOOD_AT_MOST, "all are taken out: {moved}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let seconds = std::env::var("NEVERSENT_FLOOD_SECONDS").map_or(0, |text| text.parse().expect("seconds"));
    tokio::time::sleep(Duration::from_secs(seconds).saturating_sub(began.elapsed())).await;
    // One that was told just before has to be a minute old.
    let mut told = desktop.notifications().await.expect("a list").split_off(before);
    let patience = Instant::now() + Duration::from_secs(75);
    while told.is_empty() && Instant::now() < patience {
        tokio::time::sleep(Duration::from_secs(1)).await;
        told = desktop.notifications().await.expect("a list").split_off(before);
    }
    // One more each five minutes, if it takes so long.
    let most_told = 2 + usize::try_from(began.elapsed().as_secs() / 300).expect("few");
    assert!((1..=most_told).contains(&told.len()), "few words about many mails: {told:?}");
    let after = account(rig).await.expect("a status");
    assert_eq!(
        (after.quarantined, after.undecided),
        (most + 1, undecided),
        "all are out, and nothing waits for the user"
    );
}
