//! Asks the network about the hosts behind notices, where the user lets us: their names, and whether backscatterer.org lists
//! those that sent a notice. What it says is shown beside the evidence, and decides nothing.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use rules::judge::{host_named, is_private, listed_as_backscatterer};
use rules::time::DAY;
use rules::{Evidence, Notice, UnixTime, Why};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{EngineError, Shared, blocking, sources};
use crate::lookups::Listed;
use crate::store::{HostFacts, LastJudged, Role, Sighting};

/// A running agent asks about hosts that are new so often.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// So long all questions of a round may take.
const ONE_ROUND: Duration = Duration::from_secs(30);
/// So long where somebody waits for the end of it.
pub const SHORT_ROUND: Duration = Duration::from_secs(5);
/// Hosts asked about in a round.
const HOSTS: usize = 100;
/// Hosts asked about at once.
const AT_ONCE: usize = 8;
/// Open notices whose servers are looked for in a round.
const OPEN: usize = 500;
/// Sources that were not seen for so long, in seconds, are not asked about.
const SEEN_LATELY: i64 = 30 * DAY;

/// What is asked about a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wanted {
    name: bool,
    listing: bool,
}

/// Asks about hosts that are new, again and again.
pub async fn keep_asking(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let asked = tokio::select! {
            asked = ask(&shared, ONE_ROUND) => asked,
            () = stop.cancelled() => return,
        };
        if let Err(error) = asked {
            tracing::warn!("what the network says of hosts could not be kept: {error}");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Asks about the hosts behind notices that nothing is known of, or nothing lately; for so long at most.
///
/// # Errors
/// The store is damaged.
pub async fn ask(shared: &Arc<Shared>, at_most: Duration) -> Result<(), EngineError> {
    let lookups = &shared.config.lookups;
    if !lookups.host_names && !lookups.backscatterer {
        return Ok(());
    }
    let owned = shared.clone();
    let wanted = blocking(move || wanted(&owned)).await?;
    let (until, refused) = (Instant::now() + at_most, AtomicBool::new(false));
    let refused = &refused;
    let answers: Vec<(IpAddr, Option<HostFacts>)> = stream::iter(wanted)
        .map(|(address, wanted)| async move {
            (address, ask_about(shared, address, wanted, refused, until).await)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    if refused.load(Ordering::Relaxed) {
        tracing::info!(
            "backscatterer.org answers no questions of this name server; `neversent doctor --domain` tells more"
        );
    }
    let owned = shared.clone();
    blocking(move || {
        let mut known = BTreeMap::new();
        for (address, said) in answers {
            let Some(said) = said else { continue };
            let before = owned.store.host(address)?;
            let vain =
                said.vain.map(|(_, at)| (before.vain.map_or(0, |(times, _)| times).saturating_add(1), at));
            let facts =
                HostFacts { name: said.name.or(before.name), listed: said.listed.or(before.listed), vain };
            known.insert(address, facts);
        }
        Ok(owned.store.set_hosts(&known, owned.clock.now())?)
    })
    .await
}

/// What is to be asked, about so many hosts at most: first those that were never asked about.
fn wanted(shared: &Shared) -> Result<Vec<(IpAddr, Wanted)>, EngineError> {
    let (store, lookups, now) = (&shared.store, &shared.config.lookups, shared.clock.now());
    let mut hosts: BTreeMap<IpAddr, Wanted> = BTreeMap::new();
    let mut add = |role: Role, ip: Option<IpAddr>, null_sender: bool| {
        let public = |ip: &IpAddr| !is_private(*ip) && !ip.is_loopback();
        let Some(address) = ip.map(|ip| ip.to_canonical()).filter(public) else { return };
        let wanted = hosts.entry(address).or_default();
        wanted.name |= lookups.host_names;
        // The list is meant for mail with a null sender alone, and knows no addresses of IPv6.
        let listed = lookups.backscatterer && role == Role::Backscatterer && null_sender;
        wanted.listing |= listed && address.is_ipv4();
    };
    for source in store.sources()? {
        if now.since(source.last_seen) < SEEN_LATELY {
            add(source.role, source.ip, source.null_sender);
        }
    }
    let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
    for account in &shared.config.accounts {
        let account = store.account(&account.name)?;
        for key in store.open_keys(account)?.into_iter().rev().take(OPEN) {
            let Some(open) = store.open_notice(&key)?.filter(|open| needs_an_eye(open.last.as_ref())) else {
                continue;
            };
            let behind = sources::behind(&open.notice, open.internal_date, &profile);
            for Sighting { role, ip, null_sender, .. } in behind {
                add(role, ip, null_sender);
            }
        }
    }
    let mut asked = Vec::new();
    for (address, mut wanted) in hosts {
        let known = store.host(address)?;
        wanted.name &= known.wants_name(now);
        wanted.listing &= known.wants_listing(now);
        if wanted != Wanted::default() {
            asked.push((known.asked_last(), address, wanted));
        }
    }
    asked.sort_unstable_by_key(|(last, address, _)| (*last, *address));
    Ok(asked.into_iter().take(HOSTS).map(|(_, address, wanted)| (address, wanted)).collect())
}

/// Whether somebody will want to know who sent it: not while it waits by itself, nor of what is left alone.
fn needs_an_eye(last: Option<&LastJudged>) -> bool {
    last.is_some_and(|last| !matches!(last.why, Some(Why::Waiting | Why::LeftAlone(_))))
}

/// Asks about one host; nothing of one for which there is no time.
async fn ask_about(
    shared: &Shared,
    address: IpAddr,
    wanted: Wanted,
    refused: &AtomicBool,
    until: Instant,
) -> Option<HostFacts> {
    let (mut said, now) = (HostFacts::default(), shared.clock.now());
    let in_time = || Instant::now() < until;
    if !in_time() {
        return None;
    }
    if wanted.name {
        match timeout_at(until, shared.dns.host_name(address)).await {
            Ok(Some(name)) => said.name = Some((name, now)),
            Ok(None) | Err(_) => said.vain = Some((1, now)),
        }
    }
    if let (IpAddr::V4(v4), true) = (address, wanted.listing && in_time() && !refused.load(Ordering::Relaxed))
    {
        match timeout_at(until, shared.dns.on_backscatterer(v4)).await {
            Ok(Listed::Yes) => said.listed = Some((true, now)),
            Ok(Listed::No) => said.listed = Some((false, now)),
            Ok(Listed::Refused) => {
                // It will refuse the others as well.
                refused.store(true, Ordering::Relaxed);
                said.vain = Some((1, now));
            }
            Ok(Listed::NoAnswer) | Err(_) => said.vain = Some((1, now)),
        }
    }
    Some(said)
}

/// What the network said of the server that sent a notice, as hints beside the evidence.
///
/// # Errors
/// The store is damaged.
pub fn hints(shared: &Shared, notice: &Notice) -> Result<Vec<Evidence>, EngineError> {
    let (lookups, now) = (&shared.config.lookups, shared.clock.now());
    let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
    let behind = sources::behind(notice, UnixTime(0), &profile);
    let server = behind.iter().find(|seen| seen.role == Role::Backscatterer).and_then(|seen| seen.ip);
    let mut hints = Vec::new();
    if let Some(address) = server {
        let facts = shared.store.host(address)?;
        let name = facts.fresh_name(now).filter(|_| lookups.host_names);
        hints.extend(name.map(|name| host_named(address, name)));
        let listed = lookups.backscatterer && facts.fresh_listing(now) == Some(true);
        hints.extend(listed.then(|| listed_as_backscatterer(address)));
    }
    Ok(hints)
}
