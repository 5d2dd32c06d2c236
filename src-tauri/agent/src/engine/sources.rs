//! The hosts behind backscatter: as one notice shows them, and all that is known of them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rules::notice::ReturnPath;
use rules::{Notice, Profile, UnixTime, chain};

use super::{Engine, EngineError, blocking, networks::networks};
use crate::api::{SourceView, SourcesView};
use crate::store::{Role, Sighting};

/// The server that sent a notice, and the host that handed its original on.
pub fn behind(notice: &Notice, arrived: UnixTime, profile: &Profile) -> Vec<Sighting> {
    let seen = |role| Sighting {
        role,
        ip: None,
        name: None,
        helo: None,
        claimed_to_be_the_user: false,
        null_sender: notice.outer.return_path == ReturnPath::Null,
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

impl Engine {
    /// All hosts behind backscatter, with what the network and the user's table say of them.
    pub(super) async fn sources(&self) -> Result<SourcesView, EngineError> {
        let shared = self.shared().clone();
        blocking(move || {
            let (hosts, lookups, now) = (shared.store.hosts()?, &shared.config.lookups, shared.clock.now());
            let known = shared.store.sources()?;
            let mut sources: Vec<SourceView> = known.into_iter().map(SourceView::of).collect();
            for source in &mut sources {
                let Some(facts) = source.ip.and_then(|ip| hosts.get(&ip.to_canonical())) else { continue };
                source.host = facts.fresh_name(now).filter(|_| lookups.host_names).map(str::to_owned);
                source.listed = facts.fresh_listing(now).filter(|_| lookups.backscatterer);
            }
            let problem = name_networks(shared.config.lookups.asn_table.as_deref(), &mut sources);
            Ok(SourcesView { sources, problem })
        })
        .await
    }
}

/// Adds what a table tells of the networks; returns what is wrong with it.
fn name_networks(table: Option<&std::path::Path>, sources: &mut [SourceView]) -> Option<String> {
    let table = table?;
    let wanted: BTreeSet<IpAddr> = sources.iter().filter_map(|source| source.ip).collect();
    match networks(table, &wanted) {
        Ok(found) => {
            for source in sources {
                source.network = source.ip.and_then(|ip| found.get(&ip).cloned());
            }
            None
        }
        Err(error) => Some(format!(
            "the table of networks {} cannot be used: {error}; `asn_table` in `[lookups]` names a file as iptoasn.com \
             gives it out",
            table.display()
        )),
    }
}
