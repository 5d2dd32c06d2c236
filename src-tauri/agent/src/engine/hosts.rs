//! Asks the network about the hosts behind notices, where the user lets us: their names, and whether backscatterer.org lists
//! those that sent a notice. What it says is shown beside the evidence, and decides nothing.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use rules::judge::{host_named, is_private, listed_as_backscatterer};
use rules::time::DAY;
use rules::{Evidence, Notice, Profile, UnixTime};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{EngineError, Shared, blocking, sources};
use crate::lookups::Listed;
use crate::store::{HostFacts, Role, Sighting, Store};

/// A running agent asks about hosts that are new so often.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// So long all questions of a round may take.
const ONE_ROUND: Duration = Duration::from_secs(30);
/// Hosts asked about in a round.
const HOSTS: usize = 100;
/// Hosts asked about at once.
const AT_ONCE: usize = 8;
/// Open notices whose servers are looked for in a round.
const OPEN: usize = 500;
/// A name is asked for again after so long, in seconds.
const NAME_KEPT: i64 = 7 * DAY;
/// A listing is asked for again after so long, in seconds.
const LISTING_KEPT: i64 = DAY;
/// What was asked is forgotten after so long, in seconds.
const FORGOTTEN: i64 = 30 * DAY;

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
            asked = ask(&shared) => asked,
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

/// Asks about the hosts behind notices that nothing is known of, or nothing lately.
///
/// # Errors
/// The store is damaged.
pub async fn ask(shared: &Arc<Shared>) -> Result<(), EngineError> {
    let lookups = &shared.config.lookups;
    if !lookups.host_names && !lookups.backscatterer {
        return Ok(());
    }
    let owned = shared.clone();
    let wanted = blocking(move || wanted(&owned)).await?;
    let until = Instant::now() + ONE_ROUND;
    let answers: Vec<(IpAddr, HostFacts)> = stream::iter(wanted)
        .map(|(address, wanted)| async move { (address, ask_about(shared, address, wanted, until).await) })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let owned = shared.clone();
    blocking(move || {
        let mut known = BTreeMap::new();
        for (address, said) in answers {
            let before = owned.store.host(address)?;
            let facts = HostFacts { name: said.name.or(before.name), listed: said.listed.or(before.listed) };
            if facts != HostFacts::default() {
                known.insert(address, facts);
            }
        }
        owned.store.set_hosts(&known)?;
        Ok(owned.store.forget_old_hosts(owned.clock.now().minus(FORGOTTEN))?)
    })
    .await
}

/// What is to be asked, about so many hosts at most.
fn wanted(shared: &Shared) -> Result<Vec<(IpAddr, Wanted)>, EngineError> {
    let (store, lookups, now) = (&shared.store, &shared.config.lookups, shared.clock.now());
    let mut hosts: BTreeMap<IpAddr, Wanted> = BTreeMap::new();
    let mut add = |role: Role, ip: Option<IpAddr>, null_sender: bool| {
        let Some(address) = ip.map(|ip| ip.to_canonical()).filter(|ip| !is_private(*ip) && !ip.is_loopback())
        else {
            return;
        };
        let wanted = hosts.entry(address).or_default();
        wanted.name |= lookups.host_names;
        // The list is meant for mail with a null sender alone, and knows no addresses of IPv6.
        wanted.listing |=
            lookups.backscatterer && role == Role::Backscatterer && null_sender && address.is_ipv4();
    };
    for source in store.sources()? {
        add(source.role, source.ip, source.null_sender);
    }
    let profile = shared.profile.read().unwrap_or_else(PoisonError::into_inner).clone();
    for account in &shared.config.accounts {
        let account = store.account(&account.name)?;
        for key in store.open_keys(account)?.into_iter().rev().take(OPEN) {
            let Some(open) = store.open_notice(&key)? else { continue };
            for Sighting { role, ip, null_sender, .. } in
                sources::behind(&open.notice, open.internal_date, &profile)
            {
                add(role, ip, null_sender);
            }
        }
    }
    let mut asked = Vec::new();
    for (address, mut wanted) in hosts {
        let known = store.host(address)?;
        let fresh = |at: UnixTime, kept: i64| now.since(at).abs() < kept;
        wanted.name &= known.name.is_none_or(|(_, at)| !fresh(at, NAME_KEPT));
        wanted.listing &= known.listed.is_none_or(|(_, at)| !fresh(at, LISTING_KEPT));
        if wanted != Wanted::default() {
            asked.push((address, wanted));
        }
        if asked.len() == HOSTS {
            break;
        }
    }
    Ok(asked)
}

/// Asks about one host; what nobody answers is asked with the next round.
async fn ask_about(shared: &Shared, address: IpAddr, wanted: Wanted, until: Instant) -> HostFacts {
    let (mut said, now) = (HostFacts::default(), shared.clock.now());
    if wanted.name
        && Instant::now() < until
        && let Ok(Some(name)) = timeout_at(until, shared.dns.host_name(address)).await
    {
        said.name = Some((name, now));
    }
    if let (IpAddr::V4(v4), true) = (address, wanted.listing && Instant::now() < until) {
        match timeout_at(until, shared.dns.on_backscatterer(v4)).await {
            Ok(Listed::Yes) => said.listed = Some((true, now)),
            Ok(Listed::No) => said.listed = Some((false, now)),
            // Of a list that refuses the name server nothing is learned; `doctor --domain` tells of it.
            Ok(Listed::Refused | Listed::NoAnswer) | Err(_) => {}
        }
    }
    said
}

/// What the network said of the server that sent a notice, as hints beside the evidence.
///
/// # Errors
/// The store is damaged.
pub fn hints(store: &Store, notice: &Notice, profile: &Profile) -> Result<Vec<Evidence>, EngineError> {
    let mut hints = Vec::new();
    let behind = sources::behind(notice, UnixTime(0), profile);
    let server = behind.iter().find(|seen| seen.role == Role::Backscatterer).and_then(|seen| seen.ip);
    if let Some(address) = server {
        let HostFacts { name, listed } = store.host(address)?;
        hints.extend(name.and_then(|(name, _)| Some(host_named(address, &name?))));
        hints.extend(listed.filter(|(listed, _)| *listed).map(|_| listed_as_backscatterer(address)));
    }
    Ok(hints)
}
