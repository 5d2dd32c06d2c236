//! The recognisers of `rules/data`: rules as data, compiled once.
//!
//! A rule is a conjunction: of each list that it has, one entry must match. All subjects of all rules are one
//! [`RegexSet`], all phrases one [`AhoCorasick`], so the cost of a mail does not grow with the number of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::patterns::{Pattern, Set, ascii_boundaries};
use crate::{Action, Kind, fields::Fields, subject};

/// What a rule concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Concludes {
    /// The mail is no notice, whatever else is seen.
    Ordinary,
    /// The mail is a bounce.
    Bounce,
    /// The mail is an automatic reply.
    AutoReply,
    /// The mail asks to confirm the original.
    Challenge,
    /// The mail tells of a virus or forbidden content.
    VirusNotice,
    /// The mail is a list server's.
    ListNotice,
    /// The mail is a complaint or a DMARC report.
    AbuseReport,
}

impl Concludes {
    /// The kind of notice; none for ordinary mail.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Ordinary => None,
            Self::Bounce => Some(Kind::Bounce),
            Self::AutoReply => Some(Kind::AutoReply),
            Self::Challenge => Some(Kind::Challenge),
            Self::VirusNotice => Some(Kind::VirusNotice),
            Self::ListNotice => Some(Kind::ListNotice),
            Self::AbuseReport => Some(Kind::AbuseReport),
        }
    }
}

/// A rule as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Its name, unique among all rules.
    id: String,
    /// What it concludes.
    kind: Concludes,
    /// The action it tells of, for a bounce without a report.
    #[serde(default)]
    action: Option<Action>,
    /// Whether the header must look like a program's (see [`super::facts`]).
    #[serde(default)]
    machine: bool,
    /// Whether the header must look like a mail server's: a daemon's From or a null sender.
    #[serde(default)]
    server: bool,
    /// Patterns of the folded Subject.
    #[serde(default)]
    subject: Vec<String>,
    /// Patterns of the folded From, name and address.
    #[serde(default)]
    from: Vec<String>,
    /// Patterns of header fields, as `name: pattern`.
    #[serde(default)]
    header: Vec<String>,
    /// Phrases of the folded text that is the notice's own; they stand anywhere in it.
    #[serde(default)]
    text: Vec<String>,
}

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Written>,
}

/// What is asked of a rule's conditions, beside the lists.
#[derive(Debug)]
struct Rule {
    concludes: Concludes,
    action: Option<Action>,
    machine: bool,
    server: bool,
    subject: bool,
    from: bool,
    header: bool,
    text: bool,
}

/// Why a file of rules is not usable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// It is not the TOML expected.
    #[error("the rules are not valid TOML: {0}")]
    Toml(#[from] toml::de::Error),
    /// A pattern is not valid.
    #[error("a pattern of the rules is not valid: {0}")]
    Pattern(#[from] regex::Error),
    /// The phrases could not be compiled.
    #[error("the phrases of the rules could not be compiled: {0}")]
    Phrases(#[from] aho_corasick::BuildError),
    /// A header pattern without a name.
    #[error("rule {0}: a header pattern is written as `name: pattern`")]
    Header(String),
    /// Two rules of one name.
    #[error("two rules are called {0}; give one of them another id")]
    Repeated(String),
    /// A rule that would match by text alone: triage, which sees no text, could not know of it.
    #[error("rule {0} needs a condition on the header beside its text")]
    TextAlone(String),
}

/// All rules, compiled.
#[derive(Debug, Default)]
pub(crate) struct Recognisers {
    rules: Vec<Rule>,
    subject: Set,
    from: Set,
    header: BTreeMap<String, Vec<Pattern>>,
    phrases: Option<AhoCorasick>,
    phrase_owners: Vec<usize>,
}

/// The built-in files, in the order in which their rules are asked.
const BUILT_IN: [&str; 7] = [
    include_str!("../../data/ordinary.toml"),
    include_str!("../../data/abuse_reports.toml"),
    include_str!("../../data/challenges.toml"),
    include_str!("../../data/virus_notices.toml"),
    include_str!("../../data/list_notices.toml"),
    include_str!("../../data/bounces.toml"),
    include_str!("../../data/auto_replies.toml"),
];

/// The built-in rules. That they compile is tested; without them only mail with a report is recognised.
pub(crate) static BUILT_IN_RULES: LazyLock<Recognisers> =
    LazyLock::new(|| Recognisers::compile(&BUILT_IN).unwrap_or_default());

/// What rules are asked about, beside single fields.
#[derive(Debug)]
pub(crate) struct Shows<'t> {
    /// The Subject, folded.
    pub subject: &'t str,
    /// The From, name and address, folded.
    pub from: &'t str,
    /// Whether the mail looks like a program's.
    pub machine: bool,
    /// Whether it looks like a mail server's.
    pub server: bool,
}

/// What the headers alone show of the rules.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    /// Rules that hold as far as the header goes, by their index.
    held: Vec<usize>,
}

/// A rule that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recognised {
    /// What it concludes.
    pub concludes: Concludes,
    /// The action it tells of.
    pub action: Option<Action>,
}

impl Recognisers {
    /// Compiles files of rules.
    fn compile(files: &[&str]) -> Result<Self, Unusable> {
        let mut all = Self::default();
        let (mut subjects, mut froms, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        let mut names = BTreeSet::new();
        for file in files {
            for written in toml::from_str::<File>(file)?.rule {
                let at = all.rules.len();
                let on_header = written.machine
                    || written.server
                    || !written.subject.is_empty()
                    || !written.from.is_empty()
                    || !written.header.is_empty();
                if !on_header {
                    return Err(Unusable::TextAlone(written.id));
                }
                for line in &written.header {
                    let (name, pattern) =
                        line.split_once(':').ok_or_else(|| Unusable::Header(written.id.clone()))?;
                    let pattern = Pattern::new(ascii_boundaries(pattern.trim_start()), at)?;
                    all.header.entry(name.to_owned()).or_default().push(pattern);
                }
                if !names.insert(written.id.clone()) {
                    return Err(Unusable::Repeated(written.id));
                }
                all.rules.push(Rule {
                    concludes: written.kind,
                    action: written.action,
                    machine: written.machine,
                    server: written.server,
                    subject: !written.subject.is_empty(),
                    from: !written.from.is_empty(),
                    header: !written.header.is_empty(),
                    text: !written.text.is_empty(),
                });
                subjects.extend(written.subject.into_iter().map(|pattern| (pattern, at)));
                froms.extend(written.from.into_iter().map(|pattern| (pattern, at)));
                phrases.extend(written.text.into_iter().map(|phrase| (subject::fold(&phrase), at)));
            }
        }
        all.subject = Set::compile(subjects)?;
        all.from = Set::compile(froms)?;
        let (phrases, owners): (Vec<String>, Vec<usize>) = phrases.into_iter().unzip();
        all.phrases = Some(AhoCorasick::new(phrases)?);
        all.phrase_owners = owners;
        Ok(all)
    }

    /// Asks every rule of a header.
    pub fn of_header(&self, fields: &Fields<'_>, shows: &Shows<'_>) -> Candidates {
        let (by_subject, by_from) = (self.subject.hits(shows.subject), self.from.hits(shows.from));
        let mut by_header = BTreeSet::new();
        for field in &fields.list {
            let Some(patterns) = self.header.get(field.name.as_str()) else { continue };
            let value = subject::fold(&field.decoded());
            by_header.extend(patterns.iter().filter(|one| one.is_match(&value)).map(|one| one.owner));
        }
        let holds = |(at, rule): (usize, &Rule)| {
            ((!rule.machine || shows.machine)
                && (!rule.server || shows.server)
                && (!rule.subject || by_subject.contains(&at))
                && (!rule.from || by_from.contains(&at))
                && (!rule.header || by_header.contains(&at)))
            .then_some(at)
        };
        Candidates { held: self.rules.iter().enumerate().filter_map(holds).collect() }
    }

    /// Whether a header already shows the mail to be ordinary.
    pub fn surely_ordinary(&self, candidates: &Candidates) -> bool {
        candidates
            .held
            .iter()
            .filter_map(|at| self.rules.get(*at))
            .any(|rule| rule.concludes == Concludes::Ordinary && !rule.text)
    }

    /// Whether a notice's rule holds as far as the header goes.
    pub fn any_notice(&self, candidates: &Candidates) -> bool {
        candidates
            .held
            .iter()
            .filter_map(|at| self.rules.get(*at))
            .any(|rule| rule.concludes != Concludes::Ordinary)
    }

    /// The rules that hold, in their order; `text` is the notice's own, folded.
    pub fn of_mail(&self, candidates: &Candidates, text: &str) -> Vec<Recognised> {
        let mut by_text = BTreeSet::new();
        if let Some(phrases) = &self.phrases {
            let owner = |at: usize| self.phrase_owners.get(at).copied();
            by_text.extend(
                phrases.find_overlapping_iter(text).filter_map(|found| owner(found.pattern().as_usize())),
            );
        }
        candidates
            .held
            .iter()
            .filter_map(|at| self.rules.get(*at).map(|rule| (*at, rule)))
            .filter(|(at, rule)| !rule.text || by_text.contains(at))
            .map(|(_, rule)| Recognised { concludes: rule.concludes, action: rule.action })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_compile() {
        let rules = Recognisers::compile(&BUILT_IN).expect("the built-in rules are valid");
        assert!(rules.rules.len() > 35, "there are rules for every kind");
        assert!(rules.subject.all_compile() && rules.from.all_compile(), "every pattern is valid");
        assert!(rules.header.values().flatten().all(Pattern::compiles), "those of header fields as well");
    }

    #[test]
    fn two_rules_of_one_name_are_refused() {
        let rule = "[[rule]]\nid = \"x\"\nkind = \"bounce\"\nmachine = true\n";
        let refused = Recognisers::compile(&[rule, rule]);
        assert!(matches!(refused, Err(Unusable::Repeated(_))), "a name must tell which rule is meant");
    }

    #[test]
    fn a_rule_on_text_alone_is_refused() {
        let file = "[[rule]]\nid = \"x\"\nkind = \"bounce\"\ntext = [\"not delivered\"]\n";
        let refused = Recognisers::compile(&[file]);
        assert!(matches!(refused, Err(Unusable::TextAlone(_))), "triage could not know of such a mail");
    }
}
