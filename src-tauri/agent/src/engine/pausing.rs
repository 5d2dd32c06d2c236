//! A pause: all mailboxes are left alone until a time, or until the user goes on. It outlives the agent.

use std::sync::Arc;
use std::time::Duration;

use rules::UnixTime;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{Engine, EngineError, Shared, blocking};

/// Where the store remembers it.
const PAUSED: &str = "paused";
/// The clock is looked at so often, for it may be set, or the machine may sleep.
const LOOK: Duration = Duration::from_secs(5);

/// A pause that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Until then; none: until the user goes on.
    pub until: Option<UnixTime>,
}

/// The pause that is wanted now.
///
/// # Errors
/// The store cannot be read.
pub fn paused(shared: &Shared) -> Result<Option<Pause>, EngineError> {
    let kept =
        shared.store.misc(PAUSED)?.and_then(|json| serde_json::from_slice::<Option<Pause>>(&json).ok());
    let now = shared.clock.now();
    Ok(kept.flatten().filter(|pause| pause.until.is_none_or(|until| until > now)))
}

/// Ready when a pause is wanted.
pub async fn until_paused(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let changed = shared.pausing.notified();
        tokio::pin!(changed);
        // Before it is looked: what comes in between is heard.
        changed.as_mut().enable();
        if matches!(paused(&shared), Ok(Some(_))) {
            return;
        }
        tokio::select! {
            () = changed => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Ready when this pause is not wanted any more, or another one is.
pub async fn until_over(shared: &Shared, pause: Pause) {
    loop {
        let changed = shared.pausing.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        if !matches!(paused(shared), Ok(Some(now)) if now == pause) {
            return;
        }
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(LOOK) => {}
            () = shared.stop.cancelled() => return,
        }
    }
}

impl Engine {
    /// Leaves all mailboxes alone until a time, or until the user goes on.
    pub(super) async fn pause(&self, until: Option<UnixTime>) -> Result<(), EngineError> {
        if until.is_some_and(|until| until <= self.shared().clock.now()) {
            return Err(EngineError::NotDone("that time is over already; choose a later one".to_owned()));
        }
        self.keep(Some(Pause { until })).await
    }

    /// Ends a pause.
    pub(super) async fn resume(&self) -> Result<(), EngineError> {
        self.keep(None).await
    }

    async fn keep(&self, pause: Option<Pause>) -> Result<(), EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            shared.store.set_misc(PAUSED, &serde_json::to_vec(&pause).unwrap_or_default())?;
            shared.store.durable()?;
            shared.pausing.notify_waiters();
            Ok(())
        })
        .await
    }
}
