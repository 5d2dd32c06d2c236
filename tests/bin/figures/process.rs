//! A process that is watched from outside: its memory from `/proc`, its events from its standard output.

use std::process::Stdio;
use std::time::{Duration, Instant};

use agent::api::Event;
use anyhow::{Context as _, Result, bail, ensure};
use it::Rig;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

/// Megabytes, as bars count them.
const KIB_OF_MB: f64 = 1_000.0 / 1.024;

/// How a run ended.
pub struct Ran {
    /// From the start of the process to its end.
    pub took: Duration,
    /// The most memory that it ever had, in MB.
    pub peak: f64,
}

/// Runs `run --once` to its end.
///
/// # Errors
/// The program can't be started, or fails.
pub async fn once(rig: &Rig) -> Result<Ran> {
    let began = Instant::now();
    let mut child = rig
        .program(&["run", "--once"])
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .context("start the program")?;
    let mut peak: f64 = 0.0;
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    loop {
        tokio::select! {
            status = child.wait() => {
                let status = status?;
                ensure!(status.success(), "`run --once` ended with {status}");
                return Ok(Ran { took: began.elapsed(), peak });
            }
            _ = tick.tick() => peak = peak.max(memory(&child, "VmHWM").unwrap_or(0.0)),
        }
    }
}

/// A running agent.
pub struct Running {
    child: Child,
    events: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts `run`.
    ///
    /// # Errors
    /// The program can't be started.
    pub fn start(rig: &Rig) -> Result<Self> {
        let mut command = rig.program(&["run", "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let out = child.stdout.take().context("its standard output")?;
        Ok(Self { child, events: BufReader::new(out).lines() })
    }

    /// Reads events until this is true of one.
    ///
    /// # Errors
    /// It does not come in time, or the agent ends.
    pub async fn until(&mut self, limit: Duration, mut wanted: impl FnMut(&Event) -> bool) -> Result<()> {
        let reading = async {
            while let Some(line) = self.events.next_line().await? {
                if wanted(&serde_json::from_str(&line).context("an event")?) {
                    return Ok(());
                }
            }
            bail!("the agent ended")
        };
        tokio::time::timeout(limit, reading).await.context("what is waited for did not come in time")?
    }

    /// Its memory in MB: `VmHWM`, the most it ever was, or `VmRSS`, what it is now.
    ///
    /// # Errors
    /// `/proc` does not tell.
    pub fn memory(&self, which: &str) -> Result<f64> {
        memory(&self.child, which).with_context(|| format!("/proc does not tell {which}"))
    }

    /// Reads events for so long, whatever they are.
    pub async fn rest(&mut self, time: Duration) {
        let _ = self.until(time, |_| false).await;
    }
}

fn memory(child: &Child, which: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()?)).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(which)?.strip_prefix(':'))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / KIB_OF_MB)
}
