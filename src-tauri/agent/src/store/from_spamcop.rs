//! SpamCop's answers that no report has been found for yet.

use std::ops::ControlFlow;

use rules::UnixTime;
use rules::spamcop::Answer;
use serde::{Deserialize, Serialize};

use super::{
    Store, StoreError,
    guard::lock,
    kv::Tree,
    layout::{key, work},
};

/// So many are kept; whoever writes more in SpamCop's name writes for nobody.
const MAX_KEPT: usize = 500;

/// An answer of SpamCop's, and when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// What it says.
    pub answer: Answer,
    /// INTERNALDATE of the mail.
    pub came: UnixTime,
}

/// The same mail read again has the same key.
fn key_of(json: &[u8]) -> Vec<u8> {
    key(work::FROM_SPAMCOP, &[blake3::hash(json).as_bytes()])
}

impl Store {
    /// Keeps answers; one that is there already stays once.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn keep_spamcop_answers(&self, answers: &[KeptAnswer]) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let mut known = self.spamcop_answers()?;
        known.sort_by_key(|known| known.came);
        let mut known = known.into_iter();
        let mut there = known.len();
        for answer in answers {
            let json = serde_json::to_vec(answer).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
            if self.0.guard.has(Tree::Work, &key_of(&json))? {
                continue;
            }
            // The oldest make room.
            if there >= MAX_KEPT
                && let Some(oldest) = known.next()
            {
                let json =
                    serde_json::to_vec(&oldest).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
                self.0.guard.write(Tree::Work, &[(key_of(&json), None)])?;
                there -= 1;
            }
            self.0.guard.put(Tree::Work, key_of(&json), json)?;
            there += 1;
        }
        Ok(())
    }

    /// The answers kept.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn spamcop_answers(&self) -> Result<Vec<KeptAnswer>, StoreError> {
        let mut answers = Vec::new();
        self.0.guard.visit(Tree::Work, &[work::FROM_SPAMCOP], |_, value| {
            // What cannot be read any more is worth nothing: the mail is still in the inbox.
            answers.extend(serde_json::from_slice::<KeptAnswer>(value));
            ControlFlow::Continue(())
        })?;
        Ok(answers)
    }

    /// Forgets an answer.
    ///
    /// # Errors
    /// The store is damaged.
    pub fn forget_spamcop_answer(&self, answer: &KeptAnswer) -> Result<(), StoreError> {
        let _writer = lock(&self.0.writer);
        let json = serde_json::to_vec(answer).map_err(|e| StoreError::Unfit { why: e.to_string() })?;
        self.0.guard.write(Tree::Work, &[(key_of(&json), None)])
    }
}
