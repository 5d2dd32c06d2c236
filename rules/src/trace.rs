//! Received lines (RFC 5321 §4.4), read from the top.

use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::{Address, MailDate, text};

/// A Received line is read up to so many bytes.
const MAX_LINE: usize = 4_000;
/// A host name kept is at most this long (RFC 1035 §2.3.4 allows 255 octets).
const MAX_NAME: usize = 255;

/// One Received line: who handed the mail to whom, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    /// The name the handing side gave in HELO or EHLO, in lower case.
    pub helo: Option<String>,
    /// The host name that the receiving side looked up for the handing side, in lower case.
    pub rdns: Option<String>,
    /// The handing side's address.
    pub from_ip: Option<IpAddr>,
    /// The receiving side's name, in lower case.
    pub by: Option<String>,
    /// The protocol of RFC 3848, in upper case: ESMTPSA and the like show a signed-in submission.
    pub with: Option<String>,
    /// The address in `for <…>`.
    pub for_address: Option<Address>,
    /// When it was received.
    pub date: Option<MailDate>,
}

/// A word of a Received line, or the inside of a comment.
enum Token<'t> {
    Word(&'t str),
    Comment(&'t str),
}

/// Which clause of the line is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    From,
    By,
    With,
    For,
    Other,
}

impl Hop {
    /// Reads the value of a Received field; what is odd in it is left out.
    #[must_use]
    pub fn read(value: &str) -> Self {
        let value = value.get(..value.floor_char_boundary(MAX_LINE)).unwrap_or(value);
        // The date stands behind the last semicolon; an id or a comment may hold one itself.
        let (clauses, date) = match text::rsplit_once(value, b';') {
            Some((clauses, date)) => (clauses, MailDate::read(date)),
            None => (value, None),
        };
        let mut hop = Self { date, ..Self::default() };
        let mut clause = Clause::Other;
        let mut words_in_clause = 0;
        let (mut first_word, mut first_ip) = (None, None);
        for token in tokens(clauses) {
            match token {
                Token::Word(word) => {
                    if let Some(next) =
                        keyword(word).filter(|_| clause == Clause::Other || words_in_clause > 0)
                    {
                        (clause, words_in_clause) = (next, 0);
                        continue;
                    }
                    if words_in_clause == 0 {
                        match clause {
                            Clause::From => {
                                first_ip = ip(word);
                                first_word = name(word);
                            }
                            Clause::By => hop.by = hop.by.or_else(|| name(word)),
                            Clause::With => hop.with = hop.with.or_else(|| protocol(word)),
                            Clause::For => hop.for_address = hop.for_address.or_else(|| Address::new(word)),
                            Clause::Other => {}
                        }
                    }
                    words_in_clause += 1;
                }
                Token::Comment(comment) if clause == Clause::From => hop.read_from_comment(comment),
                Token::Comment(_) => {}
            }
        }
        // An address there can be the name that was given (RFC 5321 §4.1.3); the one in the comment never is.
        hop.from_ip = hop.from_ip.or(first_ip);
        // Exim writes the looked-up name first and HELO in a comment; so does qmail. All others write HELO first.
        match (&hop.helo, first_word) {
            (Some(_), Some(word)) if word != "unknown" => hop.rdns = hop.rdns.or(Some(word)),
            // qmail writes this where it shows no HELO, and there is no name to be looked up.
            (None, word) => hop.helo = word.filter(|word| word != "unknown"),
            _ => {}
        }
        hop
    }

    fn read_from_comment(&mut self, comment: &str) {
        let mut helo_next = false;
        for (at, word) in comment.split_ascii_whitespace().take(20).enumerate() {
            let is = |known: &str| word.eq_ignore_ascii_case(known);
            if helo_next {
                helo_next = false;
                self.helo = self.helo.take().or_else(|| name(word));
            } else if let Some((_, helo)) =
                word.split_at_checked(5).filter(|(key, _)| key.eq_ignore_ascii_case("helo="))
            {
                self.helo = self.helo.take().or_else(|| name(helo));
            } else if is("helo") || is("ehlo") {
                helo_next = true;
            } else if let Some(found) = ip(word) {
                self.from_ip = self.from_ip.or(Some(found));
            } else if at == 0 && !is("unknown") && word.contains('.') && !word.contains(['=', ':']) {
                // Ident answers stand before an @ there.
                let host = word.rsplit('@').next().unwrap_or_default();
                self.rdns = self.rdns.take().or_else(|| name(host));
            }
        }
    }
}

fn keyword(word: &str) -> Option<Clause> {
    // Most words are longer.
    if word.len() > 4 {
        return None;
    }
    let known = [
        ("from", Clause::From),
        ("by", Clause::By),
        ("with", Clause::With),
        ("for", Clause::For),
        ("id", Clause::Other),
        ("via", Clause::Other),
    ];
    known.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, clause)| clause)
}

/// Tokens of a line that are read.
const MAX_TOKENS: usize = 200;

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text.trim_start();
    let next = move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inside) = rest.strip_prefix('(') {
            let mut depth = 1_usize;
            let end = inside.bytes().position(|b| {
                match b {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let end = end.unwrap_or(inside.len());
            rest = trim_start(inside.get(end + 1..).unwrap_or_default());
            Some(Token::Comment(inside.get(..end).unwrap_or_default()))
        } else {
            let ends = |b: u8| b.is_ascii_whitespace() || b == b'(';
            let end = rest.bytes().position(ends).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            rest = trim_start(rest.get(end..).unwrap_or_default());
            Some(Token::Word(word))
        }
    };
    std::iter::from_fn(next).take(MAX_TOKENS)
}

/// The text without the white space before it, which mostly is one blank.
fn trim_start(text: &str) -> &str {
    let rest = text.strip_prefix(' ').unwrap_or(text);
    if rest.as_bytes().first().is_some_and(u8::is_ascii_graphic) { rest } else { rest.trim_start() }
}

fn name(word: &str) -> Option<String> {
    let name = word.trim_matches(['<', '>', ',', ';', '"']).trim_end_matches('.');
    (!name.is_empty() && name.len() <= MAX_NAME).then(|| name.to_lowercase())
}

fn protocol(word: &str) -> Option<String> {
    let word = word.trim_matches([',', ';']);
    let known = !word.is_empty() && word.len() <= 40 && word.chars().all(|c| c.is_ascii_graphic());
    known.then(|| word.to_ascii_uppercase())
}

/// The address in a word such as `[192.0.2.1]`, `[IPv6:2001:db8::1]:25`, `192.0.2.1` or `[::ffff:192.0.2.1]`.
pub(crate) fn ip(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"'));
    let up_to = |end: u8, text: &'_ str| memchr::memchr(end, text.as_bytes()).unwrap_or(text.len());
    let inner =
        word.get(up_to(b'[', word) + 1..).map_or(word, |rest| rest.get(..up_to(b']', rest)).unwrap_or(rest));
    let bare = match inner.split_at_checked(5) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ipv6:") => rest,
        _ => inner,
    };
    // A zone (RFC 4007 §11) names an interface of the server that wrote it.
    let bare = bare.get(..up_to(b'%', bare)).unwrap_or(bare);
    // Most words that are asked about are names.
    let digit = |b: u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'[' | b']');
    if !bare.bytes().all(digit) {
        return None;
    }
    let read = match bare.parse::<IpAddr>() {
        Ok(read) => Some(read),
        Err(_) => bare.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()),
    };
    read.map(|read| match read {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(IpAddr::V6(six), IpAddr::V4),
        four => four,
    })
    .filter(|read| *read != IpAddr::V6(Ipv6Addr::UNSPECIFIED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_known_servers_are_read() {
        // helo, rdns, ip, by, with, for
        let cases = [
            (
                "from mail.example.org (host.example.net [192.0.2.7]) by mx.example.com (Postfix) with ESMTPS id 4ABC \
                 for <ada@example.com>; Tue, 14 Nov 2023 22:13:20 +0000 (UTC)",
                [
                    "mail.example.org",
                    "host.example.net",
                    "192.0.2.7",
                    "mx.example.com",
                    "ESMTPS",
                    "ada@example.com",
                ],
            ),
            (
                "from host.example.net ([192.0.2.7] helo=mail.example.org) by mx.example.com with esmtpsa (TLS1.3) \
                 (Exim 4.96) id 1abc-2d for ada@example.com; Tue, 14 Nov 2023 22:13:20 +0000",
                [
                    "mail.example.org",
                    "host.example.net",
                    "192.0.2.7",
                    "mx.example.com",
                    "ESMTPSA",
                    "ada@example.com",
                ],
            ),
            (
                "from unknown (HELO mail.example.org) (192.0.2.7) by mx.example.com with SMTP; 14 Nov 2023 22:13:20 -0000",
                ["mail.example.org", "", "192.0.2.7", "mx.example.com", "SMTP", ""],
            ),
            (
                "from AM0PR01.eurprd01.prod.example.com (2001:db8::7) by AM6.eurprd01.prod.example.com with HTTPS; \
                 Tue, 14 Nov 2023 22:13:20 +0000",
                [
                    "am0pr01.eurprd01.prod.example.com",
                    "",
                    "2001:db8::7",
                    "am6.eurprd01.prod.example.com",
                    "HTTPS",
                    "",
                ],
            ),
            (
                "from [IPv6:2001:db8::7] ([2001:db8::7]) by mx.example.com. id x; Tue, 14 Nov 2023 22:13:20 +0000",
                ["[ipv6:2001:db8::7]", "", "2001:db8::7", "mx.example.com", "", ""],
            ),
            (
                "by mx.example.com (Postfix, from userid 1000) id 7F; Tue, 14 Nov 2023 22:13:20 +0000",
                ["", "", "", "mx.example.com", "", ""],
            ),
            (
                "from [10.0.0.1] (customer.cable.example [192.0.2.7]) by mx.example.com with ESMTP; \
                 Tue, 14 Nov 2023 22:13:20 +0000",
                ["[10.0.0.1]", "customer.cable.example", "192.0.2.7", "mx.example.com", "ESMTP", ""],
            ),
            (
                "from [192.0.2.7] (helo=mail.example.org) by mx.example.com with esmtp (Exim 4.96); \
                 Tue, 14 Nov 2023 22:13:20 +0000",
                ["mail.example.org", "[192.0.2.7]", "192.0.2.7", "mx.example.com", "ESMTP", ""],
            ),
            ("(qmail 1234 invoked by uid 0); 14 Nov 2023 22:13:20 -0000", ["", "", "", "", "", ""]),
        ];
        for (line, expected) in cases {
            let hop = Hop::read(line);
            let read = [
                hop.helo.clone().unwrap_or_default(),
                hop.rdns.clone().unwrap_or_default(),
                hop.from_ip.map(|ip| ip.to_string()).unwrap_or_default(),
                hop.by.clone().unwrap_or_default(),
                hop.with.clone().unwrap_or_default(),
                hop.for_address.as_ref().map(ToString::to_string).unwrap_or_default(),
            ];
            assert_eq!(read, expected.map(str::to_owned), "the hop in {line}");
            assert_eq!(hop.date.map(|date| date.at.0), Some(1_700_000_000), "the date in {line}");
        }
    }

    #[test]
    fn odd_lines_are_read_without_a_panic() {
        for line in
            ["", ";", "from", "from by with for", "((((", "from (", "by ;;;", "from ä (ü [::])", "for <>;x"]
        {
            let _ = Hop::read(line);
        }
        assert_eq!(ip("[::ffff:192.0.2.1]"), ip("192.0.2.1"), "a mapped address is the address itself");
        assert_eq!(ip("[192.0.2.1]:587"), ip("192.0.2.1"), "a port is taken off");
    }
}
