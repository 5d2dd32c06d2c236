//! Whether a notice is surely one.

use crate::Notice;

/// A notice was recognised by more than rules of low confidence; made by [`SurelyNotice::is`] alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SurelyNotice(());

impl SurelyNotice {
    /// Shows that a notice surely is one.
    pub(super) fn is(notice: &Notice) -> Option<Self> {
        (!notice.doubtful).then_some(Self(()))
    }
}
