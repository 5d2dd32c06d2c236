//! What the desktop shows of the agent, as plain values: the tray's icon, words and menu, and which notifications are due. How they
//! are shown is the shell's business.

mod notices;
mod tray;
mod words;

pub use notices::{Due, Notice, Notices};
pub use tray::{Entry, Face, MenuOrder, Seen, Tray, tomorrow};
pub use words::Words;
