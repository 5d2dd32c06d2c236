//! The undecided, by what one decision would settle: a storm of a thousand is one question.

use std::collections::BTreeMap;

use rules::{Subject, Why};

use super::super::view::{of_open, open_name};
use super::super::{Engine, EngineError, blocking};
use super::search::open_notices;
use crate::api::{GroupBy, GroupView, VerdictName};
use crate::store::OpenNotice;

/// By what groups are told apart.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: String,
    misused: bool,
    /// In a normalised form, where it is a subject.
    by: GroupBy,
}

impl Engine {
    /// The undecided, those first that may be of a stolen account, then the largest.
    pub(in crate::engine) async fn groups(&self) -> Result<Vec<GroupView>, EngineError> {
        let accounts = self.accounts(None)?;
        blocking(move || {
            let mut notices = open_notices(&accounts)?;
            notices.sort_by_key(|(_, open)| std::cmp::Reverse((open.internal_date, open.key)));
            let mut groups: BTreeMap<Key, GroupView> = BTreeMap::new();
            for (account, open) in notices {
                let Some(view) = of_open(account, &open, false) else { continue };
                let misused = view.verdict == VerdictName::Misused;
                let why = open.last.as_ref().and_then(|last| last.why.as_ref());
                // What waits for time alone is nobody's question.
                if !(misused || view.verdict == VerdictName::Undecided) || matches!(why, Some(Why::Waiting)) {
                    continue;
                }
                let (by, shown) = group_of(why, &open);
                let key = Key { account: account.name.clone(), misused, by };
                let group = groups.entry(key).or_insert_with(|| GroupView {
                    account: account.name.clone(),
                    by: shown,
                    why: view.why.clone().unwrap_or_else(|| view.verdict.as_str().to_owned()),
                    sentence: view.sentence.clone(),
                    told: view.told.clone(),
                    misused,
                    count: 0,
                    kinds: BTreeMap::new(),
                    newest: view.arrived,
                    ids: Vec::new(),
                });
                group.count = group.count.saturating_add(1);
                *group.kinds.entry(view.kind).or_default() += 1;
                group.ids.push(open_name(&open.key));
            }
            let mut groups: Vec<GroupView> = groups.into_values().collect();
            groups.sort_by_key(|group| std::cmp::Reverse((group.misused, group.count, group.newest)));
            Ok(groups)
        })
        .await
    }
}

/// What a notice has in common with others: as groups are told apart, and as it is shown.
fn group_of(why: Option<&Why>, open: &OpenNotice) -> (GroupBy, GroupBy) {
    let same = |by: GroupBy| (by.clone(), by);
    match why {
        Some(Why::NotOwn(address) | Why::Shared(address) | Why::Role(address)) => {
            same(GroupBy::Address(address.to_string()))
        }
        Some(Why::Uncovered(_) | Why::NotProvedByUse(_) | Why::IndexUnavailable(_)) => {
            same(GroupBy::SentFolders)
        }
        Some(Why::LeftAlone(_)) => same(GroupBy::Kind(open.notice.kind)),
        _ => {
            let subject = open.notice.original.as_ref().and_then(|original| original.subject.as_deref());
            let subject = subject.unwrap_or(&open.notice.outer.subject);
            let normal = Subject::new(subject);
            if normal.is_empty() {
                return same(GroupBy::Kind(open.notice.kind));
            }
            (GroupBy::Subject(normal.as_str().to_owned()), GroupBy::Subject(subject.trim().to_owned()))
        }
    }
}
