//! One task at a time moves mail of an account: what another has begun and not yet written down would look as if a crash had left
//! it, and be settled twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::EngineError;

/// Whose turn it is, by account.
#[derive(Debug, Default)]
pub struct Turns(Mutex<BTreeMap<String, Turn>>);

impl Turns {
    /// The turn of an account.
    pub fn of(&self, account: &str) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(account.to_owned()).or_default().clone()
    }
}

/// The turn of one account; clones are the same one.
#[derive(Clone, Debug)]
pub struct Turn(Arc<Semaphore>);

impl Default for Turn {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turn {
    /// Waits for the turn; it is over when what is returned is dropped.
    ///
    /// # Errors
    /// The agent ends.
    pub async fn take(&self) -> Result<OwnedSemaphorePermit, EngineError> {
        self.0.clone().acquire_owned().await.map_err(|_| EngineError::Stopping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time_for_an_account_and_others_go_on() {
        let turns = Turns::default();
        let first = turns.of("home").take().await.expect("it is free");
        let second = turns.of("home");
        let mut second = Box::pin(second.take());
        assert!(futures_util::poll!(&mut second).is_pending(), "it is taken");
        let _other = turns.of("work").take().await.expect("that of another is free");
        drop(first);
        let _second = second.await.expect("it is free again");
    }
}
