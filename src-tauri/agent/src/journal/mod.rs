//! The journal: what is about to be done on a server, written and fsynced before the server is asked.
//!
//! One append-only file, one entry a line: a checksum, a blank, the entry as JSON. The journal also holds
//! what nobody else knows (what the user put back), so it outlives the store, which is rebuilt from it.

mod entry;
mod file;

pub use entry::{Entry, Explained, Identity, Place, RestoreReason};
pub use file::{Journal, JournalError, Offset, Opened};
