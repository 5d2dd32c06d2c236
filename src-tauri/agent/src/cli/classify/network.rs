//! What `classify --dns` asks the network of a notice.

use std::io;

use rules::{judge::LookedUp, read::returned_header, verdict::Asks};
use tokio::runtime::{Builder, Runtime};

use crate::{config::NameServer, lookups::Dns};

/// The way to DNS, from where nothing else waits.
pub struct Network {
    runtime: Runtime,
    dns: Dns,
}

impl Network {
    /// A way by these servers, or by the system's where there are none.
    ///
    /// # Errors
    /// The system gives no means to wait for an answer.
    pub fn new(servers: &[NameServer]) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, dns: Dns::new(servers) })
    }

    /// Asks what may decide a notice, and adds what was answered; whether anything was asked.
    pub fn ask(&self, asks: &Asks, mail: &[u8], looked_up: &mut LookedUp) -> bool {
        if !asks.signed_by.is_empty() {
            let header = returned_header(mail, false).unwrap_or_default();
            let asked = self.dns.signature_verifies(&header, &asks.signed_by);
            looked_up.own_signature = self.runtime.block_on(asked);
        }
        if let Some(question) = &asks.spf {
            looked_up.spf_hard_fails = self.runtime.block_on(self.dns.spf_hard_fails(question));
        }
        !asks.is_empty()
    }
}
