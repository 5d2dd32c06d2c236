//! What shows the original to be genuine although none of its ids is known: `rewritten` and `declared`.

use super::{facts::Facts, known, pattern, vetoes, when::OriginalTime};
use crate::profile::Declared;
use crate::time::MINUTE;
use crate::trace::Hop;
use crate::{IndexUnavailable, Notice, Original, Profile, SentMail, Span, Subject};

/// How far the sent copy can lie from the original in time, in seconds: servers that write over the id write
/// over the Date, too.
const COPY_ERROR: i64 = 10 * MINUTE;

/// Whether one sent mail has the subject, a recipient and the time of the original.
pub(super) fn copy_found(
    notice: &Notice,
    time: &OriginalTime,
    sent: &dyn SentMail,
) -> Result<bool, IndexUnavailable> {
    let Some(original) = &notice.original else { return Ok(false) };
    let subject = original.subject.as_deref().map(Subject::new).unwrap_or_default();
    if subject.is_empty() {
        return Ok(false);
    }
    let mut recipients = vetoes::correspondents(notice);
    recipients.extend(original.to.iter().cloned());
    for at in [Some(time.at), original.date.map(|date| date.at)].into_iter().flatten() {
        if sent.sent_to_with_subject(&subject, &recipients, Span::around(at, COPY_ERROR))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The id's domain that a `rewritten` original teaches, if it may be learned.
///
/// Not learned are the user's own mail domains and those of public providers: spammers write them into most ids
/// they forge, so that nearly nothing could be condemned any more. This loses no real mail: a mail whose id
/// was written over has its copy in the index, and there its recipients veto every other bounce of it. A host
/// below an own domain, such as a relay of the user's company, is learned.
pub(super) fn rewritten_domain(facts: &Facts<'_>) -> Option<String> {
    let domain = facts.ids.given().iter().find_map(|id| id.domain())?;
    let profile = facts.profile;
    let own = profile.own_domains.contains(&domain)
        || facts.whom.addresses.iter().chain(&profile.own).any(|address| address.domain() == domain);
    (!own && !known::is_public_mail_domain(&domain)).then_some(domain)
}

/// The declared sender that the original shows, if any.
pub(super) fn declared<'p>(
    profile: &'p Profile,
    original: Option<&Original>,
    ids: &[crate::MessageId],
    hop: Option<&Hop>,
) -> Option<&'p Declared> {
    profile.declared.iter().find(|declared| is_from(declared, original, ids, hop))
}

/// Whether the original shows this sender.
pub(super) fn is_from(
    declared: &Declared,
    original: Option<&Original>,
    ids: &[crate::MessageId],
    hop: Option<&Hop>,
) -> bool {
    match declared {
        Declared::Relay(address) => {
            hop.and_then(|hop| hop.from_ip).is_some_and(|from| from.to_canonical() == address.to_canonical())
        }
        Declared::Id(wanted) => ids.iter().any(|id| pattern::matches(without_brackets(wanted), id.as_str())),
        Declared::Header(wanted) => original.is_some_and(|original| has_mark(original, wanted)),
        Declared::Dkim(wanted) => original.is_some_and(|original| is_signed_by(original, wanted)),
    }
}

fn without_brackets(id: &str) -> &str {
    let id = id.trim();
    id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id)
}

fn has_mark(original: &Original, wanted: &str) -> bool {
    let Some((name, value)) = wanted.split_once(':') else { return false };
    let name = name.trim().to_lowercase();
    let is_named = |mark: &&(String, String)| !name.is_empty() && mark.0 == name;
    original.marks.iter().filter(is_named).any(|(_, found)| pattern::matches(value, found))
}

fn is_signed_by(original: &Original, wanted: &str) -> bool {
    let wanted = wanted.trim().trim_end_matches('.').to_lowercase();
    original.signatures.iter().any(|signature| {
        let key = format!("{}._domainkey.{}", signature.selector, signature.domain);
        key.to_lowercase() == wanted
    })
}
