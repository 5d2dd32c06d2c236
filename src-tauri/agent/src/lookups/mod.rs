//! Look-ups in DNS: what the network knows of an original that the index does not.
//!
//! SPF and DKIM are mail-auth's; here is decided what is asked, for how long, and what counts as an answer. No answer is
//! never taken for one.

mod abuse_contacts;
mod domain;
mod host;
mod rdap;
mod signature;
mod spf;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use mail_auth::hickory_resolver::net::NetError;
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use rules::Address;
use rules::judge::{LookUp, SpfQuestion};

use crate::config::NameServer;

pub use rdap::{AskFailed, Registries};

pub use domain::{DmarcSays, KeySays, Listed, MailHost, SpfSays};

/// One question to a name server waits so long, and is put twice.
const ONE_QUESTION: Duration = Duration::from_secs(3);
/// All questions of one look-up wait so long together: a record can send us from name to name.
const ONE_LOOK_UP: Duration = Duration::from_secs(15);
/// Answers that are kept as long as the network says: the user's own records are asked for again and again in a storm.
const KEPT: u64 = 512;

/// Asks DNS; clones share the servers and what was answered.
#[derive(Clone)]
pub struct Dns {
    /// The servers to ask; those of the system where it names none.
    servers: Arc<[SocketAddr]>,
    current: Arc<Mutex<Option<Arc<MessageAuthenticator>>>>,
    /// Whether it was said that there is no way: that is said once.
    told: Arc<AtomicBool>,
}

impl Dns {
    /// A way to DNS by these servers, or by the system's where there are none. Nothing is asked yet.
    #[must_use]
    pub fn new(servers: &[NameServer]) -> Self {
        Self {
            servers: servers.iter().map(|server| server.0).collect(),
            current: Arc::default(),
            told: Arc::default(),
        }
    }

    /// Looks for the system's servers anew with the next question, and forgets what was answered: to be called when the
    /// network may have changed, as hickory-resolver does not see that (its issue 1132).
    pub fn renew(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether the host hard-fails SPF for the domain of each of the senders (RFC 7208 §2.6.4).
    pub async fn spf_hard_fails(&self, question: &SpfQuestion) -> LookUp<bool> {
        self.within(async |dns| spf::hard_fails(dns, question).await).await
    }

    /// Whether a signature of one of these domains on a header verifies and covers what makes a mail that mail.
    ///
    /// The header is asked alone: bodies seldom come back whole (RFC 3462 §2).
    pub async fn signature_verifies(&self, header: &[u8], domains: &BTreeSet<String>) -> LookUp<bool> {
        self.within(async |dns| signature::verifies(dns, header, domains).await).await
    }

    /// What a domain's SPF record says; none where nobody answers.
    pub async fn spf(&self, domain: &str) -> Option<SpfSays> {
        self.in_time(async |dns| domain::spf(dns, domain).await).await?
    }

    /// What a domain's DMARC record asks for; none where nobody answers.
    pub async fn dmarc(&self, domain: &str) -> Option<DmarcSays> {
        self.in_time(async |dns| domain::dmarc(dns, domain).await).await?
    }

    /// A domain's mail servers; none where nobody answers.
    pub async fn mail_hosts(&self, domain: &str) -> Option<Vec<MailHost>> {
        self.in_time(async |dns| domain::mail_hosts(dns, domain).await).await?
    }

    /// Whether a server is on the list of backscatterer.org.
    pub async fn on_backscatterer(&self, address: Ipv4Addr) -> Listed {
        let asked = self.in_time(async |dns| domain::on_backscatterer(dns, address).await).await;
        asked.unwrap_or(Listed::NoAnswer)
    }

    /// What is published under the name of a DKIM key; none where nobody answers.
    pub async fn dkim_key(&self, name: &str) -> Option<KeySays> {
        self.in_time(async |dns| domain::dkim_key(dns, name).await).await?
    }

    /// The name of a host that leads back to its address; none where nobody answers, nothing inside where it has none.
    pub async fn host_name(&self, address: IpAddr) -> Option<Option<String>> {
        self.in_time(async |dns| host::name(dns, address).await).await?
    }

    /// Whom to write to about the network of an address, as Abusix lists them; none where nobody answers.
    pub async fn abuse_contacts(&self, address: IpAddr) -> Option<Vec<Address>> {
        self.in_time(async |dns| abuse_contacts::of(dns, address).await).await?
    }

    async fn within(&self, ask: impl AsyncFnOnce(&MessageAuthenticator) -> LookUp<bool>) -> LookUp<bool> {
        self.in_time(ask).await.unwrap_or(LookUp::NoAnswer)
    }

    async fn in_time<T>(&self, ask: impl AsyncFnOnce(&MessageAuthenticator) -> T) -> Option<T> {
        let dns = self.current().await?;
        tokio::time::timeout(ONE_LOOK_UP, ask(&dns)).await.ok()
    }

    /// The way as it is now; none where the system names no servers.
    async fn current(&self) -> Option<Arc<MessageAuthenticator>> {
        let kept = || self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(current) = kept().clone() {
            return Some(current);
        }
        let servers = self.servers.clone();
        let made = tokio::task::spawn_blocking(move || connect(&servers)).await.ok()?;
        match made {
            Ok(made) => {
                let made = Arc::new(made);
                *kept() = Some(made.clone());
                Some(made)
            }
            Err(error) => {
                if !self.told.swap(true, Ordering::Relaxed) {
                    tracing::warn!(
                        "DNS cannot be asked: {error}; check the network settings of this computer"
                    );
                }
                None
            }
        }
    }
}

fn connect(servers: &[SocketAddr]) -> Result<MessageAuthenticator, NetError> {
    let (config, mut options) = if servers.is_empty() {
        read_system_conf()?
    } else {
        let servers = servers.iter().map(|server| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = server.port();
                connection
            });
            NameServerConfig::new(server.ip(), true, connections.into())
        });
        (ResolverConfig::from_parts(None, Vec::new(), servers.collect()), ResolverOpts::default())
    };
    options.timeout = ONE_QUESTION;
    options.attempts = 2;
    options.cache_size = KEPT;
    // What the hosts file says holds for this computer alone, and SPF is asked what holds for everybody.
    options.use_hosts_file = ResolveHosts::Never;
    MessageAuthenticator::new(config, options)
}
