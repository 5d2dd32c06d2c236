//! Memory of the agent while it indexes a large Sent folder, and a minute afterwards.

use std::time::{Duration, Instant};

use agent::api::Event;
use anyhow::Result;
use it::population::{Counts, Prng, people};
use it::{Double, Mail, MailServer, Options, Population, Rig, date};

use super::Report;
use super::process::Running;

const SENT: usize = 200_000;
const YEARS: i64 = 12;
const DAY: i64 = 86_400;

/// Measures it.
///
/// # Errors
/// The program can't be started, or does not come to watch.
pub async fn figure(report: &mut Report) -> Result<()> {
    report.say(format!("index: {SENT} sent mails of {YEARS} years, read into an empty index"));
    let now = date::now();
    let small = Counts {
        sent: 200,
        ordinary: 200,
        answers: 30,
        must_stay: 0,
        undecidable: 0,
        genuine: 20,
        backscatter: 20,
    };
    let population = Population::new(5, now, small);
    let server = MailServer::Double(Double::start(Default::default())?);
    server.put("Sent", old_mails(now - 80 * DAY))?;
    server.put("Sent", population.sent_mails())?;
    server.put("INBOX", population.inbox_mails())?;
    let rig = Rig::new(server, &Options::default())?;
    let began = Instant::now();
    let mut agent = Running::start(&rig)?;
    // The inbox is watched long before the index is whole.
    let read = |event: &Event| matches!(event, Event::Progress { what, done, total, .. } if what.contains("sent") && done >= total);
    agent.until(Duration::from_secs(1_200), read).await?;
    report.say(format!("  {:<58} {:>9.1} s", "until all are read", began.elapsed().as_secs_f64()));
    report.bar("most memory meanwhile", agent.memory("VmHWM")?, "MB", 120.0);
    agent.rest(Duration::from_secs(60)).await;
    report.bar("memory a minute later", agent.memory("VmRSS")?, "MB", 60.0);
    Ok(())
}

/// Short mails to some thousand people, as many years of writing leave them.
fn old_mails(until: i64) -> impl Iterator<Item = Mail> {
    let mut prng = Prng::new(3);
    let begin = until - YEARS * 365 * DAY;
    (0..SENT).map(move |at| {
        let at = i64::try_from(at).unwrap_or_default();
        let when = begin + at * (YEARS * 365 * DAY / i64::try_from(SENT).unwrap_or(i64::MAX));
        let (person, host) = (prng.below(4_000), prng.below(700));
        let text = format!(
            "Date: {}\r\nFrom: {} <{}>\r\nTo: reader{person}@host{host}.example\r\nSubject: {}\r\n\
             Message-ID: <{}.{at}@desk.{}>\r\n\r\nUntil tomorrow.\r\n",
            date::header(when, 60),
            people::NAME,
            people::ADDRESS,
            people::subject(&mut prng).replace(" – für später", ""),
            prng.hex(16),
            people::DOMAIN
        );
        Mail::new(text.into_bytes(), when)
    })
}
