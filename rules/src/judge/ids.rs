//! Which ids of the original are in the index of sent mail.

use crate::sent::SentAs;
use crate::{IndexUnavailable, MessageId, Original, SentMail, UnixTime};

/// Ids of one original, at least one, each looked up and found in no index; made by [`Ids::absent`] alone.
#[derive(Clone, Debug)]
pub(crate) struct Absent {
    ids: Vec<MessageId>,
}

impl Absent {
    /// The ids.
    pub(crate) fn into_ids(self) -> Vec<MessageId> {
        self.ids
    }
}

/// The ids of an original, looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    given: Vec<MessageId>,
    /// An id that belongs to a mail of the user, and when that was sent.
    pub(super) mail: Option<(MessageId, UnixTime)>,
    /// An id that belongs to a report of ours, and when that was sent.
    pub(super) report: Option<(MessageId, UnixTime)>,
    /// A known id that only stands in References.
    pub(super) referenced: Option<MessageId>,
}

impl Ids {
    /// Looks up every id of an original, in all its forms.
    pub(super) fn look_up(
        original: Option<&Original>,
        sent: &dyn SentMail,
    ) -> Result<Self, IndexUnavailable> {
        let mut ids = Self::default();
        let Some(original) = original else { return Ok(ids) };
        for id in original.message_id.iter().chain(&original.standing_id).chain(&original.ids) {
            if ids.given.contains(id) {
                continue;
            }
            ids.given.push(id.clone());
            match sent.sent(id)? {
                Some(SentAs::Mail(at)) => ids.mail = ids.mail.or_else(|| Some((id.clone(), at))),
                Some(SentAs::Report(at)) => ids.report = ids.report.or_else(|| Some((id.clone(), at))),
                None => {}
            }
        }
        for id in original.references.iter().filter(|id| !ids.given.contains(id)) {
            if sent.sent(id)?.is_some() {
                ids.referenced = Some(id.clone());
                break;
            }
        }
        Ok(ids)
    }

    /// Every id of the original, without repeats.
    pub(super) fn given(&self) -> &[MessageId] {
        &self.given
    }

    /// The ids as absent from every index, References included; none where there is no id at all.
    pub(super) fn absent(&self) -> Option<Absent> {
        let unknown = self.mail.is_none() && self.report.is_none() && self.referenced.is_none();
        (unknown && !self.given.is_empty()).then(|| Absent { ids: self.given.clone() })
    }
}
