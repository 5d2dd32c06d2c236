//! The hosts behind backscatter, as one notice shows them.

use rules::{Profile, chain};

use crate::store::{OpenNotice, Role, Sighting};

/// The server that sent a notice, and the host that handed its original on.
pub fn behind(open: &OpenNotice, profile: &Profile) -> Vec<Sighting> {
    let notice = &open.notice;
    let seen = |role| Sighting {
        role,
        ip: None,
        name: None,
        helo: None,
        claimed_to_be_the_user: false,
        kind: notice.kind,
        at: open.internal_date,
    };
    let server = chain::backscatterer(notice, profile).map(|host| Sighting {
        ip: host.ip,
        name: host.name,
        ..seen(Role::Backscatterer)
    });
    let chain = notice.original.as_ref().and_then(|original| chain::follow(original, profile));
    let injector = chain.map(|chain| chain.injector).map(|injector| Sighting {
        ip: injector.ip.map(|ip| ip.to_canonical()),
        name: injector.rdns,
        helo: injector.helo,
        claimed_to_be_the_user: injector.claimed_to_be_the_user,
        ..seen(Role::Injector)
    });
    server.into_iter().chain(injector).collect()
}
