//! A sent index in memory, for `classify --sent` and for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Coverage, IdDomain, IndexUnavailable, SentAs, SentMail, Use, sent_time};
use crate::{Address, MessageId, Span, Subject, UnixTime, read::SentHeaders};

/// Sent mail held in memory.
///
/// [`MemorySent::whole`] takes the mails it is given for all that was sent since the oldest of them,
/// without holes, proved by use and fresh. With no mail nothing is covered, so nothing is ever "never sent".
/// What is known beside the mails stands in public fields.
#[derive(Clone, Debug, Default)]
pub struct MemorySent {
    ids: BTreeMap<String, SentAs>,
    subjects: BTreeMap<Subject, Vec<(UnixTime, BTreeSet<Address>)>>,
    recipients: BTreeMap<Address, Vec<UnixTime>>,
    domains: BTreeMap<String, Vec<UnixTime>>,
    senders: BTreeSet<Address>,
    /// How far the mails reach, for every address that is not in `coverage_of`.
    pub coverage: Coverage,
    /// How far they reach for single addresses.
    pub coverage_of: BTreeMap<Address, Coverage>,
    /// How answers bear out the index, at any time, for every address that is not in `used_of`.
    pub used: Use,
    /// How they bear it out for single addresses, each answer with its time and whether it names a known id.
    pub used_of: BTreeMap<Address, Vec<(UnixTime, bool)>>,
    /// What domains of ids, in lower case, were learned to be.
    pub id_domains: BTreeMap<String, IdDomain>,
    /// Addresses that ordinary mail came to.
    pub ordinary_to: BTreeSet<Address>,
    /// How many genuine originals came through a relay.
    pub relays: BTreeMap<IpAddr, u32>,
    /// Why the index cannot be read, where it cannot.
    pub unavailable: Option<String>,
}

impl MemorySent {
    /// The index of all mail sent since the oldest of these mails, each with its INTERNALDATE.
    #[must_use]
    pub fn whole(mails: impl IntoIterator<Item = (SentHeaders, UnixTime)>) -> Self {
        let mut sent = Self::default();
        for (headers, internal) in mails {
            let at = sent.add(&headers, internal);
            sent.coverage.from = Some(sent.coverage.from.map_or(at, |oldest| oldest.min(at)));
        }
        if sent.coverage.from.is_some() {
            sent.coverage.refreshed = UnixTime(i64::MAX);
            sent.used = Use { answers: u32::MAX, known: u32::MAX };
        }
        sent
    }

    /// Adds a mail without a change of what is covered; says when it was sent.
    pub fn add(&mut self, headers: &SentHeaders, internal: UnixTime) -> UnixTime {
        let at = sent_time(headers.date, internal);
        for id in &headers.ids {
            self.add_id(id, SentAs::Mail(at));
        }
        let with_bare = |addresses: &[Address]| -> BTreeSet<Address> {
            addresses.iter().flat_map(|address| [address.clone(), address.bare()]).collect()
        };
        self.senders.extend(with_bare(&headers.from));
        let recipients = with_bare(&headers.recipients);
        for recipient in &recipients {
            self.recipients.entry(recipient.clone()).or_default().push(at);
            self.domains.entry(recipient.domain().to_owned()).or_default().push(at);
        }
        let subject = Subject::new(&headers.subject);
        if !subject.is_empty() {
            self.subjects.entry(subject).or_default().push((at, recipients));
        }
        at
    }

    /// Adds an id in both its forms.
    pub fn add_id(&mut self, id: &MessageId, as_what: SentAs) {
        self.ids.insert(id.folded(), as_what);
        self.ids.insert(id.as_str().to_owned(), as_what);
    }

    /// The addresses that the mails were sent as, with their tags and without.
    #[must_use]
    pub fn senders(&self) -> &BTreeSet<Address> {
        &self.senders
    }

    fn readable(&self) -> Result<&Self, IndexUnavailable> {
        match &self.unavailable {
            Some(why) => Err(IndexUnavailable { why: why.clone() }),
            None => Ok(self),
        }
    }
}

fn any_within(times: Option<&Vec<UnixTime>>, within: Span) -> bool {
    times.is_some_and(|times| times.iter().any(|at| within.contains(*at)))
}

impl SentMail for MemorySent {
    fn sent(&self, id: &MessageId) -> Result<Option<SentAs>, IndexUnavailable> {
        let ids = &self.readable()?.ids;
        Ok(ids.get(id.as_str()).or_else(|| ids.get(&id.folded())).copied())
    }

    fn sent_to_with_subject(
        &self,
        subject: &Subject,
        recipients: &[Address],
        within: Span,
    ) -> Result<bool, IndexUnavailable> {
        let mails = self.readable()?.subjects.get(subject);
        Ok(mails.into_iter().flatten().any(|(at, to)| {
            within.contains(*at) && recipients.iter().any(|recipient| to.contains(recipient))
        }))
    }

    fn subject_used(&self, subject: &Subject, within: Span) -> Result<bool, IndexUnavailable> {
        let mails = self.readable()?.subjects.get(subject);
        Ok(mails.into_iter().flatten().any(|(at, _)| within.contains(*at)))
    }

    fn wrote_to(&self, address: &Address, within: Span) -> Result<bool, IndexUnavailable> {
        Ok(any_within(self.readable()?.recipients.get(address), within))
    }

    fn wrote_to_domain(&self, domain: &str, within: Span) -> Result<bool, IndexUnavailable> {
        Ok(any_within(self.readable()?.domains.get(domain), within))
    }

    fn sent_from(&self, address: &Address) -> Result<bool, IndexUnavailable> {
        Ok(self.readable()?.senders.contains(address))
    }

    fn coverage(&self, of: &Address) -> Result<Coverage, IndexUnavailable> {
        let sent = self.readable()?;
        Ok(sent.coverage_of.get(of).unwrap_or(&sent.coverage).clone())
    }

    fn used(&self, of: &Address, within: Span) -> Result<Use, IndexUnavailable> {
        let sent = self.readable()?;
        let Some(answers) = sent.used_of.get(of) else { return Ok(sent.used) };
        let mut used = Use::default();
        for (_, known) in answers.iter().filter(|(at, _)| within.contains(*at)) {
            used.answers = used.answers.saturating_add(1);
            used.known = used.known.saturating_add(u32::from(*known));
        }
        Ok(used)
    }

    fn id_domain(&self, domain: &str, _at: UnixTime) -> Result<IdDomain, IndexUnavailable> {
        Ok(self.readable()?.id_domains.get(domain).copied().unwrap_or(IdDomain::Unknown))
    }

    fn ordinary_mail_came_to(&self, address: &Address) -> Result<bool, IndexUnavailable> {
        Ok(self.readable()?.ordinary_to.contains(address))
    }

    fn relayed_by(&self, ip: IpAddr) -> Result<u32, IndexUnavailable> {
        Ok(self.readable()?.relays.get(&ip).copied().unwrap_or(0))
    }
}
