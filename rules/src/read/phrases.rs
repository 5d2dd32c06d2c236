//! Phrases in the text of a notice: those of rules, of reasons, and of servers that still try.
//!
//! All are sought in one pass over the folded text, whatever their number.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::recognisers::Unusable;
use super::texts::{Bytes, Texts};
use crate::{Reason, fold};

/// A class of reasons and the phrases that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    reason: Reason,
    phrases: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    class: Vec<Class>,
}

/// The built-in classes. That they are valid is tested; without them reasons are told by codes alone.
const REASONS: &str = include_str!("../../data/reasons.toml");

/// Sentences of a notice which says that the original is still tried.
const SAYS_STILL_TRIED: [&str; 14] = [
    "do not need to resend",
    "do not have to resend",
    "this is a warning message only",
    "this is only a warning",
    "will be retried",
    "will continue to be",
    "will keep trying",
    "has not been delivered yet",
    "not yet been delivered",
    "has been delayed",
    "attempts to deliver the message will continue",
    "gmail will retry",
    "message will be queued",
    "you do not need to take any action",
];

/// How the servers' own names are announced, which [`super::bounce`] reads.
const NAMES_THE_SERVER: [&str; 10] = [
    "mail system at host",
    "qmail-send program at",
    "message from",
    "generating server:",
    "mail agent at",
    "mail server at",
    "mail server on",
    "status notification from",
    "program at",
    "report from",
];

/// How an id is announced, which [`super::original`] reads.
const NAMES_AN_ID: [&str; 3] = ["message-id", "message id", "messageid"];

/// What it means that a phrase was found.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    /// It is one of this rule's.
    Rule(usize),
    /// It shows a reason; the lower rank wins.
    Reason(Ranked),
    StillTried,
    NamesTheServer,
    NamesAnId,
}

/// A reason and the rank of its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    rank: usize,
    pub reason: Reason,
}

impl Ranked {
    /// The one that wins.
    pub fn first(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter().chain(other).min_by_key(|ranked| ranked.rank)
    }
}

/// What the phrases in a text show.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The rules of which a phrase stands there.
    pub rules: BTreeSet<usize>,
    /// The reason that they show.
    pub reason: Option<Ranked>,
    /// Whether it says that the original is still tried.
    pub still_tried: bool,
    /// Whether it may name the server that wrote it.
    pub names_the_server: bool,
    /// Whether it may name the original's id.
    pub names_an_id: bool,
}

/// All phrases, compiled.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    texts: Texts,
    meanings: Vec<Meaning>,
}

impl Phrases {
    /// Compiles the phrases of rules, folded, each with the number of its rule, and those of reasons.
    pub fn compile(of_rules: impl Iterator<Item = (String, usize)>) -> Result<Self, Unusable> {
        let classes: Classes = toml::from_str(REASONS).unwrap_or_default();
        let reasons = classes.class.into_iter().zip(0..).flat_map(|(Class { reason, phrases }, rank)| {
            let meaning = Meaning::Reason(Ranked { rank, reason });
            phrases.into_iter().map(move |phrase| (fold::fold(&phrase), meaning))
        });
        let (phrases, meanings): (Vec<String>, Vec<Meaning>) = of_rules
            .map(|(phrase, rule)| (phrase, Meaning::Rule(rule)))
            .chain(reasons)
            .chain(SAYS_STILL_TRIED.map(|phrase| (phrase.to_owned(), Meaning::StillTried)))
            .chain(NAMES_THE_SERVER.map(|phrase| (phrase.to_owned(), Meaning::NamesTheServer)))
            .chain(NAMES_AN_ID.map(|phrase| (phrase.to_owned(), Meaning::NamesAnId)))
            .unzip();
        Ok(Self { texts: Texts::compile(&phrases)?, meanings })
    }

    /// What the phrases in a folded text show.
    pub fn find(&self, folded: &str) -> Found {
        let mut found = Found::default();
        self.texts.find(folded, |phrase, _| found.add(self.meanings.get(phrase)));
        found
    }

    /// What they show in a text of ASCII alone that is folded while it is read.
    pub fn find_in_ascii(&self, text: &str) -> Found {
        let mut found = Found::default();
        self.texts.find_in_ascii(Folding(text), |phrase| found.add(self.meanings.get(phrase)));
        found
    }
}

/// The lines of a text of ASCII, folded.
struct Folding<'t>(&'t str);

impl Bytes for Folding<'_> {
    fn each(self, each: impl FnMut(u8)) {
        fold::fold_ascii_lines(self.0, each);
    }
}

impl Found {
    fn add(&mut self, meaning: Option<&Meaning>) {
        match meaning {
            Some(Meaning::Rule(rule)) => {
                self.rules.insert(*rule);
            }
            Some(Meaning::Reason(ranked)) => self.reason = Ranked::first(self.reason, Some(*ranked)),
            Some(Meaning::StillTried) => self.still_tried = true,
            Some(Meaning::NamesTheServer) => self.names_the_server = true,
            Some(Meaning::NamesAnId) => self.names_an_id = true,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_reasons_are_read() {
        let classes: Classes = toml::from_str(REASONS).expect("they are valid");
        let phrases = classes.class.iter().map(|class| class.phrases.len()).sum::<usize>();
        assert!(phrases > 150, "phrases for every class");
    }

    #[test]
    fn one_pass_finds_what_rules_and_reasons_ask_for() {
        let phrases = [("mailbox is full of joy".to_owned(), 7), ("box is".to_owned(), 3)];
        let phrases = Phrases::compile(phrases.into_iter()).expect("they compile");
        let found = phrases.find("the mailbox is full of joy. it will be retried");
        assert_eq!(found.rules.into_iter().collect::<Vec<_>>(), [3, 7], "one inside the other");
        assert_eq!(found.reason.map(|ranked| ranked.reason), Some(Reason::MailboxFull), "a reason as well");
        assert!(found.still_tried, "and that it is still tried");
    }
}
