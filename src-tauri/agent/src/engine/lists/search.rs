//! Part of the mails that match a query, in an order.

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::account::Account;
use super::super::view::{of_open, of_record, open_name, record_name};
use super::super::{Engine, EngineError, Shared, blocking};
use super::catalogue::{Row, Sought};
use crate::api::{self, PAGE, Query, RecordPage, RecordState, RecordView, SortBy, Sorting};
use crate::store::{MailKey, OpenNotice, RecordId};

/// A mail that was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// It was moved.
    Moved(RecordId),
    /// It was judged or is undecided, and lies where it came.
    Open(MailKey),
}

impl Found {
    fn name(self) -> api::RecordId {
        match self {
            Self::Moved(id) => record_name(id),
            Self::Open(key) => open_name(&key),
        }
    }
}

impl Engine {
    pub(in crate::engine) async fn search(
        &self,
        query: Query,
        sorting: Sorting,
        offset: u64,
        limit: u32,
    ) -> Result<RecordPage, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        blocking(move || {
            let found = found(&shared, &accounts, query, sorting)?;
            let total = found.len() as u64;
            let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
            let mut records = Vec::new();
            for one in found.into_iter().skip(skipped).take(limit.clamp(1, PAGE) as usize) {
                records.extend(shown(&shared, &accounts, one)?);
            }
            Ok(RecordPage { records, total, next: None })
        })
        .await
    }

    pub(in crate::engine) async fn matching(&self, query: Query) -> Result<Vec<api::RecordId>, EngineError> {
        let (accounts, shared) = (self.accounts(None)?, self.shared().clone());
        blocking(move || {
            let found = found(&shared, &accounts, query, Sorting::default())?;
            Ok(found.into_iter().map(Found::name).collect())
        })
        .await
    }
}

/// All that match, in order.
fn found(
    shared: &Shared,
    accounts: &[Account],
    query: Query,
    sorting: Sorting,
) -> Result<Vec<Found>, EngineError> {
    let sought = Sought::new(query);
    let open = if sought.wants(RecordState::Judged) || sought.wants(RecordState::Undecided) {
        open_rows(accounts)?
    } else {
        Vec::new()
    };
    shared.lists.with(shared, |catalogue| {
        let moved = catalogue.rows().map(|(id, row)| (Found::Moved(id), row));
        let open = open.iter().map(|(key, row)| (Found::Open(*key), row));
        let mut found: Vec<(Found, &Row)> =
            moved.chain(open).filter(|(_, row)| sought.matches(row)).collect();
        found.sort_unstable_by(|one, other| compare(sorting, one, other));
        found.into_iter().map(|(found, _)| found).collect()
    })
}

fn compare(sorting: Sorting, one: &(Found, &Row), other: &(Found, &Row)) -> Ordering {
    let (a, b) = (one.1, other.1);
    let by = match sorting.by {
        SortBy::Arrived => a.arrived.cmp(&b.arrived),
        SortBy::Subject => a.subject.cmp(&b.subject),
        SortBy::From => a.from.cmp(&b.from),
        SortBy::Server => a.server.cmp(&b.server),
        SortBy::Kind => a.kind.cmp(&b.kind),
    };
    let by = if sorting.ascending { by } else { by.reverse() };
    by.then_with(|| b.arrived.cmp(&a.arrived)).then_with(|| other.0.cmp(&one.0))
}

/// The notices of all accounts that are not settled, with what was said of each.
pub fn open_notices(accounts: &[Account]) -> Result<Vec<(&Account, OpenNotice)>, EngineError> {
    let mut all = Vec::new();
    for account in accounts {
        for key in account.store.open_keys(account.id)? {
            all.extend(account.store.open_notice(&key)?.map(|open| (account, open)));
        }
    }
    Ok(all)
}

/// The open notices as rows.
pub fn open_rows(accounts: &[Account]) -> Result<Vec<(MailKey, Row)>, EngineError> {
    let mut rows = Vec::new();
    for account in accounts {
        let (name, profile): (Arc<str>, _) = (account.name.as_str().into(), account.profile());
        for key in account.store.open_keys(account.id)? {
            let Some(open) = account.store.open_notice(&key)? else { continue };
            let Some(last) = &open.last else { continue };
            let times = (open.internal_date, open.internal_date);
            let state =
                if last.verdict == "backscatter" { RecordState::Judged } else { RecordState::Undecided };
            let row = Row::of(name.clone(), &open.notice, times, &profile);
            rows.push((key, Row { state: Some(state), ..row }));
        }
    }
    Ok(rows)
}

fn shown(shared: &Shared, accounts: &[Account], found: Found) -> Result<Option<RecordView>, EngineError> {
    match found {
        Found::Moved(id) => {
            let Some(record) = shared.store.record(id)? else { return Ok(None) };
            let account = accounts.iter().find(|account| account.id == record.account);
            of_record(shared, account.map_or("", |account| &account.name), &record, false)
        }
        Found::Open(key) => {
            let Some(open) = shared.store.open_notice(&key)? else { return Ok(None) };
            let account = accounts.iter().find(|account| account.id == open.account);
            Ok(account.and_then(|account| of_open(account, &open, false)))
        }
    }
}
