//! How patient the engine is: with a server, between two looks, and before it tries again.

use std::time::Duration;

use crate::imap::Deadlines;

/// The times that the engine keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long a server may take.
    pub deadlines: Deadlines,
    /// Where there is no IDLE, and for folders beside the one that idles, the server is asked so often.
    pub poll: Duration,
    /// The least wait where the server is busy or full, or a secret is guarded by something that the user must
    /// settle first.
    pub wait: Duration,
    /// The least wait after what trying again alone can't mend.
    pub hopeless: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            poll: Duration::from_secs(60),
            wait: Duration::from_secs(60),
            hopeless: Duration::from_secs(5 * 60),
        }
    }
}
