//! What is known of the mail world, as data: `rules/data/{roles,rewriters,providers,marks}.toml`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::pattern;
use crate::{Address, address::registrable};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    patterns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewriters {
    domains: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Providers {
    mail_domains: BTreeSet<String>,
    server_domains: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    say_nothing: Vec<String>,
    everybodys_programs: Vec<String>,
    everybodys_ids: Vec<String>,
}

fn parsed<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    #[expect(clippy::expect_used, reason = "the text is compiled in, and a test reads it")]
    toml::from_str(text).expect("rules/data holds valid TOML of the right form")
}

static ROLES: LazyLock<Roles> = LazyLock::new(|| parsed(include_str!("../../data/roles.toml")));
static REWRITERS: LazyLock<Rewriters> = LazyLock::new(|| parsed(include_str!("../../data/rewriters.toml")));
static PROVIDERS: LazyLock<Providers> = LazyLock::new(|| parsed(include_str!("../../data/providers.toml")));
static MARKS: LazyLock<Marks> = LazyLock::new(|| parsed(include_str!("../../data/marks.toml")));

/// Reads all of it, so that no notice waits for that.
pub(crate) fn prepare() {
    LazyLock::force(&ROLES);
    LazyLock::force(&REWRITERS);
    LazyLock::force(&PROVIDERS);
}

/// Whether a header field of this name says nothing of the program that wrote the mail.
pub(super) fn says_nothing(field: &str) -> bool {
    MARKS.say_nothing.iter().any(|nothing| pattern::matches(nothing, field))
}

/// Whether a program that calls itself so is one that many people use.
pub(super) fn is_everybodys_program(value: &str) -> bool {
    MARKS.everybodys_programs.iter().any(|program| pattern::matches(program, value))
}

/// Whether ids of this domain are on mail of many people.
pub(super) fn is_everybodys_id(domain: &str) -> bool {
    MARKS.everybodys_ids.iter().any(|ids| pattern::matches(ids, domain))
}

/// Whether an address stands for a task rather than for a person.
pub(super) fn is_role(address: &Address) -> bool {
    ROLES.patterns.iter().any(|role| pattern::matches(role, address.local()))
}

/// The server known to write ids of this domain, or of one above it, over those it is given.
pub(super) fn rewriter(id_domain: &str) -> Option<&'static str> {
    let under = |known: &&String| {
        id_domain.strip_suffix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    REWRITERS.domains.iter().find(under).map(String::as_str)
}

/// Whether anybody can have an address at this domain.
#[must_use]
pub fn is_public_mail_domain(domain: &str) -> bool {
    PROVIDERS.mail_domains.contains(domain)
}

/// Whether a host of this name belongs to a public provider or a sending service.
#[must_use]
pub fn is_providers_host(name: &str) -> bool {
    let owner = registrable(name);
    PROVIDERS.mail_domains.contains(&owner) || PROVIDERS.server_domains.contains(&owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_in_lower_case_and_well_formed() {
        let domains =
            REWRITERS.domains.iter().chain(&PROVIDERS.mail_domains).chain(&PROVIDERS.server_domains);
        for name in domains.chain(&ROLES.patterns).chain(&MARKS.say_nothing).chain(&MARKS.everybodys_ids) {
            assert_eq!(*name, name.to_lowercase(), "{name} is compared with names in lower case");
            assert!(!name.contains([' ', '@', '/']), "{name} is a bare name");
        }
        assert!(ROLES.patterns.iter().all(|role| role != "*"), "a bare * would make every address a role");
    }

    #[test]
    fn roles_are_told_from_people() {
        for (address, role) in [
            ("postmaster@example.org", true),
            ("www-data@example.org", true),
            ("chess-owner@example.org", true),
            ("owner-chess@example.org", true),
            ("chess-request@example.org", true),
            ("ada@example.org", false),
            ("rootham@example.org", false),
            ("infographics@example.org", false),
        ] {
            let address = Address::new(address).unwrap();
            assert_eq!(is_role(&address), role, "{address}");
        }
    }

    #[test]
    fn rewriters_are_known_by_their_domain_and_all_below_it() {
        for (domain, known) in [
            ("email.amazonses.com", true),
            ("eu-west-1.amazonses.com", true),
            ("amazonses.com", true),
            ("am9p123mb0001.eurp123.prod.outlook.com", true),
            ("mx.google.com", true),
            ("notamazonses.com", false),
            ("mail.gmail.com", false),
            ("outlook.com", false),
            ("example.org", false),
        ] {
            assert_eq!(rewriter(domain).is_some(), known, "{domain}");
        }
    }

    #[test]
    fn providers_are_known_by_mail_domain_and_by_host() {
        assert!(is_public_mail_domain("gmail.com"), "anybody can have an address there");
        assert!(!is_public_mail_domain("example.org"), "a domain of its own");
        assert!(is_providers_host("mail-wr1-f41.google.com"), "a relay of many");
        assert!(!is_providers_host("mail.example.org"), "a relay of one");
    }
}
