//! Mails that must never be reported, each with the reason that the user is shown.

use rules::time::HOUR;
use rules::{Address, Profile, Reading, UnixTime, read};

use super::{OwnNetworks, WhyNot, may_report, priority};

const NOW: UnixTime = UnixTime(1_795_800_000);

/// The date of so many seconds before now, as a header has it.
fn date(before: i64) -> String {
    let at = jiff::Timestamp::from_second(NOW.minus(before).0).expect("a time");
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date")
}

fn bounce() -> String {
    format!(
        "Return-Path: <>\r\nReceived: from mx.shop.example (mx.shop.example [192.0.2.7]) by mx.example.org with ESMTP; \
         {0}\r\nDate: {0}\r\nFrom: MAILER-DAEMON@mx.shop.example\r\nTo: ada@example.org\r\nSubject: Undelivered Mail \
         Returned to Sender\r\nMessage-ID: <n@mx.shop.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
         report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: \
         message/delivery-status\r\n\r\nReporting-MTA: dns; mx.shop.example\r\n\r\nFinal-Recipient: rfc822; \
         nobody@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: \
         text/rfc822-headers\r\n\r\nFrom: ada@example.org\r\nSubject: An offer\r\nMessage-ID: \
         <1@forger.example>\r\n\r\n--b--\r\n",
        date(HOUR)
    )
}

fn profile() -> Profile {
    Profile {
        own: [Address::new("ada@example.org").expect("an address")].into(),
        own_servers: ["imap.provider.example".to_owned(), "smtp.provider.example".to_owned()].into(),
        own_domains: ["garden.example".to_owned()].into(),
        ..Profile::default()
    }
}

fn networks() -> OwnNetworks {
    OwnNetworks::around(["198.51.100.20", "2001:db8:7::20"].map(|ip| ip.parse().expect("an address")))
}

/// Why a mail is not reported; none where it may be.
fn why_not(mail: &str, arrived: UnixTime) -> Option<WhyNot> {
    match read(mail.as_bytes()) {
        Reading::Notice(notice) => may_report(&notice, arrived, &profile(), &networks(), NOW).err(),
        // What is no notice is never judged, and so never backscatter.
        Reading::Ordinary => Some(WhyNot::NotBackscatter),
        Reading::Unreadable { why } => panic!("it is read: {why}; {mail}"),
    }
}

#[test]
fn a_plain_bounce_may_be_reported() {
    assert_eq!(why_not(&bounce(), NOW.minus(HOUR)), None, "it is backscatter of a stranger's server");
}

#[test]
fn what_tells_of_spam_goes_first() {
    let urgency = |mail: &str| match read(mail.as_bytes()) {
        Reading::Notice(notice) => priority(&notice),
        other => panic!("a notice: {other:?}"),
    };
    let diagnosed = |code: &str, words: &str| {
        let with = format!("Status: {code}\r\nDiagnostic-Code: smtp; 550 {code} {words}");
        bounce().replace("Status: 5.1.1", &with)
    };
    let spam = urgency(&diagnosed("5.7.1", "Message rejected as spam"));
    let virus = urgency(&diagnosed("5.7.1", "virus found in the message"));
    let unknown = urgency(&bounce());
    assert!(spam == virus && spam < unknown, "bounces that say so come first: {spam}, {virus}, {unknown}");
}
