//! By what a user could tell Neversent that mail like an original is theirs: "this was mine".

use super::known;
use super::misused::public_address;
use super::when::reporters_hop;
use super::whom::Whom;
use super::{genuine, texts, vetoes};
use crate::notice::Signature;
use crate::profile::Declared;
use crate::{Notice, Original, Profile};

/// What a pattern must hold beside `*`.
const LITERALS: usize = 4;
/// Letters before the first digit of an id that tell who numbered it.
const PREFIX: usize = 3;
/// A word of letters and digits so long is the number of one mail.
const NUMBER: usize = 8;

/// What an original shows of its sender that the user could declare, the surest first: the relay that nobody can forge, a
/// signature of the user's domain that verifies, the marks of a program, the pattern of its ids.
///
/// Nothing that strangers have in common: no provider's host, no program of everybody's, no id of the user's own mail domain,
/// which spammers write. `signature_verifies`: a signature of the user's domain on it was checked, and is valid; names of keys
/// alone can be copied from any mail.
#[must_use]
pub fn declarable(notice: &Notice, profile: &Profile, signature_verifies: bool) -> Vec<Declared> {
    let Some(original) = &notice.original else { return Vec::new() };
    let mut found: Vec<Declared> = relay(notice).into_iter().collect();
    if signature_verifies {
        let whom = Whom::new(notice, profile);
        found.extend(selectors(&vetoes::own_signatures(Some(original), &whom, profile)));
    }
    found.extend(marks(original));
    found.extend(ids(notice, original, profile));
    let mut seen = Vec::with_capacity(found.len());
    found.retain(|one| {
        let new = !seen.contains(one);
        seen.push(one.clone());
        new
    });
    found
}

/// Whether anybody can write into a mail what shows it to be from this sender.
#[must_use]
pub fn is_forgeable(declared: &Declared) -> bool {
    match declared {
        // The reporting server itself wrote whom it had the mail from.
        Declared::Relay(_) => false,
        Declared::Id(_) | Declared::Header(_) | Declared::Dkim(_) => true,
    }
}

/// Whether the original of a notice shows this sender.
#[must_use]
pub fn is_from(declared: &Declared, notice: &Notice) -> bool {
    let ids = notice.original.as_ref().map(|original| original.ids.as_slice()).unwrap_or_default();
    genuine::is_from(declared, notice.original.as_ref(), ids, reporters_hop(notice))
}

/// A declared sender in words: "mail that comes from the server 192.0.2.1".
#[must_use]
pub fn sender_in_words(declared: &Declared) -> String {
    texts::sender(declared)
}

/// The host in the reporter's hop, where it has a name, and none of a provider's.
fn relay(notice: &Notice) -> Option<Declared> {
    let hop = reporters_hop(notice)?;
    let names = || hop.rdns.iter().chain(&hop.helo);
    let named = names().next().is_some() && !names().any(|name| known::is_providers_host(name));
    public_address(hop).filter(|_| named).map(Declared::Relay)
}

fn selectors(own: &[&Signature]) -> Vec<Declared> {
    let named = own.iter().filter(|one| !one.selector.is_empty() && one.domain.contains('.'));
    let keys = named.map(|one| format!("{}._domainkey.{}", one.selector, one.domain).to_lowercase());
    keys.filter(|key| !key.contains(['*', ' '])).map(Declared::Dkim).collect()
}

fn marks(original: &Original) -> impl Iterator<Item = Declared> {
    original.marks.iter().filter(|(name, _)| !known::says_nothing(name)).filter_map(|(name, value)| {
        let value = without_versions(value);
        let numbered = value.split(|c: char| !c.is_alphanumeric()).any(|word| {
            word.len() >= NUMBER
                && word.contains(|c: char| c.is_ascii_digit())
                && word.contains(char::is_alphabetic)
        });
        let tells = literals(&value) >= LITERALS && value.contains(char::is_alphabetic);
        let everybodys = known::is_everybodys_program(&value);
        (tells && !numbered && !everybodys).then(|| Declared::Header(format!("{name}: {value}")))
    })
}

/// A value with `*` for its versions and numbers, so that it holds for the program's next version as well.
fn without_versions(value: &str) -> String {
    let mut pattern = String::with_capacity(value.len());
    let mut before = ' ';
    for c in value.trim().chars() {
        let goes_on = before.is_ascii_digit() || c.is_ascii_digit() && before == '.';
        match c {
            '0'..='9' if !before.is_alphanumeric() && !pattern.ends_with('*') => pattern.push('*'),
            '0'..='9' | '.' if goes_on && pattern.ends_with('*') => {}
            _ => pattern.push(c),
        }
        before = c;
    }
    pattern
}

fn ids(notice: &Notice, original: &Original, profile: &Profile) -> Vec<Declared> {
    let whom = Whom::new(notice, profile);
    let is_the_users = |domain: &str| {
        let mut own = whom.addresses.iter().chain(&profile.own);
        profile.own_domains.contains(domain) || own.any(|address| address.domain() == domain)
    };
    let mut found = Vec::new();
    for id in &original.ids {
        let Some(domain) = id.domain() else { continue };
        if known::is_providers_host(&domain) || known::rewriter(&domain).is_some() || domain.contains('*') {
            continue;
        }
        let prefix = id.as_str().split_once('@').and_then(|(local, _)| prefix(local));
        if let Some(prefix) = prefix {
            found.push(Declared::Id(format!("{prefix}*@{domain}")));
        }
        // A name without a domain is that of many machines.
        let of_one = domain.contains('.') && !known::is_everybodys_id(&domain);
        if domain.len() >= LITERALS && of_one && !is_the_users(&domain) {
            found.push(Declared::Id(format!("*@{domain}")));
        }
    }
    found
}

/// What stands before the first digit of an id's left part, where it is a word with a mark behind it: `shop-` of
/// `shop-20261101.7`.
fn prefix(local: &str) -> Option<&str> {
    let end = local.find(|c: char| c.is_ascii_digit())?;
    let prefix = local.get(..end)?;
    let letters = prefix.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= PREFIX && prefix.ends_with(['-', '.', '_', '+', '=']) && !prefix.contains('*'))
        .then_some(prefix)
}

fn literals(pattern: &str) -> usize {
    pattern.chars().filter(|c| *c != '*' && !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_numbers_are_left_open() {
        for (value, expected) in [
            ("shop 1.2", "shop *"),
            ("shop", "shop"),
            (
                "PHPMailer 6.8.0 (https://php.example/PHPMailer)",
                "PHPMailer * (https://php.example/PHPMailer)",
            ),
            ("1000:mailer.php", "*:mailer.php"),
            ("Thunderbird/128.4.3", "Thunderbird/*"),
            ("v2.7", "v2.*"),
            ("job 7. of 9", "job * of *"),
            ("", ""),
        ] {
            assert_eq!(without_versions(value), expected, "{value:?}");
        }
    }

    #[test]
    fn a_word_before_the_number_tells_who_gave_it() {
        for (local, expected) in [
            ("shop-20261101.7", Some("shop-")),
            ("cron.1234", Some("cron.")),
            ("20261101.7", None),
            ("a1b2c3", None),
            ("abc123", None),
            ("shop", None),
            ("x-1", None),
        ] {
            assert_eq!(prefix(local), expected, "{local:?}");
        }
    }
}
