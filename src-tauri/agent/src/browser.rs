//! Shows a page in the user's browser.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// What fails to start a browser says so within this time; one that is started goes on.
const PATIENCE: Duration = Duration::from_secs(3);

/// Shows a page by whatever this desktop opens pages with.
///
/// The crate's own way to start it apart from us forks a process that has threads, which ended in a crash now and then.
///
/// # Errors
/// Nothing here opens pages.
pub async fn show(page: &str) -> io::Result<()> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "nothing here opens pages");
    for command in ::open::commands(page) {
        let mut command = Command::from(command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        #[cfg(unix)]
        command.process_group(0);
        match command.spawn() {
            Ok(mut started) => match tokio::time::timeout(PATIENCE, started.wait()).await {
                Ok(Ok(status)) if !status.success() => {
                    failed = io::Error::other(format!("it ended with {status}"));
                }
                Ok(Ok(_)) | Err(_) => return Ok(()),
                Ok(Err(error)) => failed = error,
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => failed = error,
        }
    }
    Err(failed)
}
