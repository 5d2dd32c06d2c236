//! What of an original a user could declare to be theirs.

use super::scenario::{HopFacts, Scenario, SignatureLookUp, first};
use crate::judge::{declarable, is_from};
use crate::profile::Declared;

fn backup() -> Scenario {
    let mut scenario = first();
    let original = scenario.original.as_mut().expect("the base has an original");
    original.message_id = crate::MessageId::new("<backup-20261101.7@nas.lan.example>");
    original.marks = vec![("x-mailer".to_owned(), "nas-backup 2.1".to_owned())];
    original.signatures = vec![("example.org".to_owned(), "nas".to_owned())];
    scenario.signature = SignatureLookUp::Verifies;
    scenario
}

fn proposed(scenario: &Scenario) -> Vec<String> {
    let notice = scenario.notice();
    let verifies = scenario.signature == SignatureLookUp::Verifies;
    let found = declarable(&notice, &scenario.profile(), verifies);
    for declared in &found {
        assert!(is_from(declared, &notice), "{declared} is shown by what it was found in");
        assert_eq!(
            declared.to_string().parse().as_ref(),
            Ok(declared),
            "{declared} is read as it is written"
        );
    }
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_surest_stands_first() {
    let all = [
        "relay:203.0.113.66",
        "dkim:nas._domainkey.example.org",
        "header:x-mailer: nas-backup *",
        "id:backup-*@nas.lan.example",
        "id:*@nas.lan.example",
    ];
    assert_eq!(proposed(&backup()), all, "a relay cannot be forged, an id can");
}

/// What is changed of the backup's mail, and why what was said of it is no longer proposed.
type Change = (&'static str, fn(&mut Scenario), &'static [&'static str]);

#[test]
fn what_strangers_have_in_common_is_not_proposed() {
    let changes: [Change; 13] = [
        (
            "a provider's host",
            |s| hop(s, "203.0.113.66", Some("mail-wr1-f41.google.com")),
            &["relay:203.0.113.66"],
        ),
        ("a host without a name may be a provider's", |s| hop(s, "203.0.113.66", None), &["relay:"]),
        (
            "a private address is another machine to everybody",
            |s| hop(s, "10.0.0.7", Some("nas")),
            &["relay:"],
        ),
        (
            "a line that the reporting server did not write",
            |s| s.notice.reported_by = Some("mx.other.example".to_owned()),
            &["relay:"],
        ),
        ("a signature that was not checked", |s| s.signature = SignatureLookUp::NotAsked, &["dkim:"]),
        (
            "a program that many people use",
            |s| original(s).marks = vec![("x-mailer".to_owned(), "Microsoft Outlook 16.0".to_owned())],
            &["header:"],
        ),
        (
            "a library that many scripts use",
            |s| original(s).message_id = crate::MessageId::new("<7f3a@swift.generated>"),
            &["id:"],
        ),
        (
            "a machine that is called as many others are",
            |s| original(s).message_id = crate::MessageId::new("<20261101.7@ubuntu>"),
            &["id:"],
        ),
        (
            "a sending service signs for all its customers",
            |s| original(s).signatures = vec![("sendgrid.net".to_owned(), "s1".to_owned())],
            &["dkim:"],
        ),
        (
            "a filter on the way marks everybody's mail",
            |s| original(s).marks = vec![("x-spam-status".to_owned(), "No, score".to_owned())],
            &["header:"],
        ),
        (
            "the number of one mail",
            |s| original(s).marks = vec![("x-job".to_owned(), "a81fe39bc7".to_owned())],
            &["header:"],
        ),
        (
            "spammers write the user's domain",
            |s| original(s).message_id = crate::MessageId::new("<20261101.7@example.org>"),
            &["id:"],
        ),
        (
            "a provider numbers everybody's mail",
            |s| original(s).message_id = crate::MessageId::new("<x-1.2@am9.eurp1.prod.outlook.com>"),
            &["id:"],
        ),
    ];
    for (why, change, gone) in changes {
        let mut scenario = backup();
        change(&mut scenario);
        for proposed in proposed(&scenario) {
            assert!(!gone.iter().any(|gone| proposed.starts_with(gone)), "{why}: {proposed}");
        }
    }
}

#[test]
fn an_id_of_the_own_domain_is_told_by_its_first_word() {
    let mut scenario = backup();
    original(&mut scenario).message_id = crate::MessageId::new("<shop-20261101.7@example.org>");
    let ids: Vec<String> = proposed(&scenario).into_iter().filter(|one| one.starts_with("id:")).collect();
    assert_eq!(ids, ["id:shop-*@example.org"], "not the whole domain");
}

#[test]
fn without_an_original_nothing_is_proposed() {
    let mut scenario = backup();
    scenario.original = None;
    assert_eq!(proposed(&scenario), [""; 0], "there is nothing to tell it by");
}

#[test]
fn what_is_no_sender_is_not_read_as_one() {
    for text in ["", "relay:", "relay:mail.example.org", "shop.example.org", "smtp:192.0.2.1"] {
        assert!(text.parse::<Declared>().is_err(), "{text:?}");
    }
}

fn original(scenario: &mut Scenario) -> &mut super::scenario::OriginalFacts {
    scenario.original.as_mut().expect("there is an original")
}

fn hop(scenario: &mut Scenario, ip: &str, name: Option<&str>) {
    let by = Some("mx.shop.example".to_owned());
    let from_ip = ip.parse().ok();
    let rdns = name.map(str::to_owned);
    original(scenario).hops = vec![HopFacts { by, from_ip, rdns, ..HopFacts::default() }];
}
