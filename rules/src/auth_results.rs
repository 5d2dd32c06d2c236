//! What a receiving server says of where a mail came from: Authentication-Results (RFC 8601).

use serde::{Deserialize, Serialize};

use crate::address::registrable;

/// A field is read up to so many bytes.
const MAX_FIELD: usize = 8_000;
/// Methods read of one field.
const MAX_METHODS: usize = 50;
/// Domains kept of one field.
const MAX_DOMAINS: usize = 5;
/// A domain is at most this long (RFC 1035 §2.3.4).
const MAX_DOMAIN: usize = 255;

/// What one server found out about a mail that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthResults {
    /// The server that says so, in lower case; none where it does not name itself, as Exchange Online.
    pub by: Option<String>,
    /// The domains that the mail came from, by DKIM, SPF or DMARC, in lower case.
    pub passed: Vec<String>,
    /// The domains whose DKIM signatures verify, in lower case, each with the selector where it is named.
    #[serde(default)]
    pub signed: Vec<(String, Option<String>)>,
    /// Whether the mail fails what the domain in its From asks of mail in its name (DMARC).
    pub failed: bool,
}

impl AuthResults {
    /// Reads the value of an Authentication-Results field; what is odd in it is left out.
    #[must_use]
    pub fn read(value: &str) -> Self {
        let value = value.get(..value.floor_char_boundary(MAX_FIELD)).unwrap_or(value);
        let value = without_comments(value).to_lowercase();
        let mut results = Self::default();
        for (at, part) in value.split(';').take(MAX_METHODS).enumerate() {
            let mut words = part.split_whitespace();
            let Some(first) = words.next() else { continue };
            match first.split_once('=') {
                Some((method, result)) => results.add(method, result, words),
                None if at == 0 => results.by = Some(cut(first)),
                None => {}
            }
        }
        results
    }

    /// Whether a server of one of these houses says so, which has the mailbox: its own servers, and the one that wrote the
    /// topmost Received line. Anybody can write such a field (RFC 8601 §5).
    #[must_use]
    pub fn is_by_house<'n>(
        &self,
        own_servers: impl Iterator<Item = &'n str>,
        topmost: Option<&'n str>,
    ) -> bool {
        let house = |name: &str| registrable(name.trim().trim_end_matches('.'));
        match &self.by {
            Some(by) => own_servers.chain(topmost).any(|name| house(name) == house(by)),
            // Exchange Online does not name itself.
            None => topmost.is_some_and(|name| house(name) == "outlook.com"),
        }
    }

    fn add<'t>(&mut self, method: &str, result: &str, properties: impl Iterator<Item = &'t str>) {
        // A method may bear its version: `dkim/1=pass`.
        let method = method.split('/').next().unwrap_or_default();
        let names: &[&str] = match method {
            "dkim" => &["header.d", "header.i"],
            "spf" => &["smtp.mailfrom", "smtp.helo"],
            "dmarc" => &["header.from"],
            _ => return,
        };
        self.failed |= method == "dmarc" && result == "fail";
        if result != "pass" {
            return;
        }
        let named: Vec<(&str, &str)> = properties.filter_map(|property| property.split_once('=')).collect();
        if method == "dkim" && self.signed.len() < MAX_DOMAINS {
            let of = |wanted: &str| named.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
            let domain = of("header.d").or_else(|| of("header.i")?.rsplit('@').next());
            self.signed.extend(domain.map(|domain| (cut(domain), of("header.s").map(cut))));
        }
        for (_, value) in named.into_iter().filter(|(name, _)| names.contains(name)) {
            let domain = value.trim_matches(['"', '<', '>']).rsplit('@').next().unwrap_or_default();
            let domain = cut(domain);
            if domain.contains('.') && self.passed.len() < MAX_DOMAINS && !self.passed.contains(&domain) {
                self.passed.push(domain);
            }
        }
    }
}

fn cut(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MAX_DOMAIN).collect()
}

/// A value without its comments (RFC 5322 §3.2.2); what stands in quotation marks is none.
fn without_comments(value: &str) -> String {
    let (mut kept, mut depth, mut quoted) = (String::with_capacity(value.len()), 0_u32, false);
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let escaped = characters.next();
                if depth == 0 {
                    kept.extend(escaped);
                }
            }
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => depth -= 1,
            // A semicolon within quotation marks ends nothing.
            ';' if quoted => {}
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_servers_are_read() {
        type Case = (&'static str, Option<&'static str>, &'static [&'static str], bool);
        let cases: [Case; 9] = [
            (
                "mx.google.com; dkim=pass header.i=@googlemail.com header.s=20230601 header.b=AbC=; spf=pass (google.com: \
                 best guess record for domain of postmaster@mail-1.google.com; designates 192.0.2.7) \
                 smtp.helo=mail-1.google.com; dmarc=pass (p=QUARANTINE sp=QUARANTINE dis=NONE) header.from=googlemail.com",
                Some("mx.google.com"),
                &["googlemail.com", "mail-1.google.com"],
                false,
            ),
            (
                "spf=none (sender IP is 192.0.2.7) smtp.helo=mx.shop.example; dkim=none (message not signed) \
                 header.d=none;dmarc=fail action=quarantine header.from=bank.example;compauth=fail reason=001",
                None,
                &[],
                true,
            ),
            ("mail.example.org 1; none", Some("mail.example.org"), &[], false),
            (
                "mail.example.org; dkim/1=pass header.d=Shop.Example",
                Some("mail.example.org"),
                &["shop.example"],
                false,
            ),
            (
                "mail.example.org; spf=pass smtp.mailfrom=\"a;b\"@shop.example",
                Some("mail.example.org"),
                &["shop.example"],
                false,
            ),
            ("mail.example.org; dkim=fail header.d=shop.example", Some("mail.example.org"), &[], false),
            ("mail.example.org (dkim=pass header.d=shop.example)", Some("mail.example.org"), &[], false),
            ("", None, &[], false),
            (";;=;(((", None, &[], false),
        ];
        for (value, by, passed, failed) in cases {
            let read = AuthResults::read(value);
            let found: Vec<&str> = read.passed.iter().map(String::as_str).collect();
            assert_eq!((read.by.as_deref(), found.as_slice(), read.failed), (by, passed, failed), "{value}");
        }
        let read = AuthResults::read(cases[0].0);
        let signed = [("googlemail.com".to_owned(), Some("20230601".to_owned()))];
        assert_eq!(read.signed, signed, "the signature by itself, with its selector");
    }
}
