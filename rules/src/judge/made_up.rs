//! Addresses at an own domain that were never used: what `made_up` asks of A.

use super::whom::Whom;
use crate::{Address, IndexUnavailable, Profile, SentMail};

/// Addresses at own domains, at least one and all of A, that are not configured, were never a From and never
/// got ordinary mail; made by [`seek`] alone.
#[derive(Clone, Debug)]
pub(crate) struct MadeUp {
    addresses: Vec<Address>,
}

impl MadeUp {
    /// The addresses.
    pub(crate) fn addresses(&self) -> &[Address] {
        &self.addresses
    }
}

/// Asks whether all of A was never used.
pub(super) fn seek(
    whom: &Whom,
    profile: &Profile,
    sent: &dyn SentMail,
) -> Result<Option<MadeUp>, IndexUnavailable> {
    let Ok(own) = &whom.own else { return Ok(None) };
    for address in own.addresses() {
        let used = profile.own.contains(address)
            || !profile.own_domains.contains(address.domain())
            || sent.sent_from(address)?
            || sent.ordinary_mail_came_to(address)?;
        if used {
            return Ok(None);
        }
    }
    Ok(Some(MadeUp { addresses: own.addresses().to_vec() }))
}
