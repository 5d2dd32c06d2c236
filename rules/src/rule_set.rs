//! The rules by which notices are recognised: the built-in ones, and those that the user adds.

use std::sync::Arc;

use crate::read::{self, About, BUILT_IN_RULES, Reading, Recognisers, RuleFile, RuleProblem};
use crate::triage::{self, Sorted, Structure, Triage};

/// Rules, compiled; cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules(Arc<Recognisers>);

impl Default for Rules {
    fn default() -> Self {
        Self::built_in()
    }
}

impl Rules {
    /// The rules that every Neversent has.
    #[must_use]
    pub fn built_in() -> Self {
        Self(BUILT_IN_RULES.clone())
    }

    /// The built-in rules together with those of files, and what is wrong with any of these.
    ///
    /// A rule of a file takes the place of a built-in one of the same name; with `off = true` it only takes it away. A
    /// rule that is not usable is told of and left out, and all others work. Files are asked in their order.
    #[must_use]
    pub fn with_files(files: &[RuleFile]) -> (Self, Vec<RuleProblem>) {
        if files.is_empty() {
            return (Self::built_in(), Vec::new());
        }
        let (recognisers, problems) = Recognisers::with_files(files);
        (Self(Arc::new(recognisers)), problems)
    }

    /// What is told of each rule, in the order in which they are asked.
    pub fn list(&self) -> impl Iterator<Item = &About> {
        self.0.list()
    }

    /// As [`crate::read()`], by these rules.
    #[must_use]
    pub fn read(&self, mail: &[u8]) -> Reading {
        read::read_by(&self.0, mail)
    }

    /// As [`crate::triage()`], by these rules.
    #[must_use]
    pub fn triage(&self, headers: &[u8], structure: Option<&Structure>) -> Triage {
        triage::triage_by(&self.0, headers, structure)
    }

    /// As [`triage::sort`], by these rules.
    #[must_use]
    pub fn sort(&self, headers: &[u8], structure: Option<&Structure>) -> Sorted {
        triage::sort_by(&self.0, headers, structure)
    }
}
