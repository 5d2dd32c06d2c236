//! Lists for people: all mails of our record searched and ordered, figures of what happened, and the undecided by what one
//! decision would settle.

mod catalogue;
mod groups;
mod overview;
mod search;
mod source_text;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{EngineError, Shared};
use catalogue::Catalogue;
pub use catalogue::name_of;

/// So long the list of all mails is kept after it was last asked for: with 100,000 it takes tens of megabytes.
const KEPT: Duration = Duration::from_secs(120);

/// The list of all mails, while somebody asks for it.
#[derive(Default)]
pub struct Lists(Mutex<Option<(Catalogue, Instant)>>);

impl Lists {
    /// Works on the list as the journal has it now; the first time it is read as a whole.
    fn with<T>(&self, shared: &Shared, work: impl FnOnce(&mut Catalogue) -> T) -> Result<T, EngineError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (catalogue, asked) = kept.get_or_insert_with(|| (Catalogue::default(), Instant::now()));
        *asked = Instant::now();
        let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
        catalogue.catch_up(&shared.journal, &profile)?;
        Ok(work(catalogue))
    }

    /// Forgets the list if nobody has asked for it of late.
    pub fn forget_if_idle(&self) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|(_, asked)| asked.elapsed() > KEPT) {
            *kept = None;
        }
    }
}
