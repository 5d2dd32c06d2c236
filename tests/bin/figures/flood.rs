//! A running agent in a flood of notices: all are judged, and its memory stays as it is.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use agent::api::{AccountState, Event};
use anyhow::{Context as _, Result};
use it::population::{Class, Counts};
use it::{Digest, Double, MailServer, Options, Population, Rig, date};

use super::Report;
use super::process::Running;

const NOTICES: usize = 10_000;
const BATCH: usize = 100;

/// Measures it.
///
/// # Errors
/// The program can't be started, or leaves notices unjudged.
pub async fn figure(report: &mut Report) -> Result<()> {
    report.say(format!(
        "flood: {NOTICES} notices to a running agent, as fast as it takes them; 5 % of them real"
    ));
    let counts = Counts { must_stay: 0, undecidable: 0, genuine: 0, backscatter: 0, ..Counts::default() };
    let mut population = Population::new(31, date::now(), counts);
    let server = MailServer::Double(Double::start(Default::default())?);
    server.put("INBOX", population.inbox_mails())?;
    server.put("Sent", population.sent_mails())?;
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() })?;
    let mut agent = Running::start(&rig)?;
    let watching =
        |event: &Event| matches!(event, Event::StateChanged { state: AccountState::Watching(_), .. });
    agent.until(Duration::from_secs(120), watching).await?;
    let MailServer::Double(double) = &rig.server else { return Ok(()) };
    let at_rest = agent.memory("VmRSS")?;
    let mut genuine: BTreeSet<Digest> = BTreeSet::new();
    let mut left = double.mails("INBOX").len();
    let (began, mut octets, mut marks) = (Instant::now(), double.statistics().bytes_out, Vec::new());
    for batch in 0..NOTICES / BATCH {
        let forged = population.backscatter(BATCH * 95 / 100, date::now());
        let real = population.genuine(BATCH - forged.len(), date::now());
        genuine.extend(real.iter().map(it::population::Sample::digest));
        left += real.len();
        double.deliver_all("INBOX", forged.into_iter().chain(real).map(|sample| sample.mail));
        double
            .wait_until(Duration::from_secs(60), |double| double.mails("INBOX").len() <= left)
            .await
            .with_context(|| {
                let over = double.mails("INBOX").len().saturating_sub(left);
                format!("batch {batch}: {over} forged notices are still in the inbox")
            })?;
        if (batch + 1) % (NOTICES / BATCH / 2) == 0 {
            let sent = double.statistics().bytes_out;
            marks.push((sent - octets, agent.memory("VmRSS")?));
            octets = sent;
        }
    }
    let took = began.elapsed();
    let left: BTreeSet<Digest> = double.mails("INBOX").iter().map(|(_, mail)| mail.digest()).collect();
    report.say(format!("  {:<58} {:>9.1} s", "until all were judged", took.as_secs_f64()));
    report.must("all backscatter moved, every real notice left", genuine.is_subset(&left));
    report.must("nothing else moved", population.of(Class::Ordinary).all(|one| left.contains(&one.digest())));
    if let [(first, half), (second, full)] = marks.as_slice() {
        report
            .say(format!("  memory at rest {at_rest:.1} MB, half way {half:.1} MB, at the end {full:.1} MB"));
        report.bar("octets read, second half over the first", *second as f64 / *first as f64, "x", 1.2);
        report.bar("memory gained in the second half", full - half, "MB", 10.0);
    }
    Ok(())
}
