//! The lab: real mail servers answer forged mail, and what they answer becomes test mail of `rules`.
//!
//! Each forged mail bears the name of a person who never sent it. A server takes it, can't or won't deliver it, and
//! sends its notice to that person, which is how backscatter comes to be. The lab keeps the notice, octet for
//! octet, beside a description of what must be read from it.

mod case;
mod forger;
mod inside;
mod log;
mod names;
mod packages;
mod room;
mod servers;
mod world;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use case::{Case, Server};
use servers::SERVERS;

const USAGE: &str = "usage: lab [SERVER | SERVER_CASE]… [--out DIR]; without a server all of them";

fn say(line: impl AsRef<str>) {
    // Where nobody reads, the exit status is left.
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

/// What is to be done.
struct Order {
    cases: Vec<(&'static Server, &'static Case)>,
    out: PathBuf,
}

fn order(words: &[String]) -> Result<Order> {
    let all = || SERVERS.iter().flat_map(|server| server.cases.iter().map(move |case| (*server, case)));
    let mut out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/testdata/lab");
    let mut cases = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--out" {
            out = PathBuf::from(words.next().context(USAGE)?);
            continue;
        }
        let before = cases.len();
        cases.extend(all().filter(|(server, case)| {
            server.name == word || word.strip_prefix(server.name) == Some(&format!("_{}", case.name))
        }));
        if cases.len() == before {
            let known: Vec<&str> = SERVERS.iter().map(|server| server.name).collect();
            bail!("there is no `{word}`; {USAGE}: {}", known.join(", "));
        }
    }
    if cases.is_empty() {
        cases.extend(all());
    }
    Ok(Order { cases, out })
}

async fn run(words: &[String]) -> Result<usize> {
    if let [word, server, case] = words
        && word == room::INSIDE
    {
        room::entered()?;
        let inside = order(&[format!("{server}_{case}")])?;
        let (server, case) = inside.cases.first().context("the case")?;
        inside::capture(server, case).await?;
        return Ok(0);
    }
    let Order { cases, out } = order(words)?;
    room::possible().await?;
    std::fs::create_dir_all(&out).with_context(|| format!("make {}", out.display()))?;
    let out = out.canonicalize()?;
    let mut failed = 0;
    say(format!("{:<34} {:>7}  {:<10} {:<18} {}", "notice", "octets", "action", "reason", "how provoked"));
    for (server, case) in cases {
        let name = format!("{}_{}", server.name, case.name);
        match captured(server, case, &out).await {
            Ok(length) => {
                let read = &case.read_as;
                let action = if read.action.is_empty() { read.kind } else { read.action };
                say(format!("{name:<34} {length:>7}  {action:<10} {:<18} {}", read.reason, case.how));
            }
            Err(error) => {
                failed += 1;
                say(format!("{name:<34} FAILED: {error:#}"));
            }
        }
    }
    Ok(failed)
}

/// Captures one notice, writes its description beside it, and tells its length.
async fn captured(server: &Server, case: &Case, out: &Path) -> Result<u64> {
    let packages = packages::unpacked(server).await?;
    room::capture(server, case, &packages, out).await?;
    let mail = out.join(format!("{}_{}.eml", server.name, case.name));
    std::fs::write(mail.with_extension("toml"), case.description(server, &packages.version))?;
    Ok(std::fs::metadata(&mail).with_context(|| format!("read {}", mail.display()))?.len())
}

/// Does it, or ends early where it is told to, so that the room goes as well.
async fn run_unless_ended(words: &[String]) -> Result<usize> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        done = run(words) => done,
        _ = interrupted.recv() => bail!("interrupted"),
        _ = terminated.recv() => bail!("terminated"),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run_unless_ended(&words).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            let _ = writeln!(std::io::stderr(), "notices that did not come: {failed}");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}
