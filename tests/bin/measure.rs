//! Measures reading on a directory of labelled mail, and prints one table.
//!
//! `cargo run --release -p it --bin measure [DIR]`; without a directory it takes that of NEVERSENT_CORPUS. With `--misread`
//! it also names every mail that is read otherwise than it is labelled. The exit status is 1 where a bar is missed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use it::measure::measure;

fn run() -> Result<usize> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = words.iter().find(|word| !word.starts_with("--")).map(PathBuf::from);
    let root = named.or_else(|| std::env::var_os("NEVERSENT_CORPUS").map(PathBuf::from));
    let root = root.context("name a directory of labelled mail, or set NEVERSENT_CORPUS to it")?;
    let measured = measure(&root)?;
    let mut out = std::io::stdout().lock();
    if words.iter().any(|word| word == "--misread") {
        for line in &measured.misread {
            writeln!(out, "{line}")?;
        }
    }
    write!(out, "{}", measured.table())?;
    Ok(measured.rows().iter().filter(|row| !row.is_kept()).count())
}

fn main() -> ExitCode {
    let told = match run() {
        Ok(0) => return ExitCode::SUCCESS,
        Ok(missed) => format!("figures that missed their bar: {missed}"),
        Err(error) => format!("measure: {error:#}"),
    };
    // Where nobody reads, the exit status is left.
    let _ = writeln!(std::io::stderr(), "{told}");
    ExitCode::FAILURE
}
