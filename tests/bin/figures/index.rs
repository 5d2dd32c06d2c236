//! Memory of the agent while it indexes a large Sent folder, and a minute afterwards.

use std::time::{Duration, Instant};

use agent::api::Event;
use anyhow::Result;
use it::{Double, MailServer, Options, Rig};

use super::Report;
use super::mailbox::{self, SENT, YEARS};
use super::process::Running;

/// Measures it.
///
/// # Errors
/// The program can't be started, or does not come to watch.
pub async fn figure(report: &mut Report) -> Result<()> {
    report.say(format!("index: {SENT} sent mails of {YEARS} years, read into an empty index"));
    let server = MailServer::Double(Double::start(Default::default())?);
    mailbox::fill(&server)?;
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
