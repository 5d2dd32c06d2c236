//! Time and memory of a clean-up, over the size of the inbox.

use anyhow::{Result, ensure};
use it::population::{Class, Counts};
use it::{Double, MailServer, Options, Population, Rig, date};

use super::{Report, process};

const SIZES: [usize; 3] = [12_500, 25_000, 50_000];
/// How much longer a mail of the largest inbox may take than one of the smallest: what is linear has 1.
const GROWTH: f64 = 1.25;

/// Measures it.
///
/// # Errors
/// The program fails, or moves too little.
pub async fn figure(report: &mut Report) -> Result<()> {
    report.say("inbox: run --once, one mail in five is backscatter, 5000 sent mails");
    let mut times = Vec::new();
    let mut most: f64 = 0.0;
    for size in SIZES {
        let backscatter = size / 5;
        let counts = Counts {
            ordinary: size - backscatter - size / 50,
            genuine: size / 50,
            backscatter,
            ..Counts::default()
        };
        let population = Population::new(23, date::now(), counts);
        let server = MailServer::Double(Double::start(Default::default())?);
        server.put("INBOX", population.inbox_mails())?;
        server.put("Sent", population.sent_mails())?;
        let condemned = population.of(Class::Backscatter).count();
        drop(population);
        let rig = Rig::new(server, &Options::default())?;
        let ran = process::once(&rig).await?;
        let MailServer::Double(double) = &rig.server else { continue };
        let moved = double.mails("Never Sent").len();
        ensure!(moved == condemned, "of {condemned} pieces of backscatter {moved} were moved");
        let seconds = ran.took.as_secs_f64();
        let octets = double.statistics().bytes_out / 1_000_000;
        report.say(format!(
            "  {:<58} {seconds:>9.2} s    {:>6.1} MB of memory, {octets} MB read",
            format!("{size} mails, {moved} of them moved"),
            ran.peak
        ));
        times.push(seconds / size as f64);
        most = most.max(ran.peak);
    }
    if let (Some(small), Some(large)) = (times.first(), times.last()) {
        report.bar("time a mail, the largest inbox over the smallest", large / small, "x", GROWTH);
    }
    report.bar("most memory", most, "MB", 100.0);
    Ok(())
}
