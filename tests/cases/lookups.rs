//! What the network says of an original: SPF and DKIM, asked of a real name server.

use std::collections::BTreeMap;
use std::net::UdpSocket;

use agent::api::{RecordState, RecordView};
use agent::clock::Clock;
use agent::lookups::Dns;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use it::population::people::ADDRESS;
use it::{Mail, NameServer, Options, Rig, date};
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter as _;
use mail_auth::dkim::DkimSigner;
use rules::Address;
use rules::judge::{LookUp, SpfQuestion};
use rules::read::returned_header;

use super::alarm::sent;
use super::clean_up::double;
use super::storm::{places, rig_with};

/// Where the domain's own mail comes from, by its record.
const ALLOWED: &str = "198.51.100.7";
const FORGER: &str = "203.0.113.66";
/// All servers that report.
const REPORTERS: &str = "address=/shop.example/192.0.2.50";

fn spf(domain: &str, record: &str) -> String {
    format!("txt-record={domain},\"{record}\"")
}

/// What is returned in a bounce, and the lines of its trace, topmost first.
struct Original<'a> {
    number: u32,
    id: Option<String>,
    subject: &'a str,
    trace: Vec<String>,
    /// More fields at the top.
    signature: String,
}

fn to(number: u32) -> String {
    format!("nobody{number}@shop.example")
}

/// The fields of an original that a signature covers.
fn signed_fields(original: &Original<'_>, when: i64) -> String {
    let id = original.id.as_ref().map(|id| format!("Message-ID: <{id}>\r\n")).unwrap_or_default();
    format!(
        "From: {ADDRESS}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\n{id}",
        to(original.number),
        original.subject,
        date::header(when - 20, 0)
    )
}

/// A bounce that returns an original's header.
fn bounce(original: &Original<'_>, when: i64) -> Mail {
    let (number, host) = (original.number, format!("mx{}.shop.example", original.number));
    let arrived = date::header(when - 20, 0);
    let trace: String =
        original.trace.iter().map(|line| format!("Received: {line}; {arrived}\r\n")).collect();
    let text = format!(
        "Return-Path: <>\r\nDate: {}\r\nFrom: MAILER-DAEMON@{host}\r\nTo: {ADDRESS}\r\nSubject: Undelivered Mail \
         Returned to Sender\r\nMessage-ID: <{number}.notice@{host}>\r\nMIME-Version: 1.0\r\nContent-Type: \
         multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt could not be \
         delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {host}\r\nArrival-Date: \
         {arrived}\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: \
         text/rfc822-headers\r\n\r\n{trace}{}{}\r\n--b--\r\n",
        date::header(when, 0),
        to(number),
        original.signature,
        signed_fields(original, when),
    );
    Mail::new(text.into_bytes(), when)
}

/// An original without an id that came straight from this host.
fn straight<'a>(number: u32, subject: &'a str, host: &str) -> Original<'a> {
    let line = format!("from unknown ([{host}]) by mx{number}.shop.example with ESMTP");
    Original { number, id: None, subject, trace: vec![line], signature: String::new() }
}

/// The same with a line below by which somebody handed it on.
fn handed_on(number: u32, subject: &'static str) -> Original<'static> {
    let trace = vec![
        format!("from unknown ([192.0.2.99]) by mx{number}.shop.example with ESMTP"),
        format!("from home.example.org (home.example.org [{ALLOWED}]) by unknown with ESMTP"),
    ];
    Original { trace, ..straight(number, subject, FORGER) }
}

/// An account whose sent mail is whole and proved by use, that asks this server.
fn asking(lookups: String) -> Rig {
    rig_with(double(), &Options { grace: "0s", lookups, ..Options::default() })
}

/// By which rule each stays undecided, by whom its original was for.
async fn rules_of_the_undecided(rig: &Rig) -> BTreeMap<String, String> {
    let running = rig.engine().await.expect("the engine opens");
    let records = running.records(RecordState::Undecided).await.expect("a list");
    let rule = |record: RecordView| Some((record.original?.to.first()?.clone(), record.rule));
    records.into_iter().filter_map(rule).collect()
}

const SUBJECTS: [&str; 4] =
    ["Your parcel waits", "A prize for you", "Last days of summer", "An offer to read"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_must_not_send_for_the_domain_shows_the_forgery() {
    let records = [spf("example.org", &format!("v=spf1 ip4:{ALLOWED} -all")), REPORTERS.to_owned()];
    let server = NameServer::start(&records).await.expect("a name server");
    let (rig, now) = (asking(server.lookups()), date::now() - 600);
    let [one, two, three, four] = SUBJECTS;
    let mails = [
        bounce(&straight(1, one, FORGER), now),
        bounce(&straight(2, two, ALLOWED), now),
        bounce(&handed_on(3, three), now),
    ];
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert_eq!((first.moved, first.undecided), (1, 2), "only the forger's: {first:?}");
    assert_eq!(places(&rig, &mails).await, ["Never Sent", "INBOX", "INBOX"], "the others may be the user's");
    let explained = rig.program(&["quarantine", "list", "--json"]).output().await.expect("the program runs");
    let explained = String::from_utf8_lossy(&explained.stdout).into_owned();
    assert!(explained.contains("never_sent_proved"), "by which rule: {explained}");
    // Three of one subject are a storm, though one of them is shown by nothing else.
    let storm = [
        straight(11, four, FORGER),
        straight(12, four, FORGER),
        straight(13, four, FORGER),
        handed_on(14, four),
    ];
    let storm = storm.map(|original| bounce(&original, now + 60));
    rig.server.put("INBOX", storm.clone()).expect("they come in");
    let second = rig.once().await.expect("a run succeeds");
    assert_eq!(second.moved, 4, "what SPF condemns makes a storm: {second:?}");
    assert_eq!(places(&rig, &storm).await, ["Never Sent"; 4], "the one with a line below by the storm");
    let third = rig.once().await.expect("a run succeeds");
    assert_eq!((third.moved, third.rescued), (0, 0), "nothing goes to and fro: {third:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_spf_alone_condemned_comes_back_when_its_subject_turns_out_to_be_the_users() {
    let records = [spf("example.org", &format!("v=spf1 ip4:{ALLOWED} -all")), REPORTERS.to_owned()];
    let server = NameServer::start(&records).await.expect("a name server");
    let (rig, now) = (asking(server.lookups()), date::now() - 600);
    let mails = [
        bounce(&straight(1, "Offer number 31", FORGER), now),
        bounce(&straight(2, "Offer number 32", FORGER), now),
    ];
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert_eq!(first.moved, 2, "by the host that sent them: {first:?}");
    rig.server.put("Sent", [sent(31, "x@friends.example", now - 86_400)]).expect("a copy comes late");
    let second = rig.once().await.expect("a run succeeds");
    assert_eq!((second.moved, second.rescued), (0, 1), "the one with its subject: {second:?}");
    assert_eq!(places(&rig, &mails).await, ["INBOX", "Never Sent"], "and no other");
    let third = rig.once().await.expect("a run succeeds");
    assert_eq!((third.moved, third.rescued), (0, 0), "nothing goes to and fro: {third:?}");
}

#[test]
fn a_header_that_may_have_been_cut_off_is_none() {
    let whole = bounce(&straight(1, SUBJECTS[0], FORGER), date::now()).bytes;
    assert!(
        returned_header(&whole, false).is_some_and(|header| header.starts_with(b"Received:")),
        "it is there"
    );
    let text = String::from_utf8(whole.to_vec()).expect("text");
    let at = text.find("\r\nSubject: Your parcel").expect("a field of the original");
    let cut = text.get(..at + 12).expect("its beginning");
    assert_eq!(returned_header(cut.as_bytes(), true), None, "its last field may have gone on");
    let long = text.replace("Subject: Your", &format!("X-Long: {}\r\nSubject: Your", "y".repeat(70_000)));
    assert_eq!(returned_header(long.as_bytes(), false), None, "it is longer than is read");
    assert_eq!(
        returned_header(b"Subject: Hello\r\n\r\nNothing came back.\r\n", false),
        None,
        "none came back"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_where_look_ups_are_off_and_silence_is_no_answer() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port on which nobody answers");
    silent.set_nonblocking(true).expect("it can be asked whether something came");
    let at = silent.local_addr().expect("its address");
    let now = date::now() - 600;
    let mails = [bounce(&straight(1, SUBJECTS[0], FORGER), now)];
    let came = || silent.recv(&mut [0; 512]).is_ok();
    let off = asking(format!("dkim_spf = false\nname_servers = [\"{at}\"]"));
    off.server.put("INBOX", mails.clone()).expect("it comes in");
    let summary = off.once().await.expect("a run succeeds");
    assert_eq!((summary.moved, summary.undecided), (0, 1), "it tells too little by itself: {summary:?}");
    assert!(!came(), "nobody was asked");
    let on = asking(format!("name_servers = [\"{at}\"]"));
    on.server.put("INBOX", mails).expect("it comes in");
    let summary = on.once().await.expect("a run succeeds");
    assert_eq!((summary.moved, summary.undecided), (0, 1), "who does not answer says nothing: {summary:?}");
    assert!(came(), "the server was asked");
    assert_eq!(rules_of_the_undecided(&on).await[&to(1)], "waiting", "and is waited for");
}

/// A clock that is ahead of the system's by so many seconds.
fn ahead(seconds: i64) -> Clock {
    Clock::telling(move || agent::clock::now().plus(seconds))
}

const MINUTE: i64 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_not_answer_is_asked_each_half_hour_for_a_day() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port on which nobody answers");
    silent.set_nonblocking(true).expect("it can be asked whether something came");
    let at = silent.local_addr().expect("its address");
    let came = || {
        let mut any = false;
        while silent.recv(&mut [0; 512]).is_ok() {
            any = true;
        }
        any
    };
    let rig = asking(format!("name_servers = [\"{at}\"]"));
    let now = date::now() - 600;
    let mails = [bounce(&straight(1, SUBJECTS[0], FORGER), now)];
    rig.server.put("INBOX", mails.clone()).expect("it comes in");
    for (minutes, asked, rule, why) in [
        (0, true, "waiting", "at once"),
        (20, false, "waiting", "not again before half an hour is over"),
        (32, true, "waiting", "then once more"),
        (40, false, "waiting", "and not before another half hour"),
        (25 * 60, false, "unknown", "after a day nobody is waited for"),
    ] {
        let summary = rig.once_by(ahead(minutes * MINUTE)).await.expect("a run succeeds");
        assert_eq!((summary.moved, came()), (0, asked), "after {minutes} minutes, {why}: {summary:?}");
        assert_eq!(rules_of_the_undecided(&rig).await[&to(1)], rule, "after {minutes} minutes, {why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_asked_about_by_and_by() {
    let records = [spf("example.org", &format!("v=spf1 ip4:{ALLOWED} -all")), REPORTERS.to_owned()];
    let server = NameServer::start(&records).await.expect("a name server");
    let rig = asking(server.lookups());
    let now = date::now() - 3_600;
    // No two are alike, so that they make no storm: each is decided by its own answer.
    let mails: Vec<Mail> = (0..700_u32)
        .map(|number| {
            let host = format!("203.0.{}.{}", number / 200, number % 200 + 1);
            let subject = format!("Letter of number {number}");
            let original = Original { subject: &subject, ..straight(number, "", &host) };
            bounce(&original, now)
        })
        .collect();
    rig.server.put("INBOX", mails).expect("they come in");
    let first = rig.once().await.expect("a run succeeds");
    assert!((500..700).contains(&first.moved), "so many are asked about at once: {first:?}");
    let second = rig.once_by(ahead(32 * MINUTE)).await.expect("a run succeeds");
    assert_eq!(first.moved + second.moved, 700, "the others are asked about later: {second:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_record_says_of_a_host() {
    let many: Vec<String> = (0..20).map(|n| format!(" ip4:198.51.{n}.1")).collect();
    let (some, others) = many.split_at(10);
    let records = [
        spf("hard.example", &format!("v=spf1 ip4:{ALLOWED} -all")),
        spf("soft.example", "v=spf1 ~all"),
        spf("twice.example", "v=spf1 -all"),
        spf("twice.example", "v=spf1 +all"),
        spf("other.example", "some text, and no record"),
        spf("including.example", "v=spf1 include:hard.example -all"),
        spf("redirected.example", "v=spf1 redirect=hard.example"),
        spf("itself.example", "v=spf1 include:itself.example -all"),
        spf("wrong.example", "v=spf1 ip4:999.1.1.1 -all"),
        spf("misspelt.example", &format!("v=spf1 ipv4:{ALLOWED} -all")),
        spf("of-misspelt.example", "v=spf1 include:misspelt.example -all"),
        spf("by-name.example", "v=spf1 a:relay.example -all"),
        spf("nothing-there.example", "v=spf1 include:not-there.example -all"),
        format!("host-record=relay.example,{ALLOWED}"),
        spf("at-home.example", "v=spf1 a:nas.example -all"),
        "host-record=nas.example,192.168.1.10".to_owned(),
        spf("of-mx.example", "v=spf1 -all"),
        "mx-host=of-mx.example,mx1.shop.example,10".to_owned(),
        spf("of-reporter.example", "v=spf1 ip4:192.0.2.50 -all"),
        spf("by-ptr.example", "v=spf1 ptr -all"),
        REPORTERS.to_owned(),
        format!("txt-record=long.example,\"v=spf1{}\",\"{} -all\"", some.concat(), others.concat()),
    ];
    let server = NameServer::start(&records).await.expect("a name server");
    let dns = Dns::new(&[agent::config::NameServer(server.address())]);
    let (forged, no) = (LookUp::Answer(true), LookUp::Answer(false));
    for (domains, host, expected, why) in [
        (&["hard.example"][..], FORGER, forged, "it is not among those that may"),
        (&["hard.example"], ALLOWED, no, "it may"),
        (&["soft.example"], FORGER, no, "the owner is not sure"),
        (&["twice.example"], FORGER, no, "of two records neither counts"),
        (&["other.example"], FORGER, no, "there is no record"),
        (&["absent.example"], FORGER, no, "there is nothing at all"),
        (&["including.example"], FORGER, forged, "nor by the record that is included"),
        (&["including.example"], ALLOWED, no, "by the one that is included it may"),
        (&["redirected.example"], FORGER, forged, "by the record that stands for it"),
        (&["itself.example"], FORGER, no, "a record that goes round is none"),
        (&["wrong.example"], FORGER, no, "a record that is wrong is none"),
        (&["misspelt.example"], ALLOWED, no, "a word that SPF does not know makes a record none"),
        (&["of-misspelt.example"], ALLOWED, no, "and so it does where it is included"),
        (&["at-home.example"], FORGER, no, "the name server knows the host by its address at home"),
        (&["of-mx.example"], FORGER, no, "the server that reports takes the domain's mail"),
        (&["of-reporter.example"], FORGER, no, "the server that reports may send for the domain"),
        (&["by-ptr.example"], FORGER, no, "silence is not told from an answer"),
        (&["by-name.example"], ALLOWED, no, "its address is that of a name that may"),
        (&["by-name.example"], FORGER, forged, "its address is no such"),
        (&["nothing-there.example"], FORGER, no, "a record that includes what is not there is none"),
        (&["long.example"], FORGER, forged, "a record in two pieces"),
        (&["hard.example", "soft.example"], FORGER, no, "one of two addresses may be used from there"),
        (&["hard.example", "including.example"], FORGER, forged, "neither of two may"),
    ] {
        let senders =
            domains.iter().map(|domain| Address::new(&format!("ada@{domain}")).expect("an address"));
        let address = host.parse().expect("an address");
        let reporter = "mx1.shop.example".to_owned();
        let question = SpfQuestion { address, reporter, senders: senders.collect() };
        assert_eq!(dns.spf_hard_fails(&question).await, expected, "{domains:?} and {host}: {why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_asked_about_where_it_is_wished() {
    let server = NameServer::start(&[spf("example.org", "v=spf1 -all"), REPORTERS.to_owned()])
        .await
        .expect("a name server");
    let (folder, now) = (tempfile::tempdir().expect("a folder"), date::now() - 600);
    let (notice, sent) = (folder.path().join("notice.eml"), folder.path().join("sent.eml"));
    let copy = format!(
        "From: {ADDRESS}\r\nTo: x@example.net\r\nDate: {}\r\n\r\nHello\r\n",
        date::header(now - 86_400 * 9, 0)
    );
    std::fs::write(&notice, bounce(&straight(1, SUBJECTS[0], FORGER), now).bytes).expect("it is written");
    std::fs::write(&sent, copy).expect("it is written");
    let verdict = async |more: &[&str]| {
        let mut command = tokio::process::Command::new(it::rig::program());
        command.args(["classify", "--json", "--sent"]).arg(&sent).args(more).arg(&notice);
        let output = command.output().await.expect("the program runs");
        let line: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a line of JSON");
        line["verdict"].as_str().map(str::to_owned)
    };
    assert_eq!(verdict(&[]).await.as_deref(), Some("undecided"), "without a network it tells too little");
    let at = server.address().to_string();
    let asked = verdict(&["--dns", "--name-server", &at]).await;
    assert_eq!(asked.as_deref(), Some("backscatter"), "no host at all may send for the domain");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_domain_publishes_is_looked_at() {
    let dmarc = |domain: &str, record: &str| spf(&format!("_dmarc.{domain}"), record);
    let records = [
        spf("example.org", &format!("v=spf1 ip4:{ALLOWED} -all")),
        dmarc("example.org", "v=DMARC1; p=reject; sp=quarantine"),
        "mx-host=example.org,mx.example.org,10".to_owned(),
        "host-record=mx.example.org,192.0.2.25".to_owned(),
        spf("below.example.org", "v=spf1 redirect=example.org"),
        spf("weak.example", "v=spf1 a ~all"),
        dmarc("weak.example", "v=DMARC1; p=none"),
        "mx-host=weak.example,mx.weak.example,10".to_owned(),
        "host-record=mx.weak.example,192.0.2.26".to_owned(),
        "host-record=26.2.0.192.ips.backscatterer.org,127.0.0.2".to_owned(),
        spf("twice.example", "v=spf1 -all"),
        spf("twice.example", "v=spf1 ~all"),
        spf("misspelt.example", "v=spf1 ipv4:192.0.2.1 -all"),
        spf("all.example", "v=spf1 +all"),
    ];
    let server = NameServer::start(&records).await.expect("a name server");
    let own = [
        "below.example.org",
        "weak.example",
        "bare.example",
        "twice.example",
        "misspelt.example",
        "all.example",
    ];
    let lookups = format!("{}\nbackscatterer = true", server.lookups());
    let options = Options { more: format!("own_domains = {own:?}"), lookups, ..Options::default() };
    let rig = Rig::new(double(), &options).expect("the rig is set up");
    let output = rig.program(&["doctor", "--domain", "--json"]).output().await.expect("the program runs");
    assert_eq!(
        output.status.code(),
        Some(1),
        "there are problems: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).expect("text");
    let found: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (what, state, says) in [
        ("SPF", "ok", "example.org: hosts that your record does not name"),
        ("DMARC", "ok", "example.org: forged mail shall be refused"),
        ("mail servers", "ok", "example.org: mx.example.org"),
        ("block list", "ok", "mx.example.org (192.0.2.25) is not on backscatterer.org"),
        ("SPF", "ok", "below.example.org: the record of example.org stands for yours"),
        ("DMARC", "hint", "below.example.org: forged mail shall be put aside"),
        ("SPF", "hint", "weak.example: your record ends in `~all`"),
        ("DMARC", "hint", "weak.example: your record only asks to be told"),
        ("block list", "problem", "mx.weak.example (192.0.2.26) is on backscatterer.org"),
        ("SPF", "hint", "bare.example: there is no SPF record"),
        ("DMARC", "hint", "bare.example: there is no DMARC record"),
        ("mail servers", "hint", "bare.example: no mail server takes its mail"),
        ("SPF", "problem", "twice.example: there are several SPF records"),
        ("SPF", "problem", "misspelt.example: your SPF record, or one that it names, is not valid"),
        ("SPF", "problem", "all.example: your record lets everybody send"),
    ] {
        let there = found.iter().any(|line| {
            line["what"] == what
                && line["state"] == state
                && line["text"].as_str().is_some_and(|text| text.starts_with(says))
        });
        assert!(there, "{state} {what}: {says}; told was {lines}");
    }
    drop(server);
    let offline = rig.program(&["doctor", "--domain"]).output().await.expect("the program runs");
    assert_eq!(offline.status.code(), Some(4), "nobody answers");
}

/// Mail of the user's own that came back to them by a list, with a signature; the server that took it in says whether it
/// verifies.
fn by_a_list(number: u32, selector: &str, says: &str, when: i64) -> Mail {
    let text = format!(
        "Authentication-Results: mx.example.org; dkim={says} header.d=example.org header.s={selector}\r\nDKIM-Signature: v=1; \
         a=ed25519-sha256; d=example.org; s={selector}; h=From; bh=AAAA; b=AAAA\r\nReceived: from \
         lists.example (lists.example [192.0.2.80]) by mx.example.org with ESMTP; {0}\r\nDate: {0}\r\nFrom: {ADDRESS}\r\nTo: \
         notes@lists.example\r\nList-Id: <notes.lists.example>\r\nSubject: Notes\r\nMessage-ID: \
         <{number}.notes@laptop.example.org>\r\n\r\nSome words.\r\n",
        date::header(when, 0)
    );
    Mail::new(text.into_bytes(), when)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_the_users_mail_are_asked_about() {
    let (key, now) = (Key::new("k1"), date::now() - 600);
    let records = [
        spf("example.org", "v=spf1 -all"),
        key.record(),
        "txt-record=broken._domainkey.example.org,\"v=DKIM1; p=\"".to_owned(),
    ];
    let server = NameServer::start(&records).await.expect("a name server");
    let rig = asking(server.lookups());
    let doctor = async || {
        let output = rig.program(&["doctor", "--domain"]).output().await.expect("the program runs");
        String::from_utf8(output.stdout).expect("text")
    };
    let before = doctor().await;
    assert!(before.contains("no signature (DKIM) was seen"), "at first: {before}");
    let mails = [
        by_a_list(1, "k1", "pass", now),
        by_a_list(2, "broken", "pass", now),
        by_a_list(3, "gone", "pass", now),
        by_a_list(4, "forged", "fail", now),
        // Of a server that is not that of the mailbox.
        Mail::new(
            String::from_utf8_lossy(&by_a_list(5, "elsewhere", "pass", now).bytes)
                .replace("Results: mx.example.org", "Results: mx.forger.example")
                .into_bytes(),
            now,
        ),
    ];
    rig.server.put("INBOX", mails).expect("they come in");
    rig.once().await.expect("a run succeeds");
    let after = doctor().await;
    for says in [
        "your mail is signed; its key is at k1._domainkey.example.org",
        "the key at broken._domainkey.example.org is not valid",
        "signed with gone._domainkey.example.org, and no such key is published any more",
    ] {
        assert!(after.contains(says), "{says}: {after}");
    }
    for none in ["forged._domainkey", "elsewhere._domainkey"] {
        assert!(
            !after.contains(none),
            "what does not verify, or nobody of the house says so, is none: {after}"
        );
    }
}

/// The fields that a signature must cover to show that a mail was sent.
const ALL: [&str; 5] = ["From", "To", "Subject", "Date", "Message-ID"];

/// Another of which nothing is returned.
const WITH_MORE: [&str; 6] = ["From", "To", "Subject", "Date", "Message-ID", "List-Id"];

impl Original<'_> {
    /// The same with more fields.
    fn with(mut self, fields: String) -> Self {
        self.signature.push_str(&fields);
        self
    }
}

/// A key, and the record that publishes it.
struct Key {
    secret: Vec<u8>,
    selector: &'static str,
}

impl Key {
    fn new(selector: &'static str) -> Self {
        Self { secret: Ed25519Key::generate_pkcs8().expect("a key"), selector }
    }

    fn key(&self) -> Ed25519Key {
        Ed25519Key::from_pkcs8_der(&self.secret).expect("the key")
    }

    fn record(&self) -> String {
        let public = BASE64.encode(self.key().public_key());
        let selector = self.selector;
        format!("txt-record={selector}._domainkey.example.org,\"v=DKIM1; k=ed25519; p={public}\"")
    }

    /// The field that signs a mail with these fields.
    fn sign(&self, fields: &str, covered: &[&str]) -> String {
        self.sign_with(fields, covered, false)
    }

    /// The same; with how much of the body is signed (`l=`), if so wished.
    fn sign_with(&self, fields: &str, covered: &[&str], length: bool) -> String {
        let signer = DkimSigner::from_key(self.key()).domain("example.org").selector(self.selector);
        let signer = signer.headers(covered.iter().map(|name| (*name).to_owned())).body_length(length);
        let mail = format!("{fields}\r\nThe body of it.\r\n");
        signer.sign(mail.as_bytes()).expect("it can be signed").to_header()
    }
}

/// The header of an original that the user's domain signed.
pub(super) fn signed_header() -> Vec<u8> {
    let (key, mut original, when) = (Key::new("k1"), with_id(1), date::now());
    original.signature = key.sign(&signed_fields(&original, when), &ALL);
    returned_header(&bounce(&original, when).bytes, false).expect("a header came back")
}

/// An original with an id that is in no Sent folder, as a forger's bot sent it.
fn with_id(number: u32) -> Original<'static> {
    Original { id: Some(format!("{number}.x@botnet.example")), ..straight(number, SUBJECTS[1], FORGER) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signature_of_the_own_domain_is_checked() {
    let (own, unpublished) = (Key::new("k1"), Key::new("gone"));
    let records = [
        spf("example.org", "v=spf1 -all"),
        REPORTERS.to_owned(),
        own.record(),
        "txt-record=odd._domainkey.example.org,\"v=DKIM1; p=AAAA\"".to_owned(),
    ];
    let server = NameServer::start(&records).await.expect("a name server");
    let now = date::now() - 600;
    let signed = |number: u32, key: &Key, covered: &[&str]| {
        let mut original = with_id(number);
        let fields = signed_fields(&original, now);
        let more = if covered.len() > ALL.len() { "List-Id: <notes.example.org>\r\n" } else { "" };
        original.signature = key.sign(&[fields.as_str(), more].concat(), covered);
        original
    };
    let copied = |number: u32| Original { signature: signed(99, &own, &ALL).signature, ..with_id(number) };
    let mut with_length = with_id(10);
    with_length.signature = own.sign_with(&signed_fields(&with_length, now), &ALL, true);
    assert!(with_length.signature.contains("l="), "a length is signed: {}", with_length.signature);
    let mut many = copied(5);
    many.signature = many.signature.repeat(50);
    let odd = Key { selector: "odd", ..Key::new("odd") };
    let cases = [
        (
            signed(1, &own, &ALL),
            "INBOX",
            "misused",
            "the user's server signed it: somebody else may use the account",
        ),
        (with_length, "INBOX", "misused", "how much of the body is signed says nothing of which mail it was"),
        (copied(2), "Never Sent", "", "the signature of another mail is none"),
        (signed(3, &unpublished, &ALL), "INBOX", "waiting", "without a key nothing is known of it"),
        (signed(4, &own, &ALL[..2]), "INBOX", "waiting", "it says nothing of which mail was sent"),
        (many, "INBOX", "waiting", "not all of fifty are checked"),
        (signed(6, &odd, &ALL), "INBOX", "waiting", "a key that is none"),
        (
            Original { id: Some("0102x9@eu-west-1.amazonses.com".to_owned()), ..copied(9) },
            "Never Sent",
            "",
            "once the signature is known to be forged, SPF is asked, and shows it though such ids are written over others",
        ),
        (signed(7, &own, &WITH_MORE), "INBOX", "waiting", "not all that it covers came back"),
        (
            copied(8).with(format!("X-Other: {}\r\n", "y".repeat(70_000))),
            "INBOX",
            "waiting",
            "too long a header",
        ),
    ];
    let rig = asking(server.lookups());
    let mails: Vec<Mail> = cases.iter().map(|(original, ..)| bounce(original, now)).collect();
    rig.server.put("INBOX", mails.clone()).expect("they come in");
    let summary = rig.once().await.expect("a run succeeds");
    let places = places(&rig, &mails).await;
    for ((_, expected, _, why), place) in cases.iter().zip(&places) {
        assert_eq!(place, expected, "{why}: {summary:?}");
    }
    let rules = rules_of_the_undecided(&rig).await;
    for (original, place, rule, why) in &cases {
        let found = rules.get(&to(original.number)).map(String::as_str);
        assert_eq!(found, Some(*rule).filter(|_| *place == "INBOX"), "{why}");
    }
}
