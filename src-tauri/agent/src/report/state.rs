//! What becomes of a report, and what the user may order of it.

use rules::UnixTime;
use rules::spamcop::Link;
use serde::{Deserialize, Serialize};

/// By whose word a report is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The user's, who has confirmed it on SpamCop's page.
    Confirmed,
    /// SpamCop's, which has reported at once.
    Quick,
    /// SpamCop's: somebody has reported it before.
    ReportedAlready,
}

/// A try before: the mail was handed over, and the server did not take it, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// Its Message-ID, without brackets; the next try has the same, so that whoever gets it twice knows it again.
    pub message_id: String,
    /// It may have been sent.
    pub maybe_sent: bool,
}

/// What became of a report. Each step is in the journal before it is taken, so that none is sent twice whenever the power
/// goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReportState {
    /// It waits for the user.
    Waiting {
        /// The user took it back after it was to be sent: nothing but their word sends it.
        #[serde(default)]
        held: bool,
    },
    /// It is to be sent.
    Approved {
        /// Not before then: the server asked for patience, or could not be reached.
        not_before: UnixTime,
        /// How often it was tried in vain.
        tries: u32,
        /// Why it was not sent at the last try, and what to do.
        why: Option<String>,
        /// The user said so; else it is sent by itself.
        by_user: bool,
        /// The last try at which it was handed over; its copy is in the folder of sent mail.
        before: Option<Before>,
    },
    /// It is being handed over to the mail server: from here on it may have been sent.
    Sending {
        /// Its Message-ID, without brackets.
        message_id: String,
    },
    /// The connection was lost while it was handed over: it may have been sent. It is never sent again by itself.
    CutOff {
        /// Its Message-ID.
        message_id: String,
    },
    /// The mail server has taken it.
    Sent {
        /// Its Message-ID.
        message_id: String,
    },
    /// SpamCop has taken it, and does nothing until the user confirms it on its page.
    NeedsConfirmation {
        /// Its Message-ID.
        message_id: String,
        /// The page.
        link: Link,
        /// When the user had it opened.
        opened: Option<UnixTime>,
    },
    /// There is nothing more to be done.
    Done {
        /// Its Message-ID.
        message_id: String,
        /// By whose word.
        ended: Ended,
    },
    /// It was not sent and trying again would not help, or SpamCop did not take it.
    Refused {
        /// Why, and what to do.
        why: String,
        /// The last try at which it was handed over.
        #[serde(default)]
        before: Option<Before>,
    },
    /// Its time was over before it was sent, or confirmed.
    Expired {
        /// Why it had not been sent until then.
        #[serde(default)]
        why: Option<String>,
    },
    /// The user does not want it.
    Discarded,
    /// The mail turned out to be the user's, or was put back.
    Withdrawn,
}

impl ReportState {
    /// The word for it, as JSON and tables write it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Approved { .. } => "approved",
            Self::Sending { .. } => "sending",
            Self::CutOff { .. } => "cut_off",
            Self::Sent { .. } => "sent",
            Self::NeedsConfirmation { .. } => "needs_confirmation",
            Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
            Self::Expired { .. } => "expired",
            Self::Discarded => "discarded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Its Message-ID, once it was handed over.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Self::Sending { message_id }
            | Self::CutOff { message_id }
            | Self::Sent { message_id }
            | Self::NeedsConfirmation { message_id, .. }
            | Self::Done { message_id, .. } => Some(message_id),
            Self::Approved { before, .. } | Self::Refused { before, .. } => {
                before.as_ref().map(|before| before.message_id.as_str())
            }
            Self::Waiting { .. } | Self::Expired { .. } | Self::Discarded | Self::Withdrawn => None,
        }
    }

    /// Approved just now.
    #[must_use]
    pub fn approved(now: UnixTime, by_user: bool) -> Self {
        Self::approved_after(None, now, by_user)
    }

    fn approved_after(before: Option<Before>, now: UnixTime, by_user: bool) -> Self {
        Self::Approved { not_before: now, tries: 0, why: None, by_user, before }
    }

    /// The try before, at which it may have been sent.
    fn maybe_sent(&self) -> Option<&Before> {
        match self {
            Self::Approved { before, .. } | Self::Refused { before, .. } => {
                before.as_ref().filter(|before| before.maybe_sent)
            }
            _ => None,
        }
    }

    /// Whether nothing is being sent of it, and it can still be.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Approved { .. })
    }

    /// Whether it was sent, or may have been.
    #[must_use]
    pub fn may_be_sent(&self) -> bool {
        match self {
            Self::Sending { .. }
            | Self::CutOff { .. }
            | Self::Sent { .. }
            | Self::NeedsConfirmation { .. }
            | Self::Done { .. } => true,
            Self::Approved { .. } | Self::Refused { .. } => self.maybe_sent().is_some(),
            Self::Waiting { .. } | Self::Expired { .. } | Self::Discarded | Self::Withdrawn => false,
        }
    }

    /// What an order of the user makes of it; none where it cannot be carried out.
    #[must_use]
    pub fn after(&self, order: Order, now: UnixTime) -> Option<Self> {
        match (order, self) {
            (Order::Approve, Self::Waiting { .. }) => Some(Self::approved(now, true)),
            // The user knows that it may come twice.
            (Order::Approve, Self::CutOff { message_id }) => {
                let before = Before { message_id: message_id.clone(), maybe_sent: true };
                Some(Self::approved_after(Some(before), now, true))
            }
            (Order::Approve, Self::Approved { before, .. } | Self::Refused { before, .. }) => {
                Some(Self::approved_after(before.clone(), now, true))
            }
            // What may have been sent is not forgotten by that.
            (Order::Discard | Order::Undo, Self::Approved { .. }) if self.maybe_sent().is_some() => {
                self.maybe_sent().map(|before| Self::CutOff { message_id: before.message_id.clone() })
            }
            (Order::Discard, Self::Waiting { .. } | Self::Approved { .. }) => Some(Self::Discarded),
            (Order::Undo, Self::Approved { .. } | Self::Discarded) => Some(Self::Waiting { held: true }),
            (Order::Open, Self::NeedsConfirmation { message_id, link, .. }) => {
                Some(Self::NeedsConfirmation {
                    message_id: message_id.clone(),
                    link: link.clone(),
                    opened: Some(now),
                })
            }
            (
                Order::Done,
                Self::NeedsConfirmation { message_id, .. }
                | Self::Sent { message_id }
                | Self::CutOff { message_id },
            ) => Some(Self::Done { message_id: message_id.clone(), ended: Ended::Confirmed }),
            _ => None,
        }
    }
}

/// What the user orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Send it.
    Approve,
    /// Do not send it.
    Discard,
    /// Let it wait again.
    Undo,
    /// SpamCop's page is being opened for the user.
    Open,
    /// The user has confirmed it there.
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_772_000_000);

    fn link() -> Link {
        format!("https://www.spamcop.net/sc?id=z1z{}z", "0".repeat(32)).parse().expect("a link")
    }

    #[test]
    fn orders_are_carried_out_where_they_make_sense() {
        let id = || "r1@example.org".to_owned();
        let all = [
            ReportState::Waiting { held: false },
            ReportState::approved(NOW, true),
            ReportState::Sending { message_id: id() },
            ReportState::CutOff { message_id: id() },
            ReportState::Sent { message_id: id() },
            ReportState::NeedsConfirmation { message_id: id(), link: link(), opened: None },
            ReportState::Done { message_id: id(), ended: Ended::Confirmed },
            ReportState::Refused { why: "no".to_owned(), before: None },
            ReportState::Expired { why: None },
            ReportState::Discarded,
            ReportState::Withdrawn,
        ];
        let allowed = |order: Order| -> Vec<&str> {
            all.iter().filter(|state| state.after(order, NOW).is_some()).map(ReportState::name).collect()
        };
        assert_eq!(
            allowed(Order::Approve),
            ["waiting", "approved", "cut_off", "refused"],
            "never what may be on its way"
        );
        assert_eq!(allowed(Order::Discard), ["waiting", "approved"], "what was sent cannot be taken back");
        assert_eq!(allowed(Order::Undo), ["approved", "discarded"], "what was decided and not done");
        assert_eq!(allowed(Order::Open), ["needs_confirmation"], "there is a page");
        assert_eq!(
            allowed(Order::Done),
            ["cut_off", "sent", "needs_confirmation"],
            "what SpamCop has, or may have"
        );
        let cut_off = ReportState::CutOff { message_id: id() };
        let approved = cut_off.after(Order::Approve, NOW).expect("the user may try again");
        assert!(approved.may_be_sent(), "that it may have been sent is kept in mind");
        for order in [Order::Undo, Order::Discard] {
            assert_eq!(approved.after(order, NOW).as_ref(), Some(&cut_off), "and comes back with {order:?}");
        }
    }
}
