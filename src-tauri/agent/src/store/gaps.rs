//! Gaps in the UIDs of a Sent folder, and the spans of time in which their mails were sent.

use rules::{Span, UnixTime};

/// Before the oldest mail.
const EVER: UnixTime = UnixTime(i64::MIN);

/// The span between two neighbours, whichever is older: mails can be filed into a folder out of order.
fn between(one: Option<UnixTime>, other: UnixTime) -> Span {
    let one = one.unwrap_or(EVER);
    Span::new(one.min(other), one.max(other))
}

/// Finds the UIDs that are missing, given the known ones in order.
pub(super) struct Gaps {
    next: u32,
    last: Option<UnixTime>,
    holes: Vec<Span>,
}

impl Gaps {
    /// UIDs from `next` on are looked through; `last` is the sent time of the known mail before.
    pub(super) fn new(next: u32, last: Option<UnixTime>) -> Self {
        Self { next, last, holes: Vec::new() }
    }

    pub(super) fn known(&mut self, uid: u32, at: UnixTime) {
        if uid > self.next {
            self.holes.push(between(self.last, at));
        }
        self.next = uid.saturating_add(1);
        self.last = Some(at);
    }

    /// The holes up to `uid_next`; a gap at the end reaches to `until`.
    pub(super) fn end(mut self, uid_next: u32, until: UnixTime) -> Vec<Span> {
        if uid_next > self.next {
            self.holes.push(between(self.last, until));
        }
        self.holes
    }
}

/// Finds the spans of mails that were known and have gone, given all that were known in order.
pub(super) struct Losses {
    last: Option<UnixTime>,
    open: bool,
    holes: Vec<Span>,
}

impl Losses {
    /// `last` is the sent time of the known mail before the first that has gone.
    pub(super) fn new(last: Option<UnixTime>) -> Self {
        Self { last, open: false, holes: Vec::new() }
    }

    pub(super) fn lost(&mut self) {
        self.open = true;
    }

    pub(super) fn there(&mut self, at: UnixTime) {
        if std::mem::take(&mut self.open) {
            self.holes.push(between(self.last, at));
        }
        self.last = Some(at);
    }

    /// Whether a loss has no neighbour behind it yet.
    pub(super) fn open(&self) -> bool {
        self.open
    }

    /// The holes; a loss at the end reaches to `until`.
    pub(super) fn end(mut self, until: UnixTime) -> Vec<Span> {
        if self.open {
            self.holes.push(between(self.last, until));
        }
        self.holes
    }
}

/// Spans in order, joined where they overlap or touch; empty ones left out.
pub(super) fn joined(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().filter(|s| s.from <= s.to).collect();
    spans.sort_by_key(|s| (s.from, s.to));
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to.plus(1) => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}
