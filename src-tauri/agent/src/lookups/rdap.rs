//! Whom to write to about a network, as the registry that gave it out tells (RDAP, RFC 9082 and 9083). Which registry that is
//! stands in IANA's lists (RFC 9224).

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use reqwest::{Client, Url, redirect};
use rules::Address;
use serde::Deserialize;
use serde_json::Value;

use crate::imap::platform_tls;

/// IANA's lists.
const IANA: &str = "https://data.iana.org/rdap/";
/// All that one look-up may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// More is not read of an answer, in octets; the lists have some 20,000.
const MAX_ANSWER: usize = 1 << 20;
/// Registries hand on to others so often at most.
const MAX_HANDED_ON: usize = 5;
/// Contacts of one network that are shown.
const MAX_CONTACTS: usize = 5;
/// How deep contacts within contacts are looked for.
const MAX_DEPTH: u8 = 4;

/// Why a contact could not be asked for, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskFailed(pub String);

/// The way to the registries of networks.
#[derive(Clone, Debug)]
pub struct Registries {
    lists: String,
}

impl Registries {
    /// Whether a registry on this computer is meant, which no other leads to.
    fn are_local(&self) -> bool {
        Url::from_str(&self.lists).is_ok_and(|url| is_local(&url))
    }

    /// By the lists at this place; IANA's where there is none. Nothing is asked yet.
    #[must_use]
    pub fn new(lists: Option<&str>) -> Self {
        Self { lists: lists.unwrap_or(IANA).to_owned() }
    }

    /// Whom to write to about abuse from the network of an address.
    ///
    /// # Errors
    /// A list or the registry cannot be reached, or answers something else.
    pub async fn abuse_contacts(&self, address: IpAddr) -> Result<Vec<Address>, AskFailed> {
        let failed =
            |why: String| AskFailed(format!("The registry of the network could not be asked: {why}"));
        let asked = async {
            let (address, local) = (address.to_canonical(), self.are_local());
            let client = client(local).await?;
            let lists = url(&self.lists, local)?;
            let list = lists.join(if address.is_ipv4() { "ipv4.json" } else { "ipv6.json" });
            let list = list.map_err(|error| error.to_string())?;
            let list: List = serde_json::from_slice(&get(&client, list).await?)
                .map_err(|_| "the list of registries cannot be read".to_owned())?;
            let base = list.registry_of(address).ok_or("no registry answers for this address")?;
            let ip = url(&base, local)?.join(&format!("ip/{address}")).map_err(|error| error.to_string())?;
            let answer: Value = serde_json::from_slice(&get(&client, ip).await?)
                .map_err(|_| "its answer cannot be read".to_owned())?;
            Ok::<_, String>(contacts_in(&answer))
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(found) => found.map_err(failed),
            Err(_) => Err(failed("it does not answer".to_owned())),
        }
    }
}

async fn client(local: bool) -> Result<Client, String> {
    let tls = platform_tls().await.map_err(|error| error.to_string())?;
    let handed_on = redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > MAX_HANDED_ON {
            attempt.error("it hands on to others again and again")
        } else if !is_safe(attempt.url(), local) {
            attempt.error("it hands on to a place that is not reached over TLS")
        } else {
            attempt.follow()
        }
    });
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(handed_on)
        .user_agent(concat!("Neversent/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| error.to_string())
}

fn is_local(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Only over TLS and to others; to this computer if the user named it.
fn is_safe(url: &Url, local: bool) -> bool {
    if is_local(url) { local && matches!(url.scheme(), "http" | "https") } else { url.scheme() == "https" }
}

fn url(text: &str, local: bool) -> Result<Url, String> {
    // What the last part names is a folder, in the lists of some registries without its slash.
    let text = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    let url = Url::from_str(&text).map_err(|_| format!("{text} is no address of a registry"))?;
    if is_safe(&url, local) { Ok(url) } else { Err(format!("{text} is not reached over TLS")) }
}

async fn get(client: &Client, url: Url) -> Result<Vec<u8>, String> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let failed = |error: reqwest::Error| {
        let error = error.without_url();
        let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})")).unwrap_or_default();
        format!("{host}: {error}{cause}")
    };
    let accepted = "application/rdap+json, application/json";
    let asked = client.get(url).header(reqwest::header::ACCEPT, accepted).send().await;
    let mut answer = asked.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    let mut octets = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        octets.extend_from_slice(&chunk);
        if octets.len() > MAX_ANSWER {
            return Err(format!("{host}: its answer is too long"));
        }
    }
    Ok(octets)
}

/// A list of registries: for each its networks, and where it answers (RFC 9224 §3).
#[derive(Deserialize)]
struct List {
    services: Vec<(Vec<String>, Vec<String>)>,
}

impl List {
    /// Where the registry answers that has the smallest network with an address in it (RFC 9224 §5).
    fn registry_of(&self, address: IpAddr) -> Option<String> {
        let mut best: Option<(u8, &String)> = None;
        for (networks, places) in &self.services {
            let longest = networks.iter().filter_map(|network| holds(network, address)).max();
            let place = places.iter().find(|place| place.starts_with("https:")).or_else(|| places.first());
            if let Some((length, place)) = longest.zip(place)
                && best.is_none_or(|(known, _)| length > known)
            {
                best = Some((length, place));
            }
        }
        best.map(|(_, place)| place.clone())
    }
}

/// The length of a network's prefix, if an address is in it.
fn holds(network: &str, address: IpAddr) -> Option<u8> {
    let (first, length) = network.split_once('/')?;
    let length: u8 = length.parse().ok()?;
    let same = match (first.parse().ok()?, address.to_canonical()) {
        (IpAddr::V4(first), IpAddr::V4(address)) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(length.into())?).unwrap_or(0);
            first.to_bits() & mask == address.to_bits() & mask
        }
        (IpAddr::V6(first), IpAddr::V6(address)) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(length.into())?).unwrap_or(0);
            first.to_bits() & mask == address.to_bits() & mask
        }
        _ => false,
    };
    same.then_some(length)
}

/// The addresses of those who answer for abuse, wherever they stand (RFC 9083 §5.1, RFC 7095 §3).
fn contacts_in(answer: &Value) -> Vec<Address> {
    let mut contacts = Vec::new();
    collect(answer, MAX_DEPTH, &mut contacts);
    contacts
}

fn collect(of: &Value, depth: u8, contacts: &mut Vec<Address>) {
    for entity in of.get("entities").and_then(Value::as_array).into_iter().flatten() {
        let roles = entity.get("roles").and_then(Value::as_array).into_iter().flatten();
        if roles.filter_map(Value::as_str).any(|role| role.eq_ignore_ascii_case("abuse")) {
            let card = entity.get("vcardArray").and_then(|card| card.get(1)).and_then(Value::as_array);
            for line in card.into_iter().flatten().filter_map(Value::as_array) {
                let is_email = line.first().and_then(Value::as_str).is_some_and(|name| name == "email");
                let address = line.get(3).and_then(Value::as_str).filter(|_| is_email).and_then(Address::new);
                let new =
                    address.filter(|address| contacts.len() < MAX_CONTACTS && !contacts.contains(address));
                contacts.extend(new);
            }
        }
        if depth > 0 {
            collect(entity, depth - 1, contacts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_network_decides_who_answers() {
        let list: List = serde_json::from_str(
            r#"{"services":[[["192.0.0.0/8"],["https://big.example/rdap/"]],
            [["192.0.2.0/24","198.51.100.0/24"],["http://small.example/","https://small.example/rdap"]],
            [["2001:db8::/32"],["https://six.example/"]], [["bad","1.2.3.4/99"],["https://none.example/"]]]}"#,
        )
        .expect("a list");
        for (address, expected) in [
            ("192.0.2.7", Some("https://small.example/rdap")),
            ("192.9.9.9", Some("https://big.example/rdap/")),
            ("::ffff:192.9.9.9", Some("https://big.example/rdap/")),
            ("2001:db8:1::1", Some("https://six.example/")),
            ("203.0.113.1", None),
            ("2001:db9::1", None),
        ] {
            let found = list.registry_of(address.parse().expect("an address"));
            assert_eq!(found.as_deref(), expected, "{address}");
        }
        assert_eq!(holds("0.0.0.0/0", "9.9.9.9".parse().expect("an address")), Some(0), "the whole of it");
    }

    #[test]
    fn only_who_answers_for_abuse_is_a_contact() {
        let answer: Value = serde_json::from_str(
            r#"{"entities":[
            {"roles":["registrant"],"vcardArray":["vcard",[["email",{},"text","owner@net.example"]]],
             "entities":[{"roles":["technical","Abuse"],
              "vcardArray":["vcard",[["fn",{},"text","Desk"],["email",{},"text","abuse@net.example"],
              ["email",{},"text","abuse@net.example"],["email",{},"text","no address"],["email"]]]}]},
            {"roles":["abuse"]}, {"roles":"abuse"}, 7]}"#,
        )
        .expect("JSON");
        let found: Vec<String> = contacts_in(&answer).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["abuse@net.example"], "once, wherever it stands");
        assert!(contacts_in(&Value::Null).is_empty(), "nothing in nothing");
    }

    #[test]
    fn nothing_is_asked_in_clear_but_here() {
        let found = url("https://rdap.example/x", false);
        assert!(found.is_ok_and(|url| url.as_str() == "https://rdap.example/x/"), "a folder");
        assert!(url("http://127.0.0.1:8080/", true).is_ok(), "this computer, where the user named it");
        for text in [
            "http://127.0.0.1:8080/",
            "https://localhost/",
            "http://rdap.example/",
            "ftp://rdap.example/",
            "",
        ] {
            assert!(url(text, false).is_err(), "{text}");
        }
        assert!(url("http://rdap.example/", true).is_err(), "no other");
    }
}
