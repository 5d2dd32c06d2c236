//! What the network said of the hosts behind notices. It is shown to people, and decides nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::ops::ControlFlow;

use rules::{UnixTime, time::DAY, time::HOUR};
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError,
    guard::lock,
    kv::Tree,
    layout::{self, key, work},
    learned::ip_bytes,
};

/// A name is asked for again after so long, in seconds.
pub const NAME_KEPT: i64 = 7 * DAY;
/// A listing is asked for again after so long, in seconds.
pub const LISTING_KEPT: i64 = DAY;
/// What was asked is not shown any more when it is so much older than it should be, and then forgotten.
const STALE: i64 = 2;

/// What the network said of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFacts {
    /// Its name, where it has one that leads back to it, and when that was asked.
    pub name: Option<(Option<String>, UnixTime)>,
    /// Whether it is on the list of backscatterer.org, and when that was asked.
    pub listed: Option<(bool, UnixTime)>,
    /// How often it was asked about in vain, and when last.
    #[serde(default)]
    pub vain: Option<(u32, UnixTime)>,
}

impl HostFacts {
    /// The name, while it is fresh.
    #[must_use]
    pub fn fresh_name(&self, now: UnixTime) -> Option<&str> {
        let (name, at) = self.name.as_ref()?;
        name.as_deref().filter(|_| now.since(*at) < STALE * NAME_KEPT)
    }

    /// Whether it is listed, while that is fresh.
    #[must_use]
    pub fn fresh_listing(&self, now: UnixTime) -> Option<bool> {
        self.listed.filter(|(_, at)| now.since(*at) < STALE * LISTING_KEPT).map(|(listed, _)| listed)
    }

    /// Whether its name is to be asked for.
    #[must_use]
    pub fn wants_name(&self, now: UnixTime) -> bool {
        self.may_ask(now) && self.name.as_ref().is_none_or(|(_, at)| now.since(*at).abs() >= NAME_KEPT)
    }

    /// Whether its listing is to be asked for.
    #[must_use]
    pub fn wants_listing(&self, now: UnixTime) -> bool {
        self.may_ask(now) && self.listed.is_none_or(|(_, at)| now.since(at).abs() >= LISTING_KEPT)
    }

    /// Whoever does not answer is asked again after an hour, then after two, four … hours, a day at most.
    fn may_ask(&self, now: UnixTime) -> bool {
        self.vain.is_none_or(|(times, at)| now.since(at).abs() >= (HOUR << times.clamp(1, 6) >> 1).min(DAY))
    }

    /// When it was asked about last.
    #[must_use]
    pub fn asked_last(&self) -> Option<UnixTime> {
        let name = self.name.as_ref().map(|(_, at)| *at);
        name.max(self.listed.map(|(_, at)| at)).max(self.vain.map(|(_, at)| at))
    }

    /// Without what is stale.
    fn kept(mut self, now: UnixTime) -> Self {
        self.name = self.name.filter(|(_, at)| now.since(*at) < STALE * NAME_KEPT);
        self.listed = self.listed.filter(|(_, at)| now.since(*at) < STALE * LISTING_KEPT);
        self.vain = self.vain.filter(|(_, at)| now.since(*at) < NAME_KEPT);
        self
    }
}

fn host_key(address: IpAddr) -> Vec<u8> {
    key(work::HOST, &[&ip_bytes(address)])
}

fn change(address: IpAddr, facts: &HostFacts) -> Result<(Vec<u8>, Option<Vec<u8>>), StoreError> {
    let json = serde_json::to_vec(facts).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    Ok((host_key(address), Some(json)))
}

impl Store {
    /// What the network said of a host; nothing where it was not asked.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn host(&self, address: IpAddr) -> Result<HostFacts, StoreError> {
        let value = self.0.guard.get(Tree::Work, &host_key(address))?;
        // What cannot be read is asked again.
        Ok(value.and_then(|value| serde_json::from_slice(&value).ok()).unwrap_or_default())
    }

    /// Keeps what the network said of hosts, and forgets what is stale of all others.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn set_hosts(&self, hosts: &BTreeMap<IpAddr, HostFacts>, now: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut changes = Vec::new();
        for (address, facts) in self.hosts()? {
            if hosts.contains_key(&address) {
                continue;
            }
            match facts.clone().kept(now) {
                kept if kept == facts => {}
                kept if kept == HostFacts::default() => changes.push((host_key(address), None)),
                kept => changes.push(change(address, &kept)?),
            }
        }
        for (address, facts) in hosts {
            changes.push(change(*address, facts)?);
        }
        self.0.guard.write(Tree::Work, &changes)
    }

    /// All hosts that the network was asked about.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn hosts(&self) -> Result<BTreeMap<IpAddr, HostFacts>, StoreError> {
        let mut hosts = BTreeMap::new();
        self.0.guard.visit(Tree::Work, &[work::HOST], |key, value| {
            let address = layout::take::<16>(key, 1).map(|octets| Ipv6Addr::from(octets).to_canonical());
            hosts.extend(address.map(|address| (address, serde_json::from_slice(value).unwrap_or_default())));
            ControlFlow::Continue(())
        })?;
        Ok(hosts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_772_000_000);

    #[test]
    fn who_does_not_answer_is_asked_less_and_less() {
        for (times, hours, asked) in [
            (1, 0, false),
            (1, 1, true),
            (2, 1, false),
            (2, 2, true),
            (3, 3, false),
            (3, 4, true),
            (6, 23, false),
            (6, 24, true),
            (u32::MAX, 24, true),
        ] {
            let facts = HostFacts { vain: Some((times, NOW.minus(hours * HOUR))), ..HostFacts::default() };
            assert_eq!(facts.wants_name(NOW), asked, "after {times} times, {hours} hours ago");
            assert_eq!(facts.wants_listing(NOW), asked, "likewise");
        }
    }

    #[test]
    fn what_is_old_is_asked_again_and_then_not_shown() {
        let name = |days: i64| HostFacts {
            name: Some((Some("mx.shop.example".to_owned()), NOW.minus(days * DAY))),
            ..HostFacts::default()
        };
        for (days, wanted, shown) in [(0, false, true), (6, false, true), (7, true, true), (14, true, false)]
        {
            let facts = name(days);
            assert_eq!(
                (facts.wants_name(NOW), facts.fresh_name(NOW).is_some()),
                (wanted, shown),
                "{days} days old"
            );
        }
        let listed = HostFacts { listed: Some((true, NOW.minus(2 * DAY))), ..HostFacts::default() };
        assert!(listed.wants_listing(NOW) && listed.fresh_listing(NOW).is_none(), "a listing is for a day");
    }
}
