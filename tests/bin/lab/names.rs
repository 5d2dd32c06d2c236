//! A name server for the room: the few names that its mail is about, and no others.

use std::net::Ipv4Addr;

use anyhow::{Context as _, Result};
use tokio::net::UdpSocket;

const HOSTS: [(&str, [u8; 4]); 7] = [
    ("mx.receiver.example", [198, 51, 100, 25]),
    ("receiver.example", [198, 51, 100, 25]),
    ("mail.victim.example", [192, 0, 2, 25]),
    ("mail.remote.example", [192, 0, 2, 25]),
    ("mail.small.example", [192, 0, 2, 26]),
    // Nobody listens there.
    ("mail.down.example", [192, 0, 2, 99]),
    ("relay.forger.example", [203, 0, 113, 7]),
];
const EXCHANGERS: [(&str, &str); 5] = [
    ("receiver.example", "mx.receiver.example"),
    ("victim.example", "mail.victim.example"),
    ("remote.example", "mail.remote.example"),
    ("small.example", "mail.small.example"),
    ("down.example", "mail.down.example"),
];

// RFC 1035 §3.2.2 and §4.1.1.
const A: u16 = 1;
const MX: u16 = 15;
const NAME_ERROR: u8 = 3;

/// Answers until it is dropped.
///
/// # Errors
/// The port is taken.
pub async fn serve() -> Result<()> {
    let socket = UdpSocket::bind(("127.0.0.1", 53)).await.context("listen for DNS in the room")?;
    let mut packet = [0_u8; 1500];
    loop {
        let (length, asker) = socket.recv_from(&mut packet).await?;
        if let Some(answer) = packet.get(..length).and_then(answer) {
            socket.send_to(&answer, asker).await?;
        }
    }
}

/// The answer to a query with one question; none to what is not that.
fn answer(query: &[u8]) -> Option<Vec<u8>> {
    let id = query.get(..2)?;
    let question = query.get(12..)?;
    let (name, length) = read_name(question)?;
    let kind = u16::from_be_bytes(question.get(length..length + 2)?.try_into().ok()?);
    let data = match kind {
        A => HOSTS.iter().find(|host| host.0 == name).map(|host| Ipv4Addr::from(host.1).octets().to_vec()),
        MX => EXCHANGERS.iter().find(|domain| domain.0 == name).map(|domain| {
            let preference = [0, 10];
            [preference.as_slice(), &written(domain.1)].concat()
        }),
        _ => None,
    };
    let known = HOSTS.iter().any(|host| host.0 == name) || EXCHANGERS.iter().any(|domain| domain.0 == name);
    let mut answer = id.to_vec();
    // An authoritative response, recursion desired and available.
    answer.extend([0x85, 0x80 | if known { 0 } else { NAME_ERROR }]);
    answer.extend([0, 1, 0, u8::from(data.is_some()), 0, 0, 0, 0]);
    answer.extend(question.get(..length + 4)?);
    if let Some(data) = data {
        // The name by a pointer to the question, the class IN, an hour to live.
        answer.extend([0xC0, 12]);
        answer.extend(kind.to_be_bytes());
        answer.extend([0, 1, 0, 0, 0x0E, 0x10]);
        answer.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        answer.extend(data);
    }
    Some(answer)
}

/// The name at the start, in lower case, and the octets that it takes.
fn read_name(octets: &[u8]) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    let mut at = 0;
    loop {
        let length = usize::from(*octets.get(at)?);
        at += 1;
        if length == 0 {
            return Some((labels.join("."), at));
        }
        labels.push(String::from_utf8_lossy(octets.get(at..at + length)?).to_ascii_lowercase());
        at += length;
    }
}

fn written(name: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in name.split('.') {
        octets.extend(u8::try_from(label.len()));
        octets.extend(label.as_bytes());
    }
    octets.push(0);
    octets
}
