//! The reporter's hop, T of the design, the span that must be covered, and the grace time.

use super::proof::StormProof;
use crate::time::DAY;
use crate::trace::Hop;
use crate::{Notice, Span, UnixTime};

/// How long before a notice its original can have been sent, in seconds.
const OLDEST_ORIGINAL: i64 = 30 * DAY;
/// How far T can lie behind the notice's INTERNALDATE, in seconds: clocks go wrong by time zones.
const CLOCK_ERROR: i64 = DAY;
/// How long before T the coverage has to begin, in seconds.
const COVERED_BEFORE: i64 = DAY;

/// The topmost Received of the returned original, where the server that wrote the notice wrote this line,
/// too. The lines below it are the word of whoever handed the original on.
pub(crate) fn reporters_hop(notice: &Notice) -> Option<&Hop> {
    let top = notice.original.as_ref()?.trace.first()?;
    let reporter = host_name(notice.reported_by.as_ref()?.name.as_deref()?);
    let by = host_name(top.by.as_deref()?);
    (!by.is_empty() && by == reporter).then_some(top)
}

/// A host name as compared.
pub(super) fn host_name(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// T, the time of the original, seen from a notice that arrived at a time; none where it cannot be.
pub(crate) fn original_time(notice: &Notice, hop: Option<&Hop>, arrived: UnixTime) -> Option<UnixTime> {
    let time = OriginalTime::new(notice, hop, arrived);
    time.plausible.then_some(time.at)
}

/// What told the time of the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The Arrival-Date of the report (RFC 3464 §2.2.5).
    ArrivalDate,
    /// The reporter's hop.
    ReportersHop,
    /// The INTERNALDATE of the notice.
    Notice,
}

/// T, the time of the original. Its own Date is never asked: a spammer wrote it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OriginalTime {
    /// The time.
    pub(super) at: UnixTime,
    /// What told it.
    pub(super) source: Source,
    /// Whether it can be, seen from the notice's INTERNALDATE.
    pub(super) plausible: bool,
}

impl OriginalTime {
    /// Reads the time of the original of a notice that arrived at a time.
    pub(super) fn new(notice: &Notice, hop: Option<&Hop>, arrived: UnixTime) -> Self {
        let (at, source) = match (notice.arrival_date, hop.and_then(|hop| hop.date)) {
            (Some(date), _) => (date.at, Source::ArrivalDate),
            (None, Some(date)) => (date.at, Source::ReportersHop),
            (None, None) => (arrived, Source::Notice),
        };
        let window = Span::new(arrived.minus(OLDEST_ORIGINAL), arrived.plus(CLOCK_ERROR));
        Self { at, source, plausible: window.contains(at) }
    }

    /// The span that must be covered: from a day before T, or before the original's Date where this is up to
    /// 30 days older than T (a mail can lie in a queue), to T.
    pub(super) fn span(&self, date: Option<UnixTime>) -> Span {
        let queued = date.filter(|date| Span::new(self.at.minus(OLDEST_ORIGINAL), self.at).contains(*date));
        Span::new(queued.unwrap_or(self.at).minus(COVERED_BEFORE), self.at)
    }

    /// The 30 days before T, in which what the user wrote speaks against "never sent".
    pub(super) fn before(&self) -> Span {
        Span::new(self.at.minus(30 * DAY), self.at)
    }

    /// The days around T in which answers prove the index.
    pub(super) fn use_span(&self) -> Span {
        Span::new(self.at.minus(60 * DAY), self.at.plus(30 * DAY))
    }
}

/// No copy can come to the Sent folder any more, or none is waited for; made by [`Grace::over`] and [`Grace::waived`]
/// alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GraceOver(());

/// The time that a copy in Sent has to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grace {
    /// When it ends.
    pub(super) ends: UnixTime,
}

impl Grace {
    /// The grace time of a notice: 0 to 24 hours from its INTERNALDATE; other values are cut to these.
    pub(super) fn new(arrived: UnixTime, seconds: i64) -> Self {
        Self { ends: arrived.plus(seconds.clamp(0, DAY)) }
    }

    /// Whether it is over.
    pub(super) fn over(self, now: UnixTime) -> Option<GraceOver> {
        (now >= self.ends).then_some(GraceOver(()))
    }

    /// No mail of a storm has a copy that could come.
    pub(super) fn waived(_storm: &StormProof) -> GraceOver {
        GraceOver(())
    }
}
