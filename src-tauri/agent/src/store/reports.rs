//! Reports, and which servers one is about already.

use std::ops::ControlFlow;

use super::{
    RecordId, Store, StoreError,
    guard::lock,
    kv::{Change, Tree},
    layout::{key, work},
};
use crate::report::{Channel, Report, ReportId};

/// The report to SpamCop has the record alone for its key.
fn report_key(id: ReportId) -> Vec<u8> {
    let channel: &[u8] = match id.channel {
        Channel::SpamCop => &[],
        Channel::Operator => b"o",
        Channel::Injector => b"i",
    };
    key(work::REPORT, &[&id.record.0.to_be_bytes(), channel])
}

fn change(report: &Report) -> Result<Change, StoreError> {
    let json = serde_json::to_vec(report).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
    Ok((report_key(report.id()), Some(json)))
}

impl Store {
    /// A report.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn report(&self, id: ReportId) -> Result<Option<Report>, StoreError> {
        let value = self.0.guard.get(Tree::Work, &report_key(id))?;
        value
            .map(|value| serde_json::from_slice(&value).map_err(|_| self.0.guard.garbled("a report")))
            .transpose()
    }

    /// Keeps what became of a report.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn put_report(&self, report: &Report) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        self.0.guard.write(Tree::Work, &[change(report)?])
    }

    /// All reports, the oldest first.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn reports(&self) -> Result<Vec<Report>, StoreError> {
        let (mut reports, mut garbled) = (Vec::new(), false);
        self.0.guard.visit(Tree::Work, &[work::REPORT], |_, value| {
            match serde_json::from_slice(value) {
                Ok(report) => reports.push(report),
                Err(_) => garbled = true,
            }
            ControlFlow::Continue(())
        })?;
        if garbled { Err(self.0.guard.garbled("a report")) } else { Ok(reports) }
    }

    /// Forgets that this record's report speaks for others.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn forget_speaker(&self, record: RecordId) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut keys = Vec::new();
        self.0.guard.visit(Tree::Work, &[work::REPORTED], |key, value| {
            if value == record.0.to_be_bytes() {
                keys.push((key.to_vec(), None));
            }
            ControlFlow::Continue(())
        })?;
        self.0.guard.write(Tree::Work, &keys)
    }

    /// The record whose report speaks for this server, kind and day; if there is none, this record's does from now on.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn speaks_for(&self, about: &str, record: RecordId) -> Result<RecordId, StoreError> {
        let _writer = lock(&self.0.writer);
        let about = key(work::REPORTED, &[about.as_bytes()]);
        let known = self.0.guard.get(Tree::Work, &about)?;
        let known =
            known.and_then(|value| value.try_into().ok()).map(|bytes| RecordId(u64::from_be_bytes(bytes)));
        if let Some(known) = known {
            return Ok(known);
        }
        self.0.guard.put(Tree::Work, about, record.0.to_be_bytes().to_vec())?;
        Ok(record)
    }
}
