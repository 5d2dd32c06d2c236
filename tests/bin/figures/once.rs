//! A whole clean-up against a bare client that does the same work, on one Dovecot: how much the agent's own
//! doing adds to what the server and the library take.
//!
//! The bare client is async-imap, which the agent reads with as well. What a bare socket takes, on which nothing is
//! even looked at, is told beside it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use it::imap_double::uid_set;
use it::population::{Class, Counts};
use it::{Bare, Digest, Double, Dovecot, Endpoint, MailServer, Options, Population, Rig, date};

use super::client::Client;
use super::{Report, process};

const ROUNDS: usize = 5;
const SENT_ITEMS: &str = "(UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE SUBJECT \
    TO CC BCC FROM SENDER RESENT-MESSAGE-ID RESENT-FROM RESENT-TO RESENT-CC RESENT-BCC \
    X-MICROSOFT-ORIGINAL-MESSAGE-ID X-GOOGLE-ORIGINAL-MESSAGE-ID X-ORIGINAL-MESSAGE-ID ORIGINAL-MESSAGE-ID \
    ORIGIN-MESSAGEID)]<0.65537>)";
const INBOX_ITEMS: &str = "(UID INTERNALDATE RFC822.SIZE FLAGS BODYSTRUCTURE BODY.PEEK[HEADER]<0.65537>)";
const WHOLE_ITEMS: &str = "(UID INTERNALDATE RFC822.SIZE FLAGS BODY.PEEK[]<0.1048577>)";
const ELSEWHERE: &str = "Elsewhere";

/// What one client's work came to.
#[derive(Clone, Copy)]
struct Work {
    took: Duration,
    /// Octets that the server sent.
    received: u64,
}

/// Measures it.
///
/// # Errors
/// Dovecot is missing, or something is not done as it must be.
pub async fn figure(report: &mut Report) -> Result<()> {
    let population = Population::new(11, date::now(), Counts::default());
    report.say(format!(
        "once: {} sent mails, {} in the inbox, {} of them backscatter, on one Dovecot; the best of {ROUNDS} rounds",
        population.sent.len(),
        population.inbox.len(),
        population.of(Class::Backscatter).count()
    ));
    let whole = fetched_whole(&population).await?;
    report.say(format!("  mails of the inbox that are read whole: {}", whole.len()));
    let condemned: BTreeSet<Digest> = population.of(Class::Backscatter).map(|one| one.digest()).collect();
    let server = MailServer::Dovecot(Dovecot::start(Default::default())?);
    server.put("INBOX", population.inbox_mails())?;
    server.put("Sent", population.sent_mails())?;
    let mut rig = Some(Rig::new(server, &Options::default())?);
    let (mut socket, mut bare) = (Vec::new(), Vec::new());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let current = rig.take().context("a rig")?;
        // What Dovecot caches of a mail at its first reading must favour neither side.
        for (work, by) in [(&mut socket, By::Socket), (&mut bare, By::Client)] {
            bare_work(&current.server, &whole, &BTreeSet::new(), By::Socket).await?;
            work.push(bare_work(&current.server, &whole, &condemned, by).await?);
            current.server.drag(ELSEWHERE, "INBOX", &condemned).await?;
        }
        bare_work(&current.server, &whole, &BTreeSet::new(), By::Socket).await?;
        first.push(agent_work(&current).await?);
        let moved = current.server.bare().await?.examine("Never Sent").await?.len();
        ensure!(moved == condemned.len(), "{moved} mails were moved, not {}", condemned.len());
        second.push(agent_work(&current).await?);
        current.server.drag("Never Sent", "INBOX", &condemned).await?;
        // Another data directory, so that the next round knows nothing of this one.
        rig = Some(current.anew(&Options::default())?);
    }
    let ratios = |runs: &[Work]| -> Vec<f64> {
        runs.iter().zip(&bare).map(|(run, bare)| run.took.as_secs_f64() / bare.took.as_secs_f64()).collect()
    };
    let (first_ratio, second_ratio) = (median(ratios(&first)), median(ratios(&second)));
    let best = |all: &[Work]| all.iter().copied().min_by_key(|work| work.took);
    let (Some(socket), Some(bare), Some(first), Some(second)) =
        (best(&socket), best(&bare), best(&first), best(&second))
    else {
        return Ok(());
    };
    let all = [
        ("bare socket, nothing read", socket),
        ("bare client", bare),
        ("agent, first run", first),
        ("agent, second run", second),
    ];
    for (who, work) in all {
        let milliseconds = work.took.as_secs_f64() * 1_000.0;
        report.say(format!("  {who:<58} {milliseconds:>9.0} ms   {:>10} octets received", work.received));
    }
    report.bar("first run, times the bare client of its round, median (aim 1)", first_ratio, "x", 2.0);
    report.bar("second run, the same (aim 0.2)", second_ratio, "x", 0.5);
    Ok(())
}

/// The median: one round in which the machine did something else as well does not count.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The mails of the inbox that the agent reads whole, learned from a run on the double, which logs it.
async fn fetched_whole(population: &Population) -> Result<BTreeSet<Digest>> {
    let server = MailServer::Double(Double::start(Default::default())?);
    server.put("INBOX", population.inbox_mails())?;
    server.put("Sent", population.sent_mails())?;
    let rig = Rig::new(server, &Options { mode: "observe", ..Options::default() })?;
    rig.once().await?;
    let MailServer::Double(double) = &rig.server else { return Ok(BTreeSet::new()) };
    let mut uids = BTreeSet::new();
    for entry in double.log().iter().filter(|entry| entry.line.contains("BODY.PEEK[]")) {
        let set = entry.line.split_ascii_whitespace().nth(2).unwrap_or_default();
        for range in set.split(',') {
            let (from, to) = range.split_once(':').unwrap_or((range, range));
            uids.extend(from.parse::<u32>()?..=to.parse::<u32>()?);
        }
    }
    let mails = double.mails("INBOX");
    Ok(mails.iter().filter(|(uid, _)| uids.contains(uid)).map(|(_, mail)| mail.digest()).collect())
}

async fn agent_work(rig: &Rig) -> Result<Work> {
    let before = received(&rig.server).await?;
    let ran = process::once(rig).await?;
    Ok(Work { took: ran.took, received: received(&rig.server).await? - before })
}

/// Who does the bare work.
#[derive(Clone, Copy)]
enum By {
    /// Lines read from a socket and dropped.
    Socket,
    /// async-imap.
    Client,
}

/// Fetches what the agent fetches and moves what it moves, on two connections side by side.
async fn bare_work(
    server: &MailServer,
    whole: &BTreeSet<Digest>,
    condemned: &BTreeSet<Digest>,
    by: By,
) -> Result<Work> {
    // The UIDs are looked up beforehand: to know them is no part of the work.
    let mut other = server.bare().await?;
    let whole = other.find("INBOX", whole).await?;
    let condemned = other.find("INBOX", condemned).await?;
    let counts = (other.examine("Sent").await?.len(), other.examine("INBOX").await?.len());
    // MOVE makes no folder; where it is there already, that is told by a NO.
    other.command(&format!("CREATE {ELSEWHERE}")).await?;
    other.ok("LOGOUT").await?;
    let before = received(server).await?;
    let began = Instant::now();
    let endpoint = server.endpoint();
    match by {
        By::Socket => on_socket(&endpoint, &whole, &condemned).await?,
        By::Client => by_client(&endpoint, counts, &whole, &condemned).await?,
    }
    let took = began.elapsed();
    Ok(Work { took, received: received(server).await? - before })
}

async fn on_socket(endpoint: &Endpoint, whole: &[u32], condemned: &[u32]) -> Result<()> {
    let sent = async {
        let mut bare = Bare::sign_in(endpoint).await?;
        bare.ok("EXAMINE Sent").await?;
        bare.ok(&format!("UID FETCH 1:* {SENT_ITEMS}")).await?;
        bare.ok("LOGOUT").await
    };
    let inbox = async {
        let mut bare = Bare::sign_in(endpoint).await?;
        bare.ok("SELECT INBOX").await?;
        bare.ok(&format!("UID FETCH 1:* {INBOX_ITEMS}")).await?;
        bare.ok(&format!("UID FETCH {} {WHOLE_ITEMS}", uid_set(whole))).await?;
        bare.move_uids(condemned, ELSEWHERE).await?;
        bare.ok("LOGOUT").await
    };
    let (sent, inbox) = tokio::join!(sent, inbox);
    sent?;
    inbox?;
    Ok(())
}

/// `counts`: mails in the Sent folder and in the inbox.
async fn by_client(
    endpoint: &Endpoint,
    counts: (usize, usize),
    whole: &[u32],
    condemned: &[u32],
) -> Result<()> {
    let sent = async {
        let mut client = Client::sign_in(endpoint).await?;
        client.open("Sent", false).await?;
        client.fetch("1:*", SENT_ITEMS, counts.0).await?;
        client.log_out().await
    };
    let inbox = async {
        let mut client = Client::sign_in(endpoint).await?;
        client.open("INBOX", true).await?;
        client.fetch("1:*", INBOX_ITEMS, counts.1).await?;
        client.fetch(&uid_set(whole), WHOLE_ITEMS, whole.len()).await?;
        client.move_uids(condemned, ELSEWHERE).await?;
        client.log_out().await
    };
    tokio::try_join!(sent, inbox).map(|_| ())
}

/// The octets that Dovecot has sent in all sessions so far, once it has logged the end of each.
async fn received(server: &MailServer) -> Result<u64> {
    let MailServer::Dovecot(dovecot) = server else { return Ok(0) };
    let began = Instant::now();
    loop {
        let log = dovecot.log();
        let begun =
            log.lines().filter(|line| line.contains("imap-login:") && line.contains("Login:")).count();
        let sums: Vec<u64> = log
            .lines()
            .filter(|line| line.contains("imap(") && line.contains(" out="))
            .filter_map(|line| line.split_once(" out=")?.1.split(' ').next()?.parse().ok())
            .collect();
        if sums.len() >= begun {
            return Ok(sums.iter().sum());
        }
        ensure!(began.elapsed() < Duration::from_secs(5), "Dovecot's log lacks the ends of sessions");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
