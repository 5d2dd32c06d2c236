//! The demonstration: a mail server of this process with a sample mailbox, and the real agent on it. It prints
//! what the agent does, and fails where that is not as told.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io::Write as _;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use agent::api::{Event, RecordId, RecordState, RecordView, Request, Response, VerdictName};
use anyhow::{Context as _, Result, bail, ensure};
use it::population::{Class, Sample, people};
use it::rig::Running;
use it::{Digest, Double, Mail, MailServer, Options, Population, Rig, date};
use rules::Kind;
use tokio::process::Command;
use tokio::sync::broadcast;

/// How long anything may take before the demonstration has failed.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two mails of the second part, so that one can read along.
const PAUSE: Duration = Duration::from_millis(300);
/// A forged mail comes in so often while the window is open.
const NEXT_FORGED: Duration = Duration::from_secs(15);
const INBOX: &str = "INBOX";
const QUARANTINE: &str = "Never Sent";

fn say(line: impl AsRef<str>) {
    // Where nobody reads, the exit status is left.
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

fn heading(text: &str) {
    say(format!("\n{text}\n{}", "-".repeat(text.chars().count())));
}

/// A text cut to so many characters.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some(_) => text.chars().take(longest - 1).chain(['\u{2026}']).collect(),
        None => text.to_owned(),
    }
}

/// What is said of one notice.
#[derive(Clone, Debug)]
struct Judged {
    verdict: VerdictName,
    rule: String,
    kind: String,
    from: String,
    subject: String,
    sentence: String,
}

impl Judged {
    fn of(event: &Event) -> Option<(RecordId, Self)> {
        let Event::Judged { verdict, rule, kind, id, from, subject, sentence, .. } = event else {
            return None;
        };
        let judged = Self {
            verdict: *verdict,
            rule: rule.clone(),
            kind: kind_word(*kind).to_owned(),
            from: from.clone().unwrap_or_default(),
            subject: subject.clone(),
            sentence: sentence.clone(),
        };
        Some((id.clone()?, judged))
    }

    fn row(&self, from: &str) {
        say(format!("{:<13}{:<15}{}", self.verdict.as_str(), self.kind, cut(from, 72)));
        say(format!("{:<13}{}", "", cut(&self.sentence, 87)));
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Bounce => "bounce",
        Kind::AutoReply => "auto-reply",
        Kind::Challenge => "challenge",
        Kind::VirusNotice => "virus notice",
        Kind::ListNotice => "list notice",
        Kind::Receipt => "receipt",
        Kind::AbuseReport => "abuse report",
    }
}

fn table_head() {
    say(format!("{:<13}{:<15}{}", "VERDICT", "WHAT", "FROM WHOM, and why"));
}

/// The double, the agent on it, and what it has said so far.
struct Stage {
    rig: Rig,
    running: Running,
    events: broadcast::Receiver<Event>,
    judged: BTreeMap<RecordId, Judged>,
}

impl Stage {
    fn double(&self) -> Result<&Double> {
        match &self.rig.server {
            MailServer::Double(double) => Ok(double),
            MailServer::Dovecot(_) | MailServer::Courier(_) => {
                bail!("the demonstration brings its own server")
            }
        }
    }

    fn digests(&self, folder: &str) -> Result<BTreeSet<Digest>> {
        Ok(self.double()?.mails(folder).iter().map(|(_, mail)| mail.digest()).collect())
    }

    /// Takes in events until this is true.
    async fn until(&mut self, what: &str, mut met: impl FnMut(&Self, &Event) -> Result<bool>) -> Result<()> {
        let began = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            let event = tokio::time::timeout(left, self.events.recv());
            let event = event.await.with_context(|| format!("{what} did not come in {PATIENCE:?}"))??;
            self.judged.extend(Judged::of(&event));
            if met(self, &event)? {
                return Ok(());
            }
        }
    }

    /// Delivers a mail, waits until it is where it must be, and prints what was said of it.
    async fn deliver(&mut self, mail: &Mail, to_be_moved: bool) -> Result<()> {
        tokio::time::sleep(PAUSE).await;
        self.judged.clear();
        let digest = mail.digest();
        let subject = mail.header("Subject").unwrap_or_default();
        let began = Instant::now();
        self.double()?.deliver(INBOX, mail.clone());
        self.until("the judgement of a new mail", |stage, event| {
            Ok(if to_be_moved {
                matches!(event, Event::Moved { .. }) && stage.digests(QUARANTINE)?.contains(&digest)
            } else {
                matches!(event, Event::Judged { verdict: VerdictName::Genuine, .. })
            })
        })
        .await
        .with_context(|| format!("the mail \u{201c}{subject}\u{201d}"))?;
        let took = began.elapsed().as_secs_f64();
        let judged = self.judged.values().next_back().context("nothing was said of a mail")?;
        judged.row(&format!("{}: \u{201c}{}\u{201d}", judged.from, judged.subject));
        let became = if to_be_moved { "is gone from the inbox" } else { "stays in the inbox" };
        say(format!("{:<13}It {became}, {took:.2} seconds after it came.", ""));
        let (home, away) = (self.digests(INBOX)?, self.digests(QUARANTINE)?);
        ensure!(home.contains(&digest) != to_be_moved, "it is not where it must be: {subject}");
        ensure!(away.contains(&digest) == to_be_moved, "it is not where it must be: {subject}");
        Ok(())
    }
}

/// Starts the server and the agent, and waits until all there is was judged.
async fn clean_up(population: &Population) -> Result<(Stage, it::rig::Watched)> {
    say("Neversent, a demonstration. Nothing is installed, and nothing leaves this machine.");
    heading("1. A mailbox full of backscatter");
    let server = MailServer::Double(Double::start(Default::default())?);
    server.put("Sent", population.sent_mails())?;
    server.put(INBOX, population.inbox_mails())?;
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() })?;
    let port = rig.server.endpoint().port;
    say(format!(
        "A mail server was started for {} (IMAP over TLS, port {port} of this machine).",
        people::ADDRESS
    ));
    say(format!(
        "In Sent lie {} mails, in the inbox {}. The agent now signs in, as it would at your provider.",
        population.sent.len(),
        population.inbox.len()
    ));
    let running = rig.engine().await?;
    let events = running.engine.events();
    let mut stage = Stage { rig, running, events, judged: BTreeMap::new() };
    let before = stage.double()?.snapshot();
    let backscatter: BTreeSet<Digest> = population.of(Class::Backscatter).map(Sample::digest).collect();
    let began = Instant::now();
    let watched = stage.running.watch().await?;
    if stage.digests(QUARANTINE)?.len() < backscatter.len() {
        stage
            .until("the end of the clean-up", |stage, _| {
                Ok(stage.digests(QUARANTINE)?.len() >= backscatter.len())
            })
            .await?;
    }
    let took = began.elapsed().as_secs_f64();
    while let Ok(event) = stage.events.try_recv() {
        stage.judged.extend(Judged::of(&event));
    }
    say(format!(
        "{took:.1} seconds later it has read both, judged every automatic mail, and moved {} of them.\n",
        backscatter.len()
    ));
    show(&stage.judged);
    let after = stage.double()?.snapshot();
    ensure!(stage.digests(QUARANTINE)? == backscatter, "another mail was moved than the backscatter");
    ensure!(before.contents() == after.contents(), "a mail was lost, doubled or altered");
    let stayed = population.inbox.len() - backscatter.len();
    say(format!(
        "\nIn the folder \u{201c}{QUARANTINE}\u{201d} now lie {} mails, {stayed} stayed in the inbox. No mail was lost or altered.",
        backscatter.len()
    ));
    Ok((stage, watched))
}

/// Prints what was judged, alike notices together.
fn show(judged: &BTreeMap<RecordId, Judged>) {
    let mut groups: BTreeMap<(VerdictName, String, String), Vec<&Judged>> = BTreeMap::new();
    for one in judged.values() {
        groups.entry((one.verdict, one.rule.clone(), one.kind.clone())).or_default().push(one);
    }
    table_head();
    let order = [VerdictName::Backscatter, VerdictName::Genuine, VerdictName::Undecided];
    for wanted in order {
        for (_, alike) in groups.iter().filter(|((verdict, ..), _)| *verdict == wanted) {
            let Some(first) = alike.first() else { continue };
            let from = match alike.len() - 1 {
                0 => first.from.clone(),
                more => format!("{} and {more} more", cut(&first.from, 55)),
            };
            first.row(&from);
        }
    }
}

/// New mail comes while the agent watches.
async fn watch(stage: &mut Stage, population: &mut Population) -> Result<()> {
    heading("2. New mail comes while it watches");
    table_head();
    let forged = population.backscatter(7, date::now());
    for sample in &forged {
        stage.deliver(&sample.mail, true).await?;
    }
    let sent = population.send(date::now()).context("a mail to send")?;
    let to = sent.recipients.first().map(people::Person::mailbox).unwrap_or_default();
    say(format!("\nNow {} really writes to {to},", people::ADDRESS));
    say("and that mail cannot be delivered:\n");
    stage.double()?.deliver("Sent", sent.sample.mail.clone());
    let real = population.genuine_for(&sent, 0, date::now());
    stage.deliver(&real.mail, false).await
}

/// Puts one mail back, and shows that it stays.
async fn restore(stage: &mut Stage, population: &mut Population) -> Result<()> {
    heading("3. You want one of them back");
    let records = stage.running.records(RecordState::Quarantined).await?;
    let record: &RecordView = records.first().context("there is something in quarantine")?;
    say("$ neversent quarantine list --state quarantined --limit 1");
    say(format!("{:<8}{:<40}{}", "RECORD", "FROM", "SUBJECT"));
    let from = record.from.clone().unwrap_or_default();
    say(format!("{:<8}{:<40}{}", record.id.0, cut(&from, 38), cut(&record.subject, 50)));
    say(format!("\n$ neversent quarantine restore {}", record.id.0));
    let (before, home) = (stage.digests(QUARANTINE)?, stage.digests(INBOX)?);
    let request = Request::QuarantineRestore { ids: vec![record.id.clone()] };
    let Response::Changed(changed) = stage.running.ask(request).await? else {
        bail!("no answer to an order")
    };
    ensure!(changed.done == 1 && changed.failed.is_empty(), "it was not put back: {changed:?}");
    say("1 mail put back\n");
    let after = stage.digests(QUARANTINE)?;
    let back: Vec<Digest> = before.difference(&after).copied().collect();
    let [back] = back.as_slice() else { bail!("not one mail left the quarantine, but {}", back.len()) };
    ensure!(!home.contains(back) && stage.digests(INBOX)?.contains(back), "it is not in the inbox");
    say("It lies in the inbox again, with its date and flags. One more forged mail comes:\n");
    let forged = population.backscatter(1, date::now());
    for sample in &forged {
        stage.deliver(&sample.mail, true).await?;
    }
    ensure!(stage.digests(INBOX)?.contains(back), "what was put back was moved again");
    say("\nThe inbox was looked through again, and what you put back stays: it is never moved again.");
    Ok(())
}

async fn demonstrate() -> Result<()> {
    let mut population = Population::demo(8, date::now());
    let (mut stage, watched) = clean_up(&population).await?;
    watch(&mut stage, &mut population).await?;
    restore(&mut stage, &mut population).await?;
    watched.end().await?;
    let violations = stage.double()?.violations();
    ensure!(violations.is_empty(), "the agent did what it must never do: {violations:?}");
    say("\nThe demonstration is over; its mail server and its data are gone. The README tells how to begin");
    say("with your own mailbox: at first Neversent only looks, and moves nothing until you say so.");
    Ok(())
}

/// The window on the sample mailbox, until it is closed; some forged mail comes in meanwhile.
async fn show_window() -> Result<()> {
    say(
        "The window of Neversent on a sample mailbox of this machine. It is built first, which takes a while the first time.",
    );
    let mut population = Population::demo(8, date::now());
    let double = Double::start(Default::default())?;
    let server = MailServer::Double(double);
    server.put("Sent", population.sent_mails())?;
    server.put(INBOX, population.inbox_mails())?;
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() })?;
    let mut window = Command::new(it::desktop::app());
    window.arg("--window").arg("--config").arg(rig.config_file()).arg("--data-dir").arg(rig.data_dir());
    let mut agent = rig.program(&["run"]).stdout(Stdio::null()).spawn().context("start the agent")?;
    let mut window = window.kill_on_drop(true).spawn().context("start the window")?;
    say("Close the window to end this.");
    let mut ticks = tokio::time::interval(NEXT_FORGED);
    loop {
        tokio::select! {
            ended = window.wait() => {
                ensure!(ended?.success(), "the window ended with an error; is there a graphical session?");
                break;
            }
            ended = agent.wait() => bail!("the agent ended: {}", ended?),
            _ = ticks.tick() => rig.server.put(INBOX, population.backscatter(1, date::now()).into_iter().map(|one| one.mail))?,
        }
    }
    agent::socket::ask(&rig.paths().socket(), Request::Shutdown).await?;
    agent.wait().await.context("the agent ends")?;
    Ok(())
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(limit, work).await.context("the demonstration took too long")?
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Box::pin(within(Duration::from_secs(60), demonstrate())).await,
        ["--window"] => Box::pin(show_window()).await,
        _ => {
            let _ = writeln!(
                std::io::stderr(),
                "There is only --window, which shows the window on the sample mailbox."
            );
            return ExitCode::from(2);
        }
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "\nThe demonstration failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
