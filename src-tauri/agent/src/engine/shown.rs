//! What is shown of notices: pages of records, and one record whole.

use super::view::{of_open, of_record, open_key, record_id, record_name};
use super::{Engine, EngineError, blocking, hosts, mine};
use crate::api::{PAGE, RecordPage, RecordState, RecordView};
use crate::store;

impl Engine {
    pub(super) async fn list(
        &self,
        account: Option<String>,
        state: Option<RecordState>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        if let Some(RecordState::Judged | RecordState::Undecided) = state {
            return self.open_page(account, state, limit, after).await;
        }
        let accounts = self.accounts(account.as_deref())?;
        let shared = self.shared().clone();
        blocking(move || {
            let mut all = Vec::new();
            for account in &accounts {
                let mut from = None;
                loop {
                    let page = account.store.records(account.id, from, 1_000)?;
                    let Some(last) = page.last() else { break };
                    from = Some(last.id);
                    all.extend(page.into_iter().map(|record| (account.name.clone(), record)));
                }
            }
            all.retain(|(_, record)| state_of(record.state).is_some_and(|is| state.is_none_or(|s| s == is)));
            all.sort_by_key(|(_, record)| std::cmp::Reverse(record.id));
            let total = all.len() as u64;
            let after = after.as_ref().and_then(record_id);
            let rest: Vec<_> =
                all.into_iter().filter(|(_, r)| after.is_none_or(|after| r.id < after)).collect();
            let limit = limit.clamp(1, PAGE) as usize;
            let next =
                (rest.len() > limit).then(|| rest.get(limit - 1).map(|(_, r)| record_name(r.id))).flatten();
            let mut records = Vec::new();
            for (name, record) in rest.iter().take(limit) {
                records.extend(of_record(&shared, name, record, false)?);
            }
            Ok(RecordPage { records, total, next })
        })
        .await
    }

    pub(super) async fn undecided(
        &self,
        account: Option<String>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        self.open_page(account, Some(RecordState::Undecided), limit, after).await
    }

    async fn open_page(
        &self,
        account: Option<String>,
        state: Option<RecordState>,
        limit: u32,
        after: Option<crate::api::RecordId>,
    ) -> Result<RecordPage, EngineError> {
        let accounts = self.accounts(account.as_deref())?;
        blocking(move || {
            let mut views = Vec::new();
            for account in &accounts {
                for key in account.store.open_keys(account.id)? {
                    let Some(open) = account.store.open_notice(&key)? else { continue };
                    views.extend(of_open(account, &open, false).filter(|view| Some(view.state) == state));
                }
            }
            views.sort_by(|a, b| (b.arrived, &b.id).cmp(&(a.arrived, &a.id)));
            let total = views.len() as u64;
            let begin =
                after.and_then(|id| views.iter().position(|view| view.id == id)).map_or(0, |at| at + 1);
            let limit = limit.clamp(1, PAGE) as usize;
            let more = views.len() > begin + limit;
            let records: Vec<RecordView> = views.into_iter().skip(begin).take(limit).collect();
            let next = if more { records.last().map(|view| view.id.clone()) } else { None };
            Ok(RecordPage { records, total, next })
        })
        .await
    }

    pub(super) async fn show(&self, id: crate::api::RecordId) -> Result<RecordView, EngineError> {
        let accounts = self.accounts(None)?;
        let shared = self.shared().clone();
        blocking(move || {
            let unknown = || EngineError::NoSuchRecord(id.0.clone());
            let store = &shared.store;
            let mut view = if let Some(key) = open_key(&id) {
                let open = store.open_notice(&key)?.ok_or_else(unknown)?;
                let account =
                    accounts.iter().find(|account| account.id == open.account).ok_or_else(unknown)?;
                of_open(account, &open, true).ok_or_else(unknown)?
            } else {
                let record = record_id(&id).ok_or_else(unknown)?;
                let record = store.record(record)?.ok_or_else(unknown)?;
                let account = accounts.iter().find(|account| account.id == record.account);
                let name = account.map_or("", |account| &account.name);
                of_record(&shared, name, &record, true)?.ok_or_else(unknown)?
            };
            view.evidence.extend(hosts::hints(&shared, &mine::named(&shared, &id)?.notice)?);
            Ok(view)
        })
        .await
    }
}

fn state_of(state: store::RecordState) -> Option<RecordState> {
    match state {
        store::RecordState::Moving => None,
        store::RecordState::Moved | store::RecordState::Restoring => Some(RecordState::Quarantined),
        store::RecordState::Restored | store::RecordState::PutBack => Some(RecordState::Restored),
        store::RecordState::Rescued => Some(RecordState::Rescued),
        store::RecordState::Purged => Some(RecordState::Purged),
        store::RecordState::Gone => Some(RecordState::Gone),
    }
}
