//! The hosts behind backscatter, counted.

use rules::{Kind, UnixTime};

use super::super::{Role, Sighting};
use super::{Bench, day};

fn seen(role: Role, ip: &str, helo: &str, at: UnixTime) -> Sighting {
    Sighting {
        role,
        ip: ip.parse().ok(),
        name: Some(format!("host.{helo}")),
        helo: Some(helo.to_owned()),
        claimed_to_be_the_user: helo == "example.org",
        null_sender: false,
        kind: Kind::Bounce,
        at,
    }
}

#[test]
fn sources_are_counted_by_what_they_did() {
    let bench = Bench::new();
    let count = |seen: Sighting| bench.store.count_sources([seen]).expect("it is counted");
    count(seen(Role::Backscatterer, "192.0.2.1", "one.example", day(3)));
    count(Sighting {
        kind: Kind::AutoReply,
        ..seen(Role::Backscatterer, "::ffff:192.0.2.1", "example.org", day(1))
    });
    count(seen(Role::Injector, "192.0.2.1", "three.example", day(5)));
    count(seen(Role::Backscatterer, "", "named.example", day(2)));
    count(Sighting { name: None, ..seen(Role::Injector, "", "nameless.example", day(2)) });
    bench.store.durable().expect("it is kept");
    count(seen(Role::Backscatterer, "192.0.2.1", "two.example", day(4)));
    let (_home, store, _) = bench.reopened();
    let sources = store.sources().expect("they are told");
    let told: Vec<_> = sources
        .iter()
        .map(|source| (source.role, source.ip.map(|ip| ip.to_string()).unwrap_or_default(), source.count))
        .collect();
    let expected = [
        (Role::Backscatterer, "192.0.2.1".to_owned(), 3),
        (Role::Backscatterer, String::new(), 1),
        (Role::Injector, "192.0.2.1".to_owned(), 1),
    ];
    assert_eq!(told, expected, "each once, the busiest first; what has neither address nor name is none");
    let first = &sources[0];
    assert_eq!((first.first_seen, first.last_seen), (day(1), day(4)), "from the first to the last");
    assert_eq!(first.helo.as_deref(), Some("two.example"), "the name that it gave last");
    assert!(first.claimed_to_be_the_user, "once it gave the user's");
    assert_eq!(first.kinds.values().copied().collect::<Vec<_>>(), [2, 1], "two bounces and a reply");
    assert_eq!(first.days.len(), 3, "on three days");
}

#[test]
fn of_many_sources_the_latest_are_kept() {
    let bench = Bench::new();
    for n in 0..5_200_u32 {
        let ip = std::net::Ipv4Addr::from(0xC000_0000 + n).to_string();
        bench
            .store
            .count_sources([seen(Role::Injector, &ip, "x.example", day(0).plus(n.into()))])
            .expect("counted");
    }
    bench.store.durable().expect("it is kept");
    bench.store.forget_old_sources().expect("the oldest are forgotten");
    let sources = bench.store.sources().expect("they are told");
    assert_eq!(sources.len(), 5_000, "as many as are kept");
    let oldest = sources.iter().map(|source| source.first_seen).min();
    assert_eq!(oldest, Some(day(0).plus(200)), "the latest of them");
}
