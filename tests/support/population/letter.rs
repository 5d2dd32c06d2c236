//! The form of a mail: header fields, the marks that servers add on the way, CRLF.

use super::people::{ADDRESS, MX, Person, RELAY, RELAY_IP};
use super::prng::Prng;
use crate::date;

/// Turns `\n` into CRLF.
pub fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// Encodes a header text where it needs it (RFC 2047).
pub fn words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push('_'),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("={byte:02X}")),
        }
    }
    format!("=?UTF-8?Q?{encoded}?=")
}

/// Who hands a mail to the user's server.
#[derive(Clone, Debug)]
pub struct Handover<'a> {
    /// The envelope sender; empty for notices.
    pub return_path: &'a str,
    /// The name and IP of the server that hands it over; the user's own for mail that was made there.
    pub host: &'a str,
    /// Its IP.
    pub ip: &'a str,
    /// The envelope recipient.
    pub to: &'a str,
    /// When it arrives, Unix seconds.
    pub when: i64,
}

/// Adds what the user's provider writes on top at delivery.
pub fn delivered(prng: &mut Prng, handover: &Handover<'_>, mail: &str) -> Vec<u8> {
    let Handover { return_path, host, ip, to, when } = handover;
    let (local, handed) = (prng.hex(10).to_uppercase(), prng.hex(10).to_uppercase());
    let at = date::header(*when, 120);
    let received = if *host == RELAY {
        format!("Received: by {RELAY} (Postfix)\n\tid {handed}; {at}\n")
    } else {
        format!(
            "Received: from {host} ({host} [{ip}])\n\tby {MX} (Postfix) with ESMTPS id {handed}\n\t\
             for <{to}>; {at}\n"
        )
    };
    let check = if return_path.is_empty() { "none" } else { "pass" };
    crlf(&format!(
        "Return-Path: <{return_path}>\nDelivered-To: {ADDRESS}\n\
         Received: from {MX} ([127.0.0.1])\n\tby {MX} with LMTP id {local}\n\tfor <{ADDRESS}>; {at}\n\
         Authentication-Results: {MX}; spf={check} smtp.mailfrom={return_path}; dkim=none\n{received}{mail}"
    ))
}

/// A returned message, as it lay at the server that reports it: the user's own, or a forged one.
#[derive(Clone, Debug, Default)]
pub struct Original {
    /// Header with `\n`, from the reporter's own Received line down.
    pub header: String,
    /// Body with `\n`.
    pub body: String,
    /// The Message-ID without brackets; none if it had none.
    pub id: Option<String>,
    /// The address that it could not be delivered to, or that answers.
    pub recipient: String,
    /// Subject as in the header.
    pub subject: String,
    /// When the reporting server took it, Unix seconds.
    pub arrived: i64,
}

/// The reporter's hop over a mail of the user that went through the user's own server.
pub fn own_hop(prng: &mut Prng, reporter: &Person, recipient: &str, when: i64) -> String {
    let at = date::header(when, 0);
    let submitted = format!(
        "Received: from [192.168.1.20] (dsl-77.access.example [203.0.113.77])\n\t(Authenticated sender: {ADDRESS})\n\t\
         by {RELAY} (Postfix) with ESMTPSA id {};\n\t{at}\n",
        prng.hex(9).to_uppercase()
    );
    if reporter.host == RELAY {
        return submitted;
    }
    format!(
        "Received: from {RELAY} ({RELAY} [{RELAY_IP}])\n\tby {} (Postfix) with ESMTPS id {}\n\t\
         for <{recipient}>; {at}\n{submitted}",
        reporter.host,
        prng.hex(9).to_uppercase()
    )
}

/// The user's own server as a reporter.
pub fn own_server() -> Person {
    Person {
        name: "Mail Delivery System".to_owned(),
        address: format!("MAILER-DAEMON@{RELAY}"),
        host: RELAY.to_owned(),
        ip: RELAY_IP.to_owned(),
    }
}
