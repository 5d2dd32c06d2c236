//! What shows that the user did not send an original, whatever its ids: a storm, or SPF.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Serialize;

use super::{LookUp, Whom, misused, when::host_name};
use crate::storm::{Likeness, Resemblance};
use crate::{Address, IndexUnavailable, Kind, Notice, Profile, Returned, SentMail, Span, UnixTime};

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
    Address(IpAddr),
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

/// What SPF can be asked about an original (RFC 7208): whether a host may send for the user's domains.
///
/// It is only asked where the answer says something: the host handed the original to the reporting server itself, so that
/// nobody can have sent on what the user sent, and that server is none that the user sends by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SpfQuestion {
    /// The public address in the reporter's hop, the only one of the trace.
    pub address: IpAddr,
    /// The server that reports, by its name: where it may send for the user's domains itself, the user may have handed it
    /// the original from anywhere.
    pub reporter: String,
    /// A: the envelope sender was one of them, as the notice came there.
    pub senders: BTreeSet<Address>,
}

/// The host that sent the original must not send for the user's domain; made by [`spf`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct SpfProof {
    /// The host.
    pub(crate) address: IpAddr,
}

/// What SPF can be asked about the original of a notice; none where no answer would prove anything: the notice did not
/// surely come for the user alone, the original took another way than straight to the reporting server, that server may be
/// one that the user sends by, it had it from somebody who signed in, from a mail provider or a sending service, or the
/// failed recipient is not one that it was written to, as in a forwarding.
#[must_use]
pub fn spf_question(notice: &Notice, arrived: UnixTime, profile: &Profile) -> Option<SpfQuestion> {
    let original = notice.original.as_ref()?;
    // A header that was cut short may have lost the lines below.
    let [hop] = original.trace.as_slice() else { return None };
    if !matches!(original.returned, Returned::Full | Returned::Headers) || !was_written_to(notice) {
        return None;
    }
    let address = Likeness::of(notice, arrived, profile)?.address?;
    let whom = Whom::new(notice, profile);
    let reporter = host_name(hop.by.as_deref()?);
    let signed_in = hop.with.as_deref().is_some_and(misused::is_signed_in);
    if signed_in || misused::may_be_own_server(&reporter, &whom, profile) {
        return None;
    }
    let senders = whom.own.ok()?.addresses().iter().cloned().collect();
    Some(SpfQuestion { address, reporter, senders })
}

/// Whether the original was written to whom the notice is about.
fn was_written_to(notice: &Notice) -> bool {
    let to = notice.original.as_ref().map(|original| original.to.as_slice()).unwrap_or_default();
    let written = |address: &Address| to.iter().any(|to| to == address || to.bare() == address.bare());
    match notice.kind {
        Kind::AutoReply | Kind::Challenge | Kind::ListNotice => {
            notice.outer.from.as_ref().is_some_and(written)
        }
        Kind::Bounce | Kind::VirusNotice | Kind::Receipt | Kind::AbuseReport => {
            !notice.recipients.is_empty()
                && notice.recipients.iter().all(|recipient| written(&recipient.address))
        }
    }
}

/// Whether SPF shows that the user did not send the original; the answer is to [`spf_question`].
pub(super) fn spf(
    notice: &Notice,
    arrived: UnixTime,
    profile: &Profile,
    hard_fails: &LookUp<bool>,
) -> Option<SpfProof> {
    if *hard_fails != LookUp::Answer(true) {
        return None;
    }
    spf_question(notice, arrived, profile).map(|question| SpfProof { address: question.address })
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
