//! Mails that must never be reported, each with the reason that the user is shown.

use rules::time::{DAY, HOUR};
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

#[test]
fn what_must_not_be_reported_is_told_with_its_reason() {
    let hop = "from mx.shop.example (mx.shop.example [192.0.2.7]) by mx.example.org";
    let fresh = date(HOUR);
    let replaced = |what: &str, with: &str| {
        let text = bounce();
        assert!(text.contains(what), "{what}");
        text.replace(what, with)
    };
    let receipt = "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nIt was \
                   read.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; \
                   x@shop.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n";
    let complaint = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA \
                     complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: \
                     x/1\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--b--\r\n";
    let of_kind = |content: &str| {
        let text = bounce();
        let (head, _) = text.split_once("Content-Type:").expect("a content type");
        format!("{head}{content}")
    };
    let list = |subject: &str, body: &str| {
        format!(
            "Return-Path: <>\r\nReceived: {hop} with ESMTP; {fresh}\r\nFrom: chess-bounces@lists.shop.example\r\nTo: \
             ada@example.org\r\nSubject: {subject}\r\nX-Mailman-Version: 2.1.29\r\nPrecedence: bulk\r\nList-Id: \
             <chess.lists.shop.example>\r\nX-List-Administrivia: yes\r\nMessage-ID: <l@lists.shop.example>\r\n\r\n{body}\r\n"
        )
    };
    let late = |seconds: i64| replaced(&fresh, &date(seconds));
    let cases: Vec<(&str, String, i64, WhyNot)> = vec![
        ("a delay", replaced("Action: failed", "Action: delayed"), HOUR, WhyNot::Delayed),
        (
            "a success",
            replaced("Action: failed\r\nStatus: 5.1.1", "Action: delivered\r\nStatus: 2.0.0"),
            HOUR,
            WhyNot::LeftAlone,
        ),
        (
            "handed on",
            replaced("Action: failed\r\nStatus: 5.1.1", "Action: relayed\r\nStatus: 2.0.0"),
            HOUR,
            WhyNot::LeftAlone,
        ),
        (
            "to a list",
            replaced("Action: failed\r\nStatus: 5.1.1", "Action: expanded\r\nStatus: 2.0.0"),
            HOUR,
            WhyNot::LeftAlone,
        ),
        ("a receipt", of_kind(receipt), HOUR, WhyNot::LeftAlone),
        ("a complaint", of_kind(complaint), HOUR, WhyNot::LeftAlone),
        (
            "a post that waits for the moderator",
            list(
                "Your message to chess awaits moderator approval",
                "Your mail to 'chess' with the subject\r\n\r\n    Hello\r\n\r\nIs being held until the list moderator can review it for approval.\r\n",
            ),
            HOUR,
            WhyNot::List,
        ),
        (
            "SpamCop itself",
            replaced("MAILER-DAEMON@mx.shop.example", "x@reports.spamcop.net"),
            HOUR,
            WhyNot::NotBackscatter,
        ),
        (
            "the user's own domain",
            replaced("MAILER-DAEMON@mx.shop.example", "MAILER-DAEMON@example.org"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "a host of that domain",
            replaced("MAILER-DAEMON@mx.shop.example", "MAILER-DAEMON@mx1.example.org"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "a domain that is all the user's",
            replaced("MAILER-DAEMON@mx.shop.example", "x@garden.example"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "the provider's mail daemon",
            replaced("MAILER-DAEMON@mx.shop.example", "mailer-daemon@provider.example"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "the provider's mail daemon, by another host",
            replaced("MAILER-DAEMON@mx.shop.example", "x@out7.provider.example"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "the provider's network, by its address alone",
            replaced("[192.0.2.7]", "[198.51.100.99]"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "the provider's network, IPv6",
            replaced("[192.0.2.7]", "[IPv6:2001:db8:7:1::9]"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "nobody but the provider in its trace",
            replaced(
                hop,
                "from out7.provider.example (out7.provider.example [198.51.100.7]) by mx.example.org",
            )
            .replace("dns; mx.shop.example", "dns; out7.provider.example"),
            HOUR,
            WhyNot::OwnProvider,
        ),
        (
            "a server by name alone",
            replaced(
                hop,
                "from out7.provider.example (out7.provider.example [198.51.100.7]) by mx.example.org",
            ),
            HOUR,
            WhyNot::NoServer,
        ),
        (
            "no trace at all",
            replaced(&format!("Received: {hop} with ESMTP; {fresh}\r\n"), ""),
            HOUR,
            WhyNot::NoServer,
        ),
        ("a private address", replaced("[192.0.2.7]", "[10.0.0.7]"), HOUR, WhyNot::NoServer),
        ("the same machine", replaced("[192.0.2.7]", "[127.0.0.1]"), HOUR, WhyNot::NoServer),
        ("an address of a link", replaced("[192.0.2.7]", "[IPv6:fe80::7]"), HOUR, WhyNot::NoServer),
        ("two days old", late(48 * HOUR), 48 * HOUR, WhyNot::TooOld),
        ("taken in three days ago, and fetched two days later", late(72 * HOUR), 25 * HOUR, WhyNot::TooOld),
        ("ten days old", late(10 * DAY), 10 * DAY, WhyNot::TooOld),
        ("old by when it came, whatever its line says", late(-5 * DAY), 3 * DAY, WhyNot::TooOld),
        (
            "old, without a readable line",
            replaced(&format!("ESMTP; {fresh}"), "ESMTP; yesterday"),
            3 * DAY,
            WhyNot::TooOld,
        ),
        (
            "a delay of a list's post",
            replaced("Action: failed", "Action: delayed")
                .replace("Subject: An offer", "List-Id: <x.example>\r\nSubject: An offer"),
            HOUR,
            WhyNot::Delayed,
        ),
    ];
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    for (what, mail, before, expected) in cases {
        let said = why_not(&mail, NOW.minus(before));
        assert_eq!(said, Some(expected), "{what}");
        assert!(expected.sentence().ends_with('.'), "{what}: a sentence is shown");
    }
}
