//! Measures what the store costs for a large Sent folder: time, memory and disk, and the speed of look-ups.
//!
//! `cargo run --release -p agent --example store_memory -- [MAILS] [DAYS OF FACTS]`
#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::{fs, ops::RangeInclusive, time::Duration, time::Instant};

use agent::{
    imap::FolderName,
    store::{IndexKey, SentRow, Store},
};
use anyhow::{Context, Result};
use rules::{Address, MailDate, MessageId, SentMail, Span, UnixTime, read::SentHeaders, time::DAY};

/// Mails that are read and made durable at a time.
const WINDOW: u32 = 500;
/// The span over which the mails were sent.
const YEARS: i64 = 10;

fn row(uid: u32, mails: u32, now: UnixTime) -> Result<SentRow> {
    let at = now.minus(YEARS * 365 * DAY * i64::from(mails - uid) / i64::from(mails));
    let address =
        |n: u32| Address::new(&format!("person{n}@domain{}.example", n % 4_000)).context("an address");
    Ok(SentRow {
        uid,
        internal_date: at,
        headers: SentHeaders {
            ids: MessageId::new(&format!(
                "<{uid}.{:x}@mail.example.org>",
                u64::from(uid).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ))
            .into_iter()
            .collect(),
            from: vec![Address::new("ada@example.org").context("an address")?],
            recipients: vec![address(uid % 20_000)?, address(uid.wrapping_mul(7_919) % 20_000)?],
            subject: format!("The matter of {} and {}", uid % 50_000, uid % 77),
            date: Some(MailDate { at, offset_minutes: 60 }),
        },
    })
}

/// A line of `/proc/self/status` in MiB.
fn memory(field: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(field)).context("no such line")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1024.0)
}

fn report(what: &str, since: Instant) -> Result<()> {
    let (peak, now) = (memory("VmHWM")?, memory("VmRSS")?);
    println!(
        "{what:<44} {:>7.2} s   peak {peak:>6.1} MiB   now {now:>6.1} MiB",
        since.elapsed().as_secs_f64()
    );
    Ok(())
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mails: u32 = arguments.next().map_or(Ok(200_000), |n| n.parse())?;
    let days: i64 = arguments.next().map_or(Ok(152), |n| n.parse())?;
    let home = tempfile::tempdir()?;
    let now = UnixTime(1_780_000_000);
    let dir = home.path().join("index");
    let (store, _) = Store::open(&dir, &IndexKey::from_bytes([7; 32]), now)?;
    store.set_fact_horizon(now.minus(days * DAY));
    let account = store.account("home")?;
    let folder = store.folder(account, &FolderName("Sent".into()))?;
    store.set_sent_folders(account, &[folder], &[], now)?;
    store.start_sent_folder(folder, 1, UnixTime(0))?;
    let began = Instant::now();
    for first in (1..=mails).step_by(WINDOW as usize) {
        let window: RangeInclusive<u32> = first..=(first + WINDOW - 1).min(mails);
        let rows = window.clone().map(|uid| row(uid, mails, now)).collect::<Result<Vec<_>>>()?;
        store.add_sent(folder, window, &rows)?;
        store.durable()?;
    }
    store.sent_refreshed(folder, mails + 1, now)?;
    store.durable()?;
    report(&format!("{mails} mails read in"), began)?;
    let began = Instant::now();
    store.reopen()?;
    report("closed and opened again", began)?;
    let began = Instant::now();
    println!("compacted: {}", store.compact_if_needed()?);
    report("compacted if needed", began)?;
    let began = Instant::now();
    let look_ups = 100_000;
    for n in 0..look_ups {
        let id = MessageId::new(&format!("<{n}.nobody@mail.example.org>")).context("an id")?;
        anyhow::ensure!(store.sent(&id)?.is_none(), "an id that was never sent");
    }
    println!("a look-up that finds nothing: {:?}", began.elapsed() / look_ups);
    let began = Instant::now();
    for n in 0..look_ups {
        let row = row(1 + n.wrapping_mul(7_907) % mails, mails, now)?;
        let id = row.headers.ids.first().context("an id")?;
        anyhow::ensure!(store.sent(id)?.is_some(), "an id that was sent");
    }
    println!("a look-up that finds: {:?}", began.elapsed() / look_ups);
    let person = Address::new("person12@domain12.example").context("an address")?;
    let began = Instant::now();
    for n in 0..look_ups {
        let from = now.minus(i64::from(n % 90) * DAY);
        store.wrote_to(&person, Span::new(from.minus(30 * DAY), from))?;
    }
    println!("a recipient in a span: {:?}", began.elapsed() / look_ups);
    let began = Instant::now();
    drop(store);
    let (store, found) = Store::open(&dir, &IndexKey::from_bytes([7; 32]), now)?;
    report(&format!("opened, {found:?}"), began)?;
    let began = Instant::now();
    let export = store.export(&home.path().join("backup"), now)?;
    report(&format!("{} entries written to a backup", export.entries), began)?;
    std::thread::sleep(Duration::from_secs(5));
    report("five seconds later", began)?;
    let disk: u64 = fs::read_dir(&dir)?.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum();
    println!("on disk: {} MB; backup: {} MB", disk / 1_000_000, export.bytes / 1_000_000);
    Ok(())
}
