//! The program is killed at a given moment of what it does to its journal.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::{Context as _, Result, ensure};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

/// Runs a program under strace, which kills it as it enters the first system call of this name on a file: the call is not
/// executed. Says whether it came to that.
///
/// strace counts calls by thread, and the journal is written by whichever thread is free: only the first call of a process is
/// the same each time.
///
/// # Errors
/// strace is not installed.
pub async fn killed_at(program: &Command, file: &Path, call: &str) -> Result<bool> {
    let status = under_strace(program, file, call)?.wait().await.context("it ends")?;
    Ok(is_killed(status))
}

fn is_killed(status: ExitStatus) -> bool {
    status.signal() == Some(9)
}

fn under_strace(program: &Command, file: &Path, call: &str) -> Result<Child> {
    let program = program.as_std();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-P"]).arg(file);
    strace.args(["-e", &format!("trace={call}"), "-e", &format!("inject={call}:signal=KILL:when=1")]);
    strace.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    strace.spawn().context("strace is to be installed: apt-get install strace")
}

/// A program that is killed at its first call on a file from a later moment on.
///
/// strace goes by the name that an open file has at the moment of the call. So it is told another name, and the file gets that
/// name when the moment has come.
pub struct Armed {
    program: Mutex<Child>,
    file: PathBuf,
    other: PathBuf,
}

impl Armed {
    /// Starts a program that is not killed yet.
    ///
    /// # Errors
    /// strace is not installed.
    pub fn start(program: &Command, file: PathBuf, call: &str) -> Result<Self> {
        let other = file.with_extension("renamed");
        Ok(Self { program: Mutex::new(under_strace(program, &other, call)?), file, other })
    }

    /// From now on the next call kills it.
    ///
    /// # Errors
    /// The file is not there.
    pub fn arm(&self) -> Result<()> {
        std::fs::rename(&self.file, &self.other).context("the file is there")
    }

    /// Waits until it is killed.
    ///
    /// # Errors
    /// It ended otherwise.
    pub async fn killed(&self) -> Result<()> {
        let status = self.program.lock().await.wait().await.context("it ends")?;
        std::fs::rename(&self.other, &self.file).context("the file is there still")?;
        ensure!(is_killed(status), "it was not killed: {status}");
        Ok(())
    }
}
