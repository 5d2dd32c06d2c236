//! What is remembered of originals to know a storm by.

use std::net::IpAddr;

use rules::storm::{Likeness, Resemblance};
use rules::{Subject, UnixTime, time::HOUR};

use super::super::{Fingerprint, OriginalKey, Said, Store};
use super::{Bench, day};

fn like(at: UnixTime, subject: &str, address: &str) -> Likeness {
    let address: Option<IpAddr> = (!address.is_empty()).then(|| address.parse().expect("an address"));
    Likeness { at, subject: Some(Subject::new(subject)), address, signed: false }
}

/// The key of an original of which nothing is known but the notice of this number.
pub(super) fn original(store: &Store, number: u32) -> OriginalKey {
    let mail = b"From: mailer-daemon@x.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at x.example.\r\n\
                 I'm afraid I wasn't able to deliver your message to the following addresses.\r\n";
    let rules::Reading::Notice(notice) = rules::read(mail) else { panic!("it is a notice") };
    let mut fingerprint = [0; 16];
    fingerprint[..4].copy_from_slice(&number.to_be_bytes());
    store.original_key(&notice, &Fingerprint(fingerprint))
}

fn note(store: &Store, number: u32, likeness: &Likeness, said: Said) -> bool {
    store.note_seen(original(store, number), likeness, said).expect("it is noted")
}

fn resemblance(store: &Store, number: u32, likeness: &Likeness) -> Resemblance {
    store.resemblance(original(store, number), likeness).expect("it is counted")
}

#[test]
fn condemned_originals_of_three_days_make_a_storm() {
    let bench = Bench::new();
    let store = &bench.store;
    let pills = |at| like(at, "Cheap pills for you", "");
    assert!(!note(store, 1, &pills(day(10)), Said::Condemned), "one is none");
    assert!(!note(store, 2, &pills(day(11)), Said::Condemned), "two are none");
    assert!(!note(store, 2, &pills(day(11)), Said::Condemned), "the same again is still two");
    assert!(!note(store, 3, &pills(day(12)), Said::Other), "one that was not condemned does not count");
    assert!(note(store, 4, &pills(day(12)), Said::Condemned), "three are news");
    assert!(!note(store, 5, &pills(day(12)), Said::Condemned), "a fourth is none");
    assert_eq!(resemblance(store, 9, &pills(day(12))).condemned_by_subject, 4, "all of them");
    assert_eq!(resemblance(store, 1, &pills(day(10))).condemned_by_subject, 3, "but itself");
    assert_eq!(resemblance(store, 9, &pills(day(14).plus(1))).condemned_by_subject, 2, "those of three days");
    let other = like(day(12), "Another matter altogether", "");
    assert_eq!(resemblance(store, 9, &other), Resemblance::default(), "of the same subject alone");
}

#[test]
fn an_address_makes_a_storm_whatever_the_subjects() {
    let bench = Bench::new();
    let store = &bench.store;
    for number in 0..3_u32 {
        let new = note(
            store,
            number,
            &like(day(10), &format!("Matter number {number}"), "203.0.113.9"),
            Said::Condemned,
        );
        assert_eq!(new, number == 2, "the third is news");
    }
    let mapped = like(day(11), "Something new today", "::ffff:203.0.113.9");
    assert_eq!(resemblance(store, 9, &mapped).condemned_by_address, 3, "in either form of the address");
    let other = like(day(11), "Something new today", "203.0.113.10");
    assert_eq!(resemblance(store, 9, &other).condemned_by_address, 0, "from this address alone");
}

#[test]
fn one_subject_from_many_networks_is_a_storm_of_its_own() {
    let bench = Bench::new();
    let store = &bench.store;
    for number in 0..10_u32 {
        let address = format!("203.{}.113.{number}", number % 5);
        let new = note(store, number, &like(day(10), "Cheap pills for you", &address), Said::Other);
        assert_eq!(new, number == 9, "ten from five networks are news");
    }
    let found = resemblance(store, 99, &like(day(10), "Cheap pills for you", ""));
    assert_eq!((found.alike, found.networks, found.condemned_by_subject), (10, 5, 0), "none was condemned");
    // What turns out to be the user's own ends the storm, whatever others are said to be.
    let own = like(day(40), "Cheap pills for you", "");
    assert!(note(store, 77, &own, Said::Genuine), "that is news: the storm has fallen");
    assert_eq!(
        resemblance(store, 99, &like(day(10), "Cheap pills for you", "")),
        Resemblance::default(),
        "there is none of this subject"
    );
    assert!(store.resembles_the_users(&own).expect("it is told"), "it is the user's");
}

#[test]
fn a_storm_lasts_three_days_not_six() {
    let bench = Bench::new();
    let store = &bench.store;
    let pills = |at| like(at, "Cheap pills for you", "203.0.113.9");
    for (number, at) in [(1, day(7)), (2, day(10)), (3, day(13))] {
        assert!(!note(store, number, &pills(at), Said::Condemned), "no two of them make a storm");
    }
    let found = resemblance(store, 9, &pills(day(10)));
    assert_eq!((found.condemned_by_subject, found.condemned_by_address), (2, 2), "two within three days");
    assert!(note(store, 4, &pills(day(12)), Said::Condemned), "a third lies within three days of two");
    assert_eq!(resemblance(store, 9, &pills(day(11))).condemned_by_subject, 3, "days 10, 12 and 13");
}

#[test]
fn what_comes_back_counts_no_more() {
    let bench = Bench::new();
    let store = &bench.store;
    let pills = like(day(10), "Cheap pills for you", "203.0.113.9");
    for number in 0..3 {
        note(store, number, &pills, Said::Condemned);
    }
    store.withdraw_seen(original(store, 1)).expect("it is withdrawn");
    let found = resemblance(store, 9, &pills);
    assert_eq!((found.condemned_by_subject, found.condemned_by_address), (2, 2), "two are left");
    assert!(
        !store.resembles_the_users(&pills).expect("it is told"),
        "what the user looks at need not be his"
    );
}

#[test]
fn notices_of_one_original_tell_of_it_together() {
    let bench = Bench::new();
    let store = &bench.store;
    let (bounce, reply) =
        (like(day(10), "Cheap pills for you", "203.0.113.9"), like(day(11), "Cheap pills for you", ""));
    for number in 0..3 {
        note(store, number, &bounce, Said::Condemned);
        for _ in 0..3 {
            note(store, number, &reply, Said::Other);
            note(store, number, &bounce, Said::Other);
        }
    }
    let found = resemblance(store, 9, &bounce);
    assert_eq!((found.condemned_by_subject, found.condemned_by_address), (3, 3), "whichever was judged last");
}

#[test]
fn a_flood_from_as_many_addresses_costs_no_square() {
    let bench = Bench::new();
    let store = &bench.store;
    for number in 0..8_000_u32 {
        let address = std::net::Ipv4Addr::from(0xCB00_0000 + number * 977).to_string();
        let one = like(day(10).plus(i64::from(number)), "Cheap pills for you", &address);
        note(store, number, &one, Said::Condemned);
        assert!(resemblance(store, number + 10_000, &one).condemned_by_subject <= 200, "counting ends");
    }
    assert!(resemblance(store, 9, &like(day(10), "Cheap pills for you", "")).by_subject(), "it is a storm");
}

#[test]
fn what_is_signed_by_the_own_domain_is_like_nothing() {
    let bench = Bench::new();
    let signed = Likeness { signed: true, ..like(day(10), "Our newsletter of May", "203.0.113.9") };
    for number in 0..20 {
        assert!(!note(&bench.store, number, &signed, Said::Other), "it is no storm");
    }
    assert_eq!(resemblance(&bench.store, 99, &signed), Resemblance::default(), "and not kept");
}

#[test]
fn what_was_seen_outlasts_the_store() {
    let bench = Bench::new();
    let pills = like(day(10), "Cheap pills for you", "203.0.113.9");
    for number in 0..4 {
        note(&bench.store, number, &pills, Said::Condemned);
    }
    bench.store.withdraw_seen(original(&bench.store, 3)).expect("it is withdrawn");
    let before = resemblance(&bench.store, 9, &pills);
    let (_home, store, _) = bench.reopened();
    assert_eq!(resemblance(&store, 9, &pills), before, "it counts the same after a start");
    assert_eq!(before.condemned_by_subject, 3, "three of them");
    assert_eq!(before.condemned_by_address, 3, "from one address");
}

#[test]
fn a_flood_of_equal_mails_is_not_kept_whole() {
    let bench = Bench::new();
    let store = &bench.store;
    for number in 0..2_000_u32 {
        note(
            store,
            number,
            &like(day(10).plus(i64::from(number)), "Cheap pills for you", ""),
            Said::Condemned,
        );
    }
    let found = resemblance(store, 9_999, &like(day(10).plus(HOUR), "Cheap pills for you", ""));
    assert!((3..100).contains(&found.condemned_by_subject), "some tell as much as all: {found:?}");
}
