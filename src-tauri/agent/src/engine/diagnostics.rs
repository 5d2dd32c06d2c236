//! What whoever looks into a fault needs to know, without a word of anybody's mail: no addresses, subjects or ids.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::{Engine, EngineError, blocking};
use crate::api::{AccountState, DiagnosticsPart, DiagnosticsView};

/// So much of the end of the log is shown, in octets.
const LOG: u64 = 64 << 10;

impl Engine {
    pub(super) async fn diagnostics(&self) -> Result<DiagnosticsView, EngineError> {
        let (status, check) = (self.status().await?, self.check().await?);
        let shared = self.shared().clone();
        blocking(move || {
            let mut parts = vec![part(
                "program",
                format!(
                    "version {}\nsystem {} on {}\njournal {} octets",
                    status.version,
                    std::env::consts::OS,
                    std::env::consts::ARCH,
                    shared.journal.end().0
                ),
            )];
            for (number, account) in status.accounts.iter().enumerate() {
                let text = format!(
                    "state {}\nmode {:?}\nwatched folders {}\nSent folders {}\nsent mails {}\njudged {}\nundecided {}\n\
                     to apply {}\nquarantined {}\nread {} octets, written {}\nalarm {}",
                    state(&account.state),
                    account.mode,
                    account.watched.len(),
                    account.sent_folders.len(),
                    account.sent_indexed,
                    account.judged,
                    account.undecided,
                    account.to_apply,
                    account.quarantined,
                    account.bytes_in,
                    account.bytes_out,
                    if account.alarm.is_some() { "yes" } else { "no" }
                );
                parts.push(part(&format!("account {}", number + 1), text));
            }
            for checked in check.parts {
                let problem = checked.problem.map(|problem| format!("\n{problem}")).unwrap_or_default();
                parts.push(part(&checked.name, format!("{}{problem}", checked.text)));
            }
            if let Some(log) = newest(&shared.paths.log()) {
                let names: Vec<&str> = shared.config.accounts.iter().map(|account| account.name.as_str()).collect();
                parts.push(part("log", without_names(&end_of(&log).unwrap_or_default(), &names)));
            }
            Ok(DiagnosticsView { parts })
        })
        .await
    }
}

/// A log without what names somebody: by the rules of logging that stands below INFO alone, but for the names of accounts.
fn without_names(log: &str, accounts: &[&str]) -> String {
    let private = |line: &&str| {
        ["DEBUG", "TRACE"].iter().any(|level| line.split_whitespace().take(3).any(|word| word == *level))
    };
    let mut text = String::new();
    for line in log.lines().filter(|line| !private(line)) {
        let mut line = line.to_owned();
        for (number, name) in accounts.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            line = line.replace(name, &format!("account {}", number + 1));
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn part(name: &str, text: String) -> DiagnosticsPart {
    DiagnosticsPart { name: name.to_owned(), text }
}

/// The state without what the server said, which may name somebody.
fn state(state: &AccountState) -> String {
    match state {
        AccountState::Waiting { until, .. } => format!("waiting until {until}"),
        other => other.to_string(),
    }
}

fn newest(folder: &Path) -> Option<std::path::PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files
        .filter(|path| path.is_file())
        .max_by_key(|path| path.metadata().and_then(|file| file.modified()).ok())
}

fn end_of(file: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LOG)))?;
    let mut bytes = Vec::new();
    file.take(LOG).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
