//! Walks a folder's UIDs in windows that are neither too many for an answer nor too few for a round trip.

use std::ops::RangeInclusive;

/// UIDs asked for at once where a folder is dense: keeps an answer and its memory small.
const DENSE: u32 = 500;
/// The widest window, for folders whose UIDs are mostly gone.
const WIDEST: u32 = 64_000;

/// The windows from one UID to the folder's UIDNEXT.
#[derive(Debug)]
pub struct Windows {
    next: u32,
    end: u32,
    width: u32,
}

impl Windows {
    /// The windows that cover every UID from `first` to before `uid_next`.
    #[must_use]
    pub fn new(first: u32, uid_next: u32) -> Self {
        Self { next: first.max(1), end: uid_next, width: DENSE }
    }

    /// The next window; none at the end.
    pub fn advance(&mut self) -> Option<RangeInclusive<u32>> {
        if self.next >= self.end {
            return None;
        }
        let last = self.next.saturating_add(self.width - 1).min(self.end - 1);
        let window = self.next..=last;
        self.next = last.saturating_add(1);
        Some(window)
    }

    /// Says how many mails the last window held, so that sparse folders take wider ones.
    pub fn found(&mut self, mails: u32) {
        self.width = if mails < self.width / 8 { (self.width * 2).min(WIDEST) } else { DENSE };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_uid_is_in_one_window() {
        for (first, uid_next, found) in [(1, 1, 0), (1, 2, 1), (1, 1_501, 500), (7, 90_000, 0), (1, 0, 0)] {
            let mut windows = Windows::new(first, uid_next);
            let mut expected = first;
            while let Some(window) = windows.advance() {
                assert_eq!(*window.start(), expected, "windows follow each other without a gap");
                expected = window.end() + 1;
                windows.found(found);
            }
            assert_eq!(expected, uid_next.max(first), "they end at UIDNEXT");
        }
    }

    #[test]
    fn a_sparse_folder_takes_few_windows() {
        let mut windows = Windows::new(1, 1_000_000);
        let mut count = 0;
        while windows.advance().is_some() {
            windows.found(0);
            count += 1;
        }
        assert!(count < 30, "a million missing UIDs took {count} round trips");
    }
}
