//! The local socket: one JSON object a line, request and answer in turn, several requests a connection.
//!
//! It lies in the data directory, which is its owner's alone, and is itself 0600: whoever can open it is the user.

mod client;
mod line;
mod server;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use client::{AskError, Connection, ask};
pub use server::{Answer, ListenError, listen, serve};

use crate::api::{ApiError, Event, Response};

/// One line from the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    /// The answer to the request before it.
    Answer(Response),
    /// The request before it failed.
    Error(ApiError),
    /// Something happened; only after `Subscribe`.
    Event(Event),
}

/// The longest line of a request, in bytes: 10,000 record names fit.
const LONGEST_REQUEST: usize = 1 << 20;
/// The longest line of an answer, in bytes: a full page fits.
const LONGEST_ANSWER: usize = 16 << 20;

/// A name for a socket that fits into the 108 bytes that a socket address has on Linux (unix(7)); the open folder
/// behind the name must live as long as it is used.
fn short_name(path: &Path) -> (PathBuf, Option<std::fs::File>) {
    #[cfg(target_os = "linux")]
    if path.as_os_str().len() > 100
        && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
        && let Ok(folder) = std::fs::File::open(folder)
    {
        use std::os::fd::AsRawFd as _;

        let name = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        return (name, Some(folder));
    }
    (path.to_owned(), None)
}

#[cfg(test)]
mod tests;
