//! The recognisers of `rules/data` and of the user: rules as data, compiled once.
//!
//! A rule is a conjunction: of each list that it has, one entry must match. All subjects of all rules are one [`Set`],
//! all phrases one [`Phrases`], so the cost of a mail does not grow with the number of rules.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde::Deserialize;

use super::patterns::{Set, ascii_boundaries};
use super::phrases::Phrases;
use super::rule_file::{self, Confidence, Placed, RuleFile, RuleProblem};
use super::status::Wording;
use crate::{
    Action, Kind,
    fields::{Fields, Names},
    fold,
};

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
    /// The mail is a receipt.
    Receipt,
}

impl Concludes {
    /// It in a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Bounce => "bounce",
            Self::AutoReply => "auto_reply",
            Self::Challenge => "challenge",
            Self::VirusNotice => "virus_notice",
            Self::ListNotice => "list_notice",
            Self::AbuseReport => "abuse_report",
            Self::Receipt => "receipt",
        }
    }

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
            Self::Receipt => Some(Kind::Receipt),
        }
    }
}

/// What is asked of a rule's conditions, beside the lists.
#[derive(Debug)]
struct Rule {
    about: About,
    concludes: Concludes,
    action: Option<Action>,
    sure: bool,
    machine: bool,
    server: bool,
    subject: bool,
    from: bool,
    header: bool,
    text: bool,
    parts: Vec<String>,
}

/// What is told of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub id: String,
    /// What it recognises, in words.
    pub what: String,
    /// Where that is known from.
    pub source: String,
    /// The file that it stands in; none for a built-in one.
    pub file: Option<String>,
    /// What it concludes: a kind of notice, or `ordinary`.
    pub concludes: &'static str,
    /// Whether it is sure: what is only recognised by rules that are not is never moved.
    pub sure: bool,
}

/// All rules, compiled.
#[derive(Debug, Default)]
pub(crate) struct Recognisers {
    rules: Vec<Rule>,
    /// Rules that ask nothing of single fields.
    without_lists: Vec<usize>,
    subject: Set,
    from: Set,
    header: BTreeMap<String, Set>,
    header_names: Names,
    /// Those of rules and those that show reasons.
    pub(super) phrases: Phrases,
}

/// The built-in files, in the order in which their rules are asked.
const BUILT_IN: [(&str, &str); 7] = [
    ("ordinary.toml", include_str!("../../data/ordinary.toml")),
    ("abuse_reports.toml", include_str!("../../data/abuse_reports.toml")),
    ("challenges.toml", include_str!("../../data/challenges.toml")),
    ("virus_notices.toml", include_str!("../../data/virus_notices.toml")),
    ("list_notices.toml", include_str!("../../data/list_notices.toml")),
    ("bounces.toml", include_str!("../../data/bounces.toml")),
    ("auto_replies.toml", include_str!("../../data/auto_replies.toml")),
];

/// The built-in rules. That they compile is tested; without them only mail with a report is recognised.
pub(crate) static BUILT_IN_RULES: LazyLock<Arc<Recognisers>> =
    LazyLock::new(|| Arc::new(Recognisers::with_files(&[]).0));

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
pub(crate) struct Recognised<'r> {
    /// Its name.
    pub id: &'r str,
    /// What it concludes.
    pub concludes: Concludes,
    /// The action it tells of.
    pub action: Option<Action>,
    /// Whether it is sure.
    pub sure: bool,
}

/// Why rules are not usable together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// A pattern is not valid.
    #[error("a pattern of the rules is not valid: {0}")]
    Pattern(#[from] regex::Error),
    /// The phrases could not be compiled.
    #[error("the phrases of the rules could not be compiled: {0}")]
    Phrases(#[from] super::texts::TextsError),
}

impl Recognisers {
    /// The built-in rules, and those of files: a rule of theirs takes the place of a built-in one of the same name.
    /// Rules that are not usable are told of and left out.
    pub fn with_files(files: &[RuleFile]) -> (Self, Vec<RuleProblem>) {
        let (mut rules, mut problems) = (Vec::new(), Vec::new());
        for (name, text) in BUILT_IN {
            let file = RuleFile { name: name.to_owned(), text: text.to_owned() };
            let (read, wrong) = rule_file::read(&file);
            rules.extend(read.into_iter().map(|placed| (placed, true)));
            problems.extend(wrong);
        }
        for file in files {
            let (read, wrong) = rule_file::read(file);
            problems.extend(wrong);
            for placed in read {
                match checked(&placed, &rules) {
                    Ok(()) => put(&mut rules, placed),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        match Self::compile(&rules) {
            Ok(compiled) => (compiled, problems),
            Err(unusable) => {
                // Each was usable alone: together they are too much for an automaton.
                let file = files.first().map(|file| file.name.clone()).unwrap_or_default();
                problems.push(RuleProblem { file, line: 1, what: format!("{unusable}; use fewer rules") });
                rules.retain(|(_, built_in)| *built_in);
                (Self::compile(&rules).unwrap_or_default(), problems)
            }
        }
    }

    fn compile(placed: &[(Placed, bool)]) -> Result<Self, Unusable> {
        let mut all = Self::default();
        let (mut subjects, mut froms, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        let mut headers: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
        for (placed, built_in) in placed {
            let (written, at) = (&placed.rule, all.rules.len());
            let Some(concludes) = written.kind.filter(|_| !written.off) else { continue };
            for (name, pattern) in written.header.iter().filter_map(|line| header_pattern(line)) {
                headers.entry(name.to_owned()).or_default().push((pattern, at));
            }
            all.rules.push(Rule {
                about: About {
                    id: written.id.clone(),
                    what: written.what.clone(),
                    source: written.source.clone(),
                    file: (!built_in).then(|| placed.file.clone()),
                    concludes: concludes.name(),
                    sure: written.confidence == Confidence::High,
                },
                concludes,
                action: written.action,
                sure: written.confidence == Confidence::High,
                machine: written.machine,
                server: written.server,
                subject: !written.subject.is_empty(),
                from: !written.from.is_empty(),
                header: !written.header.is_empty(),
                text: !written.text.is_empty(),
                parts: written.part.iter().map(|part| part.to_lowercase()).collect(),
            });
            if written.subject.is_empty() && written.from.is_empty() && written.header.is_empty() {
                all.without_lists.push(at);
            }
            subjects.extend(written.subject.iter().map(|pattern| (pattern.clone(), at)));
            froms.extend(written.from.iter().map(|pattern| (pattern.clone(), at)));
            phrases.extend(written.phrases().map(|phrase| (phrase, at)));
        }
        for (name, patterns) in headers {
            all.header_names.add(&name);
            all.header.insert(name, Set::compile(patterns)?);
        }
        all.subject = Set::compile(subjects)?;
        all.from = Set::compile(froms)?;
        all.phrases = Phrases::compile(phrases.into_iter())?;
        Ok(all)
    }

    /// What is told of each rule, in the order in which they are asked.
    pub fn list(&self) -> impl Iterator<Item = &About> {
        self.rules.iter().map(|rule| &rule.about)
    }

    /// Asks every rule of a header.
    pub fn of_header(&self, fields: &Fields<'_>, shows: &Shows<'_>) -> Candidates {
        let (by_subject, by_from) = (self.subject.hits(shows.subject), self.from.hits(shows.from));
        let mut by_header = Vec::new();
        for field in &fields.list {
            // Most fields are asked by no rule.
            if !self.header_names.may_have(&field.name) {
                continue;
            }
            let Some(patterns) = self.header.get(field.name.as_str()) else { continue };
            let value = fold::fold(&field.decoded());
            by_header.extend(patterns.hits(&value));
        }
        let holds = |(at, rule): (usize, &Rule)| {
            ((!rule.machine || shows.machine)
                && (!rule.server || shows.server)
                && (!rule.subject || by_subject.contains(&at))
                && (!rule.from || by_from.contains(&at))
                && (!rule.header || by_header.contains(&at)))
            .then_some(at)
        };
        // Whatever the number of rules, few have an entry that matches.
        let mut asked: Vec<usize> = self.without_lists.clone();
        asked.extend(by_subject.iter().chain(&by_from).chain(&by_header));
        asked.sort_unstable();
        asked.dedup();
        let held = asked.into_iter().filter_map(|at| holds((at, self.rules.get(at)?))).collect();
        Candidates { held }
    }

    fn held<'r>(&'r self, candidates: &Candidates) -> impl Iterator<Item = (usize, &'r Rule)> {
        candidates.held.iter().filter_map(|at| Some((*at, self.rules.get(*at)?)))
    }

    /// Whether a header already shows the mail to be ordinary.
    pub fn surely_ordinary(&self, candidates: &Candidates) -> bool {
        self.held(candidates)
            .any(|(_, rule)| rule.concludes == Concludes::Ordinary && !rule.text && rule.parts.is_empty())
    }

    /// Whether a notice's rule holds as far as the header goes.
    pub fn any_notice(&self, candidates: &Candidates) -> bool {
        self.held(candidates).any(|(_, rule)| rule.concludes != Concludes::Ordinary)
    }

    /// The rules that hold, in their order; `text` is the notice's own. Of those that ask for a phrase only those with
    /// such conclusions are asked.
    pub(super) fn of_mail(
        &self,
        candidates: &Candidates,
        media_types: &[String],
        text: &Wording<'_>,
        by_phrase: impl Fn(Concludes) -> bool,
    ) -> Vec<Recognised<'_>> {
        let holds = |(at, rule): (usize, &Rule)| {
            (rule.parts.is_empty() || rule.parts.iter().any(|part| media_types.contains(part)))
                && (!rule.text || by_phrase(rule.concludes) && text.found().rules.contains(&at))
        };
        self.held(candidates)
            .filter(|(at, rule)| holds((*at, rule)))
            .map(|(_, rule)| Recognised {
                id: &rule.about.id,
                concludes: rule.concludes,
                action: rule.action,
                sure: rule.sure,
            })
            .collect()
    }
}

/// The name and the pattern of a condition on a header field.
fn header_pattern(line: &str) -> Option<(&str, String)> {
    let (name, pattern) = line.split_once(':')?;
    Some((name, pattern.trim_start().to_owned()))
}

/// Puts a rule of the user in the place of the built-in one of its name, or behind all.
fn put(rules: &mut Vec<(Placed, bool)>, placed: Placed) {
    match rules.iter_mut().find(|(other, _)| other.rule.id == placed.rule.id) {
        Some(place) => *place = (placed, false),
        None => rules.push((placed, false)),
    }
}

/// Names of what is recognised without a rule.
fn is_by_structure(id: &str) -> bool {
    super::kind::by_structure().iter().any(|about| about.id == id)
}

/// Whether a pattern has a capital that it asks for, and not one of an escape such as `\S` or `\p{Greek}`.
fn asks_for_capitals(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            let escaped = chars.next();
            if matches!(escaped, Some('p' | 'P')) && chars.peek() == Some(&'{') {
                chars.by_ref().find(|c| *c == '}');
            }
        } else if c.is_uppercase() {
            return true;
        }
    }
    false
}

/// Checks a rule of the user: what it asks must be possible, and each of its patterns valid.
fn checked(placed: &Placed, others: &[(Placed, bool)]) -> Result<(), RuleProblem> {
    let rule = &placed.rule;
    let same = others.iter().find(|(other, _)| other.rule.id == rule.id);
    if let Some((other, false)) = same {
        let place = format!("{}:{}", other.file, other.line);
        return Err(placed.problem("id", format!("{place} has the same id; give one of them another")));
    }
    if is_by_structure(&rule.id) {
        let what = "this is the name of what is recognised without a rule; choose another";
        return Err(placed.problem("id", what));
    }
    if rule.off {
        let what = "there is no built-in rule of this name to take away; see `neversent rules list`";
        return same.map(|_| ()).ok_or_else(|| placed.problem("id", what));
    }
    if rule.kind.is_none() {
        return Err(placed.problem("", "`kind` is missing; it says what the rule concludes"));
    }
    if !rule.asks_header() {
        let what = "ask something of the header as well (subject, from, header, machine or server): a mail is only \
                    fetched where its header shows that it could be a notice";
        return Err(placed.problem("", what));
    }
    let lists = [&rule.subject, &rule.from, &rule.header, &rule.part, &rule.text];
    if lists.iter().all(|list| list.is_empty()) {
        let what = "add a list (subject, from, header, part or text): all mail of programs would be meant";
        return Err(placed.problem("", what));
    }
    let short = rule.text.iter().zip(rule.phrases()).find(|(_, folded)| folded.len() < SHORTEST_PHRASE);
    if let Some((phrase, _)) = short {
        let what = format!("the phrase {phrase:?} is too short to tell a notice; write more of it");
        return Err(placed.problem(phrase, what));
    }
    let headers = rule.header.iter().map(|line| {
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic() && !c.is_ascii_uppercase())
        };
        let found = header_pattern(line).filter(|(name, _)| is_name(name));
        let found = found.ok_or_else(|| {
            placed.problem(line, format!("write {line:?} as `name: pattern`, the name in lower case"))
        })?;
        Ok((line.as_str(), ascii_boundaries(&found.1)))
    });
    let others = rule
        .subject
        .iter()
        .chain(&rule.from)
        .map(|pattern| Ok((pattern.as_str(), ascii_boundaries(pattern))));
    // A header field may be asked for by its name alone.
    let is_header = |written: &str| rule.header.iter().any(|line| line == written);
    for pattern in headers.chain(others) {
        let (written, pattern) = pattern?;
        if asks_for_capitals(&pattern) {
            let what = format!("write {written:?} in lower case: so is the text in which it is sought");
            return Err(placed.problem(written, what));
        }
        match Regex::new(&pattern) {
            Ok(compiled) if compiled.is_match("") && !is_header(written) => {
                let what = format!("the pattern {written:?} matches any text; ask for something in it");
                return Err(placed.problem(written, what));
            }
            Ok(_) => {}
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                return Err(placed.problem(written, format!("the pattern {written:?} is not valid: {why}")));
            }
        }
    }
    Ok(())
}

/// Bytes of the shortest phrase that may be looked for in a text: two characters of Chinese have six.
const SHORTEST_PHRASE: usize = 4;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_built_in_rules_compile() {
        let (rules, problems) = Recognisers::with_files(&[]);
        assert_eq!(problems, [], "the built-in rules are valid");
        assert!(rules.rules.len() > 35, "there are rules for every kind");
        assert!(rules.subject.all_compile() && rules.from.all_compile(), "every pattern is valid");
        assert!(rules.header.values().all(Set::all_compile), "those of header fields as well");
        let mut ids = BTreeSet::new();
        for about in rules.list() {
            assert!(ids.insert(&about.id), "{} is the name of one rule alone", about.id);
            assert!(!about.what.is_empty() && !about.source.is_empty(), "{} says what it is for", about.id);
        }
    }

    #[test]
    fn built_in_rules_ask_something_of_the_header() {
        for (name, text) in BUILT_IN {
            let file = RuleFile { name: name.to_owned(), text: text.to_owned() };
            for placed in rule_file::read(&file).0 {
                assert_eq!(checked(&placed, &[]), Ok(()), "triage must know of {}", placed.rule.id);
            }
        }
    }
}
