//! The one place that reads a clock.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rules::UnixTime;

/// A clock that what is judged and kept goes by; clones tell the same.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> UnixTime + Send + Sync>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(now))
    }

    /// A clock that tells what this says, as that of a simulation.
    #[must_use]
    pub fn telling(time: impl Fn() -> UnixTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(time))
    }

    /// What it tells.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        (self.0)()
    }
}

/// The time of the system's clock, which also counts suspension.
#[must_use]
pub fn now() -> UnixTime {
    let now = SystemTime::now();
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => UnixTime(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
        Err(before) => UnixTime(i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |s| -s)),
    }
}
