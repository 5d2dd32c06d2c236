//! The export a day: what only we know outlives the store in it.

use std::path::PathBuf;

use super::{EngineError, Shared};

/// Where the store remembers the last export.
const LAST: &str = "last-export";

/// Writes the export of the day, unless that was done.
///
/// # Errors
/// The store cannot be read, or the file not written.
pub fn export_if_due(shared: &Shared) -> Result<(), EngineError> {
    let now = shared.clock.now();
    let last = shared.store.misc(LAST)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes);
    if now.0.saturating_sub(last) < rules::time::DAY {
        return Ok(());
    }
    shared.store.export(&daily_path(shared)?, now)?;
    shared.store.forget_old_sources()?;
    Ok(shared.store.set_misc(LAST, &now.0.to_be_bytes())?)
}

/// The file of the daily export; each replaces the one before it.
///
/// # Errors
/// Its folder cannot be made.
pub fn daily_path(shared: &Shared) -> Result<PathBuf, EngineError> {
    let folder = shared.paths.export();
    std::fs::create_dir_all(&folder)
        .map_err(|source| EngineError::Folder { path: folder.clone(), source })?;
    Ok(folder.join("latest"))
}
