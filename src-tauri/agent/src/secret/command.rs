//! A command that prints a secret: the first line of its standard output.

use std::{process::Stdio, time::Duration};

use secrecy::{SecretString, zeroize::Zeroize as _};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
};

/// How long a command may take: long enough for a person at a passphrase prompt.
pub const LIMIT: Duration = Duration::from_secs(30);
/// What is read of a command's output, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What a command did instead of printing a secret.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It did not start.
    #[error("could not be started ({source}); check it in a shell")]
    Start {
        /// Why.
        source: std::io::Error,
    },
    /// It did not end in time.
    #[error("did not end within {} seconds; check in a shell whether it waits for something", limit.as_secs())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
    /// It failed.
    #[error("failed ({status}){}; check it in a shell", said.as_ref().map(|said| format!(" and said: {said}")).unwrap_or_default())]
    Failed {
        /// How it ended.
        status: String,
        /// The first line of its standard error.
        said: Option<String>,
    },
    /// It printed nothing, or nothing that is text.
    #[error("printed no password; it must print it as the first line")]
    Nothing,
}

/// Runs a command by the shell and returns the first line that it prints.
pub async fn first_line(command: &str, limit: Duration) -> Result<SecretString, CommandError> {
    tokio::time::timeout(limit, run(command)).await.unwrap_or(Err(CommandError::TooSlow { limit }))
}

async fn run(command: &str) -> Result<SecretString, CommandError> {
    let start = |source| CommandError::Start { source };
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(start)?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    // Both at once: a command that fills one pipe while the other is read would never end.
    let (out, err) = tokio::join!(read(out), read(err));
    let mut out = out.map_err(start)?;
    let status = child.wait().await.map_err(start)?;
    if !status.success() {
        out.zeroize();
        let said = err.unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let said = said.lines().map(str::trim).find(|line| !line.is_empty());
        let said = said.map(|line| line.chars().filter(|c| !c.is_control()).take(200).collect());
        return Err(CommandError::Failed { status: status.to_string(), said });
    }
    let line = out.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let secret = std::str::from_utf8(line).ok().filter(|line| !line.is_empty()).map(SecretString::from);
    out.zeroize();
    secret.ok_or(CommandError::Nothing)
}

async fn read(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    // Room for all of it at once: a buffer that grows leaves copies of the secret behind.
    let mut bytes = Vec::with_capacity(usize::try_from(LONGEST).unwrap_or(0));
    if let Some(pipe) = pipe {
        pipe.take(LONGEST).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}
