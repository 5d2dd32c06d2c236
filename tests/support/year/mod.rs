//! A year of three accounts, lived through by the agent day by day: what was sent, what came back, storms and a trickle of
//! backscatter, with all that goes wrong at real providers.
//!
//! The mail is made for the whole year at first; then each day's is put on the servers, the user's programs do what they do,
//! and the agent runs once by the clock of that day.

mod life;
mod provider;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use agent::api::{Request, Response};
use agent::clock::Clock;
use agent::config::{Config, Paths};
use agent::engine::Engine;
use agent::lock::DataDirLock;
use agent::secret::Keyring;
use agent::socket::Answer as _;
use anyhow::{Context as _, Result, bail};
use rules::UnixTime;
use tokio_util::sync::CancellationToken;

use crate::Digest;
use life::{Life, What};
pub use provider::Provider;

const DAY: i64 = 86_400;
const QUARANTINE: &str = "Never Sent";

/// How much happens in the year.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Days.
    pub days: i64,
    /// Mails that the user sends.
    pub sent: usize,
    /// Notices that answer them.
    pub genuine: usize,
    /// Backscatter of each of three storms.
    pub storm: usize,
    /// Backscatter of the trickle.
    pub trickle: usize,
}

impl Size {
    /// A whole year.
    pub const YEAR: Self = Self { days: 365, sent: 5_000, genuine: 800, storm: 5_500, trickle: 3_500 };
    /// Two months, for every test run.
    pub const SHORT: Self = Self { days: 60, sent: 420, genuine: 90, storm: 150, trickle: 120 };
}

/// What became of one sort of mail in one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// How many there were.
    pub all: usize,
    /// How many lie in the quarantine at the end.
    pub moved: usize,
    /// How many lay there at the end of any day.
    pub ever_moved: usize,
}

impl Fate {
    /// How many of a hundred are not in the quarantine.
    #[must_use]
    pub fn left(&self) -> f64 {
        let (all, left) = (self.all.max(1), self.all - self.moved);
        f64::from(u32::try_from(left).unwrap_or(u32::MAX)) * 100.0
            / f64::from(u32::try_from(all).unwrap_or(u32::MAX))
    }
}

/// What a year came to.
#[derive(Debug, Default)]
pub struct Year {
    /// What became of the notices.
    pub rows: Vec<Row>,
    /// How many notices stayed undecided in the end, for what reason, by account.
    pub undecided: BTreeMap<(String, String), usize>,
}

/// A row of the table: an account, a sort of mail, what became of it.
pub type Row = (&'static str, &'static str, Fate);

/// The sorts of mail that are told of.
pub const GENUINE: &str = "genuine";
/// Backscatter of a storm.
pub const STORM: &str = "storm";
/// Backscatter of the trickle.
pub const TRICKLE: &str = "trickle";

/// Lives through a year that ends about now, and tells what became of its mail.
///
/// # Errors
/// The agent, a server or a file fails.
pub async fn live(size: Size, seed: u64, now: i64, tell: impl Fn(i64)) -> Result<Year> {
    let begin = now - size.days * DAY;
    let mut lives = Vec::new();
    for (at, provider) in Provider::ALL.into_iter().enumerate() {
        lives.push(Life::new(provider, size, seed + at as u64, begin)?);
    }
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(AtomicI64::new(begin));
    let engine = open(folder.path(), &lives, clock.clone()).await?;
    let mut moved: BTreeMap<Digest, bool> = BTreeMap::new();
    for day in 0..size.days {
        let end = begin + (day + 1) * DAY;
        for life in &mut lives {
            life.live_until(end, day);
        }
        clock.store(end + clock_error(day * 365 / size.days), Ordering::Relaxed);
        for summary in engine.once().await {
            if let Some(error) = summary.error {
                bail!("day {day}, account {}: {error}", summary.account);
            }
        }
        let quarantined: BTreeSet<Digest> = lives.iter().flat_map(Life::quarantine).collect();
        moved.iter_mut().for_each(|(digest, there)| *there = quarantined.contains(digest));
        moved.extend(quarantined.into_iter().map(|digest| (digest, true)));
        tell(day + 1);
    }
    let undecided = undecided(&engine).await?;
    engine.close().await;
    Ok(Year { rows: lives.iter().flat_map(|life| rows(life, &moved)).collect(), undecided })
}

/// Why notices are still undecided.
async fn undecided(engine: &Engine) -> Result<BTreeMap<(String, String), usize>> {
    let (mut found, mut after) = (BTreeMap::new(), None);
    loop {
        let request = Request::Undecided { account: None, limit: agent::api::PAGE, after };
        let Response::Records(page) = engine.answer(request).await? else { bail!("a list answers a list") };
        for record in page.records {
            *found.entry((record.account, record.why.unwrap_or(record.rule))).or_default() += 1;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// What is not as it must be, in words: no genuine notice is ever moved, and of an account whose sent mail is whole at most
/// 2 % of a storm is left, and 10 % of the trickle. Where copies are missing less can be proved.
#[must_use]
pub fn broken(rows: &[Row]) -> Vec<String> {
    let mut broken = Vec::new();
    for (account, what, fate) in rows {
        let whole = *account == Provider::Whole.name();
        let most = match *what {
            GENUINE if fate.ever_moved > 0 => {
                broken.push(format!("{account}: {} genuine notices were moved", fate.ever_moved));
                continue;
            }
            STORM if whole => 2.0,
            TRICKLE if whole => 10.0,
            _ => continue,
        };
        if fate.left() > most {
            broken.push(format!("{account}: {:.1} % of the {what} were left, {most} % may be", fate.left()));
        }
    }
    broken
}

/// How far the clock of the user's computer is wrong on a day of the year, in seconds.
fn clock_error(day: i64) -> i64 {
    match day {
        100..140 => 3 * 3_600,
        200..230 => -2 * 3_600,
        _ => 0,
    }
}

fn rows(life: &Life, moved: &BTreeMap<Digest, bool>) -> Vec<Row> {
    let mut fates: BTreeMap<What, Fate> = BTreeMap::new();
    for (digest, what) in life.notices() {
        let fate = fates.entry(*what).or_default();
        fate.all += 1;
        fate.moved += usize::from(moved.get(digest) == Some(&true));
        fate.ever_moved += usize::from(moved.contains_key(digest));
    }
    let name = |what| match what {
        What::Genuine => GENUINE,
        What::Storm => STORM,
        What::Trickle => TRICKLE,
    };
    fates.into_iter().map(|(what, fate)| (life.provider().name(), name(what), fate)).collect()
}

async fn open(folder: &std::path::Path, lives: &[Life], clock: Arc<AtomicI64>) -> Result<Engine> {
    let paths = Paths { config: folder.join("config.toml"), data_dir: folder.join("data") };
    std::fs::create_dir(&paths.data_dir)?;
    std::fs::write(paths.data_dir.join("key"), "07".repeat(32))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&paths.data_dir, std::fs::Permissions::from_mode(0o700))?;
        std::fs::set_permissions(paths.data_dir.join("key"), std::fs::Permissions::from_mode(0o600))?;
    }
    let accounts: String = lives.iter().map(Life::config_toml).collect();
    let text = format!("version = 1\n[lookups]\ndkim_spf = false\n{accounts}");
    std::fs::write(&paths.config, text)?;
    let (config, lock) = (Config::load(&paths.config)?, DataDirLock::acquire(&paths)?);
    let clock = Clock::telling(move || UnixTime(clock.load(Ordering::Relaxed)));
    let stop = CancellationToken::new();
    Engine::open_by(config, paths, lock, Keyring::system(), stop, clock).await.context("the engine")
}
