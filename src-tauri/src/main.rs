//! The desktop program. Started plainly it shows a tray icon and a window; with `--window` it is that window,
//! a process of its own: closed, it costs no memory, and a crashed web view takes nothing else down.

mod tray;
mod window;

use std::process::ExitCode;

/// The argument that makes this program the window.
const WINDOW: &str = "--window";

fn main() -> ExitCode {
    let is_window = std::env::args_os().nth(1).is_some_and(|argument| argument == WINDOW);
    let ended = if is_window { window::run() } else { tray::run() };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            // Where even standard error is closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "neversent-app: {error:#}");
            ExitCode::FAILURE
        }
    }
}
