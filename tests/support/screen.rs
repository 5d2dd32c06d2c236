//! A screen that nobody looks at: Xvfb.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long it may take to start, or until something is on its clipboard.
const PATIENCE: Duration = Duration::from_secs(20);

/// The screen; it ends when this is dropped.
pub struct Screen {
    display: String,
    _server: Child,
}

impl Screen {
    /// Starts one with a number that is free.
    ///
    /// # Errors
    /// When Xvfb is not installed (`tests/run` does it), or does not come up.
    pub async fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("start Xvfb; `tests/run` installs it")?;
        let mut said = BufReader::new(server.stdout.take().context("a pipe")?).lines();
        let number =
            tokio::time::timeout(PATIENCE, said.next_line()).await.context("Xvfb does not start")??;
        Ok(Self { display: format!(":{}", number.context("Xvfb ended")?), _server: server })
    }

    /// What programs find it by, as `DISPLAY` has it.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Waits until there is text on its clipboard.
    ///
    /// # Errors
    /// There is none in time, or xclip is not installed.
    pub async fn until_pasted(&self) -> Result<String> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let pasted = Command::new("xclip")
                .args(["-o", "-selection", "clipboard", "-t", "UTF8_STRING"])
                .env("DISPLAY", &self.display)
                .output()
                .await
                .context("start xclip; `tests/run` installs it")?;
            if pasted.status.success() && !pasted.stdout.is_empty() {
                return Ok(String::from_utf8(pasted.stdout)?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("nothing is on the clipboard")
    }
}
