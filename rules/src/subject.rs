//! Subjects as they are compared.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::{
    fold::{MAX_FOLDED, fold},
    read::Confidence,
    text,
};

/// A prefix is looked for in so many bytes: the longest known one has about 50.
const MAX_PREFIX: usize = 100;

/// Prefixes of subjects, as `data/prefixes.toml` lists them.
#[derive(Debug, Default, Deserialize)]
struct Lists {
    reply: BTreeSet<String>,
    automatic: BTreeSet<String>,
    /// Those of which it is not sure that programs write them.
    automatic_unsure: BTreeSet<String>,
    bounce: BTreeSet<String>,
}

/// What writes a prefix.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// Programs before the subject of an answer or a forwarded mail.
    reply: bool,
    /// Programs before that of an automatic reply; how sure that is.
    automatic: Option<Confidence>,
    /// Servers before that of a bounce.
    bounce: bool,
}

/// All prefixes, folded.
#[derive(Debug, Default)]
struct Prefixes {
    known: HashMap<String, Prefix>,
    /// Those of automatic replies that are long enough to be known behind other words.
    long: Vec<(Confidence, String)>,
}

impl Prefixes {
    fn of(lists: Lists) -> Self {
        let mut all = Self::default();
        let mut put = |list: BTreeSet<String>, what: fn(&mut Prefix)| {
            list.iter().for_each(|text| what(all.known.entry(fold(text)).or_default()));
        };
        put(lists.reply, |prefix| prefix.reply = true);
        put(lists.automatic_unsure, |prefix| prefix.automatic = Some(Confidence::Low));
        put(lists.automatic, |prefix| prefix.automatic = Some(Confidence::High));
        put(lists.bounce, |prefix| prefix.bounce = true);
        let long = all.known.iter().filter(|(text, _)| text.chars().count() >= SURE);
        all.long = long.filter_map(|(text, prefix)| Some((prefix.automatic?, text.clone()))).collect();
        all
    }

    /// What writes a text as a prefix; nothing writes one that is not known.
    fn writer(&self, text: &str) -> Prefix {
        self.known.get(text).copied().unwrap_or_default()
    }
}

static PREFIXES: LazyLock<Prefixes> = LazyLock::new(|| {
    // The built-in list is checked by a test; without it no prefix is known, which makes subjects differ
    // and so keeps mail where it is.
    Prefixes::of(toml::from_str(include_str!("../data/prefixes.toml")).unwrap_or_default())
});

/// A normalised subject: Re/Fwd/AW and the like, [tags] and the auto-reply prefixes of `rules/data` taken
/// off, case folded, white space made one blank. An empty one matches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// The normalised form of a decoded Subject.
    #[must_use]
    pub fn new(decoded: &str) -> Self {
        let folded = fold(decoded);
        let mut rest = folded.as_str();
        loop {
            match without_tag(rest).or_else(|| without_prefix(rest)) {
                Some(barer) => rest = barer,
                None => return Self(rest.to_owned()),
            }
        }
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How sure it is that a Subject, folded, begins with a prefix that programs write before an automatic reply; none
/// where it begins otherwise.
pub(crate) fn automatic(folded: &str) -> Option<Confidence> {
    // Some programs write the prefix as a tag, some write words of their own before it.
    let tag = folded.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(tag, _)| tag.trim());
    let before = text::split_once(folded, b':').map(|(before, _)| before.trim_end());
    let prefix = divided(folded).map(|(prefix, _)| prefix);
    let written =
        [Some(folded), prefix, tag].map(|text| text.and_then(|text| PREFIXES.writer(text).automatic));
    let begins = |confidence: Confidence| {
        let long = |(of, prefix): &(Confidence, String)| {
            *of == confidence && before.is_some_and(|before| before.ends_with(prefix.as_str()))
        };
        written.contains(&Some(confidence)) || PREFIXES.long.iter().any(long)
    };
    [Confidence::High, Confidence::Low].into_iter().find(|confidence| begins(*confidence))
}

/// Words as long as this, in characters, are sure to be a prefix, whatever stands before them.
const SURE: usize = 15;

/// What stands behind the prefix that a notice put before the original's Subject; none where there is none. The Subject
/// is given as it was decoded, and folded.
pub(crate) fn behind_notice_prefix(decoded: &str, folded: &str) -> Option<String> {
    let prefix = PREFIXES.writer(text::split_once(folded, b':')?.0.trim_end());
    if prefix.automatic.is_none() && !prefix.bounce {
        return None;
    }
    let taken = text::first_chars(decoded, MAX_FOLDED);
    let compatible = if taken.is_ascii() { Cow::Borrowed(taken) } else { Cow::Owned(taken.nfkc().collect()) };
    let (_, rest) = compatible.split_once(':').filter(|(prefix, _)| prefix.len() <= MAX_PREFIX)?;
    let rest = rest.trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn without_tag(text: &str) -> Option<&str> {
    let (tag, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    // A subject that is nothing but a tag keeps it.
    (!tag.contains('[') && !rest.is_empty()).then_some(rest)
}

fn without_prefix(text: &str) -> Option<&str> {
    let (word, behind) = divided(text)?;
    let prefix = PREFIXES.writer(word);
    (prefix.reply || prefix.automatic.is_some()).then_some(behind)
}

/// What may be a prefix of a text, and what stands behind its colon.
fn divided(text: &str) -> Option<(&str, &str)> {
    let head = text.get(..text.floor_char_boundary(MAX_PREFIX))?;
    let (before, _) = text::split_once(head, b':')?;
    let behind = text.get(before.len() + 1..).unwrap_or_default();
    Some((counted(before.trim_end()), behind.trim_start()))
}

/// The word without the count that some programs write: `re[2]`, `re(3)`, `re^2`.
fn counted(word: &str) -> &str {
    if !word.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ']' | ')')) {
        return word;
    }
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    for (open, close) in [('[', "]"), ('(', ")"), ('^', "")] {
        if let Some((before, count)) = word.split_once(open)
            && digits(count.strip_suffix(close).unwrap_or(count))
        {
            return before.trim_end();
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_prefixes_are_read() {
        let read: Result<Lists, _> = toml::from_str(include_str!("../data/prefixes.toml"));
        let read = read.expect("the built-in list is valid");
        assert!(read.automatic.len() > 60, "auto-reply prefixes of many languages");
    }

    #[test]
    fn subjects_are_normalised() {
        let cases = [
            ("Lunch on Friday", "lunch on friday"),
            ("Re: AW: [team]  Lunch\ton Friday", "lunch on friday"),
            ("RE[2]: Lunch", "lunch"),
            ("Automatische Antwort: Lunch", "lunch"),
            ("自動応答： Lunch", "lunch"),
            ("Réponse automatique\u{a0}: Lunch", "lunch"),
            ("Out of Office: Re: Lunch", "lunch"),
            ("[team]", "[team]"),
            ("Note: Lunch", "note: lunch"),
            ("Re:", ""),
            ("", ""),
        ];
        for (subject, expected) in cases {
            assert_eq!(Subject::new(subject).as_str(), expected, "{subject:?} normalised");
        }
    }

    #[test]
    fn what_a_notice_put_before_the_subject_is_told_apart() {
        let cases = [
            ("Undeliverable: Lunch on Friday", Some("Lunch on Friday")),
            ("Automatic reply: Re: Lunch", Some("Re: Lunch")),
            ("Lunch: on Friday", None),
            ("Auto:", None),
        ];
        for (subject, expected) in cases {
            assert_eq!(
                behind_notice_prefix(subject, &fold(subject)).as_deref(),
                expected,
                "what {subject:?} says of the original"
            );
        }
    }
}
