//! The figures of the agent: its time against a bare client's, and its memory. Each is measured on the program in
//! a process of its own and compared with its bar; the exit status is 1 where one is missed.

mod client;
mod flood;
mod inbox;
mod index;
mod mailbox;
mod once;
mod process;
mod program;
mod window;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};

/// What came out, compared with what may.
#[derive(Default)]
struct Report {
    missed: usize,
}

impl Report {
    /// Prints a line.
    fn say(&self, line: impl AsRef<str>) {
        // Where nobody reads, the exit status is left.
        let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
    }

    /// Prints a figure with its bar, and remembers whether it keeps to it.
    fn bar(&mut self, what: &str, value: f64, unit: &str, bar: f64) {
        let kept = value <= bar;
        self.missed += usize::from(!kept);
        let word = if kept { "kept" } else { "MISSED" };
        self.say(format!("  {what:<58} {value:>9.2} {unit:<4} (bar {bar}: {word})"));
    }

    /// Prints something that must be so.
    fn must(&mut self, what: &str, so: bool) {
        self.missed += usize::from(!so);
        self.say(format!("  {what:<58} {}", if so { "so it is" } else { "NOT SO" }));
    }
}

const USAGE: &str = "usage: figures [once] [index] [inbox] [flood] [window]; without a word all of them";

async fn run(words: &[String]) -> Result<usize> {
    let known = ["once", "index", "inbox", "flood", "window"];
    if let Some(word) = words.iter().find(|word| !known.contains(&word.as_str())) {
        bail!("there is no figure `{word}`; {USAGE}");
    }
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
    let mut report = Report::default();
    if cfg!(debug_assertions) {
        report.say("a debug build: its figures say little; add --release");
    }
    if wanted("once") {
        once::figure(&mut report).await?;
    }
    if wanted("index") {
        index::figure(&mut report).await?;
    }
    if wanted("inbox") {
        inbox::figure(&mut report).await?;
    }
    if wanted("flood") {
        flood::figure(&mut report).await?;
    }
    if wanted("window") {
        window::figure(&mut report).await?;
    }
    Ok(report.missed)
}

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            let _ = writeln!(std::io::stderr(), "figures that missed their bar: {missed}");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "figures: {error:#}");
            ExitCode::FAILURE
        }
    }
}
