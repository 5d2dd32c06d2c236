//! The recognisers of `rules/data`: rules as data, compiled once.
//!
//! A rule is a conjunction: of each list that it has, one entry must match. All subjects of all rules are one
//! [`RegexSet`], all phrases one [`AhoCorasick`], so the cost of a mail does not grow with the number of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;

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

/// Patterns of many rules in one set.
#[derive(Debug, Default)]
struct Set {
    /// Those that are a text, as most are, in one automaton. The lazy automaton of a `RegexSet` is built anew in every
    /// process and thread, which takes longer than short subjects are worth: it has what this one cannot express.
    texts: Option<AhoCorasick>,
    plain: Vec<Plain>,
    /// Those that are bound to the beginning; most subjects lead nowhere with them after a few letters.
    anchored: Patterns,
    /// All others.
    others: Patterns,
}

/// A pattern that is a text, and where it may stand.
#[derive(Debug)]
struct Plain {
    owner: usize,
    place: Bounds,
}

/// Where a text may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Bounds {
    /// At the beginning alone.
    begins: bool,
    /// Where a word begins.
    begins_word: bool,
    /// Where a word ends.
    ends_word: bool,
}

impl Bounds {
    fn allow(self, text: &[u8], span: Range<usize>) -> bool {
        let in_word = |at: Option<usize>| {
            let byte = at.and_then(|at| text.get(at));
            byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        };
        (!self.begins || span.start == 0)
            && (!self.begins_word || !in_word(span.start.checked_sub(1)))
            && (!self.ends_word || !in_word(Some(span.end)))
    }
}

/// Patterns asked at once.
#[derive(Debug, Default)]
struct Patterns {
    set: RegexSet,
    owners: Vec<usize>,
}

/// All rules, compiled.
#[derive(Debug, Default)]
pub(crate) struct Recognisers {
    rules: Vec<Rule>,
    subject: Set,
    from: Set,
    header: BTreeMap<String, Vec<(Regex, usize)>>,
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

/// Bytes that the automaton of a set may grow to as mail is read; where it has no more room it begins anew, and one that
/// begins anew too often gives way to a far slower engine.
const AUTOMATON: usize = 8 << 20;

/// The pattern with word boundaries of ASCII. At a boundary of Unicode, regex 1.13 leaves its automaton for the slowest
/// of its engines wherever the text has a letter that is not ASCII; at the end of a phrase both find the same.
fn ascii_boundaries(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

/// The text that a pattern stands for, if it is one, with `^` or `\b` before it and `\b` behind it at most.
fn plain(pattern: &str) -> Option<(String, Bounds)> {
    let (begins, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (begins_word, rest) = rest.strip_prefix(r"\b").map_or((false, rest), |rest| (true, rest));
    let (ends_word, rest) = rest.strip_suffix(r"\b").map_or((false, rest), |rest| (true, rest));
    let (mut text, mut chars) = (String::new(), rest.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            c => text.push(c),
        }
    }
    // Beside anything but a letter or a digit a word boundary means the opposite.
    let letter = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric());
    let meant = !text.is_empty()
        && (!begins_word || letter(text.bytes().next()))
        && (!ends_word || letter(text.bytes().last()));
    meant.then_some((text, Bounds { begins, begins_word, ends_word }))
}

impl Set {
    fn compile(patterns: Vec<(String, usize)>) -> Result<Self, Unusable> {
        let (mut texts, mut set) = (Vec::new(), Self::default());
        let (mut anchored, mut others) = (Vec::new(), Vec::new());
        for (pattern, owner) in patterns {
            match plain(&pattern) {
                Some((text, place)) => {
                    texts.push(text);
                    set.plain.push(Plain { owner, place });
                }
                None if pattern.starts_with('^') => anchored.push((pattern, owner)),
                None => others.push((pattern, owner)),
            }
        }
        set.texts = Some(AhoCorasick::new(texts)?);
        set.anchored = Patterns::compile(anchored)?;
        set.others = Patterns::compile(others)?;
        Ok(set)
    }

    fn hits(&self, text: &str) -> BTreeSet<usize> {
        let mut hits = BTreeSet::new();
        for found in self.texts.iter().flat_map(|texts| texts.find_overlapping_iter(text)) {
            if let Some(plain) = self.plain.get(found.pattern().as_usize())
                && plain.place.allow(text.as_bytes(), found.range())
            {
                hits.insert(plain.owner);
            }
        }
        hits.extend(self.anchored.hits(text));
        hits.extend(self.others.hits(text));
        hits
    }
}

impl Patterns {
    fn compile(patterns: Vec<(String, usize)>) -> Result<Self, regex::Error> {
        let (patterns, owners): (Vec<String>, Vec<usize>) =
            patterns.into_iter().map(|(pattern, owner)| (ascii_boundaries(&pattern), owner)).unzip();
        Ok(Self { set: RegexSetBuilder::new(patterns).dfa_size_limit(AUTOMATON).build()?, owners })
    }

    fn hits(&self, text: &str) -> impl Iterator<Item = usize> {
        self.set.matches(text).into_iter().filter_map(|at| self.owners.get(at).copied())
    }
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
                    let pattern = Regex::new(&ascii_boundaries(pattern.trim_start()))?;
                    all.header.entry(name.to_owned()).or_default().push((pattern, at));
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
            let Some(patterns) = self.header.get(&field.name) else { continue };
            let value = subject::fold(&field.decoded());
            by_header
                .extend(patterns.iter().filter(|(pattern, _)| pattern.is_match(&value)).map(|(_, at)| *at));
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
    }

    #[test]
    fn a_plain_text_is_found_as_its_pattern_would_find_it() {
        let patterns = [
            r"^mail failure\b",
            r"^undelivered",
            r"^delayed mail \(still\)",
            r"^\[bounce\]",
            r"^mail.failure",
            r"退信",
            r"^退信通知",
            r"failure\b",
            r"\bfailure",
            r"\bmail\b",
            r"returned mail",
            r"\b\(still\)\b",
        ];
        let subjects = [
            "mail failure",
            "mail failures",
            "mail failure: x",
            "a mail failure",
            "undeliveredx",
            "delayed mail (still)",
            "[bounce] é",
            "mail_failure",
            "退信通知 x",
            "x 退信",
            "mail failureé",
            "xfailure returned mail_",
            "a (still) b",
            "a(still)b",
            "amail mail",
            "",
        ];
        let set =
            Set::compile(patterns.iter().zip(0..).map(|(pattern, at)| ((*pattern).to_owned(), at)).collect());
        let set = set.expect("they compile");
        assert!(set.plain.len() >= 9, "most are texts");
        for subject in subjects {
            let one_by_one = |(pattern, at): (&&str, usize)| {
                let pattern = Regex::new(&ascii_boundaries(pattern)).expect("it compiles");
                pattern.is_match(subject).then_some(at)
            };
            let expected: BTreeSet<usize> = patterns.iter().zip(0..).filter_map(one_by_one).collect();
            assert_eq!(set.hits(subject), expected, "{subject:?}");
        }
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
