//! What happened, in figures.

use std::collections::BTreeMap;

use rules::{Kind, Reason, UnixTime};
use serde::{Deserialize, Serialize};

use super::SourceView;

/// What happened of late.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OverviewView {
    /// Since midnight where the user is.
    pub today: Totals,
    /// In the last 30 days.
    pub month: Totals,
    /// Backscatter by hour in the last 30 days, the oldest first; hours without any are left out.
    pub hours: Vec<HourView>,
    /// Hours in which far more came than else.
    pub storms: Vec<StormView>,
    /// Of the last 30 days, by kind.
    #[cfg_attr(test, ts(as = "BTreeMap<super::bindings::Kind, u64>"))]
    pub kinds: BTreeMap<Kind, u64>,
    /// Of the last 30 days, by the reason that the servers gave.
    #[cfg_attr(test, ts(as = "BTreeMap<super::bindings::Reason, u64>"))]
    pub reasons: BTreeMap<Reason, u64>,
    /// The servers that most came from, ten at most.
    pub top: Vec<SourceView>,
}

/// How many mails had what become of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Totals {
    /// Came and were taken out, whatever became of them since.
    pub moved: u64,
    /// Of these, put back by the user.
    pub restored: u64,
    /// Of these, put back by what was learned later.
    pub rescued: u64,
    /// Reports that were sent.
    pub reported: u64,
}

/// Backscatter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HourView {
    /// When the hour began.
    #[cfg_attr(test, ts(as = "i64"))]
    pub at: UnixTime,
    /// How many came.
    pub count: u64,
}

/// Hours in which far more came than else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StormView {
    /// When its first hour began.
    #[cfg_attr(test, ts(as = "i64"))]
    pub from: UnixTime,
    /// When its last hour ended.
    #[cfg_attr(test, ts(as = "i64"))]
    pub to: UnixTime,
    /// How many came in it.
    pub count: u64,
}
