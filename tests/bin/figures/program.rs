//! All processes of a program, as `/proc` tells of them.

use anyhow::{Context as _, Result};

/// Megabytes, as bars count them.
const KIB_OF_MB: f64 = 1_000.0 / 1.024;
/// Ticks of `/proc/*/stat` in a second, on every Linux that this runs on.
const TICKS: f64 = 100.0;

/// A process.
struct Process {
    id: u32,
    name: String,
    parent: u32,
    /// What it has worked so far, in seconds.
    worked: f64,
}

fn process(id: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name stands in brackets, and may hold anything.
    let (before, after) = stat.rsplit_once(')')?;
    let name = before.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<f64>().ok();
    let parent = fields.get(1)?.parse().ok()?;
    Some(Process { id, name, parent, worked: (number(11)? + number(12)?) / TICKS })
}

/// What a process has worked since it began, in seconds.
///
/// # Errors
/// It has ended.
pub fn worked(id: u32) -> Result<f64> {
    Ok(process(id).context("the program has ended")?.worked)
}

/// The memory of a process and of all that it has started, in MB, each page shared among those that use it (PSS), with the
/// names of all.
///
/// # Errors
/// `/proc` does not tell.
pub fn memory(id: u32) -> Result<(f64, String)> {
    let all: Vec<Process> = std::fs::read_dir("/proc")?
        .filter_map(|entry| process(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .collect();
    let mut own = vec![id];
    let mut at = 0;
    while let Some(parent) = own.get(at).copied() {
        own.extend(all.iter().filter(|process| process.parent == parent).map(|process| process.id));
        at += 1;
    }
    let (mut sum, mut parts) = (0.0, Vec::new());
    for process in all.iter().filter(|process| own.contains(&process.id)) {
        // One that has just ended has none.
        let Some(pss) = pss(process.id) else { continue };
        sum += pss;
        parts.push(format!("{} {pss:.1}", process.name));
    }
    anyhow::ensure!(!parts.is_empty(), "the program has ended");
    Ok((sum, parts.join(", ")))
}

fn pss(id: u32) -> Option<f64> {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib / KIB_OF_MB)
}
