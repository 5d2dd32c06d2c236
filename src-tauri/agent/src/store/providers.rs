//! Domains at which anybody can have an address: nothing learned of one user's mail holds for them.

/// Registrable domains of public mail providers whose ids or addresses are shared by strangers.
const PUBLIC: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "att.net",
    "bluewin.ch",
    "bt.com",
    "btinternet.com",
    "comcast.net",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "google.com",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "posteo.de",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "seznam.cz",
    "sina.com",
    "t-online.de",
    "tuta.com",
    "tutanota.com",
    "web.de",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yahoo.it",
    "yandex.ru",
    "zoho.com",
];

/// Whether a domain is a public provider's, or below one.
pub(super) fn is_public(domain: &str) -> bool {
    PUBLIC.iter().any(|provider| is_at_or_below(domain, provider))
}

/// Whether one of two domains is the other or lies below it.
pub(super) fn related(one: &str, other: &str) -> bool {
    is_at_or_below(one, other) || is_at_or_below(other, one)
}

fn is_at_or_below(domain: &str, parent: &str) -> bool {
    domain
        .strip_suffix(parent)
        .is_some_and(|front| front.is_empty() || (front.ends_with('.') && parent.contains('.')))
}
