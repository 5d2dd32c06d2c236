//! The desktop program. Started plainly it shows a tray icon and a window; with `--window` it is that window,
//! a process of its own: closed, it costs no memory, and a crashed web view takes nothing else down.

mod commands;
mod desk;
mod icons;
mod notify;
mod pages;
mod tray;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use agent::config::Paths;
use clap::Parser;

/// The agent is hosted here for weeks: with glibc's allocator what a first index took would stay taken (see `neversent`).
#[cfg(unix)]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Takes the replies to mail you never sent out of your inbox.
#[derive(Clone, Debug, Parser)]
#[command(name = "neversent-app", version)]
pub struct Arguments {
    /// Be the window alone
    #[arg(long, hide = true)]
    window: bool,
    /// End with standard input, and come to the front at each of its lines
    #[arg(long, hide = true)]
    follow: bool,
    /// Show this place of the window, such as `#/reports`
    #[arg(long, value_name = "PLACE")]
    at: Option<String>,
    /// Started with the desktop: show no window
    #[arg(long)]
    autostarted: bool,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of index, journal and logs
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

impl Arguments {
    /// Where everything lies.
    fn paths(&self) -> anyhow::Result<Paths> {
        Ok(Paths::resolve(self.config.clone(), self.data_dir.clone())?)
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = if arguments.window { window::run(&arguments) } else { tray::run(&arguments) };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong where somebody may read it; where even standard error is closed there is nobody left to tell.
fn complain(error: &anyhow::Error) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "neversent-app: {error:#}");
}
