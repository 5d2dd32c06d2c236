//! A year of three accounts, simulated: prints what became of the mail, and fails where that is not good enough.
//!
//! Run with `cargo run --release -p it --bin year`.

use std::io::Write as _;
use std::process::ExitCode;

use it::year::{GENUINE, Size, Year, live};
use it::{date, year};

const SEED: u64 = 1815;

fn say(line: &str) {
    // Where nobody reads, the exit status is left.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[tokio::main]
async fn main() -> ExitCode {
    let size = match std::env::args().nth(1).as_deref() {
        None => Size::YEAR,
        Some("short") => Size::SHORT,
        Some(other) => {
            say(&format!("there is no {other:?}; write nothing for a year, or `short` for two months"));
            return ExitCode::from(2);
        }
    };
    let told = |day: i64| {
        if day % 10 == 0 {
            let _ = write!(std::io::stderr(), "\rday {day} ");
        }
    };
    let Year { rows, undecided } = match live(size, SEED, date::now(), told).await {
        Ok(year) => year,
        Err(error) => {
            say(&format!("\nthe year could not be lived: {error:#}"));
            return ExitCode::FAILURE;
        }
    };
    say(&format!("\n{:<12} {:<10} {:>8} {:>8} {:>9}", "account", "notices", "all", "moved", "left"));
    for (account, what, fate) in &rows {
        let left = if *what == GENUINE { String::new() } else { format!("{:.1} %", fate.left()) };
        say(&format!("{account:<12} {what:<10} {:>8} {:>8} {left:>9}", fate.all, fate.moved));
    }
    for ((account, why), count) in &undecided {
        say(&format!("{account:<12} undecided for {why}: {count}"));
    }
    let broken = year::broken(&rows);
    for bar in &broken {
        say(&format!("NOT KEPT: {bar}"));
    }
    if broken.is_empty() {
        say(
            "No genuine notice was ever moved; of the account whose sent mail is whole no more was left than may be.",
        );
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}
