//! Vetoes: reasons to keep a notice although its ids are in no index.

use std::collections::BTreeSet;

use super::proof::StormProof;
use super::{known, when::OriginalTime, whom::Whom};
use crate::address::registrable;
use crate::notice::{ReturnPath, Signature};
use crate::sent::IdDomain;
use crate::verdict::Veto;
use crate::{
    Address, Covered, IndexUnavailable, Kind, MessageId, Notice, Original, Profile, SentMail, Subject,
    UnixTime,
};

/// Nothing speaks against "never sent"; made by [`Vetoes`] alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unvetoed(());

/// What speaks for the user having sent the original all the same.
#[derive(Clone, Debug)]
pub(super) struct Vetoes {
    /// Every veto found, the weightiest first.
    pub(super) found: Vec<Veto>,
    /// Whether T, around which they were sought, can be.
    sought: bool,
}

impl Vetoes {
    /// Looks for every veto; `unchecked` is a signature of an own domain that was not found to be forged.
    pub(super) fn seek(
        notice: &Notice,
        time: &OriginalTime,
        ids: &[MessageId],
        unchecked: Option<&Signature>,
        sent: &dyn SentMail,
        now: UnixTime,
    ) -> Result<Self, IndexUnavailable> {
        let mut found = Vec::new();
        subject_used(notice, time, sent, &mut found)?;
        written_to(notice, time, sent, &mut found)?;
        id_domains(ids, time, sent, now, &mut found)?;
        found.extend(unchecked.map(|signature| Veto::UncheckedSignature(signature.domain.clone())));
        notices_own_id(notice, ids, &mut found);
        Ok(Self { found, sought: time.plausible })
    }

    /// Shows that there is none.
    pub(super) fn none(&self) -> Option<Unvetoed> {
        (self.sought && self.found.is_empty()).then_some(Unvetoed(()))
    }

    /// Shows that there is none that holds against a proof: that a server on the user's way may write over ids says
    /// nothing where the proof asks for none.
    pub(super) fn none_but_rewritten(&self) -> Option<Unvetoed> {
        let holds = |veto: &Veto| !matches!(veto, Veto::RewrittenDomain(_));
        (self.sought && !self.found.iter().any(holds)).then_some(Unvetoed(()))
    }

    /// Lifts them: where nothing is missing of what the user sent, a mail of a storm is not among it, whatever resembles it.
    ///
    /// A signature that was not checked stays one: if it is valid the account may be stolen, and a look-up that is
    /// switched off must not make backscatter of that. And so does an id of a domain whose mail of the user's never comes
    /// to a Sent folder: there nothing is known to be missing.
    pub(super) fn lifted(&self, _storm: &StormProof, _whole: &Covered) -> Option<Unvetoed> {
        let stays = |veto: &Veto| matches!(veto, Veto::UncheckedSignature(_) | Veto::OwnUnseenDomain(_));
        (self.sought && !self.found.iter().any(stays)).then_some(Unvetoed(()))
    }
}

/// The first signature of A's domain, or of another domain of the user, on the original, if there is one.
pub(crate) fn own_signature<'a>(
    original: Option<&'a Original>,
    whom: &Whom,
    profile: &Profile,
) -> Option<&'a Signature> {
    own_signatures(original, whom, profile).into_iter().next()
}

/// All signatures of the user's domains on the original. Domains of one registrant count as one: a host below the domain
/// may sign for it (relaxed alignment of DMARC, RFC 9989).
pub(super) fn own_signatures<'a>(
    original: Option<&'a Original>,
    whom: &Whom,
    profile: &Profile,
) -> Vec<&'a Signature> {
    let signatures = original.map(|original| original.signatures.as_slice()).unwrap_or_default();
    if signatures.is_empty() {
        return Vec::new();
    }
    let addresses = whom.addresses.iter().chain(&profile.own).map(Address::domain);
    let own: BTreeSet<String> =
        addresses.chain(profile.own_domains.iter().map(String::as_str)).map(registrable).collect();
    signatures.iter().filter(|signature| own.contains(&registrable(&signature.domain))).collect()
}

/// Those whose mail the original was, seen from the notice: of an auto-reply, challenge or list notice its From,
/// of the others the failed recipients. Where these are not told, the original's recipients stand for them.
pub(super) fn correspondents(notice: &Notice) -> Vec<Address> {
    let answered_by = match notice.kind {
        Kind::AutoReply | Kind::Challenge | Kind::ListNotice => notice.outer.from.as_ref(),
        Kind::Bounce | Kind::VirusNotice | Kind::Receipt | Kind::AbuseReport => None,
    };
    let mut found: Vec<Address> = match answered_by {
        Some(from) => vec![from.clone()],
        None => notice.recipients.iter().map(|recipient| recipient.address.clone()).collect(),
    };
    if found.is_empty() {
        found.extend(notice.original.iter().flat_map(|original| original.to.iter().cloned()));
    }
    let bare: Vec<Address> = found.iter().map(Address::bare).filter(|bare| !found.contains(bare)).collect();
    found.extend(bare);
    found
}

fn subject_used(
    notice: &Notice,
    time: &OriginalTime,
    sent: &dyn SentMail,
    found: &mut Vec<Veto>,
) -> Result<(), IndexUnavailable> {
    let subject = notice.original.as_ref().and_then(|original| original.subject.as_deref()).map(Subject::new);
    if let Some(subject) = subject.filter(|subject| !subject.is_empty())
        && sent.subject_used(&subject, time.before())?
    {
        found.push(Veto::SubjectUsed);
    }
    Ok(())
}

fn written_to(
    notice: &Notice,
    time: &OriginalTime,
    sent: &dyn SentMail,
    found: &mut Vec<Veto>,
) -> Result<(), IndexUnavailable> {
    let mut people: Vec<Address> = Vec::new();
    let mut domains: Vec<String> = Vec::new();
    for address in correspondents(notice) {
        let domain = address.domain();
        if sent.wrote_to(&address, time.before())? {
            people.push(address);
        } else if !known::is_public_mail_domain(domain)
            && !domains.iter().any(|known| known == domain)
            && sent.wrote_to_domain(domain, time.before())?
        {
            domains.push(domain.to_owned());
        }
    }
    domains.retain(|domain| people.iter().all(|person| person.domain() != domain));
    found.extend(people.into_iter().map(Veto::WroteTo));
    found.extend(domains.into_iter().map(Veto::WroteToDomain));
    Ok(())
}

fn id_domains(
    ids: &[MessageId],
    time: &OriginalTime,
    sent: &dyn SentMail,
    now: UnixTime,
    found: &mut Vec<Veto>,
) -> Result<(), IndexUnavailable> {
    for domain in ids.iter().filter_map(MessageId::domain) {
        // What was learned holds for a while: it counts if it held at T, or was learned since.
        let learned = [sent.id_domain(&domain, time.at)?, sent.id_domain(&domain, now)?];
        let veto = if known::rewriter(&domain).is_some() || learned.contains(&IdDomain::Rewritten) {
            Veto::RewrittenDomain(domain)
        } else if learned.contains(&IdDomain::OwnUnseen) {
            Veto::OwnUnseenDomain(domain)
        } else {
            continue;
        };
        if !found.contains(&veto) {
            found.push(veto);
        }
    }
    Ok(())
}

/// Web forms and ticket systems number the mails that they make of what a user typed, and answer to that number.
fn notices_own_id(notice: &Notice, ids: &[MessageId], found: &mut Vec<Veto>) {
    if notice.original.as_ref().is_some_and(|original| original.message_id.is_some()) {
        return;
    }
    let envelope = match &notice.outer.return_path {
        ReturnPath::From(address) => Some(address),
        ReturnPath::Absent | ReturnPath::Null => None,
    };
    let writers: Vec<String> =
        notice.outer.from.iter().chain(envelope).map(|address| registrable(address.domain())).collect();
    let of_writer = |domain: &String| writers.contains(&registrable(domain));
    if let Some(domain) = ids.iter().filter_map(MessageId::domain).find(of_writer) {
        found.push(Veto::NoticesOwnId(domain));
    }
}
