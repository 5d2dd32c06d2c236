//! Many patterns asked of one text at once.
//!
//! One automaton looks for texts: those that are a pattern by themselves, as most are, and those that every match of
//! another pattern begins or ends with. Only where both stand is the pattern itself asked, so that the cost does not grow
//! with the number of patterns.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, Look};

use super::recognisers::Unusable;
use super::texts::Texts;

/// A shorter text stands in too much mail to tell anything.
const TELLING: usize = 3;

/// Ends of patterns that there is room for from the beginning.
const USUAL_ENDS: usize = 16;

/// Patterns, each with the number of the rule that it belongs to.
#[derive(Debug, Default)]
pub(super) struct Set {
    texts: Texts,
    /// What each of the texts means.
    meanings: Vec<Meaning>,
    patterns: Vec<Pattern>,
    /// The patterns that no text tells of.
    always: Vec<usize>,
}

/// What it means that a text was found.
#[derive(Debug)]
enum Meaning {
    /// It is the pattern of a rule.
    Plain { owner: usize, place: Bounds },
    /// This pattern may match, as far as this end of it goes; at the beginning alone, where it `begins` there.
    Hint { pattern: usize, end: End, begins: bool },
}

/// An end of what a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    First,
    Last,
}

/// A pattern that is no mere text, of one rule.
#[derive(Debug)]
pub(super) struct Pattern {
    /// The number of the rule.
    pub owner: usize,
    /// Of how many ends of it texts tell, 0 to 2.
    ends: usize,
    source: String,
    /// Most are never needed.
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn checked(source: String, owner: usize, ends: usize) -> Self {
        Self { owner, ends, source, compiled: OnceLock::new() }
    }

    /// Whether it matches somewhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.source).ok());
        compiled.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
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
    fn allow(self, text: &[u8], span: &Range<usize>) -> bool {
        let in_word = |at: Option<usize>| {
            let byte = at.and_then(|at| text.get(at));
            byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        };
        (!self.begins || span.start == 0)
            && (!self.begins_word || !in_word(span.start.checked_sub(1)))
            && (!self.ends_word || !in_word(Some(span.end)))
    }
}

/// The pattern with word boundaries of ASCII. At a boundary of Unicode, regex 1.13 leaves its automaton for the slowest
/// of its engines wherever the text has a letter that is not ASCII; at the end of a phrase both find the same.
pub(super) fn ascii_boundaries(pattern: &str) -> String {
    let (mut bounded, mut rest) = (String::with_capacity(pattern.len() + 12), pattern);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        bounded.push_str(before);
        // `\\b` is a backslash and a letter, and `\b{start}` a boundary of its own kind.
        let end = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
        let (escaped, behind) = escape.split_at(end);
        bounded.push_str(if escaped == r"\b" && !behind.starts_with('{') { r"(?-u:\b)" } else { escaped });
        rest = behind;
    }
    bounded.push_str(rest);
    bounded
}

/// The text that a pattern stands for, if it is one, with `^` or `\b` before it and `\b` behind it at most.
fn plain(pattern: &str) -> Option<(String, Bounds)> {
    let (begins, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (begins_word, rest) = rest.strip_prefix(r"\b").map_or((false, rest), |rest| (true, rest));
    let (ends_word, rest) = rest.strip_suffix(r"\b").map_or((false, rest), |rest| (true, rest));
    let (mut text, mut chars) = (String::new(), rest.chars());
    while let Some(c) = chars.next() {
        match c {
            // `\<` and `\>` are boundaries.
            '\\' => text.push(chars.next().filter(|c| c.is_ascii_punctuation() && !matches!(c, '<' | '>'))?),
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

/// Texts of which every match of a pattern has one at this end.
struct Hints {
    end: End,
    texts: Vec<Vec<u8>>,
    /// Whether it can stand where the whole text begins alone.
    begins: bool,
}

fn parsed(pattern: &str) -> Result<Hir, Unusable> {
    Ok(regex_syntax::parse(pattern).map_err(|error| regex::Error::Syntax(error.to_string()))?)
}

/// The texts that tell of a pattern, for each end of which there are such.
fn hints(pattern: &str) -> Result<Vec<Hints>, Unusable> {
    let parsed = parsed(pattern)?;
    let anchored = parsed.properties().look_set_prefix().contains(Look::Start);
    let mut hints = Vec::new();
    for (end, kind) in [(End::First, ExtractKind::Prefix), (End::Last, ExtractKind::Suffix)] {
        let found = Extractor::new().kind(kind).extract(&parsed);
        let texts: Option<Vec<Vec<u8>>> =
            found.literals().map(|all| all.iter().map(|text| text.as_bytes().to_vec()).collect());
        if let Some(texts) = texts
            && !texts.is_empty()
            && texts.iter().all(|text| text.len() >= TELLING)
        {
            hints.push(Hints { end, texts, begins: anchored && end == End::First });
        }
    }
    Ok(hints)
}

impl Set {
    /// Compiles patterns, each with the number of its rule.
    pub(super) fn compile(patterns: Vec<(String, usize)>) -> Result<Self, Unusable> {
        let (mut texts, mut set) = (Vec::new(), Self::default());
        for (pattern, owner) in patterns {
            if let Some((text, place)) = plain(&pattern) {
                texts.push(text.into_bytes());
                set.meanings.push(Meaning::Plain { owner, place });
                continue;
            }
            let (source, at) = (ascii_boundaries(&pattern), set.patterns.len());
            let ends = hints(&source)?;
            if ends.is_empty() {
                set.always.push(at);
            }
            set.patterns.push(Pattern::checked(source, owner, ends.len()));
            for Hints { end, texts: hints, begins } in ends {
                set.meanings.extend(hints.iter().map(|_| Meaning::Hint { pattern: at, end, begins }));
                texts.extend(hints);
            }
        }
        set.texts = Texts::compile(&texts)?;
        Ok(set)
    }

    /// The rules of which a pattern matches, in no order; one may be named again.
    pub(super) fn hits(&self, text: &str) -> Vec<usize> {
        let mut asked = self.asked(text);
        let mut hits = std::mem::take(&mut asked.hits);
        hits.extend(asked.open().filter(|pattern| pattern.is_match(text)).map(|pattern| pattern.owner));
        hits
    }

    /// Looks for what tells of the patterns in a text; none of them is asked yet.
    pub(super) fn asked<'s>(&'s self, text: &'s str) -> Asked<'s> {
        let (mut hits, mut ends) = (Vec::new(), Vec::with_capacity(USUAL_ENDS));
        self.texts.find(text, |found, span| match self.meanings.get(found) {
            Some(Meaning::Plain { owner, place }) if place.allow(text.as_bytes(), &span) => {
                hits.push(*owner);
            }
            Some(Meaning::Hint { pattern, end, begins }) if !begins || span.start == 0 => {
                ends.push((*pattern, *end));
            }
            _ => {}
        });
        ends.sort_unstable();
        ends.dedup();
        Asked { set: self, text, hits, ends }
    }
}

/// A text in which was found what tells of patterns.
pub(super) struct Asked<'s> {
    set: &'s Set,
    text: &'s str,
    /// The rules of which a pattern matches for sure.
    hits: Vec<usize>,
    /// The ends of patterns that texts told of, in order.
    ends: Vec<(usize, End)>,
}

impl<'s> Asked<'s> {
    /// Whether a pattern of a rule matches.
    pub(super) fn shows(&self, owner: usize) -> bool {
        self.hits.contains(&owner)
            || self.open().any(|pattern| pattern.owner == owner && pattern.is_match(self.text))
    }

    /// The patterns that may match.
    fn open(&self) -> impl Iterator<Item = &'s Pattern> {
        let Self { set, ends, .. } = self;
        let told = ends.chunk_by(|one, other| one.0 == other.0);
        let told = told.filter_map(|ends| Some((set.patterns.get(ends.first()?.0)?, ends.len())));
        let told = told.filter(|(pattern, ends)| pattern.ends == *ends).map(|(pattern, _)| pattern);
        told.chain(set.always.iter().filter_map(|at| set.patterns.get(*at)))
    }
}

#[cfg(test)]
impl Pattern {
    /// Whether regex takes it.
    pub(super) fn compiles(&self) -> bool {
        Regex::new(&self.source).is_ok()
    }
}

#[cfg(test)]
impl Set {
    /// Whether each pattern is one that regex takes.
    pub(super) fn all_compile(&self) -> bool {
        self.patterns.iter().all(Pattern::compiles)
    }

    /// The patterns of which no text tells.
    pub(super) fn unhinted(&self) -> Vec<&str> {
        self.always.iter().map(|at| self.patterns[*at].source.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn together_they_find_what_each_finds_alone() {
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
            r"^virus (?:in|dans) ",
            r"^non[- ]?deliver",
            r"^[^:]* is out of (?:the )?office\b",
            r"^[0-9]+ .+ requests? waiting$",
            r"^a|failures",
            r"\d{3}",
            r"x*",
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
            "virus in mail",
            "a virus in mail",
            "virus dans x",
            "non-delivery",
            "nondeliverable",
            "x non-delivery",
            "bob is out of the office",
            "bob: is out of office",
            "bob is out of offices",
            "3 x requests waiting",
            "3 x request waiting now",
            "123",
            "",
        ];
        let set =
            Set::compile(patterns.iter().zip(0..).map(|(pattern, at)| ((*pattern).to_owned(), at)).collect());
        let set = set.expect("they compile");
        assert!(set.always.len() <= 3, "of most a text tells");
        for subject in subjects {
            let one_by_one = |(pattern, at): (&&str, usize)| {
                let pattern = Regex::new(&ascii_boundaries(pattern)).expect("it compiles");
                pattern.is_match(subject).then_some(at)
            };
            let expected: BTreeSet<usize> = patterns.iter().zip(0..).filter_map(one_by_one).collect();
            let found: BTreeSet<usize> = set.hits(subject).into_iter().collect();
            assert_eq!(found, expected, "{subject:?}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_told() {
        let refused = Set::compile(vec![("^(open".to_owned(), 0)]);
        assert!(matches!(refused, Err(Unusable::Pattern(_))), "it would never match");
    }
}
