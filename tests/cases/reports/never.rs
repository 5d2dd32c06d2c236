//! Mails that must never be reported, each with the reason that the user is shown: as they are read, and one by one in
//! quarantine while reports are sent by themselves.

use std::collections::BTreeMap;
use std::net::IpAddr;

use agent::api::{RecordState, Request, Response};
use agent::report::{OwnNetworks, WhyNot, may_report};
use it::population::people::ADDRESS;
use it::postfix::Setup;
use it::{Dovecot, Mail, Postfix, date};
use rules::{Address, Profile, Reading, UnixTime, read};

use super::super::storm::places;
use super::automatic::{send, stormy};
use super::{altered, bounce};

const HOUR: i64 = 3_600;
const DAY: i64 = date::DAY;

/// A domain that is all the user's.
const GARDEN: &str = "garden.example";
/// A host there.
const OWN_HOST: &str = "out7.garden.example";
/// Servers of the user's own.
const RELAYS: [&str; 2] = ["198.51.100.20", "2001:db8:7::20"];

/// The user's mail provider, as the mails of the list name it.
struct Provider {
    domain: &'static str,
    /// One of its hosts.
    host: &'static str,
}

/// What is said of a mail that is not reported.
#[derive(Clone, Copy, Debug)]
enum Said {
    /// It is not asked for.
    Never(WhyNot),
    /// It waits as others do, and what it holds is refused before it is sent.
    Refused(&'static str),
}

/// A mail that must not be reported.
struct Case {
    what: &'static str,
    mail: Mail,
    said: Said,
}

/// The text of a bounce, of which a part is another one.
struct Draft {
    number: u32,
    mail: Mail,
}

impl Draft {
    fn with(self, what: &str, with: &str) -> Self {
        Self { mail: altered(&self.mail, what, with), ..self }
    }

    /// From another mailbox.
    fn from(self, address: &str) -> Self {
        let what = format!("From: MAILER-DAEMON@mx{}.shop.example", self.number);
        self.with(&what, &format!("From: {address}"))
    }

    /// Handed over by a host with another address.
    fn by(self, address: &str) -> Self {
        let what = format!("[192.0.2.{}]", self.number);
        self.with(&what, &format!("[{address}]"))
    }

    /// Handed over by a host with another name and address.
    fn through(self, host: &str, address: &str) -> Self {
        let name = format!("mx{0}.shop.example (mx{0}.shop.example [192.0.2.{0}])", self.number);
        self.with(&name, &format!("{host} ({host} [{address}])"))
    }

    /// With another report on what became of the mail.
    fn told(self, action: &str, status: &str) -> Self {
        self.with("Action: failed\r\nStatus: 5.1.1", &format!("Action: {action}\r\nStatus: {status}"))
    }

    /// With its header down to the content type, and what follows.
    fn holding(self, content: &str) -> Self {
        let text = String::from_utf8_lossy(&self.mail.bytes).into_owned();
        let (head, _) = text.split_once("Content-Type:").expect("a content type");
        Self { mail: Mail::new(format!("{head}{content}").into_bytes(), self.mail.internal_date), ..self }
    }
}

const RECEIPT: &str = "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nIt \
                       was read.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; \
                       x@shop.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n";
const COMPLAINT: &str = "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA \
                         complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: \
                         abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: \
                         x\r\n\r\nx\r\n--b--\r\n";
const HELD: &str = "X-Mailman-Version: 2.1.29\r\nPrecedence: bulk\r\nList-Id: \
                    <chess.lists.shop.example>\r\nX-List-Administrivia: yes\r\n\r\nYour mail to 'chess' with the \
                    subject\r\n\r\n    An offer to read\r\n\r\nIs being held until the list moderator can review it for \
                    approval.\r\n";

/// The list, as of now: each mail has a number, a server and an original of its own.
fn list(provider: &Provider, now: i64) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut add = |what, came: i64, said, make: &dyn Fn(Draft) -> Draft| {
        let number = u32::try_from(cases.len()).expect("few") + 1;
        let draft = Draft { number, mail: bounce(number, &format!("192.0.2.{number}"), now - came) };
        cases.push(Case { what, mail: make(draft).mail, said });
    };
    let never = Said::Never;
    let delayed = never(WhyNot::Delayed);
    add("a delay", HOUR, delayed, &|it| it.told("delayed", "4.2.0"));
    add("a delay of a list's post", HOUR, delayed, &|it| {
        it.told("delayed", "4.2.0")
            .with("\r\nSubject: An offer", "\r\nList-Id: <x.example>\r\nSubject: An offer")
    });
    let left_alone = never(WhyNot::LeftAlone);
    add("a success", HOUR, left_alone, &|it| it.told("delivered", "2.0.0"));
    add("handed on", HOUR, left_alone, &|it| it.told("relayed", "2.0.0"));
    add("to a list", HOUR, left_alone, &|it| it.told("expanded", "2.0.0"));
    add("a receipt", HOUR, left_alone, &|it| it.holding(RECEIPT));
    add("a complaint", HOUR, left_alone, &|it| it.holding(COMPLAINT));
    add("a post that waits for the moderator", HOUR, never(WhyNot::List), &|it| {
        let daemon = format!("MAILER-DAEMON@mx{}.shop.example", it.number);
        it.with(&daemon, "chess-bounces@lists.shop.example")
            .with("Undelivered Mail Returned to Sender", "Your message to chess awaits moderator approval")
            .holding(HELD)
    });
    add("SpamCop itself", HOUR, never(WhyNot::NotBackscatter), &|it| it.from("x@reports.spamcop.net"));
    let own = never(WhyNot::OwnProvider);
    add("the user's own domain", HOUR, own, &|it| it.from("MAILER-DAEMON@example.org"));
    add("a host of that domain", HOUR, own, &|it| it.from("MAILER-DAEMON@mx1.example.org"));
    add("a domain that is all the user's", HOUR, own, &|it| it.from(&format!("x@{GARDEN}")));
    add("the provider's mail daemon", HOUR, own, &|it| {
        it.from(&format!("mailer-daemon@{}", provider.domain))
    });
    add("the provider's mail daemon, by another host", HOUR, own, &|it| {
        it.from(&format!("x@{}", provider.host))
    });
    add("the provider's network, by its address alone", HOUR, own, &|it| it.by("198.51.100.99"));
    add("the provider's network, IPv6", HOUR, own, &|it| it.by("IPv6:2001:db8:7:1::9"));
    add("nobody but the user's own server in its trace", HOUR, own, &|it| {
        let reporter = format!("dns; mx{}.shop.example", it.number);
        it.through(OWN_HOST, "203.0.113.7").with(&reporter, &format!("dns; {OWN_HOST}"))
    });
    let nameless = never(WhyNot::NoServer);
    add("a server by name alone", HOUR, nameless, &|it| it.through(OWN_HOST, "203.0.113.7"));
    add("no trace at all", HOUR, nameless, &|it| {
        let text = String::from_utf8_lossy(&it.mail.bytes).into_owned();
        let (_, line) = text.split_once("\r\n").expect("a header");
        let line = line.split_once("\r\nDate").map(|(line, _)| format!("{line}\r\n")).expect("a line");
        it.with(&line, "")
    });
    add("a private address", HOUR, nameless, &|it| it.by("10.0.0.7"));
    add("the same machine", HOUR, nameless, &|it| it.by("127.0.0.1"));
    add("an address of a link", HOUR, nameless, &|it| it.by("IPv6:fe80::7"));
    let old = never(WhyNot::TooOld);
    let dated = |it: Draft, came: i64, other: i64| {
        let (line, told) = (date::header(now - came, 0), date::header(now - other, 0));
        it.with(&format!("ESMTP; {line}"), &format!("ESMTP; {told}"))
    };
    add("two days old", 48 * HOUR, old, &|it| it);
    add("ten days old", 10 * DAY, old, &|it| it);
    add("taken in three days ago, and fetched two days later", 25 * HOUR, old, &|it| {
        dated(it, 25 * HOUR, 72 * HOUR)
    });
    add("old by when it came, whatever its line says", 3 * DAY, old, &|it| dated(it, 3 * DAY, -5 * DAY));
    add("old, without a readable line", 3 * DAY, old, &|it| {
        it.with(&format!("ESMTP; {}", date::header(now - 3 * DAY, 0)), "ESMTP; yesterday")
    });
    let words = "It could not be delivered.";
    add("through a list", HOUR, Said::Refused("mailing list"), &|it| {
        it.with("\r\nDate: ", "\r\nList-Id: <x.lists.example>\r\nDate: ")
    });
    add("a line that ends in a bare CR", HOUR, Said::Refused("line"), &|it| it.with(words, "A\rB"));
    add("a line longer than mail servers take", HOUR, Said::Refused("line"), &|it| {
        it.with(words, &"x".repeat(1_200))
    });
    cases
}

#[test]
fn each_is_told_with_its_reason() {
    let now = date::now();
    let mut profile = Profile::default();
    profile.own.insert(Address::new(ADDRESS).expect("an address"));
    profile.own_domains.insert(GARDEN.to_owned());
    profile.own_servers = ["imap", "smtp"].map(|name| format!("{name}.provider.example")).into();
    let networks = OwnNetworks::around(RELAYS.map(|ip| ip.parse().expect("an address")));
    let provider = Provider { domain: "provider.example", host: "out7.provider.example" };
    for Case { what, mail, said } in list(&provider, now) {
        let Said::Never(why) = said else { continue };
        let of = match read(&mail.bytes) {
            Reading::Notice(notice) => {
                may_report(&notice, UnixTime(mail.internal_date), &profile, &networks, UnixTime(now)).err()
            }
            // What is no notice is never judged, and so never backscatter.
            Reading::Ordinary => Some(WhyNot::NotBackscatter),
            Reading::Unreadable { why } => panic!("{what}: it is read: {why}"),
        };
        assert_eq!(of, Some(why), "{what}");
        assert!(why.sentence().ends_with('.'), "{what}: a sentence is shown");
    }
}

/// The original that a mail of the list returns, by which it is found in quarantine.
fn original(number: usize) -> String {
    format!("{number}.forged@botnet.example")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn none_is_reported_by_itself() {
    let now = date::now();
    let mut server = None;
    let start = |dovecot: &Dovecot| {
        let postfix = Postfix::start(dovecot, &Setup::default()).expect("Postfix starts");
        let relays = RELAYS.map(|ip| format!("{{ relay = \"{ip}\" }}")).join(", ");
        let more = format!("{}\nown_domains = [\"{GARDEN}\"]\ndeclared = [{relays}]", postfix.smtp_toml());
        server = Some(postfix);
        more
    };
    let rig = stormy(start).await;
    // Postfix goes by this name.
    let cases = list(&Provider { domain: "localhost", host: "localhost" }, now);
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    // The one that may be reported: the way is free.
    let control = u32::try_from(cases.len()).expect("few") + 1;
    rig.server
        .put(
            "INBOX",
            cases.iter().map(|case| case.mail.clone()).chain([bounce(control, "192.0.2.250", now - HOUR)]),
        )
        .expect("they come in");
    rig.once().await.expect("a run succeeds");

    let (sent, reports, _) = send(&rig, 3 * HOUR).await;
    let is_sent = |state: &str| ["sending", "sent", "cut_off", "needs_confirmation", "done"].contains(&state);
    let gone: Vec<Option<IpAddr>> =
        reports.iter().filter(|report| is_sent(&report.state)).map(|report| report.server).collect();
    assert_eq!((sent, gone), (1, vec!["192.0.2.250".parse().ok()]), "but the one that may be: {reports:#?}");
    let kept = server.expect("it is started").until_kept(1).await.expect("it arrives");
    assert_eq!(kept.len(), 1, "nothing else was sent");

    let running = rig.engine().await.expect("the engine opens");
    let request = Request::QuarantineList {
        account: None,
        state: Some(RecordState::Quarantined),
        limit: 100,
        after: None,
    };
    let Response::Records(page) = running.ask(request).await.expect("a list") else {
        panic!("a list answers a list")
    };
    let found: BTreeMap<String, _> = page
        .records
        .into_iter()
        .filter_map(|record| Some((record.original.as_ref()?.message_id.clone()?, record)))
        .collect();
    let mut stayed = Vec::new();
    for (at, Case { what, said, .. }) in cases.iter().enumerate() {
        let Some(record) = found.get(&original(at + 1)) else {
            stayed.push(*what);
            continue;
        };
        let Response::Report(shown) =
            running.ask(Request::Report { id: record.id.clone() }).await.expect("an answer")
        else {
            panic!("a report is shown")
        };
        match said {
            Said::Never(why) => {
                assert_eq!(shown.report, None, "{what}: there is none");
                assert_eq!(shown.why_not.as_deref(), Some(why.sentence()), "{what}: and the reason is shown");
            }
            Said::Refused(part) => {
                let report =
                    shown.report.unwrap_or_else(|| panic!("{what}: there is one: {:?}", shown.why_not));
                let why = report.why.unwrap_or_default();
                assert!(report.state == "refused" && why.contains(part), "{what}: {}, {why}", report.state);
            }
        }
    }
    let places = places(&rig, &cases.iter().map(|case| case.mail.clone()).collect::<Vec<_>>()).await;
    let in_inbox: Vec<&str> =
        cases.iter().zip(&places).filter(|(_, place)| *place == "INBOX").map(|(case, _)| case.what).collect();
    // What no verdict takes out of the inbox cannot be reported; there the user is offered nothing.
    assert_eq!(stayed, in_inbox, "each is in quarantine or in the inbox: {places:?}");
    assert_eq!(
        in_inbox,
        [
            "a success",
            "handed on",
            "to a list",
            "a receipt",
            "a complaint",
            "a post that waits for the moderator",
            "SpamCop itself"
        ],
        "the others are in quarantine"
    );
}
