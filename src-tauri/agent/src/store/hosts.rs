//! What the network said of the hosts behind notices. It is shown to people, and decides nothing.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::ops::ControlFlow;

use rules::UnixTime;
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError,
    guard::lock,
    kv::Tree,
    layout::{self, key, work},
    learned::ip_bytes,
};

/// What the network said of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFacts {
    /// Its name, where it has one that leads back to it, and when that was asked.
    pub name: Option<(Option<String>, UnixTime)>,
    /// Whether it is on the list of backscatterer.org, and when that was asked.
    pub listed: Option<(bool, UnixTime)>,
}

impl HostFacts {
    fn asked_last(&self) -> Option<UnixTime> {
        let name = self.name.as_ref().map(|(_, at)| *at);
        name.max(self.listed.map(|(_, at)| at))
    }
}

fn host_key(address: IpAddr) -> Vec<u8> {
    key(work::HOST, &[&ip_bytes(address)])
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

    /// Keeps what the network said of hosts.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn set_hosts(&self, hosts: &BTreeMap<IpAddr, HostFacts>) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut changes = Vec::with_capacity(hosts.len());
        for (address, facts) in hosts {
            let json = serde_json::to_vec(facts).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
            changes.push((host_key(*address), Some(json)));
        }
        self.0.guard.write(Tree::Work, &changes)
    }

    /// Forgets what was asked before a time and not since.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn forget_old_hosts(&self, before: UnixTime) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut gone = Vec::new();
        self.0.guard.visit(Tree::Work, &[work::HOST], |key, value| {
            let facts: HostFacts = serde_json::from_slice(value).unwrap_or_default();
            if facts.asked_last().is_none_or(|at| at < before) {
                gone.push((key.to_vec(), None));
            }
            ControlFlow::Continue(())
        })?;
        self.0.guard.write(Tree::Work, &gone)
    }

    /// All hosts that the network was asked about.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn hosts(&self) -> Result<BTreeMap<IpAddr, HostFacts>, StoreError> {
        let mut hosts = BTreeMap::new();
        self.0.guard.visit(Tree::Work, &[work::HOST], |key, value| {
            let address = layout::take::<16>(key, 1).map(|octets| Ipv6Addr::from(octets).to_canonical());
            hosts.extend(address.zip(serde_json::from_slice(value).ok()));
            ControlFlow::Continue(())
        })?;
        Ok(hosts)
    }
}
