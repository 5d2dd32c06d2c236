//! What the network says of the hosts behind notices: names and a list, asked where the user lets us, shown and no proof.

use agent::api::RecordState;
use it::{Mail, NameServer, Options, Rig, date};
use serde_json::Value;

use super::clean_up::double;
use super::storm::{Returned, returned, rig_with};

/// The bounce of a forged mail that a server sent from its own address.
fn bounce(number: u32, address: &str, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "An offer to read",
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.0.113.{number}])"),
    };
    let mail = returned(number, &original, when);
    let text = String::from_utf8_lossy(&mail.bytes).into_owned();
    let host = format!("mx{number}.shop.example");
    let received = format!(
        "\r\nReceived: from {host} ({host} [{address}]) by mx.example.org with ESMTP; {}\r\nDate: ",
        date::header(when, 0)
    );
    Mail::new(text.replacen("\r\nDate: ", &received, 1).into_bytes(), when)
}

fn records() -> Vec<String> {
    [
        "host-record=mail.shop.example,192.0.2.1",
        "ptr-record=1.2.0.192.in-addr.arpa,mail.shop.example",
        // An address that calls itself by a name that is not its own.
        "ptr-record=2.2.0.192.in-addr.arpa,www.bank.example",
        "host-record=www.bank.example,198.51.100.80",
        "ptr-record=1.113.0.203.in-addr.arpa,dsl.isp.example",
        "host-record=dsl.isp.example,203.0.113.1",
        "host-record=1.2.0.192.ips.backscatterer.org,127.0.0.2",
        "host-record=5.2.0.192.ips.backscatterer.org,127.0.0.2",
        // The lie of one that answers everything.
        "host-record=4.2.0.192.ips.backscatterer.org,192.0.2.200",
    ]
    .map(str::to_owned)
    .to_vec()
}

const TABLE: &str = "192.0.2.0\t192.0.2.2\t64500\tDE\tSHOP-NET\n203.0.113.0\t203.0.113.255\t64501\tFR\tDSL\n";

async fn lines(rig: &Rig, arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let output = rig.program(arguments).output().await.expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (output.status.code(), lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn of<'v>(sources: &'v [Value], ip: &str) -> &'v Value {
    sources.iter().find(|source| source["ip"] == ip).expect("a source")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_listings_and_networks_are_shown() {
    let server = NameServer::start(&records()).await.expect("a name server");
    let folder = tempfile::tempdir().expect("a folder");
    let table = folder.path().join("ip2asn.tsv");
    std::fs::write(&table, TABLE).expect("a table");
    let lookups =
        format!("{}\nhost_names = true\nbackscatterer = true\nasn_table = {table:?}", server.lookups());
    let rig = rig_with(double(), &Options { grace: "0s", lookups, ..Options::default() });
    let now = date::now() - 600;
    let mut mails: Vec<Mail> =
        (1..=4).map(|number| bounce(number, &format!("192.0.2.{number}"), now)).collect();
    // Such lists are asked of mail with a null sender alone.
    let other = bounce(5, "192.0.2.5", now);
    let text = String::from_utf8_lossy(&other.bytes)
        .replace("Return-Path: <>", "Return-Path: <mailer@shop.example>");
    mails.push(Mail::new(text.into_bytes(), now));
    rig.server.put("INBOX", mails).expect("they come in");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, 5, "what the network says decides nothing: {summary:?}");
    let (code, sources, _) = lines(&rig, &["sources", "--json"]).await;
    assert_eq!(code, Some(0), "all is told");
    for (ip, host, listed, network) in [
        ("192.0.2.1", Some("mail.shop.example"), Some(true), Some(64500)),
        ("192.0.2.2", None, Some(false), Some(64500)),
        ("192.0.2.3", None, Some(false), None),
        ("192.0.2.4", None, None, None),
        ("192.0.2.5", None, None, None),
        ("203.0.113.1", Some("dsl.isp.example"), None, Some(64501)),
    ] {
        let source = of(&sources, ip);
        let told = (source["host"].as_str(), source["listed"].as_bool(), source["network"]["asn"].as_u64());
        assert_eq!(told, (host, listed, network), "{ip}: {source}");
    }
    let running = rig.engine().await.expect("the engine opens");
    let records = running.records(RecordState::Quarantined).await.expect("a list");
    drop(running);
    let mut hints = Vec::new();
    for record in records {
        let (_, shown, _) = lines(&rig, &["quarantine", "show", &record.id.0, "--json"]).await;
        let evidence = shown[0]["evidence"].as_array().expect("evidence").clone();
        let told = |rule: &str| evidence.iter().filter(|fact| fact["rule"] == rule).count();
        hints.push((told("host_name"), told("backscatterer")));
    }
    hints.sort_unstable();
    assert_eq!(hints.last(), Some(&(1, 1)), "the one whose server is named and listed says so");
    assert_eq!(hints.iter().filter(|hint| **hint != (0, 0)).count(), 1, "and no other: {hints:?}");
    std::fs::write(&table, "what is this\n").expect("another table");
    let (code, sources, error) = lines(&rig, &["sources", "--json"]).await;
    assert_eq!(code, Some(1), "a table that cannot be used is told: {error}");
    assert!(error.contains("asn_table") && of(&sources, "192.0.2.1")["network"].is_null(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_where_it_is_not_allowed() {
    let (name, list) = ("1.2.0.192.in-addr.arpa", "1.2.0.192.ips.backscatterer.org");
    for (host_names, backscatterer) in [(false, false), (true, false), (false, true)] {
        let server = NameServer::start(&records()).await.expect("a name server");
        let lookups = format!(
            "{}\nhost_names = {host_names}\nbackscatterer = {backscatterer}",
            server.lookups().replace("dkim_spf = true", "dkim_spf = false")
        );
        let rig = rig_with(double(), &Options { grace: "0s", lookups, ..Options::default() });
        rig.server.put("INBOX", [bounce(1, "192.0.2.1", date::now() - 600)]).expect("it comes in");
        rig.once().await.expect("a run succeeds");
        let asked = (server.was_asked(name), server.was_asked(list));
        assert_eq!(asked, (host_names, backscatterer), "each switch by itself");
        let (_, sources, _) = lines(&rig, &["sources", "--json"]).await;
        let source = of(&sources, "192.0.2.1");
        let shown = (source["host"].is_string(), source["listed"].is_boolean());
        assert_eq!(shown, (host_names, backscatterer), "{source}");
        // What was asked once is not shown any more where it may not be asked.
        rig.configure(&Options { grace: "0s", ..Options::default() }).expect("another configuration");
        let (_, sources, _) = lines(&rig, &["sources", "--json"]).await;
        let source = of(&sources, "192.0.2.1");
        assert!(source["host"].is_null() && source["listed"].is_null(), "{source}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_refuses_the_name_server_says_nothing() {
    let refusal = "host-record=1.2.0.192.ips.backscatterer.org,127.255.255.254".to_owned();
    let server = NameServer::start(&[refusal]).await.expect("a name server");
    let lookups = format!("{}\nbackscatterer = true", server.lookups());
    let rig = rig_with(double(), &Options { grace: "0s", lookups, ..Options::default() });
    rig.server.put("INBOX", [bounce(1, "192.0.2.1", date::now() - 600)]).expect("it comes in");
    rig.once().await.expect("a run succeeds");
    assert!(server.was_asked("1.2.0.192.ips.backscatterer.org"), "it was asked");
    let (_, sources, _) = lines(&rig, &["sources", "--json"]).await;
    assert!(of(&sources, "192.0.2.1")["listed"].is_null(), "a refusal is neither yes nor no");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn such_a_list_is_asked_of_mail_with_a_null_sender_alone() {
    let server = NameServer::start(&records()).await.expect("a name server");
    let lookups = format!("{}\nbackscatterer = true", server.lookups());
    let rig = rig_with(double(), &Options { grace: "0s", lookups, ..Options::default() });
    let mail = bounce(5, "192.0.2.5", date::now() - 600);
    let text =
        String::from_utf8_lossy(&mail.bytes).replace("Return-Path: <>", "Return-Path: <mailer@shop.example>");
    rig.server.put("INBOX", [Mail::new(text.into_bytes(), mail.internal_date)]).expect("it comes in");
    let summary = rig.once().await.expect("a run succeeds");
    assert_eq!(summary.moved, 1, "it is backscatter all the same: {summary:?}");
    assert!(!server.was_asked("5.2.0.192.ips.backscatterer.org"), "its server is asked about nowhere");
}
