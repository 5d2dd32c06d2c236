//! A of the design: whom the notice came for, and whether these addresses are the user's alone.

use super::known;
use crate::notice::ReceiverField;
use crate::{Address, Notice, Profile, Why};

/// Addresses that are the user's alone: at least one, and all that the notice came for. Made by
/// [`Whom::new`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    addresses: Vec<Address>,
}

impl Own {
    /// The addresses, at least one.
    pub(crate) fn addresses(&self) -> &[Address] {
        &self.addresses
    }
}

/// Whom a notice came for.
#[derive(Clone, Debug)]
pub(crate) struct Whom {
    /// A: every address that the notice names as its receiver, without tags or repeats.
    pub(crate) addresses: Vec<Address>,
    /// A as the user's own, or why it is not.
    pub(crate) own: Result<Own, Why>,
}

impl Whom {
    /// Reads the receivers of a notice.
    pub(crate) fn new(notice: &Notice, profile: &Profile) -> Self {
        let mut addresses = Vec::new();
        for (field, named) in &notice.outer.receivers {
            for address in asked(named, profile) {
                let is_mailbox = *field == ReceiverField::DeliveredTo
                    && [named, &address].iter().any(|name| profile.mailbox_names.contains(*name));
                if !is_mailbox && !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        let own = match objection(&addresses, profile) {
            Some(why) => Err(why),
            None => Ok(Own { addresses: addresses.clone() }),
        };
        Self { addresses, own }
    }

    /// Whether the notice came for this address, tags aside.
    pub(super) fn is(&self, address: &Address) -> bool {
        self.addresses.contains(address) || self.addresses.contains(&address.bare())
    }
}

/// The forms in which a receiver is asked about: without tags; but where the user configured the address
/// with its tag, as configured.
fn asked(named: &Address, profile: &Profile) -> Vec<Address> {
    let bare = named.bare();
    if *named == bare || !profile.own.contains(named) {
        vec![bare]
    } else if profile.own.contains(&bare) {
        vec![named.clone(), bare]
    } else {
        vec![named.clone()]
    }
}

/// What stands against the addresses being the user's alone. One that others send as, too, weighs before one
/// that is unknown: no decision about the unknown one would settle it.
fn objection(addresses: &[Address], profile: &Profile) -> Option<Why> {
    let is_shared = |address: &&Address| {
        profile.shared.contains(*address)
            || profile.shared.iter().any(|shared| shared.bare() == address.bare())
    };
    let is_configured = |address: &Address| profile.own.contains(address);
    let is_at_own_domain = |address: &Address| profile.own_domains.contains(address.domain());
    if addresses.is_empty() {
        return Some(Why::NoReceiver);
    }
    if let Some(shared) = addresses.iter().find(is_shared) {
        return Some(Why::Shared(shared.clone()));
    }
    let unknown = |address: &&Address| !is_configured(address) && !is_at_own_domain(address);
    if let Some(unknown) = addresses.iter().find(unknown) {
        return Some(Why::NotOwn(unknown.clone()));
    }
    let role = |address: &&Address| !is_configured(address) && known::is_role(address);
    addresses.iter().find(role).map(|role| Why::Role(role.clone()))
}
