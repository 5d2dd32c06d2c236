//! Notices made to confuse: bounded, and no verdict that they could not have had otherwise.

use crate::judge::{Case, LookedUp, judge};
use crate::read::{Reading, read, read_sent_headers};
use crate::sent::memory::MemorySent;
use crate::{Notice, Profile, UnixTime, Verdict, chain};

const AT: UnixTime = UnixTime(1_772_000_000);

/// A bounce that returns an original with this trace and Message-ID.
fn bounce(trace: &str, id: &str) -> Notice {
    let text = format!(
        "Return-Path: <>\r\n{trace}From: MAILER-DAEMON@mx.shop.example\r\nTo: ada@example.org\r\nSubject: Undelivered Mail \
         Returned to Sender\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; \
         boundary=b\r\n\r\n--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: \
         message/delivery-status\r\n\r\nReporting-MTA: dns; mx.shop.example\r\n\r\nFinal-Recipient: rfc822; \
         nobody@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: \
         text/rfc822-headers\r\n\r\n{trace}From: ada@example.org\r\nTo: nobody@shop.example\r\nSubject: An offer\r\nMessage-ID: \
         {id}\r\n\r\n--b--\r\n"
    );
    match read(text.as_bytes()) {
        Reading::Notice(notice) => *notice,
        other => panic!("it is a notice: {other:?}"),
    }
}

fn profile() -> Profile {
    let own = crate::Address::new("ada@example.org").expect("an address");
    Profile { own: [own].into(), own_servers: ["imap.example.org".to_owned()].into(), ..Profile::default() }
}

fn verdict(notice: &Notice, sent: &MemorySent) -> Verdict {
    let case = Case { notice, arrived: AT, grace: 0 };
    judge(&case, sent, &profile(), &LookedUp::default(), AT.plus(3_600)).verdict
}

#[test]
fn a_trace_of_five_hundred_hops_is_cut() {
    let forms = [
        "from a.example (b.example [IPv6:2001:db8::1]) by c.example with ESMTPS id 7; Thu, 1 Jan 2026 00:00:00 +0000",
        "from \"quoted (name\" ([203.0.113.9]) by (comment (in (comment))) mx.example.org for <\"a b\"@example.org>; never",
        "from [IPv6:::ffff:203.0.113.9] by [2001:db8::2] (((((((((((((((((((((((((((((",
        "by imap.example.org; Thu, 99 Foo 20226 99:99:99 +9999",
        ";;;;from by from by with with for for <>",
    ];
    let trace: String = forms.iter().cycle().take(500).map(|line| format!("Received: {line}\r\n")).collect();
    let notice = bounce(&trace, "<1.x@forger.example>");
    let original = notice.original.as_ref().expect("an original");
    assert_eq!((notice.outer.trace.len(), original.trace.len()), (50, 50), "no more is kept of either");
    let chain = chain::follow(&notice, &profile()).expect("somebody handed it on");
    let broken = chain.broken.expect("such lines do not go on from each other");
    assert!(broken.at < 5, "the first line that is odd ends it: {broken:?}");
    assert!(
        matches!(verdict(&notice, &MemorySent::default()), Verdict::Undecided(_)),
        "nothing is known of sent mail"
    );
    // A header that cannot have come like that says nothing: judging it twice says the same.
    assert_eq!(bounce(&trace, "<1.x@forger.example>"), notice, "it is read the same again");
}

#[test]
fn ids_with_quotes_and_comments_are_known_again() {
    for id in [
        "<\"a b\"@laptop.example.org>",
        "<a.b@[192.0.2.1]>",
        "<a@[IPv6:2001:db8::1]>",
        "<a@laptop.example.org> (a comment (in a comment))",
        "(before) <a@laptop.example.org>",
        "\r\n <folded@laptop.example.org>",
        "<two@at@laptop.example.org>",
        "<no-domain>",
        "no-brackets@laptop.example.org",
        "<\u{fc}mlaut@laptop.example.org>",
    ] {
        let copy = format!("From: ada@example.org\r\nTo: nobody@shop.example\r\nMessage-ID: {id}\r\n\r\n");
        let mut sent = MemorySent::default();
        sent.add(&read_sent_headers(copy.as_bytes()), AT.minus(60));
        let notice = bounce("", id);
        assert_eq!(verdict(&notice, &sent), Verdict::Genuine("sent"), "{id} in Sent and in the bounce");
        let other = bounce("", "<other@laptop.example.org>");
        assert!(matches!(verdict(&other, &sent), Verdict::Undecided(_)), "{id} is not another one");
    }
}
