//! The hosts behind backscatter, as one notice shows them.

use rules::{Notice, Profile, UnixTime, chain};

use crate::store::{Role, Sighting};

/// The server that sent a notice, and the host that handed its original on.
pub fn behind(notice: &Notice, arrived: UnixTime, profile: &Profile) -> Vec<Sighting> {
    let seen = |role| Sighting {
        role,
        ip: None,
        name: None,
        helo: None,
        claimed_to_be_the_user: false,
        kind: notice.kind,
        at: arrived,
    };
    let server = chain::backscatterer(notice, profile).map(|host| Sighting {
        ip: host.ip,
        name: host.name,
        ..seen(Role::Backscatterer)
    });
    let chain = chain::follow(notice, profile).filter(|chain| chain.by_the_reporter);
    let injector = chain.map(|chain| chain.injector).map(|injector| Sighting {
        ip: injector.ip.map(|ip| ip.to_canonical()),
        name: injector.rdns,
        helo: injector.helo,
        claimed_to_be_the_user: injector.claimed_to_be_the_user,
        ..seen(Role::Injector)
    });
    server.into_iter().chain(injector).collect()
}
