//! Reports: from quarantine to real mail servers, each at most once, each the notice's own octets; SpamCop's answers to them;
//! complaints to whoever answers for a network.

mod answers;
mod automatic;
mod complaints;
mod killed;
mod many;
mod never;
mod sending;

use agent::api::ReportView;
use it::chasquid::{PASSWORD, USER};
use it::{Chasquid, Dovecot, Mail, MailServer, Options, Rig, date};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::storm::{Returned, returned, rig_with};

pub(super) const CODE: &str = "submit.AbCdEfGh12345678@spam.spamcop.net";

/// A bounce of a forged mail that a server sent from its own address.
pub(super) fn bounce(number: u32, address: &str, when: i64) -> Mail {
    let original = Returned {
        id: Some(format!("{number}.forged@botnet.example")),
        subject: "An offer to read",
        to: format!("nobody{number}@shop.example"),
        from: format!("unknown ([203.0.113.{}])", number % 250 + 1),
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

/// The same mail with something else in one place.
pub(super) fn altered(mail: &Mail, what: &str, with: &str) -> Mail {
    let text = String::from_utf8_lossy(&mail.bytes).into_owned();
    assert!(text.contains(what), "{what} in {text}");
    Mail::new(text.replacen(what, with, 1).into_bytes(), mail.internal_date)
}

/// An account on Dovecot that sends by a server, and reports if it is told to.
pub(super) fn reporting(server: &Chasquid, from_the_beginning: bool, more: &str) -> Rig {
    sending_by(server.smtp_toml(from_the_beginning), more)
}

pub(super) fn sending_by(smtp: String, more: &str) -> Rig {
    on_mailbox(mailbox(), smtp, more)
}

/// A mailbox that has one name with the mail servers, as providers have it.
pub(super) fn mailbox() -> Dovecot {
    let (login, password) = (Some(USER.to_owned()), PASSWORD.to_owned());
    let setup = it::dovecot::Setup { login, password, ..Default::default() };
    Dovecot::start(setup).expect("Dovecot starts")
}

/// An account with this mailbox that sends by a server.
pub(super) fn on_mailbox(mailbox: Dovecot, smtp: String, more: &str) -> Rig {
    reporting_rig(MailServer::Dovecot(mailbox), smtp, more)
}

/// An account on a server that reports if it is told to; `more`: lines for `[spamcop]` and what follows it.
pub(super) fn reporting_rig(mailbox: MailServer, smtp: String, more: &str) -> Rig {
    reporting_as("ask", mailbox, smtp, more)
}

/// An account that reports when it is told to, or by itself.
pub(super) fn reporting_as(mode: &str, mailbox: MailServer, smtp: String, more: &str) -> Rig {
    let lookups = format!(
        "dkim_spf = false\n[spamcop]\nmode = \"{mode}\"\naddress = {{ command = \"echo {CODE}\" }}\n{more}"
    );
    rig_with(mailbox, &Options { grace: "0s", more: smtp, lookups, ..Options::default() })
}

pub(super) async fn run(rig: &Rig, arguments: &[&str]) -> (Option<i32>, String) {
    let output = rig.program(arguments).output().await.expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout) + &text(output.stderr))
}

pub(super) async fn reports(rig: &Rig) -> Vec<ReportView> {
    let (_, list) = run(rig, &["reports", "list", "--json"]).await;
    list.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The name of the record of a mail in quarantine, by whom its original was for.
pub(super) async fn record_of(rig: &Rig, to: &str) -> String {
    let (_, list) = run(rig, &["quarantine", "list", "--state", "quarantined", "--json"]).await;
    let mut lines = list.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let found = lines.find(|line| line["original"]["to"][0] == to).expect("it is in quarantine");
    found["id"].as_str().expect("a name").to_owned()
}

/// What a mail server says that never answers.
pub(super) const NEVER: &str = "never";

/// A mail server that answers each command as told, for one client after the other. An empty answer ends the connection.
pub(super) async fn answering(answers: &'static [(&'static str, &'static str)]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let _ = write.write_all(b"220 mx\r\n").await;
            let mut in_data = false;
            while let Ok(Some(line)) = lines.next_line().await {
                let command = if in_data { if line == "." { "." } else { continue } } else { line.as_str() };
                let told = answers.iter().find(|(wanted, _)| command.starts_with(wanted));
                let usual = match command.split(' ').next().unwrap_or_default() {
                    "EHLO" => "250-mx\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                    "AUTH" => "235 ok",
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 ok",
                };
                let answer = told.map_or(usual, |(_, answer)| answer);
                if answer.is_empty() {
                    break;
                }
                if answer == NEVER {
                    std::future::pending::<()>().await;
                }
                in_data = answer.starts_with("354");
                if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    port
}
