//! The room's `/dev/log`: what a server says there is told where it fails.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use tokio::net::UnixDatagram;

const SOCKET: &str = "/dev/log";

/// The lines so far.
pub struct Log(Arc<Mutex<String>>);

impl Log {
    /// Begins to listen.
    ///
    /// # Errors
    /// The socket can't be made.
    pub fn listen() -> Result<Self> {
        let socket = UnixDatagram::bind(SOCKET).context("make the room's /dev/log")?;
        // Servers log as users of their own.
        std::fs::set_permissions(SOCKET, std::fs::Permissions::from_mode(0o666))?;
        let lines = Arc::new(Mutex::new(String::new()));
        let written = lines.clone();
        tokio::spawn(async move {
            let mut packet = [0_u8; 8192];
            while let Ok(length) = socket.recv(&mut packet).await {
                let line = String::from_utf8_lossy(packet.get(..length).unwrap_or_default()).into_owned();
                let mut text = written.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(line.trim_end_matches(['\0', '\n']));
                text.push('\n');
            }
        });
        Ok(Self(lines))
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
