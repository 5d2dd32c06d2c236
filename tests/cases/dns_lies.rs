//! Name servers that lie, loop, flood and fall silent: nothing follows from it, and nobody waits for long.

use std::time::{Duration, Instant};

use agent::config::NameServer;
use agent::lookups::{Dns, Listed};
use it::dns_liar::{DnsLiar, LIES};
use rules::Address;
use rules::judge::{LookUp, SpfQuestion};

use super::lookups::signed_header;

/// More than any look-up may take, on a slow machine.
const LONG: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lie_is_an_answer() {
    let began = Instant::now();
    let lies = LIES.map(|lie| tokio::spawn(asked(lie)));
    for lie in lies {
        lie.await.expect("it is asked about");
    }
    assert!(began.elapsed() < LONG, "each look-up has its time: {:?}", began.elapsed());
}

async fn asked(lie: it::dns_liar::Lie) {
    let server = DnsLiar::start(lie).await.expect("it starts");
    let dns = Dns::new(&[NameServer(server.address())]);
    let question = SpfQuestion {
        address: "203.0.113.66".parse().expect("an address"),
        reporter: "mx1.shop.example".to_owned(),
        senders: [Address::new("ada@example.org").expect("an address")].into(),
    };
    let (header, domains) = (signed_header(), ["example.org".to_owned()].into());
    let host = "192.0.2.1".parse().expect("an address");
    let (spf, signature, name, listed, dmarc, servers) = tokio::join!(
        dns.spf_hard_fails(&question),
        dns.signature_verifies(&header, &domains),
        dns.host_name("192.0.2.1".parse().expect("an address")),
        dns.on_backscatterer(host),
        dns.dmarc("example.org"),
        dns.mail_hosts("example.org"),
    );
    assert_ne!(spf, LookUp::Answer(true), "{lie:?}: nobody is called a forger by a lie");
    assert_eq!(signature, LookUp::NoAnswer, "{lie:?}: no signature is called forged or real by a lie");
    assert!(name.flatten().is_none(), "{lie:?}: no host is named");
    assert_ne!(listed, Listed::Yes, "{lie:?}: no server is called listed");
    let weak = matches!(dmarc, None | Some(agent::lookups::DmarcSays::Nothing));
    assert!(weak, "{lie:?}: nothing is published: {dmarc:?}");
    assert!(servers.is_none_or(|servers| servers.len() <= 40), "{lie:?}: bounded");
}
