//! What shows that the user did not send an original, whatever its ids: a storm.

use serde::Serialize;

use crate::storm::{Likeness, Resemblance};
use crate::{IndexUnavailable, SentMail, Span, UnixTime};

/// An original is one of a storm; made by [`storm`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct StormProof {
    /// By what.
    pub(crate) by: StormBy,
    /// How many others are like it.
    pub(crate) others: Resemblance,
}

/// By what an original is known to be of a storm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StormBy {
    /// Condemned originals have its subject.
    Subject,
    /// Condemned originals came from the address in the reporter's hop.
    Address(std::net::IpAddr),
    /// Originals of its subject come from many networks.
    Networks,
}

/// Whether an original is one of a storm.
///
/// The subject must be one that the user never used, and the address one that no mail of the user came from.
pub(super) fn storm(
    likeness: Option<&Likeness>,
    others: Resemblance,
    sent: &dyn SentMail,
) -> Result<Option<StormProof>, IndexUnavailable> {
    let Some(likeness) = likeness else { return Ok(None) };
    let proof = |by| Ok(Some(StormProof { by, others }));
    if let Some(subject) = likeness.subject.as_ref().filter(|_| others.by_subject())
        && !sent.subject_used(subject, Span::new(UnixTime(i64::MIN), UnixTime(i64::MAX)))?
    {
        let by_condemned = others.condemned_by_subject >= crate::storm::CONDEMNED;
        return proof(if by_condemned { StormBy::Subject } else { StormBy::Networks });
    }
    match likeness.address.filter(|_| others.by_address()) {
        Some(address) if sent.relayed_by(address)? == 0 => proof(StormBy::Address(address)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::SentHeaders;
    use crate::sent::memory::MemorySent;
    use crate::time::DAY;
    use crate::{MailDate, Subject};

    const AT: UnixTime = UnixTime(1_772_000_000);

    fn likeness(subject: Option<&str>, address: Option<&str>) -> Likeness {
        let address = address.map(|address| address.parse().expect("an address"));
        Likeness { at: AT, subject: subject.map(Subject::new), address, signed: false }
    }

    #[test]
    fn what_the_user_used_makes_no_storm() {
        let (pills, ip) = ("Cheap pills for you", "203.0.113.9");
        let of_subject = Resemblance { condemned_by_subject: 3, ..Resemblance::default() };
        let of_networks = Resemblance { alike: 10, networks: 5, ..Resemblance::default() };
        let of_address = Resemblance { condemned_by_address: 3, ..Resemblance::default() };
        let nothing = MemorySent::default();
        let mut used = MemorySent::default();
        let date = MailDate { at: AT.minus(900 * DAY), offset_minutes: 0 };
        let headers = SentHeaders { subject: pills.to_owned(), date: Some(date), ..SentHeaders::default() };
        used.add(&headers, date.at);
        used.relays.insert(ip.parse().expect("an address"), 1);
        for (like, others, sent, expected, why) in [
            (likeness(Some(pills), None), of_subject, &nothing, Some(StormBy::Subject), "its subject"),
            (likeness(Some(pills), None), of_networks, &nothing, Some(StormBy::Networks), "its networks"),
            (
                likeness(None, Some(ip)),
                of_address,
                &nothing,
                Some(StormBy::Address(ip.parse().expect("an address"))),
                "its address",
            ),
            (likeness(Some(pills), Some(ip)), of_subject, &used, None, "a subject that the user ever used"),
            (likeness(Some(pills), Some(ip)), of_networks, &used, None, "likewise"),
            (likeness(None, Some(ip)), of_address, &used, None, "an address that mail of the user came from"),
            (likeness(None, None), of_subject, &nothing, None, "no subject that tells"),
            (likeness(Some(pills), None), of_address, &nothing, None, "no address that is known"),
        ] {
            let found = storm(Some(&like), others, sent).expect("the index is readable");
            assert_eq!(found.map(|proof| proof.by), expected, "{why}");
        }
        let mut unreadable = MemorySent::default();
        unreadable.unavailable = Some("a test".to_owned());
        let asked = storm(Some(&likeness(Some(pills), None)), of_subject, &unreadable);
        assert!(asked.is_err(), "what cannot be asked is no proof");
    }
}
