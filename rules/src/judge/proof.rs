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
