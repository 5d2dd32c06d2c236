//! What a server offers, and where it keeps the user's own folders.

use std::collections::BTreeSet;

use async_imap::imap_proto::{Capability, Outcome, Response, ResponseCode};

use super::command::Command;
use super::wire::{Said, Wire};
use super::{Connection, ImapError};

/// What a server offers after sign-in (it often offers more than before; Exchange shows MOVE only then).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(BTreeSet<String>);

/// What RFC 9051 made part of the protocol itself.
const REV2: [&str; 11] = [
    "ENABLE",
    "ESEARCH",
    "IDLE",
    "LIST-EXTENDED",
    "LIST-STATUS",
    "LITERAL-",
    "MOVE",
    "NAMESPACE",
    "SASL-IR",
    "SPECIAL-USE",
    "UIDPLUS",
];

impl Capabilities {
    /// Whether the server offers a capability, written as in CAPABILITY, such as `MOVE` or `AUTH=PLAIN`.
    #[must_use]
    pub fn has(&self, capability: &str) -> bool {
        let capability = capability.to_ascii_uppercase();
        self.0.contains(&capability) || (self.0.contains("IMAP4REV2") && REV2.contains(&capability.as_str()))
    }

    /// All capabilities as the server wrote them, in upper case.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Takes the capabilities that a response tells, if it tells them.
    pub(super) fn from_response(said: &Said<'_>) -> Option<Self> {
        match said {
            Said::Response(
                Response::Capabilities(list)
                | Response::Data {
                    outcome: Outcome { code: Some(ResponseCode::Capabilities(list)), .. }, ..
                }
                | Response::Done {
                    outcome: Outcome { code: Some(ResponseCode::Capabilities(list)), .. }, ..
                },
            ) => Some(Self(list.iter().map(name).collect())),
            // imap-proto 0.17 refuses a list without IMAP4rev1; a server of RFC 9051 alone has none.
            Said::Unreadable(line) => {
                let line = std::str::from_utf8(line).ok()?.to_ascii_uppercase();
                let list = line.strip_prefix("* CAPABILITY ")?;
                Some(Self(list.split_ascii_whitespace().map(str::to_owned).collect()))
            }
            Said::Response(_) => None,
        }
    }

    /// Asks for the capabilities.
    pub(super) async fn ask(wire: &mut Wire) -> Result<Self, ImapError> {
        let mut told = None;
        wire.run(&Command::new("CAPABILITY"), &mut |said| {
            told = Self::from_response(&said).or_else(|| told.take());
        })
        .await?;
        told.ok_or(ImapError::NotTold { what: "what it offers" })
    }
}

fn name(capability: &Capability<'_>) -> String {
    match capability {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
        Capability::Atom(atom) => atom.to_ascii_uppercase(),
    }
}

/// Where the user's own folders are (RFC 2342): Courier and some Cyrus servers want `INBOX.` before every name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// Stands before the name of every new folder, in the server's spelling; often empty.
    pub prefix: String,
    /// Stands between a folder and those in it; `None` where there are none in any.
    pub delimiter: Option<char>,
}

impl Namespace {
    /// The first personal namespace of a `* NAMESPACE` line.
    fn from_line(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (command, rest) = line.strip_prefix("* ")?.split_once(' ')?;
        if !command.eq_ignore_ascii_case("NAMESPACE") {
            return None;
        }
        let (prefix, rest) = quoted(rest.strip_prefix("((")?)?;
        let rest = rest.strip_prefix(' ')?;
        let delimiter = quoted(rest).and_then(|(delimiter, _)| delimiter.chars().next());
        Some(Self { prefix, delimiter })
    }
}

/// A quoted string at the start of a text, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut out = String::new();
    loop {
        match chars.next()? {
            '"' => return Some((out, chars.as_str())),
            '\\' => out.push(chars.next()?),
            plain => out.push(plain),
        }
    }
}

impl Connection {
    /// What the server offers.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Where the user's own folders are; empty prefix and no delimiter where the server does not tell.
    #[must_use]
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// Tells the server who we are, and asks for the namespace: 163.com and others refuse SELECT without ID.
    pub(super) async fn introduce(&mut self) -> Result<(), ImapError> {
        if self.capabilities.has("ID") {
            let id = Command::new("ID")
                .arg("(\"name\" \"Neversent\" \"version\" \"")
                .more(env!("CARGO_PKG_VERSION"))
                .more("\")");
            unless_refused(self.wire.run(&id, &mut |_| {}).await)?;
        }
        if self.capabilities.has("NAMESPACE") {
            let mut told = None;
            let answer = self
                .wire
                .run(&Command::new("NAMESPACE"), &mut |said| {
                    if let Said::Unreadable(line) = said {
                        told = Namespace::from_line(line).or_else(|| told.take());
                    }
                })
                .await;
            unless_refused(answer)?;
            self.namespace = told.unwrap_or_default();
        }
        Ok(())
    }
}

/// Success also where the server refused: what was asked is of use, not needed.
pub(super) fn unless_refused(answer: Result<(), ImapError>) -> Result<(), ImapError> {
    match answer {
        Err(ImapError::Refused { .. }) => Ok(()),
        answer => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_personal_namespace_is_found() {
        let cases = [
            ("* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n", Some(("INBOX.", Some('.')))),
            ("* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\"))\r\n", Some(("", Some('/')))),
            ("* namespace ((\"\" NIL)) NIL NIL\r\n", Some(("", None))),
            ("* NAMESPACE ((\"a\\\\b\\\\\" \"\\\\\")) NIL NIL\r\n", Some(("a\\b\\", Some('\\')))),
            ("* NAMESPACE NIL NIL NIL\r\n", None),
            ("* NAMESPACE ((\"cut\r\n", None),
            ("* XFOO\r\n", None),
        ];
        for (line, expected) in cases {
            let expected =
                expected.map(|(prefix, delimiter)| Namespace { prefix: prefix.to_owned(), delimiter });
            assert_eq!(Namespace::from_line(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn a_server_of_the_second_revision_has_what_it_includes() {
        let told = Capabilities::from_response(&Said::Unreadable(b"* CAPABILITY IMAP4rev2 AUTH=PLAIN\r\n"));
        let told = told.expect("the list is read though imap-proto can't");
        assert!(told.has("MOVE") && told.has("auth=plain"), "MOVE is part of RFC 9051");
        assert!(!told.has("QUOTA"), "QUOTA is not");
    }
}
