//! Answers what the judging asks of the sent index.

use std::net::IpAddr;

use rules::{
    Address, Coverage, IndexUnavailable, MessageId, SentMail, Span, Subject, UnixTime,
    sent::{IdDomain, SentAs, Use},
};

use super::{
    Store, StoreError,
    guard::lock,
    key::Hash,
    kv::Tree,
    layout::{index, key},
};

impl Store {
    /// What an id hash belongs to.
    pub(super) fn sent_by_hash(&self, id: &Hash) -> Result<Option<SentAs>, StoreError> {
        // A report stays one, even where a copy of it lies among the sent mail.
        if let Some(at) = lock(&self.0.reports).time(&self.0.guard, id)? {
            return Ok(Some(SentAs::Report(at)));
        }
        Ok(lock(&self.0.ids).time(&self.0.guard, id)?.map(SentAs::Mail))
    }
}

impl SentMail for Store {
    fn sent(&self, id: &MessageId) -> Result<Option<SentAs>, IndexUnavailable> {
        if let Some(found) = self.sent_by_hash(&self.0.key.folded_id(id))? {
            return Ok(Some(found));
        }
        if id.folded() == id.as_str() {
            return Ok(None);
        }
        Ok(self.sent_by_hash(&self.0.key.id(id.as_str()))?)
    }

    fn sent_to_with_subject(
        &self,
        subject: &Subject,
        recipients: &[Address],
        within: Span,
    ) -> Result<bool, IndexUnavailable> {
        if subject.is_empty() {
            return Ok(false);
        }
        for recipient in recipients {
            if self.fact(&self.0.key.pair(subject, recipient), within)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn subject_used(&self, subject: &Subject, within: Span) -> Result<bool, IndexUnavailable> {
        Ok(!subject.is_empty() && self.fact(&self.0.key.subject(subject), within)?)
    }

    fn wrote_to(&self, address: &Address, within: Span) -> Result<bool, IndexUnavailable> {
        Ok(self.fact(&self.0.key.recipient(address), within)?)
    }

    fn wrote_to_domain(&self, domain: &str, within: Span) -> Result<bool, IndexUnavailable> {
        Ok(self.fact(&self.0.key.domain(domain), within)?)
    }

    fn sent_from(&self, address: &Address) -> Result<bool, IndexUnavailable> {
        Ok(self.was_from(address)?)
    }

    fn coverage(&self, of: &Address) -> Result<Coverage, IndexUnavailable> {
        Ok(self.coverage_for(of)?)
    }

    fn used(&self, of: &Address, within: Span) -> Result<Use, IndexUnavailable> {
        Ok(self.use_of(of, within)?)
    }

    fn id_domain(&self, domain: &str, at: UnixTime) -> Result<IdDomain, IndexUnavailable> {
        Ok(self.learned_of(domain, at)?)
    }

    fn ordinary_mail_came_to(&self, address: &Address) -> Result<bool, IndexUnavailable> {
        Ok(self.0.guard.has(Tree::Index, &key(index::CAME_TO, &[&self.0.key.receiver(address)]))?)
    }

    fn relayed_by(&self, ip: IpAddr) -> Result<u32, IndexUnavailable> {
        Ok(self.sightings(ip)?)
    }
}
