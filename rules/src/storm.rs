//! Storms: many originals that are alike, which shows that nobody but a spammer wrote them.
//!
//! A notice tells of its original what a storm is known by, its [`Likeness`]. Whoever keeps those of other originals says
//! with a [`Resemblance`] how many of them are alike; [`crate::judge()`] takes this for a proof where it is enough and the
//! user never used the subject, or sent nothing by way of the address.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::judge::{Whom, is_providers_host, original_time, own_signature, public_address, reporters_hop};
use crate::time::DAY;
use crate::trace::Hop;
use crate::{Notice, Profile, Subject, UnixTime};

/// How far the originals of one storm lie apart, in seconds.
pub const STORM: i64 = 3 * DAY;
/// Condemned originals that make a storm.
pub const CONDEMNED: u32 = 3;
/// Originals of one subject that make a storm by themselves, …
pub const ALIKE: u32 = 10;
/// … where they come from so many networks.
pub const NETWORKS: u32 = 5;

/// The shortest subject, in characters, that two mails do not have by chance.
const TELLING: usize = 10;

/// The network of an address: /16 of IPv4, /32 of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Network([u8; 5]);

impl Network {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [one, two, ..] = v4.octets();
                Self([4, one, two, 0, 0])
            }
            IpAddr::V6(v6) => {
                let [one, two, three, four, ..] = v6.octets();
                Self([6, one, two, three, four])
            }
        }
    }
}

/// What the original of a notice has in common with others of its storm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// T, its time.
    pub at: UnixTime,
    /// Its subject, of two words and ten characters at least.
    pub subject: Option<Subject>,
    /// The public address in the reporter's hop, unless its name is a provider's or a sending service's.
    pub address: Option<IpAddr>,
    /// Whether it bears a signature of A's domain.
    pub signed: bool,
}

impl Likeness {
    /// Reads it; none where the notice did not surely come for the user alone, or the original's time cannot be.
    #[must_use]
    pub fn of(notice: &Notice, arrived: UnixTime, profile: &Profile) -> Option<Self> {
        let whom = Whom::new(notice, profile);
        let (original, hop) = (notice.original.as_ref()?, reporters_hop(notice));
        let time = original_time(notice, hop, arrived)?;
        if whom.own.is_err() || notice.doubtful {
            return None;
        }
        let subject = original.subject.as_deref().map(Subject::new).filter(is_telling);
        let address = hop.filter(|hop| !is_providers(hop)).and_then(public_address);
        let signed = own_signature(Some(original), &whom, profile).is_some();
        Some(Self { at: time, subject, address, signed })
    }
}

/// Whether a subject is one that mails do not share by chance.
fn is_telling(subject: &Subject) -> bool {
    let text = subject.as_str();
    text.split(' ').nth(1).is_some() && text.chars().count() >= TELLING
}

/// By the name that was looked up, or else by the one that was claimed: who lies about that only gains that the address
/// says nothing.
fn is_providers(hop: &Hop) -> bool {
    hop.rdns.iter().chain(&hop.helo).any(|name| is_providers_host(name))
}

/// How many other originals are like one.
///
/// Counted are those that lie, together with the one asked about, within [`STORM`]. Condemned counts only what is
/// backscatter of itself ([`crate::Judgement::of_itself`]), so that no storm feeds itself. Where an original of the subject or
/// from the address turned out to be the user's, nothing is counted; nor are networks where one is signed by the user's own
/// domain. Counting may stop far above [`CONDEMNED`], [`ALIKE`] and [`NETWORKS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resemblance {
    /// Condemned originals of the same subject.
    pub condemned_by_subject: u32,
    /// Condemned originals that came from the same address.
    pub condemned_by_address: u32,
    /// Originals of the same subject that have an address, whatever was said of them.
    pub alike: u32,
    /// The networks of these addresses.
    pub networks: u32,
}

impl Resemblance {
    /// Whether the subject is that of a storm.
    #[must_use]
    pub fn by_subject(&self) -> bool {
        self.condemned_by_subject >= CONDEMNED || self.by_networks()
    }

    /// Whether originals of the subject come from more networks than one sender has.
    #[must_use]
    pub fn by_networks(&self) -> bool {
        self.alike >= ALIKE && self.networks >= NETWORKS
    }

    /// Whether the address is that of a storm.
    #[must_use]
    pub fn by_address(&self) -> bool {
        self.condemned_by_address >= CONDEMNED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_apart() {
        let network = |text: &str| Network::of(text.parse().expect("an address"));
        assert_eq!(network("192.0.2.1"), network("192.0.99.9"), "one /16");
        assert_ne!(network("192.0.2.1"), network("192.1.2.1"), "two");
        assert_eq!(network("2001:db8::1"), network("2001:db8:ffff::9"), "one /32");
        assert_ne!(network("2001:db8::1"), network("2001:db9::1"), "two");
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"), "a mapped address is the address");
    }

    #[test]
    fn subjects_that_tell_have_two_words() {
        for (subject, tells) in [
            ("Re: cheap pills for you", true),
            ("Meeting", false),
            ("Urlaubsantrag", false),
            ("Hi there", false),
            ("Hello there", true),
            ("", false),
        ] {
            assert_eq!(is_telling(&Subject::new(subject)), tells, "{subject:?}");
        }
    }
}
