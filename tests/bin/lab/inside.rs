//! What happens in the room: the server is set up, gets the forged mail, and its notice is kept.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use it::date;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use super::case::{Case, Server};
use super::log::Log;
use super::{forger, names, world};

/// How long a server may take for anything: OpenSMTPD alone waits some ten seconds before it gives a host up.
const PATIENCE: Duration = Duration::from_secs(40);
const TICK: Duration = Duration::from_millis(50);
/// Where a room has the folder for captured mails.
pub const OUT: &str = "/lab/out";

/// Provokes the notice of this case and writes it to a file.
///
/// # Errors
/// The server does not do as it must; its log is told with the error.
pub async fn capture(server: &Server, case: &Case) -> Result<()> {
    let log = Log::listen()?;
    tokio::spawn(names::serve());
    let notice = match provoke(server, case).await {
        Ok(notice) => notice,
        Err(error) => bail!("{error:#}\nThe server's log:\n{}", log.text()),
    };
    let mut bytes = format!("Return-Path: <{}>\r\n", notice.sender).into_bytes();
    bytes.extend(notice.bytes);
    let path = Path::new(OUT).join(format!("{}_{}.eml", server.name, case.name));
    std::fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))
}

async fn provoke(server: &Server, case: &Case) -> Result<world::Delivered> {
    let mut delivered = world::listen().await?;
    run(server, "setup").await?;
    shell("the server's setup", server.setup).await?;
    shell("the case's settings", case.settings).await?;
    start(server).await?;
    forger::hand_in(server, case).await?;
    if case.aged > 0 {
        until("the server defers the mail", async || Ok(word(server, "deferred").await?.status.success()))
            .await?;
        run(server, "stop").await?;
        age(server, case.aged).await?;
        start(server).await?;
        // It may take calls before it takes commands.
        until("the server tries again", async || Ok(word(server, "flush").await?.status.success())).await?;
    }
    let notice = timeout(PATIENCE, delivered.recv()).await;
    notice.context("no notice came in time")?.context("the world has ended")
}

async fn start(server: &Server) -> Result<()> {
    run(server, "start").await?;
    until("the server listens", async || Ok(TcpStream::connect(forger::SERVER).await.is_ok())).await
}

/// Makes what lies in the queue older, as if the mail had come so many hours ago. All servers here keep its times as
/// Unix seconds in decimal digits.
async fn age(server: &Server, hours: i64) -> Result<()> {
    let files = run(server, "queue").await?;
    for file in String::from_utf8_lossy(&files.stdout).lines().map(PathBuf::from) {
        let kept = std::fs::read(&file).with_context(|| format!("read {}", file.display()))?;
        // Into the same file: the name of a file in Postfix's queue depends on its inode.
        std::fs::write(&file, older(&kept, date::now(), hours * date::HOUR))
            .with_context(|| format!("write {}", file.display()))?;
    }
    Ok(())
}

fn older(kept: &[u8], now: i64, seconds: i64) -> Vec<u8> {
    let mut written = Vec::with_capacity(kept.len());
    for run in kept.chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit()) {
        let time = str::from_utf8(run).ok().filter(|run| run.len() == 10).and_then(|run| run.parse().ok());
        match time {
            Some(time) if now.abs_diff(time) < 10 * date::DAY.unsigned_abs() => {
                written.extend(format!("{:010}", time - seconds).bytes());
            }
            _ => written.extend(run),
        }
    }
    written
}

/// Has the server's script do this.
async fn run(server: &Server, what: &str) -> Result<Output> {
    let done = word(server, what).await?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "`{what}` of {} failed ({}): {}", server.name, done.status, said.trim());
    Ok(done)
}

async fn word(server: &Server, what: &str) -> Result<Output> {
    let mut command = Command::new("sh");
    command.args(["-e", "-c", server.script, server.name, what]);
    timeout(PATIENCE, command.output())
        .await
        .with_context(|| format!("`{what}` takes too long"))?
        .context("start sh")
}

async fn shell(what: &str, commands: &str) -> Result<()> {
    let mut command = Command::new("sh");
    command.args(["-e", "-c", commands]);
    let done = timeout(PATIENCE, command.output()).await;
    let done = done.with_context(|| format!("{what}: this takes too long"))?.context("start sh")?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{what} failed ({}): {}", done.status, said.trim());
    Ok(())
}

async fn until(what: &str, so: impl AsyncFn() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + PATIENCE;
    while !so().await? {
        if Instant::now() > end {
            bail!("waited in vain until {what}");
        }
        sleep(TICK).await;
    }
    Ok(())
}
