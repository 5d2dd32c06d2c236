//! Logs: for people on a terminal, else into a file that changes each day. Nothing private above debug.

use std::{io::IsTerminal as _, path::Path};

use tracing::level_filters::LevelFilter;
use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// The environment variable that sets the level of our own targets, such as `debug` or `agent::imap=trace`.
pub const VARIABLE: &str = "NEVERSENT_LOG";

/// Targets of our own crates: the only ones that the environment may open.
const OWN: [&str; 4] = ["agent", "rules", "neversent", "app"];

/// Days whose log files are kept.
const DAYS: usize = 7;

/// Others' targets, whatever the environment says. `async_imap` traces every command with the password in it,
/// `imap_proto` and `keyring_core` what they read (seen with 0.12.0, 0.17.0, 1.0.1); `hickory_resolver` tells of names that
/// it asks for, as an error (0.26.3).
const OTHERS: [(&str, LevelFilter); 10] = [
    ("async_imap", LevelFilter::OFF),
    ("imap_proto", LevelFilter::OFF),
    ("keyring_core", LevelFilter::OFF),
    ("hickory_net", LevelFilter::OFF),
    ("hickory_proto", LevelFilter::OFF),
    ("hickory_resolver", LevelFilter::OFF),
    ("mail_auth", LevelFilter::OFF),
    ("sled", LevelFilter::ERROR),
    ("rustls", LevelFilter::ERROR),
    ("zbus", LevelFilter::ERROR),
];

/// Keeps the log file's writer alive; what is not yet written is written when this is dropped.
#[derive(Debug)]
pub struct LogGuard {
    _worker: Option<WorkerGuard>,
}

/// Logs cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log file cannot be made.
    #[error("no log file can be made in {}; check the rights and the space of that folder", folder.display())]
    File {
        /// The folder.
        folder: std::path::PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Starts logging: to standard error where that is a terminal or there is no folder, else to the folder.
///
/// `quiet` is the level of our own targets where the environment sets none.
///
/// # Errors
/// The log file cannot be made.
pub fn start(folder: Option<&Path>, quiet: LevelFilter) -> Result<LogGuard, LogError> {
    let filter = targets(std::env::var(VARIABLE).ok().as_deref(), quiet);
    let terminal = std::io::stderr().is_terminal();
    let (layer, worker) = match folder {
        Some(folder) if !terminal => {
            let failed = |source| LogError::File { folder: folder.to_owned(), source };
            std::fs::create_dir_all(folder).map_err(|error| failed(error.into()))?;
            let file = RollingFileAppender::builder()
                .rotation(Rotation::DAILY)
                .filename_prefix("neversent")
                .filename_suffix("log")
                .max_log_files(DAYS)
                .build(folder)
                .map_err(|error| failed(error.into()))?;
            let (writer, worker) = tracing_appender::non_blocking(file);
            (tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer).boxed(), Some(worker))
        }
        _ => {
            let layer = tracing_subscriber::fmt::layer()
                .with_ansi(terminal)
                .with_target(false)
                .with_writer(std::io::stderr);
            (layer.boxed(), None)
        }
    };
    // A second call, as tests make it, keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
    Ok(LogGuard { _worker: worker })
}

/// What is let through: ours by the environment, others' by this file alone.
fn targets(wanted: Option<&str>, quiet: LevelFilter) -> Targets {
    let wanted: Targets = wanted.and_then(|text| text.parse().ok()).unwrap_or_default();
    let ours = wanted.default_level().filter(|level| *level != LevelFilter::OFF).unwrap_or(quiet);
    let chosen =
        wanted.iter().filter(|(target, _)| OWN.contains(&target.split("::").next().unwrap_or(target)));
    let chosen: Vec<(String, LevelFilter)> =
        chosen.map(|(target, level)| (target.to_owned(), level)).collect();
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(OTHERS)
        .with_targets(OWN.map(|target| (target, ours)))
        .with_targets(chosen)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn the_environment_opens_our_own_targets_alone() {
        let cases = [
            (None, "agent::imap", Level::INFO, true),
            (None, "agent::imap", Level::DEBUG, false),
            (Some("debug"), "agent::imap", Level::DEBUG, true),
            (Some("trace"), "async_imap::client", Level::ERROR, false),
            (Some("async_imap=trace,agent::imap=trace"), "async_imap::imap_stream", Level::TRACE, false),
            (Some("async_imap=trace,agent::imap=trace"), "agent::imap", Level::TRACE, true),
            (Some("agent::imap=trace"), "agent::store", Level::DEBUG, false),
            (Some("trace"), "rustls::client", Level::WARN, false),
            (Some("trace"), "sled::pagecache", Level::WARN, false),
            (Some("\u{0}=,="), "agent", Level::INFO, true),
        ];
        for (wanted, target, level, expected) in cases {
            let filter = targets(wanted, LevelFilter::INFO);
            assert_eq!(filter.would_enable(target, &level), expected, "{wanted:?} {target} {level}");
        }
    }
}
